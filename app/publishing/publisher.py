"""Follows an election's log in the database and keeps its files current: what has changed first, pictures last.

The database is read and nothing else: no server has to run. What is written is remembered, beside the files as well, so
that only what changed is made and written again; once a minute every file is looked for, and what is missing or
another's is written afresh.
"""

import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

from jinja2 import Environment

from app.api.values import listed_election_view
from app.domain.errors import DomainError
from app.drawing.drawer import Drawer, NotDrawn
from app.pages.environment import CannotBeShown
from app.process.pauses import Pauses
from app.publishing.kept import KeptFiles
from app.publishing.notes import ELECTIONS, elections_listed, note
from app.publishing.owing import How, Owing
from app.publishing.parts import NIGHT, PartKind, SitePart
from app.publishing.site import files_of
from app.publishing.targets import CannotPublish, Target
from app.publishing.writer import FileWriter
from app.store.engine import Store
from app.store.errors import StoreError

NOTE_SECONDS = 20.0
"""Between two notes that all is as it should be, when nothing has changed."""
LOOK_SECONDS = 60.0
"""Between two looks at every file."""
TURN_SECONDS = 0.5
"""For what is less urgent than pages, before it is asked whether pages are out of date."""
FIRST_PAUSE = 2.0
"""Seconds between two tries where something cannot be reached."""
LAST_PAUSE = 10.0
"""The same at most, after many that failed."""

FAILURES = (CannotPublish, CannotBeShown, StoreError, DomainError, NotDrawn, OSError)


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
        self._slug = slug
        self._how = how
        self._say = say
        self._kept = KeptFiles(target, slug)
        self._writer = FileWriter(target, drawer, self._kept)
        self._owing = Owing(store, slug, self._kept, environment=environment, how=how, say=say)
        self._noted_at = self._looked_at = 0.0
        self._is_following = False

    @property
    def seq(self) -> int:
        """The newest entry that the files tell of, once what is owed has been written."""
        return self._owing.seq

    def once(self) -> int:
        """Write everything that is not there as it should be; how many files that were. Raises one of FAILURES."""
        began = time.monotonic()
        if self._owing.is_read or not self._take_up():
            self._owing.read()
        written = self._write_pages()
        while self._owing.parts:
            written += self._write_next()
        self._save()
        self._tell(written, began)
        return written

    def begin(self) -> None:
        """Write all pages that are not there as they should be, the rest later; raises one of FAILURES."""
        began, self._is_following = time.monotonic(), True
        self._take_up()
        self._owing.read()
        self._tell(self._write_pages(), began)
        self._save()

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
            if rest:
                self.woken.wait(rest)
                self.woken.clear()
        self._is_following = False
        self._end()

    def _round(self) -> bool:
        """Do what is most urgent; whether there is nothing more to do."""
        self._owing.read()
        if any(part.is_page for part in self._owing.parts):
            self._write_changed()
            # However fast a night goes on, what is less urgent has its turn.
            self._write_some()
        elif time.monotonic() - self._noted_at > NOTE_SECONDS:
            self._note()
        elif time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._look()
        elif self._owing.parts:
            self._write_some()
        else:
            return True
        return False

    # Writing

    def _write_pages(self) -> int:
        """The pages that are owed, what of them has changed for those that are open, and then where the night is."""
        kinds = list(PartKind)
        owed = sorted((part for part in self._owing.parts if part.is_page), key=lambda part: kinds.index(part.kind))
        return sum(self._write_part(part) for part in owed) + self._note()

    def _write_part(self, part: SitePart, until: float = math.inf) -> int:
        """How many files were written. What is not done by ``until`` stays owed: pictures take a while."""
        ground = self._owing.ground
        files = files_of(ground, part, self._owing.texts, is_alone=self._owing.is_alone)
        written = self._writer.write(part, files, until)
        if part == NIGHT:
            written += self._writer.write(part, self._owing.changes.go_on(ground))
            own = listed_election_view(ground.election, seq=self.seq, epoch=self._owing.epoch)
            # Among those of the site, of which others may be published by somebody else.
            self._writer.enter(ELECTIONS, lambda before: elections_listed(before, own, rehearsal=self._how.rehearsal))
        if next(files, None) is None:
            self._owing.parts.pop(part, None)
        return written

    def _write_changed(self) -> None:
        written = self._write_pages()
        flash = self._owing.ground.publication.log[-1].flash if self.seq else None
        self._say(f"{self._slug}: entry {self.seq}, {written} files written{f'. {flash}' if flash else ''}")

    def _write_next(self, until: float = math.inf) -> int:
        """The part that has been owed for longest."""
        part = next(iter(self._owing.parts), None)
        return self._write_part(part, until) if part is not None else 0

    def _write_some(self) -> None:
        """The same for a moment, after which there may be news."""
        until = time.monotonic() + TURN_SECONDS
        while self._owing.parts and time.monotonic() < until:
            self._write_next(until)

    def _note(self) -> int:
        """Last of all pages: whoever reads it finds what it speaks of.

        There is nothing to wait for where every council is complete, and nobody follows the log.
        """
        done = not self._is_following and self._owing.is_complete
        written = self._writer.note(note(self._slug, self._owing.epoch, self.seq, datetime.now(UTC), done=done))
        self._noted_at = time.monotonic()
        return written

    def _end(self) -> None:
        """Note that it is done, so that pages do not wait for somebody who is not there."""
        try:
            self._write_pages()
            self._save()
        except FAILURES as error:
            self._say(f"{error} Pages will say that they are not refreshed; publish once more to end that.")

    def _save(self) -> None:
        """Note what is there: for whoever goes on from here, and after the next start."""
        self._owing.note_reached()
        self._kept.save()

    def _take_up(self) -> bool:
        """Go on from what an earlier run has left; whether nothing is owed since then."""
        self._looked_at = time.monotonic()
        return self._owing.take_up()

    def _look(self) -> None:
        """Look for every file; those that are not as they were written are owed again."""
        lost = self._kept.forget_lost()
        self._looked_at = time.monotonic()
        self._owing.add(lost)
        if lost:
            self._say(f"{self._slug}: {len(lost):,} files are missing or were changed, and are written again.")
        self._save()

    def _tell(self, written: int, began: float) -> None:
        told = f"{len(self._kept.files):,} files, {written:,} of them written in {time.monotonic() - began:.1f} s"
        self._say(f"{self._slug}: {told}, at entry {self.seq}.")
