"""Figures derived from others: margin, turnout and share of several contests, since when (rules 20 and 21)."""

from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.figures import Covers, Reckoning, VoteSums, margin
from app.wording.figures import percentage, plural_contests, plural_votes

LEAST_SHARE = 1.0
"""A percentage: parties below it are told together."""

LEAST_TOLD = 0.05
"""A percentage: what is below it reads as 0.0%, though somebody has votes."""


def margin_line(result: ContestResult) -> str | None:
    """``Margin 60 votes``, ``No margin: settled by lot``; None where there is no such figure."""
    between = margin(result)
    if between is None:
        return None
    return f"Margin {plural_votes(between)}" if between else "No margin: settled by lot"


def margin_at_length(result: ContestResult) -> str | None:
    """``60 votes, the last elected over the next``; None where there is no such figure."""
    between = margin(result)
    if between is None:
        return None
    return f"{plural_votes(between)}, the last elected over the next" if between else "None, by lot"


def turnout_of_all(election: Election, votes: VoteSums) -> str | None:
    """``27.3% in 22 of 24 wards``; None where nothing is known."""
    if votes.turnout is None:
        return None
    return f"{percentage(votes.turnout.percentage)} {_in(election, votes.turnout_covers, votes.put_off)}"


def share_of_all(election: Election, votes: VoteSums) -> str | None:
    """``LAB 43.2%, CON 31.0%, others 2.1%, by top vote in 22 of 24 wards``; None where no votes are known."""
    if votes.share is None:
        return None
    told = [f"{election.short(group)} {percentage(part)}" for group, part in votes.share.items() if part >= LEAST_SHARE]
    rest = sum(part for part in votes.share.values() if part < LEAST_SHARE)
    others = (
        [f"others {percentage(rest)}" if rest >= LEAST_TOLD else f"others under {percentage(2 * LEAST_TOLD)}"]
        if rest
        else []
    )
    how = {0: "by top vote", votes.with_votes: "of first preferences"}
    method = how.get(votes.of_preferences, "by top vote or of first preferences")
    return f"{', '.join([*told, *others])}, {method} {_in(election, votes.share_covers, votes.put_off)}"


def since_when(election: Election, state: CouncilState) -> str | None:
    """``first LAB majority since 2007``, ``no overall control for the first time since 2003``; None if it is not known.

    ``since 1998 at least`` where the history does not go back further.
    """
    first = state.first_since
    if first is None:
        return None
    is_ever = first.reckoning is Reckoning.EVER
    at_least = " at least" if first.reckoning is Reckoning.AT_LEAST else ""
    since = "" if is_ever else f" since {first.year}{at_least}"
    if first.control != NO_OVERALL_CONTROL and state.council.total_seats > 1:
        return f"first {'ever ' if is_ever else ''}{election.short(first.control)} majority{since}"
    none = first.control == NO_OVERALL_CONTROL
    control = "no overall control" if none else election.short(first.control)
    return f"{control} for the first time{' ever' if is_ever else since}"


def _in(election: Election, covers: Covers, put_off: int) -> str:
    """``in 22 of 24 wards``: of those that come to a result tonight, as wherever it is told how many are declared."""
    due = covers.of - put_off
    if covers.contests == due:
        return f"in all {plural_contests(election, due)}" if due > 1 else f"in the {election.words.contest}"
    return f"in {covers.contests:,} of {plural_contests(election, due)}"
