"""A watcher: what clients say to it, and how it ends."""

import pytest

from app.live.channels import Channel
from app.live.frames import CloseCode, Opcode
from app.live.hub import Hub
from app.live.watcher import Reading, Watcher
from tests.live.fakes import FakeTransport, client_frame, on_loop, until, watcher

PONG = client_frame(Opcode.PONG)


def hub(**settings: float) -> Hub:
    """A hub with one channel, ``c``, at entry 10."""
    made = Hub(**settings)
    made.open(Channel("c", epoch="e", seq=10, fragments={"head": "<h1>0</h1>"}), group="night")
    return made


def listening(of: Hub | None = None, **transport: int | bool) -> Watcher:
    """A watcher that has nothing to catch up with."""
    return watcher(of or hub(), since=10, **transport)


def said(one: Watcher) -> list[tuple[Opcode, bytes]]:
    assert isinstance(one.transport, FakeTransport)
    return one.transport.frames()


def closed_with(one: Watcher) -> int:
    """The code of the close frame that was the last thing said."""
    opcode, payload = said(one)[-1]
    assert opcode is Opcode.CLOSE
    return int.from_bytes(payload[:2])


@on_loop
async def test_a_ping_is_answered_with_what_it_carried():
    one = listening()
    one.data_received(client_frame(Opcode.PING, b"tick"))
    assert said(one) == [(Opcode.PONG, b"tick")]


@on_loop
async def test_whatever_a_client_sends_shows_that_it_lives():
    one = listening()
    one.pinged()
    one.pinged()
    assert one.unanswered == 2
    one.data_received(PONG)
    assert one.unanswered == 0


@on_loop
async def test_data_is_ignored():
    one = listening()
    one.data_received(client_frame(Opcode.TEXT, b"\xff not even text"))
    one.data_received(client_frame(Opcode.BINARY, b"x" * 4096))
    one.data_received(client_frame(Opcode.TEXT, b"in ", fin=False) + client_frame(Opcode.PING))
    one.data_received(client_frame(0, b"three ", fin=False) + client_frame(0, b"parts"))
    assert said(one) == [(Opcode.PONG, b"")]
    assert one.reading is Reading.NOW


@on_loop
async def test_frames_may_come_byte_by_byte():
    one = listening()
    for byte in client_frame(Opcode.PING, b"a") + client_frame(Opcode.PING, b"b"):
        one.data_received(bytes((byte,)))
    assert said(one) == [(Opcode.PONG, b"a"), (Opcode.PONG, b"b")]


@pytest.mark.parametrize("payload", [b"", b"\x03\xe8", b"\x0f\xa0bye"])
@on_loop
async def test_a_close_is_answered_with_its_code(payload: bytes):
    one = listening()
    one.data_received(client_frame(Opcode.CLOSE, payload) + client_frame(Opcode.PING))
    assert said(one) == [(Opcode.CLOSE, payload[:2])]
    assert one.transport.ended == "closed"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(client_frame(0, b"x"), id="a continuation of nothing"),
        pytest.param(client_frame(1, b"x", fin=False) + client_frame(1, b"x"), id="a message within another"),
        pytest.param(b"\x81\x01x", id="no mask"),
    ],
)
@on_loop
async def test_who_breaks_the_protocol_is_told_so(data: bytes):
    one = listening()
    one.data_received(data)
    assert closed_with(one) == CloseCode.PROTOCOL_ERROR
    assert one.transport.eof


@on_loop
async def test_a_big_frame_closes():
    one = listening()
    one.data_received(client_frame(Opcode.TEXT, b"x" * 4097))
    assert closed_with(one) == CloseCode.TOO_BIG


@pytest.mark.parametrize("frame", [client_frame(Opcode.TEXT), PONG, client_frame(Opcode.BINARY, b"x" * 4096)])
@on_loop
async def test_too_much_of_anything_closes(frame: bytes):
    one = listening()
    one.data_received(frame * 15)
    assert one.reading is Reading.NOW
    one.data_received(frame * 1000)
    assert closed_with(one) == CloseCode.POLICY
    assert len(said(one)) == 1


@on_loop
async def test_little_and_often_may_go_on_all_night():
    one = listening()
    for _ in range(100):
        one.data_received(PONG * 900)
        one.pinged()
    assert one.reading is Reading.NOW


@on_loop
async def test_nothing_is_read_after_a_goodbye():
    one = listening()
    one.close(CloseCode.RESTARTING)
    one.data_received(client_frame(Opcode.PING) + b"\xff\xff")
    one.close(CloseCode.RESTARTING)
    assert said(one) == [(Opcode.CLOSE, b"\x03\xf4")]


@on_loop
async def test_who_does_not_hang_up_is_cut_off():
    one = listening(hub(goodbye_seconds=0))
    one.close(CloseCode.RESTARTING)
    assert one.transport.ended == ""
    await until(lambda: one.transport.ended)
    assert one.transport.ended == "aborted"


@on_loop
async def test_a_connection_over_tls_closes_both_its_halves_at_once():
    one = listening(tls=True)
    one.close(CloseCode.RESTARTING)
    assert closed_with(one) == CloseCode.RESTARTING
    assert one.transport.ended == "closed"


@on_loop
async def test_a_client_may_be_quicker_to_hang_up():
    one = listening()

    def not_connected() -> None:
        raise OSError(107, "Transport endpoint is not connected")

    one.transport.write_eof = not_connected
    one.close(CloseCode.RESTARTING)
    assert closed_with(one) == CloseCode.RESTARTING


@on_loop
async def test_who_does_not_read_gets_no_answers():
    one = listening(room=1)
    one.data_received(client_frame(Opcode.PING, b"a"))
    assert one.reading is Reading.SLOWLY
    one.data_received(client_frame(Opcode.PING, b"b"))
    one.transport.read_on()
    assert said(one) == [(Opcode.PONG, b"a")]
    assert one.reading is Reading.NOW


@pytest.mark.parametrize("data", [client_frame(Opcode.CLOSE), b"\xff\xff"])
@on_loop
async def test_who_does_not_read_gets_no_goodbye(data: bytes):
    one = listening(room=1)
    one.data_received(client_frame(Opcode.PING, b"a"))
    one.data_received(data)
    assert one.transport.ended == "aborted"


@on_loop
async def test_a_goodbye_that_is_not_read_sets_nobody_aside():
    watched = hub()
    one = listening(watched, room=1)
    one.close(CloseCode.RESTARTING)
    assert watched.counts.set_aside == 0
    one.transport.read_on()
    assert closed_with(one) == CloseCode.RESTARTING


@on_loop
async def test_a_lost_connection_leaves_the_hub():
    watched = hub()
    one = listening(watched)
    one.connection_lost(None)
    assert watched.watchers() == {"c": 0}
    one.connection_lost(None)
