"""What is told of the data of a night as a whole, for who cites it: the head of a Frictionless Data Package."""

from typing import NamedTuple

from app.api.values import JsonObject, Moment, marked
from app.domain.election import Election
from app.wording.citing import cited, data_title, data_told


class Cited(NamedTuple):
    """Where the data are, and the page that tells them, as addresses; empty where they have none."""

    data: str = ""
    page: str = ""


NOWHERE = Cited()


def cited_view(election: Election, moment: Moment, where: Cited, *, rehearsal: bool) -> JsonObject:
    """Title, description, version and citation; ``moment`` is the newest entry that the data tell."""
    seq, at = moment
    told = {
        "name": election.slug,
        "id": where.data,
        "profile": "tabular-data-package",
        "title": data_title(election, rehearsal=rehearsal),
        "description": data_told(election, seq, at),
        "version": str(seq),
        "created": at.isoformat() if at is not None else None,
        "homepage": where.page,
        "citation": cited(election, seq, at, where.data, rehearsal=rehearsal),
        "keywords": ["elections", "election results", "local government", "United Kingdom"],
    }
    return marked({key: value for key, value in told.items() if value}, rehearsal=rehearsal)
