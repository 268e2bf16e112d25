"""What is published of an election, file by file: what the server shows at the same addresses, without the server.

The page at ``/elections/SLUG`` is ``elections/SLUG/index.html``; JSON at ``/api/v1/elections/SLUG`` is
``api/v1/elections/SLUG.json``; what a query asks for has a path of its own (``app.pages.static_page``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from app import addresses
from app.addresses import FRESH_ENOUGH
from app.api.flips import flips_view
from app.api.receipts import council_why_view, night_why_view
from app.api.series import USUAL_POINTS, series_view
from app.api.story import Linked, council_story_view, night_story_view
from app.api.to_watch import to_watch_view
from app.api.values import council_detail_view, election_view
from app.bundles.series_export import series_csv
from app.domain.election import Convention
from app.domain.series import evenly, points
from app.pages.assets import AT_THE_ROOT, MADE, media_type
from app.pages.cards.view import Card, CardLook, CardSize, council_card, night_card
from app.pages.colours import party_stylesheet
from app.pages.elections.view import error_page
from app.pages.environment import assets_of
from app.pages.frame import PageFrame
from app.pages.story.linked import linked
from app.publishing.data import Texts, data_files, feed
from app.publishing.ground import Ground
from app.publishing.notes import council_note
from app.publishing.pages import council_pages, further_pages, night_pages
from app.publishing.parts import PartKind, SitePart
from app.publishing.targets import CSV, HTML, File
from app.wording.story.houses import house_of
from app.wording.story.text import Sentence

CARD_NAMES = {CardSize.WIDE: "card.png", CardSize.SQUARE: "card-square.png"}

LOADER = "js/embed/embed.js"
"""The script that articles load, at an address that stays."""


@dataclass(frozen=True, slots=True)
class CardFile:
    """A card that has yet to be drawn, and where it goes."""

    path: str
    card: Card


def files_of(ground: Ground, part: SitePart, texts: Texts, *, is_alone: bool) -> Iterator[File | CardFile]:
    """The files of a part. ``is_alone``: there is no other election that the site's root could lead to."""
    match part.kind:
        case PartKind.FIXED:
            yield from _fixed(ground)
            if is_alone:
                yield _entrance(ground)
        case PartKind.COUNCIL:
            yield from _of_council(ground, part.name)
        case PartKind.NIGHT:
            yield from _of_night(ground)
        case PartKind.FURTHER:
            yield from _further(ground)
        case PartKind.DATA:
            yield from data_files(ground, texts, part.name)
        case PartKind.CARDS:
            yield from _cards(ground, part.name or None)


def _fixed(ground: Ground) -> Iterator[File]:
    """Assets under addresses that change with them, colours, and the page for what there is not."""
    assets = assets_of(ground.environment)
    for name in sorted({*assets.files(), *MADE}):
        path = addresses.STATIC.to(asset=f"{assets.version}/{name}")
        yield File(path[1:], assets.content(name), _media_type(name), addresses.IMMUTABLE)
    for name in (address.path[1:] for address in AT_THE_ROOT):
        yield File(name, assets.content(name), _media_type(name), FRESH_ENOUGH)
    yield File(addresses.LOADER.path[1:], assets.content(LOADER), _media_type(LOADER), FRESH_ENOUGH)
    colours, path = party_stylesheet(ground.election).encode(), addresses.PARTIES.to(slug=ground.slug)
    yield File(path[1:], colours, _media_type(path), FRESH_ENOUGH)
    frame = PageFrame(rehearsal=ground.rehearsal, home=ground.overview, has_finder=False)
    missing = error_page(ground.environment, 404, "There is nothing at this address.", frame)
    yield File("404.html", missing.encode(), HTML, FRESH_ENOUGH)


def _media_type(name: str) -> str:
    """With the encoding, where a page in another one would have it read otherwise."""
    found = media_type(name)
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def _entrance(ground: Ground) -> File:
    """The page at ``/``, where this election is the only one."""
    home, name = ground.overview, escape(ground.election.name)
    html = (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta http-equiv="refresh" content="0; url={home}"></head>'
        f'<body><h1><a href="{home}">{name}</a></h1></body></html>\n'
    )
    return File("index.html", html.encode(), HTML, FRESH_ENOUGH)


