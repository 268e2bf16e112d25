"""Declarations a second that are durable when they are answered: 64 clients at once, over HTTP.

Beside it, the writer alone: the same declarations handed to its thread with 64 of them always waiting, and no HTTP.
That is what the log can take; the rest is what a request costs. SQLite with ``synchronous=FULL``. Nobody watches, so
nothing is rendered; ``night`` has watchers.
"""

import tempfile
import time
from collections import deque
from concurrent.futures import Future
from statistics import median
from typing import Any

from app.api.values import council_view
from app.declaring.door import Accepted, Declaring, Posting
from app.domain.election import Election
from app.store.engine import Store
from app.store.writer import Writer
from app.wording.control import flash_of
from bench.goals import Goal, as_json
from bench.machine import cores, pinned_here
from bench.national import national_election
from bench.options import Options
from bench.processes import Asking
from bench.real import CONFIRMED, accepted, database_file, national_bodies, national_server, posts
from tests.running import load

CLIENTS = 64
GOAL = 1500


def run(options: Options) -> dict[str, Any]:
    election = national_election(*((5, 16) if options.quick else (150, 20)))
    bodies = national_bodies(election)
    over_http, alone = [], []
    for repetition in range(1, options.repetitions + 1):
        over_http.append(_over_http(election, bodies))
        alone.append(_writer_alone(election, bodies))
        rate = over_http[-1]["per_second"]
        print(f"  {repetition}: {rate:,.0f} a second over HTTP, {alone[-1]:,.0f} by the writer alone", flush=True)
    rate = median(result["per_second"] for result in over_http)
    return {
        "declarations": len(bodies),
        "clients": CLIENTS,
        "over_http_per_second": rate,
        "over_http_p50_ms": median(result["p50_ms"] for result in over_http),
        "over_http_p99_ms": median(result["p99_ms"] for result in over_http),
        "writer_alone_per_second": median(alone),
        "goals": as_json(
            [
                Goal(f"durable declarations over HTTP, {CLIENTS} clients", rate, GOAL, "/s", at_least=True),
                Goal("durable declarations, the writer alone", median(alone), GOAL, "/s", at_least=True),
            ]
        ),
    }


def _over_http(election: Election, bodies: list[dict[str, Any]]) -> dict[str, Any]:
    with national_server(election) as server:
        requests = posts(server, election.slug, bodies)
        return accepted(Asking(server.port, requests, connections=CLIENTS).result(), len(bodies))


def _writer_alone(election: Election, bodies: list[dict[str, Any]]) -> float:
    """Declarations a second."""
    convention = election.chosen_convention(None)
    postings = [
        Posting(
            election.slug,
            {name: value for name, value in body.items() if name != "confirm"},
            author="bench",
            confirm=frozenset(CONFIRMED),
        )
        for body in bodies
    ]
    with tempfile.TemporaryDirectory() as folder, pinned_here(cores()[0]):
        load(database_file(folder), election)
        with Store.open(database_file(folder)) as store, Writer(store) as writer:
            declaring = Declaring(
                writer,
                lambda night, change, epoch, _warnings: {
                    "seq": change.entry.seq,
                    "epoch": epoch,
                    "council": council_view(night.election, change.after, convention) if change.after else None,
                    "flash": flash_of(night.election, change, convention.key),
                },
            )
            declaring.post(postings[0]).result()  # reads the election
            began = time.perf_counter()
            waiting: deque[Future[Accepted]] = deque()
            for posting in postings[1:]:
                if len(waiting) == CLIENTS:
                    waiting.popleft().result()
                waiting.append(declaring.post(posting))
            for future in waiting:
                future.result()
            return (len(postings) - 1) / (time.perf_counter() - began)
