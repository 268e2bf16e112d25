"""The values that the API answers with."""

import json
from dataclasses import replace

import pytest

from app.api.values import (
    contest_view,
    council_detail_view,
    council_view,
    election_view,
    entry_view,
    scoreboard_view,
)
from app.domain.declarations import Correction, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Baseline, Cancellation, ControlSpell, Cycle
from app.domain.night import Night
from tests.builders import (
    CON,
    CONVENTIONS,
    GRN,
    IND,
    LAB,
    LD,
    PARTIES,
    SHORTS,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
)

BBC, PA = CONVENTIONS["bbc"], CONVENTIONS["pa"]

COUNCIL_KEYS = [
    "council_id",
    "name",
    "total_seats",
    "majority",
    "seats",
    "continuing",
    "declared_seats",
    "seats_to_come",
    "vacant",
    "contests_declared",
    "contests_put_off",
    "contests_total",
    "complete",
    "control",
    "before",
    "outcome",
    "badge",
    "change",
    "change_basis",
    "largest",
    "majority_over_others",
    "needs",
    "boundary_change",
    "kind",
    "cycle",
    "gss",
    "region",
    "control_party",
    "before_party",
    "first_since",
    "turnout",
    "turnout_covers",
    "share",
    "covers",
]


def a_night(*contests, log=(), **council):
    return Night.before_first(an_election(a_council(*contests, **council))).fold(log)


def contest_of(night, contest):
    return contest_view(night.election, night.result(contest.ballot_id))


def the_council(night):
    return night.councils["testshire"]


@pytest.fixture
def north():
    return a_contest("north", seats_up=2)


@pytest.fixture
def south():
    return a_contest("south", seats_up=1)


def test_a_council_has_the_keys_of_the_contract_in_their_order(north):
    view = council_view(SHORTS, the_council(a_night(north)), BBC)
    assert list(view) == COUNCIL_KEYS
    assert list(view["control"]) == ["state", "party", "certain", "since_seq"]


def test_an_undecided_council_says_what_each_party_needs_and_compares_nothing(north, south):
    view = council_view(
        SHORTS, the_council(a_night(north, south, baselines={"last": Baseline("last", CON, {CON: 3})})), BBC
    )
    assert view["control"] == {"state": "undecided", "party": None, "certain": False, "since_seq": None}
    assert view["needs"] == {LAB: 2, CON: 2}
    assert (view["seats"], view["seats_to_come"], view["complete"]) == ({}, 3, False)
    assert view["change"] is view["change_basis"] is view["badge"] is view["outcome"] is None
    assert view["majority_over_others"] is view["control_party"] is view["before_party"] is None
    assert view["largest"] == []


def test_a_council_that_is_certain_but_not_complete_has_a_badge_and_no_change(north, south):
    baselines = {"eve": Baseline("eve", CON), "last": Baseline("last", seats={CON: 3})}
    view = council_view(
        SHORTS, the_council(a_night(north, south, baselines=baselines, log=[an_entry(1, a_ward(north, LAB))])), BBC
    )
    assert view["control"] == {"state": "majority", "party": LAB, "certain": True, "since_seq": 1}
    assert view["needs"] == {}
    assert (view["badge"], view["outcome"]) == ("LAB gain from CON", "gain")
    assert view["before"] == {"control": CON, "basis": "eve"}
    assert (view["control_party"]["short"], view["before_party"]["colour"]) == ("LAB", "#0087DC")
    assert (view["change"], view["change_basis"], view["majority_over_others"]) == (None, None, None)


def test_a_complete_council_is_compared_and_parties_without_change_are_left_out(north, south):
    baselines = {"eve": Baseline("eve", CON), "last": Baseline("last", seats={LAB: 2, CON: 1, GRN: 1})}
    log = [an_entry(1, a_ward(north, LAB)), an_entry(2, a_ward(south, CON))]
    view = council_view(SHORTS, the_council(a_night(north, south, baselines=baselines, log=log)), BBC)
    assert view["complete"] is True
    assert (view["change"], view["change_basis"]) == ({GRN: -1}, "last")
    assert view["majority_over_others"] == 1
    assert view["largest"] == [LAB]


