"""From what a parent calls a place to the municipality, the district and the offices."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.directory.models import Branch, CityDistrict, Municipality, Office, PlaceName, PostalCode

NOT_MUNICIPALITIES = {"2100": "Svalbard", "2211": "Jan Mayen"}
EARTH_RADIUS_KM = 6371
ARCTIC_OFFICE = "tromso"  # the office's own page names Svalbard


class Place(NamedTuple):
    """A place as far as it is known; `district` is None outside Oslo and Bergen or if unknown."""

    municipality_number: str
    name: str
    county: str
    district: str | None = None

    @property
    def label(self) -> str:
        """The name as it can be told from its namesakes, and found again: `Os (Innlandet)`."""
        name = self.district or self.name
        return name if "(" in name else f"{name} ({self.county})"


def key_of(name: str) -> str:
    """The form in which place names are compared: composed, lower case, single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip().casefold()


def find_places(session: Session, text: str) -> list[Place]:
    """The places that a name or postal code may mean.

    One place is a clear answer, several must be asked about, none is unknown.
    """
    code = re.fullmatch(r"(?:n-?)?(\d{4})(?: .*)?", key_of(text))
    if code:
        postal = session.get(PostalCode, code[1])
        return [_place(session, postal.municipality_number)] if postal else []
    name, county = re.fullmatch(r"(.*?)(?: \(([^()]*)\))?", key_of(text)).groups()
    key = re.sub(r"^bydel(?:en)? | (?:kommune|bydel)$", "", name)
    names = session.scalars(select(PlaceName).where(PlaceName.key == key)).all()
    districts = {
        _place(session, name.municipality_number, name.district_id)
        for name in names
        if name.kind == "district"
    }
    # "Fana" means the district, though a post town within Bergen bears the name too.
    cities = {place.municipality_number for place in districts}
    others = [name for name in names if name.municipality_number not in cities]
    places = districts | {_place(session, n) for n in _municipalities(session, others)}
    return sorted(
        (place for place in places if county in (None, key_of(place.county))),
        key=lambda place: (place.municipality_number, place.district or ""),
    )


def _municipalities(session: Session, names: list[PlaceName]) -> set[str]:
    """The municipalities meant, less the neighbours that only share a post town's name.

    Postal codes cross borders, so "Molde" is also the post town of a few houses in Aukra; but "Os"
    is a municipality in Innlandet and a town in Vestland, and both are meant.
    """
    own = {name.municipality_number for name in names if name.kind == "municipality"}
    own = own or {name.municipality_number for name in names if name.kind == "centre"}
    counties = {_county(session, number) for number in own}
    others = {name.municipality_number for name in names} - own
    return own | {number for number in others if _county(session, number) not in counties}


def _county(session: Session, number: str) -> str | None:
    municipality = session.get(Municipality, number)
    return municipality.county if municipality else None


def _place(session: Session, number: str, district_id: int | None = None) -> Place:
    district = session.get(CityDistrict, district_id) if district_id else None
    municipality = session.get(Municipality, number)
    if municipality is None:
        return Place(number, NOT_MUNICIPALITIES[number], "Arktis")
    return Place(
        number, municipality.name, municipality.county, district.name if district else None
    )


def offices_for(session: Session, place: Place) -> list[Office]:
    """The family counselling offices of a place, the natural default first.

    Several offices for one municipality mean that the district or the parent decides.
    """
    if place.municipality_number in NOT_MUNICIPALITIES:
        return [session.get(Office, ARCTIC_OFFICE)]
    if place.district:
        district = session.scalars(
            select(CityDistrict).where(
                CityDistrict.municipality_number == place.municipality_number,
                CityDistrict.name == place.district,
            )
        ).one()
        return [session.get(Office, district.office_id)]
    listed = session.get(Municipality, place.municipality_number).offices
    if listed:
        return list(listed)
    # Sogndal: no office lists it, but one receives people there.
    branch_there = Branch.municipality_number == place.municipality_number
    return list(session.scalars(select(Office).join(Branch).where(branch_there)))


def offices_nearby(session: Session, place: Place) -> list[Office]:
    """All offices but the place's own, the nearest town first.

    Where the place's own spot isn't known, that of its office counts.
    """
    own = offices_for(session, place)
    municipality = session.get(Municipality, place.municipality_number)
    here = next((at for at in (municipality, *own) if at and at.latitude is not None), None)
    others = [office for office in session.scalars(select(Office)) if office not in own]
    if here is None:
        return sorted(others, key=lambda office: office.name)
    return sorted(others, key=lambda office: _kilometres(here, office))


def _kilometres(a: Municipality | Office, b: Office) -> float:
    """As the crow flies (haversine); offices without a spot come last."""
    if b.latitude is None:
        return math.inf
    north, south = math.radians(a.latitude), math.radians(b.latitude)
    half_lat, half_lon = (north - south) / 2, math.radians(a.longitude - b.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(north) * math.cos(south) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def districts_of(session: Session, place: Place) -> list[str]:
    """The districts to ask about, for Oslo and Bergen; empty elsewhere."""
    return list(
        session.scalars(
            select(CityDistrict.name)
            .where(CityDistrict.municipality_number == place.municipality_number)
            .order_by(CityDistrict.name)
        )
    )
