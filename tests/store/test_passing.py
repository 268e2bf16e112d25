"""Entries that cannot be read: told one by one, passed over for all to see, and nothing in the log is touched."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import IntegrityError

from app.commands.verifying import passed_over, verify_database
from app.domain.declarations import PassedOver
from app.domain.errors import UnknownElection, UnknownSequence, UnreadableCatalogue, UnreadableEntry
from app.store import audit, idempotency, loading, log, passing
from app.store.audit import Actor
from app.store.engine import Store
from app.store.errors import NothingToPassOver
from app.store.folding import folded
from app.store.tables import ENTRY
from tests.builders import an_election
from tests.store.logs import a_body, damage, declare, declare_many

SLUG = an_election().slug
ANN = Actor("command:ann", audit.COMMAND_LINE)


def an_unknown_kind(connection: Connection, seq: int) -> None:
    connection.execute(text("PRAGMA ignore_check_constraints = ON"))
    damage(connection, seq, kind="forecast", about="forecast", body=json.dumps({"kind": "forecast"}))


HARMS: dict[str, Callable[[Connection, int], None]] = {
    "a body that is no JSON": lambda connection, seq: damage(connection, seq, body="{"),
    "a body that is no object": lambda connection, seq: damage(connection, seq, body="[]"),
    "a body without its kind": lambda connection, seq: damage(connection, seq, body="{}"),
    "a body nested too deeply": lambda connection, seq: damage(connection, seq, body="[" * 100_000),
    "an unknown kind": an_unknown_kind,
    "a time that is none": lambda connection, seq: damage(connection, seq, at="at ten"),
    "a recording time that is none": lambda connection, seq: damage(connection, seq, recorded_at=""),
    "a council that is not there": lambda connection, seq: damage(connection, seq, council_id="atlantis"),
    "a contest that is not there": lambda connection, seq: damage(connection, seq, ballot_id="local.x.y"),
    "votes that are no numbers": lambda connection, seq: damage(
        connection, seq, body=json.dumps(a_body(votes={"north-LAB-1": "many", "north-CON-1": 3}))
    ),
    "a hash that does not match": lambda connection, seq: connection.execute(
        update(ENTRY).where(ENTRY.c.seq == seq).values(author="Somebody else")
    ),
}


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """An election with three entries."""
    with sqlite_store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
    declare_many(sqlite_store, SLUG, 3)
    return sqlite_store


def rows(store: Store) -> list[object]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(ENTRY.select().order_by(ENTRY.c.seq))]


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_an_entry_that_cannot_be_read_is_named_passed_over_and_stays_as_it_is(store: Store, harm) -> None:
    with store.writing() as connection:
        harm(connection, 3)
    with store.reading() as connection, pytest.raises(UnreadableEntry, match="Entry 3 of “test-2023” cannot be read"):
        folded(connection, SLUG)
    (_, _, faults), before = next(verify_database(store)), rows(store)
    assert "ntry 3 of “test-2023”" in faults[0]
    with store.writing() as connection:
        epoch = log.head(connection, SLUG).epoch
        wrong = passing.pass_over(connection, SLUG, 3, by=ANN, reason="The disk failed.")
    with store.writing() as connection:
        declare(connection, SLUG)
    with store.reading() as connection:
        night, third = folded(connection, SLUG), log.entry(connection, SLUG, 3)
        assert night.seq == 4
        assert [entry.entry.seq for entry in log.entries(connection, SLUG, after=0)] == [1, 2, 3, 4]
        assert log.head(connection, SLUG).epoch != epoch, "whoever follows the log begins anew"
        audited = audit.rows(connection)[-1]
    assert third is not None
    assert (third.entry.declaration, third.entry.author) == (PassedOver("The disk failed."), "command:ann")
    assert rows(store)[:3] == before
    assert (audited.kind, audited.who, audited.slug, audited.subject) == (
        "entry passed over",
        "command:ann",
        SLUG,
        "entry 3",
    )
    assert audited.details == {"reason": "The disk failed.", "wrong": wrong}
    assert list(verify_database(store)) == [(SLUG, 4, [])]
    assert list(passed_over(store)) == ["Entry 3 of “test-2023” is passed over, by command:ann: The disk failed."]


def test_every_entry_that_cannot_be_read_is_named_and_each_is_passed_over_by_itself(store: Store) -> None:
    with store.writing() as connection:
        damage(connection, 3, body="{")
        declare(connection, SLUG, body={"kind": "withdrawal", "replaces": 3, "reason": "wrong"}, about="ward")
    (_, _, faults) = next(verify_database(store))
    assert [fault.partition(" of ")[0] for fault in faults] == ["Entry 3", "Entry 4"]
    for seq in (3, 4):
        with store.writing() as connection:
            passing.pass_over(connection, SLUG, seq, by=ANN, reason="The disk failed.")
    assert next(verify_database(store))[2] == []


def test_what_comes_before_an_entry_that_cannot_be_read_can(store: Store) -> None:
    with store.writing() as connection:
        damage(connection, 3, body="{")
    with store.reading() as connection:
        entries, unreadable = log.readable(connection, SLUG, after=0)
    assert [entry.entry.seq for entry in entries] == [1, 2]
    assert unreadable is not None


def test_an_entry_that_can_be_read_is_not_passed_over(store: Store) -> None:
    def pass_over(slug: str, seq: int) -> None:
        with store.writing() as connection:
            passing.pass_over(connection, slug, seq, by=ANN, reason="Not to our liking.")

    for error, slug, seq in (
        (NothingToPassOver, SLUG, 2),
        (UnknownSequence, SLUG, 4),
        (UnknownSequence, SLUG, 0),
        (UnknownElection, "nowhere", 1),
    ):
        with pytest.raises(error):
            pass_over(slug, seq)
    with store.writing() as connection:
        damage(connection, 3, body="{")
    pass_over(SLUG, 3)
    with pytest.raises(NothingToPassOver):
        pass_over(SLUG, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE council SET expected_at = 'at ten'",
        "UPDATE council SET expected_at = '2023-05-05T02:00:00'",
        "UPDATE council SET expected_at = '9999-12-31T23:59:59-12:00'",
        "UPDATE convention SET control = '['",
        "UPDATE convention SET control = 'null'",
        "UPDATE convention SET key = 'other' WHERE key = 'bbc'",
        "DELETE FROM convention",
        "UPDATE election SET timezone = 'Kent'",
        "UPDATE election SET polling_date = 'tomorrow'",
        "UPDATE baseline SET control = 'nobody'",
        "UPDATE candidacy SET party_id = 'nobody'",
    ],
)
def test_a_catalogue_that_cannot_be_read_is_told_as_that(store: Store, statement: str) -> None:
    with closing(sqlite3.connect(str(store.file))) as connection, connection:
        connection.execute(statement)
    with store.reading() as connection, pytest.raises(UnreadableCatalogue, match="The catalogue of “test-2023”"):
        folded(connection, SLUG)
    assert any("The catalogue of “test-2023” cannot be read" in fault for fault in next(verify_database(store))[2])


def test_there_is_no_passing_over_without_a_reason_nor_of_what_is_not_there(store: Store) -> None:
    def put(seq: int, reason: str) -> None:
        with store.writing() as connection:
            row = {"slug": SLUG, "seq": seq, "reason": reason}
            connection.execute(text("INSERT INTO passed_over VALUES (:slug, :seq, 'now', 'ann', :reason)"), row)

    for seq, reason in ((3, ""), (9, "There is none.")):
        with pytest.raises(IntegrityError):
            put(seq, reason)


def test_what_an_entry_said_that_is_passed_over_can_be_declared_again_under_its_key(store: Store, slug: str):
    declare_many(store, slug, 2)
    with store.writing() as connection:
        for key, answer in (("first", '{"seq": 1}'), ("second", '{"seq": 2}'), ("damaged", "{"), ("waiting", "[2]")):
            idempotency.remember(connection, slug, key, body_hash="x", status=201, answer=answer)
        damage(connection, 2, body="{")
        passing.pass_over(connection, slug, 2, by=ANN, reason="The disk failed.")
        assert idempotency.recall(connection, slug, "first") is not None
        assert idempotency.recall(connection, slug, "second") is None
