"""The desk in real browsers: a keyer, a checker, editors, and readers who watch the public page meanwhile."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.store import catalogue, keyed, loading, log, sessions, staff
from app.store.engine import Store
from tests.browser.conftest import KEEPING, WIDE, assert_accessible
from tests.logged import server_after
from tests.running import KENT, Server, declare, until

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
SLUG = "kent-2023"
DESK = f"/desk/{SLUG}"
PASSWORD = "long enough for a night"
PEOPLE = {"ann": "keyer", "bob": "checker", "eve": "editor", "zoe": "editor"}
WAITS = "Waiting for the network. Will be sent once."
PHONE = {"width": 360, "height": 740}


def ward(name: str) -> dict[str, Any]:
    """A result of the recorded night as it was announced, without who was elected: the desk finds that itself."""
    body = next(body for body in NIGHT if f".{name}." in body["ballot_id"])
    return {key: value for key, value in body.items() if key in {"kind", "ballot_id", "votes", "ballots"}}


def a_night(folder: Path, declared: int = 0) -> Server:
    """A server with four people at its desk, so far into the night."""
    server = server_after(declared, folder)
    with Store.open(server.database) as store, store.writing() as connection:
        for name, role in PEOPLE.items():
            staff.add_staff(connection, name, staff.Role(role), PASSWORD)
    return server


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Iterator[Server]:
    """Medway is one ward away from its flip; each test keys wards of its own."""
    with a_night(tmp_path_factory.mktemp("desk")) as running:
        with running.client() as client:
            for body in NIGHT[:21]:
                declare(client, body)
        yield running


class Person:
    """Somebody at the desk, in a browser of their own."""

    def __init__(self, server: Server, context: BrowserContext, name: str) -> None:
        self.server = server
        self.name = name
        self.context = context
        self.page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def goes_to(self, path: str) -> Page:
        self.page.goto(self.server.url + path)
        return self.page

    def opens(self, body: dict[str, Any], query: str = "") -> Page:
        page = self.goes_to(f"{DESK}/contests/{body['ballot_id']}{query}")
        expect(page.locator("[data-desk-pill]")).to_have_text("Live")
        return page

    def field(self, name: str) -> Locator:
        return self.page.locator(f'[name="{name}"]')

    def types(self, body: dict[str, Any], *, keyboard: bool = False) -> None:
        """The votes, on the keyboard alone from the field that has the focus; then the papers."""
        fields = self.page.locator("[data-votes]")
        expect(fields).to_have_count(len(body["votes"]))
        for place in range(fields.count()):
            votes = f"{body['votes'][fields.nth(place).get_attribute('data-votes')]:,}"
            if keyboard:
                expect(fields.nth(place)).to_be_focused()
                self.page.keyboard.type(votes)
                self.page.keyboard.press("Enter")
            else:
                fields.nth(place).fill(votes)
        if "ballots" in body:
            self.field("ballots").fill(f"{body['ballots']:,}")

    def sends(self) -> None:
        self.page.keyboard.press("Control+Enter")

    def sends_until(self, shown: Locator) -> None:
        """Send; whoever is faster than the preview is shown that first, and has to press once more."""
        for _ in range(20):
            self.sends()
            with contextlib.suppress(AssertionError):
                expect(shown).not_to_be_empty(timeout=3_000)
                return

    def presses_until(self, name: str, shown: Locator) -> None:
        """The same with a button of the form."""
        for _ in range(20):
            self.page.get_by_role("button", name=name).click()
            with contextlib.suppress(AssertionError):
                expect(shown).not_to_be_empty(timeout=3_000)
                return

    @property
    def main(self) -> Locator:
        return self.page.locator("main")


People = Callable[[str], Person]


@pytest.fixture
def someone(night: Server, context_of) -> Iterator[People]:
    """Makes people who are signed in."""
    made: list[Person] = []

    def make(name: str, **options: Any) -> Person:
        made.append(signed_in(night, context_of(**options), name))
        return made[-1]

    yield make
    assert not [fault for person in made for fault in person.faults]


def signed_in(server: Server, context: BrowserContext, name: str) -> Person:
    with Store.open(server.database) as store, store.writing() as connection:
        token = sessions.open_session(connection, name, now=datetime.now(UTC))
    context.add_cookies([{"name": "declared", "value": token, "url": server.url, "httpOnly": True}])
    return Person(server, context, name)


def waiting(server: Server) -> list[tuple[str, str]]:
    """Who has keyed what and waits."""
    with Store.open(server.database) as store, store.reading() as connection:
        return [(one.author.person, one.subject.identity) for one in keyed.waiting(connection, SLUG)]


def newest(server: Server) -> log.Logged:
    with Store.open(server.database) as store, store.reading() as connection:
        return log.entries(connection, SLUG, after=0)[-1]


def turn_round(server: Server, ballot_id: str) -> None:
    """Give the ids of a contest's candidates to others: first to last and so on. By the end the server knows it."""
    read = f"/api/v1/elections/{SLUG}/councils/{ballot_id.split('.')[1]}"
    with server.client() as client:
        before = client.get(read).text
        _turn_round(server, ballot_id)
        until(lambda: client.get(read).text != before, "the server has read it")


