"""What may no longer be declared: the log has gone on, or has it already."""

from collections.abc import Sequence

from app.domain.contest import ContestResult
from app.domain.declarations import (
    Correction,
    Entry,
    StatusDeclaration,
    SubjectRecord,
    TallyDeclaration,
    WardDeclaration,
    Withdrawal,
)
from app.domain.election import Election
from app.domain.errors import DomainError, Found, UnknownSequence, found
from app.domain.night import Night
from app.domain.subject import Subject
from app.domain.ticker import Change


class Superseded(DomainError):
    """What ``entry`` was to declare, correct or withdraw stands otherwise: ``standing`` does now, or nothing."""

    def __init__(self, election: Election, entry: Entry, standing: Entry | None) -> None:
        super().__init__(entry.replaces, standing)
        self.election = election
        self.entry = entry
        self.standing = standing

    @property
    def standing_seq(self) -> int | None:
        return self.standing.seq if self.standing else None


class DeclaredAlready(Superseded):
    """What ``entry`` is to declare anew stands, and has to be corrected or withdrawn."""


class OtherWinners(DeclaredAlready):
    """``entry`` has votes for what stands without, and they elect others: ``named`` stand, ``counted`` would."""

    def __init__(self, election: Election, entry: Entry, standing: Entry, results: Sequence[ContestResult]) -> None:
        super().__init__(election, entry, standing)
        self.named, self.counted = results


def refuse_superseded(night: Night, entry: Entry) -> None:
    """Raises Superseded where ``entry`` replaces what stands no more, or declares what has been declared already.

    Votes for a result that stands without are neither; :func:`refuse_other_winners` tells whether they belong to it.
    """
    if _withdraws_since(entry) is not None:
        return
    record = night.record_of(entry.council_id)
    standing = record.about(record.subject_of(entry)).standing
    if entry.replaces is not None and (standing is None or standing.seq != entry.replaces):
        raise Superseded(night.election, entry, standing)
    if isinstance(entry.content, StatusDeclaration) and entry.ballot_id is not None:
        standing = record.about(Subject("ward", entry.ballot_id)).standing
    elif entry.replaces is not None or _may_be_superseded(standing) or _adds_votes(standing, entry):
        return
    if standing is not None:
        raise DeclaredAlready(night.election, entry, standing)


def _may_be_superseded(standing: Entry | None) -> bool:
    """A status, or a tally that was not complete, gives way to a newer one without a correction."""
    match standing.content if standing else None:
        case WardDeclaration():
            return False
        case TallyDeclaration(complete=complete):
            return not complete
        case _:
            return True


def _withdraws_since(entry: Entry) -> int | None:
    return entry.declaration.since if isinstance(entry.declaration, Withdrawal) else None


def _adds_votes(standing: Entry | None, entry: Entry) -> bool:
    return standing is not None and SubjectRecord((standing, entry)).completed_by(entry) is not None


def refuse_other_winners(night: Night, change: Change) -> None:
    """Raises OtherWinners where a change adds votes to a result that stands without, and they give another result."""
    entry = change.entry
    if not change.adds_votes or entry.ballot_id is None or change.before is None or change.after is None:
        return
    named, counted = (state.contests[entry.ballot_id] for state in (change.before, change.after))
    assert named.entry is not None  # what votes are added to stands
    is_named = named.declaration is not None and named.declaration.elected is not None
    elected, electing = ({it.candidacy for it in one.elected} for one in (named, counted))
    if named.seats != counted.seats or (is_named and elected != electing):
        raise OtherWinners(night.election, entry, named.entry, (named, counted))


def unchanged(night: Night, entry: Entry) -> list[Found]:
    """That ``entry`` takes nothing back, or says no other than what stands; another time or reason is no change.

    What stands of votes that were added has the papers that were announced before them.

    Raises UnknownSequence where it is about what came after an entry that there is not.
    """
    since = _withdraws_since(entry)
    if since is not None:
        if since > night.seq:
            raise UnknownSequence(since)
        records = (night.notes, *(state.record for state in night.councils.values()))
        is_any = any(record.standing_since(since) for record in records)
        return [] if is_any else [found("unchanged", "since", "nothing_since", seq=since)]
    if not isinstance(entry.declaration, Correction):
        return []
    record = night.record_of(entry.council_id)
    about = record.about(record.subject_of(entry))
    if about.standing is None or (about.declaration or about.standing.content) != entry.content:
        return []
    return [found("unchanged", "", "changes_nothing", seq=about.standing.seq)]
