"""Sending a photo of a ward's sheet, looking at it, and taking it away."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.desk.addresses import entry_url
from app.desk.parts import AtDesk, SomeCouncils, reading, written
from app.desk.photos.picture import LARGEST, NotAPhoto, cleaned
from app.desk.photos.view import MOST_PHOTOS, may_remove
from app.desk.uploads import upload_of
from app.domain.subject import Subject
from app.store import photos
from app.store.photos import Photo, PhotoFiles
from app.web.errors import Problem
from app.web.signing_in.access import DeskRouter, wants_page

desk_photos = DeskRouter()

PhotoId = Annotated[int, Path(ge=1, le=2**31 - 1)]

PATIENCE = 60.0
"""Seconds for a photo to arrive: a hall full of phones has a slow network."""

TOO_LARGE = (
    f"A photo has at most {LARGEST // (1024 * 1024)} MB. Take it at a lower setting, crop it to the sheet, or switch "
    "on JavaScript for this page: then it is made smaller before it is sent."
)

NO_FOLDER = "Photos are not kept here: whoever runs the server sets a folder for them (--photos)."

FOR_LOOKING_AT = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Disposition": 'inline; filename="sheet.jpg"',
}


@desk_photos.post("/{slug}/contests/{ballot_id}/photos")
async def add_photo(request: Request, at: SomeCouncils, ballot_id: str) -> Response:
    """A photo of the sheet that a ward's result is read from."""
    slug, files = at.election.slug, _files(at)
    at.election.contest(ballot_id)
    if len(await reading(request, lambda it: photos.photos(it, slug, ballot_id))) >= MOST_PHOTOS:
        raise Problem(422, f"There are {MOST_PHOTOS} photos of this sheet already: take one away first.")
    # Few at a time: each takes tens of megabytes while it is decoded.
    async with at.parts.photo_turns:
        content = await _uploaded(request, at)
        digest = await asyncio.to_thread(_kept, files, content)
    by, now = at.signed.actor, datetime.now(UTC)
    await written(request, lambda it: photos.add(it, slug, ballot_id, digest, by=by, at=now))
    return _back(at, ballot_id) if wants_page(request) else JSONResponse({"outcome": "kept"}, 201)


@desk_photos.get("/{slug}/photos/{photo_id}")
async def show_photo(request: Request, at: SomeCouncils, photo_id: PhotoId) -> Response:
    """The photo itself, for whoever may see its ward at the desk, and for no cache."""
    photo = await _found(request, at, photo_id)
    try:
        content = await asyncio.to_thread(_files(at).read, photo.digest)
    except OSError:
        raise Problem(404, "The file of this photo is not in the folder of the photos.") from None
    return Response(content, headers=FOR_LOOKING_AT, media_type="image/jpeg")


@desk_photos.post("/{slug}/photos/{photo_id}/remove")
async def remove_photo(request: Request, at: SomeCouncils, photo_id: PhotoId) -> Response:
    """Take a photo away, with its file."""
    photo = await _found(request, at, photo_id)
    if not may_remove(photo, at.signed):
        raise Problem(403, f"Who sent a photo takes it away, or an editor: this is {photo.author}’s.")
    by = at.signed.actor
    is_last = await written(request, lambda it: photos.remove(it, at.election.slug, photo, by=by))
    if is_last:
        await asyncio.to_thread(_files(at).drop, photo.digest)
    return _back(at, photo.ballot_id)


def _files(at: AtDesk) -> PhotoFiles:
    if at.parts.photos is None:
        raise Problem(422, NO_FOLDER)
    return at.parts.photos


async def _found(request: Request, at: AtDesk, photo_id: int) -> Photo:
    photo = await reading(request, lambda it: photos.find(it, at.election.slug, photo_id))
    if photo is None or not at.covers(at.election.contest(photo.ballot_id).council_id):
        raise Problem(404, "There is no such photo.")
    return photo


async def _uploaded(request: Request, at: AtDesk) -> bytes:
    """The photo of a form; 413 and 422 for none that can be taken, 403 for a form that was made for somebody else."""
    if request.query_params.get("person", at.signed.name) != at.signed.name:
        raise Problem(403, f"This form is somebody else’s, and you are signed in as {at.signed.name}.")
    try:
        upload = await upload_of(request, "photo", "A photo", largest=LARGEST, patience=PATIENCE)
    except Problem as problem:
        raise Problem(413, TOO_LARGE) if problem.status == 413 else problem from None
    if not upload.content:
        raise Problem(422, "Choose a photo first.")
    if len(upload.content) > LARGEST:
        raise Problem(413, TOO_LARGE)
    return upload.content


def _kept(files: PhotoFiles, content: bytes) -> str:
    try:
        return files.keep(cleaned(content))
    except NotAPhoto as error:
        raise Problem(422, str(error)) from None
    except OSError as error:
        raise Problem(503, f"The photo could not be kept ({error.strerror}). Try again in a moment.") from error


def _back(at: AtDesk, ballot_id: str) -> Response:
    return RedirectResponse(f"{entry_url(at.election, Subject('ward', ballot_id))}#photos", 303)
