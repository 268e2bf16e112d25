import itertools
import re

import html5lib
import pytest

from app.domain.council import CouncilState
from app.domain.declarations import Correction, Withdrawal
from app.domain.election import Baseline, Convention
from app.domain.night import Night
from app.pages.addresses import contest_url, council_url, election_url, element_id
from app.pages.components.badge import Badge, BadgeKind, badge_of
from app.pages.components.seating import Stretch, chamber, hemicycle, seat_bar, seating
from app.pages.contest.view import contest_fragments
from app.pages.council.view import HEAD, council_head_fragments, council_page
from app.pages.drawn import DRAWN
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.process.folders import STATIC
from tests.builders import (
    CON,
    GRN,
    IND,
    LAB,
    LD,
    a_ballot,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)
from tests.pages.edges import a_night_at_the_edges, text_of
from tests.pages.whole import council_fragments

HTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def environment():
    return make_environment()


@pytest.fixture(scope="module")
def night():
    return a_night_at_the_edges()


def convention(night: Night, key: str | None = None) -> Convention:
    return night.election.chosen_convention(key)


def roots_of(html: str) -> list:
    """The root elements; a table row only parses as one inside a table."""
    container = "tbody" if html.startswith("<tr") else "div"
    return list(html5lib.parseFragment(html, container=container))


def page_of(environment, night: Night, council_id: str, key: str | None = None) -> tuple[str, dict[str, str]]:
    chosen = convention(night, key)
    fragments = council_fragments(environment, night, council_id, chosen)
    frame = PageFrame(night.election, "/live/x")
    return council_page(environment, night, council_id, chosen, fragments, frame, query={}), fragments


def a_night(council, *declarations) -> Night:
    night = Night.before_first(an_election(council))
    for seq, declaration in enumerate(declarations, 1):
        night, _ = night.apply(an_entry(seq, declaration, council_id=council.council_id))
    return night


@pytest.mark.parametrize(("wards", "is_indexed"), [(10, False), (11, True)])
def test_more_wards_than_fit_a_screen_have_an_index(environment, wards, is_indexed):
    council = a_council(*(a_contest(f"ward-{number}") for number in range(wards)))
    html, _ = page_of(environment, a_night(council), council.council_id)
    assert ("<summary>Every ward</summary>" in html) is is_indexed
    assert ('href="#wards-heading">Every ward</a>' in html) is is_indexed


COUNCILS = ("thirds", "unknown", "phoned", "county")


# Fragments and pages


@pytest.mark.parametrize("key", ["bbc", "pa"])
@pytest.mark.parametrize("council_id", COUNCILS)
def test_every_fragment_is_one_element_with_its_id(environment, night, council_id, key):
    fragments = council_fragments(environment, night, council_id, convention(night, key))
    for element, html in fragments.items():
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", element)
        (root,) = roots_of(html)
        assert root.get("id") == element
        assert html == html.strip()


@pytest.mark.parametrize("council_id", COUNCILS)
def test_no_fragment_has_what_a_morph_or_a_strict_policy_forbids(environment, night, council_id):
    fragments = council_fragments(environment, night, council_id, convention(night))
    for html in fragments.values():
        assert not re.search(r"<(form|input|details|script|style)\b|\s(style|hx-\w+|on\w+)=", html)


@pytest.mark.parametrize("key", ["bbc", "pa"])
@pytest.mark.parametrize("council_id", COUNCILS)
def test_the_page_has_the_very_bytes_of_the_fragments(environment, night, council_id, key):
    page, fragments = page_of(environment, night, council_id, key)
    shown = [html for element, html in fragments.items() if not element.startswith("detail-")]
    places = [page.index(html) for html in shown]
    assert len(set(places)) == len(shown)
    assert page.count('id="verdict-') == 1


@pytest.mark.parametrize("council_id", COUNCILS)
def test_ids_on_the_page_are_unique_and_the_page_is_valid(environment, night, council_id):
    page, _ = page_of(environment, night, council_id)
    tree = html5lib.HTMLParser(strict=True).parse(page)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    linked = {element.get("href")[1:] for element in tree.iter(f"{HTML}a") if element.get("href", "").startswith("#")}
    assert linked <= set(ids)
    labelled = {element.get("aria-labelledby") for element in tree.iter() if element.get("aria-labelledby")}
    assert labelled <= set(ids)


@pytest.mark.parametrize("council_id", COUNCILS)
def test_headings_are_in_order(environment, night, council_id):
    page, _ = page_of(environment, night, council_id)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_page_connects_to_its_live_line(environment, night):
    page, _ = page_of(environment, night, "thirds")
    assert '<div id="live" hx-ws:connect="/live/x"></div>' in page


