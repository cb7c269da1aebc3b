"""Several needs in a message, other languages, and what happens when the guide is unsure."""

import asyncio
import inspect
from pathlib import Path

import pytest
import yaml
from rasa.core.agent import load_agent
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.preparation import model_path
from tests.conftest import Guide, services_of

THREE_NEEDS = (
    "Saksbehandleren hører aldri på meg. Jeg har ikke råd til husleia denne måneden. "
    "Finnes det en gruppe for foreldre i samme situasjon?"
)
LANGUAGES = yaml.safe_load(
    (Path(__file__).parent / "nlu/language/languages.yml").read_text(encoding="utf-8")
)["languages"]
CRISIS_LANGUAGES = sorted(code for code, entry in LANGUAGES.items() if entry.get("crisis"))
CALM = "Vi var på fisketur i helga. Det var fint vær og vi spiste is. "
UNCLEAR = ["bursdag lege", "hun og jeg"]


def needs_of(reply: dict) -> set[str]:
    return {reply["custom"]["need"], *reply["custom"]["other_needs"]}


def test_each_need_of_a_message_is_answered_or_offered(guide: Guide):
    reply = guide.talk().say(THREE_NEEDS)[0]
    assert needs_of(reply) == {"need_cooperation_cws", "need_living_conditions", "need_peers"}
    offered = [button["payload"] for button in reply["buttons"]]
    others = [f"/{need}" for need in reply["custom"]["other_needs"]]
    assert offered[: len(others)] == others, "further needs come first, in the message's order"


def test_a_need_once_offered_is_not_offered_again(guide: Guide):
    talk = guide.talk()
    first = talk.say(THREE_NEEDS)[0]
    assert len(first["custom"]["other_needs"]) == 2
    again = talk.say(THREE_NEEDS)[0]
    assert again["custom"]["other_needs"] == []


def test_the_button_of_a_further_need_works(guide: Guide):
    talk = guide.talk()
    other = talk.say(THREE_NEEDS)[0]["custom"]["other_needs"][0]
    assert talk.say(f"/{other}")[0]["custom"]["need"] == other


def test_crisis_comes_before_all_other_needs_and_they_are_not_lost(guide: Guide):
    talk = guide.talk()
    text = "Jeg har ikke råd til husleia denne måneden. Jeg vil ta livet mitt i natt."
    reply = talk.say(text)[0]
    assert reply["custom"]["need"] == "crisis_suicide"
    assert reply["custom"]["other_needs"] == ["need_living_conditions"]
    assert talk.say("/need_living_conditions")[0]["custom"]["need"] == "need_living_conditions"


def test_one_dangerous_sentence_in_a_long_calm_message_is_heard(guide: Guide):
    text = CALM * 12 + "Jeg vil ikke leve lenger. " + CALM * 12
    assert 1500 < len(text) <= 2000
    assert guide.talk().say(text)[0]["custom"]["need"] == "crisis_suicide"


@pytest.mark.parametrize("text", ["s*lvm*rd", "S E L V M O R D", "vil ta s3lvm0rd", "selvmooord"])
def test_a_masked_cry_is_read(guide: Guide, text):
    talk = guide.talk()
    assert talk.say(text)[0]["custom"]["need"] == "crisis_suicide"
    assert talk.history()[1]["text"] == text, "the parent sees their own words"


OPEN_CRIES = [
    "I want to kill myself",
    "Chcę się zabić",
    "я хочу покончить с собой",
    "хочу накласти на себе руки",
    "my husband beats me",
    "mąż mnie bije",
    "kendimi öldürmek istiyorum",
    "میخواهم خودم را بکشم",
]


@pytest.mark.parametrize("text", OPEN_CRIES)
def test_an_open_cry_in_another_language_gets_the_numbers(guide: Guide, text):
    assert guide.talk().say(text)[0]["custom"]["need"].startswith("crisis_")


@pytest.mark.parametrize("language", CRISIS_LANGUAGES)
def test_a_calm_message_in_another_language_is_a_wish_for_that_language(model_parse, language):
    """Short of the wish: how many are taken for a crisis stands in docs/evaluation."""
    intents = [model_parse(text)["intent"]["name"] for text in LANGUAGES[language]["messages"]]
    assert intents.count("change_language") / len(intents) >= 0.8


def test_unsure_offers_the_likeliest_and_then_a_human(guide: Guide):
    talk = guide.talk()
    first, second = (talk.say(text) for text in UNCLEAR)
    assert first[0]["custom"]["need"] == "nlu_fallback"
    human = second[-1]
    assert human["custom"]["need"] == "ask_human"
    assert services_of(human)


def test_the_written_form_is_kept(guide: Guide, model_parse):
    entities = model_parse("Eg veit ikkje korleis eg skal seie det til ho")["entities"]
    assert {"nn"} == {e["value"] for e in entities if e["entity"] == "written_form"}
    short = model_parse("takk")["entities"]
    assert not [e for e in short if e["entity"] == "written_form"], "too short to change anything"


@pytest.fixture(scope="module")
def agent():
    return asyncio.run(load_agent(str(model_path())))


@pytest.fixture(scope="module")
def model_parse(agent):
    return lambda text: asyncio.run(agent.parse_message(text))


def parse_without(agent, missing: str, text: str) -> Message:
    """Run the model's own components one after the other, one of them left out."""
    nodes = agent.processor.graph_runner._instantiated_nodes
    model = next(n._component for name, n in nodes.items() if name.startswith("provide_SpacyNLP"))
    messages = [Message({TEXT: text})]
    left_out = 0
    for name, node in nodes.items():
        if missing in name:
            left_out += 1
        elif name.startswith("run_") and hasattr(node._component, "process"):
            process = node._component.process
            if "model" in inspect.signature(process).parameters:
                messages = process(messages, model.provide())
            elif "Policy" not in name and "Regex" not in name:
                messages = process(messages)
    assert left_out == 1
    return messages[0]


@pytest.mark.parametrize("missing", ["JoinedIntentClassifier", "SentenceEncoderFeaturizer"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jeg vil ta livet av meg i natt", "crisis_suicide"),
        ("mannen min slår meg hver dag", "crisis_violence"),
        ("han har tatt overdose og våkner ikke", "crisis_acute"),
    ],
)
def test_crisis_is_heard_without_the_classifier_and_without_the_encoder(agent, missing, text, kind):
    assert parse_without(agent, missing, text).get(INTENT)["name"] == kind
