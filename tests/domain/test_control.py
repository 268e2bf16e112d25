"""Majority line, reach, certainty and needs (rules 2 to 4)."""

import pytest

from app.domain.control import Majority, NoOverallControl, Undecided, control, holder, majority_line
from app.domain.election import Cancellation
from app.domain.night import Night
from app.wording.control import badge, flash_of
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    SHORTS,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)


@pytest.mark.parametrize(("seats", "line"), [(59, 30), (55, 28), (48, 25), (44, 23), (39, 20), (1, 1), (2, 2)])
def test_the_majority_line_is_more_than_half_of_all_seats(seats: int, line: int) -> None:
    assert majority_line(seats) == line


def test_half_the_seats_is_not_a_majority() -> None:
    assert control({LAB: 22, CON: 20, IND: 2}, {LAB: 22, CON: 20, IND: 2}, total_seats=44) == NoOverallControl()


def test_a_party_controls_as_soon_as_its_tally_reaches_the_line() -> None:
    assert control({LAB: 30, CON: 10}, {LAB: 49, CON: 29}, total_seats=59) == Majority(LAB)


def test_no_overall_control_is_certain_once_nobody_can_reach_the_line() -> None:
    assert control({LAB: 10, CON: 10}, {LAB: 14, CON: 14}, total_seats=30) == NoOverallControl()


def test_while_undecided_each_party_that_can_still_win_needs_some_of_the_seats_to_come() -> None:
    verdict = control({LAB: 20, CON: 8}, {LAB: 27, CON: 15, GRN: 7}, total_seats=45)
    assert verdict == Undecided({LAB: 3})
    assert holder(verdict) is None


def test_reach_counts_no_more_seats_than_a_party_has_candidates() -> None:
    """Labour leads 4 to 2 of 9, and has one candidate where three seats are to come: 5 would be a majority."""
    contested = a_contest(
        "east",
        seats_up=3,
        candidacies=(
            *a_contest("east", parties=[LAB], seats_up=3, each=1).candidacies,
            *a_contest("east", parties=[CON], seats_up=3, each=2).candidacies,
        ),
    )
    council = a_council(contested, continuing={LAB: 4, CON: 2})
    state = Night.before_first(an_election(council)).councils["testshire"]
    assert state.needs == {LAB: 1}, "CON reaches 2 + 2 = 4 of the 5 it takes"


def test_where_nominations_are_unknown_every_party_reaches_every_seat() -> None:
    council = a_council(a_contest("east", seats_up=5, parties=[]), continuing={LAB: 2, CON: 2})
    state = Night.before_first(an_election(council)).councils["testshire"]
    assert state.needs == {LAB: 3, CON: 3, LD: 5, GRN: 5, IND: 5}


def test_independents_are_one_group_and_can_hold_a_council() -> None:
    contest = a_contest("east", seats_up=3, parties=[IND, LAB])
    night = Night.before_first(an_election(a_council(contest))).fold([an_entry(1, a_ward(contest, IND))])
    assert night.councils["testshire"].control == Majority(IND)
    assert badge(SHORTS, night.councils["testshire"].comparisons["pa"]) == "IND gain from CON"


def test_labour_and_co_operative_counts_as_labour() -> None:
    contest = a_contest("east", seats_up=2, candidacies=())
    seats = {"joint-party:53-119": 1, LAB: 1}
    night = Night.before_first(an_election(a_council(contest))).fold([an_entry(1, a_ward(contest, seats=seats))])
    assert night.councils["testshire"].seats == {LAB: 2}


def test_control_counts_the_continuing_seats_of_a_council_that_elects_by_thirds() -> None:
    contest = a_contest("east", seats_up=1)
    state = Night.before_first(an_election(a_council(contest, continuing={LAB: 2}))).councils["testshire"]
    assert state.control == Majority(LAB)
    assert state.since is not None
    assert state.since.seq == 0, "certain before the first entry"
    assert badge(SHORTS, state.comparisons["pa"]) == "LAB gain from CON"


@pytest.mark.parametrize(
    ("cancelled", "candidates", "filled", "vacant"),
    [
        (Cancellation.EQUAL_CANDIDATES, 3, 3, 0),
        (Cancellation.UNDER_CONTESTED, 2, 2, 1),
        (Cancellation.NO_CANDIDATES, 0, 0, 3),
        (Cancellation.CANDIDATE_DEATH, 3, 0, 3),
    ],
)
def test_a_contest_without_a_poll_is_decided_when_nominations_close(
    cancelled: Cancellation, candidates: int, filled: int, vacant: int
) -> None:
    contest = a_contest("east", seats_up=3, parties=[LAB], each=candidates, cancelled=cancelled)
    state = Night.before_first(an_election(a_council(contest))).councils["testshire"]
    assert (state.declared_seats, state.vacant, state.seats_to_come) == (filled, vacant, 0)
    assert state.contests_declared == 1
    assert not state.contests[contest.ballot_id].shares, "no votes, not 0 votes"


