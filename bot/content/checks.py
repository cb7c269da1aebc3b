"""What a page must keep to beyond its form: length, plain language, known facts and services."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from bot.content.languages import LanguageCard
from bot.content.pages import WRITTEN_FORMS, Page, Problem, Texts
from bot.content.tracks import FILE as TRACKS_FILE
from bot.content.tracks import Tracks

MOST_WORDS = {"answer": 90, "simpler": 40}
MOST_TITLE_CHARACTERS = 32
MOST_LIX = 35
MOST_LIX_LAW = 40
MOST_LIX_SIMPLER = 30
# Characters outside GSM-7 that word processors put in; they halve the room of an SMS.
NOT_IN_SMS = re.compile(r"[«»–—…’“”\u00a0]")
PHONE_LIKE = re.compile(r"\b(?:\d ?){8}\b|\b116 ?\d{3}\b|\b11[023]\b")
# Signposts that depend on the parent's place: its family counselling office, and others nearby.
OFFICE = "office"
OTHER_OFFICES = "other_offices"
TEXTS = ("title", "answer", "next_step", "simpler")
LIFE_IN_DANGER = "nod_113"


def lix(text: str) -> float:
    """The readability index LIX: words per sentence plus the percentage of words over six letters.

    Source: C. H. Björnsson, Läsbarhet (1968). Headings and list items count as sentences.
    """
    words = re.findall(r"[^\W\d_]+", text)
    sentences = len(re.findall(r"[^.!?:\n]*[^\W\d_][^.!?:\n]*", text)) or 1
    long_words = sum(len(word) > 6 for word in words)
    return len(words) / sentences + 100 * long_words / len(words) if words else 0.0


def known_facts(path: Path) -> set[str]:
    """The ids of the facts that may be stated: those verified in their source."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"] for row in csv.DictReader(lines) if row["status"] == "verified-in-source"}


def known_services(path: Path) -> dict[str, bool]:
    """Each service of the directory by id, and whether it is for children and the young alone."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["id"]: row["kind"] == "children" and "alle" not in row["audience"]
            for row in csv.DictReader(lines)
        }


def check(
    pages: Iterable[Page],
    facts: Collection[str],
    services: Mapping[str, bool],
    today: dt.date,
) -> Iterator[Problem]:
    """Everything that is wrong with the pages, one problem a thing.

    Args:
        facts: ids of the facts that may be stated.
        services: of each service that may be shown, by id, whether it is for children alone.
    """
    pages = list(pages)
    ids = {page.id for page in pages}
    for page in pages:
        for message in _problems_of(page, facts, services, ids, today):
            yield Problem(f"{page.id}.yml", message)


def _problems_of(
    page: Page,
    facts: Collection[str],
    services: Mapping[str, bool],
    ids: Collection[str],
    today: dt.date,
) -> Iterator[str]:
    is_law = "lovdata.no" in page.source.url
    most_lix = {"answer": MOST_LIX_LAW if is_law else MOST_LIX, "simpler": MOST_LIX_SIMPLER}
    for field, most_words in MOST_WORDS.items():
        for form, text in getattr(page, field).dict(exclude_none=True).items():
            words = len(text.split())
            if words > most_words:
                yield f"{field}.{form} has {words} words, at most {most_words}"
            if form != "en" and lix(text) > most_lix[field]:
                yield f"{field}.{form} has LIX {lix(text):.0f}, at most {most_lix[field]}"
    for form, title in page.title.dict(exclude_none=True).items():
        if len(title) > MOST_TITLE_CHARACTERS:
            yield f"title.{form} is longer than {MOST_TITLE_CHARACTERS} characters"
    in_english = {field for field in TEXTS if getattr(page, field).en}
    for field in sorted(set(TEXTS) - in_english if in_english else ()):
        yield f"{field}.en is missing, though {sorted(in_english)[0]}.en is there"
    for field in TEXTS:
        yield from _problems_of_texts(field, getattr(page, field))
    for fact in page.facts:
        if fact not in facts:
            yield f"the fact {fact} is unknown or unverified"
    for service in [*page.signposts, *page.more]:
        if service not in (OFFICE, OTHER_OFFICES) and service not in services:
            yield f"the service {service} is unknown"
        elif services.get(service):
            yield f"the service {service} is for children, and a page speaks to parents"
    for service in sorted(set(page.signposts) & set(page.more)):
        yield f"the service {service} stands both in signposts and in more"
    for other in page.see_also:
        if other not in ids:
            yield f"see_also names {other}, which is no page"
    if page.review_by < today:
        yield f"should have been reviewed by {page.review_by}"


def check_tracks(tracks: Tracks, facts: Collection[str], today: dt.date) -> Iterator[Problem]:
    """What is wrong with the guided talk about the tracks."""
    texts = {f"questions.{name}": question for name, question in tracks.questions.items()}
    texts |= {f"tracks.{name}": text for name, text in tracks.tracks.items()}
    texts["sessions"] = tracks.sessions
    for name, text in texts.items():
        for message in _problems_of_texts(name, text):
            yield Problem(TRACKS_FILE.name, message)
    for name, question in tracks.questions.items():
        for choice in question.choices:
            for form, title in choice.dict(include={"nb", "nn", "en"}, exclude_none=True).items():
                if len(title) > MOST_TITLE_CHARACTERS:
                    message = f"questions.{name}: {title!r} ({form}) is longer than"
                    yield Problem(TRACKS_FILE.name, f"{message} {MOST_TITLE_CHARACTERS} characters")
    for fact in tracks.facts:
        if fact not in facts:
            yield Problem(TRACKS_FILE.name, f"the fact {fact} is unknown or unverified")
    if tracks.review_by < today:
        yield Problem(TRACKS_FILE.name, f"should have been reviewed by {tracks.review_by}")


def check_cards(cards: Iterable[LanguageCard]) -> Iterator[Problem]:
    """What is wrong with the language cards."""
    for card in cards:
        file = f"{card.code}.yml"
        if card.services[:1] != [LIFE_IN_DANGER]:
            yield Problem(file, f"danger must name {{{LIFE_IN_DANGER}}} first")
        if re.search(r"\d", re.sub(r"\{\w+\}", "", card.danger) + card.card):
            yield Problem(file, "numbers come from the directory: {nod_113}")
        if card.name_nb not in card.say_nb:
            yield Problem(file, f"say_nb doesn't name the language: {card.name_nb}")


def _problems_of_texts(name: str, texts: Texts) -> Iterator[str]:
    for form in WRITTEN_FORMS:
        text = getattr(texts, form) or ""
        for character in sorted(set(NOT_IN_SMS.findall(text))):
            yield f"{name}.{form} has {character!r}, which doesn't fit in an SMS"
        for number in PHONE_LIKE.findall(text):
            yield f"{name}.{form} has the number {number!r}: numbers come from the directory"
