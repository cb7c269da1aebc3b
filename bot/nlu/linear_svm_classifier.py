"""A linear SVM over the sparse features, which raises a message to crisis when in doubt."""

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
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.svm import LinearSVC

MODEL_FILE = "linear_svm.skops"
RANKING_KEY = "intent_ranking"
TRUSTED_TYPES = ["scipy.sparse._csr.csr_matrix"]  # the idf weights of TfidfTransformer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearSVMClassifier(GraphComponent, IntentClassifier):
    """tf-idf over each featurizer's counts, then one linear SVM an intent.

    Each featurizer is weighed and normalised by itself, so that the many character n-grams don't
    drown the few words (two points of macro-F1 when it was tried).

    The confidences are the softmax of `temperature` times the SVMs' decision values: they rank
    as the SVMs do and can be compared with a threshold, chosen on the dev messages.

    Recall first: when the confidences of the intents named `crisis_…` sum to `crisis_threshold`
    or more, the likeliest of them is answered, even where another intent is likelier. A message
    taken as a crisis has at least `crisis_confidence`, and no less than the intent that it
    displaces, so that no fallback threshold turns it away.
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
            "crisis_prefix": "crisis_",
            "crisis_threshold": 0.15,
            "crisis_confidence": 0.5,
            "ranking_length": 5,
            "random_state": 42,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        weights: Sequence[TfidfTransformer] = (),
        svm: LinearSVC | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._weights = list(weights)
        self._svm = svm

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearSVMClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearSVMClassifier:
        with model_storage.read_from(resource) as folder:
            # skops refuses types that it doesn't know, so a tampered model can't run code.
            parts = skops.io.load(folder / MODEL_FILE, trusted=TRUSTED_TYPES)
        return cls(config, model_storage, resource, parts["weights"], parts["svm"])

    def train(self, training_data: TrainingData) -> Resource:
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        blocks = _features(examples)
        self._weights = [TfidfTransformer(sublinear_tf=True).fit(block) for block in blocks]
        self._svm = LinearSVC(
            C=self._config["C"],
            class_weight="balanced",
            random_state=self._config["random_state"],
        )
        self._svm.fit(self._weigh(blocks), [example.get(INTENT) for example in examples])
        # Half the memory at no loss: the weights are noisier than the seventh digit.
        self._svm.coef_ = self._svm.coef_.astype(np.float32)
        with self._model_storage.write_to(self._resource) as folder:
            parts = {"weights": self._weights, "svm": self._svm}
            skops.io.dump(parts, folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        # A button's payload, already parsed, has no features.
        featurized = [message for message in messages if _sentence_features(message)]
        if featurized:
            decisions = self._svm.decision_function(self._weigh(_features(featurized)))
            for message, confidences in zip(featurized, self._softmax(decisions), strict=True):
                self._set_intent(message, confidences)
        return messages

    def _weigh(self, blocks: list[csr_matrix]) -> csr_matrix:
        weighed = [
            _tfidf(block, weight.idf_) for block, weight in zip(blocks, self._weights, strict=True)
        ]
        return hstack(weighed, format="csr")

    def _softmax(self, decisions: np.ndarray) -> np.ndarray:
        scaled = self._config["temperature"] * decisions
        exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def _set_intent(self, message: Message, confidences: np.ndarray) -> None:
        ranking = [
            {"name": name, "confidence": float(confidences[i])}
            for i, name in sorted(
                enumerate(self._svm.classes_), key=lambda pair: -confidences[pair[0]]
            )
        ]
        crises = [i for i in ranking if i["name"].startswith(self._config["crisis_prefix"])]
        confidence = sum(intent["confidence"] for intent in crises)
        if crises and (confidence >= self._config["crisis_threshold"] or crises[0] is ranking[0]):
            least = max(self._config["crisis_confidence"], ranking[0]["confidence"])
            confidence = max(confidence, least)
            first = {"name": crises[0]["name"], "confidence": confidence}
            ranking = [first] + [i for i in ranking if i["name"] != first["name"]]
        message.set(INTENT, ranking[0], add_to_output=True)
        length = self._config["ranking_length"]
        message.set(RANKING_KEY, ranking[:length], add_to_output=True)


def _sentence_features(message: Message) -> list[csr_matrix]:
    """The message's sparse sentence features, one row of counts a featurizer."""
    return [
        feature.features
        for feature in message.features
        if feature.attribute == TEXT
        and feature.type == FEATURE_TYPE_SENTENCE
        and feature.is_sparse()
    ]


def _tfidf(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """What TfidfTransformer(sublinear_tf=True) gives, without its checks: they cost a message more
    than the sums do. `counts` is (messages, terms), `idf` (terms,); the rows get length 1.
    """
    values = (np.log(counts.data) + 1) * idf[counts.indices]
    row_of_value = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(row_of_value, weights=values**2, minlength=counts.shape[0])
    lengths = np.sqrt(np.where(squares == 0, 1, squares))
    scaled = (values / lengths[row_of_value]).astype(np.float32)
    return csr_matrix((scaled, counts.indices, counts.indptr), shape=counts.shape)


def _features(messages: list[Message]) -> list[csr_matrix]:
    """One matrix a featurizer, one row a message."""
    rows = [_sentence_features(message) for message in messages]
    return [vstack(block, format="csr", dtype=np.float32) for block in zip(*rows, strict=True)]
