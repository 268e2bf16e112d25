"""The desk over HTTP: forms as browsers send them, answers as pages and as JSON for its scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.subject import Subject
from app.store import drafts, keyed, log, rules
from tests.builders import CON, LAB, a_contest, a_council, an_election, votes_for
from tests.desks import Desk, Prepared, desk_on, prepared

NORTH, SOUTH, EAST = (a_contest(name, electorate=5000) for name in ("north", "south", "east"))
ELECTION = an_election(a_council(NORTH, SOUTH, EAST))
DESK = f"/desk/{ELECTION.slug}"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("desk"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        yield opened


def a_form(contest=NORTH, *winners: str, **fields: Any) -> dict[str, Any]:
    place = list(ELECTION.contests).index(contest.ballot_id)
    votes = votes_for(contest, *(winners or (LAB, CON)))
    form = {f"votes.{name}": f"{number + place:,}" for name, number in votes.items()}
    return {**form, "key": f"key of {contest.ward} {sorted(fields.items())} {winners}", **fields}


def at(contest=NORTH) -> str:
    return f"{DESK}/contests/{contest.ballot_id}"


def entries(desk: Desk) -> list[log.Logged]:
    with desk.store.reading() as connection:
        return log.entries(connection, ELECTION.slug, after=0)


def send(desk: Desk, who: str, form: dict[str, Any], contest=NORTH, **headers: str) -> Any:
    return desk.signed_in(who, **(headers or SCRIPT)).post(at(contest), data=form)


def declare(desk: Desk, contest=NORTH, *winners: str) -> int:
    """The sequence of a result that an editor declares alone, whatever has to be confirmed."""
    form = a_form(contest, *winners, action="alone")
    told = send(desk, "editor", form, contest).json()
    if told["outcome"] != "declared":
        confirm = [finding["code"] for finding in told["warnings"]]
        told = send(desk, "editor", {**form, "confirm": confirm, "flip": told["flip"]}, contest).json()
    assert told["outcome"] == "declared", told
    return told["seq"]


def test_what_it_would_do_is_told_and_nothing_is_written(desk: Desk) -> None:
    told = send(desk, "keyer", a_form(action="review", ballots="2,060", rejected="66")).json()
    assert told["outcome"] == "confirm"
    assert [finding["code"] for finding in told["warnings"]] == ["W08"]
    assert "Testshire stays undecided." in told["html"]
    assert entries(desk) == []
    assert send(desk, "keyer", a_form(action="review", ballots="10")).json()["outcome"] == "refused"


def test_a_keyer_waits_and_a_checker_declares_by_keying_the_same(desk: Desk) -> None:
    waits = send(desk, "keyer", a_form(action="key"))
    assert (waits.status_code, waits.json()["outcome"]) == (202, "waiting")
    assert waits.json()["location"] == f"{at()}?done=waiting"
    form = desk.signed_in("checker").get(at()).text
    assert "Check: key it again" in form
    assert not [number for number in votes_for(NORTH, LAB, CON).values() if f"{number:,}" in form]
    checked = send(desk, "checker", a_form(action="key", source="mine"))
    assert (checked.status_code, checked.json()["outcome"]) == (201, "declared")
    (logged,) = entries(desk)
    assert (logged.entry.author, logged.entry.checker) == ("keyer", "checker")
    assert "keyer, checked by checker" in desk.signed_in("keyer").get(at()).text


def test_a_mismatch_names_fields_and_no_figures(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key", ballots="2,000"))
    told = send(desk, "checker", a_form(action="key", ballots="2,010")).json()
    assert (told["outcome"], told["differing"]) == ("disputed", ["ballots"])
    for person, own, other in (("keyer", "2,000", "2,010"), ("checker", "2,010", "2,000")):
        page = desk.signed_in(person).get(at()).text
        assert "The other person has something else here" in page
        assert own not in page
        assert other not in page
    settled = send(desk, "keyer", a_form(action="key", ballots="2010"))
    assert settled.json()["outcome"] == "declared"


def test_without_scripts_a_page_comes_back_and_what_was_typed_is_in_it(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    wrong = browser.post(at(), data=a_form(action="review", ballots="34.2"))
    assert wrong.status_code == 422
    assert "A percentage goes into" in wrong.text
    assert 'value="34.2"' in wrong.text
    looked = browser.post(at(), data=a_form(action="review"))
    assert (looked.status_code, "Testshire stays undecided." in looked.text) == (200, True)
    done = browser.post(at(), data=a_form(action="alone"))
    assert (done.status_code, done.headers["location"]) == (303, f"{at()}?done=declared")
    assert entries(desk)[0].entry.author == "editor"


@pytest.mark.parametrize("written", ["1,204", "1 204", "1\u202f204", "1204"])
def test_a_lot_is_settled_without_scripts_however_the_votes_are_typed(desk: Desk, written: str) -> None:
    browser, (first, second) = desk.signed_in("editor"), (it.candidacy_id for it in NORTH.candidacies)
    tied = {f"votes.{first}": written, f"votes.{second}": written, "key": "key of a tie"}
    asked = browser.post(at(), data={**tied, "action": "alone"})
    assert asked.status_code == 422
    assert asked.text.count('<label class="entry-lot">') == 2, "a box for each of the two"
    done = browser.post(at(), data={**tied, "action": "alone", "drawn": second})
    assert (done.status_code, entries(desk)[0].body["elected"]) == (303, [second])


def test_the_only_board_is_narrowed_by_the_address_of_the_desk_too(desk: Desk) -> None:
    browser = desk.signed_in("keyer")
    board = browser.get("/desk", params={"q": "south", "state": "awaited"}).headers["location"]
    assert board == f"{DESK}?q=south&state=awaited"
    shown = r'<li><a class="work-line" .*?<span class="work-ward">(\w+)'
    assert re.findall(shown, browser.get(board).text) == ["South"]
    assert browser.get("/desk").headers["location"] == DESK


def test_more_digits_than_python_reads_are_refused_and_the_form_opens_again(desk: Desk) -> None:
    browser = desk.signed_in("editor")
    form = {**a_form(action="review"), f"votes.{NORTH.candidacies[0].candidacy_id}": "9" * 5000}
    assert browser.post(at(), data=form).status_code == 422
    assert browser.get(at()).status_code == 200, "with the draft that is kept of it"


def test_a_flip_is_asked_about_by_its_code_and_by_its_name(desk: Desk) -> None:
    declare(desk)
    form = a_form(SOUTH, action="alone")
    asked = send(desk, "editor", form, SOUTH)
    assert (asked.status_code, asked.json()["outcome"]) == (422, "confirm")
    assert asked.json()["flip"] == "LAB gain Testshire from CON"
    for fields in ({"confirm": "W07"}, {"flip": "LAB gain Testshire from CON"}, {"confirm": "W07", "flip": "LAB"}):
        assert send(desk, "editor", {**form, **fields}, SOUTH).json()["outcome"] == "confirm"
    assert len(entries(desk)) == 1
    named = {"confirm": "W07", "flip": "LAB gain Testshire from CON"}
    assert send(desk, "editor", {**form, **named}, SOUTH).json()["outcome"] == "declared"


def test_a_time_in_2033_is_asked_about(desk: Desk) -> None:
    asked = send(desk, "editor", a_form(action="alone", at="2033-08-11 14:05"))
    assert (asked.status_code, asked.json()["outcome"]) == (422, "confirm")
    told = {finding["code"]: finding["detail"] for finding in asked.json()["warnings"]}
    assert told["W17"] == "14:05 on 11 August 2033 is still to come: is it the right time and date?"
    assert entries(desk) == []


def test_the_same_form_sent_again_is_answered_again_even_when_it_stands(desk: Desk) -> None:
    form = a_form(action="alone")
    first, again = send(desk, "editor", form), send(desk, "editor", form)
    assert first.json() == again.json()
    assert len(entries(desk)) == 1
    waits = a_form(SOUTH, action="key")
    assert send(desk, "keyer", waits, SOUTH).json() == send(desk, "keyer", waits, SOUTH).json()


def test_what_was_withdrawn_since_is_not_answered_as_declared(desk: Desk) -> None:
    form = a_form(action="alone")
    assert send(desk, "editor", form).json()["outcome"] == "declared"
    undone = {"action": "do", "key": "w", "reason": "Read out too early."}
    assert desk.signed_in("editor", **SCRIPT).post(f"{DESK}/entries/1/withdraw", data=undone).status_code == 201
    again = send(desk, "editor", form)
    assert (again.status_code, again.json()["outcome"]) == (409, "awaits")
    assert "Entry 1, which this form made, was withdrawn since." in again.json()["detail"]
    anew = send(desk, "editor", {**form, "key": again.json()["key"]})
    assert (anew.json()["outcome"], anew.json()["seq"]) == ("declared", 3)


def test_what_was_taken_back_since_is_not_answered_as_handed_in(desk: Desk) -> None:
    form = a_form(action="key")
    assert send(desk, "keyer", form).status_code == 202
    taken = desk.signed_in("keyer").post(f"{DESK}/keyed/ward/{NORTH.ballot_id}/take-back")
    assert taken.status_code == 303
    again = send(desk, "keyer", form)
    assert (again.status_code, again.json()["outcome"]) == (409, "awaits")
    assert send(desk, "keyer", {**form, "key": again.json()["key"]}).json()["outcome"] == "waiting"


def test_a_figure_changed_while_the_answer_was_lost_goes_in_under_the_same_key(desk: Desk) -> None:
    form = a_form(action="key")
    assert send(desk, "keyer", form).status_code == 202
    changed = {**form, f"votes.{NORTH.candidacies[0].candidacy_id}": "1,234"}
    assert send(desk, "keyer", changed).json()["outcome"] == "waiting"
    with desk.store.reading() as connection:
        waiting = keyed.find(connection, ELECTION.slug, Subject("ward", NORTH.ballot_id))
    assert waiting is not None
    assert waiting.author.body["votes"][NORTH.candidacies[0].candidacy_id] == 1234
    alone = a_form(SOUTH, action="alone")
    assert send(desk, "editor", alone, SOUTH).json()["outcome"] == "declared"
    other = {**alone, f"votes.{SOUTH.candidacies[0].candidacy_id}": "1,234"}
    assert send(desk, "editor", other, SOUTH).json()["outcome"] == "conflict"


def test_a_form_that_is_opened_has_a_key_of_its_own(desk: Desk) -> None:
    person = desk.signed_in("keyer")
    person.put(f"{DESK}/drafts/ward/{NORTH.ballot_id}", data={**a_form(), "person": "keyer", "key": "used"})
    page = person.get(at()).text
    assert 'name="key"' in page
    assert 'value="used"' not in page


def test_what_nobody_types_is_not_kept(desk: Desk) -> None:
    sent = send(desk, "editor", a_form(action="alone", source="by\x07 phone\x1b", key="k" * 30_000))
    assert sent.json()["outcome"] == "declared"
    assert entries(desk)[0].body["source"] == "by phone"


@pytest.mark.parametrize(("who", "action"), [("keyer", "alone"), ("checker", "alone")])
def test_only_editors_declare_alone(desk: Desk, who: str, action: str) -> None:
    assert send(desk, who, a_form(action=action)).status_code == 403
    assert entries(desk) == []


def test_only_editors_correct(desk: Desk) -> None:
    declare(desk)
    form = a_form(NORTH, CON, LAB, action="alone", replaces="1", reason="Exchanged.")
    assert {send(desk, "checker", {**form, "action": how}).status_code for how in ("key", "alone")} == {403}
    assert send(desk, "editor", form).json()["outcome"] == "declared"
    corrected = entries(desk)[1].entry
    assert (corrected.kind, corrected.replaces, corrected.reason) == ("correction", 1, "Exchanged.")


def test_the_second_editor_sees_what_the_first_did_and_keeps_what_they_typed(desk: Desk) -> None:
    declare(desk)
    send(desk, "editor", a_form(NORTH, CON, LAB, action="alone", replaces="1", reason="Exchanged."))
    late = a_form(action="alone", replaces="1", reason="Mine.", ballots="3,000")
    told = send(desk, "editor", late)
    assert (told.status_code, told.json()["outcome"]) == (409, "conflict")
    assert "entry 2 stands in its place" in told.json()["detail"]
    assert "Exchanged." in told.json()["html"]
    page = desk.signed_in("editor").post(at(), data=late)
    assert page.status_code == 409
    assert "Somebody was faster" in page.text
    taken = desk.signed_in("editor").get(f"{at()}?correct=2&take=1").text
    assert 'value="3,000"' in taken
    assert 'name="replaces" value="2"' in taken


def test_a_keyer_who_comes_second_is_told_and_loses_nothing(desk: Desk) -> None:
    send(desk, "checker", a_form(action="key"))
    second = send(desk, "keyer", a_form(action="key", ballots="2,500"))
    assert (second.status_code, second.json()["outcome"]) == (409, "awaits")
    with desk.store.reading() as connection:
        draft = drafts.find(connection, ELECTION.slug, Subject("ward", NORTH.ballot_id), "keyer")
    assert draft.body["ballots"] == ["2,500"]


def test_drafts_are_kept_for_whoever_typed_them_and_given_back(desk: Desk) -> None:
    place = f"{DESK}/drafts/ward/{NORTH.ballot_id}"
    keyer = desk.signed_in("keyer", **SCRIPT)
    first = NORTH.candidacies[0].candidacy_id
    typed = {f"votes.{first}": "1,2", "person": "keyer", "saved": "1700000000000", "key": "k"}
    assert keyer.put(place, data=typed).status_code == 204
    page = desk.signed_in("keyer").get(at()).text
    assert 'value="1,2"' in page
    assert 'data-drafted-at="1700000000000"' in page
    assert 'value="1,2"' not in desk.signed_in("checker").get(at()).text
    assert keyer.delete(place).status_code == 204
    assert 'value="1,2"' not in desk.signed_in("keyer").get(at()).text
    assert keyer.put(f"{DESK}/drafts/note/x", data=typed).status_code == 422
    assert keyer.put(f"{DESK}/drafts/ward/nowhere", data=typed).status_code == 404


def test_what_somebody_else_typed_in_this_browser_is_not_taken(desk: Desk) -> None:
    typed = a_form(action="key", person="keyer")
    refused = send(desk, "checker", typed)
    assert refused.status_code == 403
    assert "typed by keyer" in refused.json()["detail"]
    place = f"{DESK}/drafts/ward/{NORTH.ballot_id}"
    assert desk.signed_in("checker", **SCRIPT).put(place, data=typed).status_code == 403


def test_a_tally_is_keyed_like_a_ward(desk: Desk) -> None:
    place, form = f"{DESK}/councils/testshire/tally", {f"seats.{LAB}": "1", "key": "t1", "action": "key"}
    assert desk.signed_in("keyer", **SCRIPT).post(place, data=form).json()["outcome"] == "waiting"
    again = desk.signed_in("checker", **SCRIPT).post(place, data={**form, "key": "t2"})
    assert again.json()["outcome"] == "declared"
    assert entries(desk)[0].entry.kind == "tally"
    assert "1 seat" in desk.signed_in("keyer").get(DESK).text


def test_a_withdrawal_has_a_reason_and_shows_what_it_does(desk: Desk) -> None:
    declare(desk)
    declare(desk, SOUTH)
    place = f"{DESK}/entries/2/withdraw"
    page = desk.signed_in("editor").get(place).text
    assert "Testshire goes back to undecided." in page
    assert "is withdrawn" in page
    editor = desk.signed_in("editor", **SCRIPT)
    assert editor.post(place, data={"action": "do", "key": "w"}).json()["errors"][0]["field"] == "reason"
    form = {"action": "do", "key": "w", "reason": "Too early.", "confirm": "W07"}
    assert editor.post(place, data=form).json()["outcome"] == "confirm"
    named = {**form, "flip": "Testshire back to undecided"}
    first, again = editor.post(place, data=named), editor.post(place, data=named)
    assert first.json()["outcome"] == "declared"
    assert first.json() == again.json()
    gone = editor.post(place, data={**named, "key": "other"})
    assert (gone.status_code, gone.json()["outcome"]) == (409, "conflict")
    assert "Somebody was faster" in desk.signed_in("editor").get(place).text
    assert editor.get(f"{DESK}/entries/99/withdraw").status_code == 404


def test_a_rehearsal_is_withdrawn_as_a_whole_once_it_is_said_what_goes(desk: Desk) -> None:
    for contest in (NORTH, SOUTH):
        declare(desk, contest)
    desk.signed_in("editor").post(f"{DESK}/note", data={"text": "Only trying.", "key": "n"})
    place = f"{DESK}/entries/0/withdraw-after"
    page = desk.signed_in("editor").get(place).text
    assert "2 results of 1 council and 1 note count no longer." in page
    assert "Testshire goes back to undecided." in page
    editor = desk.signed_in("editor", **SCRIPT)
    assert editor.post(place, data={"action": "do", "key": "w"}).json()["errors"][0]["field"] == "reason"
    form = {"action": "do", "key": "w", "reason": "A rehearsal.", "confirm": "W07"}
    assert editor.post(place, data=form).json()["outcome"] == "confirm"
    told = editor.post(place, data={**form, "flip": "Testshire back to undecided"}).json()
    assert (told["outcome"], told["seq"]) == ("declared", 4)
    assert entries(desk)[-1].body == {"kind": "withdrawal", "since": 0, "reason": "A rehearsal."}
    audit = desk.signed_in("editor").get("/desk/audit").text
    assert audit.count("withdrawn by 4") == 3
    assert "Withdrawal of all so far" in audit
    assert editor.post(place, data={**form, "key": "other"}).json()["outcome"] == "refused"


def test_what_came_after_an_entry_is_withdrawn_without_scripts_as_well(desk: Desk) -> None:
    declare(desk)
    declare(desk, SOUTH)
    place = f"{DESK}/entries/1/withdraw-after"
    editor = desk.signed_in("editor")
    assert place in editor.get(f"{DESK}/entries/1/withdraw").text
    assert place.replace("/1/", "/2/") not in editor.get(f"{DESK}/entries/2/withdraw").text
    assert "1 result of 1 council counts no longer." in editor.get(place).text
    form = {"key": "w", "reason": "Tried.", "confirm": "W07", "flip": "Testshire back to undecided"}
    done = editor.post(place, data=form)
    assert (done.status_code, done.headers["location"]) == (303, f"{DESK}?done=told")
    page = editor.get("/desk/audit").text
    assert page.count("withdrawn by 3") == 1
    for seq in (-1, 99):
        assert editor.get(f"{DESK}/entries/{seq}/withdraw-after").status_code == 404
    assert desk.signed_in("checker").post(place, data=form).status_code == 403


def test_statuses_say_what_each_would_do_and_need_a_reason(desk: Desk) -> None:
    place = f"{at()}/status"
    editor = desk.signed_in("editor", **SCRIPT)
    page = desk.signed_in("editor").get(place).text
    assert page.count('type="radio"') == 5
    assert "1 seat is vacant." in page
    assert editor.post(place, data={"action": "do"}).json()["errors"][0]["field"] == "status"
    assert editor.post(place, data={"status": "recount", "action": "do"}).json()["errors"][0]["field"] == "note"
    assert editor.post(place, data={"status": "counting", "action": "do"}).json()["outcome"] == "declared"
    told = editor.post(place, data={"status": "recount", "note": "Two votes in it", "action": "do"})
    assert told.json()["outcome"] == "declared"
    declare(desk)
    assert "declared already" in desk.signed_in("editor").get(place).text
    council = desk.signed_in("editor").get(f"{DESK}/councils/testshire/status").text
    assert "Countermanded" not in council


def test_a_note_about_the_night_is_said_to_be_sent(desk: Desk) -> None:
    form = {"action": "do", "key": "n", "text": "Counting has begun everywhere."}
    sent = desk.signed_in("editor").post(f"{DESK}/note", data=form, follow_redirects=True)
    assert sent.status_code == 200
    assert "Done. Readers see it now." in sent.text
    assert "Done. Readers see it now." not in desk.signed_in("editor").get(DESK).text


def test_a_note_is_a_line_of_the_ticker(desk: Desk) -> None:
    editor = desk.signed_in("editor")
    assert editor.post(f"{DESK}/note", data={"text": " "}).status_code == 422
    done = editor.post(f"{DESK}/note?council=testshire", data={"text": "The count has moved.", "key": "n"})
    assert done.status_code == 303
    assert entries(desk)[0].entry.council_id == "testshire"
    assert "The count has moved." in desk.client().get(f"/elections/{ELECTION.slug}").text


def test_the_night_behind_the_board_is_sent_only_when_it_changed(desk: Desk) -> None:
    keyer = desk.signed_in("keyer", **SCRIPT)
    first = keyer.get(f"{DESK}/night.json")
    known = {"If-None-Match": first.headers["etag"]}
    assert keyer.get(f"{DESK}/night.json", headers=known).status_code == 304
    send(desk, "keyer", a_form(action="key"))
    second = keyer.get(f"{DESK}/night.json", headers=known)
    assert (second.status_code, second.json()["queue"], second.json()["counts"]["keyed"]) == (200, 1, 1)
    assert "votes" not in second.text


def test_the_queue_is_the_same_page_by_parts(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key"))
    checker = desk.signed_in("checker")
    part = checker.get(f"{DESK}/queue?part=list").text
    assert "Keyed by keyer; waits for another person." in part
    assert part.strip() in checker.get(f"{DESK}/queue").text
    assert "<html" not in part


def test_what_was_keyed_to_be_checked_is_not_declared_by_one_when_one_becomes_enough(desk: Desk) -> None:
    assert 'value="key"' in desk.signed_in("keyer").get(at()).text
    desk.signed_in("editor").post(f"{DESK}/rules", data={"persons": "1"})
    typed = a_form(action="key")
    late = send(desk, "keyer", typed)
    assert late.status_code == 409
    assert "One person has become enough" in late.json()["detail"]
    assert entries(desk) == []
    anew = desk.signed_in("keyer").get(at()).text
    assert 'value="declare"' in anew
    assert all(f'value="{votes}"' in anew for name, votes in typed.items() if name.startswith("votes."))
    assert send(desk, "keyer", a_form(action="declare")).json()["outcome"] == "declared"


def test_what_was_to_be_declared_by_one_waits_when_it_takes_two(desk: Desk) -> None:
    assert send(desk, "keyer", a_form(action="declare")).json()["outcome"] == "waiting"
    page = desk.signed_in("keyer").get(f"{at()}?again=1").text
    assert "Keyed by you" in page
    assert "takes its place" in page
    assert "Take it back" in page


def test_editors_say_how_many_persons_it_takes(desk: Desk) -> None:
    assert desk.signed_in("checker").post(f"{DESK}/rules", data={"persons": "1"}).status_code == 403
    editor = desk.signed_in("editor")
    assert editor.post(f"{DESK}/rules", data={"persons": "3"}).status_code == 422
    assert editor.post(f"{DESK}/rules", data={"persons": "1"}).status_code == 303
    assert send(desk, "keyer", a_form(action="declare")).json()["outcome"] == "declared"
    assert entries(desk)[0].entry.checker == ""


def test_a_keying_is_taken_back_by_whose_it_is(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key"))
    place = f"{DESK}/keyed/ward/{NORTH.ballot_id}/take-back"
    assert desk.signed_in("checker").post(place).status_code == 409
    assert desk.signed_in("keyer").post(place).status_code == 303
    with desk.store.reading() as connection:
        assert keyed.waiting(connection, ELECTION.slug) == []


def test_a_key_token_posts_into_the_queue_and_a_person_declares_it(desk: Desk) -> None:
    api = desk.client(Authorization=f"Bearer {desk.tokens['key']}")
    votes = votes_for(NORTH, LAB, CON)
    body = {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes}
    place = f"/api/v1/elections/{ELECTION.slug}/declarations"
    first = api.post(place, json=body, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()["state"]) == (202, "waiting")
    assert api.post(place, json=body, headers={"Idempotency-Key": "k1"}).json() == first.json()
    assert api.post(place, json={"kind": "note", "text": "x"}).status_code == 403
    assert api.post(place, json={**body, "ballots": 1}).status_code == 422
    assert send(desk, "checker", a_form(action="key")).json()["outcome"] == "declared"
    entry = entries(desk)[0].entry
    assert (entry.author, entry.checker) == ("token:the key", "checker")
    assert api.post(place, json=body).status_code == 409


def test_a_form_that_is_too_large_or_not_a_form_is_refused(desk: Desk) -> None:
    keyer = desk.signed_in("keyer", **SCRIPT)
    assert keyer.post(at(), data={"source": "x" * 70_000}).status_code == 413
    assert keyer.post(at(), json={"votes": 1}).status_code == 415
    assert keyer.post(f"{DESK}/contests/nowhere", data=a_form(action="key")).status_code == 404


def test_what_was_typed_too_late_is_kept_beside_what_stands(desk: Desk) -> None:
    place = f"{DESK}/drafts/ward/{NORTH.ballot_id}"
    editor = desk.signed_in("editor", **SCRIPT)
    editor.put(place, data=a_form(ballots="2,222"))
    desk.signed_in("keyer", **SCRIPT).put(place, data=a_form(ballots="2,333"))
    # An editor's own declaration takes the draft with it; that of a machine leaves everybody theirs.
    api = desk.client(Authorization=f"Bearer {desk.tokens['declare']}")
    body = {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes_for(NORTH, LAB, CON)}
    assert api.post(f"/api/v1/elections/{ELECTION.slug}/declarations", json=body).status_code == 201
    page = desk.signed_in("editor").get(at()).text
    assert "was not handed in" in page
    assert f"{at()}?correct=1&amp;take=1" in page
    assert "2,222" in desk.signed_in("editor").get(f"{at()}?correct=1&take=1").text
    editor.put(place, data=a_form(ballots="2,224", replaces="1"))
    assert "Go on with it" in desk.signed_in("editor").get(at()).text
    assert "2,224" in desk.signed_in("editor").get(f"{at()}?correct=1").text
    assert "was not handed in" in desk.signed_in("keyer").get(at()).text


# What was announced


WRONG = {"ballots": "1,700", "turnout": ""}
"""Fewer papers than votes."""
REASON = "These are the figures on the notice of the result"
OFFER = re.compile(r'<fieldset class="entry-papers entry-announced" data-as-announced( hidden)?>')


def test_taking_figures_as_announced_is_offered_to_editors_when_they_cannot_be_right(desk: Desk) -> None:
    assert OFFER.search(desk.signed_in("keyer").get(at()).text) is None
    assert OFFER.findall(desk.signed_in("editor").get(at()).text) == [" hidden"]
    page = desk.signed_in("editor").post(at(), data=a_form(action="review", **WRONG)).text
    assert OFFER.findall(page) == [""]
    told = send(desk, "editor", a_form(action="review", **WRONG)).json()
    assert (told["outcome"], told["may_be_announced"]) == ("refused", True)
    told = send(desk, "editor", a_form(action="review", **{**WRONG, "votes.north-LAB-1": ""})).json()
    assert (told["outcome"], told["may_be_announced"]) == ("refused", False), "whose votes are missing is no figure"


def test_an_editor_takes_figures_as_announced_alone_and_readers_see_it(desk: Desk) -> None:
    announced = a_form(**WRONG, as_announced=REASON)
    sent = send(desk, "editor", {**announced, "action": "key"}).json()
    assert sent["outcome"] == "refused"
    assert sent["errors"][0]["field"] == "as_announced"
    assert "Declare alone" in sent["errors"][0]["detail"]
    assert send(desk, "keyer", {**announced, "action": "key"}).status_code == 403
    assert send(desk, "checker", {**announced, "action": "review"}).status_code == 403
    assert send(desk, "editor", {**announced, "action": "alone", "confirm": ["W10"]}).json()["outcome"] == "declared"
    (logged,) = entries(desk)
    assert logged.body["as_announced"] == REASON
    assert REASON in desk.signed_in("keyer").get(at()).text
    assert REASON in desk.client().get(f"/elections/{ELECTION.slug}/contests/{NORTH.ballot_id}").text
    correcting = desk.signed_in("editor").get(f"{at()}?correct=1").text
    assert OFFER.findall(correcting) == [""]
    assert f'value="{REASON}"' in correcting


def test_where_one_person_is_enough_an_editor_takes_them_as_announced_with_the_same_button(desk: Desk) -> None:
    with desk.store.writing() as connection:
        rules.set_persons(connection, ELECTION.slug, 1)
    announced = a_form(**WRONG, as_announced=REASON, action="declare")
    assert send(desk, "keyer", announced).status_code == 403
    assert send(desk, "editor", announced).json()["outcome"] == "declared"


def test_what_stands_without_votes_keeps_its_form_and_takes_them(desk: Desk) -> None:
    alone = {"elected": "north-LAB-1", "key": "alone"}
    assert send(desk, "editor", {**alone, "action": "alone"}).json()["outcome"] == "declared"
    page = desk.signed_in("keyer").get(at()).text
    assert "This stands without votes." in page
    assert 'name="votes.north-LAB-1"' in page
    assert send(desk, "keyer", a_form(action="key")).json()["outcome"] == "waiting"
    assert send(desk, "checker", a_form(action="key", key="b")).json()["outcome"] == "declared"
    assert "This stands without votes." not in desk.signed_in("keyer").get(at()).text
    assert "Votes added" in desk.signed_in("keyer").get(at()).text


def test_votes_for_another_than_stands_are_shown_beside_what_stands(desk: Desk) -> None:
    send(desk, "editor", {"elected": "north-LAB-1", "key": "alone", "action": "alone"})
    told = send(desk, "keyer", a_form(NORTH, CON, LAB, action="key"))
    assert (told.status_code, told.json()["outcome"]) == (409, "conflict")
    assert "these votes elect CON 1 of north (CON)" in told.json()["detail"]
    page = desk.signed_in("keyer").post(at(), data=a_form(NORTH, CON, LAB, action="key")).text
    assert "stands as LAB 1 of north (LAB), by entry 1" in page


def test_a_recount_since_it_was_keyed_is_shown_to_whoever_checks_before_they_declare(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key"))
    api = desk.client(Authorization=f"Bearer {desk.tokens['declare']}")
    recount = {"kind": "status", "ballot_id": NORTH.ballot_id, "status": "recount"}
    assert api.post(f"/api/v1/elections/{ELECTION.slug}/declarations", json=recount).status_code == 201
    told = send(desk, "checker", a_form(action="review")).json()
    assert [finding["code"] for finding in told["warnings"]] == ["W18"]
    check = a_form(action="key", key="check")
    assert send(desk, "checker", check).json()["outcome"] == "confirm"
    assert send(desk, "checker", {**check, "confirm": "W18"}).json()["outcome"] == "declared"


def test_a_correction_that_changes_nothing_is_refused_in_words_papers_of_before_included(desk: Desk) -> None:
    labour, conservative = (it.candidacy_id for it in NORTH.candidacies)
    papers = {"ballots": "2,000", "rejected": "7"}
    send(desk, "editor", {"elected": labour, **papers, "action": "alone", "key": "named"})
    votes = {f"votes.{labour}": "1,003", f"votes.{conservative}": "990"}
    assert send(desk, "editor", {**votes, "action": "alone", "key": "added"}).json()["outcome"] == "declared"
    form = desk.signed_in("editor").get(at(), params={"correct": "2"}).text
    assert 'name="ballots" value="2,000"' in form, "filled in with what stands"
    corrected = {**votes, "action": "alone", "replaces": "2", "reason": "Read again"}
    same = send(desk, "editor", {**corrected, **papers, "key": "same"}).json()
    assert (same["outcome"], [it["detail"] for it in same["errors"]]) == (
        "refused",
        ["This is what entry 2 says already: a correction has to change something."],
    )
    assert send(desk, "editor", {**corrected, "key": "no papers"}).json()["outcome"] == "declared"


@pytest.mark.parametrize("typed", ["suoth", "south testshire", "Sóuth", "so"])
def test_without_scripts_a_ward_is_found_by_the_same_rule(desk: Desk, typed: str) -> None:
    board = desk.signed_in("keyer").get(DESK, params={"q": typed}).text
    assert re.findall(r'<li><a class="work-line" .*?<span class="work-ward">(\w+)', board) == ["South"]


@pytest.mark.parametrize(("most", "codes"), [(5001, {"F04", "F05"}), (1_000_000, {"F04", "F05"}), (4900, {"F05"})])
def test_without_papers_votes_are_held_to_the_electors_at_the_desk_and_over_the_api(
    desk: Desk, most: int, codes: set[str]
) -> None:
    votes = {NORTH.candidacies[0].candidacy_id: most, NORTH.candidacies[1].candidacy_id: 800}
    form = {f"votes.{name}": f"{number:,}" for name, number in votes.items()}
    for who, action in (("keyer", "review"), ("keyer", "key"), ("editor", "alone")):
        told = send(desk, who, {**form, "key": f"{who} {action}", "action": action}).json()
        assert (told["outcome"], {finding["code"] for finding in told["errors"]}) == ("refused", codes)
    for scope in ("key", "declare"):
        machine = desk.client(Authorization=f"Bearer {desk.tokens[scope]}", Accept="application/json")
        body = {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes}
        refused = machine.post(f"/api/v1/elections/{ELECTION.slug}/declarations", json=body)
        assert (refused.status_code, {it["code"] for it in refused.json()["errors"]}) == (422, codes)
    assert entries(desk) == []


def test_the_total_that_was_read_out_is_a_field_of_the_form_and_held_to_the_sum(desk: Desk) -> None:
    assert 'name="total"' in desk.signed_in("keyer").get(at()).text
    told = send(desk, "keyer", a_form(action="key", total="1,994")).json()
    assert (told["outcome"], [finding["code"] for finding in told["errors"]]) == ("refused", ["F15"])
    assert send(desk, "keyer", a_form(action="key", total="1,993")).json()["outcome"] == "waiting"
