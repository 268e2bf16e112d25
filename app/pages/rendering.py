"""The one rendering path: how a night becomes fragments, for pages, pushes and widgets alike."""

from collections.abc import Mapping

from jinja2 import Environment

from app.domain.election import Convention
from app.domain.night import Night
from app.pages.contest import contest_fragments
from app.pages.council import council_fragments, council_head_fragments
from app.pages.overview import council_row, night_fragments, overview_fragments


class Renderer:
    """Fragments by the templates of ``environment``; what each method gives is said by ``publication.Rendering``."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def overview(self, night: Night, convention: Convention) -> Mapping[str, str]:
        return overview_fragments(self._environment, night, convention)

    def night(self, night: Night, convention: Convention, since: Night) -> Mapping[str, str]:
        return night_fragments(self._environment, night, convention, since)

    def row(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        return dict([council_row(self._environment, night, council_id, convention)])

    def council(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        return council_fragments(self._environment, night, council_id, convention)

    def council_head(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        return council_head_fragments(self._environment, night, council_id, convention)

    def contest(self, night: Night, ballot_id: str) -> Mapping[str, str]:
        return contest_fragments(self._environment, night, ballot_id)
