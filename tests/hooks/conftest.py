"""Databases of either kind with an election of six councils of one ward, each of which one declaration decides."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.alerts import LOGGED
from app.store import hooks
from app.store.audit import Actor
from app.store.engine import Store
from app.store.hooks import Hook, HookWanted
from tests.builders import LAB, a_contest, a_council, an_election, votes_for
from tests.receiving import Receiver
from tests.running import Server, load
from tests.store.conftest import (
    database,
    postgres,
    postgres_template,
    postgres_url,
    sqlite_url,
    url,
)

__all__ = ["database", "postgres", "postgres_template", "postgres_url", "sqlite_url", "url"]

WARDS = {name: a_contest("north", council_id=name) for name in ("ash", "birch", "cedar", "elm", "fir", "holly")}
ELECTION = an_election(*(a_council(contest, council_id=name) for name, contest in WARDS.items()))
SLUG = ELECTION.slug

QUICK = {"hook_networks": "127.0.0.0/8", "hook_pause_seconds": 0.05, "hook_lease_seconds": 2.0}
"""Settings under which a hook here is reached, and nothing waits for long."""


def won(name: str, party: str = LAB, **fields: object) -> dict[str, object]:
    """The body with which ``party`` gains, or holds, a council."""
    contest = WARDS[name]
    votes = votes_for(contest, party)
    at = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    return {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes, "at": at, **fields}


def flip(name: str) -> str:
    return f"LAB gain {name.title()} from CON"


def added(database_url: str, where: str, kinds=LOGGED, *, ago: timedelta = timedelta(), **fields: object) -> Hook:
    """A hook that is told of ``kinds``, and was added ``ago``."""
    with Store.open(database_url) as store, store.writing() as connection:
        wanted = HookWanted(where, frozenset(kinds), **fields)
        return hooks.add(connection, wanted, by=Actor("test"), now=datetime.now(UTC) - ago)


def kept(database_url: str, hook: Hook) -> Hook:
    """What is known of it now."""
    with Store.open(database_url) as store, store.reading() as connection:
        return hooks.numbered(connection, hook.hook_id)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def night_url(url: str) -> str:
    load(url, ELECTION)
    return url


@pytest.fixture
def sqlite_night(sqlite_url: str) -> str:
    load(sqlite_url, ELECTION)
    return sqlite_url


def serving(database_url: str, token: str | None = None, **settings: object) -> Server:
    return Server(database_url, bundle=None, token=token, **{**QUICK, **settings})
