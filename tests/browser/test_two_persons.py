"""A keyer, a checker, two editors at the desk at once, and a reader: what takes two persons, in real browsers."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE, WIDE, assert_accessible
from tests.browser.test_desk import DESK, NIGHT, SLUG, Person, a_night, newest, signed_in, ward
from tests.running import Server, declare

Team = Callable[..., Person]


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Iterator[Server]:
    with a_night(tmp_path_factory.mktemp("two")) as running:
        with running.client() as client:
            for body in NIGHT[:12]:
                declare(client, body)
        yield running


@pytest.fixture
def team(night: Server, context_of) -> Iterator[Team]:
    """Makes people who are signed in; whatever a page of theirs is answered with is kept in ``received``."""
    made: list[Person] = []

    def make(name: str, **options: Any) -> Person:
        context: BrowserContext = context_of(**options)
        made.append(signed_in(night, context, name))
        return made[-1]

    yield make
    assert not [fault for person in made for fault in person.faults]


def reads(night: Server, context_of, ballot_id: str) -> Page:
    """Somebody who watches the public page of a ward."""
    page: Page = context_of().new_page()
    page.goto(f"{night.url}/elections/{SLUG}/contests/{ballot_id}")
    expect(page.locator("[data-live-pill]").first).to_have_text("Live")
    return page


def with_more(body: dict[str, Any], more: int) -> dict[str, Any]:
    """The same with so many votes more for whoever stands first."""
    first = next(iter(body["votes"]))
    return {**body, "votes": {**body["votes"], first: body["votes"][first] + more}}


def sends(person: Person, body: dict[str, Any], query: str = "") -> None:
    person.opens(body, query)
    person.types(body)
    person.sends_until(person.page.locator("#done, #disputed"))


def test_declaring_alone_over_a_colleague_asks_and_tells_them(night: Server, team: Team, context_of) -> None:
    body = ward("barton")
    ann, eve, reader = team("ann"), team("eve"), reads(night, context_of, body["ballot_id"])
    sends(ann, body)
    eve.opens(body)
    eve.types(with_more(body, 9))
    expect(eve.page.locator("#review")).to_contain_text("Canterbury")
    box = eve.page.locator("input[name=confirm][value=W19]")
    alone = eve.page.get_by_role("button", name="Declare alone")
    eve.presses_until("Declare alone", eve.page.locator("#review:has-text('W19')"))
    expect(eve.page.locator("#review")).to_contain_text("ann keyed this differently in 1 field.")
    assert_accessible(eve.page, part="#review")
    box.check()
    alone.click()
    expect(eve.page.locator("#done")).to_contain_text("Declared")
    expect(eve.main).to_contain_text("confirmed by eve: W19")
    expect(reader.locator("main")).to_contain_text(f"{with_more(body, 9)['votes'][next(iter(body['votes']))]:,}")

    told = ann.goes_to(DESK).locator("[data-overruled]")
    expect(told).to_contain_text("Barton: eve declared it")
    assert_accessible(ann.page, part="[data-overruled]")
    ann.goes_to(f"{DESK}/contests/{ward('chestfield')['ballot_id']}")
    first = ann.page.locator("[data-votes]").first
    first.fill("12")
    told.get_by_role("button").click()
    expect(told).to_have_count(0)
    expect(first).to_have_value("12")
    ann.goes_to(DESK)
    expect(told).to_have_count(0)


def test_a_correction_is_made_by_two_before_a_readers_eyes(night: Server, team: Team, context_of) -> None:
    body = ward("gillingham-south")
    more, first = with_more(body, 7), next(iter(body["votes"]))
    eve, bob, ann = team("eve"), team("bob", viewport=PHONE), team("ann")
    reader = reads(night, context_of, body["ballot_id"])
    eve.opens(body)
    eve.page.get_by_role("link", name="Correct it").click()
    eve.field("reason").fill("A bundle was counted twice.")
    eve.field(f"votes.{first}").fill(str(more["votes"][first]))
    expect(eve.page.locator("#review")).to_contain_text("Medway")
    eve.sends_until(eve.page.locator("#done"))
    expect(eve.page.locator("#done")).to_contain_text("Handed in")
    expect(eve.main).to_contain_text("eve corrects entry")
    assert_accessible(eve.page, scheme="light")
    log = newest(night).entry.seq
    for person in (ann, bob):
        person.opens(body)
        expect(person.main).to_contain_text("A bundle was counted twice.")
        assert f"{more['votes'][first]:,}" not in person.page.content()
    expect(ann.page.get_by_role("link", name="Check it")).to_have_count(0)

    bob.goes_to(f"{DESK}/queue")
    bob.page.get_by_role("link", name=re.compile("Check Gillingham South")).click()
    expect(bob.page.locator("h2").first).to_contain_text("Check the correction of entry")
    assert not bob.page.locator("[data-votes]").evaluate_all("all => all.map(it => it.value).join('')")
    assert_accessible(bob.page, scheme="dark")
    assert bob.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    bob.types(more)
    bob.page.get_by_role("button", name=re.compile("^Check the correction of")).click()
    expect(bob.page.locator("#done")).to_contain_text("Declared")
    made = newest(night).entry
    assert (made.seq, made.kind, made.author, made.checker) == (log + 1, "correction", "eve", "bob")
    expect(reader.locator("main")).to_contain_text("A bundle was counted twice.")


def test_a_withdrawal_is_confirmed_by_another(night: Server, team: Team) -> None:
    eve, bob = team("eve"), team("bob")
    seq = 6
    page = eve.goes_to(f"{DESK}/entries/{seq}/withdraw")
    eve.field("reason").fill("Read out too early.")
    expect(page.locator("#review")).to_contain_text("No longer elected")
    eve.presses_until("Send the withdrawal to be checked", page.locator("#done"))
    expect(eve.main).to_contain_text("eve withdraws entry")
    bob.goes_to(f"{DESK}/queue")
    bob.page.get_by_role("link", name="Check Fort Horsted").click()
    expect(bob.main).to_contain_text("eve asks for this: “Read out too early.”")
    expect(bob.page.locator("#review")).to_contain_text("No longer elected")
    assert_accessible(bob.page, scheme="light")
    bob.presses_until("Confirm: withdraw it", bob.page.locator("#done"))
    made = newest(night).entry
    assert (made.kind, made.replaces, made.author, made.checker) == ("withdrawal", seq, "eve", "bob")


def test_a_dispute_is_seen_by_an_editor_and_by_neither_of_the_two(night: Server, team: Team) -> None:
    body = ward("chestfield")
    wrong, first = with_more(body, 9), next(iter(body["votes"]))
    mine, theirs = (f"{it['votes'][first]:,}" for it in (wrong, body))
    ann, bob, eve, zoe = (team(name) for name in ("ann", "bob", "eve", "zoe"))
    sends(ann, wrong)
    expect(ann.page.locator("#done")).to_contain_text("Handed in")
    sends(bob, body)
    expect(bob.page.locator("#disputed")).to_contain_text("differently")
    with night.client() as client:
        recount = {"kind": "status", "ballot_id": body["ballot_id"], "status": "recount", "note": "A bundle is missing"}
        declare(client, recount)
    eve.goes_to(f"{DESK}/queue")
    expect(eve.main).to_contain_text("Recount since")
    eve.page.get_by_role("button", name="See both versions of Chestfield").click()
    table = eve.page.locator(".versions-table")
    expect(table.locator("tr.is-different")).to_have_count(1)
    expect(table).to_contain_text(mine)
    expect(table).to_contain_text(theirs)
    expect(eve.main).to_contain_text("A bundle is missing")
    for size, scheme in ((WIDE, "light"), (PHONE, "dark")):
        eve.page.set_viewport_size(size)
        assert_accessible(eve.page, part=".versions-table", scheme=scheme)
        assert eve.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    for person, other in ((ann, theirs), (bob, mine)):
        for path in ("", "/queue", "/queue?part=list", f"/contests/{body['ballot_id']}", "/night.json"):
            answer = person.context.request.get(night.url + DESK + path)
            assert answer.ok
            assert_nothing_of(other, f"{answer.headers} {answer.text()}")
    zoe.opens(body)
    zoe.types(body)
    zoe.sends()
    expect(zoe.page.locator("#review")).to_contain_text("W18")


def assert_nothing_of(figure: str, answer: str) -> None:
    for written in (figure, figure.replace(",", "")):
        assert not re.search(rf"(?<![\d,-]){re.escape(written)}(?![\d,])", answer)


def test_all_of_somebodys_is_withdrawn_together(night: Server, team: Team) -> None:
    eve = team("eve")
    page = eve.goes_to(f"{DESK}/keyed-by/token:tests")
    expect(page.locator("h1")).to_contain_text("Keyed by")
    for size, scheme in ((WIDE, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        assert_accessible(page, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
