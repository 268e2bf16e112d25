"""The page on which an editor chooses a widget: what the form asked for, settled, and what there is to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Self, TypeVar

from jinja2 import Environment

from app.domain.election import NO_OVERALL_CONTROL, Convention, Council, Election
from app.domain.night import Night
from app.pages.contest.view import by_ward
from app.pages.embed.codes import Pasted
from app.pages.embed.colours import ArticleColours, read_colour
from app.pages.embed.heights import NARROWEST
from app.pages.embed.options import Widget
from app.pages.embed.widget import Choice, Live, Show, Theme, WidgetPart
from app.pages.environment import render
from app.pages.frame import PageFrame
from app.pages.overview.board import regions
from app.pages.overview.scoreboard import scoreboard_rows
from app.wording.night import name_of
from app.wording.numbers import OF_A_PARTY, OF_SEATS, Number, number_name, numbers_of
from app.wording.widgets import WidgetKind, accent_told, background_told, widget_name, width_told

WIDEST = 2000
"""CSS pixels: no article has a wider place."""

OF_A_COUNCIL = frozenset({WidgetKind.COUNCIL, WidgetKind.LINE, WidgetKind.CONTEST})

OF_A_REGION = frozenset({WidgetKind.OVERVIEW, WidgetKind.WHOLE, WidgetKind.MAP})

PARTS = {
    WidgetKind.SCOREBOARD: WidgetPart.SCOREBOARD,
    WidgetKind.TICKER: WidgetPart.TICKER,
    WidgetKind.NUMBER: WidgetPart.NUMBER,
    WidgetKind.LINE: WidgetPart.LINE,
    WidgetKind.CONTEST: WidgetPart.CONTEST,
}

Chosen = TypeVar("Chosen", bound=StrEnum)

SHOWS = {WidgetKind.WHOLE: Show.ALL, WidgetKind.MAP: Show.TILES}


@dataclass(frozen=True, slots=True)
class CustomiserQuery:
    """What stands in the form, as it was sent."""

    election: str = ""
    widget: str = ""
    council: str = ""
    contest: str = ""
    party: str = ""
    number: str = ""
    region: str = ""
    convention: str = ""
    theme: str = ""
    live: str = ""
    background: str = ""
    accent: str = ""
    width: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        return cls(**{each.name: query.get(each.name, "").strip() for each in fields(cls)})


@dataclass(frozen=True, slots=True)
class Customised:
    """The widget that was chosen. What the form had no choice in, or one of another election, is the first there is.

    ``faults`` are about a field each, by its name, and ``told`` is what became of colours.
    """

    kind: WidgetKind
    widget: Widget
    width: int | None
    faults: Mapping[str, str] = field(default_factory=dict)
    told: Sequence[str] = ()

    @classmethod
    def of(cls, night: Night, convention: Convention, query: CustomiserQuery) -> Self:
        kind, faults = _one_of(query.widget, WidgetKind), dict[str, str]()
        colours, width = _colours(query, faults), _width(query.width, faults)
        widget = Widget(
            night.election,
            convention,
            theme=_one_of(query.theme, Theme),
            live=_one_of(query.live, Live),
            show=SHOWS.get(kind, Show.ROWS),
            part=PARTS.get(kind, WidgetPart.ALL),
            colours=colours,
        )
        return cls(kind, _of_what(night, widget, kind, query), width, faults, _told(colours))


def _of_what(night: Night, widget: Widget, kind: WidgetKind, query: CustomiserQuery) -> Widget:
    """The same of a council, a contest, a party, a number or a region, where this kind is of one."""
    election = night.election
    if councils := {it.council_id: it for it in councils_to_choose(election, kind)}:
        council = councils.get(query.council, next(iter(councils.values())))
        ballot_id = _contest(council, query.contest) if kind is WidgetKind.CONTEST else ""
        return replace(widget, council_id=council.council_id, ballot_id=ballot_id)
    number = _one_of(query.number, Number)
    number = number if number in numbers_of(night) else Number.CONTESTS_DECLARED
    if kind is WidgetKind.PARTY or (kind is WidgetKind.NUMBER and number in OF_A_PARTY):
        groups = [group for group, _ in parties_to_choose(night, widget.convention, kind, number)]
        asked_for = NO_OVERALL_CONTROL if query.party == NO_OVERALL_CONTROL else election.group_asked_for(query.party)
        return replace(widget, number=number, group=asked_for if asked_for in groups else next(iter(groups), ""))
    is_named = kind in OF_A_REGION and query.region in regions(night.councils.values())
    return replace(widget, number=number, choice=Choice(region=query.region if is_named else ""))


def kinds_of(night: Night) -> list[WidgetKind]:
    """Those that say something of this night: one body alone has no map."""
    is_of_several = night.election.only_council is None
    return [it for it in WidgetKind if is_of_several or it is not WidgetKind.MAP]


def councils_to_choose(election: Election, kind: WidgetKind) -> list[Council]:
    """By name, where the widget is of one; of a contest's those alone that have any."""
    has_contests = kind is WidgetKind.CONTEST
    found = [it for it in election.councils.values() if it.contests or not has_contests] if kind in OF_A_COUNCIL else []
    return sorted(found, key=lambda it: it.name)


