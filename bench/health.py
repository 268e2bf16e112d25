"""The health probe while 10,000 watchers are told one thing after the other.

``declared serve`` with the night of Kent. Notes for the ticker are posted as fast as they are answered, each of which
goes to every watcher; ``/healthz`` is asked a hundred times a second meanwhile. Baseline: the probe before the first
note, with everybody connected.
"""

from typing import Any

from bench.goals import Goal, as_json
from bench.machine import waiting_seconds, watchers_allowed
from bench.options import Options
from bench.processes import Asking, Watchers, get
from bench.real import KENT_SLUG, kent_server, posts
from tests.running import Server

GOAL_MS = 20
GAP_MS = 10.0
OVERVIEW = f"/live/{KENT_SLUG}/overview"


def run(options: Options) -> dict[str, Any]:
    watchers = watchers_allowed(options.watchers_for(10_000))
    seconds = 1.0 if options.quick else 15.0
    with kent_server() as server, Watchers(server.port, [OVERVIEW], watchers) as watching:
        idle = _probed(server, seconds / 3)
        notes = [{"kind": "note", "text": f"Note {number} from the count"} for number in range(1000)]
        posting = Asking(server.port, posts(server, KENT_SLUG, notes), connections=1, seconds=seconds)
        waited = waiting_seconds(server.pid)
        busy = _probed(server, seconds)
        posted = posting.result()
        waited = waiting_seconds(server.pid) - waited
        told = watching.report()
    if told["watchers"] < watchers:
        raise RuntimeError(f"{watchers - told['watchers']} watchers were lost")
    deliveries = told["updates"]["median"] * watchers / seconds
    print(f"  idle: p50 {idle['p50_ms']:.1f} ms, p99 {idle['p99_ms']:.1f} ms")
    print(f"  busy: p50 {busy['p50_ms']:.1f} ms, p99 {busy['p99_ms']:.1f} ms, {deliveries:,.0f} deliveries a second")
    print(f"  the server waited {waited:.2f} s of {seconds:.0f} for its core: what others ran there is in the figure")
    goal = Goal(f"/healthz while {watchers:,} watchers are told, 99th percentile", busy["p99_ms"], GOAL_MS, "ms")
    return {
        "watchers": watchers,
        "idle": idle,
        "busy": busy,
        "notes_per_second": posted["per_second"],
        "frames": told["updates"],
        "deliveries_per_second": deliveries,
        "waited_for_core_seconds": waited,
        "goals": as_json([goal]),
    }


def _probed(server: Server, seconds: float) -> dict[str, float]:
    probe = get("/healthz", server.port)
    result = Asking(server.port, [probe], connections=1, seconds=seconds, gap_ms=GAP_MS, first=True).result()
    assert set(result["statuses"]) == {"200"}, result["statuses"]
    return {name: result[name] for name in ("answers", "p50_ms", "p99_ms", "worst_ms")}
