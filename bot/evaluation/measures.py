"""The figures of a report, each with the number of messages that it rests on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from sklearn.metrics import f1_score

from bot.evaluation.messages import Held

# needs.md: a bare "I can't go on" and being afraid of oneself may be either.
EITHER_KIND = {"crisis_suicide", "crisis_acute"}
CALIBRATION_BINS = 10
# Of the same model on other messages, 19 of 20 figures lie within so many standard errors.
NOISE_STANDARD_ERRORS = 2.0


class Figure(NamedTuple):
    """A share from 0 to 1, of `count` messages; nan of none."""

    value: float
    count: int

    @property
    def noise(self) -> float:
        """How far the figure may fall by chance: two standard errors, and never nothing."""
        spread = max(self.value * (1 - self.value), 0.01)
        return NOISE_STANDARD_ERRORS * math.sqrt(spread / max(self.count, 1))


def share(messages: Iterable[Held], is_right: Callable[[Held], bool]) -> Figure:
    judged = [is_right(message) for message in messages]
    return Figure(sum(judged) / len(judged) if judged else math.nan, len(judged))


def is_right(message: Held) -> bool:
    return message.predicted == message.intent


def macro_f1(messages: list[Held]) -> Figure:
    wanted = [m.intent for m in messages]
    predicted = [m.predicted for m in messages]
    labels = sorted(set(wanted))
    return Figure(
        f1_score(wanted, predicted, average="macro", labels=labels, zero_division=0), len(messages)
    )


def headline(messages: list[Held]) -> dict[str, Figure]:
    """What the goals are about; "false", "turned away" and "error" are better when small."""
    crises = [m for m in messages if m.is_crisis]
    ordinary = [m for m in messages if not m.is_crisis]
    return {
        "accuracy": share(messages, is_right),
        "accuracy, bokmål": share([m for m in messages if m.variety == "bokmal"], is_right),
        "accuracy, one word": share([m for m in messages if m.is_one_word], is_right),
        "macro-F1": macro_f1(messages),
        "crisis recall": share(crises, lambda m: m.helped),
        "crisis recall, veiled": share([m for m in crises if m.veiled], lambda m: m.helped),
        "crisis precision": share([m for m in messages if m.helped], lambda m: m.is_crisis),
        "right kind of crisis": share(crises, lambda m: m.answered == m.intent),
        "right kind, suicide or acute either way": share(
            crises, lambda m: m.answered == m.intent or {m.answered, m.intent} == EITHER_KIND
        ),
        "false alarms, near misses": share(
            [m for m in ordinary if m.near_miss], lambda m: m.helped
        ),
        "false alarms, all other messages": share(
            [m for m in ordinary if not m.near_miss], lambda m: m.helped
        ),
        "out of scope caught": share(
            [m for m in messages if m.intent == "out_of_scope"], lambda m: m.turned_away
        ),
        "in scope turned away": share(
            [m for m in messages if m.intent != "out_of_scope"], lambda m: m.turned_away
        ),
        "calibration error": calibration_error(messages),
    }


def is_better_small(name: str) -> bool:
    return name.startswith(("false", "in scope turned", "calibration"))


def calibration(messages: list[Held]) -> list[tuple[float, float, int]]:
    """For each tenth of confidence that occurs: mean confidence, share right, messages."""
    bins: dict[int, list[Held]] = {}
    for message in messages:
        number = min(int(message.confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1)
        bins.setdefault(number, []).append(message)
    return [
        (float(np.mean([m.confidence for m in of_bin])), share(of_bin, is_right).value, len(of_bin))
        for _, of_bin in sorted(bins.items())
    ]


def calibration_error(messages: list[Held]) -> Figure:
    """Expected calibration error: how far confidence is from the share right, on average."""
    total = sum(count * abs(mean - right) for mean, right, count in calibration(messages))
    return Figure(total / len(messages) if messages else math.nan, len(messages))
