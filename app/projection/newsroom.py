"""Every election that this process serves, each kept at the head of its log by a follower of its own."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial

from app.domain.errors import Harmed, UnknownElection
from app.live.follower import Follower, Stopped
from app.live.hub import Hub
from app.pages.rendering import Rendering
from app.process.lasting import Growing
from app.process.logs import about
from app.process.turns import Turns
from app.projection.events import NightEvents
from app.projection.projection import BegunAnew, Projection
from app.projection.publication import Publication
from app.store import log
from app.store.engine import Store
from app.store.errors import StoreUnavailable
from app.store.folding import Folded, Made
from app.store.replica import Logs

logger = logging.getLogger(__name__)

PUBLISHING_SECONDS = 5.0
"""How long whoever has declared waits at most until it is shown."""

ANOTHER_TRY_SECONDS = 10.0
"""Between two tries to serve an election that cannot be, unless it has begun anew meanwhile."""

LOST_SECONDS = 5.0
"""For how long it may be unknown what a log holds until it is lost here: its watchers are sent away, and not let in."""


@dataclass(frozen=True, slots=True)
class _Unserved:
    """An election that cannot be served: why, in which epoch that was found, and when it is tried again."""

    error: Exception
    epoch: str
    due: float


@dataclass(slots=True)
class _Served:
    """An election. Nothing in it refers back to it, so that it is gone when it is served no more."""

    projection: Projection
    follower: Follower[log.Logged]
    task: asyncio.Task[None]
    is_lost: bool = False
    succeeded: asyncio.Event = field(default_factory=asyncio.Event)
    """Another one is served in its place, or none."""

    @property
    def publication(self) -> Publication:
        return self.projection.publication


class Newsroom:
    """The publications by slug. Reads the database in threads, folds and publishes on the event loop."""

    def __init__(
        self,
        store: Store,
        *,
        hub: Hub,
        rendering: Rendering,
        poll_seconds: float,
        turns: Turns,
        replica: Store | None = None,
        rehearsal: bool = False,
    ) -> None:
        self._store = store
        self._logs = Logs(store, replica)
        self._hub = hub
        self._rendering = rendering
        self._rehearsal = rehearsal
        self._poll_seconds = poll_seconds
        self._turns = turns
        self._growing = Growing()
        self._served: dict[str, _Served] = {}
        self._unserved: dict[str, _Unserved] = {}
        self._coming: dict[str, Projection] = {}
        """By slug: what has been read whole, and is about to be served."""
        self._begun_anew = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_kept_up = True
        self._heads: dict[str, log.Head] = {}

    async def start(self) -> None:
        """Read every log to its end, or as far as it can be read; raises StoreUnavailable when that cannot be done."""
        await self._keep_up()
        self._tasks = [asyncio.create_task(self._keep()), asyncio.create_task(self._mind())]

    async def stop(self) -> None:
        tasks = [*self._tasks, *(served.task for served in self._served.values())]
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
        """The publication of an election; raises UnknownElection, and Harmed where it cannot be served."""
        served, unserved = self._served.get(slug), self._unserved.get(slug)
        if served is not None:
            return served.publication
        if unserved is not None:
            raise Harmed(slug, str(unserved.error))
        raise UnknownElection(slug)

    def events(self, slug: str) -> NightEvents:
        """The events of an election; raises UnknownElection, and Harmed where it cannot be served."""
        self.publication(slug)
        return self._served[slug].projection.events

    @property
    def is_whole(self) -> bool:
        """Whether every election that there is can be shown."""
        return not self._unserved

    @property
    def harms(self) -> list[str]:
        """Of every election that is not shown whole and current, for whoever mends it: which, and why."""
        unserved = [str(it.error) for it in self._unserved.values()]
        entries = [served.projection.harm for served in self._served.values() if served.projection.harm]
        unshown = [what for served in self._served.values() for what in served.publication.unshown.values()]
        return [*unserved, *entries, *unshown]

    def followed(self, slug: str) -> Folded | None:
        """An election as far as it is folded here; for any thread."""
        served, coming = self._served.get(slug), self._coming.get(slug)
        projection = coming or (served.projection if served is not None else None)
        return projection.folded if projection is not None else None

    def hand(self, slug: str, made: Made) -> None:
        """Spare this the reading and folding of an entry that may be about to be committed; for any thread."""
        served = self._served.get(slug)
        if served is not None:
            served.projection.handed.add(made)

    def is_lost(self, slug: str) -> bool:
        """Whether it has not been known here for a while what the log of an election holds."""
        served = self._served.get(slug)
        return served is not None and served.is_lost

    def is_current(self, slug: str) -> bool:
        """Whether what is shown of an election is known to be all that its log holds."""
        served = self._served.get(slug)
        return served is not None and not served.is_lost and not served.projection.harm

    def behind(self) -> dict[str, int]:
        """By slug, how many entries the database had when its logs were last looked up that are not shown here."""
        return {
            slug: max(0, head.seq - served.publication.seq) if head.epoch == served.publication.epoch else head.seq
            for slug, served in self._served.items()
            if (head := self._heads.get(slug)) is not None
        }

    def uncertain_seconds(self) -> dict[str, float]:
        """By slug, for how long it has not been known what the log holds."""
        return {slug: served.follower.uncertain_seconds for slug, served in self._served.items()}

    def wake(self) -> None:
        """Look at the logs now. To be called on the event loop's thread."""
        for served in self._served.values():
            served.follower.wake()

    async def shown(self, slug: str, seq: int) -> None:
        """Return once everything up to entry ``seq`` is published here, or after a while: it is in the log anyway."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PUBLISHING_SECONDS):
                while (served := self._served.get(slug)) is not None:
                    try:
                        await served.follower.reached(seq)
                    except Stopped:
                        # Another follower takes its place, and has it from the log.
                        await served.succeeded.wait()
                    else:
                        return

    async def _keep(self) -> None:
        """Notice elections that are loaded, and logs that begin anew (a catalogue replaced, a database restored)."""
        while True:
            with contextlib.suppress(TimeoutError):
                # (`wait_for` of Python 3.11 does not notice that it is cancelled just when the event is set.)
                async with asyncio.timeout(self._poll_seconds):
                    await self._begun_anew.wait()
            self._begun_anew.clear()
            try:
                await self._keep_up()
            except StoreUnavailable:
                self._is_kept_up = False
            except Exception:
                self._is_kept_up = False
                logger.exception("the elections could not be looked up; trying again")
            else:
                self._is_kept_up = True

    async def _keep_up(self) -> None:
        heads = self._heads = await asyncio.to_thread(self.heads)
        for slug in self._served.keys() - heads.keys():
            self._leave(slug)
        for slug in self._unserved.keys() - heads.keys():
            del self._unserved[slug]
        for slug, head in heads.items():
            served = self._served.get(slug)
            if served is None or served.publication.epoch != head.epoch or served.projection.is_left:
                await self._try_to_serve(slug, head.epoch)

    async def _try_to_serve(self, slug: str, epoch: str) -> None:
        """Serve an election unless something in it makes no sense, which harms no other; raises StoreUnavailable."""
        known, now = self._unserved.get(slug), time.monotonic()
        if known is not None and known.epoch == epoch and now < known.due:
            return
        try:
            await self._serve(slug)
        except StoreUnavailable:
            raise
        except Exception as error:
            if known is None or str(known.error) != str(error):
                logger.critical("“%s” cannot be shown. %s", slug, error, exc_info=error)
            self._unserved[slug] = _Unserved(error, epoch, now + ANOTHER_TRY_SECONDS)
        else:
            if self._unserved.pop(slug, None) is not None:
                logger.warning("“%s” is shown again.", slug)

    def _leave(self, slug: str) -> None:
        """Serve an election no more: the database that was put in the place of the last one does not have it."""
        served = self._served.pop(slug)
        served.task.cancel()
        served.publication.close()
        served.projection.events.close()
        served.succeeded.set()
        logger.error("“%s” is not in the database any more and is not shown any more.", slug)

    async def _mind(self) -> None:
        """Send the watchers of a log away that is lost: another process may know more of it."""
        while True:
            await asyncio.sleep(LOST_SECONDS / 10)
            for slug, served in self._served.items():
                # Before the first round it is as new as it was read whole.
                is_lost = bool(served.projection.harm) or LOST_SECONDS <= served.follower.uncertain_seconds < math.inf
                is_lost &= slug not in self._coming
                if is_lost and not served.is_lost:
                    self._hub.let_go(slug)
                served.is_lost = is_lost

    async def _serve(self, slug: str) -> None:
        """Begin to serve an election; in the place of what is served under its name, which goes on until then."""
        reading = partial(
            Projection.read,
            self._logs,
            slug,
            rendering=self._rendering,
            hub=self._hub,
            rehearsal=self._rehearsal,
        )
        projection = self._coming[slug] = await asyncio.to_thread(reading)
        publication, end = projection.publication, projection.folded.head
        try:
            before = self._served.get(slug)
            if before is not None:
                await self._replace(before, projection)
            self._served[slug] = self._follow(slug, projection)
        finally:
            del self._coming[slug]
        self._hub.head(slug, publication.seq, publication.epoch)
        if before is not None:
            before.succeeded.set()
            was = before.projection.folded.head
            logger.warning(
                "“%s” is shown afresh: at entry %d of epoch %s, where entry %d of epoch %s was shown.",
                *(slug, end.seq, end.epoch, was.seq, was.epoch),
            )

    async def _replace(self, before: _Served, projection: Projection) -> None:
        """Put ``projection`` before the watchers of ``before``; that is shown to its end while this is rendered."""
        publication = projection.publication
        await self._turns.through(publication.prepare(before.publication))
        # What it has begun to publish must not come after what takes its place.
        before.task.cancel()
        await asyncio.gather(before.task, return_exceptions=True)
        await self._turns.through(publication.take_over(before.publication))
        projection.events.take_over(before.projection.events)

    def _follow(self, slug: str, projection: Projection) -> _Served:
        """Go on with an election from where it has been folded to."""

        async def read(seq: int) -> Sequence[log.Logged]:
            try:
                entries = await asyncio.to_thread(projection.news, seq)
            except BegunAnew as error:
                self._begun_anew.set()
                if error.end is not None:
                    _tell_gone_back(slug, error.known, error.end)
                # What is shown is not what the log holds: nobody is told that it is, until that is shown.
                raise
            if not entries:
                self._followed(slug, projection)
            return entries

        async def apply(entries: Sequence[log.Logged]) -> None:
            await self._turns.through(projection.take(entries))
            self._growing.add(len(entries))
            self._followed(slug, projection)

        follower = Follower(
            read,
            apply,
            seq_of=lambda logged: logged.entry.seq,
            seq=projection.publication.seq,
            poll_seconds=self._poll_seconds,
            healthy_seconds=LOST_SECONDS,
            failed=lambda error, pause: _failed(projection, error, pause),
        )
        context = copy_context()
        context.run(about, lambda: {"election": slug, "seq": projection.publication.seq})
        task = asyncio.create_task(follower.run(), context=context)
        return _Served(projection, follower, task)

    def _followed(self, slug: str, projection: Projection) -> None:
        """What is known of a log is all there is."""
        if projection.harm:
            projection.harm = ""
            logger.warning("“%s” can be read on, and is current again.", slug)
        self._hub.affirm(slug)

    def heads(self) -> dict[str, log.Head]:
        """The end of every log, read now; raises StoreUnavailable. For a thread of its own."""
        with self._store.reading() as connection:
            return log.heads(connection)


def _failed(projection: Projection, error: Exception, pause: float) -> None:
    """Tell of a log that cannot be followed; what is the database's fault is told by the store."""
    if isinstance(error, Harmed):
        if projection.harm != str(error):
            shown = f"It is shown as it was at entry {projection.folded.head.seq}, and not as current."
            logger.critical("%s %s", error, shown, exc_info=error.__cause__)
        projection.harm = str(error)
    elif not isinstance(error, StoreUnavailable | BegunAnew):
        logger.warning("the log cannot be followed; next try in %.1f s", pause, exc_info=error)


def _tell_gone_back(slug: str, known: log.Head, end: log.Head) -> None:
    logger.critical(
        "The database has gone back: entry %d of “%s”, shown here, is not in its log, which ends at entry %d. "
        "It is shown from there on, in the new epoch %s; what came after has to be declared again. "
        "Was a backup restored, or did a standby take over that was behind?",
        known.seq,
        slug,
        end.seq,
        end.epoch,
    )
