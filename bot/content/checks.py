"""What a page must keep to beyond its form: length, plain language, known facts and services."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from bot.content.pages import Page, Problem

MOST_WORDS = 90
MOST_TITLE_CHARACTERS = 32
MOST_LIX = 35
MOST_LIX_LAW = 40
# Characters outside GSM-7 that word processors put in; they halve the room of an SMS.
NOT_IN_SMS = re.compile(r"[«»–—…’“”\u00a0]")
PHONE_LIKE = re.compile(r"\b(?:\d ?){8}\b|\b116 ?\d{3}\b|\b11[023]\b")
OFFICE = "office"  # the family counselling office of the parent's place


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


def check(
    pages: Iterable[Page],
    facts: Collection[str],
    services: Collection[str],
    today: dt.date,
) -> Iterator[Problem]:
    """Everything that is wrong with the pages, one problem a thing.

    Args:
        facts: ids of the facts that may be stated.
        services: ids of the services that may be shown.
    """
    pages = list(pages)
    ids = {page.id for page in pages}
    for page in pages:
        for message in _problems_of(page, facts, services, ids, today):
            yield Problem(f"{page.id}.yml", message)


def _problems_of(
    page: Page,
    facts: Collection[str],
    services: Collection[str],
    ids: Collection[str],
    today: dt.date,
) -> Iterator[str]:
    most_lix = MOST_LIX_LAW if "lovdata.no" in page.source.url else MOST_LIX
    for form, text in page.answer.dict(exclude_none=True).items():
        words = len(text.split())
        if words > MOST_WORDS:
            yield f"answer.{form} has {words} words, at most {MOST_WORDS}"
        if form != "en" and lix(text) > most_lix:
            yield f"answer.{form} has LIX {lix(text):.0f}, at most {most_lix}"
    for form, title in page.title.dict(exclude_none=True).items():
        if len(title) > MOST_TITLE_CHARACTERS:
            yield f"title.{form} is longer than {MOST_TITLE_CHARACTERS} characters"
    for field in ("title", "answer", "next_step"):
        for form, text in getattr(page, field).dict(exclude_none=True).items():
            for character in sorted(set(NOT_IN_SMS.findall(text))):
                yield f"{field}.{form} has {character!r}, which doesn't fit in an SMS"
            for number in PHONE_LIKE.findall(text):
                yield f"{field}.{form} has the number {number!r}: numbers come from the directory"
    for fact in page.facts:
        if fact not in facts:
            yield f"the fact {fact} is unknown or unverified"
    for service in page.signposts:
        if service != OFFICE and service not in services:
            yield f"the service {service} is unknown"
    for other in page.see_also:
        if other not in ids:
            yield f"see_also names {other}, which is no page"
    if page.review_by < today:
        yield f"should have been reviewed by {page.review_by}"
