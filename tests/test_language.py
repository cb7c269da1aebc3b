"""Which language and which written form a message is in; messages of another author."""

from pathlib import Path

import pytest
import yaml

from bot.nlu.language import NORWEGIAN, language_of
from bot.nlu.normalise import normalise
from bot.nlu.written_form import nynorsk_probability

FOLDER = Path(__file__).parent / "nlu" / "language"
ENOUGH_WORDS = 4


def held_out(name: str):
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


LANGUAGES = held_out("languages")["languages"]
ANSWERED_IN_NORWEGIAN = {"sv", "da"}


def messages_in(language: str) -> list[str]:
    entry = LANGUAGES[language]
    crises = [text for group in entry.get("crisis", {}).values() for text in group]
    texts = entry["messages"] + crises
    return [text for text in texts if len(text.split()) >= ENOUGH_WORDS or language == "th"]


def test_twenty_languages_of_norways_parents():
    assert len(LANGUAGES.keys() - ANSWERED_IN_NORWEGIAN) >= 20


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - ANSWERED_IN_NORWEGIAN))
def test_another_language_is_recognised(language):
    found = [language_of(normalise(text)) for text in messages_in(language)]
    foreign = sum(code != NORWEGIAN for code in found) / len(found)
    right = sum(code == language for code in found) / len(found)
    # Urdu in Latin letters is the hardest: as people write it, it has no spelling.
    assert foreign >= 0.9
    assert right >= (0.75 if language == "ur" else 0.85)


@pytest.mark.parametrize("language", sorted(ANSWERED_IN_NORWEGIAN))
def test_danish_and_swedish_are_answered_in_norwegian(language):
    found = [language_of(normalise(text)) for text in messages_in(language)]
    assert sum(code == NORWEGIAN for code in found) / len(found) >= 0.95


def test_short_dialect_is_norwegian():
    messages = held_out("short_dialect")["messages"]
    found = [language_of(normalise(text)) for text in messages]
    assert len(messages) >= 100
    assert sum(code == NORWEGIAN for code in found) / len(found) >= 0.99


def test_written_form_of_whole_sentences():
    sentences = held_out("written_form")
    right = [nynorsk_probability(normalise(text)) < 0.5 for text in sentences["nb"]]
    right += [nynorsk_probability(normalise(text)) > 0.5 for text in sentences["nn"]]
    assert len(right) >= 500
    assert sum(right) / len(right) >= 0.97


@pytest.mark.parametrize("text", ["", "😭", "?!", "12345", "hei", "Нет", "عون", "x" * 2000])
def test_anything_has_a_language(text):
    assert language_of(text)


def test_one_word_in_another_script_is_enough():
    assert language_of("помогите") in {"ru", "uk"}
    assert language_of("ช่วยด้วย") == "th"
    assert language_of("ሓገዝ") == "ti"
