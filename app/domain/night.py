"""A night: the fold of the log over an election, one entry at a time, one council at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.contest import ContestResult
from app.domain.council import CouncilState, Since, council_state, result_of
from app.domain.declarations import CouncilRecord, Entry, PassedOver, WardDeclaration
from app.domain.election import Election, check_sound
from app.domain.errors import UnreadableCatalogue, UnreadableEntry
from app.domain.ticker import Change, TickerLine, ticker_after
from app.wording.errors import does_not_fit

LATEST_LENGTH = 12
"""Newest declarations kept for display: the list is replaced whole."""


@dataclass(frozen=True, slots=True)
class Tally:
    """A scoreboard row before it has a name: councils and seats, with change where there is a figure to add up."""

    councils: int = 0
    councils_change: int = 0
    seats: int = 0
    seats_change: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.councils + other.councils,
            self.councils_change + other.councils_change,
            self.seats + other.seats,
            self.seats_change + other.seats_change,
        )

    def __neg__(self) -> "Tally":
        return Tally(-self.councils, -self.councils_change, -self.seats, -self.seats_change)


NO_TALLY = Tally()


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """Sums over the councils under one convention, by reporting group or NOC.

    ``compared_control`` and ``compared_seats`` count the councils whose change is in the sums: without one of them a
    change of 0 would say more than is known.
    """

    rows: Mapping[str, Tally]
    compared_control: int = 0
    compared_seats: int = 0

    def moved(self, old: "Scoreboard", new: "Scoreboard") -> "Scoreboard":
        """This sum with one council's part ``old`` taken out and ``new`` put in."""
        rows = dict(self.rows)
        for group in {**old.rows, **new.rows}:
            before, after = old.rows.get(group, NO_TALLY), new.rows.get(group, NO_TALLY)
            if after != before:
                rows[group] = rows.get(group, NO_TALLY) + -before + after
        return Scoreboard(
            rows=rows,
            compared_control=self.compared_control - old.compared_control + new.compared_control,
            compared_seats=self.compared_seats - old.compared_seats + new.compared_seats,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the night is: sums over the councils."""

    councils_total: int = 0
    councils_certain: int = 0
    councils_complete: int = 0
    contests_total: int = 0
    contests_declared: int = 0
    seats_total: int = 0
    seats_to_come: int = 0

    def moved(self, old: "Progress", new: "Progress") -> "Progress":
        return Progress(
            *(getattr(self, name) - getattr(old, name) + getattr(new, name) for name in Progress.__dataclass_fields__)
        )


@dataclass(frozen=True)
class Night:
    """An election at one sequence. A value: :meth:`apply` makes the next one and leaves this as it is."""

    election: Election
    seq: int
    councils: Mapping[str, CouncilState]
    scoreboards: Mapping[str, Scoreboard]
    """By convention."""
    tickers: Mapping[str, tuple[TickerLine, ...]]
    """By convention, newest first."""
    progress: Progress
    notes: CouncilRecord = CouncilRecord()
    """Notes about the whole night."""
    latest: tuple[Entry, ...] = ()
    """The newest ward declarations and corrections, newest first."""

    @classmethod
    def before_first(cls, election: Election) -> "Night":
        """The night with an empty log: what is decided when nominations close is decided here.

        Raises UnreadableCatalogue.
        """
        try:
            check_sound(election)
            return cls._begun(election)
        except Exception as error:
            raise UnreadableCatalogue(election.slug, f"{type(error).__name__}: {error}") from error

    @classmethod
    def _begun(cls, election: Election) -> "Night":
        councils = {}
        for council in election.councils.values():
            state = council_state(election, council, CouncilRecord())
            if state.is_certain:
                state = replace(state, since=Since(0, None, state.seats_to_come))
            councils[council.council_id] = state
        scoreboards = {key: Scoreboard({}) for key in election.conventions}
        progress = Progress()
        for state in councils.values():
            progress = progress.moved(Progress(), _progress(state))
            for key, scoreboard in scoreboards.items():
                scoreboards[key] = scoreboard.moved(Scoreboard({}), _part(state, key))
        return cls(election, 0, councils, scoreboards, dict.fromkeys(election.conventions, ()), progress)

    def apply(self, entry: Entry) -> tuple["Night", Change]:
        """The night after ``entry``, and what changed. The cost is that of the entry's own council."""
        if isinstance(entry.declaration, PassedOver):
            return replace(self, seq=entry.seq), Change(entry, None, None)
        before = self.councils[entry.council_id] if entry.council_id is not None else None
        if before is None:
            change = Change(entry, None, None)
            night = replace(self, seq=entry.seq, notes=self.notes.with_entry(entry))
        else:
            change = Change(entry, before, _after(self.election, before, entry))
            night = self._with_council(change)
        tickers = {key: ticker_after(lines, change, key) for key, lines in self.tickers.items()}
        return replace(night, tickers=tickers, latest=self._latest_with(entry)), change

    def told(self, entry: Entry) -> tuple["Night", Change]:
        """The same of an entry that is in the log already, whatever it says; raises UnreadableEntry."""
        try:
            return self.apply(entry)
        except Exception as error:
            raise UnreadableEntry(self.election.slug, entry.seq, does_not_fit(error)) from error

    def fold(self, log: Iterable[Entry]) -> "Night":
        """The night after every entry of ``log``; raises UnreadableEntry."""
        night = self
        for entry in log:
            night, _ = night.told(entry)
        return night

    def result(self, ballot_id: str) -> ContestResult:
        contest = self.election.contest(ballot_id)
        return self.councils[contest.council_id].contests[ballot_id]

    def record_of(self, council_id: str | None) -> CouncilRecord:
        """What the log holds about a council, or about the whole night (None)."""
        return self.notes if council_id is None else self.councils[council_id].record

    def next_expected(self) -> CouncilState | None:
        """The council with the earliest expected declaration among those that are not complete."""
        awaited = (
            state for state in self.councils.values() if not state.is_complete and state.council.expected_at is not None
        )
        return min(awaited, key=lambda state: (state.council.expected_at, state.council_id), default=None)

    def _with_council(self, change: Change) -> "Night":
        before, after = change.before, change.after
        assert before is not None  # only entries about a council come here
        assert after is not None
        return replace(
            self,
            seq=change.entry.seq,
            councils={**self.councils, after.council_id: after},
            scoreboards={
                key: scoreboard.moved(_part(before, key), _part(after, key))
                for key, scoreboard in self.scoreboards.items()
            },
            progress=self.progress.moved(_progress(before), _progress(after)),
        )

    def _latest_with(self, entry: Entry) -> tuple[Entry, ...]:
        if not isinstance(entry.content, WardDeclaration):
            kept = tuple(earlier for earlier in self.latest if earlier.seq != entry.replaces)
            return kept if len(kept) < len(self.latest) else self.latest
        others = tuple(earlier for earlier in self.latest if earlier.ballot_id != entry.ballot_id)
        return (entry, *others)[:LATEST_LENGTH]


def _after(election: Election, before: CouncilState, entry: Entry) -> CouncilState:
    record = before.record.with_entry(entry)
    contests = before.contests
    if entry.ballot_id is not None:
        contest = before.council.contests_by_id[entry.ballot_id]
        contests = {**contests, entry.ballot_id: result_of(election, contest, record)}
    after = council_state(election, before.council, record, contests)
    if not after.is_certain:
        return after
    unbroken = after.holder == before.holder
    return replace(after, since=before.since if unbroken else Since(entry.seq, entry.at, after.seats_to_come))


def _progress(state: CouncilState) -> Progress:
    return Progress(
        councils_total=1,
        councils_certain=int(state.is_certain),
        councils_complete=int(state.is_complete),
        contests_total=state.contests_total,
        contests_declared=state.contests_declared,
        seats_total=state.council.total_seats,
        seats_to_come=state.seats_to_come,
    )


def _part(state: CouncilState, convention: str) -> Scoreboard:
    """What one council adds to the scoreboard."""
    comparison = state.comparisons[convention]
    rows = {group: Tally(seats=number) for group, number in state.tonight.items()}
    for group, number in (comparison.change or {}).items():
        rows[group] = rows.get(group, NO_TALLY) + Tally(seats_change=number)
    compared = state.holder is not None and comparison.before is not None
    if state.holder is not None:
        rows[state.holder] = rows.get(state.holder, NO_TALLY) + Tally(councils=1, councils_change=int(compared))
    if comparison.before is not None and compared:
        before = comparison.before.control
        rows[before] = rows.get(before, NO_TALLY) + Tally(councils_change=-1)
    return Scoreboard(rows, int(compared), int(comparison.change is not None))
