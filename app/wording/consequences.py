"""What a declaration about to be made will do."""

from collections import Counter
from collections.abc import Iterator, Mapping

from app.domain.council import CouncilState
from app.domain.declarations import Entry, WardDeclaration
from app.domain.election import Election
from app.domain.night import Night
from app.domain.ticker import Change
from app.wording import sentences
from app.wording.control import badge, controlled, flash_line, holders_line
from app.wording.figures import plural, plural_bodies, plural_seats
from app.wording.flips import line_after
from app.wording.ticker import ticker_text

MOST_NAMED = 5
"""Councils of those in which control changes; the others are counted."""

FOR_THE_WHOLE_NIGHT = "A line for the ticker of the whole night."

_TAKEN_BACK: Mapping[str, tuple[str, str]] = {
    "ward": ("result", "results"),
    "tally": ("tally by phone", "tallies by phone"),
    "status": ("status", "statuses"),
    "note": ("note", "notes"),
}
"""What can be withdrawn, of one and of several."""


def headline(election: Election, was: CouncilState, now: CouncilState, convention: str) -> str:
    """What becomes of a council: ``This makes Medway LAB gain from CON.``, ``Medway goes back to undecided.``."""
    name = now.council.name
    now_told, was_told = (badge(election, state.comparisons[convention]) for state in (now, was))
    told = controlled(election, now.council, now.comparisons[convention])
    if not now.council.is_known_whole:
        return f"{name} then: {sentences.progress_declared(election, now)}."
    if now.holder is None:
        return f"{name} {'stays' if was.holder is None else 'goes back to'} undecided."
    if was.holder == now.holder and now_told == was_told:
        return f"{name} stays {told}."
    if was.holder is None:
        return f"This makes {name} {told}."
    return (
        f"This makes {name} {told}, in the place of {controlled(election, was.council, was.comparisons[convention])}."
    )


def flip_name(election: Election, change: Change, convention: str) -> str | None:
    """What a change of control is called when it is asked about once more; None where control stays as it is."""
    moved = [move.after for move in change.moves if move.changes_control and move.after is not None]
    if not moved:
        return None
    if len(moved) > 1:
        names = [state.council.name for state in moved[:MOST_NAMED]]
        more = [f"{len(moved) - MOST_NAMED} more"] if len(moved) > MOST_NAMED else []
        return f"Control changes in {sentences.listed([*names, *more])}"
    council, now = moved[0].council, moved[0].comparisons[convention]
    told = controlled(election, council, now)
    return flash_line(election, council, now) or f"{council.name}{f': {told}' if told else ' back to undecided'}"


def further_lines(election: Election, was: CouncilState, now: CouncilState) -> Iterator[str]:
    """Seats and progress, what is still needed, and what the other conventions say."""
    seats, total = sentences.seats_line(election, now.seats), now.council.total_seats
    filled = f"{seats} of {total}" if seats else f"None of {plural_seats(election, total)} in"
    yield f"{filled}; {sentences.progress_declared(election, now)}."
    if now.needs:
        yield f"{sentences.needs_line(election, now)}."
    vacant = sentences.vacancies(election, now)
    if vacant and now.vacant != was.vacant:
        yield f"{vacant}."
    if now.tally_disagrees and not was.tally_disagrees:
        yield f"The tally by phone and the {election.words.contests} disagree from here on."
    for key, convention in election.conventions.items():
        other, own = (badge(election, now.comparisons[compared]) for compared in (key, election.convention))
        if other != own and other is not None:
            yield f"By {convention.label.split(':')[0]}: {other}."


def no_longer_elected(election: Election, was: CouncilState, now: CouncilState, entry: Entry) -> Iterator[str]:
    """Who was elected and is no more, where a contest that stood is corrected or withdrawn."""
    if entry.ballot_id is None:
        return
    before, after = (
        {one.candidacy: sentences.named(election, result.contest, one) for one in result.elected}
        for result in (was.contests[entry.ballot_id], now.contests[entry.ballot_id])
    )
    names = sentences.listed([name for candidacy, name in before.items() if candidacy not in after])
    instead = sentences.listed([name for candidacy, name in after.items() if candidacy not in before])
    if not names:
        return
    yield f"No longer elected: {names}{f'; instead: {instead}' if instead else ''}."


def result_line(election: Election, now: CouncilState, entry: Entry) -> str | None:
    """Who is elected then: ``Elected: Ada Byron (LAB). Turnout 22.4%.``; None where the entry is no result."""
    if not isinstance(entry.content, WardDeclaration):
        return None
    result = now.contests[entry.content.ballot_id]
    elected = sentences.listed([sentences.named(election, result.contest, it) for it in result.elected])
    turnout = sentences.turnout_line(result.turnout)
    told = (
        f"Elected: {elected}"
        if elected
        else f"{sentences.sentence(election.words.seats)}: {sentences.seats_line(election, result.seats)}"
    )
    hands = holders_line(election, result.contest.name, result.holders)
    return sentences.stopped(sentences.together([hands, told, turnout]))


def taken_back(after: Night, change: Change) -> str:
    """What a withdrawal of all that came after an entry takes back: ``4 results of 2 councils and 1 note …``."""
    election = after.election
    touched = [move.after.record for move in change.moves if move.after is not None]
    by_council = [Counter(subject.about for subject in record.unsaid_by(change.entry)) for record in touched]
    numbers = Counter(subject.about for subject in after.notes.unsaid_by(change.entry))
    for kinds in by_council:
        numbers.update(kinds)
    told = [plural(numbers[kind], *_TAKEN_BACK[kind]) for kind in _TAKEN_BACK if numbers[kind]]
    if numbers["ward"]:
        councils = sum(kinds["ward"] > 0 for kinds in by_council)
        told[0] += f" of {plural_bodies(election, councils)}"
    return f"{sentences.listed(told)} {'counts' if numbers.total() == 1 else 'count'} no longer."


def badges_moved(election: Election, change: Change, convention: str) -> Iterator[str]:
    """What becomes of each council whose badge or control is another then."""
    for was, now in change.moves:
        if was is not None and now is not None and was.holder != now.holder:
            yield headline(election, was, now, convention)


def withdrawn_lines(after: Night, change: Change, convention: str) -> Iterator[str]:
    """The ticker's lines that this takes back, a flash line also where newer ones have pushed it off the ticker."""
    election, was = after.election, change.before
    lines = [
        (line.at, ticker_text(after.election_at(line.seq), line))
        for line in after.tickers[convention]
        if line.withdrawn_by == change.entry
    ]
    flash = flash_line(election, was.council, was.comparisons[convention]) if was is not None else None
    since = was.since.at if was is not None and was.since is not None else None
    gone = was is not None and change.after is not None and was.holder != change.after.holder
    if gone and flash is not None and since is not None and flash not in {text for _, text in lines}:
        lines.append((since, flash))
    for at, text in lines:
        yield f"The line of {sentences.clock(election, at)}, “{text}”, {line_after(change.entry)}."
