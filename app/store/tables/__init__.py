"""What is kept, one class a table. The rows themselves are read and written with Core statements on these tables.

All text is TEXT and every truth value an integer 0 or 1: SQLite's STRICT tables know no more types, and PostgreSQL then
holds the same. ``table=True`` classes validate nothing, so whatever must never be stored is a CHECK constraint.
``position`` is the place in the election's files, from 0.
"""

from sqlalchemy import MetaData

from app.store.tables.catalogue import (
    BASELINE,
    BASELINE_SEATS,
    CANDIDACY,
    CONTEST,
    CONTINUING_SEATS,
    CONTROL_HISTORY,
    CONVENTION,
    COUNCIL,
    COUNCIL_ALIAS,
    ELECTION,
    ELECTION_CITATION,
    ELECTION_HOURS,
    ELECTION_WORDS,
    PARTY,
    POSTCODE_DISTRICT,
    SQUARE,
)
from app.store.tables.hooks import HOOK, HOOK_DELIVERY, HOOK_LEASE, HOOK_PLACE
from app.store.tables.log import CATALOGUE_VERSION, ENTRY, HEAD, IDEMPOTENCY, PASSED_OVER
from app.store.tables.people import ATTEMPT, AUDIT, AUDIT_HEAD, PRESENCE, REPORTER_COUNCIL, SESSION, STAFF, TOKEN
from app.store.tables.room import CALL_NOTE, COVER, HANDOVER, INTERNAL_NOTE, MOVED_TIME, PHOTO, SIGNED_OFF
from app.store.tables.rows import HELD_OPEN, OPEN, StoredRow
from app.store.tables.second_check import (
    CLAIM,
    DRAFT,
    ELECTION_RULES,
    HELD,
    HOLD,
    KEYED,
    KEYING_TIME,
    OVERRULED,
    VERSIONS_SEEN,
)

__all__ = [
    "ATTEMPT",
    "AUDIT",
    "AUDIT_HEAD",
    "BASELINE",
    "BASELINE_SEATS",
    "CALL_NOTE",
    "CANDIDACY",
    "CATALOGUE_VERSION",
    "CLAIM",
    "CONTEST",
    "CONTINUING_SEATS",
    "CONTROL_HISTORY",
    "CONVENTION",
    "COUNCIL",
    "COUNCIL_ALIAS",
    "COVER",
    "DRAFT",
    "ELECTION",
    "ELECTION_CITATION",
    "ELECTION_HOURS",
    "ELECTION_RULES",
    "ELECTION_WORDS",
    "ENTRY",
    "HANDOVER",
    "HEAD",
    "HELD",
    "HELD_OPEN",
    "HOLD",
    "HOOK",
    "HOOK_DELIVERY",
    "HOOK_LEASE",
    "HOOK_PLACE",
    "IDEMPOTENCY",
    "INTERNAL_NOTE",
    "KEYED",
    "KEYING_TIME",
    "METADATA",
    "MOVED_TIME",
    "OPEN",
    "OVERRULED",
    "PARTY",
    "PASSED_OVER",
    "PHOTO",
    "POSTCODE_DISTRICT",
    "PRESENCE",
    "REPORTER_COUNCIL",
    "SESSION",
    "SIGNED_OFF",
    "SQUARE",
    "STAFF",
    "TOKEN",
    "VERSIONS_SEEN",
]

METADATA: MetaData = StoredRow.metadata
