"""Long work on the event loop, in turns: after a few milliseconds of it everybody else is heard.

It is a generator that yields between its steps, where it may be interrupted, and returns what came of it. It stays on
the loop's thread, where it needs no lock on what it reads. A thread would not let the loop run any sooner: it holds the
interpreter's lock for five milliseconds at a time while it computes, each time that the loop has waited for something.
"""

import asyncio
import time
from collections.abc import Generator, Iterable
from typing import TypeVar

T = TypeVar("T")

TURN_SECONDS = 0.002
"""After which a turn ends, at the next place where the work may be interrupted."""

Steps = Generator[None, None, T]


class Turns:
    """One turn at a time, whoever has work: however many there are, the loop is held for no longer than by one.

    A turn has one step, and more of them until ``seconds`` are over.
    """

    def __init__(self, seconds: float = TURN_SECONDS) -> None:
        self._seconds = seconds
        self._lock = asyncio.Lock()

    async def through(self, steps: Steps[T]) -> T:
        """Do ``steps`` to their end, and give what they return; raises what they raise."""
        while True:
            async with self._lock:
                until = time.perf_counter() + self._seconds
                try:
                    next(steps)
                    while time.perf_counter() < until:
                        next(steps)
                except StopIteration as end:
                    result: T = end.value
                    return result
                # Within the lock: who waits for it has the next turn of the loop, not a share of this one.
                await asyncio.sleep(0)


def at_once(steps: Steps[T]) -> T:
    """The same where nobody waits: what ``steps`` return."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


def collected(pieces: Iterable[T]) -> Steps[list[T]]:
    """A step for each of ``pieces``, and they all."""
    made = []
    for piece in pieces:
        made.append(piece)
        yield
    return made


__all__ = ["TURN_SECONDS", "Steps", "Turns", "at_once", "collected"]
