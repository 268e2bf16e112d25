"""The widgets: a council, or the night, in somebody else's article. The pages' fragments, arranged tighter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.domain.council import CouncilState
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.pages.addresses import element_id
from app.pages.drawn import DRAWN
from app.pages.environment import render
from app.pages.overview.tiles import tile_map
from app.pages.past import Past
from app.pages.static_page import StaticPage
from app.wording import sentences
from app.wording.flips import no_change
from app.wording.night import compared_with

COUNCIL_FRAGMENTS = ("verdict", "chamber")
"""Of a council's channel, in the order of the widget."""

MAP_FRAGMENTS = ("progress", "progress-line", "strip")
"""The same above a map: how far it is, and the score as a line."""

SCORE_FRAGMENTS = ("progress", "progress-line", "scoreboard", "others", "other-parties", "scoreboard-notes")
"""Of the overview's channel: how far it is, and the parties."""

NIGHT_FRAGMENTS = (*SCORE_FRAGMENTS, "flips")
"""With what changed hands last; all are about the whole night, so a choice of councils does without them."""

MOST_ROWS = 10
"""Councils that an overview lists unless they are named, or all are asked for: it is to fit an article."""

FEW_ROWS, MANY_ROWS = 4, 24
"""Up to so many rows of a region are whole, and of councils that are named or all asked for; more are a line each."""


TICKER_LINES = 8
"""Lines of the ticker that are seen unless all are asked for."""


class Theme(StrEnum):
    """The colours: the reader's, or always the same."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Show(StrEnum):
    """How an overview shows councils: in short, every one of them, or as a map of squares. A ticker may show all."""

    ROWS = "rows"
    ALL = "all"
    TILES = "tiles"


class WidgetPart(StrEnum):
    """What of the night, of a council, or of a party a widget shows."""

    ALL = "all"
    SCOREBOARD = "scoreboard"
    TICKER = "ticker"
    LINE = "line"
    CONTEST = "contest"
    NUMBER = "number"


class Live(StrEnum):
    """How a widget keeps current: by the socket and else by asking, by one of these alone, or not at all."""

    AUTO = "auto"
    SOCKET = "ws"
    POLL = "poll"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class WidgetFrame:
    """What stands around the fragments: ``embed/base.html`` takes this, and asks for nothing else.

    ``address`` is the full page's, ``live_url`` the socket's (None: there is none, as in a file), ``at`` the time of
    the last entry that the fragments tell of (None: there was none), ``final`` what is said instead once nothing
    more is to come (empty: there is), ``oembed`` where oEmbed tells of the widget.
    """

    election: Election
    address: str
    live_url: str | None
    at: datetime | None
    final: str = ""
    oembed: str = ""
    theme: Theme = Theme.AUTO
    live: Live = Live.AUTO
    rehearsal: bool = False
    not_current: str = ""
    static_page: StaticPage | None = None
    """Where it is a file: what it keeps current by."""
    whole_url: str = ""
    """Of a file, where there is one of its kind that has every council: for addresses that ask for some of them."""
    past: Past | None = None
    """Of which moment it is; None where it shows what stands."""
    fragments: tuple[str, ...] = ()
    """Ids of those in the widget, in its order; the widget says which."""
    colours: str = ""
    """The address of the stylesheet with the article's colours; empty where they are ours."""

    def asking(self) -> "WidgetFrame":
        """That of a widget of which nothing is pushed: it asks for itself, unless it is not to update at all."""
        return replace(self, live_url=None, live=Live.OFF if self.live is Live.OFF else Live.POLL)

    @property
    def is_file(self) -> bool:
        return self.static_page is not None

    @property
    def days(self) -> str:
        """Those of the night, on which a time needs no date."""
        night = (self.election.polling_date + timedelta(days=after) for after in (0, 1))
        return "|".join(map(sentences.day, night))


