"""What strangers may send to a server: each a way to take its memory or its time, within a count."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Self

NIGHT = "/elections/kent-2023"
API = f"/api/v1{NIGHT}"
BLOCK = 64 * 1024


class Stranger:
    """A connection that says what it likes, until it is shown out."""

    def __init__(self, port: int, *, window: int = 0) -> None:
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", port))

    def say(self, *words: str | bytes) -> bool:
        """Whether it could still be said."""
        try:
            for each in words:
                self.socket.sendall(each if isinstance(each, bytes) else each.encode())
        except OSError:
            return False
        return True

    def go_on(self, part: bytes, size: int) -> int:
        """Say ``part`` again and again, ``size`` bytes of it or until nobody listens; how many were said."""
        block = part * (BLOCK // len(part) + 1)
        said = 0
        # Not by waiting for somebody who takes no more: a moment is enough to see.
        self.socket.settimeout(0.5)
        with contextlib.suppress(OSError):
            while said < size:
                said += self.socket.send(block)
        self.socket.settimeout(30)
        return said

    def answer(self) -> bytes:
        """Everything that comes until the end, or until it is reset."""
        heard = b""
        with contextlib.suppress(OSError):
            while data := self.socket.recv(BLOCK):
                heard += data
        return heard

    def head(self) -> bytes:
        """The head of one answer, whose body is read and thrown away; empty where there is none."""
        heard = b""
        try:
            while b"\r\n\r\n" not in heard:
                data = self.socket.recv(BLOCK)
                if not data:
                    return b""
                heard += data
            head, _, body = heard.partition(b"\r\n\r\n")
            length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0)
            while len(body) < length:
                body += self.socket.recv(BLOCK)
        except OSError:
            return b""
        return head

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def get(path: str, *headers: str, host: str = "localhost") -> str:
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", *headers]) + "\r\n\r\n"


def asked(port: int, requests: Iterator[str] | list[str]) -> None:
    """Every request, one after another on a connection that is renewed where it has to be."""
    stranger = Stranger(port)
    for request in requests:
        if not (stranger.say(request) and stranger.head()):
            stranger.socket.close()
            stranger = Stranger(port)
    stranger.socket.close()


def many(port: int, count: int, *words: str | bytes, window: int = 0) -> contextlib.ExitStack:
    """``count`` connections that have said something and wait; to be closed."""
    crowd = contextlib.ExitStack()
    for _ in range(count):
        with contextlib.suppress(OSError):
            crowd.enter_context(Stranger(port, window=window)).say(*words)
    return crowd


def endless(start: str, part: bytes) -> "Attack":
    """Four connections that begin with ``start`` and never come to an end: a MiB each for every unit of the count."""

    def attack(port: int, count: int) -> None:
        def one() -> None:
            with Stranger(port) as stranger:
                if stranger.say(start):
                    stranger.go_on(part, count * 1024 * 1024)

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return attack


def variants(made: Callable[[int], str], times: int = 20) -> "Attack":
    """Requests of which none is as another."""
    return lambda port, count: asked(port, map(made, range(count * times)))


def crowd(*words: str | bytes, times: int = 10, window: int = 0, seconds: float = 0.3) -> "Attack":
    """Connections that say something and then wait, all at once."""

    def attack(port: int, count: int) -> None:
        with many(port, count * times, *words, window=window):
            time.sleep(seconds)

    return attack


Attack = Callable[[int, int], None]

POST = f"POST {API}/declarations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"
LOGIN = "POST /desk/login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
UPGRADE = (
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
LIVE = f"GET /live/kent-2023/overview HTTP/1.1\r\nHost: localhost\r\n{UPGRADE}"

ATTACKS: Mapping[str, Attack] = {
    "a request line without end": endless("GET /", b"a"),
    "a header's name without end": endless("GET / HTTP/1.1\r\n", b"a"),
    "a header's value without end": endless("GET / HTTP/1.1\r\nX: ", b"a"),
    "headers without end": endless("GET / HTTP/1.1\r\n", b"a: b\r\n"),
    "an extension of a chunk without end": endless(CHUNKED + "1;", b"a"),
    "trailers without end": endless(CHUNKED + "0\r\n", b"a: b\r\n"),
    "one trailer without end": endless(CHUNKED + "0\r\nX: ", b"a"),
    "chunks without end": endless(CHUNKED, b"1\r\na\r\n"),
    "a body without end that nobody reads": endless(POST + "Content-Length: 999999999999\r\n\r\n", b"a"),
    "a body without end on a read": endless(
        f"GET {NIGHT} HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", b"a"
    ),
    "a form without end": endless(LOGIN + "Content-Length: 999999999999\r\n\r\n", b"a=b&"),
    "an upgrade with a body without end": endless(LIVE + "Content-Length: 999999999999\r\n\r\n", b"a"),
    "a live socket that talks": endless(LIVE + "\r\n", b"\x81\x84abcdefgh"),
    "a socket of the desk that talks": endless(LIVE.replace("/live/", "/desk/") + "\r\n", b"\x81\x84abcdefgh"),
    "answers that nobody reads": endless("", get(NIGHT).encode()),
    "unknown parameters": variants(lambda number: get(f"{NIGHT}?fbclid={number}")),
    "known parameters": variants(lambda number: get(f"{NIGHT}?q={number}{'x' * 3000}"), times=10),
    "parameters without number": variants(lambda number: get(f"{NIGHT}?{'&' * 8000}{number}"), times=5),
    "hosts": variants(lambda number: get(NIGHT, host=f"{number}.example.org"), times=10),
    "hosts that are none": variants(lambda number: get(NIGHT, host=f"{number}{'x' * 8000}")),
    "codings": variants(lambda number: get(NIGHT, f"Accept-Encoding: {number}{'x,' * 4000}")),
    "tags": variants(lambda number: get(NIGHT, f"If-None-Match: {number}{'x,' * 4000}")),
    "versions of a file": variants(lambda number: get(f"/static/v-{number}/css/declared.css")),
    "places of a log": variants(lambda number: get(f"{API}/declarations?after={number}")),
    "silent connections": crowd(times=40),
    "halves of requests": crowd(get(NIGHT)[:-4] + "\r\nX: " + "x" * 15_000, times=20),
    "halves of forms": crowd(LOGIN + "Content-Length: 60000\r\n\r\n" + "a" * 59_000, times=20),
    "pages that nobody reads": crowd(get(NIGHT) * 60, times=20, window=4096),
    "files that nobody reads": crowd(get(f"{API}/export.json") * 10, times=20, window=4096),
    "watchers that do not read": crowd(LIVE + "\r\n", times=20, window=4096),
}
