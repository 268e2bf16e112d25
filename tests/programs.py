"""Programs of others that tests run for real."""

import socket
import subprocess

from tests.running import PROJECT


def program(name: str, package: str = "") -> str:
    """The path of a program, which is installed if need be, from the Debian package ``package`` (else: of its name)."""
    command = [PROJECT / "scripts" / "program.sh", name, *([package] if package else [])]
    found = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return found.stdout.strip()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
