"""Two linear models of the same labels: of how a message is written, and of what it means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from rasa.shared.nlu.training_data.message import Message
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from bot.nlu.features import SparseWeights, dense_features

TRUSTED_TYPES = ["scipy.sparse._csr.csr_matrix"]  # the idf weights of TfidfTransformer


class JoinedModel:
    """tf-idf over each sparse featurizer's counts, then one linear SVM a label; a logistic
    regression over the dense features, where there are any.

    The SVM's probabilities are the softmax of `temperature` times its decision values. Messages
    without dense features (the encoder's file is missing) are judged by the SVM alone.
    """

    def __init__(
        self,
        temperature: float,
        weights: Sequence[Any] = (),
        svm: LinearSVC | None = None,
        regression: Pipeline | None = None,
    ) -> None:
        self._temperature = temperature
        self._weights = SparseWeights(weights)
        self._svm = svm
        self._regression = regression

    @property
    def labels(self) -> list[str]:
        return [str(label) for label in self._svm.classes_]

    def fit(
        self,
        messages: list[Message],
        labels: list[str],
        C: float,
        dense_C: float,
        dense_class_weight: str | None,
        random_state: int,
    ) -> None:
        self._svm = LinearSVC(C=C, class_weight="balanced", random_state=random_state)
        self._svm.fit(self._weights.fit(messages), labels)
        # Half the memory at no loss: the weights are noisier than the seventh digit.
        self._svm.coef_ = self._svm.coef_.astype(np.float32)
        vectors = dense_features(messages)
        if vectors is not None:
            self._regression = make_pipeline(
                StandardScaler(),
                LogisticRegression(C=dense_C, class_weight=dense_class_weight, max_iter=500),
            ).fit(vectors, labels)

    def judge(self, messages: list[Message]) -> list[np.ndarray]:
        """Log-probabilities (messages, labels) of each model that can judge these messages."""
        decisions = self._svm.decision_function(self._weights.transform(messages))
        judged = [log_softmax(self._temperature * decisions, axis=1)]
        vectors = dense_features(messages)
        if vectors is not None and self._regression is not None:
            judged.append(self._regression.predict_log_proba(vectors))
        return judged

    def save(self, path: Path) -> None:
        parts = {
            "weights": self._weights.weights,
            "svm": self._svm,
            "regression": self._regression,
        }
        skops.io.dump(parts, path)

    @classmethod
    def load(cls, path: Path, temperature: float) -> JoinedModel:
        """Raises skops' error for types that it doesn't know: a tampered model can't run code."""
        return cls(temperature, **skops.io.load(path, trusted=TRUSTED_TYPES))
