"""`foreldreveiviseren …`: the commands for whoever runs or edits the guide."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import socket
import subprocess
import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text
from yaml import YAMLError

from bot import preparation
from bot.content import checks
from bot.content.languages import read_cards
from bot.content.pages import WRITTEN_FORMS, BadPages, Page, read_pages
from bot.content.tracks import read_tracks
from bot.directory import database, importer
from bot.directory.lookup import write_lookup
from bot.terminal import TerminalChat, Unreachable

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
directory = typer.Typer(no_args_is_help=True, help="Services, offices and places.")
content = typer.Typer(no_args_is_help=True, help="The written pages.")
app.add_typer(directory, name="directory")
app.add_typer(content, name="content")

ACTIONS_PORT = 5055


def _fail(message: str) -> typer.Exit:
    print(message, file=sys.stderr)
    return typer.Exit(1)


@app.command()
def run(
    port: int = typer.Option(5005, envvar="PORT"),
    interface: str = typer.Option("127.0.0.1", envvar="INTERFACE"),
    actions_port: int = typer.Option(ACTIONS_PORT, envvar="ACTIONS_PORT"),
    endpoints: Path = typer.Option(
        None,
        envvar="ENDPOINTS",
        help="Rasa's endpoints; else endpoints.yml with the actions' port.",
    ),
    model: Path = typer.Option(
        None, envvar="MODEL_PATH", help="Run this model; else the one for the present data."
    ),
) -> None:
    """Start the assistant and its action server under one supervisor; Ctrl-C ends both."""
    model = model or _prepare()
    for wanted in (port, actions_port):
        if _is_taken(wanted):
            raise _fail(f"Port {wanted} is in use: stop what runs there, or choose another port.")
    os.chdir(database.ROOT)
    environment = preparation.environment(
        MODEL=str(model),
        PORT=str(port),
        INTERFACE=interface,
        ACTIONS_PORT=str(actions_port),
        ENDPOINTS=str(endpoints or _endpoints(actions_port)),
        PYTHON=sys.executable,
        PIDFILE=str(database.ROOT / "var" / f"supervisord-{port}.pid"),
        USER_NAME=getpass.getuser(),  # said outright, or supervisord warns when it is root
        SANIC_HOST="127.0.0.1",  # where the action server listens
        WIDGET_ALLOWED_ORIGINS=os.environ.get("WIDGET_ALLOWED_ORIGINS", ""),
        LOG_LEVEL=os.environ.get("LOG_LEVEL", "WARNING"),
        # glibc would keep what loading the model needed for a moment.
        MALLOC_ARENA_MAX="1",
        MALLOC_TRIM_THRESHOLD_="100000",
        # One core a process: threads of the linear algebra only get in each other's way.
        OMP_NUM_THREADS=os.environ.get("OMP_NUM_THREADS", "1"),
    )
    print(f"Starting on http://localhost:{port} …", flush=True)
    supervisord = str(Path(sys.executable).with_name("supervisord"))
    os.execve(supervisord, [supervisord, "-c", "supervisord.conf"], environment)


@app.command()
def prepare() -> None:
    """Fill the directory and train, each only where something has changed."""
    print(f"Ready: {_prepare().name}")


@app.command()
def train() -> None:
    """Train a model for the present data, whether or not there is one."""
    try:
        preparation.train()
    except subprocess.CalledProcessError:
        raise _fail("Rasa could not train; what it said stands above.") from None


@app.command()
def chat(url: str = typer.Option("http://localhost:5005", envvar="GUIDE_URL")) -> None:
    """Talk to the running assistant in the terminal, through the website's channel."""
    try:
        TerminalChat(url, Console()).run()
    except Unreachable as error:
        raise _fail(f"Nobody answers at {error}. Is it running? Start it with: make run") from None


@app.command()
def evaluate(part: str = typer.Argument("test", help="dev (to choose by) or test (to report)")):
    """Measure the model on the held-out messages and write docs/evaluation/<part>.md."""
    from bot.evaluation.report import write_report  # loads TensorFlow

    print(write_report(_prepare(), part))


