"""What is derived from the figures of contests: margin, turnout and share of several, since when (rules 20 and 21)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checks import hard_findings
from app.domain.contest import ContestResult
from app.domain.declarations import Correction, WardDeclaration, Withdrawal
from app.domain.election import Cancellation, ControlSpell, VotingSystem
from app.domain.figures import NO_VOTES, Covers, FirstSince, Reckoning, first_since, margin, vote_sums
from app.domain.night import Night
from tests.builders import CON, GRN, LAB, a_contest, a_council, a_ward, an_election, an_entry
from tests.domain.nights import contests, elections, results, statements

TWO_SEATS = a_contest("north", seats_up=2)


def declared(contest, declaration):
    election = an_election(a_council(contest))
    night = Night.before_first(election).fold([an_entry(1, declaration, election)])
    return night.result(contest.ballot_id)


def of_two_seats(*votes: int, elected=None) -> ContestResult:
    by_candidacy = dict(zip(TWO_SEATS.candidacies_by_id, votes, strict=True))
    return declared(TWO_SEATS, a_ward(TWO_SEATS, votes=by_candidacy, elected=elected))


# margin


def test_a_margin_is_between_the_last_winner_and_the_best_loser():
    assert margin(of_two_seats(900, 700, 640, 100)) == 60


def test_a_lot_leaves_no_margin():
    assert margin(of_two_seats(900, 700, 700, 100, elected=("north-LAB-1", "north-CON-1"))) == 0


def test_winners_who_are_level_have_their_margin_over_the_rest():
    assert margin(of_two_seats(700, 700, 640, 100)) == 60


def test_without_votes_there_is_no_margin():
    assert margin(declared(TWO_SEATS, a_ward(TWO_SEATS, seats={LAB: 2}))) is None
    assert margin(Night.before_first(an_election()).result("local.testshire.north.2023-05-04")) is None


def test_where_nobody_is_known_to_stand_there_is_no_margin():
    contest = a_contest("north", candidacies=())
    assert margin(declared(contest, WardDeclaration(contest.ballot_id, seats={LAB: 1}))) is None


def test_whoever_is_elected_unopposed_has_no_margin():
    contest = a_contest("north", parties=[LAB], cancelled=Cancellation.EQUAL_CANDIDATES)
    assert margin(Night.before_first(an_election(a_council(contest))).result(contest.ballot_id)) is None


def test_where_everybody_won_there_is_no_margin():
    contest = a_contest("north", seats_up=2, each=1)
    assert margin(declared(contest, a_ward(contest, votes={"north-LAB-1": 9, "north-CON-1": 7}))) is None


def test_a_margin_takes_the_votes_of_everybody():
    result = of_two_seats(900, 700, 640, 100)
    missing = replace(result, candidates=(*result.candidates[:3], replace(result.candidates[3], votes=None)))
    assert margin(missing) is None


def test_votes_that_do_not_say_who_won_have_no_margin():
    result = of_two_seats(900, 700, 640, 100)
    first, *others = result.candidates
    behind = replace(result, candidates=(replace(first, elected=False), *others))
    assert margin(behind) is None


@given(st.data())
def test_a_margin_is_never_negative_and_nothing_only_by_lot(data):
    result = _result(data)
    between = margin(result)
    assert between is None or (between >= 0 and not result.contest.is_stv)
    assert (between == 0) is result.has_lot


# turnout and share


def with_papers(ward, ballots, votes, *, electorate=5000):
    contest = a_contest(ward, electorate=electorate)
    return contest, a_ward(contest, votes={f"{ward}-LAB-1": votes[0], f"{ward}-CON-1": votes[1]}, ballots=ballots)


def sums_of(*wards, more=()):
    election = an_election(a_council(*(contest for contest, _ in wards), *more))
    log = [an_entry(seq, declaration, election) for seq, (_, declaration) in enumerate(wards, start=1)]
    return Night.before_first(election).fold(log).votes


def test_first_preferences_have_shares_and_no_margin():
    """Rule 18: 700 + 100 for Labour, which is not its best candidate alone, and who is elected may stand behind."""
    contest = replace(TWO_SEATS, voting_system=VotingSystem.STV)
    votes = {"north-LAB-1": 700, "north-LAB-2": 100, "north-CON-1": 150, "north-CON-2": 50}
    result = declared(contest, a_ward(contest, votes=votes, elected=("north-LAB-1", "north-LAB-2")))
    assert margin(result) is None
    assert vote_sums([result]).share == {LAB: 80.0, CON: 20.0}


def test_turnout_is_all_papers_by_all_electors_where_both_are_known():
    sums = sums_of(
        with_papers("north", 1000, (600, 400)),
        with_papers("south", 500, (300, 200), electorate=1000),
        with_papers("east", None, (300, 200)),
        with_papers("west", 900, (500, 400), electorate=None),
    )
    assert sums.turnout is not None
    assert (sums.turnout.percentage, sums.turnout.counted) == (25.0, True)
    assert sums.turnout_covers == Covers(2, of=4)


def test_a_turnout_that_was_only_announced_is_in_no_sum():
    contest = a_contest("north")
    sums = sums_of((contest, a_ward(contest, LAB, turnout=31.0)))
    assert (sums.turnout, sums.turnout_covers) == (None, Covers(0, of=1))


def test_share_is_each_partys_figure_by_all_of_them():
    sums = sums_of(with_papers("north", 1000, (600, 400)), with_papers("south", 500, (150, 350)))
    assert sums.share == {LAB: 50.0, CON: 50.0}
    assert sums.share_covers == Covers(2, of=2)


def test_a_party_with_two_candidates_is_counted_by_its_best():
    """Rule 9: 600 for Labour and 200 for the Greens, who had one candidate."""
    contest = a_contest("north", seats_up=2, each=2, parties=[LAB, GRN])
    votes = {"north-LAB-1": 600, "north-LAB-2": 590, "north-GRN-1": 200, "north-GRN-2": 10}
    assert sums_of((contest, a_ward(contest, votes=votes))).share == {LAB: 75.0, GRN: 25.0}


def test_unopposed_wards_have_no_share():
    unopposed = a_contest("west", parties=[GRN], cancelled=Cancellation.EQUAL_CANDIDATES)
    sums = sums_of(with_papers("north", 1000, (600, 400)), more=(unopposed,))
    assert sums.share == {LAB: 60.0, CON: 40.0}
    assert sums.share_covers == Covers(1, of=2)


def test_of_nothing_there_is_neither_turnout_nor_share():
    assert (NO_VOTES.turnout, NO_VOTES.share) == (None, None)
    contest = a_contest("north", candidacies=())
    sums = sums_of((contest, WardDeclaration(contest.ballot_id, seats={LAB: 1})))
    assert (sums.turnout, sums.share, sums.share_covers) == (None, None, Covers(0, of=1))


@given(st.data())
def test_the_sums_of_the_night_are_those_of_its_contests_after_every_entry(data):
    election = data.draw(elections())
    for night in _nights(data, election):
        states = (state for state in night.councils.values() if not state.council.stands_apart)
        every = [result for state in states for result in state.contests.values()]
        assert night.votes == vote_sums(every)


@given(st.data())
def test_shares_are_parts_of_all_and_a_turnout_lies_between_those_of_its_contests(data):
    election = data.draw(elections())
    night = _night_of(election, data)
    for sums in (night.votes, *(state.votes for state in night.councils.values())):
        assert sums.share is None or sum(sums.share.values()) == pytest.approx(100)
        assert 0 <= sums.share_covers.contests <= sums.share_covers.of
        assert 0 <= sums.turnout_covers.contests <= sums.turnout_covers.of
    for state in night.councils.values():
        counted = [it.turnout.percentage for it in state.contests.values() if it.turnout and it.turnout.counted]
        whole = state.votes.turnout
        assert (whole is None) is (not counted)
        if whole is not None:
            assert min(counted) - 1e-9 <= whole.percentage <= max(counted) + 1e-9


@given(st.data())
def test_the_share_of_one_contest_is_its_share_by_top_vote(data):
    result = _result(data)
    told = {share.group: share.top_vote_share for share in result.shares if share.votes}
    assert (vote_sums([result]).share or {}) == pytest.approx(told)


# since when

HISTORY = (ControlSpell("1998-04-01", "NOC"), ControlSpell("2003-05-01", LAB), ControlSpell("2007-05-03", CON))


@pytest.mark.parametrize(
    ("control", "created", "told"),
    [
        (LAB, None, FirstSince(LAB, 2007, Reckoning.SINCE)),
        ("NOC", 1998, FirstSince("NOC", 2003, Reckoning.SINCE)),
        (GRN, None, FirstSince(GRN, 1998, Reckoning.AT_LEAST)),
        (GRN, 1974, FirstSince(GRN, 1998, Reckoning.AT_LEAST)),
        (GRN, 1998, FirstSince(GRN, 1998, Reckoning.EVER)),
        (CON, 1998, None),
        (None, 1998, None),
    ],
)
def test_since_when_is_said_as_far_as_the_history_knows(control, created, told):
    assert first_since(HISTORY, created, control) == told


def test_the_latest_of_several_spells_is_the_one_that_counts():
    history = (*HISTORY, ControlSpell("2011-05-05", LAB), ControlSpell("2015-05-07", CON))
    assert first_since(history, None, LAB) == FirstSince(LAB, 2015, Reckoning.SINCE)


def test_without_a_history_nothing_is_said():
    assert first_since((), 1998, LAB) is None


def test_a_council_says_it_of_who_controls_it_now():
    contest = a_contest("north")
    election = an_election(a_council(contest, history=HISTORY, created=1998))
    night = Night.before_first(election)
    assert night.councils["testshire"].first_since is None
    night = night.fold([an_entry(1, a_ward(contest, LAB), election)])
    assert night.councils["testshire"].first_since == FirstSince(LAB, 2007, Reckoning.SINCE)


def _result(data):
    """One contest, declared unless it cannot be."""
    contest = data.draw(contests("north", "testshire"))
    election = an_election(a_council(contest))
    entry = an_entry(1, data.draw(results(contest, election)), election)
    return Night.before_first(election).fold([entry]).result(contest.ballot_id)


def _nights(data, election):
    """A night after every entry of a log with corrections and withdrawals."""
    night = Night.before_first(election)
    yield night
    made = data.draw(statements(election, with_tallies=True))
    log = [
        an_entry(seq, it.content, election, council_id=it.council_id, ballot_id=it.ballot_id)
        for seq, it in enumerate(made, start=1)
    ]
    for entry in list(log):
        what = data.draw(st.sampled_from(["stands", "corrected", "withdrawn"]))
        if what == "stands":
            continue
        declaration = Withdrawal(entry.seq, "A slip.")
        if what == "corrected":
            declaration = Correction(entry.seq, "A slip.", entry.content)
        log.append(an_entry(len(log) + 1, declaration, council_id=entry.council_id, ballot_id=entry.ballot_id))
    for entry in log:
        if not hard_findings(night, entry):
            night, _ = night.apply(entry)
            yield night


def _night_of(election, data):
    *_, night = _nights(data, election)
    return night
