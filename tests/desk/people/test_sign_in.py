"""Who gets to the desk, what its people look after there, and the log as who did what."""

import asyncio
import csv
import html
import io
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from app.store import sessions, staff
from app.store.tables import SESSION
from app.web.signing_in.access import local_page
from app.web.signing_in.logins import Logins, TooManyTries, network
from tests.desks import Desk, Prepared, a_desk, desk_on, password_of, prepared
from tests.store.logs import BALLOT_ID, a_body, declare

FETCH = {"Accept": "*/*", "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def desk(database: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(database, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def audited(tmp_path_factory) -> Iterator[Desk]:
    """A desk that its tests only read from, with a log of 60 entries."""
    with a_desk(tmp_path_factory.mktemp("audited")) as made:
        with made.store.writing() as connection:
            for _ in range(56):
                declare(connection, made.election.slug, author="token:feed")
            source = "=cmd(), by phone"
            declare(connection, made.election.slug, body=a_body(source=source), author="keyer", checker="checker")
            correction = {**a_body(), "kind": "correction", "replaces": 57, "reason": "two figures were exchanged"}
            declare(connection, made.election.slug, body=correction, about="ward", ballot_id=BALLOT_ID, author="editor")
            declare(
                connection, made.election.slug, body={"kind": "note", "text": "<b>Good</b> evening"}, author="editor"
            )
            withdrawal = {"kind": "withdrawal", "replaces": 3, "reason": "wrong ward"}
            declare(connection, made.election.slug, body=withdrawal, about="ward", ballot_id=BALLOT_ID, author="editor")
        yield made


def secret_in(page: str) -> str:
    found = re.search(r'class="desk-secret">([^<]+)<', page)
    assert found is not None
    return html.unescape(found[1])


def end(desk: Desk, name: str) -> None:
    """Lets every session of ``name`` run out."""
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    with desk.store.writing() as connection:
        connection.execute(update(SESSION).where(SESSION.c.staff_name == name).values(expires_at=past))


# Signed out -----------------------------------------------------------------------------------------------------------


def test_a_page_leads_to_the_login_and_the_login_back_to_it(desk: Desk):
    client = desk.client()
    sent = client.get("/desk/audit?kind=note&person=Ann")
    assert sent.status_code == 303
    login = sent.headers["location"]
    assert login == "/desk/login?next=/desk/audit%3Fkind%3Dnote%26person%3DAnn"
    assert 'name="next" value="/desk/audit?kind=note&amp;person=Ann"' in client.get(login).text
    done = desk.sign_in(client, "checker", next="/desk/audit?kind=note&person=Ann")
    assert (done.status_code, done.headers["location"]) == (303, "/desk/audit?kind=note&person=Ann")
    assert client.get("/desk/audit").status_code == 200
    assert client.get(login).headers["location"] == "/desk/audit?kind=note&person=Ann"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/desk",
        "//example.org/desk",
        "/\\example.org",
        "/deskandmore",
        "/desk@example.org",
        "/desk/../elections",
        "/desk/%2e%2e/elections",
        "/desk/\r\nSet-Cookie: x=y",
        "/desk\\evil",
        "/desk/login",
        "javascript:alert(1)",
        "/elections/test-2023",
        "",
    ],
)
def test_a_login_leads_nowhere_else(desk: Desk, elsewhere: str):
    assert local_page(elsewhere) == "/desk"
    assert desk.sign_in(desk.client(), "keyer", next=elsewhere).headers["location"] == "/desk"


