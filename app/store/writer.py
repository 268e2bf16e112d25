"""The one thread that writes: whoever has something to write hands it a job and gets the answer after the commit.

A commit waits for the disk, and that takes as long for sixty-four declarations as for one. So whatever has arrived
meanwhile goes into one transaction, each job behind a savepoint of its own.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Lock, Thread
from time import sleep
from typing import Any, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.store import audit
from app.store.engine import Store
from app.store.errors import QueueFull, StoreUnavailable
from app.store.outages import Use

T = TypeVar("T")

BATCH = 64
"""Jobs in one transaction, at most."""
ATTEMPTS = 3
"""How often a transaction is begun that something passing rolls back."""
PAUSE = 0.02
"""Seconds before the second attempt; twice that before the third."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _QueuedJob:
    job: Callable[[Connection], Any]
    future: "Future[Any]"
    context: Context
    """Of whoever submitted it: what is logged in the job is about their request."""


@dataclass(frozen=True, slots=True)
class _JobOutcome:
    value: Any = None
    error: BaseException | None = None


class Writer:
    """Runs jobs in the order they were submitted, in a thread of its own, until it is closed.

    A job gets a Connection and may raise: then what it wrote is undone, and nobody else's. It must touch nothing but
    that connection, for it may be run more than once: where another process was faster (IntegrityError), or the whole
    transaction was rolled back by a deadlock or a broken connection before its commit. It must let the database's
    errors through. ``after_commit`` is called in the writer's thread once for every commit, before the answers.
    """

    def __init__(
        self, store: Store, *, queue_size: int = 1024, after_commit: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._after_commit = after_commit
        self._queue: Queue[_QueuedJob | None] = Queue(queue_size)
        self._closed = False
        self._lock = Lock()
        self._thread = Thread(target=self._run, name="declared-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T]) -> "Future[T]":
        """Has ``job`` run; the future has what it returned or raised once that is committed.

        It has StoreUnavailable where the commit failed, and then whoever waits must ask again to know: the database
        may have been lost on the way back. Raises QueueFull at once where too much is waiting, and StoreUnavailable
        once the writer is closed. A future that is cancelled before its turn is not run.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise StoreUnavailable("Nothing more is written: the server is stopping.")
            try:
                self._queue.put_nowait(_QueuedJob(job, future, copy_context()))
            except Full:
                raise QueueFull from None
        return future

    @property
    def waiting(self) -> int:
        """How many jobs are in the queue."""
        return self._queue.qsize()

    def close(self) -> None:
        """Takes no more jobs, finishes those it has, and returns when they are answered."""
        with self._lock:
            is_first, self._closed = not self._closed, True
        if is_first:
            # It waits where the queue is full. Nothing can come after it: who submits has seen that this is closed.
            self._queue.put(None)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        last = False
        while not last:
            batch, last = self._next_batch()
            taken = [waiting for waiting in batch if waiting.future.set_running_or_notify_cancel()]
            if taken:
                self._answer(taken)

    def _next_batch(self) -> tuple[list[_QueuedJob], bool]:
        """Waits for a job and takes what is there with it; and whether the writer was closed after these."""
        batch: list[_QueuedJob] = []
        waiting = self._queue.get()
        while waiting is not None:
            batch.append(waiting)
            if len(batch) == BATCH:
                return batch, False
            try:
                waiting = self._queue.get_nowait()
            except Empty:
                return batch, False
        return batch, True

    def _answer(self, batch: Sequence[_QueuedJob]) -> None:
        try:
            outcomes = self._written(batch)
        except BaseException as error:  # noqa: BLE001  # whatever it was, nobody may wait for ever, and the thread lives on
            outcomes = [_JobOutcome(error=self._failure(error))] * len(batch)
        self._note(outcomes)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if outcome.error is None:
                waiting.future.set_result(outcome.value)
            else:
                waiting.future.set_exception(outcome.error)

    def _written(self, batch: Sequence[_QueuedJob]) -> list[_JobOutcome]:
        """Commits the batch, or raises and has committed nothing that anybody is told of."""
        for attempt in range(1, ATTEMPTS + 1):
            is_committing = False
            try:
                with self._store.writing() as connection:
                    outcomes = [self._run_job(connection, waiting) for waiting in batch]
                    audit.seal(connection)
                    is_committing = True
            except StoreUnavailable as error:
                # A COMMIT whose answer never came may have happened: to run it again could declare twice.
                if is_committing or not error.is_passing or attempt == ATTEMPTS:
                    raise
                sleep(PAUSE * attempt)
            else:
                self._tell_committed(outcomes)
                return outcomes
        raise AssertionError("The last attempt returns or raises.")

    def _run_job(self, connection: Connection, waiting: _QueuedJob) -> _JobOutcome:
        def job(connection: Connection) -> object:
            return waiting.context.run(waiting.job, connection)

        outcome = self._run_alone(connection, job)
        if isinstance(outcome.error, IntegrityError):
            # Another process has taken the same key and committed; now that it is there, the job will find it.
            outcome = self._run_alone(connection, job)
        return outcome

    def _run_alone(self, connection: Connection, job: Callable[[Connection], Any]) -> _JobOutcome:
        """What comes of ``job`` behind a savepoint; raises StoreUnavailable where the transaction itself is lost."""
        connection.exec_driver_sql("SAVEPOINT job")
        noted = audit.noted(connection)
        try:
            value = job(connection)
        except BaseException as error:
            unavailable = self._store.unavailable(error)
            if unavailable is not None and unavailable.is_passing:
                raise unavailable from error
            try:
                connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
            except SQLAlchemyError:
                # A full disk, for one, makes SQLite roll back everything by itself.
                raise unavailable or self._failure(error) from error
            audit.forget(connection, noted)
            outcome = _JobOutcome(error=unavailable or error)
        else:
            outcome = _JobOutcome(value)
        connection.exec_driver_sql("RELEASE SAVEPOINT job")
        return outcome

    def _note(self, outcomes: Sequence[_JobOutcome]) -> None:
        """Tells how writing goes; what was refused for other reasons than the database's is no sign either way."""
        unavailable = [outcome.error for outcome in outcomes if isinstance(outcome.error, StoreUnavailable)]
        if unavailable:
            self._store.failed(Use.WRITING, unavailable[0])
        elif not all(outcome.error for outcome in outcomes):
            self._store.worked(Use.WRITING)

    def _tell_committed(self, outcomes: Sequence[_JobOutcome]) -> None:
        if all(outcome.error for outcome in outcomes):
            return
        try:
            self._after_commit()
        except Exception:
            _logger.exception("What follows a commit went wrong")

    def _failure(self, error: BaseException) -> StoreUnavailable:
        if isinstance(error, StoreUnavailable):
            return error
        _logger.error("A transaction failed", exc_info=error)
        return StoreUnavailable(f"{self._store.name} failed: {error}")
