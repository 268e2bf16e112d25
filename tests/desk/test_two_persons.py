"""Two persons at the desk: what is declared over another, corrections and withdrawals, disputes for editors."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.store import audit, staff
from tests.builders import CON, LAB
from tests.desk.entry.test_entry import DESK, EAST, ELECTION, NORTH, SCRIPT, SOUTH, a_form, at, declare, entries, send
from tests.desks import Desk, Prepared, desk_on, password_of, prepared

REASON = "A bundle was counted twice."


@pytest.fixture(scope="module")
def ready(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("two"), election=ELECTION)


@pytest.fixture
def desk(ready: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(ready, tmp_path) as opened:
        with opened.store.writing() as connection:
            for name, role in {"zoe": staff.Role.EDITOR, "kim": staff.Role.KEYER}.items():
                staff.add_staff(connection, name, role, password_of(name))
        yield opened


def sees(desk: Desk, who: str, path: str) -> str:
    answer = desk.signed_in(who).get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def withdrawal(desk: Desk, who: str, seq: int = 1, action: str = "key", **form: Any) -> Any:
    fields = {"action": action, "key": f"{who} {seq} {action}", "reason": REASON, **form}
    return desk.signed_in(who, **SCRIPT).post(f"{DESK}/entries/{seq}/withdraw", data=fields)


def everything_shown_to(desk: Desk, who: str) -> str:
    """Every page, header and JSON that somebody who keys or checks can come to."""
    paths = [f"{DESK}{path}" for path in ("", "/queue?part=list", "/night.json")] + [at(), f"{at()}?correct=1"]
    if who != "keyer":
        paths += [f"/desk/audit{kind}?election={ELECTION.slug}" for kind in ("", ".csv")]
    browser = desk.signed_in(who)
    return "\n".join(f"{answer.headers} {answer.text}" for answer in map(browser.get, paths))


# Declared over what another has keyed


def test_who_declares_alone_over_another_is_asked_and_the_other_is_told_until_they_know(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key"))
    form = a_form(NORTH, CON, LAB, action="alone")
    asked = send(desk, "editor", form).json()
    assert (asked["outcome"], [it["code"] for it in asked["warnings"]]) == ("confirm", ["W19"])
    assert "keyer keyed this differently in 2 fields." in asked["html"]
    without_scripts = desk.signed_in("editor").post(at(), data={**form, "key": "a page"})
    assert (without_scripts.status_code, 'value="W19"' in without_scripts.text) == (422, True)
    assert send(desk, "editor", {**form, "confirm": "W19"}).json()["outcome"] == "declared"
    assert entries(desk)[0].entry.confirmed == {"W19": ["editor"]}
    assert "<b>W19</b> confirmed by editor" in sees(desk, "checker", f"/desk/audit?election={ELECTION.slug}")
    assert "confirmed by editor: W19" in re.sub(r"<[^>]+>", "", sees(desk, "checker", at()))
    told = "North: editor declared it as entry 1 over what you had keyed, which differs in 2 fields."
    for path in (DESK, f"{DESK}/queue", at(), at(SOUTH)):
        assert told in sees(desk, "keyer", path)
        assert told not in sees(desk, "checker", path)
    assert desk.signed_in("checker").post(f"{DESK}/overruled/1/seen").status_code == 303
    assert told in sees(desk, "keyer", DESK), "nobody else puts it away"
    assert desk.signed_in("keyer").post(f"{DESK}/overruled/1/seen").headers["location"] == DESK
    assert told not in sees(desk, "keyer", DESK)


def test_who_is_told_in_how_many_fields_theirs_is_otherwise_is_no_second_person(desk: Desk) -> None:
    """Asked often enough, the number of fields would tell every figure."""
    send(desk, "keyer", a_form(action="key", ballots="2,017"))
    guessed = send(desk, "editor", a_form(action="alone", ballots="2,029", source="x")).json()
    assert [it["code"] for it in guessed["warnings"]] == ["W19"]
    mended = send(desk, "editor", a_form(action="key", ballots="2,017", source="x", key="m"))
    assert (mended.status_code, mended.json()["outcome"]) == (409, "awaits")
    assert "Told in how much theirs was otherwise" in sees(desk, "checker", f"/desk/audit?election={ELECTION.slug}")
    checked = send(desk, "checker", a_form(action="key", ballots="2,017", source="y", key="c"))
    assert checked.json()["outcome"] == "declared"


def test_a_machine_that_declares_over_a_keying_is_asked_too(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key"))
    votes = {
        name.removeprefix("votes."): 100 + place for place, name in enumerate(a_form()) if name.startswith("votes.")
    }
    body = {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes}
    machine = desk.client(Authorization=f"Bearer {desk.tokens['declare']}", Accept="application/json")
    address = f"/api/v1/elections/{ELECTION.slug}/declarations"
    asked = machine.post(address, json=body)
    assert (asked.status_code, [it["code"] for it in asked.json()["errors"]]) == (422, ["W19"])
    assert machine.post(address, json={**body, "confirm": ["W19"]}).status_code == 201
    assert "token:the declare declared it" in sees(desk, "keyer", DESK)


def test_what_a_checker_types_is_never_compared_before_it_is_handed_in(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key"))
    told = send(desk, "checker", a_form(NORTH, CON, LAB, action="review")).json()
    assert (told["outcome"], told["warnings"]) == ("review", [])
    assert send(desk, "editor", a_form(NORTH, CON, LAB, action="review")).json()["warnings"] == []


# Corrections and withdrawals


def test_a_correction_is_keyed_again_blind_and_then_made(desk: Desk) -> None:
    declare(desk)
    form = a_form(NORTH, action="key", replaces="1", reason=REASON, ballots="2,017")
    assert send(desk, "editor", form).json()["outcome"] == "waiting"
    assert len(entries(desk)) == 1
    for who in ("keyer", "zoe"):
        shown = everything_shown_to(desk, who)
        assert "2017" not in shown.replace(",", "")
        assert f"editor corrects entry 1: “{REASON}”" in shown.replace("&#34;", '"')
    check = sees(desk, "checker", f"{at()}?correct=1")
    assert "Key the figures from the paper, not from this." in check
    assert "Check the correction of entry 1: key it again" in check
    assert "What stands: entry 1" in check
    assert not re.findall(r'name="votes\.[^"]+" value="\d', check), "not what stands either"
    assert 'id="entry"' not in sees(desk, "kim", f"{at()}?correct=1"), "who may not check has no form"
    blind = {**form, "key": "checks", "reason": REASON}
    assert send(desk, "kim", blind).status_code == 403
    assert send(desk, "checker", {**blind, "ballots": "2,018"}).json()["differing"] == ["ballots"]
    disputed = sees(desk, "editor", f"{at()}?correct=1&done=disputed")
    assert "The other person has something else here" in disputed
    assert send(desk, "checker", {**blind, "key": "again"}).json()["outcome"] == "declared"
    made = entries(desk)[1].entry
    assert (made.kind, made.author, made.checker, made.reason) == ("correction", "editor", "checker", REASON)
    assert "editor, checked by checker" in sees(desk, "keyer", at())


def test_without_scripts_a_correction_goes_page_by_page_and_alone_it_is_marked(desk: Desk) -> None:
    declare(desk)
    browser = desk.signed_in("editor")
    form = a_form(NORTH, replaces="1", reason=REASON, ballots="2,017")
    opened = browser.get(f"{at()}?correct=1").text
    assert [label in opened for label in ("Send the correction of North", "Correct alone")] == [True, True]
    assert "Whoever checks sees it too. No figures: those are keyed." in opened
    sent = browser.post(at(), data={**form, "action": "key"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{at()}?done=waiting")
    assert "Your correction of entry 1" in browser.get(f"{at()}?correct=1").text
    assert browser.post(f"{DESK}/keyed/ward/{NORTH.ballot_id}/take-back").status_code == 303
    alone = browser.post(at(), data={**form, "action": "alone", "key": "alone"})
    assert (alone.status_code, alone.headers["location"]) == (303, f"{at()}?done=declared")
    assert "editor, alone" in sees(desk, "keyer", at())
    with desk.store.reading() as connection:
        assert audit.declared_alone(connection, ELECTION.slug) == {1, 2}


def test_a_correction_is_made_at_once_where_one_is_enough(desk: Desk) -> None:
    declare(desk)
    assert desk.signed_in("editor").post(f"{DESK}/rules", data={"persons": "1"}).status_code == 303
    opened = sees(desk, "editor", f"{at()}?correct=1")
    assert [words in opened for words in ("Correct alone", "Whoever checks")] == [False, False]
    form = a_form(NORTH, replaces="1", reason=REASON, ballots="2,017")
    assert send(desk, "editor", {**form, "action": "declare"}).json()["outcome"] == "declared"
    assert "editor, alone" not in sees(desk, "keyer", at())
    assert withdrawal(desk, "editor", 2, "do").json()["outcome"] == "declared"


def test_a_withdrawal_is_confirmed_by_another_who_sees_what_it_does(desk: Desk) -> None:
    declare(desk)
    page = f"{DESK}/entries/1/withdraw"
    assert desk.signed_in("checker").get(page).status_code == 403, "nobody has asked for it"
    assert withdrawal(desk, "checker").status_code == 403
    assert withdrawal(desk, "editor").json()["outcome"] == "waiting"
    assert withdrawal(desk, "editor", action="key", key="again").json()["outcome"] == "waiting", "not by oneself"
    for who, may in (("keyer", 403), ("checker", 200), ("zoe", 200)):
        assert desk.signed_in(who).get(page).status_code == may
    assert "waits for another person" in sees(desk, "editor", page)
    queue = sees(desk, "checker", f"{DESK}/queue")
    assert f"editor withdraws entry 1: “{REASON}”" in queue
    assert page in queue
    shown = sees(desk, "checker", page)
    assert "No longer elected: LAB 1 of north (LAB)." in shown
    assert f"Withdrawn, North (Testshire): {REASON}" in html.unescape(shown)
    assert "Withdraw alone" not in shown
    assert withdrawal(desk, "checker", action="do").status_code == 403
    done = desk.signed_in("checker").post(page, data={"action": "key", "key": "c", "reason": REASON})
    assert (done.status_code, done.headers["location"]) == (303, f"{at()}?done=told")
    made = entries(desk)[1].entry
    assert (made.kind, made.author, made.checker) == ("withdrawal", "editor", "checker")


def test_an_editor_withdraws_alone_by_choice_and_that_is_marked(desk: Desk) -> None:
    declare(desk)
    assert "Withdraw alone" in sees(desk, "editor", f"{DESK}/entries/1/withdraw")
    assert withdrawal(desk, "editor", action="do").json()["outcome"] == "declared"
    with desk.store.reading() as connection:
        assert audit.declared_alone(connection, ELECTION.slug) == {1, 2}
    note = {"action": "do", "key": "n", "text": "A line."}
    assert desk.signed_in("editor", **SCRIPT).post(f"{DESK}/note", data=note).status_code == 201
    assert "Withdraw alone" not in sees(desk, "editor", f"{DESK}/entries/3/withdraw"), "a note takes one"
    assert withdrawal(desk, "editor", 3).json()["outcome"] == "declared"


def test_a_flip_that_a_correction_or_withdrawal_makes_is_asked_of_both(desk: Desk) -> None:
    declare(desk), declare(desk, SOUTH)
    asked = withdrawal(desk, "editor", 2).json()
    assert (asked["outcome"], asked["flip"]) == ("confirm", "Testshire back to undecided")
    named = {"confirm": "W07", "flip": asked["flip"]}
    assert withdrawal(desk, "editor", 2, **named).json()["outcome"] == "waiting"
    assert withdrawal(desk, "checker", 2).json()["outcome"] == "confirm"
    assert withdrawal(desk, "checker", 2, **named).json()["outcome"] == "declared"
    assert entries(desk)[2].entry.confirmed == {"W07": ["checker"]}


def test_a_correction_of_what_was_corrected_meanwhile_waits_no_more(desk: Desk) -> None:
    declare(desk)
    send(desk, "editor", a_form(NORTH, action="key", replaces="1", reason=REASON, ballots="2,017"))
    form = a_form(NORTH, CON, LAB, action="alone", replaces="1", reason="Exchanged.")
    assert [it["code"] for it in send(desk, "zoe", form).json()["warnings"]] == ["W19"]
    assert send(desk, "zoe", {**form, "confirm": "W19"}).json()["outcome"] == "declared"
    assert "Nothing waits for a check." in sees(desk, "checker", f"{DESK}/queue")
    assert "zoe corrected it as entry 2 over what you had keyed" in sees(desk, "editor", DESK)


# Disputes


def dispute(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key", ballots="2,017"))
    assert send(desk, "checker", a_form(action="key", ballots="2,029")).json()["outcome"] == "disputed"


VERSIONS = f"{DESK}/keyed/ward/{NORTH.ballot_id}/versions"


def test_an_editor_sees_both_versions_and_nobody_else_anything_of_them(desk: Desk) -> None:
    dispute(desk)
    assert VERSIONS in sees(desk, "editor", f"{DESK}/queue")
    assert VERSIONS in sees(desk, "editor", at())
    both = desk.signed_in("editor").post(VERSIONS)
    assert (both.status_code, both.headers["cache-control"]) == (200, "no-store")
    assert ("2,017" in both.text, "2,029" in both.text) == (True, True)
    for who in ("keyer", "checker"):
        assert desk.signed_in(who).post(VERSIONS).status_code == 403
        shown = everything_shown_to(desk, who)
        assert VERSIONS not in shown
        own = "2017" if who == "keyer" else "2029"
        assert {"2017", "2029"} & set(re.findall(r"20[12]\d", shown.replace(",", ""))) <= {own}
    assert "Both versions seen" in sees(desk, "checker", f"/desk/audit?election={ELECTION.slug}")


def test_both_versions_mark_what_differs_and_not_what_only_one_has(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key", ballots="2,017", rejected="12", source="phone"))
    send(desk, "checker", a_form(action="key", ballots="2,029", source=""))
    both = desk.signed_in("editor").post(VERSIONS).text
    marked = re.findall(r'<tr class="is-different"><th scope="row">([^<]+)', both)
    assert (marked, both.count("(different)")) == (["Ballot papers"], 1)
    assert "Rejected papers" in both


def test_where_one_gave_votes_and_the_other_seats_both_versions_mark_all_of_those(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key"))
    seats = {"mode": "seats", "ballot_id": NORTH.ballot_id, f"seats.{LAB}": "1", "action": "key", "key": "seats"}
    assert send(desk, "checker", seats).json()["outcome"] == "disputed"
    both = desk.signed_in("editor").post(VERSIONS).text
    marked = re.findall(r'<tr class="is-different"><th scope="row">([^<]+)', both)
    assert {"LAB 1 of north (LAB)", "CON 1 of north (CON)"} < set(marked)
    assert "Ballot papers" not in marked


def test_who_has_seen_both_checks_neither_but_declares_alone(desk: Desk) -> None:
    dispute(desk)
    assert 'value="key"' in sees(desk, "editor", at())
    desk.signed_in("editor").post(VERSIONS)
    form = sees(desk, "editor", at())
    assert "You have seen what others keyed" in form
    assert ('value="key"' in form, 'value="alone"' in form) == (False, True)
    settles = send(desk, "editor", a_form(action="key", ballots="2,017", source="x"))
    assert (settles.status_code, settles.json()["outcome"]) == (409, "awaits")
    assert "You have seen what others keyed" in settles.json()["detail"]
    settled = send(desk, "zoe", a_form(action="key", ballots="2,017", source="x", key="z"))
    assert settled.json()["outcome"] == "declared"


def test_an_editor_who_is_one_of_the_two_is_not_shown_the_others(desk: Desk) -> None:
    send(desk, "keyer", a_form(action="key", ballots="2,017"))
    send(desk, "editor", a_form(action="key", ballots="2,029"))
    assert VERSIONS not in sees(desk, "editor", f"{DESK}/queue")
    refused = desk.signed_in("editor").post(VERSIONS)
    assert (refused.status_code, "2,017" in refused.text) == (409, False)
    assert desk.signed_in("zoe").post(VERSIONS).status_code == 200


# A recount while it waits


@pytest.mark.parametrize(("status", "told"), [("recount", "Recount since, at"), ("delayed", "Delayed since, at")])
def test_what_is_announced_of_the_count_while_it_waits_is_on_board_queue_and_form(
    desk: Desk, status: str, told: str
) -> None:
    send(desk, "keyer", a_form(action="key"))
    act = {"action": "do", "key": "s", "status": status, "note": "Bundle check."}
    browser = desk.signed_in("editor", **SCRIPT)
    assert browser.post(f"{DESK}/contests/{NORTH.ballot_id}/status", data=act).status_code == 201
    note = {"action": "do", "key": "n", "text": "All of it again."}
    assert browser.post(f"{DESK}/note?council=testshire", data=note).status_code == 201
    assert f"{status} and note since" in sees(desk, "checker", DESK)
    for who, path in (("keyer", at()), ("checker", at()), ("kim", at()), ("checker", f"{DESK}/queue")):
        shown = sees(desk, who, path)
        assert told in shown
        assert "Bundle check." in shown
        assert "All of it again." in shown
    assert [it["code"] for it in send(desk, "checker", a_form(action="key", source="x")).json()["warnings"]] == ["W18"]
    lines = desk.signed_in("checker").get(f"{DESK}/night.json").json()["lines"]
    assert [line[7].split() for line in lines if line[1] == "North"] == [["keyed", status]]


# Taken back together


def by_keyer(desk: Desk) -> None:
    """The keyer has two results in the log, one in a dispute, and the council is Labour's by them."""
    flip = {"confirm": "W07", "flip": "LAB gain Testshire from CON"}
    for contest in (NORTH, SOUTH):
        named = flip if contest is SOUTH else {}
        assert send(desk, "keyer", a_form(contest, action="key", **named), contest).status_code == 202
        assert send(desk, "checker", a_form(contest, action="key", source="x", **named), contest).status_code == 201
    send(desk, "keyer", a_form(EAST, action="key", ballots="2,017"), EAST)
    send(desk, "checker", a_form(EAST, action="key", ballots="2,029"), EAST)


