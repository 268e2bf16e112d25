"""When a declaration is expected: as the election's files have it, or as the desk has moved it since."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.council import CouncilState
from app.domain.election import Contest, Council

LATE_AT_MOST = timedelta(days=2)
"""What is later than this is not told as late: it has another reason, or is a night of long ago."""


@dataclass(frozen=True, slots=True)
class MovedTimes:
    """Expected times that the desk moved: of councils by their council_id, of contests by their ballot_id."""

    councils: Mapping[str, datetime] = field(default_factory=dict)
    contests: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, council: Council) -> tuple[tuple[str, datetime], ...]:
        """What of it is about a council and its contests: two that are equal say the same of it."""
        own = [("", self.councils.get(council.council_id))]
        own += [(contest.ballot_id, self.contests.get(contest.ballot_id)) for contest in council.contests]
        return tuple((name, at) for name, at in own if at is not None)


NOT_MOVED = MovedTimes()


def expected_of_contest(contest: Contest, council: Council, moved: MovedTimes = NOT_MOVED) -> datetime | None:
    """When the result of ``contest`` is expected: at a time of its own where it has one, else at its council's.

    A contest that has its own stays there when its council's is moved. None where nobody knows.
    """
    own = moved.contests.get(contest.ballot_id) or contest.expected_at
    return own or moved.councils.get(council.council_id) or council.expected_at


def expected(state: CouncilState, moved: MovedTimes = NOT_MOVED) -> datetime | None:
    """When the next of a council's declarations is expected; None once nothing is to come, or where nobody knows."""
    if state.is_complete:
        return None
    awaited = [result.contest for result in state.contests.values() if not result.is_decided]
    times = (expected_of_contest(contest, state.council, moved) for contest in awaited)
    return min((at for at in times if at is not None), default=None)


def minutes_late(at: datetime | None, now: datetime) -> int:
    """Whole minutes since ``at``; 0 before it, where nobody knows it, and after two days."""
    if at is None or not timedelta(minutes=1) <= now - at < LATE_AT_MOST:
        return 0
    return int((now - at) / timedelta(minutes=1))
