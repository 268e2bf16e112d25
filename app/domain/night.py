"""A night: the fold of the log over an election, one entry at a time, one council at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.contest import ContestResult
from app.domain.council import CouncilState, begun_state, state_after
from app.domain.decisions import Decisions, decisions_after, opening_decisions
from app.domain.declarations import (
    CatalogueChange,
    CouncilRecord,
    Entry,
    PassedOver,
    WardDeclaration,
    Withdrawal,
    withdraws,
)
from app.domain.election import Council, Election, check_sound
from app.domain.errors import UnreadableCatalogue, UnreadableEntry
from app.domain.figures import NO_VOTES, VoteSums, vote_sums
from app.domain.scoreboard import Scoreboard, part_of
from app.domain.ticker import Change, Move, TickerLine, ticker_after
from app.wording.errors import does_not_fit

LATEST_LENGTH = 12
"""Newest declarations kept for display: the list is replaced whole."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the night is: sums over councils."""

    councils_total: int = 0
    councils_certain: int = 0
    councils_complete: int = 0
    contests_total: int = 0
    contests_declared: int = 0
    seats_total: int = 0
    seats_to_come: int = 0
    contests_put_off: int = 0
    seats_vacant: int = 0

    @property
    def contests_in(self) -> int:
        """How many of the ``contests_due`` are declared: what readers are told."""
        return self.contests_declared - self.contests_put_off

    @property
    def contests_due(self) -> int:
        """Contests that come to a result tonight: all but those put off."""
        return self.contests_total - self.contests_put_off

    def moved(self, old: "Progress", new: "Progress") -> "Progress":
        return Progress(
            *(getattr(self, name) - getattr(old, name) + getattr(new, name) for name in Progress.__dataclass_fields__)
        )


