"""Tidies what a parent wrote before anything reads it: pure functions on text.

Only how it is written changes, never what is meant: letters, marks, emoji, spellings. The parent's
own text is kept for display by whoever calls this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

WRITING = Path(__file__).parents[2] / "data" / "writing"

# Marks that look like others; SMS phones and word processors put them in by themselves.
_LOOKALIKES = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "´": "'",
        "`": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "…": "...",
        "ﬁ": "fi",
        "ﬂ": "fl",
    }
)
_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
_NEW_LINE = re.compile(r"(?<=[^\s.!?,;:])[^\S\n]*\n\s*(?=\S)")
_VARIATION = re.compile("[\ufe0e\ufe0f\u20e3]|[\U0001f3fb-\U0001f3ff]")
_WORD = re.compile(r"[^\W\d_]+")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_MARKS = re.compile(r"([!?,;:])(?:\s*\1)+")
_DOTS = re.compile(r"\.{4,}|(?:\. ){2,}\.")
_SPELLED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_*]){3,}[^\W\d_](?!\w)")
# A word with letters struck out or written as signs: s*lvm*rd, dr3pe, voldt€kt.
_MASKED = re.compile(r"(?<![\w*#@$€.])[^\W_]+(?:[*#@$€.\d]+[^\W_]+)*[*#]*(?!\w)")
_SIGNS = {"0": "o", "1": "il", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s"}
_SIGNS["€"] = "e"
_ANY = "*#."
LONGEST_MASKED = 24


class Writing(NamedTuple):
    """The tables of data/writing: what is read as what, in lower case."""

    emoji: Mapping[str, str]
    spellings: Mapping[str, str]
    letters: Mapping[str, str]
    words: frozenset[str]
    censored: tuple[str, ...]
    idioms: tuple[tuple[re.Pattern[str], str], ...]


@cache
def read_writing(folder: Path = WRITING) -> Writing:
    """The tables, read once. Raises OSError or KeyError where one is missing or broken."""
    emoji = yaml.safe_load((folder / "emoji.yml").read_text(encoding="utf-8"))["emoji"]
    spellings = yaml.safe_load((folder / "spellings.yml").read_text(encoding="utf-8"))["spellings"]
    censored = yaml.safe_load((folder / "censored.yml").read_text(encoding="utf-8"))["words"]
    letters = {}
    for line in (folder / "norwegian_letters.tsv").read_text(encoding="utf-8").splitlines():
        written, _, meant = line.partition("\t")
        letters[written] = meant
    words = frozenset((folder / "words.txt").read_text(encoding="utf-8").split())
    figures = yaml.safe_load((folder / "idioms.yml").read_text(encoding="utf-8"))["idioms"]
    idioms = tuple(
        (re.compile(rf"(?<!\w)(?:{figure['pattern']})(?!\w)", re.IGNORECASE), figure["read_as"])
        for figure in figures
    )
    return Writing(emoji, spellings, letters, words, tuple(censored), idioms)


def normalise(text: str, writing: Writing | None = None) -> str:
    """The text as the understanding reads it. Never raises on a `str`; normalising twice changes
    nothing more; no longer than the longest word of an emoji for each sign.
    """
    tables = writing or read_writing()
    text = tidy_unicode(text)
    text = read_emoji(text, tables.emoji)
    text = _SPELLED_OUT.sub(lambda m: _joined(m[0], tables.censored), text)
    text = _MASKED.sub(lambda m: uncensored(m[0], tables.censored), text)
    text = _REPEATED.sub(r"\1\1\1", text)
    text = _DOTS.sub("...", _MARKS.sub(r"\1", text))
    text = _WORD.sub(lambda m: _word(m[0], tables), text)
    text = " ".join(text.split())
    for pattern, read_as in tables.idioms:
        text = pattern.sub(read_as, text)
    return text


def tidy_unicode(text: str) -> str:
    """NFC, plain quotes and hyphens, and nothing that can't be seen; lines stay sentences."""
    text = unicodedata.normalize("NFC", text)
    # A lone surrogate is half a character: nothing can be done with it later on.
    text = "".join(_visible(character) for character in text).translate(_LOOKALIKES)
    text = unicodedata.normalize("NFC", _VARIATION.sub("", text))
    return _NEW_LINE.sub(". ", text)


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if character in _LINE_ENDS:
        return "\n"
    if category[0] == "Z" or category == "Cc":
        return " "
    return "" if category in ("Cf", "Cs", "Co", "Cn") else character


def read_emoji(text: str, meanings: Mapping[str, str]) -> str:
    """Each emoji as its word, once where it is repeated; those without a meaning are left out."""
    found: list[str] = []
    last = ""
    for character in text:
        if character in meanings:
            if character != last:
                found.append(f" {meanings[character]} ")
            last = character
        elif _is_emoji(character):
            found.append(" ")
        else:
            found.append(character)
            if not character.isspace():
                last = character
    return "".join(found)


def _is_emoji(character: str) -> bool:
    return ord(character) >= 0x2190 and unicodedata.category(character) in ("So", "Sk")


def uncensored(word: str, censored: tuple[str, ...]) -> str:
    """The one word of the list that a masked word can be: `s*lvm*rd` → `selvmord`."""
    if len(word) > LONGEST_MASKED or word.isalpha() or word.isdigit():
        return word
    for gap in (r"\w", r"\w{0,3}"):  # a sign for each letter, or any few
        pattern = "".join(gap if sign in _ANY else _class_of(sign) for sign in word.lower())
        found = [known for known in censored if re.fullmatch(pattern, known)]
        if len(found) == 1:
            return found[0]
    return word


def _class_of(sign: str) -> str:
    letters = _SIGNS.get(sign)
    return f"[{letters}]" if letters else re.escape(sign)


def _joined(spelled: str, censored: tuple[str, ...]) -> str:
    word = "".join(c for c in spelled if c.isalpha())
    return word if word.lower() in censored else spelled


def _word(word: str, tables: Writing) -> str:
    lower = word.lower()
    if _REPEATED.search(lower) and lower != "www":
        single, double = _REPEATED.sub(r"\1", lower), _REPEATED.sub(r"\1\1", lower)
        lower = double if double in tables.words and single not in tables.words else single
        word = lower.capitalize() if word[0].isupper() and word[1:].islower() else lower
    meant = tables.spellings.get(lower) or tables.letters.get(lower)
    if meant is None:
        return word
    return meant.capitalize() if word[0].isupper() and not word.isupper() else meant
