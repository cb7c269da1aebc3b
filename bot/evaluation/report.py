"""Measures the trained model on the held-out messages and writes docs/evaluation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.directory.database import ROOT
from bot.evaluation import pictures
from bot.evaluation.measures import EITHER_KIND, Figure, headline, is_right, share
from bot.evaluation.messages import (
    CRISIS,
    MESSAGES,
    Held,
    ordinary_sentences,
    parse,
    read_messages,
    understand,
)

REPORTS = ROOT / "docs" / "evaluation"
CONFUSIONS_SHOWN = 15


def write_report(model: Path, part: str) -> str:
    """Measure `model` on a part of the held-out messages (dev or test).

    Writes `<part>.md`, `<part>.json` (the headline figures, which CI compares) and two pictures;
    returns the report.
    """
    messages = understand(model, read_messages(MESSAGES / part))
    other = parse(model, ordinary_sentences())
    alarms = sum((parsed["intent"]["name"] or "").startswith(CRISIS) for parsed in other)
    places = score_places(model)
    figures = headline(messages)
    figures["false alarms, treebank sentences"] = Figure(alarms / len(other), len(other))
    figures.update(places)
    REPORTS.mkdir(parents=True, exist_ok=True)
    pictures.draw_confusions(messages, REPORTS / f"{part}-confusions.png")
    pictures.draw_calibration(messages, REPORTS / f"{part}-calibration.png")
    (REPORTS / f"{part}.json").write_text(
        json.dumps({name: [round(f.value, 4), f.count] for name, f in figures.items()}, indent=1)
        + "\n",
        encoding="utf-8",
    )
    text = "\n".join(_lines(part, messages, figures)) + "\n"
    (REPORTS / f"{part}.md").write_text(text, encoding="utf-8")
    return text


def score_places(model: Path) -> dict[str, Figure]:
    """Recall and precision of the places found in tests/nlu/places.yml, by exact substring."""
    path = MESSAGES / "places.yml"
    marked = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    found = parse(model, [message["text"] for message in marked])
    pairs = [
        (_folded(message["places"]), _folded(_places(parsed)))
        for message, parsed in zip(marked, found, strict=True)
    ]
    wanted = sum(len(meant) for meant, _ in pairs)
    heard = sum(len(places) for _, places in pairs)
    both = sum((meant & places).total() for meant, places in pairs)
    return {
        "places, recall": Figure(both / wanted, wanted),
        "places, precision": Figure(both / max(heard, 1), heard),
    }


def _places(parsed: dict[str, Any]) -> Iterator[str]:
    for entity in parsed["entities"]:
        if entity["entity"] == "place":
            yield entity.get("text") or parsed["text"][entity["start"] : entity["end"]]


def _folded(places: Iterable[str]) -> Counter[str]:
    return Counter(place.casefold() for place in places)


def _lines(part: str, messages: list[Held], figures: dict[str, Figure]) -> Iterator[str]:
    yield from (
        f"# Held-out messages, {part} part",
        "",
        "Written by `make evaluate` (`foreldreveiviseren evaluate`). Made-up messages by other",
        "authors than the training data's, split by paraphrase family, never trained on.",
        "A crisis counts as answered when the reply that the channel sent carried its number.",
        "",
        f"{len(messages)} messages in {len({m.family for m in messages})} families.",
        "",
        "| measure | share | of |",
        "|---|---|---|",
    )
    for name, figure in figures.items():
        yield f"| {name} | {figure.value:.3f} | {figure.count} |"
    yield from ("", "## By variety", "")
    yield "| variety | messages | accuracy | crises | crisis recall |"
    yield "|---|---|---|---|---|"
    for variety in sorted({m.variety for m in messages}):
        of_variety = [m for m in messages if m.variety == variety]
        crises = share([m for m in of_variety if m.is_crisis], lambda m: m.helped)
        accuracy = share(of_variety, is_right)
        yield (
            f"| {variety} | {accuracy.count} | {accuracy.value:.3f} "
            f"| {crises.count} | {crises.value:.3f} |"
        )
    yield from ("", "## By kind of crisis", "")
    yield "| kind | messages | recall | veiled | recall, veiled | right kind | precision |"
    yield "|---|---|---|---|---|---|---|"
    for kind in sorted({m.intent for m in messages if m.is_crisis}):
        of_kind = [m for m in messages if m.intent == kind]
        recall = share(of_kind, lambda m: m.helped)
        veiled = share([m for m in of_kind if m.veiled], lambda m: m.helped)
        right = share(of_kind, lambda m: m.answered == m.intent or _either(m))
        precision = share([m for m in messages if m.answered == kind], lambda m: m.is_crisis)
        yield (
            f"| {kind} | {recall.count} | {recall.value:.3f} | {veiled.count} "
            f"| {veiled.value:.3f} | {right.value:.3f} | {precision.value:.3f} |"
        )
    yield from ("", "Right kind: suicide and acute count for each other (needs.md).", "")
    confusions = Counter((m.intent, m.predicted) for m in messages if not is_right(m))
    yield from ("## Most frequent confusions", "", "| meant | understood as | messages |")
    yield "|---|---|---|"
    for (meant, predicted), count in confusions.most_common(CONFUSIONS_SHOWN):
        yield f"| {meant} | {predicted} | {count} |"
    signs = Counter(sign.split(":")[0] for m in messages if m.helped for sign in m.signs)
    yield from ("", "## Why a crisis was heard beside the classifier", "", "| sign | messages |")
    yield "|---|---|"
    for sign, count in signs.most_common(CONFUSIONS_SHOWN):
        yield f"| {sign} | {count} |"
    yield from (
        "",
        f"![Confusions]({part}-confusions.png)",
        "",
        f"![Calibration]({part}-calibration.png)",
    )


def _either(message: Held) -> bool:
    return {message.answered, message.intent} == EITHER_KIND
