"""The directory's tables. Text columns keep the facts' own words; times are Europe/Oslo."""

from __future__ import annotations

import datetime

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Time
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()

office_municipality = Table(
    "office_municipality",
    Base.metadata,
    Column("office_id", ForeignKey("office.id"), primary_key=True),
    Column("municipality_number", ForeignKey("municipality.number"), primary_key=True),
    # The order of the facts file: the first office is the natural default.
    Column("rank", Integer, nullable=False),
)


class Service(Base):
    __tablename__ = "service"

    id: str = Column(String, primary_key=True)
    name_nb: str = Column(String, nullable=False)
    kind: str = Column(String, nullable=False)
    audience: str = Column(String, nullable=False)
    phone: str | None = Column(String)
    sms: str | None = Column(String)
    chat: str = Column(String, nullable=False)
    website: str | None = Column(String)
    hours: str = Column(String, nullable=False)
    coverage: str = Column(String, nullable=False)
    languages: str = Column(String, nullable=False)
    cost: str = Column(String, nullable=False)
    what_for_nb: str = Column(String, nullable=False)
    source: str = Column(String, nullable=False)
    checked: str = Column(String, nullable=False)
    status: str = Column(String, nullable=False)
    caution_nb: str = Column(String, nullable=False)
    source_tier: str = Column(String, nullable=False)


class Office(Base):
    """A family counselling office (familievernkontor)."""

    __tablename__ = "office"

    id: str = Column(String, primary_key=True)
    name: str = Column(String, nullable=False)
    operator: str = Column(String, nullable=False)
    region: str = Column(String, nullable=False)
    county: str = Column(String, nullable=False)
    visiting_address: str = Column(String, nullable=False)
    postal_code: str | None = Column(String)
    city: str = Column(String, nullable=False)
    phone: str = Column(String, nullable=False)
    email: str = Column(String, nullable=False)
    website_path: str = Column(String, nullable=False)
    phone_hours: str = Column(String, nullable=False)
    peer_support_offered: str = Column(String, nullable=False)
    custody_loss_talks_listed: str = Column(String, nullable=False)
    note_nb: str = Column(String, nullable=False)
    source: str = Column(String, nullable=False)
    checked: str = Column(String, nullable=False)
    status: str = Column(String, nullable=False)
    # Of the town, in degrees.
    latitude: float | None = Column(Float)
    longitude: float | None = Column(Float)
    caution_nb: str = Column(String, nullable=False)

    branches: list[Branch] = relationship("Branch", back_populates="office")
    municipalities: list[Municipality] = relationship(
        "Municipality", secondary=office_municipality, back_populates="offices"
    )


class Branch(Base):
    """A place where an office receives people: an office or an outreach place (utekontor)."""

    __tablename__ = "branch"

    id: int = Column(Integer, primary_key=True)
    office_id: str = Column(ForeignKey("office.id"), nullable=False)
    name: str = Column(String, nullable=False)
    kind: str = Column(String, nullable=False)
    address: str = Column(String, nullable=False)
    postal_code: str | None = Column(String)
    city: str = Column(String, nullable=False)
    municipality_number: str | None = Column(String(4))
    availability: str = Column(String, nullable=False)
    checked: str = Column(String, nullable=False)
    status: str = Column(String, nullable=False)

    office: Office = relationship("Office", back_populates="branches")


class OpeningHours(Base):
    """One weekly window in which a service or office answers the phone.

    `weekday` is 0 (Monday) to 6, or 7 for public holidays. A window that `closes` at or before it
    `opens` runs past midnight; 00:00 to 00:00 is the whole day.
    """

    __tablename__ = "opening_hours"

    id: int = Column(Integer, primary_key=True)
    service_id: str | None = Column(ForeignKey("service.id"), index=True)
    office_id: str | None = Column(ForeignKey("office.id"), index=True)
    weekday: int = Column(Integer, nullable=False)
    opens: datetime.time = Column(Time, nullable=False)
    closes: datetime.time = Column(Time, nullable=False)


class Municipality(Base):
    __tablename__ = "municipality"

    number: str = Column(String(4), primary_key=True)
    name: str = Column(String, nullable=False)
    county: str = Column(String, nullable=False)
    admin_centre: str = Column(String, nullable=False)
    office_note_nb: str = Column(String, nullable=False)
    mapping_status: str = Column(String, nullable=False)
    official_written_form: str = Column(String, nullable=False)
    # Of its centre, in degrees.
    latitude: float | None = Column(Float)
    longitude: float | None = Column(Float)

    offices: list[Office] = relationship(
        "Office",
        secondary=office_municipality,
        back_populates="municipalities",
        order_by=office_municipality.c.rank,
    )


class CityDistrict(Base):
    """A district of Oslo or Bergen, where the office follows the district."""

    __tablename__ = "city_district"

    id: int = Column(Integer, primary_key=True)
    municipality_number: str = Column(ForeignKey("municipality.number"), nullable=False)
    name: str = Column(String, nullable=False)
    office_id: str = Column(ForeignKey("office.id"), nullable=False)


class PostalCode(Base):
    __tablename__ = "postal_code"

    code: str = Column(String(4), primary_key=True)
    town: str = Column(String, nullable=False)
    # Svalbard and Jan Mayen have numbers but are not municipalities, so no foreign key.
    municipality_number: str = Column(String(4), nullable=False)


class PlaceName(Base):
    """Every name by which a parent may call a place, folded to lower case."""

    __tablename__ = "place_name"

    id: int = Column(Integer, primary_key=True)
    key: str = Column(String, nullable=False)
    kind: str = Column(String, nullable=False)  # municipality, centre, post_town, …
    municipality_number: str = Column(String(4), nullable=False)
    district_id: int | None = Column(ForeignKey("city_district.id"))

    __table_args__ = (Index("ix_place_name_key", "key"),)
