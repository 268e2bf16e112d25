"""One council: its seats from wards or tally, control, and what it is compared with."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from app.domain.contest import PUT_OFF, Beaten, ContestResult, contest_result
from app.domain.control import Control, Majority, Undecided, control, holder, majority_line
from app.domain.declarations import CatalogueChange, CouncilRecord, Entry, TallyDeclaration
from app.domain.election import Baseline, Contest, Convention, Council, Election
from app.domain.figures import FirstSince, VoteSums, first_since, margin, vote_sums
from app.domain.holders import Holders, Outcome, SeatGains, seat_change, seat_gains
from app.domain.subject import CATALOGUE, Subject


class Turned(NamedTuple):
    """Control before and after an entry: a reporting group or NOC, None while it is undecided."""

    was: str | None
    now: str | None


class SeatSource(StrEnum):
    """Where a council's seats come from: its wards one by one, or a tally by phone."""

    WARDS = "wards"
    TALLY = "tally"


@dataclass(frozen=True, slots=True)
class Before:
    """Control before tonight: a reporting group or NOC, and the basis it was taken from."""

    control: str
    basis: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a council looks like under one convention.

    ``now`` controls it, None while control is undecided; ``holders`` and ``outcome`` are None then, and where there is
    nothing to compare with. ``change`` is None until the council is complete: half a council against a whole one means
    nothing.
    """

    convention: str
    now: str | None = None
    before: Before | None = None
    change: Mapping[str, int] | None = None
    change_basis: str | None = None

    @property
    def holders(self) -> Holders | None:
        return Holders(self.now, self.before.control) if self.now is not None and self.before is not None else None

    @property
    def outcome(self) -> Outcome | None:
        return self.holders.outcome if self.holders else None

    @property
    def gain(self) -> Holders | None:
        """Who gained it and from whom."""
        return self.holders if self.outcome is Outcome.GAIN else None


@dataclass(frozen=True, slots=True)
class Since:
    """The entry since which control has stood unbroken, and how many seats were to come, and how many vacant, then.

    ``seq`` is 0 and ``at`` None where control stood before the first entry.
    """

    seq: int
    at: datetime | None
    seats_to_come: int
    vacant: int = 0


@dataclass(frozen=True, slots=True)
class SeatCount:
    """Seats by reporting group, the continuing ones included, from one source.

    Rule 1: ``sum(seats) + to_come + vacant`` is the council's total.
    """

    seats: Mapping[str, int]
    to_come: int
    vacant: int
    source: SeatSource


@dataclass(frozen=True)
class CouncilState:
    """Everything derived about one council at one sequence."""

    council: Council
    contests: Mapping[str, ContestResult]
    count: SeatCount
    control: Control
    comparisons: Mapping[str, Comparison]
    since: Since | None = None
    """None while control is undecided."""
    turns: Mapping[int, Turned] = field(default_factory=dict)
    """By sequence, the entries with which control became another, or undecided again."""
    record: CouncilRecord = CouncilRecord()
    tally: Entry | None = None
    """The standing tally, whether or not it is the source."""
    tally_disagrees: bool = False
    """The standing tally cannot be squared with the wards that are declared; the desk has to look."""
    status: Entry | None = None
    umbrellas: frozenset[str] = frozenset()
    """Reporting groups that are collections: never the largest party, since they are none."""

    @property
    def council_id(self) -> str:
        return self.council.council_id

    @property
    def seats(self) -> Mapping[str, int]:
        return self.count.seats

    @property
    def majority(self) -> int:
        return majority_line(self.council.total_seats)

    @property
    def continuing(self) -> int:
        return self.council.continuing_seats

    @property
    def declared_seats(self) -> int:
        return sum(self.count.seats.values()) - self.continuing

    @property
    def seats_to_come(self) -> int:
        return self.count.to_come

    @property
    def vacant(self) -> int:
        return self.count.vacant

    @cached_property
    def tonight(self) -> Mapping[str, int]:
        """Seats filled tonight, by reporting group: together the ``declared_seats``.

        Where a tally has fewer of a group than continue, members have changed party and others hold their seats, filled
        though they were not tonight. Whose they are no tally says: those who hold more than continue share what was
        filled in proportion, whole seats by the largest remainder.
        """
        beyond = {group: number - self.council.continuing.get(group, 0) for group, number in self.seats.items()}
        return shared_out(self.declared_seats, {group: number for group, number in beyond.items() if number > 0})

    @cached_property
    def contests_declared(self) -> int:
        """Contests from which nothing more is to come: declared, uncontested and cancelled ones."""
        return sum(result.is_decided for result in self.contests.values())

    @cached_property
    def contests_put_off(self) -> int:
        """Those among them whose poll was countermanded or postponed: nobody declares them tonight."""
        return sum(result.state in PUT_OFF for result in self.contests.values())

    @property
    def contests_in(self) -> int:
        """How many of the ``contests_due`` are declared: what readers are told."""
        return self.contests_declared - self.contests_put_off

    @property
    def contests_due(self) -> int:
        """Contests that come to a result tonight: all but those put off."""
        return self.contests_total - self.contests_put_off

    @cached_property
    def gains(self) -> SeatGains | None:
        """Seats that changed hands in its contests so far; None where nobody knows who held any of them."""
        if not any(contest.holder for contest in self.council.contests):
            return None
        return seat_gains(result.gained for result in self.contests.values())

    @property
    def contests_total(self) -> int:
        return len(self.contests)

    @property
    def is_complete(self) -> bool:
        return self.count.to_come == 0

    @property
    def is_certain(self) -> bool:
        return not isinstance(self.control, Undecided)

    @property
    def holder(self) -> str | None:
        """Who controls: a reporting group, NOC, or None while it is undecided."""
        return holder(self.control)

    @property
    def needs(self) -> Mapping[str, int]:
        return self.control.needs if isinstance(self.control, Undecided) else {}

    @property
    def largest(self) -> tuple[str, ...]:
        """The groups with most seats; more than one where they are level."""
        parties = {group: number for group, number in self.seats.items() if group not in self.umbrellas}
        most = max(parties.values(), default=0)
        return tuple(group for group, number in parties.items() if number == most and most)

    @property
    def majority_over_others(self) -> int | None:
        """Seats less everybody else's; None until the council is complete with a majority, and of a single office."""
        if self.council.is_single or not self.is_complete or not isinstance(self.control, Majority):
            return None
        own = self.seats[self.control.party_id]
        return own - (sum(self.seats.values()) - own)

    @cached_property
    def votes(self) -> VoteSums:
        """Turnout and share of its contests."""
        return vote_sums(self.contests.values())

    @property
    def first_since(self) -> FirstSince | None:
        """How long ago it was last controlled as it is now."""
        return first_since(self.council.history, self.council.created, self.holder)

    @cached_property
    def vote_lists(self) -> Mapping[tuple[int, ...], str]:
        """The ballot ids of declared contests, by their list of votes."""
        return {result.vote_list: ballot_id for ballot_id, result in self.contests.items() if result.vote_list}

    @cached_property
    def margins(self) -> Mapping[str, int]:
        """By ballot id, the votes of the last winner less those of the best loser, where votes decided."""
        between = ((ballot_id, margin(result)) for ballot_id, result in self.contests.items())
        return {ballot_id: votes for ballot_id, votes in between if votes}

    @cached_property
    def beaten(self) -> tuple[Beaten, ...]:
        """Who was not elected though they defended a seat or have a role, those first who were told first."""
        found = (
            Beaten(result, candidate)
            for result in self.contests.values()
            for candidate in result.candidates
            if candidate.has_lost and (candidate.candidacy.role or candidate.candidacy.defends)
        )
        return tuple(sorted(found, key=lambda it: it.seq))

    @cached_property
    def next_expected_at(self) -> datetime | None:
        """When the next of its declarations is expected: that of a contest to come, else its own."""
        awaited = [result.contest for result in self.contests.values() if not result.is_decided]
        times = (contest.expected_at or self.council.expected_at for contest in awaited)
        return None if self.is_complete else min((at for at in times if at is not None), default=None)

    @property
    def last(self) -> Entry | None:
        """The newest entry about this council."""
        return self.record.last


