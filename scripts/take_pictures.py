# ruff: noqa: INP001  # a script, run by its name
"""Takes every picture of a page in docs/images, of the Kent night, in a browser that nobody sees.

make pictures                    # all of them: a minute or two
make pictures ARGS="council"     # one, or some

A picture has the size that stands here, whatever is on it, and is of so few colours that it stays small.
"""

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.bundles.reading import read_bundle  # noqa: E402
from app.domain.election import Election  # noqa: E402
from app.domain.second_check import Disputed, Keying  # noqa: E402
from app.domain.subject import Subject  # noqa: E402
from app.store import keyed, sessions, staff  # noqa: E402
from app.store.engine import Store  # noqa: E402
from tests.browser.test_desk import NIGHT, PASSWORD, PEOPLE, SLUG  # noqa: E402
from tests.logged import server_after, write_night  # noqa: E402
from tests.running import KENT, Server, declare, load  # noqa: E402

IMAGES = ROOT / "docs" / "images"
LARGEST = 150_000
"""Bytes of a picture."""
COLOURS = 256

ELECTION = f"/elections/{SLUG}"
DESK = f"/desk/{SLUG}"
WHOLE, LATE, MIDWAY, BEFORE_THE_FLIP = len(NIGHT), 262, 138, 21

DESKTOP, DESK_SIZE, PHONE, FULL_HD = (1440, 900), (1280, 760), (390, 844), (1920, 1080)
ON_AIR = "linear-gradient(#9fc5e8 55%, #5b8c4a 55%)"
"""What stands for the picture under a lower third."""

Taken = Callable[[Browser, Path], Image.Image]


# A night, and a page of it


@contextmanager
def a_page(browser: Browser, server: Server, address: str, size: tuple[int, int], **options: Any) -> Iterator[Page]:
    """A page that has been drawn, and that is live where it can be."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
    page = context.new_page()
    page.goto(server.url + address)
    for pill in page.locator("[data-live-pill]:visible").all():
        expect(pill).to_have_attribute("data-state", "live")
    page.evaluate("document.fonts.ready")
    yield page
    context.close()


def seen(page: Page) -> Image.Image:
    """What is seen of a page without scrolling."""
    return Image.open(io.BytesIO(page.screenshot(animations="disabled")))


def part(page: Page, selector: str, width: int, height: int) -> Image.Image:
    """From where an element begins, so much of the page; a little of what is round it."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None, f"{page.url} has no {selector}"
    left, top = round(max(0, box["x"] - 12)), round(box["y"] - 8)
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled")))
    return whole.crop((left, top, left + width, top + height))


def of_night(
    declared: int, address: str, size: tuple[int, int] = DESKTOP, at: tuple[str, int, int] | None = None, **options: Any
) -> Taken:
    """A page of Kent after so many declarations, or of it ``at`` an element so much."""

    def take(browser: Browser, folder: Path) -> Image.Image:
        with server_after(declared, folder) as server, a_page(browser, server, address, size, **options) as page:
            return seen(page) if at is None else part(page, *at)

    return take


# Pictures that take more than looking


def _found(name: str) -> dict[str, Any]:
    """What was declared of a ward."""
    return next(body for body in NIGHT if f".{name}." in body["ballot_id"])


SEASALTER, DECIDING = _found("seasalter")["ballot_id"], _found("northfleet-and-springhead")
TO_COME = [body for body in NIGHT[MIDWAY:] if body is not DECIDING]
WAITING, DISPUTED, IN_RECOUNT = TO_COME[:40:4], 2, TO_COME[2:14:4]
"""At the desk; of those that wait the first are disputed."""


def corrected(browser: Browser, folder: Path) -> Image.Image:
    """Made up: two candidates of a ward exchanged, and then as they were."""
    body = NIGHT[WHOLE - 1]
    (first, most), (second, fewer), *others = body["votes"].items()
    wrong = {**_as_announced(body), "votes": {first: fewer, second: most, **dict(others)}, "at": body["at"]}
    later = (datetime.fromisoformat(body["at"]) + timedelta(minutes=11)).isoformat()
    with server_after(WHOLE - 1, folder) as server:
        with server.client() as client:
            seq = declare(client, wrong)["seq"]
            reason = "Two candidates were exchanged when this was keyed"
            declare(
                client, {**_as_announced(body), "kind": "correction", "replaces": seq, "reason": reason, "at": later}
            )
        with a_page(browser, server, f"{ELECTION}/contests/{body['ballot_id']}", (1100, 900)) as page:
            return part(page, ".contest-columns", 1060, 520)


def on_air(browser: Browser, folder: Path) -> Image.Image:
    """Lower third and ticker over a picture."""
    with server_after(LATE, folder) as server, a_page(browser, server, f"/broadcast/{SLUG}", FULL_HD) as page:
        page.evaluate("ground => document.documentElement.style.background = ground", ON_AIR)
        return seen(page).resize((1280, 720), Image.Resampling.LANCZOS)


def flip_on_air(browser: Browser, folder: Path) -> Image.Image:
    """The screen while a council changes hands."""
    with (
        server_after(BEFORE_THE_FLIP, folder) as server,
        a_page(browser, server, f"/broadcast/{SLUG}", FULL_HD) as page,
        server.client() as client,
    ):
        declare(client, NIGHT[BEFORE_THE_FLIP])
        expect(page.locator(".air-flip")).to_be_visible()
        return seen(page).resize((1280, 720), Image.Resampling.LANCZOS)


