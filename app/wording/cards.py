"""What a share card says in words, and the sentence that stands for the whole picture."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from app.domain.council import Comparison, CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import Night
from app.domain.party_night import PartyNight
from app.wording import sentences
from app.wording.as_at import as_at, as_at_of
from app.wording.control import badge
from app.wording.figures import NO_FIGURE, plural, plural_bodies, plural_seats
from app.wording.night import name_of, safe_beforehand
from app.wording.party_night import card_lines, party_line
from app.wording.progress import contests_declared, polls_declared


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
    """``LAB 33 of 59 seats``, and where nobody controls ``CON and LD largest with 17 each of 48 seats``."""
    total = plural_seats(election, state.council.total_seats)
    how = "largest with " if state.holder == NO_OVERALL_CONTROL else ""
    return sentences.leaders(election, state, f" of {total}", how) or f"None of {total} in"


def basis_line(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """What the changes on the card are measured against; empty where it shows none."""
    if comparison.change is None:
        return (sentences.change_missing(election, state, comparison) or "").rstrip(".")
    note = "; new boundaries" if state.council.boundary_change and comparison.change_basis != "notional" else ""
    return f"{sentences.change_heading(election, comparison)}{note}"


def night_line(night: Night) -> str:
    """``120 of 277 wards declared; control certain in 5 of 13 councils``; at first what is safe beforehand."""
    done, election = night.progress, night.election
    if not done.councils_total:
        return polls_declared(night.progress_apart)
    contests = contests_declared(election, done)
    if beforehand := safe_beforehand(night):
        return f"{contests}; {beforehand}"
    return f"{contests}; control certain in {done.councils_certain} of {plural_bodies(election, done.councils_total)}"


def covered_line(night: Night, convention: Convention) -> str:
    """The same, and of how many councils the changes of seats are: ``…; change of seats in 2 of 13``."""
    covers, total = night.scoreboards[convention.key].compared_seats, night.election.added_up
    if not 0 < covers < total:
        return night_line(night)
    return f"{night_line(night)}; change of {night.election.words.seats} in {covers} of {total}"


def alt_of_council(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """Every word and figure of a council's card, as sentences."""
    told = sentences.together(
        [
            f"{state.council.name}: {_verdict(election, state, comparison)}",
            _seats_told(election, state, comparison) if state.council.has_chamber else None,
            sentences.needs_line(election, state),
            basis_line(election, state, comparison) if comparison.change is not None else None,
            f"{as_at_of(election, state)}, {election.name}",
        ]
    )
    return sentences.stopped(told)


def _verdict(election: Election, state: CouncilState, comparison: Comparison) -> str:
    if not state.council.is_known_whole:
        return sentences.progress_declared(election, state)
    if not state.is_certain:
        return f"{sentences.progress_declared(election, state)}, control is undecided"
    told, by_badge = sentences.verdict(election, state), badge(election, comparison)
    return ", ".join(filter(None, (by_badge, told))) if state.council.is_single else by_badge or told


def _seats_told(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """``LAB 33 (+6), CON 22 (−11), IND 4 (no change) of 59 seats; 30 are a majority``."""
    seats = ", ".join(_with_change(election, comparison, group, number) for group, number in state.seats.items())
    total = plural_seats(election, state.council.total_seats)
    told = f"{seats} of {total}" if seats else f"None of {total} in"
    to_come = f", {state.seats_to_come} to come" if state.seats_to_come else ""
    return f"{told}{to_come}; {sentences.majority_line(state)}"


def _with_change(election: Election, comparison: Comparison, group: str, seats: int) -> str:
    changed = _bracketed(sentences.signed(comparison.change.get(group, 0))) if comparison.change is not None else ""
    return f"{election.short(group)} {seats}{changed}"


def alt_of_night(night: Night, convention: Convention, rows: Iterable[NightRow], at: datetime | None) -> str:
    """Every word and figure of the night's card, as sentences; of who has nothing, nothing."""
    rows_told = "; ".join(filter(None, (_row_told(night.election, row) for row in rows)))
    parts = [f"{night.election.name}: {covered_line(night, convention)}", rows_told, as_at(night.election, at)]
    return sentences.stopped(sentences.together(parts))


def alt_of_party(night: Night, party: PartyNight, at: datetime | None) -> str:
    """Every word and figure of a party's card, as sentences."""
    name, lines = name_of(night.election, party.group), card_lines(night, party)
    told = [f"{night.election.name}, {name}: {party_line(night, party)}", *lines, as_at(night.election, at)]
    return sentences.stopped(sentences.together(told))


def _row_told(election: Election, row: NightRow) -> str:
    """``LAB 4 councils (+4), 264 seats (+79)``."""
    councils, seats = (
        f"{plural(int(number.replace(',', '')), *nouns)}{_bracketed(change)}" if _tells(number, change) else ""
        for number, change, nouns in (
            (row.councils, row.councils_change, (election.words.body, election.words.bodies)),
            (row.seats, row.seats_change, (election.words.seat, election.words.seats)),
        )
    )
    told = ", ".join(filter(None, (councils, seats)))
    return f"{row.short} {told}" if told else ""


def _tells(number: str, change: str) -> bool:
    """Whether there is anything to tell: a number, or that there were some."""
    return bool(number) and not (number == "0" and change in {"", "0", NO_FIGURE})


def _bracketed(change: str) -> str:
    """`` (+4)``; `` (no change)``; nothing where nothing is known of it."""
    return "" if change in {"", NO_FIGURE} else f" ({'no change' if change == '0' else change})"