@pytest.mark.parametrize("headers", [FETCH, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_a_script_is_told_and_not_led_away(desk: Desk, headers: dict[str, str]):
    client = desk.client(**headers)
    for response in (client.get("/desk/sessions"), client.post("/desk/sessions/others/revoke")):
        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["title"] == "Unauthorized"


def test_a_form_sent_after_the_session_ran_out_says_how_to_go_on(desk: Desk):
    client = desk.signed_in("editor", Referer="http://testserver/desk/tokens")
    end(desk, "editor")
    response = client.post("/desk/tokens", data={"name": "feed", "scope": "key"})
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("text/html")
    assert 'href="/desk/login?next=/desk/tokens"' in response.text


def test_a_token_of_the_api_is_no_login(desk: Desk):
    client = desk.client(Authorization=f"Bearer {desk.tokens['declare']}")
    assert client.get("/desk/sessions").headers["location"].startswith("/desk/login")
    client.cookies.set("declared", desk.tokens["declare"])
    assert client.get("/desk/sessions").headers["location"].startswith("/desk/login")


@pytest.mark.parametrize("path", ["/desk/login", "/desk/sessions", "/desk/nowhere/at/all", "/desk/staff"])
def test_nothing_of_the_desk_is_kept_or_framed(desk: Desk, path: str):
    for client in (desk.client(), desk.signed_in("keyer"), desk.client(**FETCH)):
        response = client.get(path)
        assert response.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


# The login ------------------------------------------------------------------------------------------------------------


def test_the_cookie_is_for_http_alone_and_for_nobody_elses_requests(desk: Desk):
    cookie = desk.sign_in(desk.client(), "keyer").headers["set-cookie"]
    assert re.fullmatch(r"declared=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax", cookie)


def test_behind_tls_the_cookie_is_bound_to_it(tmp_path):
    with a_desk(tmp_path, public_url="https://results.example.org") as desk:
        client = desk.client(base_url="https://results.example.org")
        cookie = desk.sign_in(client, "keyer").headers["set-cookie"]
        assert re.fullmatch(r"__Host-declared=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax; Secure", cookie)
        assert client.get("/desk/sessions").status_code == 200
        plain = desk.client(base_url="http://testserver", Origin="https://results.example.org")
        assert "__Host-declared=" in desk.sign_in(plain, "keyer").headers["set-cookie"]


def test_every_login_is_a_new_session_and_ends_the_one_before(desk: Desk):
    client = desk.client()
    client.cookies.set("declared", "chosen-by-somebody-else", domain="testserver.local")
    desk.sign_in(client, "keyer")
    first = client.cookies["declared"]
    desk.sign_in(client, "checker")
    second = client.cookies["declared"]
    assert len({"chosen-by-somebody-else", first, second}) == 3
    with desk.store.reading() as connection:
        assert sessions.find_session(connection, first, now=datetime.now(UTC)) is None
        found = sessions.find_session(connection, second, now=datetime.now(UTC))
    assert found is not None
    assert (found.staff_name, found.role, found.address) == ("checker", staff.Role.CHECKER, "testclient")


def test_the_name_is_the_same_however_it_was_composed(desk: Desk):
    with desk.store.writing() as connection:
        staff.add_staff(connection, "Zoë", staff.Role.KEYER, "pässwörter")
    assert desk.sign_in(desk.client(), "Zoe\u0308", "pa\u0308sswo\u0308rter").status_code == 303


def test_a_wrong_password_and_an_unknown_and_a_disabled_name_are_answered_alike(desk: Desk):
    with desk.store.writing() as connection:
        staff.disable(connection, "checker", now=datetime.now(UTC))
    tries = {"keyer": "wrong", "nobody": "wrong", "checker": password_of("checker"), "n\0body": "wrong"}
    answers = [desk.sign_in(desk.client(), name, password) for name, password in tries.items()]
    pages = {answer.text.replace(name.replace("\0", ""), "NAME") for name, answer in zip(tries, answers, strict=True)}
    assert {answer.status_code for answer in answers} == {401}
    assert len({page.replace("nbody", "NAME") for page in pages}) == 1
    assert "do not belong together" in pages.pop()
    assert not any("set-cookie" in answer.headers for answer in answers)


def test_an_unknown_name_costs_a_hash_too(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    hashed: list[str] = []

    class Counting:
        def hash(self, password: str) -> str:
            hashed.append("unknown")
            return ""

        def verify(self, password: str, kept: str) -> bool:
            hashed.append("known")
            return False

    monkeypatch.setattr(staff, "_hasher", Counting)
    desk.sign_in(desk.client(), "keyer", "x")
    desk.sign_in(desk.client(), "nobody", "x")
    assert hashed == ["known", "unknown"]


def test_an_empty_form_is_no_try(desk: Desk):
    client = desk.client()
    assert {desk.sign_in(client, "", "").status_code for _ in range(25)} == {422}
    assert desk.sign_in(client, "keyer").status_code == 303


def test_signing_out_ends_the_session_in_the_database(desk: Desk):
    client = desk.client()
    desk.sign_in(client, "keyer")
    token = client.cookies["declared"]
    response = client.post("/desk/logout")
    assert response.headers["location"] == "/desk/login"
    assert "Max-Age=0" in response.headers["set-cookie"]
    client.cookies.set("declared", token)
    assert client.get("/desk/sessions").status_code == 303


def test_a_session_runs_out(desk: Desk):
    client = desk.signed_in("keyer")
    assert client.get("/desk/sessions").status_code == 200
    end(desk, "keyer")
    assert client.get("/desk/sessions").status_code == 303


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=" + b"x" * 70_000, 413),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1&" * 2_000, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=%ff%fe", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"\xff", 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=%00&password=%00", 422),
    ],
)
def test_a_form_that_is_none_is_refused(desk: Desk, headers: dict[str, str], body: bytes, status: int):
    assert desk.client(**headers).post("/desk/login", content=body).status_code == status


