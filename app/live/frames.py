"""The WebSocket wire (RFC 6455), as far as a server needs it that only speaks: no I/O.

The server's frames are whole and unmasked. Its messages are deflated for those who can inflate (RFC 7692), each by
itself: so one frame does for all of them. Of the client's frames, the control frames are answered and the data is
ignored, and never inflated; ``take`` is strict about all of them, since whoever sends a broken one cannot be understood
any more.
"""

import struct
import zlib
from enum import IntEnum
from typing import NamedTuple

# What a client may say in one frame, in bytes. It has nothing to say, so this is already generous.
MAX_PAYLOAD = 4096
# RFC 6455, 5.5: control frames are short, and never fragmented.
MAX_CONTROL_PAYLOAD = 125
# The marker in the short length: how many bytes of length follow it, and the least they may say.
_LENGTH_FIELDS = {126: (2, 126), 127: (8, 0x1_0000)}
_FIN = 0x80
_DEFLATED = 0x40
_RESERVED = 0x70
_MASKED = 0x80

PLAIN = 0
"""The window of a client that cannot inflate."""
LEVEL = 6
"""Of deflating. Measured: 9 takes a hundredth off a row's bytes, and twice the time for a snapshot."""
SHORT = 128
"""Bytes below which a message is sent as it is."""
# RFC 7692, 7.2.1: what ends a flushed stream is left out.
_TAIL = b"\x00\x00\xff\xff"


class Opcode(IntEnum):
    """The kinds of frame there are."""

    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class CloseCode(IntEnum):
    """The reasons this server closes a socket for. Clients come back after 1012 and stay away after 1008."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    INVALID_DATA = 1007
    POLICY = 1008
    TOO_BIG = 1009
    RESTARTING = 1012


class BadFrame(Exception):
    """The client broke the protocol: the socket closes with ``code`` and ``reason``."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        """Keep both for the closing frame."""
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Frame(NamedTuple):
    """One frame from a client, unmasked, and the offset at which the next one begins."""

    opcode: Opcode
    fin: bool
    payload: bytes
    end: int


class TextFrames(dict[int, bytes]):
    """A message as text frames, by the window of those who get it: each is made once, when it is first asked for."""

    def __init__(self, payload: bytes) -> None:
        """``payload`` is UTF-8."""
        super().__init__()
        self._payload = payload

    def __missing__(self, window: int) -> bytes:
        self[window] = frame = deflated(self._payload, window) if window else text(self._payload)
        return frame

    def to(self, window: int, position: object) -> bytes:  # noqa: ARG002  # the same wherever somebody stands
        """What is written to who inflates with ``window``."""
        return self[window]


def encode(opcode: Opcode, payload: bytes, bits: int = _FIN) -> bytes:
    """One whole frame as servers send them: final, unmasked, with the shortest length field that holds it."""
    size = len(payload)
    if size <= MAX_CONTROL_PAYLOAD:
        return bytes((bits | opcode, size)) + payload
    if size <= 0xFFFF:
        return struct.pack("!BBH", bits | opcode, 126, size) + payload
    return struct.pack("!BBQ", bits | opcode, 127, size) + payload


def text(payload: bytes) -> bytes:
    """A text frame; ``payload`` is UTF-8."""
    return encode(Opcode.TEXT, payload)


def deflated(payload: bytes, window: int) -> bytes:
    """A text frame for a client that inflates with 2 ** ``window`` bytes before it: deflated where it is not short."""
    if len(payload) < SHORT:
        return text(payload)
    stream = zlib.compressobj(LEVEL, wbits=-window)
    packed = stream.compress(payload) + stream.flush(zlib.Z_SYNC_FLUSH)
    return encode(Opcode.TEXT, packed.removesuffix(_TAIL), _FIN | _DEFLATED)


PING = encode(Opcode.PING, b"")


def close(code: CloseCode, reason: str = "") -> bytes:
    """A close frame. ``reason`` is at most 123 bytes of UTF-8."""
    return encode(Opcode.CLOSE, struct.pack("!H", code) + reason.encode())


def take(data: bytes, at: int = 0, *, may_deflate: bool = False) -> Frame | None:
    """Read the client's frame that begins at offset ``at``, or None while it is not all there.

    Where it ``may_deflate`` its messages their payload is left as it is.

    What the first bytes already show to be wrong is refused without waiting for the rest: nobody makes the server
    hold a frame that it will not accept. Raises ``BadFrame``.
    """
    available = len(data) - at
    if available < 2:
        return None
    opcode = _opcode(data[at], may_deflate=may_deflate)
    fin = bool(data[at] & _FIN)
    size = data[at + 1] & ~_MASKED
    if not data[at + 1] & _MASKED:
        raise BadFrame(CloseCode.PROTOCOL_ERROR, "client frames are masked")
    if opcode >= Opcode.CLOSE and (not fin or size > MAX_CONTROL_PAYLOAD):
        raise BadFrame(CloseCode.PROTOCOL_ERROR, "control frames are short and whole")
    field, least = _LENGTH_FIELDS.get(size, (0, 0))
    mask = at + 2 + field
    if len(data) < mask:
        return None
    if field:
        size = int.from_bytes(data[at + 2 : mask])
    if size < least:
        raise BadFrame(CloseCode.PROTOCOL_ERROR, "a length is written as short as it can be")
    if size > MAX_PAYLOAD:
        raise BadFrame(CloseCode.TOO_BIG, f"more than {MAX_PAYLOAD} bytes")
    begin = mask + 4
    end = begin + size
    if len(data) < end:
        return None
    payload = _unmask(data[begin:end], data[mask:begin])
    if opcode is Opcode.CLOSE:
        _check_close(payload)
    return Frame(opcode, fin, payload, end)


def _opcode(first: int, *, may_deflate: bool) -> Opcode:
    """The opcode in a frame's first byte. Raises ``BadFrame`` for reserved kinds and bits."""
    try:
        opcode = Opcode(first & 0x0F)
    except ValueError:
        raise BadFrame(CloseCode.PROTOCOL_ERROR, "unknown opcode") from None
    # RFC 7692, 6: of a message that is deflated the first frame says so.
    may_be_set = _DEFLATED if may_deflate and opcode in (Opcode.TEXT, Opcode.BINARY) else 0
    if first & _RESERVED & ~may_be_set:
        raise BadFrame(CloseCode.PROTOCOL_ERROR, "reserved bits are zero")
    return opcode


def _unmask(payload: bytes, mask: bytes) -> bytes:
    """``payload`` with the client's four-byte ``mask`` taken off, as one integer operation."""
    key = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(len(payload))


def _check_close(payload: bytes) -> None:
    """Raise ``BadFrame`` unless ``payload`` is empty, or a code that may be sent (RFC 6455, 7.4) and UTF-8."""
    if not payload:
        return
    code = int.from_bytes(payload[:2])
    # 1004 to 1006 and 1015 are never on the wire; 1016 to 2999 belong to RFCs to come.
    if len(payload) < 2 or not (code in range(1000, 1004) or code in range(1007, 1015) or code in range(3000, 5000)):
        raise BadFrame(CloseCode.PROTOCOL_ERROR, "not a close code")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise BadFrame(CloseCode.INVALID_DATA, "the reason is not UTF-8") from None
