"""The widgets: a council, or the night, in somebody else's article. The pages' fragments, arranged tighter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

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
from app.wording.night import compared_with

COUNCIL_FRAGMENTS = ("verdict", "chamber")
"""Of a council's channel, in the order of the widget."""

MAP_FRAGMENTS = ("progress", "progress-line", "strip")
"""The same above a map: how far it is, and the score as a line."""

NIGHT_FRAGMENTS = ("progress", "progress-line", "scoreboard", "others", "other-parties", "scoreboard-notes")
"""Of the overview's channel; they are about the whole night, so a choice of councils does without them."""

MOST_ROWS = 60
"""Councils that an overview lists unless it is asked for a choice: an article is no place for three hundred."""


class Theme(StrEnum):
    """The colours: the reader's, or always the same."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Show(StrEnum):
    """How an overview shows councils: in rows, or as a map of squares."""

    ROWS = "rows"
    TILES = "tiles"


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

    def listed(self, states: Iterable[CouncilState]) -> list[CouncilState]:
        """The chosen ones, unless nobody has chosen and there are too many to list."""
        chosen = self.of(states)
        return [] if self.is_all and len(chosen) > MOST_ROWS else chosen


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
    *,
    whole: bool = False,
) -> str:
    """The night: how far it is, the parties, and the councils; of a choice of councils these alone.

    The ``whole`` has every one of them, in rows and as a map, for a script to choose from.
    """
    states = night.councils.values()
    shown = choice.of(states) if whole else choice.listed(states)
    heads = NIGHT_FRAGMENTS if choice.is_all else ()
    rows = {state.council_id: f"row-{state.council_id}" for state in shown if not state.council.stands_apart}
    apart = {state.council_id: f"row-{state.council_id}" for state in shown if state.council.stands_apart}
    values = {
        "frame": replace(frame, fragments=(*heads, *rows.values(), *apart.values(), DRAWN)),
        "drawn": Markup(fragments[DRAWN]),
        "election": night.election,
        "heads": {name: Markup(fragments[name]) for name in heads},
        "rows": {council_id: Markup(fragments[element]) for council_id, element in rows.items()},
        "apart": {council_id: Markup(fragments[element]) for council_id, element in apart.items()},
        "choice": choice,
        "only_state": night.only_state,
        "has_scoreboard": bool(night.progress.councils_total),
        "total": len(night.councils),
        "compared_with": compared_with(night.election, convention),
        "convention": convention,
        "tiles": tile_map(night, convention) if whole and len(rows) > 1 else None,
    }
    return render(environment, "embed/overview.html", values)


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
