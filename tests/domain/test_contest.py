"""One contest: winners, ties and lots, vote share by both methods, turnout, and contests without a poll."""

import pytest

from app.domain.contest import (
    ContestState,
    Turnout,
    seats_to_fill,
    tied_across_last_seat,
    turnout,
    vote_shares,
    winners,
)
from app.domain.declarations import (
    Correction,
    StatusDeclaration,
    StatusValue,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import Cancellation
from app.domain.night import Night
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    a_ballot,
    a_candidacy,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)

NORTH = a_ballot("north")


def result_of(contest, *declarations):
    """The result of ``contest`` after these declarations, and of nothing else."""
    night = Night.before_first(an_election(a_council(contest)))
    log = [
        an_entry(seq, declaration, ballot_id=contest.ballot_id) for seq, declaration in enumerate(declarations, start=1)
    ]
    return night.fold(log).result(contest.ballot_id)


def ids(candidates):
    return [candidate.candidacy.candidacy_id for candidate in candidates]


# Winners, ties and lots -----------------------------------------------------------------------------------------------


def test_the_candidates_with_most_votes_win_as_many_as_there_are_seats():
    assert winners({"a": 5, "b": 9, "c": 7}, 2) == {"b", "c"}
    assert winners({"a": 5, "b": 9}, 1) == {"b"}


@pytest.mark.parametrize(
    ("votes", "seats", "tied"),
    [
        ({"a": 9, "b": 7, "c": 7}, 2, {"b", "c"}),
        ({"a": 7, "b": 7, "c": 7}, 1, {"a", "b", "c"}),
        ({"a": 9, "b": 9, "c": 7}, 2, set()),
        ({"a": 9, "b": 7, "c": 7}, 1, set()),
        ({"a": 7, "b": 7}, 2, set()),
        ({"a": 7, "b": 7}, 0, set()),
        ({}, 1, set()),
    ],
)
def test_a_tie_matters_only_across_the_last_seat(votes, seats, tied):
    assert tied_across_last_seat(votes, seats) == tied
    assert (winners(votes, seats) is None) is bool(tied)


def test_where_nobody_was_drawn_yet_nobody_has_won_by_lot():
    assert winners({"a": 9, "b": 7, "c": 7}, 2) is None


def test_candidates_are_ranked_by_votes_and_the_first_are_elected():
    contest = a_contest("north", seats_up=2, each=1, parties=[LAB, CON, GRN])
    result = result_of(contest, a_ward(contest, votes={"north-LAB-1": 70, "north-CON-1": 90, "north-GRN-1": 80}))
    assert ids(result.candidates) == ["north-CON-1", "north-GRN-1", "north-LAB-1"]
    assert [candidate.rank for candidate in result.candidates] == [1, 2, 3]
    assert [candidate.elected for candidate in result.candidates] == [True, True, False]
    assert ids(result.elected) == ["north-CON-1", "north-GRN-1"]
    assert result.seats == {CON: 1, GRN: 1}
    assert not result.has_lot


def test_a_tie_across_the_last_seat_is_settled_by_lot_as_if_by_one_more_vote():
    contest = a_contest("north", seats_up=2)
    votes = {"north-LAB-1": 9, "north-LAB-2": 7, "north-CON-1": 7, "north-CON-2": 1}
    result = result_of(contest, a_ward(contest, votes=votes, elected=("north-LAB-1", "north-CON-1")))
    assert ids(result.candidates) == ["north-LAB-1", "north-CON-1", "north-LAB-2", "north-CON-2"]
    assert [candidate.rank for candidate in result.candidates] == [1, 2, 3, 4]
    assert [candidate.by_lot for candidate in result.candidates] == [False, True, True, False]
    assert [candidate.elected for candidate in result.candidates] == [True, True, False, False]
    assert not any(candidate.joint for candidate in result.candidates)
    assert result.has_lot


def test_a_lot_among_three_leaves_the_losers_joint():
    contest = a_contest("north", seats_up=1, each=1, parties=[LAB, CON, GRN])
    votes = {"north-LAB-1": 7, "north-CON-1": 7, "north-GRN-1": 7}
    result = result_of(contest, a_ward(contest, votes=votes, elected=("north-GRN-1",)))
    assert [(candidate.rank, candidate.joint) for candidate in result.candidates] == [
        (1, False),
        (2, True),
        (2, True),
    ]


def test_ties_elsewhere_are_just_ties():
    contest = a_contest("north", seats_up=1, each=2)
    votes = {"north-LAB-1": 9, "north-LAB-2": 5, "north-CON-1": 5, "north-CON-2": 1}
    result = result_of(contest, a_ward(contest, votes=votes))
    assert [(candidate.rank, candidate.joint) for candidate in result.candidates] == [
        (1, False),
        (2, True),
        (2, True),
        (4, False),
    ]
    assert not result.has_lot


