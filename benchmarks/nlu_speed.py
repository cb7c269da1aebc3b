"""How long understanding one message takes, against Rasa's default pipeline, in one run.

`make bench-nlu` trains both on the same data (Rasa's for one epoch: the time of a message doesn't
depend on it), parses the same messages of twelve words one at a time on one core, and writes
docs/nlu_speed.md. This assistant is measured with its sentence encoder and without.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from rasa.core.agent import load_agent
from rasa.utils.log_utils import configure_structlog

from benchmarks.against_stock import copy_project
from bot.directory.database import ROOT
from bot.evaluation.messages import MESSAGES, read_messages
from bot.preparation import environment, prepare

WORDS = 12
COUNT = 60
ROUNDS = 5
REPORT = ROOT / "docs" / "nlu_speed.md"


def messages() -> list[str]:
    texts = [message.text for message in read_messages(MESSAGES / "dev")]
    return [text for text in texts if len(text.split()) == WORDS][:COUNT]


async def _times(model: str) -> list[float]:
    configure_structlog(logging.ERROR)  # as in production, where no line is written per message
    agent = await load_agent(model)
    found = []
    for round_number in range(ROUNDS + 1):
        for text in messages():
            started = time.perf_counter()
            await agent.parse_message(text)
            if round_number:  # the first round warms up
                found.append(1000 * (time.perf_counter() - started))
    return found


def measure(model: Path, **settings: str) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, in a process of its own on one core."""
    command = [sys.executable, "-m", "benchmarks.nlu_speed", str(model)]
    threads = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment(**threads, **settings), check=True,
        capture_output=True, text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {0}),
    )  # fmt: skip
    times = json.loads(done.stdout.splitlines()[-1])
    return median(times), quantiles(times, n=20)[-1]


def train_stock(folder: Path) -> Path:
    project = copy_project(folder)
    shutil.copy(ROOT / "benchmarks" / "configs" / "stock.yml", project / "config.yml")
    command = [sys.executable, "-m", "bot.rasa_quietly", "train", "nlu"]
    command += ["--fixed-model-name", "stock"]
    subprocess.run(
        command, cwd=project, env=environment(PYTHONPATH=str(ROOT)), check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return project / "models" / "stock.tar.gz"


def main() -> None:
    own = prepare()
    with tempfile.TemporaryDirectory() as folder:
        stock = measure(train_stock(Path(folder)))
    rows = {
        "Rasa's default pipeline": stock,
        "this assistant": measure(own),
        "this assistant without the sentence encoder": measure(own, SENTENCE_ENCODER_FILE=""),
    }
    lines = [
        "# Time to understand one message",
        "",
        f"`make bench-nlu`: {COUNT} messages of {WORDS} words, {ROUNDS} rounds, one core, one run.",
        "",
        "| NLU | median, ms | 95th percentile, ms | ratio of medians |",
        "|---|---|---|---|",
        *(
            f"| {name} | {middle:.1f} | {late:.1f} | {middle / stock[0]:.2f} |"
            for name, (middle, late) in rows.items()
        ),
    ]
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asyncio.run(_times(sys.argv[1]))))
    else:
        main()
