"""One election as its log has it: read, folded, shown, and told to whoever listens.

It takes time from nobody: what reads is for a thread, what computes goes in steps. A server follows it in turns with
everybody else (``newsroom``), a publisher of files all by itself (``publishing``).
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from app.domain.declarations import CatalogueChange
from app.domain.election import Election
from app.domain.errors import UnreadableEntry
from app.domain.soft_checks import prepare
from app.live.hub import Hub
from app.pages.rendering import Rendering
from app.process.lasting import lasting
from app.process.turns import Steps
from app.projection.events import NightEvents
from app.projection.publication import Publication, Published
from app.store import catalogue, log
from app.store.errors import ReadOnly
from app.store.folding import Folded, Handed, Made
from app.store.outages import Use
from app.store.replica import Logs

BATCH = 500
"""Entries folded before anything is rendered, at most."""


class BegunAnew(Exception):
    """The log is another one than that which is shown, and has to be read whole.

    Where it was found to have gone back behind ``known``, and this gave it a new epoch, ``end`` is where it ends now.
    """

    def __init__(self, known: log.Head, end: log.Head | None = None) -> None:
        super().__init__(f"The log is not the one that had entry {known.seq} of epoch {known.epoch}.")
        self.known = known
        self.end = end


class Projection:
    """An election, as far as its log has been read here.

    ``folded`` is where its folding stands: one value, as other threads ask for it. ``handed`` takes what is made here.
    ``harm`` is what is wrong with the next entry of its log, which therefore is not gone on with. ``is_left``: its log
    is another one by now. ``listeners`` are called with what has been touched once that is shown.
    """

    def __init__(
        self,
        logs: Logs,
        slug: str,
        *,
        rendering: Rendering,
        hub: Hub | None = None,
        head: log.Head,
        election: Election,
        rehearsal: bool = False,
    ) -> None:
        """Before the first entry; ``read`` makes one that is further. ``head`` has the hash that it is chained on."""
        self.publication = Publication(election, head.epoch, hub=hub, rendering=rendering, opening=head.hash[:8])
        self.events = NightEvents(self.publication, hub=hub, rehearsal=rehearsal)
        self.folded = Folded(self.publication.night, head)
        self.handed = Handed()
        self.harm = ""
        self.is_left = False
        self.listeners: list[Callable[[Published], None]] = []
        self._logs = logs
        self._slug = slug
        self._owed = Published()

    @classmethod
    def read(
        cls, logs: Logs, slug: str, *, rendering: Rendering, hub: Hub | None = None, rehearsal: bool = False
    ) -> "Projection":
        """The whole log, or as much of it as makes sense; raises StoreUnavailable, UnknownElection, and Harmed."""
        with lasting():
            with logs.reading(slug) as connection:
                head = replace(log.head(connection, slug), seq=0, hash=log.opening_hash(connection, slug))
                election: Election = catalogue.opening_election(connection, slug)
                entries, _ = log.readable(connection, slug, after=0)
            made = cls(logs, slug, rendering=rendering, hub=hub, head=head, election=election, rehearsal=rehearsal)
            # What cannot be read is told by whoever goes on from here, and gets no further.
            with contextlib.suppress(UnreadableEntry):
                made.publication.begin((logged.entry, logged.body) for logged in entries)
            made._go_on(entries)
            # Kept with them from now on: whoever asked for it first would have everybody wait.
            prepare(made.folded.night)
            _ = made.publication.election.groups_present, made.publication.election.among_all.told_by_name
        return made

    def news(self, seq: int) -> Sequence[log.Logged]:
        """What the log holds after entry ``seq``, the first of it, oldest first; for a thread.

        Where what was made here leads from what is folded to its end, it is that. Raises BegunAnew, StoreUnavailable,
        and UnreadableEntry for an entry that comes next and makes no sense.
        """
        known = self.folded.head
        with self._logs.reading(self._slug) as connection:
            head = log.head(connection, self._slug)
            made = self.handed.between(known, head)
            if made:
                return made
            if log.holds(connection, self._slug, known, head):
                if head.seq == seq:
                    return []
                entries, unreadable = log.readable(connection, self._slug, after=seq, limit=BATCH)
                if unreadable is not None and not entries:
                    raise unreadable
                return self._with_catalogues_folded(entries)
        # Before the first entry the catalogue may be exchanged for another, without one.
        if head.epoch != known.epoch or known.seq == 0:
            self.is_left = True
            raise BegunAnew(known)
        self._leave_epoch(known)
        return []

    def _with_catalogues_folded(self, entries: Sequence[log.Logged]) -> Sequence[log.Logged]:
        """``entries`` up to a change of the catalogue; that alone, and folded, where it is the first.

        It may touch every council there is: that is too long for the loop, and folding needs nothing else than a
        thread.
        """
        changes = [place for place, it in enumerate(entries) if isinstance(it.entry.declaration, CatalogueChange)]
        if not changes or changes[0] > 0:
            return entries[: changes[0]] if changes else entries
        first, before = entries[0], self.folded
        night, change = before.night.told(first.entry)
        after = Folded(night, log.Head(first.entry.seq, first.hash, before.head.epoch))
        return [
            Made(
                **{it.name: getattr(first, it.name) for it in fields(first)}, before=before, after=after, change=change
            )
        ]

    def take(self, entries: Sequence[log.Logged]) -> Steps[None]:
        """Fold ``entries`` one at a time, render and show what they touch, and tell the listeners.

        What fails midway has been folded, and is still owed to them. Raises UnreadableEntry for the first that makes no
        sense, once those before it are shown.
        """
        unreadable = yield from self._fold(entries)
        self._go_on(entries)
        yield from self.publication.publish(self._owed)
        yield from self.events.tell()
        for listener in self.listeners:
            listener(self._owed)
        self._owed.clear()
        if unreadable is not None:
            raise unreadable

    def _fold(self, entries: Sequence[log.Logged]) -> Steps[UnreadableEntry | None]:
        for logged in entries:
            try:
                if isinstance(logged, Made):
                    self.publication.take(logged, self._owed)
                else:
                    self.publication.fold([(logged.entry, logged.body)], self._owed)
            except UnreadableEntry as error:
                return error
            yield
        return None

    def _go_on(self, entries: Sequence[log.Logged]) -> None:
        """Note the place in the log that has been folded to by ``entries``."""
        night, head = self.publication.folded, self.folded.head
        last = next((logged for logged in reversed(entries) if logged.entry.seq == night.seq), None)
        self.folded = Folded(night, log.Head(night.seq, last.hash, head.epoch) if last is not None else head)

    def _leave_epoch(self, known: log.Head) -> None:
        """Give a log that has gone back a new epoch, by which everybody learns of it; one process is enough for that.

        Raises BegunAnew, unless only what was read is behind, as a replica may be.
        """
        store = self._logs.primary
        try:
            with store.writing() as connection:
                end = log.leave_epoch(connection, self._slug, known)
                is_behind = end is None and log.head(connection, self._slug).epoch == known.epoch
        except ReadOnly as error:
            gone_back = f"{error} It has gone back behind entry {known.seq} of “{self._slug}”, which is not followed"
            store.failed(Use.WRITING, ReadOnly(f"{gone_back} until a new epoch is written where it is written."))
            raise
        if not is_behind:
            raise BegunAnew(known, end)
