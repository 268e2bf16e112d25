"""What is known before the first declaration, and the names it does not know."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain.election import (
    Baseline,
    Cancellation,
    Candidacy,
    ControlSpell,
    Council,
    Cycle,
    Election,
    Party,
    shared_zone,
)
from app.domain.errors import (
    KeyReused,
    NotKnown,
    SeveralGroups,
    UnknownBallot,
    UnknownConvention,
    UnknownCouncil,
    UnknownElection,
    UnknownParty,
    UnknownSequence,
)
from app.wording.night import short_apart
from tests.builders import CON, CONVENTIONS, GRN, IND, LAB, PARTIES, a_ballot, a_contest, a_council, an_election

LABOUR_AND_CO_OPERATIVE = "joint-party:53-119"


def test_labour_and_co_operative_is_reported_as_labour():
    election = an_election()
    assert election.group(LABOUR_AND_CO_OPERATIVE) == election.group(LAB) == LAB
    assert LABOUR_AND_CO_OPERATIVE not in election.groups
    assert election.groups[:2] == (CON, LAB), "in the order of the party file"


def test_a_group_may_be_reported_under_another_group():
    branch = Party("local:branch", "Branch", "BRA", "#000", group=LABOUR_AND_CO_OPERATIVE)
    election = an_election(parties={**PARTIES, branch.party_id: branch})
    assert election.group("local:branch") == LAB


def test_a_party_may_name_itself_as_its_group():
    itself = replace(PARTIES[CON], group=CON)
    assert an_election(parties={**PARTIES, CON: itself}).group(CON) == CON


def test_seats_are_summed_by_group_and_groups_without_a_seat_are_left_out():
    assert an_election().grouped({LABOUR_AND_CO_OPERATIVE: 2, LAB: 3, CON: 0}) == {LAB: 5}


def test_no_overall_control_has_a_short_name_like_a_party():
    election = an_election()
    assert [election.short(control) for control in ("NOC", LAB)] == ["NOC", "LAB"]


OURS, ELSEWHERE = (Party(f"PP900{it}", f"{it} Independents", "IND", "#808080") for it in "AB")


@pytest.mark.parametrize(
    "known",
    [
        {"continuing": {OURS.party_id: 1}},
        {"baselines": {"eve": Baseline("eve", seats={OURS.party_id: 1})}},
        {"baselines": {"eve": Baseline("eve", control=OURS.party_id)}},
        {"history": (ControlSpell("1973", OURS.party_id),)},
    ],
)
def test_where_two_of_a_council_have_one_short_name_the_later_is_called_by_its_whole_one(known: Any) -> None:
    both = a_council(a_contest("north", council_id="a", parties=(IND, LAB)), council_id="a", **known)
    alone = a_council(a_contest("north", council_id="b"), council_id="b", continuing={ELSEWHERE.party_id: 1})
    election = an_election(both, alone, parties={**PARTIES, OURS.party_id: OURS, ELSEWHERE.party_id: ELSEWHERE})
    assert [election.short(it) for it in (IND, OURS.party_id)] == ["IND", "A Independents"]
    assert election.short(ELSEWHERE.party_id) == "IND", "where it stands nobody else is called so"


def test_the_zone_tells_when_polls_close_in_summer():
    election = an_election()
    assert datetime(2023, 5, 4, 22, tzinfo=election.zone).astimezone(UTC).hour == 21


def test_seats_that_are_neither_up_nor_continuing_are_long_vacant():
    council = a_council(a_contest("north", seats_up=2), continuing={LAB: 3}, total_seats=6)
    assert (council.seats_up, council.continuing_seats, council.long_vacant) == (2, 3, 1)


@pytest.mark.parametrize(
    ("council", "has_chamber"),
    [
        (a_council(), True),
        (a_council(cycle=Cycle.SINGLE), False),
        (a_council(cycle=Cycle.BY, total_seats=40), False),
        (a_council(cycle=Cycle.BY, continuing={LAB: 39}), True),
    ],
)
def test_there_is_a_chamber_where_there_are_seats_and_all_are_on_file(council: Council, has_chamber: bool) -> None:
    assert council.has_chamber is has_chamber


@pytest.mark.parametrize(
    ("altered", "is_another"),
    [
        ({"name": "Oldshire"}, True),
        ({"total_seats": 2}, True),
        ({"contests": (a_contest("south"),)}, True),
        ({"contests": (a_contest("north", cancelled=Cancellation.POSTPONED),)}, True),
        ({"note": "New boundaries"}, False),
        ({"contests": (a_contest("north", parties=[GRN], electorate=9),)}, False),
    ],
)
def test_the_outline_of_a_council_is_what_it_and_its_contests_are_called_and_how_many_seats_there_are(
    altered: dict[str, Any], is_another: bool
) -> None:
    council = a_council()
    assert council.outline == a_council().outline
    assert (replace(council, **altered).outline != council.outline) is is_another


@pytest.mark.parametrize(
    ("altered", "is_another"),
    [
        ({"name": "Other elections"}, True),
        ({"polling_date": date(2023, 5, 5)}, True),
        ({"conventions": {"pa": CONVENTIONS["pa"]}}, True),
        ({"parties": {**PARTIES, LAB: replace(PARTIES[LAB], colour="#FF0000")}}, True),
        ({"parties": {**PARTIES, LAB: replace(PARTIES[LAB], name="Labour")}}, False),
        ({"councils": {}}, False),
    ],
)
def test_the_outline_of_an_election_is_what_it_its_conventions_and_its_parties_are_called(
    altered: dict[str, Any], is_another: bool
) -> None:
    election = an_election()
    assert election.outline == an_election().outline
    assert (replace(election, **altered).outline != election.outline) is is_another


@pytest.mark.parametrize(
    ("election", "present"),
    [
        (an_election(a_council(a_contest(parties=["joint-party:53-119", GRN]))), {LAB, GRN}),
        (an_election(a_council(a_contest(parties=[GRN]), continuing={CON: 3, LAB: 0})), {GRN, CON}),
    ],
)
def test_the_groups_that_are_present_stand_somebody_or_have_seats_already(
    election: Election, present: set[str]
) -> None:
    assert election.groups_present == present


def test_a_contest_is_found_by_its_ballot_in_the_election_and_in_its_council():
    contest = a_contest("north")
    election = an_election(a_council(contest))
    assert election.contest(contest.ballot_id) is contest
    assert election.council("testshire").contests_by_id == {contest.ballot_id: contest}
    assert election.party(LAB).name == "Labour Party"


def test_the_convention_is_the_one_named_or_the_default_one():
    election = an_election()
    assert election.chosen_convention(None).key == "bbc"
    assert election.chosen_convention("pa").key == "pa"
    with pytest.raises(UnknownConvention, match="There is no convention “itv” in this election; there are: bbc, pa"):
        election.chosen_convention("itv")


@pytest.mark.parametrize(
    ("ask", "error", "told"),
    [
        (lambda election: election.council("narnia"), UnknownCouncil, "no council “narnia”"),
        (lambda election: election.contest("local.x"), UnknownBallot, "no contest “local.x”"),
        (lambda election: election.party("PP1"), UnknownParty, "no party “PP1”"),
        (lambda election: election.group("PP1"), UnknownParty, "no party “PP1”"),
        (lambda election: election.short("PP1"), UnknownParty, "no party “PP1”"),
        (lambda election: election.grouped({"PP1": 1}), UnknownParty, "no party “PP1”"),
    ],
)
def test_a_name_that_is_not_known_is_told_by_its_name(ask, error, told):
    with pytest.raises(error, match=told):
        ask(an_election())


def test_what_can_be_asked_for_by_address_is_not_known_rather_than_wrong():
    """So that the web can answer all of them alike."""
    for error in (UnknownElection("x"), UnknownCouncil("x"), UnknownBallot("x"), UnknownSequence(7)):
        assert isinstance(error, NotKnown)
    assert str(UnknownElection("kent")).startswith("There is no election “kent”.")
    assert str(UnknownSequence(7)) == "There is no entry 7 in the log of this election."
    assert not isinstance(UnknownParty("x"), NotKnown)
    assert str(KeyReused("a")).startswith("The Idempotency-Key “a” was used for another declaration")


@pytest.mark.parametrize("cancelled", [None, *Cancellation])
def test_nominations_are_on_file_or_they_are_not(cancelled):
    assert a_contest("north", cancelled=cancelled).has_nominations
    unknown = a_contest("north", parties=[], cancelled=cancelled)
    assert not unknown.has_nominations
    assert unknown.candidacies_by_id == {}
    assert unknown.ballot_id == a_ballot("north")


def test_times_about_several_elections_are_told_in_the_zone_that_all_of_them_have():
    assert shared_zone(["Europe/London", "Europe/London"]).key == "Europe/London"
    assert shared_zone(["Europe/London", "Pacific/Apia"]).key == shared_zone([]).key == "UTC"


def test_a_short_name_that_several_have_stands_for_none_of_them():
    """But for that of whoever stands for no party (rule 5)."""
    firsts = [Party(f"local:{it}", f"{it.title()} First", "FIRST", "#000") for it in ("kent", "essex", "wye")]
    others = Party("local:dale", "Dale Independents", "IND", "#000")
    standing = [LAB, IND, "local:kent", "local:essex", "local:dale"]
    candidacies = tuple(Candidacy(f"north-{it}", it, it) for it in standing)
    election = an_election(
        a_council(a_contest(candidacies=candidacies)),
        parties={it.party_id: it for it in (*PARTIES.values(), *firsts, others)},
    )
    with pytest.raises(SeveralGroups, match="2 parties of this election are called “FIRST”") as refused:
        election.group_named("FIRST")
    assert refused.value.names == {"local:kent": "Kent First", "local:essex": "Essex First"}
    assert election.group_asked_for("FIRST") == ""
    assert [election.group_named(it) for it in ("LAB", "IND", "Kent First")] == [LAB, IND, "local:kent"]
    assert [short_apart(election, it) for it in standing] == [
        "LAB",
        "IND",
        "Kent First",
        "Essex First",
        "Dale Independents",
    ]
