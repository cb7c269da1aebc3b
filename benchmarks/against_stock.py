"""This assistant against `rasa init`'s default pipeline and policies on the same data, in one run.

`make bench` trains both, starts each with its action server, talks to each over HTTP and writes
docs/benchmark.md. Only the ratios travel to another machine.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import psutil
import requests

from bot.directory.database import ROOT
from bot.preparation import environment, fill_directory

PLAIN, WITH_ACTION = "hei", "Trenger advokat"
TURNS = 100
SENDERS = 16
LOAD_SECONDS = 20
TURNS_PER_TALK = 20  # a new conversation after so many turns, as conversations are
PORT, ACTIONS_PORT = 5905, 5955
REPORT = ROOT / "docs" / "benchmark.md"

Say = Callable[[str], None]


def talk_to_widget() -> Say:
    """One conversation over this assistant's own channel."""
    channel = f"http://127.0.0.1:{PORT}/webhooks/widget"
    session = requests.Session()
    token = session.post(f"{channel}/session", timeout=30).json()["token"]
    session.headers["Authorization"] = f"Bearer {token}"

    def say(text: str) -> None:
        body = {"message_id": str(uuid.uuid4()), "text": text}
        replies = session.post(f"{channel}/message", json=body, timeout=30).json()["replies"]
        assert replies[0]["custom"]["need"] != "fallback_emergency", "the turn failed"

    return say


def talk_to_rest() -> Say:
    """One conversation over Rasa's stock REST channel."""
    session = requests.Session()
    sender = uuid.uuid4().hex

    def say(text: str) -> None:
        url = f"http://127.0.0.1:{PORT}/webhooks/rest/webhook"
        body = {"sender": sender, "message": text}
        assert session.post(url, json=body, timeout=60).json(), "the turn failed"

    return say


