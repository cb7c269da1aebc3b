"""Puts a message's sentences behind it, so that they are read too."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.sentences import sentences
from bot.nlu.training_files import TrainingMessage

CALM_SENTENCE = "calm_sentence"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceSplitter(GraphComponent):
    """Puts a message's sentences behind it, as messages of their own, so that all later components
    read them too; NeedsCollector makes one message of them again.

    In training it adds sentences of calm messages, one of `calm_sentences_step`, without an intent:
    from them the crisis detector learns how a harmless piece of a message looks. A crisis has
    harmless sentences and a near miss may have one that isn't, so theirs are left out.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"most_sentences": 40, "calm_sentences_step": 4}

    def __init__(self, config: dict[str, Any]) -> None:
        self._most_sentences = config["most_sentences"]
        self._calm_sentences_step = config["calm_sentences_step"]

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
        calm = [
            sentence
            for example in training_data.intent_examples
            if _is_calm(example)
            for sentence in sentences(example.get(TEXT) or "")
        ]
        training_data.training_examples += [
            TrainingMessage({TEXT: sentence, CALM_SENTENCE: True})
            for sentence in calm[:: self._calm_sentences_step]
        ]
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if len(messages) != 1:  # a batch of whole messages, as in Rasa's own evaluation
            return messages
        found = sentences(messages[0].get(TEXT) or "")[: self._most_sentences]
        return messages + [Message({TEXT: sentence}) for sentence in found]


def _is_calm(example: Message) -> bool:
    about = example.get(METADATA) or {}
    near_miss = (about.get(INTENT) or {}).get("near_miss", False)
    return not near_miss and not example.get(INTENT).startswith("crisis_")
