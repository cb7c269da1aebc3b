"""Message features as matrices: how a message is written (sparse), what it means (dense)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfTransformer


class SparseWeights:
    """tf-idf of each sparse featurizer's counts, side by side.

    Each is weighed and normalised by itself, so that the many character n-grams don't drown the
    few words (two points of macro-F1 when it was tried).
    """

    def __init__(self, weights: Sequence[TfidfTransformer] = ()) -> None:
        self.weights = list(weights)

    def fit(self, messages: list[Message]) -> csr_matrix:
        blocks = _sparse(messages)
        self.weights = [TfidfTransformer(sublinear_tf=True).fit(block) for block in blocks]
        return self._weigh(blocks)

    def transform(self, messages: list[Message]) -> csr_matrix:
        """(messages, terms of all featurizers)."""
        return self._weigh(_sparse(messages))

    def _weigh(self, blocks: list[csr_matrix]) -> csr_matrix:
        weighed = [
            tfidf(block, weight.idf_) for block, weight in zip(blocks, self.weights, strict=True)
        ]
        return hstack(weighed, format="csr")


def has_sparse(message: Message) -> bool:
    """Whether the message was featurized; a button's payload, already parsed, wasn't."""
    return bool(_sparse_of(message))


def _sparse_of(message: Message) -> list[csr_matrix]:
    """The message's sparse sentence features, one row of counts a featurizer."""
    return [
        feature.features
        for feature in message.features
        if feature.attribute == TEXT
        and feature.type == FEATURE_TYPE_SENTENCE
        and feature.is_sparse()
    ]


def dense_features(messages: list[Message]) -> np.ndarray | None:
    """The messages' sentence vectors (messages, dimensions); None where one of them has none."""
    rows = []
    for message in messages:
        dense = [
            feature.features
            for feature in message.features
            if feature.attribute == TEXT
            and feature.type == FEATURE_TYPE_SENTENCE
            and feature.is_dense()
        ]
        if not dense:
            return None
        rows.append(np.concatenate(dense, axis=1)[0])
    return np.array(rows, np.float32)


def tfidf(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """What TfidfTransformer(sublinear_tf=True) gives, without its checks: they cost a message more
    than the sums do. `counts` is (messages, terms), `idf` (terms,); the rows get length 1.
    """
    values = (np.log(counts.data) + 1) * idf[counts.indices]
    row_of_value = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    squares = np.bincount(row_of_value, weights=values**2, minlength=counts.shape[0])
    lengths = np.sqrt(np.where(squares == 0, 1, squares))
    scaled = (values / lengths[row_of_value]).astype(np.float32)
    return csr_matrix((scaled, counts.indices, counts.indptr), shape=counts.shape)


def _sparse(messages: list[Message]) -> list[csr_matrix]:
    """One matrix a featurizer, one row a message."""
    rows = [_sparse_of(message) for message in messages]
    return [vstack(block, format="csr", dtype=np.float32) for block in zip(*rows, strict=True)]
