"""The scoreboard: which parties have a row and where, what is told of seats, who took what, and of which councils."""

import re
from collections.abc import Sequence
from dataclasses import replace

import html5lib
import pytest

from app.domain.declarations import WardDeclaration
from app.domain.election import Baseline, Candidacy, Party
from app.domain.night import Night
from app.domain.scoreboard import Hands
from app.live.lists import Listed
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.overview.asked import asked_scoreboard, parties_to_ask_for
from app.pages.overview.board import BoardQuery
from app.pages.overview.losses import losses
from app.pages.overview.scoreboard import FEW_PARTIES, parties_of, scoreboard_rows, with_a_row
from app.pages.overview.view import night_fragments, overview_page
from app.process.turns import at_once
from app.wording.asked import asked_for, change_covers
from app.wording.night import short_apart
from tests.builders import (
    CON,
    CONVENTIONS,
    GRN,
    IND,
    LAB,
    LD,
    PARTIES,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)
from tests.pages.whole import overview_fragments

ENVIRONMENT = make_environment()
BBC = CONVENTIONS["bbc"]

Won = Sequence[tuple[str, str, str]]
"""Of each council its name, who had it, and a letter for who wins each of its wards; a dot is not declared yet."""

LETTERS = {"C": CON, "L": LAB, "D": LD, "G": GRN, "I": IND}


def a_night(*won: tuple[str, str, str], **fields: object) -> Night:
    """Councils of wards of one seat each, all of whose seats were of who had it."""
    councils = []
    for name, before, letters in won:
        wards = [
            a_contest(f"w{number}", council_id=name, parties=tuple(LETTERS.values()))
            for number, _ in enumerate(letters)
        ]
        seats = {} if before == "NOC" else {before: len(letters)}
        baselines = {"eve": Baseline("eve", control=before), "last": Baseline("last", seats=seats)}
        region = "North" if name < "m" else "South"
        councils.append(a_council(*wards, council_id=name, name=name.title(), baselines=baselines, region=region))
    night, seq = Night.before_first(an_election(*councils, **fields)), 0
    for council, (_, _, letters) in zip(councils, won, strict=True):
        for contest, letter in zip(council.contests, letters, strict=True):
            if letter != ".":
                seq += 1
                night = night.apply(an_entry(seq, a_ward(contest, LETTERS[letter])))[0]
    return night


def with_locals(number: int) -> dict[str, Party]:
    """The usual parties, and so many that stand somewhere and are called as others are."""
    return PARTIES | {
        f"PP9{it:03}": Party(f"PP9{it:03}", f"Place {it} First", "IND", "#808080") for it in range(number)
    }


def many_parties(**seats: int) -> Night:
    """Labour has taken a from the Conservatives; in z more stand than have rows of their own: they won ``seats``."""
    parties = with_locals(FEW_PARTIES)
    north = a_contest("north", council_id="a")
    standing = tuple(Candidacy(f"all-{party_id}", party.name, party_id) for party_id, party in parties.items())
    everybody = a_contest("all", council_id="z", seats_up=149, candidacies=standing)
    councils = (a_council(north, council_id="a", eve=CON), a_council(everybody, council_id="z", eve="NOC"))
    night = Night.before_first(an_election(*councils, parties=parties)).apply(an_entry(1, a_ward(north, LAB)))[0]
    if seats:
        won = WardDeclaration(everybody.ballot_id, seats={**seats, CON: 149 - sum(seats.values())})
        night = night.apply(an_entry(2, won))[0]
    return night


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def fragment(night: Night, name: str) -> str:
    made = night_fragments(ENVIRONMENT, night, BBC)[name]
    return made.html if isinstance(made, Listed) else made


# Which rows, and in which order


def test_no_overall_control_stands_by_its_councils_and_is_never_behind_those_who_have_none():
    night = a_night(("a", CON, "L"), ("b", CON, "L"), ("c", LAB, "LC"), ("d", CON, "C"))
    assert [row.short for row in scoreboard_rows(night, BBC)] == ["LAB", "CON", "NOC", "LD", "GRN", "IND"]
    begun = a_night(("a", CON, "."), ("b", LAB, "."))
    assert [row.short for row in scoreboard_rows(begun, BBC)][-1] == "NOC"


def test_the_place_of_a_row_is_of_its_own_figures_alone():
    before, after = (a_night(("a", CON, "L"), ("b", CON, letter), ("c", CON, ".")) for letter in ".D")
    orders = [{row.short: row.order for row in scoreboard_rows(night, BBC)} for night in (before, after)]
    assert {short for short in orders[0] if orders[0][short] != orders[1][short]} == {"LD"}
    shown = [row.order for row in scoreboard_rows(after, BBC)]
    assert shown == sorted(shown, reverse=True)


