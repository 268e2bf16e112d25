"""How fast and how right the desk was: of the plan, and of what the log, the audit and the queue have. Nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from app.domain.second_check import is_machine
from app.domain.subject import Subject
from app.exercise.happened import Happened, OccurrenceKind, Purpose, ResultEntry
from app.exercise.sheets import COMES_BY_ITSELF, CountSheet, Mishap, Plan, ResultBody, agrees_with_some, wrong_fields

NOT_OF_FIGURES = frozenset({"W07", "W09", "W17", "W18"})
"""Checks that ask whatever the figures are: who they stop was not stopped at a slip."""

STAYED = 3.0
"""Seconds that a form looked the same before what was found in it counts: what is half typed is no slip."""


class MishapOutcome(StrEnum):
    """What became of a mishap."""

    CAUGHT = "caught"
    """What was declared first is true."""
    MENDED = "mended"
    """It was on air, and put right."""
    MISSED = "missed"
    """It is on air."""
    OPEN = "open"
    """Nothing is declared of it, or a correction has not been made."""
    NOT_TRIED = "not tried"
    """Nobody had the sheet, or it was declared before anything could go wrong."""


class Handled(StrEnum):
    """By what a mishap was handled."""

    ASKED = "asked"
    DIFFERED = "differed"
    WAITED = "waited"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: the median and the slowest of ``number``; None where there are none."""

    number: int
    median: float | None
    slowest: float | None

    @classmethod
    def of(cls, seconds: Iterable[float]) -> "Timing":
        found = [round(one, 1) for one in seconds]
        return cls(len(found), round(median(found), 1), max(found)) if found else cls(0, None, None)


@dataclass(frozen=True, slots=True)
class PersonReport:
    """One person: from sheet to sent, and slips of their own by where they ended. ``on_air`` were keyed or checked."""

    person: str
    pace: Timing
    on_air: int
    caught_by_checks: int
    caught_by_second: int
    asked: int


