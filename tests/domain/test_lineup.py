"""Who a form was made out for, against who stands now: whether that is the same, and where its figures belong."""

from dataclasses import replace

import pytest

from app.domain.errors import UnknownBallot, UnknownCouncil
from app.domain.lineup import Lineup, LineupChanged, Nominee, lineup_of
from app.domain.subject import Subject
from tests.builders import CON, GRN, LAB, a_ballot, a_candidacy, a_contest, a_council, an_election

ABEL, BYRNE, CARR = Nominee("Abel", CON), Nominee("Byrne", LAB), Nominee("Carr", GRN)
MADE_OUT = Lineup(1, {"1": ABEL, "2": BYRNE})


def test_a_form_about_a_ward_is_made_out_for_its_seats_and_who_stands_there() -> None:
    abel = a_candidacy("north", CON, name="Abel")
    north = a_contest("north", seats_up=2, candidacies=(abel,))
    election = an_election(a_council(north, total_seats=40))
    assert lineup_of(election, Subject("ward", north.ballot_id)) == Lineup(2, {abel.candidacy_id: ABEL})
    assert lineup_of(election, Subject("tally", "testshire")) == Lineup(40)


@pytest.mark.parametrize(
    ("subject", "error"),
    [(Subject("ward", a_ballot("narnia")), UnknownBallot), (Subject("tally", "narnia"), UnknownCouncil)],
)
def test_of_what_the_election_does_not_have_no_form_is_made_out(subject: Subject, error: type[Exception]) -> None:
    with pytest.raises(error):
        lineup_of(an_election(), subject)


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        (Lineup(1, {"2": BYRNE, "1": ABEL}), False),
        (Lineup(2, {"1": ABEL, "2": BYRNE}), True),
        (Lineup(1, {"1": BYRNE, "2": ABEL}), True),
        (Lineup(1, {"1": ABEL, "2": BYRNE, "3": CARR}), True),
        (Lineup(1, {"1": ABEL}), True),
        (Lineup(1, {"1": ABEL, "2": Nominee("Byrne", GRN)}), True),
    ],
)
def test_another_number_of_seats_or_anybody_else_is_another_lineup(now: Lineup, differs: bool) -> None:
    assert MADE_OUT.differs_from(now) is differs


def test_a_form_that_does_not_say_whom_it_was_made_out_for_differs_from_nothing() -> None:
    assert not Lineup().differs_from(MADE_OUT)
    assert not Lineup(1).differs_from(MADE_OUT)
    assert Lineup(2).differs_from(MADE_OUT)


@pytest.mark.parametrize(
    ("now", "places"),
    [
        ({"1": ABEL, "2": BYRNE}, {"1": "1", "2": "2"}),
        ({"1": BYRNE, "2": ABEL}, {"1": "2", "2": "1"}),
        ({"1": ABEL, "3": CARR}, {"1": "1", "2": None}),
        ({"1": ABEL, "2": Nominee("Byrne", GRN)}, {"1": "1", "2": None}),
        ({"1": Nominee("Abel", GRN), "2": Nominee("Byrne", CON)}, {"1": None, "2": None}),
    ],
)
def test_figures_stay_with_whoever_they_were_typed_for(now: dict[str, Nominee], places: dict[str, str | None]) -> None:
    assert MADE_OUT.places_in(Lineup(1, now)) == places


def test_of_two_namesakes_of_one_party_only_who_kept_the_id_is_known_again() -> None:
    namesakes = replace(MADE_OUT, nominees={"1": ABEL, "2": ABEL})
    assert namesakes.places_in(Lineup(1, {"1": ABEL, "3": ABEL})) == {"1": "1", "2": None}
    assert MADE_OUT.places_in(Lineup(1, {"3": ABEL, "4": ABEL, "2": BYRNE})) == {"1": None, "2": "2"}


def test_a_lineup_that_changed_says_since_which_entry() -> None:
    assert LineupChanged(7).seq == 7
