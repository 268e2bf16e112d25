"""What the log of an election refers to in its catalogue."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from app.domain.election import Contest, Election
from app.store.tables import ENTRY


def vanishing(connection: Connection, election: Election) -> list[str]:
    """What entries of the log refer to and ``election``, which is to be its catalogue from now on, does not have.

    Contests (in the council they were declared for), candidacies, councils and parties, each named once. Entries that
    were corrected or withdrawn count as well: they are shown, and folded, for ever.
    """
    columns = (ENTRY.c.council_id, ENTRY.c.ballot_id, ENTRY.c.body)
    rows = connection.execute(select(*columns).where(ENTRY.c.slug == election.slug).order_by(ENTRY.c.seq))
    return list(dict.fromkeys(name for row in rows for name in _vanishing_of(row, election)))


def _vanishing_of(row: Row[Any, Any, Any], election: Election) -> Iterator[str]:
    if row.council_id is not None and row.council_id not in election.councils:
        yield f"council {row.council_id}"
    body = json.loads(row.body)
    if row.ballot_id is not None:
        contest = election.contests.get(row.ballot_id)
        if contest is None or row.council_id not in (None, contest.council_id):
            yield f"contest {row.ballot_id}"
        else:
            yield from _vanishing_candidacies(body, contest)
    for party_id in body.get("seats") or ():
        if party_id not in election.parties:
            yield f"party {party_id}"


def _vanishing_candidacies(body: dict[str, Any], contest: Contest) -> Iterator[str]:
    for candidacy_id in (*(body.get("votes") or ()), *(body.get("elected") or ())):
        if candidacy_id not in contest.candidacies_by_id:
            yield f"candidacy {candidacy_id} of {contest.ballot_id}"
