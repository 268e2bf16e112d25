"""What is said of a database that is away: one line when it goes, one a minute meanwhile, one when it is back.

Whoever reads, writes or listens tells it how that went, and logs nothing by itself: a database that is gone for half a
minute is one fault, however many find it out.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock

from app.store.errors import kind_of

EVERY = 60.0
"""Seconds between two lines about the same outage."""

SETTLED = 2.0
"""Seconds without a failure after which it can be read again: of many readers some are through before others fail."""

_EACH = {"is_flood": False}
"""These lines are few by themselves: the second outage within a minute is told when it begins, like the first."""

_logger = logging.getLogger(__name__)


class Use(Enum):
    """What a database is used for."""

    READING = "reading"
    WRITING = "writing"
    LISTENING = "listening"


@dataclass(slots=True)
class Outages:
    """Of one database, for all threads of a process. ``clock`` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _failing: dict[Use, str] = field(default_factory=dict)
    _began: float = 0.0
    _failed: float = 0.0
    _told: float = 0.0
    _failures: int = 0
    _errors: Counter[tuple[Use, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    @property
    def errors(self) -> dict[tuple[Use, str], int]:
        """How often it could not be used, by for what and by what was wrong: one of StoreUnavailable's kinds."""
        with self._lock:
            return dict(self._errors)

    @property
    def reasons(self) -> dict[Use, str]:
        """What does not work at present, and why."""
        return dict(self._failing)

    def failed(self, use: Use, error: Exception) -> None:
        """It could not be used so."""
        with self._lock:
            now, is_first = self.clock(), not self._failing
            if is_first:
                self._began, self._failures = now, 0
            self._failing[use] = str(error)
            self._failures += 1
            self._errors[use, kind_of(error)] += 1
            self._failed = now
            if is_first:
                self._told = now
                _logger.error(
                    "%s Tried again until it works; until then this is said once a minute.", error, extra=_EACH
                )
            elif now - self._told >= EVERY:
                self._told = now
                away = now - self._began
                _logger.error("For %.0f s by now, in %d attempts: %s", away, self._failures, error, extra=_EACH)

    def worked(self, use: Use) -> None:
        """It could be used so. Where it can be read again, it is back for those as well who have not tried since."""
        if not self._failing:
            return
        with self._lock:
            is_settled = use is not Use.READING or self.clock() - self._failed >= SETTLED
            if use not in self._failing or not is_settled:
                return
            if use is Use.READING:
                self._failing.pop(Use.WRITING, None)
            del self._failing[use]
            if not self._failing:
                away = self._failed - self._began
                _logger.warning(
                    "The database is back; %d attempts failed within %.0f s.", self._failures, away, extra=_EACH
                )
