"""Claims: who has taken it upon themselves to check what, for as long as they are at it.

A claim tells the others, and keeps the next one who asks for work from getting the same. It forbids nobody anything.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from app.domain.subject import Subject
from app.store import keyed
from app.store.locks import exclude_others
from app.store.tables import CLAIM

LASTING = timedelta(minutes=2)
"""How long a claim holds, from when it was taken or renewed last."""

RENEWED = timedelta(minutes=1)
"""What is left of a claim when it is renewed: not with every look of every browser."""


class Claim(NamedTuple):
    """``person`` checks ``subject`` until a moment."""

    subject: Subject
    person: str
    until: datetime


def claims(connection: Connection, slug: str, *, now: datetime) -> list[Claim]:
    """Those that hold, the one that runs out first first."""
    statement = select(CLAIM).where(CLAIM.c.slug == slug)
    found = [
        Claim(Subject(row.subject_kind, row.subject_id), row.staff_name, datetime.fromisoformat(row.until))
        for row in connection.execute(statement)
    ]
    return sorted((claim for claim in found if claim.until > now), key=lambda claim: claim.until)


def take_first(
    connection: Connection, slug: str, subjects: Iterable[Subject], person: str, *, now: datetime
) -> Claim | None:
    """Claim the first of ``subjects`` that still waits and that nobody else has claimed; None where there is none.

    Two who do this at once, in whichever processes, do it one after the other. What has run out is forgotten.
    """
    exclude_others(connection, f"declared claims {slug}")
    standing = {claim.subject: claim for claim in claims(connection, slug, now=now)}
    for subject in subjects:
        claim = standing.get(subject)
        if claim is not None and claim.person != person:
            continue
        if keyed.find(connection, slug, subject) is not None:
            return _put(connection, slug, Claim(subject, person, now + LASTING))
    return None


def renew(connection: Connection, slug: str, claim: Claim, *, now: datetime) -> bool:
    """Have ``claim`` hold for as long again; False where it is somebody else's by now, or gone."""
    renewing = update(CLAIM).where(_of(slug, claim.subject), CLAIM.c.staff_name == claim.person)
    return connection.execute(renewing.values(until=(now + LASTING).isoformat())).rowcount > 0


def release(connection: Connection, slug: str, subject: Subject, person: str | None = None) -> bool:
    """Let go of a claim, or of ``person``'s alone; False where there was none."""
    whose = () if person is None else (CLAIM.c.staff_name == person,)
    return connection.execute(delete(CLAIM).where(_of(slug, subject), *whose)).rowcount > 0


def _put(connection: Connection, slug: str, claim: Claim) -> Claim:
    release(connection, slug, claim.subject)
    row = {
        "slug": slug,
        "subject_kind": claim.subject.kind,
        "subject_id": claim.subject.identity,
        "staff_name": claim.person,
        "until": claim.until.isoformat(),
    }
    connection.execute(insert(CLAIM), row)
    return claim


def _of(slug: str, subject: Subject) -> ColumnElement[bool]:
    return and_(CLAIM.c.slug == slug, CLAIM.c.subject_kind == subject.kind, CLAIM.c.subject_id == subject.identity)
