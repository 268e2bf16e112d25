"""What a running server consists of, for its routes."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query
from jinja2 import Environment
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from starlette.requests import Request

from app.addresses import LIVE_COUNCIL, LIVE_OVERVIEW
from app.declaring.door import Declaring
from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.night import Night
from app.domain.series import ScoreChange, up_to
from app.drawing.drawer import Drawer, Pictures
from app.exercise.running import Exercise
from app.hooks.sender import Sender
from app.live.channels import Channel
from app.live.hub import Hub
from app.pages.cards.typesetting import font_files
from app.pages.environment import showing
from app.pages.past import page_without_moment
from app.process.turns import Turns
from app.projection.newsroom import Newsroom
from app.projection.publication import LogLine, Publication
from app.settings import Settings
from app.store.engine import Store
from app.store.photos import PhotoFiles
from app.web.errors import Problem
from app.web.health.metrics import Metrics
from app.web.postcodes import KnownPostcodes
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
    hooks: Sender
    logins: Logins = field(default_factory=Logins)
    tokens: KnownTokens = field(default_factory=KnownTokens)
    pictures: Pictures = field(default_factory=_pictures)
    turns: Turns = field(default_factory=Turns)
    """In which whatever takes long is made for readers."""
    photos: PhotoFiles | None = field(init=False)
    """Where photos of sheets are kept; None where that is nowhere."""
    photo_turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """How many of them are read and decoded at a time."""
    kept: Kept = field(init=False)
    postcodes: KnownPostcodes = field(init=False)
    is_stopping: bool = False
    exercise: Exercise | None = None
    """What the desk practises on, on the server of an exercise."""

    def __post_init__(self) -> None:
        self.photos = PhotoFiles.of(self.store.file, self.settings.photos)
        self.kept = Kept(self.turns)
        self.postcodes = KnownPostcodes(self.store)


def parts_of(request: Request) -> Parts:
    """The parts of the server that ``request`` came to."""
    parts = request.app.state.parts
    assert isinstance(parts, Parts)
    return parts


def own_address(request: Request) -> str:
    """Our address as readers see it, without a slash at the end: the public URL, else the request's Host."""
    return parts_of(request).settings.public_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}"


_DIGITS = re.compile(r"[0-9]+")


def digits(given: Any) -> Any:
    """``given``, a number in a query, unless it is more than digits: int() would take “1_0”, “+3” and “٣”, too."""
    if isinstance(given, str) and not _DIGITS.fullmatch(given):
        raise PydanticCustomError("digits", "Write a whole number in digits alone, such as 47")
    return given


Digits = BeforeValidator(digits)

EntryAsked = Annotated[
    int | None, Digits, Query(ge=0, le=2**53, description="As it stood after this entry of the log.")
]
EpochAsked = Annotated[str | None, Query(description="Of which log; with `at` the answer never changes.")]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: a night, the fragments made of it, and where it listens (None: it is of the past)."""

    night: Night
    fragments: Mapping[str, str]
    live_url: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a public read asks for: an election by its path, a convention and a moment by its query."""

    parts: Parts
    publication: Publication
    convention: Convention
    past: Night | None = None
    """The night as it stood after the entry that is asked for; None: as it stands."""
    page: str = ""
    """The address of what is asked for as it stands, where a past of it is."""

    @property
    def night(self) -> Night:
        """The night that is asked for, which is another one as soon as something is declared unless it is past."""
        return self.past if self.past is not None else self.publication.night

    @property
    def chosen(self) -> str:
        """The convention, by its key, where it is not the election's own."""
        return "" if self.convention.key == self.night.election.convention else self.convention.key

    @property
    def at(self) -> int | None:
        """The entry that is asked for."""
        return self.past.seq if self.past is not None else None

    @property
    def moment(self) -> tuple[int, datetime | None] | None:
        """That entry, and when it was announced."""
        return None if self.past is None else (self.past.seq, self.publication.time_of(self.past.seq))

    @property
    def is_past(self) -> bool:
        return self.past is not None

    @property
    def log(self) -> list[LogLine]:
        """The log up to then, the oldest entry first."""
        log = self.publication.log
        return log if self.past is None else log[: self.past.seq]

    @property
    def score_changes(self) -> Sequence[ScoreChange]:
        """Those of the scoreboard up to then."""
        return up_to(self.publication.score_changes, self.night.seq)

    async def shown(self, council_id: str | None, parts: Callable[[Night], Iterable[str]]) -> Shown:
        """The fragments of a council's channel, or of the overview's (None); raises UnknownCouncil.

        ``parts`` says of a night of the past which contests, or councils, are shown: no others are rendered.
        """
        publication, past = self.publication, self.past
        if past is None:
            channel = publication.open_channel(council_id, self.convention)
            if channel is None:
                opening = publication.opening(self.parts.turns, council_id, self.convention)
                channel = await asyncio.shield(opening)
            return Shown(publication.night, channel.fragments, live_url(self, channel, council_id))
        if council_id is not None:
            past.election.council(council_id)
        steps = publication.fragments_at(past, council_id, self.convention, parts(past))
        with showing(f"{council_id or 'the dashboard'} at entry {past.seq}"):
            return Shown(past, await self.parts.turns.through(steps), None)


async def asked(
    request: Request, slug: str, convention: str | None = None, at: EntryAsked = None, epoch: EpochAsked = None
) -> Asked:
    """404 for an election, an epoch or an entry that is not known, 422 for a convention or what is no entry.

    Without a convention it is the election's own, without ``at`` the night as it stands.
    """
    parts = parts_of(request)
    publication = parts.newsroom.publication(slug)
    check_moment(publication, at, epoch)
    past = await parts.turns.through(publication.at(at)) if at is not None else None
    election = past.election if past is not None else publication.election
    page = page_without_moment(request.url.path, request.url.query) if past is not None else ""
    return Asked(parts, publication, election.chosen_convention(convention), past, page)


def check_moment(publication: Publication, at: int | None, epoch: str | None) -> None:
    """404 where this log has not, or not yet, got so far, or is not that which is meant."""
    if epoch is not None and epoch != publication.epoch:
        raise Problem(404, "The log has begun anew since: there is no such epoch.")
    if at is not None and at > publication.seq:
        raise Problem(404, f"The log ends at entry {publication.seq}: there is no entry {at} yet.")


def not_current_line(asked: Asked) -> str:
    """What a page says of itself where the newest of its election is not known here; empty where it is."""
    is_current = asked.past is not None or asked.parts.newsroom.is_current(asked.publication.election.slug)
    return "" if is_current else NOT_CURRENT_LINE


AskedFor = Annotated[Asked, Depends(asked)]


def group_asked(asked: Asked, party: str) -> str:
    """The reporting group of a party that a path names by id or short name, or NOC; 404 where there is none."""
    return party if party == NO_OVERALL_CONTROL else asked.night.election.group_named(party)


def live_url(asked: Asked, channel: Channel, council_id: str | None) -> str:
    """Where a page listens, from the last sequence that all of it shows; without a council it is the overview's.

    While an entry is being published the fragments may be ahead of the rest of the page.
    """
    slug = asked.publication.election.slug
    path = LIVE_OVERVIEW.to(slug=slug) if council_id is None else LIVE_COUNCIL.to(slug=slug, council_id=council_id)
    since = min(channel.seq, asked.publication.seq)
    query = urlencode({"convention": asked.convention.key, "since": since, "epoch": asked.publication.epoch})
    return f"{path}?{query}"
