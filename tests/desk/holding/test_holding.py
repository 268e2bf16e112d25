"""A change of control that waits at the desk: not seen by readers, undone with everything typed, or declared once."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.declaring.holding import Holding
from app.domain.subject import Subject
from app.store import drafts, held, keyed, log, reporting, rules
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH, EAST = (a_contest(name, electorate=5000) for name in ("north", "south", "east"))
ELECTION = an_election(a_council(NORTH, SOUTH, EAST))
URL = f"/desk/{ELECTION.slug}"
API = f"/api/v1/elections/{ELECTION.slug}"


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("desk"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def the_form(desk, who, contest, *winners, action="key", more=0, **fields):
    """A form whose warnings are confirmed, a change of control by its name."""
    votes = votes_for(contest, *(winners or (LAB, CON)))
    form = {f"votes.{name}": str(number + more) for name, number in votes.items()}
    form |= {"key": f"{who} {contest.ward} {winners} {action} {more} {fields}", "action": action, **fields}
    asked = send(desk, who, contest, {**form, "action": "review"}).json()
    codes = [finding["code"] for finding in asked["warnings"]]
    return {**form, "confirm": codes, **({"flip": asked["flip"]} if asked["flip"] else {})}


def send(desk, who, contest, form):
    return desk.signed_in(who, Accept="application/json").post(f"{URL}/contests/{contest.ballot_id}", data=form)


def alone(desk, contest, *winners, **fields):
    return send(desk, "editor", contest, the_form(desk, "editor", contest, *winners, action="alone", **fields))


def hold_for(desk, seconds):
    answer = desk.signed_in("editor").post(f"{URL}/hold", data={"seconds": seconds})
    assert answer.status_code == 303, answer.text


def entries(desk):
    with desk.store.reading() as connection:
        return [
            (it.entry.seq, it.entry.author, it.entry.checker or None)
            for it in log.entries(connection, ELECTION.slug, after=0)
        ]


def on_hold(desk):
    with desk.store.reading() as connection:
        return [it for it in held.shown(connection, ELECTION.slug, datetime.now(UTC)) if it.state == held.OPEN]


def let_go(desk):
    """What becomes of it once its time is up."""
    (one,) = on_hold(desk)
    later = Holding(desk.parts.declaring, clock=lambda: one.due_at + timedelta(seconds=1))
    return later.send(ELECTION.slug, one.held_id).result()


@pytest.fixture
def calls(desk):
    """A desk that holds for ten minutes, with north declared: LAB wins the council in the next."""
    alone(desk, NORTH)
    hold_for(desk, 600)
    return desk


def test_nothing_is_held_unless_the_desk_says_so(desk):
    alone(desk, NORTH)
    assert alone(desk, SOUTH).status_code == 201


def test_what_calls_no_council_is_not_held(desk):
    hold_for(desk, 600)
    assert alone(desk, NORTH).status_code == 201


def test_a_call_is_acknowledged_and_not_in_the_log(calls):
    answer = alone(calls, SOUTH)
    assert (answer.status_code, answer.json()["outcome"]) == (202, "held")
    assert answer.json()["location"] == URL
    assert len(entries(calls)) == 1
    assert [it.subject for it in on_hold(calls)] == [Subject("ward", SOUTH.ballot_id)]


def test_readers_see_nothing_of_it(calls):
    api = [API, f"{API}/declarations", f"{API}/councils/testshire", f"{API}/feed.atom", f"{API}/export.csv"]
    pages = [f"/elections/{ELECTION.slug}", f"/elections/{ELECTION.slug}/councils/testshire"]
    client = calls.client()
    before = [client.get(path).text for path in (*api, *pages)]
    alone(calls, SOUTH)
    assert [client.get(path).text for path in (*api, *pages)] == before


def test_every_page_of_the_desk_says_until_when_and_offers_to_undo_it(calls):
    alone(calls, SOUTH)
    for who, may in (("editor", True), ("keyer", False)):
        for page in ("", "/queue", f"/contests/{EAST.ballot_id}", "/held?part=list"):
            html = calls.signed_in(who).get(f"{URL}{page}").text
            assert re.search(r"Held until \d\d:\d\d:\d\d (?:BST|GMT)", html), page
            assert "South, Testshire" in html
            assert ("/undo" in html) is may
            assert ("/send" in html) is may


def test_when_its_time_is_up_it_is_declared_once(calls):
    alone(calls, SOUTH)
    (one,) = on_hold(calls)
    assert let_go(calls).state == held.DECLARED
    assert Holding(calls.parts.declaring).send(ELECTION.slug, one.held_id).result() is None
    assert entries(calls) == [(1, "editor", None), (2, "editor", None)]
    assert on_hold(calls) == []


def test_before_its_time_nobody_declares_it(calls):
    alone(calls, SOUTH)
    (one,) = on_hold(calls)
    assert Holding(calls.parts.declaring).send(ELECTION.slug, one.held_id).result() is None
    assert len(entries(calls)) == 1


def test_the_second_of_two_persons_is_held_too(calls):
    send(calls, "keyer", SOUTH, the_form(calls, "keyer", SOUTH))
    answer = send(calls, "checker", SOUTH, the_form(calls, "checker", SOUTH))
    assert (answer.status_code, answer.json()["outcome"]) == (202, "held")
    assert let_go(calls).state == held.DECLARED
    assert entries(calls)[-1] == (2, "keyer", "checker")
    with calls.store.reading() as connection:
        assert keyed.waiting(connection, ELECTION.slug) == []


def test_undo_takes_it_back_to_the_form_with_everything_typed(calls):
    alone(calls, SOUTH, more=7, source="by telephone")
    (one,) = on_hold(calls)
    editor = calls.signed_in("editor")
    answer = editor.post(f"{URL}/held/{one.held_id}/undo")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{URL}/contests/{SOUTH.ballot_id}")
    assert on_hold(calls) == []
    assert len(entries(calls)) == 1
    html = editor.get(answer.headers["Location"]).text
    for value in ("by telephone", *(str(number + 7) for number in votes_for(SOUTH, LAB, CON).values())):
        assert f'value="{value}"' in html
    assert alone(calls, SOUTH, more=8).json()["outcome"] == "held"


def test_a_reporter_undoes_what_they_declared(calls):
    with calls.store.writing() as connection:
        rules.set_persons(connection, ELECTION.slug, 1)
        reporting.set_councils(connection, ELECTION.slug, "reporter", ["testshire"])
    send(calls, "reporter", SOUTH, the_form(calls, "reporter", SOUTH, action="declare"))
    (one,) = on_hold(calls)
    reporter = calls.signed_in("reporter")
    undo = f"{URL}/held/{one.held_id}/undo"
    assert undo in reporter.get(f"{URL}/held?part=list").text
    assert reporter.post(undo).status_code == 303
    assert on_hold(calls) == []


def test_undo_of_a_check_leaves_the_first_keying_to_be_checked(calls):
    send(calls, "keyer", SOUTH, the_form(calls, "keyer", SOUTH))
    send(calls, "checker", SOUTH, the_form(calls, "checker", SOUTH))
    (one,) = on_hold(calls)
    assert calls.signed_in("checker").post(f"{URL}/held/{one.held_id}/undo").status_code == 303
    with calls.store.reading() as connection:
        assert [it.state for it in keyed.waiting(connection, ELECTION.slug)] == ["waiting"]
        assert drafts.find(connection, ELECTION.slug, one.subject, "checker") is not None


def test_who_has_nothing_to_do_with_it_neither_undoes_nor_sends_it(calls):
    alone(calls, SOUTH)
    (one,) = on_hold(calls)
    refused = calls.signed_in("keyer").post(f"{URL}/held/{one.held_id}/undo")
    assert refused.status_code == 403
    assert "not held any more" not in refused.text
    assert calls.signed_in("keyer").post(f"{URL}/held/{one.held_id}/send").status_code == 403
    cross = calls.signed_in("editor", **{"Sec-Fetch-Site": "cross-site"})
    assert cross.post(f"{URL}/held/{one.held_id}/undo").status_code == 403
    assert len(on_hold(calls)) == 1


def test_the_form_of_what_is_held_says_so_and_is_none_until_it_is_undone(calls):
    place = f"{URL}/contests/{SOUTH.ballot_id}"
    alone(calls, SOUTH)
    for who in ("keyer", "checker", "editor"):
        shown = calls.signed_in(who).get(place).text
        assert "What editor has declared of this is held for a moment" in shown
        assert 'id="entry"' not in shown
    (one,) = on_hold(calls)
    calls.signed_in("editor").post(f"{URL}/held/{one.held_id}/undo")
    assert 'id="entry"' in calls.signed_in("keyer").get(place).text


def test_an_editor_sends_it_at_once(calls):
    alone(calls, SOUTH)
    (one,) = on_hold(calls)
    assert calls.signed_in("editor").post(f"{URL}/held/{one.held_id}/send").status_code == 303
    assert len(entries(calls)) == 2
    assert calls.signed_in("editor").post(f"{URL}/held/{one.held_id}/undo").status_code == 409


def test_the_same_form_again_is_held_once_and_then_answered_with_its_entry(calls):
    form = the_form(calls, "editor", SOUTH, action="alone")
    first, again = (send(calls, "editor", SOUTH, form).json() for _ in range(2))
    assert again == first
    assert len(on_hold(calls)) == 1
    let_go(calls)
    assert send(calls, "editor", SOUTH, form).json()["outcome"] == "declared"
    assert len(entries(calls)) == 2


def test_the_same_check_again_is_held_once_and_then_answered_with_its_entry(calls):
    send(calls, "keyer", SOUTH, the_form(calls, "keyer", SOUTH))
    form = the_form(calls, "checker", SOUTH)
    first, again = (send(calls, "checker", SOUTH, form).json() for _ in range(2))
    assert again == first
    let_go(calls)
    assert send(calls, "checker", SOUTH, form).json()["outcome"] == "declared"
    assert len(entries(calls)) == 2


@pytest.mark.parametrize("who", ["keyer", "checker", "editor"])
def test_whoever_keys_the_same_meanwhile_is_told_and_keeps_what_they_typed(calls, who):
    alone(calls, SOUTH)
    answer = send(calls, who, SOUTH, the_form(calls, who, SOUTH, CON, LAB))
    assert answer.status_code == 409
    assert "is held for a moment" in answer.json()["detail"]
    with calls.store.reading() as connection:
        assert drafts.find(connection, ELECTION.slug, Subject("ward", SOUTH.ballot_id), who) is not None


def test_a_machines_declaration_is_never_held_and_what_is_held_is_told_at_once(calls):
    alone(calls, SOUTH)
    confirm = [f"W{number:02}" for number in range(1, 20)]
    body = {"kind": "ward", "ballot_id": SOUTH.ballot_id, "votes": votes_for(SOUTH, LAB, CON), "confirm": confirm}
    headers = {"Authorization": f"Bearer {calls.tokens['declare']}"}
    posted = calls.client().post(f"{API}/declarations", json=body, headers=headers)
    assert posted.status_code == 201
    assert posted.json()["seq"] == 2
    for who in ("editor", "keyer"):
        for page in ("", "/queue", "/held?part=list"):
            html = calls.signed_in(who).get(f"{URL}{page}").text
            assert "is declared already, by entry 2" in html, "every page says so at once"
            assert not {text for text in ("Held until", "Undo", "Send at once") if f">{text}" in html}
    assert let_go(calls).state == held.REFUSED
    assert "is declared already, by entry 2" in calls.signed_in("editor").get(URL).text
    assert len(entries(calls)) == 2


def test_what_is_held_of_an_entry_that_was_replaced_says_so_at_once(calls):
    alone(calls, SOUTH)
    let_go(calls)
    alone(calls, SOUTH, CON, LAB, replaces="2", reason="read out wrongly")
    body = {"kind": "withdrawal", "replaces": 2, "reason": "not announced", "confirm": ["W07"]}
    headers = {"Authorization": f"Bearer {calls.tokens['declare']}"}
    withdrawn = calls.client().post(f"{API}/declarations", json=body, headers=headers)
    assert withdrawn.status_code == 201, withdrawn.text
    html = calls.signed_in("editor").get(f"{URL}/held?part=list").text
    assert "Entry 2 stands no more" in html
    assert "/undo" not in html


def test_what_is_said_of_a_ward_meanwhile_that_is_no_result_leaves_it_held(calls):
    alone(calls, SOUTH)
    body = {"kind": "status", "ballot_id": SOUTH.ballot_id, "status": "recount"}
    headers = {"Authorization": f"Bearer {calls.tokens['declare']}"}
    assert calls.client().post(f"{API}/declarations", json=body, headers=headers).status_code == 201
    assert "/undo" in calls.signed_in("editor").get(f"{URL}/held?part=list").text


def test_a_correction_and_a_withdrawal_that_undo_a_call_are_held(calls):
    alone(calls, SOUTH)
    let_go(calls)
    corrected = alone(calls, SOUTH, CON, LAB, replaces="2", reason="read out wrongly")
    assert corrected.json()["outcome"] == "held", corrected.json()
    (one,) = on_hold(calls)
    undone = calls.signed_in("editor").post(f"{URL}/held/{one.held_id}/undo")
    assert undone.headers["Location"] == f"{URL}/contests/{SOUTH.ballot_id}?correct=2"
    assert "read out wrongly" in calls.signed_in("editor").get(undone.headers["Location"]).text
    script = calls.signed_in("editor", Accept="application/json")
    form = {"key": "w", "reason": "not announced at all", "action": "do"}
    asked = script.post(f"{URL}/entries/2/withdraw", data=form).json()
    form |= {"confirm": [it["code"] for it in asked["warnings"]], "flip": asked["flip"]}
    assert script.post(f"{URL}/entries/2/withdraw", data=form).json()["outcome"] == "held"
    assert "editor withdrew it." in calls.signed_in("editor").get(f"{URL}/held?part=list").text
    (one,) = on_hold(calls)
    undone = calls.signed_in("editor").post(f"{URL}/held/{one.held_id}/undo")
    assert 'value="not announced at all"' in calls.signed_in("editor").get(undone.headers["Location"]).text
    script.post(f"{URL}/entries/2/withdraw", data={**form, "key": "again"})
    assert let_go(calls).state == held.DECLARED
    assert len(entries(calls)) == 3


@pytest.mark.parametrize("seconds", ["", "-1", "601", "ten"])
def test_only_so_many_seconds_are_a_hold(desk, seconds):
    assert desk.signed_in("editor").post(f"{URL}/hold", data={"seconds": seconds}).status_code == 422


def test_where_one_person_is_enough_it_is_held_too(calls):
    with calls.store.writing() as connection:
        rules.set_persons(connection, ELECTION.slug, 1)
    answer = send(calls, "keyer", SOUTH, the_form(calls, "keyer", SOUTH, action="declare"))
    assert answer.json()["outcome"] == "held"
    let_go(calls)
    assert entries(calls)[-1] == (2, "keyer", None)
