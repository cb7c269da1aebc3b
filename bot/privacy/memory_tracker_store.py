"""Conversations in the server's memory only, forgotten after a silence."""

from __future__ import annotations

import os
from typing import Any

from cachetools import TTLCache
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

DAY = 24 * 60 * 60
MOST_CONVERSATIONS = 100_000


class MemoryTrackerStore(InMemoryTrackerStore):
    """Rasa's in-memory store, with an end to each conversation and a way to erase one.

    A conversation is forgotten `CONVERSATION_LIFETIME_SECONDS` (a day) after its last message, and
    when the server stops. Nothing is written to disk.
    """

    def __init__(
        self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        lifetime = int(os.environ.get("CONVERSATION_LIFETIME_SECONDS", DAY))
        # Each save puts the entry in anew, so that the time counts from the last message.
        self.store = TTLCache(maxsize=MOST_CONVERSATIONS, ttl=lifetime)

    async def exists(self, conversation_id: str) -> bool:
        return conversation_id in self.store

    async def erase(self, conversation_id: str) -> None:
        """Forget a conversation now; unknown ones are ignored."""
        self.store.pop(conversation_id, None)
