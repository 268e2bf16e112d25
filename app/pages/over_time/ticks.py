"""Round places for the ticks of an axis: few, whether a night took an hour or its last entry came years later."""

from collections.abc import Iterator
from datetime import datetime, timedelta

MOST_TICKS, MOST_DATES = 8, 5
"""Steps of an axis at most; of days and more, whose names are longer, the second."""

_TIMES = [timedelta(minutes=it) for it in (5, 10, 15, 30, 60, 120, 180, 360, 720)]
_DAYS = [timedelta(days=it) for it in (1, 2, 7, 14)]
_MONTHS = (1, 2, 3, 6)
_YEAR = timedelta(days=365.25)


def round_times(first: datetime, last: datetime) -> Iterator[datetime]:
    """From ``first`` to ``last``, both in the zone that is told: every so many minutes, days, months or years."""
    span = last - first
    steps = [it for it in _TIMES if span / it <= MOST_TICKS] or [it for it in _DAYS if span / it <= MOST_DATES]
    return _every(steps[0], first, last) if steps else _months(first, last)


def round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50 … that is ``least`` at least."""
    size = 1
    while size * 10 < least:
        size *= 10
    return next((size * it for it in (1, 2, 5) if size * it >= least), size * 10)


def _every(step: timedelta, first: datetime, last: datetime) -> Iterator[datetime]:
    at = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while at <= last:
        if at >= first:
            yield at
        at += step


def _months(first: datetime, last: datetime) -> Iterator[datetime]:
    years = (last - first) / _YEAR
    step = next((it for it in _MONTHS if years * 12 / it <= MOST_DATES), 12 * round_step(years / MOST_DATES))
    begins = first.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for month in range(_month(first) // step * step, _month(last) + 1, step):
        at = begins.replace(year=month // 12, month=month % 12 + 1)
        if first <= at <= last:
            yield at


def _month(at: datetime) -> int:
    return at.year * 12 + at.month - 1
