"""``postcodes.csv``: in which ward a postcode lies; and ``aliases``, what councils are found by."""

from pathlib import Path

import pytest

from app.bundles import postcodes
from app.bundles.reading import read_bundle
from tests.bundles.test_reading import GOOD, change, faults_of

MEDWAY, DOVER = "local.medway.north.2023-05-04", "local.dover.town.2023-05-04"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file, text in GOOD.items():
        (tmp_path / file).write_text(text, "utf-8")
    return tmp_path


def with_rows(folder: Path, *rows: str, header: str = "postcode,ballot_id") -> Path:
    (folder / "postcodes.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    return folder


def test_a_bundle_need_not_have_one(folder: Path) -> None:
    bundle = read_bundle(folder)
    assert bundle.postcodes.districts == {}
    assert "postcodes.csv" not in bundle.rows


def test_postcodes_lead_to_wards_and_are_no_part_of_the_election(folder: Path) -> None:
    before = read_bundle(folder)
    bundle = read_bundle(
        with_rows(folder, f"me1 1aa,{MEDWAY}", f"ME11AB,{MEDWAY}", f"CT14 6AA,{DOVER}", f"CT14 6AA,{MEDWAY}")
    )
    assert bundle.postcodes.districts == {
        "CT14": f"{DOVER} 6AA\n{MEDWAY} 6AA",
        "ME1": f"{MEDWAY} 1AA 1AB",
    }
    assert bundle.rows["postcodes.csv"] == 4
    assert (bundle.digest, bundle.election) == (before.digest, before.election)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (f"ME1,{MEDWAY}", "postcodes.csv:2: postcode “ME1” is not a whole postcode"),
        (f",{MEDWAY}", "postcodes.csv:2: postcode “” is not a whole postcode"),
        ("ME1 1AA,local.nowhere.2023", "postcodes.csv:2: ballot_id “local.nowhere.2023” is not in contests.csv"),
        ("ME1 1AA,", "postcodes.csv:2: ballot_id is empty"),
        ("ME1 1AA", "postcodes.csv:2: has 1 fields where the header has 2"),
    ],
)
def test_a_row_that_is_wrong_is_refused_where_it_stands(folder: Path, row: str, fault: str) -> None:
    assert faults_of(with_rows(folder, row)) == [fault]


def test_it_is_read_like_the_other_files_of_a_bundle(folder: Path) -> None:
    bundle = read_bundle(with_rows(folder, f"{MEDWAY};x;ME1 1AA", header="Ballot ID;ward;Postcode"))
    assert bundle.postcodes.districts == {"ME1": f"{MEDWAY} 1AA"}
    assert "postcodes.csv has columns that nobody knows here, and that are left alone: ward." in bundle.remarks
    assert faults_of(with_rows(folder, header="postcode,ward")) == ["postcodes.csv:1: the column ballot_id is missing"]


def test_a_file_of_something_else_is_given_up_soon(folder: Path) -> None:
    assert len(faults_of(with_rows(folder, *[f"x,{MEDWAY}"] * 500))) == postcodes.MOST_FAULTS
    (folder / "postcodes.csv").unlink()
    (folder / "postcodes.csv").mkdir()
    assert faults_of(folder) == ["postcodes.csv: cannot be read (Is a directory)"]


def test_of_a_long_file_it_is_told_how_far_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postcodes, "TOLD_EVERY", 2)
    told: list[str] = []
    read_bundle(with_rows(folder, *[f"ME1 1AA,{MEDWAY}"] * 5), tell=told.append)
    assert told == ["postcodes.csv: 2 rows read.", "postcodes.csv: 4 rows read."]


def test_councils_may_be_found_by_other_names(folder: Path) -> None:
    text = (folder / "councils.csv").read_text("utf-8")
    header, *rows = text.splitlines()
    aliased = [f"{header},aliases", f"{rows[0]},Medway Towns| Rochester |", *(f"{row}," for row in rows[1:])]
    (folder / "councils.csv").write_text("\n".join(aliased), "utf-8")
    found = [council.aliases for council in read_bundle(folder).election.councils.values()]
    assert found == [("Medway Towns", "Rochester"), ()]
    change(folder, "councils.csv", "Rochester", "R" * 81)
    assert faults_of(folder) == ["councils.csv:2: aliases has 81 characters"]
