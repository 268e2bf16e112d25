"""What would come of a file of results for a program: every ward in turn, each in the night that those before it leave.

The same readers and checks as at the desk and behind a post, so that what is posted afterwards is not met by anything
new unless somebody declares meanwhile. Nothing is written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.declaring.door import Verdict, judge
from app.desk.board.hours import desk_time
from app.desk.entry.consequences import consequences
from app.desk.entry.typed import read_result
from app.desk.files.preview import ANOTHERS, DECLARED_SO, Prospect
from app.desk.files.results import ResultRows
from app.desk.files.ward_rows import Mismatch, SheetRow, WardRows, form_of_ward
from app.domain.election import Contest
from app.domain.errors import Finding
from app.domain.night import Night
from app.domain.proposal import Thresholds
from app.domain.second_check import Keyed, Waiting, figures
from app.domain.subject import Subject
from app.domain.superseding import Superseded
from app.process.turns import Steps, collected
from app.wording.refusals import refusal

IN_THE_QUEUE = "In the queue already, with these figures."


@dataclass(frozen=True, slots=True)
class FoundInFile:
    """Something to say of a row: where it is, what stands there, and what is said; ``code`` is that of a check."""

    place: SheetRow
    code: str | None
    found: str
    told: str


@dataclass(frozen=True, slots=True)
class WardForecast:
    """A ward of the file: what is to be posted, what can come of it, and what is said of it.

    ``told`` says what it does, or why it is left where no finding does; ``flip`` names the change of control.
    """

    contest: Contest
    place: SheetRow
    prospect: Prospect
    body: Mapping[str, Any]
    told: str = ""
    flip: str | None = None
    errors: tuple[FoundInFile, ...] = ()
    warnings: tuple[FoundInFile, ...] = ()


@dataclass(slots=True)
class Forecast:
    """Goes through the wards of a file. ``body_of`` gives the body of an entry of the log, by its sequence."""

    night: Night
    author: str
    source: str
    now: datetime
    thresholds: Thresholds
    body_of: Callable[[int], Mapping[str, Any]]
    waiting: Mapping[Subject, Keyed] = field(default_factory=dict)
    """What waits at the desk."""
    is_for_a_check: bool = False
    """Whether what is posted waits for a person to key the same."""

    def of(self, rows: ResultRows) -> Steps[list[WardForecast]]:
        """Every ward that has figures, in the order of the file; a step for each."""
        return collected(self._wards(rows))

    def _wards(self, rows: ResultRows) -> Iterator[WardForecast]:
        for ward in rows.wards:
            if not ward.is_blank:
                yield self._ward(ward)

    def _ward(self, ward: WardRows) -> WardForecast:
        last = self.night.latest[0].at if self.night.latest else None
        clock = desk_time(self.night.election, self.now, last).astimezone(self.night.election.zone)
        typed = read_result(self.night.election, ward.contest, form_of_ward(ward, self.source), now=clock)
        # That somebody has no votes is no other fault, where a row of the ward is nobody's.
        errors = [it for it in typed.errors if it.field in ward.rows or not ward.mismatches]
        unread = (*map(_mismatched, ward.mismatches), *_found(ward, errors))
        if unread:
            return WardForecast(ward.contest, ward.first, Prospect.LEFT, typed.body, errors=unread)
        if self.is_for_a_check and (keyed := self._keyed(ward, typed.body)) is not None:
            return keyed
        try:
            return self._judged(ward, typed.body)
        except Superseded as error:
            return self._beside(ward, typed.body, error)

    def _judged(self, ward: WardRows, body: Mapping[str, Any]) -> WardForecast:
        waiting = None if self.is_for_a_check else self.waiting.get(Subject("ward", ward.contest.ballot_id))
        verdict = judge(self.night, body, author=self.author, now=self.now, thresholds=self.thresholds, waiting=waiting)
        if verdict.after is None:
            errors = tuple(_found(ward, verdict.hard))
            return WardForecast(ward.contest, ward.first, Prospect.LEFT, body, errors=errors)
        told, flip = _consequences(verdict)
        self.night = verdict.after
        warnings = tuple(_found(ward, verdict.soft))
        prospect = Prospect.ASKS if warnings else Prospect.READY
        return WardForecast(ward.contest, ward.first, prospect, body, told, flip, warnings=warnings)

    def _beside(self, ward: WardRows, body: Mapping[str, Any], conflict: Superseded) -> WardForecast:
        """Beside what is declared already."""
        standing = conflict.standing_seq
        if standing is not None and figures(self.body_of(standing)) == figures(body):
            return WardForecast(ward.contest, ward.first, Prospect.KEPT, body, DECLARED_SO)
        error = FoundInFile(ward.first, None, ward.contest.name, refusal(conflict))
        return WardForecast(ward.contest, ward.first, Prospect.LEFT, body, errors=(error,))

    def _keyed(self, ward: WardRows, body: Mapping[str, Any]) -> WardForecast | None:
        """Beside what waits for a check; None where that is nothing, or this machine's own with other figures."""
        waiting = self.waiting.get(Subject("ward", ward.contest.ballot_id))
        if waiting is None:
            return None
        if not (isinstance(waiting, Waiting) and waiting.author.is_by(self.author)):
            error = FoundInFile(ward.first, None, ward.contest.name, ANOTHERS)
            return WardForecast(ward.contest, ward.first, Prospect.LEFT, body, errors=(error,))
        if figures(waiting.author.body) != figures(body):
            return None
        return WardForecast(ward.contest, ward.first, Prospect.KEPT, body, IN_THE_QUEUE)


def _consequences(verdict: Verdict) -> tuple[str, str | None]:
    assert verdict.after is not None and verdict.change is not None  # noqa: PT018  # both are there, or neither
    does = consequences(verdict.after, verdict.change)
    return does.result or does.headline, does.flip


def _mismatched(mismatch: Mismatch) -> FoundInFile:
    return FoundInFile(mismatch.place, None, mismatch.found, mismatch.told)


def _found(ward: WardRows, findings: Iterable[Finding]) -> Iterator[FoundInFile]:
    """Findings with the rows of the fields that they are about, else the first row of the ward."""
    for finding in findings:
        place = ward.rows.get(finding.field, ward.first)
        written = " ".join(ward.form.get(finding.field, ()))
        code = finding.code if finding.code[1:].isdecimal() else None
        yield FoundInFile(place, code, written or ward.contest.name, finding.detail)
