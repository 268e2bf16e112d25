"""What the desk answers to a form: whether it can be declared, what has to be confirmed, and what it would do.

Every form of the desk that makes an entry is judged, confirmed and answered in the same way. A script is told an
``outcome``: ``refused``, ``confirm`` and ``conflict`` say what stands in the way, ``review`` that nothing does; once it
is made it is ``declared``, ``waiting`` or ``disputed``, with the ``location`` to go on to.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.declaring.door import Posting
from app.declaring.second_check import FLIPS
from app.desk.entry.consequences import consequences
from app.desk.entry.typed import Form, text
from app.desk.entry.view import Review
from app.desk.frame import form_of
from app.desk.parts import AtDesk
from app.domain.errors import Finding, Refused
from app.web.errors import Problem
from app.web.incoming import post_taken
from app.web.signing_in.access import wants_page


async def own_form(request: Request, at: AtDesk) -> Form:
    """The form that was sent; 403 for one that somebody else typed, before another signed in in the same browser."""
    form = await form_of(request)
    person = text(form, "person")
    if person and person != at.signed.name:
        raise Problem(403, f"This was typed by {person}, and you are signed in as {at.signed.name}: nothing was sent.")
    return form


def reviewed(at: AtDesk, body: Mapping[str, Any], form: Form) -> Review:
    """The verdict on ``body`` as the night is here, with what ``form`` confirms; nothing is written.

    Raises Superseded and NotKnown.
    """
    confirmed = frozenset(form.get("confirm", ()))
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


def with_found(review: Review, error: Refused) -> Review:
    """The review with what the writer found, who sees the newest log."""
    soft = tuple(finding for finding in error.findings if finding.code.startswith("W"))
    hard = tuple(finding for finding in error.findings if finding not in soft)
    known = {finding.code for finding in review.warnings}
    warnings = (*review.warnings, *(finding for finding in soft if finding.code not in known))
    return replace(review, errors=hard, warnings=warnings)


def outcome_of(review: Review) -> str:
    """What stands in the way: ``refused``, ``confirm``, or ``review`` where nothing does."""
    if review.errors:
        return "refused"
    unconfirmed = any(finding.code not in review.confirmed for finding in review.warnings)
    return "confirm" if unconfirmed or review.asks_flip else "review"


def told_of(review: Review, *, html: str) -> dict[str, Any]:
    """The review for a script; ``html`` is the same for people."""
    return {
        "outcome": outcome_of(review),
        "errors": [_finding(finding) for finding in review.errors],
        "warnings": [_finding(finding) for finding in review.warnings],
        "flip": review.consequences.flip if review.consequences else None,
        "html": html,
    }


def posting_of(at: AtDesk, body: Mapping[str, Any], form: Form, review: Review) -> Posting:
    """The declaration that a form makes, once."""
    signed = at.signed
    return Posting(
        at.election.slug, body, signed.name, confirm=review.confirmed, key=key_of(form), address=signed.address
    )


LONGEST_KEY = 100
"""Characters of a form's own key, which are 22: a longer one is nobody's, and no index takes it."""


def key_of(form: Form) -> str | None:
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
