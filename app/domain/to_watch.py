"""Councils to watch: who can still control them, with which seats, how soon that can be certain, how soon it was.

Nothing is likely or unlikely here: every outcome of the seats to come that the nominations allow counts alike (rule 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from app.domain.contest import WITHOUT_WINNERS, ContestResult, seats_to_fill
from app.domain.council import Comparison, CouncilState, SeatSource, Since, reach
from app.domain.declarations import Entry, SubjectRecord
from app.domain.election import Contest, Convention, Election
from app.domain.nearness import can_decide, decides_control, most_here, seats_to_certainty
from app.domain.night import Night


class Chance(NamedTuple):
    """A contest to come where a party can take ``most`` seats, and without ``needed`` of them cannot control."""

    contest: Contest
    most: int
    needed: int


@dataclass(frozen=True, slots=True)
class Contender:
    """A party that can still control a council: it ``needs`` so many of the ``can_take`` seats within its reach.

    ``places`` are where those are; empty while a tally is the source, which does not say which wards it holds.
    """

    group: str
    needs: int
    can_take: int
    places: tuple[Chance, ...]


@dataclass(frozen=True, slots=True)
class Defence:
    """Seats up tonight by the reporting group that held them, on ``basis``; nobody can win those of ``no_poll``.

    ``controls`` had a ``majority`` over all others then, and keeps control if it loses up to ``can_lose`` of its
    ``seats_up``; below 0 it has to gain so many. All three are None where nobody had one: then the ``largest``, with
    ``most`` seats each, were ``short`` of the line. ``to_change`` seats have to go otherwise before control does.
    """

    basis: str
    seats_up: Mapping[str, int]
    no_poll: Mapping[str, int]
    largest: tuple[str, ...]
    most: int
    short: int
    to_change: int
    controls: str | None = None
    majority: int | None = None
    can_lose: int | None = None


@dataclass(frozen=True, slots=True)
class CouncilToWatch:
    """A council whose control is not certain.

    No fewer than ``at_least`` declarations of its contests make it certain, whoever wins them. Where one may be enough,
    ``deciding`` are those of which that is true. ``can_be_nobody``: it may end without overall control.
    """

    state: CouncilState
    comparison: Comparison
    contenders: tuple[Contender, ...]
    at_least: int
    deciding: tuple[Contest, ...]
    can_be_nobody: bool
    defence: Defence | None
    """None where the seats of then are not those of tonight."""

    @property
    def is_begun(self) -> bool:
        """Whether anything of its count is known."""
        return self.state.tally is not None or any(it.entry is not None for it in self.state.contests.values())

    @property
    def seats_to_change(self) -> int | None:
        """Fewest seats that have to go otherwise than they stood before until control is another's, or nobody's."""
        return None if self.defence is None else self.defence.to_change


class WatchOrder(StrEnum):
    """By what councils are near: to being ``certain``, or to changing ``hands``."""

    CERTAIN = "certain"
    HANDS = "hands"


@dataclass(frozen=True, slots=True)
class Lead:
    """Control of a council was certain so many ``minutes`` before ``last``, the declaration of its last ``contest``.

    They are those of the two times as a clock shows them: from 06:22 to 06:49 it is 27, whatever the seconds.
    """

    state: CouncilState
    since: Since
    last: Entry
    contest: Contest
    minutes: int


def order_of(asked: str) -> WatchOrder:
    """The one that is asked for; of one that there is not, the usual one."""
    return WatchOrder.HANDS if asked == WatchOrder.HANDS else WatchOrder.CERTAIN


def to_watch(
    night: Night, convention: Convention, region: str = "", order: WatchOrder = WatchOrder.CERTAIN
) -> tuple[CouncilToWatch, ...]:
    """The councils of the night, or of a ``region``, whose control is undecided, the nearest first.

    Of those that are as near, the one of which most is known comes first: fewest seats to come, then expected soonest.
    Near to changing hands are those where fewest seats have to go otherwise than before; those not known come last.
    """
    undecided = (it for it in _asked_for(night, region) if it.needs and not it.council.is_single)
    nearest = sorted((_watched(night.election, it, convention) for it in undecided), key=_nearest)
    return tuple(sorted(nearest, key=_to_change) if order is WatchOrder.HANDS else nearest)


def leads(night: Night, region: str = "") -> tuple[Lead, ...]:
    """Of the councils whose last contest is in, how long before that control was certain, the longest first."""
    found = [it for it in map(lead, _asked_for(night, region)) if it is not None]
    return tuple(sorted(found, key=lambda it: (-it.minutes, it.state.council.name)))


def lead(state: CouncilState) -> Lead | None:
    """None where not every contest is in one by one, where it was certain with the last or before the first entry.

    A result that made it certain may have been withdrawn since, and told anew as the last: that is no lead, either.
    """
    declared = [(came_in(it), it.contest) for it in state.contests.values() if it.put_off is None]
    came = [(entry, contest) for entry, contest in declared if entry is not None]
    since, by_wards = state.since, state.count.source is SeatSource.WARDS
    if not came or since is None or since.at is None or not (state.is_complete and by_wards):
        return None
    last, contest = max(came, key=lambda it: (it[0].at, it[0].seq))
    shown = last.at.replace(second=0, microsecond=0) - since.at.replace(second=0, microsecond=0)
    is_its_own = since.seq in {entry.seq for entry in state.contests[contest.ballot_id].history}
    is_early = last.at > since.at and not is_its_own
    return Lead(state, since, last, contest, shown // timedelta(minutes=1)) if is_early else None


def came_in(result: ContestResult) -> Entry | None:
    """The entry since which a contest has a result, whatever was corrected of it; None while it has none."""
    since: Entry | None = None
    for place, entry in enumerate(result.history, 1):
        stands = SubjectRecord(result.history[:place]).standing is not None
        since = (since or entry) if stands else None
    return since


def _asked_for(night: Night, region: str) -> Iterable[CouncilState]:
    states = (it for it in night.councils.values() if decides_control(night.election, it))
    return (it for it in states if not region or it.council.region == region)


def _nearest(watched: CouncilToWatch) -> tuple[int, int, bool, float, str]:
    state, at = watched.state, watched.state.next_expected_at
    expected = at.timestamp() if at is not None else 0
    return watched.at_least, state.seats_to_come, at is None, expected, state.council.name


def _to_change(watched: CouncilToWatch) -> tuple[bool, int]:
    return watched.seats_to_change is None, watched.seats_to_change or 0


def _watched(election: Election, state: CouncilState, convention: Convention) -> CouncilToWatch:
    opened = [it for it in state.contests.values() if not it.is_decided]
    can_be_nobody = _can_be_nobody(election, state, opened)
    at_least = _at_least(election, state, opened, can_be_nobody=can_be_nobody)
    deciding = [it.contest for it in opened if can_decide(election, state, it)] if at_least == 1 else []
    # Each of those who could lose their chance with one ward may need another ward for that.
    is_two = at_least == 1 and not deciding and state.count.source is SeatSource.WARDS
    return CouncilToWatch(
        state=state,
        comparison=state.comparisons[convention.key],
        contenders=tuple(_contenders(election, state, opened)),
        at_least=2 if is_two else at_least,
        deciding=tuple(deciding),
        can_be_nobody=can_be_nobody,
        defence=_defence(state, convention),
    )


def _contenders(election: Election, state: CouncilState, opened: Iterable[ContestResult]) -> Iterable[Contender]:
    most = reach(election, state.contests.values(), state.count)
    by_contest = [(it.contest, most_here(election, it)) for it in opened]
    is_told = state.count.source is SeatSource.WARDS
    for group, needs in state.needs.items():
        can_take = most[group] - state.seats.get(group, 0)
        places = (
            Chance(contest, here[group], max(0, needs - (can_take - here[group])))
            for contest, here in by_contest
            if is_told and here.get(group)
        )
        yield Contender(group, needs, can_take, tuple(places))


def _at_least(election: Election, state: CouncilState, opened: Sequence[ContestResult], *, can_be_nobody: bool) -> int:
    """Fewer declarations than these neither take anybody to the line nor everybody out of reach of it."""
    if state.count.source is SeatSource.TALLY:
        return _fewest((it.contest.seats_up for it in opened), seats_to_certainty(election, state) or 0)
    here = [(seats_to_fill(it.contest), most_here(election, it)) for it in opened]
    to_the_line = min(_fewest((most.get(it, 0) for _, most in here), needs) for it, needs in state.needs.items())
    if not can_be_nobody:
        return to_the_line
    spare = {it: sum(most.get(it, 0) for _, most in here) - needs for it, needs in state.needs.items()}
    out_of_reach = max(_fewest((_can_lose(it, *of) for of in here), spare[it] + 1) for it in state.needs)
    return min(to_the_line, out_of_reach)


def _fewest(parts: Iterable[int], enough: int) -> int:
    """How many of ``parts``, the largest first, are ``enough`` together: all of them are."""
    number = 0
    for part in sorted(parts, reverse=True):
        if enough <= 0:
            break
        number, enough = number + 1, enough - part
    return number


def _can_lose(group: str, to_fill: int, most: Mapping[str, int]) -> int:
    """Of the seats that ``group`` can take in a contest, those that others can."""
    others = sum(number for other, number in most.items() if other != group)
    return most.get(group, 0) - max(0, to_fill - others)


def _can_be_nobody(election: Election, state: CouncilState, opened: Iterable[ContestResult]) -> bool:
    """Whether all seats to come can be filled without anybody taking as many as they need: tried seat by seat."""
    if state.count.source is SeatSource.TALLY:
        anybody = {*reach(election, state.contests.values(), state.count), *state.umbrellas}
        most: list[Mapping[str, int]] = [dict.fromkeys(anybody, state.seats_to_come)]
        to_fill = [state.seats_to_come]
    else:
        most = [most_here(election, it) for it in opened]
        to_fill = [seats_to_fill(it.contest) for it in opened]
    taken = _Filling({group: needs - 1 for group, needs in state.needs.items()}, most)
    return all(taken.seat(contest, set()) for contest, seats in enumerate(to_fill) for _ in range(seats))


class _Filling:
    """Seats given away: to those with ``room`` no more than that, to others any number, in each contest ``most``."""

    def __init__(self, room: Mapping[str, int], most: Sequence[Mapping[str, int]]) -> None:
        self._room = room
        self._most = most
        self._of: dict[str, list[int]] = {group: [] for here in most for group in here}

    def seat(self, contest: int, asked: set[str]) -> bool:
        """Give a seat of ``contest`` to somebody, who may have to leave one of another contest to others for it."""
        for group, most in self._most[contest].items():
            of = self._of[group]
            if group in asked or of.count(contest) >= most:
                continue
            asked.add(group)
            if len(of) < self._room.get(group, len(of) + 1):
                of.append(contest)
                return True
            for other in sorted(set(of)):
                if self.seat(other, asked):
                    of[of.index(other)] = contest
                    return True
        return False


def _defence(state: CouncilState, convention: Convention) -> Defence | None:
    """On the first basis of ``convention`` that has seats; new boundaries leave nobody what they held."""
    council = state.council
    baselines = (council.baselines[basis] for basis in convention.control if basis in council.baselines)
    basis, seats = next(((it.basis, it.seats) for it in baselines if it.seats is not None), ("", {}))
    if council.boundary_change or not seats:
        return None
    no_poll = _without_winners(state)
    up = {group: number - council.continuing.get(group, 0) for group, number in seats.items()}
    if min(up.values()) < 0 or sum(up.values()) > council.seats_up or not council.continuing.keys() <= seats.keys():
        # Members have changed sides since, or the council has another size by now.
        return None
    if no_poll is None or any(number > up.get(group, 0) for group, number in no_poll.items()):
        return None
    held = {group: number - no_poll.get(group, 0) for group, number in up.items()}
    parties = {group: number for group, number in seats.items() if group not in state.umbrellas}
    most = max(parties.values(), default=0)
    largest = tuple(group for group, number in parties.items() if number == most)
    left = {group: number - no_poll.get(group, 0) for group, number in parties.items()}
    controls = largest[0] if most >= state.majority else None
    can_lose = left[controls] - state.majority if controls else None
    return Defence(
        basis=basis,
        seats_up={group: number for group, number in held.items() if number},
        no_poll=no_poll,
        largest=largest,
        most=most,
        short=max(0, state.majority - most),
        to_change=state.majority - max(left.values(), default=0) if can_lose is None else max(0, can_lose + 1),
        controls=controls,
        majority=most - (sum(seats.values()) - most) if controls else None,
        can_lose=can_lose,
    )


def _without_winners(state: CouncilState) -> Mapping[str, int] | None:
    """By who held them the seats that nobody can win tonight; None where nobody knows who did."""
    held: dict[str, int] = {}
    for result in state.contests.values():
        if result.state not in WITHOUT_WINNERS:
            continue
        if result.won_last_time is None:
            return None
        for group, number in result.won_last_time.items():
            held[group] = held.get(group, 0) + number
    return held
