"""Exports: CSV for spreadsheets, JSON for programs, Democracy Club's columns."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from app.bundles.exporting import (
    BYTE_ORDER_MARK,
    COLUMNS,
    DC_COLUMNS,
    as_csv,
    csv_export,
    dc_csv_export,
    json_export,
    neutralised,
)
from app.domain.declarations import Correction
from app.domain.election import Cancellation
from app.domain.night import Night
from tests.builders import (
    CON,
    CONVENTIONS,
    LAB,
    LD,
    PARTIES,
    a_candidacy,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def a_night(*contests, log=(), **council):
    return Night.before_first(an_election(a_council(*contests, **council))).fold(log)


def export_csv(night: Night, **options: bool) -> str:
    return csv_export(night.election, **options).whole(night)


def export_dc_csv(night: Night, **options: bool) -> str:
    return dc_csv_export(night.election, **options).whole(night)


def export_json(night: Night, **options: Any) -> str:
    return json_export(night, **options).whole(night)


@pytest.fixture
def north():
    return a_contest("north", electorate=5000)


def test_a_declared_contest_has_a_row_per_candidacy(north):
    entry = an_entry(4, a_ward(north, votes={"north-LAB-1": 600, "north-CON-1": 300}, ballots=905))
    coded = replace(north, gss="E05009999")
    first, second = rows_of(export_csv(a_night(coded, log=[entry], gss="E07000999")))
    assert list(first) == list(COLUMNS)
    assert first == {
        "council_id": "testshire",
        "council": "Testshire",
        "ballot_id": north.ballot_id,
        "ward": "North",
        "seats_up": "1",
        "electorate": "5000",
        "state": "declared",
        "sequence": "4",
        "declared_at": entry.at.isoformat(),
        "corrected": "no",
        "turnout": "18.1",
        "turnout_counted": "yes",
        "candidacy_id": "north-LAB-1",
        "candidate": "LAB 1 of north",
        "party_id": LAB,
        "party": "Labour Party",
        "group": LAB,
        "votes": "600",
        "rank": "1",
        "joint": "no",
        "elected": "yes",
        "by_lot": "no",
        "seats": "",
        "ballots": "905",
        "valid": "",
        "rejected": "",
        "total": "",
        "as_announced": "",
        "confirm": "",
        "council_gss": "E07000999",
        "ward_gss": "E05009999",
        "group_name": "Labour Party",
        "margin": "300",
        "party_short": "LAB",
        "party_colour": "#E4003B",
        "group_short": "LAB",
        "group_colour": "#E4003B",
    }
    assert (second["votes"], second["rank"], second["elected"]) == ("300", "2", "no")


def test_a_contest_that_is_not_declared_has_no_figure_that_reads_as_one(north):
    for row in rows_of(export_csv(a_night(north))):
        assert row["state"] == "awaiting"
        unknown = (
            "sequence",
            "declared_at",
            "corrected",
            "turnout",
            "votes",
            "rank",
            "joint",
            "elected",
            "by_lot",
            "seats",
        )
        assert {row[column] for column in unknown} == {""}


def test_a_correction_is_told(north):
    first = a_ward(north, votes={"north-LAB-1": 600, "north-CON-1": 300})
    second = a_ward(north, votes={"north-LAB-1": 300, "north-CON-1": 600})
    log = [an_entry(1, first), an_entry(2, Correction(1, "exchanged", second), ballot_id=north.ballot_id)]
    rows = rows_of(export_csv(a_night(north, log=log)))
    assert [(row["sequence"], row["corrected"], row["votes"]) for row in rows] == [
        ("2", "yes", "600"),
        ("2", "yes", "300"),
    ]


def test_a_lot_is_told(north):
    tied = a_ward(north, votes={"north-LAB-1": 400, "north-CON-1": 400}, elected=("north-CON-1",))
    rows = rows_of(export_csv(a_night(north, log=[an_entry(1, tied)])))
    assert [(row["candidacy_id"], row["rank"], row["elected"], row["by_lot"]) for row in rows] == [
        ("north-CON-1", "1", "yes", "yes"),
        ("north-LAB-1", "2", "no", "yes"),
    ]


def test_seats_without_votes_have_a_row_per_party(north):
    unknown = a_contest("unknown", seats_up=3, candidacies=())
    log = [an_entry(1, a_ward(unknown, seats={"joint-party:53-119": 2, CON: 1}))]
    rows = rows_of(export_csv(a_night(unknown, log=log)))
    assert [(row["party_id"], row["group"], row["seats"], row["candidacy_id"]) for row in rows] == [
        ("joint-party:53-119", LAB, "2", ""),
        (CON, CON, "1", ""),
    ]


def test_a_contest_of_which_nothing_is_known_has_one_row():
    unknown = a_contest("unknown", candidacies=())
    (row,) = rows_of(export_csv(a_night(unknown)))
    assert (row["ballot_id"], row["state"], row["party_id"]) == (unknown.ballot_id, "awaiting", "")


def test_a_contest_and_a_tally_in_which_nobody_took_a_seat_have_a_row():
    short = a_contest("short", candidacies=(), cancelled=Cancellation.UNDER_CONTESTED)
    log = [an_entry(1, a_ward(short, seats={})), an_entry(2, a_tally({}, complete=False))]
    contest, tally = rows_of(export_csv(a_night(short, log=log)))
    assert (contest["ballot_id"], contest["state"], contest["sequence"]) == (short.ballot_id, "declared", "1")
    assert (tally["ballot_id"], tally["state"], tally["sequence"]) == ("", "tally-incomplete", "2")


def test_unopposed_winners_are_elected_without_votes():
    safe = a_contest("safe", parties=[CON], cancelled=Cancellation.EQUAL_CANDIDATES)
    (row,) = rows_of(export_csv(a_night(safe)))
    assert (row["state"], row["votes"], row["elected"]) == ("unopposed", "", "yes")
    (row,) = rows_of(export_dc_csv(a_night(safe)))
    assert (row["ballots_cast"], row["elected"]) == ("", "t")


@pytest.mark.parametrize(("complete", "state"), [(True, "tally"), (False, "tally-incomplete")])
def test_a_tally_by_phone_follows_the_contests_of_its_council(north, complete, state):
    rows = rows_of(export_csv(a_night(north, log=[an_entry(1, a_tally({LAB: 1}, complete=complete))])))
    assert [row["state"] for row in rows] == ["awaiting", "awaiting", state]
    assert (rows[-1]["ballot_id"], rows[-1]["party_id"], rows[-1]["seats"], rows[-1]["sequence"]) == ("", LAB, "1", "1")


@pytest.mark.parametrize("begins", ["=1+1", "+44", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_is_a_formula_to_a_spreadsheet(begins):
    assert neutralised(begins) == f"'{begins}"
    candidates = (a_candidacy("north", LAB, name=begins), a_candidacy("north", CON))
    ward = replace(a_contest("north", candidacies=candidates), ward=begins)
    parties = {**PARTIES, LAB: replace(PARTIES[LAB], name=begins)}
    election = an_election(a_council(ward, name=begins), parties=parties)
    declared = a_ward(ward, votes={"north-LAB-1": 2, "north-CON-1": 1}, source=begins)
    night = Night.before_first(election).fold([an_entry(1, declared)])
    row = rows_of(export_csv(night))[0]
    assert {row["candidate"], row["ward"], row["party"], row["council"]} == {f"'{begins}"}
    row = rows_of(export_dc_csv(night))[0]
    assert {row["person_name"], row["party_name"], row["source"]} == {f"'{begins}"}


def test_other_text_and_numbers_are_left_alone():
    assert neutralised("O’Hara - Smith") == "O’Hara - Smith"
    assert neutralised("") == ""


def test_a_number_below_zero_stays_a_number_and_text_that_looks_like_one_does_not():
    text = as_csv(("number", "text"), [{"number": -7, "text": "-7"}, {"number": -0.5, "text": "+7"}], rehearsal=False)
    assert text.removeprefix(BYTE_ORDER_MARK).splitlines() == ["number,text", "-7,'-7", "-0.5,'+7"]


def test_text_with_commas_quotes_and_line_ends_is_quoted(north):
    name = 'Khan, "Al"'
    ward = replace(north, ward=name)
    assert {row["ward"] for row in rows_of(export_csv(a_night(ward)))} == {name}
    assert '"Khan, ""Al"""' in export_csv(a_night(ward))
    assert export_csv(a_night(ward)).splitlines(keepends=True)[0].endswith("\r\n")


