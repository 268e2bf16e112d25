"""The numbered checks: what raises each, and the nearest that does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.checks import hard_findings
from app.domain.declarations import (
    Correction,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import Cancellation, VotingSystem
from app.domain.errors import Refused, UnknownSequence
from app.domain.night import Night
from app.domain.proposal import Proposal, Thresholds
from app.domain.soft_checks import prepare, soft_findings
from app.domain.superseding import unchanged
from app.wording.findings import told
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    POLLS_CLOSED,
    a_ballot,
    a_candidacy,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)

NORTH = a_ballot("north")


def night_of(*contests, **council):
    return Night.before_first(an_election(a_council(*contests, **council)))


def faults(night, declaration, **entry):
    """The hard findings on ``declaration``."""
    return list(told(hard_findings(night, an_entry(night.seq + 1, declaration, **entry))))


def warnings(night, declaration, *, thresholds=None, **entry):
    """The soft findings on ``declaration``, which has no hard ones, by their code."""
    entry = an_entry(night.seq + 1, declaration, **entry)
    assert hard_findings(night, entry) == []
    _, change = night.apply(entry)
    proposal = Proposal(night, entry, change, Thresholds(**(thresholds or {})))
    return {finding.code: finding for finding in told(soft_findings(proposal))}


def codes(findings):
    return [finding.code for finding in findings]


def votes(contest, *numbers):
    """Votes in the order of the nominations."""
    return dict(zip((candidacy.candidacy_id for candidacy in contest.candidacies), numbers, strict=True))


# The hard checks ------------------------------------------------------------------------------------------------------


def test_a_likely_declaration_has_no_findings():
    contest = a_contest("north", seats_up=2)
    declaration = a_ward(contest, LAB, ballots=2000, rejected=12, turnout=40.0)
    assert faults(night_of(contest), declaration) == []
    assert warnings(night_of(contest, a_contest("south", seats_up=9), eve=None), declaration) == {}


@pytest.mark.parametrize("cancelled", list(Cancellation))
def test_f01_a_contest_without_a_poll_takes_no_result_and_no_status(cancelled):
    contest = a_contest("north", seats_up=2, each=1, cancelled=cancelled)
    result = a_ward(contest, votes={"nonsense": -1}, elected=("nobody",), ballots=1)
    assert codes(faults(night_of(contest), result)) == ["F01"], "and nothing else is said of it"
    status = StatusDeclaration(StatusValue.RECOUNT, ballot_id=NORTH)
    assert codes(faults(night_of(contest), status)) == ["F01"]


@pytest.mark.parametrize("cancelled", [Cancellation.EQUAL_CANDIDATES, Cancellation.UNDER_CONTESTED])
def test_f01_is_not_for_unopposed_winners_whose_nominations_are_not_on_file(cancelled):
    contest = a_contest("north", parties=[], cancelled=cancelled)
    assert faults(night_of(contest), a_ward(contest, seats={CON: 1})) == []
    assert faults(night_of(contest), StatusDeclaration(StatusValue.DELAYED, ballot_id=NORTH)) == []


@pytest.mark.parametrize("status", list(StatusValue))
def test_f01_a_poll_countermanded_tonight_takes_no_result(status):
    contest = a_contest("north")
    night = night_of(contest).fold([an_entry(1, StatusDeclaration(status, ballot_id=NORTH))])
    found = faults(night, a_ward(contest, LAB))
    assert codes(found) == (["F01"] if status.puts_off_the_poll else [])
    assert all("entry 1" in finding.detail for finding in found)


def test_f01_ends_when_the_countermanding_is_withdrawn():
    contest = a_contest("north")
    countermanded = an_entry(1, StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=NORTH))
    withdrawn = an_entry(2, Withdrawal(1, "It was another ward"), ballot_id=NORTH)
    night = night_of(contest).fold([countermanded, withdrawn])
    assert faults(night, a_ward(contest, LAB)) == []


@pytest.mark.parametrize(
    ("cancelled", "told", "first_day"),
    [
        (Cancellation.CANDIDATE_DEATH, None, 6),
        (Cancellation.POSTPONED, None, 6),
        (None, datetime(2023, 5, 3, 9, tzinfo=UTC), 6),
        (None, datetime(2023, 5, 5, 1, tzinfo=UTC), 7),
    ],
)
def test_f01_is_not_for_a_poll_held_two_days_after_the_one_that_was_put_off(cancelled, told, first_day):
    """And after it was told so: until then, every result is one of the polling day."""
    contest = a_contest("north", cancelled=cancelled)
    countermanded = StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=NORTH)
    night = night_of(contest).fold([an_entry(1, countermanded, at=told)] if told else [])
    held = datetime(2023, 5, first_day, tzinfo=night.election.zone)
    assert codes(faults(night, a_ward(contest, LAB), at=held - timedelta(minutes=1))) == ["F01"]
    assert faults(night, a_ward(contest, LAB), at=held) == []


def test_f02_names_every_candidacy_that_does_not_stand_and_every_one_that_is_missing():
    contest = a_contest("north", seats_up=2)
    found = faults(night_of(contest), a_ward(contest, votes={"north-LAB-1": 5, "south-LAB-1": 5}))
    assert [(finding.code, finding.field) for finding in found] == [
        ("F02", "votes.south-LAB-1"),
        ("F02", "votes.north-LAB-2"),
        ("F02", "votes.north-CON-1"),
        ("F02", "votes.north-CON-2"),
    ]


def test_f02_a_missing_candidacy_is_not_one_with_no_votes():
    contest = a_contest("north")
    assert codes(faults(night_of(contest), a_ward(contest, votes={"north-LAB-1": 700}))) == ["F02"]
    assert faults(night_of(contest), a_ward(contest, votes=votes(contest, 700, 0))) == []


def test_f02_who_is_elected_has_to_stand():
    contest = a_contest("north")
    found = faults(night_of(contest), a_ward(contest, LAB, elected=("south-LAB-1",)))
    assert [(finding.code, finding.field) for finding in found] == [("F02", "elected")]


@pytest.mark.parametrize("given", [{}, {"north-LAB-1": 5}])
def test_f02_votes_cannot_be_given_where_no_candidates_are_on_file(given):
    contest = a_contest("north", parties=[])
    found = faults(night_of(contest), a_ward(contest, votes=given))
    assert [(finding.code, finding.field) for finding in found] == [("F02", "votes")]
    assert "give its seats by party" in found[0].detail
    assert faults(night_of(contest), a_ward(contest, seats={LAB: 1})) == []


@pytest.mark.parametrize(("most", "rejected", "expected"), [(900, 100, []), (901, 100, ["F04"]), (1000, None, [])])
def test_f04_nobody_has_more_votes_than_there_are_valid_papers(most, rejected, expected):
    contest = a_contest("north", seats_up=3, each=1)
    found = faults(night_of(contest), a_ward(contest, votes=votes(contest, most, 50), ballots=1000, rejected=rejected))
    assert codes(found) == expected


def test_f04_names_a_candidacy_that_does_not_stand_by_its_id():
    contest = a_contest("north")
    found = faults(night_of(contest), a_ward(contest, votes={**votes(contest, 1, 1), "x": 99}, ballots=50))
    assert [finding.detail for finding in found if finding.code == "F04"] == [
        "x has 99 votes from 50 valid ballot papers."
    ]


@pytest.mark.parametrize(("last", "expected"), [(300, []), (301, ["F05"])])
def test_f05_each_paper_has_as_many_votes_as_there_are_seats_up(last, expected):
    contest = a_contest("north", seats_up=2)
    numbers = votes(contest, 700, 600, 400, last)
    assert codes(faults(night_of(contest), a_ward(contest, votes=numbers, ballots=1000, rejected=50))) == expected


def test_f04_and_f05_do_not_compare_with_a_turnout_in_per_cent():
    contest = a_contest("north", electorate=2000)
    assert faults(night_of(contest), a_ward(contest, votes=votes(contest, 900, 899), turnout=5.0)) == []


@pytest.mark.parametrize(
    ("electorate", "ballots", "rejected", "expected"),
    [
        (5000, 5000, None, []),
        (5000, 5001, None, [("F06", "ballots")]),
        (None, 5001, None, []),
        (5000, 40, 40, []),
        (5000, 40, 41, [("F06", "rejected")]),
        (5000, None, 41, []),
    ],
)
def test_f06_papers_are_no_more_than_electors_and_rejected_ones_no_more_than_papers(
    electorate, ballots, rejected, expected
):
    contest = a_contest("north", electorate=electorate)
    found = faults(night_of(contest), a_ward(contest, seats={LAB: 1}, ballots=ballots, rejected=rejected))
    assert [(finding.code, finding.field) for finding in found] == expected


@pytest.mark.parametrize(
    ("elected", "expected"),
    [
        (("north-LAB-1", "north-LAB-2"), []),
        (("north-LAB-1",), ["F07"]),
        (("north-LAB-1", "north-LAB-2", "north-CON-1"), ["F07"]),
        (("north-LAB-1", "north-LAB-1"), ["F07"]),
        ((), ["F07"]),
    ],
)
def test_f07_as_many_are_elected_as_there_are_seats_up(elected, expected):
    contest = a_contest("north", seats_up=2)
    assert codes(faults(night_of(contest), a_ward(contest, LAB, elected=elected))) == expected


def test_f07_fewer_candidates_than_seats_are_all_elected():
    contest = a_contest("north", seats_up=3, each=1)
    both = ("north-LAB-1", "north-CON-1")
    assert faults(night_of(contest), a_ward(contest, LAB, elected=both)) == []
    assert codes(faults(night_of(contest), a_ward(contest, LAB, elected=both[:1]))) == ["F07"]


@pytest.mark.parametrize(
    ("seats", "expected"), [({LAB: 2, CON: 1}, []), ({LAB: 2}, ["F07"]), ({LAB: 2, CON: 2}, ["F07"])]
)
def test_f07_the_seats_of_a_ward_are_those_up(seats, expected):
    contest = a_contest("north", seats_up=3)
    assert codes(faults(night_of(contest), a_ward(contest, seats=seats))) == expected


@pytest.mark.parametrize("on_file", [True, False])
def test_f07_fewer_seats_are_filled_only_where_too_few_stood(on_file):
    cancelled = None if on_file else Cancellation.UNDER_CONTESTED
    contest = a_contest("north", seats_up=3, each=1, parties=[LAB, CON] if on_file else [], cancelled=cancelled)
    assert faults(night_of(contest), a_ward(contest, seats={LAB: 1, CON: 1})) == []
    contested = a_contest("north", seats_up=3, parties=[])
    assert codes(faults(night_of(contested), a_ward(contested, seats={LAB: 1, CON: 1}))) == ["F07"]


def test_f07_who_is_elected_has_to_be_of_the_parties_that_the_seats_are_given_to():
    contest = a_contest("north", seats_up=2)
    night, labour = night_of(contest), ("north-LAB-1", "north-LAB-2")
    assert faults(night, a_ward(contest, seats={LAB: 2}, elected=labour)) == []
    found = faults(night, a_ward(contest, seats={LAB: 1, CON: 1}, elected=labour))
    assert [(finding.code, finding.field) for finding in found] == [("F07", "elected")]


def test_f07_labour_and_co_operative_candidates_take_labour_seats():
    candidacies = (a_candidacy("north", LAB), a_candidacy("north", "joint-party:53-119", 2), a_candidacy("north", CON))
    contest = a_contest("north", seats_up=2, candidacies=candidacies)
    assert faults(night_of(contest), a_ward(contest, seats={LAB: 2}, elected=("north-LAB-1", "north-LAB-2"))) == []


def test_f07_a_party_that_is_not_on_file_is_told_as_such():
    contest = a_contest("north", seats_up=2)
    elected = ("north-LAB-1", "north-CON-1")
    assert codes(faults(night_of(contest), a_ward(contest, seats={LAB: 1, "PP1": 1}, elected=elected))) == [
        "F12",
        "F07",
    ]


def test_f07_first_preferences_do_not_say_who_is_elected():
    contest = a_contest("north", seats_up=2, voting_system=VotingSystem.STV)
    assert codes(faults(night_of(contest), a_ward(contest, LAB))) == ["F07"]
    named = tuple(contest.candidacies_by_id)[2:]
    assert faults(night_of(contest), a_ward(contest, LAB, elected=named)) == []


def test_f08_a_winner_has_no_fewer_votes_than_a_loser():
    contest = a_contest("north", seats_up=2)
    declaration = a_ward(contest, votes=votes(contest, 800, 600, 601, 10), elected=("north-LAB-1", "north-LAB-2"))
    found = faults(night_of(contest), declaration)
    assert [(finding.code, finding.field) for finding in found] == [("F08", "elected")]
    assert found[0].detail == (
        "LAB 2 of north is named as elected with 600 votes; CON 1 of north, who is not, has 601."
    )
    level = replace(declaration, votes=votes(contest, 800, 601, 601, 10))
    assert faults(night_of(contest), level) == [], "level with a loser: the one who was drawn"


def test_f09_a_tie_across_the_last_seat_needs_to_be_told_who_was_drawn():
    contest = a_contest("north", seats_up=2)
    tied = a_ward(contest, votes=votes(contest, 800, 600, 600, 10))
    (found,) = faults(night_of(contest), tied)
    assert (found.code, found.field) == ("F09", "elected")
    assert found.detail.startswith("LAB 2 of north and CON 1 of north are tied across the last seat of North:")
    assert faults(night_of(contest), replace(tied, elected=("north-LAB-1", "north-CON-1"))) == []


@pytest.mark.parametrize("numbers", [(600, 600, 10, 9), (800, 600, 10, 10)])
def test_f09_is_not_for_ties_elsewhere(numbers):
    contest = a_contest("north", seats_up=2)
    assert faults(night_of(contest), a_ward(contest, votes=votes(contest, *numbers))) == []


def test_f09_is_not_for_a_ward_where_everybody_is_elected():
    contest = a_contest("north", seats_up=3, each=1)
    assert faults(night_of(contest), a_ward(contest, votes=votes(contest, 5, 5))) == []


@pytest.mark.parametrize(
    ("seats", "vacant", "complete", "expected"),
    [
        ({LAB: 6, CON: 4}, None, True, []),
        ({LAB: 6, CON: 3}, None, True, ["F10"]),
        ({LAB: 6, CON: 3}, 1, True, []),
        ({LAB: 6, CON: 3}, None, False, []),
        ({LAB: 6, CON: 4}, 1, True, ["F11"]),
        ({LAB: 6, CON: 5}, None, False, ["F11"]),
        ({LAB: 6, CON: 4}, 1, False, ["F11"]),
    ],
)
def test_f10_and_f11_a_complete_tally_sums_to_the_total_and_none_to_more(seats, vacant, complete, expected):
    night = night_of(a_contest("north", seats_up=10))
    assert codes(faults(night, a_tally(seats, complete=complete, vacant=vacant))) == expected


def test_f10_says_what_is_missing():
    (found,) = faults(night_of(a_contest("north", seats_up=10)), a_tally({LAB: 6}, complete=True, vacant=1))
    assert found.detail.startswith("A complete tally of Testshire sums to 6 and 1 vacant of 10.")


@pytest.mark.parametrize("declaration", [a_tally({LAB: 1, "PP1": 1}), WardDeclaration(NORTH, seats={LAB: 1, "PP1": 1})])
def test_f12_a_party_has_to_be_on_file(declaration):
    found = faults(night_of(a_contest("north", seats_up=2)), declaration)
    assert [(finding.code, finding.field) for finding in found] == [("F12", "seats.PP1")]


def test_f12_no_overall_control_is_not_a_party():
    (found,) = faults(night_of(), a_tally({"NOC": 1}))
    assert (found.code, found.field) == ("F12", "seats.NOC")
    assert "NOC is a value of control" in found.detail


def test_f12_a_party_takes_no_more_seats_than_it_has_candidates():
    contest = a_contest("north", seats_up=3, parties=[LAB, CON], each=2)
    assert faults(night_of(contest), a_ward(contest, seats={LAB: 2, CON: 1})) == []
    (found,) = faults(night_of(contest), a_ward(contest, seats={LAB: 3}))
    assert (found.code, found.field) == ("F12", f"seats.{LAB}")
    (found,) = faults(night_of(contest), a_ward(contest, seats={LAB: 2, GRN: 1}))
    assert found.detail == "GRN has 0 candidates in North: it cannot take 1."
    unknown = a_contest("north", seats_up=3, parties=[])
    assert faults(night_of(unknown), a_ward(unknown, seats={GRN: 3})) == []


@pytest.mark.parametrize(("labour", "expected"), [(3, []), (2, ["F13"])])
def test_f13_a_tally_counts_the_continuing_seats(labour, expected):
    night = night_of(a_contest("north"), continuing={LAB: 3, CON: 2})
    assert codes(faults(night, a_tally({LAB: labour, CON: 2}))) == expected


def test_a_note_a_withdrawal_and_the_status_of_a_council_have_nothing_to_check():
    night = night_of()
    assert faults(night, NoteDeclaration("Recount in the north")) == []
    assert faults(night, StatusDeclaration(StatusValue.DELAYED, council_id="testshire")) == []
    assert faults(night, Withdrawal(1, "A slip"), ballot_id=NORTH) == []


def test_a_correction_is_checked_like_what_it_restates():
    contest = a_contest("north")
    night = night_of(contest).fold([an_entry(1, a_ward(contest, LAB))])
    wrong = Correction(1, "A slip", a_ward(contest, votes={"north-LAB-1": 5}))
    assert codes(faults(night, wrong)) == ["F02"]
    low = Correction(1, "A slip", a_ward(contest, LAB, turnout=90.0))
    assert list(warnings(night, low)) == ["W01", "W13"]


def test_a_correction_that_says_what_stands_already_changes_nothing():
    contest = a_contest("north", seats_up=2)
    stands = a_ward(contest, LAB, elected=("north-LAB-1", "north-LAB-2"), ballots=2000)
    night = night_of(contest).fold([an_entry(1, stands)])

    def found(content):
        return list(told(unchanged(night, an_entry(2, Correction(1, "A slip", content)))))

    (same,) = found(replace(stands, votes=dict(reversed(stands.votes.items()))))
    assert same.code == "unchanged"
    assert same.detail == "This is what entry 1 says already: a correction has to change something."
    for changed in ({"ballots": 2001}, {"ballots": None}, {"source": "Kent Online"}, {"rejected": 0}):
        assert found(replace(stands, **changed)) == []


def test_a_withdrawal_of_all_that_came_since_has_to_take_something_back():
    contest = a_contest("north")
    night = night_of(contest).fold([an_entry(1, a_ward(contest, LAB)), an_entry(2, NoteDeclaration("Good evening"))])

    def found(night, since):
        return [it.detail for it in told(unchanged(night, an_entry(night.seq + 1, Withdrawal(None, "A trial", since))))]

    assert found(night, 0) == found(night, 1) == []
    assert found(night, 2) == ["Nothing that was declared after entry 2 stands."]
    gone = night.fold([an_entry(3, Withdrawal(None, "A trial", 1))])
    assert found(gone, 0) == [], "the result stands still"
    assert found(gone, 1) != []
    with pytest.raises(UnknownSequence, match="entry 3"):
        found(night, 3)


def test_what_is_declared_first_or_withdrawn_is_no_correction_that_changes_nothing():
    contest = a_contest("north")
    night = night_of(contest)
    assert unchanged(night, an_entry(1, a_ward(contest, LAB))) == []
    night = night.fold([an_entry(1, a_ward(contest, LAB))])
    assert unchanged(night, an_entry(2, Withdrawal(1, "Too early"), ballot_id=NORTH)) == []


# The soft checks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("turnout", "expected"), [(9.9, True), (10.0, False), (80.0, False), (80.1, True)])
def test_w01_a_turnout_is_unlikely_below_ten_and_above_eighty_per_cent(turnout, expected):
    contest = a_contest("north")
    assert ("W01" in warnings(night_of(contest), a_ward(contest, seats={LAB: 1}, turnout=turnout))) is expected


def test_w01_takes_the_papers_before_what_was_announced():
    contest = a_contest("north", electorate=10_000)
    assert "W01" in warnings(night_of(contest), a_ward(contest, seats={LAB: 1}, ballots=8001, turnout=40.0))
    assert "W01" not in warnings(night_of(contest), a_ward(contest, seats={LAB: 1}, ballots=4000, turnout=90.0))


def test_w01_has_settings():
    contest = a_contest("north")
    declaration = a_ward(contest, seats={LAB: 1}, turnout=60.0)
    assert "W01" in warnings(night_of(contest), declaration, thresholds={"turnout_high": 59.0})
    assert "W01" in warnings(night_of(contest), declaration, thresholds={"turnout_low": 61.0})


def with_turnouts(*turnouts, contest=None):
    """A night in which other wards have been declared with these turnouts."""
    others = [a_contest(f"ward-{number}") for number in range(len(turnouts))]
    night = night_of(contest or a_contest("north"), *others)
    return night.fold(
        an_entry(seq, a_ward(other, LAB, turnout=turnout))
        for seq, (other, turnout) in enumerate(zip(others, turnouts, strict=True), start=1)
    )


AS_AT_LOCAL_ELECTIONS = (26.0, 30.0, 33.0, 36.0, 43.0)
AS_AT_GENERAL_ELECTIONS = (71.0, 72.0, 73.0, 74.0, 75.0)


@pytest.mark.parametrize(
    ("others", "turnout", "expected"),
    [
        (AS_AT_LOCAL_ELECTIONS, 18.0, True),  # 55% of 33 is 18.15
        (AS_AT_LOCAL_ELECTIONS, 18.2, False),
        (AS_AT_LOCAL_ELECTIONS, 55.0, False),
        (AS_AT_LOCAL_ELECTIONS, 60.1, True),  # and 33 is 55% of 60
        (AS_AT_GENERAL_ELECTIONS, 65.0, False),  # 8 points are never too far
        (AS_AT_GENERAL_ELECTIONS, 64.9, True),
        (AS_AT_GENERAL_ELECTIONS, 81.1, True),
    ],
)
def test_w02_a_turnout_is_unlikely_far_from_the_councils_other_wards(others, turnout, expected):
    declaration = WardDeclaration(NORTH, seats={LAB: 1}, turnout=turnout)
    assert ("W02" in warnings(with_turnouts(*others), declaration)) is expected


def test_w02_says_what_is_usual():
    found = warnings(with_turnouts(*AS_AT_LOCAL_ELECTIONS), WardDeclaration(NORTH, seats={LAB: 1}, turnout=12.0))
    assert found["W02"].detail == "A turnout of 12.0% is far from the 33.0% usual in Testshire tonight."


def test_w02_needs_enough_others_to_compare_with():
    four = with_turnouts(*AS_AT_LOCAL_ELECTIONS[:4])
    declaration = WardDeclaration(NORTH, seats={LAB: 1}, turnout=12.0)
    assert "W02" not in warnings(four, declaration)
    assert "W02" in warnings(four, declaration, thresholds={"turnout_others_needed": 4})
    assert "W02" not in warnings(with_turnouts(33.0), declaration, thresholds={"turnout_others_needed": 0})


def test_w02_does_not_compare_a_correction_with_what_it_corrects():
    contest = a_contest("north")
    night = with_turnouts(*AS_AT_LOCAL_ELECTIONS[:4], contest=contest)
    night = night.fold([an_entry(5, a_ward(contest, LAB, turnout=33.0))])
    assert "W02" not in warnings(night, Correction(5, "A slip", a_ward(contest, LAB, turnout=12.0)))


def test_w02_is_not_for_a_turnout_that_is_unknown():
    assert "W02" not in warnings(with_turnouts(*AS_AT_LOCAL_ELECTIONS), WardDeclaration(NORTH, seats={LAB: 1}))


@pytest.mark.parametrize(
    ("numbers", "expected"), [((900, 650, 40), True), ((900, 650, 41), False), ((0, 10, 20), True)]
)
def test_w03_votes_that_all_end_in_nought_look_like_estimates(numbers, expected):
    contest = a_contest("north", parties=[LAB, CON, GRN])
    assert ("W03" in warnings(night_of(contest), a_ward(contest, votes=votes(contest, *numbers)))) is expected


def test_w03_needs_three_candidates_unless_it_is_set():
    contest = a_contest("north", parties=[LAB, CON])
    declaration = a_ward(contest, votes=votes(contest, 900, 650))
    assert "W03" not in warnings(night_of(contest), declaration)
    assert "W03" in warnings(night_of(contest), declaration, thresholds={"round_candidates_needed": 2})
    assert "W03" not in warnings(night_of(contest), a_ward(contest, seats={LAB: 1}))


def test_w04_running_mates_of_two_parties_are_far_apart_where_votes_are_on_the_wrong_names():
    """Two seats: LAB 1,900 and 1,850, CON 1,060 and 1,020; the second and the third line were exchanged."""
    contest = a_contest("north", seats_up=2)
    found = warnings(night_of(contest), a_ward(contest, votes=votes(contest, 1900, 1060, 1855, 1020)))
    assert found["W04"].detail == (
        "Running mates are far apart, those of LAB (1,900 to 1,060) and of CON (1,855 to 1,020): "
        "are the votes on the right names?"
    )
    assert "W04" not in warnings(night_of(contest), a_ward(contest, votes=votes(contest, 1900, 1855, 1060, 1020)))


@pytest.mark.parametrize(
    ("parties", "numbers"),
    [
        ([LAB, CON], (1900, 400, 1020, 1060)),  # One party’s are, because of one well-known name.
        ([LAB, IND], (1900, 400, 1855, 90)),  # Independents are no running mates.
        ([LAB, CON], (1749, 1000, 1749, 1000)),  # Less than 1.75 times the other’s votes.
    ],
)
def test_w04_is_not_for_one_party_nor_for_independents(parties, numbers):
    contest = a_contest("north", seats_up=2, parties=parties)
    assert "W04" not in warnings(night_of(contest), a_ward(contest, votes=votes(contest, *numbers)))


def test_w04_has_a_setting():
    contest = a_contest("north", seats_up=2)
    declaration = a_ward(contest, votes=votes(contest, 1500, 1000, 1500, 1000))
    assert "W04" in warnings(night_of(contest), declaration, thresholds={"running_mates_ratio": 1.5})
    assert "W04" not in warnings(night_of(contest), declaration)


def test_w04_takes_no_votes_for_one_vote():
    contest = a_contest("north", seats_up=2)
    assert "W04" in warnings(night_of(contest), a_ward(contest, votes=votes(contest, 9, 0, 8, 2)))
    assert "W04" not in warnings(night_of(contest), a_ward(contest, votes=votes(contest, 9, 8, 1, 0)))


def test_w04_is_not_for_seats_without_votes():
    contest = a_contest("north", seats_up=2)
    assert "W04" not in warnings(night_of(contest), a_ward(contest, seats={LAB: 2}))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((700, 650, 0, 0), "No votes at all for CON."),
        ((700, 650, 1, 0), None),
        ((0, 0, 0, 0), "No votes at all for LAB, CON."),
    ],
)
def test_w05_a_party_without_a_vote_is_unlikely(numbers, expected):
    contest = a_contest("north", seats_up=2)
    elected = ("north-LAB-1", "north-LAB-2")
    found = warnings(night_of(contest), a_ward(contest, votes=votes(contest, *numbers), elected=elected))
    assert (found["W05"].detail if "W05" in found else None) == expected


def test_w06_the_very_votes_of_another_contest_are_those_of_another_contest():
    north, south = a_contest("north"), a_contest("south", council_id="otherham")
    election = an_election(a_council(north), a_council(south, council_id="otherham"))
    night = Night.before_first(election).fold([an_entry(1, a_ward(south, votes=votes(south, 712, 655)))])
    found = warnings(night, a_ward(north, votes=votes(north, 712, 655)))
    assert found["W06"].detail == "These are the very votes of South (Otherham)."
    assert "W06" not in warnings(night, a_ward(north, votes=votes(north, 655, 712))), "in the same order"


def test_what_votes_are_compared_with_is_worked_out_before_the_first_declaration():
    contest = a_contest("north")
    night = night_of(contest).fold([an_entry(1, a_ward(contest, LAB))])
    (state,) = night.councils.values()
    assert "vote_lists" not in vars(state)
    prepare(night)
    assert vars(state)["vote_lists"] == {(1000, 993): NORTH}


def test_w06_is_not_for_what_a_correction_repeats_nor_for_one_candidate_alone():
    north, south = a_contest("north"), a_contest("south")
    night = night_of(north, south).fold([an_entry(1, a_ward(north, votes=votes(north, 712, 655)))])
    again = Correction(1, "The turnout was missing", a_ward(north, votes=votes(north, 712, 655), turnout=33.0))
    assert "W06" not in warnings(night, again)
    alone, other = a_contest("north", parties=[LAB]), a_contest("south", parties=[LAB])
    night = night_of(alone, other).fold([an_entry(1, a_ward(alone, votes=votes(alone, 712)))])
    assert "W06" not in warnings(night, a_ward(other, votes=votes(other, 712)))


def test_w07_a_gain_is_asked_about_by_name():
    contest = a_contest("north")
    assert warnings(night_of(contest), a_ward(contest, LAB))["W07"].detail == "This makes Testshire LAB gain from CON."
    assert warnings(night_of(contest), a_ward(contest, CON))["W07"].detail == "This makes Testshire CON hold."


def test_w07_asks_about_control_that_has_nothing_to_compare_with_too():
    contest = a_contest("north")
    found = warnings(night_of(contest, eve=None), a_ward(contest, LAB))
    assert found["W07"].detail == "This makes Testshire LAB majority."
    found = warnings(night_of(a_contest("north"), continuing={LAB: 1}, eve=None), a_ward(contest, CON))
    assert found["W07"].detail == "This makes Testshire no overall control."


def test_w07_is_not_for_what_leaves_control_as_it_is():
    north, south = a_contest("north"), a_contest("south", seats_up=3)
    assert "W07" not in warnings(night_of(north, south), a_ward(north, LAB)), "undecided before and after"
    night = night_of(north, south).fold([an_entry(1, a_ward(south, LAB))])
    assert "W07" not in warnings(night, a_ward(north, CON)), "certain before and after"


def test_w07_a_gain_that_vanishes_is_asked_about_too():
    contest = a_contest("north")
    night = night_of(contest).fold([an_entry(1, a_ward(contest, LAB))])
    found = warnings(night, Withdrawal(1, "Announced too early"), ballot_id=NORTH, council_id="testshire")
    assert found["W07"].detail == "Testshire goes back to undecided; it is LAB gain from CON now."
    found = warnings(night, Correction(1, "The wrong way round", a_ward(contest, CON)))
    assert found["W07"].detail == "This makes Testshire CON hold; it is LAB gain from CON now."


@pytest.mark.parametrize(
    ("ballots", "rejected", "expected"), [(1000, 30, False), (1000, 31, True), (0, 0, False), (None, 31, False)]
)
def test_w08_more_than_three_per_cent_of_rejected_papers_are_unlikely(ballots, rejected, expected):
    contest = a_contest("north")
    found = warnings(night_of(contest), a_ward(contest, seats={LAB: 1}, ballots=ballots, rejected=rejected))
    assert ("W08" in found) is expected


def test_w08_has_a_setting():
    contest = a_contest("north")
    declaration = a_ward(contest, seats={LAB: 1}, ballots=1000, rejected=31)
    assert "W08" not in warnings(night_of(contest), declaration, thresholds={"rejected_share": 5.0})
    assert warnings(night_of(contest), declaration)["W08"].detail == (
        "31 of 1,000 ballot papers rejected are more than 3%."
    )


def test_w09_nothing_is_announced_before_polls_close():
    contest = a_contest("north")
    a_minute_early = datetime(2023, 5, 4, 20, 59, tzinfo=UTC)
    for declaration in (a_ward(contest, LAB), a_tally({LAB: 1})):
        assert "W09" in warnings(night_of(contest), declaration, at=a_minute_early)
        assert "W09" not in warnings(night_of(contest), declaration, at=POLLS_CLOSED)
    found = warnings(night_of(contest), a_ward(contest, LAB), at=a_minute_early)
    assert found["W09"].detail == "Polls close at 22:00 on 4 May 2023: this was announced before."


def test_w09_is_not_for_what_can_be_told_at_any_time():
    status = StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=NORTH)
    assert "W09" not in warnings(night_of(eve=None), status, at=datetime(2023, 5, 3, tzinfo=UTC))


@pytest.mark.parametrize(("minutes", "expected"), [(-600, []), (5, []), (5.1, ["W17"]), (5_259_492, ["W17"])])
def test_w17_a_time_of_more_than_five_minutes_ahead_is_asked_about(minutes, expected):
    contest = a_contest("north")
    night, now = night_of(contest, a_contest("south"), eve=None), POLLS_CLOSED + timedelta(days=1)
    for declaration in (a_ward(contest, LAB), NoteDeclaration("Counting has begun")):
        entry = an_entry(1, declaration, at=now + timedelta(minutes=minutes))
        _, change = night.apply(entry)
        found = told(soft_findings(Proposal(night, entry, change, now=now)))
        assert [(finding.code, finding.field) for finding in found] == [(code, "at") for code in expected]


def test_w17_says_the_time_as_readers_will_see_it():
    contest = a_contest("north")
    night = night_of(contest, a_contest("south"), eve=None)
    entry = an_entry(1, a_ward(contest, LAB), at=datetime(2033, 8, 11, 13, 5, tzinfo=UTC))
    _, change = night.apply(entry)
    (finding,) = told(soft_findings(Proposal(night, entry, change, now=POLLS_CLOSED)))
    assert finding.detail == "14:05 on 11 August 2033 is still to come: is it the right time and date?"


@pytest.mark.parametrize(
    ("turnout", "most", "expected"),
    [
        (40.0, 406, False),  # 40 stands for up to 40.5%: 405 papers, and one for the rounding of it.
        (40.0, 407, True),
        (40.3, 404, False),  # 40.35%
        (40.3, 405, True),
        (40.31, 404, False),
        (40.31, 405, True),
    ],
)
def test_w10_a_turnout_in_per_cent_allows_half_of_its_last_digit(turnout, most, expected):
    contest = a_contest("north", seats_up=2, each=1, electorate=1000)
    found = warnings(night_of(contest), a_ward(contest, votes=votes(contest, most, 1), turnout=turnout))
    assert ("W10" in found) is expected


def test_w10_compares_all_votes_with_those_that_the_papers_allow():
    contest = a_contest("north", seats_up=2, electorate=1000)
    night = night_of(contest)
    assert "W10" not in warnings(night, a_ward(contest, votes=votes(contest, 300, 300, 112, 100), turnout=40.0))
    found = warnings(night, a_ward(contest, votes=votes(contest, 300, 300, 113, 100), turnout=40.0))
    assert found["W10"].detail == "A turnout of 40% is at most 406 papers: too few for these votes."


def test_w10_is_not_for_papers_given_as_a_count_nor_for_an_electorate_that_is_unknown():
    contest, unknown = a_contest("north", electorate=1000), a_contest("north", electorate=None)
    given = votes(contest, 700, 200)
    assert "W10" not in warnings(night_of(contest), a_ward(contest, votes=given, turnout=20.0, ballots=900))
    assert "W10" not in warnings(night_of(unknown), a_ward(unknown, votes=given, turnout=20.0))
    assert "W10" not in warnings(night_of(contest), a_ward(contest, votes=given))
    assert "W10" not in warnings(night_of(contest), a_ward(contest, seats={LAB: 1}, turnout=20.0))


def test_w11_a_tally_and_wards_that_cannot_both_be_right_are_told_once():
    north, south = a_contest("north", seats_up=3), a_contest("south", seats_up=4)
    night = night_of(north, south).fold([an_entry(1, a_ward(north, LAB))])
    assert "W11" not in warnings(night, a_tally({CON: 4}))
    assert "W11" in warnings(night, a_tally({CON: 5}))
    night = night.fold([an_entry(2, a_tally({CON: 5}))])
    assert "W11" not in warnings(night, a_ward(south, CON)), "the desk knows"


def test_w11_a_ward_may_be_what_does_not_fit_the_tally():
    contest = a_contest("north", seats_up=3)
    night = night_of(contest).fold([an_entry(1, a_tally({CON: 3}, complete=True))])
    assert "W11" in warnings(night, a_ward(contest, LAB))


def test_w12_a_party_has_hardly_fewer_seats_than_it_continues_with():
    night = night_of(a_contest("north", seats_up=2), continuing={LAB: 3, CON: 2})
    assert "W12" not in warnings(night, a_tally({LAB: 3, CON: 2}))
    found = warnings(night, a_tally({LAB: 2, CON: 4}))
    assert found["W12"].detail == "Fewer seats than continue: LAB 2 of 3. A tally counts the continuing ones."


def test_a_note_about_the_whole_night_has_nothing_to_ask():
    assert warnings(night_of(), NoteDeclaration("Polls have closed"), council_id=None) == {}


def test_every_finding_that_is_confirmed_has_a_code_of_its_own():
    """Several at once: one declaration, one finding a code."""
    contest = a_contest("north", seats_up=2, parties=[LAB, CON], electorate=100_000)
    early = datetime(2023, 5, 4, 12, tzinfo=UTC)
    declaration = a_ward(contest, votes=votes(contest, 900, 10, 800, 0), ballots=1000, rejected=100)
    assert list(warnings(night_of(contest, eve=LD), declaration, at=early)) == [
        "W01",
        "W03",
        "W04",
        "W07",
        "W08",
        "W09",
        "W15",
    ]


def test_a_tally_of_another_councils_shape_is_still_a_tally():
    declaration = TallyDeclaration("testshire", {LAB: 0, CON: 0}, complete=False)
    assert faults(night_of(), declaration) == []


def test_a_refusal_carries_everything_that_was_found():
    found = faults(night_of(), a_ward(a_contest("north"), votes={"north-LAB-1": 5, "x": 1}))
    refusal = Refused(found)
    assert codes(refusal.findings) == ["F02", "F02"]
    assert str(refusal) == ("Candidacy “x” does not stand in North. Votes of CON 1 of north (north-CON-1) are missing.")
