"""Who may do what, who is at the desk, and what they did."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from sqlalchemy import (
    DDL,
    Index,
    Text,
    event,
)
from sqlmodel import Field

from app.store.tables.rows import (
    DIGEST_LENGTH,
    Key,
    MaybeWords,
    Number,
    StoredRow,
    Words,
    check,
    one_of,
    refers_to,
    strict,
    table_of,
)


class TokenRow(StoredRow, table=True):
    """An API token, of which only the hash is kept. ``slug`` is the one election that it is for, if any."""

    __tablename__ = "token"
    __table_args__ = strict(
        one_of("scope", "declare", "key"),
        check("token_hash", f"length(token_hash) = {DIGEST_LENGTH}"),
        refers_to("election", "slug"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    name: Words
    scope: Words
    token_hash: Annotated[str, Field(sa_type=Text, unique=True)]
    created_at: Words
    revoked_at: MaybeWords
    slug: MaybeWords
    expires_at: MaybeWords
    last_used_at: MaybeWords


class StaffRow(StoredRow, table=True):
    """An account at the desk. It is never removed, since the log names it: it is disabled."""

    __tablename__ = "staff"
    __table_args__ = strict(check("name", "length(name) > 0"), one_of("role", "keyer", "checker", "editor", "reporter"))

    name: Key
    role: Words
    password_hash: Words
    created_at: Words
    disabled_at: MaybeWords


class SessionRow(StoredRow, table=True):
    """A login at the desk, of which only the token's hash is kept; ``address`` and ``user_agent`` say from where."""

    __tablename__ = "session"
    __table_args__ = strict(
        refers_to("staff", "staff_name", key=("name",)),
        check("token_hash", f"length(token_hash) = {DIGEST_LENGTH}"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    token_hash: Annotated[str, Field(sa_type=Text, unique=True)]
    staff_name: Words
    created_at: Words
    expires_at: Words
    last_seen_at: Words
    revoked_at: MaybeWords
    user_agent: Words
    address: Words


class AuditRow(StoredRow, table=True):
    """Something that was done beside declaring, never changed once written: ``audit.record`` says what its columns are.

    ``details`` is canonical JSON; the hash is made as that of an entry, over every other column.
    """

    __tablename__ = "audit"
    __table_args__ = strict(
        check("seq", "seq > 0"),
        check("kind", "length(kind) > 0"),
        check("prev_hash", f"length(prev_hash) = {DIGEST_LENGTH}"),
        check("hash", f"length(hash) = {DIGEST_LENGTH}"),
    )

    seq: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    at: Words
    kind: Words
    who: Words
    source: Words
    slug: Words
    subject: Words
    details: Words
    prev_hash: Words
    hash: Words


class AuditHeadRow(StoredRow, table=True):
    """The end of the audit: one row, made with the first that is audited."""

    __tablename__ = "audit_head"
    __table_args__ = strict(
        check("id", "id = 1"),
        check("seq", "seq >= 0"),
        check("hash", f"length(hash) = {DIGEST_LENGTH}"),
    )

    id: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    seq: Number
    hash: Words


class AttemptRow(StoredRow, table=True):
    """A try to sign in that failed within the last minute, under the hash of an account or an address."""

    __tablename__ = "attempt"
    __table_args__ = strict(
        check("key_hash", f"length(key_hash) = {DIGEST_LENGTH}"), Index("ix_attempt_key_hash", "key_hash", "at")
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    key_hash: Words
    at: Words


class ReporterCouncilRow(StoredRow, table=True):
    """A council that a reporter reports from."""

    __tablename__ = "reporter_council"
    __table_args__ = strict(refers_to("staff", "staff_name", key=("name",)), refers_to("election", "slug"))

    staff_name: Key
    slug: Key
    council_id: Key


class PresenceRow(StoredRow, table=True):
    """Where somebody at the desk was seen last: on the form of a subject, or on another page, both empty then."""

    __tablename__ = "presence"
    __table_args__ = strict(
        refers_to("election", "slug"),
        refers_to("staff", "staff_name", key=("name",)),
        one_of("subject_kind", "", "ward", "tally"),
        check("subject", "(subject_kind = '') = (subject_id = '')"),
    )

    slug: Key
    staff_name: Key
    subject_kind: Words
    subject_id: Words
    seen_at: Words


TOKEN = table_of(TokenRow)
STAFF = table_of(StaffRow)
SESSION = table_of(SessionRow)
AUDIT = table_of(AuditRow)
AUDIT_HEAD = table_of(AuditHeadRow)
ATTEMPT = table_of(AttemptRow)
REPORTER_COUNCIL = table_of(ReporterCouncilRow)
PRESENCE = table_of(PresenceRow)


APPEND_ONLY: Mapping[str, Sequence[str]] = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit\n"
            "BEGIN SELECT RAISE(ABORT, 'The audit is only ever added to.'); END"
        ),
        (
            "CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit\n"
            "BEGIN SELECT RAISE(ABORT, 'The audit is only ever added to.'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS\n"
            "$$ BEGIN RAISE EXCEPTION 'The audit is only ever added to.'; END $$"
        ),
        (
            "CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit\n"
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()"
        ),
    ),
}
"""What each database holds the audit to: whoever gets around it breaks the chain."""

for _database, _statements in APPEND_ONLY.items():
    for _statement in _statements:
        # SQLAlchemy's own types are missing here.
        event.listen(AUDIT, "after_create", DDL(_statement).execute_if(dialect=_database))  # type: ignore[no-untyped-call]
