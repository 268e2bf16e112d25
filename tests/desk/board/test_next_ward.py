"""The next ward of a council: in the order of their names, round once, past what is done or in other hands."""

from app.desk.board.next_ward import next_ward
from app.domain.night import Night
from app.domain.subject import Subject
from tests.builders import CON, LAB, a_contest, a_council, a_ward, an_election, an_entry

EAST, NORTH, SOUTH = WARDS = tuple(a_contest(name) for name in ("east", "north", "south"))
NIGHT = Night.before_first(an_election(a_council(SOUTH, NORTH, EAST)))


def of(ward) -> Subject:
    return Subject("ward", ward.ballot_id)


def following(night: Night, after: Subject, *taken: Subject) -> str | None:
    ward = next_ward(night.councils["testshire"], after, taken)
    return ward.name if ward else None


def test_wards_follow_each_other_by_name_and_after_the_last_comes_the_first() -> None:
    assert [following(NIGHT, of(ward)) for ward in WARDS] == ["North", "South", "East"]


def test_what_is_declared_waits_or_is_in_other_hands_is_passed_by() -> None:
    night = NIGHT.fold([an_entry(1, a_ward(NORTH, LAB, CON))])
    assert following(night, of(EAST)) == "South"
    assert following(night, of(EAST), of(SOUTH)) is None


def test_after_a_tally_comes_the_first_ward() -> None:
    assert following(NIGHT, Subject("tally", "testshire")) == "East"
