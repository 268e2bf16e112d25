"""The board and the queue in real browsers: several people at once, who is at what, and nothing that jumps away."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.domain.second_check import Keying
from app.domain.subject import Subject
from app.store import claims, keyed, staff
from app.store.engine import Store
from tests.browser.conftest import WIDE, assert_accessible
from tests.browser.test_desk import DESK, NIGHT, PASSWORD, PHONE, SLUG, Person, a_night, signed_in, ward
from tests.running import Server, declare

WAITING = ("chestfield", "barton", "gorrell", "sturry")


@pytest.fixture
def night(tmp_path) -> Iterator[Server]:
    """Four wards of Canterbury wait for a check; beside the usual people there is cid, another checker."""
    with a_night(tmp_path) as running:
        with Store.open(running.database) as store, store.writing() as connection:
            staff.add_staff(connection, "cid", staff.Role.CHECKER, PASSWORD)
        with running.client() as client:
            declare(client, ward("westgate"))
        for name in WAITING:
            keys(running, name)
        yield running


def keys(server: Server, name: str, person: str = "ann") -> None:
    """``person`` keys a ward, and it waits."""
    body = ward(name)
    keying = Keying(person, body, frozenset(), datetime.now(UTC), 0)
    with Store.open(server.database) as store, store.writing() as connection:
        keyed.begin(connection, SLUG, Subject("ward", body["ballot_id"]), keying, key=None)


@pytest.fixture
def someone(night: Server, context_of) -> Iterator[Callable[..., Person]]:
    made: list[Person] = []

    def make(name: str, **options: Any) -> Person:
        made.append(signed_in(night, context_of(**options), name))
        return made[-1]

    yield make
    assert not [fault for person in made for fault in person.faults]


def claimed(server: Server) -> dict[str, str]:
    with Store.open(server.database) as store, store.reading() as connection:
        found = claims.claims(connection, SLUG, now=datetime.now(UTC))
    return {claim.person: claim.subject.identity for claim in found}


def takes_the_next(person: Person) -> str:
    person.goes_to(f"{DESK}/queue")
    person.page.get_by_role("button", name="Take the next").click()
    expect(person.page.locator("#here")).to_contain_text("You are checking this")
    return person.page.locator("h1").inner_text()


def live(page: Page) -> Page:
    expect(page.locator("[data-desk-pill]")).to_have_text("Live")
    return page


def test_two_who_take_the_next_get_different_work_and_everybody_is_told_who_is_at_it(night: Server, someone) -> None:
    bob, cid, eve = someone("bob"), someone("cid"), someone("eve")
    live(eve.goes_to(DESK))
    first, second = takes_the_next(bob), takes_the_next(cid)
    assert first != second
    assert len(set(claimed(night).values())) == 2
    expect(eve.page.locator(".need", has_text=first)).to_contain_text("bob is checking this")
    expect(eve.page.locator("#desk-people")).to_contain_text(f"bob checker {first}")
    queue = live(someone("eve").goes_to(f"{DESK}/queue"))
    expect(queue.locator(".queue-row", has_text=second)).to_contain_text("cid is checking this")
    expect(queue.locator(".queue-row", has_text=second)).to_contain_text(" left")
    # It forbids nothing: an editor opens the form, and is told.
    form = live(eve.goes_to(f"{DESK}/contests/{claimed(night)['cid']}"))
    expect(form.locator("#here")).to_contain_text("cid is checking this")
    expect(form.locator("[data-votes]").first).to_be_editable()
    form.get_by_role("button", name="Let somebody else take it").click()
    expect(form.locator("h1")).to_have_text("Second check")
    assert [*claimed(night)] == ["bob"]


def test_what_is_sent_is_let_go(night: Server, someone) -> None:
    bob = someone("bob")
    takes_the_next(bob)
    body = next(body for body in NIGHT if body["ballot_id"] == claimed(night)["bob"])
    live(bob.page)
    bob.types({name: body[name] for name in ("votes", "ballots") if name in body})
    bob.sends()
    expect(bob.page.locator("#done")).to_contain_text("Declared")
    assert claimed(night) == {}


def test_where_nothing_is_left_that_nobody_else_is_at_that_is_said(night: Server, someone) -> None:
    bob = someone("bob")
    with Store.open(night.database) as store, store.writing() as connection:
        for name in WAITING:
            subject = Subject("ward", ward(name)["ballot_id"])
            claims.take_first(connection, SLUG, [subject], "cid", now=datetime.now(UTC))
    bob.goes_to(f"{DESK}/queue")
    bob.page.get_by_role("button", name="Take the next").click()
    expect(bob.page.locator("#done")).to_contain_text("Nothing waits for you that nobody else is at.")


def test_who_else_has_the_form_open_is_told_and_never_what_they_type(someone) -> None:
    ann, eve = someone("ann"), someone("eve")
    body = ward("tankerton")
    ann.opens(body)
    ann.page.locator("[data-votes]").first.fill("98765")
    eve.opens(body)
    expect(eve.page.locator("#here")).to_contain_text("ann (keyer) has this open too.")
    expect(ann.page.locator("#here")).to_contain_text("eve (editor) has this open too.")
    assert "98765" not in eve.page.content()
    ann.goes_to(DESK)
    expect(eve.page.locator("#here")).not_to_contain_text("ann", timeout=20_000)


def test_the_order_of_the_queue_is_kept_while_it_is_refreshed(night: Server, someone) -> None:
    page = live(someone("bob").goes_to(f"{DESK}/queue"))
    page.get_by_role("link", name="By age").click()
    names = page.locator(".queue-what b")
    expect(names).to_have_text(["Chestfield", "Barton", "Gorrell", "Sturry"])
    keys(night, "tankerton")
    expect(names).to_have_text(["Chestfield", "Barton", "Gorrell", "Sturry", "Tankerton"])


def test_a_council_opens_on_the_keyboard_and_what_changes_in_it_is_shown(night: Server, someone) -> None:
    eve = someone("eve")
    page = live(eve.goes_to(DESK))
    expect(page.locator(".work-line")).to_have_count(0)
    row = page.locator("#desk-council-medway summary")
    row.focus()
    page.keyboard.press("Enter")
    line = page.locator("#desk-council-medway .work-line", has_text="Strood Rural")
    expect(line).to_contain_text("Awaited")
    with night.client() as client:
        declare(client, ward("strood-rural"))
    expect(line).to_contain_text("CON 3")
    expect(row).to_contain_text("1 of 24 wards")
    expect(row).to_be_focused()
    expect(page.locator("#desk-latest")).to_contain_text("Strood Rural (Medway)")
    page.reload()
    expect(line).to_contain_text("CON 3")


def test_nothing_moves_away_from_under_the_focus(night: Server, someone) -> None:
    eve = someone("eve")
    page = live(eve.goes_to(DESK))
    first = page.locator(".need a").first
    name = first.locator("b").inner_text()
    first.focus()
    place = first.bounding_box()
    with night.client() as client:
        declare(client, next(body for body in map(ward, WAITING) if name.lower().split()[0] in body["ballot_id"]))
    expect(page.locator(".need.is-gone")).to_contain_text(name)
    keys(night, "tankerton")
    expect(page.locator(".need").last).to_contain_text("Tankerton")
    expect(first).to_be_focused()
    assert first.bounding_box() == place
    page.locator("h1").click()
    expect(page.locator(".need.is-gone")).to_have_count(0)


def test_without_scripts_a_council_opens_by_a_link(someone) -> None:
    page = someone("eve", java_script_enabled=False).goes_to(DESK)
    page.locator("#desk-council-medway summary").click()
    page.locator("#desk-council-medway").get_by_text("Its wards").click()
    expect(page.locator("#desk-council-medway .work-line")).to_have_count(24)
    page.get_by_role("navigation", name="Show contests that are").get_by_role("link", name="To check").click()
    expect(page.locator(".work-line")).to_have_count(len(WAITING))


def test_who_wants_to_be_called_is_called_and_told_where_the_browser_refuses(night: Server, someone) -> None:
    eve = someone("eve", reduced_motion="reduce")
    page = live(eve.goes_to(DESK))
    page.get_by_text("Call me").click()
    for box in ("disputed", "a sound"):
        page.get_by_label(box).check()
    notice = page.get_by_label("a notice of this browser")
    notice.click()
    expect(page.locator("[data-calls-refused]")).to_contain_text("notices")
    expect(notice).not_to_be_checked()
    page.evaluate(
        """() => {
          globalThis.sounded = 0;
          const start = OscillatorNode.prototype.start;
          OscillatorNode.prototype.start = function (...at) { globalThis.sounded += 1; return start.apply(this, at); };
        }"""
    )
    subject = Subject("ward", ward("barton")["ballot_id"])
    with Store.open(night.database) as store, store.writing() as connection:
        waiting = keyed.find(connection, SLUG, subject)
        assert waiting is not None
        other = {**waiting.author.body, "votes": dict.fromkeys(waiting.author.body["votes"], 17)}
        keyed.keep(connection, SLUG, waiting.check(Keying("bob", other, frozenset(), datetime.now(UTC), 0)))
    expect(page.locator("#feedback")).to_contain_text("1 disputed")
    page.wait_for_function("globalThis.sounded === 2")
    page.reload()
    page.get_by_text("Call me").click()
    expect(page.get_by_label("a sound")).to_be_checked()
    expect(page.get_by_label("overdue")).not_to_be_checked()


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_everybody_can_use_board_and_queue(someone, size, scheme) -> None:
    bob = someone("bob", viewport=size)
    for path in (f"{DESK}?open=canterbury,medway", f"{DESK}/queue", f"{DESK}/contests/{ward('barton')['ballot_id']}"):
        page = live(bob.goes_to(path))
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert_accessible(page, scheme=scheme)
