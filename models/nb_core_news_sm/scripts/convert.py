"""Turn the CoNLL-U treebanks into spaCy's binary training files.

Each Doc holds ten consecutive sentences. With `--copies`, one-sentence Docs are added that are
lower-cased and mostly lack punctuation, because parents write so; their lemmas and tags stay.
"""

import gzip
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import spacy
import typer
from spacy.tokens import Doc, DocBin

SENTENCES_PER_DOC = 10
SEED = 0


class Token(NamedTuple):
    form: str
    lemma: str
    pos: str
    morph: str
    ent: str  # IOB2
    space: bool


Sentence = list[Token]


def read_conllu(path: Path) -> Iterator[Sentence]:
    sentence: Sentence = []
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if not line:
                if sentence:
                    yield sentence
                sentence = []
            elif not line.startswith("#"):
                sentence.append(read_token(line.split("\t"), sentence))
    if sentence:
        yield sentence


def read_token(columns: list[str], before: Sentence) -> Token:
    _, form, lemma, pos, _, morph, _, _, _, misc = columns
    marks = dict(mark.split("=", 1) for mark in misc.split("|") if "=" in mark)
    ent = marks.get("name", "O")
    previous = before[-1].ent if before else "O"
    if ent.startswith("I-") and previous[2:] != ent[2:]:
        ent = "B-" + ent[2:]
    morph = "" if morph == "_" else morph
    return Token(form, lemma, pos, morph, ent, marks.get("SpaceAfter") != "No")


def to_doc(nlp: spacy.Language, sentences: list[Sentence]) -> Doc:
    tokens = [token for sentence in sentences for token in sentence]
    starts = [i == 0 for sentence in sentences for i in range(len(sentence))]
    return Doc(
        nlp.vocab,
        words=[t.form for t in tokens],
        spaces=[t.space for t in tokens],
        tags=[t.pos for t in tokens],
        pos=[t.pos for t in tokens],
        morphs=[t.morph for t in tokens],
        lemmas=[t.lemma for t in tokens],
        ents=[t.ent for t in tokens],
        sent_starts=starts,
    )


def as_written_in_haste(sentence: Sentence, drop_punctuation: bool) -> Sentence | None:
    kept = [
        t._replace(form=t.form.lower(), space=True if drop_punctuation else t.space)
        for t in sentence
        if not (drop_punctuation and t.pos == "PUNCT")
    ]
    # An I- whose B- was a dropped quotation mark must open the entity itself.
    for i, token in enumerate(kept):
        previous = kept[i - 1].ent if i else "O"
        if token.ent.startswith("I-") and previous[2:] != token.ent[2:]:
            kept[i] = token._replace(ent="B-" + token.ent[2:])
    return kept or None


def copies(sentences: list[Sentence], rng: random.Random) -> Iterator[Sentence]:
    for sentence in sentences:
        has_entity = any(t.ent != "O" for t in sentence)
        if rng.random() < (0.6 if has_entity else 0.15):
            copy = as_written_in_haste(sentence, rng.random() < (0.9 if has_entity else 0.6))
            if copy:
                yield copy


def main(
    inputs: list[Path],
    output: Path = typer.Option(...),
    with_copies: bool = typer.Option(False, "--copies"),
    sms_like: bool = typer.Option(False, help="Only lower-cased text without punctuation."),
):
    nlp = spacy.blank("nb")
    rng = random.Random(SEED)
    docs = DocBin(store_user_data=False)
    for path in inputs:
        sentences = list(read_conllu(path))
        if sms_like:
            plain = (as_written_in_haste(s, drop_punctuation=True) for s in sentences)
            sentences = [s for s in plain if s]
        for i in range(0, len(sentences), SENTENCES_PER_DOC):
            docs.add(to_doc(nlp, sentences[i : i + SENTENCES_PER_DOC]))
        if with_copies:
            for copy in copies(sentences, rng):
                docs.add(to_doc(nlp, [copy]))
    output.parent.mkdir(parents=True, exist_ok=True)
    docs.to_disk(output)
    print(f"{output}: {len(docs)} docs")


if __name__ == "__main__":
    typer.run(main)
