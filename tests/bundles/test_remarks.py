"""What is probably wrong in a bundle that can be loaded."""

from dataclasses import replace

import pytest

from app.bundles.remarks import remarks
from app.domain.election import Cancellation
from tests.builders import CON, LAB, a_candidacy, a_contest, a_council, an_election


def told(*contests, **fields) -> list[str]:
    return list(remarks(an_election(a_council(*contests, name="Testshire", **fields))))


def named(*names: str, **fields):
    """A ward in which these stand."""
    people = tuple(a_candidacy("north", LAB, number, name=name) for number, name in enumerate(names))
    return a_contest("north", candidacies=people, **fields)


def test_nothing_is_said_of_what_is_in_order():
    assert told(named("Khan, A.", "O’Hara, Zoë", "Smith, B."), a_contest("south"), continuing={LAB: 5}) == []


def test_nothing_is_said_of_a_ward_that_has_its_code():
    unopposed = named("Only One", cancelled=Cancellation.EQUAL_CANDIDATES)
    nobody = a_contest("south", candidacies=(), cancelled=Cancellation.NO_CANDIDATES)
    assert told(unopposed, nobody) == []


def test_an_unopposed_ward_without_its_code_is_seen():
    (line,) = told(named("Only One"), a_contest("south"))
    assert line.startswith("Testshire: North: as many candidates as seats, or fewer;")


def test_a_ward_without_candidates_is_seen():
    (line,) = told(a_contest("north", candidacies=()), a_contest("south"))
    assert line.startswith("Testshire: North: nobody is nominated;")


def test_somebody_who_stands_twice_in_a_ward_is_seen():
    (line,) = told(named("Ann  Archer", "ann archer", "Bo Byrd"))
    assert line == "Testshire: North: somebody is there twice by the same name; if it is one person, take one out"


@pytest.mark.parametrize(
    "names",
    [
        ("Hyde, B.", "Gurung, N."),
        ("Bernard Edward Hyde", "Chris Spalding", "Elizabeth Ann Simpson"),
        ("Zed", "Ann Archer"),
    ],
)
def test_candidates_out_of_the_order_of_surnames_are_seen(names):
    (line,) = told(named(*names))
    assert "North: not in the order of surnames" in line


@pytest.mark.parametrize(
    "names",
    [
        ("Barham, A.", "Ben Moussa, E.", "Cross, L."),
        ("Ann Barham", "Eli Ben Moussa", "Lou Cross"),
        ("Mike de Souza", "Rob O'Hanlon"),
        ("John Smith Junior", "Kim Taylor"),
        ("Cher", "Zed"),
        ("O'Donnell, C.", "Oke, S."),
    ],
)
def test_a_surname_of_several_words_may_stand_under_any_of_them(names):
    assert told(named(*names)) == []


@pytest.mark.parametrize(("total", "is_told"), [(20, False), (21, False), (23, True)])
def test_vacancies_above_a_tenth_of_a_council_are_seen(total: int, is_told: bool):
    lines = told(a_contest("north"), a_contest("south"), continuing={CON: 17}, total_seats=total)
    assert any("seats are neither up nor continuing" in line for line in lines) == is_told


def test_a_ward_that_is_listed_twice_is_seen_and_its_by_election_is_not():
    first, again = a_contest("north"), a_contest("North")
    by_election = a_contest("north", candidacies=first.candidacies)
    lines = told(first, again)
    assert lines == [
        f"Testshire: {first.ballot_id}, {again.ballot_id}: contests of one ward; take one out, or give each a label"
    ]
    assert told(first, replace(by_election, ballot_id="local.testshire.north.by.2023-05-04")) == []


def test_many_wards_are_counted_and_not_all_named():
    (line,) = told(*(a_contest(f"ward {number}", candidacies=()) for number in range(8)))
    assert line.startswith("Testshire: Ward 0, Ward 1, Ward 2, Ward 3, Ward 4 and 3 more: nobody is nominated")