def test_winners_who_are_level_are_both_elected_and_joint():
    contest = a_contest("north", seats_up=2, each=2)
    votes = {"north-LAB-1": 9, "north-LAB-2": 9, "north-CON-1": 5, "north-CON-2": 1}
    first, second, *_ = result_of(contest, a_ward(contest, votes=votes)).candidates
    assert [(one.rank, one.joint, one.elected, one.by_lot) for one in (first, second)] == [(1, True, True, False)] * 2


def test_votes_decide_and_who_is_named_as_elected_only_where_they_are_level():
    """An undrawn tie cannot be declared: the checks refuse it. Should one be in a log all the same, nobody has won."""
    contest = a_contest("north", seats_up=1)
    undrawn = result_of(contest, a_ward(contest, votes={"north-LAB-1": 7, "north-CON-1": 7}))
    assert undrawn.elected == ()
    assert (undrawn.seats, undrawn.vacant) == ({}, 1)


def test_fewer_candidates_than_seats_are_all_elected_and_the_rest_is_vacant():
    contest = a_contest("north", seats_up=3, each=1)
    result = result_of(contest, a_ward(contest, votes={"north-LAB-1": 70, "north-CON-1": 0}))
    assert (result.seats, result.vacant, result.to_come) == ({LAB: 1, CON: 1}, 1, 0)
    assert seats_to_fill(contest) == 2
    assert seats_to_fill(a_contest("north", seats_up=3, parties=[])) == 3


# What is known when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (StatusValue.COUNTING, ContestState.COUNTING),
        (StatusValue.RECOUNT, ContestState.RECOUNT),
        (StatusValue.DELAYED, ContestState.DELAYED),
        (StatusValue.COUNTERMANDED, ContestState.COUNTERMANDED),
    ],
)
def test_a_contest_is_where_its_status_says_until_it_is_declared(status, state):
    contest = a_contest("north")
    told = StatusDeclaration(status, ballot_id=NORTH)
    result = result_of(contest, told)
    assert result.state is state
    assert result.is_decided is (state is ContestState.COUNTERMANDED)
    assert (result.vacant, result.to_come) == ((1, 0) if result.is_decided else (0, 1))
    assert result.status is not None
    assert result.status.content == told
    declared = result_of(contest, told, a_ward(contest, LAB))
    assert declared.state is ContestState.DECLARED
    assert declared.status is not None, "what was said of the count stays known"


def test_before_its_declaration_nobody_knows_who_is_elected():
    result = result_of(a_contest("north", seats_up=2))
    assert result.state is ContestState.AWAITING
    assert [candidate.elected for candidate in result.candidates] == [None] * 4
    assert (result.elected, result.shares, result.turnout) == ((), (), None)
    assert (result.entry, result.declaration, result.vote_list) == (None, None, ())


@pytest.mark.parametrize(
    ("cancelled", "state", "elected"),
    [
        (Cancellation.EQUAL_CANDIDATES, ContestState.UNOPPOSED, True),
        (Cancellation.UNDER_CONTESTED, ContestState.UNOPPOSED, True),
        (Cancellation.CANDIDATE_DEATH, ContestState.COUNTERMANDED, None),
        (Cancellation.NO_CANDIDATES, ContestState.NO_CANDIDATES, None),
    ],
)
def test_a_contest_without_a_poll_has_winners_or_nobody_and_never_votes(cancelled, state, elected):
    result = result_of(a_contest("north", seats_up=2, each=1, cancelled=cancelled))
    assert result.state is state
    assert [candidate.elected for candidate in result.candidates] == [elected] * 2
    assert [candidate.votes for candidate in result.candidates] == [None] * 2
    assert result.is_decided


@pytest.mark.parametrize("cancelled", [Cancellation.EQUAL_CANDIDATES, Cancellation.UNDER_CONTESTED])
def test_unopposed_winners_who_are_not_on_file_are_still_to_come(cancelled):
    contest = a_contest("north", seats_up=2, parties=[], cancelled=cancelled)
    assert result_of(contest).state is ContestState.AWAITING
    declared = result_of(contest, WardDeclaration(NORTH, seats={CON: 1}))
    assert (declared.seats, declared.vacant, declared.candidates) == ({CON: 1}, 1, ())


def test_where_only_seats_are_known_nobody_knows_whose_they_are():
    contest = a_contest("north", seats_up=2)
    result = result_of(contest, a_ward(contest, seats={"joint-party:53-119": 1, CON: 1}))
    assert result.seats == {LAB: 1, CON: 1}
    assert [candidate.elected for candidate in result.candidates] == [None] * 4
    assert (result.vote_list, result.shares) == ((), ())


