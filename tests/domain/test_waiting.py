"""What was announced of a count since somebody keyed it: said to whoever checks."""

from datetime import timedelta

import pytest

from app.domain.declarations import NoteDeclaration, StatusDeclaration, StatusValue, Withdrawal
from app.domain.night import Night
from app.domain.second_check import Keying, Waiting
from app.domain.subject import Subject
from app.domain.waiting import announced_since
from tests.builders import POLLS_CLOSED, a_contest, a_council, an_election, an_entry

NORTH, SOUTH = a_contest("north"), a_contest("south")
ELECTION = an_election(a_council(NORTH, SOUTH))
RECOUNT = StatusDeclaration(StatusValue.RECOUNT, NORTH.ballot_id)
LOG = (
    an_entry(1, RECOUNT),
    an_entry(2, StatusDeclaration(StatusValue.COUNTING, SOUTH.ballot_id)),
    an_entry(3, StatusDeclaration(StatusValue.DELAYED, council_id="testshire")),
    an_entry(4, NoteDeclaration("The lights went out.", "testshire")),
    an_entry(5, NoteDeclaration("Nobody was hurt.", "testshire")),
    an_entry(6, Withdrawal(5, "It was another hall."), council_id="testshire"),
    an_entry(7, RECOUNT),
)
TESTSHIRE = Night.before_first(ELECTION).fold(LOG).record_of("testshire")


WARD = Subject("ward", NORTH.ballot_id)


def since(after: int | None, subject: Subject) -> list[int]:
    at = POLLS_CLOSED + timedelta(minutes=62, seconds=30)
    keying = Keying("ann", {"kind": subject.kind}, frozenset(), at, after)
    return [entry.seq for entry in announced_since(TESTSHIRE, Waiting(subject, keying))]


@pytest.mark.parametrize(("after", "told"), [(0, [1, 3, 4, 7]), (3, [4, 7]), (7, [])])
def test_it_is_told_of_the_ward_and_its_council_and_not_what_was_withdrawn(after: int, told: list[int]) -> None:
    assert since(after, WARD) == told


def test_of_what_was_keyed_before_its_place_was_kept_the_time_is_compared() -> None:
    assert since(None, WARD) == [3, 4, 7]


def test_of_a_tally_it_is_that_of_its_council() -> None:
    assert since(0, Subject("tally", "testshire")) == [3, 4]
