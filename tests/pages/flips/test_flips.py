"""What changed hands, as it is shown: the band of the newest, and the page of all in order."""

import html5lib
import pytest

from app.api.flips import flips_view
from app.domain.declarations import Correction, Withdrawal
from app.domain.election import ControlSpell, Cycle
from app.domain.night import Night
from app.pages.environment import make_environment
from app.pages.flips.items import NEWEST, decision_items, newest_flips
from app.pages.flips.view import flips_page
from app.pages.frame import PageFrame
from app.process.turns import at_once
from app.wording.flips import all_changes, changes_so_far, no_change
from tests.builders import (
    CON,
    CONVENTIONS,
    GRN,
    LAB,
    LD,
    a_ballot,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)
from tests.pages.whole import overview_fragments

ENVIRONMENT = make_environment()
BBC, PA = CONVENTIONS["bbc"], CONVENTIONS["pa"]

NAMES = ("ashire", "bshire", "cshire", "dshire", "eshire", "fshire", "gshire", "hshire")
PLACES = {name: a_contest("north", council_id=name, parties=(LAB, CON, LD, GRN)) for name in NAMES}


def a_night(*winners, **council):
    """Councils of one seat each, which CON had; the first of them are declared for ``winners``, in order."""
    election = an_election(*(a_council(it, council_id=name, eve=CON, **council) for name, it in PLACES.items()))
    won = zip(NAMES, winners, strict=False)
    log = [an_entry(seq, a_ward(PLACES[name], winner)) for seq, (name, winner) in enumerate(won, start=1)]
    return Night.before_first(election).fold(log)


def page_of(night, convention=BBC, **options):
    frame = PageFrame(night.election, "/live/test-2023/overview?since=0&epoch=e")
    fragments = overview_fragments(ENVIRONMENT, night, convention)
    page = at_once(flips_page(ENVIRONMENT, night, convention, fragments, frame, **options))
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def items_of(night, convention=BBC):
    return decision_items(night, convention, night.decisions[convention.key])


def band_of(night):
    return overview_fragments(ENVIRONMENT, night, BBC)["flips"]


def test_the_band_has_the_newest_first_and_no_holds():
    night = a_night(LAB, CON, LD)
    assert [it.line for it in decision_items(night, BBC, newest_flips(night, BBC))] == [
        "LD gain Cshire from CON",
        "LAB gain Ashire from CON",
    ]
    band = band_of(night)
    assert band.index('id="flip-3-cshire"') < band.index('id="flip-1-ashire"')
    assert "bshire" not in band


def test_the_band_keeps_a_few_and_each_has_a_place_of_its_own_by_which_it_comes_before_those_of_earlier_entries():
    night = a_night(*[LAB] * len(NAMES))
    items = decision_items(night, BBC, newest_flips(night, BBC))
    assert len(items) == NEWEST
    orders = [item.order for item in items]
    assert orders == sorted(set(orders), reverse=True)
    # A later one moves none of them.
    assert {it.element_id: it.order for it in items_of(a_night(LAB, LAB))}.items() <= {
        it.element_id: it.order for it in items_of(night)
    }.items()


def test_before_the_first_change_the_band_is_empty_and_says_so_beside():
    night = a_night()
    assert "<li" not in band_of(night)
    assert no_change(night.election) == "No council has changed hands so far"
    assert all_changes(night.decisions["bbc"]) == "All changes"
    assert changes_so_far(night.election, night.decisions["bbc"]) == "No council has changed hands so far."


@pytest.mark.parametrize(
    ("winners", "told", "link"),
    [
        ((LAB,), "1 council has changed hands.", "All changes"),
        ((LAB, LAB), "2 councils have changed hands.", "All 2 changes"),
        ((CON,), "No council has changed hands so far, 1 is held.", "All changes"),
        ((LAB, CON, CON), "1 council has changed hands, 2 are held.", "All changes"),
    ],
)
def test_how_many_there_are_is_told_in_singular_plural_and_none(winners, told, link):
    night = a_night(*winners)
    assert changes_so_far(night.election, night.decisions["bbc"]) == told
    assert all_changes(night.decisions["bbc"]) == link


def test_what_was_undone_is_struck_says_why_and_is_counted_no_more():
    night = a_night(LAB).fold([an_entry(2, Correction(1, "Bundles were swapped", a_ward(PLACES["ashire"], CON)))])
    shown = band_of(night)
    assert "<s>Ashire</s>" in shown
    assert "Corrected 23:02 BST: Bundles were swapped" in shown
    assert "data-undone" in shown
    assert changes_so_far(night.election, night.decisions["bbc"]) == "No council has changed hands so far, 1 is held."
    assert 'id="flip-1-ashire"' in page_of(night)


def test_an_anchor_is_the_same_whatever_comes_later():
    assert [it.element_id for it in items_of(a_night(LAB, LAB))][-1] == items_of(a_night(LAB))[0].element_id


