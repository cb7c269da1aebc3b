"""The lookup table of place names and postal codes for the NLU, written from the CSV files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.directory.importer import Facts
from bot.directory.places import NOT_MUNICIPALITIES

HEADER = """\
# Every place name and postal code of the directory. Written from data/directory/*.csv by
# `foreldreveiviseren directory lookup`: don't edit. Ordinary words: see place_homographs.yml.
version: "3.1"

nlu:
- lookup: place
  examples: |
"""


FUZZY_HEADER = """
# The municipalities and their centres: found also where a letter or two are wrong.
- lookup: place_fuzzy
  examples: |
"""


def fuzzy_names(facts: Facts) -> Iterator[str]:
    for _, municipality in facts.municipalities:
        yield municipality.plain_name
        yield municipality.admin_centre


def place_names(facts: Facts) -> Iterator[str]:
    yield from NOT_MUNICIPALITIES.values()
    for _, municipality in facts.municipalities:
        yield municipality.plain_name
        yield municipality.admin_centre
        yield from filter(None, municipality.sami_or_other_names.split(";"))
    for _, district in facts.districts:
        yield district.district
    for _, code in facts.postal_codes:
        yield code.post_town
        yield code.post_town.split(" i ")[0]
        yield code.postal_code
    for _, former in facts.former_municipalities:
        yield former.former_name.split(" (")[0]
    for _, variant in facts.place_variants:
        yield variant.variant


def write_lookup(facts: Facts, path: Path) -> int:
    """Write the lookup tables; returns how many names there are."""
    names = sorted(set(place_names(facts)))
    fuzzy = sorted(set(fuzzy_names(facts)))
    path.write_text(HEADER + _lines(names) + FUZZY_HEADER + _lines(fuzzy), encoding="utf-8")
    return len(names)


def _lines(names: list[str]) -> str:
    return "".join(f"    - {name}\n" for name in names)
