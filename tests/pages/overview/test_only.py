"""The dashboard of an election about one body alone: seats first, and its contests in the place of councils."""

import re

import pytest
from jinja2 import Environment

from app.domain.declarations import WardDeclaration
from app.domain.night import Night
from app.domain.ticker import LineKind
from app.pages.cards.view import CardLook, council_card, night_card
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.overview.newest import ticker_items
from app.pages.overview.scoreboard import scoreboard_rows
from app.pages.overview.view import overview_page
from app.pages.sharing import Place, night_share
from app.process.turns import at_once
from app.wording.contest import contest_badge, contest_won
from app.wording.night import all_bodies, compared_with, counted, how_far
from tests.builders import CON, LAB, a_contest, a_council, a_ward, an_election, an_entry
from tests.pages.whole import overview_fragments
from tests.parliament import COMMONS, SLUG, declarations, parliament
from tests.strictness import page_faults


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_environment()


@pytest.fixture(scope="module")
def nights() -> dict[int, Night]:
    """The parliament after so many declarations."""
    night = Night.before_first(parliament())
    found = {0: night}
    for seq, body in enumerate(declarations(night.election), start=1):
        entry = WardDeclaration(body["ballot_id"], votes=body["votes"])
        night = found[seq] = night.apply(an_entry(seq, entry, council_id=COMMONS))[0]
    return {seq: found[seq] for seq in (0, 325, 650)}


def page_of(environment: Environment, night: Night) -> str:
    convention = night.election.chosen_convention(None)
    fragments = overview_fragments(environment, night, convention)
    frame = PageFrame(night.election, live_url="/live/x")
    return at_once(overview_page(environment, night, convention, fragments, frame, query={}))


@pytest.mark.parametrize("seq", [0, 325, 650])
def test_one_body_is_not_counted_among_others(environment, nights, seq: int) -> None:
    html = page_of(environment, nights[seq])
    assert page_faults(html) == []
    assert "parliaments" not in text_of(html).lower()
    assert f"Constituencies declared {seq} of 650" in text_of(html)
    assert "For a majority 326" in text_of(html)


def test_its_parties_have_seats_and_their_change_and_no_councils(environment, nights) -> None:
    night = nights[650]
    html = page_of(environment, night)
    heads = re.search(r'class="scoreboard .*?<thead>(.*?)</thead>', html, re.DOTALL)[1]
    assert text_of(heads) == "Party Seats Gain Loss +/−"
    rows = scoreboard_rows(night, night.election.chosen_convention(None))
    assert not any(row.is_noc for row in rows)
    assert sum(row.seats for row in rows) == 650
    assert sum(row.seats_change for row in rows) == 0
    change = night.councils[COMMONS].comparisons["usual"].change
    assert {row.group: row.seats_change for row in rows if row.seats_change} == change
    assert all(row.gained - row.lost == row.seats_change for row in rows)
    assert [row.seats for row in rows] == sorted((row.seats for row in rows), reverse=True)


def test_gains_are_counted_as_they_come_and_say_of_how_many_contests(nights) -> None:
    convention = nights[0].election.chosen_convention(None)
    told = "Gains and losses in 325 of 650 constituencies, against who won them last time."
    assert counted(nights[325], convention) == told
    assert compared_with(nights[0].election, convention) == ()
    assert all(row.seats_change == 0 for row in scoreboard_rows(nights[0], convention))


def test_without_holders_why_there_is_no_change_is_said_until_there_is_one(nights) -> None:
    north = a_contest("north")
    night = Night.before_first(an_election(a_council(north, eve=LAB)))
    convention = night.election.conventions["pa"]
    assert counted(night, convention) == "Change is shown once every seat is in."
    assert compared_with(night.election, convention) == ("Seats: change against those held on the eve of poll.",)
    row = scoreboard_rows(night, convention)[0]
    assert (row.gained, row.lost, row.seats_change) == (None, None, None)


def test_a_seat_that_is_gained_is_told_in_the_colour_of_who_has_it(nights) -> None:
    items = ticker_items(nights[325], nights[0].election.chosen_convention(None))
    gains = [item for item in items if item.line.kind is LineKind.GAIN]
    assert gains
    assert all(item.control == item.line.holders.now for item in gains)
    assert re.fullmatch(r"[A-Z]+ gain .+ from [A-Z]+", gains[0].text)


def test_its_contests_are_found_on_its_own_page_and_the_latest_name_the_winner(environment, nights) -> None:
    night = nights[325]
    html = page_of(environment, night)
    assert f'action="/elections/{SLUG}/councils/{COMMONS}" role="search"' in html
    latest = re.search(r'id="latest".*?</ol>', html, re.DOTALL)[0]
    assert contest_badge(night.election, night.result(night.latest[0].ballot_id)) in text_of(latest)
    assert "House of Commons" not in latest


def test_a_council_of_a_few_wards_has_them_all_a_link_away(environment) -> None:
    html = page_of(environment, Night.before_first(an_election(a_council(a_contest("a"), a_contest("b")))))
    assert '<a href="/elections/test-2023/councils/testshire">All 2</a>' in html
    assert "only-find" not in html


def test_what_is_said_of_the_night_is_said_of_the_body(environment, nights) -> None:
    night, convention = nights[325], nights[0].election.chosen_convention(None)
    assert how_far(night) == "General election 2029: Control is undecided, 325 of 650 constituencies declared"
    assert all_bodies(night.election) == "General election 2029"
    share = night_share(night, None, convention, Place("https://results.example", "epoch"))
    assert share.description.startswith("House of Commons: 325 of 650 constituencies declared")
    look = CardLook()
    alone = council_card(environment, night.election, night.councils[COMMONS], convention, look)
    assert night_card(environment, night, None, convention, look) == alone


def test_among_several_nothing_is_alone() -> None:
    night = Night.before_first(an_election(a_council(a_contest()), a_council(a_contest("b"), council_id="else")))
    assert night.only_state is None
    assert all_bodies(night.election) == "All councils"


def test_where_nobody_knows_who_held_a_seat_its_winner_is_named() -> None:
    north, two = a_contest("north", parties=(LAB, CON)), a_contest("two", seats_up=2, parties=(LAB, CON))
    night = Night.before_first(an_election(a_council(north, two)))
    night = night.fold([an_entry(1, a_ward(north, CON)), an_entry(2, a_ward(two, LAB))])
    assert contest_won(night.election, night.result(north.ballot_id)) == "CON 1 of north (CON)"
    assert contest_won(night.election, night.result(two.ballot_id)) == "LAB 2"
