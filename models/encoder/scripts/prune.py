"""Keeps the pieces that Norwegian uses, and the most frequent of all others.

    python scripts/prune.py OUTPUT --pieces 42000 TEXT...

TEXT is a treebank (.conllu.gz) or Rasa NLU data (a .yml, or a folder of them). Writes
OUTPUT/pruned.npz (weights) and OUTPUT/tokenizer.json.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import e5
import numpy as np
from messages import read_messages
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

SPECIAL = 4


def tokenizer_of(pieces: Iterable[tuple[str, float]]) -> Tokenizer:
    """The model's SentencePiece tokenizer: NFKC, single spaces, a mark before each word."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=e5.UNK, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def texts_in(path: Path) -> Iterator[str]:
    if path.name.endswith(".conllu.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (line[9:].strip() for line in lines if line.startswith("# text = "))
    else:
        files = sorted(path.rglob("*.yml")) if path.is_dir() else [path]
        yield from (text for file in files for text, _intent in read_messages(file))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--pieces", type=int, default=42_000)
    arguments = parser.parse_args()

    weights = e5.read(e5.package_file())
    whole = tokenizer_of(zip(weights.pieces, weights.scores.tolist(), strict=True))
    seen: Counter[int] = Counter()
    for path in arguments.texts:
        texts = list(texts_in(path))
        for encoding in whole.encode_batch(texts + [text.lower() for text in texts]):
            seen.update(encoding.ids)
    by_score = np.argsort(-weights.scores[: len(weights.pieces)], kind="stable").tolist()
    wanted = dict.fromkeys(range(SPECIAL))
    wanted |= dict.fromkeys(whole.encode("query: ").ids)
    wanted |= dict.fromkeys(piece for piece, _ in seen.most_common())
    wanted |= dict.fromkeys(by_score)
    kept = sorted(list(wanted)[: arguments.pieces])

    arguments.output.mkdir(parents=True, exist_ok=True)
    pieces = [(weights.pieces[i], float(weights.scores[i])) for i in kept]
    tokenizer_of(pieces).save(str(arguments.output / "tokenizer.json"), pretty=False)
    np.savez(
        arguments.output / "pruned.npz",
        word=weights.word[kept],
        word_scales=weights.word_scales[kept],
        **weights.tensors,
    )
    print(f"{len(seen)} pieces seen, {len(kept)} of {len(weights.pieces)} kept")


if __name__ == "__main__":
    main()
