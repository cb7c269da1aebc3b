"""Finds the family counselling office for a place, and asks where that isn't clear."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.reply import PAGES, now, open_directory, payload
from bot.directory.models import Municipality
from bot.directory.places import Place, districts_of, find_places, offices_for
from bot.directory.signposts import office_signpost

NEED = "ask_find_office"


class ActionFindOffice(Action):
    def name(self) -> str:
        return "action_find_office"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        named = tracker.get_slot("place")
        if not named:
            asked = tracker.get_intent_of_latest_message() == "give_place"
            dispatcher.utter_message(response="utter_place_unknown" if asked else "utter_ask_place")
            return []
        with open_directory() as directory:
            places = find_places(directory, named)
            if not places:
                dispatcher.utter_message(response="utter_place_unknown")
            elif len(places) > 1:
                self._ask(
                    dispatcher, "utter_ask_which_place", [_button(p.label, p.label) for p in places]
                )
            else:
                self._answer(dispatcher, directory, places[0])
        return []

    def _answer(self, dispatcher: CollectingDispatcher, directory: Session, place: Place) -> None:
        districts = [] if place.district else districts_of(directory, place)
        if districts:
            buttons = [
                _button(district, place._replace(district=district).label) for district in districts
            ]
            self._ask(dispatcher, "utter_ask_district", buttons, place=place.name)
            return
        offices = offices_for(directory, place)
        signposts = [office_signpost(directory, office, now()) for office in offices]
        municipality = directory.get(Municipality, place.municipality_number)
        uncertain = municipality is not None and municipality.mapping_status == "unverified"
        response = "utter_office_uncertain" if uncertain else "utter_office"
        dispatcher.utter_message(
            response="utter_offices" if len(offices) > 1 else response,
            place=place.district or place.name,
            json_message=payload(NEED, signposts, PAGES[NEED]),
        )

    @staticmethod
    def _ask(
        dispatcher: CollectingDispatcher, response: str, buttons: list[dict], **values: Any
    ) -> None:
        custom = payload(NEED, [], PAGES[NEED])
        dispatcher.utter_message(response=response, buttons=buttons, json_message=custom, **values)


def _button(title: str, place: str) -> dict[str, str]:
    return {"title": title, "payload": "/give_place" + json.dumps({"place": place})}
