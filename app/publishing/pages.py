"""The pages of a site, and its widgets: the server's, around the same fragments, with what keeps a file current."""

from collections.abc import Iterator
from dataclasses import replace

from app import addresses
from app.domain.election import Convention
from app.domain.series import point_at
from app.live.channels import Channel
from app.pages.addresses import over_time_url, why_url
from app.pages.contest.view import contest_page, detail_id, result_id
from app.pages.council.view import council_page
from app.pages.embed.widget import Choice, WidgetFrame, council_widget, overview_widget
from app.pages.flips.view import FLIPS_FRAGMENTS, flips_page
from app.pages.frame import PageFrame
from app.pages.over_time.view import OVER_TIME_FRAGMENTS, over_time_page
from app.pages.overview.view import overview_page
from app.pages.receipts.view import RECEIPT, council_why_page, night_why_page
from app.pages.sharing import (
    Share,
    contest_share,
    council_share,
    flips_share,
    night_share,
    page_share,
    to_watch_share,
    why_share,
)
from app.pages.static_page import StaticPage
from app.pages.story.view import STORY
from app.pages.to_watch.view import TO_WATCH_FRAGMENTS, to_watch_page
from app.process.turns import at_once
from app.publishing.changes import changes_url
from app.publishing.ground import Ground
from app.publishing.notes import council_note_name, note_name
from app.publishing.targets import File
from app.wording.as_at import as_at, final
from app.wording.moments import moment_told
from app.wording.story.houses import house_of

WHOLE = "all"
"""Below the overview widget: the one that has every council, for addresses that ask for some."""

DETAIL = "detail-"
"""The beginning of the ids of fragments that only a contest’s own page has."""


def night_pages(ground: Ground) -> Iterator[File]:
    """Pages and widgets of the whole night that tell who controls what."""
    for convention in ground.conventions:
        yield _overview_page(ground, convention)
        yield _flips_page(ground, convention)
        yield from _overview_widget(ground, convention)


def further_pages(ground: Ground, convention: Convention) -> Iterator[File]:
    """Other pages of the whole night, which may be a moment behind."""
    yield _over_time_page(ground, convention)
    yield _to_watch_page(ground, convention)
    yield _night_why_page(ground, convention)


def council_pages(ground: Ground, council_id: str, convention: Convention) -> Iterator[File]:
    """Pages and widgets of a council and its contests."""
    channel = ground.publication.channel(council_id, convention)
    yield _council_page(ground, council_id, convention, channel)
    yield _council_why_page(ground, council_id, convention, channel)
    yield _council_widget(ground, council_id, convention, channel)
    for contest in ground.night.councils[council_id].council.contests:
        yield _contest_page(ground, contest.ballot_id, convention, channel)


def _overview_page(ground: Ground, convention: Convention) -> File:
    fragments = ground.fragments(convention)
    share = night_share(ground.night, ground.at, convention, ground.here)
    frame = _frame(ground, share, (*fragments, STORY), None, changes=changes_url(ground, convention))
    page = overview_page(ground.environment, ground.night, convention, fragments, frame, query={})
    return ground.page(ground.overview, at_once(page), convention)


def _flips_page(ground: Ground, convention: Convention) -> File:
    share = flips_share(ground.night, ground.at, convention, ground.here)
    frame = _frame(ground, share, FLIPS_FRAGMENTS, None)
    page = flips_page(ground.environment, ground.night, convention, ground.fragments(convention), frame)
    return ground.page(addresses.FLIPS.to(slug=ground.slug), at_once(page), convention)


def _to_watch_page(ground: Ground, convention: Convention) -> File:
    share = to_watch_share(ground.night, ground.at, convention, ground.here)
    frame = _frame(ground, share, TO_WATCH_FRAGMENTS, None)
    page = to_watch_page(ground.environment, ground.night, convention, ground.fragments(convention), frame)
    return ground.page(addresses.TO_WATCH.to(slug=ground.slug), at_once(page), convention)


def _over_time_page(ground: Ground, convention: Convention) -> File:
    night, changes = ground.night, ground.publication.score_changes
    told = moment_told(night, convention, house_of(convention), point_at(changes, night.seq), ground.at)
    path = over_time_url(ground.election, convention)
    share = page_share(night, ground.at, convention, ground.here, title="Over time", description=told, path=path)
    frame, fragments = _frame(ground, share, OVER_TIME_FRAGMENTS, None), ground.fragments(convention)
    page = over_time_page(ground.environment, night, convention, changes, fragments, frame, told=told)
    return ground.page(addresses.OVER_TIME.to(slug=ground.slug), at_once(page), convention)


