"""What time it is at the desk: the real one, but of a night that is long over."""

from datetime import datetime, timedelta

from app.domain.election import Election

PAST = timedelta(days=3)
"""A night this long over is being replayed: its own newest entry says what time it is."""


def desk_time(election: Election, now: datetime, last: datetime | None) -> datetime:
    """What time it is at the desk: now, or in a night that is replayed long after, when its newest entry was."""
    return last if last is not None and is_past(election, now) else now


def is_past(election: Election, at: datetime) -> bool:
    """Whether ``at`` is long after the night: nothing that was expected then is called late any more."""
    return at.astimezone(election.zone).date() - election.polling_date > PAST
