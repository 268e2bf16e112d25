"""A client that sends any bytes: what no well-bred library would put into a request."""

import contextlib
import socket
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Self

PATIENCE = 60.0

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Answer:
    """``status`` 0: the server hung up without a word."""

    status: int
    headers: str
    body: bytes

    @property
    def media_type(self) -> str:
        lines = [line for line in self.headers.lower().splitlines() if line.startswith("content-type:")]
        return lines[0].partition(":")[2].partition(";")[0].strip() if lines else ""


@dataclass(frozen=True)
class Request:
    """As it is sent, but for Host and Content-Length, which are added where ``headers`` lack them."""

    method: str
    target: bytes
    headers: tuple[Header, ...] = ()
    body: bytes = b""

    def sent(self, host: bytes) -> bytes:
        given = {name.lower() for name, _ in self.headers}
        added: list[Header] = [] if b"host" in given else [(b"Host", host)]
        if self.method != "GET" and not given & {b"content-length", b"transfer-encoding"}:
            added.append((b"Content-Length", str(len(self.body)).encode()))
        lines = b"".join(b"%b: %b\r\n" % header for header in (*added, *self.headers))
        return b"%b %b HTTP/1.1\r\n%b\r\n%b" % (self.method.encode(), self.target, lines, self.body)


class Line:
    """One connection to 127.0.0.1, made again whenever the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, request: Request) -> Answer:
        """The answer. What is broken may be answered before all of it is sent."""
        for is_last in (self._socket is None, True):
            with contextlib.suppress(ConnectionError):
                answer = self._asked(request)
                if answer.status or is_last:
                    return answer
            self.close()
        return Answer(0, "", b"")

    def _asked(self, request: Request) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
        with contextlib.suppress(ConnectionError):
            self._socket.sendall(request.sent(b"127.0.0.1:%d" % self._port))
        response = HTTPResponse(self._socket, method=request.method)
        try:
            response.begin()
            # After an upgrade come frames, and no body.
            body = b"" if response.status == 101 else response.read()
        except HTTPException:
            self.close()
            return Answer(0, "", b"")
        finally:
            response.close()
        if response.will_close or response.status == 101:
            self.close()
        return Answer(response.status, str(response.headers), body)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
