"""An election loaded into the database: what opens its log, and every change of that later (rule 13)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from app.domain.catalogue import alterations, exchanged, needing_reason
from app.domain.declarations import Alteration, CatalogueChange, Entry
from app.domain.election import Election
from app.store import catalogue, log
from app.store.audit import Actor, at_the_command_line
from app.store.errors import CatalogueContradicted, CatalogueExchanged, CatalogueInUse, ReasonNeeded
from app.store.folding import folded
from app.store.locks import exclude_others
from app.store.notifying import notify
from app.store.references import contradictions, referred_contests, vanishing
from app.store.tables import ELECTION, HEAD


class Saved(Enum):
    """What saving an election did."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Loading:
    """What came of it: what was altered, and the entry of the log that this is, where anything had been declared."""

    saved: Saved
    alterations: Sequence[Alteration] = ()
    seq: int | None = None


def save_election(
    connection: Connection, election: Election, digest: str, *, reason: str = "", by: Actor | None = None
) -> Loading:
    """Saves ``election``, read from files with this ``digest``, in place of what was known under its slug.

    What was known before stays what every earlier entry is told by. Nothing is changed, and it raises: CatalogueInUse
    where the log refers to something that would vanish; CatalogueExchanged where an id that it refers to would mean
    another person of another party; CatalogueContradicted where it holds what could not be declared any more; and
    ReasonNeeded, unless there is a ``reason``, where that changes what is shown of anything declared, or a council's
    seats, contests or who may stand. It is ``by`` whoever runs this process where nobody else is named.
    """
    exclude_others(connection, "declared catalogue")
    known = connection.scalar(select(ELECTION.c.digest).where(ELECTION.c.slug == election.slug))
    if known == digest and catalogue.is_as_kept(connection, election.slug):
        return Loading(Saved.UNCHANGED)
    if known is None:
        _begin_log(connection, election, digest)
        notify(connection, election.slug)
        return Loading(Saved.LOADED)
    return _change(connection, election, digest, reason=reason, by=by or at_the_command_line())


def _begin_log(connection: Connection, election: Election, digest: str) -> None:
    catalogue.write_election(connection, election, digest)
    hash_ = log.genesis_hash(election.slug)
    row = {"slug": election.slug, "seq": 0, "hash": hash_, "epoch": log.new_epoch()}
    connection.execute(insert(HEAD), row)
    _open_with(connection, election)


def _open_with(connection: Connection, election: Election) -> None:
    """Have the log, which is empty, begin with this catalogue."""
    opening = log.genesis_hash(election.slug, catalogue.keep_version(connection, election, 0))
    connection.execute(update(HEAD).where(HEAD.c.slug == election.slug).values(hash=opening))


def _change(connection: Connection, election: Election, digest: str, *, reason: str, by: Actor) -> Loading:
    slug = election.slug
    # Nobody may declare against what is being replaced while it is.
    end = log.lock(connection, slug)
    was = catalogue.newest_election(connection, slug)
    found = alterations(was, election)
    entry = _entry(end, CatalogueChange(reason, found, election), by)
    if found:
        _refuse(connection, was, entry, found)
    catalogue.write_election(connection, election, digest)
    if not found:
        # The files read the same, or differ in what nobody is shown.
        return Loading(Saved.UNCHANGED)
    if end.seq == 0:
        _open_with(connection, election)
    else:
        if not catalogue.has_versions(connection, slug):
            catalogue.keep_version(connection, was, 0)
        _append(connection, slug, end, entry, catalogue.keep_version(connection, election, entry.seq))
    notify(connection, slug)
    return Loading(Saved.REPLACED, found, entry.seq if end.seq else None)


def _entry(end: log.Head, change: CatalogueChange, by: Actor) -> Entry:
    councils = {it.council_id for it in change.alterations}
    (only,) = councils if len(councils) == 1 else (None,)
    at = datetime.now(UTC).astimezone(change.election.zone)
    return Entry(end.seq + 1, at, change, council_id=only, author=by.who)


def _refuse(connection: Connection, was: Election, entry: Entry, found: Sequence[Alteration]) -> None:
    """Raises what is in the way of ``entry``, if anything is."""
    assert isinstance(entry.declaration, CatalogueChange)  # nothing else comes here
    election, slug = entry.declaration.election, was.slug
    gone = vanishing(connection, election)
    if gone:
        raise CatalogueInUse(slug, gone)
    mistaken = exchanged(was, election, referred_contests(connection, slug))
    if mistaken:
        raise CatalogueExchanged(slug, mistaken)
    night = folded(connection, slug)
    wrong = contradictions(night.told(entry)[0])
    if wrong:
        raise CatalogueContradicted(slug, wrong)
    needing = needing_reason(night, found)
    if needing and not entry.reason:
        raise ReasonNeeded(slug, needing)


def _append(connection: Connection, slug: str, end: log.Head, entry: Entry, digest: str) -> None:
    assert isinstance(entry.declaration, CatalogueChange)  # nothing else comes here
    taken = log.take_sequence(connection, slug)
    assert taken == end  # it is locked
    body: Mapping[str, Any] = {
        "kind": entry.kind,
        "reason": entry.declaration.reason,
        "changes": [asdict(alteration) for alteration in entry.declaration.alterations],
        "catalogue": digest,
    }
    log.append(
        connection,
        slug,
        seq=entry.seq,
        at=entry.at.isoformat(),
        recorded_at=datetime.now(UTC),
        kind=entry.kind,
        about=entry.kind,
        council_id=entry.council_id,
        ballot_id=None,
        replaces=None,
        body=body,
        author=entry.author,
        previous_hash=end.hash,
    )