def test_head_and_contests_make_up_the_whole(environment, night):
    chosen = convention(night)
    whole = council_fragments(environment, night, "thirds", chosen)
    parts = council_head_fragments(environment, night, "thirds", chosen)
    assert list(parts) == [*(element_id(kind, "thirds") for kind in HEAD), DRAWN]
    for ballot_id in night.councils["thirds"].contests:
        parts |= contest_fragments(environment, night, ballot_id)
    assert parts == whole


def test_a_declaration_elsewhere_changes_nothing(environment, night):
    chosen = convention(night)
    later, _ = night.apply(
        an_entry(night.seq + 1, a_ward(night.election.contest(a_ballot("division 50", "county")), LAB))
    )
    assert council_fragments(environment, later, "thirds", chosen) == council_fragments(
        environment, night, "thirds", chosen
    )


def test_the_page_names_both_conventions_and_links_to_the_other(environment, night):
    page, _ = page_of(environment, night, "thirds", "pa")
    tree = html5lib.parse(page)
    links = {element.text: element for element in tree.iter(f"{HTML}a")}
    assert links["PA"].get("aria-current") == "true"
    assert links["BBC"].get("href") == "/elections/edges-2023/councils/thirds"
    assert links["PA"].get("href") == "/elections/edges-2023/councils/thirds?convention=pa"
    assert links["All councils"].get("href") == "/elections/edges-2023?convention=pa"


def test_what_is_written_by_others_is_escaped(environment):
    ward = a_contest()
    council = a_council(ward, name="<b>Bold</b> & Co", note="<script>alert(1)</script>")
    night = a_night(council, a_ward(ward, LAB), Correction(1, "<i>Reason</i>", a_ward(ward, CON)))
    page, fragments = page_of(environment, night, "testshire")
    assert "<script>alert" not in page
    assert "<b>Bold" not in page
    assert "<i>Reason" not in page
    assert "&lt;i&gt;Reason" in fragments["log-testshire"]


# What it says


def test_the_verdict_has_badge_reason_and_facts(environment, night):
    said = text_of(council_head_fragments(environment, night, "thirds", convention(night))["verdict-thirds"])
    for words in (
        "8 of 28 wards CON needs 13 of the 20 seats to come",
        "Control is undecided",
        "CON 27 of 78, line 40, 20 seats to come. CON held it before.",
        "Recount, 23:11 BST: in two wards",
        "About 06:30 BST",
        "CON since 2003; before that NOC from 1998",
        "4 seats are vacant",
        "Seats counted from the wards: 8 of 28 wards declared, 2 put off.",
        "One councillor resigned in March.",
    ):
        assert words in said


def test_a_tally_that_disagrees_is_marked(environment, night):
    html = council_head_fragments(environment, night, "phoned", convention(night))["verdict-phoned"]
    assert "fact-warns" in html
    assert "does not agree with a tally by phone" in text_of(html)


def test_the_table_of_seats_by_thirds(environment, night):
    said = text_of(council_head_fragments(environment, night, "thirds", convention(night))["seats-thirds"])
    assert "Party Seats now Won tonight Continuing Change Needs" in said
    assert "CON Conservative Party 27 3 24 – 13 of 20" in said
    assert "LAB Labour Party 18 4 14 – –out of reach" in said
    assert "Needs –: cannot reach 40 any more." in said
    assert "To come 20 Vacant 4 All seats 78 8 46" in said
    assert "Boundaries have changed" in said


def test_the_table_of_seats_when_all_is_in_has_change_and_its_basis(environment):
    ward = a_contest()
    baselines = {
        "eve": Baseline("eve", control=CON, seats={CON: 1}),
        "last": Baseline("last", seats={LAB: 1}),
    }
    night = a_night(a_council(ward, baselines=baselines), a_ward(ward, LAB))
    by_bbc = council_head_fragments(environment, night, "testshire", convention(night, "bbc"))["seats-testshire"]
    by_pa = council_head_fragments(environment, night, "testshire", convention(night, "pa"))["seats-testshire"]
    assert "Change since the last election LAB Labour Party 1 0 All seats 1" in text_of(by_bbc)
    assert (
        "Change since the eve of poll LAB Labour Party 1 +1 CON Conservative Party 0 \N{MINUS SIGN}1 All seats 1"
        in text_of(by_pa)
    )


def test_the_log_tells_corrections_notes_and_statuses_newest_first(environment, night):
    said = text_of(council_head_fragments(environment, night, "thirds", convention(night))["log-thirds"])
    assert said.index("expected to lose") < said.index("Recount: in two wards")
    assert said.index("Withdrawn: Withdrawn: Declared for the wrong ward.") < said.index("Corrected: Two bundles")
    assert "Counting" not in said


