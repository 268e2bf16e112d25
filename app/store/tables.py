"""What is kept, one class a table. The rows themselves are read and written with Core statements on these tables.

All text is TEXT and every truth value an integer 0 or 1: SQLite's STRICT tables know no more types, and PostgreSQL then
holds the same. ``table=True`` classes validate nothing, so whatever must never be stored is a CHECK constraint.
``position`` is the place in the election's files, from 0.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.schema import SchemaItem
from sqlmodel import Field, SQLModel

Key = Annotated[str, Field(sa_type=Text, primary_key=True)]
Words = Annotated[str, Field(sa_type=Text)]
MaybeWords = Annotated[str | None, Field(sa_type=Text)]
Number = int
MaybeNumber = int | None

DIGEST_LENGTH = 64
"""Hexadecimal digits of a SHA-256."""

OPEN = "state IN ('waiting', 'disputed')"
"""Which rows of ``keyed`` still wait for somebody."""

HELD_OPEN = "state = 'held'"
"""Which rows of ``held`` are still to go into the log."""


class StoredRow(SQLModel):
    """The base of every table. Its constraints have the same names in both databases, for migrations to find."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
        }
    )


TableArguments = tuple[SchemaItem | dict[str, bool], ...]


def _strict(*constraints: SchemaItem) -> TableArguments:
    # A plain SQLite table would keep the text '12abc' in an INTEGER column.
    return (*constraints, {"sqlite_strict": True})


def _check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def _one_of(column: str, *values: str) -> CheckConstraint:
    return _check(column, f"{column} IN ({', '.join(repr(value) for value in values)})")


def _checked_by_another() -> CheckConstraint:
    return _check("checker", "checker IS NULL OR checker <> author")


def _refers_to(table: str, *columns: str, key: tuple[str, ...] | None = None) -> ForeignKeyConstraint:
    """``columns`` are the key of a row of ``table``, whose key columns are called ``key`` where not the same."""
    return ForeignKeyConstraint(columns, [f"{table}.{column}" for column in key or columns])


class ElectionRow(StoredRow, table=True):
    """An election. ``digest`` is that of the files it was loaded from, ``convention`` the key of the default one."""

    __tablename__ = "election"
    __table_args__ = _strict(_check("slug", "length(slug) > 0"))

    slug: Key
    election_id: Words
    name: Words
    polling_date: Words
    timezone: Words
    convention: Words
    digest: Words


class ElectionWordsRow(StoredRow, table=True):
    """What an election calls its bodies, contests and seats; no row where it was loaded before there were any."""

    __tablename__ = "election_words"
    __table_args__ = _strict(_refers_to("election", "slug"))

    slug: Key
    body: Words
    bodies: Words
    contest: Words
    contests: Words
    seat: Words
    seats: Words


class ElectionHoursRow(StoredRow, table=True):
    """When the polls close, such as 22:00; no row where it was loaded before that was asked."""

    __tablename__ = "election_hours"
    __table_args__ = _strict(_refers_to("election", "slug"))

    slug: Key
    polls_close: Words


class ConventionRow(StoredRow, table=True):
    """A house's way to compare; ``control`` and ``seats`` are JSON lists of bases, the preferred one first."""

    __tablename__ = "convention"
    __table_args__ = _strict(_refers_to("election", "slug"))

    slug: Key
    key: Key
    position: Number
    label: Words
    control: Words
    seats: Words


class PartyRow(StoredRow, table=True):
    """A party; ``group_id`` is the party it is reported under, if not itself."""

    __tablename__ = "party"
    __table_args__ = _strict(_refers_to("election", "slug"), _check("umbrella", "umbrella IN (0, 1)"))

    slug: Key
    party_id: Key
    position: Number
    name: Words
    short: Words
    colour: Words
    group_id: MaybeWords
    umbrella: Number


class CouncilRow(StoredRow, table=True):
    """A council. ``expected_at`` is an ISO time with its offset."""

    __tablename__ = "council"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _one_of("cycle", "all", "thirds", "halves", "by", "single"),
        _check("total_seats", "total_seats > 0"),
        _check("boundary_change", "boundary_change IN (0, 1)"),
    )

    slug: Key
    council_id: Key
    position: Number
    name: Words
    gss: Words
    kind: Words
    region: Words
    cycle: Words
    total_seats: Number
    boundary_change: Number
    expected_at: MaybeWords
    note: Words
    created: MaybeNumber


