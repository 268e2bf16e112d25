"""The second check: what two persons keyed of the same result, apart from each other, and whether it is the same.

Only figures are compared. Who said it and when is not something that two people write down alike.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.names import is_same_person
from app.domain.subject import Subject

SCALARS = ("ballots", "rejected", "turnout", "vacant", "complete")
"""The figures that are one value each; those by candidacy or party are compared one by one."""

MACHINE = "token:"
"""How the names of authors begin that are API tokens."""

MODE = "mode"
"""The field that differs where one gave votes and the other seats."""

_COUNT = re.compile(r"\d+|\d{1,3}(?:[, \u00a0\u2009\u202f']\d{3})+")


def count(written: str) -> int | None:
    """``1234``, ``1,234`` or ``1 234`` as a number; None for anything else, also for more digits than anything has."""
    return int(re.sub(r"\D", "", written)) if _COUNT.fullmatch(written) and len(written) < 15 else None


@dataclass(frozen=True, slots=True)
class Keying:
    """What one person keyed: a ``ward`` or ``tally`` as it would be posted, and the warnings that they confirmed."""

    person: str
    body: Mapping[str, Any]
    confirmed: frozenset[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Keyed:
    """What waits to be declared of one subject: the author's keying and, once they differ, the checker's."""

    subject: Subject
    author: Keying
    checker: Keying | None = None

    @property
    def is_disputed(self) -> bool:
        return self.checker is not None

    @property
    def keyings(self) -> tuple[Keying, ...]:
        return (self.author,) if self.checker is None else (self.author, self.checker)

    def is_all_of(self, person: str) -> bool:
        """Whether nobody else has keyed it."""
        return all(is_same_person(keying.person, person) for keying in self.keyings)

    @property
    def differing(self) -> frozenset[str]:
        """The fields on which the two do not agree."""
        return frozenset() if self.checker is None else differing(self.author.body, self.checker.body)

    def of(self, person: str) -> Keying | None:
        return next((keying for keying in self.keyings if is_same_person(keying.person, person)), None)

    def agreeing(self, keying: Keying) -> Keying | None:
        """The keying of somebody else that has the figures of ``keying``."""
        others = (other for other in self.keyings if not is_same_person(other.person, keying.person))
        return next((other for other in others if not differing(other.body, keying.body)), None)


def is_machine(person: str) -> bool:
    """Whether an author is an API token: a machine keys, and never checks."""
    return person.startswith(MACHINE)


def figures(body: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared of a ward or tally, by field: ``votes.ID``, ``seats.PARTY`` (0 is none), ``ballots``."""
    found: dict[str, Any] = {MODE: "seats" if body.get("votes") is None else "votes"}
    found |= {f"votes.{candidacy_id}": number for candidacy_id, number in (body.get("votes") or {}).items()}
    found |= {f"seats.{party_id}": number for party_id, number in (body.get("seats") or {}).items() if number}
    found |= {name: body[name] for name in SCALARS if body.get(name) is not None}
    return found


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """The fields in which two bodies have not the same figure; where one has votes and the other seats, ``mode``."""
    ours, theirs = figures(one), figures(other)
    fields = {name for name in ours | theirs if ours.get(name) != theirs.get(name)}
    if MODE in fields:
        # Every vote and every seat would differ: what has to be settled first is which of them to give.
        fields = {name for name in fields if not name.startswith(("votes.", "seats."))}
    drawn = [set(body["elected"]) for body in (one, other) if body.get("elected") is not None]
    # Winners need naming only after a lot: whoever leaves them out leaves them to the votes.
    if len(drawn) == 2 and drawn[0] != drawn[1]:
        fields.add("elected")
    return frozenset(fields)
