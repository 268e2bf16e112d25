"""The night as it stood after any entry of its log: folded again, which is what everything shown is made by."""

from bisect import bisect_right

from app.domain.night import Night

STRIDE = 8
"""Entries between two nights that are kept: as many as are folded again at most, some milliseconds' worth."""

MOST = 1_024
"""Nights that are kept; of a longer log every other one goes, and there are twice as many entries between them."""


class History:
    """Nights on the way through a log, from each of which a few entries lead to any other.

    A night is a value, and what two of them share is held once. They are noted on one thread, and read on any.
    """

    def __init__(self, beginning: Night) -> None:
        """``beginning`` is the night before the first entry."""
        self._kept = [beginning]
        self._stride = STRIDE

    def __len__(self) -> int:
        return len(self._kept)

    def note(self, night: Night) -> None:
        """Keep ``night`` if it is one of those to keep; every night has to come by, in its order."""
        if night.seq % self._stride:
            return
        self._kept.append(night)
        if len(self._kept) > MOST:
            self._stride *= 2
            self._kept = self._kept[::2]

    def before(self, seq: int) -> Night:
        """The last that is kept of those up to entry ``seq``."""
        kept = self._kept
        return kept[bisect_right(kept, seq, key=lambda night: night.seq) - 1]
