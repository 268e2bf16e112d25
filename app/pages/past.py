"""Pages of the past: what marks them, and links that lead to the same moment.

A page of the past has the very fragments that were shown then. They are rendered as they were; only where the finished
page leads is changed, in one place for all of them.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import parse_qsl

from app.addresses import parse


@dataclass(frozen=True, slots=True)
class Past:
    """What a page says of itself that shows the night as it stood after entry ``seq``.

    ``now`` is the absolute address of the page as it stands.
    """

    seq: int
    lead: str
    time: str
    mark: str
    now: str


_LINK = re.compile(r' href="(?P<address>[^"]*)"')


def with_moment(html: str, own_path: str, at: int) -> str:
    """``html`` with links that lead to the same moment, wherever there is a past to be led to.

    ``own_path`` is the path of the page itself, to which an address that is a query alone leads. Absolute addresses
    stay as they are.
    """

    def linked(match: re.Match[str]) -> str:
        return f' href="{escape(at_moment(unescape(match["address"]), at, own_path))}"'

    return _LINK.sub(linked, html)


def at_moment(address: str, at: int | None, own_path: str = "") -> str:
    """A path with its query, to what it shows as it stood at entry ``at``.

    It stays as it is for None, where it names a moment itself, and where there is no past of what it shows.
    """
    before, mark, fragment = address.partition("#")
    path, _, query = before.partition("?")
    parsed = parse(path or own_path) if before else None
    if at is None or parsed is None or "at" not in parsed.address.query or "at" in dict(parse_qsl(query)):
        return address
    return f"{path}?{query}{'&' if query else ''}at={at}{mark}{fragment}"