KEYED_BY = f"{DESK}/keyed-by/keyer"


def together(desk: Desk, who: str, act: str, **form: Any) -> Any:
    fields = {"key": f"{who} {act} {sorted(form)}", "reason": REASON, **form}
    return desk.signed_in(who).post(f"{KEYED_BY}/{act}", data=fields)


def test_what_somebody_keyed_that_waits_is_taken_out_together_and_the_others_goes_on(desk: Desk) -> None:
    by_keyer(desk)
    shown = sees(desk, "editor", KEYED_BY)
    assert "Waits for a check: 1" in shown
    assert "2,017" not in shown
    assert KEYED_BY in sees(desk, "editor", "/desk/staff/keyer")
    assert together(desk, "editor", "take-out", reason="").status_code == 422
    desk.signed_in("checker").post(f"{DESK}/queue/next")
    assert "You are checking this" in sees(desk, "checker", f"{DESK}/queue")
    assert together(desk, "editor", "take-out").headers["location"] == f"{KEYED_BY}?done=out-1"
    assert "Keyed by checker; waits for another person." in sees(desk, "editor", f"{DESK}/queue")
    assert "You are checking this" not in sees(desk, "checker", f"{DESK}/queue"), "nobody checks their own"
    with desk.store.reading() as connection:
        (taken,) = audit.search(connection, audit.ActsWanted(kind="taken back"))
    assert (taken.who, taken.details["author"], taken.details["reason"]) == ("editor", "keyer", REASON)


