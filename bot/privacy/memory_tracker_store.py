"""Conversations in the server's memory only, forgotten after a silence."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from cachetools import TTLCache
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

DAY = 24 * 60 * 60
MOST_CONVERSATIONS = 100_000


class MemoryTrackerStore(TrackerStore):
    """Keeps each conversation's events as they are, with an end to it and a way to erase it.

    A conversation is forgotten `CONVERSATION_LIFETIME_SECONDS` (a day) after its last message, and
    when the server stops. Nothing is written to disk. Rasa's own in-memory store would keep them
    for ever, and as JSON that is read anew several times a turn.
    """

    def __init__(
        self, domain: Domain, event_broker: EventBroker | None = None, **kwargs: Any
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        lifetime = int(os.environ.get("CONVERSATION_LIFETIME_SECONDS", DAY))
        # Each save puts the entry in anew, so that the time counts from the last message.
        self._events: TTLCache = TTLCache(maxsize=MOST_CONVERSATIONS, ttl=lifetime)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        self._events[tracker.sender_id] = list(tracker.events)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        events = self._events.get(sender_id)
        if events is None:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.events.extend(events)
        tracker.replay_events()
        return tracker

    async def keys(self) -> Iterable[str]:
        return list(self._events)

    async def exists(self, conversation_id: str) -> bool:
        return conversation_id in self._events

    def events_of(self, conversation_id: str) -> list[Event]:
        """What has happened so far, without the price of a tracker; empty where unknown."""
        return self._events.get(conversation_id, [])

    def erase(self, conversation_id: str) -> None:
        """Forget a conversation now; unknown ones are ignored."""
        self._events.pop(conversation_id, None)
