"""What is typed at three in the morning, read as figures or refused with words that help."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.desk.entry.typed import Typed, as_correction, is_blank, read_result, read_tally, typed_from
from app.domain.election import VotingSystem
from app.domain.second_check import count
from tests.builders import CON, LAB, a_contest, a_council, an_election

KENT = ZoneInfo("Europe/London")
NOW = datetime(2023, 5, 5, 3, 20, tzinfo=KENT)
WARD = a_contest(seats_up=1)
FIRST, SECOND = (candidacy.candidacy_id for candidacy in WARD.candidacies)
COUNCIL = a_council(WARD)
ELECTION = an_election(COUNCIL)


def a_form(**fields: str) -> dict[str, list[str]]:
    form = {f"votes.{FIRST}": ["1,000"], f"votes.{SECOND}": ["900"]}
    return form | {name: [value] for name, value in fields.items()}


def read(**fields: str) -> Typed:
    return read_result(ELECTION, WARD, a_form(**fields), now=NOW)


def fault(typed: Typed) -> tuple[str, str]:
    (error,) = typed.errors
    return error.field, error.detail


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("1234", 1234),
        ("1,234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("12,345,678", 12345678),
        ("007", 7),
        *((wrong, None) for wrong in ("", "1,23", "1,2345", "12.5", "-4", "1e3", "x", "½", "1" * 20)),
    ],
)
def test_numbers_are_whole_with_or_without_separators(written: str, number: int | None) -> None:
    assert count(written) == number


def test_a_result_is_votes_of_every_candidate_and_what_else_is_known() -> None:
    typed = read(
        ballots="2,000",
        rejected="12",
        valid="1,988",
        total="1,900",
        turnout="34.2%",
        source=" The returning officer ",
        at="03:12",
    )
    assert typed.errors == []
    assert typed.body == {
        "kind": "ward",
        "ballot_id": WARD.ballot_id,
        "votes": {FIRST: 1000, SECOND: 900},
        "ballots": 2000,
        "rejected": 12,
        "valid": 1988,
        "total": 1900,
        "turnout": 34.2,
        "source": "The returning officer",
        "at": "2023-05-05T03:12:00+01:00",
    }


def test_everything_wrong_is_told_at_once() -> None:
    typed = read_result(ELECTION, WARD, {f"votes.{FIRST}": ["1,2"], "ballots": ["x"], "at": ["late"]}, now=NOW)
    assert [error.field for error in typed.errors] == [f"votes.{FIRST}", f"votes.{SECOND}", "ballots", "at"]


@pytest.mark.parametrize("written", ["34.2", "34%", "34.2 %"])
def test_a_percentage_among_the_counts_is_told_where_it_goes(written: str) -> None:
    field, detail = fault(read(ballots=written))
    assert field == "ballots"
    assert "Turnout, per cent" in detail


@pytest.mark.parametrize("written", ["2,478", "2478"])
def test_a_count_among_the_percentages_is_told_where_it_goes(written: str) -> None:
    field, detail = fault(read(turnout=written))
    assert field == "turnout"
    assert "All papers" in detail


@pytest.mark.parametrize("written", ["101", "34,2", "abc", "-1"])
def test_a_turnout_is_a_percentage(written: str) -> None:
    assert fault(read(turnout=written))[0] == "turnout"


def test_more_than_any_election_has_is_a_slip() -> None:
    assert fault(read(ballots="999999999"))[0] == "ballots"


def test_a_lot_names_every_winner_and_nobody_where_there_is_no_tie() -> None:
    ward = a_contest(seats_up=2, parties=(LAB, CON, "PP90"), each=1)
    lab, con, liberal = (candidacy.candidacy_id for candidacy in ward.candidacies)
    form = {f"votes.{lab}": ["900"], f"votes.{con}": ["825"], f"votes.{liberal}": ["825"]}
    assert "elected" not in read_result(ELECTION, ward, form, now=NOW).body
    drawn = read_result(ELECTION, ward, {**form, "drawn": [con]}, now=NOW)
    assert drawn.body["elected"] == [lab, con]
    both = read_result(ELECTION, ward, {**form, "drawn": [con, liberal]}, now=NOW)
    assert fault(both) == ("elected", "Name who was drawn: 1 of the 2 that are tied.")
    clear = read_result(ELECTION, ward, {**form, f"votes.{con}": ["826"], "drawn": [con]}, now=NOW)
    assert "elected" not in clear.body


def test_on_first_preferences_who_is_ticked_is_elected_and_nobody_else() -> None:
    ward = a_contest(seats_up=2, parties=(LAB, CON, "PP90"), each=1, voting_system=VotingSystem.STV)
    lab, con, liberal = (candidacy.candidacy_id for candidacy in ward.candidacies)
    form = {f"votes.{lab}": ["900"], f"votes.{con}": ["825"], f"votes.{liberal}": ["300"]}
    ticked = read_result(ELECTION, ward, {**form, "drawn": [liberal, lab]}, now=NOW)
    assert ticked.body["elected"] == [lab, liberal], "in the order of the ballot paper, whoever ticks them in which"
    for named in ([], [lab], [lab, con, liberal]):
        refused = read_result(ELECTION, ward, {**form, "drawn": named}, now=NOW)
        told = f"Tick who was declared elected: 2 were, {len(named)} are ticked."
        assert fault(refused) == ("elected", told)


def test_seats_are_given_where_the_desk_chooses_it_or_nobody_is_nominated() -> None:
    chosen = read_result(ELECTION, WARD, {"mode": ["seats"], f"seats.{LAB}": ["1"], f"seats.{CON}": [""]}, now=NOW)
    assert chosen.body["seats"] == {LAB: 1}
    assert "votes" not in chosen.body
    unknown = a_contest(candidacies=())
    assert read_result(ELECTION, unknown, {f"seats.{LAB}": ["1"]}, now=NOW).body["seats"] == {LAB: 1}
    assert fault(read_result(ELECTION, unknown, {}, now=NOW))[0] == "seats"


def test_a_tally_is_complete_only_where_that_is_ticked() -> None:
    form = {f"seats.{LAB}": ["1"], "vacant": ["2"], "source": ["by phone"]}
    assert read_tally(ELECTION, COUNCIL, form, now=NOW).body == {
        "kind": "tally",
        "council_id": "testshire",
        "complete": False,
        "seats": {LAB: 1},
        "vacant": 2,
        "source": "by phone",
    }
    assert read_tally(ELECTION, COUNCIL, {**form, "complete": ["1"]}, now=NOW).body["complete"] is True


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("03:12", "2023-05-05T03:12:00+01:00"),
        ("0312", "2023-05-05T03:12:00+01:00"),
        ("3.12", "2023-05-05T03:12:00+01:00"),
        ("03:30", "2023-05-05T03:30:00+01:00"),
        ("23:50", "2023-05-04T23:50:00+01:00"),
    ],
)
def test_a_time_of_day_is_the_last_one_there_was(written: str, at: str) -> None:
    assert read(at=written).body["at"] == at


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2023-05-03 14:05", "2023-05-03T14:05:00+01:00"),
        ("2023-12-11T14:05", "2023-12-11T14:05:00+00:00"),
        ("2033-08-11 14:05", "2033-08-11T14:05:00+01:00"),
    ],
)
def test_a_time_with_its_day_is_that_very_time(written: str, at: str) -> None:
    assert read(at=written).body["at"] == at


@pytest.mark.parametrize(
    "written", ["24:00", "3", "03:60", "yesterday", "2023-05-32 14:05", "2023-05-12", "1023-05-12 14:05"]
)
def test_anything_else_is_no_time_of_day(written: str) -> None:
    assert fault(read(at=written))[0] == "at"


def test_a_correction_restates_everything_and_says_why() -> None:
    form = a_form(replaces="41", reason="Two bundles were exchanged.")
    corrected = as_correction(read_result(ELECTION, WARD, form, now=NOW), form)
    assert corrected.errors == []
    assert corrected.body == {
        "kind": "correction",
        "votes": {FIRST: 1000, SECOND: 900},
        "replaces": 41,
        "reason": "Two bundles were exchanged.",
    }


@pytest.mark.parametrize(
    ("fields", "field"), [({"replaces": "x", "reason": "why"}, "replaces"), ({"replaces": "41"}, "reason")]
)
def test_a_correction_needs_both(fields: dict[str, str], field: str) -> None:
    form = a_form(**fields)
    assert fault(as_correction(read_result(ELECTION, WARD, form, now=NOW), form))[0] == field


def test_what_a_correction_would_do_is_shown_before_its_reason_is_written() -> None:
    form = a_form(replaces="41")
    asked = as_correction(read_result(ELECTION, WARD, form, now=NOW), form, is_asked_only=True)
    assert asked.errors == []


def test_words_that_are_too_long_are_refused() -> None:
    assert fault(read(source="x" * 501))[0] == "source"


def test_a_body_fills_the_form_in_again_as_it_was_read() -> None:
    body = read(ballots="2,000", rejected="0", valid="2,000", total="1,900", turnout="34.2", source="me").body
    assert read_result(ELECTION, WARD, typed_from(body), now=NOW).body == body
    tally = {"kind": "tally", "council_id": "testshire", "complete": True, "seats": {LAB: 1}, "vacant": 0}
    assert read_tally(ELECTION, COUNCIL, typed_from(tally), now=NOW).body == tally


def test_a_form_is_blank_until_a_figure_is_in_it() -> None:
    assert is_blank({"source": ["me"], f"votes.{FIRST}": [" "], "key": ["k"]})
    assert not is_blank({f"votes.{FIRST}": ["0"]})
    assert not is_blank({"turnout": ["x"]})
    assert not is_blank({"valid": ["1"]})
    assert not is_blank({"total": ["1"]})


def test_a_clock_that_is_a_little_ahead_is_no_reason_for_yesterday() -> None:
    early = NOW - timedelta(minutes=14)
    assert read_result(ELECTION, WARD, a_form(at="03:20"), now=early).body["at"] == "2023-05-05T03:20:00+01:00"


# Votes that are not published, and who was announced


@pytest.mark.parametrize("dash", ["-", "–", "—", "−", " – "])
def test_a_dash_says_that_votes_are_not_published(dash: str) -> None:
    typed = read(**{f"votes.{SECOND}": dash})
    assert typed.errors == []
    assert typed.body["votes"] == {FIRST: 1000, SECOND: None}
    assert typed_from(typed.body)[f"votes.{SECOND}"] == ["–"]


def test_votes_that_are_missing_are_not_those_that_are_not_published() -> None:
    field, detail = fault(read(**{f"votes.{SECOND}": ""}))
    assert field == f"votes.{SECOND}"
    assert detail.endswith("type 0 for none, – where they are not published.")


def test_whoever_is_named_is_elected_whatever_the_votes_say() -> None:
    typed = read(elected=SECOND, as_announced=" So read out ")
    assert (typed.body["elected"], typed.body["as_announced"]) == ([SECOND], "So read out")
    form = typed_from(typed.body)
    assert (form["elected"], form["as_announced"], form["mode"]) == ([SECOND], ["So read out"], ["votes"])


def test_whoever_is_named_without_any_votes_is_elected_alone() -> None:
    typed = read_result(ELECTION, WARD, {"elected": [SECOND], f"votes.{FIRST}": [""]}, now=NOW)
    assert typed.errors == []
    assert typed.body == {"kind": "ward", "ballot_id": WARD.ballot_id, "elected": [SECOND]}
    assert read_result(ELECTION, WARD, typed_from(typed.body), now=NOW).body == typed.body


def test_only_those_who_stand_can_be_named() -> None:
    assert read(elected="somebody").body["elected"] == []


def test_a_lot_is_corrected_as_a_lot_and_no_name_stays_behind() -> None:
    level = {"votes": {FIRST: 900, SECOND: 900}, "elected": [SECOND]}
    form = typed_from(level)
    assert (form["drawn"], "elected" in form) == ([SECOND], False)
    mended = read_result(ELECTION, WARD, {**form, f"votes.{FIRST}": ["901"]}, now=NOW)
    assert "elected" not in mended.body
