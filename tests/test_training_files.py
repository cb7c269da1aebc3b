"""A training message's fingerprint tells any two apart that Rasa must not take for one."""

import numpy as np
import pytest
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from scipy.sparse import coo_matrix

from bot.nlu.training_files import TrainingMessage


def message(
    text="Når får jeg se henne?",
    intent="need_contact_child",
    lemma="få",
    counts=(0, 2, 1),
    vector=(0.5, 0.25),
    kind=FEATURE_TYPE_SENTENCE,
) -> TrainingMessage:
    made = TrainingMessage({TEXT: text, INTENT: intent, "text_tokens": [Token("får", 4, 7)]})
    made.get("text_tokens")[0].lemma = lemma
    made.add_features(Features(coo_matrix([counts]), kind, TEXT, "counts"))
    made.add_features(Features(np.array([vector]), FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    return made


def test_the_same_message_has_the_same_fingerprint():
    assert message().fingerprint() == message().fingerprint()
    assert message() == message() and hash(message()) == hash(message())


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Når får jeg se han?"},
        {"intent": "need_child_back"},
        {"lemma": "fare"},
        {"counts": (0, 1, 2)},
        {"counts": (2, 0, 1)},
        {"vector": (0.5, 0.26)},
        {"kind": FEATURE_TYPE_SEQUENCE},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_change_changes_it(change):
    assert message().fingerprint() != message(**change).fingerprint()


def test_a_component_that_writes_into_it_changes_it():
    made = message()
    before = made.fingerprint()
    made.set(TEXT, "noe annet")
    assert made.fingerprint() != before
