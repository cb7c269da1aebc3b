"""The running guide, as a parent's browser meets it: real servers, no part replaced."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180
STOP_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Guide:
    """The guide under its supervisor, started by the command that `make run` calls."""

    def __init__(self, folder: Path, **environment: str):
        self.port, self.actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.channel = self.url + "/webhooks/widget"
        self.output = folder / "output.txt"
        command = [sys.executable, "-m", "bot.cli", "run", "--port", str(self.port)]
        command += ["--actions-port", str(self.actions_port)]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def wait_until_ready(self) -> Guide:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if requests.get(self.channel + "/", timeout=2).ok and self.actions_answer():
                    return self
            except requests.RequestException:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.5)
        raise RuntimeError("The guide did not start:\n" + self.output.read_text())

    def actions_answer(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.actions_port}/health", timeout=2).ok
        except requests.RequestException:
            return False

    def processes(self, part: str) -> list[psutil.Process]:
        """The supervisor's children whose command line has `part`."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if part in " ".join(child.cmdline())]

    def stop(self) -> int:
        """End it as Ctrl-C does; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def talk(self) -> Talk:
        return Talk(self.channel)


class Talk:
    """One parent's conversation over HTTP."""

    def __init__(self, channel: str):
        self.channel = channel
        response = requests.post(f"{channel}/session", timeout=20)
        assert response.status_code == 201, response.text
        self.token = response.json()["token"]
        self.welcome: list[dict[str, Any]] = response.json()["replies"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, body: Any, **options: Any) -> requests.Response:
        options.setdefault("headers", self.headers)
        return requests.post(f"{self.channel}/message", json=body, timeout=20, **options)

    def say(self, text: str, message_id: str = "") -> list[dict[str, Any]]:
        message_id = message_id or str(uuid.uuid4())
        response = self.post({"message_id": message_id, "text": text})
        assert response.status_code == 200, response.text
        return response.json()["replies"]

    def history(self) -> list[dict[str, Any]]:
        response = requests.get(f"{self.channel}/history", headers=self.headers, timeout=20)
        assert response.status_code == 200, response.text
        return response.json()["messages"]

    def erase(self) -> requests.Response:
        return requests.delete(f"{self.channel}/session", headers=self.headers, timeout=20)


@pytest.fixture(scope="session")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """One guide for all tests that leave it as it was."""
    running = Guide(tmp_path_factory.mktemp("guide"), WIDGET_ALLOWED_ORIGINS="https://kommune.test")
    try:
        yield running.wait_until_ready()
    finally:
        running.stop()


def services_of(reply: dict[str, Any]) -> list[str]:
    return [signpost["service"] for signpost in reply["custom"]["signposts"]]


def numbers_in(text: str) -> list[str]:
    """The phone numbers in a text, without spaces: 113, 116123, 22400040."""
    return [
        re.sub(r"\D", "", number)
        for number in re.findall(r"\b116 ?\d{3}\b|\b11[0-9]\b|\b(?:\d\d ?){4}\b", text)
    ]
