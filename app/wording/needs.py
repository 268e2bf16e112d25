"""What each party that can still win a council has to take: those that need as many are told together."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.domain.council import CouncilState
from app.domain.election import Election, Words
from app.wording.figures import listed

BRIEFLY = 2
"""Parties that a row names, the nearest to the line; of those that need as many the others are counted."""


def needs_line(election: Election, state: CouncilState) -> str:
    """``LAB needs 3 of the 9 seats to come, CON and LD 8 each``; empty where control is certain."""
    seats = f"{election.words.seats} to come"
    first, *others = _by_number(election, state, len(state.needs)) or [""]
    told = _all_of_them(election, state, seats, len(state.needs)) or (
        first and f"{first} of the {state.seats_to_come:,} {seats}"
    )
    return ", ".join([told, *others])


def needs_briefly(election: Election, state: CouncilState) -> str:
    """``LAB needs 3, CON 8 of 9 to come``, ``LD, LAB and 2 others need 20 each of 39 to come``: no equal is cut off."""
    told = _by_number(election, state, BRIEFLY)
    if not told:
        return ""
    return _all_of_them(election, state, "to come", BRIEFLY) or f"{', '.join(told)} of {state.seats_to_come:,} to come"


def _by_number(election: Election, state: CouncilState, most: int) -> list[str]:
    """Who needs how many, those who need as many together, until ``most`` are named."""
    if state.council.is_single:
        return []
    told, left = list[str](), most
    for number, groups in _levels(state):
        if left <= 0:
            break
        need = "" if told else " need" if len(groups) > 1 else " needs"
        each = " each" if len(groups) > 1 else ""
        told.append(f"{_named(election, groups, left)}{need} {number:,}{each}")
        left -= len(groups)
    return told


def _levels(state: CouncilState) -> Iterator[tuple[int, list[str]]]:
    """The seats that somebody needs, the fewest first, and who."""
    for number, needs in groupby(state.needs.items(), key=lambda need: need[1]):
        yield number, [group for group, _ in needs]


def _all_of_them(election: Election, state: CouncilState, to_come: str, most: int) -> str:
    """``LAB and CON each need the last seat``, ``LD needs both seats to come``; empty where fewer are enough."""
    number, groups = next(_levels(state), (0, list[str]()))
    if number != state.seats_to_come or not groups or state.council.is_single:
        return ""
    need = "needs" if len(groups) == 1 else "each need"
    return f"{_named(election, groups, most)} {need} {_all(election.words, number, to_come)}"


def _named(election: Election, groups: Sequence[str], most: int) -> str:
    """``CON``, ``CON and LD``; beyond ``most`` they are counted, but one, which is named as briefly: ``2 others``."""
    shorts = [election.short(group) for group in groups]
    if len(shorts) <= most + 1:
        return listed(shorts)
    return listed([*shorts[:most], f"{len(shorts) - most} others"])


def _all(words: Words, number: int, to_come: str) -> str:
    if number == 1:
        return f"the last {words.seat}"
    return f"both {to_come}" if number == 2 else f"all {number:,} {to_come}"