def test_a_correction_that_takes_control_back_says_so(environment):
    wards = [a_contest(f"w{number}", parties=(LAB, CON)) for number in range(3)]
    night = a_night(
        a_council(*wards),
        a_ward(wards[0], LAB),
        a_ward(wards[1], LAB),
        Correction(2, "Wrong pile", a_ward(wards[1], CON)),
        a_ward(wards[2], CON),
    )
    said = text_of(council_head_fragments(environment, night, "testshire", convention(night))["log-testshire"])
    assert "Corrected: Wrong pile Control goes back from LAB to undecided." in said


def test_a_withdrawn_tally_says_what_it_did(environment):
    night = Night.before_first(an_election(a_council(a_contest(seats_up=3))))
    night, _ = night.apply(an_entry(1, a_tally({LAB: 2})))
    night, _ = night.apply(an_entry(2, Withdrawal(1, "Misheard"), council_id="testshire"))
    said = text_of(council_head_fragments(environment, night, "testshire", convention(night))["log-testshire"])
    assert "Withdrawn: Misheard Control goes back from LAB to undecided." in said
    assert "Tally by phone, incomplete: LAB 2" in said


def test_nothing_in_the_log_is_said_too(environment, night):
    assert (
        text_of(council_head_fragments(environment, night, "county", convention(night))["log-county"]) == "None so far."
    )


def test_the_chamber_has_a_text_equivalent(environment, night):
    html = council_head_fragments(environment, night, "thirds", convention(night))["chamber-thirds"]
    label = "CON 27, LAB 18, LD 5, IND 3, GRN 1, 20 to come, 4 vacant of 78 seats; 40 are a majority"
    assert f'role="img" aria-label="{label}"' in html
    assert "CON 27 (24 not up)" in text_of(html)


# Badge


def badge(night: Night, council_id: str = "testshire", **options) -> Badge:
    return badge_of(night.election, night.councils[council_id], "bbc", **options)


@pytest.mark.parametrize(
    ("eve", "winner", "kind", "text"),
    [
        (CON, LAB, BadgeKind.GAIN, "LAB gain from CON"),
        ("NOC", LAB, BadgeKind.GAIN, "LAB gain from NOC"),
        (CON, CON, BadgeKind.HOLD, "CON hold"),
        (None, LAB, BadgeKind.PLAIN, "LAB majority"),
    ],
)
def test_badges_of_majorities(eve, winner, kind, text):
    ward = a_contest()
    shown = badge(a_night(a_council(ward, eve=eve), a_ward(ward, winner)))
    assert (shown.kind, shown.text) == (kind, text)


@pytest.mark.parametrize(
    ("eve", "kind", "text"),
    [
        (CON, BadgeKind.GAIN, "NOC gain from CON"),
        ("NOC", BadgeKind.HOLD, "NOC hold"),
        (None, BadgeKind.PLAIN, "NOC"),
    ],
)
def test_badges_of_no_overall_control(eve, kind, text):
    wards = a_contest("a"), a_contest("b")
    shown = badge(a_night(a_council(*wards, eve=eve), a_ward(wards[0], LAB), a_ward(wards[1], CON)))
    assert (shown.kind, shown.text, shown.is_noc) == (kind, text, True)


def test_an_undecided_badge_says_how_far_it_is_and_what_is_needed():
    wards = [a_contest(ward, seats_up=3, parties=(LAB, CON, LD)) for ward in "abc"]
    night = a_night(a_council(*wards), a_ward(wards[0], LAB))
    assert badge(night).text == "1 of 3 wards"
    assert badge(night).needs == "LAB needs 2, CON and LD 5 each of 6 to come"
    assert badge(night, at_length=True).needs == "LAB needs 2 of the 6 seats to come, CON and LD 5 each"


def test_a_gain_has_the_edge_of_whom_it_came_from(environment):
    ward = a_contest()
    night = a_night(a_council(ward), a_ward(ward, LAB))
    html = council_head_fragments(environment, night, "testshire", convention(night))["verdict-testshire"]
    assert 'class="badge badge-page badge-gain party-PP53"' in html
    assert '<span class="badge-was party-PP52" aria-hidden="true"></span>' in html
    assert "LAB gain from CON" in text_of(html)


# Seats as shapes


def state_of(night: Night, council_id: str) -> CouncilState:
    return night.councils[council_id]


@pytest.mark.parametrize("council_id", COUNCILS)
def test_every_seat_has_its_place(night, council_id):
    state = state_of(night, council_id)
    assert sum(seats.number for seats in seating(state)) == state.council.total_seats
    drawn = hemicycle(night.election, state)
    shapes = sum(dots.path.count("M") for dots in drawn.dots)
    assert shapes == state.council.total_seats


