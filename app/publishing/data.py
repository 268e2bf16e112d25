"""Exports and feeds of a site: what programs read. Those of a country are large, so they come after the pages."""

from collections.abc import Iterator

from app import addresses
from app.addresses import FRESH_ENOUGH
from app.api.citing import Cited
from app.api.values import entry_view
from app.bundles.data_package import data_package
from app.bundles.exporting import Export
from app.bundles.forms import FORMS, JSON, ExportOf
from app.domain.alerts import AlertKind
from app.domain.council import CouncilState
from app.domain.election import Convention
from app.feeds.atom import atom
from app.feeds.entries import feed_entries
from app.pages.static_page import feed_path
from app.process.strict_json import compact_json
from app.process.turns import at_once
from app.publishing.ground import Ground
from app.publishing.targets import File
from app.wording.alerts import FEED_HEADINGS


class Texts:
    """The councils' texts in exports, as long as their states are the same: most of a country is, after an entry."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], tuple[CouncilState, str]] = {}

    def whole(self, name: str, export: Export, ground: Ground) -> bytes:
        """The file of ``export``, which ``name`` tells from others; it is of one catalogue."""
        texts = [self._of(name, export, state) for state in ground.night.councils.values()]
        return "".join((export.beginning, *export.opening(), *texts, export.end)).encode()

    def _of(self, name: str, export: Export, state: CouncilState) -> str:
        known = self._texts.get((name, state.council_id))
        if known is None or known[0] is not state:
            known = self._texts[name, state.council_id] = state, "".join(export.council(state))
        return known[1]


def data_files(ground: Ground, texts: Texts, name: str) -> Iterator[File]:
    """The files of the part called ``name``."""
    match name.split("/"):
        case ["feeds"]:
            yield from (feed(ground, kind) for kind in FEED_HEADINGS if kind is not None)
        case ["log"]:
            lines = [entry_view(line.body, line.entry, line.flash) for line in ground.publication.log]
            view = {"declarations": lines, "next": None}
            default = ground.election.chosen_convention(None)
            yield ground.json(addresses.API_LOG.to(slug=ground.slug), view, default)
        case ["package"]:
            yield _package(ground)
        case [form, *convention]:
            yield _exported(ground, texts, form, ground.election.chosen_convention(next(iter(convention), None)))


def feed(ground: Ground, kind: AlertKind | None) -> File:
    """The newest entries, all or of a kind."""
    asked = f"?kind={kind}" if kind is not None else ""
    path = feed_path(ground.election, kind)
    xml = atom(
        ground.election,
        ground.publication.epoch,
        feed_entries(ground.publication, kind=kind),
        base=ground.address,
        place=f"{ground.slug}/feed.atom{asked}",
        heading=FEED_HEADINGS[kind],
        rehearsal=ground.rehearsal,
        own=f"{ground.slug}/{path.rpartition('/')[2]}",
    )
    return File(path[1:], at_once(xml), "application/atom+xml", FRESH_ENOUGH)


def _exported(ground: Ground, texts: Texts, name: str, convention: Convention) -> File:
    form = FORMS[name]
    content = texts.whole(f"{name}/{convention.key}", form.make(_export_of(ground, convention)), ground)
    path = ground.name(convention, addresses.FILES[name].to(slug=ground.slug))
    return File(path, content, form.media_type, FRESH_ENOUGH)


def _package(ground: Ground) -> File:
    path = addresses.API_DATA_PACKAGE.to(slug=ground.slug)
    where = Cited(f"{ground.address}{path}", f"{ground.address}{ground.overview}") if ground.address else Cited()
    package = data_package(_export_of(ground, ground.election.chosen_convention(None)), where=where)
    return File(path[1:], compact_json(package).encode(), JSON, FRESH_ENOUGH)


def _export_of(ground: Ground, convention: Convention) -> ExportOf:
    publication, seq = ground.publication, ground.publication.seq
    moment = (seq, publication.time_of(seq))
    return ExportOf(ground.night, publication.epoch, convention, moment, rehearsal=ground.rehearsal)
