"""The real server under load: ``declared serve`` as a process on the server's core, with the night it is to serve."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.domain.declarations import WardDeclaration
from app.domain.election import Election
from bench.machine import cores, pin
from bench.national import national_night
from bench.processes import post
from tests.running import KENT, Server, load

CONFIRMED = [f"W{number:02}" for number in range(1, 100)]
"""Every warning: who generates a night has seen them all."""

KENT_SLUG = "kent-2023"


@contextlib.contextmanager
def kent_server(**settings: Any) -> Iterator[Server]:
    """The night of Kent, before its first declaration."""
    with tempfile.TemporaryDirectory() as folder, Server(f"sqlite:///{folder}/night.db", **settings) as server:
        pin(server.pid, cores()[0])
        yield server


@contextlib.contextmanager
def national_server(election: Election, **settings: Any) -> Iterator[Server]:
    """A generated night, before its first declaration."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/night.db"
        load(database, election)
        with Server(database, bundle=None, **settings) as server:
            pin(server.pid, cores()[0])
            yield server


def kent_night() -> list[dict[str, Any]]:
    """The bodies of the night, each of which may be posted as it is."""
    lines = (KENT / "night.jsonl").read_text("utf-8").splitlines()
    return [{**json.loads(line), "confirm": CONFIRMED} for line in lines]


def national_bodies(election: Election) -> list[dict[str, Any]]:
    """One declaration for every contest."""
    bodies = []
    for entry in national_night(election):
        assert isinstance(entry.declaration, WardDeclaration)
        bodies.append(
            {
                "kind": "ward",
                "ballot_id": entry.ballot_id,
                "votes": dict(entry.declaration.votes or {}),
                "ballots": entry.declaration.ballots,
                "turnout": entry.declaration.turnout,
                "confirm": CONFIRMED,
            }
        )
    return bodies


def posts(server: Server, slug: str, bodies: list[dict[str, Any]]) -> list[bytes]:
    """The requests that declare ``bodies``."""
    return [post(f"/api/v1/elections/{slug}/declarations", server.port, server.token, body) for body in bodies]


def accepted(result: dict[str, Any], expected: int) -> dict[str, Any]:
    """The result of posts, every one of which has to have been accepted."""
    if result["statuses"] != {"201": expected}:
        raise RuntimeError(f"not all of {expected} declarations were accepted: {result['statuses']}")
    return result


def database_file(folder: str | Path) -> str:
    """The URL of a database in ``folder``."""
    return f"sqlite:///{Path(folder) / 'night.db'}"
