"""The room over HTTP: the table and two editors, calls, sheets, the handover, figures, and who may do what."""

import csv
import io
import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.election import Contest
from app.domain.subject import Subject
from app.store import audit, drafts, room
from app.store.audit import ActsWanted
from app.store.room import RowKey
from tests.builders import a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH = a_contest("north"), a_contest("south")
DEAL = a_contest("deal", council_id="dover")
NOW = datetime.now(UTC).replace(microsecond=0)
ELECTION = an_election(
    a_council(NORTH, SOUTH, expected_at=NOW - timedelta(minutes=100)),
    a_council(DEAL, council_id="dover", expected_at=NOW + timedelta(hours=1)),
    polling_date=(NOW - timedelta(days=1)).date(),
)
ROOM = f"/desk/{ELECTION.slug}/room"
CALLS = f"{ROOM}/councils/testshire/calls"
TESTSHIRE = RowKey("council", "testshire")
NUMBER = "01632 960001"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("room"), election=ELECTION)


@pytest.fixture
def desk(made: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(made, tmp_path) as opened:
        yield opened


def drawn(page: str) -> dict[str, str]:
    """The table as a browser would send it."""
    inputs = re.findall(r"<input[^>]*>", page.partition("data-room=")[2].partition("</form>")[0])
    named = {re.search(r'name="([^"]*)"', it)[1]: re.search(r' value="([^"]*)"', it)[1] for it in inputs}
    assert named["covers.council.testshire"] is not None
    return named


def table(desk: Desk, who: str = "editor", **changed: str) -> dict[str, str]:
    return drawn(desk.signed_in(who).get(ROOM).text) | {name.replace("__", "."): it for name, it in changed.items()}


def kept(desk: Desk) -> dict[RowKey, Any]:
    with desk.store.reading() as connection:
        return room.covered(connection, ELECTION.slug)


def post(desk: Desk, ballot: Any, **fields: Any) -> None:
    body = {"kind": "ward", "ballot_id": ballot.ballot_id, "votes": votes_for(ballot), **fields}
    client = desk.client(Authorization=f"Bearer {desk.tokens['declare']}")
    confirmed = {**body, "confirm": ["W02", "W05", "W06", "W07"]}
    answer = client.post(f"/api/v1/elections/{ELECTION.slug}/declarations", json=confirmed)
    assert answer.status_code == 201, answer.text


def test_the_table_is_saved_and_shown_with_links_to_phone(desk: Desk):
    form = table(
        desk,
        covers__council__testshire="Jo",
        telephones__council__testshire=f"{NUMBER}; +44 7700 900001 Jo",
        place__council__testshire="Leisure Centre",
        expected__council__testshire="+45",
    )
    saved = desk.signed_in("editor").post(ROOM, data=form)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{ROOM}?done=saved")
    shown = desk.signed_in("keyer").get(ROOM).text
    assert '<a class="room-phone" href="tel:01632960001">01632 960001</a>' in shown
    assert 'href="tel:+447700900001"' in shown
    assert "data-column" not in shown
    moved = kept(desk)[TESTSHIRE].moved
    assert timedelta(minutes=43) < moved - datetime.now(UTC) < timedelta(minutes=46)


def test_of_two_editors_at_once_neither_writes_over_the_other(desk: Desk):
    mine = table(desk, covers__council__testshire="Kim", covers__council__dover="Ann")
    desk.signed_in("editor").post(ROOM, data=table(desk, covers__council__testshire="Lee"))
    answer = desk.signed_in("editor").post(ROOM, data=mine)
    assert answer.status_code == 409
    assert "to: Lee." in answer.text
    assert 'value="Kim"' in answer.text
    assert {key.identity: it.covers for key, it in kept(desk).items()} == {"testshire": "Lee", "dover": "Ann"}
    assert desk.signed_in("editor").post(ROOM, data=drawn(answer.text)).status_code == 303
    assert kept(desk)[TESTSHIRE].covers == "Kim"


def test_what_cannot_be_read_is_said_beside_its_field_and_the_rest_is_saved(desk: Desk):
    form = table(desk, expected__council__testshire="soon", covers__council__dover="Ann")
    answer = desk.signed_in("editor").post(ROOM, data=form)
    assert answer.status_code == 422
    assert "Type 03:30, +45 for so many minutes later, or 5 May 03:30." in answer.text
    assert 'value="soon"' in answer.text
    assert [key.identity for key in kept(desk)] == ["dover"]


def test_a_file_is_looked_at_first_and_kept_when_it_is_saved(desk: Desk):
    text = f"council_id,covers,telephone\ntestshire,Jo,{NUMBER}\nnowhere,Kim,\n"
    looked = desk.signed_in("editor").post(f"{ROOM}/import", data={"file": text})
    assert looked.status_code == 422
    assert "The file:3: there is no council_id “nowhere”" in looked.text
    assert kept(desk) == {}
    desk.signed_in("editor").post(ROOM, data=drawn(looked.text))
    assert kept(desk)[TESTSHIRE].telephones == (NUMBER,)
    rows = csv.DictReader(io.StringIO(desk.signed_in("editor").get(f"{ROOM}.csv").text.removeprefix("\ufeff")))
    assert [(row["council_id"], row["telephone"]) for row in rows] == [("testshire", NUMBER), ("dover", "")]


def test_telephone_numbers_are_deleted_and_are_nowhere_then(desk: Desk):
    desk.signed_in("editor").post(ROOM, data=table(desk, telephones__council__testshire=NUMBER))
    assert desk.signed_in("editor").post(f"{ROOM}/telephones/delete").status_code == 303
    for path in ("", ".csv", "/sheet", "/chasers"):
        assert NUMBER not in desk.signed_in("editor").get(f"{ROOM}{path}").text
    assert NUMBER not in desk.signed_in("editor").get("/desk/audit.csv").text


def test_no_number_is_on_any_public_page(desk: Desk):
    desk.signed_in("editor").post(
        ROOM, data=table(desk, telephones__council__testshire=NUMBER, place__council__dover="Zzz")
    )
    base = f"/elections/{ELECTION.slug}"
    for path in (base, f"{base}/councils/testshire", f"/api/v1{base}", f"/api/v1{base}/export.json"):
        shown = desk.client().get(path)
        assert shown.status_code == 200
        assert NUMBER not in shown.text
        assert "Zzz" not in shown.text


def test_a_sheet_has_whom_to_phone_and_every_contest_with_its_seats(desk: Desk):
    desk.signed_in("editor").post(ROOM, data=table(desk, telephones__council__testshire=NUMBER))
    every = desk.signed_in("keyer").get(f"{ROOM}/sheet").text
    one = desk.signed_in("keyer").get(f"{ROOM}/sheet?council=testshire").text
    assert every.count('<section class="sheet"') == 2
    assert one.count('<section class="sheet"') == 1
    for told in (NUMBER, "North", "South", "2 wards, 2 seats up of 2"):
        assert told in one
    assert desk.signed_in("keyer").get(f"{ROOM}/sheet?council=nowhere").status_code == 404


def test_a_call_becomes_the_last_word_and_moves_the_time(desk: Desk):
    before = desk.signed_in("keyer").get(f"{ROOM}/chasers").text
    assert re.search(r"1\d\d min late, no word yet", before)
    form = {"said": "counting, an hour more", "expected": "+60", "key": "k"}
    for _ in range(2):
        answer = desk.signed_in("keyer").post(CALLS, data=form)
        assert answer.status_code == 303
    after = desk.signed_in("keyer").get(answer.headers["location"]).text
    assert "Nobody is late." in after
    assert "keyer: counting, an hour more" in after
    assert "last word of Testshire" in after
    with desk.store.reading() as connection:
        acts = audit.search(connection, ActsWanted(ELECTION.slug))
    assert [act.kind for act in acts] == ["time moved", "called"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"said": " ", "expected": ""}, "Write what they said"),
        ({"said": "x" * 501, "expected": ""}, "Write what they said"),
        ({"said": "an hour more", "expected": "soon"}, "Type 03:30"),
    ],
)
def test_a_call_that_cannot_be_kept_stands_as_it_was_typed(desk: Desk, form: dict[str, str], said: str):
    answer = desk.signed_in("keyer").post(CALLS, data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form["expected"]}"' in answer.text


