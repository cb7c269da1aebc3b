"""Opening hours: reading the short notation, and whether a line is open at a moment."""

import csv
import datetime as dt
import re

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bot.directory.hours import HOLIDAY, MIDNIGHT, OSLO, Window, open_at, opens_next, parse
from tests.conftest import ROOT

OFFICE = "mon-fri 08:30-15:00"
EMERGENCY_DUTY = "mon-fri 15:30-08:00; weekends and holidays 24h"


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=OSLO)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.timezone.utc)


def as_text(windows: list[Window]) -> str:
    return " ".join(f"{w.weekday}:{w.opens:%H%M}-{w.closes:%H%M}" for w in sorted(windows))


@pytest.mark.parametrize(
    ("hours", "windows"),
    [
        ("mon-wed 09:00-15:00", "0:0900-1500 1:0900-1500 2:0900-1500"),
        ("mon 17:00-20:00; tue 10:00-15:00", "0:1700-2000 1:1000-1500"),
        ("mon-tue 11:00-14:30 and 15:00-18:00", "0:1100-1430 0:1500-1800 1:1100-1430 1:1500-1800"),
        ("mon-tue 09:00-15:00; tue 18:00-21:00", "0:0900-1500 1:0900-1500 1:1800-2100"),
        ("thu-sun 18:00-24:00", "3:1800-0000 4:1800-0000 5:1800-0000 6:1800-0000"),
        ("sun-tue 17:00-20:00", "0:1700-2000 1:1700-2000 6:1700-2000"),
        ("thu-fri 08:30-15:00; fri open to 18:00", "3:0830-1500 4:0830-1800"),
        ("mon-tue 08:30-15:00 (tue 08:30-13:45)", "0:0830-1500 1:0830-1345"),
        ("mon 08:30-15:00 (reduced weeks 26-28: 08:30-11:30)", "0:0830-1500"),
        ("mon 10:00-15:00 (10 Jul-11 Aug 10:15-12:15)", "0:1000-1500"),
        ("thu 08:30-12:30; fri closed", "3:0830-1230"),
        ("wed 09:00-12:00 (bare telefon) and 17:00-20:00 (nye saker)", "2:0900-1200 2:1700-2000"),
        ("mon 08:00-15:30 (timeavtale); drop-in mon 16:00-19:00", "0:0800-1530 0:1600-1900"),
        (
            "fri 15:30-08:00; weekends and holidays 24h",
            "4:0000-0800 4:1530-0800 5:0000-0000 6:0000-0000 7:0000-0000",
        ),
    ],
)
def test_a_note_gives_its_weekly_windows(hours, windows):
    assert as_text(parse(hours)) == windows


@pytest.mark.parametrize("hours", ["24/7", "24/7 (telefon)"])
def test_round_the_clock_covers_each_day_and_public_holidays(hours):
    assert parse(hours) == [Window(day, MIDNIGHT, MIDNIGHT) for day in [*range(7), HOLIDAY]]


@pytest.mark.parametrize(
    "hours",
    [
        "",
        "kontortid",
        "se kontoret",
        "kveld, natt og helg; varierer",
        "24/7 (uavklart)",
        "24/7 (varierer)",
        "mon-sun 15:00-07:00 (usikker)",
        "mon-fri 17:00-20:00 (2018)",
    ],
)
def test_a_note_without_times_or_with_a_doubt_leaves_it_unknown(hours):
    assert parse(hours) == []
    assert open_at(parse(hours), local("2026-11-23 10:00")) is None


@pytest.mark.parametrize("hours", ["mon 25:99-15:00", "mon 09:00-15:60", "tue open to 24:30"])
def test_a_time_that_no_clock_shows_is_refused(hours):
    with pytest.raises(ValueError):
        parse(hours)


