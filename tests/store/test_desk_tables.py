"""What the database itself refuses to keep of the desk's work, whatever the code above it does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.store import log, staff
from app.store.engine import Store
from app.store.tables import DRAFT, ELECTION_RULES, ENTRY, KEYED
from tests.store.logs import BALLOT_ID, RECORDED_AT, a_body, declare, faults

AT = "2023-05-05T01:20:02+00:00"


def key(connection: Connection, slug: str, **fields: Any) -> None:
    row = {
        "slug": slug,
        "subject_kind": "ward",
        "subject_id": BALLOT_ID,
        "body": "{}",
        "author": "Ann",
        "keyed_at": AT,
        "state": "waiting",
    }
    connection.execute(insert(KEYED), {**row, **fields})


def rules(connection: Connection, slug: str, persons: int) -> None:
    connection.execute(insert(ELECTION_RULES), {"slug": slug, "persons": persons})


def draft(connection: Connection, slug: str, **fields: Any) -> None:
    row = {
        "slug": slug,
        "subject_kind": "ward",
        "subject_id": BALLOT_ID,
        "staff_name": "Ann",
        "body": "{}",
        "updated_at": AT,
    }
    connection.execute(insert(DRAFT), {**row, **fields})


def test_who_checked_is_in_the_log_and_in_its_chain(store: Store, slug: str):
    with store.writing() as connection:
        declare(connection, slug, author="Ann", checker="Bob")
        declare(connection, slug, author="Ann")
        assert [it.entry.checker for it in log.entries(connection, slug, after=0)] == ["Bob", ""]
    assert faults(store, slug) == []
    with store.writing() as connection:
        connection.execute(update(ENTRY).where(ENTRY.c.seq == 1).values(checker=None))
    assert faults(store, slug) == ["Entry 1 of “test-2023” was altered: its hash is not that of what it holds."]


def test_nobody_checks_an_entry_of_their_own(store: Store, slug: str):
    with pytest.raises(IntegrityError), store.writing() as connection:
        declare(connection, slug, author="Ann", checker="Ann")
    with store.writing() as connection:
        declare(connection, slug, author="Ann", checker="Bob")
    with pytest.raises(IntegrityError), store.writing() as connection:
        connection.execute(update(ENTRY).values(author="Bob"))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda it, slug: key(it, slug, checker="Ann"),
        lambda it, slug: key(it, slug, state="lost"),
        lambda it, slug: key(it, slug, subject_kind="status"),
        lambda it, slug: key(it, slug, state="declared"),
        lambda it, slug: key(it, slug, seq=1),
        lambda it, slug: key(it, slug, state="declared", seq=99),
        lambda it, slug: key(it, "nowhere"),
        lambda it, slug: key(it, slug, author=None),
        lambda it, slug: rules(it, slug, 3),
        lambda it, slug: rules(it, slug, 0),
        lambda it, slug: rules(it, "nowhere", 1),
        lambda it, slug: draft(it, slug, staff_name="nobody"),
        lambda it, slug: draft(it, slug, subject_kind="note"),
        lambda it, slug: draft(it, "nowhere"),
    ],
)
def test_what_must_never_be_kept_is_not(store: Store, slug: str, wrong: Callable[[Connection, str], None]):
    with store.writing() as connection:
        staff.add_hashed(connection, "Ann", staff.Role.KEYER, "a hash")
        declare(connection, slug)
    with pytest.raises(DatabaseError), store.writing() as connection:
        wrong(connection, slug)


def test_one_thing_is_open_about_a_subject(store: Store, slug: str):
    with store.writing() as connection:
        key(connection, slug)
        key(connection, slug, subject_id="another")
        key(connection, slug, subject_kind="tally", state="disputed", checker="Bob")
        key(connection, slug, state="dropped")
        key(connection, slug, state="dropped")
        key(connection, slug, state="declared", seq=declare(connection, slug), checker="Bob")
    for state in ("waiting", "disputed"):
        with pytest.raises(IntegrityError), store.writing() as connection:
            key(connection, slug, state=state)
    with store.writing() as connection:
        connection.execute(update(KEYED).where(KEYED.c.state == "waiting").values(state="dropped"))
        key(connection, slug)


def test_a_key_is_used_once_in_an_election(store: Store, slug: str):
    with store.writing() as connection:
        key(connection, slug, key="k", state="dropped")
        key(connection, slug, state="dropped")
        key(connection, slug, state="dropped")
    with pytest.raises(IntegrityError), store.writing() as connection:
        key(connection, slug, key="k")


def test_there_is_one_draft_of_a_person_about_a_subject(store: Store, slug: str):
    with store.writing() as connection:
        staff.add_hashed(connection, "Ann", staff.Role.KEYER, "a hash")
        staff.add_hashed(connection, "Bob", staff.Role.KEYER, "a hash")
        draft(connection, slug)
        draft(connection, slug, staff_name="Bob")
    with pytest.raises(IntegrityError), store.writing() as connection:
        draft(connection, slug)


def test_the_log_is_searched_by_who_and_what(store: Store, slug: str):
    with store.writing() as connection:
        declare(connection, slug, author="Ann", checker="Bob")
        declare(connection, slug, author="Bob", body={"kind": "note", "text": "x"}, council_id=None)
        declare(connection, slug, author="Cat")
        correction = {"kind": "withdrawal", "replaces": 1, "reason": "x"}
        declare(connection, slug, author="token:feed", body=correction, about="ward", ballot_id=BALLOT_ID)

        def found(before: int | None = None, limit: int | None = None, **wanted: Any) -> list[int]:
            listed = log.search(connection, slug, log.EntriesWanted(**wanted), before=before, limit=limit)
            assert before or limit or log.count(connection, slug, log.EntriesWanted(**wanted)) == len(listed)
            return [it.entry.seq for it in listed]

        assert found() == [4, 3, 2, 1]
        assert found(before=4, limit=2) == [3, 2]
        assert found(person="Bob") == [2, 1]
        assert found(person="Bob\0", kind="note") == [2]
        assert found(seqs={4, 1}) == [4, 1]
        assert found(since=RECORDED_AT, until=RECORDED_AT + timedelta(seconds=1)) == [4, 3, 2, 1]
        assert found(since=RECORDED_AT + timedelta(microseconds=1)) == found(until=RECORDED_AT) == []
        assert found(council_id="testshire") == [4, 3, 1]
        assert found(kind="ward", person="Ann") == [1]
        assert found(person="nobody") == []
        assert log.people(connection, slug) == ["Ann", "Bob", "Cat", "token:feed"]
        sourced = declare(connection, slug, author="Ann", body=a_body(source='É "phone", by %'))
        assert found(source='É "PHONE') == found(source='É "phone", by %') == [sourced]
        assert found(source="phone") == found(source="%") == []
        assert log.replaced(connection, slug, [1, 2]) == {1: 4}
        assert log.replaced(connection, slug, []) == {}
        assert connection.scalar(select(ENTRY.c.checker).where(ENTRY.c.seq == 1)) == "Bob"
        second = RECORDED_AT.replace(microsecond=0) + timedelta(seconds=10)
        exact = declare(connection, slug, author="Ann", recorded_at=second, body=a_body())
        assert found(since=second) == [exact], "on the second itself, where its time has no fraction"
        assert found(since=second, until=second) == []
