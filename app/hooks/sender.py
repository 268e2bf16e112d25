"""The sender: on the server that holds the lease, every hook is told what it asked for, in order, until it has it."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Self

from sqlalchemy import Connection

from app.domain.alerts import Alert, AlertKind, overdue
from app.hooks.bodies import body_of
from app.hooks.lease import Lease
from app.hooks.reaching import Answered, Reaching
from app.hooks.telling import AlertTelling, SentFrom, overdue_id, signed, telling, tellings, wants
from app.projection.newsroom import Newsroom
from app.projection.publication import Publication
from app.store import hooks, room
from app.store.engine import Store
from app.store.errors import LeaseLost, StoreError
from app.store.hooks import Hook, HookPlace

logger = logging.getLogger(__name__)

LOOKS_EVERY = 0.5
"""Seconds between two looks at what there is to send."""

CLOCK_EVERY = 15.0
"""Seconds between two looks at what is overdue."""

STOPPING_SECONDS = 2.0
"""That what is on its way has, where the server stops."""

LONGEST_PAUSE = 300.0
"""Seconds between two attempts, at most, unless an answer asks for more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a hook is waited for: the first pause between two attempts, and when it is given up."""

    pause: float
    hours: float

    def due_at(self, hook: Hook, answered: Answered, now: datetime) -> datetime | None:
        """When a message that has failed just now is tried again; None: the hook has failed for too long."""
        if hook.failing_since is not None and now - hook.failing_since >= timedelta(hours=self.hours):
            return None
        # Beyond some twenty attempts the number itself would not fit, and the pause is the longest anyway.
        pause = min(self.pause * 2 ** min(hook.attempts, 20), LONGEST_PAUSE)
        return now + timedelta(seconds=max(pause, answered.pause))


class Sender:
    """Looks twice a second what there is to send, for as long as it is entered; on the event loop's thread."""

    def __init__(  # its parts, each by its name
        self,
        newsroom: Newsroom,
        store: Store,
        *,
        lease: Lease,
        reaching: Reaching,
        patience: Patience,
        server: SentFrom,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.hooks: Sequence[Hook] = ()
        """Every hook, as it was at the last look, on whichever server that was sent from."""
        self._newsroom = newsroom
        self._store = store
        self._lease = lease
        self._reaching = reaching
        self._patience = patience
        self._server = server
        self._clock = clock
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._overdue: dict[str, tuple[Alert, ...]] = {}
        self._looked = -CLOCK_EVERY
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Send nothing more, and leave it to another server.

        What is on its way has a moment to be answered and noted; after that it is sent again by whoever is next.
        """
        self._is_stopping = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=STOPPING_SECONDS)
        await self._stop_sending()
        with contextlib.suppress(StoreError):
            await self._lease.leave()
        await self._reaching.close()

    @property
    def is_sending(self) -> bool:
        """Whether it is this server that sends."""
        return self._lease.is_held

    def behind(self, hook: Hook) -> int:
        """How many entries of the logs a hook has not been told yet."""
        return sum(max(0, it.seq - self._place(hook, it).seq) for it in self._publications(hook))

    @property
    def warnings(self) -> list[str]:
        """Of every hook that takes nothing: which, since when, and what it says."""
        return [
            f"hook {it.hook_id} ({it.wanted.host}) {'is stopped' if it.stopped_at else 'has taken nothing'}"
            f" since {it.stopped_at or it.failing_since:%Y-%m-%d %H:%M:%S} UTC: {it.told}"
            for it in self.hooks
            if it.failing_since is not None
        ]

    async def _run(self) -> None:
        while True:
            try:
                await self._round()
            except StoreError:
                # Whoever reads and writes has been told of it.
                await self._stop_unless_held()
            except Exception:
                logger.exception("What there is to send to hooks could not be looked up: it is tried again")
            await asyncio.sleep(LOOKS_EVERY)

    async def _round(self) -> None:
        self.hooks = await asyncio.to_thread(self._read)
        if not self.hooks or not await self._lease.keep():
            await self._stop_sending()
            return
        await self._look_at_the_clock()
        for hook_id in self._sending.keys() - {hook.hook_id for hook in self.hooks}:
            self._sending.pop(hook_id).cancel()
        now = self._clock()
        for hook in self.hooks:
            task = self._sending.get(hook.hook_id)
            is_due = hook.stopped_at is None and (hook.due_at is None or hook.due_at <= now)
            if is_due and self._has_news(hook) and (task is None or task.done()):
                self._sending[hook.hook_id] = asyncio.create_task(self._send(hook.hook_id))

    def _has_news(self, hook: Hook) -> bool:
        """Whether there may be something to send."""
        logs = ((it.election.slug, HookPlace(it.epoch, it.seq)) for it in self._publications(hook))
        return AlertKind.OVERDUE in hook.wanted.kinds or any(hook.places.get(slug) != end for slug, end in logs)

    async def _stop_unless_held(self) -> None:
        if not self._lease.is_held:
            await self._stop_sending()

    async def _stop_sending(self) -> None:
        tasks = list(self._sending.values())
        self._sending.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _read(self) -> list[Hook]:
        with self._store.reading() as connection:
            return hooks.hooks(connection)

    async def _send(self, hook_id: int) -> None:
        """Tell a hook all there is, or until it does not take something."""
        try:
            # As it is now: what was sent since the look is noted.
            hook = next((it for it in await asyncio.to_thread(self._read) if it.hook_id == hook_id), None)
            if hook is None or hook.stopped_at is not None:
                return
            for publication in self._publications(hook):
                if not await self._tell_log(hook, publication) or not await self._tell_overdue(hook, publication):
                    return
        except StoreError:
            # LeaseLost too: what was sent and not noted is sent again.
            return
        except Exception:
            logger.exception("Hook %d could not be told: it is tried again", hook_id)

    def _publications(self, hook: Hook) -> list[Publication]:
        slug = hook.wanted.slug
        return [it for it in self._newsroom.publications if slug in (None, it.election.slug)]

    def _place(self, hook: Hook, publication: Publication) -> HookPlace:
        """How far it has been told; where the log has gone back since, as far as that goes."""
        place = hook.places.get(publication.election.slug) or HookPlace(publication.epoch, 0)
        if place.epoch == publication.epoch:
            return place
        return HookPlace(publication.epoch, min(place.seq, publication.seq))

    async def _tell_log(self, hook: Hook, publication: Publication) -> bool:
        """Tell what the log has gone on by; False where it was not taken."""
        slug, place, end = publication.election.slug, self._place(hook, publication), publication.seq
        is_told = hook.wanted.rehearsals or not self._server.rehearsal
        for seq in range(place.seq + 1, end + 1) if is_told else ():
            for part, message in self._messages(hook, publication, seq):
                if part < place.part and seq == place.seq + 1:
                    continue
                if not await self._deliver(hook, message, HookPlace(place.epoch, seq - 1, part + 1)):
                    return False
        reached = HookPlace(place.epoch, end) if end > place.seq else place
        if reached != hook.places.get(slug):
            await self._lease.write(
                lambda connection: hooks.note_place(connection, self._lease.holder, hook.hook_id, slug, reached)
            )
        return True

    def _messages(self, hook: Hook, publication: Publication, seq: int) -> Iterator[tuple[int, AlertTelling]]:
        alerts = publication.log[seq - 1].alerts
        if not any(wants(hook.wanted, alert) for alert in alerts):
            return
        known = publication.night.election_at(seq)
        for part, alert, message in tellings(known, publication.epoch, seq, alerts, self._server):
            if wants(hook.wanted, alert):
                yield part, message

    async def _look_at_the_clock(self) -> None:
        """Note which counts are overdue, where somebody wants to know."""
        if monotonic() - self._looked < CLOCK_EVERY:
            return
        self._looked = monotonic()
        for publication in self._newsroom.publications if self._wants_overdue else ():
            slug = publication.election.slug
            self._overdue[slug] = await asyncio.to_thread(self._read_overdue, publication)

    @property
    def _wants_overdue(self) -> bool:
        return any(AlertKind.OVERDUE in hook.wanted.kinds for hook in self.hooks)

    def _read_overdue(self, publication: Publication) -> tuple[Alert, ...]:
        with self._store.reading() as connection:
            moved = room.moved_times(connection, publication.election.slug)
        return overdue(publication.night, moved, self._clock())

    async def _tell_overdue(self, hook: Hook, publication: Publication) -> bool:
        """Tell what has become overdue since the hook was added; False where it was not taken."""
        night, epoch = publication.night, publication.epoch
        if AlertKind.OVERDUE not in hook.wanted.kinds or (self._server.rehearsal and not hook.wanted.rehearsals):
            return True
        late = [
            telling(night.election, epoch, alert, overdue_id(alert), self._server)
            for alert in self._overdue.get(night.election.slug, ())
            if alert.expected_at is not None
            and alert.expected_at > hook.created_at
            # Something may have been declared of it since the clock was looked at.
            and night.councils.get(alert.council_id or "") is alert.state
        ]
        told = await asyncio.to_thread(self._delivered, hook, late) if late else set()
        for message in late:
            if message.message_id not in told and not await self._deliver(hook, message, None):
                return False
        return True

    def _delivered(self, hook: Hook, messages: Sequence[AlertTelling]) -> set[str]:
        with self._store.reading() as connection:
            return hooks.delivered(connection, hook.hook_id, [it.message_id for it in messages])

    async def _deliver(self, hook: Hook, message: AlertTelling, place: HookPlace | None) -> bool:
        """Send a message, and note what came of it; whether it was taken. LeaseLost where it is not ours to send."""
        if not self._lease.is_held or self._is_stopping:
            raise LeaseLost
        body = body_of(message, hook.wanted.form)
        headers = signed(hook, message.message_id, body, self._clock())
        answered = await self._reaching.send(hook.wanted.url, body, headers)
        now, holder = self._clock(), self._lease.holder
        if answered.is_taken:
            await self._lease.write(
                lambda connection: hooks.note_delivered(
                    connection, holder, hook.hook_id, message.message, place, told=answered.told, now=now
                )
            )
            return True
        await self._lease.write(lambda connection: self._note_failed(connection, hook.hook_id, message, answered, now))
        return False

    def _note_failed(
        self, connection: Connection, hook_id: int, message: AlertTelling, answered: Answered, now: datetime
    ) -> None:
        # As it is now: it may have taken others since it was looked up.
        hook = hooks.numbered(connection, hook_id)
        due_at = self._patience.due_at(hook, answered, now)
        hooks.note_failed(
            connection, self._lease.holder, hook, message.message, told=answered.told, now=now, due_at=due_at
        )
        where = f"Hook {hook.hook_id} ({hook.wanted.host})"
        if due_at is None:
            hint = f"`declared hook resume {hook.hook_id}` goes on where it was"
            logger.error("%s is stopped: it has taken nothing since %s. %s.", where, hook.failing_since, hint)
        elif hook.failing_since is None:
            logger.warning("%s has not taken a message, and is tried again: %s", where, answered.told)
