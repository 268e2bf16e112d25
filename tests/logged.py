"""A night that is in the log already, written in one transaction: posting it takes a second for each hundred entries.

For what is about that which is shown. Nothing is checked on the way, and nobody is told: before a server starts.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app.bundles.reading import read_bundle
from app.domain.election import Election
from app.store import log
from app.store.engine import Store
from tests.country import SLUG, country, country_night
from tests.running import KENT, Server, load


def write_night(database: str, election: Election, bodies: Iterable[Mapping[str, Any]]) -> None:
    """Append what of ``bodies`` was posted, in their order; each is of a ward, and says when that was."""
    with Store.open(database) as store, store.writing() as connection:
        for body in bodies:
            _append(connection, election, body)


def write_country(database: str, declared: float) -> str:
    """The generated country in an empty ``database``, with ``declared`` (0 to 1) of its wards in; its slug."""
    election = country()
    load(database, election)
    bodies = list(country_night(election))
    write_night(database, election, bodies[: round(len(bodies) * declared)])
    return SLUG


def server_after(declarations: int, folder: Path, *, bundle: Path = KENT, **settings: Any) -> Server:
    """A server, not started yet, for the night of ``bundle`` as it is after so many of its declarations."""
    server = Server(f"sqlite:///{folder / 'night.db'}", bundle=bundle, **settings)
    read = read_bundle(bundle)
    write_night(server.database, read.election, (read.night or ())[:declarations])
    return server


def _append(connection: Connection, election: Election, body: Mapping[str, Any]) -> None:
    before = log.take_sequence(connection, election.slug)
    log.append(
        connection,
        election.slug,
        seq=before.seq + 1,
        at=body["at"],
        recorded_at=datetime.fromisoformat(body["at"]).astimezone(UTC),
        kind=body["kind"],
        about=body["kind"],
        council_id=election.contest(body["ballot_id"]).council_id,
        ballot_id=body["ballot_id"],
        replaces=None,
        body=body,
        author="Results desk",
        previous_hash=before.hash,
    )
