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
    as_compared,
    ordinary_sentences,
    parse,
    read_languages,
    read_messages,
    training_texts,
    understand,
    without_encoder,
)

REPORTS = ROOT / "docs" / "evaluation"
CONFUSIONS_SHOWN = 15
UNMARKED = str.maketrans("æøå", "eoa")


def write_report(model: Path, part: str) -> str:
    """Measure `model` on a part of the held-out messages (dev or test).

    Writes `<part>.md`, `<part>.json` (the headline figures, which CI compares) and two pictures;
    returns the report.
    """
    messages, foreign = _understand_all(model, part)
    with without_encoder():
        plain = _understand_all(model, part)
    other = parse(model, ordinary_sentences())
    alarms = sum((parsed["intent"]["name"] or "").startswith(CRISIS) for parsed in other)
    places = score_places(model)
    figures = headline(messages)
    figures["false alarms, treebank sentences"] = Figure(alarms / len(other), len(other))
    figures.update(places)
    figures.update(score_languages(foreign))
    figures["languages recognised"] = score_recognition(model)
    REPORTS.mkdir(parents=True, exist_ok=True)
    pictures.draw_confusions(messages, REPORTS / f"{part}-confusions.png")
    pictures.draw_calibration(messages, REPORTS / f"{part}-calibration.png")
    (REPORTS / f"{part}.json").write_text(
        json.dumps({name: [round(f.value, 4), f.count] for name, f in figures.items()}, indent=1)
        + "\n",
        encoding="utf-8",
    )
    lines = [*_lines(part, messages, figures), *_comparison((messages, foreign), plain)]
    text = "\n".join(lines) + "\n"
    (REPORTS / f"{part}.md").write_text(text, encoding="utf-8")
    return text


def _understand_all(model: Path, part: str) -> tuple[list[Held], list[Held]]:
    """The part's messages, and those in other languages, understood."""
    return understand(model, read_messages(MESSAGES / part)), understand(model, read_languages())


def score_languages(messages: list[Held]) -> dict[str, Figure]:
    """Cries for help heard, and false alarms, in other languages."""
    return {
        "crisis recall, other languages": share(
            [m for m in messages if m.is_crisis], lambda m: m.helped
        ),
        "false alarms, other languages": share(
            [m for m in messages if not m.is_crisis], lambda m: m.helped
        ),
    }


def score_recognition(model: Path) -> Figure:
    """The share of the messages in other languages whose language was recognised."""
    messages = [m for m in read_languages() if not m.is_crisis]
    parsed = parse(model, [m.text for m in messages])
    recognised = [
        [e["value"] for e in found["entities"] if e["entity"] == "message_language"] == [m.family]
        for m, found in zip(messages, parsed, strict=True)
    ]
    return Figure(sum(recognised) / len(recognised), len(recognised))


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
    # "tromso" is read as "tromsø", and so found.
    return Counter(place.casefold().translate(UNMARKED) for place in places)


def _lines(part: str, messages: list[Held], figures: dict[str, Figure]) -> Iterator[str]:
    yield from (
        f"# Held-out messages, {part} part",
        "",
        "Written by `make evaluate` (`foreldreveiviseren evaluate`). Made-up messages by other",
        "authors than the training data's, split by paraphrase family, never trained on.",
        "A crisis counts as answered when the reply that the channel sent carried its number.",
        "",
        f"{len(messages)} messages in {len({m.family for m in messages})} families. Of them "
        f"{_also_trained(messages)}, of one or two words, stand among the training messages too.",
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
    yield from ("", f"![Confusions]({part}-confusions.png)")
    yield from ("", f"![Calibration]({part}-calibration.png)")


def _also_trained(messages: list[Held]) -> int:
    trained = training_texts()
    return sum(as_compared(message.text) in trained for message in messages)


def _comparison(
    encoder: tuple[list[Held], list[Held]], plain: tuple[list[Held], list[Held]]
) -> Iterator[str]:
    yield from ("", "## With and without the sentence encoder", "")
    yield "The same model; without the encoder's vectors its n-grams alone decide."
    yield from ("", "| measure | with | without | of |", "|---|---|---|---|")
    for (name, figure), (_, without) in zip(_compared(*encoder), _compared(*plain), strict=True):
        yield f"| {name} | {figure.value:.3f} | {without.value:.3f} | {figure.count} |"


def _compared(messages: list[Held], foreign: list[Held]) -> Iterator[tuple[str, Figure]]:
    figures = headline(messages)
    yield "accuracy", figures["accuracy"]
    for variety in sorted({m.variety for m in messages}):
        yield (
            f"accuracy, {variety}",
            share([m for m in messages if m.variety == variety], is_right),
        )
    for name, figure in figures.items():
        if name != "accuracy" and not name.startswith("accuracy, bok"):
            yield name, figure
    yield from score_languages(foreign).items()


def _either(message: Held) -> bool:
    return {message.answered, message.intent} == EITHER_KIND
