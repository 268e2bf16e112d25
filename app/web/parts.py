"""What a running server consists of, for its routes."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from jinja2 import Environment
from starlette.requests import Request

from app.addresses import LIVE_COUNCIL, LIVE_OVERVIEW
from app.declaring.door import Declaring
from app.domain.election import Convention
from app.drawing.drawer import Drawer, Pictures
from app.live.channels import Channel
from app.live.hub import Hub
from app.pages.cards.typesetting import font_files
from app.process.turns import Turns
from app.projection.history import History
from app.projection.newsroom import Newsroom
from app.projection.publication import Publication
from app.settings import Settings
from app.store.engine import Store
from app.web.health.metrics import Metrics
from app.web.reads.kept import Kept
from app.web.signing_in.known_tokens import KnownTokens, TokenUses
from app.web.signing_in.logins import Logins
from app.wording.marks import NOT_CURRENT_LINE


def _pictures() -> Pictures:
    return Pictures(Drawer(font_files()))


@dataclass(slots=True)
class Parts:
    """One server's parts, wired in ``main`` and nowhere else."""

    settings: Settings
    store: Store
    hub: Hub
    newsroom: Newsroom
    declaring: Declaring
    environment: Environment
    token_uses: TokenUses
    metrics: Metrics
    logins: Logins = field(default_factory=Logins)
    tokens: KnownTokens = field(default_factory=KnownTokens)
    history: History = field(default_factory=History)
    pictures: Pictures = field(default_factory=_pictures)
    turns: Turns = field(default_factory=Turns)
    """In which whatever takes long is made for readers."""
    kept: Kept = field(init=False)
    is_stopping: bool = False

    def __post_init__(self) -> None:
        self.kept = Kept(self.turns)


def parts_of(request: Request) -> Parts:
    """The parts of the server that ``request`` came to."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


def own_address(request: Request) -> str:
    """Our address as readers see it, without a slash at the end: the public URL, else the request's Host."""
    return parts_of(request).settings.public_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a public read asks for: an election by its path, a convention by its query."""

    parts: Parts
    publication: Publication
    convention: Convention

    async def channel(self, council_id: str | None) -> Channel:
        """That of a council, or the overview's (None), opened if nobody has asked before; raises UnknownCouncil."""
        publication = self.publication
        held = publication.open_channel(council_id, self.convention)
        if held is not None:
            return held
        return await asyncio.shield(publication.opening(self.parts.turns, council_id, self.convention))


async def asked(request: Request, slug: str, convention: str | None = None) -> Asked:
    """404 for an election that is not known, 422 for a convention; without one, the election's own."""
    parts = parts_of(request)
    publication = parts.newsroom.publication(slug)
    return Asked(parts, publication, publication.election.chosen_convention(convention))


def not_current_line(asked: Asked) -> str:
    """What a page says of itself where the newest of its election is not known here; empty where it is."""
    return "" if asked.parts.newsroom.is_current(asked.publication.election.slug) else NOT_CURRENT_LINE


AskedFor = Annotated[Asked, Depends(asked)]


def live_url(asked: Asked, channel: Channel, council_id: str | None) -> str:
    """Where a page listens, from the sequence that ``channel`` stands at; without a council it is the overview's."""
    slug = asked.publication.election.slug
    path = LIVE_OVERVIEW.to(slug=slug) if council_id is None else LIVE_COUNCIL.to(slug=slug, council_id=council_id)
    query = urlencode({"convention": asked.convention.key, "since": channel.seq, "epoch": channel.epoch})
    return f"{path}?{query}"
