"""What stands around a public page: ``base.html`` takes one :class:`PageFrame`, and asks for nothing else."""

from dataclasses import dataclass

from app.domain.election import Election
from app.pages.embed.embedding import SharePanel
from app.pages.past import Past
from app.pages.sharing import Share
from app.pages.static_page import StaticPage


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
    convention: str = ""
    """Which of the election's the reader has chosen; empty for its own."""
    has_finder: bool = True
    """Whether there is a server behind the page that can be asked."""
