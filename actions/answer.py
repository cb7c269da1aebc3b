"""Answers from a page, and what follows on one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.reply import BUTTONS, PAGES, button, form_of, now, open_directory, payload, utter
from bot.content.checks import OFFICE, OTHER_OFFICES
from bot.content.pages import Page
from bot.directory.models import Office
from bot.directory.places import Place, find_places, offices_for, offices_nearby
from bot.directory.signposts import office_signpost, service_signpost

ALL_OFFICES = "familievernet"
LIKELIEST = 3
NEARBY = 3
MOST_SIGNPOSTS = 4
SERVICE, MORE = "service", "more"
NOT_UNDERSTOOD = "nlu_fallback"
HUMAN = "ask_human"


class ActionAnswer(Action):
    """Answers a need or question with its page: text, next step, signposts, related pages."""

    def name(self) -> str:
        return "action_answer"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        page = PAGES[tracker.get_intent_of_latest_message()]
        shown = re.fullmatch(rf"{MORE}:(\d+)", next(tracker.get_latest_entity_values(SERVICE), ""))
        if shown:
            _show_more(dispatcher, page, tracker, int(shown[1]))
        else:
            answer_with(dispatcher, page, tracker, other_needs(tracker))
        return [SlotSet("page", page.id)]


class ActionOfferAgain(Action):
    """A yes: says what can be gone on with from the last page."""

    def name(self) -> str:
        return "action_offer_again"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        page = PAGES.get(tracker.get_slot("page"))
        if page is None:
            dispatcher.utter_message(response="utter_affirm")
        else:
            form = form_of(tracker)
            buttons = [button(page_id, form) for page_id in page.see_also]
            text = page.next_step.in_form(form)
            utter(dispatcher, text, payload(page.id, [], page, form), buttons)
        return []


class ActionRephrase(Action):
    """Says the last page again, simpler."""

    def name(self) -> str:
        return "action_rephrase"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        page = PAGES.get(tracker.get_slot("page"))
        if page is None:
            dispatcher.utter_message(response="utter_rephrase")
            return []
        with open_directory() as directory:
            signposts = signposts_of(directory, page, tracker.get_slot("place"))
        form = form_of(tracker)
        buttons = [button(page_id, form) for page_id in page.see_also]
        text = page.simpler.in_form(form)
        utter(dispatcher, text, payload(page.id, signposts, page, form), buttons)
        return []


class ActionUnsure(Action):
    """Not understood: offers the likeliest pages as buttons, the second time running a human."""

    def name(self) -> str:
        return "action_unsure"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if times_unsure(tracker) > 1:
            dispatcher.utter_message(response="utter_unsure_again")
            answer_with(dispatcher, PAGES[HUMAN], tracker)
            return []
        ranking = [intent["name"] for intent in tracker.latest_message.get("intent_ranking", [])]
        likeliest = [name for name in ranking if name in PAGES][:LIKELIEST]
        if likeliest:
            buttons = [button(page_id, form_of(tracker)) for page_id in likeliest]
            dispatcher.utter_message(response="utter_unsure", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_unsure")
            dispatcher.utter_message(response="utter_menu")
        return []


def answer_with(
    dispatcher: CollectingDispatcher,
    page: Page,
    tracker: Tracker,
    others: Sequence[str] = (),
    first: Sequence[dict[str, str]] = (),
) -> None:
    """Say a page. `first` are buttons that come before those to pages, and `others` are pages of
    further needs, whose buttons come before those to related ones.
    """
    place, form = tracker.get_slot("place"), form_of(tracker)
    with open_directory() as directory:
        signposts = signposts_of(directory, page, place)
    pages = dict.fromkeys([*others, *page.see_also])
    buttons = [*first, *(button(page_id, form) for page_id in pages)]
    if page.more:
        buttons.append(_more_button(page, 0, form))
    if OFFICE in page.signposts and not place and "ask_find_office" not in page.see_also:
        buttons.append(button("ask_find_office", form))
    text = f"{page.answer.in_form(form)}\n\n{page.next_step.in_form(form)}"
    custom = payload(page.id, signposts, page, form, other_needs=[*others])
    utter(dispatcher, text, custom, buttons)


def _show_more(dispatcher: CollectingDispatcher, page: Page, tracker: Tracker, shown: int) -> None:
    """The page's further services after the first `shown`, a few at a time."""
    form = form_of(tracker)
    last = shown + MOST_SIGNPOSTS
    with open_directory() as directory:
        found = [service_signpost(directory, service, now()) for service in page.more[shown:last]]
    signposts = _open_first(signpost for signpost in found if signpost)
    buttons = [button(page_id, form) for page_id in page.see_also]
    if page.more[last:]:
        buttons.insert(0, _more_button(page, last, form))
    custom = payload(page.id, signposts, page, form)
    dispatcher.utter_message(response="utter_more_services", buttons=buttons, json_message=custom)


def _more_button(page: Page, shown: int, form: str) -> dict[str, str]:
    payload = f"/{page.id}" + json.dumps({SERVICE: f"{MORE}:{shown}"})
    return {"title": BUTTONS["more_services"].in_form(form), "payload": payload}


def _open_first(signposts: Iterable[dict]) -> list[dict]:
    """Where the first one is closed now, what is open comes before it: at night the answer leads
    with what is open at night. Else the page's own order stands.
    """
    found = list(signposts)
    if found and found[0]["open_now"] is False:
        found.sort(key=lambda signpost: signpost["open_now"] is not True)
    return found


def other_needs(tracker: Tracker) -> list[str]:
    """Further needs heard in the last message that haven't been offered or answered before."""
    known = set()
    for event in tracker.events:
        if event["event"] == "bot":
            known.add(((event.get("data") or {}).get("custom") or {}).get("need"))
            buttons = (event.get("data") or {}).get("buttons") or []
            known |= {choice["payload"].removeprefix("/") for choice in buttons}
    heard = tracker.latest_message.get("other_needs") or []
    return [need for need in heard if need in PAGES and need not in known]


def times_unsure(tracker: Tracker) -> int:
    """How many of the parent's messages, counted back from the last, weren't understood."""
    intents = [
        event["parse_data"]["intent"]["name"]
        for event in tracker.events
        if event["event"] == "user"
    ]
    return len(list(takewhile(lambda intent: intent == NOT_UNDERSTOOD, reversed(intents))))


def signposts_of(directory: Session, page: Page, named: str | None) -> list[dict]:
    """The page's signposts, with the offices of the place that the parent named."""
    places = find_places(directory, named) if named else []
    place = places[0] if len(places) == 1 else None
    found: dict[str, dict] = {}
    for service_id in page.signposts:
        offices = _offices(directory, service_id, place) if place else []
        signposts = [office_signpost(directory, office, now()) for office in offices]
        if not offices:
            known = ALL_OFFICES if service_id in (OFFICE, OTHER_OFFICES) else service_id
            signposts = [service_signpost(directory, known, now())]
        found |= {signpost["service"]: signpost for signpost in signposts if signpost}
    return _open_first(found.values())


def _offices(directory: Session, signpost: str, place: Place) -> list[Office]:
    """The offices that a page's signpost stands for; none where the district must decide."""
    if signpost == OTHER_OFFICES:
        return offices_nearby(directory, place)[:NEARBY]
    offices = offices_for(directory, place) if signpost == OFFICE else []
    return offices if len(offices) == 1 else []