class ContestRow(StoredRow, table=True):
    """One ward's vote; ``position`` counts within its council. ``held_by`` is a JSON list of party ids.

    ``expected_at`` is an ISO time with its offset.
    """

    __tablename__ = "contest"
    __table_args__ = _strict(
        _refers_to("council", "slug", "council_id"),
        _check("seats_up", "seats_up > 0"),
        _check("electorate", "electorate >= 0"),
        _one_of("cancelled", "NO_CANDIDATES", "EQUAL_CANDIDATES", "UNDER_CONTESTED", "CANDIDATE_DEATH", "POSTPONED"),
        _one_of("voting_system", "plurality", "stv"),
    )

    slug: Key
    ballot_id: Key
    council_id: Words
    position: Number
    ward: Words
    gss: Words
    seats_up: Number
    electorate: MaybeNumber
    cancelled: MaybeWords
    voting_system: Words
    held_by: Words
    expected_at: MaybeWords
    label: Words


class CandidacyRow(StoredRow, table=True):
    """A person standing; ``position`` counts within the contest."""

    __tablename__ = "candidacy"
    __table_args__ = _strict(
        _refers_to("contest", "slug", "ballot_id"),
        _refers_to("party", "slug", "party_id"),
        _check("defends", "defends IN (0, 1)"),
    )

    slug: Key
    ballot_id: Key
    candidacy_id: Key
    position: Number
    name: Words
    party_id: Words
    description: Words
    note: Words
    role: Words
    defends: Number


class BaselineRow(StoredRow, table=True):
    """What tonight is compared with: ``control`` is null where unknown, ``has_seats`` 0 where the seats are."""

    __tablename__ = "baseline"
    __table_args__ = _strict(_refers_to("council", "slug", "council_id"), _check("has_seats", "has_seats IN (0, 1)"))

    slug: Key
    council_id: Key
    basis: Key
    position: Number
    control: MaybeWords
    has_seats: Number
    note: Words


class BaselineSeatsRow(StoredRow, table=True):
    """The seats of one party in a baseline."""

    __tablename__ = "baseline_seats"
    __table_args__ = _strict(
        _refers_to("baseline", "slug", "council_id", "basis"),
        _refers_to("party", "slug", "party_id"),
        _check("seats", "seats >= 0"),
    )

    slug: Key
    council_id: Key
    basis: Key
    party_id: Key
    position: Number
    seats: Number


class ContinuingSeatsRow(StoredRow, table=True):
    """The seats of one party that are not up tonight."""

    __tablename__ = "continuing_seats"
    __table_args__ = _strict(
        _refers_to("council", "slug", "council_id"),
        _refers_to("party", "slug", "party_id"),
        _check("seats", "seats >= 0"),
    )

    slug: Key
    council_id: Key
    party_id: Key
    position: Number
    seats: Number


class ControlSpellRow(StoredRow, table=True):
    """Who controlled a council from ``since`` on."""

    __tablename__ = "control_history"
    __table_args__ = _strict(_refers_to("council", "slug", "council_id"))

    slug: Key
    council_id: Key
    position: Annotated[int, Field(primary_key=True)]
    since: Words
    control: Words


