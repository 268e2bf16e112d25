"""How large the benchmarks are: from the command line, or ``DECLARED_BENCH_…`` in the environment."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Sizes of one run. ``watchers`` is empty where each benchmark shall have as many as its goal speaks of."""

    quick: bool = False
    watchers: tuple[int, ...] = ()
    repetitions: int = 5
    node_modules: Path | None = None
    """A folder that has Node's ``ws``."""

    def watchers_for(self, usual: int) -> int:
        """How many a benchmark is to have that has ``usual`` of them otherwise."""
        if self.watchers:
            return max(self.watchers)
        return min(usual, 50) if self.quick else usual


def options_from(*, quick: bool, watchers: str | None, repetitions: int | None) -> Options:
    """What is given (None: not given), else what the environment says, else the default."""
    watchers = watchers or os.environ.get("DECLARED_BENCH_WATCHERS", "")
    modules = os.environ.get("DECLARED_BENCH_NODE_MODULES")
    return Options(
        quick=quick,
        watchers=tuple(int(number) for number in watchers.split(",") if number),
        repetitions=repetitions or int(os.environ.get("DECLARED_BENCH_REPETITIONS", "1" if quick else "5")),
        node_modules=Path(modules) if modules else None,
    )
