"""What is published of an election, file by file: what the server shows at the same addresses, without the server.

The page at ``/elections/SLUG`` is ``elections/SLUG/index.html``; JSON at ``/api/v1/elections/SLUG`` is
``api/v1/elections/SLUG.json``; what a query asks for has a path of its own (``app.pages.static_page``).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment
from starlette.responses import JSONResponse

from app import addresses
from app.addresses import FRESH_ENOUGH
from app.api.citing import Cited
from app.api.flips import flips_view
from app.api.receipts import council_why_view
from app.api.series import USUAL_POINTS, series_view
from app.api.story import Linked, council_story_view, night_story_view
from app.api.to_watch import to_watch_view
from app.api.values import JsonObject, council_detail_view, election_view, entry_view, marked
from app.bundles.data_package import data_package
from app.bundles.forms import CSV, FORMS, JSON, ExportOf
from app.bundles.series_export import series_csv
from app.domain.election import Convention
from app.domain.series import evenly, point_at, points
from app.feeds.atom import atom
from app.feeds.entries import feed_entries
from app.live.channels import Channel
from app.pages.addresses import over_time_url, why_url
from app.pages.assets import MADE, media_type
from app.pages.cards.view import Card, CardLook, CardSize, council_card, night_card
from app.pages.colours import party_stylesheet
from app.pages.contest.view import contest_page, detail_id, result_id
from app.pages.council.view import council_page
from app.pages.elections.view import error_page
from app.pages.embed.widget import Choice, WidgetFrame, council_widget, overview_widget
from app.pages.environment import assets_of
from app.pages.flips.view import FLIPS_FRAGMENTS, flips_page
from app.pages.frame import PageFrame
from app.pages.over_time.view import OVER_TIME_FRAGMENTS, over_time_page
from app.pages.overview.view import overview_page
from app.pages.receipts.view import RECEIPT, council_why_page
from app.pages.sharing import (
    Place,
    Share,
    contest_share,
    council_share,
    flips_share,
    night_share,
    page_share,
    to_watch_share,
    why_share,
)
from app.pages.static_page import StaticPage, prefix_of, with_static_links
from app.pages.story.linked import linked
from app.pages.story.view import STORY
from app.pages.to_watch.view import TO_WATCH_FRAGMENTS, to_watch_page
from app.process.strict_json import compact_json
from app.process.turns import at_once
from app.projection.publication import Publication
from app.publishing.targets import File
from app.wording.cards import as_at
from app.wording.moments import moment_told
from app.wording.story.houses import house_of
from app.wording.story.text import Sentence

NOTE = "public, max-age=2, s-maxage=5"

HTML = "text/html; charset=utf-8"

CARD_NAMES = {CardSize.WIDE: "card.png", CardSize.SQUARE: "card-square.png"}


@dataclass(frozen=True, slots=True)
class CardFile:
    """A card that has yet to be drawn, and where it goes."""

    path: str
    card: Card


class Site:
    """The files of one publication. ``address`` is the site's own, without a slash at the end; it may be empty."""

    def __init__(self, publication: Publication, environment: Environment, *, address: str, rehearsal: bool) -> None:
        self._publication = publication
        self._environment = environment
        self._address = address.rstrip("/")
        self._rehearsal = rehearsal
        self._election = publication.election
        self._slug = publication.election.slug

    # What does not change with the night

    def fixed(self) -> Iterator[File]:
        """Assets under addresses that change with them, colours, and the page for what there is not."""
        assets = assets_of(self._environment)
        for name in sorted({*assets.files(), *MADE}):
            yield self._asset(name, assets.content(name))
        yield File(addresses.LOADER.path[1:], assets.content(LOADER), media_type(LOADER), FRESH_ENOUGH)
        colours = party_stylesheet(self._election).encode()
        yield File(addresses.PARTIES.to(slug=self._slug)[1:], colours, "text/css", FRESH_ENOUGH)
        frame = PageFrame(rehearsal=self._rehearsal, home=self._overview, has_finder=False)
        missing = error_page(self._environment, 404, "There is nothing at this address.", frame)
        yield File("404.html", missing.encode(), HTML, FRESH_ENOUGH)

    def entrance(self) -> File:
        """The page at ``/``, where this election is the only one."""
        home = self._overview
        html = (
            f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Declared</title>'
            f'<meta http-equiv="refresh" content="0; url={home}"></head>'
            f'<body><p><a href="{home}">Results</a></p></body></html>\n'
        )
        return File("index.html", html.encode(), HTML, FRESH_ENOUGH)

    def _asset(self, name: str, content: bytes) -> File:
        version = assets_of(self._environment).version
        path = addresses.STATIC.to(asset=f"{version}/{name}")
        return File(path[1:], content, media_type(name), addresses.IMMUTABLE)

    # What does

    def of_councils(self, council_ids: Iterable[str]) -> Iterator[File]:
        """Pages and JSON of councils and their contests."""
        for council_id in council_ids:
            state = self._publication.night.councils[council_id]
            for convention in self._election.conventions.values():
                channel = self._publication.channel(council_id, convention)
                yield self._council_page(council_id, convention, channel)
                yield self._council_why_page(council_id, convention, channel)
                yield self._council_widget(council_id, convention, channel)
                for contest in state.council.contests:
                    yield self._contest_page(contest.ballot_id, convention, channel)
                view = council_detail_view(self._election, state, convention)
                path = addresses.API_COUNCIL.to(slug=self._slug, council_id=council_id)
                yield self._json(path, view, convention)
                view = council_why_view(self._publication.night, council_id, convention, self._publication.time_of)
                path = addresses.API_COUNCIL_WHY.to(slug=self._slug, council_id=council_id)
                yield self._json(path, view, convention)
                told, house = self._linked(convention), house_of(convention)
                view = council_story_view(self._publication.night, council_id, convention, house, told)
                path = addresses.API_COUNCIL_STORY.to(slug=self._slug, council_id=council_id)
                yield self._json(path, view, convention)

    def of_night(self) -> Iterator[File]:
        """The dashboard, JSON, log, feed and exports."""
        publication, slug = self._publication, self._slug
        for convention in self._election.conventions.values():
            yield self._overview_page(convention)
            yield self._flips_page(convention)
            yield self._over_time_page(convention)
            yield self._overview_widget(convention)
            view = election_view(publication.night, epoch=publication.epoch, convention=convention)
            yield self._json(addresses.API_ELECTION.to(slug=slug), view, convention)
            yield self._to_watch_page(convention)
            view = to_watch_view(publication.night, convention, epoch=publication.epoch)
            yield self._json(addresses.API_TO_WATCH.to(slug=slug), view, convention)
            view = flips_view(publication.night, epoch=publication.epoch, convention=convention)
            yield self._json(addresses.API_FLIPS.to(slug=slug), view, convention)
            yield from self._series(convention)
            told, house = self._linked(convention), house_of(convention)
            view = night_story_view(publication.night, convention, house, told, epoch=publication.epoch)
            yield self._json(addresses.API_NIGHT_STORY.to(slug=slug), view, convention)
            yield from self._exports(convention, is_compared=True)
        lines = [entry_view(line.body, line.entry, line.flash) for line in publication.log]
        default = self._election.chosen_convention(None)
        yield self._json(addresses.API_LOG.to(slug=slug), {"declarations": lines, "next": None}, default)
        feed = atom(
            self._election,
            publication.epoch,
            feed_entries(publication),
            base=self._address,
            place=f"{slug}/feed.atom",
            rehearsal=self._rehearsal,
        )
        yield File(addresses.FEED.to(slug=slug)[1:], at_once(feed), "application/atom+xml", FRESH_ENOUGH)
        yield from self._exports(default, is_compared=False)
        path, is_addressed = addresses.API_DATA_PACKAGE.to(slug=slug), bool(self._address)
        where = Cited(f"{self._address}{path}", f"{self._address}{self._overview}") if is_addressed else Cited()
        package = compact_json(data_package(self._export_of(default), where=where))
        yield File(path[1:], package.encode(), JSON, FRESH_ENOUGH)

    def _exports(self, convention: Convention, *, is_compared: bool) -> Iterator[File]:
        """The files of the night whose rows depend on the convention, or those whose rows do not."""
        of = self._export_of(convention)
        for name, form in FORMS.items():
            if form.is_published and form.is_compared is is_compared:
                path = self._file(convention, addresses.FILES[name].to(slug=self._slug))
                yield File(path, form.make(of).whole(of.night).encode(), form.media_type, FRESH_ENOUGH)

    def _export_of(self, convention: Convention) -> ExportOf:
        publication, seq = self._publication, self._publication.seq
        moment = (seq, publication.time_of(seq))
        return ExportOf(publication.night, publication.epoch, convention, moment, rehearsal=self._rehearsal)

    def _series(self, convention: Convention) -> Iterator[File]:
        publication, changes = self._publication, self._publication.score_changes
        found = list(points(changes, evenly(len(changes), USUAL_POINTS)))
        night, epoch = publication.night, publication.epoch
        view = series_view(night, found, len(changes), epoch=epoch, convention=convention)
        yield self._json(addresses.API_SERIES.to(slug=self._slug), view, convention)
        path = self._file(convention, addresses.API_SERIES_CSV.to(slug=self._slug))
        text = "".join(series_csv(night, found, convention, rehearsal=self._rehearsal))
        yield File(path, text.encode(), CSV, FRESH_ENOUGH)

    def note(self, checked: datetime, *, done: bool) -> File:
        """Where the night is, for pages to look at; ``checked`` is when somebody last saw that it is so.

        ``done``: nothing more is awaited, and nobody will look again.
        """
        councils = {
            council_id: state.last.seq if state.last else 0
            for council_id, state in self._publication.night.councils.items()
        }
        told = {
            "slug": self._slug,
            "epoch": self._publication.epoch,
            "seq": self._publication.seq,
            "checked": checked.isoformat(timespec="seconds"),
            "done": done,
            "councils": councils,
        }
        content = json.dumps(told, separators=(",", ":")).encode()
        return File(self._note_url[1:], content, JSON, NOTE)

    # Cards

    def cards_of_night(self) -> Iterator[CardFile]:
        night, seq = self._publication.night, self._publication.seq
        for convention, size in self._cards():
            look = CardLook(size, self._rehearsal)
            card = night_card(self._environment, night, self._publication.time_of(seq), convention, look)
            yield CardFile(self._file(convention, f"{self._overview}/{CARD_NAMES[size]}"), card)

    def cards_of_council(self, council_id: str) -> Iterator[CardFile]:
        state = self._publication.night.councils[council_id]
        for convention, size in self._cards():
            look = CardLook(size, self._rehearsal)
            card = council_card(self._environment, self._election, state, convention, look)
            yield CardFile(self._file(convention, f"{self._council(council_id)}/{CARD_NAMES[size]}"), card)

    def _cards(self) -> Iterator[tuple[Convention, CardSize]]:
        for convention in self._election.conventions.values():
            for size in CardSize:
                yield convention, size

    # Pages

    def _overview_page(self, convention: Convention) -> File:
        publication = self._publication
        fragments = publication.channel(None, convention).fragments
        share = night_share(publication.night, publication.time_of(publication.seq), convention, self._here)
        frame = self._frame(share, (*fragments, STORY), None)
        page = overview_page(self._environment, publication.night, convention, fragments, frame, query={})
        return self._page(self._overview, at_once(page), convention)

    def _flips_page(self, convention: Convention) -> File:
        publication = self._publication
        share = flips_share(publication.night, publication.time_of(publication.seq), convention, self._here)
        frame, fragments = self._frame(share, FLIPS_FRAGMENTS, None), publication.channel(None, convention).fragments
        page = flips_page(self._environment, publication.night, convention, fragments, frame)
        return self._page(addresses.FLIPS.to(slug=self._slug), at_once(page), convention)

    def _to_watch_page(self, convention: Convention) -> File:
        publication = self._publication
        share = to_watch_share(publication.night, publication.time_of(publication.seq), convention, self._here)
        frame, fragments = self._frame(share, TO_WATCH_FRAGMENTS, None), publication.channel(None, convention).fragments
        page = to_watch_page(self._environment, publication.night, convention, fragments, frame)
        return self._page(addresses.TO_WATCH.to(slug=self._slug), at_once(page), convention)

    def _over_time_page(self, convention: Convention) -> File:
        publication = self._publication
        night, changes, at = publication.night, publication.score_changes, publication.time_of(publication.seq)
        told = moment_told(night, convention, house_of(convention), point_at(changes, night.seq), at)
        path = over_time_url(self._election, convention)
        share = page_share(night, at, convention, self._here, title="Over time", description=told, path=path)
        frame, fragments = (
            self._frame(share, OVER_TIME_FRAGMENTS, None),
            publication.channel(None, convention).fragments,
        )
        page = over_time_page(self._environment, night, convention, changes, fragments, frame, told=told)
        return self._page(addresses.OVER_TIME.to(slug=self._slug), at_once(page), convention)

    def _council_page(self, council_id: str, convention: Convention, channel: Channel) -> File:
        night, fragments = self._publication.night, channel.fragments
        shown = tuple(element for element in fragments if not element.startswith(DETAIL))
        frame = self._frame(council_share(night, council_id, convention, self._here), (*shown, STORY), council_id)
        html = council_page(self._environment, night, council_id, convention, fragments, frame, query={})
        return self._page(self._council(council_id), html, convention)

    def _council_why_page(self, council_id: str, convention: Convention, channel: Channel) -> File:
        night, path = self._publication.night, why_url(self._election, convention, council_id=council_id)
        share = why_share(council_share(night, council_id, convention, self._here), path, self._here)
        frame, time_of = self._frame(share, (RECEIPT,), council_id), self._publication.time_of
        html = council_why_page(self._environment, night, council_id, convention, channel.fragments, frame, time_of)
        path = addresses.COUNCIL_WHY.to(slug=self._slug, council_id=council_id)
        return self._page(path, html, convention)

    def _contest_page(self, ballot_id: str, convention: Convention, channel: Channel) -> File:
        night, council_id = self._publication.night, self._election.contest(ballot_id).council_id
        shown = (result_id(ballot_id), detail_id(ballot_id), f"verdict-{council_id}")
        frame = self._frame(contest_share(night, ballot_id, convention, self._here), shown, council_id)
        html = contest_page(self._environment, night, ballot_id, convention, channel.fragments, frame)
        return self._page(addresses.CONTEST.to(slug=self._slug, ballot_id=ballot_id), html, convention)

    def _frame(self, share: Share, fragments: tuple[str, ...], council_id: str | None) -> PageFrame:
        """Around a page that takes ``fragments`` from its newer self; a site without an address tells of none."""
        is_addressed = bool(self._address)
        return PageFrame(
            self._election,
            canonical_url=share.canonical if is_addressed else "",
            rehearsal=self._rehearsal,
            share=share if is_addressed else None,
            static_page=self._static(fragments, council_id),
            home=self._overview,
            has_finder=False,
        )

    # Widgets

    def _council_widget(self, council_id: str, convention: Convention, channel: Channel) -> File:
        frame = self._widget_frame(convention, council_id)
        night = self._publication.night
        html = council_widget(self._environment, night, council_id, convention, channel.fragments, frame)
        return self._page(addresses.COUNCIL_WIDGET.to(slug=self._slug, council_id=council_id), html, convention)

    def _overview_widget(self, convention: Convention) -> File:
        frame = self._widget_frame(convention, None)
        fragments = self._publication.channel(None, convention).fragments
        # Which councils are asked for, a file learns in the browser: it holds them all.
        html = overview_widget(self._environment, self._publication.night, convention, fragments, frame, Choice())
        return self._page(addresses.OVERVIEW_WIDGET.to(slug=self._slug), html, convention)

    def _widget_frame(self, convention: Convention, council_id: str | None) -> WidgetFrame:
        prefix = prefix_of(self._election, convention.key)
        path = self._overview if council_id is None else self._council(council_id)
        return WidgetFrame(
            self._election,
            address=f"{self._address}{prefix}{path}",
            live_url=None,
            at=self._publication.time_of(self._last(council_id)),
            rehearsal=self._rehearsal,
            is_file=True,
        )

    def _static(self, fragments: tuple[str, ...], council_id: str | None) -> StaticPage:
        seq = self._last(council_id)
        return StaticPage(
            as_at=as_at(self._election, self._publication.time_of(seq)),
            note_url=self._note_url,
            epoch=self._publication.epoch,
            seq=seq,
            fragments=fragments,
            council_id=council_id,
        )

    def _page(self, path: str, html: str, convention: Convention) -> File:
        linked = with_static_links(html, self._election, path, site=self._address)
        return File(self._file(convention, f"{path}/index.html"), linked.encode(), HTML, FRESH_ENOUGH)

    def _json(self, path: str, view: JsonObject, convention: Convention) -> File:
        content = JSONResponse(marked(view, rehearsal=self._rehearsal)).body
        return File(self._file(convention, f"{path}.json"), bytes(content), JSON, FRESH_ENOUGH)

    def _linked(self, convention: Convention) -> Linked:
        """Sentences with links between files."""

        def linked_between_files(sentence: Sentence) -> str:
            html = linked(self._election, convention, sentence, is_file=True)
            return with_static_links(html, self._election, self._overview, site=self._address)

        return linked_between_files

    def _file(self, convention: Convention, path: str) -> str:
        """The name of the file for what is at ``path`` under ``convention``."""
        return f"{prefix_of(self._election, convention.key)}{path}"[1:]

    @property
    def _overview(self) -> str:
        return addresses.OVERVIEW.to(slug=self._slug)

    def _council(self, council_id: str) -> str:
        return addresses.COUNCIL.to(slug=self._slug, council_id=council_id)

    @property
    def _note_url(self) -> str:
        return f"{self._overview}/published.json"

    def _last(self, council_id: str | None) -> int:
        """The newest entry about a council, or of the night."""
        if council_id is None:
            return self._publication.seq
        last = self._publication.night.councils[council_id].last
        return last.seq if last else 0

    @property
    def _here(self) -> Place:
        return Place(self._address, self._publication.epoch, rehearsal=self._rehearsal)


LOADER = "js/embed/embed.js"
"""The script that articles load, at an address that stays."""

DETAIL = "detail-"
"""The beginning of the ids of fragments that only a contest’s own page has."""
