"""Internal notes: read at the desk, and nowhere else."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.bundles.councils_export import councils_csv_export
from app.bundles.exporting import csv_export, dc_csv_export, json_export
from app.store import audit, reporting
from app.store.folding import folded
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared
from tests.running import Server
from tests.watching import Watcher

NORTH, SOUTH = a_contest("north"), a_contest("south")
HARBOUR = a_contest("harbour", council_id="elsewhere")
ELECTION = an_election(a_council(NORTH, SOUTH), a_council(HARBOUR, council_id="elsewhere"))
SLUG = ELECTION.slug
DESK = f"/desk/{SLUG}"
WARD = f"{DESK}/contests/{NORTH.ballot_id}"
SECRET = "The agent of the blue candidate shouts"


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("notes"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    """Its reporter reports from Testshire alone."""
    with desk_on(ready, tmp_path) as opened:
        with opened.store.writing() as connection:
            reporting.set_councils(connection, SLUG, "reporter", ["testshire"])
        yield opened


def writes(desk: Desk, who: str, address: str = WARD, note: str = SECRET, **fields: str) -> Any:
    return desk.signed_in(who).post(f"{address}/notes", data={"note": note, **fields})


def struck(desk: Desk, who: str, note_id: int = 1) -> int:
    return desk.signed_in(who).post(f"{DESK}/notes/{note_id}/strike").status_code


def key(desk: Desk, who: str, contest=NORTH) -> Any:
    votes = {f"votes.{name}": str(number) for name, number in votes_for(contest, LAB, CON).items()}
    form = {**votes, "key": f"{who} {contest.ward}", "action": "key"}
    return desk.signed_in(who, Accept="application/json").post(f"{DESK}/contests/{contest.ballot_id}", data=form)


def acts(desk: Desk) -> list[audit.Audited]:
    with desk.store.reading() as connection:
        return [act for act in audit.rows(connection) if "note" in act.kind]


def test_a_note_is_on_form_queue_and_board_with_who_wrote_it_and_when(desk: Desk):
    written = writes(desk, "reporter")
    assert (written.status_code, written.headers["location"]) == (303, f"{WARD}#notes")
    key(desk, "keyer")
    for address in (WARD, DESK, f"{DESK}/queue", f"{DESK}/queue?part=list"):
        page = desk.signed_in("checker").get(address).text
        assert SECRET in page, address
        assert re.search(r"reporter, [^<]*\d\d:\d\d", page), address


def test_a_note_about_a_council_is_on_the_forms_of_its_wards_and_of_no_other(desk: Desk):
    writes(desk, "keyer", f"{DESK}/councils/testshire")
    assert SECRET in desk.signed_in("checker").get(WARD).text
    assert SECRET in desk.signed_in("checker").get(f"{DESK}/councils/testshire/tally").text
    assert SECRET not in desk.signed_in("checker").get(f"{DESK}/contests/{HARBOUR.ballot_id}").text


def test_readers_get_no_note_from_any_address_or_export(desk: Desk):
    """Every public route there is, asked for everything that has a note."""
    for address in (WARD, f"{DESK}/councils/testshire"):
        writes(desk, "reporter", address)
    key(desk, "keyer")
    assert key(desk, "checker").json()["outcome"] == "declared"
    samples = {
        "slug": SLUG,
        "council_id": "testshire",
        "ballot_id": NORTH.ballot_id,
        "asset": "icon.svg",
        "ranking": "closest",
        "party": "LAB",
        "number": "contests-declared",
    }
    public, asked = desk.client(Accept="*/*"), 0
    for context in iter_route_contexts(desk.app.routes):
        path = str(context.path)
        if path.startswith("/desk") or "GET" not in (context.methods or ()):
            continue
        address = re.sub(r"{(\w+)(:\w+)?}", lambda named: samples[named[1]], path)
        queries = ["", f"?url=http://testserver/elections/{SLUG}"] if path == "/oembed" else ["", "?at=1", "?after=0"]
        for query in queries:
            answer = public.get(address + query)
            assert SECRET.encode() not in answer.content, address + query
            asked += answer.status_code == 200
    assert asked > 30
    with desk.store.reading() as connection:
        night = folded(connection, SLUG)
        convention = night.election.chosen_convention(None)
    for everything in (
        csv_export(night.election),
        dc_csv_export(night.election),
        councils_csv_export(night.election, convention),
        json_export(night, epoch="epoch", convention=convention),
    ):
        assert SECRET not in everything.whole(night)


def test_watchers_get_no_note(desk: Desk):
    writes(desk, "reporter")
    channels = ("overview", "council/testshire")
    with Server(f"sqlite:///{desk.store.file}", token="none is needed") as server:
        watchers = [Watcher(server.url, f"/live/{SLUG}/{channel}") for channel in channels]
        for watcher in watchers:
            watcher.wait_for(0)
        writes(desk, "reporter", f"{DESK}/councils/testshire")
        desk.signed_in("editor").post(f"{WARD}/status", data={"status": "recount", "note": "close"})
        for watcher in watchers:
            watcher.wait_for(1)
            watcher.close()
        heard = json.dumps([watcher.messages for watcher in watchers])
    assert "Recount" in heard
    assert SECRET not in heard


def test_a_note_is_struck_out_by_its_author_or_an_editor_and_stays_to_be_read(desk: Desk):
    writes(desk, "reporter")
    writes(desk, "keyer", note="Another one")
    assert [struck(desk, who) for who in ("keyer", "checker")] == [403, 403]
    assert [struck(desk, "reporter", 1), struck(desk, "editor", 2)] == [303, 303]
    page = desk.signed_in("checker").get(WARD).text
    assert f"<s>{SECRET}</s>" in page
    assert "struck out by editor" in page
    assert SECRET not in desk.signed_in("checker").get(DESK).text
    assert struck(desk, "editor", 99) == 404


def test_there_is_no_way_to_change_a_note(desk: Desk):
    paths = [str(context.path) for context in iter_route_contexts(desk.app.routes) if "/notes" in str(context.path)]
    assert sorted(path.rpartition("/")[2] for path in paths) == ["notes", "notes", "strike"]


def test_notes_are_in_the_audit_with_their_words(desk: Desk):
    writes(desk, "reporter")
    struck(desk, "editor")
    page = desk.signed_in("editor").get("/desk/audit").text
    assert [act.details["text"] for act in acts(desk)] == [SECRET, SECRET]
    assert SECRET in page
    assert "Internal note struck out" in page


def test_what_is_sent_twice_is_written_once(desk: Desk):
    for _ in range(2):
        assert writes(desk, "reporter", key="the key of its form").status_code == 303
    assert desk.signed_in("keyer").get(DESK).text.count(SECRET) == 1


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_a_note_that_is_none_is_refused_with_words(desk: Desk, note: str):
    refused = writes(desk, "reporter", note=note)
    assert (refused.status_code, "500 characters at most" in refused.text) == (422, True)


def test_a_note_of_several_lines_is_one(desk: Desk):
    writes(desk, "reporter", note="Bundles\r\ncounted <again>")
    assert "Bundles counted &lt;again&gt;" in desk.signed_in("keyer").get(WARD).text


def test_a_reporter_neither_reads_nor_strikes_notes_of_other_councils(desk: Desk):
    writes(desk, "editor", f"{DESK}/contests/{HARBOUR.ballot_id}")
    assert SECRET not in desk.signed_in("reporter").get(DESK).text
    assert struck(desk, "reporter") == 404
    assert writes(desk, "reporter", f"{DESK}/councils/elsewhere").status_code == 403


def test_pages_that_are_open_hear_of_a_note(desk: Desk):
    before = desk.signed_in("keyer").get(f"{DESK}/night.json").json()["notes"]
    writes(desk, "reporter")
    written = desk.signed_in("keyer").get(f"{DESK}/night.json").json()["notes"]
    struck(desk, "editor")
    assert len({before, written, desk.signed_in("keyer").get(f"{DESK}/night.json").json()["notes"]}) == 3