class HeadRow(StoredRow, table=True):
    """The end of an election's log: its last sequence and hash, and the epoch those are counted in."""

    __tablename__ = "head"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _check("seq", "seq >= 0"),
        _check("hash", f"length(hash) = {DIGEST_LENGTH}"),
        _check("epoch", "length(epoch) > 0"),
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
    __table_args__ = _strict(
        _refers_to("head", "slug"),
        _refers_to("entry", "slug", "replaces", key=("slug", "seq")),
        _check("seq", "seq > 0"),
        _one_of("kind", "ward", "tally", "status", "note", "correction", "withdrawal", "catalogue"),
        _one_of("about", "ward", "tally", "status", "note", "withdrawal", "catalogue"),
        _check("about_kind", "kind = about OR kind IN ('correction', 'withdrawal')"),
        _check(
            "replaces",
            "(replaces IS NOT NULL) = (kind IN ('correction', 'withdrawal') AND kind <> about) AND replaces < seq",
        ),
        _check("prev_hash", f"length(prev_hash) = {DIGEST_LENGTH}"),
        _check("hash", f"length(hash) = {DIGEST_LENGTH}"),
        _checked_by_another(),
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
    __table_args__ = _strict(_refers_to("head", "slug"), _check("since_seq", "since_seq >= 0"))

    slug: Key
    since_seq: Annotated[int, Field(primary_key=True)]
    content: Words


class PassedOverRow(StoredRow, table=True):
    """An entry that cannot be read and is left out of the night: by whom and why. Never changed once written."""

    __tablename__ = "passed_over"
    __table_args__ = _strict(_refers_to("entry", "slug", "seq"), _check("reason", "length(reason) > 0"))

    slug: Key
    seq: Annotated[int, Field(primary_key=True)]
    at: Words
    author: Words
    reason: Words


class IdempotencyRow(StoredRow, table=True):
    """An answer given before: the HTTP status and JSON that the post under this key got."""

    __tablename__ = "idempotency"
    __table_args__ = _strict(
        _refers_to("head", "slug"), _check("body_hash", "length(body_hash) > 0"), _check("status", "status > 0")
    )

    slug: Key
    key: Key
    body_hash: Words
    status: Number
    answer: Words


class TokenRow(StoredRow, table=True):
    """An API token, of which only the hash is kept. ``slug`` is the one election that it is for, if any."""

    __tablename__ = "token"
    __table_args__ = _strict(
        _one_of("scope", "declare", "key"),
        _check("token_hash", f"length(token_hash) = {DIGEST_LENGTH}"),
        _refers_to("election", "slug"),
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
    __table_args__ = _strict(
        _check("name", "length(name) > 0"), _one_of("role", "keyer", "checker", "editor", "reporter")
    )

    name: Key
    role: Words
    password_hash: Words
    created_at: Words
    disabled_at: MaybeWords


class SessionRow(StoredRow, table=True):
    """A login at the desk, of which only the token's hash is kept; ``address`` and ``user_agent`` say from where."""

    __tablename__ = "session"
    __table_args__ = _strict(
        _refers_to("staff", "staff_name", key=("name",)),
        _check("token_hash", f"length(token_hash) = {DIGEST_LENGTH}"),
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


class ElectionRulesRow(StoredRow, table=True):
    """How many persons it takes to declare in an election; without a row it takes what the desk has by default."""

    __tablename__ = "election_rules"
    __table_args__ = _strict(_refers_to("election", "slug"), _check("persons", "persons IN (1, 2)"))

    slug: Key
    persons: Number


class KeyedRow(StoredRow, table=True):
    """What one person keyed, for another to check by keying it again.

    ``body`` and ``checked_body`` are canonical JSON of what the two keyed, ``key`` is the idempotency key of the first,
    ``seq`` the entry of the log that it became. Of one subject at most one is open, that is waiting or disputed.
    """

    __tablename__ = "keyed"
    __table_args__ = _strict(
        _refers_to("head", "slug"),
        _refers_to("entry", "slug", "seq"),
        _one_of("subject_kind", "ward", "tally"),
        _one_of("state", "waiting", "declared", "disputed", "dropped"),
        _check("seq", "(seq IS NOT NULL) = (state = 'declared')"),
        _checked_by_another(),
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
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _refers_to("staff", "staff_name", key=("name",)),
        _one_of("subject_kind", "ward", "tally"),
    )

    slug: Key
    subject_kind: Key
    subject_id: Key
    staff_name: Key
    body: Words
    updated_at: Words


class AuditRow(StoredRow, table=True):
    """Something that was done beside declaring, never changed once written: ``audit.record`` says what its columns are.

    ``details`` is canonical JSON; the hash is made as that of an entry, over every other column.
    """

    __tablename__ = "audit"
    __table_args__ = _strict(
        _check("seq", "seq > 0"),
        _check("kind", "length(kind) > 0"),
        _check("prev_hash", f"length(prev_hash) = {DIGEST_LENGTH}"),
        _check("hash", f"length(hash) = {DIGEST_LENGTH}"),
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
    __table_args__ = _strict(
        _check("id", "id = 1"),
        _check("seq", "seq >= 0"),
        _check("hash", f"length(hash) = {DIGEST_LENGTH}"),
    )

    id: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    seq: Number
    hash: Words


class AttemptRow(StoredRow, table=True):
    """A try to sign in that failed within the last minute, under the hash of an account or an address."""

    __tablename__ = "attempt"
    __table_args__ = _strict(
        _check("key_hash", f"length(key_hash) = {DIGEST_LENGTH}"), Index("ix_attempt_key_hash", "key_hash", "at")
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    key_hash: Words
    at: Words


class OverruledRow(StoredRow, table=True):
    """That ``person`` had keyed something else than entry ``seq``, which was declared over it, and was not told yet.

    ``differing`` is the number of fields; the row goes once they have seen it.
    """

    __tablename__ = "overruled"
    __table_args__ = _strict(
        _refers_to("entry", "slug", "seq"),
        _one_of("subject_kind", "ward", "tally"),
        _check("differing", "differing > 0"),
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
    __table_args__ = _strict(_refers_to("head", "slug"), _one_of("subject_kind", "ward", "tally"))

    slug: Key
    subject_kind: Key
    subject_id: Key
    person: Key


class ReporterCouncilRow(StoredRow, table=True):
    """A council that a reporter reports from."""

    __tablename__ = "reporter_council"
    __table_args__ = _strict(_refers_to("staff", "staff_name", key=("name",)), _refers_to("election", "slug"))

    staff_name: Key
    slug: Key
    council_id: Key


class InternalNoteRow(StoredRow, table=True):
    """A line for the desk alone, about a contest or (``ballot_id`` null) a council; never changed, only struck out.

    ``key`` is that of the form it was written in, which is taken once.
    """

    __tablename__ = "internal_note"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _check("content", "length(content) > 0"),
        _check("struck", "(struck_at IS NULL) = (struck_by IS NULL)"),
        UniqueConstraint("slug", "key", name="uq_internal_note_slug"),
        Index("ix_internal_note_council", "slug", "council_id"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    council_id: Words
    ballot_id: MaybeWords
    at: Words
    author: Words
    content: Words
    key: MaybeWords
    struck_at: MaybeWords
    struck_by: MaybeWords


class PhotoRow(StoredRow, table=True):
    """A photo of a contest's sheet: ``digest`` is the SHA-256 of the file that holds it."""

    __tablename__ = "photo"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _check("digest", f"length(digest) = {DIGEST_LENGTH}"),
        UniqueConstraint("slug", "ballot_id", "digest", name="uq_photo_slug"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    ballot_id: Words
    digest: Words
    at: Words
    author: Words


class CoverRow(StoredRow, table=True):
    """Who covers the count of a council, from where, and whom to phone: ``telephones`` is a JSON list of texts."""

    __tablename__ = "cover"
    __table_args__ = _strict(_refers_to("election", "slug"))

    slug: Key
    council_id: Key
    covers: Words
    place: Words
    telephones: Words
    changed_by: Words
    changed_at: Words


class MovedTimeRow(StoredRow, table=True):
    """When the desk expects a council or a contest, in the place of what the election's files say."""

    __tablename__ = "moved_time"
    __table_args__ = _strict(_refers_to("election", "slug"), _one_of("subject_kind", "council", "contest"))

    slug: Key
    subject_kind: Key
    subject_id: Key
    expected_at: Words
    changed_by: Words
    changed_at: Words


class CallNoteRow(StoredRow, table=True):
    """What a call to a count brought; ``expected_at`` is what it moved the council's time to, if it did.

    ``key`` is that of the form, so that what is sent twice is kept once.
    """

    __tablename__ = "call_note"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _check("said", "length(said) > 0"),
        UniqueConstraint("slug", "key", name="uq_call_note_slug_key"),
        Index("ix_call_note_council", "slug", "council_id"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    council_id: Words
    at: Words
    author: Words
    said: Words
    expected_at: MaybeWords
    key: Words


class HandoverRow(StoredRow, table=True):
    """A version of the note for the next shift, never changed once written; the newest is the one that is read."""

    __tablename__ = "handover"
    __table_args__ = _strict(_refers_to("election", "slug"), _check("version", "version > 0"))

    slug: Key
    version: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    at: Words
    author: Words
    note: Words


class KeyingTimeRow(StoredRow, table=True):
    """When somebody's form was first kept with something in it, and when it was handed in: null until it is."""

    __tablename__ = "keying_time"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _one_of("subject_kind", "ward", "tally"),
        Index("ix_keying_time_subject", "slug", "subject_kind", "subject_id"),
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    subject_kind: Words
    subject_id: Words
    person: Words
    begun_at: Words
    sent_at: MaybeWords


class PresenceRow(StoredRow, table=True):
    """Where somebody at the desk was seen last: on the form of a subject, or on another page, both empty then."""

    __tablename__ = "presence"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _refers_to("staff", "staff_name", key=("name",)),
        _one_of("subject_kind", "", "ward", "tally"),
        _check("subject", "(subject_kind = '') = (subject_id = '')"),
    )

    slug: Key
    staff_name: Key
    subject_kind: Words
    subject_id: Words
    seen_at: Words


class ClaimRow(StoredRow, table=True):
    """Who has taken it upon themselves to check a subject, and until when that holds."""

    __tablename__ = "claim"
    __table_args__ = _strict(
        _refers_to("election", "slug"),
        _refers_to("staff", "staff_name", key=("name",)),
        _one_of("subject_kind", "ward", "tally"),
    )

    slug: Key
    subject_kind: Key
    subject_id: Key
    staff_name: Words
    until: Words


class HoldRow(StoredRow, table=True):
    """For how many seconds a change of control waits at the desk; without a row, or with 0, it does not."""

    __tablename__ = "hold"
    __table_args__ = _strict(_refers_to("election", "slug"), _check("seconds", "seconds BETWEEN 0 AND 600"))

    slug: Key
    seconds: Number


class HeldRow(StoredRow, table=True):
    """A declaration that waits at the desk before it goes into the log, by itself at ``due_at``, or was undone before.

    ``posting`` is canonical JSON of what will be declared, ``form`` of what ``maker`` typed; ``key`` and ``digest`` are
    of the form as it was sent. Of one subject at most one is held. ``told`` says what it will do.
    """

    __tablename__ = "held"
    __table_args__ = _strict(
        _refers_to("head", "slug"),
        _refers_to("entry", "slug", "seq"),
        _one_of("subject_kind", "ward", "tally"),
        _one_of("state", "held", "declared", "undone", "refused"),
        _check("seq", "(seq IS NOT NULL) = (state = 'declared')"),
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


class SignedOffRow(StoredRow, table=True):
    """That somebody compared a council with the returning officer's totals, ``figures`` in JSON: they were the same.

    ``since_seq`` is the last entry of the log then: an entry about its results after that lifts it.
    """

    __tablename__ = "signed_off"
    __table_args__ = _strict(
        _refers_to("head", "slug"), _check("since_seq", "since_seq >= 0"), _check("is_alone", "is_alone IN (0, 1)")
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    council_id: Words
    since_seq: Number
    figures: Words
    signer: Words
    at: Words
    is_alone: Number


METADATA: MetaData = StoredRow.metadata


def _table(name: str) -> Table:
    return METADATA.tables[name]


ELECTION = _table("election")
ELECTION_WORDS = _table("election_words")
ELECTION_HOURS = _table("election_hours")
CONVENTION = _table("convention")
PARTY = _table("party")
COUNCIL = _table("council")
CONTEST = _table("contest")
CANDIDACY = _table("candidacy")
BASELINE = _table("baseline")
BASELINE_SEATS = _table("baseline_seats")
CONTINUING_SEATS = _table("continuing_seats")
CONTROL_HISTORY = _table("control_history")
HEAD = _table("head")
ENTRY = _table("entry")
CATALOGUE_VERSION = _table("catalogue_version")
PASSED_OVER = _table("passed_over")
IDEMPOTENCY = _table("idempotency")
TOKEN = _table("token")
STAFF = _table("staff")
SESSION = _table("session")
ELECTION_RULES = _table("election_rules")
KEYED = _table("keyed")
DRAFT = _table("draft")
AUDIT = _table("audit")
AUDIT_HEAD = _table("audit_head")
ATTEMPT = _table("attempt")
OVERRULED = _table("overruled")
VERSIONS_SEEN = _table("versions_seen")
REPORTER_COUNCIL = _table("reporter_council")
INTERNAL_NOTE = _table("internal_note")
PHOTO = _table("photo")
COVER = _table("cover")
MOVED_TIME = _table("moved_time")
CALL_NOTE = _table("call_note")
HANDOVER = _table("handover")
KEYING_TIME = _table("keying_time")
PRESENCE = _table("presence")
CLAIM = _table("claim")
HOLD = _table("hold")
HELD = _table("held")
SIGNED_OFF = _table("signed_off")

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
