"""Democracy Club's export: what is taken of it, what is left out, and how each fault of one is told."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.bundles.reading import read_bundle
from app.bundles.tables import BundleError
from app.commands.cli import main
from app.domain.election import Cycle
from app.imports.democracy_club import COLUMNS, read_democracy_club
from app.imports.making import Wanted, make

EXPORT = "candidates.csv"
ROW = {
    "person_id": "1",
    "person_name": "Ann Archer",
    "ballot_paper_id": "local.dover.deal.2024-05-02",
    "election_date": "2024-05-02",
    "party_id": "PP53",
    "party_name": "Labour Party",
    "post_label": "Deal",
    "cancelled_poll": "f",
    "seats_contested": "1",
    "organisation_name": "Dover",
    "votes_cast": "812",
    "elected": "t",
}


def write(folder: Path, *rows: Mapping[str, str], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, [*COLUMNS.required, *COLUMNS.optional], delimiter=delimiter)
    writer.writeheader()
    writer.writerows({**ROW, **row} for row in rows)
    path = folder / EXPORT
    path.write_bytes(out.getvalue().encode(encoding))
    return path


BEATEN = {"person_id": "2", "person_name": "Zoë Butt", "party_id": "PP52", "votes_cast": "640", "elected": "f"}


def test_every_fault_says_file_line_and_what_to_do_and_nothing_is_made(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"votes_cast": "8l2"},
        {**BEATEN, "elected": "perhaps"},
        {**BEATEN, "seats_contested": "2"},
        {"ballot_paper_id": "Deal", "person_id": "4"},
        {"ballot_paper_id": "local.dover.town.2024-05-02", "election_date": "2 May", "turnout_percentage": "431"},
    )
    done = CliRunner().invoke(main, ["import", "democracy-club", str(path), "--slug", "x", "--into", f"{tmp_path}/x"])
    assert done.exit_code == 1
    assert done.stderr.removeprefix("declared: ").splitlines() == [
        "candidates.csv:2: votes_cast “8l2” is not a whole number: write digits alone, such as 47, or leave it empty",
        "candidates.csv:3: elected “perhaps” is neither t nor f: write t for yes, f for no",
        "candidates.csv:4: seats_contested “2” is not “1” as on line 2, of the same poll: correct one of the two",
        "candidates.csv:4: person_id “2” stands on line 3 already, in the same poll: take one of the two rows out",
        (
            "candidates.csv:5: ballot_paper_id “Deal” is not one of Democracy Club’s: "
            "write it like local.dover.deal.2023-05-04"
        ),
        "candidates.csv:6: election_date “2 May” is not a date: write it like 2023-05-04",
        (
            "candidates.csv:6: turnout_percentage “431” is not a percentage from 0 to 100: "
            "write it like 43.2, or leave it empty"
        ),
    ]
    assert [path.name for path in tmp_path.iterdir()] == [EXPORT]


def test_what_a_bundle_would_refuse_is_told_at_its_line_of_the_export(tmp_path: Path) -> None:
    path = write(tmp_path, {}, {**BEATEN, "person_name": "B" * 201}, {**BEATEN, "person_id": "3", "party_id": "PP 63"})
    with pytest.raises(BundleError) as refused:
        make(read_democracy_club([path]), Wanted("x", tmp_path / "x"), None)
    assert [(fault.file, fault.line) for fault in refused.value.faults][:2] == [(EXPORT, 4), (EXPORT, 3)]
    assert [path.name for path in tmp_path.iterdir()] == [EXPORT]


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe" * 50, b"PK\x03\x04 \x00", b"a,b\n1,2\n", b'"' * 99])
def test_what_is_no_export_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / EXPORT).write_bytes(content)
    done = CliRunner().invoke(main, ["import", "democracy-club", str(tmp_path / EXPORT), "--slug", "x"])
    assert (done.exit_code, done.exception.__class__) == (1, SystemExit)
    assert done.stderr.startswith(f"declared: {EXPORT}")


def test_what_a_spreadsheet_saved_is_read(tmp_path: Path) -> None:
    source = read_democracy_club([write(tmp_path, {}, BEATEN, encoding="cp1252", delimiter=";")])
    assert [it.name for it in source.polls[0].candidates] == ["Ann Archer", "Zoë Butt"]
    assert source.remarks == [f"{EXPORT} is not UTF-8; it was read as Windows-1252: look at the letters with accents."]


def test_each_kind_of_ballot_is_what_it_is_or_left_out_with_the_reason(tmp_path: Path) -> None:
    kinds = {
        "mayor.eastmoor.2024-05-02": {},
        "pcc.westvale.2024-05-02": {},
        "gla.c.barnet-and-camden.2024-05-02": {"organisation_name": "Greater London Authority"},
        "gla.a.2024-05-02": {"organisation_name": "Greater London Authority", "votes_cast": ""},
        "parl.blackpool-south.by.2024-05-02": {"organisation_name": "House of Commons"},
        "ref.adur.2024-05-02": {},
        "mayor.oldtown.2026-07-02": {},
    }
    rows = [
        {**row, "ballot_paper_id": ballot_id, "person_id": f"{n}"} for n, (ballot_id, row) in enumerate(kinds.items())
    ]
    source = read_democracy_club([write(tmp_path, *rows, *({**row, **BEATEN, "person_id": "9"} for row in rows[:5]))])
    made = make(source, Wanted("kinds-2024", tmp_path / "x"), None)
    assert {it.council_id: (it.cycle, len(it.contests)) for it in made.bundle.election.councils.values()} == {
        "gla": (Cycle.ALL, 2),
        "mayor-eastmoor": (Cycle.SINGLE, 1),
        "parl": (Cycle.BY, 1),
        "pcc-westvale": (Cycle.SINGLE, 1),
    }
    assert source.left_out == {
        "as referendums elect nobody": ["ref.adur.2024-05-02"],
        "as they are counted by the supplementary vote, in two rounds": ["mayor.oldtown.2026-07-02"],
    }
    lists = next(body for body in made.night if body["ballot_id"] == "gla.a.2024-05-02")
    assert ("votes" in lists, lists["elected"]) == (False, ["3"])


def test_a_file_of_several_days_asks_which_and_takes_the_day_that_is_said(tmp_path: Path) -> None:
    other = {"ballot_paper_id": "local.dover.town.by.2024-06-20", "election_date": "2024-06-20"}
    path = write(tmp_path, {}, BEATEN, other, {**other, **BEATEN})
    command = ["import", "democracy-club", str(path), "--slug", "x", "--into", str(tmp_path / "x")]
    asked = CliRunner().invoke(main, command)
    assert asked.stderr == (
        "declared: candidates.csv: has polls of several days: 2024-05-02 (1), 2024-06-20 (1): "
        "say which with --date, such as --date 2024-05-02\n"
    )
    done = CliRunner().invoke(main, [*command, "--date", "2024-06-20", "--title", "A June day"])
    assert done.stderr.startswith(
        f"A June day (x): 1 council, 1 contest, 2 candidacies and 1 result, in {tmp_path / 'x'}.\n"
    )
    council = read_bundle(tmp_path / "x").election.council("dover")
    assert (council.cycle, council.is_known_whole) == (Cycle.BY, False), "one by-election says nothing of control"


def test_a_result_that_no_server_would_take_is_left_out_with_the_reason(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"seats_contested": "2"},
        {**BEATEN, "seats_contested": "2"},
        {**BEATEN, "person_id": "3", "seats_contested": "2"},
    )
    source = read_democracy_club([path])
    made = make(source, Wanted("x", tmp_path / "x"), None)
    assert made.night == ()
    ((reason, (told,)),) = source.left_out.items()
    assert reason == "without its result, which no server would take (F07)"
    assert told.startswith("local.dover.deal.2024-05-02 (")


def test_votes_that_do_not_tell_who_won_leave_the_winners_alone(tmp_path: Path) -> None:
    path = write(tmp_path, {"votes_cast": ""}, BEATEN)
    made = make(read_democracy_club([path]), Wanted("x", tmp_path / "x"), None)
    (line,) = made.night
    assert {name: line.get(name) for name in ("votes", "elected")} == {"votes": None, "elected": ["1"]}
