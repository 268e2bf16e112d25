"""The badge: who controls a council and from whom it came, as a value for the macro ``components/badge.html``."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.holders import Holders, Outcome
from app.wording.needs import needs_briefly, needs_line
from app.wording.progress import progress


class BadgeKind(StrEnum):
    """How loud a badge is: a gain is solid, a hold is an outline, an undecided council only says how far it is."""

    GAIN = "gain"
    HOLD = "hold"
    PLAIN = "plain"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Badge:
    """``lead`` and ``rest`` are the words (``LAB``, ``gain from CON``), ``control`` and ``was`` party ids or NOC.

    ``needs`` says what an undecided council waits for.
    """

    kind: BadgeKind
    lead: str
    rest: str = ""
    control: str | None = None
    was: str | None = None
    needs: str = ""

    @property
    def text(self) -> str:
        return f"{self.lead} {self.rest}".rstrip()

    @property
    def is_noc(self) -> bool:
        return self.control == NO_OVERALL_CONTROL


def badge_of(election: Election, state: CouncilState, convention: str, *, at_length: bool = False) -> Badge:
    """The badge of a council under the convention with this key; ``at_length`` tells what every party still needs."""
    holder, comparison = state.holder, state.comparisons[convention]
    if holder is None:
        needed = needs_line if at_length else needs_briefly
        return Badge(BadgeKind.UNDECIDED, progress(election, state), needs=needed(election, state))
    lead = election.short(holder)
    if comparison.holders is None:
        won = "elected" if state.council.is_single else "majority"
        return Badge(BadgeKind.PLAIN, lead, "" if holder == NO_OVERALL_CONTROL else won, holder)
    return badge_of_holders(election, comparison.holders)


def contest_badge_of(election: Election, result: ContestResult) -> Badge | None:
    """The badge of a ward with one seat; None where it has several, or nobody knows who held it."""
    return badge_of_holders(election, result.holders) if result.holders is not None else None


def badge_of_holders(election: Election, holders: Holders) -> Badge:
    """The badge of what somebody holds, against who did."""
    lead = election.short(holders.now)
    if holders.outcome is Outcome.HOLD:
        return Badge(BadgeKind.HOLD, lead, "hold", holders.now)
    return Badge(BadgeKind.GAIN, lead, f"gain from {election.short(holders.before)}", holders.now, holders.before)
