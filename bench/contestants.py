"""Who takes part in the fan-out, how each is started, and how to install those that are not here."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.machine import Missing, compiled, free_port, most_files
from bench.options import Options
from bench.processes import serving
from bench.servers import hub

SERVERS = Path(__file__).parent / "servers"
NCHAN = [Path("/usr/lib/nginx/modules/ngx_nchan_module.so"), Path("/usr/share/nginx/modules/ngx_nchan_module.so")]

NCHAN_CONFIGURATION = """
load_module {module};
worker_processes 1;
worker_rlimit_nofile {files};
error_log stderr crit;
pid {folder}/nginx.pid;
events {{ worker_connections {files}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    nchan_shared_memory_size 256M;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /publish {{
            nchan_publisher;
            nchan_channel_id bench;
            nchan_message_buffer_length 1;
            client_body_buffer_size 64k;
        }}
        location = /watch {{
            nchan_subscriber websocket;
            nchan_channel_id bench;
            nchan_subscriber_first_message newest;
        }}
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A contestant that listens: where to watch, where to publish, and by how much it lengthens a message."""

    pid: int
    port: int
    path: str
    publishing_port: int
    envelope: int = 0


@dataclass(frozen=True, slots=True)
class Contestant:
    """``name`` is for people, ``key`` for the JSON; starting it raises Missing where it is not installed."""

    key: str
    name: str
    start: Callable[[Options], "contextlib.AbstractContextManager[Running]"]


@contextlib.contextmanager
def _declared(_: Options) -> Iterator[Running]:
    port = free_port()
    with serving([sys.executable, "-m", "bench.servers.hub", str(port)], port) as pid:
        yield Running(pid, port, hub.PATH, port, hub.envelope_bytes())


@contextlib.contextmanager
def _loop(_: Options) -> Iterator[Running]:
    port = free_port()
    with serving([compiled("loop"), str(port)], port) as pid:
        yield Running(pid, port, "/watch", port)


@contextlib.contextmanager
def _starlette(_: Options) -> Iterator[Running]:
    port = free_port()
    with serving([sys.executable, "-m", "bench.servers.starlette_loop", str(port)], port) as pid:
        yield Running(pid, port, "/watch", port)


@contextlib.contextmanager
def _broadcast(_: Options) -> Iterator[Running]:
    port, publishing_port = free_port(), free_port()
    command = [sys.executable, "-m", "bench.servers.broadcast", str(port), str(publishing_port)]
    with serving(command, port) as pid:
        yield Running(pid, port, "/watch", publishing_port)


@contextlib.contextmanager
def _nchan(_: Options) -> Iterator[Running]:
    nginx, module = shutil.which("nginx"), next((path for path in NCHAN if path.exists()), None)
    if nginx is None or module is None:
        raise Missing("nginx with nchan: apt-get install nginx-light libnginx-mod-nchan")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "nginx.conf"
        text = NCHAN_CONFIGURATION.format(module=module, files=most_files(), folder=folder, port=port)
        configuration.write_text(text, "utf-8")
        with serving(nginx_command(nginx, configuration), port) as pid:
            yield Running(pid, port, "/watch", port)


@contextlib.contextmanager
def _node(options: Options) -> Iterator[Running]:
    node, modules = shutil.which("node"), options.node_modules
    if node is None or modules is None or not (modules / "ws").exists():
        raise Missing("Node's ws: npm install ws, and DECLARED_BENCH_NODE_MODULES=…/node_modules")
    port = free_port()
    with serving([node, SERVERS / "ws.js", str(port)], port, {"NODE_PATH": str(modules)}) as pid:
        yield Running(pid, port, "/watch", port)


def nginx_command(nginx: str, configuration: Path) -> list[str]:
    """The command for nginx in the foreground, with a configuration of its own."""
    return [nginx, "-c", str(configuration), "-p", str(configuration.parent), "-g", "daemon off; user root;"]


CONTESTANTS = (
    Contestant("loop", "a C loop over send", _loop),
    Contestant("declared", "Declared", _declared),
    Contestant("nchan", "nginx with nchan", _nchan),
    Contestant("node", "Node's ws", _node),
    Contestant("broadcast", "websockets broadcast", _broadcast),
    Contestant("starlette", "Starlette, one by one", _starlette),
)
