"""What the feed tells of an entry: a title of a line, and sentences that tell all but what the title alone says."""

from collections.abc import Iterator, Mapping

from app.domain.contest import ContestResult, contest_result
from app.domain.declarations import (
    CatalogueChange,
    Entry,
    NoteDeclaration,
    PassedOver,
    StatusDeclaration,
    SubjectRecord,
    TallyDeclaration,
    WardDeclaration,
)
from app.domain.election import Election
from app.domain.ticker import Change
from app.wording import sentences
from app.wording.catalogue import all_altered
from app.wording.figures import plural_seats, with_article
from app.wording.ticker import place_of


def told_of(election: Election, entry: Entry, change: Change | None) -> tuple[str, tuple[str, ...]]:
    """Title and sentences of ``entry``; ``change`` is what it did where it is a revision, or adds votes."""
    if change is not None and change.adds_votes:
        return f"{place_of(election, entry)}: votes added, the winners stand", _declared(election, entry)[1]
    match entry.declaration:
        case PassedOver():
            return f"Entry {entry.seq:,} of the log is passed over: {entry.reason}", ()
        case CatalogueChange(reason="") as changed:
            place = place_of(election, entry)
            return f"{place}: what is known beforehand was changed", (all_altered(election, changed.alterations),)
    return _revision(election, entry, change) if entry.is_revision else _declared(election, entry)


def _declared(election: Election, entry: Entry) -> tuple[str, tuple[str, ...]]:
    place = place_of(election, entry)
    match entry.content:
        case WardDeclaration():
            result = _result(election, entry)
            title = f"{place}: {sentences.contest_summary(election, result)}"
            return title, (sentences.contest_line(election, election.council(str(entry.council_id)), result),)
        case TallyDeclaration(seats=seats, complete=complete, source=source):
            kind = "tally by phone" if complete else "incomplete tally by phone"
            title = f"{place}, {kind}: {sentences.seats_line(election, election.grouped(seats))}"
            return title, ((f"Source: {source}",) if source else ())
        case StatusDeclaration(status=status, note=note):
            return f"{place}: {status.value}", ((note,) if note else ())
        case NoteDeclaration(text=text):
            return (text if entry.council_id is None else f"{place}: {text}"), ()
    return place, ()


def _result(election: Election, entry: Entry) -> ContestResult:
    """What a ward's entry says by itself, whatever came after it."""
    return contest_result(election, election.contest(str(entry.ballot_id)), SubjectRecord((entry,)))


def _revision(election: Election, entry: Entry, change: Change | None) -> tuple[str, tuple[str, ...]]:
    """``Correction to Strood Rural (Medway): LAB gain a seat from CON``, then the reason, and what is so now."""
    place, changed = place_of(election, entry), _what_changed(election, entry, change)
    if changed is None:
        title = f"{sentences.revised(entry)}, {place}: {entry.reason}"
    elif entry.content is None:
        title = f"Withdrawn: {place} {changed}"
    else:
        title = f"Correction to {place}: {changed}"
    told = [f"Reason: {entry.reason}"]
    if isinstance(entry.declaration, CatalogueChange):
        told.append(all_altered(election, entry.declaration.alterations))
    if isinstance(entry.content, WardDeclaration):
        council = election.council(str(entry.council_id))
        told.append(sentences.contest_line(election, council, _result(election, entry)))
    elif entry.content is not None:
        told.append(_declared(election, entry)[0])
    told += _control_changed(election, change)
    return title, tuple(told)


def _control_changed(election: Election, change: Change | None) -> Iterator[str]:
    moves = [move for move in change.moves if move.changes_control] if change is not None else []
    for was, now in moves:
        if was is not None and now is not None:
            told = sentences.control_changed(election, was.holder, now.holder)
            yield told if len(moves) == 1 else f"{now.council.name}: {told}"


def _what_changed(election: Election, entry: Entry, change: Change | None) -> str | None:
    """What a revision did to seats or winners; None where it is about something else: a note, a status."""
    before, after = (None, None) if change is None else (change.before, change.after)
    if before is None or after is None or (entry.replaces is None and entry.content is None):
        return None
    if entry.ballot_id is None:
        return _moved(election, before.seats, after.seats) or None
    was, now = before.contests[entry.ballot_id], after.contests[entry.ballot_id]
    if entry.content is None:
        return _undeclared(election, was) if was.is_decided and not now.is_decided else None
    if not isinstance(entry.content, WardDeclaration):
        return None
    return _moved(election, was.seats, now.seats) or _winners_changed(was, now)


def _undeclared(election: Election, was: ContestResult) -> str:
    seats = sentences.seats_line(election, was.seats)
    return f"is undeclared again{f', {seats} no longer counted' if seats else ''}"


def _moved(election: Election, was: Mapping[str, int], now: Mapping[str, int]) -> str:
    """``LAB gain a seat from CON``; where it is not so simple ``LAB +2, CON −1, IND −1``; empty where nothing moved."""
    change = {group: now.get(group, 0) - was.get(group, 0) for group in {**was, **now}}
    gained = [(group, number) for group, number in change.items() if number > 0]
    lost = [(group, -number) for group, number in change.items() if number < 0]
    if len(gained) == len(lost) == 1 and gained[0][1] == lost[0][1]:
        number = gained[0][1]
        seats = with_article(election.words.seat) if number == 1 else plural_seats(election, number)
        return f"{election.short(gained[0][0])} gain {seats} from {election.short(lost[0][0])}"
    moved = [*gained, *((group, -number) for group, number in lost)]
    return ", ".join(f"{election.short(group)} {sentences.signed(number)}" for group, number in moved)


def _winners_changed(was: ContestResult, now: ContestResult) -> str:
    before, after = ([candidate.candidacy for candidate in result.elected] for result in (was, now))
    new = [candidacy.name for candidacy in after if candidacy not in before]
    gone = [candidacy.name for candidacy in before if candidacy not in after]
    if new and gone:
        return f"{sentences.listed(new)} elected, not {sentences.listed(gone)}"
    return "figures only, the winners stand"
