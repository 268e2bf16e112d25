"""What would come of each ward of a spreadsheet: the checks of the form, ward by ward, before anything is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.declaring.door import FLIPS
from app.desk.addresses import entry_url
from app.desk.entry.review import Judged, judged
from app.desk.entry.told import ToldFigure, told_figures
from app.desk.entry.typed import Form, read_result
from app.desk.entry.view import own_content
from app.desk.files.results import ResultRows
from app.desk.files.ward_rows import Mismatch, WardRows, form_of_ward
from app.desk.parts import AtDesk
from app.domain.errors import Finding
from app.domain.second_check import Waiting, figures
from app.domain.subject import Subject
from app.domain.superseding import Superseded
from app.process.turns import Steps, collected
from app.wording.refusals import refusal

ANOTHERS = "Another has keyed this: open it and key it again from the sheet. A file checks nothing."
KEYED_SO = "You have keyed this already, with these figures."
KEYED_OTHERWISE = "You have keyed this otherwise: these figures take the place of those."
DECLARED_SO = "Declared already, with these figures."
FLIPS_CONTROL = "This decides who controls the council: it is keyed by itself."


class Prospect(StrEnum):
    """What can come of a ward."""

    READY = "ready"
    ASKS = "asks"
    """It is taken by whoever says that it is right all the same."""
    KEPT = "kept"
    """It is there already, with these figures."""
    LEFT = "left"
    """It is not taken: somebody has to key it."""


@dataclass(frozen=True, slots=True)
class WardPreview:
    """A ward of the file: its figures, what is said of them, and what can come of it."""

    name: str
    url: str
    subject: Subject
    prospect: Prospect
    sent: Judged
    told: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    figures: tuple[ToldFigure, ...] = ()
    may_keep_draft: bool = True
    """Not of what another has keyed: that is checked by who has seen nothing of it in a form."""

    @property
    def codes(self) -> str:
        """What is confirmed by whoever takes it: the codes of its warnings, a space between them."""
        return " ".join(sorted({finding.code for finding in self.findings}))


def previews(
    at: AtDesk, rows: ResultRows, source: str, confirmed: Mapping[str, Sequence[str]]
) -> Steps[list[WardPreview]]:
    """Every ward that has figures, in the order of the file; ``confirmed`` are codes by ballot_id."""
    filled = [ward for ward in rows.wards if not ward.is_blank]
    return collected(_preview(at, ward, source, confirmed.get(ward.contest.ballot_id, ())) for ward in filled)


def _preview(at: AtDesk, ward: WardRows, source: str, confirmed: Sequence[str]) -> WardPreview:
    form: Form = {**form_of_ward(ward, source), "confirm": confirmed}
    now = at.now.astimezone(at.election.zone)
    typed = read_result(at.election, ward.contest, form, now=now)
    sent = judged(at, form, typed.body, typed.errors)
    subject = Subject("ward", ward.contest.ballot_id)
    prospect, told = _prospect(at, subject, ward, sent)
    return WardPreview(
        name=ward.contest.name,
        url=entry_url(at.election, subject),
        subject=subject,
        prospect=prospect,
        sent=sent,
        told=told,
        findings=(*sent.review.errors, *sent.review.warnings) if prospect is not Prospect.KEPT else (),
        mismatches=tuple(ward.mismatches),
        figures=told_figures(at.election, ward.contest, own_content(subject, sent.body)) if sent.is_readable else (),
        may_keep_draft=sent.conflict is None and not _is_anothers(at, subject),
    )


def _prospect(at: AtDesk, subject: Subject, ward: WardRows, sent: Judged) -> tuple[Prospect, tuple[str, ...]]:
    """What can come of it, and why that is, where its findings do not say it."""
    if sent.conflict is not None:
        return _beside(at, sent, sent.conflict)
    if _is_anothers(at, subject):
        return Prospect.LEFT, (ANOTHERS,)
    own = at.keyed(subject)
    if own is not None and not ward.mismatches and figures(own.author.body) == figures(sent.body):
        return Prospect.KEPT, (KEYED_SO,)
    if ward.mismatches or sent.review.errors:
        return Prospect.LEFT, ()
    if any(finding.code == FLIPS for finding in sent.review.warnings):
        return Prospect.LEFT, (FLIPS_CONTROL,)
    takes_place = (KEYED_OTHERWISE,) if own is not None else ()
    return (Prospect.ASKS if sent.review.warnings or own is not None else Prospect.READY), takes_place


def _beside(at: AtDesk, sent: Judged, conflict: Superseded) -> tuple[Prospect, tuple[str, ...]]:
    """Beside what is declared already."""
    standing = conflict.standing
    if standing is not None and figures(at.line(standing.seq).body) == figures(sent.body):
        return Prospect.KEPT, (DECLARED_SO,)
    return Prospect.LEFT, (refusal(conflict),)


def _is_anothers(at: AtDesk, subject: Subject) -> bool:
    """Whether another has keyed it, or two who differ."""
    waiting = at.keyed(subject)
    return waiting is not None and not (isinstance(waiting, Waiting) and waiting.author.is_by(at.signed.name))
