"""The shape of a reply: text, buttons and the `custom` payload that every channel reads."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.content.pages import Page, Texts, read_buttons, read_pages
from bot.directory.database import open_engine

PAGES: dict[str, Page] = read_pages()
BUTTONS: dict[str, Texts] = read_buttons()
BOKMAL = "nb"


@cache
def _engine() -> Engine:
    return open_engine()


def open_directory() -> Session:
    return Session(_engine(), future=True)


def now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def form_of(tracker: Tracker) -> str:
    """The written form to answer in: the parent's own, as heard in this or an earlier message."""
    return tracker.get_slot("written_form") or BOKMAL


def button(page_id: str, form: str = BOKMAL) -> dict[str, str]:
    return {"title": PAGES[page_id].title.in_form(form), "payload": f"/{page_id}"}


def payload(
    need: str, signposts: list[dict], page: Page | None = None, form: str = BOKMAL, **more: Any
) -> dict[str, Any]:
    """The `custom` part of a reply; `page` is where the text, the track and the source stand."""
    return {
        "need": need,
        "track": page.track if page else None,
        "signposts": signposts,
        "other_needs": [],
        "written_form": form,
        "source": page.source.dict() if page else None,
        "review": page.review if page else "draft",
        **more,
    }


def utter(dispatcher: CollectingDispatcher, text: str, custom: dict, buttons: list) -> None:
    dispatcher.utter_message(text=text, buttons=buttons, json_message=custom)
