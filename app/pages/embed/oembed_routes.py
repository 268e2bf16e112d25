"""What editors' systems ask for when somebody pastes our address (oEmbed), and the script that loads widgets."""

from typing import Annotated
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.addresses import LOADER, OEMBED, WITH_A_WIDGET, parse
from app.api.values import marked
from app.domain.party_night import party_night
from app.pages.embed.embedding import Widget
from app.pages.embed.embedding import oembed as oembed_answer
from app.pages.embed.routes import choice
from app.pages.embed.widget import Choice, Live, Show, Theme
from app.pages.environment import assets_of
from app.pages.sharing import Place, Share, contest_share, council_share, night_share, party_share
from app.web.errors import Problem
from app.web.framing import place_of
from app.web.parts import Asked, Digits, asked, digits, own_address, parts_of

embedding = APIRouter(include_in_schema=False)

ANYBODY = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

LONGEST_URL = 2048

DEFAULT_PORTS = {"http": 80, "https": 443}


@embedding.get(LOADER.path)
async def loader(request: Request) -> Response:
    """The loader, at an address that stays."""
    script = assets_of(parts_of(request).environment).content("js/embed/embed.js")
    return Response(script, media_type="text/javascript", headers=ANYBODY)


@embedding.get(OEMBED.path)
async def oembed(
    request: Request,
    url: Annotated[str, Query(max_length=LONGEST_URL)],
    # ``format`` is oEmbed's name for it.
    answer_format: Annotated[str, Query(alias="format")] = "json",
    maxwidth: Annotated[int | None, Digits, Query(ge=1, le=100_000)] = None,
    maxheight: Annotated[int | None, Digits, Query(ge=1, le=100_000)] = None,
) -> Response:
    """As oEmbed 1.0 has it. 404 for an address that is not ours or shows nothing, 501 for another format than JSON."""
    if answer_format != "json":
        raise Problem(501, f"oEmbed is answered as json here, not as “{answer_format}”.")
    address = own_address(request)
    widget, found, ballot_id = await _widget_at(request, _path_of_ours(url, address))
    place = place_of(request, found)
    night, share = found.night, await _share(found, widget, ballot_id, place)
    body = oembed_answer(place, night, widget, share, width=maxwidth, height=maxheight)
    return JSONResponse(marked(body, rehearsal=place.rehearsal), headers=ANYBODY)


def _path_of_ours(url: str, address: str) -> SplitResult:
    """``url`` with its path below our address; 404 where it is not below it. Whether by https or http is all one."""
    own = urlsplit(address)
    try:
        parts = urlsplit(url.strip())
        is_ours = parts.scheme in DEFAULT_PORTS and _host(parts) == _host(own) and parts.path.startswith(f"{own.path}/")
    except ValueError:
        raise Problem(404, f"{url} is no address.") from None
    if not is_ours:
        raise Problem(404, f"{url} is not an address of {address}.")
    return parts._replace(path=unquote(parts.path.removeprefix(own.path)).rstrip("/"))


def _host(url: SplitResult) -> tuple[str | None, int | None]:
    """Name and port, None for the port that its scheme has anyway; ValueError for a port that is none."""
    return url.hostname, None if url.port == DEFAULT_PORTS.get(url.scheme) else url.port


async def _widget_at(request: Request, url: SplitResult) -> tuple[Widget, Asked, str | None]:
    """The widget of a page, or the widget itself, with the options in its query; what else stands there is left out.

    With it the contest, if the page is one’s: its widget is its council’s.
    """
    parsed = parse(url.path)
    if parsed is None or parsed.address not in WITH_A_WIDGET or parsed.slug is None:
        raise Problem(404, f"There is nothing to embed at {url.path or '/'}.")
    query = dict(parse_qsl(url.query))
    found = await asked(request, parsed.slug, query.get("convention"), _moment(query.get("at")), query.get("epoch"))
    election = found.night.election
    council_id, ballot_id = parsed.council_id, parsed.ballot_id
    group = election.group_named(parsed.party) if parsed.party is not None else ""
    if ballot_id is not None:
        council_id = election.contest(ballot_id).council_id
    if council_id is not None:
        election.council(council_id)
    chosen = Choice()
    if council_id is None and not group:
        chosen = await choice(found, query.get("region", ""), query.get("councils", ""))
    try:
        theme, live = Theme(query.get("theme", Theme.AUTO)), Live(query.get("live", Live.AUTO))
        # The page that shows a map stands for the widget that does.
        show = Show(query.get("show", Show.TILES if query.get("view") == "tiles" else Show.ROWS))
    except ValueError as error:
        raise Problem(422, f"The widget’s theme, live or show: {error}.") from None
    widget = Widget(election, found.convention, council_id, theme, live, chosen, found.at, show, group)
    return widget, found, ballot_id


def _moment(at: str | None) -> int | None:
    """The entry that an address names; 422 for what is none."""
    try:
        return None if at is None else int(digits(at))
    except ValueError as error:
        raise Problem(422, f"at: {error}") from None


async def _share(found: Asked, widget: Widget, ballot_id: str | None, place: Place) -> Share:
    night = found.night
    if ballot_id is not None:
        return contest_share(night, ballot_id, found.convention, place)
    if widget.council_id is not None:
        return council_share(night, widget.council_id, found.convention, place)
    if widget.group:
        party = await found.parts.turns.through(party_night(night, widget.group, found.convention.key))
        return party_share(night, party, found.publication.time_of(night.seq), found.convention, place)
    return night_share(night, found.publication.time_of(night.seq), found.convention, place)
