"""Real servers tell a real receiver: each once, in order, whoever dies; and again where nobody knows that it came."""

import os
import re
import signal
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from threading import Event

from app.domain.alerts import AlertKind
from app.store import hooks
from app.store.audit import Actor
from app.store.engine import Store
from tests.builders import CON, LAB, a_council, an_election
from tests.hooks.conftest import SLUG, WARDS, added, flip, kept, serving, won
from tests.receiving import Receiver
from tests.running import Server, declare, load, until


def figure(server: Server, name: str) -> float:
    with server.client() as client:
        found = re.search(rf"^{name}(?:{{[^}}]*}})? (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else -1.0


def declared(server: Server, *bodies) -> list[int]:
    with server.client() as client:
        return [declare(client, body, slug=SLUG)["seq"] for body in bodies]


def test_of_two_servers_one_tells_each_alert_once_in_order_and_the_other_goes_on_when_it_is_killed(
    night_url, receiver: Receiver
) -> None:
    hook = added(night_url, receiver.url)
    with ExitStack() as stack:
        first = stack.enter_context(serving(night_url))
        second = stack.enter_context(serving(night_url, first.token))
        declared(first, won("ash"), won("birch"))
        declared(second, won("cedar"))
        receiver.wait_for(3)
        servers = (first, second)
        until(lambda: sorted(figure(it, "declared_hook_sender") for it in servers) == [0, 1], "one of them sends")
        sender, other = sorted(servers, key=lambda it: -figure(it, "declared_hook_sender"))
        # What it has sent is noted, so that nobody sends it again.
        until(lambda: figure(sender, "declared_hook_behind") == 0, "all is told")
        sender.kill()
        declared(other, won("elm"), won("fir", CON))
        receiver.wait_for(5)
        until(lambda: kept(night_url, hook).places[SLUG].seq == 5, "all is noted")
    assert receiver.headlines == [flip("ash"), flip("birch"), flip("cedar"), flip("elm"), "CON hold Fir"]
    assert len(set(receiver.ids)) == 5
    assert all(it.is_signed_with(hook.secret) for it in receiver.received)
    assert not any(it.is_signed_with(hook.secret[:-4] + "AAA=") for it in receiver.received)


def test_what_was_answered_and_not_noted_is_told_again_under_the_same_id(night_url, receiver: Receiver) -> None:
    hook, is_all_in = added(night_url, receiver.url), Event()
    with serving(night_url) as server:

        def answer(got) -> int:
            if got.headline == flip("birch") and server.is_running:
                # It shall not die of a declaration that it is being sent.
                assert is_all_in.wait(30)
                os.kill(server.pid, signal.SIGKILL)
            return 204

        receiver.answer = answer
        declared(server, won("ash"), won("birch"), won("cedar"))
        is_all_in.set()
        receiver.wait_for(2)
        until(lambda: not server.is_running, "it is dead")
        server.kill()
        with serving(night_url, server.token):
            receiver.wait_for(4)
            until(lambda: kept(night_url, hook).places[SLUG].seq == 3, "all is noted")
    assert receiver.headlines == [flip("ash"), flip("birch"), flip("birch"), flip("cedar")]
    assert receiver.ids[1] == receiver.ids[2]
    assert receiver.received[1].body == receiver.received[2].body
    assert receiver.received[2].is_signed_with(hook.secret)


def test_a_receiver_that_fails_closes_or_is_slow_is_tried_until_it_takes_it_and_nothing_overtakes(
    sqlite_night, receiver: Receiver
) -> None:
    hook = added(sqlite_night, receiver.url)
    answers = iter([500, None, 302, "slow", 429])

    def answer(_) -> int | None:
        now = next(answers, 200)
        if now == "slow":
            time.sleep(1.0)
            return 200
        return now

    receiver.answer = answer
    with serving(sqlite_night, hook_seconds=0.5) as server:
        declared(server, won("ash"), won("birch"))
        receiver.wait_for(7)
        until(lambda: kept(sqlite_night, hook).places[SLUG].seq == 2, "all is noted")
        with server.client() as client:
            until(lambda: client.get("/readyz").json()["warnings"] == [], "nobody has to be warned of it any more")
    assert receiver.headlines == [flip("ash")] * 6 + [flip("birch")]
    assert len(set(receiver.ids)) == 2
    assert {it.path for it in receiver.received} == {"/hook"}, "no redirect is followed"
    with Store.open(sqlite_night) as store, store.reading() as connection:
        birch, ash = hooks.deliveries(connection, hook.hook_id)
    assert (ash.attempts, birch.attempts) == (6, 1)
    assert ash.delivered_at is not None
    assert any("is tried again: HTTP 500: no, thank you" in line for line in server.errors)


def test_who_takes_nothing_for_too_long_is_stopped_says_so_and_misses_nothing_once_it_is_resumed(
    sqlite_night, receiver: Receiver
) -> None:
    hook = added(sqlite_night, receiver.url)
    receiver.answer = lambda _: 500
    with serving(sqlite_night, hook_patience_hours=0.0001) as server:
        declared(server, won("ash"), won("birch"))
        until(lambda: kept(sqlite_night, hook).stopped_at is not None, "it is stopped")
        until(lambda: figure(server, "declared_hook_stopped") == 1, "the figures say so")
        assert figure(server, "declared_hook_behind") == 2
        assert figure(server, "declared_hook_failing_seconds") > 0
        with server.client() as client:
            (warning,) = client.get("/readyz").json()["warnings"]
        assert re.fullmatch(r"hook 1 \(127\.0\.0\.1\) is stopped since .* UTC: HTTP 500: no, thank you", warning)
        receiver.answer = lambda _: 200
        declared(server, won("cedar"))
        before = len(receiver.received)
        with Store.open(sqlite_night) as store, store.writing() as connection:
            hooks.resume(connection, hook.hook_id, by=Actor("test"))
        receiver.wait_for(before + 3)
    assert receiver.headlines[before:] == [flip("ash"), flip("birch"), flip("cedar")]


def test_corrections_and_withdrawals_are_told_as_such_and_only_to_who_asked(sqlite_night) -> None:
    with Receiver() as all_of_it, Receiver() as corrections, Receiver() as elsewhere:
        added(sqlite_night, all_of_it.url)
        added(sqlite_night, corrections.url, [AlertKind.CORRECTION])
        added(sqlite_night, elsewhere.url, [AlertKind.RECOUNT])
        with serving(sqlite_night, public_url="https://results.example.org") as server:
            (seq,) = declared(server, won("ash"))
            corrected = won("ash", CON, kind="correction", replaces=seq, reason="two bundles")
            recount = {"kind": "status", "status": "recount", "ballot_id": WARDS["elm"].ballot_id}
            declared(server, corrected, {**recount, "at": corrected["at"]})
            all_of_it.wait_for(5)
            corrections.wait_for(1)
            elsewhere.wait_for(1)
    place = f"{WARDS['ash'].name} (Ash)"
    assert all_of_it.headlines == [
        flip("ash"),
        f"Correction to {place}: CON gain a seat from LAB",
        f"No longer so: {flip('ash')}",
        "CON hold Ash",
        f"Recount: {WARDS['elm'].name} (Elm)",
    ]
    assert corrections.headlines == all_of_it.headlines[1:2]
    assert elsewhere.headlines == all_of_it.headlines[4:]
    withdrawn = all_of_it.received[2].told
    assert (withdrawn["type"], withdrawn["version"], withdrawn["test"]) == ("declared.flip", 1, False)
    assert withdrawn["id"] == all_of_it.ids[2]
    assert withdrawn["data"] == {
        **withdrawn["data"],
        "kinds": ["flip", "certain"],
        "withdrawn": True,
        "text": "Reason: two bundles.",
        "reason": "two bundles",
        "election": SLUG,
        "seq": 2,
        "council_id": "ash",
        "ballot_id": None,
        "now": LAB,
        "before": CON,
        "url": f"https://results.example.org/elections/{SLUG}/councils/ash",
    }


def test_a_rehearsal_reaches_only_the_hooks_that_asked_and_the_night_tells_nothing_of_it_later(sqlite_night) -> None:
    with Receiver() as of_the_night, Receiver() as of_rehearsals:
        hook = added(sqlite_night, of_the_night.url)
        added(sqlite_night, of_rehearsals.url, rehearsals=True)
        with serving(sqlite_night, rehearsal=True) as server:
            declared(server, won("ash"))
            of_rehearsals.wait_for(1)
            until(lambda: kept(sqlite_night, hook).places[SLUG].seq == 1, "it is passed over")
        with serving(sqlite_night, server.token) as server:
            declared(server, won("birch"))
            of_the_night.wait_for(1)
            of_rehearsals.wait_for(2)
    assert of_the_night.headlines == [flip("birch")]
    assert of_rehearsals.headlines == [f"TEST: {flip('ash')}", flip("birch")]
    assert [it.told["test"] for it in of_rehearsals.received] == [True, False]


def test_a_count_that_is_overdue_is_told_once_by_whichever_server(sqlite_url, receiver: Receiver) -> None:
    due = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    late = a_council(WARDS["ash"], council_id="ash", expected_at=due)
    early = a_council(WARDS["birch"], council_id="birch", expected_at=due + timedelta(hours=1))
    load(sqlite_url, an_election(late, early))
    hook = added(sqlite_url, receiver.url, [AlertKind.OVERDUE, AlertKind.FLIP], ago=timedelta(hours=1))
    added(sqlite_url, receiver.url + "-since", [AlertKind.OVERDUE])
    with serving(sqlite_url) as server:
        receiver.wait_for(1)
        until(lambda: kept(sqlite_url, hook).told == "HTTP 204", "it is noted")
    with serving(sqlite_url, server.token) as server:
        declared(server, won("birch"))
        receiver.wait_for(2)
    assert [it.told["type"] for it in receiver.received] == ["declared.overdue", "declared.flip"]
    overdue = receiver.received[0].told["data"]
    assert overdue["headline"].startswith("Overdue: Ash, expected ")
    assert (overdue["text"], overdue["seq"], overdue["council_id"]) == ("0 of 1 ward declared.", None, "ash")
    assert {it.path for it in receiver.received} == {"/hook"}, "the other was added when it was late already"
