"""A row a council, for spreadsheets."""

import csv
import io
from dataclasses import replace

import pytest

from app.bundles.councils_export import COUNCIL_COLUMNS, councils_csv_export, group_names
from app.domain.election import Baseline, ControlSpell
from app.domain.night import Night
from tests.builders import CON, CONVENTIONS, GRN, IND, LAB, PARTIES, a_contest, a_council, a_ward, an_election, an_entry

BASELINES = {"eve": Baseline("eve", CON), "last": Baseline("last", CON, {CON: 1, GRN: 1})}


@pytest.fixture
def wards():
    return a_contest("north"), a_contest("south")


def rows_of(night: Night, convention: str = "bbc", **options: bool) -> list[dict[str, str]]:
    text = councils_csv_export(night.election, CONVENTIONS[convention], **options).whole(night)
    return list(csv.DictReader(io.StringIO(text.encode().decode("utf-8-sig"), newline="")))


def a_night(*contests, log=(), **council) -> Night:
    election = an_election(a_council(*contests, baselines=BASELINES, **council))
    return Night.before_first(election).fold(an_entry(seq, it, election) for seq, it in enumerate(log, start=1))


def test_a_council_that_is_in_has_everything_in_its_row(wards):
    north, south = wards
    log = [
        a_ward(north, votes={"north-LAB-1": 600, "north-CON-1": 300}, ballots=905),
        a_ward(south, votes={"south-LAB-1": 500, "south-CON-1": 100}),
    ]
    facts = {"gss": "E07000999", "kind": "unitary", "region": "South East"}
    history = (ControlSpell("1998-04-01", CON),)
    (row,) = rows_of(a_night(north, south, log=log, history=history, **facts))
    assert row == {
        "council_id": "testshire",
        "council": "Testshire",
        **facts,
        "cycle": "all",
        "boundary_change": "no",
        "total_seats": "2",
        "majority": "2",
        "seats_up": "2",
        "continuing": "0",
        "declared_seats": "2",
        "seats_to_come": "0",
        "vacant": "0",
        "contests_declared": "2",
        "contests_total": "2",
        "contests_put_off": "0",
        "complete": "yes",
        "convention": "bbc",
        "control_before": CON,
        "control_before_name": "Conservative Party",
        "control_basis": "eve",
        "control": LAB,
        "control_name": "Labour Party",
        "certain": "yes",
        "certain_since": "2023-05-04T22:02:00+00:00",
        "outcome": "gain",
        "badge": "LAB gain from CON",
        "first_since": "first LAB majority since 1998 at least",
        "largest": "Labour Party",
        "majority_over_others": "2",
        "turnout": "18.1",
        "turnout_contests": "1",
        "share_contests": "2",
        "change_basis": "last",
        "control_colour": "#E4003B",
        "control_before_colour": "#0087DC",
        "seats_CON": "0",
        "change_CON": "-1",
        "share_CON": "26.67",
        "seats_LAB": "2",
        "change_LAB": "2",
        "share_LAB": "73.33",
        "seats_GRN": "0",
        "change_GRN": "-1",
        "share_GRN": "",
    }


def test_nothing_that_is_not_known_reads_as_a_figure(wards):
    (row,) = rows_of(a_night(*wards))
    unknown = ("control", "control_name", "control_colour", "certain_since")
    unknown += ("outcome", "badge", "first_since", "largest", "turnout")
    assert {row[column] for column in unknown} == {""}
    assert (row["certain"], row["complete"], row["seats_LAB"]) == ("no", "no", "0")
    assert (row["change_LAB"], row["share_LAB"], row["change_basis"]) == ("", "", "")


def test_a_council_without_a_baseline_is_compared_with_nothing(wards):
    election = an_election(a_council(*wards, eve=None))
    (row,) = rows_of(Night.before_first(election), "pa")
    assert (row["convention"], row["control_before"], row["control_before_name"]) == ("pa", "", "")


def test_two_groups_of_one_short_name_have_columns_of_their_own(wards):
    parties = {**PARTIES, "local:labour": replace(PARTIES[IND], party_id="local:labour", short="LAB")}
    election = an_election(a_council(*wards, continuing={"local:labour": 1}), parties=parties)
    assert group_names(election) == {CON: "CON", LAB: f"LAB_{LAB}", "local:labour": "LAB_local:labour"}


def test_a_rehearsal_is_marked(wards):
    (row,) = rows_of(a_night(*wards), rehearsal=True)
    assert (row["rehearsal"], list(row)[1 : len(COUNCIL_COLUMNS) + 1]) == ("TEST", list(COUNCIL_COLUMNS))
