"""A reporter at the desk: what is for their councils, and nothing of any other."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts

from app.store import log, people, reporting, staff
from app.store.audit import Actor
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH, EAST = (a_contest(name) for name in ("north", "south", "east"))
ELSEWHERE = a_contest("harbour", council_id="elsewhere")
ELECTION = an_election(a_council(NORTH, SOUTH, EAST), a_council(ELSEWHERE, council_id="elsewhere"))
SLUG = ELECTION.slug
DESK = f"/desk/{SLUG}"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("reporting"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    """Its reporter reports from Testshire alone."""
    with desk_on(ready, tmp_path) as opened:
        gives(opened, "testshire")
        yield opened


def gives(desk: Desk, *councils: str) -> Any:
    form = {"election": SLUG, "council": list(councils)}
    given = desk.signed_in("editor").post("/desk/staff/reporter/councils", data=form)
    assert (given.status_code, given.headers.get("location")) == (303, "/desk/staff/reporter")
    return given


def a_form(contest=NORTH, **fields: Any) -> dict[str, Any]:
    votes = votes_for(contest, LAB, CON)
    return {**{f"votes.{name}": str(number) for name, number in votes.items()}, **fields}


def key(desk: Desk, who: str, contest=NORTH, **fields: Any) -> Any:
    address = f"{DESK}/contests/{contest.ballot_id}"
    return desk.signed_in(who, **SCRIPT).post(address, data=a_form(contest, key=f"{who} {contest.ward}", **fields))


def entries(desk: Desk) -> list[log.Logged]:
    with desk.store.reading() as connection:
        return log.entries(connection, SLUG, after=0)


def test_a_reporter_keys_for_another_to_check(desk: Desk):
    assert key(desk, "reporter", action="key").json()["outcome"] == "waiting"
    assert key(desk, "checker", action="key").json()["outcome"] == "declared"
    assert (entries(desk)[0].entry.author, entries(desk)[0].entry.checker) == ("reporter", "checker")


@pytest.mark.parametrize("action", ["alone", "declare"])
def test_a_reporter_declares_nothing_alone(desk: Desk, action: str):
    answer = key(desk, "reporter", action=action)
    assert answer.status_code in {202, 403}
    assert entries(desk) == []


def test_a_reporter_does_not_check(desk: Desk):
    key(desk, "keyer", action="key")
    assert key(desk, "reporter", action="key").status_code == 409
    assert entries(desk) == []


@pytest.mark.parametrize("status", ["counting", "recount", "delayed"])
@pytest.mark.parametrize("address", [f"contests/{NORTH.ballot_id}", "councils/testshire"])
def test_a_reporter_tells_where_a_count_is_under_their_name(desk: Desk, status: str, address: str):
    browser = desk.signed_in("reporter")
    page = browser.get(f"{DESK}/{address}/status").text
    assert re.findall(r'name="status" value="(\w+)"', page) == ["counting", "recount", "delayed"]
    told = browser.post(f"{DESK}/{address}/status", data={"status": status, "note": "bundles counted again"})
    assert told.status_code == 303
    assert [(it.entry.author, it.body["status"]) for it in entries(desk)] == [("reporter", status)]


@pytest.mark.parametrize("status", ["countermanded", "postponed"])
def test_a_reporter_puts_off_no_poll(desk: Desk, status: str):
    address = f"{DESK}/contests/{NORTH.ballot_id}/status"
    refused = desk.signed_in("reporter").post(address, data={"status": status, "note": "flood"})
    assert (refused.status_code, "Only editors put off a poll." in refused.text) == (403, True)
    assert entries(desk) == []


def test_every_page_and_act_about_another_council_is_refused_with_words(desk: Desk):
    """Whatever routes there are that a path leads to of a contest or a council, by any method."""
    names = {
        "slug": SLUG,
        "council_id": "elsewhere",
        "ballot_id": ELSEWHERE.ballot_id,
        "kind": "ward",
        "identity": ELSEWHERE.ballot_id,
    }
    asked = 0
    for context in iter_route_contexts(desk.app.routes):
        path = str(context.path)
        if not path.startswith("/desk/{slug}/") or not re.search("{(council_id|ballot_id|identity)}", path):
            continue
        address = re.sub(r"{(\w+)}", lambda named: names.get(named[1], "1"), path)
        for method in (context.methods or {"GET"}) - {"HEAD", "OPTIONS"}:
            refused = desk.signed_in("reporter").request(method, address)
            assert refused.status_code == 403, f"{method} {path}"
            words = ("You report from Testshire, and not from Elsewhere", "You are signed in as reporter")
            assert any(one in refused.text for one in words), refused.text
            asked += 1
    assert asked >= 10


def test_board_queue_and_what_keeps_them_live_have_the_reporters_councils_alone(desk: Desk):
    for contest in (NORTH, ELSEWHERE):
        key(desk, "keyer", contest, action="key")
        key(desk, "checker", contest, action="key")
    for contest in (NORTH, ELSEWHERE):
        path = f"{DESK}/contests/{contest.ballot_id}/status"
        desk.signed_in("editor").post(path, data={"status": "counting"})
    reporter = desk.signed_in("reporter")
    for address in (DESK, f"{DESK}/night.json", f"{DESK}/queue", f"{DESK}/queue?part=list"):
        shown = reporter.get(address).text
        assert "North" in shown
        assert "arbour" not in shown, address
        assert "arbour" in desk.signed_in("keyer").get(address).text


def test_a_reporter_without_councils_is_told_so_and_sees_nothing(desk: Desk):
    gives(desk)
    refused = desk.signed_in("reporter").get(DESK)
    assert (refused.status_code, "from no council of this election yet" in refused.text) == (403, True)
    assert key(desk, "reporter", action="key").status_code == 403
    assert "from no council yet" in desk.signed_in("editor").get("/desk/staff").text


def test_other_councils_hold_from_the_next_request_on_and_are_audited(desk: Desk):
    reporter = desk.signed_in("reporter")
    assert reporter.get(f"{DESK}/contests/{ELSEWHERE.ballot_id}").status_code == 403
    gives(desk, "elsewhere")
    assert reporter.get(f"{DESK}/contests/{ELSEWHERE.ballot_id}").status_code == 200
    assert reporter.get(f"{DESK}/contests/{NORTH.ballot_id}").status_code == 403
    audit = desk.signed_in("editor").get("/desk/audit?kind=councils+given").text
    assert "Reports from" in audit
    assert "elsewhere" in audit


def test_an_editors_page_gives_councils_to_reporters_and_to_nobody_else(desk: Desk):
    editor = desk.signed_in("editor")
    assert re.findall(r'value="(\w+)" checked', editor.get("/desk/staff/reporter").text) == ["reporter", "testshire"]
    assert 'name="council"' not in editor.get("/desk/staff/keyer").text
    form = {"election": SLUG, "council": "testshire"}
    assert editor.post("/desk/staff/keyer/councils", data=form).status_code == 422
    form["council"] = "atlantis"
    assert editor.post("/desk/staff/reporter/councils", data=form).status_code == 404
    with desk.store.reading() as connection:
        assert reporting.all_councils(connection) == {"reporter": {SLUG: frozenset({"testshire"})}}


def test_who_becomes_a_keyer_works_for_all_councils(desk: Desk):
    with desk.store.writing() as connection:
        people.change_role(connection, "reporter", staff.Role.KEYER, by=Actor("editor"))
    assert desk.signed_in("reporter").get(f"{DESK}/contests/{ELSEWHERE.ballot_id}").status_code == 200
