"""Writes data/writing/norwegian_letters.tsv and words.txt from the treebanks' words.

    python models/writing/norwegian_letters.py

A word with æ, ø or å is found again when it is written with ae, oe, aa or with a, o, e alone. A
form that is a word by itself ("far", "la") is never taken for another.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
TREEBANKS = ROOT / "models" / "nb_core_news_sm" / "assets"
WRITING = ROOT / "data" / "writing"
WORD = re.compile(r"[^\W\d_]+")
SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
DROPPED = [
    str.maketrans({"æ": "ae", "ø": "o", "å": "a"}),
    str.maketrans({"æ": "e", "ø": "o", "å": "a"}),
    str.maketrans({"æ": "ä", "ø": "ö"}),
]
SEEN, SEEN_DROPPED = 2, 4  # how often a word must stand in the treebanks
SHORTEST_DROPPED = 4
AS_PARENTS_WRITE = 3  # a form that the training data has so often is left as it is


def main() -> None:
    words: Counter[str] = Counter()
    for path in sorted(TREEBANKS.glob("*.conllu.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("# text = "):
                    words.update(WORD.findall(line[9:].lower()))
    written: Counter[str] = Counter()
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        if path.name != "places.yml":
            written.update(WORD.findall(path.read_text(encoding="utf-8").lower()))

    meant: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word in set(words) | set(written):
        count = words[word]
        if not set(word) & set("æøå") or (not count and written[word] < 2):
            continue
        if count >= SEEN or written[word] >= SEEN:
            meant[word.translate(SPELLED)][word] += count + written[word]
        if (count >= SEEN_DROPPED or written[word] >= SEEN_DROPPED) and len(
            word
        ) >= SHORTEST_DROPPED:
            for table in DROPPED:
                form = word.translate(table)
                if form != word and written[form] < AS_PARENTS_WRITE:
                    meant[form][word] += count + written[word]
    spellings = yaml.safe_load((WRITING / "spellings.yml").read_text(encoding="utf-8"))["spellings"]
    with (WRITING / "norwegian_letters.tsv").open("w", encoding="utf-8") as out:
        for form in sorted(meant):
            word = meant[form].most_common(1)[0][0]
            if form not in words and form not in spellings:
                out.write(f"{form}\t{spellings.get(word, word)}\n")
    known = {w for w, n in words.items() if n > SEEN} | {w for w, n in written.items() if n > SEEN}
    text = "".join(f"{word}\n" for word in sorted(known))
    (WRITING / "words.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
