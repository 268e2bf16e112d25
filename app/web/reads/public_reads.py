"""Which paths are public reads, and which parameters of a query each of them knows: one table.

Whatever else stands in a query (shared links collect a good deal) says nothing, costs nothing, and is not shown to the
routes. A test holds the table to the routes' own parameters.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

from app.pages.overview.board import BoardQuery

LONGEST_REMEMBERED = 256
"""Characters of a path, and bytes of a query, of which it is remembered for a while what they came to."""

MOST_FIELDS = 100
"""Of a query; what comes after them is not read."""

Names = Mapping[str, str | None]
"""What a path names: an election's ``slug``, a ``council``, a ``ballot``, an ``asset``."""

_SLUG = r"/elections/(?P<slug>[a-z0-9-]+)"
_COUNCIL = r"/councils/(?P<council>[a-z0-9-]+)"
_CONTEST = r"/contests/(?P<ballot>[A-Za-z0-9._-]+)"
_WIDGET = r"/embed/v1/(?P<slug>[a-z0-9-]+)"
_API = "/api/v1"

_BOARD = tuple(field.name for field in fields(BoardQuery))
_TABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_SLUG, ("convention", *_BOARD)),
    (f"{_SLUG}(?:{_COUNCIL}|{_CONTEST})", ("convention",)),
    (f"{_SLUG}/parties\\.css", ("convention",)),
    (f"{_API}{_SLUG}(?:{_COUNCIL})?", ("convention",)),
    (f"{_API}{_SLUG}/declarations", ("convention", "after", "limit")),
    (f"{_API}{_SLUG}/feed\\.atom", ("convention", "council", "flips")),
    (f"{_WIDGET}/council/(?P<council>[a-z0-9-]+)", ("convention", "theme", "live")),
    (f"{_WIDGET}/overview", ("convention", "theme", "live", "region", "councils")),
    (r"/oembed", ("url", "format", "maxwidth", "maxheight")),
    (r"/|/api/v1/elections", ()),
    (r"/(?:static/|(?=embed\.js$))(?P<asset>.+)", ()),
)

_PLAIN = re.compile(rb"[A-Za-z0-9_.~-]*")


@dataclass(frozen=True, slots=True)
class PublicRead:
    """A row of the table."""

    path: re.Pattern[str]
    parameters: frozenset[bytes]

    def named(self, path: str) -> Names:
        """What a path of this row names."""
        found = self.path.fullmatch(path)
        assert found is not None
        return found.groupdict()

    def query(self, asked: bytes) -> bytes:
        """Of a query what is known here, always in the same words: of a name that is given twice the last, by name."""
        remembered = len(asked) <= LONGEST_REMEMBERED
        return _known_again(self.parameters, asked) if remembered else _known(self.parameters, asked)


PUBLIC_READS = tuple(PublicRead(re.compile(path), frozenset(name.encode() for name in names)) for path, names in _TABLE)

# All rows in one, each a group that is numbered as the row is.
_WHICH = re.compile("|".join(f"({re.sub(r'[?]P<[a-z]+>', '?:', path)})" for path, _ in _TABLE))


def public_read(path: str) -> PublicRead | None:
    """The row of ``path``; None where that is no public read."""
    return _row_again(path) if len(path) <= LONGEST_REMEMBERED else _row(path)


def _row(path: str) -> PublicRead | None:
    found = _WHICH.fullmatch(path)
    return None if found is None or found.lastindex is None else PUBLIC_READS[found.lastindex - 1]


_row_again = lru_cache(maxsize=1024)(_row)


def _known(parameters: frozenset[bytes], asked: bytes) -> bytes:
    given: dict[bytes, bytes] = {}
    for part in asked.split(b"&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = part.partition(b"=")
        if b"%" in name or b"+" in name:
            name = _read(name)
        if name in parameters:
            given[name] = value
    return b"&".join(b"%b=%b" % (name, _in_one_way(given[name])) for name in sorted(given)) if given else b""


_known_again = lru_cache(maxsize=1024)(_known)


def _read(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _in_one_way(value: bytes) -> bytes:
    return value if _PLAIN.fullmatch(value) else quote_from_bytes(_read(value), safe="").encode()
