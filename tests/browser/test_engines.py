"""What readers and keyers do most, in the engines that Chromium is not."""

from collections.abc import Iterator

import pytest

from tests.browser.test_desk import NIGHT, PASSWORD, a_night, waiting, ward
from tests.elsewhere import Elsewhere
from tests.engines import ENGINES, Visitor
from tests.running import Server, declare

ELECTION = "/elections/kent-2023"


@pytest.fixture(scope="module", params=ENGINES)
def visitor(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with ENGINES[request.param]() as somebody:
        yield somebody


@pytest.fixture
def night(tmp_path) -> Iterator[Server]:
    """Medway is one ward away from its flip."""
    with a_night(tmp_path, 21) as running:
        yield running


def declares(server: Server, *bodies: dict) -> None:
    with server.client() as client:
        for body in bodies:
            declare(client, body)


def is_live(visitor: Visitor) -> bool:
    return any(
        text.strip() == "Live" for text in visitor.sees("[...document.querySelectorAll('.pill')].map(e => e.innerText)")
    )


def test_a_council_flips_before_the_readers_eyes(night: Server, visitor: Visitor):
    visitor.goes_to(night.url + ELECTION)
    visitor.waits(lambda: is_live(visitor), "the page is live")
    visitor.sees("window.stayed = 'here'")
    declares(night, NIGHT[21])
    visitor.waits_for("main", "LAB gain Medway from CON")
    assert visitor.sees("window.stayed") == "here", "nothing was loaded again"


def test_the_band_and_the_title_of_a_tab_in_the_background_say_what_changed_hands(night: Server, visitor: Visitor):
    visitor.goes_to(night.url + ELECTION)
    visitor.waits(lambda: is_live(visitor), "the page is live")
    assert visitor.sees("document.querySelector('.flips-none').checkVisibility()")
    visitor.sees("Object.defineProperty(document, 'hidden', {value: true})")
    visitor.sees("document.dispatchEvent(new Event('visibilitychange'))")
    declares(night, NIGHT[21])
    visitor.waits_for("#flips", "LAB gain from CON")
    visitor.waits(lambda: visitor.sees("document.title").startswith("LAB gain Medway from CON"), "the title says it")
    assert not visitor.sees("document.querySelector('.flips-none').checkVisibility()")


def test_a_ward_is_found_by_keys_alone(night: Server, visitor: Visitor):
    visitor.goes_to(night.url + ELECTION)
    visitor.waits(lambda: is_live(visitor), "the page is live")
    visitor.presses("/")
    visitor.types("westgate")
    visitor.waits_for(".find-said", "2 wards.")
    visitor.presses("ArrowDown")
    visitor.presses("Enter")
    visitor.waits_for("h1", "Westgate")


def test_a_page_that_lost_its_server_says_so_and_catches_up(night: Server, visitor: Visitor):
    visitor.goes_to(f"{night.url}{ELECTION}/councils/medway")
    visitor.waits(lambda: is_live(visitor), "the page is live")
    night.stop()
    visitor.waits(lambda: not is_live(visitor), "it says that it is not live")
    night.start()
    declares(night, NIGHT[21])
    visitor.waits(lambda: is_live(visitor), "it is live again")
    visitor.waits_for("main", "LAB gain from CON")


def test_a_widget_in_an_article_is_as_high_as_what_it_shows(night: Server, visitor: Visitor):
    address = f"{night.url}/embed/v1/kent-2023/council/medway"
    code = f'<div data-election-embed="{address}">Medway</div><script async src="{night.url}/embed.js"></script>'
    with Elsewhere() as site:
        visitor.goes_to(site.article("/article", code))
        visitor.waits(lambda: (visitor.sees("document.querySelector('iframe')?.clientHeight") or 0) > 200, "it grows")


def test_a_ward_is_keyed_on_the_keyboard_from_the_login_on(night: Server, visitor: Visitor):
    body = ward("strood-rural")
    visitor.goes_to(f"{night.url}/desk")
    for name, words in (("name", "ann"), ("password", PASSWORD)):
        visitor.waits(lambda name=name: visitor.sees("document.activeElement?.name") == name, f"{name} has the focus")
        visitor.types(words)
        visitor.presses("Tab")
    visitor.presses("Enter")
    visitor.waits_for("[data-desk-pill]", "Live")
    visitor.waits(lambda: visitor.sees("document.readyState") == "complete", "every script has run")
    visitor.presses("/")
    visitor.types("stro ru")
    visitor.waits(
        lambda: visitor.sees("document.querySelectorAll('#finder-list [role=option]').length") == 1, "it is found"
    )
    visitor.presses("Enter")
    visitor.waits_for("h1", "Strood Rural")
    for place in range(len(body["votes"])):
        focused = f"document.querySelectorAll('[data-votes]')[{place}]"
        visitor.waits(lambda focused=focused: visitor.sees(f"document.activeElement === {focused}"), "the next field")
        visitor.types(str(body["votes"][visitor.sees("document.activeElement.dataset.votes")]))
        visitor.presses("Enter")
    visitor.waits(lambda: visitor.sees("document.querySelectorAll('.is-elected').length") == 3, "three are elected")
    visitor.waits_for("#review", "of 59")
    visitor.presses("Control", "Enter")
    visitor.waits_for("#done", "Handed in")
    assert ("ann", body["ballot_id"]) in waiting(night)
