"""The commands, as whoever runs or edits the guide calls them."""

import json
import os
import shutil
import subprocess
import sys

import requests

from tests.conftest import ROOT, Guide, free_port


def cli(*arguments: str, **options) -> subprocess.CompletedProcess:
    environment = {**os.environ, **options.pop("environment", {})}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        **options,
    )


def test_a_second_prepare_does_nothing():
    first, second = cli("prepare"), cli("prepare")
    assert first.returncode == second.returncode == 0
    assert second.stdout.startswith("Ready: assistant-"), "neither filled nor trained again"
    assert second.stdout.count("\n") == 1


def test_directory_check_and_import(tmp_path):
    assert "all good" in cli("directory", "check").stdout
    database = tmp_path / "directory.db"
    environment = {"DIRECTORY_DATABASE_URL": f"sqlite:///{database}"}
    result = cli("directory", "import", environment=environment)
    assert result.returncode == 0, result.stderr
    assert "48 office" in result.stdout and database.exists()


def test_the_lookup_table_is_the_directorys():
    before = (ROOT / "data/nlu/places.yml").read_text(encoding="utf-8")
    assert cli("directory", "lookup").returncode == 0
    assert (ROOT / "data/nlu/places.yml").read_text(encoding="utf-8") == before


def test_content_check():
    result = cli("content", "check")
    assert result.returncode == 0, result.stderr
    assert "all good" in result.stdout


def test_chat_shows_signposts_and_numbered_answers(guide: Guide):
    result = cli(
        "chat", "--url", guide.url, input="Trenger advokat\n1\nJeg vil ta livet mitt\n/slett\n"
    )
    assert result.returncode == 0, result.stderr
    assert "robot" in result.stdout, "the welcome"
    assert "[1]" in result.stdout and "•" in result.stdout
    assert "Mental Helse Hjelpetelefonen, 116 123, åpent nå" in result.stdout
    assert "Samtalen er slettet." in result.stdout


def test_chat_without_a_guide_says_what_to_do():
    result = cli("chat", "--url", f"http://127.0.0.1:{free_port()}", input="hei\n")
    assert result.returncode == 1
    assert "make run" in result.stderr and "Traceback" not in result.stderr


def test_a_taken_port_is_said(guide: Guide):
    result = cli("run", "--port", str(guide.port))
    assert result.returncode == 1
    assert str(guide.port) in result.stderr and "in use" in result.stderr


def test_a_bad_row_stops_the_start_with_its_line(tmp_path):
    folder = tmp_path / "directory"
    shutil.copytree(ROOT / "data/directory", folder)
    path = folder / "services.csv"
    text = path.read_text(encoding="utf-8").replace(",116123,", ",116 123,", 1)
    path.write_text(text, encoding="utf-8")
    result = cli("directory", "check", str(folder))
    assert result.returncode == 1
    assert "services.csv, line 7: phone '116 123'" in result.stderr


def test_nothing_listens_to_the_outside_by_default(guide: Guide):
    assert requests.get(guide.url, timeout=5).ok
    addresses = {
        connection.laddr.ip
        for process in guide.processes("")
        for connection in process.connections("tcp")
        if connection.status == "LISTEN"
    }
    assert addresses == {"127.0.0.1"}, json.dumps(sorted(addresses))
