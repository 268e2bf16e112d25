"""The night as the database alone tells it."""

from sqlalchemy import Connection

from app.domain.night import Night
from app.store import catalogue, log


def folded(connection: Connection, slug: str) -> Night:
    """The whole log of ``slug``, folded afresh over its catalogue; raises UnknownElection."""
    night = Night.before_first(catalogue.load_election(connection, slug))
    return night.fold(logged.entry for logged in log.entries(connection, slug, after=0))
