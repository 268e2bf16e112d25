"""What a form is answered with whose declaration is held back."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from app.declaring.door import HeldBack
from app.declaring.holding import SentForm
from app.desk.addresses import desk_url
from app.desk.entry.review import Judged, moved_on, posting_of
from app.desk.parts import AtDesk


async def held_back(request: Request, at: AtDesk, sent: Judged, back: HeldBack, *, is_alone: bool) -> Response:
    """Once it is kept: a person is sent on to the board, where its countdown comes first. Raises AwaitsAnother."""
    told = sent.review.consequences.headline if sent.review.consequences is not None else ""
    form = {name: list(values) for name, values in sent.form.items()}
    kept = await asyncio.wrap_future(at.holding.hold(back, SentForm(posting_of(at, sent), form, told, is_alone)))
    return moved_on(request, {"outcome": "held", "until": kept.due_at.isoformat()}, desk_url(at.election), 202)