def test_the_largest_comes_first_and_continuing_before_won(night):
    order = [(seats.group, seats.stretch) for seats in seating(state_of(night, "thirds"))]
    assert order[:2] == [(CON, Stretch.CONTINUING), (CON, Stretch.WON)]
    assert [stretch for _, stretch in order[-2:]] == [Stretch.TO_COME, Stretch.VACANT]


def test_the_bar_is_filled_from_the_left_and_marked_at_the_line(night):
    bar = seat_bar(night.election, state_of(night, "county"))
    assert [(segment.group, segment.x, segment.width) for segment in bar.segments] == [
        (CON, "0%", "18%"),
        (LAB, "18%", "16%"),
        (LD, "34%", "16%"),
    ]
    assert bar.line_x == "50.67%"
    assert bar.text == "CON 27, LAB 24, LD 24, 75 to come of 150 seats; 76 are a majority"


@pytest.mark.parametrize(
    ("seats", "level"),
    [
        ({CON: 3, LAB: 2, LD: 1}, ()),
        ({CON: 4, LAB: 4, LD: 1}, ((1, 2, 4),)),
        ({CON: 4, LAB: 3, LD: 2, GRN: 2, IND: 2}, ((3, 3, 2),)),
        ({CON: 4, LAB: 2, LD: 2, GRN: 2, IND: 1}, ((2, 3, 2), (3, 3, 2))),
        ({CON: 2, LAB: 2}, ((1, 2, 2),)),
    ],
)
def test_a_legend_cut_among_equals_counts_them(seats: dict[str, int], level: tuple) -> None:
    council = a_council(a_contest(seats_up=20, parties=(CON, LAB, LD, GRN, IND)))
    night = a_night(council, a_tally(seats))
    assert seat_bar(night.election, night.councils["testshire"]).level == level


def test_a_tally_below_the_continuing_seats_draws_no_negative_seats():
    council = a_council(a_contest(), continuing={CON: 5, LAB: 4})
    state = a_night(council, a_tally({CON: 4, LAB: 6}, complete=True)).councils["testshire"]
    assert all(seats.number > 0 for seats in seating(state))
    assert sum(seats.number for seats in seating(state)) == 10


@pytest.mark.parametrize("seats", [1, 2, 3, 8, 20, 21, 33, 47, 59, 78, 99, 126, 150])
def test_a_chamber_has_a_dot_for_every_seat_apart_from_all_others(seats):
    places = chamber(seats)
    assert len(places.circles) == len(places.crosses) == len(places.angles) == seats
    assert list(places.angles) == sorted(places.angles, reverse=True)
    radius = float(re.search(r"a([\d.]+) ", places.circles[0])[1])
    points = [tuple(float(part) for part in re.match(r"M(\S+) (\S+)a", circle).groups()) for circle in places.circles]
    nearest = min(
        ((x - u) ** 2 + (y - v) ** 2 for at, (x, y) in enumerate(points) for u, v in points[:at]), default=1e6
    )
    assert nearest**0.5 > 2 * radius


def test_where_nobody_leads_the_middle_says_how_many_are_in():
    wards = a_contest("a"), a_contest("b"), a_contest("c")
    night = a_night(a_council(*wards), a_ward(wards[0], LAB), a_ward(wards[1], CON))
    drawn = hemicycle(night.election, night.councils["testshire"])
    assert (drawn.lead, drawn.caption) == ("2", "of 3 in")


def test_away_from_the_top_the_line_is_a_number_alone():
    assert hemicycle(an_election(), Night.before_first(an_election()).councils["testshire"]).label == "1 for a majority"
    small = Night.before_first(an_election(a_council(a_contest(seats_up=2))))
    assert hemicycle(small.election, small.councils["testshire"]).label == "2"


# Addresses


def test_ids_need_no_escaping_in_a_selector():
    assert element_id("contest", "local.medway.north.2023-05-04") == "contest-local--medway--north--2023-05-04"
    assert element_id("verdict", "st. john’s/1") == "verdict-st--_20_john_2019_s_2f_1"


def test_addresses_keep_a_convention_that_is_not_the_default_one():
    election = an_election()
    bbc, pa = election.conventions["bbc"], election.conventions["pa"]
    assert election_url(election, bbc) == "/elections/test-2023"
    assert council_url(election, "medway", pa) == "/elections/test-2023/councils/medway?convention=pa"
    assert contest_url(election, "local.x.2023", pa) == "/elections/test-2023/contests/local.x.2023?convention=pa"


# Style


def test_stylesheets_use_the_tokens_for_every_colour():
    rooms = ("components/badge", "components/seatbar", "components/hemicycle", "components/party")
    for name in (*rooms, "council/council", "contest/contest"):
        css = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / f"{name}.css").read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", css)
