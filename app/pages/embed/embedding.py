"""A page's result in somebody else's page: addresses of widgets, the code to paste, and what oEmbed tells of them.

Everything here is a value or a string; ``address`` is always our own, absolute and without a slash at its end.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from app.addresses import (
    CUSTOMISER,
    LOADER,
    OEMBED,
)
from app.domain.election import Convention
from app.domain.night import Night
from app.pages.addresses import element_id
from app.pages.cards.view import MEASURES, CardSize
from app.pages.embed.heights import (
    ABREAST,
    ANY_WIDTH,
    COMPACT_ROW,
    HEIGHTS,
    LARGE_SQUARE,
    MOST_CHANGES,
    NARROWEST,
    SHORTEST,
    SQUARE,
    TALLEST,
    WIDTH,
    Heights,
    part_height,
)
from app.pages.embed.options import Widget
from app.pages.embed.widget import Show, WidgetPart
from app.pages.overview.board import regions
from app.pages.overview.tiles import tile_map
from app.pages.sharing import Place, Share
from app.wording import sentences
from app.wording.as_at import council_stands, night_stands
from app.wording.control import flash_line
from app.wording.figures import together
from app.wording.marks import TEST_MARK
from app.wording.night import how_far
from app.wording.numbers import number_line, number_told
from app.wording.ticker import newest_flash

PROVIDER = "Declared"

CACHE_SECONDS = 300
"""How long an answer of oEmbed may be kept: the line in it is of its time."""

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""What a widget needs: its scripts, and links that open a page of their own."""


def line_of(night: Night, widget: Widget, place: Place) -> str:
    """What stands in the widget's place: a council's flash (until there is one its line), or how far the night is.

    Of a party that has its name before it; a contest and a number have lines of their own.
    """
    if widget.part is WidgetPart.NUMBER:
        told = number_told(night, widget.convention, widget.number, widget.group)
        return f"{_test(place)}{number_line(night, told, widget.group)}"
    if widget.ballot_id:
        council = night.election.council(night.election.contest(widget.ballot_id).council_id)
        return f"{_test(place)}{sentences.contest_line(night.election, council, night.result(widget.ballot_id))}"
    if widget.group:
        return f"{_test(place)}{widget.election.party(widget.group).name}, {how_far(night)}"
    if widget.council_id is None:
        return f"{_test(place)}{how_far(night)}"
    state = night.councils[widget.council_id]
    comparison = state.comparisons[widget.convention.key]
    flash = flash_line(night.election, state.council, comparison)
    return f"{_test(place)}{flash or sentences.council_line(night.election, state, comparison)}"


def placeholder_line(night: Night, widget: Widget, place: Place) -> str:
    """The same as it stays in an article and its feed, for good: with as at when it is, or that it is final."""
    is_past, line = widget.at is not None, line_of(night, widget, place)
    if widget.council_id is None:
        return together([line, night_stands(night, place.time, is_past=is_past)])
    return together([line, council_stands(night.election, night.councils[widget.council_id], is_past=is_past)])


def _test(place: Place) -> str:
    """Before every line of a rehearsal."""
    return TEST_MARK if place.rehearsal else ""


def height_of(night: Night, widget: Widget, width: int | None = None) -> int:
    """CSS pixels that a frame has to be high to show the whole widget at ``width``, or at any (None), whatever comes.

    One of every council scrolls, and so does whatever takes more than :data:`TALLEST`.
    """
    if widget.part is not WidgetPart.ALL:
        return part_height(night, widget.convention, widget.part, widget.show, widget.ballot_id)
    widths = ANY_WIDTH if width is None else (width,)
    takes = [next(it for it in HEIGHTS if it.width <= at) for at in widths]
    return min(TALLEST, max(_height_at(night, widget, it) for it in takes))


