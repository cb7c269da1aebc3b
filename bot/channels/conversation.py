"""One turn of a conversation, whatever the channel: once per message, in order, within a time."""

from __future__ import annotations

import asyncio
import logging

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event

from bot.channels import action_replies
from bot.channels.replies import (
    Reply,
    emergency_reply,
    offered_payloads,
    replies_to,
    turns,
    written_by_parent,
)
from bot.privacy.memory_tracker_store import MemoryTrackerStore

logger = logging.getLogger(__name__)

WELCOME = "utter_welcome"
TURN_SECONDS = 5.0
LOCK_POLL_SECONDS = 0.05

action_replies.compile_validator()


class Silent(OutputChannel):
    """Sends nothing: the replies are read from the conversation once the turn is over."""

    @classmethod
    def name(cls) -> str:
        return "silent"

    async def send_response(self, recipient_id: str, message: dict) -> None:
        pass


class Conversation:
    """A parent's conversation with the agent, by its id."""

    def __init__(self, agent: Agent | None, conversation_id: str, channel: str):
        self._agent = agent
        self.id = conversation_id
        self._channel = channel

    @property
    def _ready(self) -> bool:
        return self._agent is not None and self._agent.is_ready()

    @property
    def domain(self) -> Domain | None:
        return self._agent.domain if self._agent is not None else None

    async def exists(self) -> bool:
        return self._agent is not None and await self._agent.tracker_store.exists(self.id)

    @property
    def _store(self) -> MemoryTrackerStore:
        # Rasa wraps the store in one that passes on only the methods it knows.
        store = self._agent.tracker_store
        return getattr(store, "_tracker_store", store)

    def events(self) -> list[Event]:
        """What has happened so far."""
        return self._store.events_of(self.id)

    async def open(self) -> list[Reply]:
        """Start the conversation and welcome the parent."""
        if not self._ready:
            return [emergency_reply(self.domain)]
        processor = self._agent.processor
        await processor.fetch_tracker_with_initial_session(self.id, Silent())
        tracker = await processor.execute_action(
            self.id, WELCOME, Silent(), processor.nlg, PolicyPrediction([], None)
        )
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))  # rules begin where the bot listens
        await self._agent.tracker_store.save(tracker)
        return turns(tracker.events, self.domain)[0].replies

    async def answer(self, text: str, message_id: str) -> list[Reply]:
        """Answer a message; the same `message_id` again gives the same replies.

        Never raises and never stays silent: what can't be answered in time gets the fixed
        emergency reply.
        """
        if not self._ready:
            return [emergency_reply(self.domain)]
        try:
            replies = await asyncio.wait_for(self._turn(text, message_id), TURN_SECONDS)
        except (asyncio.TimeoutError, LockError):
            logger.error("A turn took too long; the emergency reply was given.")
            replies = []
        except Exception:
            # Whatever broke, the parent gets the numbers; the traceback holds no message text.
            logger.exception("A turn failed; the emergency reply was given.")
            replies = []
        return replies or [emergency_reply(self.domain)]

    async def _turn(self, text: str, message_id: str) -> list[Reply]:
        lock = self._agent.lock_store.lock(self.id, wait_time_in_seconds=LOCK_POLL_SECONDS)
        async with lock:
            events = self.events()
            answered = replies_to(events, self.domain, message_id)
            if answered:
                return answered
            message = UserMessage(
                written_by_parent(text, offered_payloads(events, self.domain)),
                Silent(),
                self.id,
                input_channel=self._channel,
                message_id=message_id,
            )
            await self._agent.processor.handle_message(message)
            replies = replies_to(self.events(), self.domain, message_id)
            if any(reply["custom"].get("erase") for reply in replies):
                self.erase()
                # The same token can take the conversation up again, from nothing.
                await self._agent.processor.fetch_tracker_with_initial_session(self.id, Silent())
            return replies

    async def is_crisis(self, text: str) -> bool:
        """Whether a text would be answered as a crisis; nothing of it is stored."""
        if not self._ready:
            return False
        message = UserMessage(written_by_parent(text, {}))
        parsed = await self._agent.processor.parse_message(message)
        return (parsed["intent"]["name"] or "").startswith("crisis_")

    def erase(self) -> None:
        """Forget the conversation now."""
        self._store.erase(self.id)
