"""What goes wrong with a sheet: each mishap takes what is true of a ward and makes of it what is said at first.

A mishap that a ward has no place for gives None: nothing is planted there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from app.domain.contest import seats_to_fill, tied_across_last_seat
from app.domain.election import Contest
from app.exercise.results import ward, winners_first
from app.exercise.sheets import CountSheet, Mishap, Said

WIDEST_LOT = 0.2
"""Of the last winner's votes: the widest gap that is made a tie."""

MOST_MOVED = 40
"""Votes that a recount or the officer moves from one candidate to another."""

Planting = Callable[[Contest, CountSheet, Random], CountSheet | None]


def _does_not_add_up(contest: Contest, sheet: CountSheet, random: Random) -> CountSheet | None:
    """A candidate has more votes than there are papers or electors, and the total is that of the true votes."""
    body = sheet.last.body
    most = body.get("ballots") or contest.electorate
    if not most:
        return None
    one = random.choice(list(body["votes"]))
    votes = {**body["votes"], one: body["votes"][one] + most}
    # An officer who reads such a figure does not notice who would be elected by it.
    return _at_first(sheet, Mishap.DOES_NOT_ADD_UP, {**body, "votes": votes})


def _dead_line(contest: Contest, sheet: CountSheet, random: Random) -> CountSheet | None:
    """Only the candidates of the first half were heard, and nothing after them."""
    votes = sheet.last.body["votes"]
    if len(votes) < 2:
        return None
    heard = [it.candidacy_id for it in contest.candidacies][: max(1, len(votes) // 2 + random.choice((0, -1)))]
    body = {"kind": "ward", "ballot_id": contest.ballot_id, "votes": {one: votes[one] for one in heard}}
    return _at_first(sheet, Mishap.DEAD_LINE, body)


def _late_lot(contest: Contest, sheet: CountSheet, _random: Random) -> CountSheet | None:
    """The last winner and the first loser have the same votes, and it is not known yet who was drawn."""
    body, seats = sheet.last.body, seats_to_fill(contest)
    votes = dict(body["votes"])
    order = winners_first(contest, votes)
    if contest.is_stv or not 0 < seats < len(order):
        return None
    last, next_one = order[seats - 1], order[seats]
    if votes[last] - votes[next_one] > WIDEST_LOT * votes[last]:
        return None
    votes[last] = votes[next_one] = (votes[last] + votes[next_one]) // 2
    if len(tied_across_last_seat(votes, seats)) != 2:
        return None
    true = {**body, "votes": votes, "total": sum(votes.values()), "elected": order[:seats]}
    drawn = {**true, "elected": order[: seats - 1]}
    return replace(
        sheet, first=replace(sheet.first, body=drawn), last=replace(sheet.last, body=true), mishap=Mishap.LATE_LOT
    )


def _recount(contest: Contest, sheet: CountSheet, random: Random) -> CountSheet | None:
    """The first count had a bundle in the wrong pile."""
    return _with_moved(contest, sheet, Mishap.RECOUNT, random)


def _correction(contest: Contest, sheet: CountSheet, random: Random) -> CountSheet | None:
    """The officer announces votes of one candidate as another's, and says so once it is declared."""
    return _with_moved(contest, sheet, Mishap.CORRECTION, random)


def _misread(contest: Contest, sheet: CountSheet, random: Random) -> CountSheet | None:
    """One number is read out otherwise than it stands on the paper, and no total with it."""
    body = sheet.last.body
    slips = [(one, slip) for one, number in body["votes"].items() if (slip := misread(number, random)) != number]
    if not slips:
        return None
    candidacy_id, heard = random.choice(slips)
    votes = {**body["votes"], candidacy_id: heard}
    if tied_across_last_seat(votes, seats_to_fill(contest)):
        return None
    said = {name: value for name, value in body.items() if name != "total"}
    return _at_first(sheet, Mishap.MISREAD, {**said, "votes": votes, "elected": _elected(contest, votes)})


PLANTINGS: Mapping[Mishap, Planting] = {
    Mishap.LATE_LOT: _late_lot,
    Mishap.RECOUNT: _recount,
    Mishap.CORRECTION: _correction,
    Mishap.MISREAD: _misread,
    Mishap.DEAD_LINE: _dead_line,
    Mishap.DOES_NOT_ADD_UP: _does_not_add_up,
}
"""Those that befall one ward, the choosiest first. Each wants a sheet with votes."""


def misread(number: int, random: Random) -> int:
    """``number`` with two neighbouring digits exchanged, or else one of them missing or another one."""
    digits = str(number)
    places = [
        place for place in range(len(digits) - 1) if digits[place] != digits[place + 1] and digits[place + 1] != "0"
    ]
    if places:
        at = random.choice(places)
        return int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])
    at = random.randrange(len(digits))
    other = "3" if digits[at] != "3" else "8"
    return int(digits[:at] + other + digits[at + 1 :])


