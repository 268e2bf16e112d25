"""Forty declarations in a second: into how many frames they are joined, and how soon the last watcher has the last.

``declared serve`` with the night of Kent, and 10,000 watchers who have the dashboard open in either convention. The
time is that from the post of the last declaration to the last watcher. Baseline: the same post's own answer.
"""

from statistics import median
from typing import Any

from bench.machine import watchers_allowed
from bench.options import Options
from bench.processes import Asking, Watchers
from bench.real import KENT_SLUG, accepted, kent_night, kent_server, posts

DECLARATIONS = 40
CLIENTS = 8
GAP_MS = 180.0
"""Between an answer and the next post of each client: forty in about a second, eight at a time."""
PATHS = [f"/live/{KENT_SLUG}/overview?convention={convention}" for convention in ("bbc", "pa")]


def run(options: Options) -> dict[str, Any]:
    watchers = watchers_allowed(options.watchers_for(10_000))
    bursts = [_burst(watchers) for _ in range(options.repetitions)]
    figures: dict[str, Any] = {name: median(burst[name] for burst in bursts) for name in bursts[0]}
    print(
        f"  {DECLARATIONS} posted in {figures['posted_seconds']:.2f} s: {figures['frames']:.0f} frames to each of "
        f"{watchers:,} watchers, the last has the last {figures['told_ms']:.0f} ms after its post; answered p50 "
        f"{figures['answered_p50_ms']:.0f} ms"
    )
    return {"watchers": watchers, "declarations": DECLARATIONS, **figures, "goals": []}


def _burst(watchers: int) -> dict[str, float]:
    with kent_server() as server, Watchers(server.port, PATHS, watchers) as watching:
        requests = posts(server, KENT_SLUG, kent_night()[:DECLARATIONS])
        asking = Asking(server.port, requests, connections=CLIENTS, gap_ms=GAP_MS)
        result = accepted(asking.result(), DECLARATIONS)
        told = watching.reach(DECLARATIONS, 60)
        report = watching.report()
    return {
        "posted_seconds": result["last"] - result["began"],
        "answered_p50_ms": result["p50_ms"],
        "told_ms": 1000 * (told - result["last"]),
        "frames": report["updates"]["median"],
        "frames_least": report["updates"]["least"],
        "frames_most": report["updates"]["most"],
    }
