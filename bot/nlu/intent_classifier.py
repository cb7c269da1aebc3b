"""The intent: what the n-grams say of a message and what its meaning says, added."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax

from bot.nlu.features import has_sparse
from bot.nlu.joined_model import JoinedModel

MODEL_FILE = "intent_classifier.npz"
RANKING_KEY = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class JoinedIntentClassifier(GraphComponent, IntentClassifier):
    """A JoinedModel of the intents: its two log-probabilities are added.

    Both are surer than they are right, as the encoder was tuned on the messages that they learn
    from; `sureness` under 1 brings the sum's confidence down to the share that is right, without
    changing the order of the intents.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "C": 2.0,
            "temperature": 4.0,
            "dense_C": 0.1,
            "sureness": 1.0,
            "random_state": 42,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: JoinedModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model or JoinedModel(config["temperature"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> JoinedIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> JoinedIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model = JoinedModel.load(folder / MODEL_FILE, config["temperature"])
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        self._model.fit(
            examples,
            [example.get(INTENT) for example in examples],
            C=self._config["C"],
            dense_C=self._config["dense_C"],
            dense_class_weight="balanced",
            random_state=self._config["random_state"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        featurized = [message for message in messages if has_sparse(message)]
        if featurized:
            intents = self._model.labels
            for message, confidences in zip(featurized, self._judge(featurized), strict=True):
                order = np.argsort(-confidences)
                ranking = [{"name": intents[i], "confidence": float(confidences[i])} for i in order]
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _judge(self, messages: list[Message]) -> np.ndarray:
        """Probabilities (messages, intents)."""
        return softmax(self._config["sureness"] * sum(self._model.judge(messages)), axis=1)
