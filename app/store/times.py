"""Times as the database has them: texts in ISO 8601, some of them empty."""

from datetime import UTC, datetime


def stored_time(at: datetime) -> str:
    """``at`` as the audit stores and compares it: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def kept_time(kept: str | None) -> datetime | None:
    """A time that may be none."""
    return datetime.fromisoformat(kept) if kept else None
