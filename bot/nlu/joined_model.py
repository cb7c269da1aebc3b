"""Two linear models of the same labels: of how a message is written, and of what it means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import hstack, vstack
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from bot.nlu.features import dense_features, sparse_features

SVM, REGRESSION, IDF = "svm", "regression", "idf_"


@dataclass(frozen=True)
class _Linear:
    """`x @ weights + intercept`, a score for each label."""

    weights: np.ndarray
    intercept: np.ndarray


class JoinedModel:
    """tf-idf over each sparse featurizer's counts, then one linear SVM a label; a logistic
    regression over the dense features, where there are any.

    scikit-learn fits both; what it found is kept as arrays, because its checks of one message cost
    ten times what the sums do. The SVM's probabilities are the softmax of `temperature` times its
    decision values. Messages without dense features (the encoder's file is missing) are judged by
    the SVM alone.
    """

    def __init__(self, temperature: float) -> None:
        self._temperature = temperature
        self.labels: list[str] = []
        # Inverse document frequencies, one array a sparse featurizer, in the pipeline's order.
        self._idf: list[np.ndarray] = []
        self._linear: dict[str, _Linear] = {}

    def fit(
        self,
        messages: list[Message],
        labels: list[str],
        C: float,
        dense_C: float,
        dense_class_weight: str | None,
        random_state: int,
    ) -> None:
        """Raises ValueError for fewer than three labels: scikit-learn lays out two differently."""
        if len(set(labels)) < 3:
            raise ValueError(f"At least three labels are needed, not {sorted(set(labels))}.")
        counts = [
            vstack(block, format="csr", dtype=np.float32)
            for block in zip(*map(sparse_features, messages), strict=True)
        ]
        # Each featurizer is weighed and normalised by itself, so that the many character n-grams
        # don't drown the few words (two points of macro-F1 when it was tried).
        weighing = [TfidfTransformer(sublinear_tf=True).fit(block) for block in counts]
        weighed = [w.transform(block) for w, block in zip(weighing, counts, strict=True)]
        svm = LinearSVC(C=C, class_weight="balanced", random_state=random_state)
        svm.fit(hstack(weighed, format="csr", dtype=np.float32), labels)
        self.labels = [str(label) for label in svm.classes_]
        self._idf = [w.idf_ for w in weighing]
        self._linear[SVM] = _Linear(_by_term(svm.coef_), svm.intercept_)
        vectors = dense_features(messages)
        if vectors is not None:
            scaler = StandardScaler().fit(vectors)
            regression = LogisticRegression(
                C=dense_C, class_weight=dense_class_weight, max_iter=500
            ).fit(scaler.transform(vectors), labels)
            weights = regression.coef_ / scaler.scale_  # the scaling, done once for all
            self._linear[REGRESSION] = _Linear(
                _by_term(weights), regression.intercept_ - weights @ scaler.mean_
            )

    def judge(self, messages: list[Message]) -> list[np.ndarray]:
        """Log-probabilities (messages, labels) of each model that can judge these messages."""
        decisions = np.array([self._decisions(message) for message in messages])
        judged = [log_softmax(self._temperature * decisions, axis=1)]
        vectors = dense_features(messages)
        if vectors is not None and REGRESSION in self._linear:
            regression = self._linear[REGRESSION]
            judged.append(log_softmax(vectors @ regression.weights + regression.intercept, axis=1))
        return judged

    def _decisions(self, message: Message) -> np.ndarray:
        """The SVM's decision values (labels,): what TfidfTransformer and LinearSVC give."""
        svm = self._linear[SVM]
        decisions = svm.intercept.copy()
        first = 0
        for counts, idf in zip(sparse_features(message), self._idf, strict=True):
            values = (np.log(counts.data) + 1) * idf[counts.col]
            length = np.sqrt(values @ values)
            if length:
                decisions += (values / length) @ svm.weights[first + counts.col]
            first += len(idf)
        return decisions

    def save(self, path: Path) -> None:
        arrays = {f"{IDF}{number}": idf for number, idf in enumerate(self._idf)}
        for name, linear in self._linear.items():
            arrays |= {f"{name}_weights": linear.weights, f"{name}_intercept": linear.intercept}
        np.savez(path, labels=np.array(self.labels), **arrays)

    @classmethod
    def load(cls, path: Path, temperature: float) -> JoinedModel:
        """Raises numpy's ValueError for pickled objects: a tampered model can't run code."""
        model = cls(temperature)
        with np.load(path, allow_pickle=False) as arrays:
            model.labels = arrays["labels"].tolist()
            featurizers = sum(name.startswith(IDF) for name in arrays.files)
            model._idf = [arrays[f"{IDF}{number}"] for number in range(featurizers)]
            for name in (SVM, REGRESSION):
                if f"{name}_weights" in arrays.files:
                    model._linear[name] = _Linear(
                        arrays[f"{name}_weights"], arrays[f"{name}_intercept"]
                    )
        return model


def _by_term(weights: np.ndarray) -> np.ndarray:
    """(labels, terms) as (terms, labels), a message's few terms lying together in memory. Half
    the memory at no loss: the weights are noisier than the seventh digit.
    """
    return np.ascontiguousarray(weights.T, np.float32)
