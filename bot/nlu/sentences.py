"""A message's sentences, read beside the whole: a parent's worst line may stand amid small talk."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\s*;\s+")
# Where a clause may begin in a message without full stops.
_CLAUSE = re.compile(
    r"\s*,\s*(?:(?:og|men|så|samt|pluss)\s+)?"
    r"|\s+(?:men|pluss|dessuten|forresten)\s+"
    r"|\s+(?:og|å)\s+(?=(?:jeg|jg|eg|æ|e|vi|me|mi|hva|ka|kva|hvor|kor|hvordan|korleis|når|kan|har|er|de|dei|han|ho|hun)\b)"
)
_WORD = re.compile(r"\w+")
SHORTEST_CLAUSE = 3  # words: shorter pieces stay with their neighbour
LONGEST_SENTENCE = 14  # words: longer ones are read by clauses too,
MANY_CLAUSES = 3  # and shorter ones of so many: each piece read costs time


def sentences(text: str) -> list[str]:
    """The sentences of a normalised text, long ones and those of many clauses by their clauses; []
    where there is one only.

    Every word of the text stands in one of them, in order.
    """
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        clauses = _clauses(sentence)
        if _length(sentence) > LONGEST_SENTENCE or len(clauses) >= MANY_CLAUSES:
            found += clauses
        elif _length(sentence):
            found.append(sentence.strip())
    return found if len(found) > 1 else []


def _clauses(sentence: str) -> list[str]:
    """Cut where a clause may begin, but only between pieces that can stand alone."""
    cuts = [0]
    for cut in _CLAUSE.finditer(sentence):
        if (
            _length(sentence[cuts[-1] : cut.start()]) >= SHORTEST_CLAUSE
            and _length(sentence[cut.end() :]) >= SHORTEST_CLAUSE
        ):
            cuts.append(cut.start())
    pieces = [sentence[a:b] for a, b in zip(cuts, [*cuts[1:], None], strict=True)]
    return [piece.strip(" ,") for piece in pieces]


def _length(text: str) -> int:
    return len(_WORD.findall(text))
