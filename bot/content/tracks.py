"""The short guided talk that ends in one of the four tracks: `data/tracks.yml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, Extra, constr, root_validator

from bot.content.pages import Source, Texts

FILE = Path(__file__).resolve().parents[2] / "data" / "tracks.yml"
START = "start"
MOST_QUESTIONS = 3


class Choice(Texts):
    next: constr(regex=r"^[a-z_]+$")


class Question(Texts):
    choices: list[Choice]


class Tracks(BaseModel):
    """Questions and tracks by name; a choice leads to one of either."""

    review: constr(regex=r"^(draft|reviewed)$")
    review_by: dt.date
    source: Source
    facts: list[str]
    begin: Texts
    again: Texts
    questions: dict[str, Question]
    tracks: dict[str, Texts]
    sessions: Texts

    class Config:
        extra = Extra.forbid

    @root_validator(skip_on_failure=True)
    def every_way_ends_in_a_track(cls, values: dict) -> dict:
        longest = max(_ways(values["questions"], values["tracks"], START))
        if longest > MOST_QUESTIONS:
            raise ValueError(f"{longest} questions on one way, at most {MOST_QUESTIONS}")
        return values


def _ways(
    questions: dict[str, Question], tracks: dict[str, Texts], name: str, asked: int = 0
) -> Iterator[int]:
    """How many questions each way from here asks. Raises ValueError for one that has no end."""
    if name in tracks:
        yield asked
    elif name not in questions or asked > MOST_QUESTIONS:
        raise ValueError(f"{name!r} is no question or track, or is asked in a circle")
    else:
        for choice in questions[name].choices:
            yield from _ways(questions, tracks, choice.next, asked + 1)


def read_tracks(path: Path = FILE) -> Tracks:
    """Raises pydantic's ValidationError where a field is missing or a way has no end."""
    return Tracks(**yaml.safe_load(path.read_text(encoding="utf-8")))
