"""The hub: everyone gets everything once and in order, whoever comes, goes or dawdles meanwhile."""

import asyncio
import contextlib
import json
import math
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.live.channels import Channel
from app.live.frames import CloseCode, Opcode
from app.live.hub import Hub
from app.live.watcher import Watcher
from tests.live.fakes import FakeTransport, Page, client_frame, on_loop, partials, server_frames, until, watcher


def hub(*channels: str, **settings: float) -> Hub:
    """A hub whose channels (``c``, if none is named) stand at entry 10."""
    made = Hub(**settings)
    for name in channels or ("c",):
        made.open(Channel(name, epoch="e", seq=10, fragments={"head": "<h1>10</h1>"}), group="night")
    return made


def change(of: Hub, seq: int, name: str = "c", **fragments: str) -> bool:
    """The night goes on: entry ``seq`` changes the channel's head, and whatever else is named."""
    changed = of.update(name, seq, {"head": f"<h1>{seq}</h1>", **fragments})
    of.head("night", seq, "e")
    return changed


def told(one: Watcher) -> list[int]:
    """The sequences of the messages that ``one`` has read."""
    return [message["seq"] for message in heard(one)]


def heard(one: Watcher) -> list[dict[str, Any]]:
    assert isinstance(one.transport, FakeTransport)
    return one.transport.messages()


async def turns(count: int = 1) -> None:
    """Let the event loop turn."""
    for _ in range(count):
        await asyncio.sleep(0)


@on_loop
async def test_a_change_reaches_everyone_who_watches_the_channel():
    night = hub("c", "d")
    here, there, elsewhere = watcher(night, since=10), watcher(night, since=10), watcher(night, "d", since=10)
    assert change(night, 41)
    assert told(here) == told(there) == [41]
    assert here.transport.writes[0] is there.transport.writes[0]
    assert told(elsewhere) == []
    assert (night.counts.messages, night.counts.deliveries, night.counts.joined) == (1, 2, 3)


@on_loop
async def test_who_can_inflate_is_sent_the_same_message_in_fewer_bytes():
    night = hub()
    able, abler, small, unable = (watcher(night, since=10, window=bits) for bits in (15, 15, 9, 0))
    change(night, 41, more="<p>again</p>" * 200)
    late = watcher(night, since=10, window=15)
    assert heard(able) == heard(small) == heard(unable) == heard(late)
    assert able.transport.writes[0] is abler.transport.writes[0]
    sizes = [len(one.transport.writes[0]) for one in (able, late, small, unable)]
    assert sizes == sorted(sizes)
    assert 10 * sizes[0] < sizes[-1]


@on_loop
async def test_a_beat_is_never_deflated():
    night = hub(beat_seconds=0)
    able, unable = watcher(night, since=10, window=15), watcher(night, since=10)
    night.start()
    await until(lambda: unable.transport.writes)
    night.stop()
    assert able.transport.writes[0] is unable.transport.writes[0]


@on_loop
async def test_what_changes_nothing_reaches_nobody():
    night = hub()
    one = watcher(night, since=10)
    assert not night.update("c", 41, {"head": "<h1>10</h1>"})
    assert one.transport.writes == []


@on_loop
async def test_a_channel_opens_once_and_is_known_then():
    night = hub()
    with pytest.raises(ValueError, match="is open"):
        night.open(Channel("c", epoch="e", seq=0, fragments={}), group="night")
    with pytest.raises(KeyError):
        night.update("d", 41, {})
    with pytest.raises(KeyError):
        watcher(night, "d")


@on_loop
async def test_who_comes_gets_what_was_missed():
    night = hub()
    change(night, 41)
    change(night, 42)
    first, returning, knowing = watcher(night, epoch=None), watcher(night, since=41), watcher(night, since=42)
    assert [message["kind"] for message in heard(first)] == ["snapshot"]
    assert [(message["kind"], message["seq"]) for message in heard(returning)] == [("update", 42)]
    assert heard(knowing) == []