def test_a_party_without_councils_and_with_few_seats_is_one_of_the_others_where_many_stand():
    begun = many_parties()
    assert {row.short for row in parties_of(begun, BBC).own} == {"CON", "LAB", "LD", "GRN", "IND", "NOC"}
    night = many_parties(PP9001=2, PP9002=1, PP9003=1)
    # Of 150 seats one in a hundred is enough.
    assert [row.name for row in parties_of(night, BBC).own if row.called.startswith("Place")] == ["Place 1 First"]
    assert [row.name for row in parties_of(night, BBC).others] == ["Place 2 First", "Place 3 First"]
    assert fragment(night, "others") == '<span id="others">Others: 2 seats (2 parties)</span>'
    assert text_of(fragment(night, "other-parties")).startswith("IND Place 2 First 0 0 1")


def test_a_party_that_held_a_council_keeps_its_row_whatever_it_wins():
    night = many_parties()
    before = replace(night.election.councils["z"], baselines={"eve": Baseline("eve", control="PP9004")})
    election = replace(night.election, councils={**night.election.councils, "z": before})
    assert "PP9004" in with_a_row(Night.before_first(election), BBC)


def test_where_few_stand_nobody_is_one_of_the_others():
    night = a_night(("a", CON, "L"), ("b", CON, "G"))
    assert parties_of(night, BBC).others == ()


# What is told of seats


def test_a_change_of_seats_is_told_of_whom_any_council_that_is_compared_has():
    night = a_night(("a", CON, "CG"), ("b", CON, "GG."), ("c", LAB, "L"))
    rows = {row.short: row for row in scoreboard_rows(night, BBC)}
    assert (rows["GRN"].seats, rows["GRN"].seats_change) == (3, 1)
    assert (rows["LAB"].seats, rows["LAB"].seats_change) == (1, 0)
    unchanged = a_night(("a", GRN, "G"), ("b", GRN, "G."))
    rows = {row.short: row for row in scoreboard_rows(unchanged, BBC)}
    assert (rows["GRN"].seats, rows["GRN"].seats_change) == (2, 0), "the line below says of how many"
    assert rows["LD"].seats_change == 0, "it stands there as well"
    whole = a_night(("a", GRN, "G"))
    assert {row.seats_change for row in scoreboard_rows(whole, BBC)} == {0}


def test_a_row_has_the_councils_that_were_gained_lost_and_held_and_leads_to_them():
    night = a_night(("a", CON, "L"), ("b", CON, "L"), ("c", LAB, "L"), ("d", LAB, "C"))
    rows = {row.short: row for row in scoreboard_rows(night, BBC)}
    assert rows["LAB"].hands == Hands(gained=("a", "b"), lost=("d",), held=("c",))
    html = fragment(night, "scoreboard")
    assert "LAB Labour Party 2 gained , 1 lost , 1 held 3 +1 3 +1" in text_of(html)
    assert 'href="/elections/test-2023?gained=PP53"' in html
    assert 'href="/elections/test-2023?lost=PP53"' in html


def test_long_figures_are_a_little_smaller():
    row = scoreboard_rows(a_night(("a", CON, "L")), BBC)[0]
    assert not row.is_long
    assert replace(row, seats=1_234_567).is_long
    assert replace(row, seats_change=-100_000).is_long


def test_a_party_that_has_its_abbreviation_from_another_is_called_by_its_name():
    election = an_election(parties=with_locals(1))
    assert [short_apart(election, it) for it in (IND, "PP9000", LAB, "NOC")] == ["IND", "Place 0 First", "LAB", "NOC"]


def test_rows_are_items_of_a_list_with_ids_that_need_no_escaping():
    listed = night_fragments(ENVIRONMENT, a_night(("a", CON, "L"), ("b", CON, "I")), BBC)["scoreboard"]
    assert isinstance(listed, Listed)
    assert list(listed.items) == [
        "score-PP53",
        "score-ynmp-party_3a_2",
        "score-PP52",
        "score-PP90",
        "score-PP63",
        "score-NOC",
    ]


# Who took what from whom


def test_who_took_what_from_whom_has_the_greatest_loss_first_and_names_the_councils():
    night = a_night(("b", CON, "L"), ("a", CON, "L"), ("c", CON, "LD"), ("d", LAB, "C"))
    found = [(it.called, it.number, [(taken.called, taken.names) for taken in it.taken]) for it in losses(night, BBC)]
    assert found == [("CON", 3, [("LAB", ("A", "B")), ("NOC", ("C",))]), ("LAB", 1, [("CON", ("D",))])]
    html = fragment(night, "control-changes")
    assert text_of(html) == "CON lost 3 2 to LAB A, B 1 to NOC C LAB lost 1 1 to CON D"
    assert 'href="/elections/test-2023?lost=PP52&amp;gained=PP53"' in html


