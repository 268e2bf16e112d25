"""The log of an election, and what belongs to single entries of it."""

from typing import Annotated

from sqlmodel import Field

from app.store.tables.rows import (
    DIGEST_LENGTH,
    Key,
    MaybeNumber,
    MaybeWords,
    Number,
    StoredRow,
    Words,
    check,
    checked_by_another,
    one_of,
    refers_to,
    strict,
    table_of,
)


class HeadRow(StoredRow, table=True):
    """The end of an election's log: its last sequence and hash, and the epoch those are counted in."""

    __tablename__ = "head"
    __table_args__ = strict(
        refers_to("election", "slug"),
        check("seq", "seq >= 0"),
        check("hash", f"length(hash) = {DIGEST_LENGTH}"),
        check("epoch", "length(epoch) > 0"),
    )

    slug: Key
    seq: Number
    hash: Words
    epoch: Words


class EntryRow(StoredRow, table=True):
    """An entry of the log, never changed once written; ``log.entry_hash`` says what its hash is made of.

    ``about`` is the kind of the content (for a correction or withdrawal, of what it replaces; a withdrawal of all that
    came after an entry is about itself), ``body`` the canonical
    JSON of what was posted, and where warnings were asked about of who confirmed them (``log.CONFIRMED``), ``at`` the
    ISO time of the announcement letter by letter, ``checker`` who keyed the same a second time, null where nobody did.
    """

    __tablename__ = "entry"
    __table_args__ = strict(
        refers_to("head", "slug"),
        refers_to("entry", "slug", "replaces", key=("slug", "seq")),
        check("seq", "seq > 0"),
        one_of("kind", "ward", "tally", "status", "note", "correction", "withdrawal", "catalogue"),
        one_of("about", "ward", "tally", "status", "note", "withdrawal", "catalogue"),
        check("about_kind", "kind = about OR kind IN ('correction', 'withdrawal')"),
        check(
            "replaces",
            "(replaces IS NOT NULL) = (kind IN ('correction', 'withdrawal') AND kind <> about) AND replaces < seq",
        ),
        check("prev_hash", f"length(prev_hash) = {DIGEST_LENGTH}"),
        check("hash", f"length(hash) = {DIGEST_LENGTH}"),
        checked_by_another(),
    )

    slug: Key
    seq: Annotated[int, Field(primary_key=True)]
    at: Words
    recorded_at: Words
    kind: Words
    about: Words
    council_id: MaybeWords
    ballot_id: MaybeWords
    replaces: MaybeNumber
    body: Words
    author: Words
    checker: MaybeWords
    prev_hash: Words
    hash: Words


class CatalogueVersionRow(StoredRow, table=True):
    """A catalogue of the election, and the entry since which it has been in force: 0 for what opened the log.

    ``content`` is the Election as JSON. The newest is what the tables of the catalogue hold; an election that was
    loaded before these were kept has none until its catalogue changes.
    """

    __tablename__ = "catalogue_version"
    __table_args__ = strict(refers_to("head", "slug"), check("since_seq", "since_seq >= 0"))

    slug: Key
    since_seq: Annotated[int, Field(primary_key=True)]
    content: Words


class PassedOverRow(StoredRow, table=True):
    """An entry that cannot be read and is left out of the night: by whom and why. Never changed once written."""

    __tablename__ = "passed_over"
    __table_args__ = strict(refers_to("entry", "slug", "seq"), check("reason", "length(reason) > 0"))

    slug: Key
    seq: Annotated[int, Field(primary_key=True)]
    at: Words
    author: Words
    reason: Words


class IdempotencyRow(StoredRow, table=True):
    """An answer given before: the HTTP status and JSON that the post under this key got."""

    __tablename__ = "idempotency"
    __table_args__ = strict(
        refers_to("head", "slug"), check("body_hash", "length(body_hash) > 0"), check("status", "status > 0")
    )

    slug: Key
    key: Key
    body_hash: Words
    status: Number
    answer: Words


HEAD = table_of(HeadRow)
ENTRY = table_of(EntryRow)
CATALOGUE_VERSION = table_of(CatalogueVersionRow)
PASSED_OVER = table_of(PassedOverRow)
IDEMPOTENCY = table_of(IdempotencyRow)
