"""Pages as files: what one of them needs to keep itself current without a server, and addresses without a query."""

import re
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from app.addresses import FEED
from app.domain.election import Election


@dataclass(frozen=True, slots=True)
class StaticPage:
    """A page that is a file. It looks at the note now and then, and takes its ``fragments`` from its newer self.

    ``seq`` is the entry that the page stands at: of its council, of which there is a note as well, or of the night. In
    the folder ``changes_url`` are the changes since an entry, where the page need not be fetched for them.
    """

    as_at: str
    note_url: str
    epoch: str
    seq: int
    fragments: tuple[str, ...]
    council_note_url: str = ""
    changes_url: str = ""


def prefix_of(election: Election, convention: str) -> str:
    """Where the files of a convention are: below ``/c/KEY``, but for the default one, which has no prefix."""
    return "" if convention == election.convention else f"/c/{convention}"


def feed_path(election: Election, kind: str | None = None) -> str:
    """Where the feed is, or that of a kind, for which a server is asked by ``?kind=``."""
    path = FEED.to(slug=election.slug)
    return path.replace(".atom", f"-{kind}.atom") if kind is not None else path


def with_static_links(html: str, election: Election, own_path: str, *, site: str = "") -> str:
    """``html`` with links that name a convention, or a feed's kind, in their path: a file knows nothing of a query.

    ``own_path`` is the page’s own address without its prefix, ``site`` the beginning of every absolute address of the
    site, which are changed wherever they stand; what else is in a query stays for scripts to read.
    """

    def linked(match: re.Match[str]) -> str:
        parts = urlsplit(unescape(match["address"]))
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == feed_path(election) and asked.keys() == {"kind"}:
            return f"{match['before']}{feed_path(election, asked['kind'])}"
        if parts.netloc or asked.get("convention") not in election.conventions:
            return match[0]
        path = f"{prefix_of(election, asked.pop('convention'))}{parts.path or own_path}"
        rest = f"?{urlencode(asked)}" if asked else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"{match['before']}{escape(path + rest + fragment)}"

    return _addresses(site).sub(linked, html)


@cache
def _addresses(site: str) -> re.Pattern[str]:
    """What stands in links, and below ``site`` anywhere: in ``og:image`` too, and in print."""
    ours = rf"{re.escape(escape(site))}(?=/)" if site else ""
    before = rf'\bhref="(?:{ours})?|{ours}' if site else r'\bhref="'
    return re.compile(rf'(?P<before>{before})(?P<address>[^"<\s]*\?[^"<\s]*)')
