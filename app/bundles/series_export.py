"""Seats and councils over the night as a file for charts: a row a point, a column a party."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.api.flips import decision_view
from app.bundles.councils_export import group_names
from app.bundles.exporting import BYTE_ORDER_MARK, Cell, heading, lines
from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.night import Night
from app.domain.series import Point

SERIES_COLUMNS = ("sequence", "at", "contests_declared", "changes", "contests_put_off")
"""The columns that are the same in every election."""

SCORE_COLUMNS = ("seats", "councils")
"""After them, each of these for every reporting group: ``seats_LAB``, ``councils_LAB``; then ``councils_NOC``."""


def series_csv(
    night: Night, points: Sequence[Point], convention: Convention, *, rehearsal: bool = False
) -> Iterator[str]:
    """The file, line by line; the changes of control in a row are all those since the row before it."""
    names = group_names(night.election)
    columns = (*SERIES_COLUMNS, *_columns(names))
    flips = [decision_view(night, it) for it in reversed(night.decisions[convention.key]) if it.is_flip]
    yield BYTE_ORDER_MARK + heading(columns, rehearsal=rehearsal)
    before = -1
    for point in points:
        told = [it["flash"] for it in flips if before < it["seq"] <= point.seq]
        yield lines(columns, [_row(point, names, told)], rehearsal=rehearsal)
        before = point.seq


def _columns(names: Mapping[str, str]) -> Iterable[str]:
    of_groups = [f"{column}_{name}" for column in SCORE_COLUMNS for name in names.values()]
    return (*of_groups, f"councils_{NO_OVERALL_CONTROL}")


def _row(point: Point, names: Mapping[str, str], changes: Sequence[str]) -> Mapping[str, Cell]:
    scores = {**names, NO_OVERALL_CONTROL: NO_OVERALL_CONTROL}
    return {
        "sequence": point.seq,
        "at": point.at.isoformat() if point.at is not None else None,
        "contests_declared": point.contests_declared,
        "contests_put_off": point.contests_put_off,
        "changes": "; ".join(changes),
        **{f"seats_{name}": point.of(group).seats for group, name in names.items()},
        **{f"councils_{name}": point.of(group).councils for group, name in scores.items()},
    }