def test_the_page_has_gains_in_order_and_what_is_held_apart():
    page = page_of(a_night(LAB, CON, LD))
    assert (
        page.index("flip-3-cshire") < page.index("flip-1-ashire") < page.index(">Held<") < page.index("flip-2-bshire")
    )
    assert 'data-copy="LAB gain Ashire from CON"' in page
    assert 'href="/elections/test-2023/councils/ashire?at=1"' in page
    assert 'href="#flip-1-ashire"' in page


def test_the_oldest_come_first_where_that_is_asked_for_and_nothing_else_is_known():
    night = a_night(LAB, CON, LD)
    oldest = page_of(night, order="oldest")
    assert oldest.index("flip-1-ashire") < oldest.index("flip-3-cshire")
    newest = page_of(night, order="sideways")
    assert newest.index("flip-3-cshire") < newest.index("flip-1-ashire")


def test_seats_are_those_of_now_and_how_far_the_count_was_then_is_told():
    wards = [a_contest(name, parties=(LAB, CON)) for name in ("north", "south", "west")]
    spells = (ControlSpell("1998-05-07", LAB), ControlSpell("2003-05-01", CON))
    other = a_council(a_contest("far", council_id="elsewhere"), council_id="elsewhere")
    night = Night.before_first(an_election(a_council(*wards, eve=CON, history=spells), other))
    night = night.fold([an_entry(1, a_ward(wards[0], LAB)), an_entry(2, a_ward(wards[1], LAB))])
    (item,) = items_of(night)
    assert (item.seats, item.first, item.certain_then) == (
        "2 of 3, 1 to come",
        "first since 2003",
        "",
    )
    assert item.since == "first LAB majority since 2003"
    night, _ = night.apply(an_entry(3, a_ward(wards[2], LAB)))
    (item,) = items_of(night)
    assert (item.seats, item.certain_then) == ("3 of 3", "with 1 seat still out")


def test_without_overall_control_the_largest_are_told_and_never_cut_among_equals():
    wards = [a_contest(name, parties=(LAB, CON)) for name in ("north", "south")]
    spells = (ControlSpell("1973-04-12", CON),)
    other = a_council(a_contest("far", council_id="elsewhere"), council_id="elsewhere")
    night = Night.before_first(an_election(a_council(*wards, eve=CON, history=spells, created=1973), other))
    night = night.fold([an_entry(1, a_ward(wards[0], LAB)), an_entry(2, a_ward(wards[1], CON))])
    (item,) = items_of(night)
    assert (item.line, item.seats) == ("CON lose Testshire to NOC", "CON and LAB 1 each of 2")
    assert item.first == "first ever"


def test_a_single_office_tells_who_was_elected():
    mayor = a_contest("mayor", council_id="mayor", parties=(LAB, CON))
    other = a_council(a_contest("far", council_id="elsewhere"), council_id="elsewhere")
    night = Night.before_first(an_election(a_council(mayor, council_id="mayor", cycle=Cycle.SINGLE, eve=CON), other))
    night = night.fold([an_entry(1, a_ward(mayor, LAB))])
    assert [it.seats for it in items_of(night)] == ["LAB 1 of mayor (LAB) elected"]


def test_in_one_body_alone_they_are_seats_with_their_margins():
    held = [a_contest(ward, holder=(CON,)) for ward in ("north", "south", "west")]
    night = Night.before_first(an_election(a_council(*held, eve=None)))
    night = night.fold([an_entry(1, a_ward(held[0], LAB)), an_entry(2, a_ward(held[1], CON))])
    (item,) = items_of(night)
    assert (item.line, item.seats, item.first) == ("LAB gain North from CON", "Margin 7 votes", "")
    assert item.address == f"/elections/test-2023/contests/{a_ballot('north')}"
    assert "1 seat has changed hands." in page_of(night)
    assert "Seats that changed hands" in page_of(night)


def test_what_was_certain_before_the_first_entry_has_no_time_and_no_moment():
    night = Night.before_first(an_election(a_council(continuing={LAB: 9}, eve=CON), a_council(council_id="other")))
    (item,) = items_of(night)
    assert (item.element_id, item.as_it_stood) == ("flip-0-testshire", "")
    assert "As it stood" not in page_of(night)


def test_programs_get_the_same_with_what_undid_it():
    night = a_night(LAB, CON).fold(
        [an_entry(3, Withdrawal(1, "Another ward"), council_id="ashire", ballot_id=a_ballot("north", "ashire"))]
    )
    view = flips_view(night, epoch="e", convention=BBC)
    assert (view["seq"], view["convention"]) == (3, "bbc")
    (flip,), (hold,) = view["flips"], view["holds"]
    assert (flip["seq"], flip["now"], flip["before"], flip["flash"]) == (1, LAB, CON, "LAB gain Ashire from CON")
    assert (flip["seats"], flip["total_seats"], flip["seats_to_come"]) == ({LAB: 1}, 1, 0)
    assert (flip["undone"]["seq"], flip["undone"]["reason"]) == (3, "Another ward")
    assert (hold["badge"], hold["undone"]) == ("CON hold", None)
