"""What a token opens, for how long, and what whoever posts with another one is told."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.store import audit, tokens
from app.store.audit import Kind
from app.store.tables import TOKEN
from app.store.tokens import Scope
from tests.desks import Desk, Prepared, desk_on, prepared


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def desk(database: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(database, tmp_path) as made:
        yield made


def post(desk: Desk, secret: str, *, slug: str | None = None) -> Any:
    client = desk.client(Authorization=f"Bearer {secret}", Accept="*/*")
    address = f"/api/v1/elections/{slug or desk.election.slug}/declarations"
    return client.post(address, json={"kind": "note", "text": "Good evening"})


def a_token(desk: Desk, **options: Any) -> str:
    with desk.store.writing() as connection:
        return tokens.add_token(connection, "feed", Scope.DECLARE, **options)


def listed(desk: Desk, name: str) -> tokens.Token:
    with desk.store.reading() as connection:
        return next(token for token in tokens.tokens(connection) if token.name == name)


def test_a_token_of_one_election_opens_no_other(desk: Desk) -> None:
    secret = a_token(desk, slug=desk.election.slug)
    assert post(desk, secret).status_code == 201
    refused = post(desk, secret, slug="another")
    assert refused.status_code == 403
    assert refused.json()["detail"] == f"This token is for the election “{desk.election.slug}”, and not for “another”."


def test_a_token_that_is_known_ends_at_its_moment_all_the_same(desk: Desk) -> None:
    secret = a_token(desk, expires_at=datetime.now(UTC) + timedelta(days=1))
    assert post(desk, secret).status_code == 201
    # Known for longer than it is in force: only its own moment can end it.
    desk.parts.tokens.clock = lambda: 0.0
    desk.parts.tokens.forget()
    with desk.store.writing() as connection:
        past = (datetime.now(UTC) + timedelta(milliseconds=300)).isoformat()
        connection.execute(update(TOKEN).where(TOKEN.c.name == "feed").values(expires_at=past))
    answers = [post(desk, secret)]
    while answers[-1].status_code == 201:
        answers.append(post(desk, secret))
    assert len(desk.parts.tokens) == 1, "it was known all the while"
    assert answers[-1].status_code == 401
    assert re.search(r"This token expired at \d{4}-\d\d-\d\d \d\d:\d\d \+00:00;", answers[-1].json()["detail"])
    assert answers[-1].headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_token_that_was_revoked_and_one_that_never_was_are_told_apart(desk: Desk) -> None:
    secret = a_token(desk)
    with desk.store.writing() as connection:
        tokens.revoke_token(connection, listed(desk, "feed").token_id)
    for token, told in ((secret, "was revoked"), ("x" * 43, "is not known")):
        refused = post(desk, token)
        assert refused.status_code == 401
        assert f"This token {told};" in refused.json()["detail"]


def test_when_a_token_was_last_used_is_written_once_for_many_posts(desk: Desk) -> None:
    began = datetime.now(UTC)
    secret = a_token(desk)
    for _ in range(5):
        assert post(desk, secret).status_code == 201
    first = listed(desk, "feed").last_used_at
    assert first is not None
    assert first >= began
    assert post(desk, secret).status_code == 201
    assert listed(desk, "feed").last_used_at == first, "not a write for every post"
    desk.client().portal.call(desk.parts.token_uses.close)
    assert post(desk, desk.tokens["declare"]).status_code == 201
    later = listed(desk, "feed").last_used_at
    assert later is not None
    assert later > first, "what was not written yet is, when the server stops"
    with desk.store.reading() as connection:
        used = [(row.kind, row.who, row.source) for row in audit.rows(connection)]
    assert used == [
        (Kind.TOKEN_FIRST_USED, "token:feed", "testclient"),
        (Kind.TOKEN_FIRST_USED, "token:the declare", "testclient"),
    ]


def test_the_desk_makes_tokens_for_one_election_that_end(desk: Desk) -> None:
    editor = desk.signed_in("editor")
    form = {"name": "feed", "scope": "declare", "election": desk.election.slug, "expires": "2036-05-08T12:00"}
    made = editor.post("/desk/tokens", data=form)
    found = re.search(r'class="desk-secret">([^<]+)<', made.text)
    assert found is not None
    secret = html.unescape(found[1])
    token = listed(desk, "feed")
    assert (token.slug, token.expires_at) == (desk.election.slug, datetime(2036, 5, 8, 11, tzinfo=UTC))
    assert post(desk, secret).status_code == 201
    page = editor.get("/desk/tokens").text
    assert "8 May 2036, 12:00 BST" in page
    assert f'<td data-label="Election">{html.escape(desk.election.name)}</td>' in page
    assert '<td data-label="Last used"><time' in page
    with desk.store.reading() as connection:
        [row] = [row for row in audit.rows(connection) if row.kind == Kind.TOKEN_MADE]
    assert (row.who, row.source, row.subject, row.slug) == ("editor", "testclient", "token:feed", desk.election.slug)
    assert row.details == {"id": token.token_id, "scope": "declare", "expires": "2036-05-08T12:00:00+01:00"}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"expires": "soon"}, "“soon” is no time."),
        ({"expires": "2020-01-01T12:00"}, "2020-01-01 12:00 +00:00 is over."),
        ({"election": "atlantis"}, "There is no election “atlantis”."),
        ({"election": "atlantis", "expires": "7d"}, "There is no election “atlantis”."),
    ],
)
def test_what_was_typed_for_a_token_that_cannot_be_is_given_back(desk: Desk, typed: dict[str, str], told: str) -> None:
    editor = desk.signed_in("editor")
    refused = editor.post("/desk/tokens", data={"name": "the feed", "scope": "declare", **typed})
    assert refused.status_code == 422
    assert told in html.unescape(refused.text)
    assert 'value="the feed"' in refused.text
    assert 'value="declare" checked' in refused.text
    assert typed.get("expires", "") in refused.text


def test_what_editors_do_to_accounts_is_audited_with_who_and_from_where(desk: Desk) -> None:
    editor = desk.signed_in("editor")
    editor.post("/desk/staff", data={"name": "Zoe", "role": "keyer", "password": "long enough for her"})
    editor.post("/desk/staff/Zoe/role", data={"role": "checker"})
    editor.post("/desk/staff/Zoe/password", data={"password": "another that is long"})
    editor.post("/desk/staff/Zoe/disable")
    editor.post("/desk/staff/Zoe/enable")
    with desk.store.reading() as connection:
        rows = audit.rows(connection)
    assert {(row.who, row.source, row.subject) for row in rows} == {("editor", "testclient", "Zoe")}
    assert [row.kind for row in rows] == [
        Kind.ACCOUNT_MADE,
        Kind.ROLE_CHANGED,
        Kind.PASSWORD_CHANGED,
        Kind.ACCOUNT_DISABLED,
        Kind.ACCOUNT_ENABLED,
    ]
