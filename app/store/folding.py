"""The night as the database alone tells it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.night import Night
from app.store import catalogue, log


@dataclass(frozen=True, slots=True)
class Folded:
    """A night, and the place in its log that it was folded to: its hash tells whether that place still is."""

    night: Night
    head: log.Head


def folded(connection: Connection, slug: str) -> Night:
    """The whole log of ``slug``, folded afresh over its catalogue; raises UnknownElection."""
    night = Night.before_first(catalogue.load_election(connection, slug))
    return night.fold(logged.entry for logged in log.entries(connection, slug, after=0))
