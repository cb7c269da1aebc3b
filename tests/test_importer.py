"""The CSV files become the directory: all of them or, if any row is bad, none."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.orm import Session

from bot.directory import database, importer, models
from tests.conftest import ROOT

FILES = ROOT / "data" / "directory"
SERVICES = "services.csv"
OFFICES = "family_counselling_offices.csv"
BRANCHES = "family_counselling_branches.csv"
MUNICIPALITIES = "municipalities.csv"
DISTRICTS = "city_districts.csv"
CODES = "postal_codes.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real files, to damage."""
    return Path(shutil.copytree(FILES, tmp_path / "files"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/directory.db"


def replace(folder: Path, file: str, old: str, new: str) -> int:
    """Put `new` where `old` first stands; returns the line."""
    content = (folder / file).read_text(encoding="utf-8")
    assert old in content
    (folder / file).write_text(content.replace(old, new, 1), encoding="utf-8")
    return content[: content.index(old)].count("\n") + old.startswith("\n") + 1


def repeat_line(folder: Path, file: str, start: str) -> int:
    """Append the line that begins with `start` once more; returns the new line's number."""
    content = (folder / file).read_text(encoding="utf-8")
    (line,) = [line for line in content.splitlines() if line.startswith(start)]
    (folder / file).write_text(content + line + "\n", encoding="utf-8")
    return content.count("\n") + 1


def problems_of(folder: Path) -> list[importer.Problem]:
    with pytest.raises(importer.BadDirectory) as caught:
        importer.read(folder)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return caught.value.problems


def fill(url: str, folder: Path) -> dict[str, int]:
    database.migrate(url)
    with Session(database.open_engine(url), future=True) as session:
        counts = importer.write(session, importer.read(folder))
        session.commit()
    return counts


def contents(url: str) -> dict[str, list[tuple]]:
    with database.open_engine(url).connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in models.Base.metadata.sorted_tables
        }


def count_of_rows(name: str) -> int:
    with (FILES / name).open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.DictReader(lines))


def test_the_real_files_pass_and_each_row_arrives(url):
    counts = fill(url, FILES)
    assert {name: counts[name] for name in ("service", "office", "branch")} == {
        "service": count_of_rows(SERVICES),
        "office": count_of_rows(OFFICES),
        "branch": count_of_rows(BRANCHES),
    }
    assert {name: counts[name] for name in ("municipality", "city_district", "postal_code")} == {
        "municipality": count_of_rows(MUNICIPALITIES),
        "city_district": count_of_rows(DISTRICTS),
        "postal_code": count_of_rows(CODES),
    }
    assert {name: len(rows) for name, rows in contents(url).items()} == counts


def test_a_row_keeps_its_words_and_an_empty_number_is_none(url):
    fill(url, FILES)
    with Session(database.open_engine(url), future=True) as session:
        emergency = session.get(models.Service, "nod_113")
        assert (emergency.phone, emergency.sms, emergency.hours) == ("113", None, "24/7")
        hours = models.OpeningHours.service_id == "nod_113"
        assert len(session.scalars(select(models.OpeningHours).where(hours)).all()) == 8
        oslo = session.get(models.Municipality, "0301")
        assert [office.id for office in oslo.offices] == [
            *("christiania", "enerhaugen", "homansbyen", "oslo_nord")
        ]


def test_importing_twice_gives_the_same_rows(url):
    fill(url, FILES)
    first = contents(url)
    fill(url, FILES)
    assert contents(url) == first


