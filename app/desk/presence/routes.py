"""Letting go of what somebody has claimed to check."""

from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.addresses import desk_url
from app.desk.parts import Desk, written
from app.domain.subject import Subject
from app.store import claims
from app.web.errors import Problem
from app.web.signing_in.access import DeskRouter

Kind = Literal["ward", "tally"]

desk_presence = DeskRouter()


@desk_presence.post("/{slug}/claims/{kind}/{identity}/release")
async def release(request: Request, at: Desk, kind: Kind, identity: str) -> Response:
    """By whoever has it, or by an editor."""
    slug, subject = at.election.slug, Subject(kind, identity)
    whose = None if at.signed.may_edit else at.signed.name
    if not await written(request, lambda connection: claims.release(connection, slug, subject, whose)):
        raise Problem(409, "You have not claimed this, or not any more.")
    return RedirectResponse(f"{desk_url(at.election)}/queue", 303)
