"""What an entry is about, and which council that is of."""

import pytest

from app.domain.errors import UnknownBallot, UnknownCouncil
from app.domain.subject import Subject, SubjectKind
from tests.builders import a_ballot, a_council, an_election

NORTH = a_ballot("north")


@pytest.mark.parametrize(
    ("kind", "identity", "about", "ballot_id", "council_id"),
    [
        ("ward", NORTH, "ward", NORTH, None),
        ("status", NORTH, "status", NORTH, None),
        ("tally", "testshire", "tally", None, "testshire"),
        ("council-status", "testshire", "status", None, "testshire"),
        ("note", "7", "note", None, None),
        ("catalogue", "", "catalogue", None, None),
    ],
)
def test_a_subject_is_of_a_contest_of_a_council_or_of_neither(
    kind: SubjectKind, identity: str, about: str, ballot_id: str | None, council_id: str | None
) -> None:
    subject = Subject(kind, identity)
    assert (subject.about, subject.ballot_id, subject.council_id) == (about, ballot_id, council_id)
    assert subject.path == f"{kind}/{identity}"


def test_two_people_key_the_result_of_a_contest_or_the_tally_of_a_council() -> None:
    assert Subject.keyed(ballot_id=NORTH, council_id="testshire") == Subject("ward", NORTH)
    assert Subject.keyed(ballot_id=None, council_id="testshire") == Subject("tally", "testshire")


def test_the_council_of_a_subject_is_its_own_or_that_of_its_contest() -> None:
    council = a_council()
    election = an_election(council)
    for subject in (Subject("ward", NORTH), Subject("status", NORTH), Subject("tally", "testshire")):
        assert subject.council_in(election) is council


@pytest.mark.parametrize(
    ("subject", "error"),
    [
        (Subject("ward", a_ballot("narnia")), UnknownBallot),
        (Subject("tally", "narnia"), UnknownCouncil),
        (Subject("note", "7"), UnknownCouncil),
    ],
)
def test_what_the_election_does_not_have_is_of_no_council_of_it(subject: Subject, error: type[Exception]) -> None:
    with pytest.raises(error):
        subject.council_in(an_election())
