"""Every address: how it is spelt, what its query may say, whose version it shows, and how long a CDN may hold it.

This table is what all others read: the routers take their paths from it, pages and files their links, the reads that
are kept in memory what they are kept for, oEmbed and the live sockets what they are asked about, and every answer its
headers. A new public route is a row here, and a room's route. The desk's own paths stand with its routes, below
:data:`DESK`: nobody else leads to them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

# How long an answer may be held (Cache-Control)

FRESH = "public, max-age=0, s-maxage=2, stale-while-revalidate=10, stale-if-error=86400"
"""Of pages and JSON: a CDN may hold them for two seconds, and show them for a day when we are gone."""

FRESH_ENOUGH = "public, max-age=5, s-maxage=10, stale-while-revalidate=30, stale-if-error=86400"
"""Of widgets, pictures and published files, for which millions may ask: a CDN asks again after ten seconds."""

FOR_A_WHILE = "public, max-age=300, s-maxage=300, stale-while-revalidate=600, stale-if-error=86400"
"""Of the loader, which every reader of every article asks for, and in which a mistake has to be mended soon; and of the
past, which is another only once a database has been restored."""

FOR_NOW = "public, max-age=60, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"

FOR_A_MINUTE = "public, max-age=60, stale-if-error=86400"
"""Of what hardly ever changes, and is linked to under an address that changes with it."""

IMMUTABLE = "public, max-age=31536000, immutable"
"""Of an address whose answer never changes: with the version of a file in it, or an entry and the epoch of its log."""

REVALIDATE = "no-cache"

NO_STORE = "no-store"
"""Of what is true for a moment only, and of the desk: not for a proxy, and not for whoever goes back a page after
somebody signed out."""


class Shows(Enum):
    """Of what an answer is made: as long as that has the same version, it is the same answer."""

    NIGHT = auto()
    """An election, as of its last entry."""
    COUNCIL = auto()
    """As of the last entry about it; a contest is as new as its council."""
    EVERYTHING = auto()
    """All elections that are served."""
    RELEASE = auto()
    """The program and its static files."""
    MOMENT = auto()
    """How things are just now: made anew for everybody who asks."""


_NAMES = {
    "slug": r"[a-z0-9-]+",
    "council_id": r"[a-z0-9-]+",
    "ballot_id": r"[A-Za-z0-9._-]+",
    "asset:path": r".+",
    "ranking": r"[a-z-]+",
    "party": r"[A-Za-z0-9._:-]+",
    "number": r"[a-z-]+",
}
"""What a path may name, and how that is spelt."""

_NAME = re.compile(r"\{([a-z_:]+)\}")


# Each is itself alone, and is known again by that.
@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """A row of the table."""

    path: str
    """As a router takes it, with what it names in braces."""
    shows: Shows
    cache: str = FRESH
    """The Cache-Control of an answer that does not bring its own."""
    query: tuple[str, ...] = ()
    """What is read of a query; whatever else stands there says nothing. Those that read ``at`` show the past, too."""
    _pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_pattern", re.compile(self.pattern()))

    def to(self, **names: str) -> str:
        """The path to what is named: ``COUNCIL.to(slug="kent-2023", council_id="medway")``."""

        def value(name: re.Match[str]) -> str:
            called, _, kind = name[1].partition(":")
            return quote(names[called], safe="/:" if kind else ":")

        return _NAME.sub(value, self.path)

    def cache_of(self, asked: Mapping[str, str], *, rehearsal: bool = False) -> str:
        """The Cache-Control of an answer to a query that asks for ``asked``.

        What was after an entry of an epoch never changes. Without an epoch it may be that of another log; what was
        known before the first entry may be mended until that comes; and what says TEST must not be kept for the night
        itself, which has the same addresses.
        """
        entries = [asked[name] for name in ("at", "seq") if name in asked]
        if not entries or self.cache == NO_STORE:
            return self.cache
        is_fixed = "epoch" in asked and not rehearsal and all(entry.strip("0") for entry in entries)
        return IMMUTABLE if is_fixed else FOR_A_WHILE

    def parsed(self, path: str) -> "Parsed | None":
        """What ``path`` names, if it is one of this row's."""
        found = self._pattern.fullmatch(path)
        names: dict[str, Any] = found.groupdict() if found is not None else {}
        return None if found is None else Parsed(self, **names)

    def pattern(self, anything: str = "") -> str:
        """Of its paths, as a regular expression; with ``anything`` in the place of every name, however that is spelt.

        Each name is a group of its own.
        """
        *between, end = _NAME.split(self.path)
        parts = [
            f"{re.escape(fixed)}(?P<{name.partition(':')[0]}>{anything or _NAMES[name]})"
            for fixed, name in zip(between[::2], between[1::2], strict=True)
        ]
        return "".join([*parts, re.escape(end)])