def final_at(states: Iterable[CouncilState]) -> datetime | None:
    """When the newest of what is known of these councils was declared, once nothing more is to come; None till then.

    None too where everything was decided when nominations closed: nothing has been declared.
    """
    shown = list(states)
    if not all(state.is_complete for state in shown):
        return None
    return max((state.last.at for state in shown if state.last is not None), default=None)


def council_state(
    election: Election,
    council: Council,
    record: CouncilRecord,
    contests: Mapping[str, ContestResult] | None = None,
) -> CouncilState:
    """The state of ``council`` from what the log holds about it, without what only its past tells.

    ``contests`` may be given where they are known already, so that one declaration derives one contest only.
    """
    if contests is None:
        contests = {contest.ballot_id: result_of(election, contest, record) for contest in council.contests}
    by_wards = seats_by_wards(council, contests.values())
    tally = record.about(Subject("tally", council.council_id)).standing
    by_tally = seats_by_tally(election, council, tally, known_vacant=by_wards.vacant)
    count = by_tally if by_tally and by_tally.to_come < by_wards.to_come else by_wards
    verdict = _control(election, council, contests.values(), count)
    return CouncilState(
        council=council,
        contests=contests,
        count=count,
        control=verdict,
        comparisons={
            convention.key: compare(council, convention, count, holder(verdict))
            for convention in election.conventions.values()
        },
        record=record,
        tally=tally,
        tally_disagrees=by_tally is not None and _disagree(by_wards, by_tally),
        status=record.about(Subject("council-status", council.council_id)).standing,
        umbrellas=election.umbrellas,
    )