def test_no_overall_control_names_no_party(north):
    log = [an_entry(1, a_ward(north, LAB))]
    view = council_view(SHORTS, the_council(a_night(north, log=log, continuing={CON: 2}, eve="NOC")), BBC)
    assert view["control"] == {"state": "noc", "party": None, "certain": True, "since_seq": 1}
    assert view["control_party"] == view["before_party"]
    assert view["control_party"]["name"] == "No overall control"
    assert (view["badge"], view["outcome"], view["before"]) == ("NOC hold", "hold", {"control": "NOC", "basis": "eve"})
    assert view["largest"] == [CON, LAB]


def test_without_a_baseline_there_is_no_comparison(north):
    view = council_view(SHORTS, the_council(a_night(north, eve=None, log=[an_entry(1, a_ward(north, LAB))])), BBC)
    nothing = [view[key] for key in ("before", "outcome", "badge", "change", "change_basis")]
    assert nothing == [None] * 5


def test_each_convention_takes_its_own_basis(north):
    baselines = {
        "bbc": Baseline("bbc", CON),
        "eve": Baseline("eve", "NOC", {LAB: 1}),
        "last": Baseline("last", seats={LAB: 2}),
    }
    state = the_council(a_night(north, baselines=baselines, log=[an_entry(1, a_ward(north, LAB))]))
    assert council_view(SHORTS, state, BBC)["badge"] == "LAB gain from CON"
    assert council_view(SHORTS, state, PA)["badge"] == "LAB gain from NOC"
    assert (council_view(SHORTS, state, BBC)["change"], council_view(SHORTS, state, PA)["change"]) == ({}, {LAB: 1})


def test_seats_are_keyed_by_reporting_group_and_the_parts_make_the_total(north):
    both = a_contest("west", parties=["joint-party:53-119", IND])
    log = [an_entry(1, a_ward(both, "joint-party:53-119"))]
    state = the_council(a_night(north, both, log=log, total_seats=6, continuing={IND: 1}))
    view = council_view(SHORTS, state, BBC)
    assert view["seats"] == {LAB: 1, IND: 1}
    parts = [view[key] for key in ("continuing", "declared_seats", "seats_to_come", "vacant")]
    assert parts == [1, 1, 2, 2]
    assert sum(parts) == view["total_seats"] == 6


def test_a_council_decided_by_nominations_stands_since_before_the_first_entry():
    safe = a_contest("safe", parties=[CON], cancelled=Cancellation.EQUAL_CANDIDATES)
    view = council_view(SHORTS, the_council(a_night(safe)), BBC)
    assert view["control"] == {"state": "majority", "party": CON, "certain": True, "since_seq": 0}
    assert (view["badge"], view["contests_declared"], view["contests_total"]) == ("CON hold", 1, 1)


def test_a_view_does_not_hand_out_what_the_night_is_made_of(north):
    state = the_council(a_night(north, continuing={CON: 1}))
    council_view(SHORTS, state, BBC)["seats"][CON] = 99
    assert state.seats[CON] == 1


def test_the_scoreboard_always_has_a_row_for_no_overall_control(north):
    rows = scoreboard_view(a_night(north), BBC)
    covers = {"change_covers": [0, 1], "control_covers": [0, 1]}
    nothing = {"councils": 0, "councils_change": None, "seats": 0, "seats_change": None, **covers}
    nothing |= {"gained": [], "lost": [], "held": []}
    no_control = {"name": "No overall control", "short": "NOC", "colour": "#6b7280"}
    called = {
        CON: {"name": "Conservative Party", "short": "CON", "colour": "#0087DC"},
        LAB: {"name": "Labour Party", "short": "LAB", "colour": "#E4003B"},
        "NOC": no_control,
    }
    assert rows == [{"party_id": party_id, **told, **nothing} for party_id, told in called.items()], (
        "in the order of the party file"
    )


def test_the_scoreboard_is_sorted_by_seats_then_councils_then_party_order(north, south):
    east = a_contest("east", seats_up=2, parties=[LD, GRN])
    log = [an_entry(1, a_ward(east, LD)), an_entry(2, a_ward(north, LAB)), an_entry(3, a_ward(south, CON))]
    rows = scoreboard_view(a_night(north, south, east, log=log, eve=CON), BBC)
    assert [(row["party_id"], row["councils"], row["seats"]) for row in rows] == [
        (LAB, 0, 2),
        (LD, 0, 2),
        (CON, 0, 1),
        ("NOC", 1, 0),
        (GRN, 0, 0),
    ]
    changes = {row["party_id"]: row["councils_change"] for row in rows}
    assert (changes[CON], changes["NOC"]) == (-1, 1)