@on_loop
async def test_who_comes_from_after_the_end_of_the_log_gets_everything():
    night = hub()
    night.head("night", 50, "e")
    assert heard(watcher(night, since=50)) == []
    assert [message["kind"] for message in heard(watcher(night, since=51))] == ["snapshot"]


@on_loop
async def test_who_comes_between_a_change_and_the_heads_move_is_not_from_the_future():
    night = hub()
    night.update("c", 41, {"head": "<h1>41</h1>"})
    assert heard(watcher(night, since=41)) == []


@on_loop
async def test_those_who_come_together_share_the_bytes_of_a_snapshot():
    night = hub()
    assert watcher(night).transport.writes[0] is watcher(night).transport.writes[0]


@on_loop
async def test_a_message_goes_out_a_slice_at_a_time():
    night = hub(slice_size=2)
    crowd = [watcher(night, since=10) for _ in range(5)]
    change(night, 41)
    assert sum(told(one) == [41] for one in crowd) == 2
    await turns()
    assert sum(told(one) == [41] for one in crowd) == 4
    await turns()
    assert sum(told(one) == [41] for one in crowd) == 5


@on_loop
async def test_all_messages_together_take_a_slice_at_a_time():
    night = hub("c", "d", slice_size=2)
    crowd = [watcher(night, name, since=10) for name in "cccdddd"]
    change(night, 41)
    change(night, 42, "d")
    written = []
    for _ in range(4):
        written.append(sum(len(one.transport.writes) for one in crowd))
        await turns()
    assert written == [2, 4, 6, 7]


@on_loop
async def test_small_messages_share_a_slice():
    night = hub("c", "d", slice_size=3)
    crowd = [watcher(night, name, since=10) for name in "cccccd"]
    change(night, 41)
    change(night, 42, "d")
    await turns()
    assert [told(one) for one in crowd] == [[41]] * 5 + [[42]]


@on_loop
async def test_changes_during_a_delivery_follow_it_as_one():
    night = hub(slice_size=2)
    crowd = [watcher(night, since=10) for _ in range(5)]
    change(night, 41)
    change(night, 42, table="<table>42</table>")
    change(night, 43)
    await turns(9)
    assert [told(one) for one in crowd] == [[41, 43]] * 5
    assert partials(heard(crowd[0])[1]["content"]) == {"head": "<h1>43</h1>", "table": "<table>42</table>"}
    assert night.counts.messages == 2


@on_loop
async def test_who_comes_during_a_delivery_gets_it_once():
    night = hub(slice_size=2)
    crowd = [watcher(night, since=10) for _ in range(5)]
    change(night, 41)
    early = watcher(night, since=10)
    change(night, 42)
    late = watcher(night, since=10)
    await turns(9)
    assert [told(one) for one in crowd] == [[41, 42]] * 5
    assert told(early) == [41, 42]
    assert told(late) == [42]


@on_loop
async def test_who_leaves_during_a_delivery_does_not_get_it():
    night = hub(slice_size=2)
    crowd = [watcher(night, since=10) for _ in range(5)]
    change(night, 41)
    gone = next(one for one in crowd if not told(one))
    night.leave(gone)
    night.leave(gone)
    await turns(9)
    assert sorted(told(one) for one in crowd) == [[], [41], [41], [41], [41]]
    assert night.counts.deliveries == 4


@on_loop
async def test_a_message_that_nobody_waits_for_any_more_is_no_hindrance():
    night = hub(slice_size=1)
    crowd = [watcher(night, since=10) for _ in range(2)]
    change(night, 41)
    change(night, 42)
    for one in crowd:
        night.leave(one)
    await turns(9)
    late = watcher(night, since=42)
    change(night, 43)
    assert told(late) == [43]


