"""The sheets of an exercise as files to print: as they come in, what the count answers, and the trainer’s plan."""

from pathlib import Path

from app.desk.exercise.view import paper_of, papers_file
from app.exercise.running import Exercise
from app.exercise.telling import MISHAPS, duration, place
from app.pages.environment import assets_of, make_environment, render
from app.process.failures import CommandFailed

SHEETS, ANSWERS, PLAN, STYLES = "sheets.html", "answers.html", "plan.html", "paper.css"


def write_papers(exercise: Exercise, folder: Path) -> None:
    """Writes them into ``folder``, with their stylesheet. Raises CommandFailed where it cannot."""
    election, sheets = exercise.election, exercise.plan.sheets
    environment = make_environment()
    first = [paper_of(election, sheet, sheet.first) for sheet in sheets]
    last = [paper_of(election, sheet, sheet.last) for sheet in sheets if sheet.mishap is not None]
    rows = [
        (it.number, duration(it.due), place(election, it.subject), MISHAPS[it.mishap] if it.mishap else "")
        for it in sheets
    ]
    heading = f"{election.name}: the sheets"
    answers = f"{election.name}: what the count says when it is rung"
    plan = {"election": election, "rows": rows}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SHEETS).write_text(papers_file(environment, election, first, heading), encoding="utf-8")
        (folder / ANSWERS).write_text(papers_file(environment, election, last, answers), encoding="utf-8")
        (folder / STYLES).write_bytes(assets_of(environment).content(f"css/exercise/{STYLES}"))
        (folder / PLAN).write_text(render(environment, "desk/exercise/plan.html", plan), encoding="utf-8")
    except OSError as error:
        raise CommandFailed(f"The sheets cannot be written to {folder}: {error.strerror}.") from error
