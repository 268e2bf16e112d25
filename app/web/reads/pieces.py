"""Long texts that change a little at a time: kept compressed, a piece for every council, joined when asked for.

Compressed data of one piece after those of another is compressed data of both (RFC 1951): each begins afresh, and ends
on a byte. So a declaration has only its own council's piece made again, whoever takes the text compressed gets the
pieces as they are kept, and memory holds a tenth of it.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from app.domain.council import CouncilState
from app.domain.night import Night
from app.process.turns import Steps

T = TypeVar("T")

LEVEL = 6

_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""The head of a gzip file without a name or a time (RFC 1952)."""

_LAST_BLOCK = b"\x03\x00"
"""An empty block that says it is the last one (RFC 1951)."""

_POLYNOMIAL = 0xEDB88320
"""Of the checksum of gzip, the bits in reverse."""

_ONE = 1 << 31


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: ``deflated``, its ``size`` as it is in bytes, and the checksum (CRC-32) of these."""

    deflated: bytes
    size: int
    checksum: int
    shift: int
    """By which the checksum of whatever comes before is multiplied."""

    def inflated(self) -> bytes:
        return zlib.decompress(self.deflated + _LAST_BLOCK, -zlib.MAX_WBITS)


def deflated(texts: Iterable[str]) -> Steps[Piece]:
    """``texts`` as one piece. May be interrupted between them."""
    compressing = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    made: list[bytes] = []
    size = checksum = 0
    for text in texts:
        content = text.encode()
        made.append(compressing.compress(content))
        size, checksum = size + len(content), zlib.crc32(content, checksum)
        yield
    made.append(compressing.flush(zlib.Z_FULL_FLUSH))
    return Piece(b"".join(made), size, checksum, _shift(size))


@dataclass(frozen=True)
class Whole:
    """All pieces of a text, in their order."""

    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Bytes of the text."""
        return sum(piece.size for piece in self.pieces)

    @cached_property
    def gzipped(self) -> bytes:
        """The text as one gzip file."""
        checksum = 0
        for piece in self.pieces:
            checksum = _times(piece.shift, checksum) ^ piece.checksum
        end = struct.pack("<LL", checksum, self.size & 0xFFFFFFFF)
        return b"".join((_GZIP, *(piece.deflated for piece in self.pieces), _LAST_BLOCK, end))


class PerCouncil(Generic[T]):
    """Something for every council, made again only when its state is another."""

    def __init__(self, make: Callable[[CouncilState], Steps[T]]) -> None:
        self._make = make
        self._made: dict[str, tuple[CouncilState, T]] = {}

    def of(self, night: Night) -> Steps[list[T]]:
        """For every council of ``night``, in its order."""
        found = []
        for council_id, state in night.councils.items():
            made = self._made.get(council_id)
            if made is None or made[0] is not state:
                made = self._made[council_id] = (state, (yield from self._make(state)))
                yield
            found.append(made[1])
        return found


def _times(one: int, other: int) -> int:
    """The product of two polynomials over GF(2), modulo that of the checksum; the highest power is the lowest bit."""
    product = 0
    for bit in _bits(one):
        if bit:
            product ^= other
        other = (other >> 1) ^ (_POLYNOMIAL if other & 1 else 0)
    return product


def _bits(number: int) -> Iterator[int]:
    while number:
        yield number & _ONE
        number = (number << 1) & 0xFFFFFFFF


def _shift(size: int) -> int:
    """What ``size`` more bytes multiply a checksum by: x to the power of 8 ``size``."""
    shift, power = _ONE, _ONE >> 8
    while size:
        if size & 1:
            shift = _times(shift, power)
        power = _times(power, power)
        size >>= 1
    return shift
