"""An exercise as it runs: its plan, its clock, and the one place where something happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from app.bundles.reading import read_bundle
from app.domain.election import Election
from app.domain.subject import Subject
from app.exercise.folder import ExerciseFolder
from app.exercise.happened import Evidence, Happened, Occurrence, OccurrenceKind
from app.exercise.planning import planned
from app.exercise.progress import Handing, Person, changes_when_asked, next_for
from app.exercise.report import Report, report_of
from app.exercise.sheets import CountSheet, Plan, ResultBody


@dataclass(slots=True)
class Exercise:
    """One exercise. ``election`` is that of its bundle, for its names; people are those it was begun for."""

    folder: ExerciseFolder
    election: Election
    plan: Plan
    occurrences: list[Occurrence] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def of(cls, folder: ExerciseFolder) -> "Exercise":
        """The exercise in ``folder``, as far as it has got. Raises BundleError and CommandFailed."""
        bundle = read_bundle(folder.bundle)
        plan = planned(bundle.election, bundle.night or (), folder.wishes())
        return cls(folder, bundle.election, plan, list(folder.occurrences()))

    def go_on(self) -> None:
        """The server is there: from now on time passes."""
        before = self.occurrences[-1].seconds if self.occurrences else 0.0
        with self._lock:
            self._add(Occurrence(datetime.now(UTC), before, OccurrenceKind.BEGUN))

    def happened(self, evidence: Evidence) -> Happened:
        """Everything up to now."""
        facts = tuple(self.occurrences)
        return Happened(facts, evidence, Happened(facts, evidence, 0.0).elapsed(datetime.now(UTC)))

    def note(self, kind: OccurrenceKind, number: int = 0, person: str = "", **details: Any) -> None:
        """Something happened just now."""
        with self._lock:
            self._note(kind, number, person, details)

    def take(self, evidence: Evidence, person: Person) -> Handing | None:
        """The sheet that somebody works on, or the next one, which is theirs from now on."""
        with self._lock:
            handing = next_for(self.plan, self.happened(evidence), person)
            if handing is not None and not handing.is_held:
                self._hand(handing, person.name)
            return handing

    def ask(self, evidence: Evidence, sheet: CountSheet, person: str) -> bool:
        """Ring the count about a sheet; whether it says something else now."""
        with self._lock:
            changes = changes_when_asked(self.plan, sheet, self.happened(evidence), person)
            self._note(OccurrenceKind.ASKED, sheet.number, person, {"changes": changes})
            return changes

    def looked_at(
        self, person: str, subject: Subject, body: ResultBody, codes: Sequence[str], *, is_handed_in: bool
    ) -> None:
        """Somebody's form was judged, to be shown what it would do or (``is_handed_in``) to be sent."""
        sheet = self.plan.sheet_of(subject)
        if sheet is not None:
            details = {"codes": list(codes), "is_handed_in": is_handed_in, "body": dict(body)}
            self.note(OccurrenceKind.LOOKED_AT, sheet.number, person, **details)

    def report(self, evidence: Evidence, people: Sequence[str] = ()) -> Report:
        """How the desk does."""
        return report_of(self.plan, self.happened(evidence), people)

    def council_of(self) -> dict[int, str]:
        """The council of every sheet, by its number."""
        return {it.number: it.subject.council_in(self.election).council_id for it in self.plan.sheets}

    def _hand(self, handing: Handing, person: str) -> None:
        self._note(OccurrenceKind.HANDED, handing.sheet.number, person, {"purpose": handing.purpose.value})

    def _note(self, kind: OccurrenceKind, number: int, person: str, details: Mapping[str, Any]) -> None:
        now = datetime.now(UTC)
        seconds = Happened(tuple(self.occurrences), Evidence(), 0.0).elapsed(now)
        self._add(Occurrence(now, seconds, kind, number, person, details))

    def _add(self, occurrence: Occurrence) -> None:
        self.folder.note(occurrence)
        self.occurrences.append(occurrence)