@dataclass(frozen=True, slots=True)
class MishapReport:
    """What became of one mishap, by whom (empty: nobody did anything) and after how many seconds."""

    number: int
    mishap: Mishap
    subject: Subject
    outcome: MishapOutcome
    how: Handled | None = None
    people: Sequence[str] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class WrongEntry:
    """An entry that is not what was true when it was made."""

    seq: int
    subject: Subject
    people: Sequence[str]
    fields: Sequence[str]
    stands: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The whole exercise. ``pace`` is of sheets, from when they came in to when they were declared."""

    seconds: float
    sheets: int
    came_in: int
    declared: int
    pace: Timing
    wrong: Sequence[WrongEntry]
    people: Sequence[PersonReport]
    mishaps: Sequence[MishapReport]


def report_of(plan: Plan, happened: Happened, people: Sequence[str]) -> Report:
    """How an exercise goes, or has gone; ``people`` are those who take part, whether they did anything or not."""
    evidence = happened.evidence
    wrong = list(_wrong(plan, happened))
    return Report(
        seconds=round(happened.seconds, 1),
        sheets=len(plan.sheets),
        came_in=sum(sheet.due <= happened.seconds for sheet in plan.sheets),
        declared=sum(evidence.standing(sheet.subject) is not None for sheet in plan.sheets),
        pace=Timing.of(_seconds_to_declared(plan, happened)),
        wrong=wrong,
        people=[_person(plan, happened, wrong, person) for person in _everybody(happened, people)],
        mishaps=mishaps_of(plan, happened),
    )


def mishaps_of(plan: Plan, happened: Happened) -> list[MishapReport]:
    """What became of each mishap so far, in the order of the night."""
    return [_mishap(happened, sheet) for sheet in plan.sheets if sheet.mishap is not None]


def truth_at(sheet: CountSheet, happened: Happened, entry: ResultEntry) -> ResultBody:
    """What was true of a sheet when ``entry`` was made: a recount or a correction is known once the count tells it."""
    if sheet.mishap in {Mishap.RECOUNT, Mishap.CORRECTION}:
        told = happened.first(sheet.number, OccurrenceKind.TOLD)
        if told is None or entry.at < told.at:
            return sheet.first.body
    return sheet.last.body


def is_wrong(sheet: CountSheet, happened: Happened, entry: ResultEntry) -> bool:
    """Whether an entry is not what was true when it was made; a withdrawal says nothing."""
    return entry.kind != "withdrawal" and bool(wrong_fields(entry.body, truth_at(sheet, happened, entry)))


def _wrong(plan: Plan, happened: Happened) -> Iterator[WrongEntry]:
    for sheet in plan.sheets:
        standing = happened.evidence.standing(sheet.subject)
        for entry in happened.evidence.of(sheet.subject):
            fields = [] if entry.kind == "withdrawal" else wrong_fields(entry.body, truth_at(sheet, happened, entry))
            if fields:
                yield WrongEntry(entry.seq, sheet.subject, entry.people, sorted(fields), entry == standing)


def _everybody(happened: Happened, people: Sequence[str]) -> list[str]:
    """Those who take part, then whoever else did something at the desk; no machine."""
    acted = [act.person for act in happened.evidence.acts]
    declared = [person for entry in happened.evidence.log for person in entry.people]
    return [it for it in dict.fromkeys([*people, *acted, *declared]) if not is_machine(it)]


def _seconds_to_declared(plan: Plan, happened: Happened) -> Iterator[float]:
    for sheet in plan.sheets:
        for first in happened.evidence.of(sheet.subject)[:1]:
            yield happened.elapsed(first.at) - sheet.due


# One person


def _person(plan: Plan, happened: Happened, wrong: Sequence[WrongEntry], person: str) -> PersonReport:
    by_checks, by_second = _caught(list(_slips(plan, happened, person)), happened)
    return PersonReport(
        person=person,
        pace=Timing.of(_seconds_to_sent(plan, happened, person)),
        on_air=sum(person in entry.people for entry in wrong),
        caught_by_checks=by_checks,
        caught_by_second=by_second,
        asked=sum(fact.kind is OccurrenceKind.ASKED and fact.person == person for fact in happened.facts),
    )


def _seconds_to_sent(plan: Plan, happened: Happened, person: str) -> Iterator[float]:
    """Of each sheet that was handed to somebody to be keyed, checked or corrected: until they sent it, once."""
    for sheet in plan.sheets:
        handed = [fact for fact in happened.of(sheet.number, OccurrenceKind.HANDED) if fact.person == person]
        for purpose in (Purpose.KEY, Purpose.CHECK, Purpose.CORRECT):
            begun = next((fact for fact in handed if fact.details["purpose"] == purpose), None)
            sent = begun and happened.evidence.sent(sheet.subject, person, begun.at)
            if begun and sent:
                yield happened.elapsed(sent) - happened.elapsed(begun.at)


@dataclass(frozen=True, slots=True)
class _Slip:
    """What somebody typed that no sheet ever said: it was ``sent``, or stopped by a check, or neither."""

    subject: Subject
    body: ResultBody
    at: datetime
    is_sent: bool
    is_stopped: bool


def _slips(plan: Plan, happened: Happened, person: str) -> Iterator[_Slip]:
    """Of every form that somebody handed in, or left for a while as it was."""
    looked = [it for it in happened.facts if it.kind is OccurrenceKind.LOOKED_AT and it.person == person]
    for place, fact in enumerate(looked):
        sheet, body = plan.sheet(fact.number), fact.details["body"]
        if sheet is None or agrees_with_some(body, sheet.versions):
            continue
        later = next((it for it in looked[place + 1 :] if it.number == fact.number), None)
        sent = happened.evidence.sent(sheet.subject, person, fact.at) if fact.details["is_handed_in"] else None
        is_sent = sent is not None and (later is None or sent < later.at)
        is_left = fact.details["is_handed_in"] or later is None or later.seconds - fact.seconds >= STAYED
        is_found = bool(set(fact.details["codes"]) - NOT_OF_FIGURES)
        yield _Slip(sheet.subject, body, fact.at, is_sent, is_found and is_left and not is_sent)


def _caught(slips: Sequence[_Slip], happened: Happened) -> tuple[int, int]:
    """How many slips the checks stopped, and how many another person did, each once however often it was typed."""
    sent = [slip for slip in slips if slip.is_sent]
    stopped = _apart(slip for slip in slips if slip.is_stopped and not any(_is_same(slip, it) for it in sent))
    differed = [
        slip
        for slip in sent
        if any(act.differs and act.at >= slip.at for act in happened.evidence.acts_of(slip.subject))
        and not any(_are_same(slip.body, entry.body) for entry in happened.evidence.of(slip.subject))
    ]
    return len(stopped), len(_apart(differed))


def _apart(slips: Iterable[_Slip]) -> list[_Slip]:
    found: list[_Slip] = []
    for slip in slips:
        if not any(_is_same(slip, it) for it in found):
            found.append(slip)
    return found


def _is_same(one: _Slip, other: _Slip) -> bool:
    return one.subject == other.subject and _are_same(one.body, other.body)


def _are_same(one: ResultBody, other: ResultBody) -> bool:
    return not wrong_fields(one, other) and not wrong_fields(other, one)


# One mishap


def _mishap(happened: Happened, sheet: CountSheet) -> MishapReport:
    assert sheet.mishap is not None  # asked of those alone
    outcome, settled = _outcome(happened, sheet)
    how, people = _handled(happened, sheet, settled) if settled is not None else (None, ())
    seconds = None if settled is None else round(happened.elapsed(settled.at) - _begun(happened, sheet), 1)
    return MishapReport(sheet.number, sheet.mishap, sheet.subject, outcome, how, people, seconds)


def _outcome(happened: Happened, sheet: CountSheet) -> tuple[MishapOutcome, ResultEntry | None]:
    """What became of it, and the entry that settled it."""
    entries = happened.evidence.of(sheet.subject)
    standing = happened.evidence.standing(sheet.subject)
    told = happened.first(sheet.number, OccurrenceKind.TOLD)
    if sheet.mishap in {Mishap.RECOUNT, Mishap.CORRECTION} and told is None:
        return (MishapOutcome.NOT_TRIED, None)
    if not entries and happened.first(sheet.number, OccurrenceKind.HANDED) is None:
        return (MishapOutcome.NOT_TRIED, None)
    since = [entry for entry in entries if told is None or entry.at >= told.at or sheet.mishap is Mishap.RECOUNT]
    if standing is None or not since:
        return (MishapOutcome.OPEN, None)
    if is_wrong(sheet, happened, standing):
        return (MishapOutcome.MISSED, None)
    was_wrong = any(is_wrong(sheet, happened, entry) for entry in since)
    return (MishapOutcome.MENDED if was_wrong else MishapOutcome.CAUGHT, standing)


def _begun(happened: Happened, sheet: CountSheet) -> float:
    """When it could be noticed first."""
    first = happened.first(sheet.number, OccurrenceKind.TOLD) or happened.first(sheet.number, OccurrenceKind.HANDED)
    return first.seconds if first is not None else sheet.due


def _handled(happened: Happened, sheet: CountSheet, settled: ResultEntry) -> tuple[Handled | None, Sequence[str]]:
    """By what the entry that settled it came to be right, and who had a part in that."""
    asked = [fact.person for fact in happened.of(sheet.number, OccurrenceKind.ASKED) if fact.details.get("changes")]
    differed = [act.person for act in happened.evidence.acts_of(sheet.subject) if act.differs]
    if settled.kind == "correction":
        return Handled.CORRECTED, settled.people
    if differed and (sheet.mishap is Mishap.MISREAD or not asked):
        return Handled.DIFFERED, list(dict.fromkeys(differed))
    if asked:
        return Handled.ASKED, list(dict.fromkeys(asked))
    # Whoever keys anything else right without a word has been lucky.
    return (Handled.WAITED if sheet.mishap in {*COMES_BY_ITSELF, Mishap.RECOUNT} else None), ()
