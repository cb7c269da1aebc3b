"""Where the directory lives: SQLite beside the project, or any SQLAlchemy URL."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

ROOT = Path(__file__).resolve().parents[2]
CSV_FOLDER = ROOT / "data" / "directory"


def database_url() -> str:
    return os.environ.get("DIRECTORY_DATABASE_URL") or f"sqlite:///{ROOT}/var/directory.db"


def open_engine(url: str | None = None) -> Engine:
    """An engine for `url`, by default the configured one."""
    url = url or database_url()
    if url.startswith("sqlite:///"):
        Path(url[len("sqlite:///") :]).parent.mkdir(parents=True, exist_ok=True)
    return create_engine(url, future=True)


def migrate(url: str | None = None) -> None:
    """Bring the tables to the newest version."""
    # Only here: the action server reads the directory and need not carry Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    # Alembic reads the option through ConfigParser, where % must be doubled.
    config.set_main_option("sqlalchemy.url", (url or database_url()).replace("%", "%%"))
    command.upgrade(config, "head")
