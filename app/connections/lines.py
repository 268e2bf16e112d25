"""The plain HTTP connections of a server, those that were heard from longest ago first.

Anybody may open connections and say nothing, or little. They are bounded in number and in what of them is held back,
and whoever comes is let in: in the place of the one that has been waited for the longest.
"""

import sys
from collections import OrderedDict
from typing import Protocol

MOST_OPEN = 2048
"""Plain connections at a time. A browser that finds its own closed opens another; a request under way is not cut."""

MOST_HELD = 16 * 1024 * 1024
"""Bytes that have come and are not read yet, of all of them."""


class Line(Protocol):
    """A connection, as far as it matters here."""

    is_heard: bool
    """Whether anything has come since it was last passed over."""

    @property
    def is_waited_for(self) -> bool:
        """Whether it is for the client to do something: to ask, to go on, to read."""

    def cut(self) -> None:
        """End it at once."""


class Lines:
    """All of them. ``crowded_from`` is how many connections of any kind the server has room for."""

    def __init__(self, *, most: int = MOST_OPEN, crowded_from: int = sys.maxsize) -> None:
        self.held = 0
        """Bytes that have come and are not read yet."""
        self._most = most
        self._crowded_from = crowded_from
        self._open: OrderedDict[Line, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._open)

    def opened(self, line: Line, connections: int) -> None:
        """One more, of so many ``connections`` of any kind; somebody goes where that is too many."""
        if len(self._open) >= self._most or connections > self._crowded_from:
            self._make_room()
        self._open[line] = None

    def closed(self, line: Line) -> None:
        """It has ended, or is no plain one any more."""
        self._open.pop(line, None)

    def hold(self, number: int) -> bool:
        """Count bytes that are held back, or with a negative ``number`` no longer; False: they are too many."""
        self.held += number
        return self.held <= MOST_HELD

    def _make_room(self) -> None:
        """End the one that has said nothing for the longest, more or less; none where all are being answered.

        Who has said something since the last time is passed over once: that is cheaper than to know the order, as
        something comes far more often than anybody has to go.
        """
        for _ in range(2 * len(self._open)):
            line = next(iter(self._open))
            if line.is_waited_for and not line.is_heard:
                self.closed(line)
                line.cut()
                return
            line.is_heard = False
            self._open.move_to_end(line)
