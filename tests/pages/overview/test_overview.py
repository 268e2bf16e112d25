"""The dashboard: its fragments, the page that holds them, and what a reader can ask for."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest

from app.bundles.reading import read_bundle
from app.domain.declarations import (
    Correction,
    Entry,
    NoteDeclaration,
    StatusDeclaration,
    StatusValue,
    Withdrawal,
    declaration_from,
)
from app.domain.election import Election
from app.domain.night import Night
from app.live.lists import html_of
from app.pages.drawn import DRAWN
from app.pages.elections.view import election_score, elections_page, error_page
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.overview.board import BoardQuery, Stage, distance_to_line, ordered, row_facts, stage_of
from app.pages.overview.scoreboard import scoreboard_rows
from app.pages.overview.view import (
    NIGHT_FRAGMENTS,
    HowFar,
    council_row,
    how_far,
    night_fragments,
    overview_page,
)
from app.pages.patterns.view import patterns_page, patterns_stylesheet
from app.process.turns import at_once
from app.wording.night import compared_with, counted
from app.wording.why import why_briefly
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    POLLS_CLOSED,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)
from tests.pages.whole import overview_fragments

ENVIRONMENT = make_environment()
KENT = Path(__file__).parents[3] / "elections" / "kent-2023"
LIVE = "/live/test-2023/overview?convention=bbc&since=0&epoch=e"


@pytest.fixture(scope="module")
def kent() -> list[Night]:
    """The night of Kent before the first entry and after each."""
    bundle = read_bundle(KENT)
    nights = [Night.before_first(bundle.election)]
    for seq, body in enumerate(bundle.night or (), start=1):
        contest = bundle.election.contest(body["ballot_id"])
        declaration = declaration_from(body, about=body["kind"])
        at = POLLS_CLOSED.fromisoformat(body["at"])
        nights.append(nights[-1].apply(Entry(seq, at, declaration, contest.council_id, contest.ballot_id))[0])
    return nights


def two_councils(*, eve: str | None = CON, **fields: object) -> Election:
    """Northshire was Conservative, Southshire had no overall control; three wards of one seat each."""

    def wards(council_id: str) -> list:
        return [a_contest(ward, council_id=council_id, parties=(LAB, CON, LD)) for ward in ("one", "two", "three")]

    return an_election(
        a_council(*wards("north"), council_id="north", name="Northshire", eve=eve, region="North", **fields),
        a_council(*wards("south"), council_id="south", name="Southshire", eve="NOC", region="South"),
    )


def after(election: Election, *declarations: object) -> Night:
    entries = [an_entry(seq, declaration) for seq, declaration in enumerate(declarations, start=1)]
    return Night.before_first(election).fold(entries)


def won(election: Election, council_id: str, *parties: str) -> list:
    """One ward after the other, each won by the party named."""
    return [
        a_ward(contest, party) for contest, party in zip(election.councils[council_id].contests, parties, strict=False)
    ]


def page(night: Night, query: Mapping[str, str] | None = None, *, live_url: str | None = LIVE) -> str:
    convention = night.election.chosen_convention((query or {}).get("convention"))
    fragments = overview_fragments(ENVIRONMENT, night, convention)
    frame = PageFrame(night.election, live_url)
    return at_once(overview_page(ENVIRONMENT, night, convention, fragments, frame, query=query or {}))


def row(night: Night, council_id: str, convention: str = "bbc") -> str:
    return council_row(ENVIRONMENT, night, council_id, night.election.conventions[convention])[1]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def slots(html: str) -> list[tuple[str, bool]]:
    """Councils in the order of the page, and whether each is shown."""
    found = re.findall(r'<tbody class="slot"[^>]*data-slot="([^"]+)"( hidden)?>', html)
    return [(council_id, not hidden) for council_id, hidden in found]


def shown(night: Night, **query: str) -> list[str]:
    return [council_id for council_id, is_shown in slots(page(night, query)) if is_shown]


# Fragments and the page


@pytest.mark.parametrize("seq", [0, 1, 22, 60, 147, 277])
@pytest.mark.parametrize("convention", ["bbc", "pa"])
def test_a_fragment_is_one_element_with_its_id(kent: list[Night], seq: int, convention: str):
    night = kent[seq]
    fragments = overview_fragments(ENVIRONMENT, night, night.election.conventions[convention])
    assert list(fragments) == [*NIGHT_FRAGMENTS, DRAWN, *(f"row-{council_id}" for council_id in night.councils)]
    for name, html in fragments.items():
        container = {"<tr": "tbody", "<tb": "table"}.get(html[:3], "div")
        roots = list(html5lib.parseFragment(html, container=container, namespaceHTMLElements=False))
        assert [root.get("id") for root in roots] == [name]
        assert html.startswith("<")
        assert html.endswith(">")


@pytest.mark.parametrize("seq", [0, 60, 277])
def test_the_page_contains_every_fragment_as_it_is(kent: list[Night], seq: int):
    night = kent[seq]
    fragments = overview_fragments(ENVIRONMENT, night, night.election.conventions["bbc"])
    html = page(night, {"state": "flipped", "sort": "updated"})
    assert all(html.count(fragment) == 1 for fragment in fragments.values())


@pytest.mark.parametrize("seq", [0, 60, 277])
@pytest.mark.parametrize("query", [{}, {"view": "wall"}, {"convention": "pa", "q": "z"}])
def test_the_page_is_html_with_unique_ids(kent: list[Night], seq: int, query: dict[str, str]):
    html = page(kent[seq], query)
    assert_sound(html)


def assert_sound(html: str) -> None:
    html5lib.HTMLParser(strict=True).parse(html)
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    references = re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]*)"', html)
    assert set(references) <= set(ids)
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


def test_a_fragment_holds_nothing_that_only_a_page_may(kent: list[Night]):
    for night in (kent[0], kent[147], kent[277]):
        for html in overview_fragments(ENVIRONMENT, night, night.election.conventions["bbc"]).values():
            assert not re.search(r"\shx-|\sstyle=|<script|\sago\b|just now|<form|<input|<select", html)


def test_one_declaration_changes_only_its_own_row(kent: list[Night]):
    before, night = kent[146], kent[147]
    bbc = night.election.conventions["bbc"]
    old, new = (overview_fragments(ENVIRONMENT, each, bbc) for each in (before, night))
    assert {name for name in new if name.startswith("row-") and new[name] != old[name]} == {"row-gravesham"}
    assert new | {name: html_of(it) for name, it in night_fragments(ENVIRONMENT, night, bbc).items()} == new


def test_the_live_element_is_a_leaf_that_names_its_position(kent: list[Night]):
    assert f'<div id="live" hx-ws:connect="{LIVE.replace("&", "&amp;")}"></div>' in page(kent[0])
    assert "hx-ws" not in page(kent[0], live_url=None)


def test_what_was_expected_before_the_newest_entry_is_still_to_come():
    election = two_councils(expected_at=POLLS_CLOSED)
    before, late = (text_of(page(after(election, *done))) for done in ((), won(election, "south", LAB, CON, LD)))
    assert "First expected Northshire about 22:00 BST" in before
    assert "Still to come Northshire , due about 22:00 BST" in late


def test_the_regions_that_speak_are_there_from_the_start(kent: list[Night]):
    html = page(kent[0])
    assert '<div id="announcer" class="visually-hidden" role="status"></div>' in html
    assert html.count('role="status"') == 2


# What a row says


def test_a_row_before_the_first_declaration():
    told = text_of(row(after(two_councils(expected_at=POLLS_CLOSED)), "north"))
    assert "Northshire" in told
    assert "0 of 3 wards" in told
    assert "Awaiting" in told
    assert "due 22:00 BST" in told


def test_a_row_that_is_certain_says_since_when_and_what_is_out():
    election = two_councils()
    night = after(election, *won(election, "north", LAB, LAB))
    told = text_of(row(night, "north"))
    assert "LAB gain from CON" in told
    assert "Certain since 23:02 BST" in told
    assert "2 of 3 wards" in told
    assert "1 to come" in told


def test_a_row_that_is_declared_names_majority_and_change():
    council = two_councils().councils["north"]
    baselines = {**council.baselines, "last": replace(council.baselines["eve"], basis="last", seats={CON: 3})}
    election = two_councils(baselines=baselines)
    told = text_of(row(after(election, *won(election, "north", LAB, LAB, CON)), "north"))
    assert "Majority of 1" in told
    assert "LAB +2" in told
    assert "CON −2" in told
    assert "Declared" in told


def test_a_row_without_a_baseline_has_no_comparison():
    election = two_councils(eve=None)
    told = text_of(row(after(election, *won(election, "north", LAB, LAB, CON)), "north"))
    assert "LAB majority" in told
    assert "No comparison" in told
    assert "gain" not in told


def test_a_row_names_the_largest_party_where_nobody_controls():
    election = two_councils()
    told = text_of(row(after(election, *won(election, "south", LAB, CON, LD)), "south"))
    assert "NOC hold" in told
    assert "largest with 1" in told


def test_a_row_says_what_a_party_still_needs():
    election = two_councils()
    assert "LAB needs 1, CON and LD 2 each of 2 to come" in text_of(
        row(after(election, *won(election, "north", LAB)), "north")
    )


def test_new_boundaries_are_said_beside_the_change():
    assert "new boundaries" in text_of(row(after(two_councils(boundary_change=True)), "north"))


def test_a_correction_stands_on_its_row_with_the_reason():
    election = two_councils()
    first, *_ = won(election, "north", LAB)
    correction = Correction(1, "a bundle of 200", a_ward(election.councils["north"].contests[0], CON))
    night = after(election, first).apply(an_entry(2, correction))[0]
    html = row(night, "north")
    assert "Corrected 23:02 BST" in text_of(html)
    assert 'title="a bundle of 200"' in html


def test_a_tally_and_a_recount_are_said():
    election = two_councils()
    phoned = after(election, a_tally({LAB: 2}, council_id="north"))
    assert how_far(election, phoned.councils["north"]).standing == "By phone"
    counted_again = after(election, StatusDeclaration(StatusValue.RECOUNT, council_id="north"))
    assert how_far(election, counted_again.councils["north"]) == HowFar("Recount")


def test_control_that_stood_before_the_first_declaration_has_no_time():
    continuing = {LAB: 9}
    election = an_election(a_council(a_contest(council_id="testshire"), continuing=continuing))
    night = Night.before_first(election)
    assert why_briefly(election, night.councils["testshire"]) == "Safe before a vote is counted"


# The scoreboard


def test_the_scoreboard_has_the_first_parties_and_noc_from_the_start():
    night = after(two_councils())
    rows = scoreboard_rows(night, night.election.conventions["bbc"])
    assert [each.short for each in rows] == ["CON", "LAB", "LD", "GRN", "IND", "NOC"]
    assert [each.order for each in rows] == sorted((each.order for each in rows), reverse=True)
    assert all(each.councils_change is None and each.seats_change is None for each in rows)


def test_an_en_dash_is_no_comparison_yet():
    night = after(two_councils())
    html = html_of(night_fragments(ENVIRONMENT, night, night.election.conventions["bbc"])["scoreboard"])
    assert '–<span class="visually-hidden"> no comparison</span>' in html
    assert "No comparison yet" in counted(night, night.election.conventions["bbc"])


def test_the_scoreboard_counts_councils_and_seats():
    election = two_councils()
    night = after(election, *won(election, "north", LAB, LAB, CON), *won(election, "south", LAB, CON, LD))
    pa = election.conventions["pa"]
    rows = {each.short: each for each in scoreboard_rows(night, pa)}
    assert (rows["LAB"].councils, rows["LAB"].councils_change, rows["LAB"].seats) == (1, 1, 3)
    assert (rows["CON"].councils_change, rows["NOC"].councils, rows["NOC"].councils_change) == (-1, 1, 0)
    assert rows["NOC"].is_noc
    assert rows["LAB"].seats_change is None


def test_how_much_is_in_the_changes_is_said_while_something_is_missing():
    election = two_councils()
    bbc, pa = election.conventions["bbc"], election.conventions["pa"]
    half = after(election, *won(election, "north", LAB, LAB, CON))
    whole = after(election, *won(election, "north", LAB, LAB, CON), *won(election, "south", LAB, CON, LD))
    assert counted(half, pa) == "Changes so far: control of 1 of 2 councils; of seats once a council is complete."
    assert counted(whole, pa) == "Changes: control of 2 of 2 councils, seats of none."
    compared = replace(half.scoreboards["bbc"], compared_control=1, compared_seats=1)
    said = counted(replace(half, scoreboards={"bbc": compared}), bbc)
    assert said == "Changes so far: control of 1 of 2 councils, seats of the one that is complete."
    for control, seats, expected in (
        (2, 2, "Changes: every council is in them."),
        (0, 0, "No comparison: what there was before is not known here."),
        (0, 1, "Changes: control of none of 2 councils, seats of 1."),
    ):
        scoreboard = replace(whole.scoreboards["bbc"], compared_control=control, compared_seats=seats)
        assert counted(replace(whole, scoreboards={"bbc": scoreboard}), bbc) == expected


def test_both_bases_are_named():
    bbc = two_councils().conventions["bbc"]
    control, seats = compared_with(two_councils(), bbc)
    assert control == "Councils: change against control as the BBC reported it, or else on the eve of poll."
    assert seats == (
        "Seats: change against those held notionally, on the new boundaries, or else at the last election."
    )


def test_the_other_convention_is_one_link_away_and_keeps_what_was_asked(kent: list[Night]):
    html = page(kent[60], {"sort": "line", "q": "ford"})
    assert 'href="?convention=pa&amp;q=ford&amp;sort=line"' in html


# The ticker


def ticker(night: Night) -> str:
    return html_of(night_fragments(ENVIRONMENT, night, night.election.conventions["bbc"])["ticker"])


def test_a_flash_line_can_be_copied_as_it_is():
    election = two_councils()
    html = ticker(after(election, *won(election, "north", LAB, LAB)))
    assert 'data-copy="LAB gain Northshire from CON"' in html
    assert 'data-announce="LAB gain Northshire from CON"' in html
    assert "party-PP53" in html


def test_a_withdrawn_line_is_struck_through_with_when_and_why():
    election = two_councils()
    night = after(election, *won(election, "north", LAB, LAB))
    night = night.apply(
        an_entry(3, Withdrawal(2, "the wrong ward"), council_id="north", ballot_id="local.north.two.2023-05-04")
    )[0]
    html = ticker(night)
    assert re.search(r"<s><a [^>]*>LAB gain Northshire from CON</a></s>", html)
    assert "Withdrawn 23:03 BST: the wrong ward" in html
    assert "goes back to undecided" in html
    assert "party-PP53" not in html


def test_a_corrected_line_is_told_as_corrected():
    election = two_councils()
    night = after(election, *won(election, "north", LAB, LAB))
    north = election.contest("local.north.two.2023-05-04")
    corrected = Correction(2, "bundles swapped", a_ward(north, CON))
    html = ticker(night.apply(an_entry(3, corrected))[0])
    assert "Corrected 23:03 BST: bundles swapped" in html
    assert "“LAB gain Northshire from CON” no longer holds" in html
    assert "ithdrawn 23:03" not in html


def test_a_line_that_holds_no_more_without_a_reason_names_the_entry():
    election = two_councils()
    night = after(election, a_tally({LAB: 2}, council_id="north"), *won(election, "north", CON, CON, LAB))
    assert "No longer so since 23:03 BST, after entry 3" in ticker(night)


def test_a_note_about_the_whole_night_links_nowhere():
    html = ticker(after(two_councils(), NoteDeclaration("A fire alarm")))
    assert "<p>A fire alarm</p>" in html


def test_several_lines_of_one_entry_have_ids_of_their_own(kent: list[Night]):
    ids = re.findall(r'<li id="([^"]+)"', ticker(kent[277]))
    assert len(ids) == len(set(ids)) > 10


def test_the_latest_wards_are_newest_first():
    election = two_councils()
    html = night_fragments(
        ENVIRONMENT, after(election, *won(election, "north", LAB, CON)), election.conventions["bbc"]
    )["latest"]
    assert text_of(html_of(html)) == "23:02 BST Two , Northshire CON 1 23:01 BST One , Northshire LAB 1"


# What a reader asks for


def a_busy_night() -> Night:
    """Northshire is certain and flipped, Southshire is counting."""
    election = two_councils()
    return after(election, *won(election, "south", LAB), *won(election, "north", LAB, LAB))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["north", "south"]),
        ({"q": "SOUTH"}, ["south"]),
        ({"q": "nowhere"}, []),
        ({"party": LAB}, ["north", "south"]),
        ({"party": CON}, []),
        ({"state": "certain"}, ["north"]),
        ({"state": "counting"}, ["south"]),
        ({"state": "flipped"}, ["north"]),
        ({"state": "declared"}, []),
        ({"region": "South"}, ["south"]),
        ({"q": "north", "state": "counting"}, []),
        ({"state": "no such state"}, ["north", "south"]),
        ({"sort": "no such sort"}, ["north", "south"]),
        ({"sort": "updated"}, ["north", "south"]),
        ({"sort": "line"}, ["south", "north"]),
        ({"sort": "state"}, ["north", "south"]),
    ],
)
def test_the_server_filters_and_sorts(query: dict[str, str], expected: list[str]):
    assert shown(a_busy_night(), **query) == expected


def test_rows_that_do_not_match_are_hidden_and_stay(kent: list[Night]):
    everyone = slots(page(kent[60]))
    filtered = slots(page(kent[60], {"q": "medway"}))
    assert [council_id for council_id, _ in everyone] == [council_id for council_id, _ in filtered]
    assert [council_id for council_id, is_shown in filtered if is_shown] == ["medway"]


def test_a_page_without_a_match_says_so():
    assert '<p id="board-empty" class="muted">' in page(a_busy_night(), {"q": "nowhere"})
    assert '<p id="board-empty" class="muted" hidden>' in page(a_busy_night())


def test_the_form_comes_filled_in_as_it_was_asked():
    html = page(a_busy_night(), {"q": 'a"b', "state": "flipped", "sort": "line", "convention": "pa"})
    assert 'name="q" value="a&#34;b"' in html
    assert '<option value="flipped" selected>' in html
    assert '<option value="line" selected>' in html
    assert '<input type="hidden" name="convention" value="pa">' in html


def test_regions_are_asked_for_only_where_there_are_several(kent: list[Night]):
    assert 'name="region"' in page(a_busy_night())
    assert 'name="region"' not in page(kent[0])


def test_a_row_says_all_that_the_browser_filters_by():
    night = a_busy_night()
    html = row(night, "north")
    facts = row_facts(night.councils["north"], night.election.conventions["bbc"])
    for name, value in {
        "name": facts.name,
        "state": facts.stage,
        "gained": LAB,
        "lost": CON,
        "happened": 3,
        "parties": LAB,
        "region": "North",
        "updated": 3,
        "expected": facts.expected,
        "line": facts.line,
    }.items():
        assert f'data-{name}="{value}"' in html


def test_the_council_closest_to_the_line_is_first_and_decided_ones_last(kent: list[Night]):
    night = kent[200]
    in_order = [state for state, _ in ordered(night, night.election.conventions["bbc"], BoardQuery(sort="line"))]
    undecided = [state for state in in_order if not state.is_certain]
    assert in_order[: len(undecided)] == undecided
    needs = [min(state.needs.values()) for state in undecided]
    assert needs == sorted(needs)
    assert [distance_to_line(state) for state in in_order] == sorted(map(distance_to_line, in_order))


def test_expected_councils_come_by_their_time():
    election = two_councils(expected_at=POLLS_CLOSED)
    assert shown(after(election), sort="expected") == ["north", "south"]


@pytest.mark.parametrize(
    ("declaration", "stage"),
    [
        (None, Stage.AWAITING),
        (NoteDeclaration("Coffee is served", council_id="north"), Stage.AWAITING),
        (StatusDeclaration(StatusValue.COUNTING, council_id="north"), Stage.COUNTING),
        (StatusDeclaration(StatusValue.DELAYED, council_id="north"), Stage.AWAITING),
        (StatusDeclaration(StatusValue.RECOUNT, ballot_id="local.north.one.2023-05-04"), Stage.COUNTING),
        (a_tally({IND: 1}, council_id="north"), Stage.COUNTING),
        (a_tally({GRN: 3}, council_id="north", complete=True), Stage.DECLARED),
    ],
)
def test_how_far_a_council_is(declaration: object, stage: Stage):
    night = after(two_councils(), *([declaration] if declaration else []))
    assert stage_of(night.councils["north"]) is stage


def test_the_wall_has_nothing_to_press_and_turns_nothing():
    html = page(a_busy_night(), {"view": "wall", "theme": "dark"})
    assert '<body class="wall">' in html
    assert 'data-theme="dark"' in html
    assert 'id="filters"' not in html
    assert "js/overview/wall.js" in html
    assert "js/overview/filters.js" not in html


# The other pages


def test_the_list_of_elections(kent: list[Night]):
    scores = [election_score(kent[60], POLLS_CLOSED), election_score(after(two_councils()), None)]
    html = elections_page(ENVIRONMENT, scores, PageFrame())
    assert_sound(html)
    assert 'href="/elections/kent-2023"' in html
    assert "60 of 277 wards declared" in html


def test_a_list_without_an_election_says_how_to_get_one():
    assert "declared load" in elections_page(ENVIRONMENT, [], PageFrame())


@pytest.mark.parametrize("status", [404, 418, 422, 500, 503])
def test_an_error_is_a_page(status: int):
    html = error_page(ENVIRONMENT, status, "There is no council <x>.", PageFrame())
    assert_sound(html)
    assert str(status) in html
    assert "There is no council &lt;x&gt;." in html


def test_the_patterns_show_every_stage_in_both_themes():
    html = patterns_page(ENVIRONMENT)
    assert_sound(html)
    assert html.count('data-theme="light"') == html.count('data-theme="dark"') == 1
    for stage in Stage:
        assert html.count(f'data-state="{stage}"') >= 2
    assert ".party-PP53{" in patterns_stylesheet()


def test_a_rehearsal_is_marked_on_the_page():
    night = a_busy_night()
    bbc = night.election.conventions["bbc"]
    fragments = overview_fragments(ENVIRONMENT, night, bbc)
    frame = PageFrame(night.election)
    html = at_once(overview_page(ENVIRONMENT, night, bbc, fragments, replace(frame, rehearsal=True), query={}))
    assert "<title>TEST: " in html
    assert html.index('<aside class="notice" aria-label="Test">') < html.index("<header") < html.index("<main")
    unmarked = at_once(overview_page(ENVIRONMENT, night, bbc, fragments, frame, query={}))
    assert "TEST" not in unmarked