@dataclass(frozen=True)
class Night:
    """An election at one sequence. A value: :meth:`apply` makes the next one and leaves this as it is.

    Scoreboards and progress are of the councils of the night. Those where nothing but by-elections is up have their
    own, ``scoreboards_apart`` and ``progress_apart`` (rule 16).
    """

    election: Election
    seq: int
    councils: Mapping[str, CouncilState]
    scoreboards: Mapping[str, Scoreboard]
    """By convention."""
    tickers: Mapping[str, tuple[TickerLine, ...]]
    """By convention, newest first."""
    decisions: Mapping[str, Decisions]
    """By convention: every time that control became certain, newest first."""
    progress: Progress
    scoreboards_apart: Mapping[str, Scoreboard]
    progress_apart: Progress
    votes: VoteSums = NO_VOTES
    """Turnout and share of the contests of the councils of the night."""
    notes: CouncilRecord = CouncilRecord()
    """Notes about the whole night."""
    latest: tuple[Entry, ...] = ()
    """The newest ward declarations and corrections, newest first."""
    former: tuple[tuple[int, Election], ...] = ()
    """What ``election`` was before, each with the entry that ended it, oldest first."""

    def added_up(self) -> list[CouncilState]:
        """The councils that the scoreboards of the night add up, in the order of the files."""
        return [
            state
            for state in self.councils.values()
            if not state.council.stands_apart and self.election.adds_up(state.council)
        ]

    @property
    def shown_progress(self) -> Progress:
        """Of the councils of the night; where there is none, of the by-elections that it is made of."""
        return self.progress if self.progress.councils_total else self.progress_apart

    @property
    def all_progress(self) -> Progress:
        """Of everything that is declared in this election."""
        return self.progress.moved(Progress(), self.progress_apart)

    @classmethod
    def before_first(cls, election: Election) -> "Night":
        """The night with an empty log: what is decided when nominations close is decided here.

        Raises UnreadableCatalogue.
        """
        try:
            check_sound(election)
            states = [begun_state(election, council) for council in election.councils.values()]
            decisions = {
                key: opening_decisions(states, key, of_seats=election.is_of_seats) for key in election.conventions
            }
            return replace(cls._of(election, states), decisions=decisions)
        except Exception as error:
            raise UnreadableCatalogue(election.slug, f"{type(error).__name__}: {error}") from error

    @classmethod
    def _of(cls, election: Election, councils: Iterable[CouncilState]) -> "Night":
        """A night that consists of these councils, and of nothing else."""
        nothing = dict.fromkeys(election.conventions, Scoreboard({}))
        tickers: dict[str, tuple[TickerLine, ...]] = dict.fromkeys(election.conventions, ())
        decisions: dict[str, Decisions] = dict.fromkeys(election.conventions, ())
        night = cls(election, 0, {}, nothing, tickers, decisions, Progress(), nothing, Progress())
        return night._moved(Move(None, state) for state in councils)

    def apply(self, entry: Entry) -> tuple["Night", Change]:
        """The night after ``entry``, and what changed. The cost is that of the councils that it touches."""
        night, moves = self._after(entry)
        change = Change(entry, moves)
        tickers = {key: ticker_after(lines, change, key) for key, lines in night.tickers.items()}
        of_seats = night.election.is_of_seats
        decisions = {
            key: decisions_after(made, change, key, of_seats=of_seats) for key, made in night.decisions.items()
        }
        latest = self._latest_with(entry)
        return replace(night, seq=entry.seq, tickers=tickers, decisions=decisions, latest=latest), change

    def _after(self, entry: Entry) -> tuple["Night", tuple[Move, ...]]:
        match entry.declaration:
            case PassedOver():
                return self, ()
            case CatalogueChange() as changed:
                return self._with_catalogue(changed, entry)
            case Withdrawal(since=int(since)):
                return self._withdrawing(since, entry)
        if entry.council_id is None:
            return replace(self, notes=self.notes.with_entry(entry)), ()
        before = self.councils[entry.council_id]
        move = Move(before, state_after(self.election, before, entry))
        return self._moved([move]), (move,)

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

    def election_at(self, seq: int) -> Election:
        """The election as it was known at entry ``seq``: what that said is told by it for ever (rule 13)."""
        return next((election for ended, election in self.former if seq < ended), self.election)

    @property
    def only_state(self) -> CouncilState | None:
        """That of the one body that the election is about; None where there are several."""
        only = self.election.only_council
        return self.councils[only.council_id] if only is not None else None

    def result(self, ballot_id: str) -> ContestResult:
        contest = self.election.contest(ballot_id)
        return self.councils[contest.council_id].contests[ballot_id]

    def record_of(self, council_id: str | None) -> CouncilRecord:
        """What the log holds about a council, or about the whole night (None)."""
        return self.notes if council_id is None else self.councils[council_id].record

    def _moved(self, moves: Iterable[Move]) -> "Night":
        """The same night but for some councils."""
        councils, night = dict(self.councils), self
        for move in moves:
            if move.after is None:
                del councils[move.council_id]
            else:
                councils[move.council_id] = move.after
            for part in _parted(move):
                night = night._with_sums(part)
        return replace(night, councils=councils)

    def _with_sums(self, move: Move) -> "Night":
        """With the part of a council in scoreboards and progress that it has now, in the place of what it had."""
        added = Move(*(it if it is not None and self.election.adds_up(it.council) else None for it in move))
        if any(state.council.stands_apart for state in move if state is not None):
            scoreboards, progress = _moved(self.scoreboards_apart, added), self.progress_apart
            return replace(self, scoreboards_apart=scoreboards, progress_apart=progress.moved(*map(progress_of, move)))
        contests = added.contests.values()
        return replace(
            self,
            scoreboards=_moved(self.scoreboards, added),
            progress=self.progress.moved(*map(progress_of, move)),
            votes=self.votes.moved(
                vote_sums(was for was, _ in contests if was is not None),
                vote_sums(now for _, now in contests if now is not None),
            ),
        )

    def _with_catalogue(self, changed: CatalogueChange, entry: Entry) -> tuple["Night", tuple[Move, ...]]:
        """The same night under another catalogue. Councils that it leaves alone stay the very same."""
        election, touched = changed.election, {alteration.council_id for alteration in changed.alterations}
        is_derived_anew = _derives_by(election) != _derives_by(self.election)
        moves = []
        for council_id in {**self.councils, **election.councils}:
            was, council = self.councils.get(council_id), election.councils.get(council_id)
            if is_derived_anew or council_id in touched:
                moves.append(Move(was, _under(election, was, council, entry)))
            elif None in touched and was is not None:
                # What parties are called, for one, is told of every council.
                moves.append(Move(was, state_after(election, was, entry)))
        if _adds_up_by(election) == _adds_up_by(self.election):
            night = self._moved(moves)
        else:
            fresh = Night._of(election, [move.after for move in moves if move.after is not None])
            tickers = {key: self.tickers.get(key, ()) for key in election.conventions}
            decisions = {key: self.decisions.get(key, ()) for key in election.conventions}
            night = replace(fresh, tickers=tickers, decisions=decisions, notes=self.notes, latest=self.latest)
        councils = {council_id: night.councils[council_id] for council_id in election.councils}
        former = (*self.former, (entry.seq, self.election))
        return replace(night, election=election, councils=councils, former=former), tuple(moves)

    def _withdrawing(self, since: int, entry: Entry) -> tuple["Night", tuple[Move, ...]]:
        """The same night without what was declared after entry ``since``."""
        moves = tuple(
            Move(state, state_after(self.election, state, entry))
            for state in self.councils.values()
            if state.record.standing_since(since)
        )
        night = self._moved(moves)
        return replace(night, notes=self.notes.with_entry(entry)), moves

    def _latest_with(self, entry: Entry) -> tuple[Entry, ...]:
        if isinstance(entry.content, WardDeclaration):
            others = tuple(earlier for earlier in self.latest if earlier.ballot_id != entry.ballot_id)
            return (entry, *others)[:LATEST_LENGTH]
        kept = tuple(earlier for earlier in self.latest if not withdraws(entry, earlier.seq))
        return kept if len(kept) < len(self.latest) else self.latest