def _turn_round(server: Server, ballot_id: str) -> None:
    with Store.open(server.database) as store, store.writing() as connection:
        election = catalogue.load_election(connection, SLUG)
        contest = election.contest(ballot_id)
        council = election.council(contest.council_id)
        ids = reversed(contest.candidacies_by_id)
        turned = tuple(replace(it, candidacy_id=one) for one, it in zip(ids, contest.candidacies, strict=True))
        other = replace(contest, candidacies=turned)
        contests = tuple(other if it is contest else it for it in council.contests)
        councils = {**election.councils, council.council_id: replace(council, contests=contests)}
        changed = replace(election, councils=councils)
        loading.save_election(connection, changed, ballot_id, reason="The list was in another order")


def beside(page: Page) -> dict[str, str]:
    """The figure beside each name on the form."""
    rows = page.locator("[data-row]").all()
    return {row.locator(".entry-person").inner_text(): row.locator("[data-votes]").input_value() for row in rows}


# Keyed, checked, declared ---------------------------------------------------------------------------------------------


def test_the_finder_leads_back_to_the_field_one_was_at_and_to_a_council_by_its_name(night: Server, context_of) -> None:
    ann = signed_in(night, context_of(), "ann")
    page = ann.opens(ward("strood-rural"))
    field = page.locator("[data-votes]").first
    field.focus()
    page.keyboard.press("/")
    expect(page.locator("#finder")).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("medway")
    expect(page.locator("#finder-list [role=option]").first).to_contain_text("Medway")
    page.keyboard.press("Enter")
    expect(page.locator(".work-council[open] .work-name")).to_have_text("Medway")


def test_a_form_that_is_open_tells_that_it_was_declared_meanwhile(night: Server, context_of) -> None:
    ann, body = signed_in(night, context_of(), "ann"), ward("westgate")
    page = ann.opens(body)
    told = page.locator("#notice-meanwhile")
    expect(page.locator("#here")).to_have_attribute("data-shown", "")
    assert told.count() == 0
    ann.types({"votes": body["votes"]})
    with night.client() as client:
        declare(client, body)
    expect(told).to_contain_text("Since you opened this: Declared")
    told.get_by_role("link", name="Open it again").click()
    expect(page.locator("main")).to_contain_text("You have typed something here that was not handed in. It is kept.")


