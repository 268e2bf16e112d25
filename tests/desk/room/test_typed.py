"""What is typed into the room's table: times, telephone numbers, and two editors at once."""

from datetime import UTC, datetime, timedelta

import pytest

from app.desk.room.importing import imported
from app.desk.room.typed import NO_TIME, field_name, read_expected, read_telephones, settle, told_time, typed_of
from app.desk.room.view import room_csv, table_rows, telephones
from app.store.room import NOTHING, Covered, RowKey
from tests.builders import a_ballot, a_contest, a_council, an_election

LOADED = datetime(2023, 5, 5, 2, 0, tzinfo=UTC)
"""03:00 in Kent."""
ELECTION = an_election(
    a_council(a_contest("north"), a_contest("south"), expected_at=LOADED),
    a_council(a_contest("deal", council_id="dover"), council_id="dover"),
)
NOW = datetime(2023, 5, 5, 1, 0, 30, tzinfo=UTC)
TESTSHIRE, DOVER = RowKey("council", "testshire"), RowKey("council", "dover")
NORTH = RowKey("contest", a_ballot("north"))
JO = Covered("Jo", ("01632 960001",), "Leisure Centre")


def at(clock: str, day: int = 5) -> datetime:
    return datetime.fromisoformat(f"2023-05-0{day}T{clock}:00+01:00")


def read(typed: str, so_far: datetime | None = LOADED, now: datetime = NOW) -> datetime | None:
    return read_expected(typed, ELECTION, so_far=so_far, now=now)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("03:30", at("03:30")),
        ("0330", at("03:30")),
        ("3.30", at("03:30")),
        ("23:15", at("23:15", day=4)),
        ("16:00", at("16:00")),
        ("5 May 16:00", at("16:00")),
        ("6 may 2023 1:05", at("01:05", day=6)),
        ("2023-05-06 09:00", at("09:00", day=6)),
        ("2023-05-06T09:00+01:00", at("09:00", day=6)),
        ("+45", at("03:45")),
        ("+ 90 min", at("04:30")),
        ("+1:30", at("04:30")),
        ("+2h", at("05:00")),
        ("+", None),
        ("+0", None),
        ("soon", None),
        ("25:00", None),
        ("31 Feb 10:00", None),
        ("5 May soon", None),
        ("03:30 or so", None),
    ],
)
def test_a_time_is_read_as_it_is_said(typed: str, means: datetime | None):
    assert read(typed) == means


def test_later_counts_from_now_where_the_time_is_over_or_nobody_knew_it():
    now = at("04:10")
    assert read("+45", now=now) == at("04:55")
    assert read("+45", so_far=None, now=now) == at("04:55")


def test_after_midnight_of_the_second_day_a_time_is_of_that_night():
    assert read("01:00", now=at("23:00")) == at("01:00", day=6)
    assert read("22:30", now=at("23:00")) == at("22:30")


def test_a_time_that_is_told_is_read_as_the_same():
    assert told_time(ELECTION, at("03:30")) == "5 May 03:30"
    for moved in (at("03:30"), at("03:30") + timedelta(days=400)):
        assert read(told_time(ELECTION, moved)) == moved


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", ()),
        ("01632 960001", ("01632 960001",)),
        ("01632 960001 ; +44 (0)7700 900001 Jo;", ("01632 960001", "+44 (0)7700 900001 Jo")),
        ("01632 960001; Jo", None),
        (";".join(["01632 960001"] * 11), None),
        ("0" * 81, None),
    ],
)
def test_telephone_numbers_are_read_one_by_one(typed: str, means: tuple[str, ...] | None):
    assert read_telephones(typed) == means


def test_a_number_can_be_phoned_from_the_page():
    shown = telephones(("01632 960001 desk", "+44 (0)1632 960.002", "ext"))
    assert [it.url for it in shown] == ["tel:01632960001", "tel:+441632960002", ""]


def form(kept: dict[RowKey, Covered], **changed: str) -> dict[str, list[str]]:
    """The table as it is drawn of ``kept``, with fields typed otherwise: ``covers_council_dover``."""
    drawn: dict[str, list[str]] = {}
    for row in table_rows(ELECTION, kept):
        drawn[row.was_name] = [row.was]
        drawn |= {it.name: [it.value] for it in row.fields.values()}
    for name, value in changed.items():
        drawn[name.replace("__", ".")] = [value]
    return drawn


