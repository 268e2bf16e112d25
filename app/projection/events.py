"""The events of one night, told to whoever listens once the night is shown to that entry.

Nothing is told, or made, before somebody has asked for it under a convention. Then the newest entries are gone through
again: so whoever was told by another process, or by this one before it was started anew, is sent what it missed.
"""

import asyncio
import logging
from collections.abc import Iterator
from functools import partial

from app.api.events import changes, reset_view
from app.api.values import JsonObject, entry_view, marked
from app.domain.election import Convention
from app.domain.night import Night
from app.live.events import RESET, VERSION, EventChannel
from app.live.hub import Hub
from app.process.strict_json import compact_json
from app.process.turns import Steps, Turns
from app.projection.publication import LogLine, Publication

logger = logging.getLogger(__name__)

MOST_ENTRIES = 256
"""Entries that are gone through when a channel is opened: about as many as one keeps the events of."""


class NightEvents:
    """The event channels of ``publication``, by convention. Lives on the event loop's thread.

    In a ``rehearsal`` every event says so.
    """

    def __init__(self, publication: Publication, *, hub: Hub | None = None, rehearsal: bool = False) -> None:
        """Nobody listens. Without a ``hub`` nobody can."""
        self._publication = publication
        self._hub = hub
        self._rehearsal = rehearsal
        self._channels: dict[str, EventChannel] = {}
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._told = publication.night
        self._is_over = False

    def name(self, convention: Convention) -> str:
        """The channel's name in the hub."""
        return f"{self._publication.election.slug}/events/{convention.key}"

    def is_open(self, convention: Convention) -> bool:
        return convention.key in self._channels

    def opening(self, turns: Turns, convention: Convention) -> "asyncio.Task[None]":
        """Open a channel in ``turns``, once for all who ask meanwhile."""
        key = convention.key
        if key not in self._opening:
            opening = asyncio.create_task(turns.through(self._opened(convention)))
            self._opening[key] = opening
            opening.add_done_callback(lambda _: self._opening.pop(key, None))
        return self._opening[key]

    def tell(self) -> Steps[None]:
        """Tell what has been shown since this was called last, an entry at a time."""
        shown = self._publication.night
        while self._channels and self._told.seq < shown.seq:
            line = self._publication.log[self._told.seq]
            before = self._told
            # What comes alone, as it does mostly, needs no second fold.
            self._told = shown if line.entry.seq == shown.seq else before.told(line.entry)[0]
            for key, channel in list(self._channels.items()):
                if channel.seq < line.entry.seq:
                    self._tell_one(key, before, line)
                yield
        self._told = shown

    def take_over(self, predecessor: "NightEvents") -> None:
        """Put these channels in the place of those of ``predecessor``, which tells no more: all get a reset."""
        self._told = self._publication.night
        for key, channel in predecessor.handed_over().items():
            convention = self._publication.election.conventions.get(key)
            if self._hub is None or convention is None:
                self._close(channel)
            else:
                self._channels[key] = self._channel(convention, self._publication.seq)
                self._hub.replace(self._channels[key])

    def handed_over(self) -> dict[str, EventChannel]:
        """The channels, for who takes them over: nothing is told by this any more."""
        self._is_over = True
        channels, self._channels = self._channels, {}
        return channels

    def close(self) -> None:
        """Tell no more: whoever listens is let go."""
        for channel in self.handed_over().values():
            self._close(channel)

    def _tell_one(self, key: str, before: Night, line: LogLine) -> None:
        """Tell on one channel what ``line`` did. One that cannot go on is closed, and harms no other."""
        assert self._hub is not None
        convention = self._told.election.conventions.get(key)
        try:
            if convention is not None:
                self._hub.tell(
                    self._channels[key], line.entry.seq, list(self._events(before, line, self._told, convention))
                )
                return
        except Exception:
            logger.exception("what entry %d did cannot be told", line.entry.seq)
        self._close(self._channels.pop(key))

    def _opened(self, convention: Convention) -> Steps[None]:
        """Go through the newest entries, and offer their events with what is told from now on."""
        publication = self._publication
        night = yield from publication.at(max(0, publication.seq - MOST_ENTRIES))
        channel = self._channel(convention, night.seq)
        while night.seq < publication.seq:
            line = publication.log[night.seq]
            before, (night, _) = night, night.told(line.entry)
            channel.tell(line.entry.seq, list(self._events(before, line, night, convention)))
            yield
        if self._hub is not None and not self._is_over and convention.key not in self._channels:
            if not self._channels:
                self._told = night
            self._hub.open(channel, group=publication.election.slug)
            self._channels[convention.key] = channel

    def _channel(self, convention: Convention, seq: int) -> EventChannel:
        return EventChannel(
            self.name(convention), epoch=self._publication.epoch, seq=seq, reset=partial(self._reset, convention)
        )

    def _events(
        self, before: Night, line: LogLine, after: Night, convention: Convention
    ) -> Iterator[tuple[str, bytes]]:
        """What ``line`` did, each event as JSON."""
        seq, epoch = line.entry.seq, self._publication.epoch
        yield "entry", self._told_as("entry", seq, convention, {"entry": entry_view(line.body, line.entry, line.flash)})
        for kind, view in changes(before, after, convention, epoch=epoch):
            yield kind, self._told_as(kind, seq, convention, view)

    def _reset(self, convention: Convention, seq: int) -> bytes:
        view = reset_view(self._publication.election.slug, seq, convention, epoch=self._publication.epoch)
        return self._told_as(RESET, seq, convention, view)

    def _told_as(self, kind: str, seq: int, convention: Convention, view: JsonObject) -> bytes:
        head = {"v": VERSION, "event": kind, "seq": seq, "epoch": self._publication.epoch, "convention": convention.key}
        return compact_json(marked({**head, **view}, rehearsal=self._rehearsal)).encode()

    def _close(self, channel: EventChannel) -> None:
        if self._hub is not None:
            self._hub.close(channel.name)
