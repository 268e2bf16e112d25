"""The smaller widgets over HTTP."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import CONTEST_WIDGET, LINE_WIDGET, NUMBER_WIDGET, SCOREBOARD_WIDGET, TICKER_WIDGET
from app.domain.election import NO_OVERALL_CONTROL
from app.pages.embed.parts import contest_widget, line_widget, number_widget, scoreboard_widget, ticker_widget
from app.pages.embed.routes import LookAsked, frame_of_widget, widget_of
from app.pages.embed.widget import Show, WidgetPart
from app.pages.environment import showing
from app.web.errors import Problem
from app.web.parts import Asked, AskedFor, group_asked
from app.web.past import answered
from app.wording.numbers import OF_A_PARTY, OF_SEATS, Number

smaller_embeds = APIRouter(include_in_schema=False)


@smaller_embeds.get(SCOREBOARD_WIDGET.path)
async def scoreboard(request: Request, asked: AskedFor, look: LookAsked) -> Response:
    """The parties."""
    shown = await asked.shown(None, parts=lambda _: ())
    frame = frame_of_widget(request, asked, shown, widget_of(asked, look, shown.night, part=WidgetPart.SCOREBOARD))
    with showing(request.url.path):
        page = scoreboard_widget(asked.parts.environment, shown.night, asked.convention, shown.fragments, frame)
    return answered(request, asked, page)


@smaller_embeds.get(TICKER_WIDGET.path)
async def ticker(request: Request, asked: AskedFor, look: LookAsked, show: Show = Show.ROWS) -> Response:
    """The newest lines; `show=all`: as many as the dashboard has."""
    if show is Show.TILES:
        raise Problem(422, "show: a ticker shows its newest lines, or all of them.")
    shown = await asked.shown(None, parts=lambda _: ())
    frame = frame_of_widget(
        request, asked, shown, widget_of(asked, look, shown.night, part=WidgetPart.TICKER, show=show)
    )
    with showing(request.url.path):
        page = ticker_widget(asked.parts.environment, shown.night, shown.fragments, frame, show)
    return answered(request, asked, page)


@smaller_embeds.get(LINE_WIDGET.path)
async def line(request: Request, asked: AskedFor, look: LookAsked, council_id: str) -> Response:
    """One council in a line."""
    shown = await asked.shown(council_id, parts=lambda _: ())
    night = shown.night
    frame = frame_of_widget(
        request, asked, shown, widget_of(asked, look, night, council_id=council_id, part=WidgetPart.LINE)
    )
    with showing(request.url.path):
        page = line_widget(asked.parts.environment, night, council_id, asked.convention, shown.fragments, frame)
    return answered(request, asked, page)


@smaller_embeds.get(CONTEST_WIDGET.path)
async def contest(request: Request, asked: AskedFor, look: LookAsked, ballot_id: str) -> Response:
    """One contest."""
    council_id = asked.night.election.contest(ballot_id).council_id
    shown = await asked.shown(council_id, parts=lambda _: [ballot_id])
    night = shown.night
    of = widget_of(asked, look, night, council_id=council_id, part=WidgetPart.CONTEST, ballot_id=ballot_id)
    frame = frame_of_widget(request, asked, shown, of)
    with showing(request.url.path):
        page = contest_widget(asked.parts.environment, night, ballot_id, shown.fragments, frame)
    return answered(request, asked, page)


@smaller_embeds.get(NUMBER_WIDGET.path)
async def number(request: Request, asked: AskedFor, look: LookAsked, number: str, party: str = "") -> Response:
    """One number, of the night or of a `party`; it asks for itself, as nothing of it is pushed."""
    found, group = number_asked(asked, number, party)
    shown = await asked.shown(None, parts=lambda _: ())
    of = widget_of(asked, look, shown.night, part=WidgetPart.NUMBER, number=found, group=group)
    frame = frame_of_widget(request, asked, shown, of).asking()
    with showing(request.url.path):
        page = number_widget(asked.parts.environment, shown.night, asked.convention, frame, found, group)
    return answered(request, asked, page)


def number_asked(asked: Asked, number: str, party: str) -> tuple[Number, str]:
    """The number, and the reporting group that it is of; 404 for what is no number, 422 where a party is wanted."""
    try:
        found = Number(number)
    except ValueError:
        raise Problem(404, f"There is no number “{number}”; there are {', '.join(Number)}.") from None
    if found not in OF_A_PARTY:
        return found, ""
    if not party:
        raise Problem(422, f"party: say of which, such as /number/{found}?party=LAB.")
    group = group_asked(asked, party)
    if group == NO_OVERALL_CONTROL and found in OF_SEATS:
        raise Problem(422, "party: no overall control holds no seats.")
    return found, group
