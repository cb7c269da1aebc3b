"""Signposts: what a reply says of a service or an office, from the directory."""

from __future__ import annotations

import datetime as dt
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.directory.hours import Window, open_at, opens_next
from bot.directory.models import Office, OpeningHours, Service

OFFICE_PREFIX = "office:"
OFFICE_PAGES = "www.bufdir.no"
MAP = "https://www.openstreetmap.org/search?query="  # no account, no tracking of who looks


def service_signpost(session: Session, service_id: str, now: dt.datetime) -> dict | None:
    """A service's signpost, or None where the directory has no such service."""
    service = session.get(Service, service_id)
    if service is None:
        return None
    windows = _windows(session, OpeningHours.service_id == service_id)
    open_now = open_at(windows, now)
    return {
        "service": service.id,
        "name": service.name_nb,
        "what_for": service.what_for_nb,
        "phone": service.phone,
        "website": service.website,
        "hours": service.hours,
        "open_now": open_now,
        "opens_next": _next(windows, now) if open_now is False else None,
        "checked": service.checked,
        "status": service.status,
    }


def office_signpost(session: Session, office: Office, now: dt.datetime) -> dict:
    windows = _windows(session, OpeningHours.office_id == office.id)
    # From late June through August offices shorten their hours in ways the facts don't list.
    summer = (6, 20) <= (now.month, now.day) <= (8, 31)
    address = ", ".join(
        filter(None, [office.visiting_address, f"{office.postal_code or ''} {office.city}".strip()])
    )
    open_now = None if summer else open_at(windows, now)
    return {
        "service": OFFICE_PREFIX + office.id,
        "name": office.name,
        "phone": office.phone,
        "email": office.email,
        "address": address,
        "website": OFFICE_PAGES + office.website_path,
        "hours": office.phone_hours,
        "open_now": open_now,
        "opens_next": _next(windows, now) if open_now is False else None,
        "map": MAP + quote(f"{office.visiting_address}, {office.city}"),
        "caution": office.caution_nb or None,
        "outreach": [
            {"name": branch.name, "city": branch.city, "availability": branch.availability}
            for branch in office.branches
            if branch.kind == "outreach"
        ],
        "checked": office.checked,
        "status": office.status,
    }


def spaced(phone: str | None) -> str:
    """`+4722400040` as it is written in Norway: `22 40 00 40`; `116123` as `116 123`."""
    digits = (phone or "").removeprefix("+47")
    size = 2 if len(digits) == 8 else 3
    return " ".join(digits[i : i + size] for i in range(0, len(digits), size))


def _next(windows: list[Window], now: dt.datetime) -> str | None:
    opens = opens_next(windows, now)
    return opens.isoformat(timespec="minutes") if opens else None


def _windows(session: Session, owner) -> list[Window]:
    found = session.scalars(select(OpeningHours).where(owner))
    return [Window(row.weekday, row.opens, row.closes) for row in found]
