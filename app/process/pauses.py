"""Trying again what cannot be done just now."""


class Pauses:
    """The seconds to wait between two tries: doubling from the ``first`` to the ``last`` for as long as they fail.

    Without being told they are those for a database, which costs little to ask and may be back at any moment.
    """

    def __init__(self, first: float = 0.1, last: float = 5.0) -> None:
        self._first = self._next = first
        self._last = last

    def after_failure(self) -> float:
        """How long to wait now that a try has failed."""
        pause, self._next = self._next, min(2 * self._next, self._last)
        return pause

    def start_over(self) -> None:
        """One has not failed."""
        self._next = self._first
