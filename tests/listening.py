"""Somebody who reads server-sent events as they are on the wire, and understands them as browsers do."""

import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

PATIENCE = 60.0


class Heard(NamedTuple):
    """An event: its kind, what it tells, and the id that its reader has now."""

    kind: str
    told: dict[str, Any]
    last: str


class Listening:
    """One connection to a stream, from its request to its end."""

    def __init__(self, url: str, path: str, *, version: str = "1.1", **headers: str) -> None:
        at = urlsplit(url)
        assert at.hostname is not None
        self._socket = socket.create_connection((at.hostname, at.port or 80), PATIENCE)
        lines = [f"GET {path} HTTP/{version}", f"Host: {at.netloc}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self._file = self._socket.makefile("rb")
        self.status = int(self._line().split()[1])
        self.headers: Mapping[str, str] = dict(self._headers())
        self._is_chunked = self.headers.get("transfer-encoding") == "chunked"
        self.last = ""
        self.retry = 0
        self.comments: list[str] = []
        self._lines = self._body_lines()

    def events(self) -> Iterator[Heard]:
        """Every event until the stream ends."""
        kind, data = "message", ""
        for line in self._lines:
            name, _, value = line.partition(": ")
            match name:
                case "":
                    if data:
                        yield Heard(kind, json.loads(data), self.last)
                    elif line:
                        self.comments.append(value)
                    kind, data = "message", ""
                case "event":
                    kind = value
                case "data":
                    data += value
                case "id":
                    self.last = value
                case "retry":
                    self.retry = int(value)

    def until(self, seq: int) -> list[Heard]:
        """The events to the last of entry ``seq``."""
        heard = []
        for event in self.events():
            heard.append(event)
            if self.last.endswith(f".{seq}"):
                return heard
        raise AssertionError(f"it ended after {self.last}")

    def body(self) -> str:
        return "\n".join(self._lines)

    def _body_lines(self) -> Iterator[str]:
        """The lines of the body, however it is framed."""
        left = b""
        for part in self._parts():
            *lines, left = (left + part).split(b"\n")
            yield from (line.decode() for line in lines)

    def _parts(self) -> Iterator[bytes]:
        while self._is_chunked and (size := int(self._line() or "0", 16)):
            yield self._file.read(size)
            self._line()
        while not self._is_chunked and (part := self._file.read1()):
            yield part

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self._line():
            name, _, value = line.partition(": ")
            yield name.lower(), value

    def _line(self) -> str:
        return self._file.readline().decode().rstrip("\r\n")

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
