"""How many persons it takes to declare in an election."""

from sqlalchemy import Connection, insert, select, update

from app.store.tables import ELECTION_RULES

PERSONS = 2
"""Where nothing else was set: one keys, another checks."""


def persons(connection: Connection, slug: str) -> int:
    """1 or 2."""
    statement = select(ELECTION_RULES.c.persons).where(ELECTION_RULES.c.slug == slug)
    found = connection.execute(statement).scalar_one_or_none()
    return PERSONS if found is None else int(found)


def set_persons(connection: Connection, slug: str, number: int) -> None:
    """From now on it takes ``number`` persons."""
    changed = connection.execute(update(ELECTION_RULES).where(ELECTION_RULES.c.slug == slug).values(persons=number))
    if changed.rowcount == 0:
        connection.execute(insert(ELECTION_RULES), {"slug": slug, "persons": number})
