"""Who controls a council, since when and with what: the first paragraph of its story."""

from collections.abc import Iterator
from itertools import groupby

from app.domain.control import Majority
from app.domain.council import CouncilState, SeatSource, Since
from app.domain.election import Election
from app.domain.to_watch import lead
from app.wording.council import elected_to
from app.wording.figures import day, duration, listed
from app.wording.progress import beside, but_vacant, progress
from app.wording.story.by_elections import by_elections_told
from app.wording.story.houses import House
from app.wording.story.text import Part, Sentence, of_contest, of_council, told
from app.wording.story.undone import tally_withdrawn_told, undone_told


def control_told(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """``Labour passed the line of 30 at 06:22 BST with six seats still out, and finished on 33 of 59, …``."""
    if state.council.is_single:
        yield _office(election, state, house)
        return
    if state.council.stands_apart:
        yield from by_elections_told(election, state.contests.values(), house)
    if state.council.is_known_whole:
        yield from _chamber(election, state, house)


def _office(election: Election, state: CouncilState, house: House) -> Sentence:
    who, since = elected_to(election, state), state.since
    if who is None and state.is_complete:
        return told("control", "Nobody was elected")
    if who is None:
        return told("up", f"The office was up on {day(election.polling_date)}")
    return told(
        "control", who.removesuffix(" elected"), " was elected", *(_at(election, state, since, house) if since else ())
    )


def _chamber(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    since, is_begun = state.since, state.contests_declared or state.tally is not None
    if since is not None:
        yield _certain(election, state, since, house)
        yield from _lead(election, state, house)
    if not is_begun or (state.last is None and not state.is_complete):
        yield _up(election, state, house)
    elif not state.is_complete:
        declared = f"{progress(election, state)} had been declared{beside(state)}"
        yield told("progress", *_by(election, state, house), declared)
        yield from _needs(election, state, house)
    if state.is_complete and not isinstance(state.control, Majority):
        yield from _largest(election, state, house)
    yield from undone_told(election, state, house)
    yield from tally_withdrawn_told(election, state, house)
    if is_begun and state.council.total_seats > 1:
        yield from _seats(election, state, house)
    if not is_begun and state.next_expected_at is not None:
        yield told("next", f"The first result was due about {house.clock(election, state.next_expected_at)}")


def _certain(election: Election, state: CouncilState, since: Since, house: House) -> Sentence:
    """Since when it was certain, and with how many seats still out."""
    line = f"the line of {state.majority}"
    when = [*_at(election, state, since, house), _still_out(election, since, house)]
    if isinstance(state.control, Majority):
        party = house.party(election, state.control.party_id)
        if state.council.total_seats == 1:
            return told("control", f"{party} won the one {election.words.seat}", *_at(election, state, since, house))
        return told("control", f"{party} passed {line}", *when, _finished(state, state.control.party_id, house))
    if since.at is None:
        return told("control", f"Nobody could reach {line}, even", *when)
    if since.seats_to_come == 0:
        return told("control", f"Nobody had reached {line}", *when)
    return told("control", f"Nobody could reach {line} any more", *when)


def _lead(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """``The last ward, Watling, came 27 minutes later``, where it was certain before that."""
    early = lead(state)
    if early is not None:
        later = f", came {duration(early.minutes, house.number)} later"
        yield told("lead", f"The last {election.words.contest}, ", of_contest(early.contest), later)


def _finished(state: CouncilState, group: str, house: House) -> str:
    """``, and finished on 33 of 59, a majority of seven over all others``; empty while seats are to come."""
    over = state.majority_over_others
    if over is None:
        return ""
    of = f"{state.seats[group]} of {state.council.total_seats}"
    return f", and finished on {of}, a majority of {house.number(over)} over all others"


def _largest(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """Who was largest at the end, all who were."""
    groups = state.largest
    if not groups:
        return
    parties = listed([house.party(election, group) for group in groups])
    number, total = house.number(state.seats[groups[0]]), house.seats(election, state.council.total_seats)
    if len(groups) > 1:
        yield told("largest", f"{parties} finished level as the largest, with {number} each of the {total}")
    else:
        yield told("largest", f"{parties} finished as the largest, with {number} of the {total}")


def _up(election: Election, state: CouncilState, house: House) -> Sentence:
    """``All 59 seats, in 24 wards, were up on 4 May 2023; a majority takes 30``."""
    council, words = state.council, election.words
    up, total = council.seats_up, council.total_seats
    if up == total:
        seats = f"The one {words.seat}" if total == 1 else f"All {house.seats(election, total)}"
    else:
        seats = f"{house.number(up)} of the {house.seats(election, total)}"
    wards, verb = house.contests(election, len(council.contests)), "was" if up == 1 else "were"
    takes = f"a majority takes {house.number(state.majority)}"
    return told("up", f"{seats}, in {wards}, {verb} up on {day(election.polling_date)}; {takes}")


def _needs(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """``For a majority Labour needed two of the six seats still out; the Conservatives and independents five each``."""
    out, needed = f"of the {house.seats(election, state.seats_to_come)} still out", list[str]()
    for number, needs in groupby(state.needs.items(), key=lambda need: need[1]):
        groups = [house.party(election, group) for group, _ in needs]
        each = " each" if len(groups) > 1 else ""
        if needed:
            needed.append(f"{listed(groups)} {house.number(number)}{each}")
            continue
        how_many = f"all {out}" if number == state.seats_to_come else f"{house.number(number)} {out}"
        last = f"the last {election.words.seat}" if state.seats_to_come == 1 else how_many
        needed.append(f"{listed(groups)}{' each' if len(groups) > 1 else ''} needed {last}")
    if needed:
        yield told("needs", f"For a majority {'; '.join(needed)}")


def _seats(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """``Final seats: Labour 33, Conservatives 22, independents 4``; on the way, with what was to come."""
    rest = [f"vacant {state.vacant:,}"] if state.vacant else []
    rest += [f"to come {state.seats_to_come:,}"] if state.seats_to_come else []
    seats = [house.seats_of(election, state.seats)] if state.seats else []
    not_up = f", {house.number(state.continuing)} of them not up" if state.continuing else ""
    by_phone = ", by phone" if state.count.source is SeatSource.TALLY else ""
    up_to = "by then" if state.last else "before the count"
    counted = f"final {election.words.seats}" if state.is_complete else f"{election.words.seats} {up_to}"
    yield told("seats", f"{counted}{by_phone}{not_up}: {', '.join([*seats, *rest])}")


def _by(election: Election, state: CouncilState, house: House) -> list[Part]:
    last = state.last
    return [] if last is None else ["By ", of_council(state, last.seq, house.clock(election, last.at)), " "]


def _at(election: Election, state: CouncilState, since: Since, house: House) -> list[Part]:
    if since.at is None:
        return [" before a vote was counted"]
    return [" at ", of_council(state, since.seq, house.clock(election, since.at))]


def _still_out(election: Election, since: Since, house: House) -> str:
    if since.at is None:
        return ""
    if not since.seats_to_come:
        return f" with every {election.words.seat} in{but_vacant(since.vacant, house.number)}"
    return f" with {house.seats(election, since.seats_to_come)} still out"
