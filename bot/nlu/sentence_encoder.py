"""A sentence encoder's vector as a dense feature: what a message means."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
BOS, PAD, EOS = 0, 1, 2
BATCH = 32


class SentenceEncoder:
    """multilingual-e5-small, pruned and tuned (models/encoder), run by onnxruntime."""

    def __init__(self, path: Path) -> None:
        """Raises onnxruntime's errors where the file is missing or broken."""
        options = onnxruntime.SessionOptions()
        # Several servers share the machine: one message is one thread's work.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        about = self._session.get_modelmeta().custom_metadata_map
        self._tokenizer = Tokenizer.from_str(about["tokenizer"])
        self._prefix = about["prefix"]
        # Longer messages are read to here; sentence by sentence they are read to their end.
        self._tokenizer.enable_truncation(int(about["positions"]) - 2)

    def __call__(self, texts: Sequence[str], workers: int = 1) -> np.ndarray:
        """Vectors of length 1, (texts, 384) float32, in the order of `texts`.

        `workers` batches are reckoned at a time: for many texts nearly as many times faster, where
        more threads for one batch gain little.
        """
        encodings = self._tokenizer.encode_batch([self._prefix + text for text in texts])
        rows = [[BOS, *encoding.ids, EOS] for encoding in encodings]
        # Alike in length together: little is reckoned for padding.
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        parts = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        batches = [[rows[i] for i in part] for part in parts]
        if workers > 1:
            with ThreadPoolExecutor(workers) as pool:
                found = list(pool.map(self._vectors, batches))
        else:
            found = [self._vectors(batch) for batch in batches]
        vectors = np.empty((len(rows), found[0].shape[1]), np.float32)
        vectors[order] = np.concatenate(found)
        return vectors

    def _vectors(self, rows: list[list[int]]) -> np.ndarray:
        length = max(map(len, rows))
        ids = np.array([row + [PAD] * (length - len(row)) for row in rows], np.int64)
        return self._session.run(None, {"ids": ids, "mask": (ids != PAD).astype(np.int64)})[0]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Gives each message its vector. Without the file it gives none, says so once in the log, and
    the assistant goes on with the n-grams alone.

    The environment variable SENTENCE_ENCODER_FILE names another file, or, empty, none: it takes
    a third of the time to understand a message then, and understands less (docs/evaluation).
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            **DenseFeaturizer.get_default_config(),
            "file": "models/encoder/dist/encoder.onnx",
            "training_workers": 2,
        }

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._file = os.environ.get("SENTENCE_ENCODER_FILE", config["file"])
        self._encoder = self._load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        pass

    def _load(self) -> SentenceEncoder | None:
        if not self._file:
            return None
        try:
            return SentenceEncoder(ROOT / self._file)
        except Exception as error:
            logger.error("No sentence encoder (%s): going on without it.", type(error).__name__)
            return None

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [e for e in training_data.training_examples if e.get(TEXT)]
        self._featurize(examples, self._config["training_workers"])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        self._featurize([m for m in messages if m.get(TEXT)])
        return messages

    def _featurize(self, messages: list[Message], workers: int = 1) -> None:
        if self._encoder is None or not messages:
            return
        vectors = self._encoder([message.get(TEXT) for message in messages], workers)
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(
                Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
