"""By-elections on the dashboard: apart from the councils of the night, or a night of nothing else."""

from dataclasses import replace

import html5lib
import pytest

from app.domain.election import Council, Cycle
from app.domain.night import Night
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.overview.view import overview_page
from app.process.turns import at_once
from app.wording.cards import night_line
from app.wording.night import by_elections, how_far
from tests.builders import CON, CONVENTIONS, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry
from tests.pages.whole import overview_fragments

ENVIRONMENT = make_environment()
PA = CONVENTIONS["pa"]


def apart(council_id: str, **fields: object) -> Council:
    contest = a_contest("dale", council_id=council_id, by=True, parties=(LAB, CON, LD), **fields)
    return a_council(contest, council_id=council_id, cycle=Cycle.BY, eve=None, total_seats=30)


def page_of(night: Night, **query: str) -> str:
    frame = PageFrame(night.election, "/live/test-2023/overview?convention=pa&since=0&epoch=e")
    fragments = overview_fragments(ENVIRONMENT, night, PA)
    page = at_once(overview_page(ENVIRONMENT, night, PA, fragments, frame, query=query))
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def test_before_the_first_of_them_is_declared_they_are_counted_and_nothing_is_compared():
    night = Night.before_first(an_election(a_council(), apart("ashire", holder=(CON,)), apart("bshire")))
    assert by_elections(night, PA) == "And 0 of 2 by-elections declared."
    assert ">Not yet</b>" in page_of(night)


def test_a_night_of_by_elections_alone_has_no_board_and_no_councils():
    gained, unknown = apart("ashire", holder=(CON,)), apart("bshire")
    night = Night.before_first(an_election(gained, unknown))
    night = night.fold([an_entry(1, a_ward(gained.contests[0], LD)), an_entry(2, a_ward(unknown.contests[0], LAB))])
    assert by_elections(night, PA) == "2 by-elections: LD +1, CON −1 (in 1 of them)."
    assert how_far(night) == "Test elections 2023: 2 of 2 by-elections declared"
    assert night_line(night) == "2 of 2 by-elections declared"
    page = page_of(night)
    assert 'id="board"' not in page
    assert "0 of 0" not in page
    assert "By-elections declared" in page
    assert page.count("<h2") == page_of(night, q="dale").count("<h2")


@pytest.mark.parametrize("holder", [(LD,), ()])
def test_where_no_seat_changed_hands_that_is_said_only_where_it_is_known(holder: tuple[str, ...]):
    council = apart("ashire", holder=holder)
    night = Night.before_first(an_election(council)).fold([an_entry(1, a_ward(council.contests[0], LD))])
    told = "1 by-election: no change." if holder else "1 of 1 by-election declared."
    assert by_elections(night, PA) == told
    assert "ashire" in page_of(night, view="wall").lower()


def shown_in(page: str) -> list[str]:
    found = html5lib.parse(page, namespaceHTMLElements=False).findall(".//*[@class='by-elections']//li")
    return [each.get("data-slot", "") for each in found if each.get("hidden") is None]


def test_filters_narrow_the_by_elections_too_where_there_are_councils():
    gained, held = apart("ashire", holder=(CON,), name="Elm"), apart("bshire", holder=(LAB,), name="Oak")
    night = Night.before_first(an_election(a_council(), gained, replace(held, region="North East")))
    night = night.fold([an_entry(1, a_ward(gained.contests[0], LD)), an_entry(2, a_ward(held.contests[0], LAB))])
    assert shown_in(page_of(night)) == ["ashire", "bshire"]
    for query in ({"gained": LD}, {"lost": CON}, {"party": LD}, {"state": "flipped"}, {"q": "elm"}, {"q": "ashire"}):
        assert shown_in(page_of(night, **query)) == ["ashire"], query
    for query in ({"region": "North East"}, {"party": LAB}, {"q": "oak bshire"}):
        assert shown_in(page_of(night, **query)) == ["bshire"], query
    nobody = page_of(night, gained=CON)
    assert shown_in(nobody) == []
    assert '<div class="by-elections" hidden' in nobody
