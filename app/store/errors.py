"""What can go wrong with the database, in words for the person who has to put it right."""

from collections.abc import Sequence

from app.domain.declarations import Alteration
from app.domain.election import Candidacy


class StoreError(Exception):
    """Something the store cannot do; the text is one clear line."""


class StoreUnavailable(StoreError):
    """The database is missing, locked, full or out of reach. What was being written is not acknowledged.

    ``is_passing`` says that the transaction was certainly rolled back by something that is gone at once (a deadlock, a
    connection that broke), so that the same transaction can simply be run again. ``is_away``: that it may be there
    again later, without anybody having to mend it.
    """

    def __init__(self, detail: str, *, is_passing: bool = False, is_away: bool = False) -> None:
        super().__init__(detail)
        self.is_passing = is_passing
        self.is_away = is_away


class ReadOnly(StoreUnavailable):
    """The database can be read and not be written: a standby, or a file that may not be changed. Nothing was."""


def kind_of(error: Exception) -> str:
    """What is wrong with the database, in one word: ``away``, ``passing``, ``read_only`` or ``broken``."""
    match error:
        case ReadOnly():
            return "read_only"
        case StoreUnavailable(is_passing=True):
            return "passing"
        case StoreUnavailable(is_away=False):
            return "broken"
    return "away"


class UnsupportedDatabase(StoreError):
    """A database URL that is neither a SQLite file nor PostgreSQL."""


class NewerDatabase(StoreError):
    """The database was made by a newer version of this code."""


class CatalogueInUse(StoreError):
    """A replacement of an election would take away what entries of its log refer to; ``vanishing`` names that."""

    def __init__(self, slug: str, vanishing: Sequence[str]) -> None:
        told = _listed(vanishing)
        super().__init__(
            f"The log or the queue of “{slug}” refers to what the new files do not have: {told}. "
            f"Put it back under the ids it had."
        )
        self.vanishing = tuple(vanishing)


class CatalogueContradicted(StoreError):
    """A replacement of an election says otherwise than what stands in its log; ``contradictions`` are sentences."""

    def __init__(self, slug: str, contradictions: Sequence[str]) -> None:
        told = _listed([sentence.rstrip(".") for sentence in contradictions])
        super().__init__(f"The new files contradict what stands in the log of “{slug}”; withdraw it first: {told}.")
        self.contradictions = tuple(contradictions)


class CatalogueExchanged(StoreError):
    """In a replacement of an election ids of declared contests mean other people, of other parties.

    ``exchanged`` are the candidacies under those ids before and after.
    """

    def __init__(self, slug: str, exchanged: Sequence[tuple[Candidacy, Candidacy]]) -> None:
        told = _listed([f"{was.candidacy_id} is {was.name}, and would be {now.name}" for was, now in exchanged])
        super().__init__(
            f"In the new files ids of candidates that “{slug}” has results of mean other people: {told}. "
            f"Give everybody the id they had, and new ones to those who are new."
        )
        self.exchanged = tuple(exchanged)


class ReasonNeeded(StoreError):
    """A replacement of an election changes what readers and the desk go by, and nobody has said why."""

    def __init__(self, slug: str, alterations: Sequence[Alteration]) -> None:
        super().__init__(f"What would change of “{slug}” needs a reason. Nothing has been done.")
        self.alterations = tuple(alterations)


def _listed(names: Sequence[str]) -> str:
    """The first ten, and how many more."""
    rest = f"; and {len(names) - 10} more" if len(names) > 10 else ""
    return f"{'; '.join(names[:10])}{rest}"


class UnreadableAnswer(StoreError):
    """An answer that was remembered under an idempotency key and cannot be read any more."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"Something was posted under the Idempotency-Key “{key}” before, and what it was answered cannot be read "
            f"any more. Look in the log whether it is there; to post again, use a new key."
        )


class NothingToPassOver(StoreError):
    """An entry that can be read, or is passed over already."""

    def __init__(self, slug: str, seq: int) -> None:
        super().__init__(
            f"Entry {seq} of “{slug}” can be read, or is passed over already. What is wrong in what an entry says is "
            f"corrected or withdrawn."
        )


class QueueFull(StoreError):
    """More is waiting to be written than the writer's queue holds."""

    def __init__(self) -> None:
        super().__init__("Too many declarations are waiting to be written; try again in a moment.")


class StaffRefused(StoreError):
    """An account that cannot be made: its name is taken, or it lacks a name or a password."""


class TokenRefused(StoreError):
    """A token that cannot be made as it was asked for."""


class HookRefused(StoreError):
    """A hook that is not there, or cannot be made as it was asked for."""


class LeaseLost(StoreError):
    """Another server sends to hooks by now: what was sent here is not noted, and will be sent again by that."""

    def __init__(self) -> None:
        super().__init__("Another server sends to hooks by now.")


class BackupFailed(StoreError):
    """There is no backup, and nothing was left of it."""


class RestoreFailed(StoreError):
    """Nothing was restored, and the database is as it was."""