def test_the_scoreboard_counts_seats_filled_tonight_and_shows_parties_that_only_sit(north):
    rows = {row["party_id"]: row for row in scoreboard_view(a_night(north, continuing={IND: 3}), BBC)}
    assert rows[IND]["seats"] == 0
    assert LD not in rows


def test_a_party_that_is_in_no_council_that_is_compared_has_no_change(north):
    seats = {"last": Baseline("last", seats={CON: 1})}
    far, elsewhere = a_contest("far", council_id="far", parties=[LD, CON]), a_contest("x", council_id="far")
    councils = (a_council(north, baselines=seats), a_council(far, elsewhere, council_id="far", baselines=seats))
    night = Night.before_first(an_election(*councils)).fold(
        [an_entry(1, a_ward(north, LAB)), an_entry(2, a_ward(far, LD))]
    )
    changes = {row["party_id"]: row["seats_change"] for row in scoreboard_view(night, BBC)}
    assert changes == {LAB: 2, CON: -1, LD: None, "NOC": 0}


def test_the_scoreboard_shows_a_party_that_only_lost_seats(north):
    baselines = {"last": Baseline("last", seats={LAB: 1, "PP63": 1})}
    rows = scoreboard_view(a_night(north, baselines=baselines, log=[an_entry(1, a_ward(north, LAB))]), BBC)
    assert {row["party_id"]: row["seats_change"] for row in rows} == {LAB: 1, GRN: -1, CON: 0, "NOC": 0}
    figures = (figure for row in rows for key, figure in row.items() if key in {"councils", "seats", "seats_change"})
    assert all(type(figure) is int for figure in figures)
    assert all(row["change_covers"] == [1, 1] for row in rows)


def test_the_scoreboard_names_the_councils_that_were_gained_lost_and_held(north):
    rows = {
        row["party_id"]: (row["gained"], row["lost"], row["held"])
        for row in scoreboard_view(a_night(north, eve=CON, log=[an_entry(1, a_ward(north, LAB))]), BBC)
    }
    assert rows == {LAB: (["testshire"], [], []), CON: ([], ["testshire"], []), "NOC": ([], [], [])}
    held = scoreboard_view(a_night(north, eve=LAB, log=[an_entry(1, a_ward(north, LAB))]), BBC)
    assert held[0]["held"] == ["testshire"]


def test_who_took_which_councils_from_whom_is_told_with_the_most_first():
    councils = [
        a_council(a_contest("north", council_id=name, parties=(LAB, CON, GRN)), council_id=name)
        for name in ("a", "b", "c")
    ]
    won = zip(councils, (GRN, LAB, LAB), strict=True)
    log = [an_entry(seq, a_ward(council.contests[0], party)) for seq, (council, party) in enumerate(won, 1)]
    view = election_view(Night.before_first(an_election(*councils)).fold(log), epoch="e-1", convention=BBC)
    assert view["control_changes"] == [
        {"from": CON, "to": LAB, "councils": ["b", "c"]},
        {"from": CON, "to": GRN, "councils": ["a"]},
    ]


def test_by_elections_stand_beside_the_scoreboard_in_the_same_form(north):
    dale = a_contest("dale", by=True, holder=(CON,))
    log = [an_entry(1, a_ward(dale, LAB))]
    view = election_view(a_night(dale, cycle=Cycle.BY, eve=None, total_seats=9, log=log), epoch="e-1", convention=BBC)
    assert [row["seats"] for row in view["scoreboard"]] == [0, 0, 0]
    rows = {row["party_id"]: row for row in view["by_elections"]}
    assert view["by_elections"][0].keys() == view["scoreboard"][0].keys()
    assert (rows[LAB]["seats"], rows[LAB]["seats_change"], rows[CON]["seats_change"]) == (1, 1, -1)
    assert rows[LAB]["change_covers"] == [1, 1]
    assert rows[LAB]["councils_change"] is None, "its other seats are not on file"
    assert election_view(a_night(north), epoch="e-1", convention=BBC)["by_elections"] == []


