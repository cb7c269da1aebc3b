"""Reads the training files once a process, where Rasa reads and validates them four times."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class TrainingFilesOnce(RasaFileImporter):
    """Rasa's own importer of files, with a memory for the NLU data of unchanged files."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        files = tuple((path, Path(path).stat().st_mtime_ns) for path in self._nlu_files)
        read = _read(files, language)
        # Messages of their own for each caller: the components write their features into them.
        return TrainingData(
            training_examples=[Message(dict(example.data)) for example in read.training_examples],
            entity_synonyms=dict(read.entity_synonyms),
            regex_features=list(read.regex_features),
            lookup_tables=list(read.lookup_tables),
            responses=dict(read.responses),
        )


@cache
def _read(files: tuple[tuple[str, int], ...], language: str | None) -> TrainingData:
    return utils.training_data_from_paths([path for path, _ in files], language)