# How often ------------------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


@pytest.fixture
def clock(desk: Desk) -> Clock:
    desk.parts.logins.clock = clock = Clock()
    return clock


def test_the_sixth_try_of_an_account_in_a_minute_waits(desk: Desk, clock: Clock):
    client = desk.client()
    for _ in range(5):
        assert desk.sign_in(client, "keyer", "wrong").status_code == 401
        clock.now += 2
    refused = desk.sign_in(client, "keyer", next="/desk/sessions")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "50"
    assert "Try again in 50 seconds" in refused.text
    assert 'value="/desk/sessions"' in refused.text
    assert desk.sign_in(client, "checker").status_code == 303
    clock.now += 50
    assert desk.sign_in(client, "keyer").status_code == 303


def test_a_name_that_nobody_has_is_limited_the_same_way(desk: Desk, clock: Clock):
    answers = [desk.sign_in(desk.client(), "nobody", "wrong").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_an_address_has_twenty_tries_over_all_accounts(desk: Desk, clock: Clock):
    here = [desk.sign_in(desk.client(), f"guess {number}", "wrong").status_code for number in range(21)]
    assert here == [401] * 20 + [429]
    assert desk.sign_in(desk.client(), "keyer").status_code == 429
    assert desk.sign_in(desk.client(address="192.0.2.7"), "keyer").status_code == 303


def test_the_right_password_is_no_failure(desk: Desk, clock: Clock):
    assert {desk.sign_in(desk.client(), "keyer").status_code for _ in range(25)} == {303}


def test_nobody_is_kept_out_by_guesses_from_elsewhere(desk: Desk, clock: Clock):
    assert desk.sign_in(desk.client(address="192.0.2.7"), "editor").status_code == 303
    for _ in range(6):
        stranger = desk.sign_in(desk.client(address="198.51.100.1"), "editor", "wrong")
    assert stranger.status_code == 429
    assert desk.sign_in(desk.client(address="192.0.2.7"), "editor").status_code == 303


def test_an_address_of_the_sixth_version_is_its_network():
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("192.0.2.7") == "192.0.2.7"
    assert network("") == ""


def test_two_passwords_are_hashed_at_a_time_and_no_more_than_some_wait():
    most, active, lock, go = 0, 0, threading.Lock(), threading.Event()

    def work() -> None:
        nonlocal most, active
        with lock:
            active += 1
            most = max(most, active)
        go.wait(30)
        with lock:
            active -= 1

    async def scenario() -> None:
        logins = Logins()
        waiting = [asyncio.ensure_future(logins.hash(work)) for _ in range(50)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyTries):
            await logins.hash(work)
        go.set()
        await asyncio.gather(*waiting)
        logins.close()

    asyncio.run(scenario())
    assert most <= 2


# Cross-site -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 303),
        ({"Origin": "https://testserver"}, 403),
        ({"Origin": "http://testserver:8000"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
    ],
)
def test_a_login_is_taken_from_our_own_page_alone(desk: Desk, headers: dict[str, str], status: int):
    assert desk.sign_in(desk.client(**headers), "keyer").status_code == status


def test_a_post_that_does_not_say_where_it_comes_from_is_refused(desk: Desk):
    client = desk.client()
    del client.headers["Origin"]
    assert desk.sign_in(client, "keyer").status_code == 403


# Staff ----------------------------------------------------------------------------------------------------------------


def test_an_account_is_made_with_a_password_that_is_shown_once(desk: Desk):
    editor = desk.signed_in("editor")
    made = editor.post("/desk/staff", data={"name": " Ann  O’Neil ", "role": "checker", "password": ""})
    assert made.status_code == 200
    password = secret_in(made.text)
    assert len(password) >= 16
    assert password not in editor.get("/desk/staff").text
    client = desk.client()
    assert desk.sign_in(client, "Ann O’Neil", password).status_code == 303
    assert client.get("/desk/audit").status_code == 200
    assert "Ann O’Neil" in editor.get("/desk/staff/Ann%20O%E2%80%99Neil").text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": "keyer", "role": "keyer"}, "already"),
        ({"name": "KEYER", "role": "keyer"}, "already"),
        ({"name": "token:feed", "role": "keyer"}, "cannot be a name"),
        ({"name": "=1+1", "role": "keyer"}, "cannot be a name"),
        ({"name": "a/b", "role": "keyer"}, "cannot be a name"),
        ({"name": "x" * 41, "role": "keyer"}, "cannot be a name"),
        ({"name": "<b>", "role": "keyer"}, "cannot be a name"),
        ({"name": "  ", "role": "keyer"}, "needs a name"),
        ({"name": "Ann", "role": "boss"}, "Choose a role"),
        ({"name": "Ann"}, "Choose a role"),
        ({"name": "Ann", "role": "keyer", "password": "short"}, "10 to 200 characters"),
    ],
)
def test_an_account_that_cannot_be_is_explained(desk: Desk, form: dict[str, str], told: str):
    response = desk.signed_in("editor").post("/desk/staff", data=form)
    assert response.status_code == 422
    assert told in response.text
    with desk.store.reading() as connection:
        assert len(staff.staff(connection)) == len(staff.Role)


