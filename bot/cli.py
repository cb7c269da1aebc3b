"""`foreldreveiviseren …`: the commands for whoever runs or edits the guide."""

from __future__ import annotations

import sys
from pathlib import Path

import typer
from sqlalchemy.orm import Session

from bot.directory import database, importer
from bot.directory.lookup import write_lookup

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
directory = typer.Typer(no_args_is_help=True, help="Services, offices and places.")
app.add_typer(directory, name="directory")


def _read_directory(folder: Path) -> importer.Facts:
    try:
        return importer.read(folder)
    except importer.BadDirectory as error:
        print(f"{len(error.problems)} bad rows, nothing was changed:", file=sys.stderr)
        print(error, file=sys.stderr)
    except FileNotFoundError as error:
        print(f"{error.filename} is missing, nothing was changed.", file=sys.stderr)
    raise typer.Exit(1)


@directory.command("import")
def import_directory(folder: Path = typer.Argument(database.CSV_FOLDER)) -> None:
    """Fill the directory's database from the CSV files, after checking all of them."""
    facts = _read_directory(folder)
    database.migrate()
    with Session(database.open_engine(), future=True) as session:
        counts = importer.write(session, facts)
        session.commit()
    print(", ".join(f"{count} {table}" for table, count in counts.items() if count))


@directory.command("check")
def check_directory(folder: Path = typer.Argument(database.CSV_FOLDER)) -> None:
    """Check the CSV files without changing anything."""
    facts = _read_directory(folder)
    print(f"{sum(map(len, facts))} rows, all good.")


@directory.command("lookup")
def lookup_directory() -> None:
    """Write the lookup table of place names for the NLU (then train again)."""
    path = database.ROOT / "data" / "nlu" / "places.yml"
    print(f"{write_lookup(_read_directory(database.CSV_FOLDER), path)} names in {path.name}")


if __name__ == "__main__":
    app()
