"""Logins, and what may be done with accounts while people are signed in."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.store import sessions, staff
from app.store.engine import Store
from app.store.errors import StaffRefused
from app.store.staff import Role
from app.store.tables import SESSION, STAFF

NOW = datetime(2023, 5, 4, 22, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ann(store: Store) -> str:
    add(store, "Ann", Role.KEYER)
    return "Ann"


def add(store: Store, name: str, role: Role) -> None:
    with store.writing() as connection:
        staff.add_hashed(connection, name, role, "a hash")


def open_session(store: Store, name: str, **options) -> str:
    with store.writing() as connection:
        return sessions.open_session(connection, name, **{"now": NOW, **options})


def find(store: Store, token: str, *, after: timedelta = HOUR) -> sessions.Session | None:
    with store.reading() as connection:
        return sessions.find_session(connection, token, now=NOW + after)


def test_a_session_is_found_by_its_token_until_it_runs_out(store: Store, ann: str):
    token = open_session(store, ann, address="192.0.2.7", user_agent="Firefox")
    found = find(store, token)
    assert found is not None
    assert (found.staff_name, found.role, found.address, found.user_agent) == (
        "Ann",
        Role.KEYER,
        "192.0.2.7",
        "Firefox",
    )
    assert (found.created_at, found.last_seen_at, found.expires_at) == (NOW, NOW, NOW + 12 * HOUR)
    assert find(store, token, after=12 * HOUR - timedelta(microseconds=1)) is not None
    assert find(store, token, after=12 * HOUR) is None


def test_only_the_hash_of_a_token_is_kept_and_every_login_has_its_own(store: Store, ann: str):
    tokens = {open_session(store, ann) for _ in range(3)}
    with store.reading() as connection:
        rows = connection.execute(select(SESSION)).all()
    assert len(tokens) == 3
    assert {row.token_hash for row in rows} == {sha256(token.encode()).hexdigest() for token in tokens}
    assert not any(token in map(str, row) for row in rows for token in tokens)


@pytest.mark.parametrize("guess", ["", "x", "\0", "\ud800", "é" * 50])
def test_a_token_nobody_has_is_not_found(store: Store, ann: str, guess: str):
    open_session(store, ann)
    assert find(store, guess) is None


def test_whatever_a_browser_calls_itself_is_kept(store: Store, ann: str):
    token = open_session(store, ann, user_agent="Ünknown\0 " + "x" * 1000, address="\0")
    found = find(store, token)
    assert found is not None
    assert found.user_agent.startswith("Ünknown x")
    assert len(found.user_agent) == sessions.LONGEST_AGENT


def test_a_revoked_session_is_over(store: Store, ann: str):
    add(store, "Bob", Role.EDITOR)
    token = open_session(store, ann)
    found = find(store, token)
    assert found is not None
    with store.writing() as connection:
        assert not sessions.revoke_session(connection, found.session_id, now=NOW, staff_name="Bob")
        assert sessions.revoke_session(connection, found.session_id, now=NOW, staff_name="Ann")
        assert not sessions.revoke_session(connection, found.session_id, now=NOW)
        assert not sessions.revoke_session(connection, 2**31 - 1, now=NOW)
    assert find(store, token) is None


def test_all_but_one_can_be_revoked(store: Store, ann: str):
    add(store, "Bob", Role.EDITOR)
    kept, other, of_bob = open_session(store, ann), open_session(store, ann), open_session(store, "Bob")
    found = find(store, kept)
    assert found is not None
    with store.writing() as connection:
        assert sessions.revoke_sessions(connection, ann, now=NOW, but=found.session_id) == 1
    assert [find(store, token) is not None for token in (kept, other, of_bob)] == [True, False, True]
    with store.writing() as connection:
        assert sessions.revoke_sessions(connection, ann, now=NOW) == 1
    assert find(store, kept) is None


def test_those_that_hold_are_listed_newest_first(store: Store, ann: str):
    add(store, "Bob", Role.EDITOR)
    open_session(store, ann, now=NOW - 12 * HOUR)
    revoked = open_session(store, ann)
    for name in ("Ann", "Bob", "Ann"):
        open_session(store, name)
    with store.writing() as connection:
        found = sessions.find_session(connection, revoked, now=NOW)
        assert found is not None
        sessions.revoke_session(connection, found.session_id, now=NOW)
        listed = sessions.sessions(connection, now=NOW + HOUR)
        assert [session.staff_name for session in listed] == ["Ann", "Bob", "Ann"]
        own = sessions.sessions(connection, now=NOW + HOUR, staff_name="Ann")
        assert [session.session_id for session in own] == [listed[0].session_id, listed[2].session_id]


def test_that_a_session_is_used_is_noted(store: Store, ann: str):
    token = open_session(store, ann)
    with store.writing() as connection:
        found = sessions.find_session(connection, token, now=NOW)
        assert found is not None
        sessions.note_seen(connection, found.session_id, now=NOW + HOUR)
    found = find(store, token)
    assert found is not None
    assert found.last_seen_at == NOW + HOUR


def test_where_somebody_has_been(store: Store, ann: str):
    open_session(store, ann, address="192.0.2.7")
    with store.reading() as connection:
        assert sessions.has_been_at(connection, "Ann", "192.0.2.7")
        assert not sessions.has_been_at(connection, "Ann", "192.0.2.8")
        assert not sessions.has_been_at(connection, "Bob\0", "192.0.2.7\0")


def test_a_session_is_somebodys(store: Store, ann: str):
    with pytest.raises(IntegrityError):
        open_session(store, "nobody")
    row = {"staff_name": ann, "created_at": "", "expires_at": "", "last_seen_at": "", "user_agent": "", "address": ""}
    with pytest.raises(DatabaseError), store.writing() as connection:
        connection.execute(insert(SESSION), {**row, "token_hash": "the token itself"})


def test_the_role_is_that_of_the_moment(store: Store, ann: str):
    token = open_session(store, ann)
    with store.writing() as connection:
        add_editor = staff.add_hashed(connection, "Bob", Role.EDITOR, "a hash")
        assert add_editor.role is Role.EDITOR
        staff.set_role(connection, ann, Role.CHECKER)
    found = find(store, token)
    assert found is not None
    assert found.role is Role.CHECKER


def test_a_disabled_person_is_out_and_in_again_when_enabled(store: Store, ann: str):
    add(store, "Bob", Role.EDITOR)
    token = open_session(store, ann)
    with store.writing() as connection:
        staff.set_password(connection, ann, staff.hashed_password("right enough"))
        staff.disable(connection, ann, now=NOW)
        assert staff.check_password(connection, ann, "right enough") is None
        assert [(it.name, it.disabled_at) for it in staff.staff(connection)] == [("Ann", NOW), ("Bob", None)]
        assert sessions.sessions(connection, now=NOW) == []
    assert find(store, token) is None
    with store.writing() as connection:
        staff.enable(connection, ann)
        assert staff.check_password(connection, ann, "right enough") is not None
    assert find(store, token) is not None


def test_there_is_always_an_editor(store: Store, ann: str):
    add(store, "Bob", Role.EDITOR)
    for change in (
        lambda connection: staff.disable(connection, "Bob", now=NOW),
        lambda connection: staff.set_role(connection, "Bob", Role.CHECKER),
    ):
        with pytest.raises(StaffRefused, match="last editor"), store.writing() as connection:
            change(connection)
    add(store, "Cat", Role.EDITOR)
    with store.writing() as connection:
        staff.disable(connection, "Bob", now=NOW)
    with pytest.raises(StaffRefused, match="last editor"), store.writing() as connection:
        staff.disable(connection, "Cat", now=NOW)


def test_what_is_nobodys_cannot_be_changed(store: Store, ann: str):
    for change in (
        lambda connection: staff.set_password(connection, "nobody", "a hash"),
        lambda connection: staff.set_role(connection, "n\0body", Role.KEYER),
        lambda connection: staff.enable(connection, "ann"),
    ):
        with pytest.raises(StaffRefused, match="no staff account"), store.writing() as connection:
            change(connection)


@pytest.mark.parametrize(
    "name", ["Ann Marsh", "O’Neil", "d'Arcy", "J. P. Smith-Jones", "Zoë", "Łukasz", "李雷", "keyer_2"]
)
def test_people_have_many_names(store: Store, name: str):
    with store.writing() as connection:
        assert staff.add_hashed(connection, f"  {name} ", Role.KEYER, "a hash").name == name
        assert connection.scalar(select(STAFF.c.name)) == name


@pytest.mark.parametrize(
    "name", ["token:feed", "=1+1", "-x", "@x", "2pac", "a/b", "a\0b", "a<b", "a\u202eb", "Ann,", "a" * 41, "%", "."]
)
def test_but_not_every_text_is_one(store: Store, name: str):
    with pytest.raises(StaffRefused, match="cannot be a name"), store.writing() as connection:
        staff.add_hashed(connection, name, Role.KEYER, "a hash")


@pytest.mark.parametrize("name", ["ann", "ANN", "  Ann"])
def test_a_namesake_is_refused(store: Store, ann: str, name: str):
    with pytest.raises(StaffRefused, match="“Ann” already"), store.writing() as connection:
        staff.add_hashed(connection, name, Role.CHECKER, "a hash")


@pytest.mark.parametrize("columns", [{"expires_at": "tomorrow"}, {"last_seen_at": ""}])
def test_a_login_that_makes_no_sense_is_none_and_hides_no_other(store: Store, ann: str, columns):
    token, other = open_session(store, ann), open_session(store, ann)
    with store.writing() as connection:
        connection.execute(update(SESSION).where(SESSION.c.id == 1).values(columns))
    assert find(store, token) is None
    assert find(store, other) is not None
    with store.reading() as connection:
        assert [it.session_id for it in sessions.sessions(connection, now=NOW + HOUR)] == [2]
