"""Every election that this process serves, each kept at the head of its log by a follower of its own."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.election import Election
from app.domain.errors import UnknownElection
from app.live.follower import Follower, Stopped
from app.live.hub import Hub
from app.pages.publication import Publication, Published, Rendering
from app.store import catalogue, log
from app.store.engine import Store

logger = logging.getLogger(__name__)

PUBLISHING_SECONDS = 5.0
"""How long whoever has declared waits at most until it is shown."""

BATCH = 500
"""Entries folded before anything is rendered, at most."""


@dataclass(frozen=True, slots=True)
class _Served:
    publication: Publication
    follower: Follower[log.Logged]
    task: asyncio.Task[None]


class Newsroom:
    """The publications by slug. Reads the database in threads, folds and publishes on the event loop."""

    def __init__(self, store: Store, *, hub: Hub, rendering: Rendering, poll_seconds: float) -> None:
        self._store = store
        self._hub = hub
        self._rendering = rendering
        self._poll_seconds = poll_seconds
        self._served: dict[str, _Served] = {}
        self._begun_anew = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._is_kept_up = True

    async def start(self) -> None:
        """Read every log to its end; raises StoreUnavailable when that cannot be done."""
        await self._keep_up()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        tasks = [served.task for served in self._served.values()]
        if self._keeper is not None:
            tasks.append(self._keeper)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def publications(self) -> list[Publication]:
        return [served.publication for served in self._served.values()]

    @property
    def is_following(self) -> bool:
        """Whether every log has been read lately, each in the epoch that it is in."""
        return self._is_kept_up and all(served.follower.healthy for served in self._served.values())

    def publication(self, slug: str) -> Publication:
        """The publication of an election; raises UnknownElection."""
        try:
            return self._served[slug].publication
        except KeyError:
            raise UnknownElection(slug) from None

    def wake(self) -> None:
        """Look at the logs now. To be called on the event loop's thread."""
        for served in self._served.values():
            served.follower.wake()

    async def shown(self, slug: str, seq: int) -> None:
        """Return once everything up to entry ``seq`` is published here, or after a while: it is in the log anyway."""
        with contextlib.suppress(TimeoutError, Stopped):
            async with asyncio.timeout(PUBLISHING_SECONDS):
                await self._served[slug].follower.reached(seq)

    async def _keep(self) -> None:
        """Notice elections that are loaded, and logs that begin anew (a catalogue replaced, a database restored)."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._begun_anew.wait(), self._poll_seconds)
            self._begun_anew.clear()
            try:
                await self._keep_up()
            except Exception:
                self._is_kept_up = False
                logger.exception("the elections could not be looked up; trying again")
            else:
                self._is_kept_up = True

    async def _keep_up(self) -> None:
        for slug, head in (await asyncio.to_thread(self.heads)).items():
            served = self._served.get(slug)
            if served is None or served.publication.epoch != head.epoch:
                await self._serve(slug)

    async def _serve(self, slug: str) -> None:
        """Begin to serve an election, in the place of what was served under its name."""
        publication = await asyncio.to_thread(self._read_whole, slug)
        before = self._served.get(slug)
        if before is not None:
            before.task.cancel()
            publication.take_over(before.publication)

        owed = Published()

        async def read(seq: int) -> Sequence[log.Logged]:
            epoch, entries = await asyncio.to_thread(self._read, slug, seq)
            if epoch == publication.epoch:
                return entries
            self._begun_anew.set()
            return []

        async def apply(entries: Sequence[log.Logged]) -> None:
            # What failed midway has been folded, and is still owed to the watchers.
            fresh = [logged for logged in entries if logged.entry.seq > publication.seq]
            publication.fold(((logged.entry, logged.body) for logged in fresh), owed)
            for _ in publication.publish(owed):
                await asyncio.sleep(0)
            owed.clear()

        follower = Follower(
            read,
            apply,
            seq_of=lambda logged: logged.entry.seq,
            seq=publication.seq,
            poll_seconds=self._poll_seconds,
            healthy_seconds=max(5.0, 3 * self._poll_seconds),
        )
        self._served[slug] = _Served(publication, follower, asyncio.create_task(follower.run()))
        self._hub.head(slug, publication.seq, publication.epoch)

    def heads(self) -> dict[str, log.Head]:
        """The end of every log, read now; raises StoreUnavailable. For a thread of its own."""
        with self._store.reading() as connection:
            return log.heads(connection)

    def _read_whole(self, slug: str) -> Publication:
        with self._store.reading() as connection:
            head = log.head(connection, slug)
            election: Election = catalogue.load_election(connection, slug)
            publication = Publication(election, head.epoch, hub=self._hub, rendering=self._rendering)
            entries = log.entries(connection, slug, after=0)
        publication.fold(((logged.entry, logged.body) for logged in entries), Published())
        return publication

    def _read(self, slug: str, seq: int) -> tuple[str, Sequence[log.Logged]]:
        """The epoch of a log, and its entries after ``seq``."""
        with self._store.reading() as connection:
            return log.head(connection, slug).epoch, log.entries(connection, slug, after=seq, limit=BATCH)
