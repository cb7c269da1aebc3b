"""What a conversation's events say to the parent."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.channels.replies import (
    CRISIS_PREFIX,
    REMINDER,
    history,
    offered_payloads,
    replies_to,
    text_of,
    turns,
    written_by_parent,
)
from tests.conftest import ROOT

DOMAIN = Domain.load(str(ROOT / "domain.yml"))
NUMBERS = text_of(DOMAIN, REMINDER)
CRISIS_RESPONSES = sorted(
    name for name in DOMAIN.responses if name.startswith(CRISIS_PREFIX) and name != REMINDER
)
TALK = {"title": "Snakke med noen", "payload": "/need_talk"}
RIGHTS = {"title": "Rettighetene mine", "payload": "/need_rights"}


def said(text: str, message_id: str = "m") -> UserUttered:
    return UserUttered(text, message_id=message_id)


def answered(text: str | None = "Svar.", response: str | None = None, **data: object) -> BotUttered:
    metadata = {"utter_action": response} if response else {}
    return BotUttered(text, {"buttons": None, "custom": None, **data}, metadata)


def conversation(kinds: str) -> list[Event]:
    """Messages m0, m1, … answered with crisis help (`c`), an ordinary answer (`o`) or two (`t`)."""
    events: list[Event] = [answered("Hei."), ActionExecuted("action_listen")]
    for number, kind in enumerate(kinds):
        events += [said("Melding.", f"m{number}"), SlotSet("page", "need_talk")]
        if kind == "c":
            events.append(answered("Ring 113.", "utter_crisis_suicide"))
        else:
            events.append(answered("Svar.", "utter_thank" if kind == "o" else None))
        if kind == "t":
            events.append(answered("Mer.", "utter_thank"))
        events.append(ActionExecuted("action_listen"))
    return events


def reminded(events: list[Event]) -> str:
    """For each turn after the welcome whether the numbers follow: `1` or `0` for each bubble."""
    return " ".join(
        "".join("1" if NUMBERS in reply["text"] else "0" for reply in turn.replies)
        for turn in turns(events, DOMAIN)[1:]
    )


@pytest.mark.parametrize(
    ("kinds", "reminders"),
    [
        pytest.param("ooo", "0 0 0", id="no-crisis"),
        pytest.param("coooo", "0 1 1 0 0", id="the-next-two-answers"),
        pytest.param("ocooo", "0 0 1 1 0", id="crisis-later"),
        pytest.param("cocooo", "0 1 0 1 1 0", id="second-crisis-before-the-end"),
        pytest.param("coooocooo", "0 1 1 0 0 0 1 1 0", id="second-crisis-after-the-end"),
        pytest.param("ccooo", "0 0 1 1 0", id="two-in-a-row"),
        pytest.param("ctto", "0 10 10 0", id="only-once-in-an-answer-of-two-bubbles"),
    ],
)
def test_the_numbers_follow_in_the_two_answers_after_crisis_help(kinds, reminders):
    assert reminded(conversation(kinds)) == reminders


@given(st.text(alphabet="co", max_size=12))
def test_an_answer_has_the_numbers_when_one_of_the_two_before_it_was_crisis_help(kinds):
    expected = [
        "1" if kind == "o" and "c" in kinds[max(0, i - 2) : i] else "0"
        for i, kind in enumerate(kinds)
    ]
    assert reminded(conversation(kinds)) == " ".join(expected)


@pytest.mark.parametrize("response", CRISIS_RESPONSES)
def test_each_kind_of_crisis_help_is_followed_by_the_numbers(response):
    events = [said("…", "1"), answered("Hjelp.", response), said("…", "2"), answered("Svar.")]
    help_given, answer = [turn.replies[0]["text"] for turn in turns(events, DOMAIN)[1:]]
    assert (help_given, answer) == ("Hjelp.", f"Svar.\n\n{NUMBERS}")


def test_the_numbers_are_the_ones_that_always_answer():
    for number in ("113", "112", "116 117", "116 123", "116 006", "116 111"):
        assert number in NUMBERS


def test_what_the_bot_says_first_belongs_to_no_message():
    welcome, first = turns([answered("Hei."), said("Hallo"), answered("Svar.")], DOMAIN)
    assert (welcome.message, [reply["text"] for reply in welcome.replies]) == (None, ["Hei."])
    assert (first.message.text, [reply["text"] for reply in first.replies]) == ("Hallo", ["Svar."])


def test_a_reply_keeps_its_buttons_and_custom_part_and_only_those():
    custom = {"need": "need_talk", "signposts": []}
    shown = answered("Svar.", buttons=[{**TALK, "extra": 1}], custom=custom, image="bilde.png")
    assert replies_to([said("Hei"), shown], DOMAIN, "m") == [
        {"text": "Svar.", "buttons": [TALK], "custom": custom}
    ]


def test_a_reply_without_text_buttons_or_custom_part_has_them_empty():
    empty = {"text": "", "buttons": [], "custom": {}}
    assert replies_to([said("Hei"), answered(None)], DOMAIN, "m") == [empty]


def test_reading_the_replies_again_changes_nothing():
    events = conversation("coc")
    assert turns(events, DOMAIN) == turns(events, DOMAIN)
    assert {e.text for e in events if isinstance(e, BotUttered)} == {"Hei.", "Svar.", "Ring 113."}


@pytest.mark.parametrize(
    ("message_id", "texts"),
    [
        pytest.param("m0", ["Ring 113."], id="first"),
        pytest.param("m1", [f"Svar.\n\n{NUMBERS}", "Mer."], id="two-bubbles-with-the-numbers"),
        pytest.param("m3", ["Svar."], id="last"),
        pytest.param("m4", [], id="received-but-not-answered"),
        pytest.param("m5", [], id="never-received"),
    ],
)
def test_the_replies_to_one_message(message_id, texts):
    events = [*conversation("ctoo"), said("Er du der?", "m4")]
    assert [reply["text"] for reply in replies_to(events, DOMAIN, message_id)] == texts


def test_a_message_sent_again_after_no_answer_has_the_later_answer():
    events = [said("Hei", "a"), said("Hei", "a"), answered("Svar.")]
    assert [reply["text"] for reply in replies_to(events, DOMAIN, "a")] == ["Svar."]


def test_history_is_what_the_parent_saw():
    events = [
        answered("Hei.", buttons=[TALK, RIGHTS]),
        said("/need_rights"),
        answered("Du har rett til å bli hørt."),
        said("jeg vil klage"),
        answered("Svar.", custom={"need": "need_rights"}),
    ]
    assert list(history(events, DOMAIN)) == [
        {"from": "bot", "text": "Hei.", "buttons": [TALK, RIGHTS], "custom": {}},
        {"from": "parent", "text": "Rettighetene mine"},
        {"from": "bot", "text": "Du har rett til å bli hørt.", "buttons": [], "custom": {}},
        {"from": "parent", "text": "jeg vil klage"},
        {"from": "bot", "text": "Svar.", "buttons": [], "custom": {"need": "need_rights"}},
    ]


def test_history_repeats_the_numbers_where_the_parent_saw_them():
    texts = [item["text"] for item in history(conversation("coo"), DOMAIN)]
    assert [text.endswith(NUMBERS) for text in texts] == [False] * 4 + [True, False, True]


def test_all_buttons_shown_so_far_may_be_pressed():
    events = [answered(buttons=[TALK]), said("Hei"), answered(), answered(buttons=[RIGHTS])]
    assert offered_payloads(events, DOMAIN) == {
        "/need_talk": "Snakke med noen",
        "/need_rights": "Rettighetene mine",
    }


PLACE = '/give_place{"place": "Os (Innlandet)"}'
OFFERED = {TALK["payload"]: TALK["title"], PLACE: "Os (Innlandet)"}


def is_command(text: str) -> bool:
    """Whether Rasa's own reader takes the text for an intent instead of for words."""
    read = YAMLStoryReader.unpack_regex_message(Message({TEXT: text}))
    return read.get(INTENT) is not None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/restart", "restart"),
        ("/crisis_suicide", "crisis_suicide"),
        ("//need_talk", "need_talk"),
        (" \t/need_rights", "need_rights"),
        ("\n/ /need_talk", "need_talk"),
        ('/give_place{"place": "Oslo"}', 'give_place{"place": "Oslo"}'),
        ("/need_talk ", "need_talk "),
        ("/", "?"),
        (" / ", "?"),
        ("", "?"),
        ("og/eller", "og/eller"),
        ("jeg orker ikke mer", "jeg orker ikke mer"),
    ],
)
def test_a_command_that_the_parent_types_is_only_text(typed, read):
    assert written_by_parent(typed, OFFERED) == read
    assert not is_command(read)


@pytest.mark.parametrize("payload", OFFERED)
def test_the_payload_of_an_offered_button_is_a_command(payload):
    assert written_by_parent(payload, OFFERED) == payload
    assert is_command(payload)
    assert not is_command(written_by_parent(payload, {}))


WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Z", "Cc"]), min_size=1)


@given(st.text(alphabet="/ \t\n", max_size=6), WORDS)
@example("/", "session_start")
def test_typed_words_survive_and_never_begin_with_a_slash(prefix, words):
    read = written_by_parent(prefix + words, {})
    assert not read.startswith("/") and not is_command(read)
    assert read == words.lstrip("/") or (read == "?" and not words.strip("/"))


@given(st.text(alphabet="/ \t\n\r\f\v\u00a0\u2003\u3000", max_size=6))
@example("\u00a0/")
@example("\r\n/")
def test_no_kind_of_space_before_the_slash_makes_it_a_command(prefix):
    assert not is_command(written_by_parent(prefix + "need_talk", {}))
