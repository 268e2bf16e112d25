"""A small night to practise on, and what happens in it: only what a test is about is said."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.exercise.happened import (
    DoubleKeying,
    Evidence,
    Happened,
    KeyingAct,
    Occurrence,
    OccurrenceKind,
    Purpose,
    ResultEntry,
)
from app.exercise.sheets import CountSheet, Mishap, Plan, Said

BEGAN = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)

LATER = 60.0


def at(seconds: float) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def subject(ward: str = "north") -> Subject:
    return Subject("ward", f"local.testshire.{ward}.2023-05-04")


def said(ward: str = "north", **votes: int) -> Said:
    """``said(a=5, b=3)``; the candidacies are called so."""
    figures = votes or {"a": 500, "b": 300}
    return Said({"kind": "ward", "ballot_id": subject(ward).identity, "votes": figures, "total": sum(figures.values())})


WRONG, TRUE = said(a=550, b=250), said(a=500, b=300)


def a_sheet(mishap: Mishap | None = None, *, number: int = 1, ward: str = "north", due: float = 0.0) -> CountSheet:
    """TRUE in the end; with a mishap WRONG at first."""
    last = said(ward)
    first = Said({**last.body, "votes": WRONG.body["votes"]}) if mishap is not None else last
    return CountSheet(number, subject(ward), due, first, last, mishap)


def a_plan(*sheets: CountSheet) -> Plan:
    return Plan(sheets or (a_sheet(),), LATER)


def handed(person: str, seconds: float = 0.0, purpose: Purpose = Purpose.KEY, number: int = 1) -> Occurrence:
    return occurred(OccurrenceKind.HANDED, seconds, person, number, purpose=purpose.value)


def asked(person: str, seconds: float, *, changes: bool = True, number: int = 1) -> Occurrence:
    return occurred(OccurrenceKind.ASKED, seconds, person, number, changes=changes)


def looked_at(
    person: str, seconds: float, figures: Said, codes: Sequence[str] = (), *, is_handed_in: bool = True, number: int = 1
) -> Occurrence:
    details = {"body": figures.body, "codes": [*codes], "is_handed_in": is_handed_in}
    return occurred(OccurrenceKind.LOOKED_AT, seconds, person, number, **details)


def told(seconds: float, number: int = 1) -> Occurrence:
    return occurred(OccurrenceKind.TOLD, seconds, "", number)


def occurred(kind: OccurrenceKind, seconds: float, person: str = "", number: int = 1, **details: Any) -> Occurrence:
    return Occurrence(at(seconds), seconds, kind, number, person, details)


def keyed(person: str, seconds: float, *, ward: str = "north", differs: bool = False) -> KeyingAct:
    return KeyingAct(at(seconds), person, subject(ward), differs)


def waiting(*keyings: tuple[str, float, Said], ward: str = "north") -> DoubleKeying:
    """What the persons keyed, one or two of them."""
    of = [Keying(person, said_.body, frozenset(), at(seconds)) for person, seconds, said_ in keyings]
    return DoubleKeying(subject(ward), True, of)


def declared(
    figures: Said, seconds: float, *people: str, seq: int = 1, kind: str = "ward", ward: str = "north"
) -> ResultEntry:
    author, checker = [*people, "Ann", "Bob"][:2]
    return ResultEntry(seq, at(seconds), kind, subject(ward), figures.body, author, checker)


def happened(
    *facts: Occurrence,
    log: Sequence[ResultEntry] = (),
    kept: Sequence[DoubleKeying] = (),
    acts: Sequence[KeyingAct] = (),
    seconds: float = 600.0,
) -> Happened:
    begun = Occurrence(BEGAN, 0.0, OccurrenceKind.BEGUN)
    return Happened((begun, *facts), Evidence(log, kept, acts), seconds)


Figures = Mapping[str, int]
