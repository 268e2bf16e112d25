"""What one night publishes: its fold, its public log, and the channels whose fragments pages and pushes share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.domain.declarations import Entry
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.ticker import Change
from app.live.channels import Channel
from app.live.hub import Hub


class Rendering(Protocol):
    """How a night becomes fragments: element id -> HTML of that one element, in the order of the page."""

    def overview(self, night: Night, convention: Convention) -> Mapping[str, str]:
        """All of the dashboard."""

    def night(self, night: Night, convention: Convention, since: Night) -> Mapping[str, str]:
        """Those of the dashboard that are about the whole night and can differ from what they were at ``since``."""

    def row(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        """A council on the dashboard."""

    def council(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        """All of a council's page, its contests included."""

    def council_head(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        """Those of a council's page that are about the council."""

    def contest(self, night: Night, ballot_id: str) -> Mapping[str, str]:
        """One contest, on its council's page and on its own: the same under every convention."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry of the public log: the entry, the body as posted, and what it did in the default convention.

    ``flipped``: a gain appeared or vanished. ``change`` is kept of corrections and withdrawals alone.
    """

    entry: Entry
    body: Mapping[str, Any]
    flash: str | None
    flipped: bool = False
    change: Change | None = None


@dataclass(slots=True)
class Published:
    """What a batch of entries touched."""

    councils: dict[str, int] = field(default_factory=dict)
    """Council id -> the last entry about it."""
    contests: dict[str, set[str]] = field(default_factory=dict)
    """Council id -> ballot ids."""

    def add(self, entry: Entry) -> None:
        if entry.council_id is None:
            return
        self.councils[entry.council_id] = entry.seq
        ballots = self.contests.setdefault(entry.council_id, set())
        if entry.ballot_id is not None:
            ballots.add(entry.ballot_id)

    def clear(self) -> None:
        self.councils.clear()
        self.contests.clear()


class Publication:
    """One election in one process. Lives on the event loop's thread.

    Channels open when somebody first asks for them, so that a night of three hundred councils starts at once; from then
    on each entry renders what it touched in the open ones, and nothing else.
    """

    def __init__(self, election: Election, epoch: str, *, hub: Hub, rendering: Rendering) -> None:
        self.epoch = epoch
        self.night = Night.before_first(election)
        self._shown = self.night
        self.log: list[LogLine] = []
        self._hub = hub
        self._rendering = rendering
        self._channels: dict[tuple[str | None, str], Channel] = {}

    @property
    def election(self) -> Election:
        return self.night.election

    @property
    def seq(self) -> int:
        return self.night.seq

    def fold(self, lines: Iterable[tuple[Entry, Mapping[str, Any]]], published: Published) -> None:
        """Take entries in, oldest first, without telling anybody yet; ``published`` notes what they touch."""
        for entry, body in lines:
            self.night, change = self.night.apply(entry)
            flash, flipped = change.flash(self.election.convention), change.flipped(self.election.convention)
            self.log.append(LogLine(entry, body, flash, flipped, change if entry.replaces else None))
            published.add(entry)

    def publish(self, published: Published) -> Iterable[None]:
        """Render and send what ``published`` touched. Yields between channels: the caller may let others run."""
        for council_id, seq in published.councils.items():
            contests: dict[str, str] = {}
            for convention in self.election.conventions.values():
                # A channel that was opened since the fold has it all already.
                if self._is_behind(council_id, convention, seq):
                    contests = contests or self._contests(published.contests[council_id])
                    head = self._rendering.council_head(self.night, council_id, convention)
                    self._hub.update(self.name(council_id, convention.key), seq, {**head, **contests})
                    yield
        for convention in self.election.conventions.values():
            if self._is_behind(None, convention, self.seq):
                fragments = dict(self._rendering.night(self.night, convention, self._shown))
                for council_id in published.councils:
                    fragments |= self._rendering.row(self.night, council_id, convention)
                self._hub.update(self.name(None, convention.key), self.seq, fragments)
                yield
        self._shown = self.night
        self._hub.head(self.election.slug, self.seq, self.epoch)

    def channel(self, council_id: str | None, convention: Convention) -> Channel:
        """The channel of a council, or of the overview (None); raises UnknownCouncil."""
        key = (council_id, convention.key)
        if key not in self._channels:
            channel = self._rendered(council_id, convention)
            self._hub.open(channel, group=self.election.slug)
            self._channels[key] = channel
        return self._channels[key]

    def take_over(self, predecessor: "Publication") -> None:
        """Open the channels that ``predecessor`` has open, of another log or catalogue: every watcher starts afresh.

        Those of a council or a convention that there is no more are closed.
        """
        for council_id, key in predecessor.open_channels:
            convention = self.election.conventions.get(key)
            if convention is not None and (council_id is None or council_id in self.election.councils):
                self._channels[council_id, key] = self._rendered(council_id, convention)
                self._hub.replace(self._channels[council_id, key])
            else:
                self._hub.close(predecessor.name(council_id, key))
        self._hub.head(self.election.slug, self.seq, self.epoch)

    def close(self) -> None:
        """Take every channel back: the election is shown no more."""
        for council_id, key in self.open_channels:
            self._hub.close(self.name(council_id, key))

    @property
    def open_channels(self) -> list[tuple[str | None, str]]:
        """Council id (None: the overview) and convention of every channel that somebody has asked for."""
        return list(self._channels)

    def name(self, council_id: str | None, convention: str) -> str:
        """The channel's name in the hub; ``convention`` is a key."""
        topic = "overview" if council_id is None else f"council/{council_id}"
        return f"{self.election.slug}/{topic}/{convention}"

    def _contests(self, ballot_ids: Iterable[str]) -> dict[str, str]:
        """The fragments of some contests."""
        fragments: dict[str, str] = {}
        for ballot_id in sorted(ballot_ids):
            fragments |= self._rendering.contest(self.night, ballot_id)
        return fragments

    def _is_behind(self, council_id: str | None, convention: Convention, seq: int) -> bool:
        channel = self._channels.get((council_id, convention.key))
        return channel is not None and channel.seq < seq

    def _rendered(self, council_id: str | None, convention: Convention) -> Channel:
        if council_id is None:
            seq, fragments = self.night.seq, self._rendering.overview(self.night, convention)
        else:
            self.election.council(council_id)
            last = self.night.councils[council_id].last
            seq = last.seq if last is not None else 0
            fragments = self._rendering.council(self.night, council_id, convention)
        return Channel(self.name(council_id, convention.key), epoch=self.epoch, seq=seq, fragments=fragments)
