"""A language card: what a parent who writes another language must know, one file a language in
`data/languages/`.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from pydantic import BaseModel, Extra, constr, validator

FOLDER = Path(__file__).resolve().parents[2] / "data" / "languages"
ENGLISH = "en"
# Those that the fixed emergency reply carries: they can be filled in without the database.
EMERGENCY_SERVICES = {"nod_113", "nod_112", "legevakt", "mental_helse_hjelpetelefonen"}

Filled = constr(strip_whitespace=True, min_length=1)


class LanguageCard(BaseModel):
    """`code` is the one of bot.nlu.language; `danger` names services by id in braces, whose numbers
    come from the directory.
    """

    code: constr(regex=r"^[a-z]{2,3}$")
    name: Filled
    name_nb: Filled
    name_nn: Filled
    direction: constr(regex=r"^(ltr|rtl)$")
    machine_translated: bool
    notice: Filled
    card: Filled
    say_nb: Filled
    danger: Filled
    choose: Filled

    class Config:
        extra = Extra.forbid

    @validator("danger")
    def names_only_the_emergency_numbers(cls, value: str) -> str:
        strange = set(re.findall(r"\{(\w+)\}", value)) - EMERGENCY_SERVICES
        if strange:
            raise ValueError(f"names {sorted(strange)}, not of {sorted(EMERGENCY_SERVICES)}")
        return value

    @property
    def services(self) -> list[str]:
        """The ids of the services whose numbers `danger` gives, in order."""
        return re.findall(r"\{(\w+)\}", self.danger)


def read_cards(folder: Path = FOLDER) -> dict[str, LanguageCard]:
    """All cards by code. Raises pydantic's ValidationError, a ValueError, for a bad field."""
    cards = [
        LanguageCard(**yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("*.yml"))
    ]
    return {card.code: card for card in cards}


def card_named(cards: dict[str, LanguageCard], language: str) -> LanguageCard | None:
    """The card of a language by its Norwegian name, `polsk`; None where there is none."""
    words = {word: card for card in reversed(cards.values()) for word in _names(card)}
    return words.get(language.lower())


def _names(card: LanguageCard) -> list[str]:
    return re.findall(r"\w+", f"{card.name_nb} {card.name_nn}")