def test_another_role_holds_from_the_next_request_on(desk: Desk):
    client = desk.signed_in("keyer")
    assert client.get("/desk/audit").status_code == 403
    assert desk.signed_in("editor").post("/desk/staff/keyer/role", data={"role": "checker"}).status_code == 303
    assert client.get("/desk/audit").status_code == 200


def test_a_new_password_ends_the_sessions_of_the_old_one(desk: Desk):
    editor, client = desk.signed_in("editor"), desk.signed_in("keyer")
    answer = editor.post("/desk/staff/keyer/password", data={"password": ""})
    assert client.get("/desk/sessions").status_code == 303
    assert desk.sign_in(client, "keyer").status_code == 401
    assert desk.sign_in(client, "keyer", secret_in(answer.text)).status_code == 303
    own = editor.post("/desk/staff/editor/password", data={"password": "a better one"})
    assert own.headers["location"] == "/desk/staff/editor"
    assert editor.get("/desk/staff").status_code == 200


def test_who_is_disabled_is_out_at_once_and_can_be_let_in_again(desk: Desk):
    editor, client = desk.signed_in("editor"), desk.signed_in("keyer")
    assert editor.post("/desk/staff/keyer/disable").status_code == 303
    assert client.get("/desk/sessions").status_code == 303
    assert desk.sign_in(client, "keyer").status_code == 401
    assert "disabled" in editor.get("/desk/staff").text
    assert editor.post("/desk/staff/keyer/enable").status_code == 303
    assert client.get("/desk/sessions").status_code == 303
    assert desk.sign_in(client, "keyer").status_code == 303


@pytest.mark.parametrize(("path", "form"), [("role", {"role": "checker"}), ("disable", {})])
def test_there_is_always_an_editor(desk: Desk, path: str, form: dict[str, str]):
    editor = desk.signed_in("editor")
    refused = editor.post(f"/desk/staff/editor/{path}", data=form)
    assert refused.status_code == 422
    assert "last editor" in refused.text
    assert editor.get("/desk/staff").status_code == 200
    editor.post("/desk/staff/checker/role", data={"role": "editor"})
    assert editor.post(f"/desk/staff/editor/{path}", data=form).status_code == 303


def test_an_account_that_there_is_not(desk: Desk):
    editor = desk.signed_in("editor")
    assert editor.get("/desk/staff/n%00body").status_code == 404
    for path in ("role", "password", "disable", "enable"):
        assert editor.post(f"/desk/staff/nobody/{path}", data={"role": "keyer"}).status_code == 404


