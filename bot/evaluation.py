"""How well the trained model understands messages that it was not trained on."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import yaml
from rasa.core.agent import Agent, load_agent
from rasa.utils.log_utils import configure_structlog
from sklearn.metrics import accuracy_score, f1_score

from bot.directory.database import ROOT

MESSAGES = ROOT / "tests" / "nlu"
REPORTS = ROOT / "docs" / "evaluation"
CRISIS = "crisis_"
# needs.md: a bare "I can't go on" and being afraid of oneself may be either.
EITHER_KIND = {"crisis_suicide", "crisis_acute"}
CONFUSIONS_SHOWN = 15


class Held(NamedTuple):
    """A held-out message: what it means, how it is written, and what the model made of it."""

    text: str
    intent: str
    variety: str
    veiled: bool
    near_miss: bool
    predicted: str = ""

    @property
    def is_crisis(self) -> bool:
        return self.intent.startswith(CRISIS)

    @property
    def answered_as_crisis(self) -> bool:
        return self.predicted.startswith(CRISIS)


def read_messages(folder: Path) -> list[Held]:
    """The messages of one part, in Rasa's NLU format with family and variety as metadata."""
    found = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            about = block["metadata"]
            for line in block["examples"].splitlines():
                found.append(
                    Held(
                        line.strip()[2:],
                        block["intent"],
                        about["variety"],
                        about.get("veiled", False),
                        about.get("near_miss", False),
                    )
                )
    return found


async def _predict(model: Path, messages: list[Held]) -> list[Held]:
    agent: Agent = await load_agent(str(model))
    return [
        message._replace(predicted=(await agent.parse_message(message.text))["intent"]["name"])
        for message in messages
    ]


def predict(model: Path, messages: list[Held]) -> list[Held]:
    """The messages with the model's intent; `nlu_fallback` where it was unsure."""
    configure_structlog(logging.WARNING)
    return asyncio.run(_predict(model, messages))


def share(messages: list[Held], right: Callable[[Held], bool]) -> float:
    """How many of the messages are right, 0 to 1; nan of none."""
    return sum(map(right, messages)) / len(messages) if messages else float("nan")


def scores(messages: list[Held]) -> dict[str, float]:
    """The headline figures of predicted messages, each 0 to 1."""
    crises = [m for m in messages if m.is_crisis]
    ordinary = [m for m in messages if not m.is_crisis]
    wanted = [m.intent for m in messages]
    predicted = [m.predicted for m in messages]
    return {
        "accuracy": accuracy_score(wanted, predicted),
        "macro F1": f1_score(wanted, predicted, average="macro", labels=sorted(set(wanted))),
        "crisis recall": share(crises, lambda m: m.answered_as_crisis),
        "crisis recall, veiled": share(
            [m for m in crises if m.veiled], lambda m: m.answered_as_crisis
        ),
        "crisis precision": share(
            [m for m in messages if m.answered_as_crisis], lambda m: m.is_crisis
        ),
        "right kind of crisis": share(crises, lambda m: m.predicted == m.intent),
        "right kind, suicide or acute either way": share(
            crises,
            lambda m: m.predicted == m.intent or {m.predicted, m.intent} == EITHER_KIND,
        ),
        "false alarms on near misses": share(
            [m for m in ordinary if m.near_miss], lambda m: m.answered_as_crisis
        ),
        "false alarms on all else": share(
            [m for m in ordinary if not m.near_miss], lambda m: m.answered_as_crisis
        ),
        "out of scope caught": share(
            [m for m in messages if m.intent == "out_of_scope"],
            lambda m: m.predicted in ("out_of_scope", "nlu_fallback"),
        ),
        "in scope turned away": share(
            [m for m in messages if m.intent != "out_of_scope"],
            lambda m: m.predicted in ("out_of_scope", "nlu_fallback"),
        ),
    }


def report(part: str, messages: list[Held]) -> str:
    lines = [
        f"# Held-out messages, {part} part",
        "",
        "Written by `foreldreveiviseren evaluate`; made-up messages by other authors than the",
        "training data's, split by paraphrase family, never trained on.",
        "",
        f"{len(messages)} messages.",
        "",
        "| measure | share |",
        "|---|---|",
        *(f"| {name} | {value:.3f} |" for name, value in scores(messages).items()),
        "",
        "| variety | messages | accuracy | crises | crisis recall |",
        "|---|---|---|---|---|",
    ]
    for variety in sorted({m.variety for m in messages}):
        of_variety = [m for m in messages if m.variety == variety]
        crises = [m for m in of_variety if m.is_crisis]
        accuracy = share(of_variety, lambda m: m.predicted == m.intent)
        recall = share(crises, lambda m: m.answered_as_crisis)
        lines.append(
            f"| {variety} | {len(of_variety)} | {accuracy:.3f} | {len(crises)} | {recall:.3f} |"
        )
    confusions = Counter((m.intent, m.predicted) for m in messages if m.intent != m.predicted)
    lines += ["", "| meant | understood as | messages |", "|---|---|---|"]
    lines += [
        f"| {meant} | {predicted} | {count} |"
        for (meant, predicted), count in confusions.most_common(CONFUSIONS_SHOWN)
    ]
    return "\n".join(lines) + "\n"


def write_report(model: Path, part: str) -> str:
    """Measure `model` on a part of the held-out messages; writes and returns the report."""
    text = report(part, predict(model, read_messages(MESSAGES / part)))
    REPORTS.mkdir(parents=True, exist_ok=True)
    (REPORTS / f"{part}.md").write_text(text, encoding="utf-8")
    return text
