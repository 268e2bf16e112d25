"""The pages of rankings over HTTP; they listen to the dashboard's channel."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import RANKING, RANKINGS
from app.domain.rankings import Ranking, RankingQuery
from app.pages.addresses import ranking_url, rankings_url
from app.pages.embed.embedding import oembed_url
from app.pages.environment import showing
from app.pages.frame import PageFrame
from app.pages.rankings.view import ranking_page, rankings_page
from app.pages.sharing import Place, ranking_share
from app.web.parts import Asked, AskedFor, Shown, not_current_line, own_address
from app.web.past import answered, as_at_of, past_of
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
    night, publication = shown.night, asked.publication
    rehearsal = asked.parts.settings.rehearsal
    place = Place(own_address(request), publication.epoch, rehearsal=rehearsal, at=asked.at)
    at = publication.time_of(night.seq)
    share = ranking_share(night, at, asked.convention, place, title=title, description=description, path=path)
    return PageFrame(
        night.election,
        live_url=shown.live_url,
        canonical_url=share.canonical,
        rehearsal=rehearsal,
        not_current=not_current_line(asked),
        past=past_of(asked, share.canonical),
        as_at=as_at_of(asked, night),
        share=share,
        oembed=oembed_url(place.address, share.url),
        convention=asked.chosen,
    )