# Tokens ---------------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_worth_nothing_once_revoked(desk: Desk):
    editor = desk.signed_in("editor")
    secret = secret_in(editor.post("/desk/tokens", data={"name": "counting feed", "scope": "declare"}).text)
    listed = editor.get("/desk/tokens").text
    assert "counting feed" in listed
    assert secret not in listed
    posting = desk.client(Authorization=f"Bearer {secret}", Accept="*/*")
    address = f"/api/v1/elections/{desk.election.slug}/declarations"
    assert posting.post(address, json={"kind": "note", "text": "Good evening"}).status_code == 201
    assert editor.post("/desk/tokens/3/revoke").status_code == 303
    assert posting.post(address, json={"kind": "note", "text": "Good evening"}).status_code == 401
    assert editor.post("/desk/tokens/3/revoke").status_code == 404


@pytest.mark.parametrize("form", [{"name": "", "scope": "key"}, {"name": "x" * 61, "scope": "key"}, {"name": "feed"}])
def test_a_token_for_nobody_is_not_made(desk: Desk, form: dict[str, str]):
    assert desk.signed_in("editor").post("/desk/tokens", data=form).status_code == 422


# Sessions -------------------------------------------------------------------------------------------------------------


def sessions_of(desk: Desk, name: str) -> list[int]:
    with desk.store.reading() as connection:
        listed = sessions.sessions(connection, now=datetime.now(UTC), staff_name=name)
    return [session.session_id for session in listed]


def test_everybody_sees_their_own_sessions_and_editors_all(desk: Desk):
    keyer, editor = desk.signed_in("keyer"), desk.signed_in("editor")
    [of_editor] = sessions_of(desk, "editor")
    assert "editor</span></th>" not in keyer.get("/desk/sessions").text
    assert keyer.post(f"/desk/sessions/{of_editor}/revoke").status_code == 404
    assert "keyer</span></th>" in editor.get("/desk/sessions").text
    [of_keyer] = sessions_of(desk, "keyer")
    assert editor.post(f"/desk/sessions/{of_keyer}/revoke").status_code == 303
    assert keyer.get("/desk/sessions").status_code == 303


def test_one_can_sign_oneself_out_everywhere_else(desk: Desk):
    here, there, other = desk.signed_in("keyer"), desk.signed_in("keyer"), desk.signed_in("checker")
    assert here.post("/desk/sessions/others/revoke").status_code == 303
    assert [client.get("/desk/sessions").status_code for client in (here, there, other)] == [200, 303, 200]


def test_that_a_session_is_used_is_noted_once_a_minute(desk: Desk):
    client = desk.signed_in("keyer")
    [session_id] = sessions_of(desk, "keyer")
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    with desk.store.writing() as connection:
        sessions.note_seen(connection, session_id, now=long_ago)
    client.get("/desk/sessions")
    # Whatever is written now is written after it.
    desk.parts.declaring.writer.submit(lambda connection: None).result(30)
    with desk.store.reading() as connection:
        [session] = sessions.sessions(connection, now=datetime.now(UTC), staff_name="keyer")
    assert session.last_seen_at > long_ago + timedelta(minutes=4)


# The audit ------------------------------------------------------------------------------------------------------------


def shown(page: str) -> list[int]:
    return [int(seq) for seq in re.findall(r'id="entry-(\d+)"', page)]


def test_the_log_is_shown_newest_first_page_by_page(audited: Desk):
    client = audited.signed_in("checker")
    first = client.get("/desk/audit")
    assert shown(first.text) == list(range(60, 10, -1))
    older = re.search(r'href="([^"]+)">Older<', first.text)
    assert older is not None
    second = client.get(html.unescape(older[1]))
    assert shown(second.text) == list(range(10, 0, -1))
    assert "Older<" not in second.text
    assert "60 entries" in first.text


