"""The trained model on the held-out test messages: a fall below these is no longer noise.

The measured figures stand in docs/evaluation/test.md; each floor lies about two standard errors
below its figure.
"""

import pytest

from bot.evaluation import MESSAGES, predict, read_messages, scores, share
from bot.preparation import model_path


@pytest.fixture(scope="module")
def messages():
    return predict(model_path(), read_messages(MESSAGES / "test"))


@pytest.mark.parametrize(
    ("measure", "floor"),
    [("macro F1", 0.84), ("accuracy", 0.79), ("crisis recall", 0.89), ("crisis precision", 0.80)],
)
def test_headline_figures(messages, measure, floor):
    assert scores(messages)[measure] >= floor


@pytest.mark.parametrize("kind", ["suicide", "violence", "child_danger", "acute", "harm_others"])
def test_each_kind_of_crisis_is_answered_as_a_crisis(messages, kind):
    of_kind = [m for m in messages if m.intent == f"crisis_{kind}"]
    assert len(of_kind) >= 30
    assert share(of_kind, lambda m: m.answered_as_crisis) >= 0.8


@pytest.mark.parametrize("variety", ["bokmal", "nynorsk", "dialect", "sms", "second_language"])
def test_no_variety_is_left_behind(messages, variety):
    of_variety = [m for m in messages if m.variety == variety]
    assert share(of_variety, lambda m: m.predicted == m.intent) >= 0.7
