"""Answers a message in another language, or a wish for one, with its language card."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import answer_with
from actions.reply import PAGES, form_of, now, open_directory, payload, utter
from bot.content.languages import ENGLISH, LanguageCard, card_named, read_cards
from bot.directory.signposts import service_signpost, spaced

NEED = "change_language"
NORWEGIAN = "no"
CARDS = read_cards()
SOURCE = PAGES["need_interpreter"]
CHOICES = [
    {"title": "English", "payload": '/change_language{"written_form": "en"}'},
    {"title": "Norsk", "payload": '/change_language{"written_form": "nb"}'},
    {"title": "Tolk / interpreter", "payload": "/need_interpreter"},
]


class ActionChangeLanguage(Action):
    """The card of the language written or asked for; English where there is none for it.

    Who has seen the English card and goes on in English is answered by the likeliest page.
    """

    def name(self) -> str:
        return "action_change_language"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if _entity(tracker, "written_form") and not _entity(tracker, "message_language"):
            dispatcher.utter_message(response="utter_language_chosen")
            return []
        card = _card_for(tracker)
        if card is None:
            dispatcher.utter_message(response="utter_language")
        elif card.code == ENGLISH and _shown(tracker, ENGLISH) and _likeliest(tracker):
            page = PAGES[_likeliest(tracker)]
            answer_with(dispatcher, page, tracker)
            return [SlotSet("page", page.id)]
        else:
            _show(dispatcher, card, form_of(tracker))
        return []


def _card_for(tracker: Tracker) -> LanguageCard | None:
    written = _entity(tracker, "message_language")
    if written and written != NORWEGIAN:
        return CARDS.get(written, CARDS[ENGLISH])
    asked = _entity(tracker, "language")
    return card_named(CARDS, asked) if asked else None


def _entity(tracker: Tracker, name: str) -> str | None:
    return next(tracker.get_latest_entity_values(name), None)


def _shown(tracker: Tracker, code: str) -> bool:
    """Whether the talk has had this card."""
    return any(
        ((event.get("data") or {}).get("custom") or {}).get("language") == code
        for event in tracker.events
        if event["event"] == "bot"
    )


def _likeliest(tracker: Tracker) -> str | None:
    """The likeliest page of a message that the classifier took for a wish for its language."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    return next((intent["name"] for intent in ranking if intent["name"] in PAGES), None)


def _show(dispatcher: CollectingDispatcher, card: LanguageCard, form: str) -> None:
    """Two replies, so that each is in one language only: the card, and the Norwegian words."""
    with open_directory() as directory:
        signposts = [service_signpost(directory, service, now()) for service in card.services]
    numbers = {signpost["service"]: spaced(signpost["phone"]) for signpost in signposts}
    notice = f"{card.notice}\n\n" if card.machine_translated else ""
    custom = payload(NEED, signposts, SOURCE, form, language=card.code, direction=card.direction)
    text = f"{notice}{card.danger.format(**numbers)}\n\n{card.card}\n\n{card.choose}"
    utter(dispatcher, text, custom, [])
    dispatcher.utter_message(
        response="utter_language_card",
        say=card.say_nb,
        buttons=CHOICES,
        json_message=payload(NEED, [], SOURCE, form, language=NORWEGIAN),
    )
