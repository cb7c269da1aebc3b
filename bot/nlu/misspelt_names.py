"""Which name a misspelt word means: `stavnger` is Stavanger."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 6  # letters: a slip makes another word of a shorter name too easily
LETTERS_A_SLIP = 5  # a word of 10 letters may have two slips


class MisspeltNames:
    """Finds the one name that a word is a slip or two away from.

    A slip is a letter lost, added, changed, or swapped with its neighbour. The first letter is
    rarely mistyped, and must be right.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, dict[str, str]] = {}
        for name in names:
            key = name.casefold()
            if key.isalpha():
                self._names.setdefault(key[0], {})[key] = name

    def meant_by(self, word: str) -> str | None:
        """The name; None where none is near enough, or several are equally near."""
        key = word.casefold()
        if len(key) < SHORTEST or not key.isalpha():
            return None
        near = process.extract(
            key,
            self._names.get(key[0], {}).keys(),
            scorer=OSA.distance,
            score_cutoff=len(key) // LETTERS_A_SLIP,
            limit=2,
        )
        if not near or (len(near) > 1 and near[0][1] == near[1][1]):
            return None
        return self._names[key[0]][near[0][0]]
