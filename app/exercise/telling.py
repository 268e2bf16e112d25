"""What is said of an exercise: its mishaps in words, and the report as lines, CSV and JSON. Every one of them TEST."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from app.domain.election import Election
from app.domain.subject import Subject
from app.exercise.happened import Purpose
from app.exercise.report import Handled, MishapOutcome, MishapReport, PersonReport, Report, Timing, WrongEntry
from app.exercise.sheets import Mishap
from app.wording.figures import NO_FIGURE, plural
from app.wording.marks import TEST_LINE

MISHAPS: Mapping[Mishap, str] = {
    Mishap.DOES_NOT_ADD_UP: "Figures that do not add up",
    Mishap.WRONG_TALLY: "A tally of too many seats",
    Mishap.DEAD_LINE: "A dead line: half a sheet",
    Mishap.LATE_LOT: "A tie, and the lot told late",
    Mishap.RECOUNT: "A recount announced after keying",
    Mishap.CORRECTION: "A correction by the officer",
    Mishap.SWAPPED: "Two wards’ sheets swapped",
    Mishap.MISREAD: "A number read out wrong",
}

OUTCOMES: Mapping[MishapOutcome, str] = {
    MishapOutcome.CAUGHT: "caught",
    MishapOutcome.MENDED: "on air, then mended",
    MishapOutcome.MISSED: "missed: it is on air",
    MishapOutcome.OPEN: "still open",
    MishapOutcome.NOT_TRIED: "not tried",
}

HANDLED: Mapping[Handled, str] = {
    Handled.ASKED: "the count was rung",
    Handled.DIFFERED: "the second person keyed otherwise",
    Handled.WAITED: "the rest was waited for",
    Handled.CORRECTED: "corrected",
}

PURPOSES: Mapping[Purpose, str] = {
    Purpose.KEY: "Key it",
    Purpose.CHECK: "Check it: key what a colleague has keyed",
    Purpose.AGAIN: "Key it again: the two of you differ",
    Purpose.CORRECT: "Correct it: the officer has rung again",
}

COLUMNS = (
    *("rehearsal", "part", "name", "number", "median_seconds", "slowest_seconds", "wrong_on_air", "caught_by_checks"),
    *("caught_by_second_person", "asked", "outcome", "how", "people"),
)


def place(election: Election, subject: Subject) -> str:
    """``Gillingham South, Medway``; a council's tally is its name."""
    council = subject.council_in(election)
    return council.name if subject.ballot_id is None else f"{election.contest(subject.ballot_id).name}, {council.name}"


def duration(seconds: float | None) -> str:
    """``42 s``, ``3 min 5 s``, ``1 h 2 min``; a dash where it is not known."""
    if seconds is None:
        return NO_FIGURE
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def what_became(mishap: MishapReport) -> str:
    """``caught after 42 s: Ann, the count was rung``."""
    after = f" after {duration(mishap.seconds)}" if mishap.seconds is not None else ""
    by = ", ".join([*mishap.people, *([HANDLED[mishap.how]] if mishap.how else [])])
    return f"{OUTCOMES[mishap.outcome]}{after}{': ' if by else ''}{by}"


def headline(report: Report) -> str:
    """Of the desk as a whole, in a sentence or two."""
    declared = f"{report.declared} of {plural(report.sheets, 'sheet')} declared, {report.came_in} came in"
    wrong = plural(len(report.wrong), "entry was wrong on air", "entries were wrong on air")
    still = sum(one.stands for one in report.wrong)
    return f"{declared}, in {duration(report.seconds)}. {wrong}{f', {still} still' if still else ''}."


def lines(election: Election, report: Report) -> Iterator[str]:
    """The report for a terminal."""
    yield TEST_LINE
    yield headline(report)
    yield f"From coming in to declared: {_pace(report.pace)}."
    yield ""
    heads = ("Person", "Sent", "Median", "Slowest", "On air", "By checks", "By 2nd", "Rang")
    yield from _table(heads, [_cells(person) for person in report.people])
    yield "On air, by checks, by 2nd: slips that reached the air, and that the checks or the second person caught."
    yield ""
    rows = [(MISHAPS[it.mishap], place(election, it.subject), what_became(it)) for it in report.mishaps]
    yield from _table(("Mishap", "Where", "What became of it"), rows)
    for one in report.wrong:
        people = " and ".join(one.people)
        yield f"Wrong on air: entry {one.seq:,}, {place(election, one.subject)}, by {people}{_now(one)}"


def as_json(election: Election, report: Report) -> str:
    """The report for programs."""
    told: dict[str, Any] = {"rehearsal": True, "slug": election.slug, **asdict(report)}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def as_csv(election: Election, report: Report) -> str:
    """A row for the desk, for each person, each mishap and each wrong entry."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"rehearsal": "TEST", **row} for row in _rows(election, report))
    return text.getvalue()


def _rows(election: Election, report: Report) -> Iterator[dict[str, Any]]:
    yield {"part": "desk", "wrong_on_air": len(report.wrong), **_timing(report.pace)}
    for person in report.people:
        yield {
            "part": "person",
            "name": person.person,
            **_timing(person.pace),
            "wrong_on_air": person.on_air,
            "caught_by_checks": person.caught_by_checks,
            "caught_by_second_person": person.caught_by_second,
            "asked": person.asked,
        }
    for it in report.mishaps:
        by = {"people": " ".join(it.people), "how": it.how.value if it.how else ""}
        took = {"median_seconds": "" if it.seconds is None else it.seconds}
        named = {"name": place(election, it.subject), "number": it.number, "outcome": it.outcome.value}
        yield {"part": it.mishap.value, **named, **took, **by}
    for one in report.wrong:
        by = {"people": " ".join(one.people), "outcome": "stands" if one.stands else "mended"}
        yield {"part": "wrong", "name": place(election, one.subject), "number": one.seq, **by}


def _timing(pace: Timing) -> dict[str, Any]:
    return {"number": pace.number, "median_seconds": pace.median, "slowest_seconds": pace.slowest}


def _pace(pace: Timing) -> str:
    return f"median {duration(pace.median)}, slowest {duration(pace.slowest)}"


def _cells(it: PersonReport) -> tuple[str, ...]:
    pace = it.pace
    counts = (it.on_air, it.caught_by_checks, it.caught_by_second, it.asked)
    return (it.person, str(pace.number), duration(pace.median), duration(pace.slowest), *map(str, counts))


def _now(one: WrongEntry) -> str:
    return ", and stands" if one.stands else ", mended since"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
