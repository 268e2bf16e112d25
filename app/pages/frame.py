"""What stands around a public page: ``base.html`` takes one :class:`PageFrame`, and asks for nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from app.addresses import ELECTIONS
from app.domain.election import Election
from app.domain.night import Night
from app.pages.embed.embedding import SharePanel
from app.pages.past import Past
from app.pages.sharing import Share
from app.pages.static_page import StaticPage
from app.wording.as_at import as_at
from app.wording.figures import day


@dataclass(frozen=True, slots=True)
class AsAt:
    """The entry of ``election`` up to which a page tells (0: none yet), and when that was announced.

    A page is kept for as long as nothing newer is known, so it is the entry that it is as at, and never the moment at
    which it was asked for. ``seq`` is None for a page of several elections, whose entries have nothing in common.
    """

    election: Election
    at: datetime | None
    seq: int | None = None

    @classmethod
    def of(cls, night: Night, at: datetime | None) -> Self:
        """Of a page about the whole night, whose newest entry was announced ``at``."""
        return cls(night.election, at, night.seq)

    @classmethod
    def of_council(cls, night: Night, council_id: str) -> Self:
        """Of a page about a council, which is another one only once something is told of that."""
        last = night.councils[council_id].last
        return cls(night.election, last.at if last else None, last.seq if last else 0)

    @property
    def told(self) -> str:
        """``As at 06:22 BST, 5 May 2023``: for what is copied from the page, to be read on whatever day."""
        return as_at(self.election, self.at)

    @property
    def days(self) -> tuple[str, ...]:
        """Those of the night, on which a time needs no date."""
        return tuple(day(self.election.polling_date + timedelta(days=after)) for after in (0, 1))


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Head, masthead and foot of a page about ``election`` (None: about none of them, or about all).

    Made by whoever serves or publishes the page, who know where it is; the page fits it to what it shows.
    """

    election: Election | None = None
    live_url: str | None = None
    """Where the page listens; None for one that does not update itself."""
    canonical_url: str = ""
    """The page's own absolute address, without filters; empty where it has none."""
    rehearsal: bool = False
    not_current: str = ""
    """A line that says so, where the newest is not known here."""
    past: Past | None = None
    """Of which moment the page is; None for one that shows what stands."""
    share: Share | None = None
    oembed: str = ""
    """Where oEmbed tells of what ``share`` does; empty in a file, which has no such place."""
    panel: SharePanel | None = None
    static_page: StaticPage | None = None
    theme: str = ""
    """``light`` or ``dark``; empty: as the reader has it."""
    body_class: str = ""
    as_at: AsAt | None = None
    """None for a page that tells of no results, and for a file, which says it beside how often it is looked at."""
    convention: str = ""
    """Which of the election's the reader has chosen; empty for its own."""
    home: str = ELECTIONS.path
    """What the name of the site leads to."""
    has_finder: bool = True
    """Whether there is a server behind the page that can be asked."""