def begun_state(election: Election, council: Council) -> CouncilState:
    """The state of ``council`` before anything is declared: what is decided when nominations close is decided here."""
    state = council_state(election, council, CouncilRecord())
    since = Since(0, None, state.seats_to_come, state.vacant) if state.is_certain else None
    return replace(state, since=since)


def state_after(election: Election, before: CouncilState, entry: Entry, council: Council | None = None) -> CouncilState:
    """The state after ``entry``, which touches this council; ``council`` is given where that changes with it.

    What ``entry`` is not about stays the very same value.
    """
    record = before.record.with_entry(entry)
    about = (entry.ballot_id, *(subject.ballot_id for subject in before.record.subjects_of(entry)))
    ballots = {ballot_id for ballot_id in about if ballot_id is not None}
    contests = before.contests
    if council is not None:
        contests = {contest.ballot_id: result_of(election, contest, record) for contest in council.contests}
    elif ballots:
        known = before.council.contests_by_id
        contests = {**contests, **{it: result_of(election, known[it], record) for it in sorted(ballots)}}
    after = council_state(election, council or before.council, record, contests)
    if isinstance(entry.declaration, CatalogueChange) and not _is_touched(before, after, entry.declaration):
        # It is told in other words from here on, and nothing of it is otherwise.
        after = replace(after, record=replace(before.record, last=entry))
    if after.holder == before.holder:
        return replace(after, since=before.since, turns=before.turns)
    turns = {**before.turns, entry.seq: Turned(before.holder, after.holder)}
    since = Since(entry.seq, entry.at, after.seats_to_come, after.vacant) if after.is_certain else None
    return replace(after, since=since, turns=turns)


def _control(election: Election, council: Council, contests: Iterable[ContestResult], count: SeatCount) -> Control:
    """An umbrella never controls, and who does is not known of by-elections whose council is not on file."""
    if not council.is_known_whole:
        return Undecided({})
    seats = {group: number for group, number in count.seats.items() if group not in election.umbrellas}
    return control(seats, reach(election, contests, count), total_seats=council.total_seats)


def _is_touched(before: CouncilState, after: CouncilState, changed: CatalogueChange) -> bool:
    is_named = after.council_id in changed.council_ids
    return is_named or (after.seats, after.comparisons) != (before.seats, before.comparisons)


def result_of(election: Election, contest: Contest, record: CouncilRecord) -> ContestResult:
    """The result of ``contest`` from what the log holds about its council."""
    ward, status = Subject("ward", contest.ballot_id), Subject("status", contest.ballot_id)
    return contest_result(election, contest, record.about(ward), record.about(status), record.about(CATALOGUE))


def seats_by_wards(council: Council, contests: Iterable[ContestResult]) -> SeatCount:
    """Continuing seats and those of every decided contest."""
    seats = dict(council.continuing)
    to_come, vacant = 0, council.long_vacant
    for result in contests:
        to_come += result.to_come
        vacant += result.vacant
        for group, number in result.seats.items():
            seats[group] = seats.get(group, 0) + number
    return SeatCount(most_seats_first(seats), to_come, vacant, SeatSource.WARDS)


