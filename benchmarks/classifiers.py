"""Which intent classifier: the same features, the same data, three classifiers, one run.

`python -m benchmarks.classifiers` trains each, measures it on the dev part of the held-out
messages (other authors, other paraphrase families) and writes docs/classifiers.md.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from rasa.core.agent import load_agent
from sklearn.metrics import accuracy_score, f1_score

from bot.directory.database import ROOT
from bot.evaluation.measures import share
from bot.evaluation.messages import CRISIS, MESSAGES, Held, read_messages
from bot.preparation import environment

CONFIGS = ROOT / "benchmarks" / "configs"
NAMES = {
    "joined": "n-grams and sentence encoder (`bot.nlu`)",
    "linear_svm": "n-grams alone, linear SVM (`bot.nlu`)",
    "logistic_regression": "`LogisticRegressionClassifier`",
    "diet": "`DIETClassifier`, 12 epochs",
}
REPORT = ROOT / "docs" / "classifiers.md"


def train(config: Path, folder: Path) -> tuple[Path, float]:
    """Returns the model's path and the wall time of its training in seconds."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "bot.rasa_quietly", "train", "nlu", "--config", str(config)]
    command += ["--nlu", "data/nlu", "--out", str(folder), "--fixed-model-name", config.stem]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)
    return folder / f"{config.stem}.tar.gz", time.perf_counter() - started


async def measure(model: Path) -> dict[str, float]:
    agent = await load_agent(str(model))
    messages = read_messages(MESSAGES / "dev")
    await agent.parse_message("Hei")  # what is built lazily is not the classifier's price
    predicted, milliseconds = [], []
    for message in messages:
        started = time.perf_counter()
        parsed = await agent.parse_message(message.text)
        milliseconds.append(1000 * (time.perf_counter() - started))
        predicted.append(replace(message, predicted=parsed["intent"]["name"] or ""))
    wanted = [m.intent for m in predicted]
    found = [m.predicted for m in predicted]
    return {
        "macro-F1": f1_score(wanted, found, average="macro", labels=sorted(set(wanted))),
        "accuracy": accuracy_score(wanted, found),
        "crisis recall": share([m for m in predicted if m.is_crisis], _as_crisis).value,
        "false alarms": share([m for m in predicted if not m.is_crisis], _as_crisis).value,
        "median ms": median(milliseconds),
    }


def _as_crisis(message: Held) -> bool:
    return message.predicted.startswith(CRISIS)


def main() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, title in NAMES.items():
            model, seconds = train(CONFIGS / f"{name}.yml", Path(folder))
            figures = {**asyncio.run(measure(model)), "training s": seconds}
            rows.append((title, figures))
            print(title, figures, flush=True)
    columns = list(rows[0][1])
    lines = [
        "# The classifier",
        "",
        "Written by `make compare`: the same features (words, word pairs, character 2-5-grams),",
        "trained on `data/nlu`, measured on the dev part of the held-out messages. No threshold,",
        "no raising of crises: the classifiers alone. Milliseconds are for the whole NLU.",
        "",
        "| classifier | " + " | ".join(columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for title, figures in rows:
        values = [f"{v:.0f}" if k == "training s" else f"{v:.3f}" for k, v in figures.items()]
        lines.append(f"| {title} | " + " | ".join(values) + " |")
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
