"""A reporter at a count with a phone, in a real browser: without a network, and with one again."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app.store import keyed, reporting, sessions, staff
from app.store.engine import Store
from tests.browser.conftest import KEEPING, assert_accessible
from tests.browser.test_desk import DESK, NIGHT, PASSWORD, PHONE, SLUG, Person, signed_in
from tests.running import Server, declare, until

COUNCIL = "medway"
EVERYBODY = {"ann": "keyer", "bob": "checker", "eve": "editor", "rita": "reporter"}


@pytest.fixture
def night(tmp_path) -> Iterator[Server]:
    """Rita reports from Medway."""
    server = Server(f"sqlite:///{tmp_path / 'night.db'}")
    with Store.open(server.database) as store, store.writing() as connection:
        for name, role in EVERYBODY.items():
            staff.add_staff(connection, name, staff.Role(role), PASSWORD)
        reporting.set_councils(connection, SLUG, "rita", [COUNCIL])
    with server:
        yield server


@pytest.fixture
def rita(night: Server, context_of) -> Iterator[Person]:
    person = signed_in(night, context_of(viewport=PHONE, **KEEPING), "rita")
    yield person
    assert not person.faults


def kept(page: Page) -> list[str]:
    """The paths of the pages that the browser has."""
    return page.evaluate(
        """async () => {
          const name = (await caches.keys()).find((one) => one.startsWith("declared-desk-pages-"));
          if (!name) return [];
          return (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);
        }"""
    )


def ready_for_no_network(page: Page) -> None:
    """Once all that the reporter is to have is kept."""
    path = f"{DESK}/offline.json"
    wanted = page.evaluate("async (path) => (await (await fetch(path)).json()).addresses", path)
    assert len(wanted) > 40
    until(lambda: set(wanted) <= set(kept(page)), "the pages of Medway are kept")


def owner(page: Page) -> str | None:
    return page.evaluate("async () => (await caches.match('/desk/.owner'))?.text()")


def waiting(server: Server) -> list[keyed.Keyed]:
    with Store.open(server.database) as store, store.reading() as connection:
        return keyed.waiting(connection, SLUG)


def medway(number: int) -> dict[str, Any]:
    body = next(body for body in NIGHT[number:] if COUNCIL in body["ballot_id"])
    return {key: value for key, value in body.items() if key in {"kind", "ballot_id", "votes"}}


def keys_offline(rita: Person, body: dict[str, Any]) -> None:
    rita.goes_to(f"{DESK}/contests/{body['ballot_id']}")
    expect(rita.page.locator(".desk-kept")).to_contain_text("Offline: as at ")
    rita.types(body)
    rita.sends()
    expect(rita.page.locator("#notice-queued")).to_contain_text("Will be sent once")


def test_wards_that_were_never_opened_are_keyed_without_a_network_and_arrive_once(night: Server, rita: Person):
    wards = [medway(number) for number in (0, 4, 9)]
    assert len({body["ballot_id"] for body in wards}) == 3
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    night.kill()
    rita.context.set_offline(True)
    for body in wards:
        keys_offline(rita, body)
    rita.page.close()
    rita.page = rita.context.new_page()
    rita.goes_to(DESK)
    expect(rita.page.locator("[data-desk-pill]")).to_have_text("No network")
    # At once, not with the next attempt to send.
    expect(rita.page.locator("#notice-outbox")).to_contain_text("Waiting for the network", timeout=1_000)
    night.start()
    rita.context.set_offline(False)
    expect(rita.page.locator(".desk-notice", has_text=re.compile(r"^Sent once: "))).to_have_count(3, timeout=30_000)
    assert sorted(one.subject.identity for one in waiting(night)) == sorted(body["ballot_id"] for body in wards)
    rita.page.reload()
    expect(rita.page.locator("#notice-outbox")).to_have_count(0)
    assert len(waiting(night)) == 3


def test_a_page_that_was_not_kept_says_so_and_lists_those_that_were(rita: Person):
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    rita.context.set_offline(True)
    rita.goes_to(f"{DESK}/queue")
    expect(rita.page.locator("h1")).to_have_text("No network")
    expect(rita.page.locator("#kept-pages a").first).to_be_visible()
    rita.context.set_offline(False)
    expect(rita.page.locator("h1")).not_to_have_text("No network", timeout=20_000)


def test_a_page_that_is_refused_is_told_as_a_page_where_pages_are_kept_too(rita: Person):
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    for path in ("/desk/staff", f"{DESK}/contests/nowhere"):
        rita.goes_to(path)
        expect(rita.page.get_by_role("link", name="Back to the desk")).to_be_visible()
    rita.context.clear_cookies()
    rita.goes_to(DESK)
    expect(rita.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_signing_out_takes_the_pages_along_with_or_without_a_network(rita: Person, night: Server):
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    rita.context.set_offline(True)
    rita.page.get_by_role("button", name="Sign out").click()
    expect(rita.page.locator("h1")).to_have_text("No network")
    expect(rita.page.get_by_text("You are not signed out yet")).to_be_visible()
    assert kept(rita.page) == []
    rita.context.set_offline(False)
    expect(rita.page.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)
    with Store.open(night.database) as store, store.reading() as connection:
        assert sessions.sessions(connection, now=datetime.now(UTC), staff_name="rita") == []


def test_pages_are_of_one_person(rita: Person, night: Server):
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    signed_in(night, rita.context, "eve")
    rita.goes_to(f"{DESK}/queue")
    until(lambda: owner(rita.page) == "eve", "the pages are Eve's")
    assert not [path for path in kept(rita.page) if path.endswith("/tally") and COUNCIL not in path]


def test_no_public_page_is_controlled(rita: Person):
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    rita.goes_to(f"/elections/{SLUG}")
    assert rita.page.evaluate("navigator.serviceWorker.controller") is None
    rita.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        rita.goes_to(f"/elections/{SLUG}")


def test_a_ward_that_was_declared_meanwhile_shows_both_sides(night: Server, rita: Person):
    body = medway(0)
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    rita.context.set_offline(True)
    keys_offline(rita, body)
    other = {**body, "votes": {name: number + 1 for name, number in body["votes"].items()}}
    with night.client() as client:
        declare(client, other)
    rita.context.set_offline(False)
    conflict = rita.page.locator("#conflict")
    expect(conflict).to_contain_text("Nothing was overwritten", timeout=30_000)
    for side in (body, other):
        expect(conflict).to_contain_text(f"{next(iter(side['votes'].values())):,}")


def test_a_note_and_a_status_wait_for_the_network_too(night: Server, rita: Person):
    body = medway(0)
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    rita.context.set_offline(True)
    rita.goes_to(f"{DESK}/contests/{body['ballot_id']}")
    rita.page.locator("#note").fill("The second bundle is counted again")
    rita.page.get_by_role("button", name="Write the note").click()
    expect(rita.page.locator("#notice-outbox")).to_contain_text("Note on")
    rita.context.set_offline(False)
    expect(rita.page.locator("[data-notes]")).to_contain_text("counted again", timeout=30_000)


def test_the_reporters_pages_are_accessible_on_a_phone(rita: Person):
    body = medway(0)
    for path in (DESK, f"{DESK}/contests/{body['ballot_id']}", f"{DESK}/contests/{body['ballot_id']}/status"):
        rita.goes_to(path)
        assert_accessible(rita.page, scheme="light")
        assert rita.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_result_that_waited_half_an_hour_says_so_where_it_is_checked(night: Server, rita: Person, context_of):
    body = medway(0)
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    rita.context.set_offline(True)
    keys_offline(rita, body)
    rita.page.evaluate(
        """() => {
          const [item] = JSON.parse(localStorage.getItem("declared.outbox"));
          localStorage.setItem("declared.outbox", JSON.stringify([{ ...item, at: item.at - 31 * 60_000 }]));
        }"""
    )
    rita.context.set_offline(False)
    until(lambda: len(waiting(night)) == 1, "it has come")
    bob = signed_in(night, context_of(), "bob")
    bob.goes_to(f"{DESK}/queue")
    expect(bob.page.locator(".queue-row")).to_contain_text(re.compile(r"sent .*\d\d:\d\d \w+, received .*\d\d:\d\d"))


def test_who_is_signed_out_meanwhile_loses_nothing(night: Server, rita: Person):
    body = medway(0)
    rita.goes_to(DESK)
    ready_for_no_network(rita.page)
    rita.context.set_offline(True)
    keys_offline(rita, body)
    rita.context.clear_cookies()
    rita.context.set_offline(False)
    expect(rita.page.locator("#notice-signed-out")).to_contain_text("What you typed is kept", timeout=30_000)
    signed_in(night, rita.context, "rita")
    rita.goes_to(DESK)
    until(lambda: len(waiting(night)) == 1, "it has come")


def test_a_photo_from_a_camera_is_made_smaller_before_it_is_sent(night: Server, rita: Person, tmp_path):
    body = medway(0)
    large = tmp_path / "IMG_0001.jpg"
    Image.effect_noise((4000, 3000), 60).convert("RGB").save(large, "JPEG", quality=95)
    assert large.stat().st_size > 4_000_000
    rita.goes_to(f"{DESK}/contests/{body['ballot_id']}")
    rita.page.locator("#photo").set_input_files(large)
    rita.page.get_by_role("button", name="Send the photo").click()
    expect(rita.page.locator("[data-said]")).to_have_text("Sent.", timeout=60_000)
    image = rita.page.locator(".photos-list img")
    image.scroll_into_view_if_needed()
    until(lambda: image.evaluate("one => one.naturalWidth") == 2400, "the photo is shown")
    rita.context.set_offline(True)
    rita.page.locator("#photo").set_input_files(large)
    rita.page.get_by_role("button", name="Send the photo").click()
    expect(rita.page.locator("[data-said]")).to_contain_text("the photo was not sent", timeout=60_000)
