"""Follows an election's log in the database and keeps its files current: what has changed first, pictures last.

The database is read and nothing else: no server has to run. What is written is remembered, so that only what changed is
written again; once a minute every file is looked for, and what is missing or another's is written afresh.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event

from jinja2 import Environment

from app.addresses import FRESH_ENOUGH
from app.domain.errors import DomainError
from app.drawing.drawer import Drawer, NotDrawn
from app.pages.environment import CannotBeShown
from app.pages.rendering import Renderer
from app.process.pauses import Pauses
from app.process.turns import at_once
from app.projection.projection import BATCH, BegunAnew, Projection
from app.projection.publication import Published
from app.publishing.site import CardFile, Site
from app.publishing.targets import CannotPublish, File, Mark, Target
from app.store import log
from app.store.engine import Store
from app.store.errors import StoreError
from app.store.replica import Logs

NOTE_SECONDS = 20.0
"""Between two notes that all is as it should be, when nothing has changed."""
LOOK_SECONDS = 60.0
"""Between two looks at every file."""
FIRST_PAUSE = 2.0
"""Seconds between two tries where something cannot be reached."""
LAST_PAUSE = 10.0
"""The same at most, after many that failed."""

FAILURES = (CannotPublish, CannotBeShown, StoreError, DomainError, NotDrawn, OSError)


@dataclass(frozen=True, slots=True)
class How:
    """How a site is made: its own address, whether it is a rehearsal, and how often the database is looked at."""

    address: str = ""
    rehearsal: bool = False
    poll_seconds: float = 0.5


@dataclass(slots=True)
class _Owed:
    """What has to be written. Taken back when it has been, so that what failed is tried again."""

    everything: bool = True
    night: bool = False
    councils: dict[str, None] = field(default_factory=dict)
    cards: dict[str | None, None] = field(default_factory=dict)
    """Council ids; None: the night."""


class Publisher:
    """One election's files at one target. Synchronous; ``woken`` may be set by another thread to look at once."""

    def __init__(  # its parts, each by its name
        self,
        store: Store,
        slug: str,
        target: Target,
        *,
        environment: Environment,
        drawer: Drawer,
        how: How,
        say: Callable[[str], None],
    ) -> None:
        self.woken = Event()
        self._store = store
        self._slug = slug
        self._target = target
        self._environment = environment
        self._drawer = drawer
        self._how = how
        self._say = say
        self._projection: Projection | None = None
        self._owed = _Owed()
        self._digests: dict[str, str] = {}
        self._marks: dict[str, Mark] = {}
        self._drawn: dict[str, str] = {}
        """Digests of the documents that cards were drawn from, by path."""
        self._noted_at = self._looked_at = 0.0
        self._is_following = False

    @property
    def seq(self) -> int:
        return self._projection.publication.seq if self._projection is not None else 0

    def once(self) -> int:
        """Write everything that is not there as it should be; how many files that were. Raises one of FAILURES."""
        self._read()
        return self._write_all(cards=True)

    def begin(self) -> None:
        """Write all pages that are not there as they should be, cards later; raises one of FAILURES."""
        self._is_following = True
        self._read()
        self._write_all(cards=False)

    def follow(self, stop: Event) -> None:
        """Write what changes until ``stop`` is set (set ``woken`` too, to be at once); what fails is tried again."""
        self._is_following = True
        pauses = Pauses(FIRST_PAUSE, LAST_PAUSE)
        while not stop.is_set():
            try:
                rest = self._how.poll_seconds if self._round() else 0.0
                pauses.start_over()
            except FAILURES as error:
                rest = pauses.after_failure()
                self._say(f"{error} Trying again in {rest:.0f} s.")
                self._owed.everything = True
            if rest:
                self.woken.wait(rest)
                self.woken.clear()
        self._is_following = False
        if self._is_done:
            self._end()

    def _round(self) -> bool:
        """Do what is most urgent; whether there is nothing more to do."""
        self._read()
        if self._owed.everything:
            self._write_all(cards=False)
        elif self._owed.night:
            self._write_changed()
        elif self._owed.cards:
            self._write_next_card()
            return False
        elif time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._look()
        elif time.monotonic() - self._noted_at > NOTE_SECONDS:
            self._note()
        else:
            return True
        return False

    # Reading

    def _read(self) -> None:
        """Take in what the log holds beyond what is known; begin anew where it is another log.

        A log that is read whole is written as far as it makes sense, before it is told that something in it does not.
        """
        if self._projection is None:
            self._begin_anew()
            return
        while entries := self._news():
            at_once(self._current.take(entries))
            if len(entries) < BATCH:
                break

    def _news(self) -> Sequence[log.Logged]:
        try:
            return self._current.news(self.seq)
        except BegunAnew as error:
            if error.end is not None:
                gone = f"the database has gone back behind entry {error.known.seq}"
                self._say(f"{self._slug}: {gone}; all is published anew.")
            self._begin_anew()
            return []

    def _begin_anew(self) -> None:
        rendering = Renderer(self._environment)
        self._projection = Projection.read(Logs(self._store), self._slug, rendering=rendering)
        self._projection.listeners.append(self._owe)
        self._owed = _Owed()

    def _owe(self, touched: Published) -> None:
        """What has been touched has to be written again; after a change of the catalogue, all that is not as it was."""
        if touched.redrawn:
            self._owed = _Owed()
            return
        for council_id in touched.councils:
            self._owed.councils[council_id] = None
            self._owed.cards[council_id] = None
        self._owed.night, self._owed.cards[None] = True, None

    @property
    def _current(self) -> Projection:
        assert self._projection is not None  # read before anything is written
        return self._projection

    # Writing

    @property
    def _site(self) -> Site:
        return Site(
            self._current.publication, self._environment, address=self._how.address, rehearsal=self._how.rehearsal
        )

    def _write_all(self, *, cards: bool) -> int:
        """Write all that is not there as it should be; without ``cards`` these stay owed, one after another."""
        began, site = time.monotonic(), self._site
        councils = self._current.publication.election.councils
        written = self._write(site.fixed())
        if self._is_alone():
            written += self._write([site.entrance()])
        written += self._write(site.of_councils(councils)) + self._write(site.of_night()) + self._note()
        self._owed = _Owed(everything=False, cards=dict.fromkeys((None, *councils)))
        while cards and self._owed.cards:
            written += self._write_next_card()
        self._looked_at = time.monotonic()
        told = f"{len(self._digests):,} files, {written:,} of them written in {time.monotonic() - began:.1f} s"
        self._say(f"{self._slug}: {told}, at entry {self.seq}.")
        return written

    def _write_changed(self) -> None:
        site, councils = self._site, list(self._owed.councils)
        written = self._write(site.of_councils(councils)) + self._write(site.of_night()) + self._note()
        self._owed.night, self._owed.councils = False, {}
        flash = self._current.publication.log[-1].flash
        self._say(f"{self._slug}: entry {self.seq}, {written} files written{f'. {flash}' if flash else ''}")

    def _write_next_card(self) -> int:
        subject = next(iter(self._owed.cards))
        written = self._write_cards(subject)
        del self._owed.cards[subject]
        return written

    def _write_cards(self, council_id: str | None) -> int:
        site = self._site
        cards = site.cards_of_night() if council_id is None else site.cards_of_council(council_id)
        return sum(self._write_card(card) for card in cards)

    def _write_card(self, file: CardFile) -> int:
        digest = hashlib.sha256(file.card.svg.encode()).hexdigest()
        if self._drawn.get(file.path) == digest and file.path in self._digests:
            return 0
        written = self._write([File(file.path, self._drawer.draw(file.card.svg), "image/png", FRESH_ENOUGH)])
        self._drawn[file.path] = digest
        return written

    def _note(self) -> int:
        """Last of all pages: whoever reads it finds what it speaks of."""
        written = self._write([self._site.note(datetime.now(UTC), done=self._is_done)])
        self._noted_at = time.monotonic()
        return written

    @property
    def _is_done(self) -> bool:
        """Whether pages have nothing to wait for: every council is complete, and nobody follows the log."""
        if self._is_following or self._projection is None:
            return False
        done = self._projection.publication.night.all_progress
        return done.councils_complete == done.councils_total

    def _end(self) -> None:
        """Note that it is done, so that pages do not wait for somebody who is not there."""
        try:
            if self._owed.everything or self._owed.night:
                self._write_all(cards=False)
            else:
                self._note()
        except FAILURES as error:
            self._say(f"{error} Pages will say that they are not refreshed; publish once more to end that.")

    def _write(self, files: Iterable[File]) -> int:
        """Write those that are not there already; how many that were."""
        changed, written = [], 0
        for file in files:
            if self._digests.get(file.path) != file.digest:
                changed.append(file)
            if len(changed) == 4 * self._target.writers:
                written += self._put(changed)
                changed = []
        return written + self._put(changed)

    def _put(self, files: list[File]) -> int:
        """Write ``files``, but for those of which the target is seen to have the very same."""
        unknown = [file.path for file in files if file.path not in self._digests]
        there = self._target.marks(unknown) if unknown else {}
        wanted: list[File] = []
        for file in files:
            if file.path in there and self._target.is_same(file, there[file.path]):
                self._remember(file, there[file.path])
            else:
                wanted.append(file)
        if self._target.writers == 1:
            for file in wanted:
                self._remember(file, self._target.write(file))
        else:
            with ThreadPoolExecutor(self._target.writers) as pool:
                for file, mark in zip(wanted, pool.map(self._target.write, wanted), strict=True):
                    self._remember(file, mark)
        return len(wanted)

    def _remember(self, file: File, mark: Mark) -> None:
        self._digests[file.path], self._marks[file.path] = file.digest, mark

    def _look(self) -> None:
        """Look for every file; forget those that are not as they were written, which then are owed again."""
        there = self._target.marks(self._marks, anew=True)
        lost = [path for path, mark in self._marks.items() if there.get(path) != mark]
        for path in lost:
            del self._marks[path], self._digests[path]
        self._looked_at = time.monotonic()
        self._owed.everything = bool(lost)
        if lost:
            self._say(f"{self._slug}: {len(lost):,} files are missing or were changed, and are written again.")

    def _is_alone(self) -> bool:
        with self._store.reading() as connection:
            return len(log.heads(connection)) == 1
