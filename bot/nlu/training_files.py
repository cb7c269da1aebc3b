"""Reads the training files once a process, where Rasa reads and validates them four times."""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path

from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


class TrainingFilesOnce(RasaFileImporter):
    """Rasa's own importer of files, with a memory for the NLU data of unchanged files."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        files = tuple((path, Path(path).stat().st_mtime_ns) for path in self._nlu_files)
        # A copy, because the components write their features into the examples.
        return copy.deepcopy(_read(files, language))


@cache
def _read(files: tuple[tuple[str, int], ...], language: str | None) -> TrainingData:
    return utils.training_data_from_paths([path for path, _ in files], language)
