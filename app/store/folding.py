"""The night as the database alone tells it, and as whoever has written to it knows it already."""

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection

from app.domain.night import Night
from app.domain.ticker import Change
from app.store import catalogue, log


@dataclass(frozen=True, slots=True)
class Folded:
    """A night, and the place in its log that it was folded to: its hash tells whether that place still is."""

    night: Night
    head: log.Head


@dataclass(frozen=True, slots=True)
class Made(log.Logged):
    """An entry as it is made here, just as the log will give it back, with the fold before and after it."""

    before: Folded
    after: Folded
    change: Change


@dataclass(slots=True)
class Handed:
    """The newest entries of one election that the writer of this process has made; for any thread.

    They are handed over before they are committed, and some never are. What the log is found to hold tells which: each
    names the hash that it is chained on, so that those which lead from one place in the log to another are what is
    there in between, and nothing else can be.
    """

    _made: deque[Made] = field(default_factory=lambda: deque(maxlen=256))
    _lock: Lock = field(default_factory=Lock)

    def add(self, made: Made) -> None:
        with self._lock:
            self._made.append(made)

    def between(self, known: log.Head, end: log.Head) -> list[Made]:
        """The entries after ``known`` up to ``end``, oldest first; none unless all of them were made here.

        Both are places that the log was found to have.
        """
        with self._lock:
            newest_first = list(reversed(self._made))
        found: list[Made] = []
        place = end
        for made in newest_first:
            if place != known and made.after.head == place:
                found.append(made)
                place = made.before.head
        return found[::-1] if place == known else []


def folded(connection: Connection, slug: str) -> Night:
    """The whole log of ``slug``, folded afresh over what opened it; raises UnknownElection."""
    night = Night.before_first(catalogue.opening_election(connection, slug))
    return night.fold(logged.entry for logged in log.entries(connection, slug, after=0))
