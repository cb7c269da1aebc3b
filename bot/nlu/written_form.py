"""Bokmål or nynorsk: which of the two a message is written in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parents[2] / "data" / "writing" / "written_form.tsv"
_WORD = re.compile(r"[^\W\d_]+")
ENDING = 3


def features(text: str) -> Iterator[str]:
    """What speaks for one of the forms: the words, and the endings of longer ones (`-ane`)."""
    for word in _WORD.findall(text.lower()):
        yield word
        if len(word) > ENDING + 1:
            yield f"-{word[-ENDING:]}"


@cache
def _weights(path: Path = TABLE) -> dict[str, float]:
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: float(weight) for name, weight in rows}


def nynorsk_probability(text: str) -> float:
    """0 (bokmål) to 1 (nynorsk); about a half where nothing speaks for either."""
    weights = _weights()
    total = weights[""] + sum(weights.get(name, 0.0) for name in set(features(text)))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