def _of_council(ground: Ground, council_id: str) -> Iterator[File]:
    """Pages and JSON of a council and its contests, and last where it is."""
    night, state, slug = ground.night, ground.night.councils[council_id], ground.slug
    for convention in ground.conventions:
        yield from council_pages(ground, council_id, convention)
        view = council_detail_view(ground.election, state, convention)
        yield ground.json(addresses.API_COUNCIL.to(slug=slug, council_id=council_id), view, convention)
        view = council_why_view(night, council_id, convention, ground.publication.time_of)
        yield ground.json(addresses.API_COUNCIL_WHY.to(slug=slug, council_id=council_id), view, convention)
        view = council_story_view(night, council_id, convention, house_of(convention), _linked(ground, convention))
        yield ground.json(addresses.API_COUNCIL_STORY.to(slug=slug, council_id=council_id), view, convention)
    yield council_note(slug, council_id, ground.publication.epoch, ground.last(council_id))


def _of_night(ground: Ground) -> Iterator[File]:
    """The dashboard and what else there is of the night, JSON, and feed."""
    night, slug, epoch = ground.night, ground.slug, ground.publication.epoch
    yield from night_pages(ground)
    for convention in ground.conventions:
        view = election_view(night, epoch=epoch, convention=convention)
        yield ground.json(addresses.API_ELECTION.to(slug=slug), view, convention)
        view = flips_view(night, epoch=epoch, convention=convention)
        yield ground.json(addresses.API_FLIPS.to(slug=slug), view, convention)
        told = _linked(ground, convention)
        view = night_story_view(night, convention, house_of(convention), told, epoch=epoch)
        yield ground.json(addresses.API_NIGHT_STORY.to(slug=slug), view, convention)
    yield feed(ground, None)


def _further(ground: Ground) -> Iterator[File]:
    """Over time, next, and why the figures are what they are."""
    for convention in ground.conventions:
        yield from further_pages(ground, convention)
        view = to_watch_view(ground.night, convention, epoch=ground.publication.epoch)
        yield ground.json(addresses.API_TO_WATCH.to(slug=ground.slug), view, convention)
        view = night_why_view(ground.night, convention, ground.publication.time_of)
        yield ground.json(addresses.API_NIGHT_WHY.to(slug=ground.slug), view, convention)
        yield from _series(ground, convention)


def _series(ground: Ground, convention: Convention) -> Iterator[File]:
    night, changes = ground.night, ground.publication.score_changes
    found = list(points(changes, evenly(len(changes), USUAL_POINTS)))
    view = series_view(night, found, len(changes), epoch=ground.publication.epoch, convention=convention)
    yield ground.json(addresses.API_SERIES.to(slug=ground.slug), view, convention)
    path = ground.name(convention, addresses.API_SERIES_CSV.to(slug=ground.slug))
    text = "".join(series_csv(night, found, convention, rehearsal=ground.rehearsal))
    yield File(path, text.encode(), CSV, FRESH_ENOUGH)


def _cards(ground: Ground, council_id: str | None) -> Iterator[CardFile]:
    """The pictures of the night (None) or of a council."""
    environment, night = ground.environment, ground.night
    path = ground.overview if council_id is None else ground.council(council_id)
    for convention in ground.conventions:
        for size in CardSize:
            look = CardLook(size, ground.rehearsal)
            if council_id is None:
                card = night_card(environment, night, ground.at, convention, look)
            else:
                card = council_card(environment, ground.election, night.councils[council_id], convention, look)
            yield CardFile(ground.name(convention, f"{path}/{CARD_NAMES[size]}"), card)


def _linked(ground: Ground, convention: Convention) -> Linked:
    """Sentences with links between files."""

    def linked_between_files(sentence: Sentence) -> str:
        return ground.linked(linked(ground.election, convention, sentence, is_file=True), ground.overview)

    return linked_between_files
