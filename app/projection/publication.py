"""What one night publishes: its fold, its public log, and the channels whose fragments pages and pushes share."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.alerts import Alert, alerts_of
from app.domain.declarations import CatalogueChange, Entry
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.series import ScoreChange, opening_scores, score_change
from app.domain.ticker import Change
from app.live.channels import Channel
from app.live.hub import Hub
from app.live.lists import Copy, html_of
from app.pages.environment import CannotBeShown, showing
from app.pages.rendering import Rendering
from app.process.turns import Steps, Turns, at_once
from app.projection.history import History
from app.projection.opening import rendered
from app.projection.rows import RowsKept
from app.store.folding import Made
from app.wording.control import flash_of

logger = logging.getLogger(__name__)

Topic = tuple[str | None, str]
"""What a channel is about: a council by its id, or the overview (None), under a convention, by its key."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry of the public log: the entry, the body as posted, and what it did in the default convention.

    ``flipped``: a gain appeared or vanished. ``council_ids`` are those that it is about. ``change`` is kept of what
    revises something, or adds votes, alone. ``alerts`` are what programs are told of it.
    """

    entry: Entry
    body: Mapping[str, Any]
    flash: str | None
    flipped: bool = False
    council_ids: frozenset[str] = frozenset()
    change: Change | None = None
    alerts: tuple[Alert, ...] = ()


@dataclass(slots=True)
class Published:
    """What a batch of entries touched."""

    councils: dict[str, int] = field(default_factory=dict)
    """Council id -> the last entry about it."""
    contests: dict[str, set[str]] = field(default_factory=dict)
    """Council id -> ballot ids."""
    redrawn: set[str | None] = field(default_factory=set)
    """Councils (None: the dashboard) of which a change of the catalogue may have touched every part."""

    def add(self, change: Change) -> None:
        """Note what ``change`` touched."""
        for move in change.moves:
            self.councils[move.council_id] = change.entry.seq
            touched = {ballot_id for ballot_id, (_, now) in move.contests.items() if now is not None}
            self.contests.setdefault(move.council_id, set()).update(touched)
        if isinstance(change.entry.declaration, CatalogueChange):
            self.redrawn |= {None, *(move.council_id for move in change.moves)}

    def clear(self) -> None:
        self.councils.clear()
        self.contests.clear()
        self.redrawn.clear()


class Publication:
    """One election in one process. Lives on the event loop's thread.

    Channels open when somebody first asks for them, so that a night of three hundred councils starts at once; from then
    on each entry renders what it touched in the open ones, and nothing else.

    ``night`` and ``log`` are what is shown. They go on once every open channel has gone on: whoever has been told of a
    sequence by ``night`` finds nothing older in the channels, though others may be heard between any two of them.
    """

    def __init__(
        self, election: Election, epoch: str, *, rendering: Rendering, hub: Hub | None = None, opening: str = ""
    ) -> None:
        """``opening`` names the catalogue that the log begins with, which may be another before the first entry.

        Without a ``hub`` the channels are as current, and nobody is told.
        """
        self.epoch = epoch
        self._opened_with = opening
        self.night = Night.before_first(election)
        self.log: list[LogLine] = []
        self.folded = self.night
        """The night after everything that has been folded, of which the newest may not be shown yet."""
        self._unshown: list[LogLine] = []
        self.score_changes: list[ScoreChange] = [opening_scores(self.night)]
        """Of the scoreboard, up to what has been folded."""
        self.history = History(self.night)
        self.rows = RowsKept(rendering)
        self._hub = hub
        self._rendering = rendering
        self._channels: dict[Topic, Channel] = {}
        self._opening: dict[Topic, asyncio.Task[Channel]] = {}
        self.unshown: dict[Topic, str] = {}
        """What is wrong with the channels that cannot be shown."""
        self._is_succeeded = False

    @property
    def election(self) -> Election:
        return self.night.election

    @property
    def seq(self) -> int:
        """The newest entry that is shown."""
        return self.night.seq

    def version(self, seq: int | None = None) -> str:
        """What tells the night at entry ``seq`` (without one: the newest shown) from any other there was or will be."""
        at = self.seq if seq is None else seq
        return f"{self.epoch}.{at}" if at else f"{self.epoch}.0.{self._opened_with}"

    # The log's side

    def begin(self, lines: Iterable[tuple[Entry, Mapping[str, Any]]]) -> None:
        """Show the night as it is after these entries, oldest first, before anybody has asked for anything.

        Raises UnreadableEntry, and shows it as it is before that.
        """
        try:
            self.fold(lines, Published())
        finally:
            self._show()

    def fold(self, lines: Iterable[tuple[Entry, Mapping[str, Any]]], published: Published) -> None:
        """Take entries in, oldest first, without showing them yet; ``published`` notes what they touch.

        Those that are in already are left alone. Raises UnreadableEntry, and has taken in those before it.
        """
        for entry, body in lines:
            if entry.seq <= self.folded.seq:
                continue
            self._note(*self.folded.told(entry), body, published)

    def take(self, made: Made, published: Published) -> None:
        """The same of an entry that was made here; it is not folded again where it was made from what is folded."""
        if made.before.night is self.folded:
            self._note(made.after.night, made.change, made.body, published)
        else:
            self.fold([(made.entry, made.body)], published)

    def _note(self, after: Night, change: Change, body: Mapping[str, Any], published: Published) -> None:
        before, entry, convention = self.folded, change.entry, after.election.convention
        self.folded = after
        self.history.note(after)
        scored = score_change(before, after, entry)
        self.score_changes += [scored] if scored is not None else []
        touched = frozenset(move.council_id for move in change.moves if move.is_about(entry))
        told = change if entry.is_revision or change.adds_votes else None
        flash = flash_of(after.election, change, convention)
        alerts = alerts_of(change, convention, of_seats=after.election.is_of_seats)
        self._unshown.append(LogLine(entry, body, flash, change.flipped(convention), touched, told, alerts))
        published.add(change)

    def publish(self, published: Published) -> Steps[None]:
        """Render and send what ``published`` touched, and show what has been folded.

        Yields between channels, one of which may be opened meanwhile. One that cannot be rendered is closed, and harms
        no other.
        """
        contests: dict[str, dict[str, str]] = {}
        done: set[Topic] = set()
        while waiting := [topic for topic in self._touched(published) if topic not in done]:
            for council_id, key in waiting:
                done.add((council_id, key))
                if not self._is_of(self.folded.election, (council_id, key)):
                    self._close_channel((council_id, key))
                    continue
                convention = self.folded.election.conventions[key]
                with self._careful(council_id, key):
                    if council_id in published.redrawn:
                        seq, fragments = yield from rendered(lambda: self.folded, self._rendering, council_id, key)
                    elif council_id is None:
                        seq, fragments = self.folded.seq, self._of_night(published, convention)
                    else:
                        if council_id not in contests:
                            contests[council_id] = self._contests(published.contests[council_id])
                        head = self._rendering.council_head(self.folded, council_id, convention)
                        seq, fragments = published.councils[council_id], {**head, **contests[council_id]}
                    self._update((council_id, key), seq, fragments, are_all=council_id in published.redrawn)
                yield
        self._show()
        self._tell_head()

    def _show(self) -> None:
        self.night = self.folded
        self.log += self._unshown
        self._unshown = []

    def _update(self, topic: Topic, seq: int, fragments: Mapping[str, Copy], *, are_all: bool) -> None:
        if self._hub is not None:
            self._hub.update(self.name(*topic), seq, fragments, are_all=are_all)
        else:
            self._channels[topic].update(seq, fragments, are_all=are_all)

    def _tell_head(self) -> None:
        if self._hub is not None:
            self._hub.head(self.election.slug, self.seq, self.epoch)

    def _close(self, name: str) -> None:
        if self._hub is not None:
            self._hub.close(name)

    def _touched(self, published: Published) -> Iterator[Topic]:
        """The open channels that ``published`` is about and that are not there yet: councils, then the overview's."""
        for council_id, seq in (*published.councils.items(), (None, self.folded.seq)):
            for key in {**self.election.conventions, **self.folded.election.conventions}:
                channel = self._channels.get((council_id, key))
                if channel is not None and channel.seq < seq:
                    yield council_id, key

    def _of_night(self, published: Published, convention: Convention) -> dict[str, Copy]:
        """What ``published`` can have changed on the dashboard."""
        fragments = dict(self._rendering.night(self.folded, convention, self.night))
        for council_id in published.councils:
            fragments |= self.rows.row(self.folded, council_id, convention)
        return fragments

    def _contests(self, ballot_ids: Iterable[str]) -> dict[str, str]:
        """The fragments of some contests."""
        fragments: dict[str, str] = {}
        for ballot_id in sorted(ballot_ids):
            fragments |= self._rendering.contest(self.folded, ballot_id)
        return fragments

    # The readers' side

    def at(self, seq: int) -> Steps[Night]:
        """The night as it stood after entry ``seq``, one of those that are shown; 0 is before the first.

        On any thread.
        """
        newest = self.night
        night = newest if seq == newest.seq else self.history.before(seq)
        for line in self.log[night.seq : seq]:
            night, _ = night.told(line.entry)
            yield
        return night

    def time_of(self, seq: int) -> datetime | None:
        """When entry ``seq`` was announced; None before the first."""
        return self.log[seq - 1].entry.at if seq else None

    def fragments_at(
        self, night: Night, council_id: str | None, convention: Convention, parts: Iterable[str]
    ) -> Steps[dict[str, str]]:
        """The fragments of a channel as they were shown at ``night``: of its ``parts``, and of the whole.

        ``parts`` are contests of a council, or (None) councils on the overview. What has been rendered of the past may
        be taken again, as it was.
        """
        rendering = self._rendering
        if council_id is None:
            whole = rendering.night(night, convention)
        else:
            whole = rendering.council_head(night, council_id, convention)
        fragments = {element: html_of(copy) for element, copy in whole.items()}
        yield
        for part in parts:
            is_row = council_id is None
            fragments |= self.rows.row(night, part, convention) if is_row else rendering.contest(night, part)
            yield
        return fragments

    def open_channel(self, council_id: str | None, convention: Convention) -> Channel | None:
        """The channel of a council, or of the overview (None), where somebody has asked for it before."""
        return self._channels.get((council_id, convention.key))

    def channel(self, council_id: str | None, convention: Convention) -> Channel:
        """The same, opened if it must be; raises UnknownCouncil and CannotBeShown."""
        if council_id is not None:
            self.election.council(council_id)
        return self.open_channel(council_id, convention) or at_once(self._opened(council_id, convention))

    def opening(self, turns: Turns, council_id: str | None, convention: Convention) -> "asyncio.Task[Channel]":
        """The same, opened in ``turns``, once for all who ask meanwhile; UnknownCouncil is raised at once.

        Shield it: whoever goes away takes it from nobody else.
        """
        if council_id is not None:
            self.election.council(council_id)
        topic = (council_id, convention.key)
        if topic not in self._opening:
            opening = asyncio.create_task(turns.through(self._opened(council_id, convention)))
            self._opening[topic] = opening
            opening.add_done_callback(lambda _: self._opening.pop(topic, None))
        return self._opening[topic]

    def close(self) -> None:
        """Take every channel back: the election is shown no more."""
        for council_id, key in self.open_channels:
            self._close(self.name(council_id, key))

    @property
    def open_channels(self) -> list[Topic]:
        """Every channel that somebody has asked for."""
        return list(self._channels)

    def name(self, council_id: str | None, convention: str) -> str:
        """The channel's name in the hub; ``convention`` is a key."""
        topic = "overview" if council_id is None else f"council/{council_id}"
        return f"{self.election.slug}/{topic}/{convention}"

    def _opened(self, council_id: str | None, convention: Convention) -> Steps[Channel]:
        """Render a channel and offer it; unless somebody who could not wait has done so meanwhile.

        Where another publication has come in the place of this one, the channel is good for one page, and not offered.
        """
        with self._showing(council_id, convention.key):
            channel = yield from self._rendered(council_id, convention.key)
        self.unshown.pop((council_id, convention.key), None)
        topic = (council_id, convention.key)
        if self._is_succeeded:
            return channel
        if topic not in self._channels:
            if self._hub is not None:
                self._hub.open(channel, group=self.election.slug)
            self._channels[topic] = channel
        return self._channels[topic]

    def _rendered(self, council_id: str | None, key: str) -> Steps[Channel]:
        """A channel as the night is shown at the end, whatever is declared between any two of its parts."""
        seq, fragments = yield from rendered(lambda: self.night, self._rendering, council_id, key)
        return Channel(self.name(council_id, key), epoch=self.epoch, seq=seq, fragments=fragments)

    # Another log, or another catalogue

    def prepare(self, predecessor: "Publication") -> Steps[None]:
        """Render the channels that ``predecessor`` has open, while it goes on being shown; those that can be."""
        while missing := [it for it in predecessor.open_channels if self._is_missing(it)]:
            for council_id, key in missing:
                with contextlib.suppress(CannotBeShown), self._showing(council_id, key):
                    channel = yield from self._rendered(council_id, key)
                    yield
                    # Made now, it need not be made while everybody waits for it.
                    channel.snapshot()
                    self._channels[council_id, key] = channel
                yield

    def take_over(self, predecessor: "Publication") -> Steps[None]:
        """Put these channels in the place of those of ``predecessor``, which is not gone on with: all get a snapshot.

        Those of a council or a convention that there is no more, or that cannot be shown, are closed. When this ends,
        every channel that was open has been followed by one of these.
        """
        done: set[Topic] = set()
        while waiting := [topic for topic in predecessor.open_channels if topic not in done]:
            yield from self.prepare(predecessor)
            for topic in waiting:
                done.add(topic)
                if topic not in self._channels:
                    self._close(predecessor.name(*topic))
                elif self._hub is not None:
                    self._hub.replace(self._channels[topic])
                yield
        predecessor._is_succeeded = True  # noqa: SLF001  # one of its own kind
        self._tell_head()

    def _is_missing(self, topic: Topic) -> bool:
        """Whether there can be such a channel, and is none yet."""
        return self._is_of(self.election, topic) and topic not in self._channels and topic not in self.unshown

    @staticmethod
    def _is_of(election: Election, topic: Topic) -> bool:
        """Whether there can be such a channel in ``election``."""
        council_id, key = topic
        return key in election.conventions and (council_id is None or council_id in election.councils)

    # What cannot be shown

    def check_shown(self, body: Mapping[str, Any]) -> None:
        """Raises CannotBeShown where what ``body`` declares would come into what cannot be shown.

        Corrections and withdrawals may be what mends that.
        """
        if "replaces" in body or "since" in body:
            return
        contest = self.election.contests.get(body.get("ballot_id", ""))
        about = contest.council_id if contest is not None else body.get("council_id")
        for (council_id, _), told in self.unshown.items():
            if council_id in (None, about):
                raise CannotBeShown(told)

    @contextlib.contextmanager
    def _careful(self, council_id: str | None, key: str) -> Iterator[None]:
        """Have what cannot be rendered of an open channel close that one, and nothing else."""
        try:
            with self._showing(council_id, key):
                yield
        except CannotBeShown:
            self._close_channel((council_id, key))

    def _close_channel(self, topic: Topic) -> None:
        del self._channels[topic]
        self._close(self.name(*topic))

    def _showing(self, council_id: str | None, key: str) -> AbstractContextManager[None]:
        """Note, and tell once, what cannot be rendered of a channel."""

        def tell(told: str, error: Exception) -> None:
            if self.unshown.get((council_id, key)) != told:
                logger.critical(
                    "%s. Other pages are. Load the bundle again, or correct the entry.", told, exc_info=error
                )
            self.unshown[council_id, key] = told

        return showing(f"{council_id or 'The dashboard'} of “{self.election.slug}” ({key})", tell)
