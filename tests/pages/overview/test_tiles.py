"""The tile map and the wall: where councils stand, what is on a square, and who is next."""

from dataclasses import replace
from typing import Any

import pytest
from jinja2 import Environment

from app.domain.election import Cycle, Election, Square
from app.domain.night import Night
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.overview.tiles import Tile, TileMap, tile_map
from app.pages.overview.view import overview_page
from app.pages.overview.wall import NEXT, next_decided
from app.pages.rendering import Renderer
from app.process.turns import at_once
from tests.builders import (
    CON,
    LAB,
    POLLS_CLOSED,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)
from tests.country import country

ENVIRONMENT: Environment = make_environment()


def a_place(name: str, square: Square | None = None, *, wards: int = 2, **fields: Any) -> Any:
    """A council with that many wards of one seat, which LAB had."""
    council_id = name.lower()
    contests = [a_contest(f"{council_id}{number}", council_id=council_id) for number in range(wards)]
    council = a_council(*contests, council_id=council_id, name=name, eve=LAB, **fields)
    return replace(council, square=square)


def night_of(*councils: Any, won: dict[str, str] | None = None) -> Night:
    """A night on which these ``won`` all that there is in some councils, ward by ward: ``{"ash": CON}``."""
    election = an_election(*councils)
    night = Night.before_first(election)
    for council_id, party in (won or {}).items():
        for contest in election.councils[council_id].contests:
            night, _ = night.apply(an_entry(night.seq + 1, a_ward(contest, party)))
    return night


def map_of(night: Night, shown: set[str] | None = None) -> TileMap:
    return tile_map(night, night.election.chosen_convention("pa"), shown=shown)


def tiles_of(night: Night) -> dict[str, Tile]:
    drawn = map_of(night)
    placed = [tile for row in drawn.rows for tile in row if tile is not None]
    return {tile.name: tile for tile in (*placed, *(tile for group in drawn.groups for tile in group.tiles))}


def names(drawn: TileMap) -> list[list[str]]:
    return [[tile.name if tile else "" for tile in row] for row in drawn.rows]


def page_of(night: Night, **query: str) -> str:
    convention = night.election.chosen_convention("pa")
    rendering, fragments = Renderer(ENVIRONMENT), {}
    fragments |= rendering.night(night, convention)
    for council_id in night.councils:
        fragments |= rendering.row(night, council_id, convention)
    frame = PageFrame(night.election)
    return at_once(overview_page(ENVIRONMENT, night, convention, fragments, frame, query=query))


def test_councils_stand_where_their_squares_are_and_nothing_stands_around_them() -> None:
    drawn = map_of(
        night_of(a_place("Ash", Square(7, 3)), a_place("Birch", Square(5, 5)), a_place("Cedar", Square(6, 3)))
    )
    assert names(drawn) == [["", "Cedar", "Ash"], ["", "", ""], ["Birch", "", ""]]
    assert (drawn.groups, drawn.number) == ((), 3)


def test_one_without_a_square_stands_below() -> None:
    drawn = map_of(night_of(a_place("Ash", Square(1, 1)), a_place("Birch")))
    assert names(drawn) == [["Ash"]]
    assert [(it.heading, [tile.name for tile in it.tiles]) for it in drawn.groups] == [("Not on the map", ["Birch"])]


def test_without_squares_they_stand_by_region_and_name() -> None:
    councils = [
        a_place("Cedar", region="West"),
        a_place("Birch"),
        a_place("Ash", region="West"),
        a_place("Elm", region="East"),
    ]
    drawn = map_of(night_of(*councils))
    assert [(it.heading, [tile.name for tile in it.tiles]) for it in drawn.groups] == [
        ("East", ["Elm"]),
        ("West", ["Ash", "Cedar"]),
        ("Elsewhere", ["Birch"]),
    ]


@pytest.mark.parametrize("region", ["", "Kent"])
def test_where_regions_tell_nothing_there_is_one_grid_without_a_heading(region: str) -> None:
    drawn = map_of(night_of(a_place("Birch", region=region), a_place("Ash", region=region)))
    assert [(it.heading, [tile.name for tile in it.tiles]) for it in drawn.groups] == [("", ["Ash", "Birch"])]


def test_by_elections_that_stand_apart_are_on_no_map() -> None:
    assert map_of(night_of(a_place("Ash"), a_place("Birch", cycle=Cycle.BY))).number == 1


