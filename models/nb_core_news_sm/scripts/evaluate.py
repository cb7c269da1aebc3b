"""Score the packaged pipeline on each part of the treebanks; written to `scores.json`."""

import json
from collections.abc import Collection
from pathlib import Path

import spacy
import typer
from spacy.tokens import DocBin
from spacy.training import Example

PARTS = [
    f"{form}-{part}{style}"
    for form in ("nb", "nn")
    for part in ("dev", "test")
    for style in ("", "-sms")
]
PLACES = ("GPE_LOC", "LOC", "GPE_ORG")


def f_score(examples: list[Example], labels: Collection[str]) -> float:
    """F over several labels taken as one: a place is a place, whichever of the three."""
    found = right = wanted = 0
    for example in examples:
        gold = {(e.start_char, e.end_char) for e in example.reference.ents if e.label_ in labels}
        predicted = {
            (e.start_char, e.end_char) for e in example.predicted.ents if e.label_ in labels
        }
        right += len(gold & predicted)
        found += len(predicted)
        wanted += len(gold)
    return 2 * right / (found + wanted)


def main(model: Path, corpus: Path, output: Path):
    nlp = spacy.load(model)
    nlp.enable_pipe("senter")
    scores = {}
    for part in PARTS:
        docs = DocBin().from_disk(corpus / f"{part}.spacy").get_docs(nlp.vocab)
        examples = [Example(nlp(doc.text), doc) for doc in docs]
        result = nlp.evaluate(
            [Example(nlp.make_doc(e.reference.text), e.reference) for e in examples]
        )
        scores[part] = {
            "pos": round(result["pos_acc"], 4),
            "morph": round(result["morph_acc"], 4),
            "lemma": round(result["lemma_acc"], 4),
            "sents_f": round(result["sents_f"], 4),
            "ents_f": round(result["ents_f"], 4),
            "places_f": round(f_score(examples, PLACES), 4),
            "persons_f": round(f_score(examples, ("PER",)), 4),
        }
        print(part, scores[part], flush=True)
    output.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