def test_democracy_clubs_columns(north):
    votes = {"north-LAB-1": 600, "north-CON-1": 300}
    entry = an_entry(1, a_ward(north, votes=votes, ballots=905, rejected=5, source="https://example.org/r"))
    text = export_dc_csv(a_night(north, a_contest("south"), log=[entry]))
    rows = rows_of(text)
    assert text.splitlines()[0] == ",".join(DC_COLUMNS)
    assert len(rows) == 2, "the contest without a result has no row"
    assert rows[1] == {
        "election_id": "local.testshire.2023-05-04",
        "ballot_paper_id": north.ballot_id,
        "person_id": "north-CON-1",
        "party_id": CON,
        "party_name": "Conservative Party",
        "person_name": "CON 1 of north",
        "ballots_cast": "300",
        "elected": "f",
        "spoilt_ballots": "5",
        "turnout": "905",
        "turnout_percentage": "18.10",
        "total_electorate": "5000",
        "source": "https://example.org/r",
    }


def test_a_ballot_with_an_id_of_its_own_kind_belongs_to_the_group_of_elections():
    ward = replace(a_contest("north"), ballot_id="north")
    night = Night.before_first(an_election(a_council(ward))).fold(
        [an_entry(1, a_ward(ward, LAB), ballot_id="north", council_id="testshire")]
    )
    assert {row["election_id"] for row in rows_of(export_dc_csv(night))} == {"local.2023-05-04"}


