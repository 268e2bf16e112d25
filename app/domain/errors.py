"""The tree of domain errors. What they mean over HTTP is known to ``web/errors.py`` alone."""

from collections.abc import Sequence
from dataclasses import dataclass


class DomainError(Exception):
    """Something the rules of the night do not allow, or a name they do not know."""


class NotKnown(DomainError):
    """A name that this election does not have."""


class UnknownElection(NotKnown):
    """A slug that no election has."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no election “{slug}”. GET /api/v1/elections lists those there are.")


class UnknownCouncil(NotKnown):
    """A council that the election does not have."""

    def __init__(self, council_id: str) -> None:
        super().__init__(f"There is no council “{council_id}” in this election.")


class UnknownBallot(NotKnown):
    """A contest that the election does not have."""

    def __init__(self, ballot_id: str) -> None:
        super().__init__(f"There is no contest “{ballot_id}” in this election.")


class UnknownSequence(NotKnown):
    """A sequence that the log has not reached."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"There is no entry {seq} in the log of this election.")


class Harmed(DomainError):
    """Something in the database about the election ``slug`` that makes no sense; the text is for whoever mends it."""

    def __init__(self, slug: str, detail: str) -> None:
        super().__init__(detail)
        self.slug = slug


class UnreadableCatalogue(Harmed):
    """A catalogue that cannot be read, or of which no night can be made."""

    def __init__(self, slug: str, reason: str) -> None:
        super().__init__(
            slug,
            f"The catalogue of “{slug}” cannot be read: {reason}. Load its bundle again, or restore a backup.",
        )


class UnreadableEntry(Harmed):
    """An entry of the log that cannot be read, or does not fit into the night."""

    def __init__(self, slug: str, seq: int, reason: str) -> None:
        super().__init__(
            slug,
            f"Entry {seq} of “{slug}” cannot be read: {reason}. Restore a backup; or `declared pass-over {slug} {seq} "
            f"--reason …` has it left out, for all to see.",
        )
        self.seq = seq
        self.reason = reason


class UnknownParty(DomainError):
    """A party that the election's party file does not have."""

    def __init__(self, party_id: str) -> None:
        super().__init__(f"There is no party “{party_id}” in this election.")


class UnknownConvention(DomainError):
    """A convention that the election does not have."""

    def __init__(self, key: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no convention “{key}” in this election; there are: {', '.join(known)}.")


class Superseded(DomainError):
    """What was to be declared, corrected or withdrawn stands otherwise. ``standing_seq`` is what stands now."""

    def __init__(self, detail: str, *, standing_seq: int | None) -> None:
        super().__init__(detail)
        self.standing_seq = standing_seq


class KeyReused(DomainError):
    """An idempotency key that another declaration has."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The Idempotency-Key “{key}” was used for another declaration; use a new one for this.")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found: ``code`` F… is never passed, W… passes once it is confirmed."""

    code: str
    field: str
    detail: str


class Refused(DomainError):
    """A declaration that its checks do not let through; carries everything that was found."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(" ".join(finding.detail for finding in findings))
        self.findings = tuple(findings)
