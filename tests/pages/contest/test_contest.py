import re
from dataclasses import replace
from urllib.parse import quote

import html5lib
import pytest

from app.domain.catalogue import alterations
from app.domain.declarations import CatalogueChange, Correction, WardDeclaration
from app.domain.night import Night
from app.pages.contest.view import (
    anchor_id,
    beside,
    by_ward,
    contest_fragments,
    contest_page,
    detail_id,
    result_id,
    revisions,
    row_id,
)
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.overview.newest import latest_results
from tests.builders import CON, LAB, a_ballot, a_contest, a_council, a_ward, an_election, an_entry
from tests.pages.edges import a_night_at_the_edges, text_of
from tests.pages.whole import council_fragments


def test_wards_that_have_numbers_come_in_the_order_of_these() -> None:
    names = ["Division 10", "Division 2", "All Saints", "Ward 2", "Division 1"]
    ordered = ["All Saints", "Division 1", "Division 2", "Division 10", "Ward 2"]
    assert [contest.ward for contest in by_ward(map(a_contest, names))] == ordered


WARDS = [
    ("lot", "thirds"),
    ("joint", "thirds"),
    ("corrected", "thirds"),
    ("withdrawn", "thirds"),
    ("unopposed", "thirds"),
    ("empty", "thirds"),
    ("death", "thirds"),
    ("postponed", "thirds"),
    ("recounted", "thirds"),
    ("leader", "thirds"),
    ("ward 2", "thirds"),
    ("secret", "unknown"),
    ("quiet", "unknown"),
    ("short", "unknown"),
    ("division 1", "county"),
    ("division 50", "county"),
]


@pytest.fixture(scope="module")
def environment():
    return make_environment()


@pytest.fixture(scope="module")
def night():
    return a_night_at_the_edges()


def fragments_of(environment, night, ward, council="thirds"):
    return contest_fragments(environment, night, a_ballot(ward, council))


def said(environment, night, ward, council="thirds") -> str:
    return text_of(fragments_of(environment, night, ward, council)[result_id(a_ballot(ward, council))])


def row(environment, night, ward, council="thirds") -> str:
    return text_of(fragments_of(environment, night, ward, council)[row_id(a_ballot(ward, council))])


def detail(environment, night, ward, council="thirds") -> str:
    return text_of(fragments_of(environment, night, ward, council)[detail_id(a_ballot(ward, council))])


# The page


@pytest.mark.parametrize("key", ["bbc", "pa"])
@pytest.mark.parametrize(("ward", "council"), WARDS)
def test_the_page_has_the_very_bytes_of_its_fragments(environment, night, ward, council, key):
    convention, ballot_id = night.election.chosen_convention(key), a_ballot(ward, council)
    fragments = council_fragments(environment, night, council, convention)
    page = contest_page(environment, night, ballot_id, convention, fragments, PageFrame(night.election, "/live/x"))
    for element in (result_id(ballot_id), detail_id(ballot_id), f"verdict-{council}"):
        assert page.count(fragments[element]) == 1
    tree = html5lib.HTMLParser(strict=True).parse(page)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels == [1, 2, 2, 2]


def test_pages_link_to_the_wards_beside_them(night):
    election = night.election
    around = beside(election, election.contest(a_ballot("counting", "thirds")))
    assert {relation: contest.ward for relation, contest in around.items()} == {"prev": "Corrected", "next": "Death"}
    assert set(beside(election, election.contest(a_ballot("corrected", "thirds")))) == {"next"}
    assert set(beside(election, election.contest(a_ballot("withdrawn", "thirds")))) == {"prev"}


def test_a_page_leads_to_every_ward_of_its_council(environment, night):
    convention, ballot_id = night.election.chosen_convention(None), a_ballot("counting", "thirds")
    fragments = council_fragments(environment, night, "thirds", convention)
    page = contest_page(environment, night, ballot_id, convention, fragments, PageFrame(night.election))
    nav = page.partition('class="wards-of')[2].partition("</nav>")[0]
    contests = night.election.council("thirds").contests_by_id
    assert len(re.findall(r"<li><a href", nav)) == len(contests)
    assert all(f"/contests/{quote(each)}" in nav for each in contests)
    assert re.findall(r'aria-current="page">(.*?)<', nav) == ["Counting"]


