"""What stands around a page that is asked for: where it is, and its frame."""

from starlette.requests import Request

from app.pages.embed.embedding import SharePanel, oembed_url
from app.pages.frame import PageFrame
from app.pages.sharing import Place, Share
from app.web.parts import Asked, Shown, not_current_line, own_address
from app.web.past import as_at_of, past_of


def place_of(request: Request, asked: Asked) -> Place:
    """Where the page is, and which moment it shows."""
    return Place(
        own_address(request),
        asked.publication.epoch,
        rehearsal=asked.parts.settings.rehearsal,
        at=asked.at,
        time=asked.publication.time_of(asked.night.seq),
    )


def frame_of(
    asked: Asked,
    place: Place,
    shown: Shown,
    share: Share,
    panel: SharePanel | None = None,
    council_id: str | None = None,
) -> PageFrame:
    """The frame of a page about the night, or about one of its councils."""
    return PageFrame(
        shown.night.election,
        live_url=shown.live_url,
        canonical_url=share.canonical,
        rehearsal=place.rehearsal,
        not_current=not_current_line(asked),
        past=past_of(asked, share.canonical),
        as_at=as_at_of(asked, shown.night, council_id),
        share=share,
        oembed=oembed_url(place.address, share.url),
        panel=panel,
        convention=asked.chosen,
    )