def test_what_stands_of_somebodys_is_withdrawn_together_by_two(desk: Desk) -> None:
    by_keyer(desk)
    shown = sees(desk, "editor", KEYED_BY)
    assert "Stands in the log: 2" in shown
    assert "Testshire goes back to undecided." in shown
    chosen = {"seq": ["1", "2"], "confirm": "W07"}
    assert together(desk, "editor", "withdraw", action="key", seq=["1", "2"]).status_code == 422, "W07 is not confirmed"
    assert together(desk, "editor", "withdraw", action="key", **{**chosen, "seq": []}).status_code == 422
    sent = together(desk, "editor", "withdraw", action="key", **chosen)
    assert sent.headers["location"] == f"{KEYED_BY}?done=asked-2"
    assert len(entries(desk)) == 2
    assert together(desk, "editor", "confirm", confirm="W07").status_code == 409, "nobody confirms their own"
    assert desk.signed_in("kim").get(KEYED_BY).status_code == 403
    assert "editor asks to withdraw 2" in sees(desk, "zoe", KEYED_BY)
    assert KEYED_BY in sees(desk, "zoe", f"{DESK}/entries/1/withdraw"), "from each of them to all"
    assert together(desk, "zoe", "confirm").status_code == 422, "nor by zoe"
    assert together(desk, "zoe", "confirm", confirm="W07").headers["location"] == f"{KEYED_BY}?done=withdrawn-2"
    made = [(it.entry.kind, it.entry.author, it.entry.checker, it.entry.reason) for it in entries(desk)[2:]]
    assert made == [("withdrawal", "editor", "zoe", REASON)] * 2
    assert "Stands in the log: 0" in sees(desk, "editor", KEYED_BY)


