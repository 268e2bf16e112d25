"""The log as who did what, for spreadsheets."""

from collections.abc import Iterable, Mapping

from app.bundles.exporting import Cell, as_csv
from app.domain.declarations import TallyDeclaration, WardDeclaration
from app.domain.election import Election
from app.store.log import Logged, canonical_json

COLUMNS = (
    "sequence",
    "recorded_at",
    "announced_at",
    "kind",
    "about",
    "council_id",
    "council",
    "ballot_id",
    "ward",
    "keyed_by",
    "checked_by",
    "source",
    "reason",
    "replaces",
    "posted",
    "hash",
)
"""The columns of :func:`audit_csv`; ``posted`` is the JSON of what was posted, ``hash`` that of the entry."""


def audit_csv(election: Election, logged: Iterable[Logged], *, rehearsal: bool = False) -> str:
    """A row per entry, as CSV with ``COLUMNS``; times in ISO 8601."""
    return as_csv(COLUMNS, (_row(election, entry) for entry in logged), rehearsal=rehearsal)


def _row(election: Election, logged: Logged) -> Mapping[str, Cell]:
    entry = logged.entry
    council, contest = election.councils.get(entry.council_id or ""), election.contests.get(entry.ballot_id or "")
    return {
        "sequence": entry.seq,
        "recorded_at": logged.recorded_at.isoformat(),
        "announced_at": entry.at.isoformat(),
        "kind": entry.kind,
        "about": logged.about,
        "council_id": entry.council_id,
        "council": council.name if council else None,
        "ballot_id": entry.ballot_id,
        "ward": contest.ward if contest else None,
        "keyed_by": entry.author,
        "checked_by": entry.checker,
        "source": entry.content.source if isinstance(entry.content, WardDeclaration | TallyDeclaration) else None,
        "reason": entry.reason,
        "replaces": entry.replaces,
        "posted": canonical_json(logged.body),
        "hash": logged.hash,
    }