def test_a_contest_says_who_held_it_and_what_came_of_it(north):
    dale = a_contest("dale", by=True, holder=(CON,))
    night = a_night(dale, cycle=Cycle.BY, log=[an_entry(1, a_ward(dale, LAB))])
    view = contest_of(night, dale)
    told = {key: view[key] for key in ("name", "ward", "by_election", "voting_system", "holder", "outcome", "badge")}
    assert told == {
        "name": "Dale by-election",
        "ward": "Dale",
        "by_election": True,
        "voting_system": "plurality",
        "holder": [CON],
        "outcome": "gain",
        "badge": "LAB gain from CON",
    }
    assert view["gained"] == {LAB: 1, CON: -1}
    unknown = contest_of(a_night(north), north)
    assert [unknown[key] for key in ("holder", "outcome", "gained")] == [None, None, None]


def test_an_election_has_the_keys_of_the_contract_in_their_order(north):
    view = election_view(a_night(north), epoch="e-1", convention=PA)
    told_first = ["slug", "name", "seq", "epoch", "convention", "councils", "scoreboard", "by_elections", "parties"]
    assert list(view) == [*told_first, "turnout", "turnout_covers", "share", "covers", "control_changes"]
    assert (view["slug"], view["seq"], view["epoch"], view["convention"]) == ("test-2023", 0, "e-1", "pa")
    assert [council["council_id"] for council in view["councils"]] == ["testshire"]
    json.dumps(view)


def test_a_contest_before_its_declaration_has_nothing_that_reads_as_a_result(north):
    view = contest_of(a_night(north), north)
    assert list(view) == [
        "ballot_id",
        "council_id",
        "ward",
        "gss",
        "name",
        "by_election",
        "voting_system",
        "seats_up",
        "electorate",
        "state",
        "cancelled",
        "seq",
        "at",
        "candidates",
        "seats",
        "vacant",
        "to_come",
        "holder",
        "outcome",
        "gained",
        "later_poll",
        "margin",
        "turnout",
        "ballots",
        "valid",
        "rejected",
        "total",
        "as_announced",
        "as_announced_figures",
        "shares",
        "badge",
        "status",
        "history",
    ]
    assert (view["state"], view["to_come"], view["seq"], view["at"]) == ("awaiting", 2, None, None)
    assert view["candidates"][0] == {
        "candidacy_id": "north-LAB-1",
        "name": "LAB 1 of north",
        "party_id": LAB,
        "party": "Labour Party",
        "colour": "#E4003B",
        "group": LAB,
        "votes": None,
        "rank": None,
        "joint": False,
        "elected": None,
        "by_lot": False,
        "by_announcement": False,
    }
    assert (view["turnout"], view["shares"], view["history"], view["status"]) == (None, [], [], None)


def test_a_declared_contest_shows_votes_ranks_shares_and_turnout(south):
    votes = {"south-LAB-1": 600, "south-CON-1": 300}
    entry = an_entry(1, a_ward(south, votes=votes, ballots=905))
    view = contest_of(a_night(south, log=[entry]), south)
    assert (view["state"], view["seq"], view["at"]) == ("declared", 1, entry.at.isoformat())
    assert [(row["votes"], row["rank"], row["elected"]) for row in view["candidates"]] == [
        (600, 1, True),
        (300, 2, False),
    ]
    assert view["seats"] == {LAB: 1}
    assert view["turnout"] == {"percentage": 18.1, "counted": True}
    assert view["shares"][0] == {
        "group": LAB,
        "candidates": 1,
        "votes": 600,
        "best": 600,
        "top_vote_share": 66.67,
        "average_share": 66.67,
    }


def test_a_candidate_of_a_party_in_a_group_keeps_the_registered_party():
    ward = a_contest("north", parties=["joint-party:53-119"])
    candidate = contest_of(a_night(ward), ward)["candidates"][0]
    assert (candidate["party_id"], candidate["group"]) == ("joint-party:53-119", LAB)


