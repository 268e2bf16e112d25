"""An election with words of its own: nothing that anybody reads of it says council, ward or seat."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.domain.election import Baseline, Cancellation, Words
from app.pages.cards.view import CardLook, council_card, night_card
from app.pages.environment import make_environment
from app.store import loading
from app.store.engine import Store
from app.store.folding import folded
from tests.builders import CON, LAB, LD, a_candidacy, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

WORDS = Words("province", "provinces", "riding", "ridings", "chair", "chairs")
USUAL = re.compile(r"\b(councils?|wards?|seats?)\b", re.IGNORECASE)
NAMES = re.compile(r"\S*/\S*|“[a-z_]+”")
"""Addresses, and fields of the API in quotation marks: they are the same in every election."""

READ = ("title", "aria-label", "placeholder", "alt", "content", "label", "data-label", "data-announce", "data-copy")
"""Attributes that are read, heard or copied."""

NORTH = a_contest("north", seats_up=2, parties=(LAB, CON, LD))
SOUTH = a_contest("south", candidacies=(a_candidacy("south", CON, defends=True), a_candidacy("south", LAB)))
EAST = a_contest("east", seats_up=2, cancelled=Cancellation.UNDER_CONTESTED, parties=(LAB,), each=1)
WEST = a_contest("west", candidacies=())
HILL, DALE = (a_contest(name, council_id="otherland") for name in ("hill", "dale"))
LAST = {"last": Baseline("last", seats={CON: 8, LAB: 2}), "eve": Baseline("eve", control=CON)}
IN_KENT = {"kind": "district", "region": "Kent", "boundary_change": True}
FIRST = a_council(NORTH, SOUTH, EAST, WEST, continuing={CON: 3}, baselines=LAST, **IN_KENT)
ELECTION = an_election(FIRST, a_council(HILL, DALE, council_id="otherland", eve=LAB), words=WORDS)
SLUG = ELECTION.slug
BODIES: tuple[dict[str, Any], ...] = (
    {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes_for(NORTH, LAB, CON), "ballots": 3000},
    {"kind": "ward", "ballot_id": SOUTH.ballot_id, "votes": votes_for(SOUTH, LAB, CON), "ballots": 2500},
    {"kind": "ward", "ballot_id": WEST.ballot_id, "seats": {LAB: 1}},
    {"kind": "correction", "replaces": 3, "reason": "A slip.", "seats": {CON: 1}},
    {"kind": "status", "ballot_id": HILL.ballot_id, "status": "countermanded", "note": "A death."},
    {"kind": "tally", "council_id": "otherland", "seats": {LAB: 1}, "complete": False, "source": "by phone"},
    {"kind": "status", "council_id": "otherland", "status": "recount", "note": "Close."},
    {"kind": "ward", "ballot_id": DALE.ballot_id, "votes": votes_for(DALE, CON, LAB)},
    {"kind": "withdrawal", "replaces": 2, "reason": "Too early."},
)
PUBLIC = (
    "/",
    *(f"/elections/{SLUG}{query}" for query in ("", "?view=wall", "?q=nothing")),
    *(f"/elections/{SLUG}/councils/{council_id}" for council_id in ELECTION.councils),
    *(f"/elections/{SLUG}/contests/{ballot_id}" for ballot_id in ELECTION.contests),
    *(f"/embed/v1/{SLUG}/council/{council_id}" for council_id in ELECTION.councils),
    *(f"/embed/v1/{SLUG}/overview{query}" for query in ("", "?region=Kent", "?councils=otherland")),
    f"/api/v1/elections/{SLUG}/feed.atom",
)
AT_DESK = (
    "",
    "/queue",
    "/note",
    *(f"/contests/{ballot_id}{query}" for ballot_id in ELECTION.contests for query in ("", "?mode=seats", "/status")),
    *(f"/councils/{council_id}/{form}" for council_id in ELECTION.councils for form in ("tally", "status")),
    *(f"/entries/{seq}/withdraw" for seq in (1, 4, 6)),
)


class _Read(HTMLParser):
    """The text of a page, with the attributes that are read."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.told: list[str] = []
        self._unread = 0
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in {"script", "style"}
        self.told += [value for name, value in attrs if name in READ and value]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.told.append(data)


