"""The second check: what two persons keyed of the same result, apart from each other, and whether it is the same.

What was keyed of a subject is in one of four states, each of which says what a keying makes of it:

    Open -> Waiting -> Declared, or Disputed until two of those who key it agree

Where one person is enough, theirs is Declared from the first on.

Only figures are compared. Who said it and when is not something that two people write down alike.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from app.domain.errors import DomainError
from app.domain.names import is_same_person
from app.domain.subject import Subject
from app.wording.errors import keyed_already, keyed_as_something_else, keyed_differently

OPTIONAL = ("ballots", "rejected", "valid", "total", "turnout", "vacant")
"""Figures that are not always read out: where one of the two has one alone, that is the figure."""

SCALARS = (*OPTIONAL, "complete")
"""The figures that are one value each; those by candidacy or party are compared one by one."""

MACHINE = "token:"
"""How the names of authors begin that are API tokens."""

REVISIONS = frozenset({"correction", "withdrawal"})
"""The kinds that change what stands: an editor begins them, and another keys or confirms them."""

KIND = "kind"
"""The field that differs where one hands in a result and the other a correction of it, or a withdrawal."""

MODE = "mode"
"""The field that differs where one gave votes and the other seats."""

_COUNT = re.compile(r"[0-9０-９]+|[0-9０-９]{1,3}(?:[, \u00a0\u2009\u202f'][0-9０-９]{3})+")


def count(written: str) -> int | None:
    """``1234``, ``1,234`` or ``1 234`` as a number; None for anything else, also for more digits than anything has.

    The same as in ``desk/sums.js``: digits are 0 to 9, full-width ones too.
    """
    return int(re.sub(r"\D", "", written)) if _COUNT.fullmatch(written) and len(written) < 15 else None


@dataclass(frozen=True, slots=True)
class Keying:
    """What one person keyed as it would be posted, and the warnings that they confirmed.

    ``body`` is a ``ward`` or ``tally``, or the ``correction`` or ``withdrawal`` of one.
    """

    person: str
    body: Mapping[str, Any]
    confirmed: frozenset[str]
    at: datetime
    after: int | None = None
    """The last entry of the log then; None where that was not kept."""
    sent_at: datetime | None = None
    """When it was sent, where it waited for a network before it came; None where it came at once."""

    def is_by(self, person: str) -> bool:
        return is_same_person(self.person, person)

    @property
    def is_revision(self) -> bool:
        return self.body[KIND] in REVISIONS

    def is_of_the_kind_of(self, other: "Keying") -> bool:
        """Whether both are results, or both change the same entry in the same way."""
        return all(self.body.get(name) == other.body.get(name) for name in (KIND, "replaces"))

    def agrees_with(self, other: "Keying") -> bool:
        """Whether it is the same, keyed by another: nobody checks themselves."""
        return not self.is_by(other.person) and not differing(self.body, other.body)


class May(Enum):
    """What may come of a keying by the one person whose it is: each is more than the one before."""

    KEY = "key"
    """It waits for another."""
    CHECK = "check"
    """It may be the second one."""
    DECLARE = "declare"
    """One is enough."""


class AwaitsAnother(DomainError):
    """Somebody has keyed this already, and who keys it now may not check, or hands in something of another kind."""


@dataclass(frozen=True, slots=True)
class Open:
    """Nobody has keyed it, or it was taken back."""

    subject: Subject

    def key(self, keying: Keying, may: May) -> "Waiting | Declared":
        return Declared(self.subject, keying) if may is May.DECLARE else Waiting(self.subject, keying)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person has keyed it, and another has to key it again."""

    subject: Subject
    author: Keying
    checker: ClassVar[None] = None
    state: ClassVar[str] = "waiting"
    differing: ClassVar[frozenset[str]] = frozenset()

    @property
    def keyings(self) -> tuple[Keying, ...]:
        return (self.author,)

    def of(self, person: str) -> Keying | None:
        return self.author if self.author.is_by(person) else None

    def key(self, keying: Keying, may: May) -> "Waiting | Disputed | Declared":
        """Raises AwaitsAnother. What its author keys again takes its place."""
        if self.author.is_by(keying.person):
            return Open(self.subject).key(keying, may)
        if may is May.KEY:
            raise AwaitsAnother(keyed_already(self.author.person))
        _refuse_another_kind(keying, self.author)
        return self.check(keying)

    def check(self, keying: Keying) -> "Disputed | Declared":
        """By another: the same is declared, anything else is disputed."""
        agrees = keying.agrees_with(self.author)
        return (Declared if agrees else Disputed)(self.subject, self.author, keying)