def test_of_seats_without_names_democracy_club_is_told_nothing(north):
    log = [an_entry(1, a_ward(north, seats={LAB: 1}))]
    assert rows_of(export_dc_csv(a_night(north, log=log))) == []


def test_json_holds_the_councils_with_their_contests_the_scoreboard_and_the_parties(north):
    night = a_night(north, log=[an_entry(1, a_ward(north, LAB))])
    held = json.loads(export_json(night, epoch="e-1", convention=CONVENTIONS["pa"]))
    assert (held["slug"], held["seq"], held["epoch"], held["convention"]) == ("test-2023", 1, "e-1", "pa")
    assert held["councils"][0]["badge"] == "LAB gain from CON"
    assert held["councils"][0]["contests"][0]["candidates"][0]["elected"] is True
    assert held["scoreboard"][0]["party_id"] == LAB
    assert held["parties"][LD] == {"name": "Liberal Democrats", "short": "LD", "colour": "#FAA61A", "group": LD}


def test_what_is_for_spreadsheets_begins_with_a_byte_order_mark_and_what_is_for_programs_does_not(north):
    night = a_night(north)
    assert export_csv(night).encode().startswith(b"\xef\xbb\xbfcouncil_id,")
    assert export_dc_csv(night).encode().startswith(b"election_id,")


def test_exports_of_a_rehearsal_are_marked(north):
    night = a_night(north, log=[an_entry(1, a_ward(north, LAB))])
    for text in (export_csv(night, rehearsal=True), export_dc_csv(night, rehearsal=True)):
        assert text.removeprefix(BYTE_ORDER_MARK).startswith("rehearsal,")
        assert {row["rehearsal"] for row in rows_of(text)} == {"TEST"}
    held = json.loads(export_json(night, epoch="e-1", convention=CONVENTIONS["pa"], rehearsal=True))
    assert next(iter(held)) == "rehearsal"
    assert "rehearsal" not in export_csv(night) + export_json(night, epoch="e-1", convention=CONVENTIONS["pa"])
