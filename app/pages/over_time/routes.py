"""The night in time over HTTP: its pages listen to the dashboard's channel, and a form leads to other moments."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.addresses import MOMENT, OVER_TIME, SINCE, Parsed, parse
from app.domain.errors import Finding
from app.domain.news import news_since
from app.domain.series import declared_by, point_at, up_to
from app.pages.addresses import over_time_url, since_url
from app.pages.environment import showing
from app.pages.frame import PageFrame
from app.pages.over_time.since import since_page
from app.pages.over_time.view import ChartAsked, over_time_page
from app.pages.past import at_moment
from app.pages.sharing import Place, Share, page_share
from app.projection.publication import Publication
from app.web.errors import Problem
from app.web.parts import (
    Asked,
    AskedFor,
    Digits,
    EntryAsked,
    Shown,
    check_moment,
    not_current_line,
    own_address,
    parts_of,
)
from app.web.past import answered, as_at_of, past_of
from app.wording.moments import moment_told, since_told
from app.wording.story.houses import house_of

in_time = APIRouter(include_in_schema=False)


@in_time.get(OVER_TIME.path)
async def over_time(request: Request, asked: AskedFor, of: str = "", by: str = "") -> Response:
    """Seats, or councils, over the night, and its moment in a sentence."""
    shown, convention = await asked.shown(None, parts=lambda _: ()), asked.convention
    night, changes = shown.night, up_to(asked.publication.score_changes, shown.night.seq)
    at = asked.publication.time_of(night.seq)
    with showing(request.url.path):
        told = moment_told(night, convention, house_of(convention), point_at(changes, night.seq), at)
        path, chart = over_time_url(night.election, convention), ChartAsked(of, by)
        share = _share(request, asked, shown, title="Over time", description=told, path=path)
        frame, environment = _frame(asked, shown, share), asked.parts.environment
        page = over_time_page(environment, night, convention, changes, shown.fragments, frame, told=told, asked=chart)
        return answered(request, asked, await asked.parts.turns.through(page))


@in_time.get(SINCE.path)
async def since_then(request: Request, asked: AskedFor, since: EntryAsked = 0) -> Response:
    """What has happened since an entry."""
    shown, convention, publication = await asked.shown(None, parts=lambda _: ()), asked.convention, asked.publication
    night = shown.night
    check_moment(publication, since, None)
    since = since or 0
    if since > night.seq:
        detail = f"Entry {since} came after entry {night.seq}: nothing can have come since then. Turn the two round."
        raise Problem(422, detail, errors=[Finding("unusable", "since", detail)])
    with showing(request.url.path):
        entries = [line.entry for line in publication.log[since : night.seq]]
        news = news_since(night, convention.key, since, publication.score_changes, entries)
        then = publication.time_of(since)
        told, path = since_told(night.election, news, then), since_url(night.election, convention, since)
        share = _share(request, asked, shown, title="Since then", description=told, path=path)
        frame, environment = _frame(asked, shown, share), asked.parts.environment
        page = since_page(environment, night, convention, news, then, shown.fragments, frame)
        return answered(request, asked, await asked.parts.turns.through(page))


@in_time.get(MOMENT.path)
async def moment(
    request: Request,
    slug: str,
    page: str,
    wards: Annotated[int | None, Digits, Query(ge=0, le=2**53)] = None,
    at: EntryAsked = None,
    go: Literal["", "previous", "next"] = "",
) -> Response:
    """Lead `page`, of this election, to where so many wards were declared, or to before or after an entry."""
    publication = parts_of(request).newsroom.publication(slug)
    led = parse(page.partition("?")[0])
    if led is None or led.slug != slug or "at" not in led.address.query:
        raise Problem(404, "There is no such page of this election.")
    if wards is not None:
        change = declared_by(up_to(publication.score_changes, publication.seq), wards)
        seq = change.seq if change is not None else None
    else:
        check_moment(publication, at, None)
        seq = _beside(publication, _council_of(publication, led), at or 0, go)
    now = seq is None or seq == publication.seq
    return RedirectResponse(page if now else at_moment(page, seq), 307, headers={"Cache-Control": MOMENT.cache})


def _council_of(publication: Publication, led: Parsed) -> str | None:
    """Which council a page is about; None for one of the whole night."""
    return publication.election.contest(led.ballot_id).council_id if led.ballot_id else led.council_id


def _beside(publication: Publication, council_id: str | None, at: int, go: str) -> int | None:
    """The entry to ``go`` to: the change of control before or after ``at``, or of a council what was told of it.

    Before the first it is the beginning, and None behind the last.
    """
    log = publication.log
    lines = reversed(log[: max(0, at - 1)]) if go == "previous" else log[at:]
    found = (it.entry.seq for it in lines if (council_id in it.council_ids if council_id else it.flipped))
    return next(found, 0 if go == "previous" else None)


def _share(request: Request, asked: Asked, shown: Shown, *, title: str, description: str, path: str) -> Share:
    publication, rehearsal = asked.publication, asked.parts.settings.rehearsal
    place = Place(own_address(request), publication.epoch, rehearsal=rehearsal, at=asked.at)
    at = publication.time_of(shown.night.seq)
    told = {"title": title, "description": description, "path": path}
    return page_share(shown.night, at, asked.convention, place, **told)


def _frame(asked: Asked, shown: Shown, share: Share) -> PageFrame:
    return PageFrame(
        shown.night.election,
        live_url=shown.live_url,
        canonical_url=share.canonical,
        rehearsal=asked.parts.settings.rehearsal,
        not_current=not_current_line(asked),
        past=past_of(asked, share.canonical),
        as_at=as_at_of(asked, shown.night),
        share=share,
        convention=asked.chosen,
    )
