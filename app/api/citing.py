"""What is told of the data of a night as a whole, for who cites it: the head of a Frictionless Data Package."""

import re
from typing import NamedTuple

from app.api.values import JsonObject, Moment, marked
from app.domain.election import Citation, Election
from app.wording.citing import cited, data_title, data_told

_SHORT_NAME = re.compile(r"[-A-Za-z0-9._]+")


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
        "licenses": _licences(election.citation),
        "contributors": _publishers(election.citation),
        "sources": [_linked(it.title, it.url) for it in election.citation.sources],
        "citation": cited(election, seq, at, where.data, rehearsal=rehearsal),
        "keywords": ["elections", "election results", "local government", "United Kingdom"],
    }
    return marked({key: value for key, value in told.items() if value}, rehearsal=rehearsal)


def _licences(citation: Citation) -> list[JsonObject]:
    """By its short name, such as ``CC-BY-4.0``, where it has one; by title and address else."""
    if not citation.licence:
        return []
    named = "name" if _SHORT_NAME.fullmatch(citation.licence) else "title"
    return [{named: citation.licence} | ({"path": citation.licence_url} if citation.licence_url else {})]


def _publishers(citation: Citation) -> list[JsonObject]:
    if not citation.publisher:
        return []
    return [{**_linked(citation.publisher, citation.publisher_url), "role": "publisher"}]


def _linked(title: str, url: str) -> JsonObject:
    return {"title": title} | ({"path": url} if url else {})
