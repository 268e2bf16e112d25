"""Who controls a council, against who did: badge, flash line, bases (rule 12)."""

from collections.abc import Mapping

from app.domain.council import Comparison
from app.domain.election import NO_OVERALL_CONTROL, Council, Election
from app.domain.holders import Holders
from app.domain.ticker import Change

NO_CONTROL_NAME = "No overall control"
"""By itself, where the name of a party could stand."""


def badge(election: Election, comparison: Comparison) -> str | None:
    """``LAB gain from CON``, ``NOC hold``; None where nothing can be compared, or not yet."""
    return holders_badge(election, comparison.holders)


def holders_badge(election: Election, holders: Holders | None) -> str | None:
    """``REF gain from CON``, ``LD hold``: of a council, or of a ward with one seat."""
    if holders is None:
        return None
    now, before = _shorts(election, holders)
    return f"{now} hold" if now == before else f"{now} gain from {before}"


def controlled(election: Election, council: Council, comparison: Comparison) -> str | None:
    """The badge; where nothing can be compared ``LAB majority``, ``no overall control``; None while it is undecided."""
    if comparison.now is None or comparison.holders is not None:
        return badge(election, comparison)
    if comparison.now == NO_OVERALL_CONTROL:
        return "no overall control"
    return f"{election.short(comparison.now)} {'elected' if council.is_single else 'majority'}"


def flash_line(election: Election, council: Council, comparison: Comparison) -> str | None:
    """The badge in wire style: ``LAB gain Medway from CON``, ``CON lose Maidstone to NOC``, ``Ashford stays NOC``."""
    return holders_line(election, council.name, comparison.holders)


def holders_line(election: Election, name: str, holders: Holders | None) -> str | None:
    """The same of a council or ward of that ``name``: ``REF gain Cliftonville from CON``."""
    if holders is None:
        return None
    now, before = _shorts(election, holders)
    if now == before:
        return f"{name} stays NOC" if now == NO_OVERALL_CONTROL else f"{now} hold {name}"
    if now == NO_OVERALL_CONTROL:
        return f"{before} lose {name} to NOC"
    return f"{now} gain {name} from {before}"


def flash_of(election: Election, change: Change, convention: str) -> str | None:
    """The flash line that ``change`` makes, where it changed a badge to another one; of several councils several.

    It stands among those of all councils.
    """
    lines = [
        flash_line(election.among_all, move.after.council, move.after.comparisons[convention])
        for move in change.moves
        if move.after is not None and move.changes_badge(convention)
    ]
    return "; ".join(line for line in lines if line) or None


def _shorts(election: Election, holders: Holders) -> tuple[str, str]:
    return election.short(holders.now), election.short(holders.before)


BASIS_WORDING: Mapping[str, str] = {
    "eve": "on the eve of poll",
    "last": "at the last election",
    "notional": "notionally, on the new boundaries",
    "bbc": "as the BBC reported it",
}


def basis_wording(basis: str) -> str:
    """How a basis reads in a sentence; one that has no wording of its own is named."""
    return BASIS_WORDING.get(basis, f"on the basis “{basis}”")
