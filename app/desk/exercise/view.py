"""A sheet as the returning officer would hold it, whose it is, and the report on the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from app.desk.addresses import entry_url
from app.desk.frame import DeskFrame
from app.domain.election import Contest, Election
from app.exercise.happened import Happened, OccurrenceKind, Purpose
from app.exercise.progress import held_by
from app.exercise.report import Report
from app.exercise.sheets import CountSheet, Mishap, Said
from app.exercise.telling import MISHAPS, PURPOSES, duration, headline, place, what_became
from app.pages.environment import render

HELD_UP: Mapping[Mishap, str] = {
    Mishap.DEAD_LINE: "The line went dead here. The count will ring again.",
    Mishap.LATE_LOT: "A tie for the last place: lots are being drawn.",
}
"""What is told of a sheet that is not whole."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line: a candidate, or a party's seats. ``field`` is what the desk's form calls it."""

    field: str
    name: str
    party: str
    number: int
    elected: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """All that stands on a sheet.

    ``facts`` are its papers and turnout, each with its field at the desk and its label; ``note`` is said beside.
    """

    number: int
    title: str
    council: str
    is_tally: bool
    lines: Sequence[SheetLine]
    facts: Sequence[tuple[str, str, str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet before somebody: what it is for (None: they only look), and what the count said when they rang."""

    paper: Paper
    form_url: str
    purpose: Purpose | None
    answer: str = ""


def paper_of(election: Election, sheet: CountSheet, said: Said) -> Paper:
    """What a sheet says."""
    note = HELD_UP.get(sheet.mishap, "") if sheet.mishap and said != sheet.last else ""
    council = sheet.subject.council_in(election)
    if sheet.subject.ballot_id is None:
        lines, title = _seats(election, said), f"{council.name}: seats of the whole council"
    else:
        contest = election.contest(sheet.subject.ballot_id)
        lines, title = _lines(election, contest, said), contest.name
    is_tally = sheet.subject.ballot_id is None
    return Paper(sheet.number, title, council.name, is_tally, lines, _facts(said), note)


def shown_to(happened: Happened, election: Election, sheet: CountSheet, said: Said, person: str) -> SheetShown:
    """A sheet as ``person`` has it before them."""
    held = held_by(happened, sheet, person)
    purpose = Purpose(held.details["purpose"]) if held is not None else None
    standing = happened.evidence.standing(sheet.subject)
    url = entry_url(election, sheet.subject)
    if standing is not None and purpose is not None:
        url = f"{url}?correct={standing.seq}"
    asked = [it for it in happened.of(sheet.number, OccurrenceKind.ASKED) if it.person == person]
    answer = ""
    if asked:
        answer = "The count has looked again. This is right:" if said == sheet.last and sheet.mishap else CONFIRMED
    return SheetShown(paper_of(election, sheet, said), url, purpose, answer)


CONFIRMED = "The count says: the figures are as they stand here."


def exercise_page(environment: Environment, frame: DeskFrame, values: Mapping[str, Any]) -> str:
    """Where somebody takes the next sheet, with those they had."""
    return render(environment, "desk/exercise/exercise.html", {"frame": frame, **values})


def sheet_page(environment: Environment, frame: DeskFrame, shown: SheetShown) -> str:
    """One sheet at the desk."""
    wanted = PURPOSES[shown.purpose] if shown.purpose else ""
    return render(environment, "desk/exercise/sheet.html", {"frame": frame, "shown": shown, "wanted": wanted})


def papers_file(environment: Environment, election: Election, papers: Sequence[Paper], heading: str) -> str:
    """Sheets as a file to print, each on a page of its own."""
    values = {"election": election, "papers": papers, "heading": heading}
    return render(environment, "desk/exercise/papers.html", values)


def report_page(environment: Environment, frame: DeskFrame, election: Election, report: Report) -> str:
    """How the desk does."""
    mishaps = [(MISHAPS[it.mishap], place(election, it.subject), it, what_became(it)) for it in report.mishaps]
    wrong = [(it, place(election, it.subject)) for it in report.wrong]
    values = {"frame": frame, "report": report, "headline": headline(report), "mishaps": mishaps, "wrong": wrong}
    return render(environment, "desk/exercise/report.html", {**values, "duration": duration})


def sheet_json(shown: SheetShown) -> dict[str, Any]:
    """The same for a program."""
    paper = shown.paper
    return {
        "number": paper.number,
        "title": paper.title,
        "council": paper.council,
        "is_tally": paper.is_tally,
        "form": shown.form_url,
        "purpose": shown.purpose,
        "lines": [{"field": it.field, "number": it.number, "elected": it.elected} for it in paper.lines],
        "facts": {name: value for name, _, value in paper.facts},
        "note": paper.note,
    }


def _lines(election: Election, contest: Contest, said: Said) -> list[SheetLine]:
    votes, elected = said.body.get("votes"), said.body.get("elected", ())
    if votes is None:
        return _seats(election, said)
    return [
        SheetLine(
            f"votes.{it.candidacy_id}",
            it.name,
            it.description or election.party(it.party_id).name,
            votes[it.candidacy_id],
            it.candidacy_id in elected,
        )
        for it in contest.candidacies
        if it.candidacy_id in votes
    ]


def _seats(election: Election, said: Said) -> list[SheetLine]:
    seats = said.body["seats"]
    return [SheetLine(f"seats.{it}", election.party(it).name, "", seats[it]) for it in election.parties if it in seats]


FACTS: Mapping[str, str] = {
    "total": "Total of the votes",
    "ballots": "Ballot papers",
    "rejected": "Rejected papers",
    "valid": "Valid papers",
    "turnout": "Turnout",
    "vacant": "Vacant seats",
}


def _facts(said: Said) -> list[tuple[str, str, str]]:
    told = [(name, label, said.body[name]) for name, label in FACTS.items() if said.body.get(name) is not None]
    facts = [(name, label, f"{value}%" if name == "turnout" else f"{value:,}") for name, label, value in told]
    return [*facts, *([("electorate", "Electorate", f"{said.electorate:,}")] if said.electorate else [])]
