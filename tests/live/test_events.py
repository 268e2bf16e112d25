"""Events: whole, in order, and each once, whoever comes, goes or dawdles; or a reset that says so."""

import asyncio
import json

import pytest

from app.live import events
from app.live.events import STREAM, EventChannel
from app.live.hub import Hub
from app.live.watcher import Watcher
from tests.live.fakes import FakeTransport, on_loop, until, watcher


def a_channel(seq: int = 10) -> EventChannel:
    return EventChannel("c", epoch="e", seq=seq, reset=lambda at: b'{"state":"/as-at/%d"}' % at)


def a_hub(channel: EventChannel, **settings: float) -> Hub:
    hub = Hub(**settings)
    hub.open(channel, group="night")
    return hub


def goes_on(hub: Hub, channel: EventChannel, *seqs: int) -> None:
    """Entries, each with two events."""
    for seq in seqs:
        hub.tell(channel, seq, [("entry", b'{"entry":%d}' % seq), ("council", b'{"council":%d}' % seq)])
        hub.head("night", seq, "e")


def heard(reader: Watcher) -> str:
    assert isinstance(reader.transport, FakeTransport)
    return reader.transport.taken.decode()


def entry(seq: int) -> str:
    return f'event: entry\ndata: {{"entry":{seq}}}\n\nevent: council\nid: e.{seq}\ndata: {{"council":{seq}}}\n\n'


RESET = 'event: reset\nid: e.{0}\ndata: {{"state":"/as-at/{0}"}}\n\n'


@on_loop
async def test_who_comes_back_is_sent_what_was_missed_whole_and_in_order() -> None:
    channel = a_channel()
    hub = a_hub(channel)
    goes_on(hub, channel, 11, 12)
    assert heard(watcher(hub, since=10, window=STREAM)) == entry(11) + entry(12)
    assert heard(watcher(hub, since=11, window=STREAM)) == entry(12)
    assert heard(watcher(hub, since=12, window=STREAM)) == ""


@pytest.mark.parametrize(("since", "epoch"), [(None, None), (9, "e"), (13, "e"), (12, "another")])
@on_loop
async def test_who_cannot_be_sent_what_was_missed_is_told_where_to_read_it(
    since: int | None, epoch: str | None
) -> None:
    channel = a_channel()
    hub = a_hub(channel)
    goes_on(hub, channel, 11, 12)
    reader = watcher(hub, since=since, epoch=epoch, window=STREAM)
    assert heard(reader) == RESET.format(12)
    goes_on(hub, channel, 13)
    assert heard(reader) == RESET.format(12) + entry(13)


@on_loop
async def test_what_is_kept_is_bounded_and_an_entry_is_forgotten_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_BYTES", 100)
    channel = a_channel()
    hub = a_hub(channel)
    goes_on(hub, channel, *range(11, 31))
    assert channel.base_seq == 27
    assert heard(watcher(hub, since=26, window=STREAM)) == RESET.format(30)
    assert heard(watcher(hub, since=27, window=STREAM)) == "".join(entry(seq) for seq in (28, 29, 30))


@on_loop
async def test_the_same_bytes_are_written_to_all_and_to_those_who_come_back_together() -> None:
    channel = a_channel()
    hub = a_hub(channel)
    here, there = watcher(hub, since=10, window=STREAM), watcher(hub, since=10, window=STREAM)
    goes_on(hub, channel, 11)
    assert here.transport.writes[-1] is there.transport.writes[-1]
    back, again = watcher(hub, since=10, window=STREAM), watcher(hub, since=10, window=STREAM)
    assert back.transport.writes[-1] is again.transport.writes[-1]
    new, newer = watcher(hub, window=STREAM), watcher(hub, window=STREAM)
    assert new.transport.writes[-1] is newer.transport.writes[-1]


@on_loop
async def test_who_comes_while_others_are_told_is_told_nothing_twice() -> None:
    channel = a_channel()
    hub = a_hub(channel, slice_size=1)
    readers = [watcher(hub, since=10, window=STREAM) for _ in range(3)]
    goes_on(hub, channel, 11)
    late = watcher(hub, since=10, window=STREAM)
    goes_on(hub, channel, 12, 13)
    for _ in range(12):
        await asyncio.sleep(0)
    assert {heard(reader) for reader in (*readers, late)} == {entry(11) + entry(12) + entry(13)}


@on_loop
async def test_who_does_not_keep_up_is_set_aside_and_sent_all_of_it_later() -> None:
    channel = a_channel()
    hub = a_hub(channel)
    slow = watcher(hub, since=10, window=STREAM, room=5)
    goes_on(hub, channel, 11, 12, 13)
    assert hub.counts.set_aside == 1
    slow.transport.read_on()
    assert heard(slow) == entry(11) + entry(12) + entry(13)


@on_loop
async def test_in_a_socket_each_event_is_a_message() -> None:
    channel = a_channel()
    hub = a_hub(channel)
    reader = watcher(hub, since=10)
    goes_on(hub, channel, 11)
    hub.start()
    hub._beat()
    assert reader.transport.messages() == [
        {"entry": 11},
        {"council": 11},
        {"v": 1, "event": "beat", "seq": 11, "epoch": "e"},
    ]
    hub.stop()


@on_loop
async def test_a_beat_is_a_comment_in_a_stream() -> None:
    hub = a_hub(a_channel())
    reader = watcher(hub, since=10, window=STREAM)
    hub._beat()
    assert heard(reader) == ": beat e.10\n\n"
    hub.stop()


@on_loop
async def test_another_log_is_a_reset_even_where_it_is_shorter() -> None:
    channel = a_channel()
    hub = a_hub(channel)
    reader = watcher(hub, since=10, window=STREAM)
    hub.replace(EventChannel("c", epoch="f", seq=2, reset=lambda at: b'{"at":%d}' % at))
    assert heard(reader) == 'event: reset\nid: f.2\ndata: {"at":2}\n\n'


def test_an_entry_comes_after_the_last() -> None:
    with pytest.raises(ValueError, match="not before 10"):
        a_channel().tell(10, [("entry", json.dumps({}).encode())])


@on_loop
async def test_a_channel_of_events_takes_no_fragments() -> None:
    hub = a_hub(a_channel())
    with pytest.raises(KeyError):
        hub.update("c", 11, {"head": "<h1>11</h1>"})


@on_loop
async def test_events_that_come_faster_than_they_are_written_are_told_whole() -> None:
    channel = a_channel()
    hub = a_hub(channel, slice_size=1)
    readers = [watcher(hub, since=10, window=STREAM) for _ in range(2)]
    goes_on(hub, channel, *range(11, 16))
    await until(lambda: all(entry(15) in heard(reader) for reader in readers))
    assert {heard(reader) for reader in readers} == {"".join(entry(seq) for seq in range(11, 16))}
