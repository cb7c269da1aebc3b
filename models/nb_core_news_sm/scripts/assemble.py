"""Put the two trainings together into one pipeline with the published model's names and order."""

from pathlib import Path

import spacy
import typer

DESCRIPTION = (
    "Norwegian pipeline for CPU, bokmål and nynorsk, in the make of spaCy's nb_core_news_sm. "
    "Components: tok2vec, morphologizer, lemmatizer, senter (off), attribute_ruler, ner. "
    "Not a build by Explosion. Trained also on lower-cased copies without punctuation."
)
SOURCES = [
    {
        "name": "UD Norwegian Bokmaal and Nynorsk 2.8",
        "url": "https://universaldependencies.org",
        "license": "CC BY-SA 4.0",
        "author": "Øvrelid, Lilja; Jørgensen, Fredrik; Hohle, Petter; and others",
    },
    {
        "name": "NorNE: Norwegian Named Entities",
        "url": "https://github.com/ltgoslo/norne",
        "license": "CC0 (annotation)",
        "author": "Language Technology Group at the University of Oslo, Schibsted, "
        "National Library of Norway",
    },
    {
        "name": "Norwegian Dependency Treebank 1.0",
        "url": "https://www.nb.no/sprakbanken",
        "license": "CC0 (annotation)",
        "author": "National Library of Norway",
    },
]
UNIVERSAL_TAGS = [
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
]


def main(base: Path, ner: Path, output: Path, version: str = typer.Option(...)):
    nlp = spacy.load(base)
    entities = spacy.load(ner)
    # Each half has its own tok2vec; within the whole the second must travel with its component.
    entities.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    ruler = nlp.add_pipe("attribute_ruler")
    for tag in UNIVERSAL_TAGS:
        ruler.add([[{"TAG": tag}]], {"POS": tag})
    ruler.add([[{"IS_SPACE": True}]], {"TAG": "_SP", "POS": "SPACE"})
    nlp.add_pipe("ner", source=entities)
    nlp.disable_pipe("senter")
    nlp.meta.update(
        name="core_news_sm",
        version=version,
        description=DESCRIPTION,
        author="Foreldreveiviseren",
        license="CC BY-SA 4.0",
        sources=SOURCES,
        spacy_version=f">={spacy.__version__},<3.9.0",
    )
    nlp.to_disk(output)
    print(f"{output}: {', '.join(nlp.component_names)}")


if __name__ == "__main__":
    typer.run(main)