@directory.command("import")
def import_directory(folder: Path = typer.Argument(database.CSV_FOLDER)) -> None:
    """Fill the directory's database from the CSV files, after checking all of them."""
    counts = preparation.import_directory(_read_directory(folder))
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


@content.command("check")
def check_content() -> None:
    """Check each page: form, length, plain language, sources, dates."""
    facts = checks.known_facts(database.CSV_FOLDER / "rights.csv")
    services = checks.known_services(database.CSV_FOLDER / "services.csv")
    pages = _pages()
    today = dt.date.today()
    try:
        cards, tracks = read_cards(), read_tracks()
    except (ValueError, YAMLError) as error:
        raise _fail(f"A language card, or tracks.yml, can't be read: {error}") from None
    problems = [
        *checks.check(pages.values(), facts, services, today),
        *checks.check_tracks(tracks, facts, today),
        *checks.check_cards(cards.values()),
    ]
    if problems:
        raise _fail("\n".join(map(str, problems)))
    print(f"{len(pages)} pages and {len(cards)} language cards, all good.")


@content.command("list")
def list_content() -> None:
    """Each page with its length, its LIX and when it must be reviewed, the next one first."""
    table = Table("page", "review by", "words nb/nn", "LIX nb/nn", "English", "review", box=None)
    for page in sorted(_pages().values(), key=lambda page: (page.review_by, page.id)):
        texts = (page.answer.nb, page.answer.nn)
        table.add_row(
            page.id,
            str(page.review_by),
            " / ".join(str(len(text.split())) for text in texts),
            " / ".join(f"{checks.lix(text):.0f}" for text in texts),
            "yes" if page.answer.en else "",
            page.review,
        )
    Console().print(table)


@content.command("preview")
def preview_content(
    page_id: str = typer.Argument(..., metavar="PAGE", help="For example need_talk."),
    form: str = typer.Option("nb", help="nb, nn or en"),
) -> None:
    """Show a page as a parent gets it: first the answer, then the simpler version."""
    page = _pages().get(page_id)
    if page is None:
        raise _fail(f"There is no page {page_id!r}: see `foreldreveiviseren content list`.")
    if form not in WRITTEN_FORMS:
        raise _fail(f"The form must be one of {', '.join(WRITTEN_FORMS)}.")
    title = page.title.in_form(form)
    answer = f"{page.answer.in_form(form)}\n\n{page.next_step.in_form(form)}"
    console = Console(width=72)
    console.print(Panel(Text(answer), title=Text(title), title_align="left"))
    simpler = Text(page.simpler.in_form(form))
    console.print(Panel(simpler, title="enklere", title_align="left"))
    console.print(f"Kilde: {page.source.title} (sjekket {page.source.checked}), {page.review}")
    console.print(f"Viser vei til: {', '.join(page.signposts)}")


def _pages() -> dict[str, Page]:
    try:
        return read_pages()
    except BadPages as error:
        raise _fail(str(error)) from None


def _endpoints(actions_port: int) -> Path:
    """endpoints.yml, or a copy of it where the action server listens elsewhere."""
    usual = database.ROOT / "endpoints.yml"
    if actions_port == ACTIONS_PORT:
        return usual
    text = usual.read_text(encoding="utf-8")
    copy = database.ROOT / "var" / f"endpoints-{actions_port}.yml"
    copy.write_text(text.replace(f":{ACTIONS_PORT}/", f":{actions_port}/"), encoding="utf-8")
    return copy


def _prepare() -> Path:
    try:
        return preparation.prepare()
    except importer.BadDirectory as error:
        raise _fail(f"The directory was not filled:\n{error}") from None
    except subprocess.CalledProcessError:
        raise _fail("Rasa could not train; what it said stands above.") from None


def _read_directory(folder: Path) -> importer.Facts:
    try:
        return importer.read(folder)
    except importer.BadDirectory as error:
        count = len(error.problems)
        raise _fail(f"{error}\n{count} bad rows; nothing was changed.") from None
    except FileNotFoundError as error:
        raise _fail(f"{error.filename} is missing; nothing was changed.") from None


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    app()
