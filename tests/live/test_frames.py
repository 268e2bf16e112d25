"""The wire, against the websockets library and against what hostile clients send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets import frames as reference
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.streams import StreamReader

from app.live import frames
from app.live.frames import BadFrame, CloseCode, Frame, Opcode
from tests.counts import count
from tests.live.fakes import client_frame


def read_by_reference(data: bytes, *extensions: PerMessageDeflate) -> reference.Frame:
    """The server's frame in ``data``, as the websockets library reads it."""
    reader = StreamReader()
    reader.feed_data(data)
    parser = reference.Frame.parse(reader.read_exact, mask=False, extensions=extensions)
    with pytest.raises(StopIteration) as end:
        next(parser)
    assert not reader.buffer
    return end.value.value


def refused(data: bytes) -> CloseCode:
    """The code that ``data`` closes the socket with."""
    with pytest.raises(BadFrame) as error:
        frames.take(data)
    assert str(error.value) == error.value.reason
    return error.value.code


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 100_000])
def test_a_text_of_any_size_is_one_whole_frame(size: int):
    payload = b"x" * size
    frame = read_by_reference(frames.text(payload))
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (reference.Opcode.TEXT, True, payload)


@pytest.mark.parametrize("window", [9, 12, 15])
@given(payload=st.text(max_size=4 * frames.SHORT).map(lambda text: (3 * text).encode()))
def test_a_deflated_text_is_inflated_by_whoever_agreed_to_that_window(window: int, payload: bytes):
    client = PerMessageDeflate(
        remote_no_context_takeover=True,
        local_no_context_takeover=True,
        remote_max_window_bits=window,
        local_max_window_bits=15,
    )
    for _ in range(2):  # nothing is remembered from one to the next
        frame = read_by_reference(frames.deflated(payload, window), client)
        assert (frame.opcode, bytes(frame.data)) == (reference.Opcode.TEXT, payload)


def test_what_is_short_is_sent_as_it_is():
    assert frames.deflated(b"x" * (frames.SHORT - 1), 15) == frames.text(b"x" * (frames.SHORT - 1))
    assert len(frames.deflated(b"x" * frames.SHORT, 15)) < frames.SHORT


def test_a_message_is_framed_once_for_each_window():
    text = frames.TextFrames(b"x" * 200)
    assert text[frames.PLAIN] is text[frames.PLAIN]
    assert text[frames.PLAIN] == frames.text(b"x" * 200)
    assert text[15] is text[15]
    assert text[15] == frames.deflated(b"x" * 200, 15)


def test_a_close_carries_its_code_and_reason():
    frame = read_by_reference(frames.close(CloseCode.TOO_BIG, "zu groß"))
    assert reference.Close.parse(bytes(frame.data)) == reference.Close(1009, "zu groß")


@given(
    opcode=st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.CONTINUATION]),
    fin=st.booleans(),
    payload=st.binary(max_size=frames.MAX_PAYLOAD),
    before=st.binary(max_size=3),
    after=st.binary(max_size=3),
)
def test_a_clients_data_is_read_as_it_was_written(
    opcode: Opcode, fin: bool, payload: bytes, before: bytes, after: bytes
):
    written = reference.Frame(reference.Opcode(opcode), payload, fin).serialize(mask=True)
    frame = frames.take(before + written + after, len(before))
    assert frame == Frame(opcode, fin, payload, len(before) + len(written))


@given(opcode=st.sampled_from([Opcode.PING, Opcode.PONG]), payload=st.binary(max_size=125))
def test_a_clients_control_frame_is_read_as_it_was_written(opcode: Opcode, payload: bytes):
    written = reference.Frame(reference.Opcode(opcode), payload).serialize(mask=True)
    assert frames.take(written) == Frame(opcode, True, payload, len(written))


@given(payload=st.binary(max_size=300), data=st.data())
def test_a_part_of_a_frame_is_awaited(payload: bytes, data: st.DataObject):
    written = client_frame(Opcode.TEXT, payload)
    assert frames.take(written[: data.draw(st.integers(0, len(written) - 1))]) is None


@pytest.mark.parametrize("data", [b"", b"\x81", b"\x81\xfe", b"\x81\xfe\x01", b"\x81\xff" + bytes(7)])
def test_a_part_of_a_head_is_awaited(data: bytes):
    assert frames.take(data) is None


