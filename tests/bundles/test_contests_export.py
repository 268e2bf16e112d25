"""A row a contest, for maps of wards; and a row a party."""

import csv
import io

import pytest

from app.bundles.contests_export import CONTEST_COLUMNS, contests_csv_export
from app.bundles.parties_export import parties_csv_export
from app.domain.contest import ContestState
from app.domain.night import Night
from tests.builders import CON, GRN, LAB, PARTIES, a_contest, a_council, a_ward, an_election, an_entry


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"), newline="")))


def row_after(*declared, **contest) -> dict[str, str]:
    election = an_election(a_council(a_contest(**contest), gss="E07000999", region="South East"))
    night = Night.before_first(election).fold(an_entry(seq, it, election) for seq, it in enumerate(declared, start=1))
    (row,) = rows_of(contests_csv_export(election).whole(night))
    assert list(row) == list(CONTEST_COLUMNS)
    return row


def test_a_declared_contest_says_who_won_it_and_in_which_colour():
    ward = a_contest(holder=(CON,), gss="E05009999")
    row = row_after(a_ward(ward, votes={"north-LAB-1": 600, "north-CON-1": 300}), holder=(CON,), gss="E05009999")
    told = {name: row[name] for name in ("council_gss", "ward_gss", "elected", "groups", "winner", "winner_colour")}
    assert told == {
        "council_gss": "E07000999",
        "ward_gss": "E05009999",
        "elected": "LAB 1 of north",
        "groups": LAB,
        "winner": LAB,
        "winner_colour": "#E4003B",
    }
    assert (row["held_by"], row["outcome"], row["badge"], row["margin"]) == (CON, "gain", "LAB gain from CON", "300")


@pytest.mark.parametrize(
    ("seats", "groups", "winner"),
    [({LAB: 1, GRN: 1}, {LAB, GRN}, ""), ({LAB: 2}, {LAB}, LAB), ({CON: 1, LAB: 2}, {LAB, CON}, LAB)],
)
def test_the_winner_took_more_seats_than_any_other(seats, groups, winner):
    each = {"seats_up": sum(seats.values()), "parties": (LAB, CON, GRN)}
    row = row_after(a_ward(a_contest(**each), seats=seats), **each)
    assert set(row["groups"].split("; ")) == groups
    assert (row["winner"], row["elected"]) == (winner, ""), "nobody is named where seats alone are known"


def test_a_contest_that_is_not_declared_has_nothing_that_reads_as_a_result():
    row = row_after()
    assert (row["state"], row["candidates"], row["to_come"]) == (ContestState.AWAITING.value, "2", "1")
    nothing = ("sequence", "elected", "groups", "winner", "winner_colour", "margin", "turnout", "badge", "outcome")
    assert {row[name] for name in nothing} == {""}


def test_every_party_has_a_row_with_the_one_it_is_reported_under():
    election = an_election(a_council())
    rows = {row["party_id"]: row for row in rows_of(parties_csv_export(election).whole(Night.before_first(election)))}
    assert list(rows) == list(PARTIES)
    together = rows["joint-party:53-119"]
    assert (together["group"], together["group_name"], together["umbrella"]) == (LAB, "Labour Party", "no")