def test_what_was_declared_and_keyed_is_a_last_word_too(desk: Desk):
    post(desk, NORTH)
    page = desk.signed_in("keyer").get(f"{ROOM}/chasers").text
    assert "Declared: North (Testshire)" in page
    assert key(desk, "keyer", SOUTH) == "waiting"
    assert "keyer keyed a result" in desk.signed_in("keyer").get(f"{ROOM}/chasers").text


def test_a_note_for_the_next_shift_is_kept_in_versions_and_never_written_over(desk: Desk):
    to = f"{ROOM}/handover"
    assert (
        desk.signed_in("keyer").post(to, data={"note": "Deal is slow.\nSo is Dover.", "after": "0"}).status_code == 303
    )
    answer = desk.signed_in("checker").post(to, data={"note": "All is well.", "after": "0"})
    assert answer.status_code == 409
    for told in ("Deal is slow.\nSo is Dover.", ">All is well.</textarea>", 'name="after" value="1"'):
        assert told in answer.text
    assert desk.signed_in("checker").post(to, data={"note": "All is well.", "after": "1"}).status_code == 303
    shown = desk.signed_in("editor").get(to).text
    assert ">All is well.</textarea>" in shown
    assert "Deal is slow." in shown.partition("Earlier versions")[2]
    assert desk.signed_in("editor").post(to, data={"note": "x", "after": "one"}).status_code == 422
    assert desk.signed_in("editor").post(to, data={"note": "x" * 10_001, "after": "2"}).status_code == 422


