"""Static files under addresses that change with their content, so that browsers may keep them for ever.

The version stands in the path (``/static/v-3f9a1c2b7d40/js/live.js``), not in a query: relative imports between modules
and relative addresses in stylesheets then carry it too.
"""

import hashlib
import mimetypes
import re
from functools import cached_property
from pathlib import Path

from app.addresses import FAVICON, IMMUTABLE, REVALIDATE, ROBOTS, STATIC

VERSIONED = re.compile(r"(?P<version>v-[0-9a-f]+)/(?P<path>.+)")
"""What stands behind the prefix where an address carries a version."""

STYLESHEET = "css/declared.css"
"""Every stylesheet of public pages in one: made, not a file. Its relative addresses are those of ``css/fonts.css``."""

DESK_STYLESHEET = "css/desk.css"
"""What the desk's pages need beside it."""

WIDGET_STYLESHEET = "css/widget.css"
"""What a widget needs of them, and what it arranges otherwise."""

ROOMS = ("components", "overview", "council", "contest", "story", "patterns")
"""The folders of public stylesheets, named as those of templates and scripts, in the order in which they are laid."""

WIDGET_PARTS = (
    "components/badge",
    "overview/board",
    "overview/by_elections",
    "council/council",
    "components/hemicycle",
    "components/party",
    "components/pill",
    "overview/progress",
    "components/watermark",
    "overview/scoreboard",
    "components/seatbar",
    "overview/ticker",
    "contest/contest",
    "tiles/tiles",
    "embed/widget",
    "embed/parts",
)

REMARKS = {
    ".css": re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE),
    ".js": re.compile(r"^\s*//.*\n", re.MULTILINE),
}
"""What is there for readers of the sources: comments and indents of stylesheets, of scripts the lines of comment."""

BROADCAST_STYLESHEET = "css/broadcast.css"
"""What a page for broadcast needs of them."""

BROADCAST_PARTS = ("components/badge", "components/party", "broadcast/page")

MADE = (STYLESHEET, DESK_STYLESHEET, WIDGET_STYLESHEET, BROADCAST_STYLESHEET)
"""Those that are no files."""

AT_THE_ROOT = (FAVICON, ROBOTS)
"""Addresses of files that programs ask for where every site has them."""

MEDIA_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".ico": "image/vnd.microsoft.icon",
}


class Assets:
    """The static directory. In development nothing is remembered, and addresses carry no version."""

    def __init__(self, directory: Path, *, dev: bool = False) -> None:
        self.directory = directory
        self.dev = dev

    @cached_property
    def version(self) -> str:
        """A digest of every static file: ``v-`` and twelve hexadecimal digits."""
        digest = hashlib.sha256()
        for name in sorted(self._found()):
            digest.update(name.encode())
            digest.update(hashlib.sha256((self.directory / name).read_bytes()).digest())
        return f"v-{digest.hexdigest()[:12]}"

    def files(self) -> frozenset[str]:
        """The names of all files, relative to the directory."""
        return self._found() if self.dev else self._known

    def content(self, path: str) -> bytes:
        """A file, or one of the stylesheets that are made; FileNotFoundError for any other name, whatever it is.

        Scripts and those stylesheets come without ``REMARKS``, unless in development.
        """
        if path in MADE:
            return REMARKS[".css"].sub("", self.stylesheet(path)).encode()
        if path not in self.files():
            raise FileNotFoundError(f"No static file {path}")
        content = (self.directory / path).read_bytes()
        return content if self.dev or not path.startswith("js/") else REMARKS[".js"].sub("", content.decode()).encode()

    @cached_property
    def _known(self) -> frozenset[str]:
        return self._found()

    def _found(self) -> frozenset[str]:
        files = (path for path in self.directory.rglob("*") if path.is_file())
        return frozenset(path.relative_to(self.directory).as_posix() for path in files)

    def url(self, path: str) -> str:
        """The address of a static file. FileNotFoundError where there is none: a page must not link to nothing."""
        if path not in MADE and path not in self.files():
            raise FileNotFoundError(f"No static file {path}")
        return STATIC.to(asset=path if self.dev else f"{self.version}/{path}")

    def stylesheets(self, bundle: str = STYLESHEET) -> list[str]:
        """The addresses a page links to: one stylesheet, or in development every file of it."""
        return [self.url(path) for path in self.stylesheet_files(bundle)] if self.dev else [self.url(bundle)]

    def stylesheet_files(self, bundle: str = STYLESHEET) -> list[str]:
        """What a stylesheet consists of, in order: tokens, base, then room by room; a widget's own file comes last.

        That of the desk is laid upon the public one, and has its room alone.
        """
        if bundle == WIDGET_STYLESHEET:
            return ["css/tokens.css", "css/base.css", *(f"css/{part}.css" for part in WIDGET_PARTS)]
        shared = ["css/fonts.css", "css/tokens.css", "css/base.css"]
        if bundle == BROADCAST_STYLESHEET:
            return [*shared, *(f"css/{part}.css" for part in BROADCAST_PARTS)]
        rooms = ("desk",) if bundle == DESK_STYLESHEET else ROOMS
        files = (path for room in rooms for path in sorted((self.directory / "css" / room).glob("*.css")))
        names = [path.relative_to(self.directory).as_posix() for path in files]
        return names if bundle == DESK_STYLESHEET else [*shared, *names]

    def stylesheet(self, bundle: str = STYLESHEET) -> str:
        """The content of one of them."""
        return "\n".join((self.directory / path).read_text("utf-8") for path in self.stylesheet_files(bundle))

    def cache_control(self, version: str | None) -> str:
        """The header for a file asked for under ``version`` (None: without one)."""
        return IMMUTABLE if version == self.version and not self.dev else REVALIDATE


def media_type(name: str) -> str:
    """That of a static file, by its suffix: for ours the same on every system."""
    return MEDIA_TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
