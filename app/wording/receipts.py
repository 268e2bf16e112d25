"""What a receipt says: by which rule it is so, since when, against what, and where another house says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.control import Majority, NoOverallControl, Undecided
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import Night, Progress
from app.domain.receipts import CouncilReceipt, Counted, CountedKind, NightReceipt, PartyReceipt
from app.wording.control import basis_wording, controlled
from app.wording.council import change_missing
from app.wording.derived import turnout_of_all
from app.wording.figures import (
    NO_FIGURE,
    clock,
    listed,
    plural_bodies,
    plural_seats,
    sentence,
    signed,
    stopped,
)
from app.wording.night import short_apart, so_far
from app.wording.progress import but_vacant
from app.wording.why import before, leaders, why

MOST_NAMED = 6
"""Councils in which houses differ: where there are more, they are counted, but one."""


def house_called(convention: Convention) -> str:
    """``BBC``: what its label begins with; one that is no name but a description is quoted."""
    house, colon, _ = convention.label.partition(":")
    return house if colon or " " not in house else f"“{house}”"


def since_told(election: Election, seq: int, at: datetime | None) -> str:
    """``since entry 1,687, 05:00 BST``, ``since before the first entry``."""
    if not seq:
        return "since before the first entry"
    return f"since entry {seq:,}, {clock(election, at)}" if at is not None else f"since entry {seq:,}"


# A council


def council_asked(election: Election, receipt: CouncilReceipt) -> str:
    """What is asked: ``Why “LAB gain from CON”?``."""
    told = controlled(election, receipt.state.council, receipt.comparison)
    return f"Why “{told}”?" if told is not None else "Why is control undecided?"


def council_reasons(election: Election, receipt: CouncilReceipt) -> tuple[str, ...]:
    """What is so, and by which rule, as sentences."""
    state = receipt.state
    told = [why(election, state, receipt.comparison)]
    if state.council.is_known_whole and not state.council.is_single:
        told += [_line(election, state), _rule(election, receipt)]
    return tuple(stopped(it) for it in told)


def _line(election: Election, state: CouncilState) -> str:
    """Rule 2: more than half of all seats, those not up and the vacant ones included."""
    total, line = state.council.total_seats, state.majority
    half = f": half of them, {total // 2}, is not enough" if total % 2 == 0 else ""
    return f"The line is {line}, more than half of all {plural_seats(election, total)}{half}"


def _rule(election: Election, receipt: CouncilReceipt) -> str:
    """Rule 3, with the figures that it is decided by."""
    state = receipt.state
    to_come = f"the {plural_seats(election, state.seats_to_come)} to come"
    match state.control:
        case Majority(party_id=group):
            has = f"{election.short(group)} has {state.seats[group]}"
            return (
                f"{has}, whatever becomes of {to_come}"
                if state.seats_to_come
                else f"{has}, and {_all_in(election, state)}"
            )
        case NoOverallControl():
            if state.is_complete:
                most = leaders(election, state, how="has most, ") or "nobody has any"
                return f"{sentence(_all_in(election, state))}, and {most}"
            return f"With {to_come}, {_reaches(election, receipt)}: nobody gets to the line"
        case Undecided():
            return f"With {to_come}, {_reaches(election, receipt)}"


def _all_in(election: Election, state: CouncilState) -> str:
    return f"every {election.words.seat} is in{but_vacant(state.vacant)}"


def _reaches(election: Election, receipt: CouncilReceipt) -> str:
    """``LAB can end with 35 at most, CON with 31``: those who can still win, or else whoever comes nearest."""
    state = receipt.state
    most = {it.group: it.most for it in receipt.seats if it.group not in state.umbrellas}
    named = sorted((it for it in most if it in state.needs), key=lambda it: -most[it])
    named = named or [it for it in most if most[it] == max(most.values())]
    told = [
        f"{election.short(group)} {'with' if place else 'can end with'} {most[group]}{'' if place else ' at most'}"
        for place, group in enumerate(named)
    ]
    return listed(told) or "nobody stands"


def counted_name(state: CouncilState, counted: Counted) -> str:
    """What is counted: the name of a contest, ``Not up this time``, ``Tally by phone``, ``Vacant before``."""
    if counted.kind is CountedKind.WARD:
        return state.contests[counted.ballot_id].contest.name
    return {
        CountedKind.CONTINUING: "Not up this time",
        CountedKind.TALLY: "Tally by phone",
        CountedKind.VACANT: "Neither up nor filled",
    }[counted.kind]


def counted_told(election: Election, counted: Counted) -> str:
    """``LAB 2, CON 1``, ``3 to come``, ``1 vacant``."""
    seats = [f"{election.short(group)} {number:,}" for group, number in counted.seats.items() if number]
    to_come = [f"{counted.to_come:,} to come"] if counted.to_come else []
    vacant = [f"{counted.vacant:,} vacant"] if counted.vacant else []
    return ", ".join([*seats, *to_come, *vacant]) or f"no {election.words.seats}"


def change_told(election: Election, receipt: CouncilReceipt, at: datetime | None) -> str:
    """What the change is measured against, by whom, and since when it is so; or why there is none."""
    comparison, house = receipt.comparison, house_called(receipt.convention)
    if comparison.change is None:
        return change_missing(election, receipt.state, comparison) or ""
    moved = _moved(election, comparison.change) or "no change"
    against = f"against the {election.words.seats} {basis_wording(comparison.change_basis or '')}"
    since = since_told(election, receipt.change_since or 0, at)
    return f"{house}: {moved}, {against}, {since}."


def _moved(election: Election, change: Mapping[str, int]) -> str:
    moved = sorted(change.items(), key=lambda it: (-it[1], it[0]))
    return ", ".join(f"{election.short(group)} {signed(number)}" for group, number in moved)


def houses_differ(election: Election, receipt: CouncilReceipt) -> str:
    """``BBC and PA differ in control before and in seats before``, ``BBC and PA say the same``; empty of one alone."""
    parts = ["control before"] if receipt.differs_in_control else []
    parts += [f"{election.words.seats} before"] if receipt.differs_in_seats else []
    return _houses(election, " and in ".join(parts))


def _houses(election: Election, parts: str) -> str:
    called = listed([house_called(convention) for convention in election.conventions.values()])
    if len(election.conventions) == 1:
        return ""
    return f"{called} differ in {parts}" if parts else f"{called} say the same"


@dataclass(frozen=True, slots=True)
class HouseSays:
    """What a house says of a council, and ``because`` of what; ``change`` is empty while there is none."""

    house: str
    badge: str
    because: str
    change: str


def houses_say(election: Election, state: CouncilState) -> tuple[HouseSays, ...]:
    """What each says: it takes the first basis of its list that the council has."""
    return tuple(
        HouseSays(
            house_called(convention),
            sentence(controlled(election, state.council, it) or "undecided"),
            before(election, it),
            f"{_moved(election, it.change) or 'no change'}, {basis_wording(it.change_basis or '')}"
            if it.change is not None
            else "",
        )
        for convention in election.conventions.values()
        for it in (state.comparisons[convention.key],)
    )


# Totals


def party_asked(election: Election, receipt: PartyReceipt) -> str:
    """What is asked: ``Why LAB 79 councils and 2,706 seats?``."""
    row, name = receipt.row, short_apart(election, receipt.group)
    seats = plural_seats(election, row.seats)
    if election.only_council is not None:
        return f"Why {name} {seats}?"
    bodies = plural_bodies(election, row.councils)
    return f"Why {name} {bodies}?" if receipt.group == NO_OVERALL_CONTROL else f"Why {name} {bodies} and {seats}?"


def party_reasons(night: Night, receipt: PartyReceipt, at: datetime | None) -> tuple[str, ...]:
    """What the figures of a row are of, against what, and since when they are so, as sentences."""
    election, is_noc = night.election, receipt.group == NO_OVERALL_CONTROL
    words, told = election.words, list[str]()
    if election.only_council is None:
        what = "nobody can reach the line" if is_noc else "it has reached the line"
        told.append(f"{sentence(words.bodies)} are those where {what}, whatever is still to come")
    if not is_noc:
        told.append(f"{sentence(words.seats)} are those filled this time; those not up are not among them")
    told.append(_compared(night, receipt))
    told.append(f"It has stood {since_told(election, receipt.since, at)}")
    return tuple(stopped(it) for it in told if it)


def _compared(night: Night, receipt: PartyReceipt) -> str:
    """Of how many councils a change is."""
    election, words = night.election, night.election.words
    if election.only_council is not None:
        return ""
    house, board = house_called(receipt.convention), night.scoreboards[receipt.convention.key]
    of = plural_bodies(election, election.added_up)
    control = f"by {house}, control in {board.compared_control:,} of {of}"
    if receipt.group == NO_OVERALL_CONTROL:
        return f"Changes are counted {control}"
    return f"Changes are counted {control}, {words.seats} in {board.compared_seats:,}: those that are complete"


def now_briefly(election: Election, state: CouncilState) -> str:
    """Who controls a council now; a dash while that is undecided."""
    return election.short(state.holder) if state.holder is not None else NO_FIGURE


def before_briefly(election: Election, state: CouncilState, convention: str) -> str:
    """Who controlled it before; a dash where nobody knows here."""
    was = state.comparisons[convention].before
    return election.short(was.control) if was is not None else NO_FIGURE


def party_houses(election: Election, receipt: PartyReceipt) -> tuple[str, ...]:
    """``BBC: councils +26, seats +741``, a line for each house, where they differ; or that they say the same."""
    if not receipt.differing:
        same = _houses(election, "")
        return (f"{same}.",) if same else ()
    names = [election.council(council_id).name for council_id in receipt.differing]
    where = listed(
        names if len(names) <= MOST_NAMED + 1 else [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} others"]
    )
    lines = (f"{house_called(it)}: {_row(election, receipt, key)}." for key, it in election.conventions.items())
    return (*lines, f"{_houses(election, where)}: each compares with the first basis of its list that is on file.")


def _row(election: Election, receipt: PartyReceipt, convention: str) -> str:
    words, change = election.words, receipt.changes[convention]
    bodies = f"{words.bodies} {_known(change.councils)}"
    return bodies if receipt.group == NO_OVERALL_CONTROL else f"{bodies}, {words.seats} {_known(change.seats)}"


def _known(change: int | None) -> str:
    return "without comparison" if change is None else signed(change)


def night_asked(night: Night) -> str:
    """What is asked: ``Why 5 of 13 councils, 120 of 277 wards declared?``."""
    return f"Why {so_far(night)}?"


def night_reasons(night: Night, receipt: NightReceipt, at: datetime | None) -> tuple[str, ...]:
    """What the figures of the night are the sums of, as sentences."""
    election, done, words = night.election, receipt.progress, night.election.words
    contests = words.contests if night.progress.councils_total else "by-elections"
    told = [
        f"{sentence(contests)} count as declared once nothing more is to come from them{_put_off(done)}",
        f"{plural_seats(election, done.seats_to_come)} of {done.seats_total:,} {_is(done.seats_to_come)} to come"
        if done.seats_to_come
        else f"Nothing more is to come of {plural_seats(election, done.seats_total)}",
    ]
    votes = receipt.votes
    if votes.turnout is not None:
        told.append(
            f"Turnout {turnout_of_all(election, votes)}: {votes.papers:,} ballot papers of "
            f"{votes.electorate:,} electors"
        )
    told.append(f"It has stood {since_told(election, receipt.since, at)}")
    return tuple(stopped(it) for it in told)


def _put_off(done: Progress) -> str:
    return f"; {done.contests_put_off:,} put off are not counted" if done.contests_put_off else ""


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
