"""Who is let in to watch: what sockets and streams of a server share."""

import asyncio
import re
import socket
import sys
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from app.live.frames import CloseCode
from app.live.hub import Hub
from app.live.watcher import Watcher

_SEQUENCE = re.compile(r"[0-9]{1,18}")
_EPOCH = re.compile(r"[!-~]{1,64}")

# What the kernel holds for a connection that isn't read, in bytes, and how long until it gives up, in milliseconds.
_SEND_BUFFER = 65536
_USER_TIMEOUT = 20_000


class Refusal(NamedTuple):
    """Why somebody is not let in, as an HTTP status and a line of text."""

    status: HTTPStatus
    text: str


class Opening(NamedTuple):
    """A channel by its name, and what has to be done until it is open."""

    channel: str
    done: asyncio.Future[Any]


class Admitted(NamedTuple):
    """What a request is let in to watch, and the entry up to which it was told."""

    channel: str
    epoch: str | None
    since: int | None
    opened: asyncio.Future[Any] | None = None


# (slug, council id or None for the overview, convention or None for the election's own) -> the channel's name
Resolve = Callable[[str, str | None, str | None], str | Opening | Refusal]
# (slug, convention or None) -> the name of its channel of events
ResolveEvents = Callable[[str, str | None], str | Opening | Refusal]


def no_events(slug: str, convention: str | None) -> Refusal:  # noqa: ARG001  # as all that resolve
    """Where nothing but fragments is told."""
    return Refusal(HTTPStatus.NOT_FOUND, "there are no events here")


class Gate:
    """Lets requests in, and counts them.

    ``resolve`` says which channel a path means, or why there is none; ``events`` which channel of events. From one
    address at most ``per_address`` connections are open at a time, as many as like with 0. Behind a proxy all have its
    address: leave the counting to it. Where there are more than ``crowded_from`` connections, of whatever kind, nobody
    else is let in.
    """

    def __init__(
        self,
        hub: Hub,
        resolve: Resolve,
        *,
        events: ResolveEvents = no_events,
        per_address: int = 0,
        crowded_from: int = sys.maxsize,
    ) -> None:
        """Nobody is in."""
        self.hub = hub
        self._resolve = resolve
        self._events = events
        self._per_address = per_address
        self._crowded_from = crowded_from
        self._inside: Counter[str] = Counter()

    def enter(self, live: re.Match[bytes], address: str, connections: int) -> Admitted | Refusal:
        """Let a request for a socket in that ``live`` matches, and count it, or say why not."""
        crowded = self._crowded(address, connections)
        if crowded is not None:
            return crowded
        named = _named(live)
        try:
            convention, epoch, since, form = _read(named["query"], "convention", "epoch", "since", "format")
            sequence = _sequence(since)
            _check_epoch(epoch)
        except ValueError as error:
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        slug, council_id = unquote(named["slug"]), unquote(named.get("council_id", "")) or None
        if form is None:
            found = self._resolve(slug, council_id, convention)
        elif form == "json" and council_id is None:
            found = self._events(slug, convention)
        else:
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "format: “json”, and of the whole election alone")
        return self._admitted(found, address, epoch, sequence)

    def enter_stream(
        self, live: re.Match[bytes], told: str | None, address: str, connections: int
    ) -> Admitted | Refusal:
        """The same of a request for a stream, whose ``Last-Event-ID`` is ``told``."""
        crowded = self._crowded(address, connections)
        if crowded is not None:
            return crowded
        named = _named(live)
        try:
            convention, last = _read(named["query"], "convention", "last")
            epoch, sequence = _position(last if told is None else told)
        except ValueError as error:
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        return self._admitted(self._events(unquote(named["slug"]), convention), address, epoch, sequence)

    def _admitted(
        self, found: str | Opening | Refusal, address: str, epoch: str | None, since: int | None
    ) -> Admitted | Refusal:
        if isinstance(found, Refusal):
            return found
        channel, opened = found if isinstance(found, Opening) else (found, None)
        if self._per_address:
            self._inside[address] += 1
        return Admitted(channel, epoch, since, opened)

    def _crowded(self, address: str, connections: int) -> Refusal | None:
        """Why there is no room for one more; None where there is."""
        if connections > self._crowded_from:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "as many are watching as this server has room for")
        if self._per_address and self._inside[address] >= self._per_address:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many live connections from this address")
        return None

    def exit(self, address: str) -> None:
        """A connection from ``address`` is gone."""
        if self._per_address:
            self._inside[address] -= 1
            if not self._inside[address]:
                del self._inside[address]


