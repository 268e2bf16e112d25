"""Tokens, staff, and answers given before."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.domain.errors import UnknownElection
from app.store import idempotency, staff, tokens
from app.store.engine import Store
from app.store.errors import StaffRefused, TokenRefused
from app.store.idempotency import Remembered
from app.store.staff import Role
from app.store.tables import STAFF, TOKEN
from app.store.tokens import Scope, TokenUse


def test_a_token_is_found_by_whoever_has_it(store: Store):
    with store.writing() as connection:
        secret = tokens.add_token(connection, "feed", Scope.DECLARE)
        other = tokens.add_token(connection, "feed", Scope.KEY)
        found = tokens.find_token(connection, secret)
        assert found is not None
        assert (found.name, found.scope, found.ended(datetime.now(UTC))) == ("feed", Scope.DECLARE, "")
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
        found = tokens.find_token(connection, secret)
        assert found is not None
        assert found.ended(datetime.now(UTC)) == "was revoked"
        assert not tokens.revoke_token(connection, found.token_id)
        assert tokens.tokens(connection) == [found]


def test_a_token_ends_by_itself_at_the_moment_it_was_made_to(store: Store):
    end = datetime(2026, 5, 8, 12, tzinfo=UTC)
    with store.writing() as connection:
        secret = tokens.add_token(connection, "feed", Scope.DECLARE, expires_at=end)
        found = tokens.find_token(connection, secret)
    assert found is not None
    assert found.ended(end - timedelta(microseconds=1)) == ""
    assert found.ended(end) == "expired at 2026-05-08 12:00 +00:00"


def test_a_token_can_be_for_one_election_which_there_has_to_be(store: Store, slug: str):
    with store.writing() as connection:
        secret = tokens.add_token(connection, "feed", Scope.DECLARE, slug=slug)
        found = tokens.find_token(connection, secret)
    assert found is not None
    assert found.slug == slug
    with store.writing() as connection, pytest.raises(UnknownElection):
        tokens.add_token(connection, "feed", Scope.DECLARE, slug="atlantis")


def test_when_a_token_was_last_used_is_kept(store: Store):
    at = datetime(2026, 5, 8, 3, tzinfo=UTC)
    with store.writing() as connection:
        for name in ("first", "second", "third"):
            tokens.add_token(connection, name, Scope.DECLARE)
        noted = tokens.note_used(connection, {3: TokenUse(at, ""), 1: TokenUse(at, ""), 99: TokenUse(at, "")})
        assert [(token.token_id, token.last_used_at) for token in noted] == [(1, None), (3, None)]
        assert [token.last_used_at for token in tokens.tokens(connection)] == [at, None, at]


LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 5, 7, 22, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-05-08T12:00", "2026-05-08T12:00:00+01:00"),
        ("2026-05-08 12:00", "2026-05-08T12:00:00+01:00"),
        ("2026-05-08T12:00Z", "2026-05-08T12:00:00+00:00"),
        ("12h", "2026-05-08T11:30:15+01:00"),
        ("7 d", "2026-05-14T23:30:15+01:00"),
    ],
)
def test_when_a_token_ends_is_said_as_a_time_or_in_how_long(typed: str, at: str):
    assert tokens.expiry(typed, now=NOW, zone=LONDON).isoformat() == at


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("2026-05-07T12:00", "is over"),
        ("2026-05-08", "lacks the time of day"),
        ("tomorrow", "is no time"),
        ("0h", "is no time"),
        ("99999d", "is no time"),
        ("9999d", "ten years"),
        ("9999-12-31T23:59-23:59", "ten years"),
        ("", "is no time"),
        ("\0", "is no time"),
    ],
)
def test_any_other_end_is_refused_with_what_is_wanted(typed: str, told: str):
    with pytest.raises(TokenRefused, match=told):
        tokens.expiry(typed, now=NOW, zone=LONDON)


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