def usual_words(markup: str) -> Iterator[str]:
    """What is told in ``markup`` with one of the usual words in it."""
    for told in _Read(markup).told:
        if USUAL.search(NAMES.sub("", told)):
            yield told


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """With a second election, so that there is a list of them."""
    made = prepared(tmp_path_factory.mktemp("words"), election=ELECTION)
    with Store.open(f"sqlite:///{made.file}") as store, store.writing() as connection:
        loading.save_election(connection, an_election(slug="other-2023", words=WORDS), "digest")
    return made


@pytest.fixture
def desk(loaded: Prepared, tmp_path: Path) -> Iterator[Desk]:
    with desk_on(loaded, tmp_path, rehearsal=True) as desk:
        yield desk


def posted(desk: Desk, body: dict[str, Any]) -> Any:
    api = desk.client(Authorization=f"Bearer {desk.tokens['declare']}", Accept="*/*")
    codes = [f"W{number:02}" for number in range(1, 20)]
    return api.post(f"/api/v1/elections/{SLUG}/declarations", json={"confirm": codes, **body})


def a_night(desk: Desk) -> None:
    for body in BODIES:
        assert posted(desk, body).status_code == 201, body


def found(client: TestClient, *addresses: str) -> dict[str, list[str]]:
    """The usual words by address; every page has to be there."""
    pages = {address: client.get(address) for address in addresses}
    assert {page.status_code for page in pages.values()} == {200}, {a: p.status_code for a, p in pages.items()}
    return {address: told for address, page in pages.items() if (told := list(usual_words(page.text)))}


def test_the_usual_words_are_found_where_they_are() -> None:
    assert list(usual_words('<p title="All seats">A Ward</p><a href="/councils/x">Kent</a>')) == ["All seats", "A Ward"]


@pytest.mark.parametrize("is_declared", [False, True])
def test_what_the_public_reads_is_in_the_words_of_the_election(desk: Desk, is_declared: bool) -> None:
    if is_declared:
        a_night(desk)
    assert found(desk.client(), *PUBLIC) == {}
    dashboard = desk.client().get(f"/elections/{SLUG}").text
    for told in ("Provinces declared", "Ridings declared", "Chairs to come", "Latest ridings"):
        assert told in dashboard


@pytest.mark.parametrize("is_declared", [False, True])
def test_what_the_desk_reads_is_in_the_words_of_the_election(desk: Desk, is_declared: bool) -> None:
    if is_declared:
        a_night(desk)
    addresses = [f"/desk/{SLUG}{rest}" for rest in AT_DESK if is_declared or not rest.startswith("/entries")]
    assert found(desk.signed_in("editor"), *addresses, f"/desk/audit?election={SLUG}") == {}


def test_a_card_is_in_the_words_of_the_election(desk: Desk) -> None:
    for is_declared in (False, True):
        if is_declared:
            a_night(desk)
        with desk.store.reading() as connection:
            night = folded(connection, SLUG)
        convention = ELECTION.chosen_convention(None)
        states = night.councils.values()
        cards = [council_card(make_environment(), ELECTION, state, convention, CardLook()) for state in states]
        for card in (*cards, night_card(make_environment(), night, None, convention, CardLook())):
            assert list(usual_words(card.svg)) == []
            assert not USUAL.search(card.alt)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"ballot_id": NORTH.ballot_id, "seats": {LAB: 5}}, "North fills 2 chairs: these are 5."),
        ({"kind": "tally", "council_id": "testshire", "seats": {LAB: 99}, "complete": False}, "has 9 chairs"),
        ({"kind": "tally", "council_id": "testshire", "seats": {LAB: 1}, "complete": False}, "3 continuing chairs"),
        ({"ballot_id": NORTH.ballot_id, "votes": dict.fromkeys(NORTH.candidacies_by_id, 5)}, "the last chair of North"),
        ({"ballot_id": SOUTH.ballot_id, "votes": {}, "ballots": 1}, "Votes of CON 1"),
        ({"kind": "note", "council_id": "nowhere", "text": "x"}, "There is no province “nowhere” in this election."),
    ],
)
def test_a_refusal_is_in_the_words_of_the_election(desk: Desk, body: dict[str, Any], told: str) -> None:
    refused = posted(desk, {"kind": "ward", **body})
    assert refused.status_code in {404, 422}
    assert told in refused.text
    details = [refused.json()["detail"], *(finding["detail"] for finding in refused.json().get("errors", ()))]
    assert not [detail for detail in details if USUAL.search(NAMES.sub("", detail))]
