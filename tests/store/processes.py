"""Other processes: ``python -m tests.store.processes NAME URL …``. Tests start them, and sometimes kill them."""

import os
import subprocess
import sys
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

from app.store import log
from app.store.engine import Store
from app.store.writer import Writer
from tests.store.logs import declare

ROOT = Path(__file__).resolve().parents[2]


def start(name: str, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.store.processes", name, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def migrate(url: str) -> None:
    """Migrates as soon as a line comes in, so that several begin at once."""
    store = Store.open(url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    store.migrate()


def race(url: str, slug: str, name: str, number: str) -> None:
    """Four threads declare ``number`` times each, in transactions of their own."""
    store = Store.open(url, lock_wait=30)

    def run(thread: int) -> None:
        for each in range(int(number)):
            with store.writing() as connection:
                log.head(connection, slug)  # whoever declares has looked before
                declare(connection, slug, author=f"{name}-{thread}-{each}")

    _in_threads(4, run)


def write(url: str, slug: str, name: str) -> None:
    """Eight threads declare through one writer until they are killed, and print what was acknowledged."""
    writer = Writer(Store.open(url))

    def run(thread: int) -> None:
        for each in count():
            author = f"{name}-{thread}-{each}"
            seq = writer.submit(lambda connection, author=author: declare(connection, slug, author=author)).result()
            os.write(1, f"{seq} {author}\n".encode())  # whole, whichever thread it comes from

    _in_threads(8, run)


def _in_threads(number: int, run: Any) -> None:
    threads = [Thread(target=run, args=(thread,)) for thread in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    {"migrate": migrate, "race": race, "write": write}[sys.argv[1]](*sys.argv[2:])
