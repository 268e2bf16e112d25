"""What an editor pastes for a widget: the code for every system, and the picture for a newsletter. One place writes it.

What the share panel has, with the choices of the customiser: a width, an article's colours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from markupsafe import Markup

from app.domain.night import Night
from app.pages.embed.embedding import (
    SANDBOX,
    frame_html,
    height_of,
    line_of,
    loader_html,
    placeholder_html,
    script_html,
)
from app.pages.embed.heights import WIDTH
from app.pages.embed.options import Widget
from app.pages.sharing import Place, Share
from app.wording.figures import moment

PICTURE_WIDTH = 600
"""CSS pixels of a picture in a newsletter: what most of them are wide."""


CODES = MappingProxyType(
    {
        "script": ("Script", "the frame grows with its content; a link where there are no scripts"),
        "frame": ("Frame", "where scripts are not allowed; of one height"),
        "address": ("WordPress, Ghost", "alone on its line; they ask us for the rest (oEmbed), and choose the width"),
        "placeholder": (
            "Placeholder",
            "where the theme has the loader, below: Drupal, Arc XP, authors in WordPress who may not post scripts",
        ),
        "loader": ("Loader", "once, in the theme of that site"),
        "amp": ("AMP", "with AMP’s amp-iframe script in the head; our address has to be https"),
        "newsletter": (
            "Newsletter",
            "a picture of this moment with its words, for an e-mail: copy it again later",
        ),
    }
)
"""By their keys, which are in element ids: for which system a code is, and what to know there."""


@dataclass(frozen=True, slots=True)
class Code:
    """Something to paste: an element id, where it goes, what to know there, and the text itself."""

    key: str
    label: str
    note: str
    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """A widget as it is to be pasted; ``at`` is the time of its last entry, ``width`` CSS pixels, or None."""

    place: Place
    night: Night
    widget: Widget
    share: Share
    at: datetime | None
    width: int | None = None

    @property
    def line(self) -> str:
        """What stands in its place."""
        return line_of(self.night, self.widget, self.place)

    @property
    def height(self) -> int:
        """Of its frame until it has told its own, in CSS pixels."""
        return height_of(self.night, self.widget, self.width)

    def codes(self) -> Iterator[Code]:
        """For every system, the usual ones first."""
        place, widget, width = self.place, self.widget, self.width
        texts = {
            "script": script_html(place, widget, self.line, width=width),
            "frame": frame_html(place, widget, height=self.height, width=width),
            "address": f"{place.address}{widget.path}",
            "placeholder": placeholder_html(place, widget, self.line, width=width),
            "loader": loader_html(place.address),
            "amp": self.amp_html(),
            "newsletter": self.newsletter_html(),
        }
        for key, (label, note) in CODES.items():
            yield Code(key, label, note, texts[key])

    @property
    def picture(self) -> str:
        """The path of the picture in a newsletter: that of this moment, which stays as it is."""
        return self.share.image.removeprefix(self.place.address)

    @property
    def picture_file(self) -> str:
        """What it is called when it is saved."""
        return f"{self.widget.election.slug}-{self.widget.council_id or self.widget.part}.png"

    def amp_html(self) -> str:
        """For an AMP page, which knows the message that tells the height."""
        source, title = f"{self.place.address}{self.widget.path}", self.share.title
        frame = Markup(
            '<amp-iframe src="{}" title="{}" width="{}" height="{}" layout="responsive" sandbox="{}" frameborder="0"'
            ' resizable><p placeholder><a href="{}">{}</a></p>'
            '<div overflow tabindex="0" role="button" aria-label="Show all of it">Show all of it</div></amp-iframe>'
        )
        page = f"{self.place.address}{self.widget.page_path}"
        return str(frame.format(source, title, self.width or WIDTH, self.height, SANDBOX, page, self.line))

    def newsletter_html(self) -> str:
        """The share card as a link, what it shows in words for whoever sees no pictures, and the line below it."""
        share, at = self.share, self.at
        when = f" (as at {moment(self.night.election, at)})" if at is not None else ""
        picture = Markup(
            '<a href="{}"><img src="{}" width="{}" height="{}" alt="{}"'
            ' style="display:block;width:100%;max-width:{}px;height:auto;border:0"></a>\n'
            '<p><a href="{}">{}</a>{}</p>'
        )
        high = PICTURE_WIDTH * share.height // share.width
        page = f"{self.place.address}{self.widget.page_path}"
        measures = PICTURE_WIDTH, high, share.alt, PICTURE_WIDTH
        return str(picture.format(page, share.image, *measures, page, self.line, when))
