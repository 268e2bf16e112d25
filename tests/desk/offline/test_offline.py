"""What a browser is told to keep of the desk, by whom, and by which worker."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.store import presence, reporting
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH = a_contest("north"), a_contest("south")
HARBOUR = a_contest("harbour", council_id="elsewhere")
ELECTION = an_election(a_council(NORTH, SOUTH), a_council(HARBOUR, council_id="elsewhere"))
SLUG = ELECTION.slug
DESK = f"/desk/{SLUG}"
TESTSHIRE = [
    DESK,
    f"{DESK}/councils/testshire/tally",
    f"{DESK}/contests/{NORTH.ballot_id}",
    f"{DESK}/contests/{SOUTH.ballot_id}",
]


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("offline"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    """Its reporter reports from Testshire alone."""
    with desk_on(ready, tmp_path) as opened:
        with opened.store.writing() as connection:
            reporting.set_councils(connection, SLUG, "reporter", ["testshire"])
        yield opened


def addresses(desk: Desk, who: str, query: str = "") -> list[str]:
    return desk.signed_in(who).get(f"{DESK}/offline.json{query}").json()["addresses"]


def test_a_reporter_keeps_the_forms_and_statuses_of_their_councils(desk: Desk):
    found = addresses(desk, "reporter", "?council=elsewhere")
    assert [address for address in found if not address.endswith("/status")] == TESTSHIRE
    assert len([address for address in found if address.endswith("/status")]) == 3
    for address in found:
        assert desk.signed_in("reporter").get(address).status_code == 200


def test_who_keys_keeps_the_council_that_they_are_at(desk: Desk):
    assert addresses(desk, "keyer", "?council=testshire") == TESTSHIRE
    assert addresses(desk, "keyer") == [DESK]


def test_what_is_declared_is_not_kept(desk: Desk):
    votes = {f"votes.{name}": str(number) for name, number in votes_for(NORTH, LAB, CON).items()}
    form = {**votes, "key": "one", "action": "alone"}
    assert desk.signed_in("editor").post(f"{DESK}/contests/{NORTH.ballot_id}", data=form).status_code == 303
    assert f"{DESK}/contests/{NORTH.ballot_id}" not in addresses(desk, "keyer", "?council=testshire")


def test_the_worker_has_the_desk_alone_and_all_that_its_pages_load(desk: Desk):
    answer = desk.client(Accept="*/*").get("/desk/sw.js")
    assert answer.headers["service-worker-allowed"] == "/desk"
    assert answer.headers["cache-control"] == "no-cache"
    for page in (DESK, f"{DESK}/contests/{NORTH.ballot_id}", f"{DESK}/queue"):
        loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', desk.signed_in("editor").get(page).text)
        assert loaded
        assert not [address for address in loaded if f'"{address}"' not in answer.text]
    files = re.findall(r'"(/[^"]+)"', answer.text.splitlines()[1])
    assert {desk.client(Accept="*/*").get(file).status_code for file in files} == {200}


def test_who_only_has_a_form_kept_is_not_at_it(desk: Desk):
    form = f"{DESK}/contests/{NORTH.ballot_id}"
    assert desk.signed_in("reporter").get(form, headers={"Purpose": "prefetch"}).status_code == 200
    assert desk.signed_in("keyer").get(form).status_code == 200
    # Nobody waits for it to be noted; whatever was handed in before this is written.
    desk.parts.declaring.writer.submit(lambda _: None).result(30)
    with desk.store.reading() as connection:
        people = presence.present(connection, SLUG, now=datetime.now(UTC))
    assert [one.person for one in people if one.subject is not None] == ["keyer"]


def test_no_public_page_names_the_worker(desk: Desk):
    for address in (f"/elections/{SLUG}", f"/elections/{SLUG}/contests/{NORTH.ballot_id}"):
        assert "desk/offline.js" not in desk.client().get(address).text
