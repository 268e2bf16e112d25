"""What the desk answers to a form: whether it can be declared, what has to be confirmed, and what it would do.

Every form of the desk that makes an entry is asked for, judged and answered in the same way: ``own_form``, ``judged``,
then ``answer``, or once the writer has it ``declared``; ``overruled`` is what the writer refused. A script is told an
``outcome``: ``changed``, ``refused``, ``confirm`` and ``conflict`` say what stands in the way, ``review`` that nothing
does; once it is made it is ``declared``, ``waiting`` or ``disputed``, with the ``location`` to go on to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.declaring.door import FLIPS, Posting
from app.desk.entry.consequences import consequences
from app.desk.entry.typed import UNREADABLE, Form, text
from app.desk.entry.view import Review
from app.desk.forms import form_of
from app.desk.parts import AtDesk, page
from app.domain.errors import Finding, Refused
from app.domain.superseding import Superseded
from app.web.errors import Problem
from app.web.incoming import post_taken
from app.web.signing_in.access import wants_page
from app.wording.refusals import refusal

STATUS_OF: Mapping[str, int] = {"changed": 409, "conflict": 409, "review": 200}
"""What a form is answered with by its outcome; 422 for every other."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A form, the declaration that it makes, and what is said of that; ``conflict`` is what stands otherwise."""

    form: Form
    body: Mapping[str, Any]
    review: Review
    conflict: Superseded | None = None
    changed: str = ""
    """What is said where it was made out for others than stand, or for other seats: nothing of it is judged."""

    @property
    def is_readable(self) -> bool:
        """Whether it makes a declaration at all: ``body`` lacks what could not be read."""
        return all(finding.code != UNREADABLE for finding in self.review.errors)

    @property
    def codes(self) -> list[str]:
        """Of all that was found, confirmed or not."""
        return [finding.code for finding in (*self.review.errors, *self.review.warnings)]

    @property
    def outcome(self) -> str:
        """What stands in the way: ``changed``, ``conflict``, ``refused`` or ``confirm``; else ``review``."""
        if self.changed:
            return "changed"
        if self.conflict is not None:
            return "conflict"
        if self.review.errors:
            return "refused"
        unconfirmed = any(finding.code not in self.review.confirmed for finding in self.review.warnings)
        return "confirm" if unconfirmed or self.review.asks_flip else "review"


async def own_form(request: Request, at: AtDesk) -> Form:
    """The form that was sent; 403 for one that somebody else typed, before another signed in in the same browser."""
    form = await form_of(request)
    person = text(form, "person")
    if person and person != at.signed.name:
        raise Problem(403, f"This was typed by {person}, and you are signed in as {at.signed.name}: nothing was sent.")
    return form


def judged(at: AtDesk, form: Form, body: Mapping[str, Any], unreadable: Sequence[Finding] = ()) -> Judged:
    """``form``, which was read as ``body``, as the night is here; nothing is written. Raises NotKnown."""
    confirmed = frozenset(form.get("confirm", ()))
    if unreadable:
        return Judged(form, body, Review(errors=tuple(unreadable), confirmed=confirmed))
    try:
        return Judged(form, body, _reviewed(at, body, form, confirmed))
    except Superseded as error:
        return Judged(form, body, Review(confirmed=confirmed - {FLIPS}), error)


def _reviewed(at: AtDesk, body: Mapping[str, Any], form: Form, confirmed: frozenset[str]) -> Review:
    try:
        verdict = at.judged(body)
    except Refused as error:
        return Review(errors=error.findings, confirmed=confirmed)
    if verdict.after is None or verdict.change is None:
        return Review(errors=verdict.hard, confirmed=confirmed)
    told = consequences(verdict.after, verdict.change)
    # A change of control is confirmed twice: by its code, and by its name.
    unnamed = FLIPS in confirmed and told.flip is not None and text(form, "flip") != told.flip
    return Review(
        warnings=verdict.soft,
        consequences=told,
        confirmed=confirmed - {FLIPS} if unnamed else confirmed,
        asks_flip=unnamed,
    )


