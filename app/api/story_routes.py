"""The stories over HTTP: of the night, and of each council."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.addresses import API_COUNCIL_STORY, API_NIGHT_STORY
from app.api.story import Linked, council_story_view, night_story_view
from app.api.values import JsonObject, marked
from app.domain.election import Convention
from app.pages.past import with_moment
from app.pages.story.linked import linked
from app.web.errors import PROBLEMS
from app.web.parts import Asked, AskedFor
from app.wording.marks import TEST_MARK
from app.wording.story.houses import House, convention_of, house_of
from app.wording.story.text import Sentence

stories = APIRouter(tags=["results"])

AS_TEXT: Mapping[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
"""What else they answer with, for the schema."""

StyleAsked = Annotated[House | None, Query(description="In the style of this house, and by its convention.")]
FormatAsked = Annotated[Literal["json", "text"], Query(alias="format", description="`text`: the sentences alone.")]


@stories.get(API_NIGHT_STORY.path, responses={**PROBLEMS, **AS_TEXT})
async def read_night_story(
    request: Request, asked: AskedFor, style: StyleAsked = None, as_what: FormatAsked = "json"
) -> Response:
    """The night so far, in three to six sentences."""
    convention, house = _told_by(request, asked, style)
    epoch = asked.publication.epoch
    view = night_story_view(asked.night, convention, house, _linked(asked, convention), epoch=epoch)
    return _answer(asked, view, as_what)


@stories.get(API_COUNCIL_STORY.path, responses={**PROBLEMS, **AS_TEXT})
async def read_council_story(
    request: Request, asked: AskedFor, council_id: str, style: StyleAsked = None, as_what: FormatAsked = "json"
) -> Response:
    """A council's story: a headline and its paragraphs."""
    asked.night.election.council(council_id)
    convention, house = _told_by(request, asked, style)
    view = council_story_view(asked.night, council_id, convention, house, _linked(asked, convention))
    return _answer(asked, view, as_what)


def _answer(asked: Asked, view: JsonObject, as_what: str) -> Response:
    rehearsal = asked.parts.settings.rehearsal
    if as_what == "text":
        return PlainTextResponse(f"{TEST_MARK if rehearsal else ''}{view['text']}\n")
    return JSONResponse(marked(view, rehearsal=rehearsal, past=asked.moment))


def _told_by(request: Request, asked: Asked, style: House | None) -> tuple[Convention, House]:
    """By which convention and in which style: a house has its own convention, unless another is asked for."""
    if style is None:
        return asked.convention, house_of(asked.convention)
    is_chosen = "convention" in request.query_params
    return asked.convention if is_chosen else convention_of(asked.night.election, style), style


def _linked(asked: Asked, convention: Convention) -> Linked:
    """Sentences that lead to our pages, as of the same moment."""

    def at_that_moment(sentence: Sentence) -> str:
        html = linked(asked.night.election, convention, sentence)
        return html if asked.at is None else with_moment(html, "", asked.at)

    return at_that_moment
