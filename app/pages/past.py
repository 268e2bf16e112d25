"""Pages of the past: what marks them, and links that lead to the same moment.

A page of the past has the very fragments that were shown then. They are rendered as they were; only where the finished
page leads is changed, in one place for all of them. From each a slider leads to other moments.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from typing import Self
from urllib.parse import parse_qsl, urlencode

from app.addresses import MOMENT, OVER_TIME, Shows, parse
from app.domain.election import Convention
from app.domain.night import Night
from app.pages.addresses import chosen


@dataclass(frozen=True, slots=True)
class Moments:
    """Where a page of ``night`` at an entry leads to other moments of it.

    The slider is over all wards that come to a result, and what is before and after is looked up when it is asked
    for: so that a page of the past stays the same whatever is declared afterwards. ``page`` is the address that is
    led to.
    """

    night: Night
    page: str
    over_time: str
    is_of_council: bool

    @classmethod
    def of(cls, night: Night, page: str, convention: Convention) -> Self:
        parsed = parse(page.partition("?")[0])
        over_time = OVER_TIME.to(slug=night.election.slug) + chosen(night.election, convention)
        is_of_council = parsed is not None and bool(parsed.council_id or parsed.ballot_id)
        return cls(night, page, at_moment(over_time, night.seq), is_of_council)

    @property
    def action(self) -> str:
        return MOMENT.to(slug=self.night.election.slug)

    @property
    def declared(self) -> int:
        return self.night.shown_progress.contests_in

    @property
    def total(self) -> int:
        return self.night.shown_progress.contests_due

    def to(self, go: str) -> str:
        """The moment to ``go`` to: ``previous`` or ``next``."""
        return f"{self.action}?{urlencode({'page': self.page, 'at': self.night.seq, 'go': go})}"


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
    moments: Moments


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


def page_without_moment(path: str, query: str) -> str:
    """The address of a page as it stands: of ``query`` with what its row of the table reads, but no moment.

    What somebody looks for, whose answers nobody may keep, goes into no other address.
    """
    parsed = parse(path)
    is_kept = parsed is not None and parsed.address.shows is not Shows.MOMENT
    known = set(parsed.address.query) - {"at", "epoch"} if parsed is not None and is_kept else set()
    asked = urlencode([(name, value) for name, value in parse_qsl(query) if name in known])
    return f"{path}?{asked}" if asked else path
