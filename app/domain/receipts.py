"""Receipts: what a badge, a change or a total is made of, so that anybody can add it up again (rules 1 to 6).

A receipt is a value of the night at one sequence. What it counts adds up to what is shown, exactly; ``since`` is the
first entry from which that has been so without a break.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.council import Comparison, CouncilState, SeatSource, begun_state, reach, state_after
from app.domain.declarations import CatalogueChange, Entry
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.figures import VoteSums
from app.domain.night import Night, Progress, progress_of
from app.domain.scoreboard import NO_TALLY, KnownChange, Tally, known_changes, part_of


class CountedKind(StrEnum):
    """Where seats of a council come from."""

    CONTINUING = "continuing"
    WARD = "ward"
    TALLY = "tally"
    VACANT = "vacant"


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a council's seats add up from: filled ``seats`` by reporting group, empty ones, those to come.

    ``seq`` is the entry that it stands at, 0 where it was so before the first. ``ballot_id`` names a contest.
    """

    kind: CountedKind
    seats: Mapping[str, int] = field(default_factory=dict)
    vacant: int = 0
    to_come: int = 0
    seq: int = 0
    ballot_id: str = ""


@dataclass(frozen=True, slots=True)
class SeatReceipt:
    """A reporting group's seats: ``continuing`` are those not up, and ``most`` is what it can still end with.

    ``before`` and ``change`` are None without a basis, and until the council is complete. A tally by phone may have
    fewer than continue: then ``won`` is below 0.
    """

    group: str
    seats: int
    continuing: int
    most: int
    before: int | None
    change: int | None

    @property
    def won(self) -> int:
        return self.seats - self.continuing


@dataclass(frozen=True, slots=True)
class CouncilReceipt:
    """Why a council's badge and change are what they are.

    Control, and what is needed for it, stands since entry ``since``, the change since ``change_since``: None while
    there is no change.
    """

    state: CouncilState
    convention: Convention
    counted: tuple[Counted, ...]
    seats: tuple[SeatReceipt, ...]
    since: int
    change_since: int | None

    @property
    def comparison(self) -> Comparison:
        return self.state.comparisons[self.convention.key]

    @property
    def differs_in_control(self) -> bool:
        """Whether another convention compares with another control before."""
        before = {it.before.control if it.before else None for it in self.state.comparisons.values()}
        return len(before) > 1

    @property
    def differs_in_seats(self) -> bool:
        """Whether another convention has another change."""
        changes = [it.change for it in self.state.comparisons.values()]
        return any(change != changes[0] for change in changes)


def council_receipt(night: Night, council_id: str, convention: Convention) -> CouncilReceipt:
    """That of a council; raises UnknownCouncil."""
    night.election.council(council_id)
    state, key = night.councils[council_id], convention.key
    change = state.comparisons[key].change
    return CouncilReceipt(
        state=state,
        convention=convention,
        counted=tuple(_counted(state)),
        seats=tuple(_seat_receipts(night, state, convention)),
        since=true_since(night, council_id, lambda it: _decided(it, key)),
        change_since=None if change is None else true_since(night, council_id, lambda it: _changed(it, key)),
    )


def _counted(state: CouncilState) -> Iterator[Counted]:
    """What the seats add up from: the source that accounts for more of them, which is a tally or the wards."""
    if state.count.source is SeatSource.TALLY and state.tally is not None:
        count = state.count
        yield Counted(CountedKind.TALLY, count.seats, count.vacant, count.to_come, state.tally.seq)
        return
    if state.council.continuing:
        yield Counted(CountedKind.CONTINUING, state.council.continuing)
    if state.council.long_vacant:
        yield Counted(CountedKind.VACANT, vacant=state.council.long_vacant)
    for ballot_id, it in state.contests.items():
        yield Counted(CountedKind.WARD, it.seats, it.vacant, it.to_come, it.seq, ballot_id)


def _seat_receipts(night: Night, state: CouncilState, convention: Convention) -> Iterator[SeatReceipt]:
    comparison, continuing = state.comparisons[convention.key], state.council.continuing
    most = reach(night.election, state.contests.values(), state.count)
    baseline = state.council.baselines.get(comparison.change_basis or "")
    before = baseline.seats if baseline is not None else None
    for group in dict.fromkeys([*state.seats, *(before or ()), *(it for it in most if most[it])]):
        seats = state.seats.get(group, 0)
        was = before.get(group, 0) if before is not None else None
        yield SeatReceipt(
            group=group,
            seats=seats,
            continuing=continuing.get(group, 0),
            most=most.get(group, seats),
            before=was,
            change=None if was is None else seats - was,
        )


def _decided(state: CouncilState, convention: str) -> object:
    """What a badge says: control, with what is still needed, and control before."""
    comparison = state.comparisons.get(convention)
    return state.control, comparison.before if comparison else None


def _changed(state: CouncilState, convention: str) -> object:
    comparison = state.comparisons.get(convention)
    return (comparison.change, comparison.change_basis) if comparison else None


# Totals


@dataclass(frozen=True, slots=True)
class PartyReceipt:
    """Why a reporting group, or NOC, has its row of the scoreboard: the councils that add anything to it.

    ``differing`` are councils whose part is another under another convention. Where the election is about one body
    alone its row is told by ``contests``: seats won there, and won less held where that is known.
    """

    group: str
    convention: Convention
    row: Tally
    parts: Mapping[str, Tally]
    changes: Mapping[str, KnownChange]
    """What its row has of them, by convention."""
    differing: tuple[str, ...]
    contests: Mapping[str, tuple[int, int | None]]
    since: int


