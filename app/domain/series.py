"""Seats and councils by party over a night: what the scoreboard said from each entry on, and points on the way.

A :class:`ScoreChange` holds what an entry changed, so that a whole country's night is kept in little room; a
:class:`Point` is all that stood at one. Both are of the same sums as the scoreboard, and so exact.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.domain.declarations import Entry
from app.domain.night import Night
from app.domain.scoreboard import NOTHING, Tally


class Score(NamedTuple):
    """What a reporting group, or NOC, has on the scoreboard: seats won, and councils controlled."""

    seats: int = 0
    councils: int = 0


NO_SCORE = Score()


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """What the scoreboard says otherwise from entry ``seq`` on: the groups of which it does, with what they have then.

    ``at`` is when that entry was announced; before the first (``seq`` 0) it is None.
    """

    seq: int
    at: datetime | None
    contests_declared: int
    scores: Mapping[str, Score]
    contests_put_off: int = 0

    @property
    def contests_in(self) -> int:
        """Declared by then, without those put off."""
        return self.contests_declared - self.contests_put_off


@dataclass(frozen=True, slots=True)
class Point:
    """The same with all groups that have had anything by then."""

    seq: int
    at: datetime | None
    contests_declared: int
    scores: Mapping[str, Score]
    contests_put_off: int = 0

    @property
    def contests_in(self) -> int:
        """Declared by then, without those put off."""
        return self.contests_declared - self.contests_put_off

    def of(self, group: str) -> Score:
        return self.scores.get(group, NO_SCORE)


def opening_scores(night: Night) -> ScoreChange:
    """What ``night``, of which nothing has been declared, begins with: who is elected unopposed."""
    done = night.shown_progress
    return ScoreChange(0, None, done.contests_declared, _changed({}, _tallies(night)), done.contests_put_off)


def score_change(before: Night, after: Night, entry: Entry) -> ScoreChange | None:
    """What ``entry`` changed on the way from ``before`` to ``after``; None for an entry that adds nothing up."""
    was, done = before.shown_progress, after.shown_progress
    is_counted = (was.contests_declared, was.contests_put_off) != (done.contests_declared, done.contests_put_off)
    scores = _changed(_tallies(before), _tallies(after))
    if not scores and not is_counted:
        return None
    return ScoreChange(entry.seq, entry.at, done.contests_declared, scores, done.contests_put_off)


def up_to(changes: Sequence[ScoreChange], seq: int) -> Sequence[ScoreChange]:
    """Those up to entry ``seq``: at least the first."""
    return changes[: _behind(changes, seq)]


def declared_by(changes: Sequence[ScoreChange], contests: int) -> ScoreChange | None:
    """The first with so many contests declared; None where there are not as many yet."""
    return next((change for change in changes if change.contests_in >= contests), None)


def points(changes: Sequence[ScoreChange], places: Collection[int]) -> Iterator[Point]:
    """What stood at some of ``changes``, which are all from the first on; ``places`` are theirs, in any order."""
    scores: dict[str, Score] = {}
    for place, change in enumerate(changes):
        scores |= change.scores
        if place in places:
            yield Point(change.seq, change.at, change.contests_declared, dict(scores), change.contests_put_off)


def point_at(changes: Sequence[ScoreChange], seq: int) -> Point:
    """What stood after entry ``seq``: that of the last change by then."""
    place = _behind(changes, seq) - 1
    return next(points(changes, {place}))


def evenly(number: int, most: int) -> frozenset[int]:
    """At most ``most`` (two or more) places among ``number``, the first and the last among them."""
    if number <= most:
        return frozenset(range(number))
    return frozenset(round(place * (number - 1) / (most - 1)) for place in range(most))


def _behind(changes: Sequence[ScoreChange], seq: int) -> int:
    return max(1, bisect_right(changes, seq, key=lambda change: change.seq))


def _tallies(night: Night) -> Mapping[str, Tally]:
    """Those of the councils of the night; where there is none, of the by-elections that it is made of."""
    boards = night.scoreboards if night.progress.councils_total else night.scoreboards_apart
    return boards.get(night.election.convention, NOTHING).rows


def _changed(before: Mapping[str, Tally], after: Mapping[str, Tally]) -> dict[str, Score]:
    # What no council's part has touched is the very same tally.
    moved = {group for group in {**before, **after} if before.get(group) is not after.get(group)}
    scores = {group: (_score(before.get(group)), _score(after.get(group))) for group in moved}
    return {group: now for group, (was, now) in scores.items() if now != was}


def _score(tally: Tally | None) -> Score:
    return Score(tally.seats, tally.councils) if tally is not None else NO_SCORE
