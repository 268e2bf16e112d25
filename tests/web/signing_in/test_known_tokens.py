"""A token is looked up once a second at most, and a revoked one is worth nothing after that second."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.store import tokens
from app.store.engine import Store
from app.web.signing_in import known_tokens
from app.web.signing_in.known_tokens import SECONDS, KnownTokens
from tests.running import migrate


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'tokens.db'}"
    migrate(url)
    with Store.open(url) as opened:
        yield opened


def test_it_is_known_for_a_second_and_then_looked_up_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.writing() as connection:
        secret = tokens.add_token(connection, "wire", tokens.Scope.DECLARE)
    looked_up: list[str] = []
    find = known_tokens._look_up

    def counted(store: Store, secret: str) -> tokens.Token | None:
        looked_up.append(secret)
        return find(store, secret)

    monkeypatch.setattr(known_tokens, "_look_up", counted)
    clock = Clock()
    known = KnownTokens(clock)

    def ended() -> str | None:
        found = asyncio.run(known.find(store, secret))
        return found.ended(datetime.now(UTC)) if found else None

    assert [ended() for _ in range(5)] == [""] * 5
    assert looked_up == [secret]
    with store.writing() as connection:
        tokens.revoke_token(connection, 1)
    assert ended() == ""
    clock.now += SECONDS
    assert [ended(), ended()] == ["was revoked"] * 2
    assert len(looked_up) == 2


def test_what_is_revoked_here_is_forgotten_at_once(store: Store) -> None:
    with store.writing() as connection:
        secret = tokens.add_token(connection, "wire", tokens.Scope.DECLARE)
    known = KnownTokens(Clock())
    assert asyncio.run(known.find(store, secret))
    with store.writing() as connection:
        tokens.revoke_token(connection, 1)
    known.forget()
    found = asyncio.run(known.find(store, secret))
    assert found is not None
    assert found.ended(datetime.now(UTC)) == "was revoked"


def test_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_tokens, "MOST", 2)
    with store.writing() as connection:
        secrets = [tokens.add_token(connection, f"wire {number}", tokens.Scope.KEY) for number in range(5)]
    known = KnownTokens(Clock())
    for secret in secrets:
        assert asyncio.run(known.find(store, secret))
        assert len(known._known) <= 2
