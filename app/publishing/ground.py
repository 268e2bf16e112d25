"""What all files of a site are made of, and how a page of the server becomes one: its name, and the links in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from jinja2 import Environment
from starlette.responses import JSONResponse

from app import addresses
from app.addresses import FRESH_ENOUGH
from app.api.values import JsonObject, marked
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.pages.sharing import Place
from app.pages.static_page import prefix_of, with_static_links
from app.projection.publication import Publication
from app.publishing.targets import HTML, JSON, File


@dataclass(frozen=True)
class Ground:
    """A publication, and the site that its files are of: its ``address`` has no slash at the end, and may be empty."""

    publication: Publication
    environment: Environment
    address: str
    rehearsal: bool

    @property
    def night(self) -> Night:
        return self.publication.night

    @property
    def election(self) -> Election:
        return self.publication.election

    @property
    def slug(self) -> str:
        return self.election.slug

    @property
    def at(self) -> datetime | None:
        """The time of the newest entry; None before the first."""
        return self.publication.time_of(self.publication.seq)

    def fragments(self, convention: Convention) -> Mapping[str, str]:
        """Those of the whole night, by their ids."""
        return self.publication.channel(None, convention).fragments

    @property
    def overview(self) -> str:
        return addresses.OVERVIEW.to(slug=self.slug)

    def council(self, council_id: str) -> str:
        return addresses.COUNCIL.to(slug=self.slug, council_id=council_id)

    @cached_property
    def conventions(self) -> tuple[Convention, ...]:
        return tuple(self.election.conventions.values())

    def last(self, council_id: str | None) -> int:
        """The newest entry about a council, or (None) of the night."""
        if council_id is None:
            return self.publication.seq
        last = self.night.councils[council_id].last
        return last.seq if last else 0

    @property
    def here(self) -> Place:
        return Place(self.address, self.publication.epoch, rehearsal=self.rehearsal)

    def name(self, convention: Convention, path: str) -> str:
        """The name of the file for what is at ``path`` under ``convention``."""
        return f"{prefix_of(self.election, convention.key)}{path}"[1:]

    def page(self, path: str, html: str, convention: Convention) -> File:
        """The page at ``path``."""
        content = self.linked(html, path).encode()
        return File(self.name(convention, f"{path}/index.html"), content, HTML, FRESH_ENOUGH)

    def json(self, path: str, view: JsonObject, convention: Convention) -> File:
        """What the API answers at ``path``."""
        content = JSONResponse(marked(view, rehearsal=self.rehearsal)).body
        return File(self.name(convention, f"{path}.json"), bytes(content), JSON, FRESH_ENOUGH)

    def linked(self, html: str, path: str) -> str:
        """``html`` of a page at ``path``, with links between files."""
        return with_static_links(html, self.election, path, site=self.address)
