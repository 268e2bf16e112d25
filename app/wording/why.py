"""Why the badge of a council says what it says: at length, and under the badge."""

from app.domain.control import Majority, Undecided
from app.domain.council import Comparison, CouncilState, Since
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.wording.control import basis_wording
from app.wording.council import elected_to
from app.wording.figures import clock, listed, plural_seats, seats_line, together
from app.wording.progress import but_vacant

IMPLIED = "eve"
"""The basis that “before” means unless another is named: who controlled it on the eve of poll (rule 6)."""


def why(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """What was certain when, where it ended, and who held it before.

    ``LAB passed the line of 30 at 06:22 BST with 6 seats still out, and finished on 33 of 59. CON held it before.``
    """
    if not state.council.is_known_whole:
        return f"Only by-elections are up; the other {election.words.seats} are not on file here."
    return f"{together([_now(election, state), before(election, comparison)])}."


def _now(election: Election, state: CouncilState) -> str | None:
    since = state.since
    if state.council.is_single:
        return f"Declared {clock(election, since.at)}" if since is not None and since.at else None
    if since is None or isinstance(state.control, Undecided):
        filled = leaders(election, state, " of {total}")
        filled = filled or f"None of {plural_seats(election, state.council.total_seats)} in"
        return f"{filled}, line {state.majority}, {plural_seats(election, state.seats_to_come)} to come"
    if isinstance(state.control, Majority):
        return _passed(election, state, since, state.control.party_id)
    return _out_of_reach(election, state, since)


def _passed(election: Election, state: CouncilState, since: Since, group: str) -> str:
    """``LAB passed the line of 30 at 06:22 BST with 6 seats still out, and is on 31 of 59 with 4 to come``."""
    party, seats = election.short(group), f"{state.seats[group]} of {state.council.total_seats}"
    if _is_before_a_vote(state, since):
        return f"{party} is safe before a vote is counted: {seats}, line {state.majority}{_to_come(election, state)}"
    passed = f"{party} passed the line of {state.majority} {_when(election, since)}"
    if state.is_complete:
        return f"{passed}, and finished on {seats}"
    return f"{passed}, and is on {seats} with {state.seats_to_come} to come"


def _out_of_reach(election: Election, state: CouncilState, since: Since) -> str:
    """``Nobody could reach the line of 24 any more at 05:12 BST with 6 seats still out``, and who is largest."""
    line, largest = f"the line of {state.majority}", leaders(election, state, " of {total}", "largest with ")
    end = f"{f'; {largest}' if largest else ''}{_to_come(election, state)}"
    if _is_before_a_vote(state, since):
        return f"Nobody can reach {line}, before a vote is counted{end}"
    if since.at is None:
        return f"Nobody could reach {line} even {_when(election, since)}{end}"
    if since.seats_to_come == 0:
        return f"Nobody had reached {line} {_when(election, since)}{end}"
    return f"Nobody could reach {line} any more {_when(election, since)}{end}"


def _when(election: Election, since: Since) -> str:
    """``at 06:22 BST with 6 seats still out``: what was out then, told as it was then."""
    if since.at is None:
        return "before a vote was counted"
    out = f"with {plural_seats(election, since.seats_to_come)} still out"
    every = f"with every {election.words.seat} in{but_vacant(since.vacant)}"
    return f"at {clock(election, since.at)} {out if since.seats_to_come else every}"


def _to_come(election: Election, state: CouncilState) -> str:
    return f", {plural_seats(election, state.seats_to_come)} to come" if state.seats_to_come else ""


def _is_before_a_vote(state: CouncilState, since: Since) -> bool:
    """Who controls it is certain, and nothing of it has been declared, though something will be."""
    if since.at is not None or state.is_complete or state.tally is not None:
        return False
    return all(result.entry is None for result in state.contests.values())


def leaders(election: Election, state: CouncilState, of: str = "", how: str = "") -> str:
    """``CON largest with 19 of 47``, ``CON and LD 17 each of 48``: those with most seats; empty before any seat.

    ``how`` stands before the number, and ``of`` behind it, with ``{total}`` for all seats.
    """
    groups = state.largest
    behind = of.format(total=state.council.total_seats)
    if not groups:
        return f"{seats_line(election, state.seats)}{behind}" if state.seats and not how else ""
    each = " each" if len(groups) > 1 else ""
    names = listed([election.short(group) for group in groups])
    return f"{names} {how}{state.seats[groups[0]]}{each}{behind}"


def before(election: Election, comparison: Comparison) -> str:
    """``CON held it before``; on another basis than the eve of poll with that: ``…, as the BBC reported it``."""
    was = comparison.before
    if was is None:
        return "Who held it before is not known here"
    basis = "" if was.basis == IMPLIED else f", {basis_wording(was.basis)}"
    if was.control == NO_OVERALL_CONTROL:
        return f"There was no overall control before{basis}"
    return f"{election.short(was.control)} held it before{basis}"


def why_briefly(election: Election, state: CouncilState) -> str:
    """Under the badge: ``Majority of 7``, ``CON and LD largest with 17 each``, ``Certain since 05:12 BST``."""
    if state.council.is_single:
        return elected_to(election, state) or ""
    parts: list[str] = []
    if state.is_certain and not state.is_complete and state.since is not None:
        parts.append(_certain(election, state, state.since))
    if state.majority_over_others is not None:
        parts.append(f"Majority of {state.majority_over_others}")
    if state.holder == NO_OVERALL_CONTROL and state.is_complete:
        parts.append(leaders(election, state, how="largest with "))
    return ", ".join(filter(None, parts))


def _certain(election: Election, state: CouncilState, since: Since) -> str:
    if since.at is not None:
        return f"Certain since {clock(election, since.at)}"
    is_or_was = "is" if _is_before_a_vote(state, since) else "was"
    word = "Certain" if state.holder == NO_OVERALL_CONTROL else "Safe"
    return f"{word} before a vote {is_or_was} counted"
