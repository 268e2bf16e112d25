"""Both versions of a dispute for editors, and that somebody has seen what was declared over theirs."""

import asyncio
from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.addresses import desk_url
from app.desk.disputes.view import versions_of, versions_page
from app.desk.parts import EditorsDesk, SomeCouncils, page, written
from app.domain.subject import Subject
from app.domain.waiting import announced_since
from app.store import overruled
from app.web.errors import Problem
from app.web.signing_in.access import DeskRouter, wants_page

NOTHING_TO_SEE = "Nothing is disputed there, or you keyed one of the two versions: then another editor has to look."

desk_disputes = DeskRouter()


@desk_disputes.post("/{slug}/keyed/{kind}/{identity}/versions")
async def see_versions(at: EditorsDesk, kind: Literal["ward", "tally"], identity: str) -> Response:
    """What two keyed, side by side; whoever looks is noted in the audit, and checks nothing of it."""
    subject = Subject(kind, identity)
    subject.council_in(at.election)
    seeing = at.second_check.see_versions(at.election.slug, subject, at.signed.name, address=at.signed.address)
    disputed = await asyncio.wrap_future(seeing)
    if disputed is None:
        raise Problem(409, NOTHING_TO_SEE)
    shown = versions_of(at.election, disputed, announced_since(at.record_of(subject), disputed))
    answer = page(versions_page(at.parts.environment, at.election, shown, at.frame("queue")))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@desk_disputes.post("/{slug}/overruled/{seq}/seen")
async def seen(request: Request, at: SomeCouncils, seq: int) -> Response:
    """Whoever was told of an entry that was declared over theirs has seen it."""
    slug, name = at.election.slug, at.signed.name
    await written(request, lambda connection: overruled.seen(connection, slug, seq, name))
    return RedirectResponse(desk_url(at.election), 303) if wants_page(request) else Response(status_code=204)