def for_others(sent: Judged, changed: str) -> Judged:
    """The same of a form that was made out for others: what was found was found of other names."""
    return Judged(sent.form, sent.body, Review(), changed=changed)


def overruled(sent: Judged, error: Refused | Superseded) -> Judged:
    """The same with what the writer found, who sees the newest log."""
    if isinstance(error, Superseded):
        return replace(sent, conflict=error)
    review = sent.review
    soft = tuple(finding for finding in error.findings if finding.code.startswith("W"))
    hard = tuple(finding for finding in error.findings if finding not in soft)
    known = {finding.code for finding in review.warnings}
    warnings = (*review.warnings, *(finding for finding in soft if finding.code not in known))
    return replace(sent, review=replace(review, errors=hard, warnings=warnings))


def answer(
    request: Request,
    sent: Judged,
    *,
    shown: Callable[[], str],
    panel: Callable[[], str],
    is_asked_only: bool = False,
    may_revise: bool = True,
) -> Response:
    """What is said of a form that made no entry: ``shown`` is the whole page for a person, ``panel`` what goes into it.

    Whoever only asked has been answered, whatever the answer is: a script is told so.
    """
    status = STATUS_OF.get(sent.outcome, 422)
    if wants_page(request):
        return page(shown(), status)
    return JSONResponse(_told(sent, html=panel(), may_revise=may_revise), 200 if is_asked_only else status)


def _told(sent: Judged, *, html: str, may_revise: bool) -> dict[str, Any]:
    """For a script; ``html`` is the same for people."""
    review = sent.review
    return {
        "outcome": sent.outcome,
        "errors": [_finding(finding) for finding in review.errors],
        "warnings": [_finding(finding) for finding in review.warnings],
        "flip": review.consequences.flip if review.consequences else None,
        "may_be_announced": review.may_be_announced,
        "html": html,
        **({"detail": refusal(sent.conflict, may_revise=may_revise)} if sent.conflict is not None else {}),
        **({"detail": sent.changed} if sent.changed else {}),
    }


def posting_of(at: AtDesk, sent: Judged) -> Posting:
    """The declaration that a form makes, once."""
    return Posting(
        at.election.slug,
        sent.body,
        at.signed.name,
        confirm=sent.review.confirmed,
        key=form_key(sent.form),
        address=at.signed.address,
        may_be_held=True,
        sent_at=sent_at(sent.form, datetime.now(at.election.zone)),
    )


LONGEST_WAIT = timedelta(days=2)


def sent_at(form: Form, now: datetime) -> datetime | None:
    """When a form was sent that waited in a browser for a network; None where it came at once.

    The browser says how many milliseconds that was, as its clock need not be right.
    """
    typed = text(form, "waited")[:12]
    waited = timedelta(milliseconds=int(typed)) if typed.isascii() and typed.isdigit() else timedelta()
    return now - waited if timedelta() < waited <= LONGEST_WAIT else None


LONGEST_KEY = 100
"""Characters of a form's own key, which are 22: a longer one is nobody's, and no index takes it."""


def form_key(form: Form) -> str | None:
    """The idempotency key that was made when the form was opened."""
    key = text(form, "key")[:LONGEST_KEY]
    return f"desk:{key}" if key else None


def declared(request: Request, answer: Mapping[str, Any], location: str) -> Response:
    """It is in the log, and shown here as well."""
    told = {"outcome": "declared", "seq": answer["seq"], "flash": answer["flash"]}
    return moved_on(request, told, location, 201)


def moved_on(request: Request, told: Mapping[str, Any], location: str, status: int) -> Response:
    """It was taken: a person is sent on, a script is told where to."""
    post_taken(request, status)
    if wants_page(request):
        return RedirectResponse(location, 303)
    return JSONResponse({**told, "location": location}, status)


def _finding(finding: Finding) -> dict[str, str]:
    return {"code": finding.code, "field": finding.field, "detail": finding.detail}