@on_loop
async def test_who_dawdles_costs_nobody_anything_and_gets_the_newest_copy():
    night = hub()
    slow, quick = watcher(night, since=10, room=5), watcher(night, since=10)
    for seq in (41, 42, 43):
        change(night, seq)
    assert told(quick) == [41, 42, 43]
    assert len(slow.transport.writes) == 1
    assert night.watchers() == {"c": 2}
    slow.transport.read_on()
    assert told(slow) == [41, 43]
    change(night, 44)
    assert told(slow) == [41, 43, 44]
    assert (night.counts.set_aside, night.counts.caught_up) == (1, 1)


@on_loop
async def test_who_dawdles_over_nothing_new_gets_nothing_new():
    night = hub()
    slow = watcher(night, since=10, room=5)
    change(night, 41)
    slow.transport.read_on()
    assert told(slow) == [41]


@on_loop
async def test_who_dawdles_over_a_first_snapshot_is_set_aside_at_once():
    night = hub()
    slow = watcher(night, room=5)
    change(night, 41)
    slow.transport.read_on()
    assert [message["kind"] for message in heard(slow)] == ["snapshot", "update"]


@on_loop
async def test_who_catches_up_during_a_delivery_gets_it_once():
    night = hub(slice_size=1)
    crowd = [watcher(night, since=10) for _ in range(3)]
    change(night, 41)
    last = next(one for one in crowd[::-1] if not told(one))
    last.transport.room = 1
    last.data_received(client_frame(Opcode.PING, b"set me aside"))
    change(night, 42)
    last.transport.read_on()
    assert told(last) == [42]
    await turns(9)
    assert told(last) == [42]


@on_loop
async def test_who_is_set_aside_during_a_delivery_does_not_get_it():
    night = hub(slice_size=1)
    crowd = [watcher(night, since=10) for _ in range(3)]
    change(night, 41)
    last = next(one for one in crowd if not told(one))
    last.transport.room = 1
    last.data_received(client_frame(Opcode.PING, b"set me aside"))
    await turns(9)
    assert len(last.transport.writes) == 1
    last.transport.read_on()
    assert told(last) == [41]


@on_loop
async def test_who_is_gone_is_neither_set_aside_nor_taken_back():
    night = hub()
    one = watcher(night, since=10, room=1)
    one.data_received(client_frame(Opcode.PING))
    night.leave(one)
    night.set_aside(one)
    night.take_back(one)
    assert night.watchers() == {"c": 0}


@on_loop
async def test_a_broken_socket_costs_the_others_nothing(caplog: pytest.LogCaptureFixture):
    night = hub()
    crowd = [watcher(night, since=10) for _ in range(3)]
    crowd[1].transport.breaks = RuntimeError("the handle is closed")
    change(night, 41)
    assert [told(one) for one in crowd] == [[41], [], [41]]
    assert crowd[1].transport.ended == "aborted"
    assert "could not be written to" in caplog.text


@on_loop
async def test_another_epoch_begins_with_a_snapshot():
    night = hub()
    change(night, 41)
    quick, slow = watcher(night, since=41), watcher(night, since=41, room=1)
    slow.data_received(client_frame(Opcode.PING, b"set me aside"))
    night.replace(Channel("c", epoch="f", seq=12, fragments={"head": "<h1>restored</h1>"}))
    night.head("night", 12, "f")
    slow.transport.read_on()
    night.update("c", 13, {"head": "<h1>13</h1>"})
    for one in (quick, slow):
        assert [(message["kind"], message["epoch"], message["seq"]) for message in heard(one)] == [
            ("snapshot", "f", 12),
            ("update", "f", 13),
        ]


@on_loop
async def test_another_epoch_may_begin_during_a_delivery():
    night = hub(slice_size=1)
    crowd = [watcher(night, since=10) for _ in range(3)]
    change(night, 41)
    night.replace(Channel("c", epoch="f", seq=12, fragments={"head": "<h1>restored</h1>"}))
    await turns(9)
    assert [told(one) for one in crowd] == [[41, 12]] * 3


@on_loop
async def test_a_channel_that_is_not_open_is_not_replaced():
    with pytest.raises(KeyError):
        hub().replace(Channel("d", epoch="f", seq=12, fragments={}))