class Contestant:
    """An assistant to measure: its project folder, its commands, how one talks to it."""

    def __init__(self, name: str, folder: Path, server: list[str], actions: list[str], talk):
        self.name, self.folder, self.talk = name, folder, talk
        self.server, self.actions = server, actions
        self.model = folder / "models" / "benchmark.tar.gz"

    def train(self) -> float:
        started = time.perf_counter()
        shutil.rmtree(self.folder / ".rasa", ignore_errors=True)
        command = [sys.executable, "-m", "bot.rasa_quietly", "train", "--skip-validation"]
        command += ["--fixed-model-name", "benchmark"]
        subprocess.run(command, cwd=self.folder, env=self._environment(), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        return time.perf_counter() - started

    def _environment(self) -> dict[str, str]:
        return environment(
            PYTHONPATH=str(self.folder),
            DIRECTORY_DATABASE_URL=f"sqlite:///{ROOT}/var/directory.db",
            SANIC_HOST="127.0.0.1",
            LOG_LEVEL="WARNING",
            OMP_NUM_THREADS="1",
        )

    @contextmanager
    def running(self) -> Iterator[tuple[list[psutil.Process], float]]:
        """The server's and the action server's processes, and the cold start in seconds."""
        started = time.perf_counter()
        processes = [
            subprocess.Popen(
                command, cwd=self.folder, env=self._environment(), start_new_session=True,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for command in (self.server, self.actions)
        ]  # fmt: skip
        try:
            self._wait()
            cold_start = time.perf_counter() - started
            yield [psutil.Process(process.pid) for process in processes], cold_start
        finally:
            for process in processes:
                os.killpg(process.pid, signal.SIGTERM)
            for process in processes:
                process.wait(60)

    def _wait(self) -> None:
        while True:
            try:
                requests.get(f"http://127.0.0.1:{ACTIONS_PORT}/health", timeout=5)
                self.talk()(WITH_ACTION)
                return
            except (requests.RequestException, AssertionError, KeyError):
                time.sleep(0.2)


def family(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [p for process in processes for p in (process, *process.children(recursive=True))]


def cpu_seconds(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in family(processes)]
    return sum(t.user + t.system for t in times)


def turns(contestant: Contestant, processes: list[psutil.Process], text: str) -> dict[str, float]:
    milliseconds = []
    for _ in range(TURNS // TURNS_PER_TALK):
        say = contestant.talk()
        say(text)
        before = cpu_seconds(processes)
        for _ in range(TURNS_PER_TALK - 1):
            started = time.perf_counter()
            say(text)
            milliseconds.append(1000 * (time.perf_counter() - started))
        spent = cpu_seconds(processes) - before
    return {
        "cpu": 1000 * spent / (TURNS_PER_TALK - 1),
        "p50": median(milliseconds),
        "p95": quantiles(milliseconds, n=20)[-1],
    }


def throughput(contestant: Contestant, text: str) -> float:
    """Answered messages a second with SENDERS at once."""
    counts = [0] * SENDERS
    end = time.perf_counter() + LOAD_SECONDS

    def send(number: int) -> None:
        while time.perf_counter() < end:
            say = contestant.talk()
            for _ in range(TURNS_PER_TALK):
                if time.perf_counter() >= end:
                    return
                say(text)
                counts[number] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / LOAD_SECONDS


def measure(contestant: Contestant) -> dict[str, float]:
    figures = {"training, s": contestant.train()}
    with contestant.running() as (processes, cold_start):
        figures["cold start, s"] = cold_start
        for title, text in (("plain", PLAIN), ("with action", WITH_ACTION)):
            for name, value in turns(contestant, processes, text).items():
                label = "CPU" if name == "cpu" else name
                figures[f"{label} a turn, {title}, ms"] = value
            rate = throughput(contestant, text)
            figures[f"messages/s, {SENDERS} senders, {title}"] = rate
        memory = sum(process.memory_info().rss for process in family(processes))
        figures["memory of all processes, MB"] = memory / 1e6
    return figures


def copy_project(folder: Path) -> Path:
    for name in ("data", "actions", "bot", "domain.yml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    endpoints = (ROOT / "endpoints.yml").read_text().replace("5055", str(ACTIONS_PORT))
    (folder / "endpoints.yml").write_text(endpoints)
    return folder


def contestants(folder: Path) -> list[Contestant]:
    python = sys.executable
    run = ["run", "--port", str(PORT), "--interface", "127.0.0.1"]
    model = ["--model", "models/benchmark.tar.gz"]
    ours, stock = folder / "ours", folder / "stock"
    for project in (ours, stock):
        project.mkdir()
        copy_project(project)
    shutil.copy(ROOT / "config.yml", ours)
    shutil.copy(ROOT / "credentials.yml", ours)
    shutil.copy(ROOT / "benchmarks/configs/stock.yml", stock / "config.yml")
    (stock / "credentials.yml").write_text("rest:\n")
    url = f"http://127.0.0.1:{ACTIONS_PORT}/webhook"
    (stock / "endpoints.yml").write_text(f"action_endpoint:\n  url: {url}\n")
    port = ["--port", str(ACTIONS_PORT)]
    return [
        Contestant("stock", stock, [python, "-m", "rasa", *run, *model],
                   [python, "-m", "rasa", "run", "actions", *port], talk_to_rest),
        Contestant("this assistant", ours, [python, "-m", "bot.rasa_quietly", *run, *model],
                   [python, "-m", "rasa_sdk", "--quiet", "--actions", "actions", *port],
                   talk_to_widget),
    ]  # fmt: skip


def main() -> None:
    fill_directory()
    with tempfile.TemporaryDirectory() as folder:
        stock, ours = (measure(contestant) for contestant in contestants(Path(folder)))
    lines = [
        "# Against Rasa's default assistant",
        "",
        "Written by `make bench`: `rasa init`'s pipeline and policies (1 epoch instead of 100)",
        "on the same messages, rules and actions, with Rasa's own REST channel and",
        f"`rasa run actions`. {os.cpu_count()} cores, the client on the same machine. Trust the",
        "ratios, not the absolute figures. A turn with action answers a need from its page.",
        "",
        "| measure | stock | this assistant | ratio |",
        "|---|---|---|---|",
    ]
    for name, before in stock.items():
        after = ours[name]
        lines.append(f"| {name} | {before:.1f} | {after:.1f} | {after / before:.2f} |")
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