def _tonight() -> tuple[Election, list[dict[str, Any]]]:
    """The election and its night so far, as if it were going on: what is expected then is due or overdue now."""
    election = read_bundle(KENT).election
    later = datetime.now(UTC) - datetime.fromisoformat(NIGHT[MIDWAY - 1]["at"])

    def shifted(at: datetime | None) -> datetime | None:
        return at and at + later

    councils = {
        it.council_id: replace(
            it,
            expected_at=shifted(it.expected_at),
            contests=tuple(replace(each, expected_at=shifted(each.expected_at)) for each in it.contests),
        )
        for it in election.councils.values()
    }
    night = [{**body, "at": (datetime.fromisoformat(body["at"]) + later).isoformat()} for body in NIGHT[:MIDWAY]]
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date()
    return replace(election, polling_date=yesterday, councils=councils), night


@contextmanager
def at_the_desk(browser: Browser, folder: Path, name: str, address: str) -> Iterator[Page]:
    """A page of the desk in the middle of a night, with work for everybody."""
    server = Server(f"sqlite:///{folder / 'night.db'}", bundle=None)
    election, night = _tonight()
    load(server.database, election)
    write_night(server.database, election, night)
    with Store.open(server.database) as store, store.writing() as connection:
        for person, role in PEOPLE.items():
            staff.add_staff(connection, person, staff.Role(role), PASSWORD)
        token = sessions.open_session(connection, name, now=datetime.now(UTC))
        for place, body in enumerate(_as_announced(it) for it in WAITING):
            since = datetime.now(UTC) - timedelta(minutes=3 * place)
            subject, ann = Subject("ward", body["ballot_id"]), Keying("ann", body, frozenset(), since, MIDWAY)
            keyed.begin(connection, SLUG, subject, ann, key=None)
            if place < DISPUTED:
                other = {**body, "votes": {it: votes + 90 for it, votes in body["votes"].items()}}
                keyed.keep(connection, SLUG, Disputed(subject, ann, Keying("bob", other, frozenset(), since, MIDWAY)))
    cookie = {"name": "declared", "value": token, "domain": "127.0.0.1", "path": "/", "sameSite": "Lax"}
    state = {"cookies": [{**cookie, "expires": -1, "httpOnly": True, "secure": False}], "origins": []}
    with server, server.client() as client:
        for body in IN_RECOUNT:
            declare(client, {"kind": "status", "ballot_id": body["ballot_id"], "status": "recount"})
        with a_page(browser, server, address, DESK_SIZE, storage_state=state) as page:
            expect(page.locator("[data-desk-pill]")).to_have_text("Live")
            yield page


def _as_announced(body: dict[str, Any]) -> dict[str, Any]:
    """Without who was elected: the desk finds that itself."""
    return {key: value for key, value in body.items() if key in {"kind", "ballot_id", "votes", "ballots"}}


def desk_board(browser: Browser, folder: Path) -> Image.Image:
    """What needs a person, and every council as a line."""
    with at_the_desk(browser, folder, "eve", DESK) as page:
        return seen(page)


def desk_entry(browser: Browser, folder: Path) -> Image.Image:
    """The form of a ward that decides its council, filled in."""
    with at_the_desk(browser, folder, "ann", f"{DESK}/contests/{DECIDING['ballot_id']}") as page:
        for candidacy_id, votes in DECIDING["votes"].items():
            page.locator(f'[data-votes="{candidacy_id}"]').fill(str(votes))
        expect(page.locator("#review")).to_contain_text("gain from")
        return seen(page)


PICTURES: dict[str, Taken] = {
    "dashboard": of_night(WHOLE, ELECTION),
    "council": of_night(WHOLE, f"{ELECTION}/councils/medway"),
    "phone": of_night(WHOLE, ELECTION, PHONE, color_scheme="dark"),
    "broadcast": on_air,
    "broadcast-flip": flip_on_air,
    "desk-board": desk_board,
    "desk-entry": desk_entry,
    "press-councils": of_night(LATE, ELECTION, DESKTOP, at=(".column-board .board-head, #board", 800, 520)),
    "press-parties": of_night(WHOLE, ELECTION, DESKTOP, at=(".column-parties", 296, 518)),
    "press-next": of_night(MIDWAY, f"{ELECTION}/next", (1100, 900), at=("#to-watch", 1060, 428)),
    "press-lot": of_night(WHOLE, f"{ELECTION}/contests/{SEASALTER}", (1100, 900), at=(".contest-columns", 1060, 480)),
    "press-corrected": corrected,
}


def save(name: str, picture: Image.Image) -> int:
    """In few colours, those of parties first; how many bytes that are."""
    path, picture = IMAGES / f"{name}.png", picture.convert("RGB")
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in _colours(picture)[:COLOURS] for part in colour])
    picture.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    assert size < LARGEST, f"{path.name} has {size:,} bytes"
    return size


def _colours(picture: Image.Image) -> list[tuple[int, ...]]:
    """By how much is of them, and how strong they are: a grey has another beside it, a party has not."""
    found = picture.getcolors(picture.width * picture.height) or []
    counted = [(number, colour) for number, colour in found if isinstance(colour, tuple)]
    counted.sort(key=lambda it: it[0] * (1 + max(it[1]) - min(it[1])), reverse=True)
    return [colour for _, colour in counted]


def main(*names: str) -> None:
    """Take the pictures of those names, or all."""
    installed = os.environ.get("DECLARED_TEST_CHROMIUM") or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=["--no-sandbox", "--disable-lcd-text"])
        for name in names or PICTURES:
            with tempfile.TemporaryDirectory() as folder:
                picture = PICTURES[name](browser, Path(folder))
            sys.stdout.write(f"{name}.png: {picture.width} × {picture.height}, {save(name, picture):,} bytes\n")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