@dataclass(frozen=True, slots=True)
class Disputed:
    """Two have keyed it differently: either of them keys it again, or another settles it."""

    subject: Subject
    author: Keying
    checker: Keying
    beside: frozenset[str] = frozenset()
    """Optional figures that one of them gave, and that cannot be taken beside what the other gave."""
    state: ClassVar[str] = "disputed"

    @property
    def keyings(self) -> tuple[Keying, ...]:
        return (self.author, self.checker)

    @property
    def differing(self) -> frozenset[str]:
        """The fields on which the two do not agree."""
        return differing(self.author.body, self.checker.body) | self.beside

    def of(self, person: str) -> Keying | None:
        return next((keying for keying in self.keyings if keying.is_by(person)), None)

    def key(self, keying: Keying, may: May) -> "Disputed | Declared":
        """Raises AwaitsAnother: a third person only settles it, by agreeing with one of the two."""
        _refuse_another_kind(keying, self.author)
        agreeing = next((other for other in self.keyings if self.agree(keying, other)), None)
        if self.of(keying.person) is None and (agreeing is None or may is May.KEY):
            raise AwaitsAnother(keyed_differently(self.author.person, self.checker.person))
        return self.key_again(keying) if agreeing is None else self.settle(keying, agreeing)

    def without(self, person: str) -> "Waiting":
        """What is left where one of the two keyed nothing."""
        left = next(keying for keying in self.keyings if not keying.is_by(person))
        return Waiting(self.subject, left)

    def key_again(self, keying: Keying) -> "Disputed":
        """By one of the two, who still differ."""
        author, checker = (keying if it.is_by(keying.person) else it for it in self.keyings)
        return Disputed(self.subject, author, checker, self.differing & given_by_one(author.body, checker.body))

    def agree(self, one: Keying, other: Keying) -> bool:
        """Whether the two are the same by now: nobody settles a figure by leaving it out."""
        return one.agrees_with(other) and not self.differing & given_by_one(one.body, other.body)

    def settle(self, keying: Keying, agreeing: Keying) -> "Declared":
        """The author is who keyed it first of those who agree."""
        first, second = (keying, agreeing) if self.author.is_by(keying.person) else (agreeing, keying)
        return Declared(self.subject, first, second)


@dataclass(frozen=True, slots=True)
class Declared:
    """Two have keyed the same, or one was enough: ``checker`` is None then."""

    subject: Subject
    author: Keying
    checker: Keying | None = None

    @property
    def body(self) -> Mapping[str, Any]:
        """What is declared: what only the checker gave, such as a source, is not lost."""
        return self.author.body if self.checker is None else {**self.checker.body, **self.author.body}

    @property
    def keyed_after(self) -> int | None:
        """The last entry of the log when the first of the two keyed it."""
        return min((it.after for it in (self.author, self.checker) if it and it.after is not None), default=None)


Keyed = Waiting | Disputed
"""What is kept until it is declared."""


def _refuse_another_kind(keying: Keying, waiting: Keying) -> None:
    if not keying.is_of_the_kind_of(waiting):
        raise AwaitsAnother(keyed_as_something_else(waiting.person, str(waiting.body[KIND])))


def keyed_otherwise(waiting: Keyed | None, person: str, body: Mapping[str, Any]) -> Mapping[str, int]:
    """Who else has keyed something else than ``person`` declares with ``body``, and in how many fields."""
    others = (keying for keying in (waiting.keyings if waiting else ()) if not keying.is_by(person))
    fields = {keying.person: len(differing(keying.body, body)) for keying in others}
    return {name: number for name, number in fields.items() if number}


def is_machine(person: str) -> bool:
    """Whether an author is an API token: a machine keys, and never checks."""
    return person.startswith(MACHINE)


def figures(body: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared of a ward or tally, by field: ``votes.ID``, ``seats.PARTY`` (0 is none), ``ballots``."""
    given = (name for name in ("votes", "seats") if body.get(name) is not None)
    found: dict[str, Any] = {MODE: next(given, "elected")}
    found |= {f"votes.{candidacy_id}": number for candidacy_id, number in (body.get("votes") or {}).items()}
    found |= {f"seats.{party_id}": number for party_id, number in (body.get("seats") or {}).items() if number}
    found |= {name: body[name] for name in SCALARS if body.get(name) is not None}
    return found


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """The fields in which two bodies have not the same figure; where one has votes and the other seats, ``mode``."""
    if one.get(KIND) != other.get(KIND):
        return frozenset({KIND})
    ours, theirs = figures(one), figures(other)
    fields = {name for name in ours | theirs if ours.get(name) != theirs.get(name)} - given_by_one(one, other)
    if MODE in fields:
        # Every vote and every seat would differ: what has to be settled first is which of them to give.
        fields = {name for name in fields if not name.startswith(("votes.", "seats."))}
    drawn = [set(body["elected"]) for body in (one, other) if body.get("elected") is not None]
    # Winners need naming only after a lot: whoever leaves them out leaves them to the votes.
    if len(drawn) == 2 and drawn[0] != drawn[1]:
        fields.add("elected")
    return frozenset(fields)


def given_by_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """The optional figures that one of two bodies has, and the other has not."""
    return frozenset(name for name in OPTIONAL if (one.get(name) is None) != (other.get(name) is None))
