"""What a share card says in words, and the sentence that stands for the whole picture."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from app.domain.council import Comparison, CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.night import Night
from app.wording import sentences
from app.wording.control import badge
from app.wording.figures import NO_FIGURE, plural_bodies, plural_contests, plural_seats
from app.wording.night import by_elections_declared


class NightRow(Protocol):
    """A line of the scoreboard, every figure as it reads."""

    @property
    def short(self) -> str: ...
    @property
    def councils(self) -> str: ...
    @property
    def councils_change(self) -> str: ...
    @property
    def seats(self) -> str: ...
    @property
    def seats_change(self) -> str: ...
    @property
    def is_noc(self) -> bool: ...


def standing_line(election: Election, state: CouncilState) -> str:
    """``LAB 33 of 59 seats, majority line 30, a majority of 7``; while it is undecided, what is still needed."""
    if not state.council.has_chamber:
        return sentences.verdict(election, state)
    line = f"majority line {state.majority}"
    if not state.is_certain:
        needed = sentences.needs_briefly(election, state)
        return f"{needed}; {line}" if needed else sentences.sentence(line)
    parts = [_leading(election, state), line]
    if state.majority_over_others is not None:
        parts.append(f"a majority of {state.majority_over_others}")
    if state.seats_to_come:
        parts.append(f"{plural_seats(election, state.seats_to_come)} to come")
    return ", ".join(parts)


def _leading(election: Election, state: CouncilState) -> str:
    """``LAB 33 of 59 seats``, and where nobody controls ``CON largest with 19 of 47 seats``."""
    total, groups = f"{state.council.total_seats} {election.words.seats}", state.largest
    if not groups:
        return f"None of {total} in"
    names, seats = " and ".join(election.short(group) for group in groups), state.seats[groups[0]]
    if state.holder != NO_OVERALL_CONTROL:
        return f"{names} {seats} of {total}"
    level = "level" if len(groups) > 1 else "largest"
    return f"{names} {level} with {seats} of {total}"


def basis_line(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """What the changes on the card are measured against; empty where it shows none."""
    if comparison.change is None:
        return (sentences.change_missing(election, state, comparison) or "").rstrip(".")
    note = "; new boundaries" if state.council.boundary_change and comparison.change_basis != "notional" else ""
    return f"{sentences.change_heading(election, comparison)}{note}"


def as_at(election: Election, at: datetime | None) -> str:
    """``As at 06:22 BST, 5 May 2023``, the time of the last declaration that the card shows."""
    if at is None:
        return "Before the first declaration"
    return f"As at {sentences.moment(election, at)}"


def night_line(night: Night) -> str:
    """``120 of 277 wards declared; control certain in 5 of 13 councils``."""
    done, election = night.progress, night.election
    if not done.councils_total:
        return by_elections_declared(night)
    contests = f"{done.contests_declared:,} of {plural_contests(election, done.contests_total)} declared"
    return f"{contests}; control certain in {done.councils_certain} of {plural_bodies(election, done.councils_total)}"


def alt_of_council(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """Every word and figure of a council's card, as sentences."""
    seats = _listed(_with_change(election, comparison, group, number) for group, number in state.seats.items())
    total = f"{state.council.total_seats} {election.words.seats}"
    told = f"{seats} of {total}" if seats else f"None of {total} in"
    to_come = f", {state.seats_to_come} to come" if state.seats_to_come else ""
    if not state.council.has_chamber:
        told, to_come = sentences.verdict(election, state), ""
    line = f"; {state.majority} are a majority" if state.council.has_chamber else ""
    parts = [
        f"{state.council.name}: {_verdict(election, state, comparison)}",
        f"{told}{to_come}{line}",
        sentences.needs_line(election, state) if not state.is_certain else "",
        basis_line(election, state, comparison) if comparison.change is not None else "",
        f"{as_at(election, state.last.at if state.last else None)}, {election.name}",
    ]
    return ". ".join(part for part in parts if part) + "."


def _verdict(election: Election, state: CouncilState, comparison: Comparison) -> str:
    if not state.is_certain:
        return f"{sentences.progress(election, state)} declared, control is undecided"
    return badge(election, comparison) or sentences.verdict(election, state)


def _with_change(election: Election, comparison: Comparison, group: str, seats: int) -> str:
    changed = f" ({sentences.signed(comparison.change.get(group, 0))})" if comparison.change is not None else ""
    return f"{election.short(group)} {seats}{changed}"


def alt_of_night(night: Night, rows: Iterable[NightRow], at: datetime | None) -> str:
    """Every word and figure of the night's card, as sentences."""
    told = "; ".join(_row_told(night.election, row) for row in rows)
    return f"{night.election.name}: {night_line(night)}. {told}. {as_at(night.election, at)}."


def _row_told(election: Election, row: NightRow) -> str:
    councils = f"{row.short} {plural_bodies(election, int(row.councils))}{_bracketed(row.councils_change)}"
    noun = election.words.seat if row.seats == "1" else election.words.seats
    seats = f"{row.seats} {noun}{_bracketed(row.seats_change)}"
    return councils if row.is_noc else f"{councils}, {seats}"


def _bracketed(change: str) -> str:
    return "" if change in {"", NO_FIGURE} else f" ({change})"


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
