"""An application with a desk, in this process: an election, one account of every role, and both kinds of tokens."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.domain.election import Election
from app.exercise.running import Exercise
from app.main import create_app
from app.settings import Settings
from app.store import loading, reporting, sessions, staff, tokens
from app.store.engine import Store
from app.web.parts import Parts
from tests.builders import an_election
from tests.running import migrate
from tests.strictness import read_strictly

HOST = "http://testserver"
ROLES = tuple(role.value for role in staff.Role)


def password_of(name: str) -> str:
    return f"password of {name}"


@dataclass
class Desk:
    """What a test asks. Every client has cookies of its own."""

    app: FastAPI
    runner: TestClient
    store: Store
    election: Election
    tokens: dict[str, str]

    @property
    def parts(self) -> Parts:
        return self.app.state.parts

    def client(self, *, base_url: str = HOST, address: str = "testclient", **headers: str) -> TestClient:
        """Somebody who is signed out, in a browser that says where its requests come from."""
        sent = {"Origin": base_url, "Accept": "text/html,*/*;q=0.8", **headers}
        # What goes wrong in a route is answered as it would be to a browser.
        client = TestClient(
            self.app,
            base_url=base_url,
            headers=sent,
            client=(address, 50000),
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        client.event_hooks = {"response": [read_strictly]}
        # One event loop for all, as in a server.
        client.portal = self.runner.portal
        return client

    def signed_in(self, name: str, **headers: str) -> TestClient:
        """The same with a session of ``name``, as if after a login."""
        with self.store.writing() as connection:
            token = sessions.open_session(connection, name, now=datetime.now(UTC), user_agent="tests")
        client = self.client(**headers)
        client.cookies.set("declared", token)
        return client

    def sign_in(self, client: TestClient, name: str, password: str | None = None, **form: str) -> Any:
        """What the login answers."""
        fields = {"name": name, "password": password_of(name) if password is None else password, **form}
        return client.post("/desk/login", data=fields)


@dataclass(frozen=True)
class Prepared:
    """A database that a desk can be opened on."""

    file: Path
    election: Election
    tokens: dict[str, str]


def prepared(folder: Path, *, election: Election | None = None, is_loaded: bool = True) -> Prepared:
    """Staff called as their roles, a token of every scope, and the election, unless it is not loaded.

    The reporter reports from all of its councils.
    """
    election, file = election or an_election(), folder / "desk.db"
    migrate(f"sqlite:///{file}")
    with Store.open(f"sqlite:///{file}") as store, store.writing() as connection:
        if is_loaded:
            loading.save_election(connection, election, "digest")
        for role in staff.Role:
            staff.add_staff(connection, role, role, password_of(role))
        if is_loaded:
            reporting.set_councils(connection, election.slug, "reporter", election.councils)
        issued = {scope.value: tokens.add_token(connection, f"the {scope}", scope) for scope in tokens.Scope}
    return Prepared(file, election, issued)


@contextlib.contextmanager
def desk_on(prepared: Prepared, folder: Path, *, exercise: Exercise | None = None, **settings: Any) -> Iterator[Desk]:
    """A desk on a copy, in ``folder``, of what was prepared; ``exercise`` is what it practises on."""
    url = f"sqlite:///{shutil.copy(prepared.file, folder / 'copy.db')}"
    app = create_app(Settings(database_url=url, **settings), exercise)
    with Store.open(url) as store, TestClient(app) as runner:
        runner.event_hooks = {"response": [read_strictly]}
        yield Desk(app, runner, store, prepared.election, prepared.tokens)


@contextlib.contextmanager
def a_desk(folder: Path, *, is_loaded: bool = True, **settings: Any) -> Iterator[Desk]:
    """One that is prepared and opened in ``folder``."""
    with desk_on(prepared(folder, is_loaded=is_loaded), folder, **settings) as desk:
        yield desk