def test_a_tie_settled_by_lot_says_who_was_drawn(south):
    votes = {"south-LAB-1": 400, "south-CON-1": 400}
    entry = an_entry(1, a_ward(south, votes=votes, elected=("south-CON-1",)))
    view = contest_of(a_night(south, log=[entry]), south)
    assert [
        (row["candidacy_id"], row["rank"], row["joint"], row["elected"], row["by_lot"]) for row in view["candidates"]
    ] == [
        ("south-CON-1", 1, False, True, True),
        ("south-LAB-1", 2, False, False, True),
    ]


def test_of_seats_without_names_nobody_is_said_to_have_lost(north):
    log = [an_entry(1, a_ward(north, seats={LAB: 1, CON: 1}))]
    view = contest_of(a_night(north, log=log), north)
    assert view["seats"] == {LAB: 1, CON: 1}
    assert {row["elected"] for row in view["candidates"]} == {None}
    named = [an_entry(1, a_ward(north, seats={LAB: 1, CON: 1}, elected=("north-LAB-1", "north-CON-2")))]
    view = contest_of(a_night(north, log=named), north)
    assert [row["elected"] for row in view["candidates"]] == [True, False, False, True]


def test_unopposed_winners_are_elected_without_a_vote():
    safe = a_contest("safe", parties=[CON], cancelled=Cancellation.EQUAL_CANDIDATES)
    view = contest_of(a_night(safe), safe)
    assert (view["state"], view["cancelled"]) == ("unopposed", "EQUAL_CANDIDATES")
    assert [(row["elected"], row["votes"]) for row in view["candidates"]] == [(True, None)]


def test_corrections_and_withdrawals_show_what_was_before_and_after_and_why(south):
    first = a_ward(south, votes={"south-LAB-1": 600, "south-CON-1": 300}, turnout=31.5)
    second = a_ward(south, votes={"south-LAB-1": 300, "south-CON-1": 600}, ballots=905, source="the hall")
    log = [
        an_entry(1, first),
        an_entry(2, Correction(1, "exchanged", second), ballot_id=south.ballot_id),
        an_entry(3, Withdrawal(2, "recount asked for"), ballot_id=south.ballot_id, council_id="testshire"),
    ]
    correction, withdrawal = contest_of(a_night(south, log=log), south)["history"]
    assert correction == {
        "seq": 2,
        "at": log[1].at.isoformat(),
        "kind": "correction",
        "replaces": 1,
        "reason": "exchanged",
        "before": {"votes": {"south-LAB-1": 600, "south-CON-1": 300}, "turnout": 31.5},
        "after": {"votes": {"south-LAB-1": 300, "south-CON-1": 600}, "ballots": 905, "source": "the hall"},
    }
    assert (withdrawal["kind"], withdrawal["before"], withdrawal["after"]) == ("withdrawal", correction["after"], None)


def test_a_council_in_detail_is_the_council_and_its_contests(north):
    recount = StatusDeclaration(StatusValue.RECOUNT, ballot_id=north.ballot_id, note="a tie")
    delayed = StatusDeclaration(StatusValue.DELAYED, council_id="testshire")
    night = a_night(north, log=[an_entry(1, recount), an_entry(2, delayed)])
    view = council_detail_view(SHORTS, the_council(night), BBC)
    assert list(view) == [*COUNCIL_KEYS, "seats_from", "status", "parties", "contests"]
    assert {key: view["status"][key] for key in ("seq", "status", "note")} == {
        "seq": 2,
        "status": "delayed",
        "note": None,
    }
    assert view["contests"][0]["state"] == "recount"
    assert view["contests"][0]["status"]["note"] == "a tie"
    assert view["seats_from"] == "wards"
    json.dumps(view)


def test_the_parties_of_the_ids_are_named_with_their_colour_and_group(north):
    night = a_night(north)
    for view in (
        council_detail_view(night.election, the_council(night), BBC),
        election_view(night, epoch="e-1", convention=BBC),
    ):
        assert view["parties"]["joint-party:53-119"] == {
            "name": "Labour and Co-operative Party",
            "short": "LAB",
            "colour": "#E4003B",
            "group": LAB,
        }
        assert view["parties"].keys() == PARTIES.keys()


