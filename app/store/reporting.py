"""Which councils a reporter reports from: those that an editor has given, and no others."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from app.store.errors import StaffRefused
from app.store.staff import Role
from app.store.tables import REPORTER_COUNCIL, STAFF


def councils(connection: Connection, slug: str, name: str) -> frozenset[str]:
    """The ids of the councils of an election that ``name`` reports from: none, unless some were given."""
    statement = select(REPORTER_COUNCIL.c.council_id).where(
        REPORTER_COUNCIL.c.slug == slug, REPORTER_COUNCIL.c.staff_name == name
    )
    return frozenset(connection.scalars(statement))


def all_councils(connection: Connection) -> dict[str, dict[str, frozenset[str]]]:
    """The same of every reporter: by name, then by the election's slug."""
    columns = REPORTER_COUNCIL.c.staff_name, REPORTER_COUNCIL.c.slug, REPORTER_COUNCIL.c.council_id
    found: dict[str, dict[str, frozenset[str]]] = {}
    for name, slug, council_id in connection.execute(select(*columns)):
        given = found.setdefault(name, {})
        given[slug] = given.get(slug, frozenset()) | {council_id}
    return found


def set_councils(connection: Connection, slug: str, name: str, council_ids: Collection[str]) -> None:
    """Gives ``name`` these councils of an election, and no others; StaffRefused for who is no reporter."""
    role = connection.scalar(select(STAFF.c.role).where(STAFF.c.name == name))
    if role != Role.REPORTER:
        raise StaffRefused(f"Councils are given to reporters alone, and “{name}” is none.")
    of_them = REPORTER_COUNCIL.c.slug == slug, REPORTER_COUNCIL.c.staff_name == name
    connection.execute(delete(REPORTER_COUNCIL).where(*of_them))
    if council_ids:
        rows = [{"slug": slug, "staff_name": name, "council_id": council_id} for council_id in sorted(council_ids)]
        connection.execute(insert(REPORTER_COUNCIL), rows)