def test_a_ward_of_eight_is_keyed_on_the_keyboard_alone_from_the_login_on(night: Server, context_of) -> None:
    ann = Person(night, context_of(), "ann")
    body = ward("strood-rural")
    page = ann.goes_to("/desk")
    # The cursor is in the first field; a test types before the first frame, in which a browser puts it there.
    for name, words in (("name", "ann"), ("password", PASSWORD)):
        expect(ann.field(name)).to_be_focused()
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Kent council elections 2023")
    expect(page.locator("[data-desk-pill]")).to_have_text("Live")
    page.keyboard.press("/")
    page.keyboard.type("stro ru")
    expect(page.locator("#finder-list [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Strood Rural")
    ann.types({"votes": body["votes"]}, keyboard=True)
    expect(page.locator(".is-elected")).to_have_count(3)
    # Rejected, papers, turnout, source and time are left empty.
    for _ in range(5):
        page.keyboard.press("Enter")
    expect(page.locator("[data-send]").first).to_be_focused()
    expect(page.locator("#review")).to_contain_text("of 59")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("Handed in")
    expect(page.locator("#done")).to_be_focused()
    assert ("ann", body["ballot_id"]) in waiting(night)
    # One key goes on with the council.
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Watling")
    assert ann.faults == []


def test_the_total_that_was_read_out_stands_beside_the_running_sum(someone: People) -> None:
    ann, body = someone("ann"), ward("herne-and-broomfield")
    page, total = ann.opens(body), sum(body["votes"].values())
    ann.types({"votes": body["votes"]})
    expect(page.locator("[data-running]")).to_have_text(f"{total:,}")
    ann.field("total").fill(f"{total + 9:,}")
    expect(page.locator("#sums")).to_contain_text("9 fewer than the total read out")
    expect(page.locator("#review")).to_contain_text("F15")
    ann.field("total").fill(f"{total:,}")
    expect(page.locator("#review")).not_to_contain_text("F15")


@pytest.mark.parametrize("path", ["/desk/staff", "/desk/tokens", "/desk/sessions"])
def test_a_ward_is_found_from_a_page_about_people_too(someone: People, path: str) -> None:
    page = someone("eve").goes_to(path)
    expect(page.locator("[data-desk-pill]")).to_have_text("Live")
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    page.keyboard.type("stro ru")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Strood Rural")


def test_the_second_keying_is_blind_and_declares_by_one_keystroke_before_the_readers_eyes(
    night: Server, someone: People, context_of
) -> None:
    body = ward("wayfield-and-weeds-wood")
    ann, bob, reader = someone("ann"), someone("bob"), context_of().new_page()
    reader.goto(f"{night.url}/elections/{SLUG}/councils/medway")
    expect(reader.locator("[data-live-pill]").first).to_have_text("Live")
    expect(reader.locator("[id^='verdict-']")).not_to_contain_text("gain from CON")

    ann.opens(body)
    ann.types(body)
    expect(ann.page.locator("#review")).to_contain_text("This makes Medway LAB gain from CON.")
    ann.sends()
    expect(ann.page.locator("dialog[open]")).to_contain_text("LAB gain Medway from CON")
    ann.page.locator("[data-flip-yes]").click()
    expect(ann.page.locator("#done")).to_contain_text("Handed in")

    bob.goes_to(f"{DESK}/queue")
    bob.page.get_by_role("link", name="Check Wayfield and Weeds Wood").click()
    expect(bob.main).to_contain_text("ann keyed this")
    expect(bob.page.locator("[data-desk-pill]")).to_have_text("Live")
    seen = bob.page.content()
    assert not [number for number in body["votes"].values() if f">{number}<" in seen or f'"{number:,}"' in seen]
    bob.types(body)
    bob.sends()
    # It is the same, and it flips a council: asked about once more, by its name.
    expect(bob.page.locator("dialog[open]")).to_contain_text("LAB gain Medway from CON")
    expect(bob.page.locator("[data-flip-no]")).to_be_focused()
    bob.page.keyboard.press("Shift+Tab")
    bob.page.keyboard.press("Enter")
    expect(bob.page.locator("#done")).to_contain_text("Declared")
    expect(bob.main).to_contain_text("ann, checked by bob")
    expect(reader.locator("[id^='verdict-']")).to_contain_text("LAB gain from CON")
    entry = newest(night).entry
    assert (entry.author, entry.checker, entry.ballot_id) == ("ann", "bob", body["ballot_id"])


def test_what_differs_is_cleared_for_both_and_nothing_else_is_told(night: Server, someone: People) -> None:
    body = ward("chestfield")
    first, *_ = body["votes"]
    wrong = {**body, "votes": {**body["votes"], first: body["votes"][first] + 9}}
    ann, bob = someone("ann"), someone("bob")
    ann.opens(body)
    ann.types(wrong)
    ann.sends()
    expect(ann.page.locator("#done")).to_contain_text("Handed in")

    bob.opens(body)
    bob.types(body)
    bob.sends()
    expect(bob.main).to_contain_text("ann and bob have keyed this differently")
    differing = bob.page.locator("[data-differs]")
    expect(differing).to_have_count(1)
    expect(differing).to_have_attribute("data-votes", first)
    expect(differing).to_have_value("")
    expect(differing).to_be_focused()
    described = bob.page.locator(f"#{differing.get_attribute('aria-describedby').split()[-1]}")
    expect(described).to_contain_text("The other person has something else here")
    others = bob.page.locator("[data-votes]:not([data-differs])")
    typed = [f"{votes:,}" for name, votes in body["votes"].items() if name != first]
    assert sorted(others.evaluate_all("all => all.map(it => it.value)")) == sorted(typed)
    assert f"{wrong['votes'][first]:,}" not in bob.page.content()

    # Ann is told wherever she is, sees the same field empty, and her own other figures.
    expect(ann.page.locator("#desk-notices")).to_contain_text("Somebody has one of yours differently")
    ann.opens(body)
    expect(ann.page.locator("[data-differs]")).to_have_attribute("data-votes", first)
    ann.page.locator("[data-differs]").fill(str(body["votes"][first]))
    ann.sends()
    expect(ann.page.locator("#done")).to_contain_text("Declared")
    assert (newest(night).entry.author, newest(night).entry.checker) == ("ann", "bob")


def test_an_editor_declares_alone_and_that_is_marked(night: Server, someone: People) -> None:
    eve, body = someone("eve"), ward("barton")
    eve.opens(body)
    eve.types(body)
    expect(eve.page.locator("#review")).to_contain_text("Canterbury stays undecided")
    eve.page.get_by_role("button", name="Declare alone").click()
    expect(eve.main).to_contain_text("eve, alone")
    eve.goes_to(f"{DESK}/queue")
    expect(eve.page.locator("tr.is-alone").first).to_contain_text("Barton")


def test_a_tie_across_the_last_seat_asks_who_was_drawn(night: Server, someone: People) -> None:
    eve, body = someone("eve"), ward("seasalter")
    drawn = next(it for it in NIGHT if it["ballot_id"] == body["ballot_id"])["elected"]
    eve.opens(body)
    eve.types(body)
    lots = eve.page.locator(".entry-lot:visible")
    expect(lots).to_have_count(2)
    expect(eve.page.locator("#sums")).to_contain_text("tied at 825 for 1 seat")
    expect(eve.page.locator("#review")).to_contain_text("F09")
    for name in drawn:
        box = eve.page.locator(f'.entry-lot input[value="{name}"]')
        if box.is_visible():
            box.check()
    expect(eve.page.locator("#review")).to_contain_text("settled by lot")
    eve.page.get_by_role("button", name="Declare alone").click()
    expect(eve.page.locator("#done")).to_contain_text("Declared")
    assert set(newest(night).body["elected"]) == set(drawn)


def test_a_tally_by_phone_shows_what_it_would_do(night: Server, someone: People) -> None:
    eve = someone("eve")
    page = eve.goes_to(f"{DESK}/councils/maidstone/tally")
    for party, seats in {"PP52": 23, "PP90": 11, "ynmp-party:2": 10, "PP53": 5, "PP63": 3}.items():
        eve.field(f"seats.{party}").fill(str(seats))
    eve.field("complete").check()
    expect(page.locator("#sums")).to_contain_text("52 of 55 seats")
    expect(page.locator("#review")).to_contain_text("F10")
    for party, seats in {"PP52": 24, "PP90": 12, "PP53": 6}.items():
        eve.field(f"seats.{party}").fill(str(seats))
    expect(page.locator("#review")).to_contain_text("NOC gain from CON")
    page.get_by_role("button", name="Declare alone").click()
    expect(page.locator("dialog[open]")).to_contain_text("CON lose Maidstone to NOC")
    page.locator("[data-flip-yes]").click()
    expect(page.locator("#done")).to_contain_text("Declared")


# Nothing typed is lost ------------------------------------------------------------------------------------------------


def test_figures_stay_beside_the_names_they_were_typed_for(night: Server, someone: People) -> None:
    eve, body = someone("eve", **KEEPING), ward("bybrook")
    page = eve.opens(body)
    eve.types({"votes": body["votes"]})
    typed = beside(page)
    expect(page.locator("#review")).to_contain_text("Ashford")
    # It waits in the browser for the network, while others come to stand there.
    eve.context.set_offline(True)
    page.get_by_role("button", name="Declare alone").click()
    expect(page.locator("#desk-notices")).to_contain_text(WAITS)
    turn_round(night, body["ballot_id"])
    eve.context.set_offline(False)
    expect(page.locator("[data-changed]")).to_contain_text("The candidates changed: look again.")
    assert beside(page) == typed
    expect(page.locator("#review")).to_contain_text("Ashford")
    expect(page.locator("[data-changed]")).to_be_visible()
    page.get_by_role("button", name="Declare alone").click()
    expect(eve.main).to_contain_text("eve, alone")
    votes = dict(zip(reversed(body["votes"]), body["votes"].values(), strict=True))
    assert newest(night).body["votes"] == votes


def test_a_draft_in_the_browser_is_opened_beside_the_names_it_was_typed_for(night: Server, someone: People) -> None:
    ann, body = someone("ann"), ward("stanhope")
    page = ann.opens(body)
    ann.types({"votes": body["votes"]})
    typed = beside(page)
    expect(page.locator("#review")).to_contain_text("Ashford")
    turn_round(night, body["ballot_id"])
    # What is typed now is kept in this browser alone. Whoever types on is told, and nothing is moved under their hands.
    page.route("**/drafts/**", lambda route: route.abort())
    ann.field("rejected").fill("12")
    expect(page.locator("#conflict")).to_contain_text("The candidates changed: look again.")
    assert beside(page) == typed
    ann.goes_to(DESK)
    page.unroute("**/drafts/**")
    ann.opens(body)
    expect(page.locator("[data-changed]")).to_contain_text("The candidates changed: look again.")
    assert beside(page) == typed
    expect(ann.field("rejected")).to_have_value("12")
    ann.field("rejected").fill("")
    ann.sends()
    expect(page.locator("#done")).to_contain_text("Handed in")


def test_a_lost_network_is_waited_for_and_the_form_is_sent_once(night: Server, someone: People) -> None:
    ann, body = someone("ann", **KEEPING), ward("beltinge")
    ann.opens(body)
    ann.types(body)
    ann.context.set_offline(True)
    ann.sends()
    expect(ann.page.locator("#desk-notices")).to_contain_text(WAITS)
    expect(ann.page.locator("[data-desk-pill]")).to_have_text("No network")
    assert ("ann", body["ballot_id"]) not in waiting(night)
    ann.context.set_offline(False)
    expect(ann.page.locator("#done")).to_contain_text("Handed in")
    assert waiting(night).count(("ann", body["ballot_id"])) == 1


def test_what_was_sent_from_the_board_and_withdrawn_is_declared_anew(night: Server, someone: People) -> None:
    eve, body = someone("eve", **KEEPING), ward("wincheap")
    eve.opens(body)
    eve.types(body)
    eve.context.set_offline(True)
    eve.page.get_by_role("button", name="Declare alone").click()
    expect(eve.page.locator("#desk-notices")).to_contain_text(WAITS)
    eve.page.close()
    eve.context.set_offline(False)
    eve.page = eve.context.new_page()
    eve.goes_to(DESK)
    expect(eve.page.locator("#desk-notices")).to_contain_text("Sent once")
    first = newest(night).entry
    assert first.ballot_id == body["ballot_id"]
    eve.goes_to(f"/desk/audit?election={SLUG}")
    eve.page.locator(f"#entry-{first.seq}").get_by_role("link", name="Withdraw").click()
    eve.field("reason").fill("Read out too early.")
    expect(eve.page.locator("#review")).to_contain_text("Wincheap")
    eve.page.get_by_role("button", name="Withdraw alone").click()
    expect(eve.main).to_contain_text("Done")
    eve.opens(body)
    expect(eve.page.locator("[data-votes]").first).to_have_value("")
    eve.types(body)
    expect(eve.page.locator("#review")).to_contain_text("Canterbury")
    eve.page.get_by_role("button", name="Declare alone").click()
    expect(eve.page.locator("#done")).to_contain_text("Declared as entry")
    assert newest(night).entry.seq == first.seq + 2


def test_a_confirmation_holds_for_the_figures_it_was_given_of(night: Server, someone: People) -> None:
    ann, body = someone("ann"), ward("chartham-and-stone-street")
    ann.opens(body)
    ann.types({"votes": body["votes"]})
    turnout = ann.field("turnout")
    turnout.fill("81")
    box = ann.page.locator("#review input[name=confirm][value=W01]")
    expect(ann.page.locator("#review")).to_contain_text("81.0%")
    box.check()
    turnout.fill("8")
    expect(ann.page.locator("#review")).to_contain_text("8.0% is outside")
    expect(ann.page.locator("#review")).not_to_contain_text("81.0%")
    expect(box).not_to_be_checked()


def test_a_countermand_that_was_a_mistake_is_taken_back(night: Server, someone: People) -> None:
    eve, body = someone("eve"), ward("northgate")
    eve.goes_to(f"{DESK}/contests/{body['ballot_id']}/status")
    eve.page.locator("input[type=radio][value=countermanded]").check()
    for field in eve.page.locator("[data-entry] input[type=text]").all():
        field.fill("A candidate has died.")
    expect(eve.page.locator("#review")).to_contain_text("Canterbury")
    eve.sends()
    expect(eve.main).to_contain_text("Nothing is keyed here")
    eve.page.get_by_role("link", name="Counting, recount").click()
    seq = newest(night).entry.seq
    eve.goes_to(f"{DESK}/entries/{seq}/withdraw")
    eve.field("reason").fill("It was another ward.")
    expect(eve.page.locator("#review")).not_to_be_empty()
    eve.page.get_by_role("button", name="Withdraw").click()
    expect(eve.main).to_contain_text("Done")
    eve.opens(body)
    expect(eve.page.locator("[data-votes]").first).to_be_visible()


def test_an_answer_that_never_came_is_asked_for_again_and_counts_once(night: Server, someone: People) -> None:
    eve, body = someone("eve"), ward("blean-forest")
    sent: list[str] = []

    def swallow(route: Any) -> None:
        if route.request.method != "POST" or "action=alone" not in (route.request.post_data or ""):
            route.continue_()
            return
        sent.append(route.request.post_data)
        if len(sent) == 1:
            route.fulfill(status=408, json={"detail": "It did not arrive in time."})
            return
        answer = route.fetch()
        if len(sent) == 2:
            route.abort()  # It was declared, and the browser is never told.
        else:
            route.fulfill(response=answer)

    eve.opens(body)
    eve.types(body)
    expect(eve.page.locator("#review")).to_contain_text("Canterbury")
    eve.page.route("**/contests/**", swallow)
    eve.page.get_by_role("button", name="Declare alone").click()
    expect(eve.page.locator("#done")).to_contain_text("Declared")
    assert len(sent) > 2
    with Store.open(night.database) as store, store.reading() as connection:
        entries = log.entries(connection, SLUG, after=0)
    assert [it.entry.ballot_id for it in entries].count(body["ballot_id"]) == 1


def test_a_reload_and_a_new_browser_find_what_was_typed(night: Server, someone: People) -> None:
    ann, body = someone("ann"), ward("gorrell")
    first = next(iter(body["votes"]))
    ann.opens(body)
    ann.field(f"votes.{first}").fill("1,2")
    expect(ann.page.locator("[data-kept]")).to_have_text("Draft kept")
    ann.page.reload()
    expect(ann.field(f"votes.{first}")).to_have_value("1,2")
    elsewhere = someone("ann")
    elsewhere.opens(body)
    expect(elsewhere.field(f"votes.{first}")).to_have_value("1,2")
    somebody = someone("bob")
    somebody.opens(body)
    expect(somebody.field(f"votes.{first}")).to_have_value("")
    elsewhere.goes_to(f"{DESK}?state=draft")
    expect(elsewhere.page.locator(".work-line:visible")).to_contain_text(["Gorrell"])


def test_a_session_that_ends_gives_the_form_back_after_the_login(night: Server, someone: People) -> None:
    ann, body = someone("ann"), ward("greenhill")
    ann.opens(body)
    ann.types(body)
    with Store.open(night.database) as store, store.writing() as connection:
        sessions.revoke_sessions(connection, "ann", now=datetime.now(UTC))
    ann.field("rejected").fill("12")
    notice = ann.page.locator("#desk-notices")
    expect(notice).to_contain_text("You are signed out. What you typed is kept.")
    notice.get_by_role("link", name="sign in here").click()
    ann.page.fill("#name", "ann")
    ann.page.fill("#password", PASSWORD)
    ann.page.keyboard.press("Enter")
    expect(ann.page.locator("h1")).to_have_text("Greenhill")
    expect(ann.field("rejected")).to_have_value("12")
    for name, votes in body["votes"].items():
        expect(ann.field(f"votes.{name}")).to_have_value(f"{votes:,}")


def test_a_form_of_somebody_who_was_here_before_is_not_sent_as_anothers(night: Server, someone: People) -> None:
    ann, body = someone("ann"), ward("heron")
    ann.opens(body)
    ann.types(body)
    bob = signed_in(night, ann.context, "bob")
    assert bob.name == "bob"
    ann.sends()
    expect(ann.page.locator("#desk-notices")).to_contain_text("This was typed by ann")
    assert body["ballot_id"] not in [identity for _, identity in waiting(night)]


def test_a_server_that_is_killed_takes_nothing_with_it(tmp_path, context_of) -> None:
    body = ward("highfield")
    with a_night(tmp_path) as server:
        ann = signed_in(server, context_of(**KEEPING), "ann")
        ann.opens(body)
        first, *others = body["votes"]
        ann.field(f"votes.{first}").fill(str(body["votes"][first]))
        expect(ann.page.locator("[data-kept]")).to_have_text("Draft kept")
        server.kill()
        for name in others:
            ann.field(f"votes.{name}").fill(str(body["votes"][name]))
        expect(ann.page.locator("[data-desk-pill]")).to_have_text("No network")
        ann.sends()
        expect(ann.page.locator("#desk-notices")).to_contain_text(WAITS)
        server.start()
        expect(ann.page.locator("#done")).to_contain_text("Handed in")
        assert waiting(server) == [("ann", body["ballot_id"])]


# Editors --------------------------------------------------------------------------------------------------------------


def test_a_correction_says_what_it_does_before_it_is_made(night: Server, someone: People, context_of) -> None:
    eve, body = someone("eve"), ward("gillingham-south")
    reader = context_of().new_page()
    reader.goto(f"{night.url}/elections/{SLUG}/contests/{body['ballot_id']}")
    expect(reader.locator("[data-live-pill]").first).to_have_text("Live")
    eve.opens(body)
    eve.page.get_by_role("link", name="Correct it").click()
    liberal = "k23-c8637069"
    expect(eve.field(f"votes.{liberal}")).to_have_value("322")
    expect(eve.page.locator("#review")).to_contain_text("Medway")
    eve.field(f"votes.{liberal}").fill("323")
    eve.sends_until(eve.page.locator("[data-error-of=reason]"))
    expect(eve.page.locator("[data-error-of=reason]")).to_contain_text("Say why")
    expect(eve.field("reason")).to_be_focused()
    eve.page.keyboard.type("A paper was in the wrong bundle.")
    eve.presses_until("Correct alone", eve.page.locator("#done"))
    expect(eve.page.locator("#done")).to_contain_text("Declared")
    expect(eve.main).to_contain_text("A paper was in the wrong bundle.")
    assert (newest(night).entry.kind, newest(night).entry.author) == ("correction", "eve")
    expect(reader.locator("main")).to_contain_text("A paper was in the wrong bundle.")


def test_a_withdrawal_says_that_a_flash_line_goes_with_it(night: Server, someone: People) -> None:
    eve = someone("eve")
    with night.client() as client:
        medway = client.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
        if medway["badge"] is None:
            declare(client, ward("wayfield-and-weeds-wood"))
            medway = client.get(f"/api/v1/elections/{SLUG}/councils/medway").json()
    since = medway["control"]["since_seq"]
    page = eve.goes_to(f"{DESK}/entries/{since}/withdraw")
    review = page.locator("#review")
    expect(review).to_contain_text("Medway goes back to undecided.")
    expect(review).to_contain_text("“LAB gain Medway from CON”, is withdrawn.")
    eve.field("reason").fill("Read out too early.")
    page.get_by_role("button", name="Withdraw alone").click()
    expect(page.locator("dialog[open]")).to_contain_text("Medway back to undecided")
    page.locator("[data-flip-yes]").click()
    expect(page.locator("#done")).to_contain_text("Readers see it now")
    assert newest(night).entry.kind == "withdrawal"


def test_the_second_of_two_editors_sees_both_versions_and_overwrites_nothing(night: Server, someone: People) -> None:
    body = ward("luton")
    eve, zoe = someone("eve"), someone("zoe")
    for editor in (eve, zoe):
        editor.opens(body)
        editor.page.get_by_role("link", name="Correct it").click()
    first, second, *_ = body["votes"]
    eve.field(f"votes.{first}").fill(str(body["votes"][first] + 1))
    eve.field("reason").fill("Eve counted again.")
    zoe.field(f"votes.{second}").fill(str(body["votes"][second] + 2))
    zoe.field("reason").fill("Zoe counted again.")
    expect(zoe.page.locator("#review")).to_contain_text("Medway")
    eve.presses_until("Correct alone", eve.page.locator("#done"))
    expect(eve.page.locator("#done")).to_contain_text("Declared")
    standing = newest(night).entry.seq
    conflict = zoe.page.locator("#conflict")
    zoe.presses_until("Correct alone", conflict)
    expect(conflict).to_contain_text("Somebody was faster")
    expect(conflict).to_contain_text("Eve counted again.")
    expect(conflict.locator("tr.is-different")).to_have_count(2)
    expect(conflict).to_contain_text(f"{body['votes'][second] + 2:,}")
    expect(zoe.field(f"votes.{second}")).to_have_value(str(body["votes"][second] + 2))
    assert newest(night).entry.seq == standing
    conflict.get_by_role("link", name=f"Correct entry {standing} with mine").click()
    expect(zoe.page.locator("h2").first).to_have_text(f"Correct entry {standing}")
    expect(zoe.field(f"votes.{second}")).to_have_value(str(body["votes"][second] + 2))
    expect(zoe.field("reason")).to_have_value("Zoe counted again.")
    expect(zoe.page.locator("#review")).to_contain_text("Medway")
    zoe.presses_until("Correct alone", zoe.page.locator("#done"))
    expect(zoe.page.locator("#done")).to_contain_text("Declared")
    expect(zoe.main).to_contain_text("Eve counted again.")
    assert (newest(night).entry.replaces, newest(night).entry.author) == (standing, "zoe")


def test_a_status_and_a_note_reach_the_readers_and_the_board(night: Server, someone: People) -> None:
    eve, body = someone("eve"), ward("nailbourne")
    page = eve.goes_to(f"{DESK}/contests/{body['ballot_id']}/status")
    page.get_by_label("Recount").check()
    eve.field("note").fill("Two votes in it")
    page.get_by_role("button", name="Tell it").click()
    expect(page.locator(".entry-facts")).to_contain_text("Recount")
    page = eve.goes_to(f"{DESK}/note?council=canterbury")
    eve.field("text").fill("The count has moved to the sports hall.")
    page.get_by_role("button", name="Put it on the ticker").click()
    expect(page.locator("#done")).to_contain_text("Readers see it now")
    page = eve.goes_to(f"{DESK}?state=recount")
    expect(page.locator(".work-line:visible")).to_contain_text(["Nailbourne"])


def test_one_person_is_enough_once_an_editor_says_so(night: Server, someone: People) -> None:
    eve, ann, body = someone("eve"), someone("ann"), ward("reculver")
    eve.goes_to(f"{DESK}/queue")
    eve.page.get_by_role("button", name="Let one person be enough").click()
    expect(eve.page.get_by_role("button", name="Ask for two persons")).to_be_visible()
    ann.opens(body)
    ann.types(body)
    expect(ann.page.locator("#review")).to_contain_text("Canterbury")
    ann.page.get_by_role("button", name="Declare").click()
    expect(ann.page.locator("#done")).to_contain_text("Declared")
    assert (newest(night).entry.author, newest(night).entry.checker) == ("ann", "")
    eve.page.get_by_role("button", name="Ask for two persons").click()
    expect(eve.page.get_by_role("button", name="Let one person be enough")).to_be_visible()


# The phone, no scripts, everybody -------------------------------------------------------------------------------------


def test_a_reporter_finds_keys_and_sends_on_a_phone(night: Server, someone: People) -> None:
    ann = someone("ann", viewport=PHONE, has_touch=True, is_mobile=True, **KEEPING)
    body = ward("sturry")
    page = ann.goes_to(DESK)
    expect(page.locator("[data-desk-pill]")).to_have_text("Live")
    page.locator("#finder").fill("sturry")
    page.locator("#finder-list [role=option]").first.tap()
    expect(page.locator("h1")).to_have_text("Sturry")
    ann.types(body)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.locator("#review")).to_contain_text("Canterbury")
    ann.context.set_offline(True)
    page.get_by_role("button", name="Send Sturry").tap()
    expect(page.locator("#desk-notices")).to_contain_text(WAITS)
    ann.context.set_offline(False)
    expect(page.locator("#done")).to_contain_text("Handed in")
    assert ("ann", body["ballot_id"]) in waiting(night)
    bob = someone("bob", viewport=PHONE, has_touch=True, is_mobile=True)
    bob.opens(body)
    expect(bob.main).to_contain_text("ann keyed this")
    assert bob.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_scripts_the_same_goes_page_by_page(night: Server, someone: People) -> None:
    eve, body = someone("eve", java_script_enabled=False), ward("tankerton")
    page = eve.goes_to(f"{DESK}?q=tanker")
    expect(page.locator(".work-line:visible")).to_have_count(1)
    page.locator(".work-line:visible").click()
    eve.types({**body, "ballots": 10})
    page.get_by_role("button", name="Look at what it does").click()
    expect(page.locator("#review")).to_contain_text("F04")
    eve.field("ballots").fill("")
    page.get_by_role("button", name="Look at what it does").click()
    expect(page.locator("#review")).to_contain_text("Canterbury stays undecided")
    page.get_by_role("button", name="Declare alone").click()
    expect(page.locator("#done")).to_contain_text("Declared")


