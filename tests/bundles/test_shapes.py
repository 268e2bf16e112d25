"""``shapes.csv``: where councils stand on the tile map."""

from pathlib import Path

import pytest

from app.bundles.reading import read_bundle
from app.bundles.tables import BundleError
from app.domain.election import Square
from tests.bundles.test_reading import GOOD, KENT

HEADER = "council_id,column,row\n"


def in_(folder: Path, shapes: str | None) -> Path:
    for file, text in GOOD.items():
        (folder / file).write_text(text, "utf-8")
    (folder / "shapes.csv").unlink()
    if shapes is not None:
        (folder / "shapes.csv").write_text(HEADER + shapes, "utf-8")
    return folder


def test_a_bundle_need_not_have_one(tmp_path: Path) -> None:
    bundle = read_bundle(in_(tmp_path, None))
    assert [council.square for council in bundle.election.councils.values()] == [None, None]
    assert "shapes.csv" not in bundle.rows
    assert not any("shapes.csv" in remark for remark in bundle.remarks)


def test_councils_stand_where_it_says(tmp_path: Path) -> None:
    bundle = read_bundle(in_(tmp_path, "medway,0,1\ndover,5,2\n"))
    assert {it.council_id: it.square for it in bundle.election.councils.values()} == {
        "medway": Square(column=0, row=1),
        "dover": Square(column=5, row=2),
    }
    assert bundle.rows["shapes.csv"] == 2
    assert read_bundle(in_(tmp_path, "medway,0,1\ndover,5,3\n")).digest != bundle.digest


def test_a_council_without_a_square_is_told_of(tmp_path: Path) -> None:
    bundle = read_bundle(in_(tmp_path, "medway,0,1\n"))
    assert bundle.election.councils["dover"].square is None
    assert "shapes.csv has no square for some, which stand in a row below the map: Dover." in bundle.remarks


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("thurrock,1,1\n", "shapes.csv:2: council_id “thurrock” is not in councils.csv: add it there, "),
        ("medway,one,1\n", "shapes.csv:2: column “one” is not a whole number: write digits alone, "),
        ("medway,1,\n", "shapes.csv:2: row is empty: write digits alone, "),
        ("medway,1,61\n", "shapes.csv:2: row 61 is not between 0 and 60: look for a digit too many"),
        ("medway,1,2\ndover,1,2\n", "shapes.csv:3: column 1, row 2 is that of “medway” on line 2: give one of the two"),
        ("medway,1,2\nmedway,2,2\n", "shapes.csv:3: council_id “medway” is on line 2 already: take one of the two"),
    ],
)
def test_a_fault_says_where_it_is_and_what_to_do(tmp_path: Path, rows: str, fault: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_bundle(in_(tmp_path, rows))
    assert len(refused.value.faults) == 1
    assert str(refused.value).startswith(fault)


def test_kent_stands_as_it_lies() -> None:
    squares = {it.council_id: it.square for it in read_bundle(KENT).election.councils.values()}
    assert None not in squares.values()
    west_to_east = ["dartford", "gravesham", "medway", "swale", "canterbury", "thanet"]
    assert [it for it in sorted(squares, key=lambda it: squares[it] or (0, 0)) if it in west_to_east] == west_to_east
    assert max(squares, key=lambda it: (squares[it] or (0, 0))[1]) == "tunbridge-wells"
