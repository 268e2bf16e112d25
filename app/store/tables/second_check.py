"""Results on their way into the log: begun, keyed, claimed, held back."""

from typing import Annotated

from sqlalchemy import (
    Index,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from app.store.tables.rows import (
    HELD_OPEN,
    OPEN,
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


class ElectionRulesRow(StoredRow, table=True):
    """How many persons it takes to declare in an election; without a row it takes what the desk has by default."""

    __tablename__ = "election_rules"
    __table_args__ = strict(refers_to("election", "slug"), check("persons", "persons IN (1, 2)"))

    slug: Key
    persons: Number


class KeyedRow(StoredRow, table=True):
    """What one person keyed, for another to check by keying it again.

    ``body`` and ``checked_body`` are canonical JSON of what the two keyed, ``key`` is the idempotency key of the first,
    ``seq`` the entry of the log that it became. Of one subject at most one is open, that is waiting or disputed.
    """

    __tablename__ = "keyed"
    __table_args__ = strict(
        refers_to("head", "slug"),
        refers_to("entry", "slug", "seq"),
        one_of("subject_kind", "ward", "tally"),
        one_of("state", "waiting", "declared", "disputed", "dropped"),
        check("seq", "(seq IS NOT NULL) = (state = 'declared')"),
        checked_by_another(),
        UniqueConstraint("slug", "key", name="uq_keyed_slug_key"),
        Index(
            "ix_keyed_open",
            "slug",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    subject_kind: Words
    subject_id: Words
    body: Words
    author: Words
    keyed_at: Words
    state: Words
    checker: MaybeWords
    checked_body: MaybeWords
    checked_at: MaybeWords
    seq: MaybeNumber
    key: MaybeWords


class DraftRow(StoredRow, table=True):
    """What somebody has typed about a subject and not handed in; ``body`` is the form's, in JSON."""

    __tablename__ = "draft"
    __table_args__ = strict(
        refers_to("election", "slug"),
        refers_to("staff", "staff_name", key=("name",)),
        one_of("subject_kind", "ward", "tally"),
    )

    slug: Key
    subject_kind: Key
    subject_id: Key
    staff_name: Key
    body: Words
    updated_at: Words


class OverruledRow(StoredRow, table=True):
    """That ``person`` had keyed something else than entry ``seq``, which was declared over it, and was not told yet.

    ``differing`` is the number of fields; the row goes once they have seen it.
    """

    __tablename__ = "overruled"
    __table_args__ = strict(
        refers_to("entry", "slug", "seq"),
        one_of("subject_kind", "ward", "tally"),
        check("differing", "differing > 0"),
    )

    slug: Key
    seq: Annotated[int, Field(primary_key=True)]
    person: Key
    subject_kind: Words
    subject_id: Words
    differing: Number


class VersionsSeenRow(StoredRow, table=True):
    """That ``person`` has seen what two others keyed of a subject, and so checks none of it until it is declared."""

    __tablename__ = "versions_seen"
    __table_args__ = strict(refers_to("head", "slug"), one_of("subject_kind", "ward", "tally"))

    slug: Key
    subject_kind: Key
    subject_id: Key
    person: Key


class ClaimRow(StoredRow, table=True):
    """Who has taken it upon themselves to check a subject, and until when that holds."""

    __tablename__ = "claim"
    __table_args__ = strict(
        refers_to("election", "slug"),
        refers_to("staff", "staff_name", key=("name",)),
        one_of("subject_kind", "ward", "tally"),
    )

    slug: Key
    subject_kind: Key
    subject_id: Key
    staff_name: Words
    until: Words


class HoldRow(StoredRow, table=True):
    """For how many seconds a change of control waits at the desk; without a row, or with 0, it does not."""

    __tablename__ = "hold"
    __table_args__ = strict(refers_to("election", "slug"), check("seconds", "seconds BETWEEN 0 AND 600"))

    slug: Key
    seconds: Number


class HeldRow(StoredRow, table=True):
    """A declaration that waits at the desk before it goes into the log, by itself at ``due_at``, or was undone before.

    ``posting`` is canonical JSON of what will be declared, ``form`` of what ``maker`` typed; ``key`` and ``digest`` are
    of the form as it was sent. Of one subject at most one is held. ``told`` says what it will do.
    """

    __tablename__ = "held"
    __table_args__ = strict(
        refers_to("head", "slug"),
        refers_to("entry", "slug", "seq"),
        one_of("subject_kind", "ward", "tally"),
        one_of("state", "held", "declared", "undone", "refused"),
        check("seq", "(seq IS NOT NULL) = (state = 'declared')"),
        Index(
            "ix_held_open",
            "slug",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text(HELD_OPEN),
            postgresql_where=text(HELD_OPEN),
        ),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    subject_kind: Words
    subject_id: Words
    posting: Words
    form: Words
    maker: Words
    key: MaybeWords
    digest: Words
    told: Words
    held_at: Words
    due_at: Words
    state: Words
    seq: MaybeNumber
    ended_at: MaybeWords
    ended_by: MaybeWords
    reason: MaybeWords


class KeyingTimeRow(StoredRow, table=True):
    """When somebody's form was first kept with something in it, and when it was handed in: null until it is."""

    __tablename__ = "keying_time"
    __table_args__ = strict(
        refers_to("election", "slug"),
        one_of("subject_kind", "ward", "tally"),
        Index("ix_keying_time_subject", "slug", "subject_kind", "subject_id"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    subject_kind: Words
    subject_id: Words
    person: Words
    begun_at: Words
    sent_at: MaybeWords


ELECTION_RULES = table_of(ElectionRulesRow)
KEYED = table_of(KeyedRow)
DRAFT = table_of(DraftRow)
OVERRULED = table_of(OverruledRow)
VERSIONS_SEEN = table_of(VersionsSeenRow)
CLAIM = table_of(ClaimRow)
HOLD = table_of(HoldRow)
HELD = table_of(HeldRow)
KEYING_TIME = table_of(KeyingTimeRow)
