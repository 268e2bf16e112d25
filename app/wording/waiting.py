"""What is said of what waits for a second check: whose it is, what was announced since, what was declared over it."""

from collections.abc import Iterable

from app.domain.declarations import Entry, NoteDeclaration, StatusDeclaration
from app.domain.election import Election
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.wording.figures import clock, clock_briefly, listed, plural, sentence

ANYBODY = "another person"


def waits_for(election: Election, keyed: Keyed, since: Iterable[Entry] = ()) -> str:
    """Who keyed, and whom it waits for, briefly: ``ann, 03:12``; ``correction by eve, 03:12``; ``ann and bob differ``.

    With what was announced ``since``: ``ann, 03:12; recount since, 03:20``.
    """
    if isinstance(keyed, Disputed):
        told = f"{keyed.author.person} and {keyed.checker.person} differ"
    else:
        told = f"{keyed.author.person}, {clock_briefly(election, keyed.author.at)}"
    if keyed.author.is_revision:
        told = f"{keyed.author.body['kind']} by {told}"
    return "; ".join(filter(None, (told, since_briefly(since))))


def since_briefly(since: Iterable[Entry]) -> str:
    """``recount and note since``; empty where nothing was announced."""
    statuses = [_announced(entry) for entry in since]
    return f"{listed(list(dict.fromkeys(statuses)))} since" if statuses else ""


def waiting_line(keyed: Keyed) -> str:
    """The same at length: ``Keyed by ann; waits for another person.``, ``Ann and bob differ on 2 fields …``."""
    author, what = keyed.author, keyed.author.body
    if isinstance(keyed, Disputed):
        both = f"{author.person} and {keyed.checker.person} differ on {plural(len(keyed.differing), 'field')}"
        of = f" of the {what['kind']} of entry {what['replaces']}" if author.is_revision else ""
        return f"{both}{of}; waits for one of them to key it again, or for an editor."
    if author.is_revision:
        wants = "corrects" if what["kind"] == "correction" else "withdraws"
        return f"{author.person} {wants} entry {what['replaces']}: “{what['reason']}” Waits for {ANYBODY}."
    return f"Keyed by {author.person}; waits for {ANYBODY}."


def since_lines(election: Election, since: Iterable[Entry]) -> tuple[str, ...]:
    """What was announced since it was keyed, a sentence each: ``A recount since, at 03:20 BST: bundle check``."""
    return tuple(_since_line(election, entry) for entry in since)


def _since_line(election: Election, entry: Entry) -> str:
    content = entry.content
    said = ""
    if isinstance(content, StatusDeclaration | NoteDeclaration):
        said = content.note if isinstance(content, StatusDeclaration) else content.text
    return f"{sentence(_announced(entry))} since, at {clock(election, entry.at)}{f': {said}' if said else ''}"


def _announced(entry: Entry) -> str:
    return entry.content.status.value if isinstance(entry.content, StatusDeclaration) else "note"


def overruled_line(election: Election, subject: Subject, entry: Entry, differing: int) -> str:
    """To whoever had keyed it: ``Gillingham South: eve declared it as entry 12 over what you had keyed, …``."""
    contest = election.contests.get(subject.ballot_id or "")
    council = election.councils.get(entry.council_id or "")
    where = (
        contest.name if contest is not None else f"Tally of {council.name if council is not None else subject.identity}"
    )
    did = {"correction": "corrected", "withdrawal": "withdrew"}.get(entry.kind, "declared")
    return (
        f"{where}: {entry.author} {did} it as entry {entry.seq:,} over what you had keyed, "
        f"which differs in {plural(differing, 'field')}."
    )
