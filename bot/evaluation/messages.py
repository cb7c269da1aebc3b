"""The held-out messages, and what the trained model makes of them."""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import Agent, load_agent
from rasa.core.utils import AvailableEndpoints
from rasa.utils.log_utils import configure_structlog

from bot.channels.conversation import Conversation
from bot.directory.database import ROOT
from bot.nlu.normalise import normalise

MESSAGES = ROOT / "tests" / "nlu"
TRAINING = ROOT / "data" / "nlu"
TREEBANKS = ROOT / "models" / "nb_core_news_sm" / "assets"
CRISIS = "crisis_"
UNSURE = "nlu_fallback"
READ_AS_NORWEGIAN = {"da", "sv"}
ENCODER_FILE = "SENTENCE_ENCODER_FILE"
ORDINARY_SENTENCES = 1000  # of each treebank's test part


@dataclass(frozen=True)
class Held:
    """A held-out message: what it means, how it is written, and what the guide made of it.

    `helped` is whether the reply that the channel sent was that of a crisis; `answered` its need.
    """

    text: str
    intent: str
    variety: str
    family: str
    veiled: bool = False
    near_miss: bool = False
    predicted: str = ""
    confidence: float = 0.0
    answered: str = ""
    signs: tuple[str, ...] = ()

    @property
    def is_crisis(self) -> bool:
        return self.intent.startswith(CRISIS)

    @property
    def helped(self) -> bool:
        return self.answered.startswith(CRISIS)

    @property
    def turned_away(self) -> bool:
        return self.predicted in ("out_of_scope", UNSURE)

    @property
    def is_one_word(self) -> bool:
        return len(self.text.split()) == 1


def read_messages(folder: Path) -> list[Held]:
    """The messages of one part, in Rasa's NLU format with family and variety as metadata."""
    return [message for path in sorted(folder.glob("*.yml")) for message in _read(path)]


def _read(path: Path) -> Iterator[Held]:
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        about = block["metadata"]
        for line in block["examples"].splitlines():
            yield Held(
                line.strip()[2:],
                block["intent"],
                about["variety"],
                about["family"],
                about.get("veiled", False),
                about.get("near_miss", False),
            )


def training_texts() -> set[str]:
    """The training messages as they are read (Rasa's marks for entities left in), lower case."""
    found = set()
    for path in sorted(TRAINING.glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
            if "intent" in block:
                found.update(
                    as_compared(line.strip()[2:]) for line in block["examples"].splitlines()
                )
    return found


def as_compared(text: str) -> str:
    """A message without what makes no difference between two: case, marks, ways of spelling."""
    return " ".join(re.findall(r"\w+", normalise(text).casefold()))


def read_languages() -> list[Held]:
    """Messages in other languages, cries for help among them; `family` is the language's code. A
    calm one is to be understood as a wish for that language; Danish and Swedish are left out.
    """
    path = MESSAGES / "language" / "languages.yml"
    found = []
    for code, entry in yaml.safe_load(path.read_text(encoding="utf-8"))["languages"].items():
        if code not in READ_AS_NORWEGIAN:
            groups = {"change_language": entry["messages"], **(entry.get("crisis") or {})}
            found += [
                Held(text, intent, "other_language", code)
                for intent, texts in groups.items()
                for text in texts
            ]
    return found


def ordinary_sentences() -> list[str]:
    """Sentences of the treebanks' test parts: ordinary Norwegian by hundreds of writers."""
    found = []
    for written_form in ("nb", "nn"):
        path = TREEBANKS / f"{written_form}-test.conllu.gz"
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            texts = [line[9:].strip() for line in lines if line.startswith("# text = ")]
        found += texts[:ORDINARY_SENTENCES]
    return found


@contextmanager
def without_encoder() -> Iterator[None]:
    """Models that are loaded meanwhile go without the sentence encoder."""
    before = os.environ.get(ENCODER_FILE)
    os.environ[ENCODER_FILE] = ""
    try:
        yield
    finally:
        del os.environ[ENCODER_FILE]
        if before is not None:
            os.environ[ENCODER_FILE] = before


def understand(model: Path, messages: list[Held]) -> list[Held]:
    """The messages with the model's intent and, for a crisis, with the reply that is sent."""
    return asyncio.run(_understand(model, messages))


def parse(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    """What the NLU makes of texts."""
    return asyncio.run(_parse(model, texts))


async def _agent(model: Path) -> Agent:
    configure_structlog(logging.ERROR)
    # The endpoints name the tracker store that conversations need.
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    return await load_agent(str(model), endpoints=endpoints)


async def _parse(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    agent = await _agent(model)
    return [await agent.parse_message(text) for text in texts]


async def _understand(model: Path, messages: list[Held]) -> list[Held]:
    agent = await _agent(model)
    found = []
    for number, message in enumerate(messages):
        parsed = await agent.parse_message(message.text)
        name = parsed["intent"]["name"]
        answered = name
        if name.startswith(CRISIS):
            # Crisis help needs no action server: what counts is what the channel sends.
            conversation = Conversation(agent, f"evaluation-{number}", "widget")
            replies = await conversation.answer(message.text, "1")
            answered = next((r["custom"]["need"] for r in replies if _has_numbers(r)), "")
        found.append(
            replace(
                message,
                predicted=name,
                confidence=parsed["intent"]["confidence"],
                answered=answered,
                signs=tuple(sign["sign"] for sign in parsed.get("crisis_signs") or ()),
            )
        )
    return found


def _has_numbers(reply: dict[str, Any]) -> bool:
    first = next(iter(reply["custom"].get("signposts") or ()), {})
    # "116117" is written "116 117" for people.
    return bool(first.get("phone")) and _digits(first["phone"]) in _digits(reply["text"])


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
