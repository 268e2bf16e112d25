"""What lives all night long is kept out of the garbage collector's sight.

A national night is some millions of objects, none of which is garbage. A full collection looks at every one of them and
holds up whatever else the process does: for half a second. So what has been made to last is set apart (``gc.freeze``).
It still goes as soon as nothing refers to it; only what refers to itself in a circle would stay, and a night does not.
"""

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def lasting() -> Iterator[None]:
    """Within, things are made of which most will last: they are not looked through while they grow, and set apart."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


class Growing:
    """What grows by and by: set apart when there is a good deal of it, before it takes long to look through."""

    def __init__(self, most: int = 100) -> None:
        """Set apart after ``most`` have been added."""
        self._most = most
        self._added = 0

    def add(self, number: int) -> None:
        """So many more of them there are that will last."""
        self._added += number
        if self._added >= self._most:
            self._added = 0
            gc.freeze()
