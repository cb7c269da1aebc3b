"""A message's features as arrays: how it is written (sparse), what it means (dense)."""

from __future__ import annotations

import numpy as np
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import coo_matrix


def has_sparse(message: Message) -> bool:
    """Whether the message was featurized; a button's payload, already parsed, wasn't."""
    return bool(sparse_features(message))


def sparse_features(message: Message) -> list[coo_matrix]:
    """The message's sparse sentence features, one row of counts a featurizer."""
    return [
        feature.features.tocoo(copy=False)
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
