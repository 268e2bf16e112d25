"""What stands as it was announced although its figures cannot be right: which figures, and why (rule 14)."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.contest import ContestResult, contest_result
from app.domain.declarations import Entry, SubjectRecord, WardDeclaration
from app.domain.election import Election
from app.wording.figures import listed, sentence, together

MOST_TOLD = 3
"""Figures that are told one by one; one slip can make a dozen of them impossible."""


def as_announced(result: ContestResult) -> str | None:
    """``As announced; 1,959 votes on 1,955 papers. Read out so by …``; None where nothing is taken as announced."""
    if result.declaration is None or not result.is_as_announced:
        return None
    return together([f"As announced; {impossible_figures(result)}", sentence(result.declaration.as_announced)])


def entry_as_announced(election: Election, entry: Entry) -> str | None:
    """The same of what ``entry`` says by itself, whatever stands now."""
    if not isinstance(entry.content, WardDeclaration) or not entry.content.as_announced:
        return None
    return as_announced(contest_result(election, election.contest(entry.content.ballot_id), SubjectRecord((entry,))))


def impossible_figures(result: ContestResult) -> str:
    """``1,959 votes on 1,955 papers``: what cannot be right of what is taken as announced; empty where all could."""
    told = [_FIGURES[fault.what].format(**fault.values) for fault in result.announced_faults]
    beyond = len(told) - MOST_TOLD
    return listed([*told[:MOST_TOLD], *([f"{beyond:,} more"] if beyond > 0 else [])])


_FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "elected_behind_loser": "{name} elected with {votes:,} votes, {loser} not elected with {most:,}",
        "too_many_votes": "{votes:,} votes on {papers:,} papers",
        "too_many_votes_for_electors": "{votes:,} votes from {electorate:,} electors",
        "more_votes_than_valid": "{votes:,} votes for {name} on {valid:,} valid papers",
        "more_votes_than_electors": "{votes:,} votes for {name} from {electorate:,} electors",
        "more_papers_than_electors": "{ballots:,} papers from {electorate:,} electors",
        "more_rejected_than_papers": "{rejected:,} rejected of {ballots:,} papers",
        "papers_do_not_add_up": "{valid:,} valid and {rejected:,} rejected of {ballots:,} papers",
        "more_valid_than_papers": "{valid:,} valid of {ballots:,} papers",
        "another_total": "{votes:,} votes in all, {total:,} read out",
    }
)
"""What a finding about figures says, as a fact and in few words, by what it is."""