# 23 November 2026 is an ordinary Monday.
@pytest.mark.parametrize(
    ("hours", "when", "is_open"),
    [
        (OFFICE, "2026-11-23 08:29", False),
        (OFFICE, "2026-11-23 08:30", True),
        (OFFICE, "2026-11-27 14:59", True),
        (OFFICE, "2026-11-27 15:00", False),
        (OFFICE, "2026-11-28 10:00", False),
        (OFFICE, "2026-11-29 10:00", False),
        ("mon-fri 08:30-11:30 and 12:00-15:00", "2026-11-24 11:29", True),
        ("mon-fri 08:30-11:30 and 12:00-15:00", "2026-11-24 11:45", False),
        ("mon-fri 08:30-11:30 and 12:00-15:00", "2026-11-24 12:00", True),
        ("mon-fri 09:00-15:00; tue 18:00-21:00", "2026-11-24 19:00", True),
        ("mon-fri 09:00-15:00; tue 18:00-21:00", "2026-11-25 19:00", False),
        ("mon-fri 08:30-15:00; tue open to 18:00", "2026-11-24 17:59", True),
        ("mon-fri 08:30-15:00; tue open to 18:00", "2026-11-26 17:59", False),
        ("mon-sun 14:00-22:00", "2026-11-29 21:00", True),
        ("sun-thu 17:00-20:00", "2026-11-29 18:00", True),
        ("sun-thu 17:00-20:00", "2026-11-27 18:00", False),
        ("24/7", "2026-11-29 03:33", True),
    ],
)
def test_open_and_closed_on_ordinary_days(hours, when, is_open):
    assert open_at(parse(hours), local(when)) is is_open


@pytest.mark.parametrize(
    ("hours", "when", "is_open"),
    [
        ("mon-wed 18:00-24:00", "2026-11-25 23:59", True),
        ("mon-wed 18:00-24:00", "2026-11-26 00:00", False),
        ("fri-sat 20:00-03:00", "2026-11-27 02:00", False),
        ("fri-sat 20:00-03:00", "2026-11-28 02:59", True),
        ("fri-sat 20:00-03:00", "2026-11-28 03:00", False),
        ("fri-sat 20:00-03:00", "2026-11-29 02:59", True),
        ("sun 20:00-03:00", "2026-11-30 02:59", True),
        (EMERGENCY_DUTY, "2026-11-23 15:29", False),
        (EMERGENCY_DUTY, "2026-11-23 15:30", True),
        (EMERGENCY_DUTY, "2026-11-24 07:59", True),
        (EMERGENCY_DUTY, "2026-11-24 08:00", False),
        (EMERGENCY_DUTY, "2026-11-28 12:00", True),
        (EMERGENCY_DUTY, "2026-11-29 23:59", True),
    ],
)
def test_a_window_runs_on_past_midnight(hours, when, is_open):
    assert open_at(parse(hours), local(when)) is is_open


@pytest.mark.parametrize("when", ["2026-11-23 03:00", "2026-05-15 03:00", "2027-03-30 07:59"])
def test_the_emergency_duty_lasts_until_the_morning_after_a_weekend_or_holiday(when):
    assert open_at(parse(EMERGENCY_DUTY), local(when)) is True


@pytest.mark.parametrize(
    "day",
    [
        pytest.param("2027-01-01", id="new-year"),
        pytest.param("2026-04-02", id="maundy-thursday"),
        pytest.param("2026-04-03", id="good-friday"),
        pytest.param("2026-04-06", id="easter-monday"),
        pytest.param("2026-05-01", id="labour-day"),
        pytest.param("2026-05-14", id="ascension"),
        pytest.param("2028-05-17", id="constitution-day"),
        pytest.param("2026-05-25", id="whit-monday"),
        pytest.param("2026-12-25", id="christmas-day"),
    ],
)
def test_public_holidays_on_weekdays(day):
    noon = local(day + " 12:00")
    assert noon.weekday() < 5
    assert open_at(parse(OFFICE), noon) is False
    assert open_at(parse("mon-sun 08:00-22:00"), noon) is None
    assert open_at(parse(EMERGENCY_DUTY), noon) is True
    assert open_at(parse("24/7"), noon) is True


@pytest.mark.parametrize("day", ["2026-04-01", "2026-05-18", "2026-12-24", "2026-12-31"])
def test_days_that_only_feel_like_holidays_are_ordinary(day):
    assert open_at(parse(OFFICE), local(day + " 10:00")) is True


def test_the_holiday_is_the_norwegian_one_whatever_the_clock_in_utc_says():
    late = utc("2026-04-01T22:30")  # half past midnight on Maundy Thursday in Oslo
    assert open_at(parse("wed-fri 00:00-06:00"), late) is False
    assert open_at(parse("wed-fri 00:00-06:00"), late - dt.timedelta(days=1)) is True


