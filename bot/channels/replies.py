"""What a conversation's events say to the parent: one definition for all channels."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.content.languages import LanguageCard, read_cards
from bot.content.pages import Page, read_pages
from bot.directory.signposts import spaced

logger = logging.getLogger(__name__)

CRISIS_PREFIX = "utter_crisis_"
REMINDER = "utter_crisis_reminder"
EMERGENCY = "utter_fallback_emergency"
BOKMAL = "nb"
TURNS_WITH_REMINDER = 2  # after crisis help the numbers stay within reach for two more answers

Reply = dict[str, Any]


@cache
def _pages() -> dict[str, Page]:
    return _read_or_none(read_pages, "pages")


@cache
def _cards() -> dict[str, LanguageCard]:
    return _read_or_none(read_cards, "language cards")


def _read_or_none(read: Callable[[], dict[str, Any]], what: str) -> dict[str, Any]:
    """Nothing where a file is broken: no page may stand between a parent and crisis help."""
    try:
        return read()
    except (OSError, ValueError, yaml.YAMLError) as error:
        logger.error("No %s (%s): crisis help goes without.", what, type(error).__name__)
        return {}


class Turn(NamedTuple):
    """One message of the parent's with the answers to it; the first turn has no message."""

    message: UserUttered | None
    replies: list[Reply]


def turns(events: Iterable[Event], domain: Domain) -> list[Turn]:
    """The conversation so far, with the numbers repeated in the two answers after crisis help, the
    further needs of a crisis message offered after its help, and before it the numbers in the
    parent's own language.
    """
    found: list[Turn] = [Turn(None, [])]
    reminders_left = 0
    offered: set[str] = set()
    for event in events:
        if isinstance(event, UserUttered):
            found.append(Turn(event, []))
            reminders_left -= 1
        elif isinstance(event, BotUttered):
            reply = _reply(event)
            is_crisis = (event.metadata.get("utter_action") or "").startswith(CRISIS_PREFIX)
            if is_crisis:
                reminders_left = TURNS_WITH_REMINDER + 1
                _offer_other_needs(reply, found[-1].message, offered)
                found[-1].replies.extend(_in_own_language(reply, found[-1].message, domain))
            elif reminders_left > 0 and not found[-1].replies:
                reply["text"] += "\n\n" + text_of(domain, REMINDER, _form(reply))
            offered |= {button["payload"] for button in reply["buttons"]}
            found[-1].replies.append(reply)
    return found


def _offer_other_needs(reply: Reply, message: UserUttered | None, offered: set[str]) -> None:
    """Crisis replies need no action server, so what else was heard is added here."""
    pages = _pages()
    heard = (message.parse_data.get("other_needs") if message else None) or []
    needs = [need for need in heard if need in pages and f"/{need}" not in offered]
    reply["custom"] = {**reply["custom"], "other_needs": needs}
    reply["buttons"] += [
        {"title": pages[need].title.in_form(_form(reply)), "payload": f"/{need}"} for need in needs
    ]


def _in_own_language(reply: Reply, message: UserUttered | None, domain: Domain) -> list[Reply]:
    """The numbers as the parent's language card gives them, where crisis help came in another."""
    entities = message.parse_data.get("entities", []) if message else []
    languages = [entity["value"] for entity in entities if entity["entity"] == "message_language"]
    card = _cards().get(languages[0]) if languages else None
    if card is None or card.code == _form(reply):
        return []
    signposts = domain.responses[EMERGENCY][0]["custom"]["signposts"]
    numbers = {signpost["service"]: spaced(signpost["phone"]) for signpost in signposts}
    custom = {**reply["custom"], "language": card.code, "direction": card.direction}
    text = f"{card.notice}\n\n{card.danger.format(**numbers)}"
    return [{"text": text, "buttons": [], "custom": custom}]


def _form(reply: Reply) -> str:
    return reply["custom"].get("written_form") or BOKMAL


def replies_to(events: Iterable[Event], domain: Domain, message_id: str) -> list[Reply]:
    """The answers to one message; empty where it wasn't received or not answered."""
    for turn in reversed(turns(events, domain)):
        if turn.message is not None and turn.message.message_id == message_id:
            return turn.replies
    return []


def offered_payloads(events: Iterable[Event], domain: Domain) -> dict[str, str]:
    """Payload to title of every button that the parent has been shown."""
    return {
        button["payload"]: button["title"]
        for turn in turns(events, domain)
        for reply in turn.replies
        for button in reply["buttons"]
    }


def written_by_parent(text: str, payloads: dict[str, str]) -> str:
    """The text as Rasa may read it: only a button's payload may start with a slash.

    Rasa takes `/intent{...}` as a command; typed by a parent it is just text.
    """
    if text in payloads:
        return text
    return re.sub(r"^[\s/]+", "", text) or "?"


def emergency_reply(domain: Domain | None) -> Reply:
    """The fixed reply for when the assistant can't answer.

    Without a model there is no domain; then the one that stands beside the program is read.
    """
    domain = domain or Domain.load("domain.yml")
    response = domain.responses[EMERGENCY][0]  # bokmål: who writes isn't known any more
    return {"text": response["text"], "buttons": [], "custom": dict(response["custom"])}


def text_of(domain: Domain, response: str, form: str = BOKMAL) -> str:
    """A response's text in a written form, else in bokmål, which stands without a condition."""
    texts = {
        tuple(condition["value"] for condition in variation.get("condition") or ()): variation
        for variation in domain.responses[response]
    }
    return (texts.get((form,)) or texts[()])["text"]


def history(events: Iterable[Event], domain: Domain) -> Iterator[dict[str, Any]]:
    """The conversation as the parent saw it, a button by its title."""
    events = list(events)
    payloads = offered_payloads(events, domain)
    for turn in turns(events, domain):
        if turn.message is not None:
            text = turn.message.text
            yield {"from": "parent", "text": payloads.get(text, text)}
        for reply in turn.replies:
            yield {"from": "bot", **reply}


def _reply(event: BotUttered) -> Reply:
    return {
        "text": event.text or "",
        "buttons": [
            {"title": button["title"], "payload": button["payload"]}
            for button in event.data.get("buttons") or ()
        ],
        "custom": event.data.get("custom") or {},
    }
