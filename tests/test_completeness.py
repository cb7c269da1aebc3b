"""Every intent of needs.md is heard, ruled and answered."""

import re
from collections import Counter

import pytest
import yaml

from tests.conftest import ROOT

MIN_EXAMPLES = 40
MIN_CRISIS = 150
MIN_NEAR_MISSES = 200
MIN_OUT_OF_SCOPE = 200

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))


def nlu_blocks(folder) -> list[dict]:
    return [
        block
        for path in sorted((ROOT / folder).rglob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        if "intent" in block
    ]


def examples(block: dict) -> list[str]:
    return [line.strip()[2:] for line in block["examples"].splitlines() if line.strip()]


TRAINING = nlu_blocks("data/nlu")
HELD_OUT = nlu_blocks("tests/nlu/dev") + nlu_blocks("tests/nlu/test")


def rules() -> dict[str, str]:
    found = {}
    for path in (ROOT / "data/stories").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            intent, action = rule["steps"]
            found[intent["intent"]] = action["action"]
    return found


@pytest.mark.parametrize("intent", DOMAIN["intents"])
def test_each_intent_is_heard_and_answered(intent):
    count = Counter()
    for block in TRAINING:
        count[block["intent"]] += len(examples(block))
    wanted = {"out_of_scope": MIN_OUT_OF_SCOPE}.get(intent, MIN_EXAMPLES)
    assert count[intent] >= (MIN_CRISIS if intent.startswith("crisis_") else wanted)
    action = rules()[intent]
    if action == "action_answer":
        page = yaml.safe_load((ROOT / f"data/content/{intent}.yml").read_text(encoding="utf-8"))
        assert page["source"]["title"] and page["source"]["checked"]
    elif action.startswith("utter_"):
        assert DOMAIN["responses"][action][0]["text"]
    else:
        assert action in DOMAIN["actions"]


@pytest.mark.parametrize("intent", [i for i in DOMAIN["intents"] if i.startswith("crisis_")])
def test_crisis_is_answered_without_the_action_server(intent):
    assert rules()[intent] == f"utter_{intent}"


def test_near_misses_are_spread_over_the_fitting_intents():
    families = ("nm_", "calm_")
    near = [block for block in TRAINING if block["metadata"]["family"].startswith(families)]
    assert sum(len(examples(block)) for block in near) >= MIN_NEAR_MISSES
    assert len({block["intent"] for block in near}) >= 15
    assert not [block for block in near if block["intent"].startswith("crisis_")]


def plain(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum() or c == " ").strip()


def test_no_message_is_both_trained_on_and_held_out():
    """Except single words: there are only so many ways to write "advokat"."""
    trained = {plain(text) for block in TRAINING for text in examples(block)} - {""}
    held = {plain(text) for block in HELD_OUT for text in examples(block)} - {""}
    assert not {text for text in trained & held if " " in text}


def test_dev_and_test_share_no_paraphrase_family():
    def families(part: str):
        blocks = nlu_blocks(f"tests/nlu/{part}")
        return {(block["intent"], block["metadata"]["family"]) for block in blocks}

    assert not families("dev") & families("test")


def test_no_training_message_stands_under_two_intents():
    seen: dict[str, str] = {}
    for block in TRAINING:
        for text in examples(block):
            key = text.casefold().strip(" .!?")
            assert seen.setdefault(key, block["intent"]) == block["intent"], text


def test_the_messages_hold_no_numbers_of_persons():
    for block in TRAINING + HELD_OUT:
        for text in examples(block):
            assert not re.search(r"\d{6}|(?:\d\d ?){4}", text), text
