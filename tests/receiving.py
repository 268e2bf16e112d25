"""A program of somebody else's that hooks are told of the night: it keeps what it got, and answers as it is told to."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.running import until


@dataclass(frozen=True)
class Received:
    """A message as it came: ``headers`` by their names in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def headline(self) -> str:
        return str(self.told["data"]["headline"])

    def is_signed_with(self, secret: str) -> bool:
        """As the specification has it, written here a second time."""
        key = base64.b64decode(secret.split("_", 1)[1])
        content = f"{self.message_id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
        is_now = abs(time.time() - int(self.headers["webhook-timestamp"])) < 300
        return is_now and f"v1,{wanted}" in self.headers["webhook-signature"].split()


Answer = Callable[[Received], int | None]
"""The status of an answer; None closes the connection without one."""


class Receiver:
    """It listens at ``url`` for as long as it is entered. ``answer`` may be exchanged at any time."""

    def __init__(self, answer: Answer = lambda _: 204, *, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.received: list[Received] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                got = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                receiver.received.append(got)
                status = receiver.answer(got)
                if status is None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                said = b"no, thank you" if status >= 400 else b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"

    @property
    def headlines(self) -> list[str]:
        return [it.headline for it in self.received]

    @property
    def ids(self) -> list[str]:
        return [it.message_id for it in self.received]

    def wait_for(self, number: int) -> None:
        """Return once so many messages have come."""
        until(lambda: len(self.received) >= number, f"{number} messages; there are {self.headlines}")

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