def test_the_board_is_narrowed_by_its_address_until_a_filter_is_chosen(night: Server, someone: People) -> None:
    eve = someone("eve")
    page = eve.goes_to(f"{DESK}?q=tanker")
    expect(page.locator("[data-desk-pill]")).to_have_text("Live")
    expect(page.locator(".work-line:visible")).to_have_count(1)
    expect(page.locator(".work-council:visible")).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Ward or council")).to_have_value("tanker")
    page.locator("[data-filter='']").click()
    expect(page.locator(".work-council:visible")).to_have_count(13)
    expect(page.locator(".work-find")).to_be_hidden()


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def test_everybody_can_use_it(night: Server, someone: People, size: dict[str, int], scheme: str) -> None:
    eve, body = someone("eve", viewport=size), ward("herne-and-broomfield")
    for path in (
        DESK,
        f"{DESK}/queue",
        f"{DESK}/contests/{body['ballot_id']}",
        f"{DESK}/contests/{NIGHT[5]['ballot_id']}",
        f"{DESK}/contests/{NIGHT[5]['ballot_id']}?correct=6",
        f"{DESK}/contests/{body['ballot_id']}/status",
        f"{DESK}/councils/swale/tally",
        f"{DESK}/entries/6/withdraw",
        f"{DESK}/entries/0/withdraw-after",
        f"{DESK}/note",
    ):
        page = eve.goes_to(path)
        expect(page.locator("[data-desk-pill]")).to_have_text("Live")
        if "correct" not in path and f"contests/{body['ballot_id']}" in path and "status" not in path:
            eve.types(body | {"ballots": 10})
            expect(page.locator("#review")).to_contain_text("F05")
        assert_accessible(page, scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
