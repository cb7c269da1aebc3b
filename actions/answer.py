"""Answers from a page, and what follows on one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.reply import PAGES, button, now, open_directory, payload, utter
from bot.content.checks import OFFICE
from bot.content.pages import Page
from bot.directory.places import find_places, offices_for
from bot.directory.signposts import office_signpost, service_signpost

ALL_OFFICES = "familievernet"
LIKELIEST = 3
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
        answer_with(dispatcher, page, tracker.get_slot("place"), other_needs(tracker))
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
            buttons = [button(page_id) for page_id in page.see_also]
            utter(dispatcher, page.next_step.nb, payload(page.id, [], page), buttons)
        return []


class ActionRephrase(Action):
    """Says the last page again in short: only the next step."""

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
        buttons = [button(page_id) for page_id in page.see_also]
        utter(dispatcher, page.next_step.nb, payload(page.id, signposts, page), buttons)
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
            answer_with(dispatcher, PAGES[HUMAN], tracker.get_slot("place"))
            return []
        ranking = [intent["name"] for intent in tracker.latest_message.get("intent_ranking", [])]
        likeliest = [name for name in ranking if name in PAGES][:LIKELIEST]
        if likeliest:
            buttons = [button(page_id) for page_id in likeliest]
            dispatcher.utter_message(response="utter_unsure", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_unsure")
            dispatcher.utter_message(response="utter_menu")
        return []


def answer_with(
    dispatcher: CollectingDispatcher, page: Page, place: str | None, others: Sequence[str] = ()
) -> None:
    """Say a page; `others` are pages of further needs, whose buttons come first."""
    with open_directory() as directory:
        signposts = signposts_of(directory, page, place)
    buttons = [button(page_id) for page_id in dict.fromkeys([*others, *page.see_also])]
    if OFFICE in page.signposts and not place and "ask_find_office" not in page.see_also:
        buttons.append(button("ask_find_office"))
    text = f"{page.answer.nb}\n\n{page.next_step.nb}"
    utter(dispatcher, text, payload(page.id, signposts, page, other_needs=[*others]), buttons)


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


def signposts_of(directory: Session, page: Page, place: str | None) -> list[dict]:
    """The page's signposts, with the office of the parent's place where that is one office."""
    found = []
    for service_id in page.signposts:
        if service_id == OFFICE:
            places = find_places(directory, place) if place else []
            offices = offices_for(directory, places[0]) if len(places) == 1 else []
            if len(offices) == 1:
                found.append(office_signpost(directory, offices[0], now()))
                continue
            service_id = ALL_OFFICES
        signpost = service_signpost(directory, service_id, now())
        if signpost and signpost["service"] not in {other["service"] for other in found}:
            found.append(signpost)
    return found