@given(st.binary(max_size=200))
@pytest.mark.promise(
    "Whatever bytes come over a socket are read, awaited or refused",
    wanted="0 other errors",
    tried=f"{count('DECLARED_TORTURE_EXAMPLES'):,} sequences of bytes: 0 other errors",
)
def test_whatever_comes_is_read_awaited_or_refused(data: bytes):
    try:
        frame = frames.take(data)
    except BadFrame:
        return
    assert frame is None or 6 <= frame.end <= len(data)


@pytest.mark.promise(
    "Whatever bytes come over a socket are read, awaited or refused",
    wanted="0 other errors",
    tried=f"{count('DECLARED_TORTURE_EXAMPLES'):,} frames with a byte changed: 0 other errors",
)
@given(
    opcode=st.sampled_from(list(Opcode)),
    payload=st.binary(max_size=frames.MAX_PAYLOAD),
    at=st.integers(0, 15),
    byte=st.integers(0, 255),
)
def test_a_frame_with_a_byte_changed_is_read_awaited_or_refused(opcode: Opcode, payload: bytes, at: int, byte: int):
    written = bytearray(client_frame(opcode, payload))
    written[min(at, len(written) - 1)] = byte
    try:
        frame = frames.take(bytes(written))
    except BadFrame:
        return
    assert frame is None or 6 <= frame.end <= len(written)


def test_where_that_was_agreed_a_client_may_deflate_what_it_says():
    written = client_frame(Opcode.TEXT, b"bomb", deflated=True)
    assert frames.take(written, may_deflate=True) == Frame(Opcode.TEXT, True, b"bomb", len(written))


@pytest.mark.parametrize("first", [0xA1, 0xD1, 0xC0, 0xC9, 0xE2])
def test_only_what_was_agreed_may_be_said_with_reserved_bits(first: int):
    with pytest.raises(BadFrame):
        frames.take(bytes((first, 0x80)), may_deflate=True)


@pytest.mark.parametrize("first", [0xC1, 0xA1, 0x91, 0xF1])
def test_reserved_bits_are_refused(first: int):
    assert refused(bytes((first, 0x80))) is CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF])
def test_unknown_opcodes_are_refused(opcode: int):
    assert refused(client_frame(opcode)) is CloseCode.PROTOCOL_ERROR


def test_an_unmasked_frame_is_refused():
    assert refused(b"\x81\x00") is CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [Opcode.CLOSE, Opcode.PING, Opcode.PONG])
def test_a_fragmented_control_frame_is_refused(opcode: Opcode):
    assert refused(client_frame(opcode, fin=False)) is CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("opcode", [Opcode.CLOSE, Opcode.PING, Opcode.PONG])
def test_a_long_control_frame_is_refused(opcode: Opcode):
    assert refused(client_frame(opcode, b"x" * 126)) is CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize(
    "length",
    [
        pytest.param(b"\xfe\x10\x01", id="one more than allowed"),
        pytest.param(b"\xff\x00\x00\x00\x00\x00\x01\x00\x00", id="64 KiB"),
        pytest.param(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff", id="all there is"),
    ],
)
def test_a_big_frame_is_refused_before_it_is_there(length: bytes):
    assert refused(b"\x82" + length) is CloseCode.TOO_BIG


@pytest.mark.parametrize("length", [b"\xfe\x00\x7d", b"\xff" + (65535).to_bytes(8)])
def test_a_length_with_room_to_spare_is_refused(length: bytes):
    assert refused(b"\x82" + length) is CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999])
def test_a_close_with_a_code_is_read(code: int):
    payload = code.to_bytes(2) + "até".encode()
    assert frames.take(client_frame(Opcode.CLOSE, payload)).payload == payload


def test_a_close_may_be_empty():
    assert frames.take(client_frame(Opcode.CLOSE)).payload == b""


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535])
def test_a_close_with_a_code_that_is_never_sent_is_refused(code: int):
    assert refused(client_frame(Opcode.CLOSE, code.to_bytes(2))) is CloseCode.PROTOCOL_ERROR


def test_a_close_with_half_a_code_is_refused():
    assert refused(client_frame(Opcode.CLOSE, b"\x03")) is CloseCode.PROTOCOL_ERROR


def test_a_close_whose_reason_is_not_text_is_refused():
    assert refused(client_frame(Opcode.CLOSE, b"\x03\xe8\xff")) is CloseCode.INVALID_DATA