def parties_to_choose(night: Night, convention: Convention, kind: WidgetKind, number: Number) -> list[tuple[str, str]]:
    """Reporting groups with their names, as on the scoreboard, then who else stands; NOC where it has a number."""
    election = night.election
    scored = [row.group for row in scoreboard_rows(night, convention)]
    groups = dict.fromkeys([*scored, *(it for it in election.groups if it in election.groups_present)])
    has_noc = kind is WidgetKind.NUMBER and number not in OF_SEATS
    return [(it, name_of(election, it)) for it in groups if has_noc or it != NO_OVERALL_CONTROL]


def customiser_page(
    environment: Environment,
    elections: Sequence[Election],
    custom: Customised,
    pasted: Pasted,
    frame: PageFrame,
    query: CustomiserQuery,
) -> str:
    """The form, the widget, and its code."""
    night, widget = pasted.night, custom.widget
    values = {
        "frame": frame,
        "election": night.election,
        "elections": [(it.slug, it.name) for it in elections],
        "conventions": [(it.key, it.label) for it in night.election.conventions.values()],
        "custom": custom,
        "widget": widget,
        "pasted": pasted,
        "query": query,
        "kinds": [(it, widget_name(night.election, it)) for it in kinds_of(night)],
        "name": widget_name(night.election, custom.kind),
        **_offered(night, custom),
        "has_socket": not widget.group and custom.kind is not WidgetKind.NUMBER,
        "narrowest": NARROWEST,
    }
    return render(environment, "customiser/page.html", values)


def _offered(night: Night, custom: Customised) -> dict[str, list[tuple[str, str]]]:
    """What this kind of widget may be of, as values with their names; nothing where it may not."""
    election, kind, widget = night.election, custom.kind, custom.widget
    contests = by_ward(election.council(widget.council_id).contests) if widget.council_id and widget.ballot_id else []
    named = regions(night.councils.values()) if kind in OF_A_REGION else []
    numbers = numbers_of(night) if kind is WidgetKind.NUMBER else []
    return {
        "regions": [("", "Every region"), *((it, it) for it in named)] if named else [],
        "councils": [(it.council_id, it.name) for it in councils_to_choose(election, kind)],
        "contests": [(it.ballot_id, it.name) for it in contests],
        "numbers": [(str(it), number_name(night, it)) for it in numbers],
        "parties": parties_to_choose(night, widget.convention, kind, widget.number) if widget.group else [],
    }


def _one_of(asked: str, of: type[Chosen]) -> Chosen:
    """The member that is asked for, else the first."""
    known = {str(each): each for each in of}
    return known.get(asked, next(iter(known.values())))


def _contest(council: Council, ballot_id: str) -> str:
    """The contest of that council, or the first of its wards."""
    return ballot_id if ballot_id in council.contests_by_id else by_ward(council.contests)[0].ballot_id


def _colours(query: CustomiserQuery, faults: dict[str, str]) -> ArticleColours:
    """Those that can be read; what is wrong with another goes into ``faults``."""
    read = {}
    for name in ("background", "accent"):
        try:
            read[name] = read_colour(written) if (written := getattr(query, name)) else ""
        except ValueError as error:
            faults[name] = f"{error}."
    return ArticleColours(**read)


def _width(given: str, faults: dict[str, str]) -> int | None:
    if not given:
        return None
    if given.isascii() and given.isdecimal() and NARROWEST <= int(given[:6]) <= WIDEST:
        return int(given)
    faults["width"] = width_told(given, NARROWEST, WIDEST)
    return None


def _told(colours: ArticleColours) -> tuple[str, ...]:
    background = (background_told(colours.background, colours.theme),) if colours.background else ()
    accents = (
        accent_told(it.given, it.grounds[0], it.contrast_given, it.used, it.contrast) for it in colours.accents()
    )
    return (*background, *accents)
