"""An entry about to be made, and where a figure becomes unlikely enough to ask about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.contest import ContestResult
from app.domain.declarations import (
    Entry,
    WardDeclaration,
)
from app.domain.night import Night
from app.domain.ticker import Change


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a figure becomes unlikely enough to ask; each is a setting of the same name, and described there."""

    turnout_high: float = 80.0
    turnout_low: float = 10.0
    turnout_percent_of_others: float = 55.0
    turnout_deviations_from_others: float = 3.5
    turnout_points_from_others: float = 8.0
    turnout_others_needed: int = 5
    round_candidates_needed: int = 3
    running_mates_ratio: float = 1.75
    running_mates_apart: float = 3.0
    rejected_share: float = 3.0
    votes_percent_of_papers: float = 97.0
    party_percent_of_least: float = 40.0
    party_wards_needed: int = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry about to be made and what it would change in ``night``."""

    night: Night
    entry: Entry
    change: Change
    thresholds: Thresholds = Thresholds()
    now: datetime | None = None
    """When it is made; None where times are not compared with it."""
    keyed_after: int | None = None
    """The last entry of the log when it was keyed, where it then waited for a check."""
    keyed_otherwise: Mapping[str, int] = field(default_factory=dict)
    """Who else has keyed something else of it, and in how many fields."""


def ward_of(proposal: Proposal) -> tuple[ContestResult, WardDeclaration] | None:
    """What a ward would stand at, and what is said of it; None where it is about no ward's result."""
    declaration = proposal.entry.content
    if not isinstance(declaration, WardDeclaration) or proposal.change.after is None:
        return None
    result = proposal.change.after.contests[declaration.ballot_id]
    return result, result.declaration or declaration
