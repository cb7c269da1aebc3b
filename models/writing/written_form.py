"""Writes data/writing/written_form.tsv: how much each word or ending speaks for nynorsk.

    python models/writing/written_form.py

A logistic regression over the treebanks' sentences (bokmål 0, nynorsk 1), lower-cased, with half of
them cut to their first ten words, as messages are short. Weights under 0.05 are left out.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score

from bot.nlu.written_form import features

ROOT = Path(__file__).parents[2]
TREEBANKS = ROOT / "models" / "nb_core_news_sm" / "assets"
OUTPUT = ROOT / "data" / "writing" / "written_form.tsv"
LEAST_WEIGHT = 0.05
SHORT = 10


def sentences(part: str, written_form: str) -> list[str]:
    with gzip.open(TREEBANKS / f"{written_form}-{part}.conllu.gz", "rt", encoding="utf-8") as lines:
        return [line[9:].strip() for line in lines if line.startswith("# text = ")]


def read(part: str) -> tuple[list[str], list[int]]:
    texts, labels = [], []
    for label, written_form in enumerate(("nb", "nn")):
        for text in sentences(part, written_form):
            for shown in (text, " ".join(text.split()[:SHORT])):
                texts.append(shown)
                labels.append(label)
    return texts, labels


def main() -> None:
    texts, labels = read("train")
    vectorizer = CountVectorizer(analyzer=features, binary=True, min_df=3)
    model = LogisticRegression(C=1.0, max_iter=1000).fit(vectorizer.fit_transform(texts), labels)
    dev_texts, dev_labels = read("dev")
    right = accuracy_score(dev_labels, model.predict(vectorizer.transform(dev_texts)))
    print(f"dev sentences, whole and their first {SHORT} words: {right:.4f}")
    weights = sorted(zip(vectorizer.get_feature_names_out(), model.coef_[0], strict=True))
    kept = [f"{name}\t{weight:.2f}\n" for name, weight in weights if abs(weight) >= LEAST_WEIGHT]
    OUTPUT.write_text(f"\t{model.intercept_[0]:.2f}\n" + "".join(kept), encoding="utf-8")


if __name__ == "__main__":
    main()