@on_loop
async def test_a_channel_that_is_closed_lets_its_watchers_go_and_may_be_opened_again():
    night = hub("c", "d", slice_size=1)
    quick, slow = watcher(night, since=10), watcher(night, since=10, room=1)
    elsewhere = watcher(night, "d", since=10)
    slow.data_received(client_frame(Opcode.PING, b"set me aside"))
    change(night, 41)
    night.close("c")
    await turns(9)
    assert night.watchers() == {"d": 1}
    assert quick.transport.frames()[-1] == (Opcode.CLOSE, (1012).to_bytes(2))
    assert slow.transport.ended == "aborted"
    with pytest.raises(KeyError):
        night.update("c", 42, {"head": "<h1>42</h1>"})
    night.open(Channel("c", epoch="f", seq=50, fragments={"head": "<h1>50</h1>"}), group="night")
    back = watcher(night, since=None)
    assert heard(back)[0]["kind"] == "snapshot"
    change(night, 51, "d")
    await turns(9)
    assert told(elsewhere) == [51]


@on_loop
async def test_a_beat_says_where_each_night_is():
    night = hub()
    night.open(Channel("d", epoch="x", seq=3, fragments={}), group="other")
    night.open(Channel("f", epoch="x", seq=3, fragments={}), group="deserted")
    here, there = watcher(night, since=10), watcher(night, "d", since=3, epoch="x")
    night.head("night", 60, "e")
    night._beat()
    assert heard(here) == [{"seq": 60, "epoch": "e", "kind": "beat"}]
    assert heard(there) == [{"seq": 3, "epoch": "x", "kind": "beat"}]
    assert here.transport.frames()[0] == (Opcode.PING, b"")
    assert len(here.transport.writes) == 1
    assert night.counts.deliveries == 0


@on_loop
async def test_beats_come_by_themselves_until_they_are_stopped():
    night = hub(beat_seconds=0.001)
    one = watcher(night, since=10)
    night.start()
    await until(lambda: len(told(one)) == 3)
    night.stop()
    night.stop()
    assert night._timer is None


@on_loop
async def test_a_beat_waits_until_its_log_has_been_read_again():
    night = hub(beat_seconds=0.001)
    night.open(Channel("d", epoch="x", seq=3, fragments={}), group="other")
    here, there = watcher(night, since=10), watcher(night, "d", since=3, epoch="x")
    asked: list[None] = []
    night.start(lambda: asked.append(None))
    try:
        await until(lambda: len(asked) > 2)
        assert heard(here) == heard(there) == []
        night.affirm("night")
        night.affirm("night")
        assert [message["kind"] for message in heard(here)] == ["beat"], "one, however many were due"
        assert heard(there) == [], "whose log is not known"
        assert here.unanswered == 1
    finally:
        night.stop()


@on_loop
async def test_the_watchers_of_a_log_that_is_lost_are_sent_to_come_back():
    night = hub("c", slice_size=2)
    night.open(Channel("d", epoch="x", seq=3, fragments={}), group="other")
    here, other = [watcher(night, since=10) for _ in range(5)], watcher(night, "d", since=3, epoch="x")
    dawdling = watcher(night, since=10, room=3)
    change(night, 41)
    await turns(4)
    assert dawdling.transport.held
    night.let_go("night")
    await turns(4)
    for one in here:
        assert one.transport.frames()[-1] == (Opcode.CLOSE, int(CloseCode.RESTARTING).to_bytes(2))
    assert dawdling.transport.ended
    assert other.transport.frames() == []
    assert night.watchers() == {"c": 0, "d": 1}
    again = watcher(night, since=10)
    assert told(again) == [41], "whoever comes back is let in"


@on_loop
async def test_a_beat_does_not_overtake_a_change():
    night = hub(slice_size=1)
    crowd = [watcher(night, since=10) for _ in range(3)]
    change(night, 41)
    change(night, 42)
    night._beat()
    await turns(9)
    assert [told(one) for one in crowd] == [[41, 42]] * 3


