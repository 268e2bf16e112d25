"""The pages that readers see: elections, dashboard, councils, contests, and what went wrong."""

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import addresses
from app.domain.to_watch import order_of
from app.pages.colours import party_stylesheet
from app.pages.contest.view import contest_page
from app.pages.council.view import contests_on_page, council_page
from app.pages.elections.view import election_score, elections_page, error_page
from app.pages.embed.embedding import share_panel
from app.pages.embed.options import Widget
from app.pages.environment import showing
from app.pages.flips.view import flips_page
from app.pages.frame import PageFrame
from app.pages.overview.asked import asked_scoreboard
from app.pages.overview.board import BoardQuery
from app.pages.overview.view import overview_page
from app.pages.patterns.view import patterns_page, patterns_stylesheet
from app.pages.sharing import contest_share, council_share, flips_share, night_share, to_watch_share
from app.pages.story.view import council_story_part, night_story_part
from app.pages.to_watch.view import to_watch_page
from app.web.errors import CANNOT_BE_SHOWN, Problem
from app.web.framing import frame_of, place_of
from app.web.parts import AskedFor, own_address, parts_of
from app.web.past import answered, as_at_of_all

dashboard = APIRouter(include_in_schema=False)

_NOT_OF_A_MOMENT = {"Cache-Control": addresses.ELECTIONS.cache}
"""Which elections there are is as it is now, whatever entry the query names."""


@dashboard.get(addresses.ELECTIONS.path)
async def elections(request: Request) -> Response:
    """The elections, or the only one."""
    parts = parts_of(request)
    served = parts.newsroom.publications
    if not served and not parts.newsroom.is_whole:
        raise Problem(503, CANNOT_BE_SHOWN, headers={"Retry-After": "30"})
    if len(served) == 1 and parts.newsroom.is_whole:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(
            addresses.OVERVIEW.to(slug=served[0].election.slug) + query, 307, headers=_NOT_OF_A_MOMENT
        )
    scores = [election_score(it.night, it.time_of(it.seq)) for it in served]
    frame = PageFrame(
        canonical_url=f"{own_address(request)}{addresses.ELECTIONS.path}",
        rehearsal=parts.settings.rehearsal,
        as_at=as_at_of_all(parts),
    )
    return HTMLResponse(elections_page(parts.environment, scores, frame), headers=_NOT_OF_A_MOMENT)


@dashboard.get(addresses.OVERVIEW.path)
async def overview(request: Request, asked: AskedFor) -> Response:
    """The dashboard; the query filters and sorts the board."""
    shown, place, convention = (
        await asked.shown(None, parts=lambda past: past.councils),
        place_of(request, asked),
        asked.convention,
    )
    night = shown.night
    with showing(request.url.path):
        share = night_share(night, asked.publication.time_of(night.seq), convention, place)
        panel = share_panel(night, Widget(night.election, convention, at=asked.at), place)
        frame = frame_of(asked, place, shown, share, panel)
        query = request.query_params
        page = overview_page(asked.parts.environment, night, convention, shown.fragments, frame, query=query)
        return answered(request, asked, await asked.parts.turns.through(page))


@dashboard.get(addresses.FLIPS.path)
async def flips(request: Request, asked: AskedFor, order: str = "") -> Response:
    """Every change of control, in an `order`; it listens to the dashboard's channel."""
    shown, place = await asked.shown(None, parts=lambda _: ()), place_of(request, asked)
    night, convention = shown.night, asked.convention
    with showing(request.url.path):
        share = flips_share(night, asked.publication.time_of(night.seq), convention, place)
        frame = frame_of(asked, place, shown, share)
        page = flips_page(asked.parts.environment, night, convention, shown.fragments, frame, order=order)
        return answered(request, asked, await asked.parts.turns.through(page))


@dashboard.get(addresses.TO_WATCH.path)
async def to_watch(request: Request, asked: AskedFor, region: str = "", order: str = "") -> Response:
    """Councils to watch, of all or of a `region`, in an `order`; it listens to the dashboard's channel."""
    shown, place = await asked.shown(None, parts=lambda _: ()), place_of(request, asked)
    night, convention = shown.night, asked.convention
    with showing(request.url.path):
        share = to_watch_share(night, asked.publication.time_of(night.seq), convention, place)
        frame = frame_of(asked, place, shown, share)
        of = night, convention, shown.fragments, frame
        page = to_watch_page(asked.parts.environment, *of, region=region, order=order_of(order))
        return answered(request, asked, await asked.parts.turns.through(page))


