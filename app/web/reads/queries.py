"""What of a query an answer depends on: what its address has in the table, always in the same words.

Whatever else stands in a query (shared links collect a good deal) says nothing, costs nothing, and is not shown to the
routes.
"""

import re
from functools import lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

from app.addresses import SEVERAL, Address

LONGEST_REMEMBERED = 256
"""Bytes of a query of which it is remembered for a while what it came to."""

MOST_FIELDS = 100
"""Of a query; what comes after them is not read."""

_PLAIN = re.compile(rb"[A-Za-z0-9_.~-]*")

_MOMENT = re.compile(rb"(?:^|&)at=([0-9]{1,16})(?:&|$)")


def what_is_read(address: Address, query: bytes) -> bytes:
    """Of ``query`` what ``address`` reads: by name, and of a name given twice the last, or all (:data:`SEVERAL`)."""
    return _known_again(address, query) if len(query) <= LONGEST_REMEMBERED else _known(address, query)


def _known(address: Address, query: bytes) -> bytes:
    given: dict[bytes, bytes] = {}
    for part in query.split(b"&", MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = part.partition(b"=")
        if b"%" in name or b"+" in name:
            name = _read(name)
        known = name.decode("latin-1")
        if known in address.query:
            given[name] = b"%b,%b" % (given[name], value) if known in SEVERAL and name in given else value
    return b"&".join(b"%b=%b" % (name, _in_one_way(given[name])) for name in sorted(given)) if given else b""


def moment_in(read: bytes) -> int | None:
    """The entry after which something is to be shown, in what is read of a query; None where none is named."""
    found = _MOMENT.search(read) if read else None
    return int(found[1]) if found is not None else None


_known_again = lru_cache(maxsize=1024)(_known)


def _read(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _in_one_way(value: bytes) -> bytes:
    return value if _PLAIN.fullmatch(value) else quote_from_bytes(_read(value), safe="").encode()
