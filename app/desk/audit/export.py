"""The log and the audit as who did what, for spreadsheets."""

from collections.abc import Collection, Iterable, Mapping

from app.bundles.exporting import Cell, as_csv
from app.domain.declarations import TallyDeclaration, WardDeclaration
from app.domain.election import Election
from app.store.audit import Audited
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
    "chain",
    "confirmed",
    "alone",
    "who",
    "subject",
    "details",
)
"""The columns of :func:`audit_csv`.

``chain`` says where a row is from, the log or the audit, in which ``sequence`` is its place and ``hash`` its hash.
``posted`` is the JSON of what was posted, ``confirmed`` the warnings with who confirmed them, ``alone`` is “yes” where
one person declared it; ``who``, ``subject`` and ``details`` (JSON) are the audit's, and ``source`` is an address there.
"""


def audit_csv(
    election: Election, found: Iterable[Logged | Audited], *, alone: Collection[int] = (), rehearsal: bool = False
) -> str:
    """A row per entry and act, as CSV with ``COLUMNS``; times in ISO 8601. ``alone`` are sequences of entries."""
    rows = (_act_row(one) if isinstance(one, Audited) else _row(election, one, alone) for one in found)
    return as_csv(COLUMNS, rows, rehearsal=rehearsal)


def _act_row(act: Audited) -> Mapping[str, Cell]:
    return {
        "sequence": act.seq,
        "recorded_at": act.at.isoformat(),
        "kind": act.kind,
        "source": act.source,
        "hash": act.hash,
        "chain": "audit",
        "who": act.who,
        "subject": act.subject,
        "details": canonical_json(act.details),
    }


def _row(election: Election, logged: Logged, alone: Collection[int]) -> Mapping[str, Cell]:
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
        "chain": "log",
        "confirmed": "; ".join(f"{code} {', '.join(people)}" for code, people in sorted(entry.confirmed.items())),
        "alone": "yes" if entry.seq in alone else "",
    }