def test_before_the_first_change_of_control_there_is_nothing_of_it():
    assert (
        fragment(a_night(("a", CON, "C"), ("b", CON, ".")), "control-changes") == '<tbody id="control-changes"></tbody>'
    )


# Of the councils that are asked for


NIGHT = a_night(
    ("ashby", CON, "L"), ("bury", LAB, "L"), ("north", CON, "LLC"), ("oxley", CON, "LC"), ("poole", LAB, ".")
)


def asked(**query: str) -> str:
    read = BoardQuery.read(query).known_to(NIGHT.election)
    html = asked_scoreboard(ENVIRONMENT, NIGHT, BBC, read)
    html5lib.HTMLParser(strict=True).parseFragment(html)
    return text_of(html)


@pytest.mark.parametrize(
    ("query", "heading", "row"),
    [
        ({"region": "North"}, "North: 2 of 2 councils declared", "LAB Labour Party 1 gained , 1 held 2 +1 2 +1"),
        ({"gained": LAB}, "Gained by LAB: 2 of 2 councils declared", "LAB Labour Party 2 gained 2 +2 3 +3"),
        ({"gained": LAB, "lost": CON}, "Gained by LAB from CON: 2 of 2 councils declared", "2 gained"),
        (
            {"lost": CON, "region": "South"},
            "South, lost by CON: 2 of 2 councils declared",
            "NOC No overall control 1 gained",
        ),
        ({"party": LAB, "q": "BUR"}, "Led by LAB, “BUR”: 1 of 1 council declared", "1 held"),
        ({"state": "flipped", "gained": "NOC"}, "Gained by NOC, flipped: 1 of 1 council declared", "1 gained"),
        ({"state": "awaiting"}, "Awaiting: 0 of 1 council declared", "LAB Labour Party 0 – no comparison"),
        ({"gained": "nobody", "region": "Nowhere"}, "4 of 5 councils declared", "1 held"),
    ],
)
def test_the_scoreboard_follows_what_is_asked_for(query: dict[str, str], heading: str, row: str):
    told = asked(**query)
    assert told.startswith(heading)
    assert row in told


@pytest.mark.parametrize("named", [LAB, "joint-party:53-119", "LAB"])
def test_a_party_is_asked_for_by_whichever_of_its_ids_or_its_abbreviation(named: str):
    assert BoardQuery.read({"gained": named}).known_to(an_election()).gained == LAB


def test_labour_gains_are_those_that_labour_gained():
    """A council that Labour leads and that somebody else has lost is none of them."""
    leads = a_night(("a", CON, "L"), ("b", CON, "LLCG"))
    rows = leads.councils.values()
    assert all(LAB in state.largest for state in rows)
    assert "1 of 1 council declared" in text_of(
        asked_scoreboard(ENVIRONMENT, leads, BBC, BoardQuery.read({"gained": LAB, "party": LAB}))
    )


def test_how_much_of_them_is_in_the_changes_is_said():
    election = NIGHT.election
    board = NIGHT.scoreboards["bbc"]
    told = {
        (4, 2): "Change: control of 4, seats of 2 of 5 councils.",
        (2, 2): "Change in 2 of 5 councils.",
        (0, 0): "Change in none of 5 councils.",
        (1, 0): "Change: control of 1, seats of none of 5 councils.",
        (0, 1): "Change: control of none, seats of 1 of 5 councils.",
        (5, 5): "",
    }
    for (control, seats), line in told.items():
        assert change_covers(election, replace(board, compared_control=control, compared_seats=seats), 5) == line
    assert asked_for(election, {}, 1, 2) == "1 of 2 councils declared"


def test_parties_are_chosen_from_those_that_count_and_whoever_is_asked_for():
    night = many_parties()
    usual = parties_to_ask_for(night, BBC, BoardQuery())
    assert usual == [CON, LAB, LD, GRN, IND, "NOC"]
    assert "PP9007" in parties_to_ask_for(night, BBC, BoardQuery(lost="PP9007"))
    fragments, frame = overview_fragments(ENVIRONMENT, night, BBC), PageFrame(night.election)
    page = at_once(overview_page(ENVIRONMENT, night, BBC, fragments, frame, query={}))
    form = page.split('id="filters"')[1].split("</form>")[0]
    options = re.findall(r'<option value="(PP53|PP9007)"( hidden)?>', form)
    # Whoever leads somewhere later is offered by a script: led by, gained by, lost by.
    assert options == [("PP53", ""), ("PP9007", " hidden")] * 3


def test_a_few_others_of_some_councils_have_rows():
    night = many_parties(PP9001=1, PP9002=1)
    assert parties_of(night, BBC, [night.councils["z"]]).others == ()
    assert len(parties_of(night, BBC).others) == 2
