"""Long work on the event loop, in turns: after a few milliseconds of it everybody else is heard.

Work is a generator that yields wherever it may be interrupted, and returns what came of it. It stays on the loop's
thread, where it needs no lock on what it reads. A thread would not let the loop run any sooner: while it computes, it
holds the interpreter's lock for five milliseconds at a time, and each time the loop has waited for something.
"""

import asyncio
import time
from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")

TURN_SECONDS = 0.002
"""After which a turn ends, at the next place where the work may be interrupted."""

Work = Generator[None, None, T]


class Turns:
    """One turn at a time, whoever has work: however many there are, the loop is held for no longer than by one.

    A turn has one step, and more of them until ``seconds`` are over.
    """

    def __init__(self, seconds: float = TURN_SECONDS) -> None:
        self._seconds = seconds
        self._lock = asyncio.Lock()

    async def through(self, work: Work[T]) -> T:
        """Do ``work`` to its end, and give what it returns; raises what it raises."""
        while True:
            async with self._lock:
                until = time.perf_counter() + self._seconds
                try:
                    next(work)
                    while time.perf_counter() < until:
                        next(work)
                except StopIteration as end:
                    result: T = end.value
                    return result
                # Within the lock: who waits for it has the next turn of the loop, not a share of this one.
                await asyncio.sleep(0)


def at_once(work: Work[T]) -> T:
    """The same where nobody waits: what ``work`` returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result


def collected(pieces: Iterable[T]) -> Work[list[T]]:
    """Work that may be interrupted between ``pieces``, and returns them all."""
    made = []
    for piece in pieces:
        made.append(piece)
        yield
    return made


__all__ = ["TURN_SECONDS", "Turns", "Work", "at_once", "collected"]
