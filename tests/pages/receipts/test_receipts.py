"""Receipts as they are read: the page, which is opened in place, and the same as JSON."""

from datetime import UTC, datetime

import html5lib
import pytest

from app.api.receipts import council_why_view, night_why_view, party_why_view
from app.domain.declarations import Correction
from app.domain.election import NO_OVERALL_CONTROL, Baseline
from app.domain.night import Night
from app.pages.drawn import DRAWN
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.past import Moments, Past
from app.pages.receipts.view import council_why_page, night_why_page, party_why_page
from app.pages.static_page import StaticPage
from tests.builders import CON, CONVENTIONS, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry

ENVIRONMENT = make_environment()
BBC, PA = CONVENTIONS["bbc"], CONVENTIONS["pa"]
FRAGMENTS = {DRAWN: ""}
AT = datetime(2023, 5, 5, 2, tzinfo=UTC)
WARDS = [a_contest(name) for name in ("north", "south", "east")]
BEFORE = {
    "bbc": Baseline("bbc", control=CON),
    "eve": Baseline("eve", control=NO_OVERALL_CONTROL, seats={CON: 1, LAB: 1, LD: 1}),
    "last": Baseline("last", seats={CON: 3}),
}


def time_of(seq):
    return AT if seq else None


def a_night(*winners, **council):
    """Three seats, which CON had by the one house and nobody by the other; declared in order for ``winners``."""
    fields = {"baselines": BEFORE, **council}
    log = [an_entry(seq, a_ward(ward, it)) for seq, (ward, it) in enumerate(zip(WARDS, winners, strict=False), start=1)]
    return Night.before_first(an_election(a_council(*WARDS, **fields))).fold(log)


def page_of(night, convention=BBC, **frame):
    shown = PageFrame(night.election, **frame)
    page = council_why_page(ENVIRONMENT, night, "testshire", convention, FRAGMENTS, shown, time_of)
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def test_a_badge_tells_line_figures_and_since_when():
    page = page_of(a_night(LAB, LAB))
    assert "Why “LAB gain from CON”?" in page
    assert "The line is 2, more than half of all 3 seats. LAB has 2, whatever becomes of the 1 seat to come." in page
    assert 'councils/testshire?at=2">since entry 2, 03:00 BST</a>' in page


def test_what_is_open_tells_how_far_each_can_get():
    page = page_of(a_night(LAB))
    assert "Why is control undecided?" in page
    assert "LAB can end with 3 at most and CON with 2" in page


def test_half_the_seats_are_told_not_to_be_enough():
    assert "more than half of all 4 seats: half of them, 2, is not enough" in page_of(a_night(LAB, total_seats=4))


def test_where_houses_differ_the_page_says_which_says_what_and_why():
    page = page_of(a_night(LAB, LAB, LAB))
    assert "differ in control before and in seats before" in page
    assert "BBC: LAB gain from CON</b>. CON held it before, as the BBC reported it." in page
    assert "PA: LAB gain from NOC</b>. There was no overall control before. Seats: LAB +2, CON −1, LD −1" in page


def test_where_they_agree_it_says_so():
    assert "BBC and PA say the same" in page_of(a_night(LAB, LAB, LAB, baselines={"eve": Baseline("eve", control=CON)}))


def test_a_corrected_ward_is_counted_by_the_entry_that_it_stands_at():
    night = a_night(LAB, LAB)
    where = {"council_id": "testshire", "ballot_id": WARDS[0].ballot_id}
    night, _ = night.apply(an_entry(3, Correction(1, "Two bundles.", a_ward(WARDS[0], CON)), **where))
    page = page_of(night)
    assert f"contests/{WARDS[0].ballot_id}?at=3" in page
    assert f"contests/{WARDS[0].ballot_id}?at=1" not in page


def test_one_of_the_past_says_so_in_itself():
    """Where it is opened in place nothing else of its page is seen."""
    night = a_night(LAB, LAB)
    moments = Moments.of(night, "/elections/test-2023", night.election.chosen_convention(None))
    past = Past(2, "As it stood at entry 2", "03:00 BST, 5 May 2023", "At entry 2: ", "https://example.org", moments)
    (receipt,) = page_of(night, past=past).split('id="receipt"')[1:]
    assert "As it stood at entry 2, 03:00 BST, 5 May 2023" in receipt.split("</section>")[0]


def test_a_file_leads_to_no_past():
    note = StaticPage(as_at="", note_url="", epoch="e", seq=0, fragments=())
    assert "?at=" not in page_of(a_night(LAB, LAB), static_page=note)


def test_the_row_of_a_party_adds_up_council_by_council():
    night = a_night(LAB, LAB, LAB)
    view = party_why_view(night, LAB, BBC, time_of)
    assert view["row"] == {"councils": 1, "councils_change": 1, "seats": 3, "seats_change": 3}
    assert view["parts"] == [{"council_id": "testshire", **view["row"]}]
    assert [house["seats_change"] for house in view["houses"]] == [3, 2]
    assert view["houses_differ"]["councils"] == ["testshire"]
    page = party_why_page(ENVIRONMENT, night, LAB, BBC, FRAGMENTS, PageFrame(night.election), time_of)
    html5lib.HTMLParser(strict=True).parse(page)
    assert "BBC and PA differ in Testshire" in page


@pytest.mark.parametrize("group", [LAB, NO_OVERALL_CONTROL])
def test_a_row_of_nothing_says_so(group):
    night = a_night()
    page = party_why_page(ENVIRONMENT, night, group, BBC, FRAGMENTS, PageFrame(night.election), time_of)
    html5lib.HTMLParser(strict=True).parse(page)
    assert "Nothing adds to it yet" in page


def test_the_figures_of_the_night_add_up_and_lead_to_every_receipt():
    night = a_night(LAB)
    view = night_why_view(night, BBC, time_of)
    assert view["progress"]["contests_declared"] == sum(it["contests_declared"] for it in view["parts"]) == 1
    page = night_why_page(ENVIRONMENT, night, BBC, FRAGMENTS, PageFrame(night.election), time_of)
    html5lib.HTMLParser(strict=True).parse(page)
    assert "councils/testshire/why" in page
    assert f"parties/{LAB}/why" in page


def test_as_json_everything_that_is_counted_has_its_entry():
    view = council_why_view(a_night(LAB, LAB), "testshire", PA, time_of)
    assert view["badge"] == "LAB gain from NOC"
    assert (view["since_seq"], view["since"]) == (2, AT.isoformat())
    assert [(it["seq"], it["seats"], it["to_come"]) for it in view["counted"]] == [
        (1, {LAB: 1}, 0),
        (2, {LAB: 1}, 0),
        (None, {}, 1),
    ]
    assert [house["badge"] for house in view["houses"]] == ["LAB gain from CON", "LAB gain from NOC"]
