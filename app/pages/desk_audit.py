"""The desk's page of the log as who did what."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment

from app.domain.declarations import (
    Content,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    TallyDeclaration,
    WardDeclaration,
)
from app.domain.election import Election
from app.pages import sentences
from app.pages.environment import render

MACHINE = "token:"
"""What the log puts before the name of a token."""

KINDS: Mapping[str, str] = {
    "ward": "Results",
    "tally": "Tallies by phone",
    "status": "Statuses",
    "note": "Notes",
    "correction": "Corrections",
    "withdrawal": "Withdrawals",
}
"""The kinds of entries, as the filter has them."""

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


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the reader looks for; empty: does not matter. ``before`` is the sequence that the page begins below."""

    person: str = ""
    council_id: str = ""
    kind: str = ""
    before: int | None = None

    def query(self, election: Election, *, before: int | None = None) -> str:
        """The same of an election as a query, from the newest on, or from below ``before``."""
        asked = {"person": self.person, "council": self.council_id, "kind": self.kind, "before": before}
        return urlencode({"election": election.slug, **{name: value for name, value in asked.items() if value}})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.person or self.council_id or self.kind)


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of verifying the chain: its length, its last hash, how many faults, and the first of them."""

    entries: int
    hash: str
    number: int
    faults: tuple[str, ...]


def audit_line(
    election: Election, entry: Entry, *, recorded_at: datetime, hash_: str, replaced_by: int | None
) -> AuditLine:
    """An entry as the page tells it."""
    content = entry.content
    return AuditLine(
        entry=entry,
        recorded_at=recorded_at,
        hash=hash_,
        what=_what(entry),
        subject=_subject(election, entry),
        said=entry.reason or _said(content),
        source=content.source if isinstance(content, WardDeclaration | TallyDeclaration) else "",
        figures=tuple(_figures(election, content)),
        replaced_by=replaced_by,
    )


def audit_page(
    environment: Environment,
    election: Election,
    lines: Sequence[AuditLine],
    *,
    filtered: Filtered,
    people: Sequence[str],
    total: int,
    older: bool,
    verified: Verified | None = None,
    **desk: Any,
) -> str:
    """The page; ``people`` are those to choose from, ``total`` how many entries there are of what is looked for."""
    values = {
        "election": election,
        "lines": lines,
        "filtered": filtered,
        "people": people,
        "person_named": person_named,
        "councils": sorted(election.councils.values(), key=lambda council: council.name),
        "kinds": KINDS,
        "total": total,
        "older": filtered.query(election, before=lines[-1].entry.seq) if older else "",
        "query": filtered.query(election),
        "verified": verified,
        "recorded": lambda at: at.astimezone(election.zone),
        **desk,
    }
    return render(environment, "desk/audit.html", values)


def no_audit_page(environment: Environment, **desk: Any) -> str:
    """Where no election is loaded, there is nothing to show."""
    return render(environment, "desk/no_audit.html", {"election": None, **desk})


def person_named(name: str) -> tuple[str, str]:
    """A name with what it is beside a person's: ``("ann", "")``, ``("feed", "token")``."""
    return (name.removeprefix(MACHINE), "token") if name.startswith(MACHINE) else (name, "")


def _what(entry: Entry) -> str:
    if entry.replaces is not None:
        return "Correction of" if entry.content is not None else "Withdrawal of"
    match entry.content:
        case WardDeclaration():
            return "Result"
        case TallyDeclaration(complete=complete):
            return "Tally by phone" if complete else "Tally by phone, incomplete"
        case StatusDeclaration(status=status):
            return f"Status: {status.value}"
        case _:
            return "Note"


def _subject(election: Election, entry: Entry) -> str:
    council = election.councils.get(entry.council_id or "")
    contest = election.contests.get(entry.ballot_id or "")
    names = [contest.ward if contest else "", council.name if council else ""]
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
    for candidacy_id, votes in sorted((declared.votes or {}).items(), key=lambda item: -item[1]):
        candidacy = standing.get(candidacy_id)
        name = f"{candidacy.name}, {election.short(candidacy.party_id)}" if candidacy else candidacy_id
        yield name, f"{votes:,}{' elected' if candidacy_id in elected else ''}"
    yield from _of_parties(election, declared.seats or {})
    if declared.ballots is not None:
        yield "Ballot papers", f"{declared.ballots:,}"
    if declared.rejected is not None:
        yield "of them rejected", f"{declared.rejected:,}"
    if declared.turnout is not None:
        yield "Turnout as announced", sentences.percentage(declared.turnout)


def _of_parties(election: Election, seats: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for party_id, number in seats.items():
        yield election.short(party_id), f"{number:,} seat{'' if number == 1 else 's'}"
