"""The desk of an exercise: sheets are handed out, the count can be rung, and an editor reads how it goes."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import pytest

from app.commands.robots import AS_A_BROWSER, Robot
from app.desk.exercise.routes import desk_exercise
from app.exercise.folder import ExerciseFolder
from app.exercise.planning import Wishes, planned
from app.exercise.running import Exercise
from app.exercise.sheets import CountSheet, Mishap, Plan
from tests.builders import CON, GRN, LAB, a_contest, a_council, an_election
from tests.desks import ROLES, Desk, desk_on, password_of, prepared

WARDS = ("north", "south", "east", "west", "hill", "dale", "ford", "mill", "park", "quay", "lock", "moor")
ELECTION = an_election(a_council(*(a_contest(ward, parties=[LAB, CON, GRN]) for ward in WARDS)))
PLAN = planned(ELECTION, (), Wishes(seed=3, speed=100_000))

NAMES = {"keyer", "checker", "editor"}


def plan_of(*mishaps: Mishap | None) -> Plan:
    """The sheets of PLAN that have these mishaps, in this order, all there from the beginning."""
    sheets = [next(it for it in PLAN.sheets if it.mishap is mishap) for mishap in mishaps]
    return Plan([CountSheet(n, it.subject, 0.0, it.first, it.last, it.mishap) for n, it in enumerate(sheets, 1)], 600.0)


@pytest.fixture
def desk(tmp_path, request) -> Iterator[Desk]:
    """Of an exercise with one sheet for each of the mishaps that the test names."""
    plan = plan_of(*getattr(request, "param", (Mishap.DOES_NOT_ADD_UP,)))
    (tmp_path / "exercise").mkdir()
    exercise = Exercise(ExerciseFolder(tmp_path / "exercise"), ELECTION, plan)
    exercise.go_on()
    with desk_on(prepared(tmp_path, election=ELECTION), tmp_path, exercise=exercise, rehearsal=True) as made:
        yield made


def take(client) -> dict:
    """The next sheet, as programs take it."""
    answer = client.post("/desk/exercise/next", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    sheet = answer.json()["sheet"]
    return sheet or {}


def key(client, sheet, **otherwise: int):
    """Hand a sheet in, with figures that are ``otherwise``."""
    figures = {line["field"]: str(line["number"]) for line in sheet["lines"]}
    papers = {name: value for name, value in sheet["facts"].items() if name != "electorate"}
    form = {
        **figures,
        **papers,
        **{f: str(n) for f, n in otherwise.items()},
        "action": "key",
        "key": str(datetime.now(UTC)),
    }
    return client.post(sheet["form"], data=form, headers={"Accept": "application/json"})


def test_a_sheet_that_cannot_be_right_is_refused_and_the_count_has_the_answer_when_it_is_rung(desk: Desk) -> None:
    keyer = desk.signed_in("keyer")
    sheet = take(keyer)
    assert sheet["purpose"] == "key"
    refused = key(keyer, sheet)
    assert (refused.status_code, refused.json()["outcome"]) == (422, "refused")
    assert take(keyer) == sheet
    page = keyer.get("/desk/exercise/sheets/1").text
    assert "TEST" in page
    assert sheet["title"] in page
    assert keyer.post("/desk/exercise/sheets/1/ask").headers["location"] == "/desk/exercise/sheets/1"
    assert "The count has looked again" in keyer.get("/desk/exercise/sheets/1").text
    assert key(keyer, take(keyer)).status_code == 202
    checker = desk.signed_in("checker")
    assert take(checker)["purpose"] == "check"
    told = key(checker, take(checker))
    assert told.status_code == 201, told.text
    report = desk.signed_in("editor").get("/desk/exercise/report.json").json()
    assert [(it["mishap"], it["outcome"], it["how"]) for it in report["mishaps"]] == [
        ("does-not-add-up", "caught", "asked")
    ]
    assert {it["person"]: it["pace"]["number"] for it in report["people"]} == {
        "keyer": 1,
        "checker": 1,
        "editor": 0,
        "reporter": 0,
    }
    assert report["wrong"] == []


def test_somebody_without_a_script_takes_a_sheet_and_puts_it_aside(desk: Desk) -> None:
    keyer = desk.signed_in("keyer")
    assert "Next sheet" in keyer.get("/desk/exercise").text
    taken = keyer.post("/desk/exercise/next")
    assert (taken.status_code, taken.headers["location"]) == (303, "/desk/exercise/sheets/1")
    assert keyer.post("/desk/exercise/sheets/1/aside").headers["location"] == "/desk/exercise"
    none = keyer.post("/desk/exercise/next").headers["location"]
    assert "no sheet for you just now" in keyer.get(none).text
    assert PLAN.sheets
    assert re.search(r'href="/desk/exercise/sheets/1"', keyer.get("/desk/exercise").text)


@pytest.mark.parametrize("desk", [(None,)], indirect=True)
def test_slips_are_told_by_where_they_ended(desk: Desk) -> None:
    keyer, checker, editor = (desk.signed_in(name) for name in ("keyer", "checker", "editor"))
    sheet = take(keyer)
    field = sheet["lines"][0]["field"]
    assert key(keyer, sheet, **{field: sheet["lines"][0]["number"] - 1, "total": ""}).status_code == 202
    assert key(checker, take(checker)).json()["outcome"] == "disputed"
    assert take(keyer)["purpose"] == "again"
    assert key(keyer, sheet).status_code == 201
    people = {it["person"]: it for it in editor.get("/desk/exercise/report.json").json()["people"]}
    assert [people[name]["caught_by_second"] for name in ("keyer", "checker")] == [1, 0]
    csv = editor.get("/desk/exercise/report.csv")
    assert csv.text.startswith("rehearsal,part,name")
    assert "TEST-" in csv.headers["Content-Disposition"]
    page = editor.get("/desk/exercise/report").text
    assert "1 of 1 sheet declared" in page


@pytest.mark.parametrize("desk", [(None,)], indirect=True)
def test_a_robot_puts_aside_what_is_not_taken_of_it(desk: Desk, tmp_path) -> None:
    """Somebody else has keyed its sheet, and who only keys may not check it."""
    client, checker = desk.signed_in("keyer", **AS_A_BROWSER), desk.signed_in("checker")
    robot = Robot("keyer", password_of("keyer"), 0, Random(1), tmp_path / "robots.jsonl", is_over=lambda: False)
    sheet = take(client)
    assert key(checker, sheet).status_code == 202
    assert take(client) == sheet
    assert robot.work(client)
    assert take(client) == {}


def test_no_sheet_is_shown_that_has_not_come_in(desk: Desk) -> None:
    for number in (0, 2, 99):
        assert desk.signed_in("keyer").get(f"/desk/exercise/sheets/{number}").status_code == 404


EDITORS = {"/desk/exercise/report", "/desk/exercise/report.json", "/desk/exercise/report.csv"}


def test_every_address_of_it_says_who_may(desk: Desk) -> None:
    people = {role: desk.signed_in(role) for role in ROLES}
    stranger, nobody = desk.signed_in("editor", **{"Sec-Fetch-Site": "cross-site"}), desk.client()
    for route in desk_exercise.routes:
        address = route.path.replace("{number}", "1")
        for method in route.methods:
            allowed = {role for role, client in people.items() if client.request(method, address).status_code != 403}
            assert allowed == ({"editor"} if route.path in EDITORS else NAMES), address
            signed_out = nobody.request(method, address)
            assert signed_out.status_code == 401 or "/desk/login" in signed_out.headers["location"]
            assert method == "GET" or stranger.post(address).status_code == 403


def test_there_is_no_exercise_on_another_server(tmp_path) -> None:
    with desk_on(prepared(tmp_path, election=ELECTION), tmp_path, rehearsal=True) as desk:
        assert desk.signed_in("editor").get("/desk/exercise").status_code == 404
        assert "/desk/exercise" not in desk.signed_in("editor").get("/desk/staff").text


def test_what_happened_is_kept_and_a_line_that_was_cut_off_is_left_out(tmp_path) -> None:
    folder = ExerciseFolder(tmp_path)
    exercise = Exercise(folder, ELECTION, PLAN)
    exercise.go_on()
    exercise.looked_at("Ann", PLAN.sheets[0].subject, {"kind": "ward"}, ["F15"], is_handed_in=True)
    assert list(folder.occurrences()) == exercise.occurrences
    file = tmp_path / "happened.jsonl"
    file.write_text(file.read_text("utf-8") + '{"at": "2026-', "utf-8")
    assert list(folder.occurrences()) == exercise.occurrences
    assert json.loads(file.read_text("utf-8").splitlines()[1])["details"]["codes"] == ["F15"]
