"""The trained model on the held-out test messages: CI fails when a headline figure has fallen.

The figures of the committed report (docs/evaluation/test.json) are what it is compared with; a fall
of two standard errors is no longer noise. After a change that is meant, `make evaluate` writes the
report anew, and the review sees the figures change.
"""

import json

import pytest

from bot.evaluation.measures import Figure, headline, is_better_small
from bot.evaluation.messages import (
    MESSAGES,
    as_compared,
    read_languages,
    read_messages,
    training_texts,
    understand,
)
from bot.evaluation.report import REPORTS, score_languages, score_places, score_recognition
from bot.preparation import model_path

COMMITTED = {
    name: Figure(*figure)
    for name, figure in json.loads((REPORTS / "test.json").read_text(encoding="utf-8")).items()
}
ELSEWHERE = ("places", "languages", "treebank")  # not of the test part's messages


@pytest.fixture(scope="module")
def figures():
    return headline(understand(model_path(), read_messages(MESSAGES / "test")))


@pytest.mark.parametrize("name", [n for n in COMMITTED if not any(e in n for e in ELSEWHERE)])
def test_no_headline_figure_has_fallen(figures, name):
    measured, committed = figures[name].value, COMMITTED[name]
    fallen = measured - committed.value if is_better_small(name) else committed.value - measured
    assert fallen <= committed.noise, f"{name}: {measured:.3f}, committed {committed.value:.3f}"


def test_places_are_still_found():
    for name, figure in score_places(model_path()).items():
        assert figure.value >= COMMITTED[name].value - COMMITTED[name].noise, name


def test_other_languages_are_still_recognised_and_their_cries_heard():
    foreign = read_languages()
    assert sum(message.is_crisis for message in foreign) >= 200
    figures = score_languages(understand(model_path(), foreign))
    figures["languages recognised"] = score_recognition(model_path())
    for name, figure in figures.items():
        committed = COMMITTED[name]
        fallen = committed.value - figure.value
        assert (-fallen if is_better_small(name) else fallen) <= committed.noise, name


def test_messages_in_other_languages_are_not_trained_on():
    trained = training_texts()
    texts = [message.text for message in read_languages()]
    assert [text for text in texts if as_compared(text) in trained] == []


def test_the_test_part_is_large_enough():
    messages = read_messages(MESSAGES / "test")
    of_intent: dict[str, int] = {}
    for message in messages:
        of_intent[message.intent] = of_intent.get(message.intent, 0) + 1
    assert min(of_intent.values()) >= 25
    assert all(n >= 150 for intent, n in of_intent.items() if intent.startswith("crisis_"))
    assert of_intent["out_of_scope"] >= 400
    assert sum(message.near_miss for message in messages) >= 400