# The clock goes from 02 to 03 on 29 March 2026 and from 03 back to 02 on 25 October 2026.
@pytest.mark.parametrize(
    ("hours", "when", "is_open"),
    [
        (OFFICE, "2026-03-27T07:29", False),
        (OFFICE, "2026-03-27T07:30", True),
        (OFFICE, "2026-03-30T06:30", True),
        (OFFICE, "2026-03-30T13:00", False),
        (OFFICE, "2026-10-26T07:00", False),
        (OFFICE, "2026-10-26T13:59", True),
        ("sat 22:00-03:00", "2026-03-29T00:59", True),
        ("sat 22:00-03:00", "2026-03-29T01:00", False),
        ("sat 22:00-03:00", "2026-10-25T00:30", True),
        ("sat 22:00-03:00", "2026-10-25T01:30", True),
        ("sat 22:00-03:00", "2026-10-25T02:00", False),
        ("24/7", "2026-03-29T01:30", True),
    ],
)
def test_hours_follow_the_wall_clock_on_daylight_saving_days(hours, when, is_open):
    assert open_at(parse(hours), utc(when)) is is_open


def hours_in_the_files() -> set[str]:
    found = set()
    for path in sorted((ROOT / "data" / "directory").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found |= {row[column] for column in ("hours", "phone_hours") if column in row}
    return found


@pytest.mark.parametrize("hours", sorted(hours_in_the_files()))
def test_each_note_in_the_files_gives_windows_where_it_has_times(hours):
    has_times = re.search(r"\d\d:\d\d|24/7|24h", hours)
    doubtful = re.search(r"usikker|uavklart|varierer|\(20\d\d\)", hours)
    windows = parse(hours)
    assert bool(windows) == bool(has_times and not doubtful)
    named = set(re.findall(r"\b(mon|tue|wed|thu|fri|sat|sun)\b(?! closed)", hours))
    if windows and named:
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        assert {days.index(day) for day in named} <= {window.weekday for window in windows}


PIECES = [
    *("mon", "fri", "sun-tue", "-", "; ", " ", " and ", "09:00-15:00", "18:00-24:00", "(", ")"),
    *("25:99-26:00", "(tue 08:30-13:45)", "tue open to 18:00", "fri open to 24:01", "24/7"),
    *("weekends and holidays 24h", "usikker", "(2018)", "٠٩:٠٠-١٥:٠٠", "²²:00-23:00", "\n"),
]
NOTATION = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(st.text() | NOTATION, st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31)))
@example("٢٤:٠٠-٢٥:٠٠ mon", dt.datetime(2026, 11, 23))
@settings(deadline=None)
def test_any_text_is_read_or_refused_with_a_value_error(text, when):
    try:
        windows = parse(text)
    except ValueError:
        return
    is_open = open_at(windows, when.replace(tzinfo=OSLO))
    days = {window.weekday for window in windows}
    if not days:
        assert is_open is None
    elif days != set(range(7)):
        assert is_open is not None


@given(st.times(), st.times(), st.times(), st.integers(16, 19))
@settings(deadline=None)
def test_every_night_and_day_of_an_ordinary_week_follows_the_two_times(opens, closes, time, day):
    opens, closes, time = (t.replace(second=0, microsecond=0) for t in (opens, closes, time))
    assume(opens != closes)
    windows = parse(f"mon-sun {opens:%H:%M}-{closes:%H:%M}")
    when = dt.datetime.combine(dt.date(2026, 11, day), time, OSLO)
    within = opens <= time < closes if opens < closes else not closes <= time < opens
    assert open_at(windows, when) is within


@pytest.mark.parametrize(
    ("hours", "when", "opens"),
    [
        ("mon-fri 09:00-15:00", "2026-11-20 16:00", "2026-11-23 09:00"),  # Friday afternoon
        ("mon-fri 09:00-15:00", "2026-11-23 08:59", "2026-11-23 09:00"),
        ("mon-fri 09:00-15:00", "2026-11-23 09:00", "2026-11-24 09:00"),
        ("mon-fri 09:00-15:00", "2026-12-24 16:00", "2026-12-28 09:00"),  # Christmas and a weekend
        ("tue 18:00-21:00", "2026-11-25 12:00", "2026-12-01 18:00"),
        ("varierer", "2026-11-25 12:00", None),
    ],
)
def test_when_it_opens_next(hours, when, opens):
    found = opens_next(parse(hours), dt.datetime.fromisoformat(when).replace(tzinfo=OSLO))
    wanted = dt.datetime.fromisoformat(opens).replace(tzinfo=OSLO) if opens else None
    assert found == wanted


@given(NOTATION, st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 1)))
@settings(deadline=None)
def test_when_it_opens_next_it_is_open(notation, when):
    try:
        windows = parse(notation)
    except ValueError:
        return
    found = opens_next(windows, when.replace(tzinfo=OSLO))
    if found is not None and {window.weekday for window in windows} != set(range(7)):
        assert found > when.replace(tzinfo=OSLO)
        assert open_at(windows, found)