def test_what_has_left_the_files_leaves_the_directory(url, folder):
    fill(url, FILES)
    replace(folder, SERVICES, "\nrusinfo,", "\nrusinfo_ny,")
    fill(url, folder)
    ids = {row[0] for row in contents(url)["service"]}
    assert "rusinfo_ny" in ids and "rusinfo" not in ids


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(SERVICES, ",113,", ",1133,", "phone '1133'", id="short-number"),
        pytest.param(SERVICES, ",116117,", ",116 117,", "phone '116 117'", id="spaced-number"),
        pytest.param(OFFICES, "+4723283940", "23283940", "phone '23283940'", id="no-country"),
        pytest.param(OFFICES, ",0152,", ",152,", "postal_code '152'", id="eaten-zero-of-office"),
        pytest.param(CODES, "\n0001,", "\n1,", "postal_code '1'", id="eaten-zero"),
        pytest.param(CODES, ",0301,", ",0302,", "no municipality '0302'", id="municipality"),
        pytest.param(
            *(MUNICIPALITIES, ",egersund,", ",eigersund,", "no office 'eigersund'"),
            id="office-of-municipality",
        ),
        pytest.param(
            *(MUNICIPALITIES, ";enerhaugen;", ";enerhagen;", "no office 'enerhagen'"),
            id="one-office-of-several",
        ),
        pytest.param(
            *(BRANCHES, "alta_og_hammerfest,Alta", "alta,Alta", "no office 'alta'"),
            id="office-of-branch",
        ),
        pytest.param(DISTRICTS, "Alna,enerhaugen", "Alna,alna", "no office 'alna'", id="district"),
        pytest.param(
            *(DISTRICTS, "0301,Oslo,Alna", "0300,Oslo,Alna", "no municipality '0300'"),
            id="municipality-of-district",
        ),
        pytest.param(
            *(SERVICES, ",mon-fri 09:00-16:00,", ",mon-fri 25:99-16:00,", "hours 'mon-fri 25:99"),
            id="hour-25",
        ),
        pytest.param(
            *(OFFICES, ",mon-fri 08:30-15:00,", ",mon-fri 08:60-15:00,", "phone_hours 'mon-fri"),
            id="minute-60",
        ),
        pytest.param(SERVICES, ",24/7,", ",24/7,ekstra,", "wrong number of columns", id="too-many"),
        pytest.param(SERVICES, ",no,", ",", "wrong number of columns", id="too-few"),
        pytest.param(SERVICES, "Brann 110", " ", "name_nb ' '", id="only-a-space"),
        pytest.param(SERVICES, ",no,", ",nei,", "chat 'nei'", id="unknown-word"),
        pytest.param(SERVICES, ",dsb.no,", ",https://dsb.no,", "website 'https", id="website"),
        pytest.param(SERVICES, "verified-in-source", "verified", "status 'verified'", id="status"),
    ],
)
def test_one_bad_row_is_named_with_file_and_line(folder, file, old, new, message):
    line = replace(folder, file, old, new)
    (problem,) = [problem for problem in problems_of(folder) if problem.file == file]
    assert problem.line == line
    assert message in problem.message
    assert str(problem).startswith(f"{file}, line {line}: ")


@pytest.mark.parametrize(
    ("file", "start", "message"),
    [
        (SERVICES, "nod_113,", "id 'nod_113' stands twice"),
        (OFFICES, "enerhaugen,", "id 'enerhaugen' stands twice"),
        (MUNICIPALITIES, "1101,", "number '1101' stands twice"),
        (CODES, "0150,", "postal_code '0150' stands twice"),
    ],
)
def test_a_doubled_id_is_named_at_its_second_place(folder, file, start, message):
    line = repeat_line(folder, file, start)
    assert problems_of(folder) == [importer.Problem(file, line, message)]


@pytest.mark.parametrize("file", importer.FILES)
@pytest.mark.parametrize("change", ["missing", "unknown"])
def test_wrong_columns_are_named(folder, file, change):
    first = next(iter(importer.FILES[file].__fields__))
    replace(folder, file, first + ",", "" if change == "missing" else first + ",ekstra,")
    (problem,) = [p for p in problems_of(folder) if p.message.startswith("the columns must be")]
    assert (problem.file, problem.line) == (file, 1)
    assert first in problem.message


def test_all_bad_rows_are_named_at_once(folder):
    lines = [
        (SERVICES, replace(folder, SERVICES, ",113,", ",1133,")),
        (SERVICES, replace(folder, SERVICES, ",116117,", ",116-117,")),
        (BRANCHES, replace(folder, BRANCHES, "arendal,Arendal,office", "arendal,Arendal,shop")),
    ]
    assert sorted((p.file, p.line) for p in problems_of(folder)) == sorted(lines)