def test_alone_it_is_one_act_that_is_marked_for_each_and_made_once(desk: Desk) -> None:
    by_keyer(desk)
    looked = together(desk, "editor", "withdraw", action="review", seq="1")
    assert (looked.status_code, "Testshire goes back to undecided." in looked.text) == (200, True)
    for _ in range(2):
        done = together(desk, "editor", "withdraw", action="alone", seq=["1", "2"], confirm="W07")
        assert done.status_code in {303, 422}
    assert [it.entry.kind for it in entries(desk)] == ["ward", "ward", "withdrawal", "withdrawal"]
    with desk.store.reading() as connection:
        assert audit.declared_alone(connection, ELECTION.slug) == {3, 4}


def test_of_several_withdrawals_none_is_made_where_one_is_refused(desk: Desk) -> None:
    by_keyer(desk)
    refused = together(desk, "editor", "withdraw", action="alone", seq=["1", "2"])
    assert (refused.status_code, "Nothing was done." in refused.text) == (422, True)
    assert len(entries(desk)) == 2
    assert declare(desk, EAST) == 3, "and the writer goes on from there"


def test_the_tally_of_a_council_is_corrected_by_two_as_well(desk: Desk) -> None:
    tally = f"{DESK}/councils/testshire/tally"
    form = {f"seats.{LAB}": "2", f"seats.{CON}": "1", "complete": "1"}
    named = {"confirm": "W07", "flip": "LAB gain Testshire from CON"}
    alone = desk.signed_in("editor", **SCRIPT).post(tally, data={**form, **named, "key": "t", "action": "alone"})
    assert alone.json()["outcome"] == "declared"
    corrected = {f"seats.{LAB}": "3", "complete": "1", "replaces": "1", "reason": REASON, "action": "key"}
    asked = desk.signed_in("editor", **SCRIPT).post(tally, data={**corrected, "key": "c1"})
    assert asked.json()["outcome"] == "waiting"
    assert "Check the correction of entry 1" in sees(desk, "checker", f"{tally}?correct=1")
    checked = desk.signed_in("checker", **SCRIPT).post(tally, data={**corrected, "key": "c2"})
    assert checked.json()["outcome"] == "declared"
    assert [(it.entry.kind, it.entry.author, it.entry.checker) for it in entries(desk)][1:] == [
        ("correction", "editor", "checker")
    ]
