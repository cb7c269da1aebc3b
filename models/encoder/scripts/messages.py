"""The training messages, and how parents' thumbs change them."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import yaml

from bot.nlu.normalise import normalise
from bot.nlu.sentences import sentences

NEIGHBOURS = dict(
    zip("qwertyuiopåasdfghjkløæzxcvbnm", "wertyuiopåløsdfghjkløæåxcvbnmk", strict=False)
)
FOLDED = {"æ": ["ae", "e"], "ø": ["oe", "o"], "å": ["aa", "a"]}
DIALECT_WORDS = Path(__file__).parents[1] / "dialect_words.tsv"
SHORT = {"det": "d", "å": "og", "er": "e", "også": "åsså", "meg": "mæ", "hva": "va"}


def read_messages(path: Path) -> list[tuple[str, str]]:
    """(normalised text, intent) of each example in Rasa NLU data; lookup tables are skipped."""
    found: list[tuple[str, str]] = []
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        if "intent" in block:
            lines = block["examples"].splitlines()
            found += [(read(line.strip()[2:]), block["intent"]) for line in lines if line.strip()]
    return found


def calm_sentences(path: Path) -> list[str]:
    """The normalised sentences of the messages that are no crisis and don't sound like one."""
    found: list[str] = []
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        near_miss = (block.get("metadata") or {}).get("near_miss", False)
        if "intent" in block and not near_miss and not block["intent"].startswith("crisis_"):
            for line in block["examples"].splitlines():
                found += sentences(read(line.strip()[2:]))
    return found


def read(example: str) -> str:
    """An example as the encoder gets it: normalised."""
    return normalise(plain(example))


def plain(example: str) -> str:
    """An example without Rasa's marks for entities: `[Bodø](place)` gives `Bodø`."""
    text, rest = "", example
    while "[" in rest:
        before, _, rest = rest.partition("[")
        word, _, rest = rest.partition("]")
        if rest[:1] in "({":
            rest = rest.partition(")" if rest[0] == "(" else "}")[2]
        text += before + word
    return text + rest


def read_dialects(path: Path = DIALECT_WORDS) -> list[dict[str, list[str]]]:
    """For each region (and nynorsk), the forms of common bokmål words there."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    regions = [column for column in rows[0] if column != "bokmål"]
    return [{row["bokmål"]: row[region].split("/") for row in rows} for region in regions]


def in_dialect(text: str, dialects: list[dict[str, list[str]]], rng: random.Random) -> str:
    """One message of six with its common words as somebody of another region writes them: most of
    them, as people do. The others stay as they are.
    """
    if rng.random() > 1 / 6:
        return text
    words = rng.choice(dialects)

    def write(found: re.Match[str]) -> str:
        word = found.group()
        forms = words.get(word.lower())
        if not forms or rng.random() < 0.15:
            return word
        form = rng.choice(forms)
        return form.capitalize() if word[0].isupper() else form

    return re.sub(r"\w+", write, text)


def mistype(text: str, rng: random.Random) -> str:
    """The message as it may come from a phone at night: some of its letters lost, doubled or
    beside, its capitals, marks, or Norwegian letters gone. Half of them stay as they are.
    """
    if rng.random() < 0.5:
        return text
    if rng.random() < 0.5:
        text = text.lower()
    if rng.random() < 0.4:
        text = "".join(c for c in text if c not in ".,!?;:–-")
    if rng.random() < 0.15:
        choice = rng.randrange(2)
        text = "".join(FOLDED.get(c, [c, c])[choice] for c in text)
    words = text.split(" ")
    words = [SHORT.get(w, w) if rng.random() < 0.2 else w for w in words]
    share = rng.choice([0.05, 0.1, 0.2])
    return " ".join(_slip(w, rng) if len(w) > 3 and rng.random() < share else w for w in words)


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(5)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 3:
        return word[:at] + NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :]
    return word[:-1]
