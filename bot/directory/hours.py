"""Opening hours: from the facts' short notation to weekly windows, and whether one is open now."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

OSLO = ZoneInfo("Europe/Oslo")
HOLIDAY = 7
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = "|".join(DAYS)
_SPAN = re.compile(rf"\b({_DAY})(?:-({_DAY}))?\b")
_TIME = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_LATER_CLOSING = re.compile(rf"\b({_DAY}) open to (\d\d):(\d\d)")
_OTHER_DAY = re.compile(rf"\(({_DAY}) (\d\d:\d\d-\d\d:\d\d)\)")
_DOUBTFUL = re.compile(r"usikker|uavklart|varierer|\(20\d\d\)")


class Window(NamedTuple):
    """A weekly window; `weekday` 7 stands for public holidays, equal times for the whole day."""

    weekday: int
    opens: dt.time
    closes: dt.time


MIDNIGHT = dt.time(0)


def parse(text: str) -> list[Window]:
    """Weekly windows of a note such as `mon-fri 09:00-15:00; tue 18:00-21:00`.

    A note that carries a doubt, or that has no times ("kontortid"), gives no windows: then it is
    unknown whether it is open.

    Raises:
        ValueError: a time in the note is not a time of day.
    """
    if not text or _DOUBTFUL.search(text):
        return []
    if text.startswith("24/7"):
        return [Window(day, MIDNIGHT, MIDNIGHT) for day in range(8)]
    exceptions = {DAYS.index(day): times for day, times in _OTHER_DAY.findall(text)}
    later = {DAYS.index(d): _time(h, m) for d, h, m in _LATER_CLOSING.findall(text)}
    plain = _LATER_CLOSING.sub("", re.sub(r"\([^)]*\)", "", text))
    windows = []
    for part in plain.split(";"):
        days = [day for span in _SPAN.finditer(part) for day in _days(*span.groups())]
        if "weekends and holidays 24h" in part:
            windows += [Window(day, MIDNIGHT, MIDNIGHT) for day in (5, 6, HOLIDAY)]
            # Then a weekday's morning is open too, whatever the day before it was.
            nights = [window for window in windows if window.closes < window.opens]
            windows += [Window(night.weekday, MIDNIGHT, night.closes) for night in nights]
        for day in days:
            for times in _TIME.findall(exceptions.get(day, part)):
                closes = _time(*times[2:])
                windows.append(Window(day, _time(*times[:2]), later.get(day, closes)))
    return windows


def is_understood(text: str) -> bool:
    """Whether a note that has figures in it gives windows, or says itself that it is in doubt."""
    return bool(not re.search(r"\d", text) or _DOUBTFUL.search(text) or parse(text))


def open_at(windows: Collection[Window], when: dt.datetime) -> bool | None:
    """Whether one of the windows is open at `when` (aware); None where that isn't known.

    A line that answers all seven days but says nothing of public holidays is unknown on them.
    """
    days = {window.weekday for window in windows}
    local = when.astimezone(OSLO)
    today, yesterday = local.date(), local.date() - dt.timedelta(days=1)
    if not days or (_weekday(today) == HOLIDAY and days == set(range(7))):
        return None
    return any(
        (window.weekday == _weekday(today) and _covers(window, local.time()))
        or (window.weekday == _weekday(yesterday) and _runs_on_until(window, local.time()))
        for window in windows
    )


def opens_next(windows: Collection[Window], when: dt.datetime) -> dt.datetime | None:
    """When one of the windows opens after `when` (aware), in Oslo's time; None where that isn't
    known, or not within the two weeks to come.
    """
    local = when.astimezone(OSLO)
    for ahead in range(15):
        day = local.date() + dt.timedelta(days=ahead)
        times = sorted(window.opens for window in windows if window.weekday == _weekday(day))
        for time in times:
            opens = dt.datetime.combine(day, time, OSLO)
            if opens > local:
                return opens
    return None


def _covers(window: Window, time: dt.time) -> bool:
    return time >= window.opens and (time < window.closes or window.closes <= window.opens)


def _runs_on_until(window: Window, time: dt.time) -> bool:
    return window.closes < window.opens and time < window.closes


def _weekday(day: dt.date) -> int:
    return HOLIDAY if day in _norwegian_holidays(day.year) else day.weekday()


@cache
def _norwegian_holidays(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("NO", years=year, categories=("public",))


def _days(first: str, last: str) -> list[int]:
    start = DAYS.index(first)
    length = (DAYS.index(last) - start) % 7 if last else 0
    return [(start + i) % 7 for i in range(length + 1)]


def _time(hour: str, minute: str) -> dt.time:
    return MIDNIGHT if (hour, minute) == ("24", "00") else dt.time(int(hour), int(minute))
