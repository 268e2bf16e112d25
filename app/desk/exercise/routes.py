"""The sheets of an exercise and its report: on the server of an exercise alone."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.desk.exercise.view import (
    SheetShown,
    exercise_page,
    report_page,
    sheet_json,
    sheet_page,
    shown_to,
)
from app.desk.parts import frame_of, page, reading
from app.domain.election import Election
from app.exercise.evidence import evidence_of
from app.exercise.happened import Happened, OccurrenceKind
from app.exercise.progress import Person, said_by_now
from app.exercise.report import Report
from app.exercise.running import Exercise
from app.exercise.sheets import CountSheet
from app.exercise.telling import as_csv, as_json, duration, place
from app.store.staff import staff
from app.web.errors import Problem
from app.web.parts import parts_of
from app.web.signing_in.access import AtAnyCouncil, DeskRouter, MayEdit, Signed, wants_page

desk_exercise = DeskRouter()

HOME = "/desk/exercise"


@dataclass(frozen=True, slots=True)
class AtExercise:
    """A request to the exercise, with what has happened in it up to now."""

    exercise: Exercise
    election: Election
    happened: Happened
    signed: Signed

    @property
    def person(self) -> Person:
        return Person(self.signed.name, may_check=self.signed.may_check, may_edit=self.signed.may_edit)

    def sheet(self, number: int) -> CountSheet:
        """The sheet ``number`` once it has come in; 404 before, and for one that there is not."""
        sheet = self.exercise.plan.sheet(number)
        if sheet is None or sheet.due > self.happened.seconds:
            raise Problem(404, "There is no such sheet, or not yet.")
        return sheet

    def shown(self, sheet: CountSheet) -> SheetShown:
        plan, happened, name = self.exercise.plan, self.happened, self.signed.name
        said = said_by_now(plan, sheet, happened, name)
        return shown_to(happened, self.election, sheet, said, name)


async def at_exercise(request: Request, signed: AtAnyCouncil) -> AtExercise:
    """For whoever is signed in."""
    parts = parts_of(request)
    exercise = parts.exercise
    assert exercise is not None  # these routes are on its server alone
    slug = exercise.election.slug
    evidence = await reading(request, lambda connection: evidence_of(connection, slug))
    return AtExercise(exercise, parts.newsroom.publication(slug).election, exercise.happened(evidence), signed)


AtExerciseDesk = Annotated[AtExercise, Depends(at_exercise)]


@desk_exercise.get("/exercise")
async def exercise_home(request: Request, at: AtExerciseDesk) -> Response:
    """Where the next sheet is taken."""
    due = [sheet for sheet in at.exercise.plan.sheets if sheet.due <= at.happened.seconds]
    mine = {it.number for it in at.happened.facts if it.person == at.signed.name and it.number}
    standing = {sheet.number for sheet in due if at.happened.evidence.standing(sheet.subject) is not None}
    listed = [sheet for sheet in due if at.signed.may_edit or sheet.number in mine]
    rows = [(sheet.number, place(at.election, sheet.subject), sheet.number in standing) for sheet in reversed(listed)]
    coming = [sheet.due - at.happened.seconds for sheet in at.exercise.plan.sheets if sheet not in due]
    comes = duration(min(coming)) if coming else ""
    values = {
        "comes": comes,
        "rows": rows,
        "came_in": len(due),
        "sheets": len(at.exercise.plan.sheets),
        "declared": len(standing),
    }
    frame = frame_of(parts_of(request), at.signed, "exercise", at.election)
    return page(
        exercise_page(parts_of(request).environment, frame, {**values, "found_none": "none" in request.query_params})
    )


@desk_exercise.post("/exercise/next")
async def next_sheet(request: Request, at: AtExerciseDesk) -> Response:
    """Take the next sheet; the same again until something was done about it."""
    handing = await asyncio.to_thread(at.exercise.take, at.happened.evidence, at.person)
    if wants_page(request):
        return RedirectResponse(f"{HOME}/sheets/{handing.sheet.number}" if handing else f"{HOME}?none", 303)
    if handing is None:
        return JSONResponse({"rehearsal": True, "sheet": None})
    now = AtExercise(at.exercise, at.election, at.exercise.happened(at.happened.evidence), at.signed)
    return JSONResponse({"rehearsal": True, "sheet": sheet_json(now.shown(handing.sheet))})


@desk_exercise.get("/exercise/sheets/{number}")
async def read_sheet(request: Request, at: AtExerciseDesk, number: int) -> Response:
    """What a sheet says by now."""
    frame = frame_of(parts_of(request), at.signed, "exercise", at.election)
    return page(sheet_page(parts_of(request).environment, frame, at.shown(at.sheet(number))))


@desk_exercise.post("/exercise/sheets/{number}/ask")
async def ask_count(request: Request, at: AtExerciseDesk, number: int) -> Response:
    """Ring the count about it."""
    changes = await asyncio.to_thread(at.exercise.ask, at.happened.evidence, at.sheet(number), at.signed.name)
    if wants_page(request):
        return RedirectResponse(f"{HOME}/sheets/{number}", 303)
    return JSONResponse({"rehearsal": True, "changes": changes})


@desk_exercise.post("/exercise/sheets/{number}/aside")
async def put_aside(request: Request, at: AtExerciseDesk, number: int) -> Response:
    """Put it aside for a while: another one comes first."""
    kind, sheet = OccurrenceKind.PUT_ASIDE, at.sheet(number)
    await asyncio.to_thread(at.exercise.note, kind, sheet.number, at.signed.name)
    return RedirectResponse(HOME, 303) if wants_page(request) else JSONResponse({"rehearsal": True})


@desk_exercise.get("/exercise/report")
async def read_report(request: Request, at: AtExerciseDesk, _signed: MayEdit) -> Response:
    """How the desk does."""
    frame = frame_of(parts_of(request), at.signed, "exercise", at.election)
    report = await _report(request, at)
    return page(report_page(parts_of(request).environment, frame, at.election, report))


@desk_exercise.get("/exercise/report.json")
async def report_json(request: Request, at: AtExerciseDesk, _signed: MayEdit) -> Response:
    """The same for programs."""
    return Response(as_json(at.election, await _report(request, at)), media_type="application/json")


@desk_exercise.get("/exercise/report.csv")
async def report_csv(request: Request, at: AtExerciseDesk, _signed: MayEdit) -> Response:
    """The same for spreadsheets."""
    headers = {"Content-Disposition": f'attachment; filename="TEST-{at.election.slug}-exercise.csv"'}
    return Response(as_csv(at.election, await _report(request, at)), media_type="text/csv", headers=headers)


async def _report(request: Request, at: AtExercise) -> Report:
    people = await reading(request, lambda connection: [one.name for one in staff(connection)])
    return at.exercise.report(at.happened.evidence, people)
