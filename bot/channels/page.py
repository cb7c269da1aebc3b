"""The guide as a page of its own, `/chat/`, until the widget takes its place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint

FOLDER = Path(__file__).with_name("page")


class ChatPage(InputChannel):
    """Serves the files of `bot/channels/page/`; it receives no messages itself."""

    @classmethod
    def name(cls) -> str:
        return "page"

    def url_prefix(self) -> str:
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        page = Blueprint("chat_page")
        page.static("/", str(FOLDER / "index.html"), content_type="text/html; charset=utf-8")
        page.static("/demo.js", str(FOLDER / "demo.js"))
        page.static("/demo.css", str(FOLDER / "demo.css"))
        return page
