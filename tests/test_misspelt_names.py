"""Names of places with slips of the thumb."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.misspelt_names import MisspeltNames

NAMES = ["Stavanger", "Sarpsborg", "Kongsberg", "Kongsvinger", "Moss", "Hamar", "Nord-Odal"]
misspelt = MisspeltNames(NAMES)


@pytest.mark.parametrize(
    ("word", "name"),
    [
        pytest.param("stavnger", "Stavanger", id="letter-lost"),
        pytest.param("Sarpsbborg", "Sarpsborg", id="letter-doubled"),
        pytest.param("SARPSBROG", "Sarpsborg", id="letters-swapped"),
        pytest.param("kongsvigner", "Kongsvinger", id="longer-name"),
        pytest.param("tavanger", None, id="first-letter-must-be-right"),
        pytest.param("hamra", None, id="too-short-to-guess"),
        pytest.param("kongsv", None, id="too-far"),
        pytest.param("stavanger2", None, id="not-only-letters"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_name_that_is_meant(word, name):
    assert misspelt.meant_by(word) == name


def test_two_names_equally_near_are_not_guessed():
    assert MisspeltNames(["Hadsel", "Hadsal"]).meant_by("hadsol") is None


@given(st.text())
def test_any_text_is_answered(text):
    assert misspelt.meant_by(text) in {None, *NAMES}


@given(st.sampled_from([name for name in NAMES if len(name) > 6]).filter(str.isalpha))
def test_a_name_means_itself(name):
    assert misspelt.meant_by(name) == name
