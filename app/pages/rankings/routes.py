"""The pages of rankings over HTTP; they listen to the dashboard's channel."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import RANKING, RANKINGS
from app.domain.rankings import Ranking, RankingQuery
from app.pages.addresses import ranking_url, rankings_url
from app.pages.environment import showing
from app.pages.frame import PageFrame
from app.pages.rankings.view import ranking_page, rankings_page
from app.pages.sharing import page_share
from app.web.framing import frame_of, place_of
from app.web.parts import Asked, AskedFor, Shown
from app.web.past import answered
from app.wording.rankings import ranking_explained, ranking_name

ranking_pages = APIRouter(include_in_schema=False)


@ranking_pages.get(RANKINGS.path)
async def all_rankings(request: Request, asked: AskedFor) -> Response:
    """Which rankings there are."""
    shown = await asked.shown(None, parts=lambda _: ())
    path = rankings_url(asked.night.election, asked.convention)
    with showing(request.url.path):
        frame = _frame(request, asked, shown, "Rankings", "What the night can be ranked by.", path)
        page = rankings_page(asked.parts.environment, shown.night, asked.convention, shown.fragments, frame)
        return answered(request, asked, await asked.parts.turns.through(page))


@ranking_pages.get(RANKING.path)
async def one_ranking(
    request: Request, asked: AskedFor, ranking: str, party: str = "", region: str = "", council: str = ""
) -> Response:
    """A ranking, narrowed to a party, a region or a council; 404 for one that there is not."""
    which, convention = Ranking.named(ranking), asked.convention
    shown = await asked.shown(None, parts=lambda _: ())
    election = shown.night.election
    query = RankingQuery(party, region, council).known_to(election)
    with showing(request.url.path):
        name, explained = ranking_name(election, which), ranking_explained(election, which)
        frame = _frame(request, asked, shown, name, explained, ranking_url(election, which, convention))
        environment, fragments = asked.parts.environment, shown.fragments
        page = ranking_page(environment, shown.night, convention, fragments, frame, which, query)
        return answered(request, asked, await asked.parts.turns.through(page))


def _frame(request: Request, asked: Asked, shown: Shown, title: str, description: str, path: str) -> PageFrame:
    night, place = shown.night, place_of(request, asked)
    at = asked.publication.time_of(night.seq)
    share = page_share(night, at, asked.convention, place, title=title, description=description, path=path)
    return frame_of(asked, place, shown, share)
