"""A page is what the guide answers to one need or question: one YAML file in `data/content/`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, Extra, ValidationError, conlist, constr

DATA = Path(__file__).resolve().parents[2] / "data"
FOLDER = DATA / "content"
BUTTONS_FILE = DATA / "messages" / "buttons.yml"
WRITTEN_FORMS = ("nb", "nn", "en")


class Source(BaseModel):
    """Where the page's facts come from; `checked` is a year and month."""

    title: constr(min_length=3)
    url: constr(regex=r"^https://[a-z0-9.-]+/?\S*$")
    checked: constr(regex=r"^20\d\d-\d\d$")

    class Config:
        extra = Extra.forbid


class Texts(BaseModel):
    """The same text in bokmål and nynorsk, and in English where there is one."""

    nb: constr(strip_whitespace=True, min_length=1)
    nn: constr(strip_whitespace=True, min_length=1)
    en: constr(strip_whitespace=True, min_length=1) | None

    def in_form(self, written_form: str) -> str:
        """The text in a written form, else in bokmål."""
        return getattr(self, written_form) or self.nb

    class Config:
        extra = Extra.forbid


class Page(BaseModel):
    id: constr(regex=r"^[a-z_]+$")
    track: constr(regex=r"^(parent_support|life_coping|network_support|peer_support)$") | None = ...
    title: Texts
    answer: Texts
    next_step: Texts
    # The same in few and easy words, for whoever asks to have it said again.
    simpler: Texts
    signposts: conlist(str, max_items=4)
    # Services shown when the parent asks for more.
    more: list[str] = []
    facts: list[str]
    see_also: list[str]
    source: Source
    review: constr(regex=r"^(draft|reviewed)$")
    review_by: dt.date

    class Config:
        extra = Extra.forbid


def read_buttons(path: Path = BUTTONS_FILE) -> dict[str, Texts]:
    """The titles of buttons that belong to no page. Raises pydantic's ValidationError."""
    titles = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {name: Texts(**title) for name, title in titles.items()}


class Problem(NamedTuple):
    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


class BadPages(ValueError):
    """Pages that can't be shown; `problems` names each file with what is wrong."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def read_pages(folder: Path = FOLDER) -> dict[str, Page]:
    """All pages by id.

    Raises:
        BadPages: a file isn't YAML, lacks a field, has an unknown one, or isn't named as its id.
    """
    pages: dict[str, Page] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            page = Page(**yaml.safe_load(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
            problems.append(Problem(path.name, f"is not a page in YAML: {error}"))
        except ValidationError as error:
            for part in error.errors():
                where = ".".join(map(str, part["loc"]))
                problems.append(Problem(path.name, f"{where}: {part['msg']}"))
        else:
            if page.id != path.stem:
                problems.append(Problem(path.name, f"the id {page.id!r} must be the file's name"))
            pages[page.id] = page
    if problems:
        raise BadPages(problems)
    return pages
