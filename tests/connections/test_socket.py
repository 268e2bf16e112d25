"""The live sockets, on a real server, with clients that are real, broken, slow or hostile."""

import asyncio
import contextlib
import gc
import inspect
import json
import math
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

import httptools
import pytest
import trustme
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import ConnectionClosed
from websockets.protocol import Protocol as WebSocketsProtocol
from websockets.sync.client import ClientConnection, connect

from app.connections.gate import Gate, Refusal
from app.connections.http import HttpProtocol, http_protocol
from app.connections.socket import LiveProtocol, live_protocol
from app.live.channels import Channel
from app.live.frames import Opcode
from app.live.hub import Hub
from app.live.watcher import Watcher
from tests.live.fakes import FakeTransport, client_frame, on_loop, partials, server_frames
from tests.promises import Reached

PATIENCE = 60.0
OVERVIEW = "/live/kent-2023/overview"
KNOWING = OVERVIEW + "?since=10&epoch=e"
REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{more}\r\n"
)


def resolve(slug: str, council_id: str | None, convention: str | None) -> str | Refusal:
    """One election with one council and two conventions."""
    if slug != "kent-2023" or council_id not in (None, "E07000105"):
        return Refusal(HTTPStatus.NOT_FOUND, "there is no such thing")
    if convention not in (None, "bbc", "pa"):
        return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "there is no such convention")
    return f"{council_id or 'overview'}/{convention or 'bbc'}"


def patient_hub(**settings: float) -> Hub:
    """A hub that never beats and cuts nobody off, unless it is told to."""
    return Hub(**{"beat_seconds": 3600, "stuck_seconds": math.inf, "silent_seconds": math.inf, **settings})


