"""Claims and presence, on both databases: two who ask for work at once get different work."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from app.declaring.door import Declaring, Posting
from app.declaring.second_check import SecondCheck
from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.store import claims, keyed, presence, staff
from app.store.engine import Store
from app.store.writer import Writer
from tests.builders import CON, LAB, a_ballot, an_election, votes_for

NOW = datetime(2023, 5, 5, 2, 0, tzinfo=UTC)
NORTH, SOUTH, EAST = (Subject("ward", a_ballot(name)) for name in ("north", "south", "east"))


@pytest.fixture
def waiting(store: Store, slug: str) -> Sequence[Subject]:
    """Two wards that cid has keyed; ann and bob are checkers."""
    with store.writing() as connection:
        for name in ("ann", "bob"):
            staff.add_staff(connection, name, staff.Role.CHECKER, f"password of {name}")
        for subject in (NORTH, SOUTH):
            keyed.begin(connection, slug, subject, Keying("cid", {"kind": subject.kind}, frozenset(), NOW), key=None)
    return (NORTH, SOUTH)


def taken(
    store: Store, slug: str, person: str, subjects: Sequence[Subject], now: datetime = NOW
) -> claims.Claim | None:
    with store.writing() as connection:
        return claims.take_first(connection, slug, subjects, person, now=now)


def told(store: Store, slug: str, now: datetime = NOW) -> dict[Subject, str]:
    with store.reading() as connection:
        return {claim.subject: claim.person for claim in claims.claims(connection, slug, now=now)}


def test_the_next_is_the_first_that_waits_and_nobody_else_has(store: Store, slug: str, waiting) -> None:
    assert taken(store, slug, "ann", [EAST, *waiting]) == (NORTH, "ann", NOW + claims.LASTING), "east does not wait"
    assert taken(store, slug, "bob", waiting) == (SOUTH, "bob", NOW + claims.LASTING)
    assert taken(store, slug, "ann", [SOUTH]) is None
    assert told(store, slug) == {NORTH: "ann", SOUTH: "bob"}


def test_a_claim_runs_out_unless_it_is_renewed(store: Store, slug: str, waiting) -> None:
    claim = taken(store, slug, "ann", waiting)
    assert claim is not None
    late = NOW + timedelta(seconds=90)
    with store.writing() as connection:
        assert claims.renew(connection, slug, claim, now=late)
    assert told(store, slug, NOW + timedelta(minutes=3)) == {NORTH: "ann"}
    over = late + claims.LASTING
    assert told(store, slug, over) == {}
    assert taken(store, slug, "bob", waiting, over) == (NORTH, "bob", over + claims.LASTING)
    with store.writing() as connection:
        assert not claims.renew(connection, slug, claim, now=over), "it is another's by now"


def test_a_claim_is_let_go_by_hand_and_by_handing_in(store: Store, slug: str, waiting) -> None:
    taken(store, slug, "ann", waiting)
    with store.writing() as connection:
        assert not claims.release(connection, slug, NORTH, "bob")
        assert claims.release(connection, slug, NORTH, "ann")
        assert not claims.release(connection, slug, NORTH)
    taken(store, slug, "ann", waiting)
    contest = an_election().contest(NORTH.identity)
    body = {"kind": "ward", "ballot_id": NORTH.identity, "votes": votes_for(contest, LAB, CON)}
    with Writer(store) as writer:
        check = SecondCheck(Declaring(writer, lambda night, change, epoch, findings: {"seq": change.entry.seq}))
        check.key(Posting(slug, body, "ann", frozenset({"W07"})), may_check=True).result(30)
    assert told(store, slug) == {}, "she has sent it"


def test_two_who_take_the_next_at_once_never_get_the_same(store: Store, url: str, slug: str) -> None:
    people = [f"checker-{number}" for number in range(6)]
    subjects = [Subject("tally", f"council-{number}") for number in range(len(people))]
    with store.writing() as connection:
        for name in people:
            staff.add_staff(connection, name, staff.Role.CHECKER, f"password of {name}")
        for subject in subjects:
            keyed.begin(connection, slug, subject, Keying("cid", {"kind": subject.kind}, frozenset(), NOW), key=None)
    ready, got = Barrier(len(people)), []

    def take(person: str) -> None:
        with Store.open(url, lock_wait=30) as own, Writer(own) as writer:
            ready.wait()
            taking = writer.submit(lambda it: claims.take_first(it, slug, subjects, person, now=NOW))
            got.append(taking.result(60))

    threads = [Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {claim.subject for claim in got} == set(subjects)


def test_who_is_here_is_noted_seldom(store: Store, slug: str, waiting) -> None:
    with store.writing() as connection:
        presence.note(connection, slug, "ann", NORTH, now=NOW)
        presence.note(connection, slug, "bob", NORTH, now=NOW)
        presence.note(connection, slug, "bob", None, now=NOW)
    with store.reading() as connection:
        ann, bob = presence.present(connection, slug, now=NOW)
        assert presence.present(connection, slug, now=NOW + presence.PRESENT) == []
    assert (ann, bob.subject) == (("ann", staff.Role.CHECKER, NORTH, NOW), None)
    later = {seconds: NOW + timedelta(seconds=seconds) for seconds in (5, 11, 61)}
    assert presence.is_news(None, NORTH, now=NOW)
    assert [presence.is_news(ann, NORTH, now=at) for at in later.values()] == [False, False, True]
    assert [presence.is_news(ann, SOUTH, now=at) for at in later.values()] == [False, True, True]