def test_a_square_says_who_controls_or_how_far_it_is() -> None:
    night = night_of(
        a_place("Ash"), a_place("Birch", wards=3), a_place("Cedar"), a_place("Elm"), won={"ash": CON, "cedar": LAB}
    )
    first = night.election.councils["birch"].contests[0]
    night, _ = night.apply(an_entry(night.seq + 1, a_ward(first, CON)))
    tiles = tiles_of(night)
    assert {name: tile.what for name, tile in tiles.items()} == {
        "Ash": "CON",
        "Birch": "1/3",
        "Cedar": "LAB",
        "Elm": "",
    }
    assert tiles["Ash"].told == "Ash: CON gain from LAB"
    assert tiles["Cedar"].told == "Cedar: LAB hold"
    assert tiles["Birch"].told == "Birch: 1 of 3 wards, CON needs 1, LAB 2 of 2 to come"


def test_what_was_not_asked_for_is_dimmed_and_stays() -> None:
    drawn = map_of(night_of(a_place("Ash"), a_place("Birch")), {"ash"})
    assert [(tile.name, tile.is_dimmed) for tile in drawn.groups[0].tiles] == [("Ash", False), ("Birch", True)]
    html = page_of(night_of(a_place("Ash"), a_place("Birch")), view="tiles", q="ash")
    assert html.count("is-dimmed") == 1


def test_every_tile_is_a_link_with_the_whole_name_and_in_words() -> None:
    html = page_of(
        night_of(a_place("Tunbridge Wells", Square(1, 1)), a_place("Ash", Square(2, 1)), won={"ash": CON}), view="tiles"
    )
    assert 'aria-label="Ash: CON gain from LAB"' in html
    assert 'href="/elections/test-2023/councils/ash?convention=pa"' in html
    assert ">TunW</b>" in html
    assert "style=" not in html


def a_country_with_squares() -> Election:
    election = country()
    places = enumerate(it for it in election.councils.values() if not it.stands_apart)
    moved = {it.council_id: replace(it, square=Square(place % 14, place // 14)) for place, it in places}
    return replace(election, councils={**election.councils, **moved})


def test_a_country_has_a_map_with_squares_and_without() -> None:
    by_region = map_of(Night.before_first(country()))
    by_square = map_of(Night.before_first(a_country_with_squares()))
    assert (by_region.number, len(by_region.groups), len(by_region.rows)) == (175, 8, 0)
    assert (by_square.number, len(by_square.groups), len(by_square.rows)) == (175, 0, 13)
    assert {len(row) for row in by_square.rows} == {14}


def test_next_are_those_nearest_to_the_line_then_those_expected_first() -> None:
    councils = [
        a_place("Ash", wards=2),
        a_place("Birch", wards=7),
        a_place("Cedar", wards=3),
        a_place("Dogwood", expected_at=POLLS_CLOSED),
        a_place("Elm"),
    ]
    night = night_of(*councils, won={"ash": CON})
    for council_id in ("birch", "cedar"):
        first = night.election.councils[council_id].contests[0]
        night, _ = night.apply(an_entry(night.seq + 1, a_ward(first, CON)))
    found = next_decided(night, night.election.chosen_convention("pa"), night.councils.values())
    assert [(it.name, it.far, it.waits) for it in found] == [
        ("Cedar", "1 of 3 wards", "CON needs 1, LAB 2 of 2 to come"),
        ("Birch", "1 of 7 wards", "CON needs 3, LAB 4 of 6 to come"),
        ("Dogwood", "0 of 2 wards", "due 22:00 BST"),
        ("Elm", "0 of 2 wards", ""),
    ]


def test_the_wall_names_few_as_next_and_none_once_all_are_certain() -> None:
    begun, over = Night.before_first(country()), night_of(a_place("Ash"), a_place("Elm"), won={"ash": CON, "elm": LAB})
    assert len(next_decided(begun, begun.election.chosen_convention("pa"), begun.councils.values())) == NEXT
    html = page_of(over, view="wall")
    assert 'id="wall-done" class="muted">Control of every council is certain.' in html


def test_an_election_about_one_body_has_it_on_the_wall_and_no_map() -> None:
    html = page_of(night_of(a_place("Ash", Square(1, 1))), view="wall")
    assert 'id="tiles"' not in html
    assert '<table class="board" id="board" role="table">' in html
