"""Signs of a crisis that are known by their words: data/crisis, read and reviewed by people."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

CRISIS_DATA = Path(__file__).parents[2] / "data" / "crisis"
_SHARED_WORDS = re.compile(r"\{(\w+)\}")
_WORD_START = re.compile(r"\b\w")
_INDEX_LENGTH = 3  # letters by which a phrase of another language is looked up
# Letters that Unicode doesn't take apart into a plain letter and a mark.
# Arabic and Persian keyboards write the same letter in two ways.
_PLAIN = str.maketrans("łđøıŧŋßæœðيىكةʼ", "ldoitnsaodییکه'")
_MARKS = re.compile("[\u0300-\u036f]")
KIND = re.compile("crisis_")
WINDOW, OVERLAP = 30, 12  # words
LONGEST_WINDOW = 300  # characters; only what isn't words is longer


class Sign(NamedTuple):
    """One entry of the lexicon: where `pattern` stands in a sentence and none of `unless` does,
    it is a crisis of `kind`. `whole` asks for the sentence to be nothing else.
    """

    id: str
    kind: str
    pattern: re.Pattern[str]
    whole: bool
    unless: tuple[re.Pattern[str], ...]

    def is_in(self, sentence: str) -> bool:
        if self.whole:
            found = self.pattern.fullmatch(sentence.strip(" .,!?-\"'"))
        else:
            found = self.pattern.search(sentence)
        return bool(found) and not any(guard.search(sentence) for guard in self.unless)


class Found(NamedTuple):
    """A sign in a text: the entry's id (`pl: zabić się` for one of another language), its kind."""

    id: str
    kind: str
    is_foreign: bool = False


class Lexicon:
    """The Norwegian signs and the crisis words of other languages."""

    def __init__(self, signs: list[Sign], phrases: dict[str, list[tuple[str, Found]]]) -> None:
        self.signs = signs
        self._spaced = defaultdict(list)
        self._unspaced = []
        for language, found in phrases.items():
            for phrase, sign in found:
                if language in _WITHOUT_SPACES or not _is_latin(phrase):
                    self._unspaced.append((phrase, sign))
                else:
                    self._spaced[phrase[:_INDEX_LENGTH]].append((phrase, sign))

    def find(self, sentence: str) -> Iterator[Found]:
        """The signs in one normalised sentence, Norwegian ones first, in the lexicon's order."""
        for window in _windows(sentence):
            yield from self._find(window)

    def _find(self, sentence: str) -> Iterator[Found]:
        lower = sentence.lower()
        for sign in self.signs:
            if sign.is_in(lower):
                yield Found(sign.id, sign.kind)
        folded = fold(sentence)
        for start in _WORD_START.finditer(folded):
            at = start.start()
            for phrase, sign in self._spaced.get(folded[at : at + _INDEX_LENGTH], ()):
                if folded.startswith(phrase, at):
                    yield sign
        if not _is_latin(folded):
            yield from (sign for phrase, sign in self._unspaced if phrase in folded)


_WITHOUT_SPACES = {"th"}


def _windows(sentence: str) -> Iterator[str]:
    """The sentence or, where it has no end, stretches of it that overlap: a pattern with gaps takes
    far longer on 2,000 characters than on ten times 200.
    """
    words = sentence.split()
    for start in range(0, max(len(words) - OVERLAP, 1), WINDOW - OVERLAP):
        yield " ".join(words[start : start + WINDOW])[:LONGEST_WINDOW]


def fold(text: str) -> str:
    """Lower case without diacritics, as people type on the keyboard that they have."""
    apart = unicodedata.normalize("NFD", text.lower().translate(_PLAIN))
    # Only the marks of Latin, Greek and Cyrillic: those of Thai are vowels.
    return unicodedata.normalize("NFC", _MARKS.sub("", apart))


def _is_latin(text: str) -> bool:
    return all(ord(c) < 0x370 or 0x1E00 <= ord(c) < 0x2190 for c in text)


@cache
def read_lexicon(folder: Path = CRISIS_DATA) -> Lexicon:
    """Both files. Raises OSError, KeyError or re.error where one is missing or broken."""
    data = yaml.safe_load((folder / "lexicon.yml").read_text(encoding="utf-8"))
    words = {name: f"(?:{'|'.join(forms)})" for name, forms in data["words"].items()}

    def compiled(pattern: str) -> re.Pattern[str]:
        spelled = _SHARED_WORDS.sub(lambda m: words.get(m[1], m[0]), pattern)
        return re.compile(rf"(?<!\w)(?:{spelled})(?!\w)")

    guards = {
        name: compiled("|".join(f"(?:{pattern})" for pattern in patterns))
        for name, patterns in data["guards"].items()
    }
    signs = [
        Sign(
            entry["id"],
            entry["kind"],
            compiled(entry["pattern"]),
            entry.get("whole", False),
            tuple(guards[name] for name in entry.get("unless", ())),
        )
        for entry in data["entries"]
    ]
    other = yaml.safe_load((folder / "languages.yml").read_text(encoding="utf-8"))["languages"]
    phrases = {
        language: [
            (fold(phrase), Found(f"{language}: {phrase}", kind, True))
            for kind, group in entry.items()
            if KIND.match(kind)
            for phrase in group
        ]
        for language, entry in other.items()
    }
    return Lexicon(signs, phrases)
