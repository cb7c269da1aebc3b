"""What a row of each CSV file must look like; see `data/directory/README.md` for the columns."""

from __future__ import annotations

import re

from pydantic import BaseModel, Extra, confloat, constr, validator

from bot.directory import hours

Text = constr(strip_whitespace=True)
Filled = constr(strip_whitespace=True, min_length=1)
Id = constr(regex=r"^[a-z0-9_]+$")
Phone = constr(regex=r"^(\d{3}|\d{6}|\+47\d{8})$")
PostalCodeText = constr(regex=r"^\d{4}$")
MunicipalityNumber = constr(regex=r"^\d{4}$")
Status = constr(regex=r"^(verified-in-source|unverified)$")
Checked = constr(regex=r"^(\d{4}(-\d\d)?)?$")


class Row(BaseModel):
    class Config:
        extra = Extra.forbid

    @validator("*", pre=True)
    def empty_is_none(cls, value: str, field):
        return None if value == "" and field.allow_none else value


def _check_hours(value: str) -> str:
    if not hours.is_understood(value):
        raise ValueError("the hours are not written like mon-fri 09:00-15:00; sat 10:00-12:00")
    return value


class ServiceRow(Row):
    id: Id
    name_nb: Filled
    kind: constr(
        regex=r"^(emergency|crisis_line|children|public|health|peer|voluntary|legal|interpreter)$"
    )
    audience: Filled
    phone: Phone | None
    sms: Phone | None
    chat: constr(regex=r"^(yes|no)$")
    website: constr(regex=r"^[a-z0-9.-]+\.[a-z]+(/\S*)?$") | None
    hours: Text
    coverage: Filled
    languages: Filled
    cost: Filled
    what_for_nb: Filled
    source: Filled
    source_date: Checked
    status: Status
    caution_nb: Text
    source_tier: constr(regex=r"^[ABCD]$")

    _hours = validator("hours", allow_reuse=True)(_check_hours)


class OfficeRow(Row):
    id: Id
    name: Filled
    operator: constr(regex=r"^(state|church|foundation)$")
    region: Filled
    county: Filled
    visiting_address: Filled
    postal_code: PostalCodeText | None
    city: Filled
    phone: Phone
    email: constr(regex=r"^[^@\s]+@[^@\s]+\.[a-z]+$")
    website_path: constr(regex=r"^/\S*$")
    municipalities_served: Filled
    peer_support_offered: constr(regex=r"^(yes|no|unknown)$")
    source: Filled
    source_date: Checked
    status: Status
    phone_hours: Filled
    municipality_numbers: Filled
    operator_basis: Text
    custody_loss_talks_listed: constr(regex=r"^(yes|not listed)$")
    note_nb: Text
    caution_nb: Text

    _hours = validator("phone_hours", allow_reuse=True)(_check_hours)


class BranchRow(Row):
    office_id: Id
    branch_name: Filled
    type: constr(regex=r"^(office|outreach)$")
    address: Text
    postal_code: PostalCodeText | None
    city: Filled
    municipality_number: MunicipalityNumber | None
    municipality_numbers_served: Text
    availability: Text
    source: Filled
    source_date: Checked
    status: Status


class MunicipalityRow(Row):
    number: MunicipalityNumber
    name: Filled
    sami_or_other_names: Text
    county: Filled
    family_counselling_office_id: Text
    other_name_languages: Text
    office_note_nb: Text
    admin_centre: Filled
    mapping_status: Status
    official_written_form: constr(regex=r"^(nb|nn|neutral)$")
    population: int

    @property
    def office_ids(self) -> list[str]:
        return [part for part in self.family_counselling_office_id.split(";") if part]

    @property
    def plain_name(self) -> str:
        """The name without the county that tells two namesakes apart: `Herøy (Nordland)`."""
        return re.sub(r" \(.*\)$", "", self.name)


class DistrictRow(Row):
    municipality_number: MunicipalityNumber
    municipality: Filled
    district: Filled
    family_counselling_office_id: Id
    source: Filled
    source_date: Checked
    status: Status


class PostalCodeRow(Row):
    postal_code: PostalCodeText
    post_town: Filled
    municipality_number: MunicipalityNumber
    municipality: Filled
    category: constr(regex=r"^[GPBSF]$")


class FormerMunicipalityRow(Row):
    former_number: MunicipalityNumber
    former_name: Filled
    year_ended: int
    municipality_number: MunicipalityNumber
    municipality: Filled
    source: Filled
    source_date: Checked
    status: Status


class CoordinatesRow(Row):
    kind: constr(regex=r"^(office|municipality)$")
    id: Id
    town: Filled
    latitude: confloat(ge=57, le=82)
    longitude: confloat(ge=4, le=32)
    source: Filled
    source_date: Checked
    status: Status


class PlaceVariantRow(Row):
    variant: Filled
    name: Filled
    municipality_number: MunicipalityNumber
    kind: constr(
        regex=r"^(misspelling|ascii|dialect|short|older|with_region|sami_ascii|foreign_letters|nickname)$"
    )
