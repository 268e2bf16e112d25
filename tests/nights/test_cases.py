"""Real cases from other nights than Kent's, in small: what happened there, and what has to come out."""

from app.api.values import contest_view, council_view
from app.domain.contest import ContestState
from app.domain.control import Majority, NoOverallControl, Undecided
from app.domain.declarations import Correction, StatusDeclaration, StatusValue
from app.domain.election import Cancellation
from app.domain.night import Night
from app.wording.control import badge, flash_of
from app.wording.ticker import ticker_text
from tests.builders import CON, CONVENTIONS, IND, LAB, LD, SHORTS, a_contest, a_council, a_ward, an_election, an_entry


def test_east_lindsey_2023_thirteen_of_fifty_five_seats_are_decided_before_the_first_vote():
    uncontested = [
        a_contest(f"safe-{number}", parties=[CON], cancelled=Cancellation.EQUAL_CANDIDATES) for number in range(13)
    ]
    contested = [a_contest(f"ward-{number}") for number in range(42)]
    election = an_election(a_council(*uncontested, *contested))
    state = Night.before_first(election).councils["testshire"]
    assert (state.declared_seats, state.seats_to_come, state.contests_declared) == (13, 42, 13)
    assert state.seats == {CON: 13}
    decided = state.contests[uncontested[0].ballot_id]
    assert decided.state is ContestState.UNOPPOSED
    assert [candidate.votes for candidate in decided.candidates] == [None], "never 0 votes"
    assert all(candidate.elected for candidate in decided.candidates)


def test_a_council_that_nominations_decide_is_certain_before_the_first_entry():
    safe = a_contest("safe", seats_up=2, parties=[CON], cancelled=Cancellation.EQUAL_CANDIDATES)
    election = an_election(a_council(safe, a_contest("open")))
    state = Night.before_first(election).councils["testshire"]
    assert state.control == Majority(CON)
    assert state.since.seq == 0
    assert council_view(SHORTS, state, CONVENTIONS["bbc"])["badge"] == "CON hold"


def test_fewer_candidates_than_seats_leave_the_rest_vacant():
    short = a_contest("short", seats_up=3, parties=[CON], each=2, cancelled=Cancellation.UNDER_CONTESTED)
    empty = a_contest("empty", seats_up=1, candidacies=(), cancelled=Cancellation.NO_CANDIDATES)
    state = Night.before_first(an_election(a_council(short, empty))).councils["testshire"]
    assert (dict(state.seats), state.vacant, state.seats_to_come) == ({CON: 2}, 2, 0)
    assert state.contests[empty.ballot_id].state is ContestState.NO_CANDIDATES


def test_higham_ferrers_2025_a_poll_countermanded_by_a_death_leaves_its_seats_vacant():
    countermanded = a_contest("higham-ferrers", seats_up=2, cancelled=Cancellation.CANDIDATE_DEATH)
    north = a_contest("north", seats_up=3)
    election = an_election(a_council(countermanded, north))
    night = Night.before_first(election).fold([an_entry(1, a_ward(north, LAB))])
    state = night.councils["testshire"]
    assert (state.council.total_seats, state.vacant, state.seats_to_come) == (5, 2, 0)
    assert state.control == Majority(LAB), "3 of 5: the vacant seats count in the total"
    view = contest_view(night.election, night.result(countermanded.ballot_id))
    assert view["state"] == "countermanded"
    assert {candidate["votes"] for candidate in view["candidates"]} == {None}, "not 0 votes"
    assert {candidate["elected"] for candidate in view["candidates"]} == {None}, "nor not elected"


def test_coventry_radford_2024_a_poll_countermanded_on_the_night_is_out_of_reach():
    radford, north = a_contest("radford"), a_contest("north")
    election = an_election(a_council(radford, north, continuing={LAB: 2, CON: 2}))
    night = Night.before_first(election).fold([an_entry(1, a_ward(north, LAB))])
    assert isinstance(night.councils["testshire"].control, Undecided), "Labour can still win the fourth of 6"
    countermanded = StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=radford.ballot_id)
    night, change = night.apply(an_entry(2, countermanded))
    state = night.councils["testshire"]
    assert state.control == NoOverallControl()
    assert (state.vacant, state.seats_to_come, state.contests_declared) == (1, 0, 2)
    assert flash_of(SHORTS, change, "bbc") == "CON lose Testshire to NOC"


def test_maidstone_north_2022_two_hundred_votes_in_the_wrong_bundle_are_moved_after_the_announcement():
    north = a_contest("north", seats_up=1, parties=[CON, LD])
    election = an_election(a_council(north, continuing={CON: 1, LD: 1}, eve=CON))
    conservative, liberal = (candidacy.candidacy_id for candidacy in north.candidacies)
    announced = a_ward(north, votes={conservative: 900, liberal: 800})
    night, change = Night.before_first(election).apply(an_entry(1, announced))
    assert flash_of(SHORTS, change, "bbc") == "CON hold Testshire"
    corrected = a_ward(north, votes={conservative: 700, liberal: 1000})
    correction = Correction(1, "200 votes were in the wrong bundle", corrected)
    night, change = night.apply(an_entry(2, correction, ballot_id=north.ballot_id))
    state = night.councils["testshire"]
    assert [candidate.candidacy.candidacy_id for candidate in state.contests[north.ballot_id].elected] == [liberal]
    assert state.seats == {LD: 2, CON: 1}
    assert flash_of(SHORTS, change, "bbc") == "LD gain Testshire from CON"
    view = contest_view(night.election, night.result(north.ballot_id))
    assert view["history"][0]["before"]["votes"] == {conservative: 900, liberal: 800}
    assert view["history"][0]["after"]["votes"] == {conservative: 700, liberal: 1000}
    told = [ticker_text(night.election, line) for line in night.tickers["bbc"]]
    assert "Correction, North (Testshire): 200 votes were in the wrong bundle" in told


def test_gravesham_exactly_half_of_the_seats_is_not_control():
    contests = [a_contest(f"ward-{number}", parties=[LAB, CON]) for number in range(2)]
    election = an_election(a_council(*contests, continuing={LAB: 21, CON: 21}))
    log = [an_entry(1, a_ward(contests[0], LAB)), an_entry(2, a_ward(contests[1], CON))]
    state = Night.before_first(election).fold(log).councils["testshire"]
    assert state.seats == {CON: 22, LAB: 22}
    assert state.control == NoOverallControl()
    assert set(state.largest) == {CON, LAB}


def test_independents_are_one_group_and_can_hold_a_council():
    ward = a_contest("north", seats_up=2, parties=[IND, CON])
    election = an_election(a_council(ward, continuing={CON: 1}))
    state = Night.before_first(election).fold([an_entry(1, a_ward(ward, IND))]).councils["testshire"]
    assert state.control == Majority(IND)
    assert badge(SHORTS, state.comparisons["bbc"]) == "IND gain from CON"
