"""One copy of the spaCy model in memory, which only splits words until more is asked of it.

Rasa's graph makes two SpacyNLP components, one that hands the model out and one that uses what
it is handed, and each loads it from disk (Rasa 3.6.21): memory and time for nothing. And SpacyNLP
runs the whole pipeline on each message, 4 ms of it, while the n-grams read only the words (lemmas
instead of words were tried: docs/classifiers.md).
"""

from __future__ import annotations

from functools import lru_cache

from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from spacy.language import Language
from spacy.tokens import Doc


def load_once() -> None:
    """Let all SpacyNLP components of this process share the model of a name, its pipes off."""
    if not hasattr(SpacyNLP.load_model, "cache_info"):
        load = SpacyNLP.load_model

        def load_without_pipes(name: str) -> SpacyModel:
            loaded = load(name)
            loaded.model.select_pipes(disable=loaded.model.pipe_names)
            return loaded

        SpacyNLP.load_model = staticmethod(lru_cache(maxsize=1)(load_without_pipes))


def analysed(nlp: Language, doc: Doc) -> Doc:
    """The doc with tags, lemmas and names, by the pipes that SpacyNLP leaves out."""
    copy = nlp.make_doc(doc.text)
    for _name, pipe in nlp.components:
        copy = pipe(copy)
    return copy
