"""What of a site has to be written: by what the log tells, and by what an earlier run has left."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment
from sqlalchemy import Connection

from app.domain.declarations import CatalogueChange
from app.pages.rendering import Renderer
from app.process.turns import at_once
from app.projection.projection import BATCH, BegunAnew, Projection
from app.projection.publication import Published
from app.publishing.changes import ChangesSince
from app.publishing.data import Texts
from app.publishing.ground import Ground
from app.publishing.kept import KeptFiles
from app.publishing.parts import SitePart, all_parts, parts_about
from app.publishing.program import program
from app.store import log
from app.store.engine import Store
from app.store.replica import Logs


@dataclass(frozen=True, slots=True)
class How:
    """How a site is made: its own address, whether it is a rehearsal, and how often the database is looked at."""

    address: str = ""
    rehearsal: bool = False
    poll_seconds: float = 0.5


class Owing:
    """The log of one election as far as it has been read, and the ``parts`` of its site that are owed.

    A part is taken back when it has been written, so that what failed is tried again. ``changes`` and ``texts`` are of
    one catalogue. ``is_alone``: the database has no other election.
    """

    def __init__(  # its parts, each by its name
        self,
        store: Store,
        slug: str,
        kept: KeptFiles,
        *,
        environment: Environment,
        how: How,
        say: Callable[[str], None],
    ) -> None:
        self.parts: dict[SitePart, None] = {}
        self.changes, self.texts = ChangesSince(), Texts()
        self.is_alone = False
        self._store = store
        self._slug = slug
        self._kept = kept
        self._environment = environment
        self._how = how
        self._say = say
        self._projection: Projection | None = None
        self._site = ""
        """What tells the files of this program, with these settings, of this catalogue, from any others."""

    # Where it is: the log as it was read, or, before that, what an earlier run has left.

    @property
    def is_read(self) -> bool:
        return self._projection is not None

    @property
    def seq(self) -> int:
        if self._projection is not None:
            return self._projection.publication.seq
        return self._kept.head.seq if self._kept.head is not None else 0

    @property
    def epoch(self) -> str:
        if self._projection is not None:
            return self._projection.publication.epoch
        return self._kept.head.epoch if self._kept.head is not None else ""

    @property
    def is_complete(self) -> bool:
        """Whether every council is."""
        if self._projection is None:
            return self._kept.is_complete
        done = self._projection.publication.night.all_progress
        return done.councils_complete == done.councils_total

    @property
    def ground(self) -> Ground:
        """What files are made of, from what has been read."""
        publication = self._current.publication
        return Ground(publication, self._environment, self._how.address.rstrip("/"), rehearsal=self._how.rehearsal)

    def note_reached(self) -> None:
        """Have it kept up to where all files tell, where nothing is owed."""
        if self._projection is not None and not self.parts:
            self._kept.reached(self._site, self._projection.folded.head, is_complete=self.is_complete)

    def take_up(self) -> bool:
        """Go on from what an earlier run has left; whether nothing is owed since then."""
        self._kept.read()
        known, lost = self._kept.head, self._kept.forget_lost()
        with self._store.reading() as connection:
            head = log.head(connection, self._slug)
            is_ours = self._kept.site == self._know_site(connection)
            if known is None or not is_ours or not log.holds(connection, self._slug, known, head):
                self._kept.begin_anew(self._site)
                return False
        self.add(lost)
        return not lost and known == head

    def _know_site(self, connection: Connection) -> str:
        self.is_alone = len(log.heads(connection)) == 1
        opening = log.opening_hash(connection, self._slug)
        self._site = f"{program()} {self._how.address} {self._how.rehearsal} {self.is_alone} {opening}"
        return self._site

    def read(self) -> None:
        """Take in what the log holds beyond what is known; begin anew where it is another log.

        A log that is read whole is written as far as it makes sense, before it is told that something in it does not.
        """
        if self._projection is None:
            self._begin_anew(self._kept.head)
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
            with self._store.reading() as connection:
                self._kept.begin_anew(self._know_site(connection))
            self._begin_anew(None)
            return []

    def _begin_anew(self, known: log.Head | None) -> None:
        """Read the whole log. What it tells up to ``known`` is written, but for what is owed already."""
        self._projection = Projection.read(Logs(self._store), self._slug, rendering=Renderer(self._environment))
        self._projection.listeners.append(self._owe_touched)
        publication = self._projection.publication
        since = publication.log[known.seq :] if known is not None else []
        if known is None or any(isinstance(line.entry.declaration, CatalogueChange) for line in since):
            self._owe_all()
        elif since:
            touched = {council_id for line in since for council_id in line.council_ids}
            self.add(parts_about(publication.election, touched))
        else:
            self.changes.begin(self.ground)

    def _owe_touched(self, touched: Published) -> None:
        """What has been touched has to be written again; after a change of the catalogue, all that is not as it was."""
        if touched.redrawn:
            self._owe_all()
        else:
            self.add(parts_about(self._current.publication.election, touched.councils))

    def _owe_all(self) -> None:
        self.changes, self.texts = ChangesSince(), Texts()
        self.parts = dict.fromkeys(all_parts(self._current.publication.election))

    def add(self, parts: Iterable[SitePart]) -> None:
        """What is owed already keeps its turn."""
        for part in parts:
            self.parts.setdefault(part)

    @property
    def _current(self) -> Projection:
        assert self._projection is not None  # read before anything is written
        return self._projection
