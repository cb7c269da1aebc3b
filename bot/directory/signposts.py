"""Signposts: what a reply says of a service or an office, from the directory."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.directory.hours import Window, open_at
from bot.directory.models import Office, OpeningHours, Service

OFFICE_PREFIX = "office:"
OFFICE_PAGES = "www.bufdir.no"


def service_signpost(session: Session, service_id: str, now: dt.datetime) -> dict | None:
    """A service's signpost, or None where the directory has no such service."""
    service = session.get(Service, service_id)
    if service is None:
        return None
    windows = _windows(session, OpeningHours.service_id == service_id)
    return {
        "service": service.id,
        "name": service.name_nb,
        "what_for": service.what_for_nb,
        "phone": service.phone,
        "website": service.website,
        "hours": service.hours,
        "open_now": open_at(windows, now),
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
    return {
        "service": OFFICE_PREFIX + office.id,
        "name": office.name,
        "phone": office.phone,
        "email": office.email,
        "address": address,
        "website": OFFICE_PAGES + office.website_path,
        "hours": office.phone_hours,
        "open_now": None if summer else open_at(windows, now),
        "checked": office.checked,
        "status": office.status,
    }


def _windows(session: Session, owner) -> list[Window]:
    found = session.scalars(select(OpeningHours).where(owner))
    return [Window(row.weekday, row.opens, row.closes) for row in found]
