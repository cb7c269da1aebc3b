"""Reads the training files once a process, where Rasa reads and validates them four times."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class TrainingFilesOnce(RasaFileImporter):
    """Rasa's own importer of files, with a memory for the NLU data of unchanged files."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        files = tuple((path, Path(path).stat().st_mtime_ns) for path in self._nlu_files)
        read = _read(files, language)
        # Messages of their own for each caller: the components write their features into them.
        return TrainingData(
            training_examples=[
                TrainingMessage(dict(example.data)) for example in read.training_examples
            ],
            entity_synonyms=dict(read.entity_synonyms),
            regex_features=list(read.regex_features),
            lookup_tables=list(read.lookup_tables),
            responses=dict(read.responses),
        )


class TrainingMessage(Message):
    """A message whose fingerprint is quickly taken: Rasa takes every message's after every
    component, and spells out each token and each number of its features for it.
    """

    def fingerprint(self) -> str:
        if self._cached_fingerprint is None:
            digest = hashlib.md5(usedforsecurity=False)  # as Rasa's own, read as a hex number
            for name, value in self.data.items():
                tokens = [vars(token) for token in value] if name in _TOKENS and value else value
                digest.update(repr((name, tokens)).encode())
            for features in self.features:
                about = (features.type, features.origin, features.attribute)
                digest.update(repr(about).encode())
                for part in _arrays(features):
                    digest.update(part.tobytes())
            self._cached_fingerprint = digest.hexdigest()
        return self._cached_fingerprint


_TOKENS = frozenset(TOKENS_NAMES.values())


def _arrays(features: Features) -> list:
    if features.is_dense():
        return [features.features]
    matrix = features.features.tocoo()
    return [matrix.row, matrix.col, matrix.data]


@cache
def _read(files: tuple[tuple[str, int], ...], language: str | None) -> TrainingData:
    return utils.training_data_from_paths([path for path, _ in files], language)
