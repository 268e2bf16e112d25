"""What editors' systems ask for when somebody pastes our address (oEmbed), and the script that loads widgets."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.addresses import CONTEST, LOADER, OEMBED, WITH_A_WIDGET, Parsed, parse
from app.api.values import marked
from app.domain.party_night import party_night
from app.pages.embed.embedding import oembed as oembed_answer
from app.pages.embed.options import PART_WIDGETS, Widget
from app.pages.embed.part_routes import number_asked
from app.pages.embed.routes import Look, choice, look, widget_of
from app.pages.embed.widget import Live, Show, Theme, WidgetPart
from app.pages.environment import assets_of
from app.pages.sharing import Place, Share, contest_share, council_share, night_share, party_share
from app.web.errors import Problem
from app.web.framing import place_of
from app.web.parts import Asked, Digits, asked, digits, own_address, parts_of

embedding = APIRouter(include_in_schema=False)

ANYBODY = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

LONGEST_URL = 2048

PARTS = {CONTEST: WidgetPart.CONTEST, **{address: part for part, address in PART_WIDGETS.items()}}
"""Addresses whose widget is not of all of a night, a council or a party."""

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
    widget, found = await _widget_at(request, _path_of_ours(url, address))
    place = place_of(request, found)
    night, share = found.night, await share_of(found, widget, place)
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


async def _widget_at(request: Request, url: SplitResult) -> tuple[Widget, Asked]:
    """The widget of a page, or the widget itself, with the options in its query; what else stands there is left out."""
    parsed = parse(url.path)
    if parsed is None or parsed.address not in WITH_A_WIDGET or parsed.slug is None:
        raise Problem(404, f"There is nothing to embed at {url.path or '/'}.")
    query = dict(parse_qsl(url.query))
    found = await asked(request, parsed.slug, query.get("convention"), _moment(query.get("at")), query.get("epoch"))
    look = await _look(query)
    part = PARTS.get(parsed.address, WidgetPart.ALL)
    of = await _of(found, parsed, part, query)
    return widget_of(found, look, found.night, part=part, **of), found


async def _of(found: Asked, parsed: Parsed, part: WidgetPart, query: Mapping[str, str]) -> dict[str, Any]:
    """What it is of, by its path and its query."""
    election = found.night.election
    if parsed.ballot_id is not None:
        return {"council_id": election.contest(parsed.ballot_id).council_id, "ballot_id": parsed.ballot_id}
    if parsed.council_id is not None:
        return {"council_id": election.council(parsed.council_id).council_id}
    if parsed.party is not None:
        return {"group": election.group_named(parsed.party)}
    if parsed.number is not None:
        number, group = number_asked(found, parsed.number, query.get("party", ""))
        return {"number": number, "group": group}
    try:
        # The page that shows a map stands for the widget that does.
        show = Show(query.get("show", Show.TILES if query.get("view") == "tiles" else Show.ROWS))
    except ValueError as error:
        raise Problem(422, f"The widget’s show: {error}.") from None
    if part is not WidgetPart.ALL:
        return {"show": show if part is WidgetPart.TICKER else Show.ROWS}
    return {"show": show, "choice": await choice(found, query.get("region", ""), query.get("councils", ""))}


async def _look(query: Mapping[str, str]) -> Look:
    try:
        theme, live = Theme(query.get("theme", Theme.AUTO)), Live(query.get("live", Live.AUTO))
    except ValueError as error:
        raise Problem(422, f"The widget’s theme or live: {error}.") from None
    return await look(theme, live, query.get("background", ""), query.get("accent", ""))


def _moment(at: str | None) -> int | None:
    """The entry that an address names; 422 for what is none."""
    try:
        return None if at is None else int(digits(at))
    except ValueError as error:
        raise Problem(422, f"at: {error}") from None


async def share_of(found: Asked, widget: Widget, place: Place) -> Share:
    """What the page behind a widget says of itself, with its picture."""
    night, convention = found.night, found.convention
    if widget.ballot_id:
        return contest_share(night, widget.ballot_id, convention, place)
    if widget.council_id is not None:
        return council_share(night, widget.council_id, convention, place)
    if widget.is_of_party:
        party = await found.parts.turns.through(party_night(night, widget.group, convention.key))
        return party_share(night, party, found.publication.time_of(night.seq), convention, place)
    return night_share(night, found.publication.time_of(night.seq), convention, place)
