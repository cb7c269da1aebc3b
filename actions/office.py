"""Finds the family counselling office for a place, and asks where that isn't clear."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.reply import PAGES, button, form_of, now, open_directory, payload
from bot.directory.models import Municipality, Office
from bot.directory.places import Place, districts_of, find_places, offices_for
from bot.directory.signposts import office_signpost

NEED = "ask_find_office"
OTHER_OFFICES_PAGE = "ask_choose_office"
UNVERIFIED = "unverified"


class ActionFindOffice(Action):
    """The office of the place named in this message or an earlier one; asks for the place, or
    which of several is meant, where that isn't clear.
    """

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
            districts = [] if len(places) != 1 else _districts(directory, places[0])
            if not places:
                dispatcher.utter_message(response="utter_place_unknown")
            elif len(places) > 1:
                self._ask(dispatcher, tracker, "utter_ask_which_place", places)
            elif districts:
                self._ask(dispatcher, tracker, "utter_ask_district", districts, places[0].name)
            else:
                self._answer(dispatcher, tracker, directory, places[0])
        return []

    @staticmethod
    def _ask(
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        response: str,
        places: list[Place],
        within: str = "",
    ) -> None:
        dispatcher.utter_message(
            response=response,
            place=within,
            buttons=[_button(place) for place in places],
            json_message=payload(NEED, [], PAGES[NEED], form_of(tracker)),
        )

    @staticmethod
    def _answer(
        dispatcher: CollectingDispatcher, tracker: Tracker, directory: Session, place: Place
    ) -> None:
        form = form_of(tracker)
        offices = offices_for(directory, place)
        signposts = [office_signpost(directory, office, now()) for office in offices]
        dispatcher.utter_message(
            response=_response(directory, place, offices),
            place=place.district or place.name,
            buttons=[button(OTHER_OFFICES_PAGE, form), button("ask_booking", form)],
            json_message=payload(NEED, signposts, PAGES[NEED], form),
        )


def _response(directory: Session, place: Place, offices: list[Office]) -> str:
    municipality = directory.get(Municipality, place.municipality_number)
    statuses = [office.status for office in offices]
    if municipality is not None:
        statuses.append(municipality.mapping_status)
    if len(offices) > 1:
        return "utter_offices"
    return "utter_office_uncertain" if UNVERIFIED in statuses else "utter_office"


def _districts(directory: Session, place: Place) -> list[Place]:
    names = [] if place.district else districts_of(directory, place)
    return [place._replace(district=name) for name in names]


def _button(place: Place) -> dict[str, str]:
    title = place.district or place.label
    return {"title": title, "payload": "/give_place" + json.dumps({"place": place.label})}
