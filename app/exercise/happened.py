"""What has happened in an exercise: its own facts, and beside them what the log, the audit and the queue have."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.exercise.sheets import ResultBody

K = TypeVar("K")
V = TypeVar("V")


class OccurrenceKind(StrEnum):
    """What a fact tells of."""

    BEGUN = "begun"
    """The server has started, anew or again: time goes on from here."""
    HANDED = "handed"
    PUT_ASIDE = "put aside"
    ASKED = "asked"
    """The count was rung; it answered with the same figures, or with others (``changes``)."""
    TOLD = "told"
    """The count told something by itself: a recount, a correction, or that a council is counting (then ``council``)."""
    VOID = "void"
    """What was to be told can't be any more, such as a recount of what is declared."""
    LOOKED_AT = "looked at"
    """A whole form was judged, as ``body``, and ``codes`` were found: to be sent (``is_handed_in``) or not yet."""


class Purpose(StrEnum):
    """What a sheet is handed to somebody for."""

    KEY = "key"
    CHECK = "check"
    AGAIN = "again"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened to the sheet ``number`` (0: to none), ``seconds`` after the exercise began."""

    at: datetime
    seconds: float
    kind: OccurrenceKind
    number: int = 0
    person: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultEntry:
    """An entry of the log as far as it is about a result or a tally; ``at`` is when it was written there."""

    seq: int
    at: datetime
    kind: str
    subject: Subject
    body: ResultBody
    author: str
    checker: str | None = None

    @property
    def people(self) -> tuple[str, ...]:
        return (self.author,) if self.checker is None else (self.author, self.checker)


@dataclass(frozen=True, slots=True)
class DoubleKeying:
    """A row of the second check: what the one and then the other keyed, whatever became of it."""

    subject: Subject
    is_open: bool
    keyings: Sequence[Keying]


@dataclass(frozen=True, slots=True)
class KeyingAct:
    """A row of the audit: that somebody keyed a subject, or keyed it otherwise than somebody before (``differs``)."""

    at: datetime
    person: str
    subject: Subject
    differs: bool


@dataclass(frozen=True)
class Evidence:
    """What the database has, each oldest first."""

    log: Sequence[ResultEntry] = ()
    kept: Sequence[DoubleKeying] = ()
    acts: Sequence[KeyingAct] = ()
    persons: int = 2

    def of(self, subject: Subject) -> Sequence[ResultEntry]:
        """What was declared of a subject, withdrawals among it."""
        return self._log_of.get(subject, ())

    def standing(self, subject: Subject) -> ResultEntry | None:
        last = [*self.of(subject)][-1:]
        return last[0] if last and last[0].kind != "withdrawal" else None

    def waiting(self, subject: Subject) -> DoubleKeying | None:
        return self._open.get(subject)

    def sent(self, subject: Subject, person: str, since: datetime) -> datetime | None:
        """When somebody next handed in a subject, from ``since`` on."""
        acts = [act.at for act in self.acts_of(subject) if act.person == person]
        entries = [entry.at for entry in self.of(subject) if person in entry.people and entry.kind != "withdrawal"]
        return min((at for at in (*acts, *entries) if at >= since), default=None)

    def acts_of(self, subject: Subject) -> Sequence[KeyingAct]:
        return self._acts_of.get(subject, ())

    @cached_property
    def _log_of(self) -> Mapping[Subject, Sequence[ResultEntry]]:
        return _by(self.log, lambda entry: entry.subject)

    @cached_property
    def _acts_of(self) -> Mapping[Subject, Sequence[KeyingAct]]:
        return _by(self.acts, lambda act: act.subject)

    @cached_property
    def _open(self) -> Mapping[Subject, DoubleKeying]:
        return {kept.subject: kept for kept in self.kept if kept.is_open}


@dataclass(frozen=True)
class Happened:
    """All of it up to now, which is ``seconds`` after the exercise began."""

    facts: Sequence[Occurrence]
    evidence: Evidence
    seconds: float

    def of(self, number: int, *kinds: OccurrenceKind) -> list[Occurrence]:
        return [fact for fact in self._of_sheet.get(number, ()) if fact.kind in kinds]

    def first(self, number: int, kind: OccurrenceKind) -> Occurrence | None:
        return next((fact for fact in self._of_sheet.get(number, ()) if fact.kind is kind), None)

    def elapsed(self, at: datetime) -> float:
        """Seconds of the exercise until ``at``; while its server is away no time passes."""
        starts = self.of(0, OccurrenceKind.BEGUN)
        later = [start for start in starts if start.at <= at][-1:] or starts[:1]
        return later[0].seconds + max(0.0, (at - later[0].at).total_seconds()) if later else 0.0

    @cached_property
    def _of_sheet(self) -> Mapping[int, Sequence[Occurrence]]:
        return _by(self.facts, lambda fact: fact.number)


def _by(values: Iterable[V], key: Callable[[V], K]) -> dict[K, list[V]]:
    """``values`` in their order, apart by their ``key``."""
    found: dict[K, list[V]] = {}
    for value in values:
        found.setdefault(key(value), []).append(value)
    return found
