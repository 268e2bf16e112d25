"""The pages of parties over HTTP; they listen to the dashboard's channel."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import ALL_PARTIES, PARTY
from app.domain.party_night import party_night
from app.pages.addresses import all_parties_url
from app.pages.embed.embedding import share_panel
from app.pages.embed.options import Widget
from app.pages.environment import showing
from app.pages.parties.view import parties_page, party_page
from app.pages.sharing import page_share, party_share
from app.web.framing import frame_of, place_of
from app.web.parts import AskedFor
from app.web.past import answered
from app.wording.party_night import party_sentences, told_alone

party_pages = APIRouter(include_in_schema=False)


@party_pages.get(ALL_PARTIES.path)
async def all_parties(request: Request, asked: AskedFor) -> Response:
    """Which parties there are."""
    shown, place = await asked.shown(None, parts=lambda _: ()), place_of(request, asked)
    night, convention = shown.night, asked.convention
    at, path = asked.publication.time_of(night.seq), all_parties_url(night.election, convention)
    with showing(request.url.path):
        about = "Every party, with its councils and seats."
        share = page_share(night, at, convention, place, title="Parties", description=about, path=path)
        frame = frame_of(asked, place, shown, share)
        page = parties_page(asked.parts.environment, night, convention, shown.fragments, frame)
        return answered(request, asked, await asked.parts.turns.through(page))


@party_pages.get(PARTY.path)
async def one_party(request: Request, asked: AskedFor, party: str) -> Response:
    """A party, by id or short name: that which it is reported under. 404 for one that there is not."""
    shown, place = await asked.shown(None, parts=lambda _: ()), place_of(request, asked)
    night, convention = shown.night, asked.convention
    group = night.election.group_named(party)
    with showing(request.url.path):
        found = await asked.parts.turns.through(party_night(night, group, convention.key))
        at = asked.publication.time_of(night.seq)
        share = party_share(night, found, at, convention, place)
        line = told_alone(night, group, party_sentences(night, found)[0], at)
        widget = Widget(night.election, convention, group=group, at=asked.at)
        frame = frame_of(asked, place, shown, share, share_panel(night, widget, place, line))
        page = party_page(asked.parts.environment, night, convention, shown.fragments, frame, found)
        return answered(request, asked, await asked.parts.turns.through(page))
