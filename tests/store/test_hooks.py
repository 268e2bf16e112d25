"""Hooks in the database: who sends, how far each was told, and what is noted by whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.alerts import AlertKind
from app.store import hook_lease, hooks, log
from app.store.audit import Actor
from app.store.engine import Store
from app.store.errors import HookRefused, LeaseLost
from app.store.hooks import DELIVERIES_KEPT, HookMessage, HookPlace, HookWanted

NOW = datetime(2026, 5, 8, 2, 30, tzinfo=UTC)
BY = Actor("command:ann")
WANTED = HookWanted("https://example.org/secret", frozenset({AlertKind.TIE, AlertKind.FLIP}))


@pytest.fixture
def hook(store: Store, slug: str) -> hooks.Hook:
    with store.writing() as connection:
        assert hook_lease.take_lease(connection, "here", hook_lease.beat(connection))
        return hooks.add(connection, replace(WANTED, slug=slug), by=BY, now=NOW)


def found(store: Store) -> hooks.Hook:
    with store.reading() as connection:
        return hooks.numbered(connection, 1)


def a_message(slug: str, number: int = 1) -> HookMessage:
    return HookMessage(f"m-{number}", slug, number, "LAB gain Medway from CON")


def test_the_lease_is_one_servers_until_it_stands_still_and_of_two_who_take_it_one_has_it(store: Store) -> None:
    with store.writing() as connection:
        assert hook_lease.is_left(connection)
        assert hook_lease.take_lease(connection, "one", 0)
    with store.writing() as connection:
        assert hook_lease.renew_lease(connection, "one") == 2
        assert not hook_lease.take_lease(connection, "two", 1), "it has counted on since"
        assert hook_lease.take_lease(connection, "two", 2)
        assert not hook_lease.take_lease(connection, "three", 2), "the other was faster"
        with pytest.raises(LeaseLost):
            hook_lease.renew_lease(connection, "one")
        hook_lease.leave_lease(connection, "one")
        assert not hook_lease.is_left(connection)
        hook_lease.leave_lease(connection, "two")
        assert hook_lease.is_left(connection)


def test_a_hook_is_told_from_where_the_log_is_when_it_is_added(store: Store, slug: str, hook) -> None:
    with store.reading() as connection:
        head = log.head(connection, slug)
    assert found(store) == hook
    assert hook.places == {slug: HookPlace(head.epoch, head.seq)}
    assert (hook.wanted.kinds, hook.wanted.host, len(hook.key)) == (WANTED.kinds, "example.org", 32)


def test_what_is_noted_is_noted_by_who_holds_the_lease_alone(store: Store, slug: str, hook) -> None:
    place = HookPlace("e", 4, 1)
    with store.writing() as connection:
        hooks.note_delivered(connection, "here", 1, a_message(slug), place, told="HTTP 200", now=NOW)
    assert found(store).places[slug] == place
    with pytest.raises(LeaseLost), store.writing() as connection:
        hooks.note_place(connection, "there", 1, slug, HookPlace("e", 9))
    with pytest.raises(LeaseLost), store.writing() as connection:
        hooks.note_failed(connection, "there", hook, a_message(slug), told="", now=NOW, due_at=None)
    assert found(store).places[slug] == place
    assert found(store).stopped_at is None


def test_a_message_is_counted_as_often_as_it_was_tried_and_taking_it_ends_the_failing(store, slug, hook) -> None:
    later = NOW + timedelta(seconds=2)
    with store.writing() as connection:
        hooks.note_failed(connection, "here", hook, a_message(slug), told="HTTP 500", now=NOW, due_at=later)
    failing = found(store)
    assert (failing.failing_since, failing.attempts, failing.due_at, failing.told) == (NOW, 1, later, "HTTP 500")
    with store.writing() as connection:
        hooks.note_failed(connection, "here", failing, a_message(slug), told="HTTP 502", now=later, due_at=None)
    stopped = found(store)
    assert (stopped.failing_since, stopped.attempts, stopped.stopped_at) == (NOW, 2, later)
    with store.writing() as connection:
        hooks.resume(connection, 1, by=BY)
        hooks.note_delivered(connection, "here", 1, a_message(slug), None, told="HTTP 200", now=later)
        (delivery,) = hooks.deliveries(connection, 1)
        assert hooks.delivered(connection, 1, ["m-1", "m-2"]) == {"m-1"}
    assert (delivery.attempts, delivery.first_at, delivery.delivered_at, delivery.told) == (3, NOW, later, "HTTP 200")
    well = found(store)
    assert (well.failing_since, well.attempts, well.due_at, well.stopped_at) == (None, 0, None, None)


def test_deliveries_are_forgotten_after_thirty_days(store: Store, slug: str, hook) -> None:
    for number, now in enumerate((NOW, NOW + DELIVERIES_KEPT, NOW + DELIVERIES_KEPT + timedelta(seconds=1))):
        with store.writing() as connection:
            hooks.note_delivered(connection, "here", 1, a_message(slug, number), None, told="HTTP 200", now=now)
    with store.reading() as connection:
        assert [it.message.message_id for it in hooks.deliveries(connection, 1)] == ["m-2", "m-1"]
        assert [it.message.message_id for it in hooks.deliveries(connection, 1, limit=1)] == ["m-2"]


def test_nothing_is_kept_of_a_hook_that_was_removed_while_it_was_told(store: Store, slug: str, hook) -> None:
    with store.writing() as connection:
        hooks.note_delivered(connection, "here", 1, a_message(slug), HookPlace("e", 1), told="HTTP 200", now=NOW)
        hooks.remove(connection, 1, by=BY)
        hooks.note_delivered(connection, "here", 1, a_message(slug, 2), HookPlace("e", 2), told="HTTP 200", now=NOW)
        assert hooks.deliveries(connection, 1) == []
        assert hooks.hooks(connection) == []
        with pytest.raises(HookRefused):
            hooks.numbered(connection, 1)
