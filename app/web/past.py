"""As of when pages are: what marks those of the past, and where they lead."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.domain.night import Night
from app.pages.frame import AsAt
from app.pages.past import Moments, Past, with_moment
from app.web.parts import Asked, Parts
from app.wording.past import past_lead, past_mark, past_time


def past_of(asked: Asked, now: str) -> Past | None:
    """What marks a page of the past; ``now`` is the absolute address of the page as it stands."""
    if asked.moment is None:
        return None
    seq, at = asked.moment
    moments = Moments.of(asked.night, asked.page, asked.convention)
    return Past(seq, past_lead(seq), past_time(asked.night.election, at), past_mark(seq), now, moments)


def as_at_of(asked: Asked, night: Night, council_id: str | None = None) -> AsAt:
    """Up to which entry a page of ``night`` tells, or of one of its councils. Of the past it is what was asked for."""
    if asked.moment is not None:
        seq, at = asked.moment
        return AsAt(night.election, at, seq)
    return AsAt.of_council(night, council_id) if council_id else AsAt.of(night, asked.publication.time_of(night.seq))


def as_at_of_all(parts: Parts) -> AsAt | None:
    """When the newest entry of all elections was announced; None where there are no elections."""
    told = [AsAt(it.election, it.time_of(it.seq)) for it in parts.newsroom.publications]
    return max(told, key=lambda it: it.at or datetime.min.replace(tzinfo=UTC), default=None)


def answered(request: Request, asked: Asked, page: str) -> HTMLResponse:
    """``page``, which leads to the moment that is asked for."""
    return HTMLResponse(page if asked.at is None else with_moment(page, request.url.path, asked.at))
