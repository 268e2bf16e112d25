"""A rehearsal says TEST wherever anything of it is read, and nothing of it is kept by a search engine."""

from collections.abc import Iterator
from html import unescape

import pytest

from app import addresses
from app.addresses import KEPT, KEPT_BY_ROUTES, OF_THE_MOMENT, Address
from app.store import audit
from app.store.engine import Store
from app.wording.marks import TEST_LINE
from tests.builders import LAB, votes_for
from tests.desks import Desk, a_desk
from tests.running import Server, declared

NAMES = {
    "slug": "test-2023",
    "council_id": "testshire",
    "ballot_id": "local.testshire.north.2023-05-04",
    "ranking": "closest",
    "party": LAB,
    "number": "contests-declared",
}

SAY_NOTHING_OF_RESULTS = (
    *(
        addresses.WIDGET_COLOURS,
        addresses.PARTIES,
        addresses.STATIC,
        addresses.FAVICON,
        addresses.ROBOTS,
        addresses.LOADER,
        addresses.SCHEMA,
    ),
    *(addresses.ALIVE, addresses.READY, addresses.METRICS, addresses.PATTERNS, addresses.PATTERNS_PARTIES),
)
"""Styles, scripts, the schema, and what is about the server."""

QUERIES = {
    addresses.OEMBED: "?url=http://testserver/elections/test-2023",
    addresses.MOMENT: "?page=/elections/test-2023",
}

PICTURES = (addresses.NIGHT_CARD, addresses.COUNCIL_CARD, addresses.PARTY_CARD)

READ = tuple(it for it in (*KEPT, *KEPT_BY_ROUTES, *OF_THE_MOMENT) if it not in SAY_NOTHING_OF_RESULTS)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Iterator[Desk]:
    with a_desk(tmp_path_factory.mktemp("marks"), rehearsal=True) as made:
        contest = made.election.contest(NAMES["ballot_id"])
        body = {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes_for(contest, LAB), "confirm": ["W07"]}
        posted = declare(made, body)
        assert (posted.status_code, next(iter(posted.json().items()))) == (201, ("rehearsal", True))
        yield made


def declare(desk: Desk, body: dict[str, object]):
    client = desk.client(Authorization=f"Bearer {desk.tokens['declare']}")
    return client.post("/api/v1/elections/test-2023/declarations", json=body)


def marks_of(kind: str, text: str) -> list[str]:
    """What has to be there for an answer of a media type to be marked."""
    match kind:
        case "text/html" if "<head>" not in text:
            return [TEST_LINE]
        case "text/html":
            return [TEST_LINE.partition(".")[2].strip(), "<title>TEST: ", '<meta name="robots" content="noindex">']
        case "application/json" if "ElectionResults." in text:
            return ['"IsTest":true']  # The form is NIST's, and so is its mark.
        case "application/json":
            return ['"rehearsal": true' if '": ' in text else '"rehearsal":true']
        case "application/atom+xml":
            return ["<title>TEST: "]
        case "text/csv":
            return ["rehearsal,", "\nTEST,"]
    raise AssertionError(f"{kind} has no mark")


@pytest.mark.parametrize("address", READ, ids=lambda address: address.path)
def test_every_address_that_tells_of_results_says_test(desk: Desk, address: Address) -> None:
    client = desk.client()
    client.follow_redirects = True
    answer = client.get(address.to(**NAMES) + QUERIES.get(address, ""))
    assert answer.status_code == 200
    assert "noindex" in answer.headers["X-Robots-Tag"]
    if address in PICTURES:
        # Its mark is drawn: tests/pages/cards/test_view.py.
        assert answer.headers["Content-Type"] == "image/png"
        return
    kind = answer.headers["Content-Type"].partition(";")[0]
    for mark in marks_of(kind, answer.text):
        assert mark in answer.text


def test_what_is_taken_along_is_marked(desk: Desk) -> None:
    """The names of files, and the titles of frames that are pasted into articles."""
    page = unescape(desk.client().get("/elections/test-2023/councils/testshire").text)
    assert 'download="TEST-testshire-wide.png"' in page
    assert 'title="TEST: Testshire' in page
    told = desk.client().get("/oembed?url=http://testserver/elections/test-2023").json()
    assert 'title="TEST: ' in told["html"]
    file = desk.client().get("/api/v1/elections/test-2023/export.csv")
    assert 'filename="TEST-test-2023' in file.headers["Content-Disposition"]
    assert 'filename="TEST-' in desk.signed_in("editor").get("/desk/audit.csv").headers["Content-Disposition"]


@pytest.mark.parametrize("path", ["", "/test-2023", "/test-2023/queue", "/audit", "/staff", "/sessions"])
def test_the_desk_says_test(desk: Desk, path: str) -> None:
    client = desk.signed_in("editor")
    client.follow_redirects = True
    page = client.get(f"/desk{path}")
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "<title>TEST: " in page.text
    assert "data-rehearsal" in page.text


def test_the_night_itself_is_indexed_and_has_no_mark(tmp_path) -> None:
    with a_desk(tmp_path) as desk:
        page = desk.client().get("/elections/test-2023")
        assert "X-Robots-Tag" not in page.headers
        assert "TEST" not in page.text
        assert "noindex" not in page.text


def test_what_was_made_for_an_exercise_says_test_wherever_it_is_served_or_written(tmp_path, kent_of_exercise) -> None:
    """Its database knows: nobody has to remember ``--rehearsal``."""
    written = declared("export", "kent-2023", "--output", tmp_path, database=kent_of_exercise)
    assert (tmp_path / "kent-2023.csv").read_text("utf-8-sig").startswith("rehearsal,"), written.stderr


@pytest.fixture
def kent_of_exercise(tmp_path) -> str:
    database = f"sqlite:///{tmp_path / 'exercise.db'}"
    server = Server(database)
    with Store.open(database) as store, store.writing() as connection:
        audit.record(connection, audit.Kind.EXERCISE_BEGUN, audit.at_the_command_line())
    with server, server.client() as client:
        assert "<title>TEST: " in client.get("/elections/kent-2023").text
    return database
