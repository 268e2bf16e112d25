"""What a declaration costs, first to last: fold, render, frame. It is that of its own council, all night long.

Baseline: the first declarations of the same run. Processor time is measured, so that a busy machine says the same.
"""

import gc
import time
from collections import Counter, defaultdict
from statistics import median
from typing import Any

from app.domain.declarations import Entry
from app.domain.election import Election
from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.projection.publication import Publication, Published
from bench.goals import Goal, as_json
from bench.national import national_election, national_night
from bench.options import Options

SAMPLE = 300
"""Declarations at the beginning and at the end that are compared."""

GOAL = 1.2


def measure(councils: int = 300, contests_each: int = 20) -> dict[str, float]:
    """Medians in milliseconds of processor time, and the ratio of the last to the first.

    The last declarations take turns with the first ones of the same night begun again, so that what drifts on the
    machine hits both alike.
    """
    election = national_election(councils, contests_each)
    night, again = _opened(election), _opened(election)
    entries = list(national_night(election))
    sample = min(SAMPLE, len(entries) // 2)
    by_place: dict[int, list[float]] = defaultdict(list)
    declared: Counter[str | None] = Counter()
    first: list[float] = []
    last: list[float] = []
    gc.collect()
    gc.freeze()
    for number, entry in enumerate(entries, start=sample - len(entries)):
        cost = _cost(night, entry)
        by_place[declared[entry.council_id]].append(cost)
        declared[entry.council_id] += 1
        if number >= 0:
            last.append(cost)
            first.append(_cost(again, entries[number]))
    return {
        "first_ms": median(first),
        "last_ms": median(last),
        "ratio": median(last) / median(first),
        "ratio_at_the_same_place": _at_the_same_place(by_place),
        "declarations": len(entries),
    }


def _opened(election: Election) -> Publication:
    """The night before its first declaration, with every channel open."""
    publication = Publication(election, "bench", hub=Hub(), rendering=Renderer(make_environment()))
    for convention in election.conventions.values():
        publication.channel(None, convention)
        for council_id in election.councils:
            publication.channel(council_id, convention)
    return publication


def _cost(publication: Publication, entry: Entry) -> float:
    """Milliseconds of processor time from the entry until every channel has it."""
    began = time.process_time()
    published = Published()
    publication.fold([(entry, {})], published)
    for _ in publication.publish(published):
        pass
    return 1000 * (time.process_time() - began)


def _at_the_same_place(by_place: dict[int, list[float]]) -> float:
    """The second half of the night to the first, among declarations before which as many stood in their own council.

    ``by_place``: that number -> costs, in the order of the night. A council's page grows as its wards come in; here
    that is taken out, and what is left is what the rest of the night adds.
    """
    halves = [(costs[: len(costs) // 2], costs[len(costs) // 2 :]) for costs in by_place.values() if len(costs) > 1]
    return median(median(late) / median(early) for early, late in halves) if halves else 1.0


def run(options: Options) -> dict[str, Any]:
    """The national night and, beside it, one of a tenth the size: the cost must not grow with the councils either."""
    sizes = ((5, 10), (1, 10)) if options.quick else ((300, 20), (30, 20))
    repeated = [[measure(*size) for size in sizes] for _ in range(min(options.repetitions, 3))]
    large, small = (
        {name: median(night[name] for night in nights) for name in nights[0]} for nights in zip(*repeated, strict=True)
    )
    by_size = median(one["last_ms"] / other["last_ms"] for one, other in repeated)
    print(
        f"  first {SAMPLE} of {large['declarations']:,.0f}: {large['first_ms']:.2f} ms, last: {large['last_ms']:.2f} ms"
    )
    print(f"  last / first: {large['ratio']:.2f}")
    print(f"  with as much declared in its own council, late / early: {large['ratio_at_the_same_place']:.2f}")
    print(f"  a night of ten times the councils: {by_size:.2f} times the cost of a declaration")
    goals = [
        Goal("a declaration, the last of the night to the first", large["ratio"], GOAL, "x"),
        Goal("the same, with as much declared in its council", large["ratio_at_the_same_place"], GOAL, "x"),
        Goal("the same, on a night of ten times the councils", by_size, GOAL, "x"),
    ]
    return {"large": large, "small": small, "ratio_by_size": by_size, "goals": as_json(goals)}
