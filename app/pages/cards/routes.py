"""Share cards over HTTP: the picture of a council or of the night, now or after any entry of the log."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import COUNCIL_CARD, FRESH_ENOUGH, IMMUTABLE, NIGHT_CARD
from app.domain.election import Convention
from app.drawing.drawer import NotDrawn, TooMany
from app.pages.cards.view import Card, CardLook, CardSize, council_card, night_card
from app.process.version import VERSION
from app.projection.history import time_of
from app.projection.publication import Publication
from app.web.errors import Problem
from app.web.negotiating import unchanged
from app.web.parts import Asked, AskedFor, Parts

cards = APIRouter(include_in_schema=False)

RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class CardState:
    """Which state is asked for: that after entry ``seq`` of the log ``epoch``; None: the newest."""

    size: CardSize
    seq: int | None
    epoch: str | None


async def picture_asked(
    size: CardSize = CardSize.WIDE, seq: Annotated[int | None, Query(ge=0, le=2**53)] = None, epoch: str | None = None
) -> CardState:
    """422 for a size or a sequence that is none."""
    return CardState(size, seq, epoch)


PictureAsked = Annotated[CardState, Depends(picture_asked)]


@cards.api_route(NIGHT_CARD.path, methods=["GET", "HEAD"])
async def night_picture(request: Request, asked: AskedFor, picture: PictureAsked) -> Response:
    """The scoreboard and how far the night is."""
    publication, parts = asked.publication, asked.parts
    seq = _sequence(publication, picture)

    def made() -> Card:
        night = parts.history.night(publication, seq)
        return night_card(parts.environment, night, time_of(publication, seq), asked.convention, _look(parts, picture))

    return await _answer(request, asked, picture, _CardSubject(None, seq), made)


@cards.api_route(COUNCIL_CARD.path, methods=["GET", "HEAD"])
async def council_picture(request: Request, asked: AskedFor, council_id: str, picture: PictureAsked) -> Response:
    """A council: badge, seats against the majority line, changes; while it is undecided, what is needed."""
    publication, parts = asked.publication, asked.parts
    publication.election.council(council_id)
    seq = _last_about(publication, council_id, _sequence(publication, picture))

    def made() -> Card:
        state = parts.history.council(publication, council_id, seq)
        return council_card(parts.environment, publication.election, state, asked.convention, _look(parts, picture))

    return await _answer(request, asked, picture, _CardSubject(council_id, seq), made)


@dataclass(frozen=True, slots=True)
class _CardSubject:
    """A council, or the night (None), after the last entry that is about it."""

    council_id: str | None
    seq: int


async def _answer(
    request: Request, asked: Asked, picture: CardState, subject: _CardSubject, made: Callable[[], Card]
) -> Response:
    publication, parts = asked.publication, asked.parts
    key = (publication.election.slug, publication.epoch, subject, asked.convention.key, picture.size)
    # A rehearsal’s picture says TEST: that must not be kept for the night itself.
    is_fixed = picture.seq is not None and picture.epoch is not None and not parts.settings.rehearsal
    headers = {
        "ETag": _etag(publication, subject, asked.convention, _look(parts, picture)),
        "Cache-Control": IMMUTABLE if is_fixed else FRESH_ENOUGH,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if known := unchanged(request.scope, headers):
        return known
    is_past = subject.seq < _last_about(publication, subject.council_id, publication.seq)
    try:
        png = await parts.pictures.picture(key, lambda: made().svg, is_past=is_past)
    except TooMany:
        raise _later("Too many pictures are waiting to be drawn.") from None
    except NotDrawn as error:
        raise _later(str(error)) from error
    return Response(png, media_type="image/png", headers=headers)


def _later(detail: str) -> Problem:
    return Problem(503, f"{detail} Try again in {RETRY_SECONDS} seconds.", headers={"Retry-After": str(RETRY_SECONDS)})


def _sequence(publication: Publication, picture: CardState) -> int:
    """The sequence that is asked for; 404 where this log has not, or not yet, got so far."""
    if picture.epoch is not None and picture.epoch != publication.epoch:
        raise Problem(404, "The log has begun anew since: there is no such epoch.")
    if picture.seq is None:
        return publication.seq
    if picture.seq > publication.seq:
        raise Problem(404, f"The log ends at entry {publication.seq}: there is no entry {picture.seq} yet.")
    return picture.seq


def _last_about(publication: Publication, council_id: str | None, seq: int) -> int:
    """The last entry about a council up to ``seq``: until the next one its card is the same."""
    if council_id is None:
        return seq
    if seq == publication.seq:
        last = publication.night.councils[council_id].last
        return last.seq if last else 0
    lines = publication.log[:seq]
    return next((line.entry.seq for line in reversed(lines) if line.entry.council_id == council_id), 0)


def _look(parts: Parts, picture: CardState) -> CardLook:
    return CardLook(picture.size, parts.settings.rehearsal)


def _etag(publication: Publication, subject: _CardSubject, convention: Convention, look: CardLook) -> str:
    about = subject.council_id or "night"
    size = f"{look.size.value}-test" if look.rehearsal else look.size.value
    return f'"{publication.epoch}.{subject.seq}-{about}-{convention.key}-{size}-{VERSION}"'
