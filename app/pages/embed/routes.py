"""The widgets over HTTP: pages for anybody's frame, that keep nothing in a browser and ask nobody else."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.addresses import COUNCIL_WIDGET, OVERVIEW_WIDGET, PARTY_WIDGET, WIDGET_COLOURS
from app.domain.night import Night
from app.pages.embed.colours import ArticleColours, colours_url
from app.pages.embed.embedding import oembed_url
from app.pages.embed.options import Widget
from app.pages.embed.widget import (
    Choice,
    Live,
    Show,
    Theme,
    WidgetFrame,
    council_widget,
    overview_widget,
    tiles_widget,
    widget_error,
)
from app.pages.environment import showing
from app.pages.parties.view import party_widget
from app.web.errors import Problem
from app.web.parts import Asked, AskedFor, Shown, not_current_line, own_address
from app.web.past import answered, past_of
from app.wording.as_at import final

embeds = APIRouter(include_in_schema=False)

MOST_COUNCILS = 400
"""Ids that one address may name."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a widget is asked to look and to keep current."""

    theme: Theme
    live: Live
    colours: ArticleColours


async def look(theme: Theme = Theme.AUTO, live: Live = Live.AUTO, background: str = "", accent: str = "") -> Look:
    """422 for a theme, a way of updating or a colour that is none."""
    return Look(theme, live, colours_read(background, accent))


def colours_read(background: str, accent: str) -> ArticleColours:
    """An article's colours; 422 for what is none."""
    try:
        return ArticleColours.read(background, accent)
    except ValueError as error:
        raise Problem(422, str(error)) from None


LookAsked = Annotated[Look, Depends(look)]


async def choice(asked: AskedFor, region: str = "", councils: str = "") -> Choice:
    """422 for a region that there isn't, 404 for a council."""
    election, chosen = asked.night.election, Choice.read(region, councils)
    if len(chosen.councils) > MOST_COUNCILS:
        raise Problem(422, f"councils: {len(chosen.councils)} are too many for one widget; name a region.")
    for council_id in chosen.councils:
        election.council(council_id)
    regions = sorted({council.region for council in election.councils.values()} - {""})
    if region and region not in regions:
        known = f"one of {', '.join(regions)}" if regions else "this election names none"
        raise Problem(422, f"region: there is no “{region}” here; {known}.")
    return chosen


ChoiceAsked = Annotated[Choice, Depends(choice)]


@embeds.get(COUNCIL_WIDGET.path)
async def council(request: Request, asked: AskedFor, look: LookAsked, council_id: str) -> Response:
    """One council."""
    shown = await asked.shown(council_id, parts=lambda _: ())
    night = shown.night
    frame = frame_of_widget(request, asked, shown, widget_of(asked, look, night, council_id=council_id))
    with showing(request.url.path):
        page = council_widget(asked.parts.environment, night, council_id, asked.convention, shown.fragments, frame)
    return answered(request, asked, page)


@embeds.get(OVERVIEW_WIDGET.path)
async def overview(
    request: Request, asked: AskedFor, look: LookAsked, choice: ChoiceAsked, show: Show = Show.ROWS
) -> Response:
    """The night, or the councils of a region, or those that are named; in short, in rows or as a map."""
    shown = await asked.shown(None, parts=lambda past: _rows_of(past, choice, show))
    night = shown.night
    frame = frame_of_widget(request, asked, shown, widget_of(asked, look, night, choice=choice, show=show))
    environment, convention = asked.parts.environment, asked.convention
    with showing(request.url.path):
        if show is Show.TILES:
            page = tiles_widget(environment, night, convention, shown.fragments, frame, choice)
        else:
            page = overview_widget(environment, night, convention, shown.fragments, frame, choice, show)
    return answered(request, asked, page)


@embeds.get(PARTY_WIDGET.path)
async def party(request: Request, asked: AskedFor, look: LookAsked, party: str) -> Response:
    """One party, by id or short name: it asks for itself, as nothing of it is pushed."""
    shown = await asked.shown(None, parts=lambda _: ())
    night, convention = shown.night, asked.convention
    group = night.election.group_named(party)
    frame = frame_of_widget(request, asked, shown, widget_of(asked, look, night, group=group)).asking()
    with showing(request.url.path):
        page = party_widget(asked.parts.environment, night, convention, frame, group)
        return answered(request, asked, await asked.parts.turns.through(page))


@embeds.get(WIDGET_COLOURS.path)
async def colours(asked: AskedFor, background: str = "", accent: str = "") -> Response:
    """An article's own colours, as a stylesheet."""
    found = colours_read(background, accent)
    return Response(found.stylesheet(asked.night.election), media_type="text/css")


def _rows_of(past: Night, choice: Choice, show: Show) -> list[str]:
    """The councils whose rows it holds: a map has none."""
    return [state.council_id for state in choice.listed(past.councils.values(), show) if show is not Show.TILES]


def widget_error_response(request: Request, problem: Problem) -> Response:
    """What went wrong, as a widget that can be framed."""
    page = widget_error(
        request.app.state.environment,
        HTTPStatus(problem.status).phrase if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "Nothing to show",
        problem.detail,
    )
    return HTMLResponse(page, problem.status, headers=problem.headers)


def widget_of(asked: Asked, look: Look, night: Night, **of: Any) -> Widget:
    """What is asked for, as it is asked to look; ``of`` says what it is of."""
    return Widget(
        night.election, asked.convention, theme=look.theme, live=look.live, colours=look.colours, at=asked.at, **of
    )


def frame_of_widget(request: Request, asked: Asked, shown: Shown, widget: Widget) -> WidgetFrame:
    """What stands around it; its time is that of the last entry about its council, or of the night."""
    address, night = own_address(request), shown.night
    is_live = asked.past is None and widget.live in (Live.AUTO, Live.SOCKET)
    last = night.councils[widget.council_id].last if widget.council_id is not None else None
    seq = night.seq if widget.council_id is None else last.seq if last is not None else 0
    # What is chosen for a map has no fragments of its own, which would say when it is final no more.
    is_told = asked.past is None and (widget.show is not Show.TILES or widget.choice.is_all)
    return WidgetFrame(
        widget.election,
        address=f"{address}{widget.page_path}",
        live_url=shown.live_url if is_live else None,
        at=asked.publication.time_of(seq),
        final=final(widget.election, widget.shown(night)) if is_told else "",
        oembed=oembed_url(address, f"{address}{widget.path}"),
        theme=Theme(widget.colours.theme or widget.theme),
        live=widget.live if asked.past is None else Live.OFF,
        rehearsal=asked.parts.settings.rehearsal,
        not_current=not_current_line(asked),
        past=past_of(asked, f"{address}{widget.page_now}"),
        colours=colours_url(widget.election, widget.colours),
    )