class Visitor(Watcher):
    """A watcher among uvicorn's connections."""

    __slots__ = ("_address", "_connections", "_gate")

    def __init__(
        self, gate: Gate, transport: asyncio.Transport, window: int, *, connections: set[Any], address: str
    ) -> None:
        """Known to uvicorn, so that its shutdown reaches it; ``address`` is counted already."""
        super().__init__(gate.hub, transport, window)
        self._gate = gate
        self._address = address
        self._connections = connections
        connections.add(self)

    def join(self, entry: Admitted) -> None:
        """Begin to watch. Where the channel could not be opened, or has been closed since, it is said goodbye."""
        try:
            self._gate.hub.join(entry.channel, self, epoch=entry.epoch, since=entry.since)
        except KeyError:
            # Who comes back is told what there is instead.
            self.close(CloseCode.RESTARTING)
            return
        # What the kernel doesn't take sets the watcher aside: after joining, then, as that may be now. (Not 0: plain
        # transports pause above the limit, asyncio's for TLS at it.)
        self.transport.set_write_buffer_limits(high=1)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave uvicorn too."""
        super().connection_lost(exc)
        self._connections.discard(self)
        self._gate.exit(self._address)

    def shutdown(self) -> None:
        """The server stops: uvicorn says so to each of its connections."""
        self.close(CloseCode.RESTARTING)


def tune(transport: asyncio.Transport) -> None:
    """Have the kernel hold little for who doesn't read, send at once, and notice when nobody is there."""
    peer = transport.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    if peer.family in (socket.AF_INET, socket.AF_INET6):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if sys.platform == "linux":
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT)


def when_open(entry: Admitted, go_on: Callable[[], None]) -> bool:
    """Have ``go_on`` called once the channel is open or could not be opened; False where it is open already."""
    if entry.opened is None:
        return False

    def opened(done: asyncio.Future[Any]) -> None:
        if not done.cancelled():
            done.exception()  # Told by who tried: asked for, it is not told by asyncio as well.
        go_on()

    entry.opened.add_done_callback(opened)
    return True


def _named(live: re.Match[bytes]) -> dict[str, str]:
    return {name: (part or b"").decode("latin-1") for name, part in live.groupdict().items()}


def _read(query: str, *names: str) -> list[str | None]:
    """The values of ``names``, None where one isn't given. Raises ValueError where one is given twice."""
    fields = parse_qs(query, keep_blank_values=True, max_num_fields=16)
    for name in names:
        if len(fields.get(name, [])) > 1:
            raise ValueError(f"{name}: given more than once")
    return [fields[name][0] if name in fields else None for name in names]


def _sequence(since: str | None) -> int | None:
    if since is not None and not _SEQUENCE.fullmatch(since):
        raise ValueError("since: a sequence, in decimal digits")
    return None if since is None else int(since)


def _check_epoch(epoch: str | None) -> None:
    if epoch is not None and not _EPOCH.fullmatch(epoch):
        raise ValueError("epoch: at most 64 visible ASCII characters")


def _position(told: str | None) -> tuple[str | None, int | None]:
    """The id of an event, as it was told; (None, None) for none. Raises ValueError."""
    if not told:
        return None, None
    epoch, _, seq = told.rpartition(".")
    if not _EPOCH.fullmatch(epoch) or not _SEQUENCE.fullmatch(seq):
        raise ValueError("last: the id of an event, as it was told")
    return epoch, int(seq)
