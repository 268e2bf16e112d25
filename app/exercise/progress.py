"""How an exercise goes on: who gets which sheet, what a sheet says by now, and what the count tells next."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.names import is_same_person
from app.exercise.happened import Happened, Occurrence, OccurrenceKind, Purpose
from app.exercise.sheets import COMES_BY_ITSELF, CountSheet, Mishap, Plan, Said

LEFT_LYING = 900.0
"""Seconds after which a sheet that somebody has and nobody keys goes to others as well."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks for a sheet, and what they may do at the desk."""

    name: str
    may_check: bool = False
    may_edit: bool = False


@dataclass(frozen=True, slots=True)
class Handing:
    """A sheet for somebody, and what for; ``is_held`` where they have it already."""

    sheet: CountSheet
    purpose: Purpose
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """What the count tells by itself: of a ``sheet``, or (None) that a council is counting."""

    sheet: CountSheet | None
    council_id: str = ""
    is_void: bool = False


# What a sheet says


def said_by_now(plan: Plan, sheet: CountSheet, happened: Happened, person: str) -> Said:
    """What ``person`` has before them."""
    return sheet.last if _is_told(plan, sheet, happened, person) else sheet.first


def changes_when_asked(plan: Plan, sheet: CountSheet, happened: Happened, person: str) -> bool:
    """Whether the count says something else than the sheet, when it is rung now."""
    if sheet.mishap is None or said_by_now(plan, sheet, happened, person) == sheet.last:
        return False
    waits_for_the_count = sheet.mishap in {Mishap.RECOUNT, Mishap.CORRECTION}
    return not waits_for_the_count or happened.first(sheet.number, OccurrenceKind.TOLD) is not None


def _is_told(plan: Plan, sheet: CountSheet, happened: Happened, person: str) -> bool:
    asked = any(fact.details.get("changes") for fact in happened.of(sheet.number, OccurrenceKind.ASKED))
    told = happened.first(sheet.number, OccurrenceKind.TOLD)
    handed = happened.first(sheet.number, OccurrenceKind.HANDED)
    match sheet.mishap:
        case None:
            return True
        case Mishap.CORRECTION:
            return told is not None
        case Mishap.RECOUNT:
            return told is not None and (asked or happened.seconds >= told.seconds + plan.later)
        case Mishap.MISREAD:
            # It was read out to the first; the second has the paper.
            return asked or (handed is not None and not is_same_person(handed.person, person))
    comes = (handed.seconds if handed is not None else sheet.due) + plan.later
    return asked or (sheet.mishap in COMES_BY_ITSELF and happened.seconds >= comes)


# Who gets which


def held_by(happened: Happened, sheet: CountSheet, person: str) -> Occurrence | None:
    """The handing of a sheet to somebody who still has to do something about it."""
    facts = [
        fact
        for fact in happened.of(sheet.number, OccurrenceKind.HANDED, OccurrenceKind.PUT_ASIDE)
        if fact.person == person
    ]
    if not facts or facts[-1].kind is OccurrenceKind.PUT_ASIDE:
        return None
    return None if _is_done(happened, sheet, facts[-1]) else facts[-1]


def next_for(plan: Plan, happened: Happened, person: Person) -> Handing | None:
    """The sheet that ``person`` works on, or the next one for them; None while there is none."""
    due = [sheet for sheet in plan.sheets if sheet.due <= happened.seconds]
    for sheet in due:
        held = held_by(happened, sheet, person.name)
        if held is not None:
            return Handing(sheet, Purpose(held.details["purpose"]), is_held=True)
    free = [sheet for sheet in due if not _is_aside(plan, happened, sheet, person.name)]
    for purpose in Purpose.CORRECT, Purpose.AGAIN, Purpose.CHECK, Purpose.KEY:
        for sheet in free:
            if _wants(happened, sheet, purpose, person) and not _is_with_another(happened, sheet, purpose, person):
                return Handing(sheet, purpose)
    return None