def seats_by_tally(election: Election, council: Council, tally: Entry | None, *, known_vacant: int) -> SeatCount | None:
    """The seats of a standing tally; one that does not say how many seats are vacant has those that are known to be."""
    if tally is None or not isinstance(tally.content, TallyDeclaration):
        return None
    seats = election.grouped(tally.content.seats)
    left = council.total_seats - sum(seats.values())
    vacant = tally.content.vacant
    if vacant is None:
        vacant = 0 if tally.content.complete else min(known_vacant, left)
    return SeatCount(most_seats_first(seats), left - vacant, vacant, SeatSource.TALLY)


def reach(election: Election, contests: Iterable[ContestResult], count: SeatCount) -> Mapping[str, int]:
    """The most seats each reporting group that could control can end with (rule 3).

    From wards: its seats, and in every contest to come as many as it has candidates there, or all where the nominations
    are unknown. While a tally is the source nobody knows which contests it holds: its seats, and all seats to come.
    """
    to_come = [result for result in contests if not result.is_decided]
    standing = dict.fromkeys(group for result in to_come for group in result.candidates_by_group)
    if any(not result.contest.has_nominations for result in to_come):
        standing = dict.fromkeys(election.groups)
    most = dict(count.seats)
    if count.source is SeatSource.TALLY:
        most = {group: most.get(group, 0) + count.to_come for group in {**most, **standing}}
        to_come = []
    for result in to_come:
        seats_up = result.contest.seats_up
        if result.contest.has_nominations:
            for group, candidates in result.candidates_by_group.items():
                most[group] = most.get(group, 0) + min(seats_up, candidates)
        else:
            for group in standing:
                most[group] = most.get(group, 0) + seats_up
    return {group: seats for group, seats in most.items() if group not in election.umbrellas}


def compare(council: Council, convention: Convention, count: SeatCount, now: str | None) -> Comparison:
    """``council`` against the first basis of ``convention`` that it has, for control and for seats apart (rule 6)."""
    before = _before(council, convention)
    seated = _first(council, convention.seats, has=lambda baseline: baseline.seats is not None)
    complete = count.to_come == 0
    change = seat_change(count.seats, seated.seats) if complete and seated and seated.seats is not None else None
    change_basis = seated.basis if seated and change is not None else None
    return Comparison(convention.key, now, before, change, change_basis)


def most_seats_first(seats: Mapping[str, int]) -> Mapping[str, int]:
    """The groups that have a seat, the largest first, level ones by id so that every order of events reads the same."""
    return dict(sorted(((g, n) for g, n in seats.items() if n), key=lambda item: (-item[1], item[0])))


def shared_out(seats: int, claims: Mapping[str, int]) -> dict[str, int]:
    """``seats``, no more than the ``claims`` together, by group in proportion to them; who gets none is left out."""
    claimed = sum(claims.values())
    shares = {group: seats * claim // claimed for group, claim in claims.items()}
    remainders = sorted(claims, key=lambda group: (-(seats * claims[group] % claimed), group))
    for group in remainders[: seats - sum(shares.values())]:
        shares[group] += 1
    return {group: number for group, number in shares.items() if number > 0}


def _before(council: Council, convention: Convention) -> Before | None:
    baseline = _first(council, convention.control, has=lambda baseline: baseline.control is not None)
    if baseline is None or baseline.control is None:
        return None
    return Before(baseline.control, baseline.basis, baseline.note)


def _first(council: Council, bases: Iterable[str], *, has: Callable[[Baseline], bool]) -> Baseline | None:
    baselines = (council.baselines[basis] for basis in bases if basis in council.baselines)
    return next((baseline for baseline in baselines if has(baseline)), None)


def _disagree(wards: SeatCount, tally: SeatCount) -> bool:
    """Whether no way of filling the seats to come makes the two counts the same."""
    groups = {**wards.seats, **tally.seats}
    difference = {group: wards.seats.get(group, 0) - tally.seats.get(group, 0) for group in groups}
    missing_in_tally = sum(number for number in difference.values() if number > 0)
    missing_in_wards = -sum(number for number in difference.values() if number < 0)
    return missing_in_tally > tally.to_come or missing_in_wards > wards.to_come
