"""Pages and JSON from memory: how many requests a second one core answers, compressed.

Ours is ``declared serve`` after the night of Kent: the dashboard and the same election as JSON. Baselines: the very
bytes it sent, from nginx off the disk (``gzip_static``) and from a plain FastAPI route that has them in memory.
"""

import contextlib
import http.client
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from gzip import decompress
from pathlib import Path
from statistics import median
from typing import Any

from bench.contestants import nginx_command
from bench.goals import Goal, as_json, ratio
from bench.machine import free_port
from bench.options import Options
from bench.processes import Asking, get, serving
from bench.real import KENT_SLUG, accepted, kent_night, kent_server, posts

CONNECTIONS = 16

READS = {
    "page": (f"/elections/{KENT_SLUG}", "text/html", "html"),
    "json": (f"/api/v1/elections/{KENT_SLUG}", "application/json", "json"),
}
"""What is read: its path at our server, its media type and the ending of its file."""

NGINX_CONFIGURATION = """
worker_processes 1;
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    types {{ text/html html; application/json json; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {folder};
        gzip_static on;
        gzip_vary on;
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Somebody who answers a read at ``path``."""

    name: str
    port: int
    path: str


def run(options: Options) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    goals: list[Goal] = []
    with kent_server() as server:
        night = kent_night()[:40] if options.quick else kent_night()
        accepted(Asking(server.port, posts(server, KENT_SLUG, night), connections=8).result(), len(night))
        for read, (path, media_type, ending) in READS.items():
            compressed = _fetched(server.port, path)
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                folder.chmod(0o755)
                (folder / f"page.{ending}").write_bytes(decompress(compressed))
                (folder / f"page.{ending}.gz").write_bytes(compressed)
                with _others(folder, media_type, ending) as others:
                    rates = _rates([Answerer("declared", server.port, path), *others], options)
            figures[read] = {"bytes": len(compressed), "bytes_plain": len(decompress(compressed)), "per_second": rates}
            goals += [
                Goal(f"cached {read}, against a FastAPI route", _over(rates, "fastapi"), 4, "x", at_least=True),
                Goal(f"cached {read}, against nginx off the disk", _over(rates, "nginx"), 0.25, "x", at_least=True),
            ]
    return {**figures, "connections": CONNECTIONS, "goals": as_json(goals)}


def _over(rates: dict[str, float], other: str) -> float | None:
    return ratio(rates["declared"], rates.get(other))


def _fetched(port: int, path: str) -> bytes:
    """The answer's body as it is sent to whom takes gzip."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    assert response.status == 200, response.status
    assert response.getheader("Content-Encoding") == "gzip"
    body = response.read()
    connection.close()
    return body


@contextlib.contextmanager
def _others(folder: Path, media_type: str, ending: str) -> Iterator[list[Answerer]]:
    """Those with whom ours is compared, all of them listening; only one is asked at a time."""
    with contextlib.ExitStack() as running:
        port = free_port()
        file = folder / f"page.{ending}.gz"
        command = [sys.executable, "-m", "bench.servers.fastapi_route", str(port), str(file), media_type]
        running.enter_context(serving(command, port))
        others = [Answerer("fastapi", port, "/page")]
        nginx = shutil.which("nginx")
        if nginx is None:
            print("  left out: nginx: apt-get install nginx-light")
        else:
            port = free_port()
            configuration = folder / "nginx.conf"
            configuration.write_text(NGINX_CONFIGURATION.format(folder=folder, port=port), "utf-8")
            running.enter_context(serving(nginx_command(nginx, configuration), port))
            others.append(Answerer("nginx", port, f"/page.{ending}"))
        yield others


def _rates(answerers: list[Answerer], options: Options) -> dict[str, float]:
    """Answers a second, the median of the repetitions."""
    rates: dict[str, list[float]] = defaultdict(list)
    for _ in range(options.repetitions):
        for answerer in answerers:
            request = get(answerer.path, answerer.port)
            seconds = 0.2 if options.quick else 3
            result = Asking(answerer.port, [request], connections=CONNECTIONS, seconds=seconds).result()
            assert set(result["statuses"]) == {"200"}, result["statuses"]
            rates[answerer.name].append(result["per_second"])
            each = result["bytes"] / result["answers"]
            print(f"  {answerer.name}: {result['per_second']:,.0f} a second of {each:,.0f} bytes", flush=True)
    return {name: median(values) for name, values in rates.items()}
