"""The photos of a ward's sheet, as they stand beside its form."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from app.desk.addresses import desk_url, entry_url
from app.domain.election import Election
from app.domain.subject import Subject
from app.store.photos import Photo
from app.web.signing_in.access import Signed
from app.wording import sentences

MOST_PHOTOS = 12
"""Of one ward: a sheet has few pages."""


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo as one person sees it: at ``address``, taken away at ``removal``, empty where they may not."""

    photo_id: int
    address: str
    when: str
    author: str
    removal: str


@dataclass(frozen=True, slots=True)
class PhotosBeside:
    """The photos beside a form, and where another one is sent; ``address`` is empty where there is room for none."""

    photos: tuple[ShownPhoto, ...]
    address: str


def photos_beside(election: Election, ballot_id: str, photos: Iterable[Photo], signed: Signed) -> PhotosBeside:
    """``photos`` of a contest as who is signed in sees them."""
    base = f"{desk_url(election)}/photos"
    shown = tuple(
        ShownPhoto(
            photo_id=photo.photo_id,
            address=f"{base}/{photo.photo_id}",
            when=sentences.clock(election, photo.at),
            author=photo.author,
            removal=f"{base}/{photo.photo_id}/remove" if may_remove(photo, signed) else "",
        )
        for photo in photos
    )
    address = f"{entry_url(election, Subject('ward', ballot_id))}/photos?person={quote(signed.name)}"
    return PhotosBeside(shown, address if len(shown) < MOST_PHOTOS else "")


def may_remove(photo: Photo, signed: Signed) -> bool:
    """Whether who is signed in may take ``photo`` away: who sent it, and editors."""
    return signed.may_edit or photo.author == signed.name
