"""Watchers whose connections are cut all night long, wherever in a message that happens."""

import contextlib
from random import Random

import pytest

from tests.counts import count
from tests.cutting import CuttingProxy
from tests.nights.test_replayed import NIGHT, SLUG, assert_watched_is_served
from tests.promises import Reached, Trials
from tests.running import Server, declare
from tests.watching import Watcher

CUTS = count("DECLARED_TORTURE_WATCHER_CUTS")
OVERVIEW, MEDWAY = f"/live/{SLUG}/overview", f"/live/{SLUG}/council/medway"


@pytest.mark.slow
@pytest.mark.promise(
    "A watcher that is cut off resumes exactly, also where a message was half there",
    wanted="0 told twice, 0 gaps, every page as it is served",
)
def test_whoever_is_cut_off_resumes_exactly(tmp_path, trials: Trials, reached: Reached) -> None:
    random = Random(2023)
    # Of a handshake some hundred bytes, of an update some thousands, of a first snapshot most of it.
    lengths = lambda: random.choice((random.randrange(300), random.randrange(8_000), random.randrange(60_000)))  # noqa: E731
    with Server(f"sqlite:///{tmp_path / 'night.db'}", beat_seconds=0.2) as server, contextlib.ExitStack() as stack:
        proxy = stack.enter_context(CuttingProxy(server.port, cuts=CUTS, bytes_until_cut=lengths))
        watchers = [stack.enter_context(Watcher(proxy.url, path)) for path in (OVERVIEW, MEDWAY) * 4]
        client = stack.enter_context(server.client())
        seq = 0
        for cut in trials(CUTS):
            while CUTS - proxy.cuts_left <= cut:
                assert not any(watcher.fault for watcher in watchers), [watcher.fault for watcher in watchers]
                ward = NIGHT[seq] if seq < len(NIGHT) else None
                seq = declare(client, ward or {"kind": "note", "council_id": "medway", "text": f"Note {seq}"})["seq"]
        for watcher in watchers:
            # A beat tells a watcher that it has everything.
            watcher.wait_until(lambda it: it.seq is not None and it.seq >= seq and it.messages[-1]["kind"] == "beat")
        for watcher, path in zip(watchers, (OVERVIEW, MEDWAY) * 4, strict=True):
            with Watcher(server.url, path) as fresh:
                fresh.wait_until(lambda it: bool(it.messages))
                assert watcher.fragments == fresh.fragments
        assert_watched_is_served(server, watchers[0], f"/elections/{SLUG}")
        connections = sum(watcher.connections for watcher in watchers)
    reached(f"{CUTS:,} cuts of 8 watchers, {connections:,} connections, {seq:,} entries: 0 told twice, 0 gaps")
