"""Reading logs from a replica, as far as it has them.

A replica may be behind, be gone, or have been promoted to go ways of its own. So it is never believed by itself: where
a log ends is asked of the primary, and the replica is read where it holds that very entry, by its hash, and follows
still. Whoever has declared thus reads what he declared, and so does everybody else; one that is of no use costs a
question.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text

from app.domain.errors import UnknownElection
from app.store import log
from app.store.engine import Store
from app.store.errors import StoreUnavailable

REST_SECONDS = 5.0
"""For how long a replica that could not be read is not asked again."""

BEHIND_SECONDS = 30.0
"""After how long it is said that a replica is of no use."""

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Logs:
    """The logs of ``primary``, read from ``replica`` where there is one. ``clock`` counts seconds."""

    primary: Store
    replica: Store | None = None
    clock: Callable[[], float] = time.monotonic
    _rests_until: float = 0.0
    _behind_since: float | None = None
    _is_told: bool = False

    @contextmanager
    def reading(self, slug: str) -> Iterator[Connection]:
        """A transaction that sees the log of ``slug`` as far as the primary has it by now, or further.

        Raises StoreUnavailable where the primary cannot be read, or the replica any more, and UnknownElection.
        """
        with ExitStack() as stack:
            connection = None
            if self.replica is not None and self.clock() >= self._rests_until:
                connection = self._entered(self.replica, slug, stack)
            yield connection or stack.enter_context(self.primary.reading())

    def _entered(self, replica: Store, slug: str, stack: ExitStack) -> Connection | None:
        """A transaction of the replica, left with ``stack``; None where it does not have what the primary has."""
        with self.primary.reading() as connection:
            end = log.head(connection, slug)
        try:
            with ExitStack() as own:
                connection = own.enter_context(replica.reading())
                is_level = _has(connection, slug, end)
                self._note(replica, is_level=is_level)
                if is_level:
                    stack.push(own.pop_all())
                    return connection
        except StoreUnavailable:
            # Told by the replica's outages.
            self._rests_until = self.clock() + REST_SECONDS
        return None

    def _note(self, replica: Store, *, is_level: bool) -> None:
        """Say once of a replica that it does not catch up, and once that it has."""
        if is_level:
            if self._is_told:
                _logger.warning("%s, the replica, has what the primary has, and is read again.", replica.name)
            self._behind_since, self._is_told = None, False
            return
        now = self.clock()
        self._behind_since = now if self._behind_since is None else self._behind_since
        if not self._is_told and now - self._behind_since >= BEHIND_SECONDS:
            self._is_told = True
            _logger.warning(
                "%s, the replica, has not had what the primary has for %.0f s, and is not read: is it behind, or was "
                "it promoted?",
                replica.name,
                now - self._behind_since,
            )


def _has(connection: Connection, slug: str, end: log.Head) -> bool:
    try:
        is_standby = bool(connection.scalar(text("SELECT pg_is_in_recovery()")))
        return is_standby and log.holds(connection, slug, end, log.head(connection, slug))
    except UnknownElection:
        return False
