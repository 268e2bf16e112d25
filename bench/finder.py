"""What the finder costs: to be made of a whole country's names, and for each key that a reader presses in its field.

Typed are councils, wards and candidates letter by letter, and names with a wrong letter, for which it looks longest.
Processor time, so that a busy machine says the same.
"""

import time
from collections.abc import Iterator
from itertools import islice
from statistics import median, quantiles
from typing import Any

from app.domain.election import Election
from app.domain.finder import finder_of
from app.pages.finder.view import MOST_OPTIONS
from app.process.turns import at_once
from bench.goals import Goal, as_json
from bench.options import Options
from tests.country import country

MADE_GOAL_MS, FOUND_GOAL_MS = 1_000, 20
EACH, FEW = 40, 4
"""Names of a kind that are typed; fewer of them in quick runs."""


def run(options: Options) -> dict[str, Any]:
    election = country()
    began = time.process_time()
    finder = at_once(finder_of(election))
    made = 1000 * (time.process_time() - began)
    costs: list[float] = []
    for typed in _typed(election, FEW if options.quick else EACH):
        began = time.process_time()
        finder.find(typed, MOST_OPTIONS)
        costs.append(1000 * (time.process_time() - began))
    p99 = quantiles(costs, n=100)[98]
    print(f"  made in {made:.0f} ms; for a key median {median(costs):.2f} ms, 99th percentile {p99:.2f} ms")
    return {
        "made_ms": made,
        "median_ms": median(costs),
        "p99_ms": p99,
        "keys": len(costs),
        "goals": as_json(
            [
                Goal("the finder of a country made, processor time", made, MADE_GOAL_MS, "ms"),
                Goal("what is typed found, 99th percentile", p99, FOUND_GOAL_MS, "ms"),
            ]
        ),
    }


def _typed(election: Election, each: int) -> Iterator[str]:
    """All that is in the field while each name is typed, and last the name with its third letter wrong."""
    contests = islice(election.contests.values(), 0, None, 7)
    names = [
        *(council.name for council in islice(election.councils.values(), each)),
        *(contest.name for contest in islice(contests, each)),
        *(contest.candidacies[0].name for contest in islice(contests, each) if contest.candidacies),
    ]
    for name in names:
        yield from (name[:length] for length in range(1, len(name) + 1))
        yield f"{name[:2]}x{name[3:]}"
