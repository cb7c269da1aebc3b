"""Which language a message is in, offline: Norwegian, or the one that the parent needs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from py3langid.langid import MODEL_FILE
from py3langid.langid import LanguageIdentifier as Py3LangId

NORWEGIAN = "no"
# Danish, Swedish and Faroese are read, and answered, as Norwegian: dialects look like them.
_NORDIC = frozenset({"no", "nb", "nn", "da", "sv", "fo"})
# The languages of Norway's parents and their neighbours in sound or script; a choice of few keeps
# short Norwegian from being taken for something rare.
_LANGUAGES = (
    "am ar bg bn bs de el en es et fa fi fr hi hr hu is it ku lt lv ne nl pa pl ps pt ro ru sdh se "
    "so sq sr sw ta th tl tr uk ur vi zh"
).split()
_SAME = {"bs": "hr", "sr": "hr", "sdh": "ckb"}
_LATIN_WORDS = 4  # fewer words of Latin letters say too little
_WORD = re.compile(r"[^\W\d_]+")
# Amharic and Tigrinya share their script; these letters and endings are Amharic's.
_AMHARIC = re.compile("[ቸኘጨዠ]|ነው|ነኝ|አለ|ልጆ")


@cache
def _identifier() -> Py3LangId:
    identifier = Py3LangId.from_model_file(MODEL_FILE, norm_probs=True)
    known = set(identifier.nb_classes)
    identifier.set_languages(sorted(known & {*_LANGUAGES, *_NORDIC}))
    return identifier


def language_of(text: str, most_nordic: float = 0.1) -> str:
    """`no`, or the code of the language that a text is in (`hr` for Bosnian, Croatian and Serbian,
    `ku` Kurmanji, `ckb` Sorani, `fa` Farsi and Dari).

    A text in Latin letters is Norwegian unless it has four words and the share of probability
    that is left for the Nordic languages is under `most_nordic`.
    """
    words = _WORD.findall(text)
    letters = [character for word in words for character in word]
    foreign_letters = sum(not _is_latin(letter) for letter in letters)
    if not letters or (foreign_letters * 2 <= len(letters) and len(words) < _LATIN_WORDS):
        return NORWEGIAN
    script = unicodedata.name(max(letters, key=letters.count), "")
    if script.startswith("ETHIOPIC"):
        return "am" if _AMHARIC.search(text) else "ti"
    ranking = _identifier().rank(text)
    nordic = sum(probability for language, probability in ranking if language in _NORDIC)
    if nordic >= most_nordic and foreign_letters * 2 <= len(letters):
        return NORWEGIAN
    first = next(language for language, _ in ranking if language not in _NORDIC)
    return _SAME.get(first, first)


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER"))
