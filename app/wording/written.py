"""What is said of a result that was read from a text: of what was not read, line by line, and of the figures beside."""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.election import Contest, Election
from app.domain.written import UnreadLine, WrittenResult
from app.domain.written_names import Unread
from app.wording.figures import listed, plural
from app.wording.names import named_with_party

FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "total": "Total as read out",
        "rejected": "Rejected papers",
        "ballots": "All papers",
        "valid": "Valid papers",
        "turnout": "Turnout, per cent",
    }
)
"""What the form calls the figures beside votes that a text may have."""


def read_in_brief(contest: Contest, result: WrittenResult) -> str:
    """``Read: the votes of 7 of 8 candidates``."""
    read = f"Read: the votes of {len(result.votes)} of {plural(len(contest.candidacies), 'candidate')}"
    return f"{read}, and {plural(len(result.figures), 'figure')} beside them." if result.figures else f"{read}."


def unread(election: Election, contest: Contest, line: UnreadLine) -> str:
    """Why nothing was taken from a line."""
    names = named_with_party(election, contest)
    meant = [names[it.candidacy_id] for it in line.candidacies]
    whose = listed(meant)
    told = {
        Unread.NOBODY: "Nobody who stands here.",
        Unread.SEVERAL: f"It may be of {whose}." if meant else "A party, and nobody’s name.",
        Unread.OTHER_PARTY: f"Another party than that of {whose}.",
        Unread.FIGURES: "Several figures, or more than a figure: which are the votes?",
        Unread.TWICE: f"{whose} is there more than once." if meant else "It is there twice, and not the same.",
        Unread.APART: "A figure by itself, and names and figures do not alternate.",
        Unread.NO_FIELD: "It does not say what of, or may be of two things.",
        Unread.NOT_ASKED: "The form does not ask for it.",
        Unread.PART: "Of the rejected papers the form has the total alone.",
        Unread.NO_VOTES: "A share or a place, and no votes.",
        Unread.BEYOND: "From here on nothing is read: the text is too long.",
    }
    return told[line.why]


def electorate(contest: Contest, result: WrittenResult) -> str:
    """That the electorate of a text is not that on file; empty where it is, or either is not known."""
    if None in (result.electorate, contest.electorate) or result.electorate == contest.electorate:
        return ""
    return f"Electorate {result.electorate:,}; on file it is {contest.electorate:,}. Is this the right ward?"


def sum_of_votes(contest: Contest, result: WrittenResult) -> str:
    """That all votes do not come to the total of the same text; empty otherwise."""
    if len(result.votes) < len(contest.candidacies) or "total" not in result.figures:
        return ""
    summed, total = sum(result.votes.values()), int(result.figures["total"])
    return "" if summed == total else f"These votes come to {summed:,}, and the text has a total of {total:,}."