def _under(election: Election, was: CouncilState | None, council: Council | None, entry: Entry) -> CouncilState | None:
    """What becomes of a council with ``entry``, which changes the catalogue; ``council`` is None where it is gone."""
    if council is None:
        return None
    return begun_state(election, council) if was is None else state_after(election, was, entry, council)


def _parted(move: Move) -> Iterable[Move]:
    """``move``; one that begins to stand apart, or ends it, goes from the ones and comes to the others."""
    was, now = move
    if was is None or now is None or was.council.stands_apart is now.council.stands_apart:
        return (move,)
    return Move(was, None), Move(None, now)


def _moved(scoreboards: Mapping[str, Scoreboard], move: Move) -> Mapping[str, Scoreboard]:
    return {key: scoreboard.moved(*(part_of(it, key) for it in move)) for key, scoreboard in scoreboards.items()}


def _adds_up_by(election: Election) -> object:
    return election.conventions, election.is_of_offices


def _derives_by(election: Election) -> object:
    """What of an election, beside each council, the states of all councils are derived by."""
    groups = {party_id: election.group(party_id) for party_id in election.parties}
    return groups, election.umbrellas, election.told_by_name, _adds_up_by(election)


def progress_of(state: CouncilState | None) -> Progress:
    """What one council adds to progress; nothing where there is none."""
    if state is None:
        return Progress()
    return Progress(
        councils_total=1,
        councils_certain=int(state.is_certain),
        councils_complete=int(state.is_complete),
        contests_total=state.contests_total,
        contests_declared=state.contests_declared,
        contests_put_off=state.contests_put_off,
        seats_total=state.council.total_seats,
        seats_to_come=state.seats_to_come,
        seats_vacant=state.vacant,
    )
