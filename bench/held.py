"""How long the event loop is held, and the first declaration after a start: on a night of 150 councils.

``/healthz`` is asked two hundred times a second: with nothing else to do; while three exports and the feed are polled
and a declaration comes every half second; and while the catalogue is replaced under the open channels of every council.
Then the server is started again: the processor time of its first declaration, to that of the next ones.
"""

import time
from dataclasses import replace
from statistics import median
from typing import Any

import httpx2

from app.domain.election import Election
from app.store import loading
from app.store.engine import Store
from bench.goals import Goal, as_json, ratio
from bench.machine import cores, pin, processor_seconds, waiting_seconds
from bench.national import national_election
from bench.options import Options
from bench.processes import Asking, get
from bench.real import accepted, national_bodies, national_server, posts
from tests.running import Server

EXPORTS_GOAL_MS, RELOAD_GOAL_MS, FIRST_GOAL = 25, 20, 2
PROBE_GAP_MS, POLL_GAP_MS, POST_GAP_MS = 5.0, 100.0, 500.0
POLLED = ("export.csv", "export.dc.csv", "export.json", "feed.atom")
AFTER = 5
"""Declarations that the first is compared with."""


def run(options: Options) -> dict[str, Any]:
    election = national_election(*((10, 20) if options.quick else (150, 20)))
    seconds = 2.0 if options.quick else 15.0
    with national_server(election) as server:
        requests = posts(server, election.slug, national_bodies(election))
        declared = len(requests) * 2 // 3
        accepted(Asking(server.port, requests[:declared], connections=8).result(), declared)
        idle = _probed(server, seconds / 3)
        polled = _while_polled(server, election, requests[declared : -AFTER - 1], seconds)
        reloaded = _while_reloaded(server, election, seconds)
        first = _first(server, requests[-AFTER - 1 :])
    for name, figures in (("idle", idle), ("exports polled", polled), ("catalogue replaced", reloaded)):
        waited = f", waited {figures['waited_for_core_seconds']:.2f} s for its core"
        print(f"  {name}: p99 {figures['p99_ms']:.1f} ms, worst {figures['worst_ms']:.1f} ms{waited}")
    print(f"  first declaration {first['first_ms']:.1f} ms of processor time, the next {first['next_ms']:.1f} ms")
    goals = [
        Goal("/healthz while exports are polled, worst", polled["worst_ms"], EXPORTS_GOAL_MS, "ms"),
        Goal("/healthz while the catalogue is replaced, worst", reloaded["worst_ms"], RELOAD_GOAL_MS, "ms"),
        Goal("the first declaration after a start, to the next", first["ratio"], FIRST_GOAL, "x"),
    ]
    return {"idle": idle, "polled": polled, "reloaded": reloaded, "first": first, "goals": as_json(goals)}


def _probed(server: Server, seconds: float) -> dict[str, float]:
    """``/healthz`` meanwhile. What others ran on the server's core is in its times, and told beside them."""
    waited = waiting_seconds(server.pid)
    probe = get("/healthz", server.port)
    result = Asking(server.port, [probe], connections=1, seconds=seconds, gap_ms=PROBE_GAP_MS, first=True).result()
    waited = waiting_seconds(server.pid) - waited
    figures = {name: result[name] for name in ("answers", "p50_ms", "p99_ms", "worst_ms")}
    return {**figures, "waited_for_core_seconds": waited}


def _while_polled(server: Server, election: Election, requests: list[bytes], seconds: float) -> dict[str, Any]:
    paths = [f"/api/v1/elections/{election.slug}/{name}" for name in POLLED]
    # Once before: what is made for the first time is made of every council.
    Asking(server.port, [get(path, server.port) for path in paths], connections=1).result()
    polling = [
        Asking(server.port, [get(path, server.port)], connections=1, seconds=seconds, gap_ms=POLL_GAP_MS)
        for path in paths
    ]
    count = int(seconds * 1000 / POST_GAP_MS)
    declaring = Asking(server.port, requests[:count], connections=1, gap_ms=POST_GAP_MS)
    figures = _probed(server, seconds)
    accepted(declaring.result(), len(requests[:count]))
    return {**figures, "polls": sum(asking.result()["answers"] for asking in polling)}


def _while_reloaded(server: Server, election: Election, seconds: float) -> dict[str, Any]:
    """The catalogue is replaced once, and once more when that is shown: before the end, if the machine is no slower."""
    with server.client() as client:
        for council_id in election.councils:
            client.get(f"/elections/{election.slug}/councils/{council_id}").raise_for_status()
        client.get(f"/elections/{election.slug}").raise_for_status()
        waited = waiting_seconds(server.pid)
        probe = get("/healthz", server.port)
        asking = Asking(server.port, [probe], connections=1, seconds=seconds, gap_ms=PROBE_GAP_MS, first=True)
        began = time.monotonic()
        _replace(server, client, election)
        shown_seconds = time.monotonic() - began
        result = asking.result()
    figures = {name: result[name] for name in ("answers", "p50_ms", "p99_ms", "worst_ms")}
    waited = waiting_seconds(server.pid) - waited
    return {**figures, "waited_for_core_seconds": waited, "shown_seconds": shown_seconds}


def _replace(server: Server, client: httpx2.Client, election: Election) -> None:
    """Give the election another name, and return when that is shown."""
    name = f"{election.name}, again"
    with Store.open(server.database) as store, store.writing() as connection:
        loading.save_election(connection, replace(election, name=name), "generated again", reason="Another name")
    while client.get(f"/api/v1/elections/{election.slug}").json()["name"] != name:
        time.sleep(0.1)


def _first(server: Server, requests: list[bytes]) -> dict[str, float | None]:
    """Processor time of declarations after a start, in milliseconds; the first beside the median of the next."""
    server.stop()
    server.start()
    pin(server.pid, cores()[0])
    # A browser or a feed has always asked for something before.
    Asking(server.port, [get("/healthz", server.port)], connections=1).result()
    costs = []
    for request in requests:
        before = processor_seconds(server.pid)
        accepted(Asking(server.port, [request], connections=1).result(), 1)
        costs.append(1000 * (processor_seconds(server.pid) - before))
    first, *following = costs
    return {"first_ms": first, "next_ms": median(following), "ratio": ratio(first, median(following))}
