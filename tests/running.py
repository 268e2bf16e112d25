"""Real processes for tests: the command, and a server that can be stopped, killed and started again."""

import atexit
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Self

import httpx2

from app.bundles.reading import read_bundle
from app.domain.election import Election
from app.store import loading, tokens
from app.store.engine import Store
from tests.strictness import strict_client

PROJECT = Path(__file__).resolve().parent.parent
KENT = PROJECT / "elections" / "kent-2023"
DECLARED = [sys.executable, "-m", "app"]
STREAMS = ("stdin", "stdout", "stderr")
WITH_TEMPLATES = """
from pathlib import Path
from app.process import folders
folders.TEMPLATES = Path("{}")
from app.commands.cli import main
main()
"""
PATIENCE = 180.0


def start_anew(
    *arguments: object,
    env: Mapping[str, str] = os.environ,
    piped: Collection[str] = ("stderr",),
    descriptors: int | None = None,
    program: Sequence[str] = DECLARED,
) -> Any:
    """The command as a process of its own; nobody hears those of its streams that are not ``piped``.

    ``descriptors`` is the most that it may have open, if that is to be other than here.
    """
    limited = ["sh", "-c", 'ulimit -n "$0" && exec "$@"', str(descriptors)]
    streams: dict[str, Any] = {name: subprocess.PIPE if name in piped else subprocess.DEVNULL for name in STREAMS}
    return subprocess.Popen(
        [*(limited if descriptors is not None else []), *program, *map(str, arguments)],
        cwd=PROJECT,
        env={**env, "PYTHONUNBUFFERED": "1"},
        text=True,
        **streams,
    )


start = start_anew
"""Tests have theirs forked from one that has loaded the program already: ``tests/conftest.py``."""


def declared(*arguments: object, database: str | None = None, stdin: str = "", check: bool = True) -> Any:
    """Run the command to its end; its stdout, stderr and returncode."""
    environment = dict(os.environ)
    if database is not None:
        environment["DECLARED_DATABASE_URL"] = database
    process = start(*arguments, env=environment, piped=STREAMS)
    out, err = process.communicate(stdin, timeout=300)
    done = subprocess.CompletedProcess([*map(str, arguments)], process.wait(), out, err)
    if check and done.returncode:
        raise AssertionError(f"declared {arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def migrate(database: str) -> None:
    """Bring ``database`` up to date; one that is a file to come is a copy of what that came to before."""
    if (file := _to_come(database)) is not None:
        shutil.copy(_migrated(), file)
        return
    with Store.open(database) as store:
        store.migrate()


def load(database: str, election: Election) -> None:
    """What ``declared load`` does, for an election that is not in files."""
    migrate(database)
    with Store.open(database) as store, store.writing() as connection:
        loading.save_election(connection, election, "generated")


def _prepare(database: str, bundle: Path | None) -> str:
    """Load ``bundle``, and make a token: that. In this process, as a command of its own takes a second to load."""
    migrate(database)
    with Store.open(database) as store, store.writing() as connection:
        if bundle is not None:
            read = read_bundle(bundle)
            loading.save_election(connection, read.election, read.digest)
        return tokens.add_token(connection, "tests", tokens.Scope.DECLARE)


def _to_come(database: str) -> Path | None:
    """The file of a SQLite database that there is not yet."""
    file = Path(database.removeprefix("sqlite:///"))
    return file if database.startswith("sqlite:") and not file.exists() else None


@cache
def _migrated() -> Path:
    """A database file with tables and nothing in them: made once a process."""
    file = _folder() / "migrated.db"
    with Store.open(f"sqlite:///{file}") as store:
        store.migrate()
    return file


@cache
def _prepared(bundle: Path | None) -> tuple[Path, str]:
    """A database file that is prepared, and its token: made once a process."""
    file = _folder() / "prepared.db"
    return file, _prepare(f"sqlite:///{file}", bundle)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="declared-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Server:
    """``declared serve`` in a process of its own, on a free port that it keeps over restarts."""

    def __init__(
        self,
        database: str,
        *,
        bundle: Path | None = KENT,
        token: str | None = None,
        descriptors: int | None = None,
        templates: Path | None = None,
        **settings: Any,
    ) -> None:
        """``database`` gets ``bundle`` and a token, unless there is a ``token`` in it already.

        ``descriptors`` is the most that it may have open, if that is to be other than here; ``templates`` take the
        place of the house's.
        """
        self.database = database
        self.settings = settings
        self._descriptors = descriptors
        self._templates = templates
        self.port = 0
        self.url = ""
        self.errors: list[str] = []
        self._process: Any = None
        if token is not None:
            self.token = token
        elif (file := _to_come(database)) is not None:
            prepared, self.token = _prepared(bundle)
            shutil.copy(prepared, file)
        else:
            self.token = _prepare(database, bundle)

    def start(self) -> "Server":
        options = [
            f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}")
            for name, value in self.settings.items()
        ]
        environment = {**os.environ, "DECLARED_DATABASE_URL": self.database}
        begin = start
        if self._templates is not None:
            begin = partial(start_anew, program=[sys.executable, "-c", WITH_TEMPLATES.format(self._templates)])
        self._process = begin("serve", "--port", self.port, *options, env=environment, descriptors=self._descriptors)
        ready = threading.Event()
        self._listener = threading.Thread(target=self._listen, args=(self._process, ready), daemon=True)
        self._listener.start()
        if not ready.wait(PATIENCE) or self._process.poll() is not None:
            raise AssertionError("The server did not start:\n" + "".join(self.errors))
        return self

    def _listen(self, process: Any, ready: threading.Event) -> None:
        with process.stderr as errors:
            for line in errors:
                self.errors.append(line)
                if found := re.search(r" at (http://\S+:(\d+))/", line):
                    self.url, self.port = found[1], int(found[2])
                    ready.set()
        ready.set()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> int:
        """SIGTERM, and wait; the exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """``kill -9``."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)
        code: int = self._process.wait(30)
        self._listener.join()
        return code

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def client(self) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return strict_client(self.url, headers=headers)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_running:
            self.stop()


