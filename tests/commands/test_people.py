"""``declared user`` and ``declared token``: what they do is what the desk does, and who did it is kept."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete

from app.commands.cli import main
from app.store import audit, reporting, room, sessions, staff
from app.store.audit import Actor, Kind
from app.store.engine import Store
from app.store.room import NOTHING, Covered, RowKey
from app.store.tables import TOKEN
from tests.desks import Prepared, password_of, prepared


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def store(database: Prepared, tmp_path):
    with Store.open(f"sqlite:///{shutil.copy(database.file, tmp_path / 'night.db')}") as opened:
        yield opened


@pytest.fixture
def declared(store: Store):
    def run(*arguments: str, stdin: str = "", code: int = 0) -> Result:
        environment = {"DECLARED_DATABASE_URL": f"sqlite:///{store.file}"}
        done = CliRunner().invoke(main, arguments, input=stdin, env=environment)
        assert done.exit_code == code, done.output
        return done

    return run


@pytest.fixture
def slug(database: Prepared) -> str:
    return database.election.slug


def listed(declared, of: str) -> list:
    return json.loads(declared(of, "list", "--format", "json").stdout)


def audited(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as connection:
        rows = audit.rows(connection)
    assert all(row.who.startswith("command:") and row.source == audit.COMMAND_LINE for row in rows)
    return [(row.kind, row.subject, row.slug) for row in rows]


def test_a_token_can_be_for_one_election_and_end_by_itself_and_alone_is_on_stdout(declared, store, slug) -> None:
    made = declared("token", "add", "pa", "--scope", "declare", "--election", slug, "--expires", "2036-05-08T12:00")
    assert len(made.stdout) == 44
    assert f"in {slug} with this token until 2036-05-08 12:00 +01:00" in made.stderr
    token = listed(declared, "token")[-1]
    assert (token["election"], token["expires"]) == (slug, "2036-05-08T12:00:00+01:00")
    assert (token["last_used"], token["revoked"]) == (None, None)
    assert audited(store) == [(Kind.TOKEN_MADE, "token:pa", slug)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--election", "atlantis"], "There is no election “atlantis”"),
        (["--expires", "2020-05-08T12:00"], "2020-05-08 12:00 +01:00 is over"),
        (["--expires", "soon"], "as 2026-05-08T12:00, or in how long: 12h, 7d"),
    ],
)
def test_a_token_that_cannot_be_is_not_made(declared, options: list[str], told: str) -> None:
    refused = declared("token", "add", "pa", "--scope", "key", *options, code=1)
    assert told in refused.stderr
    assert [token["name"] for token in listed(declared, "token")] == ["the declare", "the key"]


def test_a_token_is_revoked_by_name_and_of_two_that_share_it_by_id(declared, store) -> None:
    for _ in range(2):
        declared("token", "add", "pa", "--scope", "key")
    asked = declared("token", "revoke", "pa", code=1)
    assert "2 tokens called “pa”, with the ids 3, 4" in asked.stderr
    declared("token", "revoke", "--id", "4")
    assert "was revoked already" in declared("token", "revoke", "--id", "4", code=1).stderr
    assert "“pa” (id 3) is revoked" in declared("token", "revoke", "pa").stderr
    assert "was revoked already" in declared("token", "revoke", "pa", code=1).stderr
    assert "is not there" in declared("token", "revoke", "nobody", code=1).stderr
    assert "is not there" in declared("token", "revoke", "--id", "5", code=1).stderr
    declared("token", "revoke", code=2)
    declared("token", "revoke", "pa", "--id", "3", code=2)
    assert [kind for kind, *_ in audited(store)].count(Kind.TOKEN_REVOKED) == 2


def test_tokens_are_listed_in_columns_and_where_there_is_none_it_is_said_how_to_make_one(declared, store) -> None:
    head, first, second = declared("token", "list").stdout.splitlines()
    assert head.split()[:3] == ["ID", "NAME", "SCOPE"]
    column = head.index("SCOPE")
    assert (first[column:].split()[0], second[column:].split()[0]) == ("declare", "key")
    with store.writing() as connection:
        connection.execute(delete(TOKEN))
    none = declared("token", "list")
    assert none.stdout == ""
    assert "`declared token add" in none.stderr


def test_a_reset_password_ends_the_sessions_of_that_person(declared, store) -> None:
    now = datetime.now(UTC)
    with store.writing() as connection:
        for name in ("editor", "editor", "keyer"):
            sessions.open_session(connection, name, now=now)
    reset = declared("user", "reset", "editor", "--password-stdin", stdin="the second password\n")
    assert "2 sessions ended" in reset.stderr
    with store.reading() as connection:
        assert staff.check_password(connection, "editor", "the second password")
        assert [session.staff_name for session in sessions.sessions(connection, now=now)] == ["keyer"]
    assert "10 to 200" in declared("user", "reset", "editor", "--password-stdin", stdin="short\n", code=1).stderr
    nobody = declared("user", "reset", "Eve", "--password-stdin", stdin="the second password\n", code=1)
    assert "no staff account “Eve”" in nobody.stderr
    assert audited(store) == [(Kind.PASSWORD_CHANGED, "editor", "")]


@pytest.mark.parametrize("asks", [("user", "add", "Ann", "--role", "keyer"), ("user", "reset", "editor")])
def test_the_rule_of_a_password_is_told_before_one_is_chosen(declared, asks: tuple[str, ...]) -> None:
    typed = "a long password\n"
    assert f"Password ({staff.PASSWORD_RULE})" in declared(*asks, stdin=typed * 2).stderr
    assert staff.PASSWORD_RULE in " ".join(declared(*asks[:2], "--help").stdout.split())


def test_whoever_is_disabled_is_signed_out_and_the_last_editor_stays(declared, store) -> None:
    now = datetime.now(UTC)
    with store.writing() as connection:
        sessions.open_session(connection, "keyer", now=now)
    assert "1 session ended" in declared("user", "disable", "keyer").stderr
    with store.reading() as connection:
        assert sessions.sessions(connection, now=now) == []
        assert staff.check_password(connection, "keyer", password_of("keyer")) is None
    assert "the last editor" in declared("user", "disable", "editor", code=1).stderr
    declared("user", "enable", "keyer")
    with store.reading() as connection:
        assert staff.check_password(connection, "keyer", password_of("keyer"))
    assert audited(store) == [(Kind.ACCOUNT_DISABLED, "keyer", ""), (Kind.ACCOUNT_ENABLED, "keyer", "")]


def test_a_command_finds_an_account_however_its_name_is_typed(declared, store) -> None:
    declared("user", "disable", "KEYER")
    assert "keyer may sign in again" in declared("user", "enable", "Keyer").stderr
    declared("user", "reset", " ＫＥＹＥＲ", "--password-stdin", stdin="the second password\n")
    with store.reading() as connection:
        assert staff.check_password(connection, "keyer", "the second password")
    assert {name for _, name, _ in audited(store)} == {"keyer"}


def test_a_reporter_is_given_councils_and_nobody_else_is(declared, store) -> None:
    slug = "test-2023"
    assert "reporter reports from Testshire." in declared("user", "councils", "Reporter", slug, "testshire").stderr
    assert "reporter reports from no council" in declared("user", "councils", "reporter", slug).stderr
    with store.reading() as connection:
        assert reporting.councils(connection, slug, "reporter") == frozenset()
    assert "reporters alone" in declared("user", "councils", "keyer", slug, "testshire", code=1).stderr
    assert "atlantis" in declared("user", "councils", "reporter", slug, "atlantis", code=1).stderr
    assert audited(store) == [(Kind.COUNCILS_GIVEN, "reporter", slug)] * 2


def test_accounts_are_listed_by_name_with_their_sessions(declared, store) -> None:
    declared("user", "add", "Cleo", "--role", "checker", "--password-stdin", stdin="a long password\n")
    declared("user", "disable", "keyer")
    with store.writing() as connection:
        sessions.open_session(connection, "editor", now=datetime.now(UTC))
    assert [(it["name"], it["role"], it["sessions"], it["disabled"] is None) for it in listed(declared, "user")] == [
        ("checker", "checker", 0, True),
        ("Cleo", "checker", 0, True),
        ("editor", "editor", 1, True),
        ("keyer", "keyer", 0, False),
        ("reporter", "reporter", 0, True),
    ]
    shown = declared("user", "list").stdout.splitlines()
    assert shown[0].startswith("NAME")
    assert len(shown) == 6


def test_telephone_numbers_are_forgotten_when_the_night_is_over(declared, store, slug) -> None:
    council = RowKey("council", "testshire")
    with store.writing() as connection:
        kept = Covered(telephones=("01632 960001",))
        room.keep(connection, slug, council, kept, before=NOTHING, by=Actor("editor"))
    assert "numbers of 1 count are deleted" in declared("forget-telephones", slug).stderr
    with store.reading() as connection:
        assert room.covered(connection, slug)[council].telephones == ()
    assert "There is no election" in declared("forget-telephones", "nowhere", code=1).stderr
