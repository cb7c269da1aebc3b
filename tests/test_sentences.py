"""How a message is cut into what can be read by itself."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.sentences import sentences

CUT = {
    "Når får jeg se han?": [],
    "Hei. Hun slår meg!": ["Hei.", "Hun slår meg!"],
    "de svarer meg aldri, har jeg krav på en kontaktperson, og hva koster advokat": [
        "de svarer meg aldri",
        "har jeg krav på en kontaktperson",
        "og hva koster advokat",
    ],
    "Kveldene er lengst, og jeg har ingen å prate med": [],
    "æ e så sliten å æ vil bare ha ho heim igjen å ka gjør æ no": [
        "æ e så sliten",
        "å æ vil bare ha ho heim igjen",
        "å ka gjør æ no",
    ],
}


@pytest.mark.parametrize(("text", "parts"), CUT.items())
def test_cut(text, parts):
    assert sentences(text) == parts


WORDS = st.lists(
    st.sampled_from([*"jeg vil se han og men hun slår meg når får vi advokat å".split(), *",.!"]),
    max_size=60,
)


@given(st.one_of(st.text(), WORDS.map(" ".join)))
def test_no_word_is_lost_or_moved(text):
    parts = sentences(text)
    if parts:
        assert re.findall(r"\w+", " ".join(parts)) == re.findall(r"\w+", text)
        assert len(parts) > 1
