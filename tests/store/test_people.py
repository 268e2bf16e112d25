"""Tokens, staff, and answers given before."""

import re
from hashlib import sha256

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.store import idempotency, staff, tokens
from app.store.engine import Store
from app.store.errors import StaffRefused, TokenRefused
from app.store.idempotency import Remembered
from app.store.staff import Role
from app.store.tables import STAFF, TOKEN
from app.store.tokens import Scope


def test_a_token_is_found_by_whoever_has_it(store: Store):
    with store.writing() as connection:
        secret = tokens.add_token(connection, "feed", Scope.DECLARE)
        other = tokens.add_token(connection, "feed", Scope.KEY)
        found = tokens.find_token(connection, secret)
        assert found is not None
        assert (found.name, found.scope, found.revoked_at) == ("feed", Scope.DECLARE, None)
        assert [token.scope for token in tokens.tokens(connection)] == [Scope.DECLARE, Scope.KEY]
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,}", secret)
    assert secret != other


@pytest.mark.parametrize("guess", ["", "x", "\0", "\ud800", "é" * 50])
def test_a_token_nobody_has_is_not_found(store: Store, guess: str):
    with store.writing() as connection:
        tokens.add_token(connection, "feed", Scope.DECLARE)
        assert tokens.find_token(connection, guess) is None


def test_only_the_hash_of_a_token_is_kept(store: Store):
    with store.writing() as connection:
        secret = tokens.add_token(connection, "feed", Scope.DECLARE)
        row = connection.execute(select(TOKEN)).one()
    assert row.token_hash == sha256(secret.encode()).hexdigest()
    assert secret not in map(str, row)


def test_a_revoked_token_is_worth_nothing_but_is_listed(store: Store):
    with store.writing() as connection:
        secret = tokens.add_token(connection, "feed", Scope.DECLARE)
        found = tokens.find_token(connection, secret)
        assert found is not None
        assert tokens.revoke_token(connection, found.token_id)
        assert tokens.find_token(connection, secret) is None
        assert not tokens.revoke_token(connection, found.token_id)
        [listed] = tokens.tokens(connection)
        assert listed.revoked_at is not None


def test_the_right_password_opens(store: Store):
    with store.writing() as connection:
        added = staff.add_staff(connection, "Ann", Role.CHECKER, "pässwörter")
    with store.reading() as connection:
        assert staff.check_password(connection, "Ann", "pässwörter") == added
        assert added.role is Role.CHECKER


def test_anything_else_does_not(store: Store):
    with store.writing() as connection:
        staff.add_staff(connection, "Ann", Role.KEYER, "right enough")
        for name, password in [
            ("Ann", "wrong"),
            ("An\u200bn", "right enough"),
            ("Ann" + " " * 300, "right enough"),
            ("Bob", "right enough"),
            ("Ann\0", "right enough"),
        ]:
            assert staff.check_password(connection, name, password) is None


@pytest.mark.parametrize("typed", ["ann", "ANN", " Ann ", "\uff21\uff4e\uff4e"])
def test_a_name_opens_however_it_is_typed(store: Store, typed: str):
    with store.writing() as connection:
        added = staff.add_staff(connection, "Ann", Role.KEYER, "right enough")
        assert staff.check_password(connection, typed, "right enough") == added


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ANN O’NEIL", "“Ann O’Neil” already"),
        ("\uff21nn O’Neil", "“Ann O’Neil” already"),
        ("Ann\u2003O’Neil ", "“Ann O’Neil” already"),
        ("Ann O’Nei1", "looks like the staff account “Ann O’Neil”"),
        ("\u0410nn O’Neil", "several alphabets"),
        ("Ann\u200b O’Neil", "cannot be a name"),
        ("Ann\u3164", "cannot be a name"),
        ("A" * 5000, "cannot be a name"),
    ],
)
def test_nobody_gets_a_name_that_reads_as_anothers(store: Store, name: str, told: str):
    with store.writing() as connection:
        staff.add_staff(connection, "Ann O’Neil", Role.KEYER, "right enough")
        with pytest.raises(StaffRefused, match=told):
            staff.add_staff(connection, name, Role.CHECKER, "right enough")
        assert len(staff.staff(connection)) == 1


def test_accounts_made_before_that_are_one_by_now_are_each_meant_by_their_own_name(store: Store):
    with store.writing() as connection:
        staff.add_staff(connection, "Ann", Role.KEYER, "right enough")
        [row] = [row._asdict() for row in connection.execute(select(STAFF))]
        connection.execute(insert(STAFF), {**row, "name": "\uff21nn"})
        assert [staff.named(connection, typed) for typed in ("Ann", "\uff21nn", "ann")] == ["Ann", "\uff21nn", None]


def test_passwords_are_kept_as_argon2id(sqlite_store: Store):
    with sqlite_store.writing() as connection:
        staff.add_staff(connection, "Ann", Role.KEYER, "secret enough")
        assert connection.scalar(select(STAFF.c.password_hash)).startswith("$argon2id$")


def test_an_account_that_cannot_be_is_refused(store: Store):
    with store.writing() as connection:
        staff.add_staff(connection, "Ann", Role.KEYER, "secret enough")
    for name, password, told in [
        ("Ann", "long enough", "“Ann” already"),
        (" ", "long enough", "a name"),
        ("Bob", "too short", "10 to 200"),
        ("Bob", "", "10 to 200"),
        ("Bob", "x" * 201, "10 to 200"),
    ]:
        with pytest.raises(StaffRefused, match=told), store.writing() as connection:
            staff.add_staff(connection, name, Role.EDITOR, password)
    with store.reading() as connection:
        assert [(account.name, account.role) for account in staff.staff(connection)] == [("Ann", Role.KEYER)]


def test_an_answer_is_remembered_under_its_key(store: Store, slug: str):
    with store.writing() as connection:
        assert idempotency.recall(connection, slug, "key") is None
        idempotency.remember(connection, slug, "key", body_hash="abc", status=201, answer='{"seq": 1}')
    with store.reading() as connection:
        assert idempotency.recall(connection, slug, "key") == Remembered("abc", 201, '{"seq": 1}')
        assert idempotency.recall(connection, "other", "key") is None


def test_a_key_is_used_once(store: Store, slug: str):
    for _ in range(2):
        with store.writing() as connection:
            first = idempotency.recall(connection, slug, "key") is None
            if first:
                idempotency.remember(connection, slug, "key", body_hash="abc", status=201, answer="{}")
    with pytest.raises(IntegrityError), store.writing() as connection:
        idempotency.remember(connection, slug, "key", body_hash="def", status=201, answer="{}")


@pytest.mark.parametrize("name", ["", "x\ny", "x" * 61])
def test_a_token_has_a_name_that_can_stand_in_the_log(store: Store, name: str):
    with store.writing() as connection:
        with pytest.raises(TokenRefused):
            tokens.add_token(connection, name, Scope.DECLARE)
        with pytest.raises(TokenRefused):
            tokens.add_token(connection, "feed", "everything")
        assert tokens.tokens(connection) == []