def test_turnout_and_share_are_told_with_how_many_contests_they_are_of(north, south):
    votes = {"south-LAB-1": 600, "south-CON-1": 300}
    night = a_night(north, south, log=[an_entry(1, a_ward(south, votes=votes, ballots=905))])
    for view in (
        council_view(SHORTS, the_council(night), BBC),
        election_view(night, epoch="e-1", convention=BBC),
    ):
        assert view["turnout"] == {"percentage": 18.1, "counted": True}
        assert view["share"] == {LAB: 66.67, CON: 33.33}
        assert view["turnout_covers"] == view["covers"] == [1, 2]
    before = council_view(SHORTS, the_council(a_night(north)), BBC)
    assert (before["turnout"], before["share"], before["covers"]) == (None, None, [0, 1])


def test_a_contest_has_its_margin(south):
    votes = {"south-LAB-1": 600, "south-CON-1": 300}
    night = a_night(south, log=[an_entry(1, a_ward(south, votes=votes))])
    assert contest_view(night.election, night.result(south.ballot_id))["margin"] == 300


def test_since_when_control_is_as_it_is_now_is_told_as_a_value_and_in_words(south):
    history = (ControlSpell("1998-04-01", LAB), ControlSpell("2003-05-01", CON))
    night = a_night(south, history=history, log=[an_entry(1, a_ward(south, LAB))])
    assert council_view(SHORTS, the_council(night), BBC)["first_since"] == {
        "control": LAB,
        "year": 2003,
        "reckoning": "since",
        "text": "LAB for the first time since 2003",
    }


def test_a_council_in_detail_says_that_its_seats_are_from_a_tally(north):
    night = a_night(north, log=[an_entry(1, a_tally({LAB: 2}, complete=True))])
    view = council_detail_view(SHORTS, the_council(night), BBC)
    assert (view["seats_from"], view["seats"], view["seats_to_come"]) == ("tally", {LAB: 2}, 0)
    assert view["contests"][0]["to_come"] == 2, "its wards are still to be told"


def test_a_row_of_the_log_is_its_place_and_the_body_as_it_was_posted(south):
    body = {
        "kind": "ward",
        "ballot_id": south.ballot_id,
        "votes": {"south-LAB-1": 600, "south-CON-1": 300},
        "turnout": 31.5,
        "at": "2023-05-05T01:00:00Z",
    }
    confirmed = {"W07": ["the desk"], "W01": ["ann", "the desk"]}
    declared = a_ward(south, votes=body["votes"], turnout=31.5)
    entry = replace(an_entry(7, declared, author="the desk"), confirmed=confirmed)
    assert entry_view(body, entry, "LAB hold Testshire") == {
        "seq": 7,
        "at": entry.at.isoformat(),
        "kind": "ward",
        "council_id": "testshire",
        "ballot_id": south.ballot_id,
        "replaces": None,
        "reason": None,
        "votes": body["votes"],
        "turnout": 31.5,
        "confirm": ["W01", "W07"],
        "flash": "LAB hold Testshire",
    }


def test_a_row_of_the_log_names_what_a_correction_is_about_though_its_body_does_not(south):
    body = {"kind": "correction", "replaces": 1, "reason": "a slip", "votes": {"south-LAB-1": 1, "south-CON-1": 2}}
    entry = an_entry(2, Correction(1, "a slip", a_ward(south, votes=body["votes"])), ballot_id=south.ballot_id)
    row = entry_view(body, entry, None)
    assert list(row) == [
        "seq",
        "at",
        "kind",
        "council_id",
        "ballot_id",
        "replaces",
        "reason",
        "votes",
        "confirm",
        "flash",
    ]
    assert (row["council_id"], row["ballot_id"], row["replaces"], row["reason"]) == (
        "testshire",
        south.ballot_id,
        1,
        "a slip",
    )
    assert row["flash"] is None


def test_parties_that_an_election_groups_are_one_row(north):
    parties = {**PARTIES, "PP1": replace(PARTIES[LD], party_id="PP1", group=LD)}
    west = a_contest("west", parties=[LD])
    council = a_council(north, west)
    election = an_election(council, parties=parties)
    night = Night.before_first(election).fold([an_entry(1, a_ward(west, seats={"PP1": 1}))])
    rows = {row["party_id"]: row for row in scoreboard_view(night, BBC)}
    assert rows[LD]["seats"] == 1
    assert "PP1" not in rows
