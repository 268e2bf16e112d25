"""Failed sign-ins on their way into the audit: counted here, and written so rarely that nobody can fill it.

The first failure of an account from an address is written within a second, what follows of them once a minute as a
number. Of more than ``MOST_APART`` in a minute the others are one number together. So an attacker makes a few rows a
minute, however many machines and names he has, and no declaration waits for more than those.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Connection

from app.store import audit
from app.store.audit import Actor, Kind
from app.store.errors import StoreError
from app.store.writer import Writer

MOST_APART = 30
"""Accounts at addresses that are told apart in a minute."""

QUIET = 60.0
"""Seconds from one row about an account at an address to the next."""

PAUSE = 1.0
"""Seconds between two looks at what is to be written."""

OTHERS = ("", "several")
"""What stands for the name and the address where many are told together."""

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _FailedTries:
    """The tries since the last row: all, and those of them that were too many to be looked at."""

    quiet_until: float
    tries: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """A row to be written: the name as it was typed, from where, and how often."""

    name: str
    address: str
    tries: int
    refused: int


@dataclass(slots=True)
class Tallies:
    """The failed sign-ins that are not written yet, and what was written within the minute."""

    clock: Callable[[], float] = time.monotonic
    _by_key: dict[tuple[str, str], _FailedTries] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def note(self, name: str, address: str, *, refused: bool) -> None:
        """Somebody failed to sign in; ``refused`` where that was not even looked at."""
        key = (name[: audit.LONGEST], address)
        if key not in self._by_key and len(self._by_key) >= MOST_APART:
            key = OTHERS
        tally = self._by_key.setdefault(key, _FailedTries(quiet_until=self.clock()))
        tally.tries += 1
        tally.refused += refused

    def due(self, *, all_of_them: bool = False) -> list[Failed]:
        """What is to be written by now, which counts as written; ``all_of_them`` without regard to the time."""
        return list(self._taken(self.clock(), all_of_them=all_of_them))

    def _taken(self, now: float, *, all_of_them: bool) -> Iterator[Failed]:
        for key, tally in list(self._by_key.items()):
            if now < tally.quiet_until and not all_of_them:
                continue
            if tally.tries == 0:
                del self._by_key[key]
                continue
            yield Failed(*key, tally.tries, tally.refused)
            self._by_key[key] = _FailedTries(quiet_until=now + QUIET)


@dataclass(slots=True)
class Failures:
    """The failed sign-ins of one server, written by its writer once the first is noted."""

    tallies: Tallies = field(default_factory=Tallies)
    _writer: Writer | None = None
    _timer: asyncio.TimerHandle | None = None

    def note(self, writer: Writer, name: str, address: str, *, refused: bool) -> None:
        """As ``Tallies.note``; nobody waits until that is written."""
        self.tallies.note(name, address, refused=refused)
        self._writer = writer
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._look)

    def close(self) -> None:
        """Hands over what has not been yet: the writer is to be closed after this."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._write(self.tallies.due(all_of_them=True))

    def _look(self) -> None:
        self._timer = None
        self._write(self.tallies.due())
        if self.tallies:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._look)

    def _write(self, rows: list[Failed]) -> None:
        if not rows or self._writer is None:
            return
        try:
            self._writer.submit(partial(_record, rows=rows)).add_done_callback(_told)
        except StoreError as error:
            _logger.warning("%d rows about failed sign-ins were not audited: %s", len(rows), error)


def _record(connection: Connection, rows: list[Failed]) -> None:
    for row in rows:
        details = {"tries": row.tries, "refused": row.refused}
        audit.record(connection, Kind.SIGN_IN_FAILED, Actor("", row.address), subject=row.name, details=details)


def _told(done: "Future[None]") -> None:
    error = done.exception()
    if error is not None:
        _logger.warning("Failed sign-ins were not audited: %s", error)
