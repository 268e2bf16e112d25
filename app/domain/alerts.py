"""Alerts: what an entry of the log, or the time of day, gives a program to be told, by kinds that it may ask for.

They are what is otherwise after an entry than it was before. So what holds no more is an alert as well, of the same
kind: whoever was told that a council changed hands is told that it did not after all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain.contest import CandidateResult, ContestResult
from app.domain.council import CouncilState
from app.domain.declarations import Entry, StatusDeclaration, StatusValue, withdraws
from app.domain.expected import MovedTimes, expected, minutes_late
from app.domain.holders import Holders, Outcome
from app.domain.night import Night
from app.domain.ticker import Change, LineKind, Move, TickerLine


class AlertKind(StrEnum):
    """What may be asked for. A flip of a council is told to those who ask for what is certain, too."""

    FLIP = "flip"
    CERTAIN = "certain"
    CORRECTION = "correction"
    LEADER_OUT = "leader-out"
    TIE = "tie"
    RECOUNT = "recount"
    OVERDUE = "overdue"


LOGGED = tuple(kind for kind in AlertKind if kind is not AlertKind.OVERDUE)
"""Those that are in the log; a count is overdue by the clock."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to be told, or (``is_withdrawn``) that it no longer is so.

    ``line`` says it, as the ticker does; a correction or withdrawal has ``change`` instead, what it did, and what is
    overdue ``expected_at``. ``state`` is its council's as it was then, None of what is about several or none. ``entry``
    made it so; None: the clock did.
    """

    kind: AlertKind
    entry: Entry | None = None
    line: TickerLine | None = None
    state: CouncilState | None = None
    is_withdrawn: bool = False
    change: Change | None = None
    expected_at: datetime | None = None

    @property
    def kinds(self) -> tuple[AlertKind, ...]:
        """Its own, and what it is besides."""
        is_council_flip = self.kind is AlertKind.FLIP and self.line is not None and self.line.kind is LineKind.FLASH
        return (self.kind, AlertKind.CERTAIN) if is_council_flip else (self.kind,)

    @property
    def groups(self) -> frozenset[str]:
        """Whom ``line`` concerns: who holds something now and who did before, and whose people they are."""
        if self.line is None:
            return frozenset()
        compared = self.line.comparison
        holders = self.line.holders or (compared.holders if compared is not None else None)
        now = () if compared is None or compared.now is None else (compared.now,)
        return frozenset([*now, *(holders or ()), *(it.group for it in self.line.candidates)])

    @property
    def council_id(self) -> str | None:
        if self.state is not None:
            return self.state.council_id
        return self.entry.council_id if self.entry is not None else None

    @property
    def ballot_id(self) -> str | None:
        """The contest that it is about; None where that is a council, whichever of its contests made it so."""
        if self.line is not None:
            return self.line.ballot_id
        return self.entry.ballot_id if self.entry is not None else None


def alerts_of(change: Change, convention: str, *, of_seats: bool = False) -> tuple[Alert, ...]:
    """What ``change`` gives to tell under a convention, what no longer holds before what now does.

    ``of_seats``: of an election in which the seats of single contests change hands.
    """
    found = [alert for move in change.moves for alert in _of_move(change.entry, move, convention)]
    if of_seats:
        found += [alert for move in change.moves for alert in _of_seats(change.entry, move)]
    found.sort(key=lambda alert: not alert.is_withdrawn)
    if change.entry.is_revision:
        found.insert(0, Alert(AlertKind.CORRECTION, change.entry, state=change.after, change=change))
    return tuple(found)


def overdue(night: Night, moved: MovedTimes, now: datetime) -> tuple[Alert, ...]:
    """Of every council whose next result is late at ``now``, by a minute and by less than two days."""
    times = ((state, expected(state, moved)) for state in night.councils.values())
    return tuple(
        Alert(AlertKind.OVERDUE, state=state, expected_at=at) for state, at in times if minutes_late(at, now) > 0
    )


def _of_move(entry: Entry, move: Move, convention: str) -> Iterator[Alert]:
    was, now = (_control(entry, state, convention) for state in move)
    if _said(was) != _said(now):
        yield from _turned(was, now)
    for result_before, result_now in move.contests.values():
        for kind in (LineKind.LEADER, LineKind.LOT):
            was, now = (_of_result(entry, kind, *it) for it in zip((result_before, result_now), move, strict=True))
            if _said(was) != _said(now):
                yield from _turned(was, now)
    yield from _recounts(entry, move)


def _turned(was: Alert | None, now: Alert | None) -> Iterator[Alert]:
    if was is not None:
        yield replace(was, is_withdrawn=True)
    if now is not None:
        yield now


def _said(alert: Alert | None) -> object:
    """What an alert says, whichever entry gave it to say: two that are equal are told once."""
    if alert is None or alert.line is None:
        return None
    line = alert.line
    about = line.comparison and (line.comparison.now, line.comparison.holders)
    return about, line.holders, frozenset(it.candidacy.candidacy_id for it in line.candidates)


def _control(entry: Entry, state: CouncilState | None, convention: str) -> Alert | None:
    compared = state.comparisons.get(convention) if state is not None else None
    if state is None or compared is None or compared.now is None:
        return None
    kind = LineKind.CONTROL if compared.holders is None else LineKind.FLASH
    line = TickerLine(entry, kind, state.council_id, comparison=compared)
    return Alert(AlertKind.FLIP if compared.gain else AlertKind.CERTAIN, entry, line, state)


def _of_seats(entry: Entry, move: Move) -> Iterator[Alert]:
    """Of a ward with one seat, who took it from whom."""
    for ballot_id in move.contests if move.after is not None and move.after.council.elects_one_a_contest else ():
        was, now = (_seat(entry, state, ballot_id) for state in move)
        if _said(was) != _said(now):
            yield from _turned(was, now)


def _seat(entry: Entry, state: CouncilState | None, ballot_id: str) -> Alert | None:
    result = state.contests.get(ballot_id) if state is not None else None
    if state is None or result is None or result.outcome is not Outcome.GAIN:
        return None
    holders: Holders | None = result.holders
    line = TickerLine(entry, LineKind.GAIN, state.council_id, ballot_id, holders=holders)
    return Alert(AlertKind.FLIP, entry, line, state)


_TELLING: Mapping[LineKind, AlertKind] = {LineKind.LEADER: AlertKind.LEADER_OUT, LineKind.LOT: AlertKind.TIE}


def _of_result(entry: Entry, kind: LineKind, result: ContestResult | None, state: CouncilState | None) -> Alert | None:
    """Who of those with a role has lost in a contest, or who was drawn by lot."""
    found = _out(result) if kind is LineKind.LEADER else _drawn(result)
    if not found or result is None or state is None:
        return None
    line = TickerLine(entry, kind, state.council_id, result.contest.ballot_id, candidates=found)
    return Alert(_TELLING[kind], entry, line, state)


def _out(result: ContestResult | None) -> tuple[CandidateResult, ...]:
    candidates = result.candidates if result is not None else ()
    return tuple(it for it in candidates if it.candidacy.role and it.has_lost)


def _drawn(result: ContestResult | None) -> tuple[CandidateResult, ...]:
    return tuple(it for it in result.elected if it.by_lot) if result is not None else ()


def _recounts(entry: Entry, move: Move) -> Iterator[Alert]:
    """A recount that ``entry`` announces, or takes back; one that ends with a result is not taken back."""
    was, now = move
    if was is None or now is None:
        return
    contests = ((old.status if old else None, new.status if new else None) for old, new in move.contests.values())
    for before, after in ((was.status, now.status), *contests):
        if after is entry and _is_recount(entry):
            yield _recount(entry, entry, now)
        elif before is not None and _is_recount(before) and withdraws(entry, before.seq):
            yield replace(_recount(entry, before, now), is_withdrawn=True)


def _is_recount(entry: Entry) -> bool:
    return isinstance(entry.content, StatusDeclaration) and entry.content.status is StatusValue.RECOUNT


def _recount(entry: Entry, status: Entry, state: CouncilState) -> Alert:
    line = TickerLine(status, LineKind.STATUS, state.council_id, status.ballot_id)
    return Alert(AlertKind.RECOUNT, entry, line, state)
