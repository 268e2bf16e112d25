"""Entries for a log, valid by default."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, update

from app.domain.election import Contest
from app.store import log
from app.store.engine import Store
from app.store.tables import ENTRY, HEAD

RECORDED_AT = datetime(2023, 5, 5, 1, 20, 2, 500000, tzinfo=UTC)
BALLOT_ID = "local.testshire.north.2023-05-04"


def a_body(**fields: Any) -> dict[str, Any]:
    """What is posted for a ward."""
    votes = {"north-LAB-1": 1000, "north-CON-1": 900}
    return {"kind": "ward", "ballot_id": BALLOT_ID, "votes": votes, "ballots": 1910, **fields}


def declare(connection: Connection, slug: str, **fields: Any) -> int:
    """Appends an entry, by default of a ward, and returns its sequence."""
    before = log.take_sequence(connection, slug)
    body = fields.setdefault("body", a_body())
    row = {
        "at": "2023-05-05T02:20:01+01:00",
        "recorded_at": RECORDED_AT,
        "kind": body["kind"],
        "about": body["kind"],
        "council_id": "testshire",
        "ballot_id": body.get("ballot_id"),
        "replaces": body.get("replaces"),
        "author": "Results desk",
    }
    log.append(connection, slug, seq=before.seq + 1, previous_hash=before.hash, **{**row, **fields})
    return before.seq + 1


def declare_many(store: Store, slug: str, number: int) -> None:
    with store.writing() as connection:
        for _ in range(number):
            declare(connection, slug)


def declare_wards(store: Store, slug: str, *contests: Contest) -> None:
    """Appends an entry for each of ``contests``: more votes for each candidate than for the next."""
    with store.writing() as connection:
        for contest in contests:
            votes = {candidacy.candidacy_id: 10 - place for place, candidacy in enumerate(contest.candidacies)}
            body = {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes}
            declare(connection, slug, body=body, council_id=contest.council_id)


def faults(store: Store, slug: str) -> list[str]:
    with store.reading() as connection:
        return list(log.verify_chain(connection, slug))


def authors_by_seq(store: Store, slug: str) -> dict[int, str]:
    """The whole log, oldest first, as far as tests of it care."""
    with store.reading() as connection:
        return {logged.entry.seq: logged.entry.author for logged in log.entries(connection, slug, after=0)}


def sequences(store: Store, slug: str) -> list[int]:
    return list(authors_by_seq(store, slug))


def authors(store: Store, slug: str) -> list[str]:
    return list(authors_by_seq(store, slug).values())


def damage(connection: Connection, seq: int, **columns: object) -> None:
    """Have entry ``seq``, the last one, hold something else, with a hash that is right."""
    connection.execute(update(ENTRY).where(ENTRY.c.seq == seq).values(columns))
    row = connection.execute(ENTRY.select().where(ENTRY.c.seq == seq)).one()
    fresh = log.entry_hash(row._asdict())
    connection.execute(update(ENTRY).where(ENTRY.c.seq == seq).values(hash=fresh))
    connection.execute(update(HEAD).values(hash=fresh))
