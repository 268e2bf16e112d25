"""What one declaration costs the server in fold, templates and frames.

In a council of 78 seats, and on a dashboard of 230 councils: each with its own channels open and no others, in both
conventions, as when everybody watches just that. Processor time, so that a busy machine says the same.
"""

import time
from statistics import median, quantiles
from typing import Any

from app.domain.election import Election
from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.projection.publication import Publication, Published
from bench.goals import Goal, as_json
from bench.national import national_election, national_night
from bench.options import Options

GOAL_MS = 10
MOST = 600
"""Declarations that are measured, at most: those at the end of the night, when there is most to show."""


def run(options: Options) -> dict[str, Any]:
    council = _measured(national_election(1, 26, seats_each=3), ["council-000"])
    overview = _measured(national_election(5 if options.quick else 230, 20), [None])
    for name, figures in (("council", council), ("dashboard", overview)):
        print(f"  {name}: median {figures['median_ms']:.2f} ms, 99th percentile {figures['p99_ms']:.2f} ms")
    return {
        "council": council,
        "overview": overview,
        "goals": as_json(
            [
                Goal("a declaration in a council of 78 seats, processor time", council["median_ms"], GOAL_MS, "ms"),
                Goal("a declaration on a dashboard of 230 councils", overview["median_ms"], GOAL_MS, "ms"),
            ]
        ),
    }


def _measured(election: Election, topics: list[str | None]) -> dict[str, float]:
    """Milliseconds for a declaration, with the channels of ``topics`` (council ids; None: the dashboard) open."""
    publication = Publication(election, "bench", hub=Hub(), rendering=Renderer(make_environment()))
    for convention in election.conventions.values():
        for topic in topics:
            publication.channel(topic, convention)
    costs: list[float] = []
    for entry in national_night(election):
        began = time.process_time()
        published = Published()
        publication.fold([(entry, {})], published)
        for _ in publication.publish(published):
            pass
        costs.append(1000 * (time.process_time() - began))
    late = costs[-MOST:]
    return {"median_ms": median(late), "p99_ms": quantiles(late, n=100)[98], "declarations": len(late)}