@dataclass(frozen=True, slots=True)
class Choice:
    """Which councils an overview shows: those of a region, those named, or with neither all of them."""

    region: str = ""
    councils: tuple[str, ...] = ()

    @classmethod
    def read(cls, region: str, councils: str) -> "Choice":
        """From the query of an address: the region, and ids between commas, each of them once."""
        return cls(region, tuple(dict.fromkeys(part.strip() for part in councils.split(",") if part.strip())))

    @property
    def is_all(self) -> bool:
        return not self.region and not self.councils

    def of(self, states: Iterable[CouncilState]) -> list[CouncilState]:
        """The chosen ones: in the order they are named in, else by name."""
        chosen = [state for state in states if not self.region or state.council.region == self.region]
        if not self.councils:
            return sorted(chosen, key=lambda state: state.council.name)
        by_id = {state.council_id: state for state in chosen}
        return [by_id[council_id] for council_id in self.councils if council_id in by_id]

    def listed(self, states: Iterable[CouncilState], show: Show) -> list[CouncilState]:
        """Those that have a row: named ones all; of a region, or of by-elections alone, the first; else none.

        The parties, and what changed hands, tell of the whole night; with :attr:`Show.ALL` every council has its row.
        """
        chosen = self.of(states)
        if self.councils or show is Show.ALL:
            return chosen
        is_told_otherwise = self.is_all and any(not state.council.stands_apart for state in chosen)
        return [] if is_told_otherwise or show is Show.TILES else chosen[:MOST_ROWS]

    def is_compact(self, rows: int, show: Show) -> bool:
        """Whether so many rows are a line each."""
        return rows > (MANY_ROWS if self.councils or show is Show.ALL else FEW_ROWS)


def council_widget(
    environment: Environment,
    night: Night,
    council_id: str,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: WidgetFrame,
) -> str:
    """A council: badge, why, seats. ``fragments`` are those of its channel; they stand in it byte for byte."""
    state = night.councils[council_id]
    ids = (*(element_id(kind, council_id) for kind in COUNCIL_FRAGMENTS), DRAWN)
    values = {
        "frame": replace(frame, fragments=ids),
        "election": night.election,
        "council": state.council,
        "line": sentences.council_line(night.election, state, state.comparisons[convention.key]),
        "fragments": [Markup(fragments[element]) for element in ids],
    }
    return render(environment, "embed/council.html", values)


def overview_widget(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: WidgetFrame,
    choice: Choice,
    show: Show = Show.ROWS,
    *,
    whole: bool = False,
) -> str:
    """The night: how far it is, the parties, what changed hands; of a choice of councils these alone, a row each.

    The ``whole`` has every one of them, in rows and as a map, for a script to choose from.
    """
    heads = NIGHT_FRAGMENTS if choice.is_all else ()
    listing = _listing(night, choice, show, whole=whole)
    rows = [f"row-{council_id}" for of in ("rows", "apart") for council_id in listing[of]]
    values = {
        "frame": replace(frame, fragments=(*heads, *rows, DRAWN)),
        "drawn": Markup(fragments[DRAWN]),
        "election": night.election,
        "heads": {name: Markup(fragments[name]) for name in heads},
        **listing,
        **{of: {it: Markup(fragments[f"row-{it}"]) for it in listing[of]} for of in ("rows", "apart")},
        "choice": choice,
        "only_state": night.only_state,
        "has_scoreboard": bool(night.progress.councils_total),
        "no_change": no_change(night.election),
        "compared_with": compared_with(night.election, convention),
        "convention": convention,
        "tiles": tile_map(night, convention) if whole and len(listing["rows"]) > 1 else None,
        "is_whole": whole,
    }
    return render(environment, "embed/overview.html", values)


def _listing(night: Night, choice: Choice, show: Show, *, whole: bool) -> dict[str, Any]:
    """Which councils have a row, by their ids, and how these look; the ``whole`` has all."""
    chosen, listed = choice.of(night.councils.values()), choice.listed(night.councils.values(), show)
    shown = chosen if whole else listed
    rows = [state.council_id for state in shown if not state.council.stands_apart]
    return {
        "rows": rows,
        "apart": [state.council_id for state in shown if state.council.stands_apart],
        "is_compact": not whole and choice.is_compact(len(rows), show),
        "has_more": len(listed) < len(chosen),
        "total": sum(not state.council.stands_apart for state in chosen) or len(chosen),
        "limits": (MOST_ROWS, FEW_ROWS, MANY_ROWS),
    }


def tiles_widget(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: WidgetFrame,
    choice: Choice,
) -> str:
    """The night as a map of squares; of a choice of councils these alone."""
    heads = MAP_FRAGMENTS if choice.is_all else ()
    values = {
        "frame": replace(frame, fragments=(*heads, DRAWN)),
        "drawn": Markup(fragments[DRAWN]),
        "election": night.election,
        "convention": convention,
        "heads": {name: Markup(fragments[name]) for name in heads},
        "tiles": tile_map(night, convention, of=choice.of(night.councils.values())),
        "choice": choice,
    }
    return render(environment, "embed/tiles.html", values)


def widget_error(environment: Environment, headline: str, detail: str) -> str:
    """What went wrong, small enough for the place of a widget."""
    return render(environment, "embed/error.html", {"headline": headline, "detail": detail})
