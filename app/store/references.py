"""What the log of an election, and what waits to get into it, needs of its catalogue."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.domain.checks import hard_findings
from app.domain.election import Contest, Election
from app.domain.night import Night
from app.store import keyed
from app.store.tables import ENTRY
from app.wording.findings import told


class _Reference(NamedTuple):
    """What one entry, or one keying, names."""

    council_id: str | None
    ballot_id: str | None
    body: Mapping[str, Any]


def vanishing(connection: Connection, election: Election) -> list[str]:
    """What is referred to and ``election``, which is to be the catalogue from now on, does not have.

    Contests (in the council they were declared for), candidacies, councils and parties, each named once. Entries that
    were corrected or withdrawn count as well: they are shown, and folded, for ever. So does what was keyed and waits
    for its check: it can be taken back first, but must not be lost unseen.
    """
    references = (*_of_entries(connection, election.slug), *_of_keyings(connection, election.slug))
    return list(dict.fromkeys(name for it in references for name in _vanishing_of(it, election)))


def referred_contests(connection: Connection, slug: str) -> frozenset[str]:
    """The ballot ids of contests that anything was declared of, or keyed for a check."""
    references = (*_of_entries(connection, slug), *_of_keyings(connection, slug))
    return frozenset(it.ballot_id for it in references if it.ballot_id is not None)


def contradictions(night: Night) -> list[str]:
    """Why what stands in the log cannot be so in ``night``, whose catalogue has all that it refers to: sentences.

    By the very checks that a post has to pass. An electorate may have been mended without its ward being wrong.
    """
    records = (state.record for state in night.councils.values())
    standing = (about.standing for record in records for about in record.subjects.values())
    return [
        f"entry {entry.seq}: {finding.detail}"
        for entry in standing
        if entry is not None
        for finding in told(found for found in hard_findings(night, entry) if "electorate" not in found.values)
    ]


def _of_entries(connection: Connection, slug: str) -> Iterator[_Reference]:
    columns = (ENTRY.c.council_id, ENTRY.c.ballot_id, ENTRY.c.body)
    for row in connection.execute(select(*columns).where(ENTRY.c.slug == slug).order_by(ENTRY.c.seq)):
        yield _Reference(row.council_id, row.ballot_id, json.loads(row.body))


def _of_keyings(connection: Connection, slug: str) -> Iterator[_Reference]:
    for waiting in keyed.waiting(connection, slug):
        for keying in waiting.keyings:
            yield _Reference(waiting.subject.council_id, waiting.subject.ballot_id, keying.body)


def _vanishing_of(reference: _Reference, election: Election) -> Iterator[str]:
    council_id, ballot_id, body = reference
    if council_id is not None and council_id not in election.councils:
        yield f"council {council_id}"
    if ballot_id is not None:
        contest = election.contests.get(ballot_id)
        if contest is None or council_id not in (None, contest.council_id):
            yield f"contest {ballot_id}"
        else:
            yield from _vanishing_candidacies(body, contest)
    for party_id in body.get("seats") or ():
        if party_id not in election.parties:
            yield f"party {party_id}"


def _vanishing_candidacies(body: Mapping[str, Any], contest: Contest) -> Iterator[str]:
    for candidacy_id in (*(body.get("votes") or ()), *(body.get("elected") or ())):
        if candidacy_id not in contest.candidacies_by_id:
            yield f"candidacy {candidacy_id} of {contest.ballot_id}"
