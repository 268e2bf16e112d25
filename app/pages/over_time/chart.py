"""Seats or councils over the night as a chart: its lines, axes and marks, placed on a plot of which the width is free.

Across, everything is told in thousandths of the plot's width, downwards in pixels: so letters and marks keep their size
whatever the width is, and what stands beneath one another can be kept apart here.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from math import ceil

from app.domain.decisions import Decision
from app.domain.election import Election
from app.domain.series import Point, ScoreChange
from app.pages.colours import party_class
from app.pages.over_time.ticks import MOST_TICKS, round_step, round_times
from app.wording.figures import clock_briefly
from app.wording.night import short_apart

WIDTH, HEIGHT = 1000, 320
"""Of the plot: thousandths of its width, and pixels."""

MOST_LINES = 7
"""Of more parties the largest have lines of their own, and one is of all the others."""

LABEL_HEIGHT, LANE_HEIGHT, MOST_LANES = 17, 13, 5
APART = 22
"""How far marks in one lane are apart at least, as long as there is another lane."""

MOST_LEVELS = 5
NARROW_LETTER = 45
"""How wide a letter beneath the narrowest plot is, in thousandths of that: 8 of 170 pixels."""

LONG_NIGHT = timedelta(hours=72)
"""Beyond that a clock would leave the night itself no room: then entries are counted."""

OTHERS = "others"


class Of(StrEnum):
    """Of what the lines are."""

    SEATS = "seats"
    COUNCILS = "councils"


class By(StrEnum):
    """What is counted across."""

    TIME = "time"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A party over the night, or all the others; ``name`` stands beside it, ``label`` pixels from above."""

    name: str
    colour: str
    path: str
    label: float
    latest: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis; ``is_minor``: a narrow chart leaves it out."""

    at: float
    label: str
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of control above the plot, in one of the lanes, of which the lowest is 0."""

    at: float
    lane: int
    decision: Decision

    @property
    def above(self) -> int:
        """The pixels between it and the plot."""
        return LANE_HEIGHT * (self.lane + 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """``moments`` are the places among the changes of scores at which the ticks are: what a table beside it tells."""

    lines: tuple[ChartLine, ...]
    ticks: tuple[Tick, ...]
    levels: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    moments: tuple[tuple[str, int], ...]

    @property
    def lanes(self) -> int:
        return max((mark.lane + 1 for mark in self.marks), default=0)


class Axis:
    """Where entries stand across, by the clock of the election or by their numbers.

    A clock never goes back here: what was announced earlier than an entry before it stands where that one does.
    """

    def __init__(self, election: Election, changes: Sequence[ScoreChange], by: By) -> None:
        first = next((change.at for change in changes if change.at is not None), None)
        self.by, self._election = by, election
        self._seqs = [change.seq for change in changes]
        self._clock = list(accumulate((change.at or first for change in changes), max)) if first is not None else []

    def at(self, seq: int) -> float:
        """Of the last change up to entry ``seq``; what was before the first is at the beginning."""
        if not self._clock or seq < self._seqs[1]:
            return 0
        if self.by is By.ENTRIES:
            return _part(min(seq, self._seqs[-1]), 0, self._seqs[-1])
        return self._of(self._clock[max(0, bisect_right(self._seqs, seq) - 1)])

    def ticks(self) -> Iterator[tuple[Tick, int]]:
        """Each with the place of the last change by then."""
        if not self._clock:
            return
        found = list(self._times() if self.by is By.TIME else self._entries())
        room = NARROW_LETTER * max((len(label) for _, label, _ in found), default=0)
        free = 0.0
        for at, label, place in found:
            yield Tick(at, label, is_minor=at < free), place
            free = free if at < free else at + room

    def _times(self) -> Iterator[tuple[float, str, int]]:
        first, last = (it.astimezone(self._election.zone) for it in (self._clock[0], self._clock[-1]))
        for at in round_times(first, last):
            yield self._of(at), clock_briefly(self._election, at), bisect_right(self._clock, at) - 1

    def _entries(self) -> Iterator[tuple[float, str, int]]:
        last = self._seqs[-1]
        step = round_step(last / MOST_TICKS)
        for seq in range(step, last + 1, step):
            yield _part(seq, 0, last), f"{seq:,}", bisect_right(self._seqs, seq) - 1

    def _of(self, at: datetime) -> float:
        first, last = self._clock[0], self._clock[-1]
        return _part((at - first).total_seconds(), 0, (last - first).total_seconds())


def usual_axis(changes: Sequence[ScoreChange]) -> By:
    """The clock; of a night that took days, entries."""
    told = [change.at for change in changes if change.at is not None]
    return By.ENTRIES if told and max(told) - min(told) > LONG_NIGHT else By.TIME


def chart_of(
    election: Election,
    changes: Sequence[ScoreChange],
    points: Sequence[Point],
    flips: Sequence[Decision],
    *,
    of: Of,
    by: By,
) -> Chart:
    """The chart of ``points`` of ``changes``, with ``flips``, the oldest first, marked above it."""
    axis = Axis(election, changes, by)
    across = [axis.at(point.seq) for point in points]
    drawn = {name: [figure(point) for point in points] for name, figure in lines_of(points[-1], of).items()}
    step = round_step(max(1, max((max(line) for line in drawn.values()), default=1)) / MOST_LEVELS)
    top = step * max(1, ceil(max((max(line) for line in drawn.values()), default=1) / step))
    ticks = list(axis.ticks())
    labels = _apart([_down(line[-1], top) for line in drawn.values()])
    return Chart(
        lines=tuple(
            ChartLine(_name(election, group), _colour(group), _path(across, line, top), label, line[-1])
            for (group, line), label in zip(drawn.items(), labels, strict=True)
        ),
        ticks=tuple(tick for tick, _ in ticks),
        levels=tuple(Tick(_down(level, top), f"{level:,}") for level in range(0, top + 1, step)),
        marks=tuple(_marks(axis, flips)),
        moments=tuple((tick.label, place) for tick, place in ticks),
    )


def lines_of(latest: Point, of: Of) -> Mapping[str, Callable[[Point], int]]:
    """What each line counts at a point, the largest at ``latest`` first; those of few are together, behind the rest."""
    groups = sorted(latest.scores, key=lambda group: -getattr(latest.of(group), of))
    groups = [group for group in groups if getattr(latest.of(group), of)]
    own = groups if len(groups) <= MOST_LINES else groups[: MOST_LINES - 1]
    lines: dict[str, Callable[[Point], int]] = {group: _figure(of, group) for group in own}
    if len(own) < len(groups):
        lines[OTHERS] = lambda point: sum(getattr(it, of) for group, it in point.scores.items() if group not in own)
    return lines


def _figure(of: Of, group: str) -> Callable[[Point], int]:
    return lambda point: int(getattr(point.of(group), of))


def _name(election: Election, group: str) -> str:
    return "Others" if group == OTHERS else short_apart(election, group)


def _colour(group: str) -> str:
    return "chart-others" if group == OTHERS else party_class(group)


def _path(across: Sequence[float], figures: Sequence[int], top: int) -> str:
    """A line that stays as it is until the next point at which it does not."""
    (first, *others), before = figures, figures[0]
    path = [f"M{across[0]:g} {_down(first, top):g}"]
    for at, figure in zip(across[1:], others, strict=True):
        if figure != before:
            path.append(f"H{at:g}V{_down(figure, top):g}")
            before = figure
    return "".join([*path, f"H{across[-1]:g}"])


def _marks(axis: Axis, flips: Sequence[Decision]) -> Iterator[Mark]:
    """Each in the lowest lane that has room for it; where none has, in that with the most."""
    ends: list[float] = []
    for flip in flips:
        at = axis.at(flip.seq)
        lane = next((it for it, end in enumerate(ends) if at - end >= APART), len(ends))
        if lane == MOST_LANES:
            lane = min(range(MOST_LANES), key=ends.__getitem__)
        ends[lane : lane + 1] = [at]
        yield Mark(at, lane, flip)


def _apart(wanted: Sequence[float]) -> list[float]:
    """Where labels that would stand at ``wanted``, the highest first, stand without one upon another.

    Those that have to move go downwards, and up again where they would leave the plot.
    """
    placed: list[float] = []
    for place in wanted:
        placed.append(max(place, placed[-1] + LABEL_HEIGHT) if placed else place)
    lowest = float(HEIGHT)
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], lowest)
        lowest = placed[number] - LABEL_HEIGHT
    return placed


def _down(figure: int, top: int) -> float:
    return round(HEIGHT - HEIGHT * figure / top, 1)


def _part(value: float, first: float, last: float) -> float:
    """In thousandths of the way; the end where there is none."""
    return round(WIDTH * (value - first) / (last - first), 1) if last > first else float(WIDTH)
