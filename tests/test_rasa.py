"""Rasa stays Rasa: its own commands work on this project as documented."""

import re
import subprocess
import sys

import pytest

from bot.preparation import environment, model_path
from tests.conftest import ROOT

RASA = [sys.executable, "-m", "rasa"]
# Nothing may reach the internet at run time: whatever asks a proxy finds nobody.
OFFLINE = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")}


def rasa(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*RASA, *arguments],
        cwd=ROOT,
        env=environment(**OFFLINE),
        capture_output=True,
        text=True,
        timeout=600,
        **options,
    )


@pytest.fixture(scope="module")
def model() -> str:
    path = model_path()
    assert path.exists(), "run `foreldreveiviseren prepare` first, as `make test` does"
    return str(path)


def test_data_validate():
    result = rasa("data", "validate")
    assert result.returncode == 0, result.stderr
    output = result.stdout + result.stderr
    assert "No story structure conflicts found" in output
    assert "labeled with multiple different intents" not in output
    assert "is not used in your stories" not in output


def test_conversation_tests_pass(model, tmp_path):
    result = rasa(
        "test", "core", "--model", model, "--stories", "tests/conversations",
        "--fail-on-prediction-errors", "--out", str(tmp_path), "--no-plot",
    )  # fmt: skip
    failed = tmp_path / "failed_test_stories.yml"
    assert result.returncode == 0, failed.read_text() if failed.exists() else result.stderr[-3000:]


def test_shell_talks(model):
    result = rasa("shell", "--model", model, input="hei\n/stop\n")
    assert "Godt at du skriver" in result.stdout, result.stdout + result.stderr[-2000:]


def test_supervised_start_is_quiet(guide):
    lines = [line for line in guide.output.read_text().splitlines() if line.strip()]
    assert not [line for line in lines if re.search("warning|error|traceback", line, re.I)], lines
    assert len(lines) < 10, lines
