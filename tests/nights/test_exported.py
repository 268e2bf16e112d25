"""The files of the night of Kent, read as their readers do: by data packages, data frames, databases, spreadsheets."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import jsonschema_rs
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from app.bundles.data_package import TABLES, write_data_package
from app.bundles.forms import FORMS, ExportOf
from app.domain.night import Night
from tests.builders import LAB
from tests.counts import IS_LONG_RUN
from tests.programs import program
from tests.running import PROJECT

NIST = json.loads((PROJECT / "tests" / "schemas" / "nist-1500-100-v2.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def of(kent_night: Night, kent_log) -> ExportOf:
    election = kent_night.election
    moment = (kent_night.seq, kent_log[-1].at)
    return ExportOf(kent_night, "e-1", election.chosen_convention(None), moment)


@pytest.fixture(scope="module")
def package(of: ExportOf, tmp_path_factory) -> Path:
    return write_data_package(of, tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def seats(kent_night: Night) -> int:
    """Labour's, in all councils."""
    return sum(state.seats.get(LAB, 0) for state in kent_night.councils.values())


@pytest.fixture(scope="module")
def elected(kent_night: Night) -> int:
    """All who were elected."""
    return sum(state.declared_seats for state in kent_night.councils.values())


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def test_the_data_package_is_valid_and_so_is_every_row_of_it(package: Path) -> None:
    report = frictionless.validate(str(package))
    assert report.valid, report.flatten(["title", "rowNumber", "message"])[:5]
    assert report.stats["tasks"] == len(TABLES)
    descriptor = json.loads(package.read_text("utf-8"))
    for resource in descriptor["resources"]:
        assert all(field["description"] for field in resource["schema"]["fields"])
        assert resource["bytes"] == (package.parent / resource["path"]).stat().st_size
    assert descriptor["version"] == "277"
    assert descriptor["citation"].startswith(
        "Kent council elections 2023: results, as at entry 277, 15:48 BST, 5 May 2023"
    )


SPOILT = {
    "councils.csv": (
        "Medway,E06000035,unitary,South East,all,yes,",
        "Medway,E06000035,unitary,South East,all,perhaps,",
    ),
    "contests.csv": ("ashford,Ashford,", "nowhere,Ashford,"),
    "parties.csv": ("PP53,Labour Party", "PP52,Labour Party"),
}


def test_a_package_that_is_spoilt_is_found_out(package: Path, tmp_path) -> None:
    """What is said of types and keys is looked at, and does not fit just anything."""
    folder = shutil.copytree(package.parent, tmp_path / "package")
    for file, (old, new) in SPOILT.items():
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    descriptor = json.loads(package.read_text("utf-8"))
    for resource in descriptor["resources"]:
        del resource["bytes"], resource["hash"]
    (folder / package.name).write_text(json.dumps(descriptor), "utf-8")
    found = frictionless.validate(str(folder / package.name)).flatten(["type"])
    assert {"type-error", "foreign-key", "primary-key"} <= {kind for (kind,) in found}


def test_data_frames_and_databases_read_every_table_with_its_types(package: Path, seats: int, elected: int) -> None:
    councils = pd.read_csv(package.parent / "councils.csv")
    assert (councils.columns[0], len(councils), councils["seats_LAB"].sum()) == ("council_id", 13, seats)
    assert str(councils["turnout"].dtype) == "float64"
    for name, table in TABLES.items():
        path = package.parent / table.file
        frame = pd.read_csv(path, true_values=["yes"], false_values=["no"])
        header, *rows = rows_of(path)
        assert (list(frame.columns), len(frame)) == (header, len(rows)), name
        found = duckdb.read_csv(str(path))
        assert (found.columns, len(found.fetchall())) == (header, len(rows)), name
    path = package.parent / "export.csv"
    types = dict(zip((read := duckdb.read_csv(str(path))).columns, map(str, read.types), strict=True))
    told = {name: types[name] for name in ("votes", "turnout", "declared_at", "elected")}
    assert told == {
        "votes": "BIGINT",
        "turnout": "DOUBLE",
        "declared_at": "TIMESTAMP WITH TIME ZONE",
        "elected": "BOOLEAN",
    }
    joined = duckdb.sql(
        f"select count(*) from '{path}' as r join '{package.parent}/parties.csv' as p on r.party_id = p.party_id "
        f"join '{package.parent}/contests.csv' as c on r.ballot_id = c.ballot_id where r.elected"
    )
    assert joined.fetchall() == [(elected,)]


SPREADSHEETS = ("councils.csv", "contests.csv")