@pytest.mark.parametrize("file", importer.FILES)
def test_a_missing_file_is_named(folder, file):
    (folder / file).unlink()
    with pytest.raises(FileNotFoundError, match=file):
        importer.read(folder)


def test_one_bad_municipality_is_one_problem(folder):
    line = replace(folder, MUNICIPALITIES, ",717710", ",mange")
    assert [(p.file, p.line) for p in problems_of(folder)] == [(MUNICIPALITIES, line)]


@pytest.mark.parametrize("fault", ["open-quote", "windows-1252"])
def test_a_file_that_is_no_csv_in_utf_8_is_named(folder, fault):
    if fault == "open-quote":
        replace(folder, SERVICES, "Brann 110", '"Brann 110')
    else:
        content = (folder / SERVICES).read_text(encoding="utf-8")
        (folder / SERVICES).write_text(content, encoding="cp1252")
    with pytest.raises(importer.BadDirectory, match=SERVICES):
        importer.read(folder)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param(MUNICIPALITIES, ";enerhaugen;", ";christiania;", id="office-twice"),
        pytest.param(DISTRICTS, "Oslo,Bjerke", "Oslo,Alna", id="district-twice"),
        pytest.param(BRANCHES, ",9510,Alta,5601,", ",9510,Alta,5600,", id="branch-nowhere"),
    ],
)
def test_what_would_break_a_later_answer_is_refused(folder, file, old, new):
    line = replace(folder, file, old, new)
    assert (file, line) in [(p.file, p.line) for p in problems_of(folder)]


def run_import(folder: Path, url: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "directory", "import", str(folder)],
        cwd=ROOT,
        env={**os.environ, "DIRECTORY_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_writes_nothing_when_a_row_is_bad(folder, url):
    done = run_import(folder, url)
    assert done.returncode == 0, done.stderr
    assert f"{count_of_rows(SERVICES)} service" in done.stdout
    before = contents(url)
    assert before["service"]

    replace(folder, SERVICES, "Brann 110", "Brannvesenet 110")
    line = replace(folder, CODES, "\n0010,", "\n10,")
    refused = run_import(folder, url)
    assert refused.returncode == 1
    assert f"postal_codes.csv, line {line}: postal_code '10'" in refused.stderr
    assert "nothing was changed" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert contents(url) == before


def test_the_command_says_which_file_is_missing(folder, url):
    (folder / CODES).unlink()
    refused = run_import(folder, url)
    assert refused.returncode == 1
    assert CODES in refused.stderr and "Traceback" not in refused.stderr


def schema(url: str) -> dict[str, dict]:
    inspector = inspect(create_engine(url))
    tables = set(inspector.get_table_names()) - {"alembic_version"}
    return {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"])
                for column in inspector.get_columns(table)
            ],
            "key": inspector.get_pk_constraint(table)["constrained_columns"],
            "references": sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in inspector.get_foreign_keys(table)
            ),
            "indexes": sorted(
                (index["name"], index["column_names"], index["unique"])
                for index in inspector.get_indexes(table)
            ),
        }
        for table in tables
    }


def test_migrations_make_exactly_the_tables_of_the_models(url, tmp_path):
    database.migrate(url)
    from_models = f"sqlite:///{tmp_path}/models.db"
    models.Base.metadata.create_all(create_engine(from_models))
    assert schema(url) == schema(from_models)
    assert set(schema(url)) == set(models.Base.metadata.tables)


def test_migrating_again_keeps_the_rows(url):
    fill(url, FILES)
    before = contents(url)
    database.migrate(url)
    assert contents(url) == before


def test_the_database_may_lie_in_a_new_folder_with_a_percent_sign(tmp_path):
    path = tmp_path / "100% ny" / "directory.db"
    database.migrate(f"sqlite:///{path}")
    with create_engine(f"sqlite:///{path}").connect() as connection:
        assert connection.execute(text("select count(*) from service")).scalar() == 0
