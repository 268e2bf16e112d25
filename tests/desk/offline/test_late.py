"""What was sent without a network says when it was sent, and when it came."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.desk.entry.review import sent_at
from app.store import audit, internal_notes, keyed
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH, EAST = (a_contest(name) for name in ("north", "south", "east"))
ELECTION = an_election(a_council(NORTH, SOUTH, EAST))
SLUG = ELECTION.slug
DESK = f"/desk/{SLUG}"
WARD = f"{DESK}/contests/{NORTH.ballot_id}"
HALF_AN_HOUR = str(31 * 60 * 1000)
LATE = r"sent [^<]*\d\d:\d\d \w+, received [^<]*\d\d:\d\d"


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("late"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def sends(desk: Desk, who: str, **fields: str) -> Any:
    votes = {f"votes.{name}": str(number) for name, number in votes_for(NORTH, LAB, CON).items()}
    form = {**votes, "key": f"of {who}", "action": "key", **fields}
    return desk.signed_in(who, Accept="application/json").post(WARD, data=form)


def acts(desk: Desk) -> list[audit.Audited]:
    with desk.store.reading() as connection:
        return [act for act in audit.rows(connection) if act.kind == "came late"]


def test_what_waited_says_so_at_the_form_in_the_queue_and_in_the_audit(desk: Desk):
    assert sends(desk, "reporter", waited=HALF_AN_HOUR).json()["outcome"] == "waiting"
    for who, address in (("reporter", WARD), ("checker", WARD), ("checker", f"{DESK}/queue")):
        assert re.search(LATE, desk.signed_in(who).get(address).text), address
    (act,) = acts(desk)
    assert act.who == "reporter"
    assert act.at - datetime.fromisoformat(act.details["sent"]) >= timedelta(minutes=31)
    assert "Sent without a network" in desk.signed_in("editor").get("/desk/audit").text


def test_what_came_at_once_says_nothing_of_it(desk: Desk):
    sends(desk, "reporter")
    assert not re.search(LATE, desk.signed_in("checker").get(f"{DESK}/queue").text)
    assert acts(desk) == []


def test_the_same_sent_again_later_is_the_same_and_noted_once(desk: Desk):
    for waited in (HALF_AN_HOUR, str(32 * 60 * 1000)):
        assert sends(desk, "reporter", waited=waited).json()["outcome"] == "waiting"
    assert len(acts(desk)) == 1


def test_it_was_keyed_after_what_stood_when_it_was_sent(desk: Desk):
    """So that a recount that was told meanwhile is asked about."""
    desk.signed_in("editor").post(f"{WARD}/status", data={"status": "recount", "note": "close"})
    sends(desk, "reporter", waited=HALF_AN_HOUR)
    with desk.store.reading() as connection:
        (waiting,) = keyed.waiting(connection, SLUG)
    assert waiting.author.after == 0


def test_a_status_that_waited_is_noted_too(desk: Desk):
    desk.signed_in("reporter").post(f"{WARD}/status", data={"status": "counting", "waited": HALF_AN_HOUR})
    assert [act.details["kind"] for act in acts(desk)] == ["status"]


def test_a_note_has_the_time_at_which_it_was_sent(desk: Desk):
    desk.signed_in("reporter").post(f"{WARD}/notes", data={"note": "A bundle is missing", "waited": HALF_AN_HOUR})
    with desk.store.reading() as connection:
        (note,) = internal_notes.notes(connection, SLUG)
    assert timedelta(minutes=30) < datetime.now(UTC) - note.at < timedelta(minutes=40)


@pytest.mark.parametrize("waited", ["", "0", "-5", "1e3", "x", "９９９９９", "9" * 40, str(3 * 24 * 3600 * 1000)])
def test_a_wait_that_makes_no_sense_is_none(waited: str):
    assert sent_at({"waited": [waited]}, datetime.now(UTC)) is None