def test_every_entry_names_who_keyed_who_checked_and_the_source(audited: Desk):
    page = audited.signed_in("editor").get("/desk/audit?person=checker").text
    assert shown(page) == [57]
    cells = re.findall(r'<td data-label="([^"]+)">(.*?)</td>', page, re.DOTALL)
    assert [(label, cell.strip()) for label, cell in cells] == [
        ("Keyed by", "keyer"),
        ("Checked by", "checker"),
        ("Source", "=cmd(), by phone"),
    ]
    for told in ("02:20:02", "5 May 2023", "announced", "02:20 BST", "replaced by 58", "LAB 1 of north, LAB", "1,000"):
        assert told in page
    everything = audited.signed_in("editor").get("/desk/audit").text
    assert "&lt;b&gt;Good&lt;/b&gt; evening" in everything
    assert "<b>Good</b>" not in everything
    assert 'feed <span class="muted">token</span>' in everything


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person=keyer", [57]),
        ("person=editor", [60, 59, 58]),
        ("kind=correction", [58]),
        ("kind=note&person=editor", [59]),
        ("kind=note&person=keyer", []),
        ("kind=nonsense", []),
        ("council=testshire&before=3", [2, 1]),
        ("council=nowhere", []),
        ("person=%00", [60, 59, 58]),
    ],
)
def test_the_log_can_be_narrowed(audited: Desk, query: str, found: list[int]):
    response = audited.signed_in("checker").get(f"/desk/audit?{query}")
    assert response.status_code == 200
    assert shown(response.text)[:3] == found[:3]


@pytest.mark.parametrize(("query", "status"), [("election=nowhere", 404), ("before=0", 422), ("before=x", 422)])
def test_a_log_that_there_is_not(audited: Desk, query: str, status: int):
    assert audited.signed_in("checker").get(f"/desk/audit?{query}").status_code == status


def test_the_spreadsheet_has_every_entry_and_no_formula(audited: Desk):
    response = audited.signed_in("checker").get("/desk/audit.csv")
    assert response.headers["content-disposition"] == 'attachment; filename="test-2023-audit.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [int(row["sequence"]) for row in rows] == list(range(60, 0, -1))
    by_seq = {int(row["sequence"]): row for row in rows}
    assert (by_seq[57]["keyed_by"], by_seq[57]["checked_by"], by_seq[57]["source"]) == (
        "keyer",
        "checker",
        "'=cmd(), by phone",
    )
    assert (by_seq[58]["replaces"], by_seq[58]["reason"]) == ("57", "two figures were exchanged")
    assert by_seq[58]["recorded_at"] == "2023-05-05T01:20:02.500000+00:00"
    assert len(by_seq[58]["hash"]) == 64
    narrowed = audited.signed_in("checker").get("/desk/audit.csv?kind=note").text
    assert len(narrowed.splitlines()) == 2


def test_a_rehearsals_audit_is_marked(tmp_path):
    with a_desk(tmp_path, rehearsal=True) as desk:
        client = desk.signed_in("editor")
        assert "rehearsal" in client.get("/desk/audit").text
        assert client.get("/desk/audit.csv").content.decode("utf-8-sig").startswith("rehearsal,")


def test_the_chain_is_verified_on_demand(desk: Desk):
    with desk.store.writing() as connection:
        for _ in range(30):
            declare(connection, desk.election.slug)
    client = desk.signed_in("checker")
    form = {"election": desk.election.slug}
    assert "The chain is whole" in client.post("/desk/audit/verify", data=form).text
    with desk.store.writing() as connection:
        connection.execute(text("UPDATE entry SET author = 'Somebody' WHERE seq > 5"))
    broken = client.post("/desk/audit/verify", data=form).text
    assert "The chain is broken: 25 faults" in broken
    assert "Entry 6 of “test-2023” was altered" in broken
    assert "… and 5 more" in broken


def test_a_desk_without_an_election(tmp_path):
    with a_desk(tmp_path, is_loaded=False) as desk:
        client = desk.signed_in("checker")
        assert "No election is loaded" in client.get("/desk/audit").text
        assert client.get("/desk/audit.csv").status_code == 404
        assert client.post("/desk/audit/verify").status_code == 404
        assert client.get("/desk/sessions").status_code == 200


def test_an_entry_that_makes_no_sense_is_shown_among_the_others(desk: Desk):
    with desk.store.writing() as connection:
        for _ in range(3):
            declare(connection, desk.election.slug)
        connection.execute(
            text("UPDATE entry SET body = 'no JSON', at = 'no time', recorded_at = 'never' WHERE seq = 2")
        )
    page = desk.signed_in("checker").get("/desk/audit")
    assert page.status_code == 200
    assert "it cannot be read" in page.text


@pytest.mark.parametrize("path", ["/desk/staff", "/desk/staff/keyer"])
def test_the_rule_of_a_password_is_told_beside_its_field(desk: Desk, path: str) -> None:
    page = desk.signed_in("editor").get(path).text
    assert f'id="password-help">{staff.PASSWORD_RULE}. Leave it empty' in page
