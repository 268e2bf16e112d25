"""Internal notes as the desk reads them: on the form, in the queue and on the board."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.election import Election
from app.domain.subject import Subject
from app.store.internal_notes import InternalNote
from app.web.signing_in.access import Signed
from app.wording import sentences


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note as one person sees it: ``about`` is its ward or council, ``struck`` who struck it out and when."""

    note_id: int
    about: str
    subject: Subject
    when: str
    author: str
    content: str
    struck: str
    may_strike: bool


@dataclass(frozen=True, slots=True)
class NotesBeside:
    """The notes beside a form, and where another one about it is sent, under which key."""

    notes: tuple[ShownNote, ...]
    address: str
    key: str


def shown_notes(election: Election, notes: Iterable[InternalNote], signed: Signed) -> tuple[ShownNote, ...]:
    """``notes`` in their order; its author and editors strike one out."""
    return tuple(
        ShownNote(
            note_id=note.note_id,
            about=_about(election, note),
            subject=note.subject,
            when=sentences.clock(election, note.at),
            author=note.author,
            content=note.content,
            struck=f"{note.struck_by}, {sentences.clock(election, note.struck_at)}" if note.struck_at else "",
            may_strike=note.struck_at is None and may_strike(note, signed),
        )
        for note in notes
    )


def may_strike(note: InternalNote, signed: Signed) -> bool:
    """Whether who is signed in may strike ``note`` out."""
    return signed.may_edit or note.author == signed.name


def valid_by_subject(notes: Iterable[ShownNote]) -> Mapping[Subject, list[ShownNote]]:
    """Those that were not struck out, by the result or tally that they are about."""
    found: dict[Subject, list[ShownNote]] = {}
    for note in notes:
        if not note.struck:
            found.setdefault(note.subject, []).append(note)
    return found


def valid_by_council(notes: Iterable[InternalNote], shown: Iterable[ShownNote]) -> Mapping[str, list[ShownNote]]:
    """The same by council, those about its contests among them; ``shown`` are ``notes`` as they are read."""
    found: dict[str, list[ShownNote]] = {}
    for note, one in zip(notes, shown, strict=True):
        if not one.struck:
            found.setdefault(note.council_id, []).append(one)
    return found


def version(notes: Iterable[InternalNote]) -> int:
    """Another number whenever a note was written or struck out."""
    return sum(1 if note.struck_at is None else 2 for note in notes)


def _about(election: Election, note: InternalNote) -> str:
    contest = election.contests.get(note.ballot_id or "")
    if contest is not None:
        return contest.name
    council = election.councils.get(note.council_id)
    return council.name if council is not None else note.council_id