def party_receipt(night: Night, group: str, convention: Convention) -> PartyReceipt:
    """That of a row of the scoreboard. Its councils are in the order of the files."""
    states = night.added_up()
    parts = {state.council_id: _part(state, group, convention.key) for state in states}
    keys = tuple(night.election.conventions)
    return PartyReceipt(
        group=group,
        convention=convention,
        row=night.scoreboards[convention.key].rows.get(group, NO_TALLY),
        parts={council_id: part for council_id, part in parts.items() if part != NO_TALLY},
        changes={key: known_changes(night.election, night.scoreboards[key], states, key)(group) for key in keys},
        differing=tuple(
            state.council_id for state in states if len({_shown(_part(state, group, key)) for key in keys}) > 1
        ),
        contests=dict(_contests(night.only_state, group)),
        since=last_changed(
            night,
            [state for state in states if _may_have(night.election, state, group)],
            lambda state: _part(state, group, convention.key),
        ),
    )


def _part(state: CouncilState, group: str, convention: str) -> Tally:
    return part_of(state, convention).rows.get(group, NO_TALLY) if convention in state.comparisons else NO_TALLY


def _may_have(election: Election, state: CouncilState, group: str) -> bool:
    """Whether ``group`` has, had or could have had anything there. Most of many parties stand in few councils."""
    if group == NO_OVERALL_CONTROL or group in {election.group(party_id) for party_id in state.council.parties}:
        return True
    is_open = not all(contest.has_nominations for contest in state.council.contests)
    return is_open or any(subject.kind == "tally" for subject in state.record.subjects)


def _contests(only: CouncilState | None, group: str) -> Iterator[tuple[str, tuple[int, int | None]]]:
    for ballot_id, result in only.contests.items() if only is not None else ():
        won, gained = result.seats.get(group, 0), (result.gained or {}).get(group, 0)
        if won or gained:
            yield ballot_id, (won, gained if result.gained is not None else None)


def _shown(part: Tally) -> tuple[int, int]:
    return part.councils_change, part.seats_change


@dataclass(frozen=True, slots=True)
class NightReceipt:
    """Why the night is as far as it is said to be: what each of its councils adds to progress and turnout."""

    progress: Progress
    votes: VoteSums
    parts: Mapping[str, tuple[Progress, VoteSums]]
    since: int


def night_receipt(night: Night) -> NightReceipt:
    """That of the figures about the whole night; of by-elections alone where it is made of them."""
    is_apart = not night.progress.councils_total
    states = [it for it in night.councils.values() if it.council.stands_apart is is_apart]
    counted = {state.council_id for state in night.added_up()}
    nothing = VoteSums()
    return NightReceipt(
        progress=night.shown_progress,
        votes=night.votes,
        parts={it.council_id: (progress_of(it), it.votes if it.council_id in counted else nothing) for it in states},
        since=last_changed(night, states, progress_of),
    )


# Since when


def true_since(night: Night, council_id: str, figure: Callable[[CouncilState], object]) -> int:
    """The first entry from which ``figure`` of a council has been what it is without a break; 0 before the first."""
    now, since, holds = figure(night.councils[council_id]), 0, False
    for seq, state in as_it_went(night, council_id):
        is_so = figure(state) == now
        since, holds = (seq if is_so and not holds else since), is_so
    return since


def last_changed(night: Night, states: Iterable[CouncilState], figure: Callable[[CouncilState], object]) -> int:
    """The newest entry that changed ``figure`` of any of ``states``, and so what they add up to; 0: none did.

    One that took a council away is taken for such an entry, whatever that council had.
    """
    newest = _taken_away(night)
    told_of = {state.council_id: max(_last(state), _begun(night, state.council_id)[0]) for state in states}
    for council_id in sorted(told_of, key=lambda it: -told_of[it]):
        if told_of[council_id] <= newest:
            break  # Nothing of this council, nor of those behind it, is as new.
        newest = max(newest, true_since(night, council_id, figure))
    return newest


def as_it_went(night: Night, council_id: str) -> Iterator[tuple[int, CouncilState]]:
    """A council after each entry about it, the oldest first; with 0, or the entry that brought it, as it began."""
    record = night.councils[council_id].record
    entries = {entry.seq: entry for subject in record.subjects.values() for entry in subject.entries}
    begun, election = _begun(night, council_id)
    state = begun_state(election, election.council(council_id))
    yield begun, state
    for seq in sorted(entries):
        election = night.election_at(seq)
        council = election.council(council_id) if _is_catalogue(entries[seq]) else None
        state = state_after(election, state, entries[seq], council)
        yield seq, state


def _begun(night: Night, council_id: str) -> tuple[int, Election]:
    """The entry that brought a council, 0 where it was there before the first, and the election as it was then."""
    election = night.election
    for ended, former in reversed(night.former):
        if council_id not in former.councils:
            return ended, election
        election = former
    return 0, election


def _taken_away(night: Night) -> int:
    """The newest entry that took a council away; 0 where none did."""
    elections = [*(election for _, election in night.former), night.election]
    changes = zip(night.former, elections[1:], strict=True)
    return max((ended for (ended, was), now in changes if was.councils.keys() - now.councils.keys()), default=0)


def _last(state: CouncilState) -> int:
    return state.last.seq if state.last is not None else 0


def _is_catalogue(entry: Entry) -> bool:
    return isinstance(entry.declaration, CatalogueChange)