def test_only_what_was_changed_is_to_be_kept():
    kept = {TESTSHIRE: JO}
    settled = settle(ELECTION, form(kept, covers__council__dover=" Kim  Lee "), kept, now=NOW)
    assert settled.changes == {DOVER: Covered("Kim Lee")}
    assert not settled.open


def test_a_time_as_loaded_is_not_moved():
    settled = settle(ELECTION, form({}, expected__council__testshire="03:00"), {}, now=NOW)
    assert not settled.changes


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten():
    drawn = form({TESTSHIRE: JO}, covers__council__testshire="Kim", covers__council__dover="Ann")
    theirs = {TESTSHIRE: Covered("Lee", changed=("zoe", NOW))}
    settled = settle(ELECTION, drawn, theirs, now=NOW)
    assert settled.changes == {DOVER: Covered("Ann")}
    [row] = settled.overtaken
    assert (row.key, row.means.covers) == (TESTSHIRE, "Kim")
    shown = next(it for it in table_rows(ELECTION, theirs, settled.open) if it.key == TESTSHIRE)
    assert shown.fields["covers"].value == "Kim"
    assert shown.theirs == "zoe changed this at 02:00 BST, to: Lee."
    again = {**drawn, field_name(TESTSHIRE, "was"): [shown.was]}
    assert settle(ELECTION, again, theirs, now=NOW).changes[TESTSHIRE].covers == "Kim"


def test_a_row_that_nobody_touched_and_one_changed_to_the_same_are_no_conflict():
    drawn = form({TESTSHIRE: JO}, covers__council__dover="Ann")
    theirs = {TESTSHIRE: Covered("Lee"), DOVER: Covered("Ann")}
    settled = settle(ELECTION, drawn, theirs, now=NOW)
    assert (settled.changes, settled.open) == ({}, {})


def test_what_cannot_be_read_stands_as_it_was_typed_with_what_is_wrong():
    drawn = form({}, expected__council__dover="soon", telephones__council__dover="none", covers__council__dover="Ann")
    settled = settle(ELECTION, drawn, {}, now=NOW)
    [row] = settled.wrong
    assert row.wrong == {"expected": NO_TIME, "telephones": "A number each, ; between them: 10 at most."}
    shown = next(it for it in table_rows(ELECTION, {}, settled.open) if it.key == DOVER)
    assert (shown.fields["covers"].value, shown.fields["expected"].value) == ("Ann", "soon")


def test_a_contest_stands_in_the_table_where_it_has_a_time_of_its_own():
    kept = {NORTH: Covered(moved=at("04:00"))}
    assert [it.key for it in table_rows(ELECTION, kept)] == [TESTSHIRE, NORTH, DOVER]
    [_, *wards] = table_rows(ELECTION, {}, council=ELECTION.council("testshire"))
    assert [it.name for it in wards] == ["North, Testshire", "South, Testshire"]


def test_the_file_that_is_given_is_taken_in_again_and_changes_nothing():
    kept = {TESTSHIRE: Covered("=Jo", ("+44 1632 960001", "01632 960002"), "Hall", at("04:00")), DOVER: Covered("Kim")}
    kept[NORTH] = Covered(moved=at("05:00"))
    read = imported(ELECTION, room_csv(ELECTION, kept, rehearsal=True), kept, now=NOW)
    assert (read.rows, read.wrong) == ({}, ())


def test_a_file_changes_the_columns_and_rows_that_it_has():
    text = "council_id;covers;telephone\ntestshire;Kim;01632 960009\n"
    read = imported(ELECTION, text, {TESTSHIRE: JO}, now=NOW)
    [row] = read.rows.values()
    assert row.means == Covered("Kim", ("01632 960009",), "Leisure Centre")
    assert typed_of(ELECTION, row.means)["place"] == "Leisure Centre"


def test_what_a_file_says_of_nobody_here_is_told_with_its_line():
    text = "council_id,ballot_id,covers\nkent,,Jo\ntestshire,nowhere,\ndover,,Kim\ndover,,Lee\n"
    read = imported(ELECTION, text, {}, now=NOW)
    assert list(read.rows) == [DOVER]
    assert [line.partition(": ")[0] for line in read.wrong] == ["The file:2", "The file:3", "The file:5"]
    assert NOTHING.digest == read.rows[DOVER].was
