"""What is made of an election for all who ask, and kept until it is another: each council by itself, and the whole."""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from app.domain.council import CouncilState
from app.domain.election import Election
from app.process.turns import Steps, Turns
from app.projection.publication import Publication
from app.web.reads.pieces import PerCouncil

T = TypeVar("T")


@dataclass(slots=True)
class _OfElection:
    councils: dict[Hashable, tuple[Election, PerCouncil[Any]]] = field(default_factory=dict)
    """By which catalogue they are made."""
    newest: dict[Hashable, "tuple[int, asyncio.Task[Any]]"] = field(default_factory=dict)
    """Of which sequence it is, and what makes it or has made it."""
    catalogue: dict[Hashable, "tuple[Election, asyncio.Task[Any]]"] = field(default_factory=dict)
    """Of which catalogue it is, and the same."""


class Kept:
    """By publication, which takes its own with it when it goes, and by what it is."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._of: WeakKeyDictionary[Publication, _OfElection] = WeakKeyDictionary()

    def councils(
        self, publication: Publication, what: Hashable, election: Election, make: Callable[[CouncilState], Steps[T]]
    ) -> PerCouncil[T]:
        """``what`` of each council: kept from the last time, or else to be made by ``make``.

        Of another ``election``, of an earlier catalogue or a later one, all of it is made anew.
        """
        kept = self._of.setdefault(publication, _OfElection()).councils
        if what not in kept or kept[what][0] is not election:
            kept[what] = (election, PerCouncil(make))
        return kept[what][1]

    async def newest(
        self, publication: Publication, what: Hashable, make: Callable[[], Steps[T]], *, at: int | None = None
    ) -> T:
        """``what`` of the night as it is shown now: made once, in turns, for all who ask while it is.

        ``make`` begins at once: it is of the night that is shown as this is called, or of a later one. Or it is of the
        night as it stood at entry ``at``, and is kept until it is asked for of another entry.
        """
        kept, seq = self._of.setdefault(publication, _OfElection()).newest, publication.seq if at is None else at
        if what not in kept or kept[what][0] != seq or _has_failed(kept[what][1]):
            kept[what] = (seq, asyncio.create_task(self._turns.through(make())))
        # Whoever goes away while it is made takes it from nobody else.
        made: T = await asyncio.shield(kept[what][1])
        return made

    async def of_catalogue(self, publication: Publication, what: Hashable, make: Callable[[Election], Steps[T]]) -> T:
        """``what`` of the newest catalogue: made once, in turns, for all who ask while it is the newest."""
        kept, election = self._of.setdefault(publication, _OfElection()).catalogue, publication.election
        if what not in kept or kept[what][0] is not election or _has_failed(kept[what][1]):
            kept[what] = (election, asyncio.create_task(self._turns.through(make(election))))
        made: T = await asyncio.shield(kept[what][1])
        return made


def _has_failed(task: "asyncio.Task[Any]") -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
