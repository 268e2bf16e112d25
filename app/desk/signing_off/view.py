"""The sign-off of a council: its mark on the board, the form, and what differs, with the wards it may be in."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment

from app.desk.addresses import desk_url, entry_url
from app.desk.entry.form import Filled
from app.desk.frame import DeskFrame
from app.desk.signing_off.marks import SignOffMark
from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import Election, Party
from app.domain.signing_off import Compared
from app.domain.subject import Subject
from app.pages.environment import render
from app.wording.figures import NO_FIGURE


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A figure that was compared, in words."""

    label: str
    theirs: str
    ours: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class WardTotals:
    """What a ward brings into the totals."""

    name: str
    url: str
    elected: str
    votes: str
    papers: str


def sign_off_page(
    environment: Environment,
    election: Election,
    state: CouncilState,
    frame: DeskFrame,
    *,
    filled: Filled,
    lines: tuple[Compared, ...] = (),
    mark: SignOffMark | None = None,
) -> str:
    """The form, and once something was typed, what was ``compared``."""
    values = {
        "frame": frame,
        "election": election,
        "council": state.council,
        "state": state,
        "desk_url": desk_url(election),
        "filled": filled,
        "parties": _parties(election, state),
        "lines": [_line(election, line) for line in lines],
        "wards": [_ward(election, result) for result in state.contests.values()] if lines else [],
        "mark": mark,
        "to_come": state.contests_total - state.contests_declared,
    }
    return render(environment, "desk/signing_off/sign_off.html", values)


def labels(election: Election) -> Mapping[str, str]:
    """What is asked for beside seats by party."""
    words = election.words
    return {
        "contests": f"Number of {words.contests}",
        "votes": "Total of the votes",
        "papers": "Total of ballot papers",
    }


def _parties(election: Election, state: CouncilState) -> list[Party]:
    """The groups that stand in the council, those with most seats first."""
    standing = [election.group(it.party_id) for contest in state.council.contests for it in contest.candidacies]
    groups = dict.fromkeys((*state.tonight, *standing, *(() if standing else election.groups)))
    return [election.party(group) for group in groups]


def _line(election: Election, line: Compared) -> ComparedFigure:
    group = line.name.removeprefix("seats.")
    label = labels(election).get(line.name) or f"{election.party(group).name}, {election.words.seats}"
    return ComparedFigure(label, f"{line.theirs:,}", NO_FIGURE if line.ours is None else f"{line.ours:,}", line.agrees)


def _ward(election: Election, result: ContestResult) -> WardTotals:
    declared = result.declaration
    votes = sum(number or 0 for number in declared.votes.values()) if declared and declared.votes else None
    papers = declared.ballots if declared else None
    return WardTotals(
        name=result.contest.name,
        url=entry_url(election, Subject("ward", result.contest.ballot_id)),
        elected=", ".join(f"{election.short(group)} {number}" for group, number in result.seats.items()) or NO_FIGURE,
        votes=NO_FIGURE if votes is None else f"{votes:,}",
        papers=NO_FIGURE if papers is None else f"{papers:,}",
    )
