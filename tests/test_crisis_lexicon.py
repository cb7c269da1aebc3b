"""Each sign of the lexicon beside its harmless twin, and all of it on calm messages."""

import pytest
import yaml

from bot.nlu.crisis_lexicon import CRISIS_DATA, read_lexicon
from bot.nlu.normalise import normalise

LEXICON = yaml.safe_load((CRISIS_DATA / "lexicon.yml").read_text(encoding="utf-8"))["entries"]
LANGUAGES = yaml.safe_load((CRISIS_DATA / "languages.yml").read_text(encoding="utf-8"))["languages"]
MOST_USED = ["en", "pl", "uk", "ru", "ar", "so", "ti", "fa", "ku", "tr"]
KINDS = {"crisis_suicide", "crisis_violence", "crisis_child_danger", "crisis_acute"}
KINDS |= {"crisis_harm_others"}


def signs(text: str) -> list[str]:
    return [found.id for found in read_lexicon().find(normalise(text))]


@pytest.mark.parametrize("entry", LEXICON, ids=lambda entry: entry["id"])
def test_sign_fires_and_its_twin_does_not(entry):
    assert entry["kind"] in KINDS
    assert entry["fires_on"] and entry["harmless_twin"] and entry["comment"]
    for text in entry["fires_on"]:
        assert entry["id"] in signs(text), text
    for text in entry["harmless_twin"]:
        assert not signs(text), text


def test_ids_stand_once():
    ids = [entry["id"] for entry in LEXICON]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", MOST_USED)
def test_the_most_used_languages_have_every_kind(language):
    for kind in KINDS:
        phrases = LANGUAGES[language][kind]
        assert len(phrases) >= 8
        for phrase in phrases:
            assert any(sign.startswith(f"{language}: ") for sign in signs(f"... {phrase} ..."))


def calm_messages(near_miss: bool) -> list[str]:
    found = []
    for path in sorted((CRISIS_DATA.parent / "nlu").glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["nlu"]:
            marked = (block.get("metadata") or {}).get("near_miss", False)
            if block.get("intent", "crisis_").startswith("crisis_") or marked != near_miss:
                continue
            found += [line.strip()[2:] for line in block["examples"].splitlines()]
    return found


@pytest.mark.parametrize(
    ("near_miss", "most"),
    [
        pytest.param(False, 1 / 1000, id="ordinary"),
        pytest.param(True, 1 / 40, id="near-misses"),  # the detector's model has a say after this
    ],
)
def test_calm_training_messages_fire_almost_never(near_miss, most):
    """Not a measure of quality (the lexicon's author saw some) but a guard against a bad entry."""
    calm = calm_messages(near_miss)
    fired = [text for text in calm if signs(text)]
    assert len(calm) > 2000
    assert len(fired) <= len(calm) * most, fired
