"""Seats and councils over the night as the API answers them."""

from collections.abc import Sequence

from app.api.flips import decision_view
from app.api.parties import groups_view
from app.api.values import JsonObject
from app.domain.election import Convention
from app.domain.night import Night
from app.domain.series import Point

USUAL_POINTS = 200
MOST_POINTS = 5_000


def series_view(night: Night, points: Sequence[Point], of: int, *, epoch: str, convention: Convention) -> JsonObject:
    """``points`` of the ``of`` at which the scoreboard changed, and every change of control: both the oldest first."""
    groups = sorted({group for point in points for group in point.scores})
    return {
        "slug": night.election.slug,
        "seq": night.seq,
        "epoch": epoch,
        "convention": convention.key,
        "changes": of,
        "parties": groups_view(night.election, groups),
        "points": [point_view(point) for point in points],
        "flips": [decision_view(night, it) for it in reversed(night.decisions[convention.key]) if it.is_flip],
    }


def point_view(point: Point) -> JsonObject:
    """Groups that have nothing are left out; ``at`` is null before the first entry."""
    scores = point.scores.items()
    return {
        "seq": point.seq,
        "at": point.at.isoformat() if point.at is not None else None,
        "contests_declared": point.contests_declared,
        "contests_put_off": point.contests_put_off,
        "seats": {group: score.seats for group, score in scores if score.seats},
        "councils": {group: score.councils for group, score in scores if score.councils},
    }
