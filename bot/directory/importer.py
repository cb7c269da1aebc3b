"""Fill the directory from the CSV files: all of it or, if any row is bad, none of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from bot.directory import hours, models
from bot.directory.places import NOT_MUNICIPALITIES, key_of
from bot.directory.rows import (
    BranchRow,
    CoordinatesRow,
    DistrictRow,
    FormerMunicipalityRow,
    MunicipalityRow,
    OfficeRow,
    PlaceVariantRow,
    PostalCodeRow,
    Row,
    ServiceRow,
)

FILES: dict[str, type[Row]] = {
    "services.csv": ServiceRow,
    "family_counselling_offices.csv": OfficeRow,
    "family_counselling_branches.csv": BranchRow,
    "municipalities.csv": MunicipalityRow,
    "city_districts.csv": DistrictRow,
    "postal_codes.csv": PostalCodeRow,
    "former_municipalities.csv": FormerMunicipalityRow,
    "place_variants.csv": PlaceVariantRow,
    "coordinates.csv": CoordinatesRow,
}


NOWHERE = {"latitude": None, "longitude": None}


class Problem(NamedTuple):
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


class BadDirectory(ValueError):
    """The CSV files have rows that can't be used; `problems` names each with its line."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class Facts(NamedTuple):
    """The checked rows of all files, each with the line where it stands."""

    services: list[tuple[int, ServiceRow]]
    offices: list[tuple[int, OfficeRow]]
    branches: list[tuple[int, BranchRow]]
    municipalities: list[tuple[int, MunicipalityRow]]
    districts: list[tuple[int, DistrictRow]]
    postal_codes: list[tuple[int, PostalCodeRow]]
    former_municipalities: list[tuple[int, FormerMunicipalityRow]]
    place_variants: list[tuple[int, PlaceVariantRow]]
    coordinates: list[tuple[int, CoordinatesRow]]


def read(folder: Path) -> Facts:
    """Read and check the CSV files.

    Raises:
        BadDirectory: a row is malformed, doubled, or names an office or municipality that
            isn't there.
        FileNotFoundError: a file is missing.
    """
    problems: list[Problem] = []
    facts = Facts(*(_read_file(folder / name, FILES[name], problems) for name in FILES))
    if not problems:  # else each row left out would be missed by all that refer to it
        problems += _broken_references(facts)
    if problems:
        raise BadDirectory(sorted(problems))
    return facts


def _read_file(path: Path, row_type: type[Row], problems: list[Problem]) -> list:
    try:
        return _read_rows(path, row_type, problems)
    except (UnicodeDecodeError, csv.Error) as error:
        problems.append(Problem(path.name, 1, f"is not CSV in UTF-8: {error}"))
        return []


def _read_rows(path: Path, row_type: type[Row], problems: list[Problem]) -> list:
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, strict=True)
        expected = list(row_type.__fields__)
        if reader.fieldnames is None or sorted(reader.fieldnames) != sorted(expected):
            problems.append(Problem(path.name, 1, f"the columns must be {', '.join(expected)}"))
            return rows
        for record in reader:
            if None in record or None in record.values():
                problems.append(Problem(path.name, reader.line_num, "wrong number of columns"))
                continue
            try:
                rows.append((reader.line_num, row_type(**record)))
            except ValidationError as error:
                for part in error.errors():
                    where = ".".join(map(str, part["loc"]))
                    # The value helps whoever mends the row; the directory holds no one's secrets.
                    message = f"{where} {record.get(where, '')!r}: {part['msg']}"
                    problems.append(Problem(path.name, reader.line_num, message))
    return rows


def _broken_references(facts: Facts) -> Iterator[Problem]:
    offices = {row.id for _, row in facts.offices}
    municipalities = {row.number for _, row in facts.municipalities}

    def unique(file: str, rows: list, attribute: str) -> Iterator[Problem]:
        seen: set[str] = set()
        for line, row in rows:
            value = getattr(row, attribute)
            if value in seen:
                yield Problem(file, line, f"{attribute} {value!r} stands twice")
            seen.add(value)

    yield from unique("services.csv", facts.services, "id")
    yield from unique("family_counselling_offices.csv", facts.offices, "id")
    yield from unique("municipalities.csv", facts.municipalities, "number")
    yield from unique("postal_codes.csv", facts.postal_codes, "postal_code")
    for line, branch in facts.branches:
        if branch.office_id not in offices:
            message = f"no office {branch.office_id!r}"
            yield Problem("family_counselling_branches.csv", line, message)
        number = branch.municipality_number
        if number is not None and number not in municipalities | NOT_MUNICIPALITIES.keys():
            message = f"no municipality {number!r}"
            yield Problem("family_counselling_branches.csv", line, message)
    seen_districts: set[tuple[str, str]] = set()
    for line, district in facts.districts:
        if (district.municipality_number, district.district) in seen_districts:
            message = f"the district {district.district!r} stands twice"
            yield Problem("city_districts.csv", line, message)
        seen_districts.add((district.municipality_number, district.district))
        if district.family_counselling_office_id not in offices:
            message = f"no office {district.family_counselling_office_id!r}"
            yield Problem("city_districts.csv", line, message)
        if district.municipality_number not in municipalities:
            message = f"no municipality {district.municipality_number!r}"
            yield Problem("city_districts.csv", line, message)
    for line, municipality in facts.municipalities:
        if len(set(municipality.office_ids)) < len(municipality.office_ids):
            yield Problem("municipalities.csv", line, "an office stands twice")
        for office_id in municipality.office_ids:
            if office_id not in offices:
                yield Problem("municipalities.csv", line, f"no office {office_id!r}")
    for file, rows in (
        ("former_municipalities.csv", facts.former_municipalities),
        ("place_variants.csv", facts.place_variants),
    ):
        for line, row in rows:
            if row.municipality_number not in municipalities:
                yield Problem(file, line, f"no municipality {row.municipality_number!r}")
    for line, row in facts.coordinates:
        if row.id not in (offices if row.kind == "office" else municipalities):
            yield Problem("coordinates.csv", line, f"no {row.kind} {row.id!r}")
    for line, code in facts.postal_codes:
        number = code.municipality_number
        if number not in municipalities and number not in NOT_MUNICIPALITIES:
            yield Problem("postal_codes.csv", line, f"no municipality {number!r}")


