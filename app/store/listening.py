"""Being woken by ``notifying``: by PostgreSQL. Followers poll as well: a wake-up that is lost loses time, no result."""

import logging
from collections.abc import Callable, Mapping
from threading import Event, Thread
from time import monotonic
from typing import Any, Self

import psycopg
from sqlalchemy import URL

from app.process.pauses import Pauses
from app.store.answering import AnsweringConnection, kept_alive
from app.store.engine import Store, database_url
from app.store.errors import StoreUnavailable
from app.store.notifying import CHANNEL
from app.store.outages import Use
from app.store.pooled import is_lent, session_of

_LOOK_UP = 0.25
"""Seconds between two looks at whether to close."""
_ASK = 5.0
"""Seconds between two questions whether the database is still there."""

_logger = logging.getLogger(__name__)


class Listener:
    """Calls ``callback`` with the slug of every ``notify``, from a thread of its own, until it is closed.

    On SQLite it does nothing. A connection that breaks is made again for as long as it takes; what was notified
    meanwhile is not told. ``url`` leads to PostgreSQL itself where that of the store leads to PgBouncer, which in
    transaction mode passes no notification on: without it that is said, and nothing is heard.
    """

    def __init__(self, store: Store, callback: Callable[[str], None], *, url: str = "") -> None:
        self._store = store
        self._callback = callback
        self._is_read_only = False
        self._closing = Event()
        self._listening = Event()
        self._thread: Thread | None = None
        if store.file is None:
            where = database_url(url) if url else store.url
            self._thread = Thread(target=self._run, args=(where,), name="declared-listener", daemon=True)
            self._thread.start()

    @property
    def is_listening(self) -> bool:
        """Whether a notification sent now would be told."""
        return self._listening.is_set()

    def wait_until_listening(self, timeout: float) -> bool:
        """Waits for the connection, at most ``timeout`` seconds; whether it is there."""
        return self._listening.wait(timeout)

    def close(self) -> None:
        """Stops listening; after this, ``callback`` is not called any more."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, url: URL) -> None:
        conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        pauses = Pauses()
        while not self._closing.is_set():
            try:
                self._listen(conninfo, kept_alive(url))
            except (psycopg.Error, OSError) as error:
                if self._listening.is_set():
                    pauses.start_over()
                self._listening.clear()
                self._tell_of(error)
                self._closing.wait(pauses.after_failure())
        self._listening.clear()

    def _listen(self, conninfo: str, kept: Mapping[str, Any]) -> None:
        with AnsweringConnection.connect(
            conninfo, autocommit=True, application_name="declared listener", **kept
        ) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            session = session_of(connection)
            if is_lent(connection, session, conninfo):
                self._give_up()
                return
            self._listening.set()
            self._is_read_only = False
            self._store.worked(Use.LISTENING)
            asked = monotonic()
            while not self._closing.is_set():
                for notification in connection.notifies(timeout=_LOOK_UP):
                    self._tell(notification.payload)
                # Where nothing is declared nothing is heard: whether there is still somebody has to be asked.
                if monotonic() - asked > _ASK:
                    if session_of(connection) != session:
                        self._give_up()
                    asked = monotonic()

    def _give_up(self) -> None:
        """Nothing would ever be heard; polling goes on."""
        self._closing.set()
        self._listening.clear()
        _logger.warning(
            "%s is behind a PgBouncer in transaction mode, which tells nobody of anything: declarations of other "
            "processes are seen by polling alone. --listen-database takes the URL of PostgreSQL itself.",
            self._store.name,
        )

    def _tell_of(self, error: Exception) -> None:
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        if not isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            self._store.failed(Use.LISTENING, StoreUnavailable(f"{self._store.name} cannot be listened to ({reason})."))
        elif not self._is_read_only:
            # A standby tells nobody of anything for as long as it is one: no outage, and said once.
            self._is_read_only = True
            _logger.warning("%s can only be polled, not listened to: it is a standby.", self._store.name)

    def _tell(self, slug: str) -> None:
        try:
            self._callback(slug)
        except Exception:
            _logger.exception("A follower could not be woken")
