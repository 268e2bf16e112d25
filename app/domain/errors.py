"""The tree of domain errors. What they mean over HTTP is known to ``web/errors.py`` alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.wording.errors import (
    key_reused,
    several_parties,
    unknown_ballot,
    unknown_convention,
    unknown_council,
    unknown_election,
    unknown_party,
    unknown_ranking,
    unknown_sequence,
    unreadable_catalogue,
    unreadable_entry,
)


class DomainError(Exception):
    """Something the rules of the night do not allow, or a name they do not know."""


class NotKnown(DomainError):
    """A name that this election does not have."""


class UnknownElection(NotKnown):
    """A slug that no election has."""

    def __init__(self, slug: str) -> None:
        super().__init__(unknown_election(slug))


class UnknownCouncil(NotKnown):
    """A council that the election does not have."""

    def __init__(self, council_id: str, body: str = "council") -> None:
        super().__init__(unknown_council(council_id, body))


class UnknownBallot(NotKnown):
    """A contest that the election does not have."""

    def __init__(self, ballot_id: str) -> None:
        super().__init__(unknown_ballot(ballot_id))


class UnknownSequence(NotKnown):
    """A sequence that the log has not reached."""

    def __init__(self, seq: int) -> None:
        super().__init__(unknown_sequence(seq))


class UnknownRanking(NotKnown):
    """A ranking that there is not."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(unknown_ranking(name, known))


class Harmed(DomainError):
    """Something in the database about the election ``slug`` that makes no sense; the text is for whoever mends it."""

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug


class UnreadableCatalogue(Harmed):
    """A catalogue that cannot be read, or of which no night can be made."""

    def __init__(self, slug: str, reason: str) -> None:
        super().__init__(slug, unreadable_catalogue(slug, reason))


class UnreadableEntry(Harmed):
    """An entry of the log that cannot be read, or does not fit into the night."""

    def __init__(self, slug: str, seq: int, reason: str) -> None:
        super().__init__(slug, unreadable_entry(slug, seq, reason))
        self.seq = seq
        self.reason = reason


class UnknownParty(DomainError):
    """A party that the election's party file does not have."""

    def __init__(self, party_id: str) -> None:
        super().__init__(unknown_party(party_id))


class UnknownGroup(NotKnown):
    """No party of that id or short name is in the election's party file."""

    def __init__(self, party: str) -> None:
        super().__init__(unknown_party(party))


class SeveralGroups(NotKnown):
    """A short name that several parties have: ``names`` are theirs, by id."""

    def __init__(self, party: str, names: Mapping[str, str]) -> None:
        super().__init__(several_parties(party, len(names)))
        self.names = names


class UnknownConvention(DomainError):
    """A convention that the election does not have."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        super().__init__(unknown_convention(key, known))


class KeyReused(DomainError):
    """An idempotency key that another declaration has."""

    def __init__(self, key: str) -> None:
        super().__init__(key_reused(key))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found: ``code`` F… is never passed, W… passes once it is confirmed."""

    code: str
    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class Found:
    """One thing a check found, as values: ``what`` it is among those of its ``code``, and of whom and how many.

    ``wording/findings.py`` has the sentence of every ``what``.
    """

    code: str
    field: str
    what: str
    values: Mapping[str, Any]


def found(code: str, field: str, what: str, /, **values: Any) -> Found:
    """Of ``code``, about ``field``: what it is among those of its code, with the values of its sentence."""
    return Found(code, field, what, values)


class Refused(DomainError):
    """A declaration that its checks do not let through; carries everything that was found."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(finding.detail for finding in findings))
        self.findings = tuple(findings)