class Parsed(NamedTuple):
    """A path: its row, and what it names."""

    address: Address
    slug: str | None = None
    council_id: str | None = None
    ballot_id: str | None = None
    asset: str | None = None
    ranking: str | None = None
    party: str | None = None
    number: str | None = None
    at: int | None = None
    """After which entry it is to be shown, where a query says so."""


_AT = ("at", "epoch")
"""Of which moment: as it stood after an entry of the log, and of which log that is. Without it, as it stands."""

# For readers

NARROWED = ("q", "party", "gained", "lost", "state", "region")
"""Which councils of a board are asked for."""

BOARD = (*NARROWED, "sort", "view", "theme", "watch")
"""How a board is filtered, sorted and shown, and what is watched above it."""

SEVERAL = frozenset({"watch"})
"""What may be given several times in a query: all of it counts."""

CONTESTS = ("q", "state", "party", "page")
"""How the list of a council's contests is narrowed, and which page of it is shown."""

OVERVIEW = Address("/elections/{slug}", Shows.NIGHT, query=("convention", *_AT, *BOARD))
SCOREBOARD = Address("/elections/{slug}/scoreboard", Shows.NIGHT, query=("convention", *_AT, *NARROWED))
"""A part of that page: what the councils that are asked for add up to."""
ELECTIONS = Address("/", Shows.EVERYTHING, query=OVERVIEW.query)
"""Of one election alone it leads to its dashboard, with whatever was asked of that."""
FLIPS = Address("/elections/{slug}/flips", Shows.NIGHT, query=("convention", *_AT, "order"))
"""Every change of control of the night, in order."""
TO_WATCH = Address("/elections/{slug}/next", Shows.NIGHT, query=("convention", *_AT, "region", "order"))
"""The councils whose control is undecided, the nearest to certain first."""
RANKED = ("party", "region", "council")
"""What a ranking is narrowed to."""

RANKINGS = Address("/elections/{slug}/rankings", Shows.NIGHT, query=("convention", *_AT))
"""Which rankings there are."""
RANKING = Address("/elections/{slug}/rankings/{ranking}", Shows.NIGHT, query=("convention", *_AT, *RANKED))
ALL_PARTIES = Address("/elections/{slug}/parties", Shows.NIGHT, query=("convention", *_AT))
"""Which parties there are, each with its page."""
PARTY = Address("/elections/{slug}/parties/{party}", Shows.NIGHT, query=("convention", *_AT))
OVER_TIME = Address("/elections/{slug}/time", Shows.NIGHT, query=("convention", *_AT, "of", "by"))
"""Seats and councils over the night, as a chart and as a table; of the past, a moment and its sentence."""
SINCE = Address("/elections/{slug}/since", Shows.NIGHT, query=("convention", *_AT, "since"))
"""What has happened since an entry."""
MOMENT = Address("/elections/{slug}/moment", Shows.MOMENT, NO_STORE, ("page", "wards", "at", "go"))
"""Leads a page to another moment of the night."""
NIGHT_STORY = Address("/elections/{slug}/story", Shows.NIGHT, query=("convention", *_AT))
"""A part of the dashboard: the night so far, in sentences."""
COUNCIL_STORY = Address("/elections/{slug}/councils/{council_id}/story", Shows.COUNCIL, query=("convention", *_AT))
"""A part of a council's page: its story."""
COUNCIL = Address("/elections/{slug}/councils/{council_id}", Shows.COUNCIL, query=("convention", *_AT, *CONTESTS))
CONTEST = Address("/elections/{slug}/contests/{ballot_id}", Shows.COUNCIL, query=("convention", *_AT))
NIGHT_WHY = Address("/elections/{slug}/why", Shows.NIGHT, query=("convention", *_AT))
PARTY_WHY = Address("/elections/{slug}/parties/{party}/why", Shows.NIGHT, query=("convention", *_AT))
COUNCIL_WHY = Address("/elections/{slug}/councils/{council_id}/why", Shows.COUNCIL, query=("convention", *_AT))
"""Receipts: what a total, a row of the scoreboard and a badge are made of. NOC has a row, too."""
PARTIES = Address("/elections/{slug}/parties.css", Shows.NIGHT, FOR_A_MINUTE, query=("convention", *_AT))
STATIC = Address("/static/{asset:path}", Shows.RELEASE, REVALIDATE)
FAVICON = Address("/favicon.ico", Shows.RELEASE, FOR_A_WHILE)
"""What readers of feeds and messengers ask for, who do not read in a page which icon it has."""
ROBOTS = Address("/robots.txt", Shows.RELEASE, FOR_A_WHILE)

