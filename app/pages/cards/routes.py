"""Share cards over HTTP: the picture of a council or of the night, now or after any entry of the log."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import COUNCIL_CARD, NIGHT_CARD, PARTY_CARD
from app.domain.declarations import CatalogueChange
from app.domain.election import Convention
from app.domain.night import Night
from app.domain.party_night import party_night
from app.drawing.drawer import NotDrawn, TooMany
from app.pages.cards.view import Card, CardLook, CardSize, council_card, night_card, party_card
from app.process.turns import at_once
from app.process.version import VERSION
from app.projection.publication import Publication
from app.web.errors import Problem
from app.web.negotiating import unchanged
from app.web.parts import Asked, EntryAsked, EpochAsked, asked, check_moment

cards = APIRouter(include_in_schema=False)

RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class CardAsked:
    """Which picture is asked for: of the night after an entry of its log; ``asked`` is of the night as it stands."""

    asked: Asked
    size: CardSize
    seq: int

    @property
    def look(self) -> CardLook:
        return CardLook(self.size, self.asked.parts.settings.rehearsal)

    def night(self) -> Night:
        """The night then; for the thread in which pictures are made. Raises UnknownConvention."""
        night = at_once(self.asked.publication.at(self.seq))
        night.election.chosen_convention(self.asked.convention.key)
        return night


async def picture_asked(  # what a query may say
    request: Request,
    slug: str,
    convention: str | None = None,
    size: CardSize = CardSize.WIDE,
    at: EntryAsked = None,
    seq: EntryAsked = None,
    epoch: EpochAsked = None,
) -> CardAsked:
    """422 for a size or an entry that is none. ``seq`` is ``at`` by its first name; without either it is the newest."""
    found = await asked(request, slug, convention, epoch=epoch)
    entry = at if at is not None else seq
    check_moment(found.publication, entry, epoch)
    return CardAsked(found, size, entry if entry is not None else found.publication.seq)


PictureAsked = Annotated[CardAsked, Depends(picture_asked)]


@cards.api_route(NIGHT_CARD.path, methods=["GET", "HEAD"])
async def night_picture(request: Request, picture: PictureAsked) -> Response:
    """The scoreboard and how far the night is."""
    publication = picture.asked.publication

    def made() -> Card:
        parts, at = picture.asked.parts, publication.time_of(picture.seq)
        return night_card(parts.environment, picture.night(), at, picture.asked.convention, picture.look)

    return await _answer(request, picture, _CardSubject(None, picture.seq), made)


@cards.api_route(COUNCIL_CARD.path, methods=["GET", "HEAD"])
async def council_picture(request: Request, picture: PictureAsked, council_id: str) -> Response:
    """A council: badge, seats against the majority line, changes; while it is undecided, what is needed."""
    publication = picture.asked.publication
    if picture.seq == publication.seq:
        publication.election.council(council_id)
    seq = _last_about(publication, council_id, picture.seq)

    def made() -> Card:
        night, parts = picture.night(), picture.asked.parts
        night.election.council(council_id)
        state = night.councils[council_id]
        return council_card(parts.environment, night.election, state, picture.asked.convention, picture.look)

    return await _answer(request, picture, _CardSubject(council_id, seq), made)


@cards.api_route(PARTY_CARD.path, methods=["GET", "HEAD"])
async def party_picture(request: Request, picture: PictureAsked, party: str) -> Response:
    """A party: its seats, and the councils that it took, held and lost."""
    publication, convention = picture.asked.publication, picture.asked.convention
    group = publication.election.group_named(party)

    def made() -> Card:
        parts, at, night = picture.asked.parts, publication.time_of(picture.seq), picture.night()
        found = at_once(party_night(night, night.election.group_named(group), convention.key))
        return party_card(parts.environment, night, found, at, convention, picture.look)

    return await _answer(request, picture, _CardSubject(None, picture.seq, group), made)


@dataclass(frozen=True, slots=True)
class _CardSubject:
    """A council, or the night (None), after the last entry that is about it; of the night all, or a reporting group."""

    council_id: str | None
    seq: int
    group: str = ""


async def _answer(request: Request, picture: CardAsked, subject: _CardSubject, made: Callable[[], Card]) -> Response:
    publication, parts, convention = picture.asked.publication, picture.asked.parts, picture.asked.convention
    key = (publication.election.slug, publication.version(0), subject, convention.key, picture.size)
    headers = {
        "ETag": _etag(publication, subject, convention, picture.look),
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


def _last_about(publication: Publication, council_id: str | None, seq: int) -> int:
    """The last entry up to ``seq`` after which a council's card may be another; until the next it is the same."""
    if council_id is None:
        return seq
    for line in reversed(publication.log[:seq]):
        if council_id in line.council_ids or isinstance(line.entry.declaration, CatalogueChange):
            return line.entry.seq
    return 0


def _etag(publication: Publication, subject: _CardSubject, convention: Convention, look: CardLook) -> str:
    about = subject.council_id or subject.group or "night"
    size = f"{look.size.value}-test" if look.rehearsal else look.size.value
    return f'"{publication.version(subject.seq)}-{about}-{convention.key}-{size}-{VERSION}"'
