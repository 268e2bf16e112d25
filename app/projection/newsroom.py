"""Every election that this process serves, each kept at the head of its log by a follower of its own."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import dataclass, field

from app.domain.checks import prepare
from app.domain.election import Election
from app.domain.errors import Harmed, UnknownElection, UnreadableEntry
from app.live.follower import Follower, Stopped
from app.live.hub import Hub
from app.pages.rendering import Rendering
from app.process.lasting import Growing, lasting
from app.process.logs import about
from app.process.turns import Steps, Turns
from app.projection.publication import Publication, Published
from app.store import catalogue, log
from app.store.engine import Store
from app.store.errors import ReadOnly, StoreUnavailable
from app.store.folding import Folded, Handed, Made
from app.store.outages import Use
from app.store.replica import Logs

logger = logging.getLogger(__name__)

PUBLISHING_SECONDS = 5.0
"""How long whoever has declared waits at most until it is shown."""

BATCH = 500
"""Entries folded before anything is rendered, at most."""

ANOTHER_TRY_SECONDS = 10.0
"""Between two tries to serve an election that cannot be, unless it has begun anew meanwhile."""

LOST_SECONDS = 5.0
"""For how long it may be unknown what a log holds until it is lost here: its watchers are sent away, and not let in."""


@dataclass(slots=True)
class _Place:
    """Where the folding of an election stands. One value, as other threads ask for it.

    ``harm`` is what is wrong with the next entry of its log, which therefore is not gone on with.
    """

    folded: Folded
    harm: str = ""


@dataclass(frozen=True, slots=True)
class _Unserved:
    """An election that cannot be served: why, in which epoch that was found, and when it is tried again."""

    error: Exception
    epoch: str
    due: float


@dataclass(slots=True)
class _Served:
    """An election. Nothing in it refers back to it, so that it is gone when it is served no more."""

    publication: Publication
    place: _Place
    follower: Follower[log.Logged]
    task: asyncio.Task[None]
    handed: Handed
    is_lost: bool = False
    succeeded: asyncio.Event = field(default_factory=asyncio.Event)
    """Another one is served in its place, or none."""


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
    ) -> None:
        self._store = store
        self._logs = Logs(store, replica)
        self._hub = hub
        self._rendering = rendering
        self._poll_seconds = poll_seconds
        self._turns = turns
        self._growing = Growing()
        self._served: dict[str, _Served] = {}
        self._unserved: dict[str, _Unserved] = {}
        self._coming: dict[str, Folded] = {}
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

    @property
    def is_whole(self) -> bool:
        """Whether every election that there is can be shown."""
        return not self._unserved

    @property
    def harms(self) -> list[str]:
        """Of every election that is not shown whole and current, for whoever mends it: which, and why."""
        unserved = [str(it.error) for it in self._unserved.values()]
        entries = [served.place.harm for served in self._served.values() if served.place.harm]
        unshown = [what for served in self._served.values() for what in served.publication.unshown.values()]
        return [*unserved, *entries, *unshown]

    def followed(self, slug: str) -> Folded | None:
        """An election as far as it is folded here; for any thread."""
        served = self._served.get(slug)
        return self._coming.get(slug) or (served.place.folded if served is not None else None)

    def hand(self, slug: str, made: Made) -> None:
        """Spare this the reading and folding of an entry that may be about to be committed; for any thread."""
        served = self._served.get(slug)
        if served is not None:
            served.handed.add(made)

    def is_lost(self, slug: str) -> bool:
        """Whether it has not been known here for a while what the log of an election holds."""
        served = self._served.get(slug)
        return served is not None and served.is_lost

    def is_current(self, slug: str) -> bool:
        """Whether what is shown of an election is known to be all that its log holds."""
        served = self._served.get(slug)
        return served is not None and not served.is_lost and not served.place.harm

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
            if served is None or served.publication.epoch != head.epoch:
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
        served.succeeded.set()
        logger.error("“%s” is not in the database any more and is not shown any more.", slug)

    async def _mind(self) -> None:
        """Send the watchers of a log away that is lost: another process may know more of it."""
        while True:
            await asyncio.sleep(LOST_SECONDS / 10)
            for slug, served in self._served.items():
                # Before the first round it is as new as it was read whole.
                is_lost = bool(served.place.harm) or LOST_SECONDS <= served.follower.uncertain_seconds < math.inf
                is_lost &= slug not in self._coming
                if is_lost and not served.is_lost:
                    self._hub.let_go(slug)
                served.is_lost = is_lost

    async def _serve(self, slug: str) -> None:
        """Begin to serve an election; in the place of what is served under its name, which goes on until then."""
        publication, folded = await asyncio.to_thread(self._read_whole, slug)
        self._coming[slug] = folded
        try:
            before = self._served.get(slug)
            if before is not None:
                await self._replace(before, publication)
            self._served[slug] = self._follow(slug, publication, folded)
        finally:
            del self._coming[slug]
        self._hub.head(slug, publication.seq, publication.epoch)
        if before is not None:
            before.succeeded.set()
            was, end = before.place.folded.head, folded.head
            logger.warning(
                "“%s” is shown afresh: at entry %d of epoch %s, where entry %d of epoch %s was shown.",
                *(slug, end.seq, end.epoch, was.seq, was.epoch),
            )

    async def _replace(self, before: _Served, publication: Publication) -> None:
        """Put ``publication`` before the watchers of ``before``; that is shown to its end while this is rendered."""
        await self._turns.through(publication.prepare(before.publication))
        # What it has begun to publish must not come after what takes its place.
        before.task.cancel()
        await asyncio.gather(before.task, return_exceptions=True)
        await self._turns.through(publication.take_over(before.publication))

    def _follow(self, slug: str, publication: Publication, folded: Folded) -> _Served:
        """Go on with an election from where it has been folded to."""
        owed, place, handed = Published(), _Place(folded), Handed()

        async def read(seq: int) -> Sequence[log.Logged]:
            entries = await asyncio.to_thread(self._read, slug, seq, place.folded.head, handed)
            if entries is None:
                self._begun_anew.set()
                # What is shown is not what the log holds: nobody is told that it is, until that is shown.
                raise _BegunAnew
            if not entries:
                self._followed(slug, place)
            return entries

        async def apply(entries: Sequence[log.Logged]) -> None:
            # What failed midway has been folded, and is still owed to the watchers.
            unreadable = await self._turns.through(_fold(publication, entries, owed))
            place.folded = Folded(publication.folded, _end(publication, entries, place.folded.head))
            self._growing.add(len(entries))
            await self._turns.through(publication.publish(owed))
            owed.clear()
            if unreadable is not None:
                raise unreadable
            self._followed(slug, place)

        follower = Follower(
            read,
            apply,
            seq_of=lambda logged: logged.entry.seq,
            seq=publication.seq,
            poll_seconds=self._poll_seconds,
            healthy_seconds=LOST_SECONDS,
            failed=lambda error, pause: _failed(place, error, pause),
        )
        context = copy_context()
        context.run(about, lambda: {"election": slug, "seq": publication.seq})
        task = asyncio.create_task(follower.run(), context=context)
        return _Served(publication, place, follower, task, handed)

    def _followed(self, slug: str, place: _Place) -> None:
        """What is known of a log is all there is."""
        if place.harm:
            place.harm = ""
            logger.warning("“%s” can be read on, and is current again.", slug)
        self._hub.affirm(slug)

    def heads(self) -> dict[str, log.Head]:
        """The end of every log, read now; raises StoreUnavailable. For a thread of its own."""
        with self._store.reading() as connection:
            return log.heads(connection)

    def _read_whole(self, slug: str) -> tuple[Publication, Folded]:
        with lasting():
            with self._logs.reading(slug) as connection:
                head = log.head(connection, slug)
                election: Election = catalogue.load_election(connection, slug)
                entries, _ = log.readable(connection, slug, after=0)
            publication = Publication(election, head.epoch, hub=self._hub, rendering=self._rendering)
            # What cannot be read is told by whoever goes on from here, and gets no further.
            with contextlib.suppress(UnreadableEntry):
                publication.begin((logged.entry, logged.body) for logged in entries)
            # Kept with them from now on: whoever asked for it first would have everybody wait.
            prepare(publication.night)
            _ = election.groups_present
            before_first = log.Head(0, log.genesis_hash(slug), head.epoch)
            return publication, Folded(publication.night, _end(publication, entries, before_first))

    def _read(self, slug: str, seq: int, known: log.Head, handed: Handed) -> Sequence[log.Logged] | None:
        """The entries of a log after ``seq``; None where it does not hold ``known`` any more, and begins anew.

        Where what was made here leads from ``known`` to its end, it is those: before them everything is folded.
        """
        with self._logs.reading(slug) as connection:
            head = log.head(connection, slug)
            made = handed.between(known, head)
            if made:
                return made
            if log.holds(connection, slug, known, head):
                if head.seq == seq:
                    return []
                entries, unreadable = log.readable(connection, slug, after=seq, limit=BATCH)
                if unreadable is not None and not entries:
                    raise unreadable
                return entries
        return None if head.epoch != known.epoch else self._leave_epoch(slug, known)

    def _leave_epoch(self, slug: str, known: log.Head) -> Sequence[log.Logged] | None:
        """Give a log that has gone back a new epoch, by which everybody learns of it; one process is enough for that.

        None, as above; nothing new where only what was read is behind, as a replica may be.
        """
        try:
            with self._store.writing() as connection:
                end = log.leave_epoch(connection, slug, known)
                is_behind = end is None and log.head(connection, slug).epoch == known.epoch
        except ReadOnly as error:
            gone_back = f"{error} It has gone back behind entry {known.seq} of “{slug}”, which is not followed until a"
            self._store.failed(Use.WRITING, ReadOnly(f"{gone_back} new epoch is written where it is written."))
            raise
        if end is not None:
            logger.critical(
                "The database has gone back: entry %d of “%s”, shown here, is not in its log, which ends at entry %d. "
                "It is shown from there on, in the new epoch %s; what came after has to be declared again. "
                "Was a backup restored, or did a standby take over that was behind?",
                known.seq,
                slug,
                end.seq,
                end.epoch,
            )
        return [] if is_behind else None


class _BegunAnew(Exception):
    """The log is another one than that which is shown; it is about to be."""


def _failed(place: _Place, error: Exception, pause: float) -> None:
    """Tell of a log that cannot be followed; what is the database's fault is told by the store."""
    if isinstance(error, Harmed):
        if place.harm != str(error):
            shown = f"It is shown as it was at entry {place.folded.head.seq}, and not as current."
            logger.critical("%s %s", error, shown, exc_info=error.__cause__)
        place.harm = str(error)
    elif not isinstance(error, StoreUnavailable | _BegunAnew):
        logger.warning("the log cannot be followed; next try in %.1f s", pause, exc_info=error)


def _fold(publication: Publication, entries: Sequence[log.Logged], owed: Published) -> Steps[UnreadableEntry | None]:
    """Fold ``entries``, one at a time: of those that another process has made meanwhile there may be hundreds.

    It ends with the first that makes no sense, and returns what is wrong with it.
    """
    for logged in entries:
        try:
            if isinstance(logged, Made):
                publication.take(logged, owed)
            else:
                publication.fold([(logged.entry, logged.body)], owed)
        except UnreadableEntry as error:
            return error
        yield
    return None


def _end(publication: Publication, entries: Sequence[log.Logged], before: log.Head) -> log.Head:
    """The place in the log that ``publication`` has come to by ``entries``, from ``before``."""
    seq = publication.folded.seq
    last = next((logged for logged in reversed(entries) if logged.entry.seq == seq), None)
    return log.Head(seq, last.hash, publication.epoch) if last is not None else before
