"""How many files and connections this process may have open, and what is kept free of them."""

import resource
from dataclasses import dataclass

SPARED_BY_WATCHERS = 200
"""Descriptors that watchers leave free: for pages and for posts, and of those what all leave."""

SPARED_BY_ALL = 100
"""Descriptors that connections leave free, whoever comes: for the database and whatever else is a file."""

MOST_OF_UNLIMITED = 10_240
"""Descriptors that macOS lets a process have where it says that there is no limit."""


@dataclass(frozen=True, slots=True)
class Descriptors:
    """The most that may be open, and how many it was ``before`` this process asked for more."""

    limit: int
    before: int

    @classmethod
    def raised(cls) -> "Descriptors":
        """Ask for as many as the system lets this process have; where it refuses, what there is."""
        before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST_OF_UNLIMITED if most == resource.RLIM_INFINITY else most
        if before != resource.RLIM_INFINITY and before < wanted:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
            except (OSError, ValueError):
                return cls(before, before)
        return cls(wanted, before)

    @property
    def for_watchers(self) -> int:
        """How many connections there may be for another to be a watcher's."""
        return self._sparing(SPARED_BY_WATCHERS)

    @property
    def for_all(self) -> int:
        """How many connections there may be at all."""
        return self._sparing(SPARED_BY_ALL)

    @property
    def said(self) -> str:
        """One line, for whoever starts the server."""
        rise = f", raised from {self.before:,}" if 0 <= self.before < self.limit else ""
        return f"Up to {self.limit:,} open files{rise}: watchers are refused beyond {self.for_watchers:,}."

    def _sparing(self, number: int) -> int:
        """All but ``number``; of few, half."""
        return max(self.limit - number, self.limit // 2)