@on_loop
async def test_a_change_does_not_overtake_a_beat():
    night = hub(slice_size=1)
    crowd = [watcher(night, since=10) for _ in range(3)]
    night._beat()
    change(night, 41)
    night.leave(crowd[0])
    await turns(9)
    assert [told(one) for one in crowd] == [[], [10, 41], [10, 41]]


@on_loop
async def test_who_no_longer_answers_is_cut_off():
    night = hub(beat_seconds=10, silent_seconds=45)
    alive, silent = watcher(night, since=10), watcher(night, since=10)
    for _ in range(5):
        night._beat()
        alive.data_received(client_frame(Opcode.PONG))
    assert silent.transport.ended == ""
    night._beat()
    assert (alive.transport.ended, silent.transport.ended) == ("", "aborted")
    assert night.counts.cut_silent == 1
    await turns()
    assert night.watchers() == {"c": 1}


@on_loop
async def test_who_never_reads_is_cut_off_and_a_slow_line_is_not():
    night = hub(stuck_seconds=0)
    stuck, slow = watcher(night, since=10, room=1), watcher(night, since=10, room=1)
    change(night, 41)
    for _ in range(3):
        slow.transport.take(1)
        night._beat()
    assert (stuck.transport.ended, slow.transport.ended) == ("aborted", "")
    night._beat()
    assert slow.transport.ended == "aborted"
    assert night.counts.cut_stuck == 2
    await turns()
    assert night.watchers() == {"c": 0}


@on_loop
async def test_who_has_not_been_stuck_for_long_stays():
    night = hub(stuck_seconds=3600)
    stuck = watcher(night, since=10, room=1)
    change(night, 41)
    night._beat()
    assert stuck.transport.ended == ""


