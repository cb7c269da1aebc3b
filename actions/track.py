"""Which track fits me? A few questions with buttons; each button says where it leads, so the talk
can be left at any time and taken up again.
"""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import answer_with, signposts_of
from actions.reply import PAGES, button, form_of, open_directory, payload, utter
from bot.content.pages import Texts
from bot.content.tracks import START, read_tracks

PAGE = PAGES["ask_tracks"]
TALK = read_tracks()


class ActionGuideTrack(Action):
    """Explains the tracks, asks the question, or recommends the track that a button names."""

    def name(self) -> str:
        return "action_guide_track"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        form = form_of(tracker)
        chosen = next(tracker.get_latest_entity_values("track"), None)
        if chosen in TALK.questions:
            question = TALK.questions[chosen]
            buttons = [_button(choice, choice.next, form) for choice in question.choices]
            custom = payload(PAGE.id, [], PAGE, form)
            utter(dispatcher, question.in_form(form), custom, buttons)
        elif chosen in TALK.tracks:
            self._recommend(dispatcher, tracker, chosen, form)
        else:
            first = _button(TALK.begin, START, form)
            answer_with(dispatcher, PAGE, tracker, first=[first])
        return [SlotSet("page", PAGE.id)]

    @staticmethod
    def _recommend(
        dispatcher: CollectingDispatcher, tracker: Tracker, track: str, form: str
    ) -> None:
        with open_directory() as directory:
            signposts = signposts_of(directory, PAGE, tracker.get_slot("place"))
        text = f"{TALK.tracks[track].in_form(form)}\n\n{TALK.sessions.in_form(form)}"
        buttons = [button("ask_booking", form), _button(TALK.again, START, form)]
        if not tracker.get_slot("place"):
            buttons.insert(1, button("ask_find_office", form))
        custom = {
            **payload(PAGE.id, signposts, PAGE, form),
            "track": track,
            "source": TALK.source.dict(),
            "review": TALK.review,
        }
        utter(dispatcher, text, custom, buttons)


def _button(text: Texts, chosen: str, form: str) -> dict[str, str]:
    payload = "/ask_tracks" + json.dumps({"track": chosen})
    return {"title": text.in_form(form), "payload": payload}