def test_a_council_of_one_ward_has_none_beside_it(environment):
    night = Night.before_first(an_election())
    convention, ballot_id = night.election.chosen_convention(None), a_ballot("north")
    fragments = council_fragments(environment, night, "testshire", convention)
    page = contest_page(environment, night, ballot_id, convention, fragments, PageFrame(night.election))
    assert "Wards beside this one" not in page
    assert "Wards of" not in page
    assert 'id="live"' not in page


@pytest.mark.parametrize(
    ("name", "said"),
    [("Medway", "1 seat on Medway council."), ("Belfast City Council", "1 seat on Belfast City Council.")],
)
def test_a_seat_is_on_a_council(environment, name, said):
    night = Night.before_first(an_election(a_council(name=name)))
    convention, ballot_id = night.election.chosen_convention(None), a_ballot("north")
    fragments = council_fragments(environment, night, "testshire", convention)
    assert said in contest_page(environment, night, ballot_id, convention, fragments, PageFrame(night.election))


# Results in words


@pytest.mark.parametrize(("ward", "council"), WARDS)
def test_no_votes_are_never_0_votes(environment, night, ward, council):
    declaration = night.result(a_ballot(ward, council)).declaration
    if declaration is None or declaration.votes is None:
        for html in fragments_of(environment, night, ward, council).values():
            assert not re.search(r"\b0 votes\b", text_of(html))
            assert "Votes" not in text_of(html)


def test_candidates_votes_and_who_is_elected(environment, night):
    result = said(environment, night, "division 1", "county")
    assert result.startswith("Declared 23:21 BST · 3 seats")
    assert "CON elected: CON 1 of division 1 1,000" in result
    assert "LAB LAB 1 of division 1 979" in result
    assert "Share, top vote: CON" in result
    assert "Turnout 82.0%" in result


def test_a_lot_is_told_beside_both_candidates(environment, night):
    result = said(environment, night, "lot")
    assert "elected: CON 2 of lot by lot 825" in result
    assert "CON 1 of lot lost by lot 825" in result
    assert "Tie at 825 votes settled by lot: drawn CON 2 of lot (CON), not CON 1 of lot (CON)." in result
    assert "Turnout 31.2% as announced" in result
    assert "Lot lot LAB 1 CON 1 31.2% 23:01" in row(environment, night, "lot")


def test_joint_places(environment, night):
    result = said(environment, night, "joint")
    assert "CON 1 of joint joint 2nd 400" in result
    assert "Joint 2nd on 400 votes: CON 1 of joint and LD 1 of joint." in result


def test_a_correction_has_before_and_after_and_the_reason(environment, night):
    result = said(environment, night, "corrected")
    assert "Declared 23:03 BST, corrected 23:04 BST" in result
    assert "Corrected 23:04 BST: Two bundles were counted for the wrong candidate." in result
    assert "Elected LAB 1 of corrected (LAB) CON 1 of corrected (CON)" in result
    assert "Seats LAB 1 CON 1" in result
    assert "CON 1 of corrected 993 1,000" in result
    assert "Ballot papers 2,001 2,011" in result
    assert "Rejected" not in result
    assert "Turnout 40.0% 40.2%" in result
    assert row(environment, night, "corrected") == "Corrected corrected CON 1 40.2% 23:03"


def test_a_withdrawal_says_what_stood_and_that_nothing_stands(environment, night):
    result = said(environment, night, "withdrawn")
    assert result.startswith("Not declared yet · 1 seat · due about 06:30 BST")
    assert "Withdrawn 23:06 BST: Declared for the wrong ward." in result
    assert "Seats LAB 1 –" in result
    assert row(environment, night, "withdrawn") == "Withdrawn withdrawn Not yet – –"