@pytest.fixture
def converted(package: Path, tmp_path) -> Mapping[str, list[list[Any]]]:
    """Files as LibreOffice has them in a sheet; where that is not installed, the long run alone installs it."""
    if not IS_LONG_RUN and shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: the long run has it")
    as_utf8 = "--infilter=CSV:44,34,76,1"  # commas, double quotes, UTF-8, from the first line
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [program("soffice", "libreoffice-calc-nogui"), "--headless", home, as_utf8, "--convert-to", "xlsx"]
    files = [package.parent / file for file in SPREADSHEETS]
    subprocess.run([*command, "--outdir", tmp_path, *files], check=True, capture_output=True, timeout=120)
    books = {path.name: CalamineWorkbook.from_path(tmp_path / f"{path.stem}.xlsx") for path in files}
    return {file: book.get_sheet_by_index(0).to_python() for file, book in books.items()}


def test_a_spreadsheet_has_the_same_in_every_cell(package: Path, converted: Mapping[str, list[list[Any]]]) -> None:
    for file, (shown, *cells) in converted.items():
        header, *rows = rows_of(package.parent / file)
        assert shown == header
        for row, told in zip(rows, cells, strict=True):
            expected = [float(cell) if isinstance(its, float) else cell for cell, its in zip(row, told, strict=True)]
            assert told == expected


def references(value: Any, name: str = "") -> Iterator[str]:
    """The ids that an object of NIST's format refers to."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from references(held, key)
    elif isinstance(value, list):
        for held in value:
            yield from references(held, name)
    elif name.endswith(("Id", "Ids")) and name not in {"@id", "VendorApplicationId"}:
        yield value


def identities(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value["@id"] for _ in range("@id" in value))
        value = list(value.values())
    if isinstance(value, list):
        for held in value:
            yield from identities(held)


def test_nists_format_fits_its_schema_and_refers_to_nothing_that_is_not_there(of: ExportOf, elected: int) -> None:
    report = json.loads(FORMS["nist-json"].make(of).whole(of.night))
    validator = jsonschema_rs.Draft4Validator(NIST, validate_formats=True)
    assert [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(report)][:5] == []
    known = list(identities(report))
    assert len(known) == len(set(known))
    assert set(references(report)) <= set(known)
    assert (report["Status"], len(report["Election"])) == ("unofficial-complete", 13)
    winners = [
        it for council in report["Election"] for it in council["Candidate"] if it.get("PostElectionStatus") == "winner"
    ]
    assert len(winners) == elected
    report["Election"][0]["Contest"][0]["VotesAllowed"] = "two"
    assert not validator.is_valid(report)


def test_before_the_first_declaration_it_fits_as_well(kent_night: Night) -> None:
    election = kent_night.election
    of = ExportOf(Night.before_first(election), "e-1", election.chosen_convention(None), (0, None), rehearsal=True)
    report = json.loads(FORMS["nist-json"].make(of).whole(of.night))
    assert jsonschema_rs.Draft4Validator(NIST, validate_formats=True).is_valid(report)
    assert (report["Status"], report["IsTest"]) == ("pre-election", True)


def test_the_lgas_columns_hold_what_they_are_called(of: ExportOf, elected: int) -> None:
    rows = list(csv.DictReader(io.StringIO(FORMS["lga-csv"].make(of).whole(of.night))))
    assert len([row for row in rows if row["Elected"] == "ELECTED"]) == elected
    row = next(it for it in rows if it["ElectoralAreaLabel"] == "Highfield" and it["CandidateSurname"] == "Nilsson")
    assert {name: cell for name, cell in row.items() if cell} == {
        "PublicationDate": "2023-05-05",
        "OrganisationURI": "http://statistics.data.gov.uk/id/statistical-geography/E07000105",
        "OrganisationLabel": "Ashford",
        "ServiceTypeURI": "http://id.esd.org.uk/service/721",
        "ServiceTypeLabel": "Election Results",
        "ElectionDate": "2023-05-04",
        "TypeofElection": "DistrictAndBorough",
        "ElectedBodyURI": "http://statistics.data.gov.uk/id/statistical-geography/E07000105",
        "ElectedBodyLabel": "Ashford",
        "ElectoralAreaURI": "http://statistics.data.gov.uk/id/statistical-geography/E05011756",
        "ElectoralAreaLabel": "Highfield",
        "CandidateSurname": "Nilsson",
        "CandidateForenames": "D.",
        "PoliticalPartyURI": "http://search.electoralcommission.org.uk/English/Registrations/PP63",
        "PoliticalPartyLabel": "Green Party",
        "VotesWon": "464",
        "Elected": "ELECTED",
        "EligibleElectorate": "2025",
        "PercentageTurnout": "38.9",
    }
    together = next(it for it in rows if it["PoliticalPartyLabel"] == "Labour and Co-operative Party")
    assert together["PoliticalPartyURI"].endswith("/PP53"), "the register has no entry of two together"