def test_seats_may_come_with_the_names_of_the_winners():
    contest = a_contest("north", seats_up=2)
    elected = ("north-LAB-2", "north-CON-1")
    result = result_of(contest, a_ward(contest, seats={LAB: 1, CON: 1}, elected=elected))
    assert [candidate.elected for candidate in result.candidates] == [False, True, True, False]
    assert [candidate.rank for candidate in result.candidates] == [None] * 4


def test_a_withdrawn_result_leaves_its_history_and_nothing_else():
    contest = a_contest("north")
    corrected = Correction(1, "A slip", a_ward(contest, CON))
    result = result_of(contest, a_ward(contest, LAB), corrected, Withdrawal(2, "Too early"))
    assert (result.state, result.entry, result.to_come) == (ContestState.AWAITING, None, 1)
    assert [entry.kind for entry in result.history] == ["ward", "correction", "withdrawal"]
    assert [entry.kind for entry in result.revisions] == ["correction", "withdrawal"]


def test_the_vote_list_is_in_the_order_of_the_nominations():
    contest = a_contest("north")
    result = result_of(contest, a_ward(contest, votes={"north-CON-1": 90, "north-LAB-1": 70}))
    assert result.vote_list == (70, 90)
    assert result.declaration is not None


# Vote share -----------------------------------------------------------------------------------------------------------


def shares_of(contest, votes):
    return {share.group: share for share in result_of(contest, a_ward(contest, votes=votes)).shares}


def test_vote_share_is_by_each_partys_best_candidate_and_by_its_average():
    contest = a_contest("north", seats_up=2)
    shares = shares_of(contest, {"north-LAB-1": 600, "north-LAB-2": 400, "north-CON-1": 400, "north-CON-2": 100})
    labour, conservative = shares[LAB], shares[CON]
    assert (labour.candidates, labour.votes, labour.best) == (2, 1000, 600)
    assert (labour.top_vote_share, conservative.top_vote_share) == (60.0, 40.0)
    assert (round(labour.average_share, 2), round(conservative.average_share, 2)) == (66.67, 33.33)
    assert list(shares) == [LAB, CON], "the best first"


def test_a_party_with_one_candidate_of_three_is_not_a_third_of_itself():
    candidacies = (*a_contest("north", parties=[LAB], each=3).candidacies, a_candidacy("north", GRN))
    contest = a_contest("north", seats_up=3, candidacies=candidacies)
    shares = shares_of(contest, {"north-LAB-1": 500, "north-LAB-2": 500, "north-LAB-3": 500, "north-GRN-1": 500})
    assert shares[GRN].top_vote_share == shares[GRN].average_share == 50.0


def test_labour_and_co_operative_candidates_count_with_labours():
    candidacies = (a_candidacy("north", LAB), a_candidacy("north", "joint-party:53-119", 2), a_candidacy("north", IND))
    contest = a_contest("north", seats_up=2, candidacies=candidacies)
    shares = shares_of(contest, {"north-LAB-1": 30, "north-LAB-2": 30, "north-IND-1": 70})
    assert (shares[LAB].candidates, shares[LAB].top_vote_share, shares[IND].top_vote_share) == (2, 30.0, 70.0)


def test_there_is_no_share_of_no_votes():
    contest = a_contest("north", seats_up=2, each=1)
    assert shares_of(contest, {"north-LAB-1": 0, "north-CON-1": 0}) == {}
    assert vote_shares(()) == ()


# Turnout --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("electorate", "ballots", "announced", "expected"),
    [
        (5000, 2000, None, Turnout(40.0, counted=True)),
        (5000, 2000, 39.0, Turnout(40.0, counted=True)),
        (5000, 0, None, Turnout(0.0, counted=True)),
        (5000, None, 39.0, Turnout(39.0, counted=False)),
        (None, 2000, 39.0, Turnout(39.0, counted=False)),
        (None, 2000, None, None),
        (0, 2000, None, None),
        (5000, None, None, None),
    ],
)
def test_turnout_is_counted_from_papers_or_announced_or_unknown(electorate, ballots, announced, expected):
    contest = a_contest("north", electorate=electorate)
    declaration = a_ward(contest, LAB, ballots=ballots, turnout=announced)
    assert turnout(contest, declaration) == expected
    assert result_of(contest, declaration).turnout == expected


def test_whoever_stands_since_the_nominations_were_mended_has_no_votes_in_what_was_declared_before():
    contest = a_contest("north", parties=(LAB, CON, GRN))
    result = result_of(contest, WardDeclaration(NORTH, votes={"north-LAB-1": 9, "north-CON-1": 4}))
    assert [(it.candidacy.party_id, it.votes, it.elected) for it in result.candidates] == [
        (LAB, 9, True),
        (CON, 4, False),
        (GRN, None, False),
    ]
