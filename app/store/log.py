"""The append-only log: a sequence without gaps, and a chain of hashes that shows whatever is changed behind its back.

A declaration is three statements in one transaction: ``take_sequence`` (which makes every other writer of this election
wait), whatever must be looked up while nobody else can write, and ``append``. Nothing here updates or deletes an entry.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, union, update

from app.domain.declarations import Alteration, CatalogueChange, Declaration, Entry, PassedOver, declaration_from
from app.domain.errors import UnknownElection, UnreadableEntry
from app.store.catalogue import content_digest, election_in
from app.store.notifying import notify
from app.store.tables import CATALOGUE_VERSION, ENTRY, HEAD, PASSED_OVER

CONFIRMED = "confirmed"
"""The member of a stored body that says who confirmed which warning; nothing that is posted has one of that name."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log: the last sequence (0: nothing yet), the hash to chain on, and the epoch they belong to."""

    seq: int
    hash: str
    epoch: str


@dataclass(frozen=True, slots=True)
class EntriesWanted:
    """Which entries are looked for; what is empty does not matter. ``person`` keyed them or checked them.

    ``since`` and ``until`` bound when they were recorded, the latter exclusively; ``source`` is how theirs begins, and
    ``seqs`` the sequences to choose from.
    """

    person: str = ""
    council_id: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    source: str = ""
    seqs: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as the log holds it.

    ``body`` is what was posted, without who confirmed what, which ``entry`` has; ``about`` the kind of what it is about
    (of a correction or withdrawal: of what that replaces), ``recorded_at`` is when it was written.
    """

    entry: Entry
    body: Mapping[str, Any]
    about: str
    recorded_at: datetime
    hash: str


# Built once: SQLAlchemy caches what it compiles by these very objects, and this is the path that must be fast.
_HEAD = select(HEAD.c.seq, HEAD.c.hash, HEAD.c.epoch).where(HEAD.c.slug == bindparam("of_slug"))
_TAKE = (
    update(HEAD)
    .where(HEAD.c.slug == bindparam("of_slug"))
    .values(seq=HEAD.c.seq + 1)
    .returning(HEAD.c.seq, HEAD.c.hash, HEAD.c.epoch)
)
_HASH = select(ENTRY.c.hash).where(ENTRY.c.slug == bindparam("of_slug"), ENTRY.c.seq == bindparam("at_seq"))
_PREVIOUS_HASH = select(ENTRY.c.prev_hash).where(
    ENTRY.c.slug == bindparam("of_slug"), ENTRY.c.seq == bindparam("at_seq")
)
_COLUMNS = tuple(ENTRY.c.keys())
_LEFT_OUT = (
    PASSED_OVER.c.at.label("passed_at"),
    PASSED_OVER.c.author.label("passed_by"),
    PASSED_OVER.c.reason.label("passed_why"),
)
_ENTRIES = (
    select(ENTRY, *_LEFT_OUT, CATALOGUE_VERSION.c.content)
    .outerjoin(PASSED_OVER, and_(PASSED_OVER.c.slug == ENTRY.c.slug, PASSED_OVER.c.seq == ENTRY.c.seq))
    .outerjoin(
        CATALOGUE_VERSION, and_(CATALOGUE_VERSION.c.slug == ENTRY.c.slug, CATALOGUE_VERSION.c.since_seq == ENTRY.c.seq)
    )
)
_AFTER = _ENTRIES.where(ENTRY.c.slug == bindparam("of_slug"), ENTRY.c.seq > bindparam("after_seq")).order_by(
    ENTRY.c.seq
)
_INSERT = insert(ENTRY)
_NO_TIME = datetime.fromtimestamp(0, UTC)
"""Of an entry that cannot be read."""
_CHAIN = (
    update(HEAD)
    .where(HEAD.c.slug == bindparam("of_slug"), HEAD.c.seq == bindparam("at_seq"))
    .values(hash=bindparam("new_hash"))
)


def new_epoch() -> str:
    """A name for the counting of sequences that begins now: 12 random characters, safe in a URL."""
    return secrets.token_urlsafe(9)


def canonical_json(value: object) -> str:
    """``value`` as the one JSON text that stands for it: keys sorted, no spaces, ASCII.

    ValueError for what JSON has no word for (NaN, infinities), TypeError for what is not JSON at all.
    """
    # ASCII, so that no encoding of a database can touch what was hashed.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def read_back(body: Mapping[str, Any]) -> dict[str, Any]:
    """``body`` as it is read from the log once it has been appended: its members are in the order of their names."""
    read: dict[str, Any] = json.loads(canonical_json(body))
    return read


def genesis_hash(slug: str, opening: str = "") -> str:
    """What the first entry of an election is chained on: SHA-256 of ``declared log of SLUG opened with OPENING``.

    ``opening`` is the digest of the catalogue that opened it. Of a log whose catalogue was loaded before that was kept
    it is empty, and so is all that would follow the slug.
    """
    return sha256(f"declared log of {slug}{opening and f' opened with {opening}'}".encode()).hexdigest()


def opening_hash(connection: Connection, slug: str) -> str:
    """What the first entry of ``slug`` is chained on, or will be; UnknownElection."""
    first = connection.scalar(_PREVIOUS_HASH, {"of_slug": slug, "at_seq": 1})
    return head(connection, slug).hash if first is None else str(first)


def entry_hash(stored: Mapping[str, Any]) -> str:
    """The hash of an entry: SHA-256, in hexadecimal, of the previous hash followed by the entry.

    Both are ASCII: the 64 digits of ``prev_hash``, then the canonical JSON of an object that has every other column of
    the row but ``hash`` under its name (``slug, seq, at, recorded_at, kind, about, council_id, ballot_id, replaces,
    body, author, checker``; ``body`` as the text it is stored as).
    """
    rest = {name: value for name, value in stored.items() if name not in {"prev_hash", "hash"}}
    return sha256((stored["prev_hash"] + canonical_json(rest)).encode("ascii")).hexdigest()


def head(connection: Connection, slug: str) -> Head:
    """The end of the log of ``slug``; UnknownElection."""
    row = connection.execute(_HEAD, {"of_slug": slug}).one_or_none()
    if row is None:
        raise UnknownElection(slug)
    return Head(*row)


def heads(connection: Connection) -> dict[str, Head]:
    """The end of every log, by slug."""
    statement = select(HEAD.c.slug, HEAD.c.seq, HEAD.c.hash, HEAD.c.epoch).order_by(HEAD.c.slug)
    return {slug: Head(*end) for slug, *end in connection.execute(statement)}


def lock(connection: Connection, slug: str) -> Head:
    """The end of the log of ``slug``, which nobody else gets past until the end of this transaction; UnknownElection.

    For what must see the log as it is and may add nothing to it.
    """
    # SQLite's BEGIN IMMEDIATE has locked everything already.
    row = connection.execute(_HEAD.with_for_update(), {"of_slug": slug}).one_or_none()
    if row is None:
        raise UnknownElection(slug)
    return Head(*row)


def holds(connection: Connection, slug: str, known: Head, end: Head) -> bool:
    """Whether the log of ``slug``, which ends at ``end``, has what somebody has seen of it: ``known``, in its epoch."""
    if known.epoch != end.epoch or known.seq > end.seq:
        return False
    if known.seq == end.seq:
        return known.hash == end.hash
    if known.seq == 0:
        return connection.scalar(_PREVIOUS_HASH, {"of_slug": slug, "at_seq": 1}) == known.hash
    return connection.scalar(_HASH, {"of_slug": slug, "at_seq": known.seq}) == known.hash


def begin_epoch(connection: Connection, slug: str) -> str:
    """Counts the log of ``slug`` in a new epoch from now on, and wakes everybody; that epoch. UnknownElection.

    Whoever knows the old one begins anew: servers fold the log afresh, watchers get a snapshot.
    """
    epoch = new_epoch()
    if connection.execute(update(HEAD).where(HEAD.c.slug == slug).values(epoch=epoch)).rowcount != 1:
        raise UnknownElection(slug)
    notify(connection, slug)
    return epoch


def leave_epoch(connection: Connection, slug: str, known: Head) -> Head | None:
    """Begins a new epoch where the log has gone back: it is in the epoch of ``known``, and does not hold that.

    The place where it ends; None where nothing had to be done, as another process was faster, or whoever found it so
    had read from a copy that is behind. In a transaction that writes. UnknownElection.
    """
    end = lock(connection, slug)
    if end.epoch != known.epoch or holds(connection, slug, known, end):
        return None
    return Head(end.seq, end.hash, begin_epoch(connection, slug))


def take_sequence(connection: Connection, slug: str) -> Head:
    """Takes the next sequence and returns what stood before it: the entry to append is ``seq + 1``.

    Until the end of this transaction, no other one gets past this point for the same election. A transaction that then
    appends nothing must be rolled back (a writer's job: by raising), or verification finds a gap. UnknownElection.
    """
    row = connection.execute(_TAKE, {"of_slug": slug}).one_or_none()
    if row is None:
        raise UnknownElection(slug)
    return Head(row.seq - 1, row.hash, row.epoch)


def append(  # noqa: PLR0913  # the columns of an entry, each by its name
    connection: Connection,
    slug: str,
    *,
    seq: int,
    at: str,
    recorded_at: datetime,
    kind: str,
    about: str,
    council_id: str | None,
    ballot_id: str | None,
    replaces: int | None,
    body: Mapping[str, Any],
    author: str,
    previous_hash: str,
    checker: str | None = None,
    confirmed: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """Writes the entry whose sequence was taken in this transaction and returns its hash, which the head now has.

    ``at`` is an ISO 8601 time with an offset, kept letter by letter, ``about`` the kind of the content (ward, tally,
    status, note), ``body`` what was posted, ``previous_hash`` that of the head ``take_sequence`` returned, ``checker``
    who keyed the same independently of the author, ``confirmed`` who confirmed the warnings that were asked about, by
    code, which is kept within the body. ValueError for times without an offset, for what is not JSON, and for a
    sequence that was not taken; IntegrityError where the author checked himself.
    """
    if datetime.fromisoformat(at).tzinfo is None or recorded_at.tzinfo is None:
        raise ValueError(f"A time without an offset: {at}, {recorded_at}")
    stored = {
        "slug": slug,
        "seq": seq,
        "at": at,
        "recorded_at": recorded_at.isoformat(),
        "kind": kind,
        "about": about,
        "council_id": council_id,
        "ballot_id": ballot_id,
        "replaces": replaces,
        "body": canonical_json({**body, CONFIRMED: confirmed} if confirmed else body),
        "author": author,
        "checker": checker,
        "prev_hash": previous_hash,
    }
    new_hash = entry_hash(stored)
    connection.execute(_INSERT, {**stored, "hash": new_hash})
    chained = connection.execute(_CHAIN, {"of_slug": slug, "at_seq": seq, "new_hash": new_hash})
    if chained.rowcount != 1:
        raise ValueError(f"Sequence {seq} of “{slug}” was not taken in this transaction.")
    return new_hash


def seq_at(connection: Connection, slug: str, at: datetime) -> int:
    """The last entry that was recorded by ``at``; 0 where there was none yet."""
    recorded = ENTRY.c.slug == slug, ENTRY.c.recorded_at <= _recorded(at)
    return connection.scalar(select(func.max(ENTRY.c.seq)).where(*recorded)) or 0


def entries(connection: Connection, slug: str, *, after: int, limit: int | None = None) -> list[Logged]:
    """The entries of ``slug`` with a sequence above ``after``, oldest first, at most ``limit`` of them.

    Raises UnreadableEntry for the first that cannot be read and is not passed over.
    """
    return [_logged(row) for row in _after(connection, slug, after, limit)]


def readable(
    connection: Connection, slug: str, *, after: int, limit: int | None = None
) -> tuple[list[Logged], UnreadableEntry | None]:
    """The same up to the first that cannot be read, and what is wrong with that."""
    found: list[Logged] = []
    for logged in each(connection, slug, after=after, limit=limit):
        if isinstance(logged, UnreadableEntry):
            return found, logged
        found.append(logged)
    return found, None


def each(
    connection: Connection, slug: str, *, after: int = 0, limit: int | None = None
) -> Iterator[Logged | UnreadableEntry]:
    """The same, all of them, with what is wrong in the place of those that cannot be read."""
    for row in _after(connection, slug, after, limit):
        try:
            yield _logged(row)
        except UnreadableEntry as error:
            yield error


def entry(connection: Connection, slug: str, seq: int) -> Logged | None:
    """The entry ``seq`` of ``slug``, if there is one."""
    row = connection.execute(_ENTRIES.where(ENTRY.c.slug == slug, ENTRY.c.seq == seq)).one_or_none()
    return None if row is None else _logged(row)


def search(
    connection: Connection, slug: str, wanted: EntriesWanted, *, before: int | None = None, limit: int | None = None
) -> list[Logged]:
    """The entries of ``slug`` that are ``wanted``, newest first: those below sequence ``before``, at most ``limit``.

    They are as the log holds them, sound or not: this is for whoever looks into it, and ``verify_chain`` judges it.
    """
    statement = _ENTRIES.where(*_wanted(slug, wanted)).order_by(ENTRY.c.seq.desc()).limit(limit)
    if before is not None:
        statement = statement.where(ENTRY.c.seq < before)
    return [_as_found(row) for row in connection.execute(statement)]


def count(connection: Connection, slug: str, wanted: EntriesWanted) -> int:
    """How many entries of ``slug`` are ``wanted``."""
    return connection.execute(select(func.count()).where(*_wanted(slug, wanted))).scalar_one()


def replaced(connection: Connection, slug: str, seqs: Collection[int]) -> dict[int, int]:
    """Which of the entries ``seqs`` were corrected or withdrawn, with the sequence of what did it."""
    columns = (ENTRY.c.replaces, ENTRY.c.seq)
    statement = select(*columns).where(ENTRY.c.slug == slug, ENTRY.c.replaces.in_(seqs)).order_by(ENTRY.c.seq)
    return {row.replaces: row.seq for row in connection.execute(statement)}


def people(connection: Connection, slug: str) -> list[str]:
    """Everybody, person or token, who keyed or checked an entry of ``slug``."""
    columns = [select(column).where(ENTRY.c.slug == slug) for column in (ENTRY.c.author, ENTRY.c.checker)]
    return sorted({name for name in connection.scalars(union(*columns)) if name}, key=str.casefold)


def _recorded(at: datetime) -> str:
    """``at`` as entries have theirs, which are hashed so: without a fraction on the second itself."""
    return at.astimezone(UTC).isoformat()


def _wanted(slug: str, wanted: EntriesWanted) -> Iterator[ColumnElement[bool]]:
    # PostgreSQL takes no NUL in a text, not even to look for it.
    person, council_id, kind = (text.replace("\0", "") for text in (wanted.person, wanted.council_id, wanted.kind))
    yield ENTRY.c.slug == slug
    if person:
        yield or_(ENTRY.c.author == person, ENTRY.c.checker == person)
    if council_id:
        yield ENTRY.c.council_id == council_id
    if kind:
        yield ENTRY.c.kind == kind
    if wanted.since is not None:
        yield ENTRY.c.recorded_at >= _recorded(wanted.since)
    if wanted.until is not None:
        yield ENTRY.c.recorded_at < _recorded(wanted.until)
    if wanted.source:
        # As it stands in the body: what is in quotes elsewhere has them escaped.
        begins = canonical_json({"source": wanted.source})[1:-2]
        yield ENTRY.c.body.icontains(begins, autoescape=True)
    if wanted.seqs is not None:
        yield ENTRY.c.seq.in_(wanted.seqs)


def _after(connection: Connection, slug: str, after: int, limit: int | None) -> Iterable[Row[Any]]:
    statement = _AFTER if limit is None else _AFTER.limit(limit)
    return connection.execute(statement, {"of_slug": slug, "after_seq": after})


def _logged(row: Row[Any]) -> Logged:
    """The entry in ``row``; raises UnreadableEntry."""
    if row.passed_why is not None:
        return _passed_over(row)
    if entry_hash(_stored(row)) != row.hash:
        raise UnreadableEntry(row.slug, row.seq, "its hash is not that of what it holds")
    try:
        return _as_stored(row)
    except Exception as error:
        raise UnreadableEntry(row.slug, row.seq, f"{type(error).__name__}: {error}") from error


def _stored(row: Row[Any]) -> dict[str, Any]:
    """The columns of the log alone."""
    return {name: getattr(row, name) for name in _COLUMNS}


def _passed_over(row: Row[Any]) -> Logged:
    at = datetime.fromisoformat(row.passed_at)
    entry = Entry(row.seq, at, PassedOver(row.passed_why), author=row.passed_by)
    return Logged(entry, {}, entry.kind, at, row.hash)


def _as_found(row: Row[Any]) -> Logged:
    """The entry in ``row``, whatever its hash; one that says nothing in the place of what makes no sense at all."""
    try:
        return _passed_over(row) if row.passed_why is not None else _as_stored(row)
    except Exception as error:  # noqa: BLE001  # whatever somebody has made of it behind the log's back
        entry = Entry(
            row.seq, _NO_TIME, PassedOver(f"it cannot be read: {type(error).__name__}"), author=str(row.author)
        )
        return Logged(entry, {}, entry.kind, _NO_TIME, str(row.hash))


def _as_stored(row: Row[Any]) -> Logged:
    body = json.loads(row.body)
    confirmed = body.pop(CONFIRMED, {})
    declaration: Declaration
    if row.kind == "catalogue":
        declaration = _catalogue_change(body, row.content)
    else:
        declaration = declaration_from(body, about=row.about, council_id=row.council_id, ballot_id=row.ballot_id)
    made = Entry(
        seq=row.seq,
        at=datetime.fromisoformat(row.at),
        declaration=declaration,
        council_id=row.council_id,
        ballot_id=row.ballot_id,
        author=row.author,
        checker=row.checker or "",
        confirmed=confirmed,
    )
    return Logged(made, body, row.about, datetime.fromisoformat(row.recorded_at), row.hash)


def _catalogue_change(body: Mapping[str, Any], content: str | None) -> CatalogueChange:
    """Raises ValueError where ``content`` is not the catalogue that ``body`` is about."""
    if content is None or content_digest(content) != body["catalogue"]:
        raise ValueError("the catalogue that is kept with it is not the one it brought")
    return CatalogueChange(body["reason"], tuple(Alteration(**it) for it in body["changes"]), election_in(content))


def verify_chain(connection: Connection, slug: str) -> Iterator[str]:
    """Every fault in the stored log of ``slug``, as sentences; nothing where it is whole. UnknownElection.

    Finds gaps in the sequence, entries that were removed, put in, exchanged or altered (unless they are passed over),
    catalogues that were exchanged, and a head that is not the end of the log. The connection must see one state of the
    database throughout: one of ``Store.reading``.
    """
    end = head(connection, slug)
    seq, previous_hash = 0, opening_hash(connection, slug)
    if end.seq == 0 or previous_hash != end.hash:
        # Where the first entry is missing, it is not known either what it was chained on.
        yield from _opening_faults(connection, slug, previous_hash)
    statement = _ENTRIES.where(ENTRY.c.slug == slug).order_by(ENTRY.c.seq)
    for row in connection.execute(statement, execution_options={"yield_per": 1000}):
        if row.seq == seq + 2:
            yield f"Entry {seq + 1} of “{slug}” is missing."
        elif row.seq > seq + 1:
            yield f"Entries {seq + 1} to {row.seq - 1} of “{slug}” are missing."
        elif row.prev_hash != previous_hash:
            yield f"Entry {row.seq} of “{slug}” is not chained on the one before it."
        if row.passed_why is None and entry_hash(_stored(row)) != row.hash:
            yield f"Entry {row.seq} of “{slug}” was altered: its hash is not that of what it holds."
        elif row.passed_why is None and row.kind == "catalogue" and not _has_its_catalogue(row):
            yield f"The catalogue that entry {row.seq} of “{slug}” brought was altered."
        # What follows is judged by the hash that is there: one altered entry is one fault, not a thousand.
        seq, previous_hash = row.seq, row.hash
    if end.seq != seq:
        yield f"The head of “{slug}” is at sequence {end.seq}, its log ends at {seq}."
    elif end.hash != previous_hash:
        yield f"The head of “{slug}” does not have the hash of its last entry, {seq}."


def _has_its_catalogue(row: Row[Any]) -> bool:
    return row.content is not None and content_digest(row.content) == json.loads(row.body).get("catalogue")


def _opening_faults(connection: Connection, slug: str, opening: str) -> Iterator[str]:
    """Whether the log, which begins with ``opening``, is chained on the catalogue that is kept as what opened it."""
    kept = select(CATALOGUE_VERSION.c.content).where(
        CATALOGUE_VERSION.c.slug == slug, CATALOGUE_VERSION.c.since_seq == 0
    )
    content = connection.scalar(kept)
    known = {genesis_hash(slug), *(genesis_hash(slug, content_digest(it)) for it in (content,) if it is not None)}
    if opening not in known:
        yield f"The log of “{slug}” does not begin with the catalogue that is kept as what opened it."
