"""The chart of the night: what stands where, whatever the night is."""

from datetime import timedelta
from itertools import pairwise

import pytest

from app.domain.night import Night
from app.domain.series import Point, Score, ScoreChange, opening_scores, points, score_change
from app.pages.over_time.chart import (
    HEIGHT,
    LABEL_HEIGHT,
    MOST_LANES,
    MOST_LINES,
    NARROW_LETTER,
    WIDTH,
    By,
    Of,
    chart_of,
    lines_of,
    usual_axis,
)
from tests.builders import CON, LAB, a_contest, a_council, a_ward, an_election, an_entry

WARDS = [a_contest(f"ward-{number}") for number in range(6)]
ELECTION = an_election(a_council(*WARDS, eve=CON))
AT = an_entry(1, a_ward(WARDS[0], LAB)).at
DAY = 24 * 60
DAYS = (3, 4, 5, 9, 12, 20, 36, 69, 71, 110, 200, 310, 500, 915, 1302, 1900, 4000, 20_000)


def changes_at(*minutes):
    """The opening, and a change after so many minutes each: LAB has one seat more every time."""
    return [
        ScoreChange(0, None, 0, {}),
        *(ScoreChange(seq, AT + timedelta(minutes=it), seq, {LAB: Score(seq)}) for seq, it in enumerate(minutes, 1)),
    ]


def chart(changes, flips=(), *, of=Of.SEATS, by=By.TIME):
    return chart_of(ELECTION, changes, list(points(changes, range(len(changes)))), flips, of=of, by=by)


def test_a_line_stays_as_it_is_until_the_entry_that_changes_it():
    (line,) = chart(changes_at(0, 30, 60)).lines
    assert (line.name, line.latest) == ("LAB", 3)
    assert line.path == "M0 320H0V213.3H500V106.7H1000V0H1000"
    (by_entries,) = chart(changes_at(0, 6, 60), by=By.ENTRIES).lines
    assert by_entries.path == "M0 320H333.3V213.3H666.7V106.7H1000V0H1000"


def test_a_clock_never_goes_back():
    (line,) = chart(changes_at(0, 60, 30)).lines
    assert line.path == "M0 320H0V213.3H1000V106.7H1000V0H1000"


@pytest.mark.parametrize("minutes", [(0, 1), (0, 55), (0, 700), (0, 4000), (3, 3), *((0, DAY * it) for it in DAYS)])
def test_ticks_are_few_and_lie_on_the_plot_each_with_what_stood_then(minutes):
    changes = changes_at(*minutes)
    found = chart(changes)
    assert len(found.ticks) <= 9
    assert found.ticks or minutes[1] <= 3
    assert all(after.at - before.at >= WIDTH / 9 for before, after in pairwise(found.ticks))
    shown = [tick for tick in found.ticks if not tick.is_minor]
    assert all(after.at - before.at >= NARROW_LETTER * len(after.label) for before, after in pairwise(shown))
    assert all(0 <= tick.at <= WIDTH for tick in found.ticks)
    for label, place in found.moments:
        assert 0 <= place < len(changes), label
    assert [level.at for level in found.levels] == sorted((it.at for it in found.levels), reverse=True)


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (5, ["00:00", "Sat 00:00", "Sun 00:00", "Mon 00:00", "Tue 00:00"]),
        (35, ["11 May 2023", "18 May 2023", "25 May 2023", "1 Jun 2023", "8 Jun 2023"]),
        (100, ["1 Jun 2023", "1 Jul 2023", "1 Aug 2023"]),
        (1302, ["1 Jan 2024", "1 Jan 2025", "1 Jan 2026"]),
        (40 * 365, ["1 Jan 2030", "1 Jan 2040", "1 Jan 2050", "1 Jan 2060"]),
    ],
)
def test_steps_of_the_clock_are_as_long_as_the_time_asks_for(days, labels):
    assert [tick.label for tick in chart(changes_at(0, DAY * days)).ticks] == labels


def test_of_a_night_that_took_days_entries_are_counted_unless_a_clock_is_asked_for():
    assert usual_axis(changes_at(0, 600)) is By.TIME
    assert usual_axis(changes_at(0, 600, 7 * 24 * 60)) is By.ENTRIES
    assert usual_axis(changes_at()) is By.TIME


def test_of_many_parties_the_largest_have_lines_and_the_others_are_together():
    scores = {f"P{number}": Score(100 - number) for number in range(70)}
    lines = lines_of(Point(1, AT, 1, scores), Of.SEATS)
    assert list(lines) == [*(f"P{number}" for number in range(MOST_LINES - 1)), "others"]
    assert sum(figure(Point(1, AT, 1, scores)) for figure in lines.values()) == sum(it.seats for it in scores.values())


def test_names_of_lines_stand_apart_and_on_the_plot():
    groups = list(ELECTION.groups)[:MOST_LINES]
    level = [ScoreChange(0, None, 0, {}), ScoreChange(1, AT, 1, {group: Score(1) for group in groups})]
    labels = [line.label for line in chart(level).lines]
    assert all(after - before >= LABEL_HEIGHT for before, after in pairwise(labels))
    assert all(0 <= it <= HEIGHT for it in labels)


def test_marks_at_one_place_have_lanes_of_their_own_as_long_as_there_are_any():
    places = {name: a_contest("north", council_id=name) for name in (f"shire-{number}" for number in range(7))}
    election = an_election(*(a_council(it, council_id=name, eve=CON) for name, it in places.items()))
    night, changes = Night.before_first(election), [opening_scores(Night.before_first(election))]
    for seq, ward in enumerate(places.values(), 1):
        entry = an_entry(seq, a_ward(ward, LAB))
        before, (night, _) = night, night.apply(entry)
        changes.append(score_change(before, night, entry))
    flips = night.decisions["bbc"][::-1]
    found = chart_of(
        election, changes, list(points(changes, range(len(changes)))), flips, of=Of.COUNCILS, by=By.ENTRIES
    )
    assert [mark.lane for mark in found.marks] == [0] * 7
    at_once = chart(changes_at(0, 0), [flips[0]] * 7)
    assert [mark.lane for mark in at_once.marks][:MOST_LANES] == list(range(MOST_LANES))
    assert at_once.lanes == MOST_LANES


def test_before_the_first_entry_there_is_nothing_to_draw():
    found = chart(changes_at())
    assert (found.lines, found.ticks, found.marks, found.moments) == ((), (), (), ())
