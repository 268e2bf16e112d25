"""The desk's page of who did what: the log and the audit beside it, as one list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from jinja2 import Environment

from app.desk.addresses import withdraw_after_url
from app.desk.audit.rows import ACTS, AuditedAct, person_named
from app.desk.frame import DeskFrame
from app.domain.declarations import (
    CatalogueChange,
    Content,
    Correction,
    Entry,
    NoteDeclaration,
    PassedOver,
    StatusDeclaration,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import Election
from app.pages.environment import render, rendering
from app.process.turns import Steps
from app.wording import sentences
from app.wording.ticker import place_of

ENTRIES: Mapping[str, str] = {
    "ward": "Results",
    "tally": "Tallies by phone",
    "status": "Statuses",
    "note": "Notes",
    "correction": "Corrections",
    "withdrawal": "Withdrawals",
    "catalogue": "Changes of the election",
}
"""The kinds of entries, as the filter has them."""

EVERY_ENTRY, EVERY_ACT = "log", "desk"
"""The kinds that stand for all entries of the log, and for all rows of the audit."""

KINDS: Mapping[str, Mapping[str, str]] = {
    "Declarations": {EVERY_ENTRY: "All declarations", **ENTRIES},
    "The desk": {EVERY_ACT: "All but declarations", **ACTS},
}
"""What the filter chooses from."""

FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry. ``what`` says what was done, ``said`` its words, ``figures`` its numbers by what they are of."""

    entry: Entry
    recorded_at: datetime
    hash: str
    what: str
    subject: str
    said: str
    source: str
    figures: tuple[tuple[str, str], ...]
    replaced_by: int | None
    """What corrects it, or withdraws it alone."""
    withdrawn_by: int | None
    """What withdraws it, alone or with everything after an entry."""
    is_alone: bool = False

    @property
    def at(self) -> datetime:
        return self.recorded_at


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the reader looks for; empty: does not matter.

    ``since`` and ``until`` are times as they were typed, ``source`` is how it begins, ``alone`` are those declared by
    one person. ``before`` is the sequence, ``row`` the row of the audit, that the page begins below.
    """

    person: str = ""
    council_id: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    source: str = ""
    alone: bool = False
    before: int | None = None
    row: int | None = None

    def query(self, election: Election, *, before: int | None = None, row: int | None = None) -> str:
        """The same of an election as a query, from the newest on, or from below ``before`` and ``row``."""
        asked = {
            "person": self.person,
            "council": self.council_id,
            "kind": self.kind,
            "from": self.since,
            "to": self.until,
            "source": self.source,
            "alone": int(self.alone),
            "before": before,
            "row": row,
        }
        return urlencode({"election": election.slug, **{name: value for name, value in asked.items() if value}})

    @property
    def is_narrowed(self) -> bool:
        narrowing = (self.person, self.council_id, self.kind, self.since, self.until, self.source, self.alone)
        return any(narrowing)

    @property
    def wants_entries(self) -> bool:
        """Whether anything in the log can be what is looked for."""
        return self.kind in {"", EVERY_ENTRY, *ENTRIES}

    @property
    def wants_acts(self) -> bool:
        """The same of the audit."""
        return self.kind in {"", EVERY_ACT, *ACTS}


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying a chain: what it is of, its length and last hash, how many faults, the first of them."""

    what: str
    entries: int
    hash: str
    number: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditSearch:
    """One page of what is looked for, newest first, and whether there is more of it.

    ``people`` are those to choose from, ``entries`` of the log and ``acts`` of the audit how many there are in all.
    """

    lines: Sequence[AuditLine | AuditedAct]
    people: Sequence[str]
    entries: int
    acts: int
    older: bool


def audit_line(
    election: Election,
    entry: Entry,
    *,
    recorded_at: datetime,
    hash_: str,
    replaced_by: int | None,
    withdrawn_by: int | None = None,
    is_alone: bool = False,
) -> AuditLine:
    """An entry as the page tells it."""
    content = entry.content
    return AuditLine(
        entry=entry,
        recorded_at=recorded_at,
        hash=hash_,
        what=_what(election, entry),
        subject=_subject(election, entry),
        said=entry.reason or _said(content),
        source=content.source if isinstance(content, WardDeclaration | TallyDeclaration) else "",
        figures=tuple(_figures(election, content)),
        replaced_by=replaced_by,
        withdrawn_by=withdrawn_by if content is not None else None,
        is_alone=is_alone,
    )


