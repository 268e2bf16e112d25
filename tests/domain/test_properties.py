"""What holds on every night, whatever is declared in whatever order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.checks import hard_findings
from app.domain.contest import DECIDED, ContestState
from app.domain.council import CouncilState, council_state, result_of
from app.domain.declarations import (
    Content,
    Correction,
    Declaration,
    Entry,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.holders import Outcome
from app.domain.night import Night, Progress
from app.domain.scoreboard import NO_HANDS, NO_TALLY, Scoreboard, hands
from app.domain.superseding import refuse_superseded
from tests.builders import an_entry
from tests.counts import count
from tests.domain.nights import Statement, elections, results, statements, tallies


def entries(election: Election, made: Sequence[Statement], *, first: int = 1) -> list[Entry]:
    return [
        an_entry(seq, it.content, election, council_id=it.council_id, ballot_id=it.ballot_id)
        for seq, it in enumerate(made, start=first)
    ]


def shown(night: Night) -> dict[str, Any]:
    """Everything a night shows, without what remembers the order of the log."""
    return {
        "councils": {
            council_id: (
                state.count,
                state.control,
                state.comparisons,
                state.tally_disagrees,
                {ballot_id: (it.state, it.seats, it.vacant, it.candidates) for ballot_id, it in state.contests.items()},
            )
            for council_id, state in night.councils.items()
        },
        "scoreboards": {
            key: {group: tally for group, tally in board.rows.items() if tally != NO_TALLY}
            for key, board in night.scoreboards.items()
        },
        "progress": night.progress,
    }


def assert_identity(night: Night) -> None:
    for state in night.councils.values():
        assert state.declared_seats >= 0
        assert state.seats_to_come >= 0
        assert state.vacant >= 0
        total = state.continuing + state.declared_seats + state.seats_to_come + state.vacant
        assert total == state.council.total_seats
        for result in state.contests.values():
            assert sum(result.seats.values()) + result.vacant + result.to_come == result.contest.seats_up
            assert result.is_decided is (result.state in DECIDED)


@given(st.data())
def test_continuing_declared_to_come_and_vacant_are_all_the_seats_always(data: st.DataObject) -> None:
    """Rule 1."""
    election = data.draw(elections())
    night = Night.before_first(election)
    assert_identity(night)
    for entry in entries(election, data.draw(statements(election, with_tallies=True))):
        if not hard_findings(night, entry):
            night, _ = night.apply(entry)
            assert_identity(night)


@given(st.data())
def test_once_certain_no_later_declaration_changes_control(data: st.DataObject) -> None:
    """Rule 4, for declarations of contests in any order."""
    election = data.draw(elections())
    night = Night.before_first(election)
    for entry in entries(election, data.draw(statements(election))):
        before = night
        night, _ = night.apply(entry)
        for council_id, state in before.councils.items():
            if state.is_certain:
                assert night.councils[council_id].control == state.control
                assert night.councils[council_id].since == state.since


@given(st.data())
def test_every_party_that_needs_seats_could_still_win_and_nobody_else(data: st.DataObject) -> None:
    """Rule 3, against the best night each party can have from here on."""
    election = data.draw(elections())
    night = Night.before_first(election).fold(entries(election, data.draw(statements(election))))
    for state in night.councils.values():
        for group in election.groups:
            best = state.seats.get(group, 0)
            for result in state.contests.values():
                if not result.is_decided:
                    known = result.contest.has_nominations
                    best += (
                        min(result.contest.seats_up, result.candidates_by_group.get(group, 0))
                        if known
                        else (result.contest.seats_up)
                    )
            if group in election.umbrellas:
                assert group not in (state.holder, *state.needs)
            elif not state.council.is_known_whole:
                assert not state.is_certain
            elif not state.is_certain:
                assert (group in state.needs) is (best >= state.majority)
            elif state.holder == NO_OVERALL_CONTROL:
                assert best < state.majority


@given(st.data())
def test_any_order_of_declarations_of_different_contests_gives_the_same_night(data: st.DataObject) -> None:
    election = data.draw(elections())
    made = data.draw(statements(election))
    reordered = data.draw(st.permutations(made))
    one = Night.before_first(election).fold(entries(election, made))
    other = Night.before_first(election).fold(entries(election, reordered))
    assert shown(one) == shown(other)


@given(st.data())
def test_folding_step_by_step_is_folding_afresh(data: st.DataObject) -> None:
    """The incremental fold holds nothing that the standing entries do not say."""
    election = data.draw(elections())
    night = Night.before_first(election).fold(entries(election, data.draw(statements(election, with_tallies=True))))
    for state in night.councils.values():
        afresh = council_state(election, state.council, state.record)
        assert replace(afresh, since=state.since, turns=state.turns) == state
        for ballot_id, result in state.contests.items():
            assert result == result_of(election, election.contest(ballot_id), state.record)


@given(st.data())
def test_correcting_is_as_if_the_first_had_never_been(data: st.DataObject) -> None:
    election = data.draw(elections())
    made = data.draw(statements(election))
    wards = [
        place for place, it in enumerate(made) if it.ballot_id and it.content.__class__.__name__ == "WardDeclaration"
    ]
    if not wards:
        return
    place = data.draw(st.sampled_from(wards))
    corrected = data.draw(results(election.contest(str(made[place].ballot_id)), election))
    night = Night.before_first(election).fold(entries(election, made))
    correction = _about(made[place], len(made) + 1, Correction(place + 1, "Two bundles were exchanged.", corrected))
    refuse_superseded(night, correction)
    instead = [replace(it, content=corrected) if n == place else it for n, it in enumerate(made)]
    assert shown(night.fold([correction])) == shown(Night.before_first(election).fold(entries(election, instead)))


@given(st.data())
def test_withdrawing_is_as_if_it_had_never_been_corrected_or_not(data: st.DataObject) -> None:
    election = data.draw(elections())
    made = data.draw(statements(election, with_tallies=True))
    if not made:
        return
    place = data.draw(st.integers(0, len(made) - 1))
    night = Night.before_first(election).fold(entries(election, made))
    last = place + 1
    seq = len(made)
    if data.draw(st.booleans()):
        seq += 1
        night = night.fold([_about(made[place], seq, Correction(last, "A slip.", made[place].content))])
        last = seq
    night = night.fold([_about(made[place], seq + 1, Withdrawal(last, "Announced too early."))])
    without = [it for n, it in enumerate(made) if n != place]
    assert shown(night) == shown(Night.before_first(election).fold(entries(election, without)))


@pytest.mark.promise(
    "The scoreboard is the sum of its councils, always",
    wanted="0 that differ",
    tried=f"{count('DECLARED_TORTURE_EXAMPLES'):,} generated nights, after every entry: 0 that differ",
)
@given(st.data())
def test_the_scoreboard_is_the_sum_of_the_councils_after_every_entry(data: st.DataObject) -> None:
    """Tallies below the continuing seats, corrections, withdrawals and statuses included."""
    election = data.draw(elections())
    night = Night.before_first(election)
    assert_sums(night)
    for entry in revised(data, election, entries(election, data.draw(statements(election, with_tallies=True)))):
        if not hard_findings(night, entry):
            night, _ = night.apply(entry)
            assert_sums(night)


def revised(data: st.DataObject, election: Election, made: Sequence[Entry]) -> list[Entry]:
    """``made``, and after it corrections and withdrawals of some of it."""
    log = list(made)
    for entry in made:
        match data.draw(st.sampled_from(["stands"] * 3 + ["corrected", "withdrawn"])):
            case "corrected":
                declaration: Declaration = Correction(entry.seq, "A slip.", _another(data, election, entry))
            case "withdrawn":
                declaration = Withdrawal(entry.seq, "Announced too early.")
            case _:
                continue
        log.append(an_entry(len(log) + 1, declaration, council_id=entry.council_id, ballot_id=entry.ballot_id))
    return log


def _another(data: st.DataObject, election: Election, entry: Entry) -> Content:
    """What else could have been declared in the place of ``entry``."""
    assert entry.council_id is not None
    assert entry.content is not None
    match entry.content:
        case WardDeclaration(ballot_id=ballot_id):
            return data.draw(results(election.contest(ballot_id), election))
        case TallyDeclaration(council_id=council_id):
            return data.draw(tallies(election.council(council_id)))
        case content:
            return content


def assert_sums(night: Night) -> None:
    """Every row of every scoreboard, and all of them together, against the councils."""
    for state in night.councils.values():
        assert sum(state.tonight.values()) == state.declared_seats
        assert all(0 < number <= state.seats[group] for group, number in state.tonight.items())
    ordinary, apart = (
        [state for state in night.councils.values() if state.council.stands_apart is stand] for stand in (False, True)
    )
    assert_sums_of(night, ordinary, night.scoreboards, night.progress)
    assert_sums_of(night, apart, night.scoreboards_apart, night.progress_apart)


def assert_sums_of(
    night: Night, states: Sequence[CouncilState], scoreboards: Mapping[str, Scoreboard], progress: Progress
) -> None:
    for key, board in scoreboards.items():
        known = [change for state in states for change in seat_changes(state, key)]
        assert board.compared_seats == len(known)
        for group in (*night.election.groups, NO_OVERALL_CONTROL):
            row = board.rows.get(group, NO_TALLY)
            assert row.councils == sum(state.holder == group for state in states)
            assert row.seats == sum(state.tonight.get(group, 0) for state in states)
            assert row.seats_change == sum(change.get(group, 0) for change in known)
        assert sum(row.seats for row in board.rows.values()) == sum(state.declared_seats for state in states)
        assert sum(row.councils_change for row in board.rows.values()) == 0, "what one gains another loses"
        held = hands(states, key)
        for group, row in board.rows.items():
            mine = held.get(group, NO_HANDS)
            assert row.councils_change == len(mine.gained) - len(mine.lost)
            assert len(mine.gained) + len(mine.held) <= row.councils
        gained, lost = ([one for mine in held.values() for one in getattr(mine, hand)] for hand in ("gained", "lost"))
        assert sorted(gained) == sorted(lost), "what one gains another loses"
    assert progress.contests_declared == sum(state.contests_declared for state in states)
    assert progress.councils_certain == sum(state.is_certain for state in states)


def seat_changes(state: CouncilState, convention: str) -> list[Mapping[str, int]]:
    """What is known of the seats of a council that changed hands; of by-elections, contest by contest."""
    changes = [state.comparisons[convention].change]
    if state.council.stands_apart:
        changes = [result.gained for result in state.contests.values()]
    return [change for change in changes if change is not None]


@given(st.data())
def test_what_is_won_and_was_held_differs_by_what_is_gained(data: st.DataObject) -> None:
    """Rule 17: never guessed, and never of a ward where nobody was elected."""
    election = data.draw(elections())
    night = Night.before_first(election).fold(entries(election, data.draw(statements(election))))
    for state in night.councils.values():
        for result in state.contests.values():
            elects = result.state in {ContestState.DECLARED, ContestState.UNOPPOSED}
            assert (result.gained is not None) is (elects and bool(result.contest.holder))
            for group in election.groups if result.gained is not None else ():
                held = sum(election.group(party) == group for party in result.contest.holder)
                assert result.gained.get(group, 0) == result.seats.get(group, 0) - held
            if result.outcome is not None:
                assert result.contest.seats_up == 1
                assert (result.outcome is Outcome.HOLD) is (result.gained == {})


@given(st.data())
def test_first_preferences_never_elect_anybody(data: st.DataObject) -> None:
    """Rule 18: who is elected is who was named."""
    election = data.draw(elections())
    night = Night.before_first(election).fold(entries(election, data.draw(statements(election))))
    for state in night.councils.values():
        for result in state.contests.values():
            if result.contest.is_stv and result.declaration is not None and result.declaration.votes is not None:
                elected = {candidate.candidacy.candidacy_id for candidate in result.elected}
                assert elected == set(result.declaration.elected or ())
                assert not result.has_lot
                assert sum(share.top_vote_share for share in result.shares) == pytest.approx(
                    100 if result.shares else 0
                )


def _about(made: Statement, seq: int, declaration: Declaration) -> Entry:
    return an_entry(seq, declaration, council_id=made.council_id, ballot_id=made.ballot_id)
