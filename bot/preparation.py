"""What has to be there before the guide can run: the directory's database and a trained model."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy.orm import Session

from bot.directory import database, importer

ROOT = database.ROOT
MODELS = ROOT / "models"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa 3.6 stays on SQLAlchemy 1.4
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore::DeprecationWarning",  # of libraries that Rasa pins
}


def fingerprint(paths: Iterable[Path]) -> str:
    """A short digest of the files' names and contents, below folders too."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
        for file in files:
            if "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
                digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


def environment(**more: str) -> dict:
    """The environment for Rasa's own commands, without noise that a user can't act on."""
    return {**QUIET, **os.environ, **more}


def model_path() -> Path:
    """Where the model for the present data is, or will be."""
    inputs = ["config.yml", "domain.yml", "requirements.txt", "data/nlu", "data/stories"]
    inputs += ["bot/nlu", "models/nb_core_news_sm/dist", "models/encoder/dist", "data/writing"]
    return MODELS / f"assistant-{fingerprint(ROOT / name for name in inputs)}.tar.gz"


def train(say: Callable[[str], None] = print) -> Path:
    """Train a model for the present data with `rasa train`.

    Raises:
        subprocess.CalledProcessError: Rasa refused the data; its own words stand above.
    """
    path = model_path()
    say(f"Training a model for the present data ({path.name}). This takes some minutes.")
    # `make validate` and the tests check the data; here it would be read twice for it.
    command = [sys.executable, "-m", "bot.rasa_quietly", "train", "--skip-validation"]
    command += ["--data", "data/nlu", "data/stories"]
    command += ["--fixed-model-name", path.name[: -len(".tar.gz")]]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True)
    return path


def prepare(say: Callable[[str], None] = print) -> Path:
    """Fill the directory and train, each only where the files have changed; says why.

    Returns:
        the model's path.

    Raises:
        importer.BadDirectory, subprocess.CalledProcessError: as importing and training do.
    """
    fill_directory(say)
    path = model_path()
    if path.exists():
        return path
    older = sorted(MODELS.glob("assistant-*.tar.gz"))
    say("The data has changed since the last training." if older else "There is no model yet.")
    return train(say)


def fill_directory(say: Callable[[str], None] = print) -> None:
    """Import the CSV files where the database isn't made from just these."""
    url = database.database_url()
    present = fingerprint([database.CSV_FOLDER, ROOT / "bot" / "directory"])
    stamp = ROOT / "var" / "directory.fingerprint"
    made_from = stamp.read_text() if stamp.exists() else None
    if made_from == f"{present} {url}" and _has_rows(url):
        return
    say("Filling the directory of services and offices.")
    facts = importer.read(database.CSV_FOLDER)
    import_directory(facts)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(f"{present} {url}")


def import_directory(facts: importer.Facts) -> dict:
    """Bring the tables up to date and replace their contents; returns rows per table."""
    database.migrate()
    with Session(database.open_engine(), future=True) as session:
        counts = importer.write(session, facts)
        session.commit()
    return counts


def _has_rows(url: str) -> bool:
    prefix = "sqlite:///"
    return not url.startswith(prefix) or Path(url[len(prefix) :]).exists()
