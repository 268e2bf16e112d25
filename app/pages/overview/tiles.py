"""The tile map: a square a council, where ``shapes.csv`` puts it, else by region.

A tile is drawn of what its council's row shows. Nothing more is pushed for it: a browser draws it again from the row
that comes (``js/overview/tiles.js``), by the same rule.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from app.domain.council import CouncilState
from app.domain.election import Convention, Election, Square
from app.domain.night import Night
from app.pages.components.badge import Badge, BadgeKind, badge_of
from app.pages.overview.board import Stage, stage_of
from app.wording.abbreviations import abbreviations

FEW = 30
"""Tiles of a map that can be large enough for names."""

LONG_WORD = 11
"""Letters of a word that a square has room for at the usual size."""

LONGEST_WHAT = 6
"""Letters of who controls that a square has room for; of a longer name it shows the first ones of its words."""

_COUNTED = re.compile(r"([\d,]+) of ([\d,]+)")


@dataclass(frozen=True, slots=True)
class Tile:
    """A council's square: its name and that cut to a few letters, its badge, and what of that has room on it.

    ``what`` is who controls (``LAB``, ``MI`` of a whole name), or how far an undecided council is (``18/24``; before
    its first ward nothing).
    """

    council_id: str
    name: str
    short: str
    badge: Badge
    what: str
    stage: Stage
    region: str
    is_dimmed: bool = False

    @property
    def has_long_word(self) -> bool:
        return any(len(word) > LONG_WORD for word in re.split(r"[\s-]", self.name))

    @property
    def told(self) -> str:
        """``Medway: LAB gain from CON``, ``Dover: 4 of 17 wards, LAB needs 13 of 24 to come``."""
        return ", ".join(part for part in (f"{self.name}: {self.badge.text}", self.badge.needs) if part)


@dataclass(frozen=True, slots=True)
class TileGroup:
    """Tiles beside each other, by name; without a heading where they are all there are."""

    heading: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class TileMap:
    """Rows of squares, of which some are empty (None), and below them groups: of whatever has no square."""

    rows: tuple[tuple[Tile | None, ...], ...]
    groups: tuple[TileGroup, ...]

    @property
    def is_few(self) -> bool:
        """Whether there is room for names."""
        return self.number <= FEW

    @property
    def number(self) -> int:
        """How many tiles it has."""
        placed = sum(tile is not None for row in self.rows for tile in row)
        return placed + sum(len(group.tiles) for group in self.groups)


def tile_map(
    night: Night,
    convention: Convention,
    *,
    of: Iterable[CouncilState] | None = None,
    shown: Collection[str] | None = None,
) -> TileMap:
    """The councils of the night, or some ``of`` them; those that are not among the ``shown`` ones are dimmed.

    However few they are, each is called as it is among all.
    """
    every = _by_name(night.councils.values())
    states = every if of is None else _by_name(of)
    shorts = abbreviations(state.council.name for state in every)

    def draw(state: CouncilState) -> Tile:
        is_dimmed = shown is not None and state.council_id not in shown
        return _tile(night.election, state, convention, shorts, is_dimmed=is_dimmed)

    placed = [state for state in states if state.council.square is not None]
    if placed:
        left = tuple(draw(state) for state in states if state.council.square is None)
        return TileMap(_rows(placed, draw), (TileGroup("Not on the map", left),) if left else ())
    return TileMap((), _by_region(states, draw))


def _by_name(states: Iterable[CouncilState]) -> list[CouncilState]:
    return sorted((it for it in states if not it.council.stands_apart), key=lambda it: it.council.name)


def _tile(
    election: Election, state: CouncilState, convention: Convention, shorts: Mapping[str, str], *, is_dimmed: bool
) -> Tile:
    badge, stage, council = badge_of(election, state, convention.key), stage_of(state), state.council
    return Tile(
        council_id=council.council_id,
        name=council.name,
        short=shorts[council.name],
        badge=badge,
        what=_what(badge, stage),
        stage=stage,
        region=council.region,
        is_dimmed=is_dimmed,
    )


def _what(badge: Badge, stage: Stage) -> str:
    if badge.kind is not BadgeKind.UNDECIDED:
        return badge.lead if len(badge.lead) <= LONGEST_WHAT else _initials(badge.lead)
    counted = _COUNTED.match(badge.lead)
    return f"{counted[1]}/{counted[2]}" if counted and stage is not Stage.AWAITING else ""


def _initials(name: str) -> str:
    """``MI`` of Manchester Independents; what of one word alone has room."""
    words = [word for word in name.split() if word[0].isupper()]
    return "".join(word[0] for word in words[:LONGEST_WHAT]) if len(words) > 1 else name[: LONGEST_WHAT - 2]


def _rows(placed: Iterable[CouncilState], draw: Callable[[CouncilState], Tile]) -> tuple[tuple[Tile | None, ...], ...]:
    """All of one length, from the first column that is taken to the last; empty rows between others are kept."""
    by_square = {square: draw(state) for state in placed if (square := state.council.square) is not None}
    columns, rows = zip(*by_square, strict=True)
    return tuple(
        tuple(by_square.get(Square(column, row)) for column in range(min(columns), max(columns) + 1))
        for row in range(min(rows), max(rows) + 1)
    )


def _by_region(states: Iterable[CouncilState], draw: Callable[[CouncilState], Tile]) -> tuple[TileGroup, ...]:
    """A group for each region by name; one alone where there are none. Councils without a region come last."""
    groups: dict[str, list[Tile]] = {}
    for state in states:
        groups.setdefault(state.council.region, []).append(draw(state))
    if len(groups) == 1:
        return tuple(TileGroup("", tuple(tiles)) for tiles in groups.values())
    in_order = sorted(groups.items(), key=lambda group: (not group[0], group[0]))
    return tuple(TileGroup(region or "Elsewhere", tuple(tiles)) for region, tiles in in_order)
