"""What the desk declares, the entries of the log, and what of them stands.

A declaration is immutable once it is in the log. A correction supersedes what it replaces, a withdrawal cancels it;
what had been superseded does not return.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, assert_never

from app.domain.election import Election
from app.domain.errors import UnknownSequence
from app.domain.subject import CATALOGUE, Subject


class StatusValue(StrEnum):
    """What is known of a count that has not been declared."""

    COUNTING = "counting"
    RECOUNT = "recount"
    DELAYED = "delayed"
    COUNTERMANDED = "countermanded"
    POSTPONED = "postponed"

    @property
    def puts_off_the_poll(self) -> bool:
        """Whether nothing is to come tonight, and a later poll will be."""
        return self in {StatusValue.COUNTERMANDED, StatusValue.POSTPONED}


PAPERS_AND_TURNOUT = ("ballots", "rejected", "valid", "turnout")
"""The fields of a result that are announced together, and kept where votes alone are added."""


@dataclass(frozen=True, slots=True)
class WardDeclaration:
    """The result of one contest: votes of every candidacy, seats by party id, or who is elected and no more."""

    ballot_id: str
    votes: Mapping[str, int | None] | None = None
    """By candidacy; None where they were not published."""
    seats: Mapping[str, int] | None = None
    elected: tuple[str, ...] | None = None
    ballots: int | None = None
    """Ballot papers, the rejected ones included."""
    rejected: int | None = None
    valid: int | None = None
    """Ballot papers that were counted."""
    total: int | None = None
    """The sum of the votes, as it was read out."""
    turnout: float | None = None
    """A percentage of the electorate, as announced."""
    source: str = ""
    as_announced: str = ""
    """Why figures that cannot be right are taken as they were announced (rule 14); empty where they are not."""

    @property
    def published(self) -> Mapping[str, int]:
        """The votes that are known, by candidacy."""
        return {candidacy_id: number for candidacy_id, number in (self.votes or {}).items() if number is not None}

    @property
    def unpublished(self) -> tuple[str, ...]:
        """The candidacies whose votes were not published, where others’ were."""
        return tuple(candidacy_id for candidacy_id, number in (self.votes or {}).items() if number is None)

    def with_papers_of(self, before: "WardDeclaration") -> "WardDeclaration":
        """The same with the papers and turnout of ``before``, unless it gives any itself."""
        if any(getattr(self, name) is not None for name in PAPERS_AND_TURNOUT):
            return self
        return replace(self, **{name: getattr(before, name) for name in PAPERS_AND_TURNOUT})

    @property
    def papers(self) -> int | None:
        """All ballot papers, as given or by their two parts; None where they are not known."""
        if self.ballots is None and self.valid is not None and self.rejected is not None:
            return self.valid + self.rejected
        return self.ballots


@dataclass(frozen=True, slots=True)
class TallyDeclaration:
    """Seats by party id of a whole council, its continuing seats included, as given by phone."""

    council_id: str
    seats: Mapping[str, int]
    complete: bool
    vacant: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class StatusDeclaration:
    """Where a count is, for one contest (``ballot_id``) or a whole council (``council_id``)."""

    status: StatusValue
    ballot_id: str | None = None
    council_id: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoteDeclaration:
    """A line for the ticker, of one council or of the whole night."""

    text: str
    council_id: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Cancels the entry ``replaces``, or everything that was declared after the entry ``since``: one of the two."""

    replaces: int | None
    reason: str
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Alteration:
    """One thing that a change of the catalogue changes: of a contest, of a council, or of the election as a whole.

    ``field`` names it as bundles do, such as ``seats_up`` or ``candidacies/1201/party_id``; ``before`` and ``after``
    are JSON, None where it was not there, or is not any more.
    """

    council_id: str | None
    ballot_id: str | None
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class CatalogueChange:
    """From here on the election is ``election`` (rule 13). ``reason`` is empty where nothing declared is touched."""

    reason: str
    alterations: tuple[Alteration, ...]
    election: Election

    @cached_property
    def council_ids(self) -> frozenset[str]:
        """The councils of which something has changed."""
        return frozenset(it.council_id for it in self.alterations if it.council_id is not None)

    @cached_property
    def ballot_ids(self) -> frozenset[str]:
        """The contests of which something has changed."""
        return frozenset(it.ballot_id for it in self.alterations if it.ballot_id is not None)


Content = WardDeclaration | TallyDeclaration | StatusDeclaration | NoteDeclaration


@dataclass(frozen=True, slots=True)
class Correction:
    """Supersedes the entry ``replaces`` with ``content``, which restates every field of it."""

    replaces: int
    reason: str
    content: Content


@dataclass(frozen=True, slots=True)
class PassedOver:
    """Stands in the place of an entry that cannot be read: it says nothing. Nobody declares it."""

    reason: str


Declaration = Content | Correction | Withdrawal | CatalogueChange | PassedOver