def test_a_result_declared_again_after_a_withdrawal(environment, night):
    ward = night.election.contest(a_ballot("withdrawn", "thirds"))
    again, _ = night.apply(an_entry(night.seq + 1, a_ward(ward, CON)))
    assert row(environment, again, "withdrawn").startswith("Withdrawn redeclared CON 1")
    assert said(environment, again, "withdrawn").startswith("Declared")


@pytest.mark.parametrize(
    ("ward", "council", "words"),
    [
        ("unopposed", "thirds", "Elected unopposed, no poll · 1 seat"),
        ("unopposed", "thirds", "CON elected: CON 1 of unopposed"),
        ("short", "unknown", "Elected unopposed, no poll; 2 seats stay vacant · 3 seats"),
        ("secret", "unknown", "Seats as declared: CON 2. Candidates and votes have not been given."),
        ("quiet", "unknown", "Seats as declared: CON 2, LAB 1. Candidates and votes have not been given."),
        ("empty", "thirds", "No candidates: the seat stays vacant · 1 seat"),
        ("death", "thirds", "Poll countermanded after the death of a candidate: the seat is vacant until a later poll"),
        ("postponed", "thirds", "Flood at the count (23:07 BST)"),
        ("recounted", "thirds", "Recount · Second recount, 3 votes in it (23:08 BST) · 1 seat · due about 06:30 BST"),
        ("leader", "thirds", "Council leader, loses seat"),
        ("leader", "thirds", "LD 1 of leader Loses seat"),
        ("leader", "thirds", "IND 1 of leader Portfolio holder 9"),
        ("leader", "thirds", "Mayor of the town 9"),
    ],
)
def test_every_state_in_words(environment, night, ward, council, words):
    assert words in said(environment, night, ward, council)


@pytest.mark.parametrize(
    ("ward", "council", "words"),
    [
        ("unopposed", "thirds", "Unopposed CON 1 – no poll"),
        ("short", "unknown", "Short LAB 1 2 vacant – no poll"),
        ("secret", "unknown", "Secret CON 2 – no poll"),
        ("empty", "thirds", "Empty No candidates – no poll"),
        ("death", "thirds", "Death Countermanded – no poll"),
        ("recounted", "thirds", "Recounted Recount – –"),
    ],
)
def test_every_state_in_a_row(environment, night, ward, council, words):
    assert row(environment, night, ward, council) == words


def test_unknown_candidates_are_said(environment):
    ward = a_contest(candidacies=())
    night = Night.before_first(an_election(a_council(ward)))
    assert "The candidates are not known here." in said(environment, night, "north", "testshire")


# The detail


def test_shares_by_both_methods_are_named(environment, night):
    words = detail(environment, night, "lot")
    assert "with 2 votes for every voter" in words
    assert "Candidates Votes Top vote Average" in words
    assert "LAB Labour Party 2 1,200 52.2% 42.1%" in words


def test_papers_turnout_and_source(environment, night):
    assert "Papers 2,011 ballot papers, 12 of them rejected" in detail(environment, night, "corrected")
    assert "Turnout 40.2%, ballot papers / electorate" in detail(environment, night, "corrected")
    assert "Turnout 31.2%, as announced" in detail(environment, night, "lot")
    assert "Turnout Not known: ballot papers were not given" in detail(environment, night, "quiet", "unknown")
    assert "Source Returning officer" in detail(environment, night, "ward 2")


def test_papers_without_an_electorate_are_no_turnout_and_it_is_said_which_is_missing(environment):
    ward = a_contest("radford", electorate=None)
    declared = a_ward(ward, LAB, ballots=1_994, rejected=10)
    night = Night.before_first(an_election(a_council(ward))).fold([an_entry(1, declared)])
    words = detail(environment, night, "radford", "testshire")
    assert "Papers 1,994 ballot papers, 10 of them rejected" in words
    assert "Turnout Not known: the electorate is not on file" in words


