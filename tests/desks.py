"""An application with a desk, in this process: an election, one account of every role, and both kinds of tokens."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.domain.election import Election
from app.main import create_app
from app.settings import Settings
from app.store import catalogue, sessions, staff, tokens
from app.store.engine import Store
from app.web.parts import Parts
from tests.builders import an_election

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
    tokens: dict[str, str] = field(default_factory=dict)

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


@contextlib.contextmanager
def a_desk(folder: Path, *, election: Election | None = None, **settings: Any) -> Iterator[Desk]:
    """Runs until the test is through; the staff are called keyer, checker and editor."""
    election = election or an_election()
    url = f"sqlite:///{folder / 'desk.db'}"
    with Store.open(url) as store:
        store.migrate()
        with store.writing() as connection:
            catalogue.save_election(connection, election, "digest")
            for role in staff.Role:
                staff.add_staff(connection, role, role, password_of(role))
            issued = {scope.value: tokens.add_token(connection, f"the {scope}", scope) for scope in tokens.Scope}
        app = create_app(Settings(database_url=url, **settings))
        with TestClient(app) as runner:
            yield Desk(app, runner, store, election, issued)
