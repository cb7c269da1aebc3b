"""The website widget's HTTP channel, `/webhooks/widget`; its contract: docs/channels.md."""

from __future__ import annotations

import functools
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from itsdangerous import BadSignature, TimestampSigner
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from pydantic import BaseModel, Extra, StrictStr, ValidationError
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot.channels.conversation import Conversation
from bot.channels.replies import Reply, emergency_reply, history

ROOT = Path(__file__).resolve().parents[2]

TOKEN_SECONDS = 24 * 60 * 60
MOST_CHARACTERS = 2000
MESSAGES_PER_MINUTE = 30

STATUSES = {
    "unauthorized": 401,
    "not_json": 400,
    "wrong_content_type": 415,
    "invalid": 422,
    "empty": 422,
    "too_long": 413,
    "too_many": 429,
}
SENTENCES = yaml.safe_load((ROOT / "data/messages/widget_errors.yml").read_text(encoding="utf-8"))


class ChannelError(Exception):
    """A call that can't be answered as asked; `code` is one of STATUSES."""

    def __init__(self, code: str, headers: dict[str, str] | None = None, **body: Any):
        super().__init__(code)
        body = {"error": code, "message": SENTENCES[code], **body}
        self.response = json(body, status=STATUSES[code], headers=headers)


class Message(BaseModel):
    message_id: UUID
    text: StrictStr

    class Config:
        extra = Extra.forbid


class WidgetInput(InputChannel):
    """Sessions, messages, history and erasure for one conversation behind a signed token."""

    @classmethod
    def name(cls) -> str:
        return "widget"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WidgetInput:
        # Without a secret of its own the tokens end with the process, as the conversations in
        # memory do.
        return cls(os.environ.get("WIDGET_TOKEN_SECRET") or secrets.token_hex(32))

    def __init__(self, token_secret: str):
        self._signer = TimestampSigner(token_secret, salt="widget")
        self._limit = RateLimitItemPerMinute(MESSAGES_PER_MINUTE)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        widget = Blueprint("widget")

        @widget.listener("after_server_start")
        async def warm_up(app: Sanic, loop: Any) -> None:
            # The first message would otherwise pay for what spaCy and the matcher build lazily.
            await Conversation(app.ctx.agent, "warm-up", self.name()).is_crisis("Hei")

        @widget.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @widget.post("/session")
        @_errors_as_json
        async def open_session(request: Request) -> HTTPResponse:
            conversation_id = secrets.token_urlsafe(24)
            replies = await self._conversation(request, conversation_id).open()
            token = self._signer.sign(conversation_id).decode()
            body = {"token": token, "expires_in": TOKEN_SECONDS, "replies": replies}
            return json(body, status=201)

        @widget.post("/message")
        @_errors_as_json
        async def message(request: Request) -> HTTPResponse:
            conversation = self._conversation(request, await self._authorized(request))
            sent = _read_message(request)
            if len(sent.text) > MOST_CHARACTERS:
                raise ChannelError(
                    "too_long", replies=await _replies_to_too_long(conversation, sent)
                )
            await self._refuse_flood(conversation, sent.text)
            return json({"replies": await conversation.answer(sent.text, str(sent.message_id))})

        @widget.get("/history")
        @_errors_as_json
        async def read_history(request: Request) -> HTTPResponse:
            conversation = self._conversation(request, await self._authorized(request))
            messages = history(conversation.events(), conversation.domain)
            return json({"messages": list(messages)})

        @widget.delete("/session")
        @_errors_as_json
        async def erase(request: Request) -> HTTPResponse:
            self._conversation(request, await self._authorized(request)).erase()
            return empty()

        return widget

    def _conversation(self, request: Request, conversation_id: str) -> Conversation:
        agent = getattr(request.app.ctx, "agent", None)
        return Conversation(agent, conversation_id, self.name())

    async def _authorized(self, request: Request) -> str:
        """The conversation's id from the token, if it still is one."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise ChannelError("unauthorized")
        try:
            conversation_id = self._signer.unsign(token, max_age=TOKEN_SECONDS).decode()
        except BadSignature:
            raise ChannelError("unauthorized") from None
        agent = getattr(request.app.ctx, "agent", None)
        known = await self._conversation(request, conversation_id).exists()
        # Without a model there are no conversations; the emergency reply must still come.
        if not known and agent is not None and agent.is_ready():
            raise ChannelError("unauthorized")
        return conversation_id

    async def _refuse_flood(self, conversation: Conversation, text: str) -> None:
        """Raise where a conversation sends more than a person writes; a crisis always passes."""
        if self._limiter.hit(self._limit, conversation.id):
            return
        if await conversation.is_crisis(text):
            return
        reset_at = self._limiter.get_window_stats(self._limit, conversation.id).reset_time
        seconds = max(1, round(reset_at - time.time()))
        raise ChannelError("too_many", headers={"Retry-After": str(seconds)})


def _errors_as_json(handler: Callable[..., Awaitable[HTTPResponse]]) -> Callable:
    @functools.wraps(handler)
    async def handle(request: Request) -> HTTPResponse:
        try:
            return await handler(request)
        except ChannelError as error:
            return error.response

    return handle


def _read_message(request: Request) -> Message:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != "application/json":
        raise ChannelError("wrong_content_type")
    try:
        body = request.json
    except SanicException:
        raise ChannelError("not_json") from None
    if not isinstance(body, dict):
        raise ChannelError("invalid")
    try:
        message = Message(**body)
    except (ValidationError, TypeError):
        raise ChannelError("invalid") from None
    if not message.text.strip():
        raise ChannelError("empty")
    return message


async def _replies_to_too_long(conversation: Conversation, sent: Message) -> list[Reply]:
    """A long message may be a cry for help: its beginning is read, and the numbers always come."""
    beginning = sent.text[:MOST_CHARACTERS]
    if await conversation.is_crisis(beginning):
        return await conversation.answer(beginning, str(sent.message_id))
    return [emergency_reply(conversation.domain)]
