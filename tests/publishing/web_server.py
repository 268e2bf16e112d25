"""A real nginx in front of published files, with the configuration that docs/publishing.md gives."""

import gzip
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.nodes.conftest import running
from tests.programs import free_port, program
from tests.running import PROJECT


@contextmanager
def behind_nginx(site: Path) -> Iterator[str]:
    """The address at which ``site`` is served; what nginx writes is beside it."""
    port, own = free_port(), site.parent / "nginx.conf"
    own.write_text(configuration(site, port))
    as_us = [] if os.getuid() else ["-g", "user root;"]
    command = [program("nginx"), "-p", str(site.parent), "-c", str(own), *as_us]
    with running(command, port, site.parent / "nginx.log"):
        yield f"http://127.0.0.1:{port}"


def configuration(root: Path, port: int) -> str:
    """That of the documentation, for a server of one's own."""
    [text] = re.findall(r"```nginx\n(.*?)```", (PROJECT / "docs/publishing.md").read_text("utf-8"), re.DOTALL)
    text = text.replace("server_name results.example.org;", f"listen 127.0.0.1:{port};")
    text = text.replace("root /srv/results;", f"root {root};")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {root.parent}/{kind};\n" for kind in kinds)
    beside = f"daemon off; pid {root.parent}/nginx.pid; error_log {root.parent}/nginx.errors;"
    return f"{beside}\nevents {{}}\nhttp {{\naccess_log off;\n{places}{text}\n}}\n"


def on_the_wire(server: str, address: str) -> tuple[int, bytes]:
    """How many bytes come back for a GET, head and all, and the body."""
    to = urlsplit(server)
    ask = f"GET {address} HTTP/1.1\r\nHost: {to.netloc}\r\nAccept-Encoding: gzip\r\nOrigin: null\r\n\r\n"
    answer = b""
    with socket.create_connection((to.hostname, to.port)) as connection:
        connection.sendall(ask.encode())
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65_536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK"), head
    if b"chunked" in head:
        body = unchunked(body)
    return len(answer), gzip.decompress(body) if b"Content-Encoding: gzip" in head else body


def unchunked(body: bytes) -> bytes:
    """What was sent in pieces, each behind its length."""
    parts = []
    while body:
        length, _, rest = body.partition(b"\r\n")
        parts.append(rest[: int(length, 16)])
        body = rest[int(length, 16) + 2 :]
    return b"".join(parts)
