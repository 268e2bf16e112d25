"""What the desk keeps beside the results: notes, photos, calls and sign-offs. Readers see nothing of it."""

from typing import Annotated

from sqlalchemy import (
    Index,
    UniqueConstraint,
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


class InternalNoteRow(StoredRow, table=True):
    """A line for the desk alone, about a contest or (``ballot_id`` null) a council; never changed, only struck out.

    ``key`` is that of the form it was written in, which is taken once.
    """

    __tablename__ = "internal_note"
    __table_args__ = strict(
        refers_to("election", "slug"),
        check("content", "length(content) > 0"),
        check("struck", "(struck_at IS NULL) = (struck_by IS NULL)"),
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
    __table_args__ = strict(
        refers_to("election", "slug"),
        check("digest", f"length(digest) = {DIGEST_LENGTH}"),
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
    __table_args__ = strict(refers_to("election", "slug"))

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
    __table_args__ = strict(refers_to("election", "slug"), one_of("subject_kind", "council", "contest"))

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
    __table_args__ = strict(
        refers_to("election", "slug"),
        check("said", "length(said) > 0"),
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
    __table_args__ = strict(refers_to("election", "slug"), check("version", "version > 0"))

    slug: Key
    version: Annotated[int, Field(primary_key=True, sa_column_kwargs={"autoincrement": False})]
    at: Words
    author: Words
    note: Words


class SignedOffRow(StoredRow, table=True):
    """That somebody compared a council with the returning officer's totals, ``figures`` in JSON: they were the same.

    ``since_seq`` is the last entry of the log then: an entry about its results after that lifts it.
    """

    __tablename__ = "signed_off"
    __table_args__ = strict(
        refers_to("head", "slug"), check("since_seq", "since_seq >= 0"), check("is_alone", "is_alone IN (0, 1)")
    )

    id: Annotated[int | None, Field(primary_key=True)] = None
    slug: Words
    council_id: Words
    since_seq: Number
    figures: Words
    signer: Words
    at: Words
    is_alone: Number


INTERNAL_NOTE = table_of(InternalNoteRow)
PHOTO = table_of(PhotoRow)
COVER = table_of(CoverRow)
MOVED_TIME = table_of(MovedTimeRow)
CALL_NOTE = table_of(CallNoteRow)
HANDOVER = table_of(HandoverRow)
SIGNED_OFF = table_of(SignedOffRow)
