"""Getting past an entry of the log that cannot be read: it stays as it is, and a row beside it leaves it out."""

from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from app.domain.errors import UnknownSequence, UnreadableEntry
from app.domain.night import Night
from app.store import audit, catalogue, idempotency, log
from app.store.errors import NothingToPassOver
from app.store.notifying import notify
from app.store.tables import HEAD, PASSED_OVER


def pass_over(connection: Connection, slug: str, seq: int, *, by: audit.Actor, reason: str) -> str:
    """Leaves the entry ``seq`` out of the night from now on; what was wrong with it.

    Whoever follows the log begins anew, in a new epoch. Its idempotency key is free again: what it said has to be
    declared again, and a key that answers as before would declare nothing. Raises UnknownElection, UnknownSequence, and
    NothingToPassOver for an entry that can be read: what is wrong in what it says is corrected or withdrawn.
    """
    end = log.lock(connection, slug)
    if not 0 < seq <= end.seq:
        raise UnknownSequence(seq)
    wrong = next((fault.reason for fault in faults(connection, slug) if fault.seq == seq), None)
    if wrong is None:
        raise NothingToPassOver(slug, seq)
    now = datetime.now(UTC)
    row = {"slug": slug, "seq": seq, "at": now.isoformat(), "author": by.who, "reason": reason}
    connection.execute(insert(PASSED_OVER), row)
    idempotency.forget_entry(connection, slug, seq)
    connection.execute(update(HEAD).where(HEAD.c.slug == slug).values(epoch=log.new_epoch()))
    details = {"reason": reason, "wrong": wrong}
    audit.record(connection, audit.Kind.PASSED_OVER, by, slug=slug, subject=f"entry {seq}", details=details, now=now)
    notify(connection, slug)
    return wrong


def faults(connection: Connection, slug: str) -> list[UnreadableEntry]:
    """Every entry that cannot be read, or folded into what is there without those before it, and is not passed over."""
    found: list[UnreadableEntry] = []
    night = Night.before_first(catalogue.opening_election(connection, slug))
    for entry in log.each(connection, slug):
        if isinstance(entry, UnreadableEntry):
            found.append(entry)
            continue
        try:
            night, _ = night.told(entry.entry)
        except UnreadableEntry as error:
            found.append(error)
    return found


def passed(connection: Connection, slug: str) -> list[tuple[int, str, str]]:
    """Sequence, author and reason of every entry that is passed over."""
    columns = (PASSED_OVER.c.seq, PASSED_OVER.c.author, PASSED_OVER.c.reason)
    statement = select(*columns).where(PASSED_OVER.c.slug == slug).order_by(PASSED_OVER.c.seq)
    return [(row.seq, row.author, row.reason) for row in connection.execute(statement)]