def audit_page(
    environment: Environment,
    election: Election,
    found: AuditSearch,
    frame: DeskFrame,
    *,
    filtered: Filtered,
    verified: Sequence[Verified] = (),
    wrong: str = "",
) -> Steps[str]:
    """The page; ``wrong`` is what of the filter cannot be read."""
    values = {
        "frame": frame,
        "election": election,
        "found": found,
        "filtered": filtered,
        "person_named": person_named,
        "councils": sorted(election.councils.values(), key=lambda council: council.name),
        "kinds": KINDS,
        "older": _older(election, found, filtered) if found.older else "",
        "query": filtered.query(election),
        "verified": verified,
        "wrong": wrong,
        "is_act": lambda line: isinstance(line, AuditedAct),
        "fields": fields_of,
        "after": lambda seq: withdraw_after_url(election, seq),
        "recorded": lambda at: at.astimezone(election.zone),
    }
    return (yield from rendering(environment, "desk/audit/audit.html", values))


def _older(election: Election, found: AuditSearch, filtered: Filtered) -> str:
    """The query of the page after this one."""
    shown = [line.entry.seq for line in found.lines if isinstance(line, AuditLine)]
    rows = [line.number for line in found.lines if isinstance(line, AuditedAct)]
    return filtered.query(election, before=min(shown, default=filtered.before), row=min(rows, default=filtered.row))


def no_audit_page(environment: Environment, frame: DeskFrame) -> str:
    """Where no election is loaded, there is nothing to show."""
    return render(environment, "desk/audit/no_audit.html", {"frame": frame})


def fields_of(act: AuditedAct) -> list[tuple[str, str]]:
    """What else the audit holds of an act, by name."""
    held = [(name.replace("_", " "), value) for name, value in act.details.items() if value not in ("", None, [])]
    return [(name, ", ".join(map(str, value)) if isinstance(value, list) else str(value)) for name, value in held]


def _what(election: Election, entry: Entry) -> str:
    match entry.declaration:
        case PassedOver():
            return "Passed over"
        case CatalogueChange():
            return "Change of the election"
        case Withdrawal(since=int()):
            return f"Withdrawal of {place_of(election, entry)}"
        case Withdrawal():
            return "Withdrawal of"
        case Correction():
            return "Correction of"
    return _declared(entry.content)


def _declared(content: Content | None) -> str:
    match content:
        case WardDeclaration():
            return "Result"
        case TallyDeclaration() as tally:
            return sentences.by_phone(tally)
        case StatusDeclaration(status=status):
            return f"Status: {status.value}"
        case _:
            return "Note"


def _subject(election: Election, entry: Entry) -> str:
    council = election.councils.get(entry.council_id or "")
    contest = election.contests.get(entry.ballot_id or "")
    names = [contest.name if contest else "", council.name if council else ""]
    return ", ".join(name for name in names if name) or "The night"


def _said(content: Content | None) -> str:
    match content:
        case NoteDeclaration(text=text):
            return text
        case StatusDeclaration(note=note):
            return note
        case _:
            return ""


def _figures(election: Election, content: Content | None) -> Iterator[tuple[str, str]]:
    match content:
        case WardDeclaration():
            yield from _of_contest(election, content)
        case TallyDeclaration():
            yield from _of_parties(election, content.seats)
            if content.vacant is not None:
                yield "Vacant", f"{content.vacant:,}"


def _of_contest(election: Election, declared: WardDeclaration) -> Iterator[tuple[str, str]]:
    contest = election.contests.get(declared.ballot_id)
    standing = contest.candidacies_by_id if contest else {}
    elected = set(declared.elected or ())
    most_first = sorted((declared.votes or dict.fromkeys(elected)).items(), key=lambda item: -(item[1] or -1))
    for candidacy_id, votes in most_first:
        candidacy = standing.get(candidacy_id)
        name = f"{candidacy.name}, {election.short(candidacy.party_id)}" if candidacy else candidacy_id
        known = sentences.votes_told(votes) if declared.votes is not None else ""
        yield name, f"{known}{' elected' if candidacy_id in elected else ''}".strip()
    yield from _of_parties(election, declared.seats or {})
    if declared.ballots is not None:
        yield "Ballot papers", f"{declared.ballots:,}"
    if declared.rejected is not None:
        yield "of them rejected", f"{declared.rejected:,}"
    if declared.valid is not None:
        yield "Valid papers", f"{declared.valid:,}"
    if declared.total is not None:
        yield "Total as read out", f"{declared.total:,}"
    if declared.turnout is not None:
        yield "Turnout as announced", sentences.percentage(declared.turnout)
    if declared.as_announced:
        yield "As announced", declared.as_announced


def _of_parties(election: Election, seats: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for party_id, number in seats.items():
        yield election.short(party_id), f"{number:,} {election.words.seat if number == 1 else election.words.seats}"