def test_the_summary_has_what_waits_what_is_late_and_who_has_begun_what(desk: Desk):
    with desk.store.writing() as connection:
        drafts.keep(connection, ELECTION.slug, Subject("ward", DEAL.ballot_id), "checker", {"total": "1"})
    key(desk, "keyer", NORTH)
    shown = desk.signed_in("editor").get(f"{ROOM}/handover").text
    assert re.search(r"Testshire: 1\d\d min late, last word", shown)
    assert "North, Testshire: keyer," in shown
    assert "checker: Deal, Dover, kept" in shown
    assert "0 of 3 wards declared; 0 of 2 councils complete." in shown


def test_a_council_that_is_complete_is_told_until_it_is_signed_off(desk: Desk):
    post(desk, DEAL)
    shown = desk.signed_in("checker").get(f"{ROOM}/handover").text
    assert "Complete and not signed off" in shown
    assert f'<a href="/desk/{ELECTION.slug}/councils/dover/sign-off">Dover</a>' in shown
    assert "councils/testshire/sign-off" not in shown


def key(desk: Desk, who: str, contest: Contest, *, slip: int = 0, action: str = "key") -> str:
    """Send a result as a script does, confirming whatever is asked; ``slip`` goes into one of its figures."""
    votes = votes_for(contest)
    first = next(iter(votes))
    form: dict[str, Any] = {f"votes.{it}": str(number + slip * (it == first)) for it, number in votes.items()}
    form |= {"action": action, "key": secrets.token_hex(8)}
    client = desk.signed_in(who, Accept="application/json")
    to = f"/desk/{ELECTION.slug}/contests/{contest.ballot_id}"
    told = client.post(to, data=form).json()
    if told["outcome"] == "confirm":
        confirm = [finding["code"] for finding in told["warnings"]]
        told = client.post(to, data={**form, "confirm": confirm, "flip": told["flip"]}).json()
    return told["outcome"]


def figures(desk: Desk) -> dict[str, dict[str, str]]:
    made = desk.signed_in("editor").get(f"{ROOM}/figures.csv").text
    return {row.pop("person"): row for row in csv.DictReader(io.StringIO(made.removeprefix("\ufeff")))}


def test_figures_tell_who_keyed_who_checked_and_whose_slip_it_was(desk: Desk):
    assert key(desk, "keyer", NORTH, slip=3) == "waiting"
    assert figures(desk)["keyer"]["waiting"] == "1"
    assert key(desk, "checker", NORTH) == "disputed"
    assert key(desk, "keyer", NORTH) == "declared"
    assert key(desk, "editor", SOUTH, action="alone") == "declared"
    nothing = dict.fromkeys(("keyed", "checked", "waiting", "alone", "caused", "caught", "corrected", "timed"), "0")
    nothing["median_seconds"] = ""
    assert figures(desk) == {
        "checker": nothing | {"checked": "1", "caught": "1"},
        "editor": nothing | {"keyed": "1", "alone": "1"},
        "keyer": nothing | {"keyed": "1", "caused": "1"},
    }


def test_a_result_that_was_corrected_counts_with_who_keyed_it_and_a_dispute_let_go_with_nobody(desk: Desk):
    key(desk, "keyer", NORTH, slip=3)
    key(desk, "checker", NORTH)
    taken = desk.signed_in("editor").post(f"/desk/{ELECTION.slug}/keyed/ward/{NORTH.ballot_id}/take-back")
    assert taken.status_code == 303
    assert key(desk, "keyer", NORTH) == "waiting"
    assert key(desk, "checker", NORTH) == "declared"
    votes = {it: number + 5 for it, number in votes_for(NORTH).items()}
    post(desk, NORTH, kind="correction", replaces=1, reason="Misread.", votes=votes)
    found = figures(desk)
    assert (found["keyer"]["corrected"], found["keyer"]["caused"], found["checker"]["caught"]) == ("1", "0", "0")


def test_how_long_it_took_is_told_where_it_is_known(desk: Desk):
    to = f"/desk/{ELECTION.slug}/drafts/ward/{NORTH.ballot_id}"
    assert desk.signed_in("keyer").put(to, data={"total": "1"}).status_code in {200, 204}
    key(desk, "keyer", NORTH)
    assert figures(desk)["keyer"]["timed"] == "1"
    page = desk.signed_in("editor").get(f"{ROOM}/figures").text
    assert re.search(r'0:\d\d <span class="muted">of 1</span>', page)


def test_a_time_that_was_moved_is_the_boards_and_readers_see_the_one_that_was_loaded(desk: Desk):
    board = f"/desk/{ELECTION.slug}?state=overdue"
    assert "min overdue" in desk.signed_in("keyer").get(board).text
    public = desk.client().get(f"/elections/{ELECTION.slug}").text
    desk.signed_in("editor").post(ROOM, data=table(desk, expected__council__testshire="+45"))
    assert "min overdue" not in desk.signed_in("keyer").get(board).text
    assert desk.client().get(f"/elections/{ELECTION.slug}").text == public
