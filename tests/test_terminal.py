"""Phone numbers as the terminal writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.signposts import spaced


@pytest.mark.parametrize(
    ("phone", "written"),
    [
        ("113", "113"),
        ("116123", "116 123"),
        ("+4722400040", "22 40 00 40"),
        ("+4746617010", "46 61 70 10"),
        ("22400040", "22 40 00 40"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_written_as_in_norway(phone, written):
    assert spaced(phone) == written


@given(st.from_regex(r"\d{3}|\d{6}|\+47\d{8}", fullmatch=True))
def test_no_digit_is_lost_and_no_group_is_cut_short(phone):
    groups = spaced(phone).split(" ")
    assert "".join(groups) == phone.removeprefix("+47")
    assert {len(group) for group in groups} == {2 if phone.startswith("+47") else 3}
