"""As at when a result stands that is read away from its page: in an article, a picture, a message."""

from collections.abc import Iterable
from datetime import datetime

from app.domain.council import CouncilState, final_at
from app.domain.election import Election
from app.domain.night import Night
from app.wording.figures import day, moment


def as_at(election: Election, at: datetime | None) -> str:
    """``As at 06:22 BST, 5 May 2023``, the time of the last declaration that is shown."""
    if at is None:
        return "Before the first declaration"
    return f"As at {moment(election, at)}"


def as_at_of(election: Election, state: CouncilState) -> str:
    """The same of a council: other ones may have declared before its first declaration."""
    return as_at(election, state.last.at) if state.last is not None else "Before its first declaration"


def final(election: Election, states: Iterable[CouncilState]) -> str:
    """``Final, 5 May 2023``: the day of the last declaration of these councils; empty while more is to come."""
    at = final_at(states)
    return "" if at is None else f"Final, {day(at.astimezone(election.zone))}"


def final_day(election: Election, states: Iterable[CouncilState]) -> str:
    """That day for scripts, ``2023-05-05``; empty while more is to come."""
    at = final_at(states)
    return "" if at is None else at.astimezone(election.zone).date().isoformat()


def council_stands(election: Election, state: CouncilState, *, is_past: bool = False) -> str:
    """That it is final, or as at when it is. One of the past never is: it lacks what was corrected since."""
    at = state.last.at if state.last is not None else None
    return ("" if is_past else final(election, [state])) or as_at(election, at)


def night_stands(night: Night, at: datetime | None, *, is_past: bool = False) -> str:
    """The same of a night, whose newest entry was announced ``at``."""
    return ("" if is_past else final(night.election, night.councils.values())) or as_at(night.election, at)