def write(session: Session, facts: Facts) -> dict[str, int]:
    """Replace the directory's contents; returns the number of rows per table. Doesn't commit."""
    tables = models.Base.metadata.sorted_tables
    for table in reversed(tables):
        session.execute(delete(table))
    rows = _rows(facts)
    for table in tables:
        if rows[table.name]:
            session.execute(insert(table), rows[table.name])
    return {table.name: len(rows[table.name]) for table in tables}


def _rows(facts: Facts) -> dict[str, list[dict]]:
    rows: dict[str, list[dict]] = {table.name: [] for table in models.Base.metadata.sorted_tables}
    towns_at = {
        (row.kind, row.id): {"latitude": row.latitude, "longitude": row.longitude}
        for _, row in facts.coordinates
    }
    for _, service in facts.services:
        record = service.dict()
        record["checked"] = record.pop("source_date")
        rows["service"].append(record)
        rows["opening_hours"] += _windows(service.hours, service_id=service.id)
    for _, office in facts.offices:
        record = office.dict(
            exclude={"municipalities_served", "municipality_numbers", "operator_basis"}
        )
        record["checked"] = record.pop("source_date")
        rows["office"].append(record | towns_at.get(("office", office.id), NOWHERE))
        rows["opening_hours"] += _windows(office.phone_hours, office_id=office.id)
    for _, branch in facts.branches:
        record = branch.dict(
            include={"office_id", "address", "postal_code", "city", "status"}
            | {"municipality_number", "availability"}
        )
        record.update(
            name=branch.branch_name,
            kind=branch.type,
            checked=branch.source_date,
        )
        rows["branch"].append(record)
    for _, municipality in facts.municipalities:
        rows["municipality"].append(
            municipality.dict(
                include={"number", "name", "county", "admin_centre", "office_note_nb"}
                | {"mapping_status", "official_written_form"}
            )
            | towns_at.get(("municipality", municipality.number), NOWHERE)
        )
        for rank, office_id in enumerate(municipality.office_ids):
            rows["office_municipality"].append(
                {
                    "office_id": office_id,
                    "municipality_number": municipality.number,
                    "rank": rank,
                }
            )
        names = [municipality.plain_name, *municipality.sami_or_other_names.split(";")]
        for name in filter(None, names):
            rows["place_name"].append(_place(name, "municipality", municipality.number))
        centre = _place(municipality.admin_centre, "centre", municipality.number)
        rows["place_name"].append(centre)
    for number, (_, district) in enumerate(facts.districts, start=1):
        rows["city_district"].append(
            {
                "id": number,
                "municipality_number": district.municipality_number,
                "name": district.district,
                "office_id": district.family_counselling_office_id,
            }
        )
        rows["place_name"].append(
            _place(district.district, "district", district.municipality_number, number)
        )
    for number, name in NOT_MUNICIPALITIES.items():
        rows["place_name"].append(_place(name, "municipality", number))
    towns: set[tuple[str, str]] = set()
    for _, code in facts.postal_codes:
        rows["postal_code"].append(
            {
                "code": code.postal_code,
                "town": code.post_town,
                "municipality_number": code.municipality_number,
            }
        )
        towns.add((code.post_town, code.municipality_number))
    for town, number in sorted(towns):
        rows["place_name"].append(_place(town, "post_town", number))
        if " i " in town:  # "Sande i Vestfold" is just "Sande" to those who live there
            rows["place_name"].append(_place(town.split(" i ")[0], "post_town", number))
    for _, former in facts.former_municipalities:
        name = former.former_name.split(" (")[0]
        rows["place_name"].append(_place(name, "former", former.municipality_number))
    for _, variant in facts.place_variants:
        rows["place_name"].append(_place(variant.variant, "variant", variant.municipality_number))
    return rows


def _place(name: str, kind: str, number: str, district_id: int | None = None) -> dict:
    return {
        "key": key_of(name),
        "kind": kind,
        "municipality_number": number,
        "district_id": district_id,
    }


def _windows(text: str, service_id: str | None = None, office_id: str | None = None) -> list[dict]:
    return [
        {"service_id": service_id, "office_id": office_id, **window._asdict()}
        for window in hours.parse(text)
    ]