class Server:
    """uvicorn with the live sockets, in a thread of its own. Elsewhere than under /live it answers by ASGI."""

    def __init__(self, hub: Hub, *, loop: str = "asyncio", per_address: int = 0, head: float = 3600, **config: Any):
        self.hub = hub
        config = {"host": "127.0.0.1", "port": 0} | config
        self.uvicorn = uvicorn.Server(
            uvicorn.Config(
                self.app,
                http=http_protocol(head_seconds=head),
                ws=live_protocol(Gate(hub, resolve, per_address=per_address)),
                loop=loop,
                interface="asgi3",
                lifespan="on",
                log_level="error",
                timeout_graceful_shutdown=10,
                **config,
            )
        )
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        self.uvicorn.run()
        self.ready.set()

    async def app(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok"})
        else:
            await receive()
            await send({"type": "websocket.accept"})
            while (message := await receive())["type"] == "websocket.receive":
                await send({**message, "type": "websocket.send"})

    async def live(self, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        await receive()
        self.loop = asyncio.get_running_loop()
        for name in ("overview/bbc", "overview/pa", "E07000105/bbc"):
            self.hub.open(Channel(name, epoch="e", seq=10, fragments={"head": f"<h1>{name} 10</h1>"}), group="night")
        self.hub.start()
        await send({"type": "lifespan.startup.complete"})
        self.loop.call_soon(self.ready.set)
        await receive()
        self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    @property
    def port(self) -> int:
        self.until(lambda: self.uvicorn.started)
        return self.uvicorn.servers[0].sockets[0].getsockname()[1]

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call ``function`` on the server's event loop."""

        async def act() -> Any:
            return function(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(act(), self.loop).result(PATIENCE)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until ``condition`` holds on the server."""
        deadline = time.monotonic() + PATIENCE
        while not self.call(condition):
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.005)

    def declare(self, seq: int, text: str = "", name: str = "overview/bbc") -> None:
        """Entry ``seq`` changes a channel."""

        def update() -> None:
            self.hub.update(name, seq, {"head": f"<h1>{seq}{text}</h1>"})
            self.hub.head("night", seq, "e")

        self.call(update)

    def sockets(self) -> list[Watcher]:
        """The watchers among uvicorn's connections."""
        return [each for each in self.uvicorn.server_state.connections if isinstance(each, Watcher)]

    def stop(self) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


Start = Callable[..., Server]


@pytest.fixture(params=["asyncio", "uvloop"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    """Start servers, on either event loop."""
    if request.param == "uvloop":
        pytest.importorskip("uvloop")
    with contextlib.ExitStack() as stack:

        def make(hub: Hub | None = None, **settings: Any) -> Server:
            server = Server(hub or patient_hub(), loop=request.param, **settings)
            server.thread.start()
            stack.callback(server.stop)
            assert server.ready.wait(PATIENCE)
            return server

        yield make


class Client:
    """A socket that shows every byte."""

    def __init__(
        self,
        server: Server,
        path: str | None = KNOWING,
        *,
        more: str = "",
        window: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.connect(("127.0.0.1", server.port))
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.buffer = b""
        if path is not None:
            self.send(REQUEST.format(path=path, more=more).encode())
            self.read_head()

    def read_head(self) -> None:
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}

    def get(self) -> None:
        """A page, over and done with."""
        self.send(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        self.read_head()
        while len(self.buffer) < 2:
            self.more()
        assert (self.status, self.buffer) == (200, b"ok")
        self.buffer = b""

    def more(self) -> None:
        data = self.socket.recv(65536)
        assert data, "the connection has ended"
        self.buffer += data

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def frame(self) -> tuple[Opcode, bytes]:
        """The next frame."""
        while not (frame := next(server_frames(self.buffer), None)):
            self.more()
        self.buffer = self.buffer[frame.end :]
        return frame.opcode, frame.payload

    def message(self) -> dict[str, Any]:
        """The next message, pings left out."""
        opcode, payload = self.frame()
        while opcode in (Opcode.PING, Opcode.PONG):
            opcode, payload = self.frame()
        assert opcode is Opcode.TEXT
        return json.loads(payload)

    def closing(self) -> int:
        """The code of the close frame, which has to come next and to be the last thing that comes."""
        opcode, payload = self.frame()
        assert opcode is Opcode.CLOSE
        assert self.rest() == b""
        return int.from_bytes(payload[:2])

    def rest(self) -> bytes:
        """Everything until the server hangs up."""
        while data := self.socket.recv(65536):
            self.buffer += data
        rest, self.buffer = self.buffer, b""
        return rest

    def cut(self) -> None:
        """Go away as a pulled plug does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def browser(server: Server, path: str, **settings: Any) -> ClientConnection:
    """A client that does everything by the book."""
    return connect(f"ws://127.0.0.1:{server.port}{path}", proxy=None, **settings)


# Coming


def test_a_first_visit_gets_a_snapshot_and_then_what_changes(start: Start):
    server = start()
    with browser(server, OVERVIEW) as page:
        first = json.loads(page.recv(PATIENCE))
        assert (first["seq"], first["epoch"], first["kind"]) == (10, "e", "snapshot")
        assert partials(first["content"]) == {"head": "<h1>overview/bbc 10</h1>"}
        server.declare(41)
        assert json.loads(page.recv(PATIENCE))["seq"] == 41


DEFLATE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"


@pytest.mark.parametrize(
    ("offered", "agreed"),
    [
        ("permessage-deflate", DEFLATE),
        ("permessage-deflate; client_max_window_bits", DEFLATE),
        ("permessage-deflate; server_max_window_bits=10", f"{DEFLATE}; server_max_window_bits=10"),
        ("permessage-deflate; server_max_window_bits=8", None),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", DEFLATE),
        ("permessage-deflate; level=9", None),
        ("x-webkit-deflate-frame", None),
    ],
)
def test_messages_are_deflated_where_the_client_offers_it(start: Start, offered: str, agreed: str | None):
    server = start()
    text = "again " * 500
    with Client(server, more=f"Sec-WebSocket-Extensions: {offered}\r\n") as page, Client(server) as other:
        assert page.headers.get("sec-websocket-extensions") == agreed
        assert "sec-websocket-extensions" not in other.headers
        server.until(lambda: len(server.sockets()) == 2)
        server.declare(41, text)
        other.more()
        page.more()
        assert (len(page.buffer) < 200) is (agreed is not None)
        assert page.message() == other.message()


def test_an_offer_that_is_no_offer_is_refused(start: Start):
    with Client(start(), more="Sec-WebSocket-Extensions: ;;\r\n") as page:
        assert page.status == 400


def test_what_a_client_deflates_is_ignored_as_well(start: Start):
    offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
    with Client(start(), more=offer) as page, Client(start()) as other:
        for client in (page, other):
            client.send(client_frame(Opcode.TEXT, b"\xff" * 4096, deflated=True) + client_frame(Opcode.PING, b"?"))
        assert page.frame() == (Opcode.PONG, b"?")
        assert other.closing() == 1002


@pytest.mark.parametrize("compression", ["deflate", None])
def test_a_client_by_the_book_is_told_the_same_with_and_without(start: Start, compression: str | None):
    server = start()
    with browser(server, OVERVIEW, compression=compression) as page:
        assert bool(page.protocol.extensions) is (compression is not None)
        assert json.loads(page.recv(PATIENCE))["kind"] == "snapshot"
        for seq in (41, 42):
            server.declare(seq, "again " * 3000)
            message = json.loads(page.recv(PATIENCE))
            assert (message["seq"], message["content"].count("again ")) == (seq, 3000)


def test_a_page_that_knows_everything_is_told_only_what_is_new(start: Start):
    server = start()
    with Client(server) as page:
        server.until(server.sockets)
        server.declare(41)
        message = page.message()
    assert (page.status, message["seq"], message["kind"]) == (101, 41, "update")


def test_who_comes_back_gets_what_was_missed_in_one_message(start: Start):
    server = start()
    server.declare(41)
    server.declare(42)
    with Client(server) as page:
        assert [page.message()["seq"]] == [42]
        server.declare(43)
        assert page.message()["seq"] == 43


@pytest.mark.parametrize(
    ("path", "channel"),
    [
        (OVERVIEW, "overview/bbc"),
        (OVERVIEW + "?convention=pa", "overview/pa"),
        (OVERVIEW + "?convention=p%61&more=welcome", "overview/pa"),
        ("/live/kent%2D2023/council/E07000105?since=3&epoch=another", "E07000105/bbc"),
    ],
)
def test_a_path_means_a_channel(start: Start, path: str, channel: str):
    with Client(start(), path) as page:
        assert partials(page.message()["content"]) == {"head": f"<h1>{channel} 10</h1>"}


@pytest.mark.parametrize("origin", ["", "Origin: null\r\n", "Origin: https://paper.example\r\n"])
def test_any_origin_may_watch(start: Start, origin: str):
    with Client(start(), more=origin) as page:
        assert page.status == 101


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/live/essex-2023/overview", 404),
        ("/live/kent-2023/council/E0", 404),
        ("/live/kent%2F2023/overview", 404),
        ("/live/%FF/overview", 404),
        (OVERVIEW + "?convention=sky", 422),
        (OVERVIEW + "?convention=", 422),
        (OVERVIEW + "?since=-1", 422),
        (OVERVIEW + "?since=1.5", 422),
        (OVERVIEW + "?since=", 422),
        (OVERVIEW + "?since=%D9%A1", 422),
        (OVERVIEW + "?since=" + "9" * 5000, 422),
        (OVERVIEW + "?since=1&since=1", 422),
        (OVERVIEW + "?epoch=", 422),
        (OVERVIEW + "?epoch=a%20b", 422),
        (OVERVIEW + "?epoch=" + "e" * 65, 422),
        (OVERVIEW + "?" + "a=b&" * 17, 422),
    ],
)
def test_what_there_is_not_is_refused(start: Start, path: str, status: int):
    with Client(start(), path) as page:
        assert page.status == status
        assert page.headers["connection"] == "close"
        assert len(page.rest()) == int(page.headers["content-length"]) > 0


def test_a_handshake_without_a_key_is_refused(start: Start):
    with Client(start(), None) as page:
        page.send(REQUEST.format(path=OVERVIEW, more="").replace("-Key", "-Lock").encode())
        page.read_head()
        assert page.status == 400
        page.rest()


def test_a_header_without_end_is_refused(start: Start):
    with Client(start(), more=f"Cookie: {'c' * 10_000}\r\n") as page:
        assert page.status == 431
        page.rest()


def test_what_is_said_along_with_the_request_does_no_harm(start: Start):
    server = start()
    with Client(server, None) as page:
        page.send(REQUEST.format(path=KNOWING, more="").encode() + client_frame(Opcode.PING, b"hasty"))
        page.read_head()
        server.until(server.sockets)
        server.declare(41)
        assert page.message()["seq"] == 41


def test_no_more_than_allowed_come_from_one_address(start: Start):
    server = start(per_address=2)
    with Client(server) as first, Client(server) as second:
        with Client(server) as third:
            assert (first.status, second.status, third.status) == (101, 101, 503)
            third.rest()
        first.send(client_frame(Opcode.CLOSE))
        first.rest()
        server.until(lambda: len(server.sockets()) == 1)
        with Client(server) as fourth:
            assert fourth.status == 101
            assert server.sockets()[0]._gate._inside == Counter({"127.0.0.1": 2})
        server.until(lambda: len(server.sockets()) == 1)


def test_a_unix_socket_will_do(start: Start, tmp_path: Path):
    path = tmp_path / "socket"
    start(uds=str(path), per_address=1)
    with socket.socket(socket.AF_UNIX) as page:
        page.settimeout(PATIENCE)
        page.connect(str(path))
        page.sendall(REQUEST.format(path=OVERVIEW, more="").encode())
        data = b""
        while b"snapshot" not in data:
            data += page.recv(65536)


# Listening


def test_everybody_gets_the_same_bytes(start: Start):
    server = start()
    with contextlib.ExitStack() as stack:
        pages = [stack.enter_context(Client(server)) for _ in range(20)]
        server.until(lambda: server.hub.watchers()["overview/bbc"] == 20)
        server.declare(41, "x" * 70_000)
        assert len({page.frame() for page in pages}) == 1


def test_beats_and_pings_come_by_themselves(start: Start):
    with Client(start(Hub(beat_seconds=0.01))) as page:
        assert page.frame() == (Opcode.PING, b"")
        assert page.message() == {"seq": 10, "epoch": "e", "kind": "beat"}


def test_who_answers_pings_stays_and_who_does_not_is_cut_off(start: Start):
    server = start(Hub(beat_seconds=0.05, silent_seconds=1.0))
    with Client(server) as silent, browser(server, KNOWING, ping_interval=None) as alive:
        server.until(lambda: server.hub.counts.cut_silent)
        with contextlib.suppress(ConnectionResetError):
            silent.rest()
        server.declare(41)
        while json.loads(alive.recv(PATIENCE))["kind"] == "beat":
            pass
        assert server.hub.counts.cut_silent == 1


def test_what_a_client_sends_is_ignored(start: Start):
    server = start()
    with Client(server) as page:
        page.send(client_frame(Opcode.TEXT, b"hello") + client_frame(Opcode.BINARY, b"\0" * 4096))
        page.send(client_frame(Opcode.PONG, b"unasked") + client_frame(Opcode.PING, b"still there?"))
        assert page.frame() == (Opcode.PONG, b"still there?")
        server.declare(41)
        assert page.message()["seq"] == 41


# Leaving


def test_a_close_is_answered(start: Start):
    server = start()
    with browser(server, KNOWING) as page:
        page.close(4321, "enough")
        assert (page.close_code, page.protocol.close_rcvd.code, page.protocol.close_rcvd_then_sent) == (
            4321,
            4321,
            False,
        )
    server.until(lambda: not server.uvicorn.server_state.connections)
    assert server.hub.watchers()["overview/bbc"] == 0


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(client_frame(Opcode.CLOSE), 0, id="goodbye"),
        pytest.param(client_frame(Opcode.CLOSE, b"\x03\xe9bye"), 1001, id="going away"),
        pytest.param(b"\x81\x05hello", 1002, id="no mask"),
        pytest.param(client_frame(0x41, b"hello"), 1002, id="a reserved bit"),
        pytest.param(client_frame(0x3, b"hello"), 1002, id="an unknown kind"),
        pytest.param(client_frame(0xB), 1002, id="an unknown control frame"),
        pytest.param(client_frame(Opcode.PING, fin=False), 1002, id="a part of a ping"),
        pytest.param(client_frame(Opcode.PING, b"x" * 126), 1002, id="a long ping"),
        pytest.param(client_frame(Opcode.CONTINUATION, b"x"), 1002, id="a part of nothing"),
        pytest.param(client_frame(Opcode.CLOSE, b"\x03"), 1002, id="half a close code"),
        pytest.param(client_frame(Opcode.CLOSE, b"\x03\xed"), 1002, id="close code 1005"),
        pytest.param(client_frame(Opcode.CLOSE, b"\x03\xe8\xc0\xaf"), 1007, id="a reason that is no text"),
        pytest.param(client_frame(Opcode.TEXT) * 1100, 1008, id="a flood of nothing"),
        pytest.param(client_frame(Opcode.BINARY, b"x" * 4000) * 20, 1008, id="much"),
        pytest.param(client_frame(Opcode.TEXT, b"x" * 4097), 1009, id="a big frame"),
        pytest.param(b"\x82\xff\x7f" + b"\xff" * 7 + b"x" * 500_000, 1009, id="an endless frame"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n", 1002, id="another request"),
    ],
)
def test_hostile_clients_are_told_why_and_shown_out(start: Start, data: bytes, code: int):
    server = start()
    with Client(server) as hostile, Client(server) as other:
        server.until(lambda: len(server.sockets()) == 2)
        hostile.send(data)
        assert hostile.closing() == code
        server.declare(41)
        assert other.message()["seq"] == 41


def test_frames_may_come_in_pieces(start: Start):
    with Client(start()) as page:
        page.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in client_frame(Opcode.PING, b"p") + client_frame(Opcode.CLOSE, b"\x03\xe8"):
            page.send(bytes((byte,)))
        assert page.frame() == (Opcode.PONG, b"p")
        assert page.closing() == 1000


@pytest.mark.parametrize("plug", [Client.cut, lambda page: page.socket.close()], ids=["reset", "hung up"])
def test_who_goes_without_a_word_is_forgotten(start: Start, plug: Callable[[Client], None]):
    server = start()
    page = Client(server)
    server.until(server.sockets)
    plug(page)
    server.until(lambda: not server.uvicorn.server_state.connections)
    assert server.hub.watchers()["overview/bbc"] == 0


def test_a_goodbye_that_nobody_answers_ends_too(start: Start):
    server = start(patient_hub(goodbye_seconds=0.05))
    with Client(server) as page:
        server.until(server.sockets)
        server.call(lambda: server.hub.close("overview/bbc"))
        server.until(lambda: not server.uvicorn.server_state.connections)
        assert page.frame() == (Opcode.CLOSE, b"\x03\xf4")


# Not keeping up


def crowd(stack: contextlib.ExitStack, server: Server, count: int, **settings: Any) -> list[Client]:
    before = len(server.call(server.sockets))
    clients = [stack.enter_context(Client(server, **settings)) for _ in range(count)]
    server.until(lambda: len(server.sockets()) == before + count)
    return clients


@pytest.mark.promise(
    "A slow reader harms nobody", wanted="others get everything, 10 of 10 gone, one message held for each"
)
def test_ten_that_never_read_harm_nobody_and_are_shown_out(start: Start, reached: Reached):
    server = start(Hub(beat_seconds=0.05, stuck_seconds=0.5, silent_seconds=math.inf))
    with contextlib.ExitStack() as stack:
        crowd(stack, server, 10, window=4096)
        reading = crowd(stack, server, 5)
        for seq in range(11, 51):
            server.declare(seq, "x" * 64_000)
            for page in reading:
                while (message := page.message())["kind"] == "beat":
                    pass
                assert message["seq"] == seq
            held = server.call(lambda: sum(each.transport.get_write_buffer_size() for each in server.sockets()))
            assert held <= 10 * 64_200  # one message each
        server.until(lambda: len(server.sockets()) == 5)
        assert server.hub.counts.set_aside == server.hub.counts.cut_stuck == 10
    reached("40 of 40 messages of 64 kB to everybody else, one held for each of ten, 10 of 10 shown out")


def test_who_reads_again_gets_the_newest_copy_and_no_backlog(start: Start):
    server = start()
    with contextlib.ExitStack() as stack:
        (slow,) = crowd(stack, server, 1, window=4096)
        for seq in range(11, 111):
            server.declare(seq, "x" * 64_000)
        told = [slow.message()["seq"]]
        while told[-1] != 110:
            told.append(slow.message()["seq"])
        assert told == sorted(set(told))
        assert len(told) < 50
        assert server.hub.counts.caught_up >= 1


# Over TLS


@dataclass(frozen=True)
class Certified:
    """A server's key and certificate for localhost in one file, and what trusts it."""

    file: Path
    tls: ssl.SSLContext


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    authority, file = trustme.CA(), tmp_path_factory.mktemp("certificate") / "both.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(file)
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    return Certified(file, tls)


def test_tls_makes_no_difference(start: Start, certified: Certified):
    server, tls = start(ssl_certfile=certified.file), certified.tls
    with contextlib.ExitStack() as stack:
        (page,) = crowd(stack, server, 1, tls=tls)
        (slow,) = crowd(stack, server, 1, tls=tls, window=4096)
        for seq in range(11, 51):
            server.declare(seq, "x" * 64_000)
            assert page.message()["seq"] == seq
        assert server.hub.counts.set_aside == 1
        told = [slow.message()["seq"]]
        while told[-1] != 50:
            told.append(slow.message()["seq"])
        assert len(told) < 40
        server.call(lambda: server.hub.close("overview/bbc"))
        assert page.closing() == slow.closing() == 1012


# Stopping


def test_a_server_that_stops_asks_everybody_to_come_back(start: Start):
    server = start()
    with contextlib.ExitStack() as stack:
        pages = [stack.enter_context(browser(server, KNOWING)) for _ in range(3)]
        server.until(lambda: len(server.sockets()) == 3)
        stuck = crowd(stack, server, 5, window=4096)
        for seq in range(11, 31):
            server.declare(seq, "x" * 64_000)
        began = time.monotonic()
        server.uvicorn.should_exit = True
        for page in pages:
            with contextlib.suppress(ConnectionClosed):
                while page.recv(PATIENCE):
                    pass
            assert page.close_code == 1012
        server.stop()
        assert time.monotonic() - began < 9, "the stuck ones held it up"
        assert stuck


# Half-open connections


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /live/kent-2023/overview HTTP/1.1\r\nHost: te", id="half a request"),
        pytest.param(b"\r\n", id="an empty line"),
    ],
)
@pytest.mark.parametrize("earlier", [0, 1])
def test_a_request_that_never_ends_is_cut_off(start: Start, data: bytes, earlier: int):
    server = start(head=0.1, timeout_keep_alive=3600 if data else 0)
    with Client(server, None) as client:
        for _ in range(earlier):
            client.get()
        client.send(data)
        with contextlib.suppress(ConnectionResetError):
            client.rest()
    server.until(lambda: not server.uvicorn.server_state.connections)


def test_a_request_may_come_in_pieces(start: Start):
    with Client(start(), None) as client:
        request = REQUEST.format(path=KNOWING, more="").encode()
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in (request[:10], request[10:60], request[60:]):
            client.send(part)
        client.read_head()
        assert client.status == 101


def test_a_whole_request_is_no_longer_timed(start: Start):
    server = start(head=0.05)
    with Client(server) as page, Client(server, None) as reader:
        for _ in range(3):
            reader.get()
        server.call(lambda: None)
        assert all(each._limit is None for each in server.uvicorn.server_state.connections if hasattr(each, "_limit"))
        server.declare(41)
        assert page.message()["seq"] == 41


# The seam with uvicorn


def test_every_other_path_is_uvicorns(start: Start):
    server = start()
    for path in ("/desk/live", "/live/kent-2023/overview/", "/live/kent-2023", "/live//overview"):
        with browser(server, path) as page:
            page.send("text")
            assert page.recv(PATIENCE) == "text"
            page.send(b"\0bytes" * 10_000)
            assert page.recv(PATIENCE) == b"\0bytes" * 10_000
            assert page.ping().wait(PATIENCE)
    with Client(server, None) as client:
        client.send(b"GET /live/kent-2023/overview HTTP/1.1\r\nHost: test\r\n\r\n")
        client.read_head()
        assert client.status == 200


def test_nothing_of_uvicorns_is_kept_for_a_watcher(start: Start):
    server = start()
    with contextlib.ExitStack() as stack:
        crowd(stack, server, 20)
        gc.collect()
        kept = (HttpToolsProtocol, httptools.HttpRequestParser, WebSocketsSansIOProtocol, WebSocketsProtocol)
        assert not [each for each in gc.get_objects() if isinstance(each, kept)]
        assert {type(each).__mro__[1] for each in server.uvicorn.server_state.connections} == {Watcher}
        assert not any(hasattr(each, "__dict__") for each in server.sockets())


def test_the_kernel_is_told_what_to_hold(start: Start):
    server = start()
    with Client(server):
        server.until(server.sockets)
        (each,) = server.sockets()
        peer = each.transport.get_extra_info("socket")
        assert peer.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) in (65536, 131072)  # Linux doubles it
        assert peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 20_000
        assert server.call(each.transport.get_write_buffer_limits) == (0, 1)


def test_uvicorn_still_makes_its_protocols_as_we_expect(start: Start):
    """What ``LiveProtocol`` relies on; where this fails, read uvicorn's ``handle_websocket_upgrade`` again."""
    arguments = ["self", "config", "server_state", "app_state", "_loop"]
    assert list(inspect.signature(WebSocketsSansIOProtocol.__init__).parameters) == arguments
    calls: list[Any] = []

    class Witness(asyncio.Protocol):
        def __init__(self, config: Any, server_state: Any, app_state: Any) -> None:
            calls.append("made")

        def connection_made(self, transport: Any) -> None:
            self.transport = transport
            calls.append("connected")

        def data_received(self, data: bytes) -> None:
            calls.append(data)
            # Not this object yet: what is written now, and doesn't fit, would pause somebody else.
            assert isinstance(self.transport.get_protocol(), HttpProtocol)
            self.transport.get_extra_info("asyncio_loop", asyncio.get_running_loop()).call_soon(self.check)

        def check(self) -> None:
            calls.append(self.transport.get_protocol() is self)
            self.transport.abort()

    server = start()
    server.uvicorn.config.ws_protocol_class = Witness
    with Client(server, None) as client:
        client.send(REQUEST.format(path="/seam", more="").encode())
        with contextlib.suppress(ConnectionResetError):
            client.rest()
    made, connected, request, in_place = calls
    assert (made, connected, in_place) == ("made", "connected", True)
    assert request.startswith(b"GET /seam HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\n")


# The turn of the loop between the handshake and the watcher


def doorkeeper(hub: Hub, *, per_address: int = 0) -> tuple[LiveProtocol, FakeTransport]:
    """A protocol that has got its transport from uvicorn, and no request yet."""
    hub.open(Channel("overview/bbc", epoch="e", seq=10, fragments={}), group="night")
    config = uvicorn.Config(lambda: None, log_config=None, ws_per_message_deflate=True)
    config.load()
    protocol = live_protocol(Gate(hub, resolve, per_address=per_address))(config, ServerState(), {})
    assert isinstance(protocol, LiveProtocol)
    transport = FakeTransport()
    transport.protocol = protocol
    protocol.connection_made(transport)
    return protocol, transport


def ask(protocol: LiveProtocol, more: bytes = b"") -> None:
    protocol.data_received(REQUEST.format(path=KNOWING, more="").encode() + more)


def after_the_handshake(transport: FakeTransport) -> list[tuple[Opcode, bytes]]:
    head, _, frames = bytes(transport.taken).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    return [(frame.opcode, frame.payload) for frame in server_frames(frames)]


@on_loop
async def test_what_comes_before_the_watcher_is_kept_for_it():
    protocol, transport = doorkeeper(patient_hub())
    hello = client_frame(Opcode.PING, b"hello")
    ask(protocol, hello[:3])
    protocol.data_received(hello[3:])
    assert after_the_handshake(transport) == []
    await asyncio.sleep(0)
    assert after_the_handshake(transport) == [(Opcode.PONG, b"hello")]
    assert isinstance(transport.protocol, Watcher)


@on_loop
async def test_who_is_gone_before_the_watcher_comes_gets_none():
    hub = patient_hub()
    protocol, transport = doorkeeper(hub, per_address=1)
    ask(protocol)
    transport.close()
    await asyncio.sleep(0)
    assert (transport.protocol, hub.counts.joined) == (protocol, 0)
    assert not protocol.gate._inside
    assert not protocol.connections


@on_loop
async def test_a_server_that_stops_before_the_watcher_comes_says_goodbye():
    protocol, transport = doorkeeper(patient_hub())
    ask(protocol)
    protocol.shutdown()
    assert after_the_handshake(transport) == [(Opcode.CLOSE, b"\x03\xf4")]
    assert transport.ended == "closed"


@on_loop
async def test_a_connection_that_holds_bytes_back_from_before_is_set_aside():
    hub = patient_hub()
    protocol, transport = doorkeeper(hub)
    ask(protocol)
    transport.room = 0
    transport.held += b"the end of a page that was asked for before"
    await asyncio.sleep(0)
    assert hub.counts.set_aside == 1
    hub.update("overview/bbc", 41, {"head": "<h1>41</h1>"})
    transport.read_on()
    assert b'"seq":41' in transport.taken
