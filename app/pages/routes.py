"""The pages that readers see: elections, dashboard, councils, contests, and what went wrong."""

from typing import TypedDict

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import addresses
from app.pages.addresses import contest_url, election_url
from app.pages.colours import party_stylesheet
from app.pages.contest.view import contest_page
from app.pages.council.view import council_page
from app.pages.elections.view import elections_page, error_page, patterns_page
from app.pages.embed.embedding import Widget, oembed_url, share_panel
from app.pages.environment import showing
from app.pages.overview.view import overview_page
from app.pages.patterns.view import patterns_stylesheet
from app.pages.sharing import Place, contest_share, council_share, night_share
from app.projection.history import time_of
from app.web.errors import CANNOT_BE_SHOWN, Problem
from app.web.parts import Asked, AskedFor, live_url, not_current_line, own_address, parts_of
from app.wording.marks import TEST_LINE

dashboard = APIRouter(include_in_schema=False)


@dashboard.get(addresses.ELECTIONS.path)
async def elections(request: Request) -> Response:
    """The elections, or the only one."""
    parts = parts_of(request)
    served = parts.newsroom.publications
    if not served and not parts.newsroom.is_whole:
        raise Problem(503, CANNOT_BE_SHOWN, headers={"Retry-After": "30"})
    if len(served) == 1 and parts.newsroom.is_whole:
        return RedirectResponse(addresses.OVERVIEW.to(slug=served[0].election.slug), 307)
    nights = [publication.night for publication in served]
    page = elections_page(parts.environment, nights, **_surroundings(request, addresses.ELECTIONS.path))
    return HTMLResponse(page)


@dashboard.get(addresses.OVERVIEW.path)
async def overview(request: Request, asked: AskedFor) -> Response:
    """The dashboard; the query filters and sorts the board."""
    publication, place = asked.publication, _place(request, asked)
    channel, path = await asked.channel(None), election_url(publication.election, asked.convention)
    with showing(request.url.path):
        page = overview_page(
            asked.parts.environment,
            publication.night,
            asked.convention,
            channel.fragments,
            query=request.query_params,
            live_url=live_url(asked, channel, None),
            share=night_share(publication.night, time_of(publication, publication.seq), asked.convention, place),
            panel=share_panel(publication.night, Widget(publication.election, asked.convention), place),
            not_current=not_current_line(asked),
            **_surroundings(request, path),
        )
        return HTMLResponse(await asked.parts.turns.through(page))


@dashboard.get(addresses.COUNCIL.path)
async def council(request: Request, asked: AskedFor, council_id: str) -> Response:
    """A council."""
    channel, place = await asked.channel(council_id), _place(request, asked)
    widget = Widget(asked.publication.election, asked.convention, council_id)
    with showing(request.url.path):
        page = council_page(
            asked.parts.environment,
            asked.publication.night,
            council_id,
            asked.convention,
            channel.fragments,
            live_url=live_url(asked, channel, council_id),
            share=council_share(asked.publication.night, council_id, asked.convention, place),
            panel=share_panel(asked.publication.night, widget, place),
            not_current=not_current_line(asked),
            **_surroundings(request, widget.page_path),
        )
    return HTMLResponse(page)


@dashboard.get(addresses.CONTEST.path)
async def contest(request: Request, asked: AskedFor, ballot_id: str) -> Response:
    """A contest; it listens to its council's channel."""
    election, place = asked.publication.election, _place(request, asked)
    council_id, path = election.contest(ballot_id).council_id, contest_url(election, ballot_id, asked.convention)
    channel = await asked.channel(council_id)
    with showing(request.url.path):
        page = contest_page(
            asked.parts.environment,
            asked.publication.night,
            ballot_id,
            asked.convention,
            channel.fragments,
            live_url=live_url(asked, channel, council_id),
            share=contest_share(asked.publication.night, ballot_id, asked.convention, place),
            oembed=oembed_url(place.address, path),
            not_current=not_current_line(asked),
            **_surroundings(request, path),
        )
    return HTMLResponse(page)


@dashboard.get(addresses.PARTIES.path)
async def parties(asked: AskedFor) -> Response:
    """The colours of an election's parties, as classes."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return Response(party_stylesheet(asked.publication.election), media_type="text/css", headers=headers)


async def _in_development(request: Request) -> None:
    if not parts_of(request).settings.development:
        raise Problem(404, "The patterns are served in development: start with --development.")


@dashboard.get(addresses.PATTERNS.path, dependencies=[Depends(_in_development)])
async def patterns(request: Request) -> Response:
    """Every component in every state."""
    return HTMLResponse(patterns_page(parts_of(request).environment))


@dashboard.get(addresses.PATTERNS_PARTIES.path, dependencies=[Depends(_in_development)])
async def patterns_colours() -> Response:
    """The colours of the patterns' parties."""
    return Response(patterns_stylesheet(), media_type="text/css")


def error_response(request: Request, problem: Problem) -> Response:
    """What went wrong, as a page."""
    notice = TEST_LINE if parts_of(request).settings.rehearsal else ""
    page = error_page(request.app.state.environment, problem.status, problem.detail, notice=notice)
    return HTMLResponse(page, problem.status, headers=problem.headers)


class Surroundings(TypedDict):
    """What every page takes."""

    canonical_url: str
    notice: str


def _surroundings(request: Request, path: str) -> Surroundings:
    """What every page takes: its own address, from ``path``, without filters, and the mark of a rehearsal."""
    notice = TEST_LINE if parts_of(request).settings.rehearsal else ""
    return {"canonical_url": f"{own_address(request)}{path}", "notice": notice}


def _place(request: Request, asked: Asked) -> Place:
    return Place(own_address(request), asked.publication.epoch, rehearsal=asked.parts.settings.rehearsal)
