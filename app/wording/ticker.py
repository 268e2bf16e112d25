"""The lines of the ticker, and what an entry is about."""

from app.domain.declarations import (
    CatalogueChange,
    Correction,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    Withdrawal,
)
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.ticker import LineKind, TickerLine
from app.wording.catalogue import place_of_change
from app.wording.contest import named
from app.wording.control import controlled, flash_line, holders_line
from app.wording.figures import sentence, together
from app.wording.flips import line_after


def ticker_text(election: Election, line: TickerLine) -> str:
    """What a line of the ticker says: ``LAB gain Medway from CON``, ``Recount: Strood Rural (Medway)``."""
    match line.kind:
        case LineKind.FLASH | LineKind.CONTROL | LineKind.UNDECIDED:
            return _control_text(election, line)
        case LineKind.LEADER | LineKind.LOT | LineKind.GAIN:
            return _result_text(election, line)
    entry = line.entry
    match entry.declaration:
        case Correction(reason=reason) | CatalogueChange(reason=reason) if line.kind is LineKind.CORRECTION:
            return f"Correction, {place_of(election, entry)}: {reason}"
        case Withdrawal(reason=reason):
            return f"Withdrawn, {place_of(election, entry)}: {reason}"
    match entry.content:
        case StatusDeclaration(status=status, note=note):
            return together([f"{status.value.capitalize()}: {place_of(election, entry)}", sentence(note)])
        case NoteDeclaration(text=text):
            return text
    raise ValueError(f"an entry of the kind {entry.kind} gives no line {line.kind}")


def _control_text(election: Election, line: TickerLine) -> str:
    comparison, council = line.comparison, election.council(str(line.council_id))
    assert comparison is not None  # what every line about control holds
    flash = flash_line(election, council, comparison)
    if line.kind is LineKind.FLASH:
        return str(flash)
    if line.kind is LineKind.UNDECIDED:
        told = f"{council.name} goes back to undecided"
        return f"{told}; “{flash}” {line_after(line.entry)}" if flash else told
    return f"{council.name}: {controlled(election, council, comparison)}"


def _result_text(election: Election, line: TickerLine) -> str:
    contest = election.contest(str(line.ballot_id))
    if line.kind is LineKind.GAIN:
        return str(holders_line(election, contest.name, line.holders))
    ward = f"{contest.name}, {election.council(str(line.council_id)).name}"
    first = line.candidates[0]
    names = " and ".join(named(election, contest, candidate) for candidate in line.candidates)
    if line.kind is LineKind.LEADER:
        fate = f"loses {election.words.seat}" if first.loses_seat else "not elected"
        return f"{first.candidacy.role} {fate}: {names}, {ward}"
    return f"{ward}: a tie at {first.votes:,} votes settled by lot for {names}"


def place_of(election: Election, entry: Entry) -> str:
    """What an entry is about, in words: ward and council, council, or the night; of several councils, how many."""
    match entry.declaration:
        case CatalogueChange() as change:
            return place_of_change(election, change)
        case Withdrawal(since=int(since)):
            return f"all since entry {since:,}" if since else "all so far"
    if entry.ballot_id is not None and entry.council_id is not None:
        return f"{election.contest(entry.ballot_id).name} ({election.councils[entry.council_id].name})"
    return election.councils[entry.council_id].name if entry.council_id is not None else "the night"


def newest_flash(night: Night, convention: Convention) -> str | None:
    """The last flash of the night that still holds."""
    lines = night.tickers[convention.key]
    newest = next((line for line in lines if line.kind is LineKind.FLASH and line.withdrawn_by is None), None)
    return ticker_text(night.election_at(newest.seq), newest) if newest is not None else None