FIND = Address("/elections/{slug}/find", Shows.MOMENT, NO_STORE, ("convention", "q", *_AT))
FIND_OPTIONS = Address("/elections/{slug}/find.json", Shows.MOMENT, NO_STORE, FIND.query)
FIND_ANYWHERE = Address("/find", Shows.MOMENT, NO_STORE, ("q",))
FIND_ANYWHERE_OPTIONS = Address("/find.json", Shows.MOMENT, NO_STORE, ("q",))
"""What somebody looks for is nobody else's, and need not be asked for again: no answer is kept, here or anywhere."""

_CARD = ("convention", "size", *_AT, "seq")
"""``seq`` is ``at`` by the name that it had first."""

NIGHT_CARD = Address("/elections/{slug}/card.png", Shows.NIGHT, FRESH_ENOUGH, _CARD)
COUNCIL_CARD = Address("/elections/{slug}/councils/{council_id}/card.png", Shows.COUNCIL, FRESH_ENOUGH, _CARD)
PARTY_CARD = Address("/elections/{slug}/parties/{party}/card.png", Shows.NIGHT, FRESH_ENOUGH, _CARD)

# For articles

COLOURS = ("background", "accent")
"""Of a widget, where they are the article's and not ours."""

_LOOK = ("convention", "theme", "live", *COLOURS, *_AT)
COUNCIL_WIDGET = Address("/embed/v1/{slug}/council/{council_id}", Shows.COUNCIL, FRESH_ENOUGH, _LOOK)
OVERVIEW_WIDGET = Address(
    "/embed/v1/{slug}/overview", Shows.NIGHT, FRESH_ENOUGH, (*_LOOK, "region", "councils", "show")
)
PARTY_WIDGET = Address("/embed/v1/{slug}/parties/{party}", Shows.NIGHT, FRESH_ENOUGH, _LOOK)
SCOREBOARD_WIDGET = Address("/embed/v1/{slug}/scoreboard", Shows.NIGHT, FRESH_ENOUGH, _LOOK)
TICKER_WIDGET = Address("/embed/v1/{slug}/ticker", Shows.NIGHT, FRESH_ENOUGH, (*_LOOK, "show"))
LINE_WIDGET = Address("/embed/v1/{slug}/council/{council_id}/line", Shows.COUNCIL, FRESH_ENOUGH, _LOOK)
CONTEST_WIDGET = Address("/embed/v1/{slug}/contest/{ballot_id}", Shows.COUNCIL, FRESH_ENOUGH, _LOOK)
NUMBER_WIDGET = Address("/embed/v1/{slug}/number/{number}", Shows.NIGHT, FRESH_ENOUGH, (*_LOOK, "party"))
WIDGET_COLOURS = Address("/embed/v1/{slug}/colours.css", Shows.NIGHT, FOR_A_MINUTE, ("convention", *COLOURS, *_AT))
"""The colours of an article, with those of the parties as they can be read on them."""
WIDGETS = (
    *(OVERVIEW_WIDGET, SCOREBOARD_WIDGET, TICKER_WIDGET, NUMBER_WIDGET),
    *(COUNCIL_WIDGET, LINE_WIDGET, CONTEST_WIDGET, PARTY_WIDGET),
)
CUSTOMISER = Address(
    "/embed",
    Shows.EVERYTHING,
    query=(
        *("election", "widget", "council", "contest", "party", "number", "region"),
        *("convention", "theme", "live", *COLOURS, "width"),
    ),
)
"""Where an editor chooses a widget, sees it and takes its code."""
LOADER = Address("/embed.js", Shows.RELEASE, FOR_A_WHILE)
OEMBED = Address("/oembed", Shows.EVERYTHING, FOR_NOW, ("url", "format", "maxwidth", "maxheight"))

# For vision mixers

BROADCAST = Address("/broadcast/{slug}", Shows.NIGHT, query=("convention", "show", "scale", "parties", *_AT))

# For programs

