"""What readers look for: as a page, which needs no script, and as JSON for the field on every page.

What somebody types is theirs: no answer is kept, here or on the way, and no address that they go to learns of it.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.addresses import FIND, FIND_ANYWHERE, FIND_ANYWHERE_OPTIONS, FIND_OPTIONS
from app.domain.election import Convention
from app.domain.finder import LONGEST_TYPED, Finder, finder_of
from app.domain.letters import legible
from app.domain.night import Night
from app.pages.finder.view import MOST_ON_PAGE, MOST_OPTIONS, FinderSection, finder_page, options, section
from app.pages.frame import PageFrame
from app.projection.publication import Publication
from app.web.parts import Asked, AskedFor, Parts, own_address, parts_of
from app.web.past import answered, as_at_of, as_at_of_all, past_of

finding = APIRouter(include_in_schema=False)

Typed = Annotated[str, Query(alias="q")]

UNTOLD = {"Referrer-Policy": "no-referrer"}
"""A proxy may log where a reader comes from: not from an address that says what was looked for."""


@finding.get(FIND.path)
async def find(request: Request, asked: AskedFor, q: Typed = "") -> Response:
    """What is found in an election."""
    typed = _typed(q)
    found = await _in_one(asked, typed, MOST_ON_PAGE)
    frame = PageFrame(
        asked.night.election,
        rehearsal=asked.parts.settings.rehearsal,
        past=past_of(asked, f"{own_address(request)}{FIND.to(slug=asked.night.election.slug)}"),
        as_at=as_at_of(asked, asked.night),
        convention=asked.chosen,
    )
    page = answered(request, asked, finder_page(asked.parts.environment, [found], typed, frame))
    page.headers.update(UNTOLD)
    return page


@finding.get(FIND_OPTIONS.path)
async def find_options(asked: AskedFor, q: Typed = "") -> Response:
    """The same for the field."""
    found = await _in_one(asked, _typed(q), MOST_OPTIONS)
    return JSONResponse(options([found], rehearsal=asked.parts.settings.rehearsal, at=asked.at), headers=UNTOLD)


@finding.get(FIND_ANYWHERE.path)
async def find_anywhere(request: Request, q: Typed = "") -> Response:
    """What is found in all elections there are, the newest first."""
    parts, typed = parts_of(request), _typed(q)
    found = await _in_all(parts, typed, MOST_ON_PAGE)
    frame = PageFrame(rehearsal=parts.settings.rehearsal, as_at=as_at_of_all(parts))
    return HTMLResponse(finder_page(parts.environment, found, typed, frame), headers=UNTOLD)


@finding.get(FIND_ANYWHERE_OPTIONS.path)
async def find_anywhere_options(request: Request, q: Typed = "") -> Response:
    """The same for the field."""
    parts = parts_of(request)
    found = await _in_all(parts, _typed(q), MOST_OPTIONS)
    return JSONResponse(options(found, rehearsal=parts.settings.rehearsal), headers=UNTOLD)


def _typed(q: str) -> str:
    return legible(q)[:LONGEST_TYPED].strip()


async def _in_one(asked: Asked, typed: str, most: int) -> FinderSection:
    return await _section(asked.parts, asked.publication, typed, asked.night, asked.convention, most)


async def _in_all(parts: Parts, typed: str, most: int) -> list[FinderSection]:
    newest_first = sorted(parts.newsroom.publications, key=lambda it: it.election.polling_date, reverse=True)
    each = -(-most // max(1, len(newest_first)))
    return [
        await _section(parts, it, typed, it.night, it.election.chosen_convention(None), each) for it in newest_first
    ]


async def _section(
    parts: Parts, publication: Publication, typed: str, night: Night, convention: Convention, most: int
) -> FinderSection:
    finder: Finder = await parts.kept.of_catalogue(publication, Finder, finder_of)
    postcodes = await parts.postcodes.of(publication.election.slug)
    return section(finder, postcodes, typed, night, convention, most=most)
