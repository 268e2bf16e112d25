"""The decisions of a night, gains before all: who took what from whom, with how many seats, and what was undone."""

from app.domain.council import CouncilState
from app.domain.decisions import Decision, Decisions
from app.domain.declarations import Entry, Withdrawal
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.figures import Reckoning
from app.wording.contest import revised
from app.wording.control import holders_line
from app.wording.council import elected_to
from app.wording.derived import margin_line
from app.wording.figures import clock, listed, plural_bodies, plural_seats


def decision_name(decision: Decision) -> str:
    """What changed hands, or did not: the council, or the ward, as it was called then."""
    council = decision.state.council
    return council.name if decision.ballot_id is None else council.contests_by_id[decision.ballot_id].name


def decision_line(election: Election, decision: Decision) -> str:
    """In wire style, as the flash: ``LAB gain Medway from CON``; ``election`` is as it was known then."""
    return str(holders_line(election.among_all, decision_name(decision), decision.holders))


def decision_seats(election: Election, decision: Decision, state: CouncilState) -> str:
    """With what, at ``state``: ``33 of 59``, ``30 of 59, 6 to come``, ``CON and LD 17 each of 55``.

    Of a single office who is elected, of a ward the margin; empty where that is not known.
    """
    if decision.ballot_id is not None:
        result = state.contests.get(decision.ballot_id)
        return margin_line(result) or "" if result is not None else ""
    if state.council.is_single:
        return elected_to(election, state) or ""
    to_come = f", {state.seats_to_come} to come" if state.seats_to_come else ""
    return f"{_seats(election, decision.holders.now, state)} of {state.council.total_seats}{to_come}"


def _seats(election: Election, now: str, state: CouncilState) -> str:
    if now != NO_OVERALL_CONTROL:
        return str(state.seats.get(now, 0))
    largest = [election.short(group) for group in state.largest]
    each = " each" if len(largest) > 1 else ""
    return f"{listed(largest)} {max(state.seats.values(), default=0)}{each}".strip()


def first_briefly(decision: Decision) -> str:
    """``first since 1998``, ``first since 1998 at least``, ``first ever``; empty where nobody knows (rule 21)."""
    first = decision.state.first_since if decision.ballot_id is None else None
    if first is None:
        return ""
    if first.reckoning is Reckoning.EVER:
        return "first ever"
    return f"first since {first.year}{' at least' if first.reckoning is Reckoning.AT_LEAST else ''}"


def decided_when(election: Election, decision: Decision) -> str:
    """``06:22 BST``; of what was certain before a vote was counted, that."""
    return clock(election, decision.at) if decision.at is not None else "before a vote was counted"


def undone(election: Election, entry: Entry) -> str:
    """Why something holds no more: ``Corrected 06:40 BST: two bundles``; without a reason, after which entry."""
    when = f"{revised(entry) if entry.is_revision else 'No longer so since'} {clock(election, entry.at)}"
    return f"{when}: {entry.reason}" if entry.reason else f"{when}, after entry {entry.seq:,}"


def line_after(entry: Entry) -> str:
    """What becomes of a line of the ticker by ``entry``, after which it is no longer so."""
    return "is withdrawn" if isinstance(entry.declaration, Withdrawal) else "no longer holds"


def changes_so_far(election: Election, decisions: Decisions) -> str:
    """``41 councils have changed hands, 97 are held.``; in an election of seats, how many seats have."""
    standing = [it for it in decisions if it.holds]
    flips = sum(it.is_flip for it in standing)
    held = len(standing) - flips
    counted = plural_seats(election, flips) if election.is_of_seats else plural_bodies(election, flips)
    told = f"{counted} {'has' if flips == 1 else 'have'} changed hands" if flips else no_change(election)
    return f"{told}, {held:,} {'is' if held == 1 else 'are'} held." if held and not election.is_of_seats else f"{told}."


def no_change(election: Election) -> str:
    """What stands where the first change will: ``No council has changed hands so far``."""
    return f"No {election.words.seat if election.is_of_seats else election.words.body} has changed hands so far"


def all_changes(decisions: Decisions) -> str:
    """The link to all of them: ``All 41 changes``; without a number as long as there is no second."""
    flips = sum(it.holds and it.is_flip for it in decisions)
    return f"All {flips:,} changes" if flips > 1 else "All changes"


def certain_then(election: Election, decision: Decision, state: CouncilState) -> str:
    """How far the count was then: ``with 6 seats still out``; empty where it still is so at ``state``, or none was."""
    to_come = decision.state.seats_to_come if decision.ballot_id is None else 0
    return f"with {plural_seats(election, to_come)} still out" if to_come > state.seats_to_come else ""
