"""A whole national night through the API at full speed, and whether everybody who watches has it all at the end.

6,000 declarations in 300 councils. Half of the watchers have the dashboard open, in one or the other convention, the
others a council each. At the end each is compared with a snapshot that is fetched afresh: sequence and every fragment.
"""

import asyncio
import time
from collections import Counter
from statistics import median
from typing import Any

from app.domain.election import Election
from bench.followers import Follower, Messages, follow
from bench.goals import Goal, as_json
from bench.machine import cores, pinned_here, watchers_allowed
from bench.national import national_election
from bench.options import Options
from bench.processes import Asking
from bench.real import accepted, national_bodies, national_server, posts
from tests.running import Server

CLIENTS = 64
PATIENCE = 120.0
"""Seconds after the last answer within which everybody has to have it."""


def run(options: Options) -> dict[str, Any]:
    election = national_election(*((5, 16) if options.quick else (300, 20)))
    watchers = watchers_allowed(options.watchers_for(2_000))
    with national_server(election) as server, pinned_here(cores()[1]):
        figures = asyncio.run(_replayed(server, election, _paths(election, watchers)))
    print(
        f"  {figures['declarations']:,} declarations in {figures['answered_seconds']:.1f} s "
        f"({figures['per_second']:,.0f} a second), the last watcher had them after {figures['told_seconds']:.1f} s; "
        f"frames on the dashboard {figures['frames']['overview']}, on a council {figures['frames']['council']}"
    )
    share = 100 * figures["converged"] / watchers
    goal = Goal(f"{watchers:,} watchers that have the night's end state", share, 100, "%", at_least=True)
    return {**figures, "goals": as_json([goal])}


def _paths(election: Election, watchers: int) -> list[str]:
    """Dashboards in every convention and councils, in turn."""
    conventions, councils = list(election.conventions), list(election.councils)
    paths = []
    for number in range(watchers):
        if number % 2 == 0:
            convention = conventions[number // 2 % len(conventions)]
            paths.append(f"/live/{election.slug}/overview?convention={convention}")
        else:
            paths.append(f"/live/{election.slug}/council/{councils[number // 2 % len(councils)]}")
    return paths


async def _replayed(server: Server, election: Election, paths: list[str]) -> dict[str, Any]:
    messages = Messages()
    requests = posts(server, election.slug, national_bodies(election))
    followers = await follow(server.port, paths, messages)
    began = time.monotonic()
    asking = Asking(server.port, requests, connections=CLIENTS)
    result = accepted(await asyncio.to_thread(asking.result), len(requests))
    fresh = await _snapshots(server, sorted(set(paths)), messages)
    await _until_told(followers, fresh)
    converged = sum(
        not it.is_lost and it.seq == fresh[it.path].seq and it.fragments == fresh[it.path].fragments for it in followers
    )
    told_seconds = max(follower.last_at for follower in followers) - began
    for follower in [*followers, *fresh.values()]:
        follower.close()
    return {
        "declarations": len(requests),
        "watchers": len(paths),
        "converged": converged,
        "answered_seconds": result["seconds"],
        "per_second": result["per_second"],
        "answered_p99_ms": result["p99_ms"],
        "told_seconds": told_seconds,
        "messages": dict(Counter(told.kind for told in messages.told)),
        "frames": {topic: _frames(followers, topic) for topic in ("overview", "council")},
    }


async def _snapshots(server: Server, paths: list[str], messages: Messages) -> dict[str, Follower]:
    """What somebody gets who opens each of ``paths`` now."""
    followers = await follow(server.port, paths, messages)
    await asyncio.gather(*(follower.told for follower in followers))
    return {follower.path: follower for follower in followers}


async def _until_told(followers: list[Follower], fresh: dict[str, Follower]) -> None:
    """Return when everybody stands where the fresh ones do, or when that has taken too long."""
    until = time.monotonic() + PATIENCE
    waiting = followers
    while waiting and time.monotonic() < until:
        await asyncio.sleep(0.05)
        waiting = [it for it in waiting if it.seq != fresh[it.path].seq]


def _frames(followers: list[Follower], topic: str) -> dict[str, float]:
    """Updates that a watcher of ``topic`` got: the least, the median and the most."""
    updates = [follower.updates for follower in followers if f"/{topic}" in follower.path]
    return {"least": min(updates), "median": median(updates), "most": max(updates)}