KIND_OF: Mapping[type, str] = MappingProxyType(
    {
        WardDeclaration: "ward",
        TallyDeclaration: "tally",
        StatusDeclaration: "status",
        NoteDeclaration: "note",
        Correction: "correction",
        Withdrawal: "withdrawal",
        CatalogueChange: "catalogue",
        PassedOver: "passed_over",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A declaration at its place in the log.

    ``at`` is the time of the announcement, ``council_id`` and ``ballot_id`` say what it is about (those of what it
    replaces, for corrections and withdrawals), ``author`` names the person or token that posted it, ``checker`` the
    other person who keyed the same, empty where nobody did. ``confirmed`` says who confirmed which warning, by its
    code: the author, the checker or both.
    """

    seq: int
    at: datetime
    declaration: Declaration
    council_id: str | None = None
    ballot_id: str | None = None
    author: str = ""
    checker: str = ""
    confirmed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return KIND_OF[type(self.declaration)]

    @property
    def replaces(self) -> int | None:
        return self.declaration.replaces if isinstance(self.declaration, Correction | Withdrawal) else None

    @property
    def reason(self) -> str | None:
        match self.declaration:
            case Correction(reason=reason) | Withdrawal(reason=reason) | PassedOver(reason=reason):
                return reason
            case CatalogueChange(reason=reason):
                return reason or None
        return None

    @property
    def is_revision(self) -> bool:
        """Whether it changes what was told: a correction, a withdrawal, a change of the catalogue for a reason."""
        return isinstance(self.declaration, Correction | Withdrawal | CatalogueChange) and self.reason is not None

    @property
    def content(self) -> Content | None:
        """What this entry says of its subject; None for what says nothing of one: withdrawals, which unsay it, too."""
        match self.declaration:
            case Correction(content=content):
                return content
            case Withdrawal() | CatalogueChange() | PassedOver():
                return None
            case content:
                return content


def withdraws(entry: Entry, seq: int) -> bool:
    """Whether ``entry`` has what was told with entry ``seq`` stand no more."""
    if isinstance(entry.declaration, Withdrawal) and entry.declaration.since is not None:
        return seq > entry.declaration.since
    return entry.replaces == seq


def subject_of(seq: int, content: Content) -> Subject:
    """What ``content``, first declared at ``seq``, is about. Every note is a subject of its own."""
    match content:
        case WardDeclaration(ballot_id=ballot_id):
            return Subject("ward", ballot_id)
        case TallyDeclaration(council_id=council_id):
            return Subject("tally", council_id)
        case StatusDeclaration(ballot_id=str(ballot_id)):
            return Subject("status", ballot_id)
        case StatusDeclaration(council_id=council_id):
            return Subject("council-status", str(council_id))
        case NoteDeclaration():
            return Subject("note", str(seq))
        case _:
            assert_never(content)


@dataclass(frozen=True, slots=True)
class SubjectRecord:
    """All that was entered about one subject, oldest first."""

    entries: tuple[Entry, ...] = ()

    @property
    def standing(self) -> Entry | None:
        """The entry in force: the newest, unless that withdraws."""
        if not self.entries or self.entries[-1].content is None:
            return None
        return self.entries[-1]

    @property
    def revisions(self) -> tuple[Entry, ...]:
        """The corrections and withdrawals, oldest first."""
        return tuple(entry for entry in self.entries if entry.is_revision)

    def entry(self, seq: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.seq == seq), None)

    def completed_by(self, entry: Entry) -> Entry | None:
        """What stood without votes when ``entry`` added them; None for entries that declare anew, or replace."""
        earlier = [other for other in self.entries if other.seq < entry.seq][-1:]
        match entry.declaration, earlier[0].content if earlier else None:
            case WardDeclaration(votes=votes), WardDeclaration(votes=None) if votes is not None:
                return earlier[0]
        return None

    @property
    def declaration(self) -> WardDeclaration | None:
        """The result of a contest that stands, if one does, with all that was announced of it."""
        return self.announced_with(self.standing) if self.standing is not None else None

    def announced_with(self, entry: Entry) -> WardDeclaration | None:
        """What ``entry`` announces of a contest: of votes that are added, with the papers announced before."""
        content, before = entry.content, self.completed_by(entry)
        if not isinstance(content, WardDeclaration):
            return None
        if before is None or not isinstance(before.content, WardDeclaration):
            return content
        return content.with_papers_of(before.content)

    def since_rehearsal(self, polls_closed_at: datetime) -> "SubjectRecord":
        """Without what was only tried: it was withdrawn before the polls closed, or with all that had been declared."""
        ends = [place for place, entry in enumerate(self.entries, 1) if _ends_rehearsal(entry, polls_closed_at)]
        return SubjectRecord(self.entries[ends[-1] :]) if ends else self


def _ends_rehearsal(entry: Entry, polls_closed_at: datetime) -> bool:
    match entry.declaration:
        case Withdrawal(since=since):
            return since == 0 or entry.at < polls_closed_at
    return False


NOTHING_ENTERED = SubjectRecord()


@dataclass(frozen=True, slots=True)
class CouncilRecord:
    """What the log holds about one council (or, for notes, about none), by subject."""

    subjects: Mapping[Subject, SubjectRecord] = field(default_factory=dict)
    last: Entry | None = None
    """The newest entry."""

    def subject_of(self, entry: Entry) -> Subject:
        """What ``entry`` is about: for a correction or withdrawal, whatever holds the entry it replaces."""
        if entry.replaces is not None:
            return self.subject_at(entry.replaces)
        assert entry.content is not None  # what says nothing of one subject is not asked about
        return subject_of(entry.seq, entry.content)

    def subject_at(self, seq: int) -> Subject:
        """The subject that has an entry ``seq``; UnknownSequence if none has."""
        for subject, record in self.subjects.items():
            if record.entry(seq) is not None:
                return subject
        raise UnknownSequence(seq)

    def with_entry(self, entry: Entry) -> "CouncilRecord":
        added = {subject: SubjectRecord((*self.about(subject).entries, entry)) for subject in self.subjects_of(entry)}
        return CouncilRecord({**self.subjects, **added}, entry)

    def subjects_of(self, entry: Entry) -> tuple[Subject, ...]:
        """All that ``entry`` is about here; nothing where it withdraws what was declared elsewhere."""
        match entry.declaration:
            case CatalogueChange():
                return (CATALOGUE,)
            case Withdrawal(since=int(since)):
                return self.standing_since(since)
        return (self.subject_of(entry),)

    def standing_since(self, seq: int) -> tuple[Subject, ...]:
        """What has been declared after entry ``seq`` and stands, by its subjects."""
        standing = ((subject, record.standing) for subject, record in self.subjects.items())
        return tuple(subject for subject, entry in standing if entry is not None and entry.seq > seq)

    def unsaid_by(self, entry: Entry) -> tuple[Subject, ...]:
        """What ``entry``, a withdrawal, has taken back here: all of which it is the newest."""
        return tuple(subject for subject, record in self.subjects.items() if record.entries[-1] == entry)

    @property
    def revisions(self) -> tuple[Entry, ...]:
        """Each that changes what was told before, once, oldest first."""
        revisions = {entry.seq: entry for record in self.subjects.values() for entry in record.revisions}
        return tuple(revisions[seq] for seq in sorted(revisions))

    def since_rehearsal(self, polls_closed_at: datetime) -> "CouncilRecord":
        """What readers are told of it: the log alone keeps what was only tried."""
        told = {subject: record.since_rehearsal(polls_closed_at) for subject, record in self.subjects.items()}
        return CouncilRecord(told, self.last)

    def about(self, subject: Subject) -> SubjectRecord:
        return self.subjects.get(subject, NOTHING_ENTERED)


def declaration_from(
    body: Mapping[str, Any], *, about: str, council_id: str | None = None, ballot_id: str | None = None
) -> Declaration:
    """The declaration in ``body``, as posted (contract: the kinds and their fields).

    ``about`` is the kind of what a correction or withdrawal replaces, and ``body["kind"]`` for the others;
    ``council_id`` and ``ballot_id`` are those of what is replaced, since a correction may leave them out.
    """
    if body["kind"] == "withdrawal":
        return Withdrawal(body.get("replaces"), body["reason"], body.get("since"))
    content = _content_from(body, about, body.get("council_id", council_id), body.get("ballot_id", ballot_id))
    if body["kind"] == "correction":
        return Correction(body["replaces"], body["reason"], content)
    return content


def _content_from(body: Mapping[str, Any], about: str, council_id: str | None, ballot_id: str | None) -> Content:
    match about:
        case "ward":
            elected = body.get("elected")
            return WardDeclaration(
                ballot_id=str(ballot_id),
                votes=body.get("votes"),
                seats=body.get("seats"),
                elected=tuple(elected) if elected is not None else None,
                ballots=body.get("ballots"),
                rejected=body.get("rejected"),
                valid=body.get("valid"),
                total=body.get("total"),
                turnout=body.get("turnout"),
                source=body.get("source") or "",
                as_announced=body.get("as_announced") or "",
            )
        case "tally":
            return TallyDeclaration(
                council_id=str(council_id),
                seats=body["seats"],
                complete=body["complete"],
                vacant=body.get("vacant"),
                source=body.get("source") or "",
            )
        case "status":
            return StatusDeclaration(
                status=StatusValue(body["status"]),
                ballot_id=ballot_id,
                council_id=council_id if ballot_id is None else None,
                note=body.get("note") or "",
            )
        case _:
            return NoteDeclaration(text=body["text"], council_id=council_id)
