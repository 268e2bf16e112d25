"""The second check and the drafts, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import update

from app.declaring.door import Declaring, Posting
from app.declaring.second_check import SecondCheck
from app.domain.subject import Subject
from app.store import drafts, keyed, log, rules
from app.store.engine import Store
from app.store.errors import UnreadableAnswer
from app.store.staff import Role, add_staff
from app.store.tables import DRAFT, IDEMPOTENCY, KEYED
from app.store.writer import Writer
from tests.builders import CON, LAB, a_ballot, an_election, votes_for

CONTEST = an_election().contest(a_ballot("north"))
SUBJECT = Subject("ward", CONTEST.ballot_id)
BODY = {"kind": "ward", "ballot_id": CONTEST.ballot_id, "votes": votes_for(CONTEST, LAB, CON)}
WARNED = frozenset({"W07"})


@pytest.fixture
def check(store: Store) -> Iterator[SecondCheck]:
    with Writer(store) as writer:
        yield SecondCheck(Declaring(writer, lambda night, change, epoch, findings: {"seq": change.entry.seq}))


def key(check: SecondCheck, slug: str, person: str, **fields) -> str:
    posting = Posting(slug, {**BODY, **fields}, person, WARNED)
    return check.key(posting, may_check=person != "ann").result(30).answer


def test_two_who_differ_and_then_agree(store: Store, slug: str, check: SecondCheck) -> None:
    key(check, slug, "ann", ballots=2000)
    assert "disputed" in key(check, slug, "bob", ballots=2001)
    with store.reading() as connection:
        found = keyed.find(connection, slug, SUBJECT)
        assert found is not None
        assert (found.differing, [one.subject for one in keyed.waiting(connection, slug)]) == ({"ballots"}, [SUBJECT])
    assert key(check, slug, "bob", ballots=2000) == '{"seq": 1}'
    with store.reading() as connection:
        assert keyed.waiting(connection, slug) == []


def test_what_is_taken_back_can_be_keyed_anew(store: Store, slug: str, check: SecondCheck) -> None:
    key(check, slug, "ann")
    assert check.take_back(slug, SUBJECT, "ann", is_editor=False).result(30)
    assert "waiting" in key(check, slug, "bob")


def test_rules_and_drafts_are_kept_once(store: Store, slug: str, check: SecondCheck) -> None:
    with store.writing() as connection:
        add_staff(connection, "ann", Role.KEYER, "long enough to be taken")
    for number in (1, 2, 1):
        check.set_persons(slug, number, "eve").result(30)
        check.keep_draft(slug, SUBJECT, "ann", {"votes.x": [str(number), "\0 \ud800"]}).result(30)
    with store.reading() as connection:
        assert rules.persons(connection, slug) == 1
        found = drafts.find(connection, slug, SUBJECT, "ann")
        assert found is not None
        assert found.body == {"votes.x": ["1", "\0 \ud800"]}


@pytest.mark.parametrize("columns", [{"body": "{"}, {"body": "[]"}, {"body": "{}"}, {"keyed_at": "at ten"}])
def test_what_waits_and_makes_no_sense_is_keyed_again(store: Store, slug: str, check: SecondCheck, columns) -> None:
    key(check, slug, "ann")
    with store.writing() as connection:
        connection.execute(update(KEYED).values(columns))
    with store.reading() as connection:
        assert keyed.waiting(connection, slug) == []
    assert "waiting" in key(check, slug, "bob")
    with store.reading() as connection:
        assert [one.author.person for one in keyed.waiting(connection, slug)] == ["bob"]


@pytest.mark.parametrize("columns", [{"body": "{"}, {"body": "7"}, {"updated_at": ""}])
def test_a_draft_that_makes_no_sense_is_none_and_gives_way(
    store: Store, slug: str, check: SecondCheck, columns
) -> None:
    with store.writing() as connection:
        add_staff(connection, "ann", Role.KEYER, "long enough to be taken")
    for number, wanted in ((1, None), (2, {"votes.x": ["2"]})):
        check.keep_draft(slug, SUBJECT, "ann", {"votes.x": [str(number)]}).result(30)
        if wanted is None:
            with store.writing() as connection:
                connection.execute(update(DRAFT).values(columns))
        with store.reading() as connection:
            found = drafts.find(connection, slug, SUBJECT, "ann")
        assert (found and found.body) == wanted


@pytest.mark.parametrize("answer", ["{", "7", "[" * 100_000])
def test_an_answer_that_makes_no_sense_declares_nothing_twice(
    store: Store, slug: str, check: SecondCheck, answer
) -> None:
    posting = Posting(slug, BODY, "feed", WARNED, key="once")
    check.declaring.post(posting).result(30)
    with store.writing() as connection:
        connection.execute(update(IDEMPOTENCY).values(answer=answer))
    with pytest.raises(UnreadableAnswer, match="“once”"):
        check.declaring.post(posting).result(30)
    with store.reading() as connection:
        assert log.head(connection, slug).seq == 1
