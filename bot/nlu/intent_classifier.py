"""Two linear models, joined: an SVM over the n-grams and a regression over the sentence vector."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from bot.nlu.features import SparseWeights, dense_features, has_sparse

MODEL_FILE = "intent_classifier.skops"
RANKING_KEY = "intent_ranking"
TRUSTED_TYPES = ["scipy.sparse._csr.csr_matrix"]  # the idf weights of TfidfTransformer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class JoinedIntentClassifier(GraphComponent, IntentClassifier):
    """tf-idf over each sparse featurizer's counts, then one linear SVM an intent; a logistic
    regression over the dense features, where there are any; their log-probabilities are added.

    The SVM's probabilities are the softmax of `temperature` times its decision values. A message
    without dense features (the encoder's file is missing) is judged by the SVM alone.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn", "skops"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "C": 2.0,
            "temperature": 4.0,
            "dense_C": 0.1,
            "dense_weight": 1.0,
            "random_state": 42,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        weights: Sequence[Any] = (),
        svm: LinearSVC | None = None,
        regression: Pipeline | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._weights = SparseWeights(weights)
        self._svm = svm
        self._regression = regression

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
            # skops refuses types that it doesn't know, so a tampered model can't run code.
            parts = skops.io.load(folder / MODEL_FILE, trusted=TRUSTED_TYPES)
        return cls(config, model_storage, resource, **parts)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        intents = [example.get(INTENT) for example in examples]
        self._svm = LinearSVC(
            C=self._config["C"],
            class_weight="balanced",
            random_state=self._config["random_state"],
        )
        self._svm.fit(self._weights.fit(examples), intents)
        # Half the memory at no loss: the weights are noisier than the seventh digit.
        self._svm.coef_ = self._svm.coef_.astype(np.float32)
        vectors = dense_features(examples)
        if vectors is not None:
            self._regression = make_pipeline(
                StandardScaler(),
                LogisticRegression(
                    C=self._config["dense_C"], class_weight="balanced", max_iter=500
                ),
            ).fit(vectors, intents)
        with self._model_storage.write_to(self._resource) as folder:
            parts = {
                "weights": self._weights.weights,
                "svm": self._svm,
                "regression": self._regression,
            }
            skops.io.dump(parts, folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        featurized = [message for message in messages if has_sparse(message)]
        if featurized:
            for message, confidences in zip(featurized, self._judge(featurized), strict=True):
                order = np.argsort(-confidences)
                ranking = [
                    {"name": str(self._svm.classes_[i]), "confidence": float(confidences[i])}
                    for i in order
                ]
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _judge(self, messages: list[Message]) -> np.ndarray:
        """Probabilities (messages, intents)."""
        decisions = self._svm.decision_function(self._weights.transform(messages))
        scores = log_softmax(self._config["temperature"] * decisions, axis=1)
        vectors = dense_features(messages)
        if vectors is not None and self._regression is not None:
            dense = self._regression.predict_log_proba(vectors)
            scores = scores + self._config["dense_weight"] * dense
        return softmax(scores, axis=1)
