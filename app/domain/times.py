"""Times as they are written: read from ISO 8601, told with the name of their zone."""

from datetime import datetime, tzinfo

OF_OUR_AGE = range(2000, 2100)
"""The years in which anything is declared: another one is a slip."""


def read_time(text: str, *, years: range = range(1, 10_000), zone: tzinfo | None = None) -> datetime | None:
    """The time in ISO 8601, such as 2023-05-05T02:20:01+01:00; None where it is something else, or not of ``years``.

    Without an offset from UTC it is a time in ``zone``, and none where no zone is given.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=zone)
    return at if at.tzinfo is not None and at.year in years else None


def clock_with_zone(local: datetime) -> str:
    """``03:12 BST``; ``local`` is in the zone in which it is told."""
    return f"{local:%H:%M} {local.tzname()}"
