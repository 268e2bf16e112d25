"""Static files under addresses that change with their content, so that browsers may keep them for ever.

The version stands in the path (``/static/v-3f9a1c2b7d40/js/live.js``), not in a query: relative imports between modules
and relative addresses in stylesheets then carry it too.
"""

import hashlib
from functools import cached_property
from pathlib import Path

PREFIX = "/static"

STYLESHEET = "css/declared.css"
"""Every stylesheet in one: made, not a file. Its relative addresses are those of ``css/tokens.css``."""

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


class Assets:
    """The static directory. In development nothing is remembered, and addresses carry no version."""

    def __init__(self, directory: Path, *, dev: bool = False) -> None:
        self.directory = directory
        self.dev = dev

    @cached_property
    def version(self) -> str:
        """A digest of every static file: ``v-`` and twelve hexadecimal digits."""
        digest = hashlib.sha256()
        for path in sorted(path for path in self.directory.rglob("*") if path.is_file()):
            digest.update(path.relative_to(self.directory).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return f"v-{digest.hexdigest()[:12]}"

    def url(self, path: str) -> str:
        """The address of a static file. FileNotFoundError where there is none: a page must not link to nothing."""
        if path != STYLESHEET and not (self.directory / path).is_file():
            raise FileNotFoundError(f"No static file {path}")
        return f"{PREFIX}/{path}" if self.dev else f"{PREFIX}/{self.version}/{path}"

    def stylesheets(self) -> list[str]:
        """The addresses a page links to: one stylesheet, or in development every file of it."""
        return [self.url(path) for path in self.stylesheet_files()] if self.dev else [self.url(STYLESHEET)]

    def stylesheet_files(self) -> list[str]:
        """What the stylesheet consists of, in order: tokens, base, components by name."""
        components = sorted((self.directory / "css" / "components").glob("*.css"))
        return ["css/tokens.css", "css/base.css", *(f"css/components/{path.name}" for path in components)]

    def stylesheet(self) -> str:
        """The content of :data:`STYLESHEET`."""
        return "\n".join((self.directory / path).read_text("utf-8") for path in self.stylesheet_files())

    def cache_control(self, version: str | None) -> str:
        """The header for a file asked for under ``version`` (None: without one)."""
        return IMMUTABLE if version == self.version and not self.dev else REVALIDATE