def _height_at(night: Night, widget: Widget, takes: Heights) -> int:
    if widget.group:
        return takes.party + takes.change * min(2 * MOST_CHANGES, len(night.councils))
    if widget.council_id is not None:
        return takes.council
    if widget.show is Show.TILES:
        return takes.map + _map_height(night, widget)
    if widget.choice.is_all:
        return takes.night if widget.show is not Show.ALL else TALLEST
    rows = len(widget.choice.listed(night.councils.values(), widget.show))
    return takes.head + rows * (COMPACT_ROW if widget.choice.is_compact(rows, widget.show) else takes.row)


def _map_height(night: Night, widget: Widget) -> int:
    drawn = tile_map(night, widget.convention, of=widget.choice.of(night.councils.values()))
    square = LARGE_SQUARE if drawn.is_few else SQUARE
    abreast = ABREAST * SQUARE // square
    # A heading takes about as much as a row of its squares.
    in_groups = sum(len(group.tiles) + abreast for group in drawn.groups if group.heading) or sum(
        len(group.tiles) for group in drawn.groups
    )
    return square * (len(drawn.rows) + -(-in_groups // abreast))


def frame_html(place: Place, widget: Widget, *, height: int, width: int | None = None) -> str:
    """The ``iframe`` to paste where scripts are not allowed, in CSS pixels; without a width as wide as its place."""
    frame = Markup('<iframe src="{}" title="{}" width="{}" height="{}" frameborder="0" loading="lazy" sandbox="{}"{}>')
    narrows = "" if width is None else Markup(' style="max-width:100%"')
    source, title = f"{place.address}{widget.path}", f"{_test(place)}{widget.title}"
    return str(frame.format(source, title, width or "100%", height, SANDBOX, narrows)) + "</iframe>"


def script_html(place: Place, widget: Widget, line: str, *, width: int | None = None) -> str:
    """A placeholder with a link, and the loader that puts the widget into it."""
    return f"{placeholder_html(place, widget, line, width=width)}\n{loader_html(place.address)}"


def placeholder_html(place: Place, widget: Widget, line: str, *, width: int | None = None) -> str:
    """A link in the place of the widget, for whatever loader there is; at most ``width`` CSS pixels wide."""
    placeholder = Markup('<div data-election-embed="{}" title="{}"{}><a href="{}">{}</a></div>')
    source, title = f"{place.address}{widget.path}", f"{_test(place)}{widget.title}"
    narrows = "" if width is None else Markup(' style="max-width: {}px;"').format(width)
    return str(placeholder.format(source, title, narrows, f"{place.address}{widget.page_path}", line))


def loader_html(address: str) -> str:
    """The element that loads ``/embed.js``."""
    return str(Markup('<script async src="{}{}"></script>').format(address, LOADER.path))


def quotation_html(place: Place, widget: Widget, line: str, *, width: int, height: int) -> str:
    """A quotation and a frame, in the form that WordPress keeps: it hides the quotation once the frame has answered.

    Elsewhere the loader, which WordPress leaves out, does that.
    """
    quotation = Markup('<blockquote class="declared-embed"><a href="{}">{}</a></blockquote>').format(
        f"{place.address}{widget.page_path}", line
    )
    return str(quotation) + frame_html(place, widget, width=width, height=height) + loader_html(place.address)


def oembed_url(address: str, url: str) -> str:
    """Where oEmbed tells of ``url``, the absolute address of a page or a widget of ours."""
    return f"{address}{OEMBED.path}?{urlencode({'url': url, 'format': 'json'})}"


def oembed(
    place: Place, night: Night, widget: Widget, share: Share, *, width: int | None = None, height: int | None = None
) -> dict[str, Any]:
    """The answer of oEmbed 1.0. ``width`` and ``height`` are the most that there is room for, in CSS pixels."""
    wide = max(NARROWEST, min(WIDTH, width or WIDTH))
    natural = height_of(night, widget, wide if width is not None and width <= WIDTH else None)
    high = max(SHORTEST, min(natural, height or natural))
    line = placeholder_line(night, widget, place)
    return {
        "version": "1.0",
        "type": "rich",
        "title": share.title,
        "html": quotation_html(place, widget, line, width=wide, height=high),
        "width": wide,
        "height": high,
        "provider_name": PROVIDER,
        "provider_url": f"{place.address}/",
        "cache_age": CACHE_SECONDS,
        "thumbnail_url": share.image,
        "thumbnail_width": share.width,
        "thumbnail_height": share.height,
    }


@dataclass(frozen=True, slots=True)
class Picture:
    """A share card to download: ``1200 × 630``."""

    label: str
    measures: str
    url: str
    file: str


@dataclass(frozen=True, slots=True)
class SharePanel:
    """What a page offers to whoever wants to share it; scripts change it as options are chosen and results come.

    ``at`` is the entry of a page of the past, empty for one that shows what stands. ``link`` and ``widget`` are
    absolute addresses, ``line`` is for the wire, ``frame`` and ``script`` are to be pasted.
    """

    place: Place
    convention: Convention
    conventions: tuple[Convention, ...]
    usual_convention: str
    title: str
    link: str
    line: str
    widget: str
    frame: str
    script: str
    pictures: tuple[Picture, ...]
    regions: tuple[str, ...]
    is_night: bool
    more: str
    """Where other widgets of the same are, in other colours, with the code for every system."""
    has_socket: bool
    """Whether the widget can be told of what is new: one that cannot asks for it."""
    test: str
    at: str


def share_panel(night: Night, widget: Widget, place: Place, line: str = "") -> SharePanel:
    """The panel of a page, with every option as it is without being asked for.

    ``line`` stands in the place of the widget, and says as at when it is; without it what stands there anyway.
    """
    election, address = night.election, place.address
    told = f"{_test(place)}{line}" if line else placeholder_line(night, widget, place)
    line = f"{_test(place)}{line}" if line else line_of(night, widget, place)
    flash = newest_flash(night, widget.convention) if widget.is_of_night else None
    return SharePanel(
        place=place,
        convention=widget.convention,
        conventions=tuple(election.conventions.values()),
        usual_convention=election.convention,
        title=widget.title,
        link=f"{address}{widget.page_path}",
        line=f"{_test(place)}{flash}" if flash else line,
        widget=f"{address}{widget.path}",
        frame=frame_html(place, widget, height=height_of(night, widget)),
        script=script_html(place, widget, told),
        pictures=tuple(_picture(place, widget, size) for size in CardSize),
        regions=tuple(regions(night.councils.values())) if widget.is_of_night else (),
        is_night=widget.is_of_night,
        more=customiser_url(widget),
        has_socket=not widget.group,
        test=_test(place),
        at="" if widget.at is None else str(widget.at),
    )


def customiser_url(widget: Widget) -> str:
    """The page on which an editor chooses how a widget looks, with this one chosen."""
    kind, of = ("overview", {}) if widget.council_id is None else ("council", {"council": widget.council_id})
    if widget.ballot_id:
        kind, of = "contest", {**of, "contest": widget.ballot_id}
    if widget.group:
        kind, of = "party", {"party": widget.group}
    chosen = widget.convention.key if widget.convention.key != widget.election.convention else ""
    convention = {"convention": chosen} if chosen else {}
    return f"{CUSTOMISER.path}?{urlencode({'election': widget.election.slug, 'widget': kind, **of, **convention})}"


def _called(widget: Widget) -> str:
    """``medway``, ``kent-2023-PP53``: in the name of a file."""
    slug = widget.election.slug
    return widget.council_id or (element_id(slug, widget.group) if widget.group else slug)


def _picture(place: Place, widget: Widget, size: CardSize) -> Picture:
    """The newest card at the time of the download, unless the widget is of the past: then the one of that time."""
    path, _, query = widget.page_path.partition("?")
    measures = MEASURES[size]
    return Picture(
        label=size.value.capitalize(),
        measures=f"{measures.width} × {measures.height}",
        url=f"{path}/card.png?size={size.value}{'&' if query else ''}{query}",
        file=f"{'TEST-' if place.rehearsal else ''}{_called(widget)}-{size.value}.png",
    )
