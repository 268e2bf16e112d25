"""Who did what, from outside: what people do at the desk, over the API and by command, and where it can be read."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator

import httpx2
import pytest
from sqlalchemy import text

from app.desk.audit.rows import ACTS
from app.store import audit
from app.store.audit import Kind
from app.store.engine import Store
from app.web.signing_in.failures import MOST_APART, Failed, Tallies
from tests.builders import a_contest, a_council, an_election
from tests.desks import Desk, Prepared, desk_on, password_of, prepared
from tests.running import declared

SLUG = "test-2023"
ELECTION = an_election(a_council(*(a_contest(name) for name in ("north", "south", "east"))))
NORTH, SOUTH = "local.testshire.north.2023-05-04", "local.testshire.south.2023-05-04"
FETCH = {"Accept": "application/json", "Sec-Fetch-Dest": "empty"}


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("prepared"), election=ELECTION)


@pytest.fixture
def desk(database: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(database, tmp_path) as made:
        yield made


def rows_of(response: httpx2.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def acts(desk: Desk, **query: str) -> list[dict[str, str]]:
    """The rows of the audit as the file has them, oldest first."""
    found = desk.signed_in("editor").get("/desk/audit.csv", params={"election": SLUG, "kind": "desk", **query})
    assert found.status_code == 200
    return [row for row in reversed(rows_of(found)) if row["kind"] != "audit exported"]


def told(desk: Desk, **query: str) -> list[tuple[str, str, str]]:
    """Of those what was done, by whom, and to whom or what."""
    return [(row["kind"], row["who"], row["subject"]) for row in acts(desk, **query)]


def a_form(votes: tuple[int, int] = (1000, 900), *, contest: str = "north", **fields: object) -> dict[str, object]:
    lab, con = votes
    return {
        f"votes.{contest}-LAB-1": str(lab),
        f"votes.{contest}-CON-1": str(con),
        "mode": "votes",
        "source": "phone",
        **fields,
    }


def key(desk: Desk, person: str, form: dict[str, object], *, ballot_id: str = NORTH, action: str = "key") -> str:
    """Key a result and confirm whatever has to be confirmed; what came of it."""
    client, place = desk.signed_in(person, **FETCH), f"/desk/{SLUG}/contests/{ballot_id}"
    answer = client.post(place, data={**form, "action": action}).json()
    if answer["outcome"] == "confirm":
        confirmed = {"confirm": [warning["code"] for warning in answer["warnings"]], "flip": answer["flip"] or ""}
        answer = client.post(place, data={**form, "action": action, **confirmed}).json()
    return str(answer["outcome"])


# What leaves a trace --------------------------------------------------------------------------------------------------


def test_every_kind_of_act_has_a_name_and_can_be_looked_for():
    assert set(ACTS) == {kind.value for kind in Kind}


def test_coming_in_and_going_out_is_audited(desk: Desk):
    client = desk.client(address="192.0.2.7", **{"User-Agent": "Some browser"})
    assert desk.sign_in(client, "KEYER", password_of("keyer")).status_code == 303
    assert desk.sign_in(client, "checker").status_code == 303
    client.post("/desk/logout")
    client.post("/desk/logout")
    found = acts(desk)
    assert [(row["kind"], row["who"], row["source"]) for row in found] == [
        ("signed in", "keyer", "192.0.2.7"),
        ("signed out", "keyer", "192.0.2.7"),
        ("signed in", "checker", "192.0.2.7"),
        ("signed out", "checker", "192.0.2.7"),
    ]
    assert found[0]["details"] == '{"browser":"Some browser"}'


def test_a_session_that_somebody_ends_is_audited(desk: Desk):
    desk.sign_in(desk.client(), "keyer")
    editor = desk.signed_in("editor")
    page = editor.get("/desk/sessions").text
    sessions = re.findall(r"/desk/sessions/(\d+)/revoke", page)
    for number in sessions:
        editor.post(f"/desk/sessions/{number}/revoke")
    checker = desk.signed_in("checker")
    desk.signed_in("checker")
    checker.post("/desk/sessions/others/revoke")
    checker.post("/desk/sessions/others/revoke")
    ended = told(desk, kind="session ended")
    assert ("session ended", "editor", "keyer") in ended
    assert ended.count(("session ended", "checker", "checker")) == 1


def test_a_failed_login_is_audited_with_the_name_as_typed_and_no_password(desk: Desk):
    tries = [desk.sign_in(desk.client(), " =Nobody", "the secret").status_code for _ in range(7)]
    desk.sign_in(desk.client(), "keyer", "the secret")
    assert tries == [401] * 5 + [429] * 2
    desk.parts.logins.failures.close()
    desk.parts.declaring.writer.submit(lambda _connection: None).result(30)  # what came before it is written
    found = acts(desk, kind="sign-in failed")
    assert {(row["who"], row["subject"], row["source"]) for row in found} == {
        ("", "'=Nobody", "testclient"),
        ("", "keyer", "testclient"),
    }
    details = [json.loads(row["details"]) for row in found]
    assert [sum(one[name] for one in details) for name in ("tries", "refused")] == [8, 2]
    everything = desk.signed_in("editor").get("/desk/audit")
    assert "the secret" not in everything.text
    assert "2 of them too many and not looked at" in everything.text
    metrics = desk.client().get("/metrics").text
    assert 'declared_logins_total{outcome="failed"} 6.0' in metrics
    assert 'declared_logins_total{outcome="refused"} 2.0' in metrics


def test_what_is_keyed_disputed_taken_back_and_overtaken_is_audited_without_a_figure(desk: Desk):
    assert key(desk, "keyer", a_form((1234, 900))) == "waiting"
    assert key(desk, "checker", a_form((1235, 900))) == "disputed"
    assert key(desk, "editor", a_form((1234, 900)), action="alone") == "declared"
    assert key(desk, "keyer", a_form(contest="south"), ballot_id=SOUTH) == "waiting"
    desk.signed_in("keyer").post(f"/desk/{SLUG}/keyed/ward/{SOUTH}/take-back")
    desk.signed_in("keyer").post(f"/desk/{SLUG}/keyed/ward/{SOUTH}/take-back")
    assert told(desk) == [
        ("keyed", "keyer", NORTH),
        ("disputed", "checker", NORTH),
        ("difference told", "editor", NORTH),
        ("overtaken", "editor", NORTH),
        ("declared alone", "editor", NORTH),
        ("keyed", "keyer", SOUTH),
        ("taken back", "keyer", SOUTH),
    ]
    assert not any("123" in row["details"] for row in acts(desk))


def test_that_it_was_declared_otherwise_is_said_of_those_alone_who_had_something_else(desk: Desk):
    assert key(desk, "keyer", a_form((1234, 900))) == "waiting"
    assert key(desk, "checker", a_form((1235, 900))) == "disputed"
    assert key(desk, "editor", a_form((1234, 900)), action="alone") == "declared"
    assert key(desk, "keyer", a_form(contest="south"), ballot_id=SOUTH) == "waiting"
    assert key(desk, "editor", a_form(contest="south"), ballot_id=SOUTH, action="alone") == "declared"
    rows = re.sub(r"<[^>]+>", " ", html.unescape(desk.signed_in("editor").get("/desk/audit").text))
    rows = re.sub(r"\s+", " ", rows)
    assert "Keyed by keyer; 1 field differs" in rows
    assert "Keyed by keyer and by checker; declared otherwise than checker had it" in rows
    assert rows.count("declared otherwise") == 1, "what keyer had of South was declared as it was"


def test_a_rule_that_is_switched_says_what_it_was(desk: Desk):
    for persons in ("1", "2"):
        desk.signed_in("editor").post(f"/desk/{SLUG}/rules", data={"persons": persons})
    assert [row["details"] for row in acts(desk)] == ['{"before":2,"persons":1}', '{"before":1,"persons":2}']


def test_the_same_form_sent_twice_is_one_act(desk: Desk):
    for _ in range(2):
        assert key(desk, "editor", a_form(key="k"), action="alone") == "declared"
    assert told(desk) == [("declared alone", "editor", NORTH)]


def test_a_second_check_that_agrees_is_alone_nowhere(desk: Desk):
    assert key(desk, "keyer", a_form()) == "waiting"
    assert key(desk, "checker", a_form()) == "declared"
    assert told(desk) == [("keyed", "keyer", NORTH)]
    assert desk.signed_in("editor").get("/desk/audit?alone=1").text.count("<tr") == 0


def test_downloading_the_audit_is_audited(desk: Desk):
    desk.signed_in("checker").get("/desk/audit.csv?kind=note")
    page = desk.signed_in("editor").get("/desk/audit").text
    assert "Audit downloaded" in page
    assert "kind=note" in page


def test_commands_are_audited_by_who_runs_them(tmp_path):
    url = f"sqlite:///{tmp_path / 'night.db'}"
    for _ in range(2):
        declared("load", "elections/kent-2023", database=url)
    declared("backup", tmp_path / "copy.db", database=url)
    by = audit.at_the_command_line()
    with Store.open(url) as store, store.reading() as connection:
        found = [(row.kind, row.who, row.source, row.slug) for row in audit.rows(connection)]
    assert found == [
        ("catalogue loaded", by.who, "command line", "kent-2023"),
        ("backed up", by.who, "command line", ""),
    ]


# A flood of failures --------------------------------------------------------------------------------------------------


def test_a_flood_of_failures_is_a_few_rows_a_minute():
    now, rows = [0.0], list[Failed]()
    tallies = Tallies(clock=lambda: now[0])
    for second in range(180):
        now[0] = float(second)
        for number in range(50):
            tallies.note(f"name {second} {number}", f"192.0.2.{number}", refused=False)
        rows += tallies.due()
    rows += tallies.due(all_of_them=True)
    assert sum(row.tries for row in rows) == 180 * 50
    assert len(rows) <= 4 * (MOST_APART + 1)


def test_one_account_from_one_address_is_a_row_a_minute():
    now, told_at = [0.0], list[tuple[int, int, int]]()
    tallies = Tallies(clock=lambda: now[0])
    for second in range(121):
        now[0] = float(second)
        tallies.note("ann", "192.0.2.1", refused=second % 2 == 1)
        told_at += [(second, row.tries, row.refused) for row in tallies.due()]
    assert told_at == [(0, 1, 0), (60, 60, 30), (120, 60, 30)]
    now[0] = 180.0
    assert tallies.due() == []
    assert not tallies, "what is over is forgotten"


# Reading it -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(tmp_path_factory) -> Iterator[Desk]:
    """A desk that its tests only read from, where a few things were done."""
    folder = tmp_path_factory.mktemp("busy")
    with desk_on(prepared(folder, election=ELECTION), folder) as made:
        desk_client = made.client(address="192.0.2.7")
        made.sign_in(desk_client, "keyer")
        key(made, "keyer", a_form(ballots="1,966", rejected="66"))
        key(made, "checker", a_form(ballots="1,966", rejected="66"))
        key(made, "editor", a_form(contest="south"), ballot_id=SOUTH, action="alone")
        for persons in ("1", "2") * 30:
            made.signed_in("editor").post(f"/desk/{SLUG}/rules", data={"persons": persons})
        yield made


def lines(page: str) -> list[str]:
    return re.findall(r'<tr id="((?:entry|act)-\d+)"', page)


def test_log_and_audit_are_one_list_page_by_page(busy: Desk):
    client = busy.signed_in("checker")
    page, found = client.get("/desk/audit").text, []
    for _ in range(4):
        found += lines(page)
        older = re.search(r'href="([^"]+)">Older<', page)
        if older is None:
            break
        page = client.get(html.unescape(older[1])).text
    assert len(found) == len(set(found))
    assert [line for line in found if line.startswith("entry")] == ["entry-2", "entry-1"]
    assert len([line for line in found if line.startswith("act")]) >= 63


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=log", ["entry-2", "entry-1"]),
        ("kind=signed+in", ["act-1"]),
        ("kind=signed+in&person=KEYER", ["act-1"]),
        ("person=keyer", ["entry-1", "act-2", "act-1"]),
        ("source=192.0.2.", ["act-1"]),
        ("source=PHO", ["entry-2", "entry-1"]),
        ("source=one", []),
        ("source=%25", []),
        ("alone=1", ["act-3", "entry-2"]),
        ("alone=1&kind=ward", ["entry-2"]),
        ("alone=1&kind=signed+in", []),
        ("council=testshire&kind=desk", ["act-3", "act-2"]),
        ("to=2020-01-01", []),
        ("from=2099-01-01T00:00", []),
        ("from=2020-01-01T00:00&to=2099-12-31&kind=log", ["entry-2", "entry-1"]),
    ],
)
def test_it_is_found_by_person_kind_time_source_and_who_was_alone(busy: Desk, query: str, found: list[str]):
    response = busy.signed_in("checker").get(f"/desk/audit?{query}")
    assert response.status_code == 200
    assert lines(response.text) == found
    rows = rows_of(busy.signed_in("checker").get(f"/desk/audit.csv?{query}"))
    in_file = [f"{'entry' if row['chain'] == 'log' else 'act'}-{row['sequence']}" for row in rows]
    assert [line for line in in_file if line in found] == found


@pytest.mark.parametrize("time", ["yesterday", "2023-05-05T25:00", "0001-01-01T00:00", "9999-12-31T23:59", "\0"])
def test_a_time_that_is_none_is_said(busy: Desk, time: str):
    response = busy.signed_in("checker").get("/desk/audit", params={"from": time})
    assert response.status_code == 422
    assert "is not a time, such as 2023-05-05T02:00" in response.text
    assert busy.signed_in("checker").get("/desk/audit.csv", params={"to": time}).status_code == 422


def test_the_desk_says_who_confirmed_what_and_who_was_alone(busy: Desk):
    page = " ".join(busy.signed_in("checker").get("/desk/audit?kind=log").text.split())
    assert "<b>W08</b> confirmed by keyer<" in page
    assert page.count("audit-chip") == 1
    rows = rows_of(busy.signed_in("checker").get("/desk/audit.csv?kind=ward"))
    assert (rows[1]["confirmed"], rows[1]["alone"], rows[0]["alone"]) == ("W08 keyer", "", "yes")


def test_no_name_of_staff_is_public(busy: Desk):
    client = busy.client()
    for path in (
        f"/api/v1/elections/{SLUG}/declarations",
        f"/api/v1/elections/{SLUG}/feed.atom",
        f"/api/v1/elections/{SLUG}/export.csv",
        f"/api/v1/elections/{SLUG}/export.json",
        f"/elections/{SLUG}/councils/testshire",
        f"/elections/{SLUG}/contests/{NORTH}",
        f"/elections/{SLUG}",
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert not re.search(r"\b(keyer|checker|editor)\b", response.text), path


def test_both_chains_are_verified_at_the_desk_and_by_command(desk: Desk):
    desk.signed_in("editor").post(f"/desk/{SLUG}/rules", data={"persons": "1"})
    checker, form = desk.signed_in("checker"), {"election": SLUG}
    assert "The chain of the audit is whole" in checker.post("/desk/audit/verify", data=form).text
    url = str(desk.store.url)
    assert "The audit of 1 rows is whole." in declared("verify", database=url).stdout
    with desk.store.writing() as connection:
        connection.execute(text("DROP TRIGGER audit_is_not_updated"))
        connection.execute(text("UPDATE audit SET who = 'somebody'"))
    assert "Row 1 of the audit was altered" in checker.post("/desk/audit/verify", data=form).text
    found = declared("verify", database=url, check=False)
    assert found.returncode == 1
    assert "Row 1 of the audit was altered" in found.stderr