def _wants(happened: Happened, sheet: CountSheet, purpose: Purpose, person: Person) -> bool:
    """Whether a sheet needs ``person`` for that. Who differs from another gets it once, and when that has changed."""
    evidence = happened.evidence
    standing, waiting = evidence.standing(sheet.subject), evidence.waiting(sheet.subject)
    if purpose is Purpose.CORRECT:
        is_told = sheet.mishap is Mishap.CORRECTION and happened.first(sheet.number, OccurrenceKind.TOLD) is not None
        is_wrong = standing is not None and standing.kind != "correction" and waiting is None
        return person.may_edit and is_told and is_wrong
    if waiting is None:
        return purpose is Purpose.KEY and standing is None
    own = [keying for keying in waiting.keyings if keying.is_by(person.name)]
    if purpose is Purpose.CHECK:
        is_first = len(waiting.keyings) == 1 and not own
        return person.may_check and is_first and not _holds_its_recount(happened, sheet)
    others = [keying.at for keying in waiting.keyings if not keying.is_by(person.name)]
    again = [
        it.at
        for it in happened.of(sheet.number, OccurrenceKind.HANDED)
        if it.person == person.name and it.details["purpose"] == Purpose.AGAIN
    ]
    is_new = not again or again[-1] < max(others, default=again[-1])
    return purpose is Purpose.AGAIN and len(waiting.keyings) == 2 and bool(own) and is_new


def _holds_its_recount(happened: Happened, sheet: CountSheet) -> bool:
    """A recount is announced once its sheet is keyed, and before it is checked: nobody gets it in between."""
    return sheet.mishap is Mishap.RECOUNT and not happened.of(sheet.number, OccurrenceKind.TOLD, OccurrenceKind.VOID)


def _is_done(happened: Happened, sheet: CountSheet, handed: Occurrence) -> bool:
    """Somebody has sent it since, or there is nothing left to be done about it."""
    evidence = happened.evidence
    standing = evidence.standing(sheet.subject)
    if evidence.sent(sheet.subject, handed.person, handed.at) is not None:
        return True
    if handed.details["purpose"] == Purpose.CORRECT:
        return standing is None or standing.kind == "correction"
    return standing is not None and evidence.waiting(sheet.subject) is None


def _is_aside(plan: Plan, happened: Happened, sheet: CountSheet, person: str) -> bool:
    """Whether somebody has put it aside a moment ago."""
    aside = [fact for fact in happened.of(sheet.number, OccurrenceKind.PUT_ASIDE) if fact.person == person]
    return bool(aside) and happened.seconds < aside[-1].seconds + plan.later


def _is_with_another(happened: Happened, sheet: CountSheet, purpose: Purpose, person: Person) -> bool:
    """Both who differ get it again; whatever else is to be done, one does."""
    if purpose is Purpose.AGAIN:
        return False
    people = {fact.person for fact in happened.of(sheet.number, OccurrenceKind.HANDED)} - {person.name}
    held = (held_by(happened, sheet, other) for other in people)
    return any(fact is not None and happened.seconds < fact.seconds + LEFT_LYING for fact in held)


# What the count tells by itself


def to_tell(plan: Plan, happened: Happened, council_of: dict[int, str]) -> Iterator[Telling]:
    """What is to be told now; ``council_of`` has the council of each sheet."""
    counting = {
        fact.details["council"]
        for fact in happened.facts
        if fact.kind is OccurrenceKind.TOLD and "council" in fact.details
    }
    for sheet in plan.sheets:
        council_id = council_of[sheet.number]
        if sheet.due - plan.later <= happened.seconds and council_id not in counting:
            counting.add(council_id)
            yield Telling(None, council_id)
        if sheet.mishap in {Mishap.RECOUNT, Mishap.CORRECTION}:
            yield from _telling_of(plan, happened, sheet)


def _telling_of(plan: Plan, happened: Happened, sheet: CountSheet) -> Iterator[Telling]:
    if happened.of(sheet.number, OccurrenceKind.TOLD, OccurrenceKind.VOID):
        return
    standing = happened.evidence.standing(sheet.subject)
    if sheet.mishap is Mishap.RECOUNT:
        if standing is not None or happened.evidence.waiting(sheet.subject) is not None:
            yield Telling(sheet, is_void=standing is not None)
    elif standing is not None and happened.seconds >= happened.elapsed(standing.at) + plan.later:
        yield Telling(sheet)