def test_every_entry_is_listed_newest_first(environment, night):
    words = detail(environment, night, "corrected")
    assert "Corrected 23:04 BST (entry 4 of the log) Declared 23:03 BST (entry 3 of the log)" in words
    assert "Withdrawn 23:06 BST (entry 6 of the log)" in detail(environment, night, "withdrawn")


def test_a_change_of_the_catalogue_is_said_wherever_a_correction_is(environment):
    ward = a_contest("hollin", parties=(LAB, CON))
    election, mended = (an_election(a_council(it)) for it in (ward, replace(ward, electorate=5001)))
    change = CatalogueChange("A column was shifted", alterations(election, mended), mended)
    begun = Night.before_first(election).fold([an_entry(1, a_ward(ward, LAB))])
    night = begun.fold([an_entry(2, change)])
    assert said(environment, night, "hollin", "testshire").startswith("Declared 23:01 BST, corrected 23:02 BST")
    words = detail(environment, night, "hollin", "testshire")
    assert "Corrected 23:02 BST (entry 2 of the log) Declared 23:01 BST (entry 1 of the log)" in words
    assert row(environment, night, "hollin", "testshire").startswith("Hollin corrected LAB 1")
    assert [[it.corrected for it in latest_results(one)] for one in (begun, night)] == [[False], [True]]
    again = night.fold([an_entry(3, Correction(1, "A digit", a_ward(ward, CON)))])
    assert said(environment, again, "hollin", "testshire").startswith("Declared 23:01 BST, corrected 23:03 BST")


def test_what_was_mended_before_a_result_is_told_does_not_correct_it(environment):
    ward = a_contest("hollin", parties=(LAB, CON))
    election, mended = (an_election(a_council(it)) for it in (ward, replace(ward, electorate=5001)))
    change = CatalogueChange("A column was shifted", alterations(election, mended), mended)
    night = Night.before_first(election).fold([an_entry(1, change), an_entry(2, a_ward(ward, LAB))])
    assert said(environment, night, "hollin", "testshire").startswith("Declared 23:02 BST ·")
    assert [it.corrected for it in latest_results(night)] == [False]


def test_seats_up_vacant_and_to_come(environment, night):
    assert "Seats 3 up, 2 vacant" in detail(environment, night, "short", "unknown")
    assert "Seats 1 up, 1 to come" in detail(environment, night, "recounted")


# What corrections change


def test_a_correction_of_seats_alone():
    ward = a_contest(seats_up=2, candidacies=())
    night = Night.before_first(an_election(a_council(ward)))
    night, _ = night.apply(an_entry(1, WardDeclaration(ward.ballot_id, seats={LAB: 2})))
    night, _ = night.apply(an_entry(2, Correction(1, "Misheard", WardDeclaration(ward.ballot_id, seats={CON: 2}))))
    (revision,) = revisions(night, night.result(ward.ballot_id))
    assert [(each.subject, each.before, each.after) for each in revision.differences] == [("Seats", "LAB 2", "CON 2")]


def test_corrections_of_corrections_are_told_newest_first():
    ward = a_contest()
    night = Night.before_first(an_election(a_council(ward)))
    night, _ = night.apply(an_entry(1, a_ward(ward, LAB)))
    night, _ = night.apply(an_entry(2, Correction(1, "First", a_ward(ward, CON))))
    night, _ = night.apply(an_entry(3, Correction(2, "Second", a_ward(ward, LAB, rejected=4))))
    told = revisions(night, night.result(ward.ballot_id))
    assert [revision.entry.reason for revision in told] == ["Second", "First"]
    assert ("Rejected papers", "–", "4") in [(each.subject, each.before, each.after) for each in told[0].differences]


def test_a_contest_without_corrections_has_none(night):
    assert revisions(night, night.result(a_ballot("lot", "thirds"))) == ()


def test_a_row_leads_to_the_result_on_the_same_page(environment, night):
    ballot_id = a_ballot("lot", "thirds")
    assert f'href="#{anchor_id(ballot_id)}"' in fragments_of(environment, night, "lot")[row_id(ballot_id)]