API_ELECTIONS = Address("/api/v1/elections", Shows.EVERYTHING)
API_ELECTION = Address("/api/v1/elections/{slug}", Shows.NIGHT, query=("convention", *_AT))
API_FLIPS = Address("/api/v1/elections/{slug}/flips", Shows.NIGHT, query=("convention", *_AT))
API_TO_WATCH = Address("/api/v1/elections/{slug}/next", Shows.NIGHT, query=("convention", *_AT, "region", "order"))
API_COUNCIL = Address("/api/v1/elections/{slug}/councils/{council_id}", Shows.COUNCIL, query=("convention", *_AT))
API_RANKING_CSV = Address(
    "/api/v1/elections/{slug}/rankings/{ranking}.csv", Shows.NIGHT, query=("convention", *_AT, *RANKED)
)
API_RANKING = Address("/api/v1/elections/{slug}/rankings/{ranking}", Shows.NIGHT, query=("convention", *_AT, *RANKED))
API_PARTY = Address("/api/v1/elections/{slug}/parties/{party}", Shows.NIGHT, query=("convention", *_AT))
API_SERIES = Address("/api/v1/elections/{slug}/series", Shows.NIGHT, query=("convention", *_AT, "points"))
API_SERIES_CSV = Address("/api/v1/elections/{slug}/series.csv", Shows.NIGHT, query=API_SERIES.query)
_STORY = ("style", "format", "convention", *_AT)
API_NIGHT_STORY = Address("/api/v1/elections/{slug}/story", Shows.NIGHT, query=_STORY)
API_COUNCIL_STORY = Address("/api/v1/elections/{slug}/councils/{council_id}/story", Shows.COUNCIL, query=_STORY)
API_NIGHT_WHY = Address("/api/v1/elections/{slug}/why", Shows.NIGHT, query=("convention", *_AT))
API_PARTY_WHY = Address("/api/v1/elections/{slug}/parties/{party}/why", Shows.NIGHT, query=("convention", *_AT))
API_COUNCIL_WHY = Address(
    "/api/v1/elections/{slug}/councils/{council_id}/why", Shows.COUNCIL, query=("convention", *_AT)
)
API_LOG = Address("/api/v1/elections/{slug}/declarations", Shows.NIGHT, query=("convention", "after", "limit", *_AT))
API_RESULTS = Address("/api/v1/elections/{slug}/results", Shows.MOMENT, NO_STORE, query=("council", "source"))
"""What would come of a file of results: nobody reads it, it is posted to."""
FEED = Address(
    "/api/v1/elections/{slug}/feed.atom", Shows.NIGHT, query=("convention", "council", "party", "flips", "kind", *_AT)
)
CSV_EXPORT = Address("/api/v1/elections/{slug}/export.csv", Shows.NIGHT, query=("convention", *_AT))
COUNCILS_CSV_EXPORT = Address("/api/v1/elections/{slug}/councils.csv", Shows.NIGHT, query=("convention", *_AT))
CONTESTS_CSV_EXPORT = Address("/api/v1/elections/{slug}/contests.csv", Shows.NIGHT, query=("convention", *_AT))
PARTIES_CSV_EXPORT = Address("/api/v1/elections/{slug}/parties.csv", Shows.NIGHT, query=("convention", *_AT))
DC_CSV_EXPORT = Address("/api/v1/elections/{slug}/export.dc.csv", Shows.NIGHT, query=("convention", *_AT))
JSON_EXPORT = Address("/api/v1/elections/{slug}/export.json", Shows.NIGHT, query=("convention", *_AT))
LGA_CSV_EXPORT = Address("/api/v1/elections/{slug}/export.lga.csv", Shows.NIGHT, query=("convention", *_AT))
NIST_EXPORT = Address("/api/v1/elections/{slug}/export.nist.json", Shows.NIGHT, query=("convention", *_AT))
API_DATA_PACKAGE = Address("/api/v1/elections/{slug}/datapackage.json", Shows.NIGHT, query=("convention", *_AT))
"""What the tables are, and how they are cited."""

SCHEMA = Address("/openapi.json", Shows.RELEASE)

# For whoever watches the server, or works on it

ALIVE = Address("/healthz", Shows.MOMENT, NO_STORE)
READY = Address("/readyz", Shows.MOMENT, NO_STORE)
METRICS = Address("/metrics", Shows.MOMENT, NO_STORE)
PATTERNS = Address("/patterns", Shows.MOMENT, NO_STORE)
PATTERNS_PARTIES = Address("/patterns/parties.css", Shows.MOMENT, NO_STORE)

# Live sockets

