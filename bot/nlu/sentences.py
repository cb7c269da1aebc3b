"""A message's sentences, read beside the whole: a parent's worst line may stand amid small talk."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\s*;\s+")
# Where a clause may begin in a message without full stops.
_CLAUSE = re.compile(
    r"\s*,\s*(?:(?:og|men|så|samt|pluss)\s+)?"
    r"|\s+(?:men|pluss|dessuten|forresten)\s+"
    r"|\s+(?:og|å)\s+(?=(?:jeg|jg|eg|æ|e|vi|me|mi|hva|ka|kva|hvor|kor|hvordan|korleis|når|kan|har|er|de|dei|han|ho|hun)\b)"
)
_WORD = re.compile(r"\w+")
SHORTEST_CLAUSE = 3  # words: shorter pieces stay with their neighbour
LONGEST_SENTENCE = 10  # words: longer ones are read by clauses too


def sentences(text: str) -> list[str]:
    """The sentences of a normalised text, long ones by their clauses; [] where there is one only.

    Every word of the text stands in one of them, in order.
    """
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        if _length(sentence) > LONGEST_SENTENCE:
            found += _clauses(sentence)
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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceSplitter(GraphComponent):
    """Puts a message's sentences behind it, as messages of their own, so that all later components
    read them too; NeedsCollector makes one message of them again.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"most_sentences": 40}

    def __init__(self, config: dict[str, Any]) -> None:
        self._most_sentences = config["most_sentences"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceSplitter:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if len(messages) != 1:  # a batch of whole messages, as in Rasa's own evaluation
            return messages
        found = sentences(messages[0].get(TEXT) or "")[: self._most_sentences]
        return messages + [Message({TEXT: sentence}) for sentence in found]
