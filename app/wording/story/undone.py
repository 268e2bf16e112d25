"""What was certain of a council and did not stay so: when, after what, and what became of it."""

from collections.abc import Iterator
from itertools import pairwise

from app.domain.council import CouncilState, Turned
from app.domain.declarations import CatalogueChange, Correction, Entry, TallyDeclaration, Withdrawal
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.subject import Subject
from app.wording.story.houses import House
from app.wording.story.text import Part, Sentence, of_contest, of_council, told


def undone_told(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """The last time that what was certain was undone, and whether it came back.

    ``Control went from Labour to undecided at 06:40 BST, after a correction in Dale, and back to Labour at 06:52 BST``.
    """
    turns = [(entry, turned) for seq, turned in state.turns.items() if (entry := _entry(election, state, seq))]
    undone = [place for place, (_, turned) in enumerate(turns) if turned.was is not None]
    if not undone:
        return
    (entry, turned), *later = turns[undone[-1] :]
    to = "undecided" if turned.now is None else house.party(election, turned.now)
    went = f"Control went from {house.party(election, turned.was or NO_OVERALL_CONTROL)} to {to} at "
    back = [part for after, then in later for part in _on_to(election, state, after, turned, then, house)]
    yield told("undone", went, _when(election, state, entry, house), ", after ", _cause(election, entry), *back)


def _entry(election: Election, state: CouncilState, seq: int) -> Entry | None:
    """The entry that control turned with; None of what was only tried."""
    record = state.record.since_rehearsal(election.polls_closed_at)
    return next((entry for it in record.subjects.values() if (entry := it.entry(seq))), None)


def _on_to(
    election: Election, state: CouncilState, entry: Entry, undone: Turned, then: Turned, house: House
) -> Iterator[Part]:
    """What control went to after it was undecided again."""
    to = house.party(election, then.now or NO_OVERALL_CONTROL)
    yield f", and {'back' if then.now == undone.was else 'on'} to {to} at "
    yield _when(election, state, entry, house)


def _when(election: Election, state: CouncilState, entry: Entry, house: House) -> Part:
    return of_council(state, entry.seq, house.clock(election, entry.at))


def _cause(election: Election, entry: Entry) -> Part:
    """``a correction in Horsted``, ``the tally by phone was withdrawn``: what undid it."""
    contest = election.contests.get(entry.ballot_id or "")
    if contest is None:
        return _cause_in_all(entry)
    kinds = {Correction: "a correction", Withdrawal: "a withdrawal"}
    return [kinds.get(type(entry.declaration), "a further result"), " in ", of_contest(contest)]


def _cause_in_all(entry: Entry) -> str:
    """The same of what is about no single contest."""
    match entry.declaration:
        case Correction():
            return "the tally by phone was corrected"
        case Withdrawal(since=None):
            return "the tally by phone was withdrawn"
        case Withdrawal():
            return "results were withdrawn"
        case CatalogueChange():
            return "what is on file was corrected"
        case _:
            return "a tally by phone"


def tally_withdrawn_told(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """``A tally by phone, Labour 2, Conservatives 1, was withdrawn at 23:02 BST: of another council``: the last one."""
    record = state.record.since_rehearsal(election.polls_closed_at).about(Subject("tally", state.council_id))
    for was, entry in reversed(list(pairwise(record.entries))):
        if isinstance(entry.declaration, Withdrawal) and isinstance(was.content, TallyDeclaration):
            seats = house.seats_of(election, election.grouped(was.content.seats))
            reason = f": {entry.reason}" if entry.reason else ""
            at = _when(election, state, entry, house)
            yield told("withdrawal", f"A tally by phone, {seats}, was withdrawn at ", at, reason)
            return