def _night_why_page(ground: Ground, convention: Convention) -> File:
    path = why_url(ground.election, convention)
    share = night_share(ground.night, ground.at, convention, ground.here)
    frame = _frame(ground, why_share(share, path, ground.here), (RECEIPT,), None)
    fragments, time_of = ground.fragments(convention), ground.publication.time_of
    html = night_why_page(ground.environment, ground.night, convention, fragments, frame, time_of)
    return ground.page(addresses.NIGHT_WHY.to(slug=ground.slug), html, convention)


def _council_page(ground: Ground, council_id: str, convention: Convention, channel: Channel) -> File:
    night, fragments = ground.night, channel.fragments
    shown = tuple(element for element in fragments if not element.startswith(DETAIL))
    frame = _frame(ground, council_share(night, council_id, convention, ground.here), (*shown, STORY), council_id)
    html = council_page(ground.environment, night, council_id, convention, fragments, frame, query={})
    return ground.page(ground.council(council_id), html, convention)


def _council_why_page(ground: Ground, council_id: str, convention: Convention, channel: Channel) -> File:
    night, path = ground.night, why_url(ground.election, convention, council_id=council_id)
    share = why_share(council_share(night, council_id, convention, ground.here), path, ground.here)
    frame, time_of = _frame(ground, share, (RECEIPT,), council_id), ground.publication.time_of
    html = council_why_page(ground.environment, night, council_id, convention, channel.fragments, frame, time_of)
    path = addresses.COUNCIL_WHY.to(slug=ground.slug, council_id=council_id)
    return ground.page(path, html, convention)


def _contest_page(ground: Ground, ballot_id: str, convention: Convention, channel: Channel) -> File:
    night, council_id = ground.night, ground.election.contest(ballot_id).council_id
    shown = (result_id(ballot_id), detail_id(ballot_id), f"verdict-{council_id}")
    frame = _frame(ground, contest_share(night, ballot_id, convention, ground.here), shown, council_id)
    html = contest_page(ground.environment, night, ballot_id, convention, channel.fragments, frame)
    return ground.page(addresses.CONTEST.to(slug=ground.slug, ballot_id=ballot_id), html, convention)


def _frame(
    ground: Ground, share: Share, fragments: tuple[str, ...], council_id: str | None, *, changes: str = ""
) -> PageFrame:
    """Around a page that takes ``fragments`` from its newer self; a site without an address tells of none."""
    is_addressed = bool(ground.address)
    return PageFrame(
        ground.election,
        canonical_url=share.canonical if is_addressed else "",
        rehearsal=ground.rehearsal,
        share=share if is_addressed else None,
        static_page=_static(ground, fragments, council_id, changes=changes),
        home=ground.overview,
        has_finder=False,
    )


def _council_widget(ground: Ground, council_id: str, convention: Convention, channel: Channel) -> File:
    frame = _widget_frame(ground, convention, council_id)
    night = ground.night
    html = council_widget(ground.environment, night, council_id, convention, channel.fragments, frame)
    return ground.page(addresses.COUNCIL_WIDGET.to(slug=ground.slug, council_id=council_id), html, convention)


def _overview_widget(ground: Ground, convention: Convention) -> Iterator[File]:
    """The server's, and all there is for those whose address asks for a part: which, a file learns in the browser."""
    fragments = ground.fragments(convention)
    own, path = _widget_frame(ground, convention, None), addresses.OVERVIEW_WIDGET.to(slug=ground.slug)
    frame = replace(own, whole_url=f"/{ground.name(convention, path)}/{WHOLE}")
    html = overview_widget(ground.environment, ground.night, convention, fragments, frame, Choice())
    yield ground.page(path, html, convention)
    html = overview_widget(ground.environment, ground.night, convention, fragments, own, Choice(), whole=True)
    yield ground.page(f"{path}/{WHOLE}", html, convention)


def _widget_frame(ground: Ground, convention: Convention, council_id: str | None) -> WidgetFrame:
    path = ground.overview if council_id is None else ground.council(council_id)
    councils = ground.night.councils
    return WidgetFrame(
        ground.election,
        address=f"{ground.address}/{ground.name(convention, path)}",
        live_url=None,
        at=ground.publication.time_of(ground.last(council_id)),
        final=final(ground.election, councils.values() if council_id is None else [councils[council_id]]),
        rehearsal=ground.rehearsal,
        static_page=_static(ground, (), council_id, changes=changes_url(ground, convention)),
    )


def _static(ground: Ground, fragments: tuple[str, ...], council_id: str | None, *, changes: str = "") -> StaticPage:
    seq = ground.last(council_id)
    return StaticPage(
        as_at=as_at(ground.election, ground.publication.time_of(seq)),
        note_url=f"/{note_name(ground.slug)}",
        epoch=ground.publication.epoch,
        seq=seq,
        fragments=fragments,
        council_note_url="" if council_id is None else f"/{council_note_name(ground.slug, council_id)}",
        changes_url=changes if council_id is None else "",
    )
