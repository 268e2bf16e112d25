"""The one rendering path: how a night becomes fragments, for pages, pushes and widgets alike."""

from collections.abc import Mapping
from typing import Protocol

from jinja2 import Environment

from app.domain.election import Convention
from app.domain.night import Night
from app.live.lists import Copy
from app.pages.contest.view import contest_fragments
from app.pages.council.view import council_head_fragments
from app.pages.overview.view import council_row, night_fragments


class Rendering(Protocol):
    """How a night becomes fragments: element id -> HTML of that one element, or a list, in the order of the page."""

    def night(self, night: Night, convention: Convention, since: Night | None = None) -> Mapping[str, Copy]:
        """Those of the dashboard that are about the whole night; only what can differ from what it was at ``since``."""

    def row(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        """A council on the dashboard."""

    def council_head(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, Copy]:
        """Those of a council's page that are about the council."""

    def contest(self, night: Night, ballot_id: str) -> Mapping[str, str]:
        """One contest, on its council's page and on its own: the same under every convention."""


class Renderer:
    """Fragments by the templates of ``environment``; what each method gives is said by ``Rendering``."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def night(self, night: Night, convention: Convention, since: Night | None = None) -> Mapping[str, Copy]:
        return night_fragments(self._environment, night, convention, since)

    def row(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        return dict([council_row(self._environment, night, council_id, convention)])

    def council_head(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, Copy]:
        return council_head_fragments(self._environment, night, council_id, convention)

    def contest(self, night: Night, ballot_id: str) -> Mapping[str, str]:
        return contest_fragments(self._environment, night, ballot_id)
