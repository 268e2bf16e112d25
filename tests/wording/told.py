"""Whatever any surface says of a night, as texts to be read: cell by cell, line by line, attribute by attribute."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

from app.api.values import council_view
from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.news import news_since
from app.domain.night import Night
from app.domain.party_night import party_night
from app.domain.rankings import NOT_NARROWED, Ranking, RankingQuery
from app.domain.series import point_at
from app.domain.ticker import Change
from app.feeds.entries import feed_entries
from app.pages.broadcast.view import BroadcastLook, broadcast_page
from app.pages.cards.view import Card, CardLook, CardSize, council_card, night_card, party_card
from app.pages.contest.view import contest_fragments, contest_page, is_listed, whole_fragments
from app.pages.council.view import council_page
from app.pages.embed.widget import Choice, WidgetFrame, council_widget, overview_widget
from app.pages.environment import make_environment
from app.pages.flips.view import flips_page
from app.pages.frame import AsAt, PageFrame
from app.pages.over_time.since import since_page
from app.pages.over_time.view import ChartAsked, over_time_page
from app.pages.overview.view import overview_page
from app.pages.parties.view import parties_page, party_page, party_widget
from app.pages.rankings.view import ranking_page, rankings_page
from app.pages.receipts.view import council_why_page, night_why_page, party_why_page
from app.pages.sharing import Place, contest_share, council_share, night_share, party_share
from app.pages.to_watch.view import to_watch_page
from app.process.turns import at_once
from app.projection.publication import Publication
from app.wording import consequences
from app.wording.alerts import alert_headline, alert_text
from app.wording.announced import entry_as_announced
from app.wording.moments import moment_told
from app.wording.night import how_far
from app.wording.story.council import council_story
from app.wording.story.houses import House
from app.wording.story.night import night_story

ENVIRONMENT = make_environment()
SVG = "{http://www.w3.org/2000/svg}"

INLINE = frozenset({"a", "abbr", "b", "em", "s", "span", "small", "strong", "time", "tspan", "svg"})
"""Elements within a text: whatever else begins or ends, ends it."""

FEW = 2
"""Parties of which each is read."""

MOST, SOME = 30, 5
"""Of no more councils, contests or entries each is read; of more some, spread over all of them."""

SPOKEN = ("alt", "aria-label", "title", "placeholder", "data-copy", "data-flash", "data-announce", "label")
"""Attributes that are read out, shown or copied."""

DESCRIBING = ("description", "og:title", "og:description", "og:image:alt", "twitter:image:alt", "twitter:title")


@dataclass(frozen=True)
class Told:
    """A text, the ``surface`` that says it, and of which place; ``state`` and ``result`` are what it is about.

    ``is_of_then``: it tells what was so at an entry, and stays as it is. ``late_clocks`` are the times of day, such as
    14:07, of what came a week after the poll or later, and of nothing else.
    """

    surface: str
    text: str
    night: Night
    place: str = ""
    state: CouncilState | None = None
    result: ContestResult | None = None
    is_of_then: bool = False
    late_clocks: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.surface}, {self.place or 'the night'}, entry {self.night.seq}: {self.text!r}"


class _Reader(HTMLParser):
    """The texts of a page or a fragment: white space is one space, as in a browser; of attributes it stays."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # What is copied may have paragraphs, or be a table.
        copied = (re.split(r"\n\n|[\n\t]", given[name]) for name in SPOKEN if given.get(name))
        self.texts += [text for texts in copied for text in texts if text]
        # An address is no text.
        self.texts += [text for texts in copied for text in texts if text and not text.startswith("https://")]
        if tag == "meta" and (given.get("name") or given.get("property")) in DESCRIBING:
            self.texts.append(given.get("content", ""))
        if tag not in INLINE:
            self._end()
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._end()
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        text = " ".join("".join(self._parts).split())
        self._parts = []
        if text:
            self.texts.append(text)


def texts_of(html: str) -> list[str]:
    """What a reader, a screen reader and a clipboard get of ``html``."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.texts


@dataclass(frozen=True)
class Teller:
    """All that is told of one publication under one convention."""

    publication: Publication
    convention: Convention

    @property
    def night(self) -> Night:
        return self.publication.night

    def everything(self) -> Iterator[Told]:
        """Each text once. Of many councils, and of many contests of one, some pages are read, and all rows."""
        seen = set()
        by_any_convention = (self.of_feed(), self.of_desk()) if self._is_usual else ()
        for told in itertools.chain(self.of_night(), self.of_councils(), *by_any_convention):
            known = (told.text, told.surface, told.is_of_then, id(told.state), id(told.result))
            if known not in seen:
                seen.add(known)
                yield told

    @property
    def _is_usual(self) -> bool:
        """What compares with nothing is told under one convention."""
        return self.convention.key == self.night.election.convention

    def of_councils(self) -> Iterator[Told]:
        for council_id in _some(list(self.night.councils)):
            yield from self.of_council(council_id)

    # The night

    def of_night(self) -> Iterator[Told]:
        """Dashboard, wall, widget, card, and what a link to it says."""
        night, fragments = self.night, self.publication.channel(None, self.convention).fragments
        at = self.publication.time_of(night.seq)
        share = night_share(night, at, self.convention, Place("https://example.org", "e"))
        for view in ("", "wall"):
            page = overview_page(
                ENVIRONMENT,
                night,
                self.convention,
                {**fragments, **dict.fromkeys(_rows_of(night), "")},
                PageFrame(night.election, share=share),
                query={"view": view},
            )
            yield from self._told(f"dashboard {view}", texts_of(at_once(page)))
        for house in House:
            story = night_story(night, self.convention, house)
            yield from self._told("story", [it.text for it in story], is_of_then=True)
        page = flips_page(ENVIRONMENT, night, self.convention, fragments, PageFrame(night.election, share=share))
        yield from self._told("flips", texts_of(at_once(page)), is_of_then=True)
        page = to_watch_page(ENVIRONMENT, night, self.convention, fragments, PageFrame(night.election, share=share))
        yield from self._told("to watch", texts_of(at_once(page)))
        if self._is_usual:
            yield from self.of_rankings(PageFrame(night.election, share=share), fragments)
            yield from self.of_parties(PageFrame(night.election, share=share), fragments)
        time_of = self.publication.time_of
        page = night_why_page(ENVIRONMENT, night, self.convention, fragments, PageFrame(night.election), time_of)
        yield from self._told("why", texts_of(page))
        for group in (*_some(list(night.election.groups)), NO_OVERALL_CONTROL):
            frame = PageFrame(night.election)
            page = party_why_page(ENVIRONMENT, night, group, self.convention, fragments, frame, time_of)
            yield from self._told("party why", texts_of(page))
        yield from self._of_time(PageFrame(night.election, share=share), fragments, at)
        on_air = PageFrame(night.election, as_at=AsAt.of(night, at))
        page = broadcast_page(ENVIRONMENT, night, self.convention, fragments, on_air, BroadcastLook())
        yield from self._told("broadcast", texts_of(page))
        for council_id, state in night.councils.items():
            yield from self._told("row", texts_of(fragments[f"row-{council_id}"]), council_id, state)
            yield from self._told("JSON", _texts_in(council_view(night.election, state, self.convention)), "", state)
        frame = WidgetFrame(night.election, "https://example.org", None, at)
        widget = overview_widget(ENVIRONMENT, night, self.convention, fragments, frame, Choice())
        yield from self._told("widget", texts_of(widget)) if len(night.councils) < 60 else ()
        for size in CardSize:
            card = night_card(ENVIRONMENT, night, at, self.convention, CardLook(size))
            yield from self._told(f"card {size}", _texts_on(card), state=night.only_state)
        yield from self._told("how far", [how_far(night)])

    def of_rankings(self, frame: PageFrame, fragments: Mapping[str, str]) -> Iterator[Told]:
        """The list of them, and each; who is elected, of the first council as well."""
        night, convention = self.night, self.convention
        page = rankings_page(ENVIRONMENT, night, convention, fragments, frame)
        yield from self._told("rankings", texts_of(at_once(page)), is_of_then=True)
        of_first = (Ranking.ELECTED, RankingQuery(council=next(iter(night.councils))))
        for ranking, query in (*((it, NOT_NARROWED) for it in Ranking), of_first):
            page = ranking_page(ENVIRONMENT, night, convention, fragments, frame, ranking, query)
            yield from self._told(f"ranking {ranking}", texts_of(_from(at_once(page), "ranking")), is_of_then=True)

    def of_parties(self, frame: PageFrame, fragments: Mapping[str, str]) -> Iterator[Told]:
        """The list of them; of the first few the page, the widget, the cards and the feed."""
        night, convention, place = self.night, self.convention, Place("https://example.org", "e")
        page = parties_page(ENVIRONMENT, night, convention, fragments, frame)
        yield from self._told("parties", texts_of(at_once(page)), is_of_then=True)
        at = self.publication.time_of(night.seq)
        for group in night.election.groups[:FEW]:
            party = at_once(party_night(night, group, convention.key))
            around = PageFrame(night.election, share=party_share(night, party, at, convention, place))
            page = party_page(ENVIRONMENT, night, convention, fragments, around, party)
            yield from self._told("party", texts_of(_from(at_once(page), "party")), is_of_then=True)
            widget = party_widget(ENVIRONMENT, night, convention, WidgetFrame(night.election, "", None, at), group)
            yield from self._told("party widget", texts_of(at_once(widget)), is_of_then=True)
            for size in CardSize:
                card = party_card(ENVIRONMENT, night, party, at, convention, CardLook(size))
                yield from self._told(f"party card {size}", _texts_on(card), is_of_then=True)
            for entry in feed_entries(self.publication, group=group):
                yield from self._told("party feed", [entry.title, *entry.sentences], is_of_then=True)

    def _of_time(self, frame: PageFrame, fragments: Mapping[str, str], at: datetime | None) -> Iterator[Told]:
        """The night in time, of seats and of councils, its moment in both styles, and what has come since one."""
        night, convention, changes = self.night, self.convention, self.publication.score_changes
        moments = [moment_told(night, convention, house, point_at(changes, night.seq), at) for house in House]
        yield from self._told("moment", moments, is_of_then=True)
        for of in ("seats", "councils"):
            page = over_time_page(
                ENVIRONMENT, night, convention, changes, fragments, frame, told=moments[0], asked=ChartAsked(of)
            )
            yield from self._told(f"over time {of}", texts_of(at_once(page)), is_of_then=True)
        since, entries = night.seq // 2, [line.entry for line in self.publication.log]
        news = news_since(night, convention.key, since, changes, entries)
        page = since_page(ENVIRONMENT, night, convention, news, self.publication.time_of(since), fragments, frame)
        yield from self._told("since", texts_of(at_once(page)), is_of_then=True)

    # Councils and their contests

    def of_council(self, council_id: str) -> Iterator[Told]:
        """Its page, widget and cards, and all of its contests."""
        night, election, state = self.night, self.night.election, self.night.councils[council_id]
        fragments = dict(self.publication.channel(council_id, self.convention).fragments)
        place = Place("https://example.org", "e")
        frame = PageFrame(election, share=council_share(night, council_id, self.convention, place))
        blank = {element: "" if _is_of_contest(element) else html for element, html in fragments.items()}
        page = council_page(ENVIRONMENT, night, council_id, self.convention, blank, frame, query={})
        yield from self._told("council page", texts_of(page), council_id, state)
        yield from self._told("story", self._story_of(state), council_id, state, is_of_then=True)
        why = council_why_page(
            ENVIRONMENT, night, council_id, self.convention, fragments, frame, self.publication.time_of
        )
        yield from self._told("why", texts_of(why), council_id, state)
        at = state.last.at if state.last else None
        widget = council_widget(
            ENVIRONMENT, night, council_id, self.convention, fragments, WidgetFrame(election, "", None, at)
        )
        yield from self._told("council widget", texts_of(widget), council_id, state)
        for size in CardSize:
            card = council_card(ENVIRONMENT, election, state, self.convention, CardLook(size))
            yield from self._told(f"council card {size}", _texts_on(card), council_id, state)
        for ballot_id in _some(list(state.contests)) if self._is_usual else ():
            yield from self._of_contest(ballot_id, state, state.contests[ballot_id], blank)

    def _story_of(self, state: CouncilState) -> list[str]:
        """Its sentences one by one, in both styles."""
        stories = (council_story(self.night.election, state, self.convention, house) for house in House)
        return [it.text for story in stories for it in (story.headline, *itertools.chain(*story.paragraphs))]

    def _of_contest(
        self, ballot_id: str, state: CouncilState, result: ContestResult, blank: Mapping[str, str]
    ) -> Iterator[Told]:
        night = self.night
        own = contest_fragments(ENVIRONMENT, night, ballot_id)
        if is_listed(state.council):
            own |= whole_fragments(ENVIRONMENT, night, ballot_id)
        for element, html in own.items():
            yield from self._told(f"contest {element.split('-')[0]}", texts_of(html), ballot_id, None, result)
        if result.contest is not state.council.contests[0]:
            return
        place = Place("https://example.org", "e")
        frame = PageFrame(night.election, share=contest_share(night, ballot_id, self.convention, place))
        page = contest_page(ENVIRONMENT, night, ballot_id, self.convention, {**blank, **own}, frame)
        yield from self._told("contest page", texts_of(page), ballot_id, state, None)

    # What was told, entry by entry

    def of_feed(self) -> Iterator[Told]:
        """The feed, the flash lines and the alerts, of every entry by itself."""
        for entry in feed_entries(self.publication):
            yield from self._told("feed", [entry.title, *entry.sentences], is_of_then=True)
        for line in self.publication.log:
            if line.flash:
                yield from self._told("flash", [line.flash], is_of_then=True)
            known = self.night.election_at(line.entry.seq)
            for alert in line.alerts:
                texts = [alert_headline(known, alert), alert_text(known, alert)]
                yield from self._told("alert", [text for text in texts if text], is_of_then=True)

    def of_desk(self) -> Iterator[Told]:
        """What the desk is told before each entry is declared, of the first some hundred."""
        night = Night.before_first(self.night.former[0][1] if self.night.former else self.night.election)
        for line in self.publication.log[:MOST]:
            night, change = night.apply(line.entry)
            yield from self._told("desk", _before_declaring(night, change), is_of_then=True)

    def _told(
        self,
        surface: str,
        texts: list[str],
        place: str = "",
        state: CouncilState | None = None,
        result: ContestResult | None = None,
        *,
        is_of_then: bool = False,
    ) -> Iterator[Told]:
        for text in texts:
            yield Told(surface.strip(), text, self.night, place, state, result, is_of_then, self._late_clocks)

    @cached_property
    def _late_clocks(self) -> frozenset[str]:
        zone, closed = self.night.election.zone, self.night.election.polls_closed_at
        late, early = (
            {
                f"{line.entry.at.astimezone(zone):%H:%M}"
                for line in self.publication.log
                if (line.entry.at - closed >= timedelta(days=7)) is side
            }
            for side in (True, False)
        )
        return frozenset(late - early)


def _from(page: str, element: str) -> str:
    """``page`` from an element on: what is before it is on every such page."""
    before, begins, after = page.partition(f'id="{element}"')
    assert begins, before
    return f"<div {begins}{after}"


def _some(ids: list[str]) -> list[str]:
    return ids if len(ids) <= MOST else ids[:: len(ids) // SOME]


def _rows_of(night: Night) -> list[str]:
    """Rows are read one by one, each with its council."""
    return [f"row-{council_id}" for council_id in night.councils]


def _is_of_contest(element: str) -> bool:
    return element.startswith(("row-", "contest-", "detail-"))


def _texts_on(card: Card) -> list[str]:
    return [*("".join(text.itertext()) for text in ET.fromstring(card.svg).iter(f"{SVG}text")), card.alt]


def _texts_in(view: Any) -> list[str]:
    """The sentences among the values of JSON; ids and codes have no spaces."""
    match view:
        case str() if " " in view:
            return [view]
        case dict():
            return [text for value in view.values() for text in _texts_in(value)]
        case list():
            return [text for value in view for text in _texts_in(value)]
    return []


def _before_declaring(night: Night, change: Change) -> list[str]:
    """What the desk is told that an entry will do."""
    election, was, now = night.election_at(change.entry.seq), change.before, change.after
    told = [consequences.flip_name(election, change, election.convention)]
    if was is not None and now is not None:
        told.append(consequences.headline(election, was, now, election.convention))
        told += consequences.further_lines(election, was, now)
        told += consequences.no_longer_elected(election, was, now, change.entry)
        told.append(consequences.result_line(election, now, change.entry))
    told.append(entry_as_announced(election, change.entry))
    return [text for text in told if text]
