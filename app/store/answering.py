"""PostgreSQL connections that do not wait for ever.

A firewall that drops packets and a machine that loses its power close nothing: whoever waits for an answer waits until
the kernel gives up, after a quarter of an hour. The kernel is told to give up sooner, and we do not rely on it, as a
proxy in between may still be alive and answer it.
"""

import time
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL, Engine, event

T = TypeVar("T")

CONNECT_SECONDS = 2
PING_SECONDS = 2.0
"""For the first answer of a connection that was at rest, which is only asked whether it is still there."""
SPARED_SECONDS = 1.0
"""Once connecting has taken too long, nobody tries for so long."""

_KEPT_ALIVE: Mapping[str, int] = {
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 6000,
}
"""By these the kernel ends a connection without another end, in 9 seconds at most."""


def kept_alive(url: URL) -> dict[str, Any]:
    """Libpq's parameters that every connection to ``url`` has, but those that it gives itself."""
    return {name: value for name, value in _KEPT_ALIVE.items() if name not in url.query}


class NoAnswer(psycopg.OperationalError):
    """A connection fell silent. What was asked last may have happened, or may still happen."""

    is_silence = True


class AnsweringConnection(psycopg.Connection[Any]):
    """A connection that is closed, with NoAnswer, when no answer has come for ``patience`` seconds."""

    patience = PING_SECONDS
    is_rested = False

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        seconds = min(self.patience, PING_SECONDS) if self.is_rested else self.patience
        deadline = time.monotonic() + seconds
        try:
            answer = super().wait(gen, interval, seconds)
        except psycopg.OperationalError as error:
            if time.monotonic() < deadline:
                raise
            self.pgconn.finish()
            raise NoAnswer(f"no answer within {seconds:g} s") from error
        self.is_rested = False
        return answer


def connect_answering(engine: Engine, patience: float) -> None:
    """Have ``engine`` make connections of this ``patience``."""
    connect, kept = _Connector(patience), kept_alive(engine.url)
    event.listen(engine, "do_connect", lambda _dialect, _record, given, named: connect(*given, **kept, **named))
    event.listen(engine, "checkin", _rest)


def _rest(connection: AnsweringConnection | None, _record: object) -> None:
    # None where it was found broken.
    if connection is not None:
        connection.is_rested = True


class _Connector:
    """What connects, with connections of this ``patience``.

    Once that has taken too long one thread at a time tries, now and then, and all others fail at once: many that wait
    would wait in turn for threads and connections, far longer than it takes to connect.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._trying = Lock()
        self._told = ""
        self._due = 0.0

    def __call__(self, *arguments: Any, **parameters: Any) -> AnsweringConnection:
        """Raises what psycopg raises, and NoAnswer."""
        if not self._told:
            return self._connected(arguments, parameters)
        if time.monotonic() < self._due or not self._trying.acquire(blocking=False):
            raise NoAnswer(self._told)
        try:
            return self._connected(arguments, parameters)
        finally:
            self._trying.release()

    def _connected(self, arguments: Sequence[Any], parameters: Mapping[str, Any]) -> AnsweringConnection:
        try:
            connection = AnsweringConnection.connect(*arguments, **parameters)
        except psycopg.errors.ConnectionTimeout as error:
            self._told, self._due = str(error), time.monotonic() + SPARED_SECONDS
            raise
        self._told = ""
        connection.patience = self._patience
        return connection