def a_part_of_kent(folder: Path, *councils: str) -> Path:
    """A bundle in ``folder`` with these councils of Kent, and their part of the night: for what renders all of it."""
    bundle = folder / "part"
    bundle.mkdir()
    others = {line.split(",")[0] for line in _lines("councils.csv")[1:]} - set(councils)
    elsewhere = re.compile(rf"(?:^|\.)(?:{'|'.join(map(re.escape, others))})[.,]")
    for file in KENT.iterdir():
        kept = "".join(line for line in _lines(file.name) if not elsewhere.search(line))
        (bundle / file.name).write_text(kept, "utf-8")
    return bundle


def _lines(name: str) -> list[str]:
    return (KENT / name).read_text("utf-8").splitlines(keepends=True)


def until(holds: Callable[[], bool], what: str) -> None:
    """Return once it ``holds``; AssertionError with ``what`` was waited for."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"not in {PATIENCE:.0f} s: {what}"
        time.sleep(0.1)


def post(
    client: httpx2.Client, body: Mapping[str, Any], *, slug: str = "kent-2023", key: str | None = None
) -> httpx2.Response:
    """Post a declaration as it is."""
    headers = {"Idempotency-Key": key} if key is not None else {}
    return client.post(f"/api/v1/elections/{slug}/declarations", json=dict(body), headers=headers)


def declare(
    client: httpx2.Client, body: Mapping[str, Any], *, slug: str = "kent-2023", key: str | None = None
) -> dict[str, Any]:
    """Post a declaration and confirm what has to be confirmed; what a 201 says."""
    response = post(client, body, slug=slug, key=key)
    if response.status_code == 422:
        codes = [error["code"] for error in response.json()["errors"]]
        if codes and all(code.startswith("W") for code in codes):
            response = post(client, {**body, "confirm": codes}, slug=slug, key=key)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer
