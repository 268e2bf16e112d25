"""Running the server: uvicorn with our own protocol for the live sockets, and a clean end."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import uvicorn

from app.connections.gate import Gate, Opening, Refusal
from app.connections.http import HANG_UP, http_protocol
from app.connections.lines import Lines
from app.connections.socket import live_protocol
from app.domain.election import Convention
from app.domain.errors import DomainError, Harmed, UnknownConvention
from app.exercise.running import Exercise
from app.main import create_app
from app.pages.environment import CannotBeShown
from app.process.descriptors import Descriptors
from app.process.failures import CommandFailed
from app.process.logs import keep_logs
from app.projection.publication import Publication
from app.settings import Settings
from app.web.parts import Parts

RECEIVE_BUFFER = 65536
"""Bytes that the kernel takes in for a connection before we read them: so much may come at once, from each."""


class Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready and stops being ready before it stops.

    After the signal it answers for another ``drain_seconds`` as before, but that it is not ready and that connections
    are not to be used again: whoever shares out the requests has turned to others by the time that the port closes.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        on_ready: Callable[[str], None] = lambda _url: None,
        exercise: Exercise | None = None,
    ) -> None:
        self._app = create_app(settings, exercise)
        self._on_ready = on_ready
        self._host = settings.host
        self._log_format = settings.log_format
        self.descriptors = Descriptors.raised()
        self.lines = Lines(crowded_from=self.descriptors.for_all)
        hub, most = self._app.state.hub, self.descriptors.for_watchers
        gate = Gate(
            *(hub, self._channel), events=self._events, per_address=settings.watchers_per_address, crowded_from=most
        )
        self._drain_seconds = settings.drain_seconds
        self._drained_at: float | None = None
        config = uvicorn.Config(
            self._app,
            host=settings.host,
            port=settings.port,
            http=http_protocol(held=self._app.reads, gate=gate, lines=self.lines, stuck_seconds=settings.stuck_seconds),
            ws=live_protocol(gate),
            ws_max_size=4096,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=settings.shutdown_seconds,
            proxy_headers=bool(settings.public_url),
            server_header=False,
            access_log=False,
            log_config=None,
            log_level="warning",
        )
        super().__init__(config)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until a signal says to stop; raises CommandFailed."""
        keep_logs(self._log_format)
        super().run(sockets or [listening(self._host, self.config.port)])
        if self._app.state.failure is not None:
            raise CommandFailed(str(self._app.state.failure))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            self._on_ready(url_of(self._host, self.servers[0].sockets[0]))

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; whether it is time to close the port."""
        ends = await super().on_tick(counter)
        if not ends or self.force_exit:
            return ends
        if self._drained_at is None:
            self._drained_at = time.monotonic() + self._drain_seconds
            self._app.state.parts.is_stopping = True
            self.config.encoded_headers.append(HANG_UP)
            self.server_state.default_headers = [*self.server_state.default_headers, HANG_UP]
        return time.monotonic() >= self._drained_at

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """For us a signal is the ordinary end; uvicorn would raise it again once it has stopped."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    def _channel(self, slug: str, council_id: str | None, convention: str | None) -> str | Opening | Refusal:
        """The channel that a live path means; it is being opened if nobody has asked for it before."""
        parts: Parts = self._app.state.parts

        def found(publication: Publication, chosen: Convention) -> str | Opening:
            name = publication.name(council_id, chosen.key)
            if publication.open_channel(council_id, chosen) is not None:
                return name
            return Opening(name, publication.opening(parts.turns, council_id, chosen))

        return self._found(slug, convention, found)

    def _events(self, slug: str, convention: str | None) -> str | Opening | Refusal:
        """The same of the events of an election."""
        parts: Parts = self._app.state.parts

        def found(_: Publication, chosen: Convention) -> str | Opening:
            events = parts.newsroom.events(slug)
            name = events.name(chosen)
            return name if events.is_open(chosen) else Opening(name, events.opening(parts.turns, chosen))

        return self._found(slug, convention, found)

    def _found(
        self, slug: str, convention: str | None, found: Callable[[Publication, Convention], str | Opening]
    ) -> str | Opening | Refusal:
        """What is ``found`` of an election under a convention, or why it cannot be watched."""
        parts: Parts = self._app.state.parts
        if parts.newsroom.is_lost(slug):
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "it is not known here how the night goes on")
        try:
            publication = parts.newsroom.publication(slug)
            return found(publication, publication.election.chosen_convention(convention))
        except UnknownConvention as error:
            return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        except (Harmed, CannotBeShown):
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "it cannot be shown just now")
        except DomainError as error:
            return Refusal(HTTPStatus.NOT_FOUND, str(error))


def url_of(host: str, port: socket.socket) -> str:
    """Where a server is that was told to listen at ``host`` and does so on ``port``."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port.getsockname()[1]}/"


def listening(host: str, port: int) -> socket.socket:
    """Ours, before anything else is begun: uvicorn would end the process, and not say why in a line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise CommandFailed(f"Nothing can listen at {host}, port {port}: {error.strerror}.") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    return listener


def sharing(address: Any, family: int) -> socket.socket:
    """A socket bound to ``address`` that others may be bound to as well; between those that listen Linux shares out."""
    sharer = socket.socket(family)
    sharer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sharer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        sharer.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sharer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    sharer.bind(address)
    return sharer


def serve(settings: Settings, *, on_ready: Callable[[str], None] = lambda _url: None) -> bool:
    """Serve until a signal says to stop; whether the server had started."""
    server = Server(settings, on_ready=on_ready)
    server.run()
    return server.started
