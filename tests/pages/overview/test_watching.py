"""The watch list above the board: what an address names, as far as the election has it."""

from app.domain.night import Night
from app.pages.addresses import watch_url
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.overview.view import overview_page
from app.pages.overview.watching import MOST_WATCHED, watchable, watched
from app.process.turns import at_once
from tests.builders import CON, CONVENTIONS, LAB, a_contest, a_council, a_ward, an_election, an_entry
from tests.pages.whole import overview_fragments

ENVIRONMENT = make_environment()
BBC = CONVENTIONS["bbc"]
NORTH = a_contest("north", council_id="ashire")
ELECTION = an_election(
    a_council(NORTH, council_id="ashire", eve=CON),
    a_council(a_contest("far", council_id="bshire"), council_id="bshire"),
)
NIGHT = Night.before_first(ELECTION).fold([an_entry(1, a_ward(NORTH, LAB))])


def told(asked, night=NIGHT):
    items = watched(night, BBC, asked, lambda _, state: "in" if state.is_complete else "out")
    return [(item.identity, item.badge.text if item.badge else None, item.standing) for item in items]


def test_councils_and_parties_stand_in_the_order_that_was_asked_for():
    assert told(f"bshire,{LAB},ashire") == [
        ("bshire", "0 of 1 ward", "out"),
        (LAB, None, ""),
        ("ashire", "LAB gain from CON", "in"),
    ]


def test_what_is_not_known_or_named_twice_asks_for_nothing():
    assert told("nowhere,ashire,,ashire") == [("ashire", "LAB gain from CON", "in")]
    assert told("") == []


def test_a_list_has_an_end():
    many = an_election(*(a_council(a_contest("far", council_id=f"c{it}"), council_id=f"c{it}") for it in range(60)))
    assert len(told(",".join(many.councils), Night.before_first(many))) == MOST_WATCHED


def test_what_can_be_watched_are_councils_by_name_and_parties_that_have_or_had_a_seat():
    found = watchable(NIGHT)
    assert found.councils == [("ashire", "Ashire"), ("bshire", "Bshire")]
    assert found.parties == [(LAB, "Labour Party")]


def test_each_leads_to_the_list_without_it_with_whatever_else_is_asked_for():
    frame = PageFrame(ELECTION, "/live/test-2023/overview?since=1&epoch=e")
    fragments = overview_fragments(ENVIRONMENT, NIGHT, BBC)
    query = {"watch": "ashire,bshire", "q": "shire"}
    page = at_once(overview_page(ENVIRONMENT, NIGHT, BBC, fragments, frame, query=query))
    assert 'href="?convention=bbc&amp;q=shire&amp;watch=bshire" data-unwatch="ashire"' in page
    assert '<input type="hidden" name="watch" value="ashire,bshire">' in page
    without = at_once(overview_page(ENVIRONMENT, NIGHT, BBC, fragments, frame, query={}))
    assert 'aria-labelledby="watching-heading" hidden>' in without


def test_a_councils_page_leads_to_the_dashboard_that_watches_it():
    assert watch_url(ELECTION, "ashire", BBC) == "/elections/test-2023?watch=ashire"
    assert watch_url(ELECTION, "ashire", CONVENTIONS["pa"]) == "/elections/test-2023?convention=pa&watch=ashire"
