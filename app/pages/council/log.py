"""What the reader should know happened in a council: corrections, withdrawals, notes, recounts, tallies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.contest import ContestResult
from app.domain.council import CouncilState, council_state, result_of
from app.domain.declarations import (
    CouncilRecord,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    TallyDeclaration,
)
from app.domain.election import Election
from app.domain.subject import Subject
from app.wording import sentences


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened. ``consequence`` is what it did to control."""

    entry: Entry
    text: str
    consequence: str | None = None
    ballot_id: str | None = None


def council_log(election: Election, state: CouncilState) -> tuple[Happening, ...]:
    """Newest first."""
    entries = sorted(
        (entry for subject in state.record.subjects.values() for entry in subject.entries), key=lambda entry: entry.seq
    )
    is_revised = any(entry.replaces is not None for entry in entries)
    consequences = _consequences(election, state, entries) if is_revised else {}
    lines = (_line(election, state, entry, consequences.get(entry.seq)) for entry in reversed(entries))
    return tuple(line for line in lines if line is not None)


def _line(election: Election, state: CouncilState, entry: Entry, consequence: str | None) -> Happening | None:
    if entry.replaces is not None:
        return Happening(entry, f"{sentences.revised(entry)}: {entry.reason}", consequence, entry.ballot_id)
    match entry.content:
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


def _consequences(election: Election, state: CouncilState, entries: Sequence[Entry]) -> Mapping[int, str]:
    """What corrections and withdrawals did to control, by sequence: a badge never goes back without a word.

    The council is folded again up to each of them. Contests about which nothing was entered in between are as they are
    now, or as they were at the revision before.
    """
    told: dict[int, str] = {}
    record, known = CouncilRecord(), _Contests(election, state)
    for entry in entries:
        earlier, record = record, record.with_entry(entry)
        if entry.replaces is None or record.subject_of(entry).kind == "note":
            continue
        was, now = (council_state(election, state.council, at, known.at(at)).holder for at in (earlier, record))
        if was != now:
            told[entry.seq] = sentences.control_changed(election, was, now)
    return told


class _Contests:
    """The results of a council's contests at earlier points of its record, derived only where they differ."""

    def __init__(self, election: Election, state: CouncilState) -> None:
        self._election = election
        self._council = state.council
        self._record = state.record
        self._results = state.contests

    def at(self, record: CouncilRecord) -> Mapping[str, ContestResult]:
        self._results = {
            ballot_id: self._results[ballot_id]
            if self._entered(ballot_id, record) == self._entered(ballot_id, self._record)
            else result_of(self._election, contest, record)
            for ballot_id, contest in self._council.contests_by_id.items()
        }
        self._record = record
        return self._results

    @staticmethod
    def _entered(ballot_id: str, record: CouncilRecord) -> tuple[int, ...]:
        about = (Subject("ward", ballot_id), Subject("status", ballot_id))
        return tuple(len(record.about(subject).entries) for subject in about)
