"""The widgets over HTTP: pages for anybody's frame, that keep nothing in a browser and ask nobody else."""

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.addresses import COUNCIL_WIDGET, OVERVIEW_WIDGET, PARTY_WIDGET
from app.domain.night import Night
from app.pages.embed.embedding import Widget, oembed_url
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


async def look(theme: Theme = Theme.AUTO, live: Live = Live.AUTO) -> Look:
    """422 for a theme or a way of updating that is none."""
    return Look(theme, live)


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
    last = night.councils[council_id].last
    widget = Widget(night.election, asked.convention, council_id, look.theme, look.live, at=asked.at)
    frame = _frame(request, asked, shown, widget, asked.publication.time_of(last.seq if last else 0))
    with showing(request.url.path):
        page = council_widget(asked.parts.environment, night, council_id, asked.convention, shown.fragments, frame)
    return answered(request, asked, page)


@embeds.get(OVERVIEW_WIDGET.path)
async def overview(
    request: Request, asked: AskedFor, look: LookAsked, choice: ChoiceAsked, show: Show = Show.ROWS
) -> Response:
    """The night, or the councils of a region, or those that are named; in rows or as a map."""
    shown = await asked.shown(None, parts=lambda past: _rows_of(past, choice, show))
    night = shown.night
    widget = Widget(night.election, asked.convention, None, look.theme, look.live, choice, asked.at, show)
    frame = _frame(request, asked, shown, widget, asked.publication.time_of(night.seq))
    with showing(request.url.path):
        draw = tiles_widget if show is Show.TILES else overview_widget
        page = draw(asked.parts.environment, night, asked.convention, shown.fragments, frame, choice)
    return answered(request, asked, page)


@embeds.get(PARTY_WIDGET.path)
async def party(request: Request, asked: AskedFor, look: LookAsked, party: str) -> Response:
    """One party, by id or short name: it asks for itself, as nothing of it is pushed."""
    shown = await asked.shown(None, parts=lambda _: ())
    night, convention = shown.night, asked.convention
    group = night.election.group_named(party)
    widget = Widget(night.election, convention, None, look.theme, look.live, at=asked.at, group=group)
    frame = _frame(request, asked, shown, widget, asked.publication.time_of(night.seq))
    asking = replace(frame, live_url=None, live=Live.OFF if frame.live is Live.OFF else Live.POLL)
    with showing(request.url.path):
        page = party_widget(asked.parts.environment, night, convention, asking, group)
        return answered(request, asked, await asked.parts.turns.through(page))


def _rows_of(past: Night, choice: Choice, show: Show) -> list[str]:
    """The councils whose rows it holds: a map has none."""
    return [] if show is Show.TILES else [state.council_id for state in choice.listed(past.councils.values())]


def widget_error_response(request: Request, problem: Problem) -> Response:
    """What went wrong, as a widget that can be framed."""
    page = widget_error(
        request.app.state.environment,
        HTTPStatus(problem.status).phrase if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "Nothing to show",
        problem.detail,
    )
    return HTMLResponse(page, problem.status, headers=problem.headers)


def _frame(request: Request, asked: Asked, shown: Shown, widget: Widget, at: datetime | None) -> WidgetFrame:
    address = own_address(request)
    is_live = asked.past is None and widget.live in (Live.AUTO, Live.SOCKET)
    # What is chosen for a map has no fragments of its own, which would say when it is final no more.
    is_told = asked.past is None and (widget.show is Show.ROWS or widget.choice.is_all)
    return WidgetFrame(
        widget.election,
        address=f"{address}{widget.page_path}",
        live_url=shown.live_url if is_live else None,
        at=at,
        final=final(widget.election, widget.shown(shown.night)) if is_told else "",
        oembed=oembed_url(address, f"{address}{widget.path}"),
        theme=widget.theme,
        live=widget.live if asked.past is None else Live.OFF,
        rehearsal=asked.parts.settings.rehearsal,
        not_current=not_current_line(asked),
        past=past_of(asked, f"{address}{widget.page_now}"),
    )
