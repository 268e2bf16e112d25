"""Who did what beside declaring: rows that are only ever added, and chained."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from app.store import audit
from app.store.audit import Actor, Kind
from app.store.backup import backup
from app.store.engine import Store
from app.store.tables import AUDIT, AUDIT_HEAD
from app.store.writer import Writer

ANN = Actor("ann", "192.0.2.1")
AT, MINUTE = datetime(2023, 5, 5, 1, 20, tzinfo=UTC), timedelta(minutes=1)


def record_many(store: Store, number: int) -> None:
    with store.writing() as connection:
        for at in range(number):
            audit.record(connection, Kind.ROLE_CHANGED, ANN, subject=f"person {at}", details={"role": "keyer"})


def found(store: Store) -> list[audit.Audited]:
    with store.reading() as connection:
        return audit.rows(connection)


def faults(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(audit.verify_chain(connection))


def behind_its_back(store: Store, *statements: object) -> None:
    """Changes the audit as whoever owns the database can."""
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        else:
            for name in ("updated", "deleted"):
                connection.execute(text(f"DROP TRIGGER audit_is_not_{name}"))
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_what_is_recorded_is_kept_in_order_and_chained(store: Store):
    with store.writing() as connection:
        audit.record(connection, Kind.SIGN_IN_FAILED, Actor("", "192.0.2.9"), subject="a\0nn\ud800" + "x" * 300)
        audit.record(connection, Kind.RULES_CHANGED, ANN, slug="test-2023", details={"to": 1, "from": 2})
    first, second = found(store)
    assert (first.seq, first.kind, first.who, first.source) == (1, "sign-in failed", "", "192.0.2.9")
    assert first.subject == ("ann?" + "x" * 300)[: audit.LONGEST]
    assert (second.seq, second.slug, second.details) == (2, "test-2023", {"from": 2, "to": 1})
    assert faults(store) == []


def test_no_name_turns_the_words_around_it(store: Store):
    with store.writing() as connection:
        audit.record(
            connection, Kind.SIGN_IN_FAILED, Actor("", "192.0.2.9"), subject="\u202egnorts \u2067ann\u2069 \u05d0"
        )
    assert found(store)[0].subject == "\ufffdgnorts \ufffdann\ufffd \u05d0"


def test_an_act_that_is_rolled_back_leaves_no_row(store: Store):
    def fails() -> None:
        with store.writing() as connection:
            audit.record(connection, Kind.ACCOUNT_MADE, ANN)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    record_many(store, 1)
    assert [row.kind for row in found(store)] == ["role changed"]


def test_of_a_batch_only_the_jobs_that_are_done_leave_rows(store: Store):
    def fails(connection: Connection) -> None:
        audit.record(connection, Kind.ACCOUNT_MADE, ANN, subject="never")
        raise ValueError

    def works(connection: Connection) -> None:
        audit.record(connection, Kind.ACCOUNT_MADE, ANN, subject="made")

    with Writer(store) as writer:
        futures = [writer.submit(job) for job in (works, fails, works)]
    assert [future.exception() is None for future in futures] == [True, False, True]
    assert [row.subject for row in found(store)] == ["made", "made"]
    assert faults(store) == []


def test_several_who_act_at_once_make_one_chain(store: Store):
    acting = [Thread(target=lambda: [record_many(store, 2) for _ in range(5)]) for _ in range(4)]
    for thread in acting:
        thread.start()
    for thread in acting:
        thread.join()
    assert [row.seq for row in found(store)] == list(range(1, 41))
    assert faults(store) == []


@pytest.mark.parametrize("statement", [update(AUDIT).values(who="bob"), delete(AUDIT)])
def test_the_database_itself_refuses_to_change_a_row(store: Store, statement: object):
    record_many(store, 1)
    with pytest.raises(DatabaseError, match="only ever added to"), store.writing() as connection:
        connection.execute(statement)  # type: ignore[call-overload]
    assert len(found(store)) == 1


def test_whatever_is_done_behind_its_back_is_found(store: Store):
    record_many(store, 6)
    with store.reading() as connection:
        last = connection.execute(select(AUDIT).where(AUDIT.c.seq == 6)).one()._asdict()
    behind_its_back(
        store,
        update(AUDIT).where(AUDIT.c.seq == 2).values(who="bob"),
        delete(AUDIT).where(AUDIT.c.seq == 4),
        insert(AUDIT).values({**last, "seq": 7}),
    )
    assert faults(store) == [
        "Row 2 of the audit was altered: its hash is not that of what it holds.",
        "Row 4 of the audit is missing.",
        "Row 7 of the audit is not chained on the one before it.",
        "Row 7 of the audit was altered: its hash is not that of what it holds.",
        "The head of the audit is at row 6, its rows end at 7.",
    ]


def test_rows_taken_off_the_end_are_missed(store: Store):
    record_many(store, 3)
    behind_its_back(store, delete(AUDIT).where(AUDIT.c.seq == 3))
    assert faults(store) == ["The head of the audit is at row 3, its rows end at 2."]


def test_a_head_that_was_changed_is_found(store: Store):
    record_many(store, 2)
    behind_its_back(store, update(AUDIT_HEAD).values(hash="0" * 64))
    assert faults(store) == ["The head of the audit does not have the hash of its last row, 2."]


def test_a_backup_has_the_audit_and_goes_on_with_it(store: Store, tmp_path):
    record_many(store, 2)
    backup(store, tmp_path / "copy.db")
    with Store.open(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        assert found(copy) == found(store)
        record_many(copy, 1)
        assert faults(copy) == []
        with pytest.raises(DatabaseError, match="only ever added to"), copy.writing() as connection:
            connection.execute(delete(AUDIT))


FINDS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [4, 3, 2, 1]),
    ({"slug": "test-2023"}, [3, 2, 1]),
    ({"person": "ann"}, [3, 1]),
    ({"kind": "signed in"}, [1]),
    ({"since": AT + MINUTE, "until": AT + 3 * MINUTE}, [3, 2]),
    ({"source": "192.0.2."}, [3, 1]),
    ({"source": "COMMAND"}, [2]),
    ({"source": "%"}, []),
    ({"source": "\0"}, [4, 3, 2, 1]),
    ({"subjects": {"ann", "north"}}, [3]),
]


def test_rows_are_found_by_what_is_known_of_them(store: Store):
    done = [
        (Kind.SIGNED_IN, ANN, "", ""),
        (Kind.RULES_CHANGED, Actor("command:root", "command line"), "", "test-2023"),
        (Kind.ROLE_CHANGED, Actor("eve", "192.0.2.9"), "ann", ""),
        (Kind.TAKEN_BACK, Actor("eve", "::1"), "south", "another"),
    ]
    with store.writing() as connection:
        for minutes, (kind, by, subject, slug) in enumerate(done):
            audit.record(connection, kind, by, subject=subject, slug=slug, now=AT + minutes * MINUTE)
    with store.reading() as connection:
        for sought, found in FINDS:
            wanted = audit.ActsWanted(**sought)
            assert [row.seq for row in audit.search(connection, wanted)] == found, sought
            assert audit.count(connection, wanted) == len(found), sought
            first = audit.search(connection, wanted, before=4, limit=1)
            assert [row.seq for row in first] == [seq for seq in found if seq < 4][:1], sought
        assert audit.people(connection) == {"ann", "eve", "command:root"}