@dashboard.get(addresses.SCOREBOARD.path)
async def scoreboard(request: Request, asked: AskedFor) -> Response:
    """What the councils add up to that the query asks for, as a part of the dashboard."""
    with showing(request.url.path):
        query = BoardQuery.read(request.query_params).known_to(asked.night.election)
        parts = asked.parts
        rehearsal = parts.settings.rehearsal
        part = asked_scoreboard(parts.environment, asked.night, asked.convention, query, rehearsal=rehearsal)
        return answered(request, asked, part)


@dashboard.get(addresses.NIGHT_STORY.path)
async def night_story(request: Request, asked: AskedFor) -> Response:
    """The night so far, as a part of the dashboard."""
    with showing(request.url.path):
        rehearsal = asked.parts.settings.rehearsal
        part = night_story_part(asked.parts.environment, asked.night, asked.convention, rehearsal=rehearsal)
        return answered(request, asked, part)


@dashboard.get(addresses.COUNCIL_STORY.path)
async def council_story(request: Request, asked: AskedFor, council_id: str) -> Response:
    """The story of a council, as a part of its page."""
    asked.night.election.council(council_id)
    with showing(request.url.path):
        rehearsal = asked.parts.settings.rehearsal
        part = council_story_part(
            asked.parts.environment, asked.night, council_id, asked.convention, rehearsal=rehearsal
        )
        return answered(request, asked, part)


@dashboard.get(addresses.COUNCIL.path)
async def council(request: Request, asked: AskedFor, council_id: str) -> Response:
    """A council; where it has many contests, the query narrows their list."""
    query, place, convention = request.query_params, place_of(request, asked), asked.convention
    shown = await asked.shown(council_id, parts=lambda past: contests_on_page(past, council_id, query))
    night = shown.night
    with showing(request.url.path):
        share = council_share(night, council_id, convention, place)
        panel = share_panel(night, Widget(night.election, convention, council_id, at=asked.at), place)
        frame = frame_of(asked, place, shown, share, panel, council_id)
        page = council_page(asked.parts.environment, night, council_id, convention, shown.fragments, frame, query=query)
    return answered(request, asked, page)


@dashboard.get(addresses.CONTEST.path)
async def contest(request: Request, asked: AskedFor, ballot_id: str) -> Response:
    """A contest; it listens to its council's channel."""
    council_id = asked.night.election.contest(ballot_id).council_id
    shown, place = await asked.shown(council_id, parts=lambda _: [ballot_id]), place_of(request, asked)
    night, convention = shown.night, asked.convention
    with showing(request.url.path):
        share = contest_share(night, ballot_id, convention, place)
        frame = frame_of(asked, place, shown, share, council_id=council_id)
        page = contest_page(asked.parts.environment, night, ballot_id, convention, shown.fragments, frame)
    return answered(request, asked, page)


@dashboard.get(addresses.PARTIES.path)
async def parties(asked: AskedFor) -> Response:
    """The colours of an election's parties, as classes."""
    headers = {"Access-Control-Allow-Origin": "*"}
    return Response(party_stylesheet(asked.night.election), media_type="text/css", headers=headers)


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
    frame = PageFrame(rehearsal=parts_of(request).settings.rehearsal)
    page = error_page(
        request.app.state.environment, problem.status, problem.detail, frame, meant=_meant(request, problem)
    )
    return HTMLResponse(page, problem.status, headers=problem.headers)


def _meant(request: Request, problem: Problem) -> list[tuple[str, str]]:
    """Name and address of each party that a path which names one may mean; none where no path does."""
    led = addresses.parse(request.url.path)
    if led is None or led.slug is None or led.party is None:
        return []
    query = f"?{request.url.query}" if request.url.query else ""
    return [
        (party["name"], f"{led.address.to(slug=led.slug, party=party['party_id'])}{query}")
        for party in problem.members.get("parties", ())
    ]