def can_be_swapped(one: Contest, other: Contest) -> bool:
    """Whether a sheet of the one can be taken for the other's: as many lines, as many seats, in one council."""
    alike = (one.council_id, one.seats_up, len(one.candidacies)) == (
        other.council_id,
        other.seats_up,
        len(other.candidacies),
    )
    return alike and one.ballot_id != other.ballot_id and not one.is_stv and not other.is_stv


def swapped(pair: Sequence[tuple[Contest, CountSheet]]) -> list[CountSheet]:
    """Two sheets, each with the figures of the other below its own ward's name and candidates."""
    (one, of_one), (other, of_other) = pair
    return [_under_name(one, of_one, other, of_other), _under_name(other, of_other, one, of_one)]


def wrong_tally(sheet: CountSheet) -> CountSheet:
    """A seat too many: the tally is of more seats than the council has."""
    seats = dict(sheet.last.body["seats"])
    seats[max(seats, key=lambda group: seats[group])] += 1
    return _at_first(sheet, Mishap.WRONG_TALLY, {**sheet.last.body, "seats": seats})


def _under_name(named: Contest, sheet: CountSheet, counted: Contest, theirs: CountSheet) -> CountSheet:
    votes = theirs.last.body["votes"]
    by_place = [votes[it.candidacy_id] for it in counted.candidacies]
    said = dict(zip((it.candidacy_id for it in named.candidacies), by_place, strict=True))
    papers = {
        name: value for name, value in theirs.last.body.items() if name in {"ballots", "rejected", "valid", "turnout"}
    }
    body = ward(named, said, elected=_elected(named, said), **papers)
    return replace(sheet, first=Said(body, counted.electorate), mishap=Mishap.SWAPPED)


def _with_moved(contest: Contest, sheet: CountSheet, mishap: Mishap, random: Random) -> CountSheet | None:
    """Some votes were another candidate's at first; the sum is the same, and nobody is tied."""
    true = sheet.last.body["votes"]
    givers = [one for one, number in true.items() if number > 1]
    if len(true) < 2 or not givers:
        return None
    giver = random.choice(givers)
    taker = random.choice([one for one in true if one != giver])
    number = random.randint(1, min(MOST_MOVED, true[giver] - 1))
    votes = {**true, giver: true[giver] - number, taker: true[taker] + number}
    if tied_across_last_seat(votes, seats_to_fill(contest)):
        return None
    return _at_first(sheet, mishap, {**sheet.last.body, "votes": votes, "elected": _elected(contest, votes)})


def _elected(contest: Contest, votes: Mapping[str, int]) -> list[str]:
    return winners_first(contest, votes)[: seats_to_fill(contest)]


def _at_first(sheet: CountSheet, mishap: Mishap, body: Mapping[str, Any]) -> CountSheet:
    return replace(sheet, first=replace(sheet.first, body=body), mishap=mishap)
