"""A number of the night that stands alone: the figure, what it counts, and what else has to be said of it."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.election import Convention
from app.domain.night import Night
from app.domain.scoreboard import NO_TALLY
from app.wording.derived import turnout_of_all
from app.wording.figures import NO_FIGURE, sentence, signed
from app.wording.night import name_of


class Number(StrEnum):
    """Which number: the first are of the night, those of :data:`OF_A_PARTY` of a reporting group, or of NOC."""

    CONTESTS_DECLARED = "contests-declared"
    COUNCILS_DECLARED = "councils-declared"
    SEATS_TO_COME = "seats-to-come"
    CHANGES = "changes"
    TURNOUT = "turnout"
    COUNCILS = "councils"
    COUNCILS_CHANGE = "councils-change"
    SEATS = "seats"
    SEATS_CHANGE = "seats-change"


OF_A_PARTY = frozenset({Number.COUNCILS, Number.COUNCILS_CHANGE, Number.SEATS, Number.SEATS_CHANGE})

OF_SEVERAL = frozenset({Number.COUNCILS_DECLARED, Number.COUNCILS, Number.COUNCILS_CHANGE})
"""Those that say nothing where there is one body alone, or where only by-elections are up."""

OF_SEATS = frozenset({Number.SEATS, Number.SEATS_CHANGE})
"""Those that NOC has not: it holds no seats."""


@dataclass(frozen=True, slots=True)
class NumberTold:
    """``139`` ``of 277 wards declared``; the ``note`` is empty where there is nothing to add."""

    figure: str
    label: str
    note: str = ""


def numbers_of(night: Night) -> list[Number]:
    """Those that this night has."""
    is_of_several = bool(night.progress.councils_total) and night.only_state is None
    return [it for it in Number if is_of_several or it not in OF_SEVERAL]


def number_name(night: Night, number: Number) -> str:
    """What it is called where one chooses: ``Wards declared``, ``Change of seats``."""
    words = night.election.words
    contests = words.contests if night.progress.councils_total else "by-elections"
    called = {
        Number.CONTESTS_DECLARED: f"{contests} declared",
        Number.COUNCILS_DECLARED: f"{words.bodies} declared",
        Number.SEATS_TO_COME: f"{words.seats} to come",
        Number.CHANGES: f"{words.seats if night.election.is_of_seats else words.bodies} that changed hands",
        Number.TURNOUT: "turnout",
        Number.COUNCILS: f"{words.bodies} of a party",
        Number.COUNCILS_CHANGE: f"a party’s change of {words.bodies}",
        Number.SEATS: f"{words.seats} of a party",
        Number.SEATS_CHANGE: f"a party’s change of {words.seats}",
    }
    return sentence(called[number])


def number_told(night: Night, convention: Convention, number: Number, group: str = "") -> NumberTold:
    """The number as it stands; ``group`` is the reporting group, or NOC, of one that is a party's."""
    if number in OF_A_PARTY:
        return _of_party(night, convention, number, group)
    done, words = night.shown_progress, night.election.words
    match number:
        case Number.COUNCILS_DECLARED:
            return NumberTold(f"{done.councils_complete:,}", f"of {done.councils_total:,} {words.bodies} declared")
        case Number.SEATS_TO_COME:
            seat = words.seat if done.seats_to_come == 1 else words.seats
            return NumberTold(f"{done.seats_to_come:,}", f"{seat} to come")
        case Number.CHANGES:
            return _changes(night, convention)
        case Number.TURNOUT:
            return _turnout(night)
    contests = words.contests if night.progress.councils_total else "by-elections"
    return NumberTold(f"{done.contests_declared:,}", f"of {done.contests_total:,} {contests} declared")


def _changes(night: Night, convention: Convention) -> NumberTold:
    words = night.election.words
    noun = (words.seat, words.seats) if night.election.is_of_seats else (words.body, words.bodies)
    flips = sum(it.holds and it.is_flip for it in night.decisions[convention.key])
    return NumberTold(f"{flips:,}", f"{noun[0]} has changed hands" if flips == 1 else f"{noun[1]} have changed hands")


def _turnout(night: Night) -> NumberTold:
    told = turnout_of_all(night.election, night.votes)
    if told is None:
        return NumberTold(NO_FIGURE, "turnout: not known yet")
    figure, _, covers = told.partition(" ")
    return NumberTold(figure, f"turnout {covers}")


def _of_party(night: Night, convention: Convention, number: Number, group: str) -> NumberTold:
    is_of_councils = bool(night.added_up())
    scoreboard = (night.scoreboards if is_of_councils else night.scoreboards_apart)[convention.key]
    tally, words, only = scoreboard.rows.get(group, NO_TALLY), night.election.words, night.only_state
    if number in OF_SEATS:
        count, nouns = tally.seats, (words.seat, words.seats)
        change, covers = tally.seats_change, scoreboard.compared_seats
        if only is not None and only.gains is not None:
            change, covers = only.gains.net(group), 1
    else:
        count, nouns = tally.councils, (words.body, words.bodies)
        change, covers = tally.councils_change, scoreboard.compared_control
    of = night.election.added_up if is_of_councils else night.progress_apart.contests_total
    bodies = words.bodies if is_of_councils else "by-elections"
    where = f" in {covers:,} of {of:,} {bodies}" if covers < of else ""
    if number in {Number.COUNCILS, Number.SEATS}:
        return NumberTold(f"{count:,}", nouns[count != 1], f"Change{where}: {signed(change)}" if covers else "")
    if not covers:
        return NumberTold(NO_FIGURE, nouns[1], "No comparison yet")
    return NumberTold(signed(change), nouns[abs(change) != 1], sentence(f"change{where}"))


def heading_of(night: Night, group: str) -> str:
    """Whose it is: a party's name, ``No overall control``, or the name of the election."""
    if not group:
        return night.election.name
    return name_of(night.election, group)


def number_line(night: Night, told: NumberTold, group: str) -> str:
    """In a line: ``Kent council elections 2023: 139 of 277 wards declared``."""
    return f"{heading_of(night, group)}: {told.figure} {told.label}"
