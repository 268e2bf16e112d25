"""What the reader should know happened in a council: corrections, withdrawals, notes, recounts, tallies."""

from dataclasses import dataclass

from app.domain.council import CouncilState
from app.domain.declarations import (
    CatalogueChange,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
    WardDeclaration,
)
from app.domain.election import Election
from app.domain.night import Night
from app.domain.subject import Subject
from app.wording import sentences
from app.wording.catalogue import all_altered


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. ``consequence`` is what it did to control."""

    entry: Entry
    text: str
    consequence: str | None = None
    ballot_id: str | None = None


def council_log(night: Night, council_id: str) -> tuple[Happening, ...]:
    """Newest first; each told by what was known of the election then."""
    state = night.councils[council_id]
    record = state.record.since_rehearsal(night.election.polls_closed_at)
    entries = {entry.seq: entry for subject in record.subjects.values() for entry in subject.entries}
    lines = (_line(night.election_at(seq), state, entries[seq]) for seq in sorted(entries, reverse=True))
    return tuple(line for line in lines if line is not None)


def _line(election: Election, state: CouncilState, entry: Entry) -> Happening | None:
    announced = sentences.entry_as_announced(election, entry)
    if entry.is_revision:
        told, consequence = _revision(election, state, entry), _consequence(election, state, entry)
        return Happening(entry, sentences.together([told, announced]), consequence, entry.ballot_id)
    match entry.content:
        case WardDeclaration(ballot_id=ballot_id):
            is_added = state.record.about(Subject("ward", ballot_id)).completed_by(entry) is not None
            told = sentences.together(["Votes added" if is_added else None, announced])
            return Happening(entry, told, ballot_id=ballot_id) if told else None
        case NoteDeclaration(text=text):
            stands = state.record.about(Subject("note", str(entry.seq))).standing is entry
            return Happening(entry, text) if stands else None
        case StatusDeclaration(status=status, note=note) if status is not StatusValue.COUNTING:
            told = sentences.sentence(status.value)
            return Happening(entry, f"{told}: {note}" if note else told, ballot_id=entry.ballot_id)
        case TallyDeclaration() as tally:
            told = sentences.by_phone(tally)
            return Happening(entry, f"{told}: {sentences.seats_line(election, election.grouped(tally.seats))}")
    return None


def _revision(election: Election, state: CouncilState, entry: Entry) -> str:
    told = f"{sentences.revised(entry)}: {entry.reason}"
    if not isinstance(entry.declaration, CatalogueChange):
        return told
    own = [it for it in entry.declaration.alterations if it.council_id in (None, state.council_id)]
    return sentences.together([told, all_altered(election, own)])


def _consequence(election: Election, state: CouncilState, entry: Entry) -> str | None:
    """What a revision did to control: a badge never goes back without a word."""
    turned = state.turns.get(entry.seq)
    return sentences.control_changed(election, turned.was, turned.now) if turned is not None else None
