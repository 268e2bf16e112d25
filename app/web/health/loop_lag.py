"""How late the event loop comes to what is due: what every reader, poster and watcher waits for besides their own."""

import asyncio
import time
from collections.abc import Callable

EVERY = 0.02
"""Seconds between two looks. Whatever holds the loop for longer is seen, all but so much of it at most."""

WINDOW = 30.0
"""Seconds: the worst is that of this window and the one before."""


class LoopLag:
    """Looks on the running loop, from ``start`` to ``stop``; ``observe`` is told every lag, in seconds."""

    def __init__(self, observe: Callable[[float], None]) -> None:
        self._observe = observe
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._begun = 0.0
        self._worst = 0.0
        self._worst_before = 0.0

    @property
    def worst(self) -> float:
        """The worst of the last half minute to minute."""
        return max(self._worst, self._worst_before)

    def start(self) -> None:
        self._begun = time.perf_counter()
        self._wait()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        # uvloop's own clock has milliseconds, and stands still while a callback runs.
        self._due = time.perf_counter() + EVERY
        self._timer = asyncio.get_running_loop().call_later(EVERY, self._look)

    def _look(self) -> None:
        now = time.perf_counter()
        lag = max(now - self._due, 0.0)
        if now - self._begun > WINDOW:
            self._begun, self._worst_before, self._worst = now, self._worst, 0.0
        self._worst = max(self._worst, lag)
        self._observe(lag)
        self._wait()