LIVE_OVERVIEW = Address("/live/{slug}/overview", Shows.NIGHT, query=("convention", "since", "epoch", "format"))
LIVE_COUNCIL = Address("/live/{slug}/council/{council_id}", Shows.COUNCIL, query=("convention", "since", "epoch"))
EVENTS = Address("/live/{slug}/events", Shows.NIGHT, NO_STORE, query=("convention", "last"))
"""No socket, but a stream of server-sent events; the connections answer it themselves, too."""

KEPT = (
    *(ELECTIONS, OVERVIEW, SCOREBOARD, FLIPS, TO_WATCH, COUNCIL, CONTEST, PARTIES, STATIC),
    *(FAVICON, ROBOTS),
    *(NIGHT_STORY, COUNCIL_STORY, OVER_TIME, SINCE),
    *(RANKINGS, RANKING, API_RANKING, API_RANKING_CSV),
    *(ALL_PARTIES, PARTY, API_PARTY),
    *(NIGHT_WHY, PARTY_WHY, COUNCIL_WHY),
    *(*WIDGETS, WIDGET_COLOURS, CUSTOMISER, LOADER, OEMBED, BROADCAST),
    *(API_ELECTIONS, API_ELECTION, API_FLIPS, API_TO_WATCH, API_COUNCIL, API_LOG, FEED, SCHEMA),
    *(API_NIGHT_STORY, API_COUNCIL_STORY, API_SERIES, API_SERIES_CSV),
    *(API_NIGHT_WHY, API_PARTY_WHY, API_COUNCIL_WHY, API_DATA_PACKAGE),
)
"""Those whose answers are kept in memory as they are sent, in front of the app."""

FILES: Mapping[str, Address] = {
    "csv": CSV_EXPORT,
    "councils-csv": COUNCILS_CSV_EXPORT,
    "contests-csv": CONTESTS_CSV_EXPORT,
    "parties-csv": PARTIES_CSV_EXPORT,
    "json": JSON_EXPORT,
    "dc-csv": DC_CSV_EXPORT,
    "lga-csv": LGA_CSV_EXPORT,
    "nist-json": NIST_EXPORT,
}
"""The files of a night, by the names that the command has for them."""

KEPT_BY_ROUTES = (NIGHT_CARD, COUNCIL_CARD, PARTY_CARD, *FILES.values())
"""Pictures that are drawn once, and files that are made of pieces: their routes keep them, and know their ETags."""

FINDING = (FIND, FIND_OPTIONS, FIND_ANYWHERE, FIND_ANYWHERE_OPTIONS)

OF_THE_MOMENT = (ALIVE, READY, METRICS, PATTERNS, PATTERNS_PARTIES, MOMENT, *FINDING)

LIVE = (LIVE_OVERVIEW, LIVE_COUNCIL)

WITH_A_WIDGET = (OVERVIEW, COUNCIL, CONTEST, PARTY, *WIDGETS)
"""Those that oEmbed tells of: pages, and the widgets themselves."""

READ_ELSEWHERE = (NIGHT_CARD, COUNCIL_CARD, PARTY_CARD, STATIC, PARTIES, LOADER, EVENTS)
"""What pages of any origin may read beside the API and the widgets."""

DESK = "/desk"
"""What all of the desk begins with."""

_READ = (*KEPT, *KEPT_BY_ROUTES, *OF_THE_MOMENT)

LONGEST_REMEMBERED = 256
"""Characters of a path of which it is remembered for a while what it names."""


def parse(path: str) -> Parsed | None:
    """The row of a path that can be read, and what the path names; None for the desk and what there is not."""
    return _parsed_again(path) if len(path) <= LONGEST_REMEMBERED else _parsed(path)


def _parsed(path: str) -> Parsed | None:
    return next((parsed for address in _READ if (parsed := address.parsed(path)) is not None), None)


_parsed_again = lru_cache(maxsize=1024)(_parsed)


class Area(Enum):
    """For whom addresses are, known ones or not: in what way errors are told there, and who may frame and read them."""

    PAGES = auto()
    """For people: in nobody's frame."""
    DESK = auto()
    """For who is signed in: kept by nobody, in nobody's frame."""
    MACHINES = auto()
    """For programs, scripts of any origin among them."""
    WIDGETS = auto()
    """For the frames of those whom a setting names, and for scripts of any origin."""


def area_of(path: str) -> Area:
    """For whom ``path`` is, whether there is anything at it or not."""
    if path == DESK or path.startswith(f"{DESK}/"):
        return Area.DESK
    if path in {OEMBED.path, SCHEMA.path} or path.startswith("/api/"):
        return Area.MACHINES
    return Area.WIDGETS if path.startswith("/embed/") else Area.PAGES
