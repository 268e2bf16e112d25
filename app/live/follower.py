"""Tailing a log: every new entry, once, in order, whoever wrote it.

A wake-up only says that reading may be worth it. What counts is what the log answers, so a lost wake-up, or one from a
writer that has gone since, costs at most one poll and never an entry.
"""

import asyncio
import contextlib
import itertools
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from app.process.pauses import Pauses

logger = logging.getLogger(__name__)

E = TypeVar("E")


def _log(error: Exception, pause: float) -> None:
    logger.warning("the log cannot be followed; next try in %.1f s", pause, exc_info=error)


class Stopped(Exception):
    """Nobody follows the log any more, so the awaited entry will not be reached."""


class Follower(Generic[E]):
    """Reads the entries after the last one it has handled, and applies them.

    - ``read(seq)`` answers with the entries after sequence ``seq``, oldest first; the first few of them will do
    - ``apply(entries)`` handles all of them or raises: what failed is read and applied again
    - ``seq_of(entry)`` is an entry's sequence
    - ``seq`` is the sequence of the last entry handled: give the one to begin after
    - ``poll_seconds``: how often the log is read when nobody says that it has grown
    - ``healthy_seconds``: a follower that has not known for so long what the log holds has lost it
    - ``failed(error, pause)`` is told what failed, and the seconds until it is tried again
    """

    def __init__(
        self,
        read: Callable[[int], Awaitable[Sequence[E]]],
        apply: Callable[[Sequence[E]], Awaitable[None]],
        *,
        seq_of: Callable[[E], int],
        seq: int = 0,
        poll_seconds: float = 1.0,
        healthy_seconds: float = 5.0,
        failed: Callable[[Exception, float], None] = _log,
    ) -> None:
        """Nothing is read before ``run``."""
        self.seq = seq
        self._read = read
        self._apply = apply
        self._seq_of = seq_of
        self._poll_seconds = poll_seconds
        self._healthy_seconds = healthy_seconds
        self._failed = failed
        self._woken = asyncio.Event()
        # Since when it is not known what the log holds; None while it is.
        self._uncertain_since: float | None = -math.inf
        self._stopped = False
        self._awaited: dict[asyncio.Future[None], int] = {}

    @property
    def uncertain_seconds(self) -> float:
        """For how long it has not been known what the log holds: since a read began that failed, or isn't answered.

        0.0 while it is known, however much there is to apply; infinite before the first good round.
        """
        return 0.0 if self._uncertain_since is None else time.monotonic() - self._uncertain_since

    @property
    def healthy(self) -> bool:
        """Whether it was known within the last ``healthy_seconds`` what the log holds."""
        return self.uncertain_seconds < self._healthy_seconds

    def wake(self) -> None:
        """Read soon: the log may have grown. From another thread, through ``loop.call_soon_threadsafe``."""
        self._woken.set()

    async def reached(self, seq: int) -> None:
        """Return once entry ``seq`` has been handled. Raises ``Stopped`` if ``run`` ends before."""
        if seq <= self.seq:
            return
        if self._stopped:
            raise Stopped
        waiter = asyncio.get_running_loop().create_future()
        self._awaited[waiter] = seq
        try:
            await waiter
        finally:
            del self._awaited[waiter]

    async def run(self) -> None:
        """Follow the log until cancelled. Whatever fails is tried again."""
        pauses = Pauses()
        try:
            while True:
                # Before reading: a wake-up that comes while we read may be for an entry that we don't see.
                self._woken.clear()
                try:
                    found = await self._round()
                except Exception as error:  # noqa: BLE001  # whatever it was, somebody is told, and the log is followed on
                    self._doubt()
                    pause = pauses.after_failure()
                    self._failed(error, pause)
                    await self._rest(pause)
                else:
                    pauses.start_over()
                    if not found:
                        await self._rest(self._poll_seconds)
        finally:
            self._stopped = True
            for waiter in self._awaited:
                if not waiter.done():
                    waiter.set_exception(Stopped())

    async def _round(self) -> bool:
        """Read once and apply what there is; whether there was anything."""
        since = self._uncertain_since
        self._doubt()
        entries = await self._read(self.seq)
        if entries:
            # What takes long now is work, of which a busy night has much.
            self._uncertain_since = since
            seqs = [self.seq, *map(self._seq_of, entries)]
            if any(later <= earlier for earlier, later in itertools.pairwise(seqs)):
                raise ValueError(f"entries out of order after {self.seq}: {seqs[1:]}")
            await self._apply(entries)
            self.seq = seqs[-1]
            for waiter, seq in self._awaited.items():
                # One that is done was cancelled, and is about to leave by itself.
                if seq <= self.seq and not waiter.done():
                    waiter.set_result(None)
        self._uncertain_since = None
        return bool(entries)

    def _doubt(self) -> None:
        """From now on it is not known what the log holds, if it was before."""
        if self._uncertain_since is None:
            self._uncertain_since = time.monotonic()

    async def _rest(self, seconds: float) -> None:
        """Wait for ``seconds``, or until woken."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