def test_unopposed_winners_without_nominations_on_file_come_as_seats() -> None:
    contest = a_contest("east", seats_up=3, parties=[], cancelled=Cancellation.EQUAL_CANDIDATES)
    night = Night.before_first(an_election(a_council(contest)))
    assert night.councils["testshire"].seats_to_come == 3
    night = night.fold([an_entry(1, a_ward(contest, seats={CON: 3}))])
    assert night.councils["testshire"].control == Majority(CON)


def test_east_lindsey_has_thirteen_seats_from_the_start_and_no_votes() -> None:
    """2023: 13 of 55 seats uncontested."""
    uncontested = [
        a_contest(f"w{number}", parties=[CON], each=1, cancelled=Cancellation.EQUAL_CANDIDATES) for number in range(13)
    ]
    contested = [a_contest(f"p{number}", seats_up=2) for number in range(21)]
    council = a_council(*uncontested, *contested, total_seats=55)
    state = Night.before_first(an_election(council)).councils["testshire"]
    assert (state.declared_seats, state.seats_to_come, state.contests_declared) == (13, 42, 13)
    assert state.seats == {CON: 13}
    assert all(candidate.votes is None for result in state.contests.values() for candidate in result.candidates)


@pytest.mark.parametrize("source", ["wards", "tally"])
def test_a_tally_is_the_source_while_it_accounts_for_more_seats_than_the_wards(source: str) -> None:
    north, south = a_contest("north", seats_up=3), a_contest("south", seats_up=4)
    night = Night.before_first(an_election(a_council(north, south)))
    night = night.fold([an_entry(1, a_ward(north, LAB))])
    tally = {LAB: 1, CON: 2} if source == "wards" else {LAB: 1, CON: 3}
    state = night.fold([an_entry(2, a_tally(tally))]).councils["testshire"]
    assert state.count.source == source
    assert state.seats == ({LAB: 3} if source == "wards" else {CON: 3, LAB: 1})


def test_while_a_tally_is_the_source_reach_is_its_seats_and_all_that_is_to_come() -> None:
    wards = [a_contest(f"w{number}", seats_up=1, parties=[LAB, CON]) for number in range(9)]
    night = Night.before_first(an_election(a_council(*wards)))
    state = night.fold([an_entry(1, a_tally({LAB: 3, LD: 3}))]).councils["testshire"]
    assert state.needs == {LAB: 2, LD: 2}
    state = night.fold([an_entry(1, a_tally({LAB: 4, LD: 3, CON: 1}))]).councils["testshire"]
    assert state.needs == {LAB: 1}
    state = night.fold([an_entry(1, a_tally({LAB: 4, LD: 4}))]).councils["testshire"]
    assert state.needs == {LAB: 1, LD: 1}


def test_where_wards_and_tally_are_complete_and_differ_the_wards_stand_and_the_desk_is_told() -> None:
    contest = a_contest("north", seats_up=3)
    night = Night.before_first(an_election(a_council(contest)))
    state = night.fold([an_entry(1, a_tally({CON: 3}, complete=True)), an_entry(2, a_ward(contest, LAB))]).councils[
        "testshire"
    ]
    assert state.control == Majority(LAB)
    assert state.tally_disagrees


def test_a_tally_that_cannot_be_squared_with_the_wards_is_noticed() -> None:
    north, south = a_contest("north", seats_up=3), a_contest("south", seats_up=4)
    night = Night.before_first(an_election(a_council(north, south))).fold([an_entry(1, a_ward(north, LAB))])
    assert not night.fold([an_entry(2, a_tally({CON: 4}))]).councils["testshire"].tally_disagrees
    assert night.fold([an_entry(2, a_tally({CON: 5}))]).councils["testshire"].tally_disagrees


def test_wards_that_disagree_with_a_tally_turn_the_badge_back_visibly() -> None:
    north, south = a_contest("north", seats_up=3), a_contest("south", seats_up=4)
    night = Night.before_first(an_election(a_council(north, south)))
    night = night.fold([an_entry(1, a_tally({LAB: 4}))])
    assert badge(SHORTS, night.councils["testshire"].comparisons["pa"]) == "LAB gain from CON"
    night, change = night.apply(an_entry(2, a_ward(south, CON)))
    state = night.councils["testshire"]
    assert state.count.source == "wards", "both account for 4 seats, and then the wards stand"
    assert badge(SHORTS, state.comparisons["pa"]) == "CON hold"
    assert change.flipped("pa")
    assert flash_of(SHORTS, change, "pa") == "CON hold Testshire"
    assert [line.kind for line in night.tickers["pa"] if line.withdrawn_by] == ["flash"]