class Browser:
    """A page, and the connection through which it hears (None while it is cut off)."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.page = Page()
        self.transport: FakeTransport | None = None
        self._read = 0

    def connect(self, hub: Hub, room: int | None) -> None:
        self._read = 0
        self.transport = watcher(hub, self.channel, since=self.page.seq, epoch=self.page.epoch, room=room).transport

    def hear(self) -> None:
        """Take in the frames that are there whole."""
        for frame in server_frames(bytes(self.transport.taken[self._read :])):
            if frame.opcode is Opcode.TEXT:
                self.page.hear(json.loads(frame.payload))
        self._read += max((frame.end for frame in server_frames(bytes(self.transport.taken[self._read :]))), default=0)

    def cut(self, lost: int) -> None:
        """Lose the connection, and the last ``lost`` bytes that were on their way."""
        del self.transport.taken[max(self._read, len(self.transport.taken) - lost) :]
        self.hear()
        self.transport.abort()
        self.transport = None


CHANNELS = st.sampled_from(["overview", "council"])
FRAGMENTS = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from(["<p>0</p>", "<p>1</p>", "<p>2</p>"]))
ROOM = st.none() | st.integers(0, 300)


class HandCrankedLoop:
    """An event loop that turns when told to, by one callback; its timers never go off."""

    def __init__(self) -> None:
        self.ready: deque[Callable[[], object]] = deque()

    def call_soon(self, callback: Callable[..., object], *args: Any) -> None:
        self.ready.append(lambda: callback(*args))

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> None:
        pass

    def time(self) -> float:
        return 0.0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        asyncio._set_running_loop(self)
        try:
            yield
        finally:
            asyncio._set_running_loop(None)


class Night(RuleBasedStateMachine):
    """Entries, beats, slices, slow lines, cuts anywhere, restarts and restored databases, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = HandCrankedLoop()
        self.seq = 0
        self.epoch = 0
        self.browsers: list[Browser] = []
        self.standing: dict[str, dict[str, str]] = {"overview": {}, "council": {"a": "<p>0</p>"}}

    def teardown(self) -> None:
        """In the end everybody is online and reads: every page is then what the server holds."""
        with self.loop.running():
            for one in self.browsers:
                if one.transport is None:
                    one.connect(self.hub, None)
                one.transport.read_on()
            while self.loop.ready:
                self.loop.ready.popleft()()
        self.hear()
        for one in self.browsers:
            assert one.page.fragments == self.standing[one.channel]

    def hear(self) -> None:
        for one in self.browsers:
            if one.transport is not None:
                one.hear()

    def channels(self) -> list[Channel]:
        return [
            Channel(name, epoch=str(self.epoch), seq=self.seq, fragments=fragments)
            for name, fragments in self.standing.items()
        ]

    @initialize(slice_size=st.integers(1, 3), visitors=st.lists(st.tuples(CHANNELS, ROOM), max_size=7))
    def begin(self, slice_size: int, visitors: list[tuple[str, int | None]]) -> None:
        self.slice_size = slice_size
        self.serve()
        for channel, room in visitors:
            self.visit(channel, room)

    def serve(self) -> None:
        self.hub = Hub(slice_size=self.slice_size, silent_seconds=math.inf, stuck_seconds=math.inf)
        for channel in self.channels():
            self.hub.open(channel, group="night")

    @rule(changes=st.lists(st.tuples(CHANNELS, FRAGMENTS), min_size=1, max_size=2, unique_by=lambda it: it[0]))
    def declare(self, changes: list[tuple[str, dict[str, str]]]) -> None:
        self.seq += 1
        with self.loop.running():
            for name, fragments in changes:
                self.standing[name] = self.standing[name] | fragments
                self.hub.update(name, self.seq, fragments)
            self.hub.head("night", self.seq, str(self.epoch))

    @rule(channel=CHANNELS, room=ROOM)
    def visit(self, channel: str, room: int | None) -> None:
        self.browsers.append(Browser(channel))
        with self.loop.running():
            self.browsers[-1].connect(self.hub, room)

    @precondition(lambda self: any(one.transport is None for one in self.browsers))
    @rule(data=st.data(), room=ROOM)
    def come_back(self, data: st.DataObject, room: int | None) -> None:
        one = data.draw(st.sampled_from([one for one in self.browsers if one.transport is None]))
        with self.loop.running():
            one.connect(self.hub, room)

    @precondition(lambda self: any(one.transport for one in self.browsers))
    @rule(data=st.data(), lost=st.integers(0, 400))
    def cut(self, data: st.DataObject, lost: int) -> None:
        one = data.draw(st.sampled_from([one for one in self.browsers if one.transport]))
        with self.loop.running():
            one.cut(lost)

    @precondition(lambda self: any(one.transport for one in self.browsers))
    @rule(data=st.data(), room=ROOM)
    def read(self, data: st.DataObject, room: int | None) -> None:
        """Somebody reads a while, or from now on."""
        one = data.draw(st.sampled_from([one for one in self.browsers if one.transport]))
        with self.loop.running():
            if room is None:
                one.transport.read_on()
            else:
                one.transport.take(room)

    @rule()
    def beat(self) -> None:
        with self.loop.running():
            self.hub._beat()

    @precondition(lambda self: self.loop.ready)
    @rule(count=st.integers(1, 5))
    def turn(self, count: int) -> None:
        with self.loop.running():
            for _ in range(min(count, len(self.loop.ready))):
                self.loop.ready.popleft()()
        self.hear()

    @rule()
    def restart(self) -> None:
        with self.loop.running():
            for one in self.browsers:
                if one.transport:
                    one.cut(0)
        self.serve()

    @rule(back=st.integers(0, 3))
    def restore(self, back: int) -> None:
        """The database goes back in time: another epoch, fewer entries."""
        self.epoch += 1
        self.seq = max(0, self.seq - back)
        self.standing["council"] = {"a": f"<p>restored {self.epoch}</p>"}
        with self.loop.running():
            for channel in self.channels():
                self.hub.replace(channel)
            self.hub.head("night", self.seq, str(self.epoch))


TestNight = Night.TestCase
TestNight.settings = settings(stateful_step_count=50)
