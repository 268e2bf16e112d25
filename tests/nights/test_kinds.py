"""Kinds of contests on real nights, in small: by-elections, first preferences, offices, collections, polls put off."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from app.domain.catalogue import alterations
from app.domain.checks import hard_findings
from app.domain.contest import ContestResult, ContestState
from app.domain.control import Majority, NoOverallControl, Undecided
from app.domain.council import CouncilState
from app.domain.declarations import Correction, Declaration, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Cancellation, Contest, Council, Cycle, Party, VotingSystem
from app.domain.holders import Outcome
from app.domain.night import Night
from app.domain.proposal import Proposal
from app.domain.scoreboard import Tally
from app.domain.soft_checks import soft_findings
from app.wording.catalogue import altered
from app.wording.contest import contest_badge, contest_line, contest_status, gains
from app.wording.ticker import ticker_text
from tests.builders import CON, GRN, LAB, LD, PARTIES, a_contest, a_council, a_ward, an_election, an_entry

OTHERS = "local:others"
WITH_OTHERS = {**PARTIES, OTHERS: Party(OTHERS, "Others", "OTH", "#999999", umbrella=True)}
JUNE = datetime(2023, 6, 15, 23, 30, tzinfo=UTC)


def night_of(*councils: Council, **fields: object) -> Night:
    return Night.before_first(an_election(*councils, **fields))


def declared(night: Night, *declarations: Declaration, **fields: object) -> Night:
    return night.fold(an_entry(night.seq + n, it, **fields) for n, it in enumerate(declarations, start=1))


def codes(night: Night, declaration: Declaration, **fields: object) -> list[str]:
    """Of everything that its checks find, besides that control changes."""
    entry = an_entry(night.seq + 1, declaration, **fields)
    hard = hard_findings(night, entry)
    soft = [] if hard else soft_findings(Proposal(night, entry, night.apply(entry)[1]))
    return [finding.code for finding in (*hard, *soft) if finding.code != "W07"]


def told(night: Night) -> list[str]:
    """The ticker, newest first; what holds no more is left out."""
    lines = (line for line in night.tickers["bbc"] if line.withdrawn_by is None)
    return [ticker_text(night.election, line) for line in lines]


def only(state: CouncilState) -> ContestResult:
    return next(iter(state.contests.values()))


# By-elections


def by_election(council_id: str, *, holder: str, **fields: object) -> Contest:
    return a_contest("dale", council_id=council_id, by=True, parties=(LD, CON, LAB), holder=(holder,), **fields)


def test_by_elections_stand_apart_from_the_councils_and_seats_of_the_night():
    """Sixty-eight of them were held on 2 May 2024 beside the elections of 107 councils."""
    apart = [
        a_council(by_election(f"shire{n}", holder=CON), council_id=f"shire{n}", total_seats=40, cycle=Cycle.BY)
        for n in range(4)
    ]
    north = a_contest("north")
    night = night_of(a_council(north), *apart)
    assert night.progress.councils_total == 1
    assert night.progress_apart.contests_total == 4
    night = declared(night, a_ward(north, LAB), *(a_ward(council.contests[0], LD) for council in apart))
    assert set(night.scoreboards["bbc"].rows) == {LAB, CON}, "of the one council: Labour gain it from the Conservatives"
    assert night.scoreboards_apart["bbc"].rows == {
        LD: Tally(seats=4, seats_change=4, seats_compared=4),
        CON: Tally(seats_change=-4),
    }
    assert night.scoreboards_apart["bbc"].compared_seats == 4


def test_of_a_council_that_is_not_on_file_a_by_election_decides_nothing():
    dale = by_election("shire", holder=CON)
    night = declared(night_of(a_council(dale, council_id="shire", total_seats=40, cycle=Cycle.BY)), a_ward(dale, LD))
    assert night.councils["shire"].control == Undecided({})
    assert told(night) == ["LD gain Dale by-election from CON"], "and nothing of control"


def test_a_by_election_decides_control_like_any_other_contest():
    dale = by_election("shire", holder=CON)
    council = a_council(dale, council_id="shire", continuing={LD: 20, CON: 20}, eve="NOC", cycle=Cycle.BY)
    night = declared(night_of(council), a_ward(dale, LD))
    assert night.councils["shire"].control == Majority(LD)
    assert told(night) == ["LD gain Shire from NOC", "LD gain Dale by-election from CON"]
    assert night.scoreboards["bbc"].rows == {}
    assert night.scoreboards_apart["bbc"].rows[LD].councils_change == 1


def test_castle_point_st_georges_2016_two_polls_in_one_ward_are_told_apart():
    ordinary = a_contest("st-georges", name="St George’s")
    second = a_contest("st-georges", name="St George’s", by=True)
    night = declared(night_of(a_council(ordinary, second)), a_ward(ordinary, LAB), a_ward(second, CON))
    results = night.councils["testshire"].contests.values()
    lines = [contest_line(night.election, result_council(night), result) for result in results]
    assert [line.split(" (")[0] for line in lines] == ["St George’s", "St George’s by-election"]
    assert night.scoreboards["bbc"].rows[LAB].seats == 1
    found = hard_findings(night, an_entry(3, a_ward(second, votes={})))
    assert all("St George’s by-election" in finding.values.get("ward", "St George’s by-election") for finding in found)


def result_council(night: Night) -> Council:
    return night.election.councils["testshire"]


# Who holds a ward


def test_a_ward_of_one_seat_is_gained_or_held_and_several_seats_are_counted():
    one = a_contest("one", parties=(LAB, CON), holder=(CON,))
    three = a_contest("three", seats_up=3, parties=(LAB, CON), holder=(CON, CON, LAB))
    unknown = a_contest("unknown", parties=(LAB, CON))
    night = declared(
        night_of(a_council(one, three, unknown)), a_ward(one, LAB), a_ward(three, LAB), a_ward(unknown, LAB)
    )
    first, second, third = night.councils["testshire"].contests.values()
    assert (contest_badge(night.election, first), first.outcome) == ("LAB gain from CON", Outcome.GAIN)
    assert second.gained == {LAB: 2, CON: -2}
    assert gains(night.election, second) == "LAB +2, CON −2"
    assert (second.outcome, third.gained, third.outcome) == (None, None, None), "never guessed"
    assert "LAB gain One from CON" not in told(night), "of a council of several seats a ward, wards make no lines"


def test_a_seat_that_changes_hands_in_a_parliament_is_told_and_taken_back():
    ashfield, other = (a_contest(ward, parties=(LAB, CON), holder=(CON,)) for ward in ("ashfield", "other"))
    night = declared(
        night_of(a_council(ashfield, other, continuing={CON: 3})), a_ward(ashfield, LAB), a_ward(other, CON)
    )
    assert [line for line in told(night) if "Testshire" not in line] == ["LAB gain Ashfield from CON"], (
        "no hold is told"
    )
    night = declared(night, Correction(1, "Two bundles were exchanged.", a_ward(ashfield, CON)))
    assert told(night)[0] == "Correction, Ashfield (Testshire): Two bundles were exchanged."
    assert not any("gain Ashfield" in line for line in told(night)), "it is withdrawn"


# First preferences


def clarkton(**fields: object) -> Contest:
    return a_contest(
        "clarkton",
        seats_up=3,
        parties=(CON, LAB, LD, GRN),
        each=1,
        voting_system=VotingSystem.STV,
        electorate=14_000,
        **fields,
    )


def preferences(contest: Contest, *numbers: int) -> Mapping[str, int]:
    return dict(zip(contest.candidacies_by_id, numbers, strict=True))


def test_scotland_2022_who_is_named_is_elected_though_behind_a_loser_on_first_preferences():
    """So it was in 101 of 340 wards."""
    ward = clarkton()
    names = list(ward.candidacies_by_id)
    votes = preferences(ward, 1500, 1400, 900, 700)
    night = night_of(a_council(ward))
    named = a_ward(ward, votes=votes, elected=(names[0], names[1], names[3]))
    assert codes(night, named) == []
    night = declared(night, named)
    result = only(night.councils["testshire"])
    assert result.seats == {CON: 1, LAB: 1, GRN: 1}
    assert [candidate.elected for candidate in result.candidates] == [True, True, False, True], "by first preferences"
    assert [round(share.top_vote_share, 1) for share in result.shares] == [33.3, 31.1, 20.0, 15.6]
    assert "Votes are first preferences" in contest_line(night.election, result_council(night), result)


def test_first_preferences_alone_elect_nobody():
    ward = clarkton()
    alone = a_ward(ward, votes=preferences(ward, 900, 800, 700, 600))
    assert codes(night_of(a_council(ward)), alone) == ["F07"]
    result = only(declared(night_of(a_council(ward)), alone).councils["testshire"])
    assert not result.elected, "not even where a log has it"


def test_first_preferences_are_not_asked_about_ties_round_numbers_or_running_mates():
    ward = a_contest("clarkton", seats_up=2, parties=(LAB, CON), voting_system=VotingSystem.STV)
    names = tuple(ward.candidacies_by_id)
    votes = preferences(ward, 1000, 100, 1000, 100)
    assert codes(night_of(a_council(ward)), a_ward(ward, votes=votes, elected=names[:2])) == []


def test_a_paper_has_one_first_preference_however_many_seats_are_up():
    ward = clarkton()
    votes = preferences(ward, 500, 300, 150, 51)
    named = a_ward(ward, votes=votes, elected=tuple(ward.candidacies_by_id)[:3], ballots=1000)
    assert codes(night_of(a_council(ward)), named) == ["F05"]


# Collections, offices, closing time


def test_tandridge_2025_a_collection_of_others_never_controls():
    """24 of its 43 seats are “others” in the published source."""
    north = a_contest("north", parties=(CON, LD))
    council = a_council(north, continuing={OTHERS: 24, LD: 10, CON: 8}, eve="NOC")
    night = night_of(council, parties=WITH_OTHERS)
    state = night.councils["testshire"]
    assert state.control == NoOverallControl()
    assert state.largest == (LD,)
    assert state.seats[OTHERS] == 24
    night = declared(night, a_ward(north, CON))
    assert night.councils["testshire"].control == NoOverallControl()
    assert OTHERS not in night.scoreboards["bbc"].rows or not night.scoreboards["bbc"].rows[OTHERS].councils


def test_a_mayor_is_one_seat_that_is_gained_or_held():
    mayor = a_contest("mayor", parties=(LAB, CON), holder=(CON,))
    night = declared(night_of(a_council(mayor, cycle=Cycle.SINGLE, eve=CON)), a_ward(mayor, LAB))
    state = night.councils["testshire"]
    assert state.control == Majority(LAB)
    assert state.majority_over_others is None, "an office has no majority"
    assert told(night) == ["LAB gain Testshire from CON"], "told once"


def test_city_of_london_polls_close_at_eight():
    ward = a_contest("aldgate")
    at_nine = datetime(2023, 5, 4, 20, 0, tzinfo=UTC)
    assert codes(night_of(a_council(ward)), a_ward(ward, LAB), at=at_nine) == ["W09"]
    assert codes(night_of(a_council(ward), polls_close=time(20)), a_ward(ward, LAB), at=at_nine) == []


# Polls that are put off


def test_a_postponed_poll_leaves_its_seats_vacant_as_a_countermanded_one_does():
    put_off = a_contest("put-off", cancelled=Cancellation.POSTPONED)
    north = a_contest("north")
    night = night_of(a_council(put_off, north))
    state = night.councils["testshire"]
    assert state.contests[put_off.ballot_id].state is ContestState.POSTPONED
    assert (state.vacant, state.seats_to_come) == (1, 1)
    assert codes(night, a_ward(put_off, LAB)) == ["F01"]
    night = declared(night, StatusDeclaration(StatusValue.POSTPONED, ballot_id=north.ballot_id))
    assert (night.councils["testshire"].vacant, night.councils["testshire"].seats_to_come) == (2, 0)
    assert status(night, north) == "Poll postponed: the seat is vacant until a later poll"


def status(night: Night, contest: Contest) -> str:
    return contest_status(night.election, night.result(contest.ballot_id))


def test_coventry_radford_2024_voted_in_june_and_nothing_is_withdrawn_for_it():
    radford, north = a_contest("radford"), a_contest("north")
    countermanded = StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=radford.ballot_id)
    night = declared(night_of(a_council(radford, north)), a_ward(north, LAB), countermanded)
    assert status(night, radford) == "Poll countermanded: the seat is vacant until a later poll"
    assert codes(night, a_ward(radford, LAB)) == ["F01"]
    assert "W09" not in codes(night, a_ward(radford, LAB), at=JUNE)
    assert "F01" not in codes(night, a_ward(radford, LAB), at=JUNE)
    night = declared(night, a_ward(radford, LAB), at=JUNE)
    assert night.councils["testshire"].vacant == 0
    assert status(night, radford).endswith(", at a later poll; that of 4 May 2023 was countermanded")


def test_higham_ferrers_2025_countermanded_in_the_nominations_voted_in_june():
    higham = a_contest("higham-ferrers", seats_up=2, cancelled=Cancellation.CANDIDATE_DEATH)
    night = night_of(a_council(higham))
    assert codes(night, a_ward(higham, LAB)) == ["F01"]
    counting = StatusDeclaration(StatusValue.COUNTING, ballot_id=higham.ballot_id)
    assert codes(night, counting) == ["F01"]
    night = declared(night, counting, at=JUNE)
    assert night.result(higham.ballot_id).to_come == 2, "counted at last"
    night = declared(night, a_ward(higham, LAB), at=JUNE)
    later = "that of 4 May 2023 was countermanded after the death of a candidate"
    assert status(night, higham).endswith(f", at a later poll; {later}")


@pytest.mark.parametrize("taking_back", [Withdrawal(1, "Another ward."), Withdrawal(None, "A rehearsal.", since=0)])
def test_a_status_that_was_a_slip_makes_no_later_poll(taking_back: Withdrawal):
    north = a_contest("north")
    slip = StatusDeclaration(StatusValue.POSTPONED, ballot_id=north.ballot_id)
    about = {"council_id": "testshire", "ballot_id": north.ballot_id} if taking_back.since is None else {}
    night = declared(night_of(a_council(north)), slip).fold([an_entry(2, taking_back, **about)])
    assert "later poll" not in status(declared(night, a_ward(north, LAB)), north)


def test_a_change_of_what_kind_a_contest_is_can_be_kept_and_told():
    north = a_contest("north", holder=(CON,))
    changed = replace(
        north, holder=(LAB,), voting_system=VotingSystem.STV, label="first poll", expected_at=JUNE, cancelled=None
    )
    old = an_election(a_council(north), parties=WITH_OTHERS)
    new = an_election(a_council(changed, created=1974), parties=WITH_OTHERS, polls_close=time(20))
    found = alterations(old, new)
    json.dumps([(it.field, it.before, it.after) for it in found])
    told = [altered(new, it) for it in found]
    assert "Test elections 2023: polls close 22:00 → 20:00" in told
    assert "North first poll (Testshire): won last time by CON → LAB" in told
    assert "North first poll (Testshire): voting system plurality → stv" in told
