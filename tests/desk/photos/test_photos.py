"""Photos of the sheet: what is taken for one, what is kept of it, and who gets to see it."""

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.desk.photos.picture import LARGEST, LONGEST_SIDE, NotAPhoto, cleaned
from app.store import photos, reporting
from app.store.audit import Actor
from app.store.photos import PhotoFiles
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH = a_contest("north"), a_contest("south")
HARBOUR = a_contest("harbour", council_id="elsewhere")
ELECTION = an_election(a_council(NORTH, SOUTH), a_council(HARBOUR, council_id="elsewhere"))
SLUG = ELECTION.slug
DESK = f"/desk/{SLUG}"
WARD = f"{DESK}/contests/{NORTH.ballot_id}"
GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("photos"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    """Its reporter reports from Testshire alone."""
    with desk_on(ready, tmp_path) as opened:
        with opened.store.writing() as connection:
            reporting.set_councils(connection, SLUG, "reporter", ["testshire"])
        yield opened


def a_photo(form: str = "JPEG", *, size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    made = BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(made, form, **options)
    return made.getvalue()


def from_a_phone() -> bytes:
    """Held upright, with where it was taken and by what."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = 6, "Phone"
    exif.get_ifd(GPS)[2] = (51.0, 16.0, 12.0)
    return a_photo(exif=exif, comment=b"Ann's phone")


def sends(desk: Desk, who: str, content: bytes, address: str = WARD, *, called: str = "sheet.jpg", **form: str) -> Any:
    return desk.signed_in(who).post(f"{address}/photos", files={"photo": (called, content)}, data=form)


def files_of(desk: Desk) -> list[Path]:
    folder = Path(f"{desk.store.file}.photos")
    return sorted(folder.iterdir()) if folder.exists() else []


def shown(desk: Desk, who: str, photo_id: int = 1) -> Any:
    return desk.signed_in(who).get(f"{DESK}/photos/{photo_id}")


def now() -> datetime:
    return datetime.now(UTC)


def age(file: Path) -> None:
    """Makes a file two hours old."""
    then = time.time() - 7200
    os.utime(file, (then, then))


def test_a_reporters_photo_is_beside_the_form_for_whoever_checks_and_no_figure_of_the_other(desk: Desk):
    sent = sends(desk, "reporter", a_photo())
    assert (sent.status_code, sent.headers["location"]) == (303, f"{WARD}#photos")
    votes = {f"votes.{name}": str(number) for name, number in votes_for(NORTH, LAB, CON).items()}
    script = desk.signed_in("reporter", Accept="application/json")
    assert script.post(WARD, data={**votes, "key": "one", "action": "key"}).json()["outcome"] == "waiting"
    page = desk.signed_in("checker").get(WARD).text
    assert f'src="{DESK}/photos/1"' in page
    assert not [number for number in votes_for(NORTH, LAB, CON).values() if f"{number:,}" in page]
    assert shown(desk, "checker").status_code == 200


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_known_by_what_it_holds_and_kept_as_a_jpeg(desk: Desk, form: str):
    assert sends(desk, "reporter", a_photo(form), called="sheet.txt").status_code == 303
    answer = shown(desk, "keyer")
    assert answer.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("JPEG", (400, 300))


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        a_photo("GIF"),
        a_photo("BMP"),
        a_photo()[:2000],
        a_photo("PNG")[:2000],
        b"\xff\xd8\xff\xe0",
    ],
    ids=["html", "svg", "gif", "bmp", "half a jpeg", "half a png", "a beginning"],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(desk: Desk, content: bytes):
    refused = sends(desk, "reporter", content, called="sheet.jpg")
    assert (refused.status_code, "send a JPEG, PNG or WebP" in refused.text) == (422, True)
    assert files_of(desk) == []


def test_nothing_is_kept_of_where_and_with_what_it_was_taken():
    made = cleaned(from_a_phone())
    with Image.open(BytesIO(made)) as image:
        assert image.size == (300, 400), "upright"
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}
    assert b"Phone" not in made
    assert b"phone" not in made


def test_a_large_photo_is_made_smaller_and_a_monstrous_one_is_not_decoded():
    with Image.open(BytesIO(cleaned(a_photo(size=(4000, 3000), quality=60)))) as image:
        assert image.size == (LONGEST_SIDE, 1800)
    bomb = BytesIO()
    Image.new("1", (8000, 8000)).save(bomb, "PNG")
    with pytest.raises(NotAPhoto, match="16 million pixels"):
        cleaned(bomb.getvalue())


@pytest.mark.parametrize("more", [1, 1024 * 1024])
def test_more_than_two_megabytes_are_refused_with_what_to_do(desk: Desk, more: int):
    refused = sends(desk, "reporter", a_photo().ljust(LARGEST + more, b"\0"))
    assert (refused.status_code, "Take it at a lower setting" in refused.text) == (413, True)
    assert files_of(desk) == []


def test_a_photo_is_given_out_for_looking_at_and_for_no_cache(desk: Desk):
    sends(desk, "reporter", a_photo())
    headers = shown(desk, "checker").headers
    assert headers["cache-control"] == "private, no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert desk.client(Accept="*/*", **{"Sec-Fetch-Dest": "image"}).get(f"{DESK}/photos/1").status_code in {303, 401}


def test_a_reporter_neither_sees_nor_sends_photos_of_other_councils(desk: Desk):
    harbour = f"{DESK}/contests/{HARBOUR.ballot_id}"
    sends(desk, "keyer", a_photo(), harbour)
    assert shown(desk, "reporter").status_code == 404
    assert sends(desk, "reporter", a_photo(), harbour).status_code == 403
    assert desk.signed_in("reporter").post(f"{DESK}/photos/1/remove").status_code == 404


def test_the_same_photo_sent_twice_is_one(desk: Desk):
    content = a_photo()
    for _ in range(2):
        assert sends(desk, "reporter", content).status_code == 303
    assert len(files_of(desk)) == 1
    assert shown(desk, "keyer", 2).status_code == 404


def test_a_photo_is_taken_away_with_its_file_by_who_sent_it_or_an_editor(desk: Desk):
    same = a_photo()
    for contest in (NORTH, SOUTH):
        sends(desk, "reporter", same, f"{DESK}/contests/{contest.ballot_id}")
    sends(desk, "keyer", a_photo())
    remove = "{}/photos/{}/remove".format
    assert desk.signed_in("checker").post(remove(DESK, 3)).status_code == 403
    assert desk.signed_in("editor").post(remove(DESK, 3)).status_code == 303
    for photo_id, left in ((1, 1), (2, 0)):
        assert desk.signed_in("reporter").post(remove(DESK, photo_id)).status_code == 303
        assert len(files_of(desk)) == left, "until nobody names it"
    assert "/photos/1" not in desk.signed_in("keyer").get(WARD).text


def test_photos_are_in_the_audit(desk: Desk):
    sends(desk, "reporter", a_photo())
    desk.signed_in("editor").post(f"{DESK}/photos/1/remove")
    page = desk.signed_in("editor").get("/desk/audit").text
    assert "Photo of the sheet" in page
    assert "Photo taken away" in page


def test_a_file_is_on_the_disk_before_its_row_and_a_full_disk_says_so(desk: Desk, tmp_path: Path):
    Path(f"{desk.store.file}.photos").write_text("in the way of the folder")
    refused = sends(desk, "reporter", a_photo())
    assert (refused.status_code, "could not be kept" in refused.text) == (503, True)
    with desk.store.reading() as connection:
        assert photos.photos(connection, SLUG, NORTH.ballot_id) == []


def test_a_ward_has_twelve_photos_at_most(desk: Desk):
    with desk.store.writing() as connection:
        for number in range(12):
            digest = f"{number:064x}"
            photos.add(connection, SLUG, NORTH.ballot_id, digest, by=Actor("keyer"), at=now())
    refused = sends(desk, "reporter", a_photo())
    assert (refused.status_code, "take one away first" in refused.text) == (422, True)
    assert 'type="file"' not in desk.signed_in("keyer").get(WARD).text


def test_a_form_without_a_photo_or_of_somebody_else_is_refused(desk: Desk):
    keyer = desk.signed_in("keyer")
    assert "choose one" in keyer.post(f"{WARD}/photos", files={"other": b"x"}).text
    assert "Choose a photo first" in keyer.post(f"{WARD}/photos", files={"photo": ("", b"")}).text
    assert keyer.post(f"{WARD}/photos?person=checker", files={"photo": a_photo()}).status_code == 403
    assert keyer.post(f"{WARD}/photos", data={"photo": "x"}).status_code == 422
    broken = {"Content-Type": "multipart/form-data"}
    assert keyer.post(f"{WARD}/photos", content=b"--x", headers=broken).status_code == 422


def test_readers_have_no_way_to_a_photo(desk: Desk):
    sends(desk, "reporter", a_photo())
    for address in (f"/elections/{SLUG}/contests/{NORTH.ballot_id}", f"/api/v1/elections/{SLUG}/councils/testshire"):
        assert not re.search(r"/photos/|sheet\.jpg", desk.client(Accept="*/*").get(address).text)


def test_what_no_row_names_is_swept_away_and_nothing_that_may_be_on_its_way(desk: Desk, tmp_path: Path):
    files = PhotoFiles(tmp_path / "photos")
    fresh, old, named = (files.keep(content) for content in (b"fresh", b"old", b"named"))
    with desk.store.writing() as connection:
        photos.add(connection, SLUG, NORTH.ballot_id, named, by=Actor("keyer"), at=now())
    for digest in (old, named):
        age(files.folder / f"{digest}.jpg")
    half = files.folder / ".half.unfinished"
    half.write_bytes(b"half")
    age(half)
    with desk.store.reading() as connection:
        assert photos.sweep(connection, files) == 1
    assert {file.name for file in files.folder.iterdir()} == {f"{fresh}.jpg", f"{named}.jpg"}


def test_a_file_comes_out_of_its_form_byte_for_byte(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Whatever ends a line, or a form, within it."""
    every_pair = bytes(byte for first in range(256) for second in (10, 13, 45, 255, 0) for byte in (first, second))
    content = a_photo() + b"\r\n\r\r\n--" + every_pair + b"\r\n"
    sent: list[bytes] = []

    def cleaned_of(taken: bytes) -> bytes:
        sent.append(taken)
        return cleaned(taken)

    monkeypatch.setattr("app.desk.photos.routes.cleaned", cleaned_of)
    assert sends(desk, "keyer", content).status_code == 303
    assert sent == [content]
