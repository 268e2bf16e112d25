"""What a declaration costs, first to last: fold, render, frame. It is that of its own council, all night long.

Baseline: the first declarations of the same run. Processor time is measured, so that a busy machine says the same.
"""

import gc
import time
from statistics import median
from typing import Any

from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.publication import Publication, Published
from app.pages.rendering import Renderer
from bench.goals import Goal, as_json
from bench.national import national_election, national_night
from bench.options import Options

SAMPLE = 300
"""Declarations at the beginning and at the end that are compared."""

GOAL = 1.2


def measure(councils: int = 300, contests_each: int = 20) -> dict[str, float]:
    """Medians in milliseconds of processor time, and the ratio of the last to the first."""
    election = national_election(councils, contests_each)
    hub = Hub()
    publication = Publication(election, "bench", hub=hub, rendering=Renderer(make_environment()))
    for convention in election.conventions.values():
        publication.channel(None, convention)
        for council_id in election.councils:
            publication.channel(council_id, convention)
    costs: list[float] = []
    gc.collect()
    gc.freeze()
    for entry in national_night(election):
        began = time.process_time()
        published = Published()
        publication.fold([(entry, {})], published)
        for _ in publication.publish(published):
            pass
        costs.append(1000 * (time.process_time() - began))
    sample = min(SAMPLE, len(costs) // 2)
    first, last = median(costs[:sample]), median(costs[-sample:])
    return {"first_ms": first, "last_ms": last, "ratio": last / first, "declarations": len(costs)}


def run(options: Options) -> dict[str, Any]:
    """The national night and, beside it, one of a tenth the size: the cost must not grow with the councils either."""
    large = measure(*((10, 20) if options.quick else (300, 20)))
    small = measure(*((1, 20) if options.quick else (30, 20)))
    by_size = large["last_ms"] / small["last_ms"]
    print(
        f"  first {SAMPLE} of {large['declarations']:,.0f}: {large['first_ms']:.2f} ms, last: {large['last_ms']:.2f} ms"
    )
    print(f"  last / first: {large['ratio']:.2f}")
    print(f"  a night of ten times the councils: {by_size:.2f} times the cost of a declaration")
    return {
        "large": large,
        "small": small,
        "ratio_last_to_first": large["ratio"],
        "ratio_by_size": by_size,
        "goals": as_json(
            [
                Goal("a declaration's cost, last of the night to first", large["ratio"], GOAL, "x"),
                Goal("the same, on a night of ten times the councils", by_size, GOAL, "x"),
            ]
        ),
    }
