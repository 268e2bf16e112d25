"""Seats and councils over a night: each point is the scoreboard as it was then."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import alterations
from app.domain.declarations import CatalogueChange, Withdrawal
from app.domain.election import NO_OVERALL_CONTROL, Cancellation, Cycle
from app.domain.night import Night
from app.domain.series import (
    NO_SCORE,
    Score,
    ScoreChange,
    declared_by,
    evenly,
    opening_scores,
    point_at,
    points,
    score_change,
    up_to,
)
from tests.builders import CON, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry
from tests.domain.nights import elections, statements
from tests.domain.test_properties import entries, revised

WARDS = [a_contest(name, parties=(LAB, CON)) for name in ("north", "south", "east")]
WHERE = {"council_id": "testshire", "ballot_id": WARDS[0].ballot_id}


def told(night, log):
    """The steps of a log, and the night after each of its entries."""
    steps, nights = [opening_scores(night)], [night]
    for entry in log:
        before, (night, _) = night, night.apply(entry)
        nights.append(night)
        step = score_change(before, night, entry)
        steps += [step] if step is not None else []
    return steps, nights


def a_night(*winners, **council):
    log = [an_entry(seq, a_ward(ward, it)) for seq, (ward, it) in enumerate(zip(WARDS, winners, strict=False), 1)]
    return told(Night.before_first(an_election(a_council(*WARDS, **council))), log)


def board_of(night):
    boards = night.scoreboards if night.progress.councils_total else night.scoreboards_apart
    rows = boards[night.election.convention].rows
    return {group: Score(it.seats, it.councils) for group, it in rows.items()}


def test_a_step_tells_whose_score_an_entry_changed_and_a_point_everybodys():
    steps, _ = a_night(LAB, CON, LAB)
    assert [dict(step.scores) for step in steps] == [{}, {LAB: (1, 0)}, {CON: (1, 0)}, {LAB: (2, 1)}]
    assert [step.contests_declared for step in steps] == [0, 1, 2, 3]
    assert point_at(steps, 2).scores == {LAB: (1, 0), CON: (1, 0)}
    assert point_at(steps, 3).of(LD) == NO_SCORE


def test_who_is_elected_unopposed_is_there_before_the_first_entry():
    steps, _ = told(
        Night.before_first(
            an_election(a_council(a_contest("north", parties=(LAB,), cancelled=Cancellation.EQUAL_CANDIDATES)))
        ),
        [],
    )
    assert [(step.seq, step.at, dict(step.scores)) for step in steps] == [(0, None, {LAB: (1, 1)})]


def test_what_adds_nothing_up_is_no_step_and_a_withdrawal_takes_away():
    steps, nights = a_night(LAB)
    again = an_entry(2, Withdrawal(1, "Another ward."), **WHERE)
    assert score_change(nights[-1], nights[-1], again) is None
    after, _ = nights[-1].apply(again)
    step = score_change(nights[-1], after, again)
    assert (step.seq, step.contests_declared, step.scores) == (2, 0, {LAB: NO_SCORE})
    assert point_at([*steps, step], 2).of(LAB) == NO_SCORE


def test_a_council_that_comes_with_the_catalogue_is_a_step():
    election = an_election(a_council(*WARDS))
    more = an_election(
        *election.councils.values(),
        a_council(
            a_contest("far", council_id="far", parties=(CON,), cancelled=Cancellation.EQUAL_CANDIDATES),
            council_id="far",
        ),
    )
    changed = an_entry(1, CatalogueChange("One was missing.", tuple(alterations(election, more)), more))
    steps, _ = told(Night.before_first(election), [changed])
    assert [dict(step.scores) for step in steps] == [{}, {CON: (1, 1)}]


def test_where_there_are_by_elections_alone_it_is_of_them():
    night = Night.before_first(an_election(a_council(WARDS[0], cycle=Cycle.BY)))
    steps, _ = told(night, [an_entry(1, a_ward(WARDS[0], LAB))])
    assert steps[-1].scores[LAB].seats == 1


def test_nobody_controls_is_a_score_too():
    steps, _ = a_night(LAB, CON, CON, total_seats=4, continuing={LAB: 1})
    assert steps[-1].scores[NO_OVERALL_CONTROL] == Score(0, 1)


def test_a_part_of_the_steps_ends_at_an_entry():
    steps = [ScoreChange(seq, None, seq // 2, {}) for seq in (0, 3, 4, 9)]
    assert [[it.seq for it in up_to(steps, seq)] for seq in (0, 2, 3, 8, 99)] == [
        [0],
        [0],
        [0, 3],
        [0, 3, 4],
        [0, 3, 4, 9],
    ]
    assert [getattr(declared_by(steps, contests), "seq", None) for contests in (0, 1, 2, 4, 5)] == [0, 3, 4, 9, None]


@pytest.mark.parametrize(("number", "most"), [(1, 2), (2, 2), (3, 2), (10, 4), (3567, 200)])
def test_places_are_spread_evenly_from_the_first_to_the_last(number, most):
    places = sorted(evenly(number, most))
    assert (places[0], places[-1], len(places)) == (0, number - 1, min(number, most))
    apart = [after - before for before, after in pairwise(places)]
    assert not apart or max(apart) - min(apart) <= 1


@given(data=st.data())
def test_every_point_is_the_scoreboard_at_its_entry(data):
    election = data.draw(elections())
    log = revised(data, election, entries(election, data.draw(statements(election, with_tallies=True))))
    steps, nights = told(Night.before_first(election), log)
    by_seq = {night.seq: night for night in nights}
    for point in points(steps, range(len(steps))):
        scores = {group: score for group, score in point.scores.items() if score != NO_SCORE}
        assert scores == {group: score for group, score in board_of(by_seq[point.seq]).items() if score != NO_SCORE}
        assert point.contests_declared == by_seq[point.seq].shown_progress.contests_declared
