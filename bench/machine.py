"""The machine: its cores, its limits, what processes cost on it, and the C programs compiled for it."""

import contextlib
import os
import platform
import resource
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NATIVE = Path(__file__).parent / "native"
BUILD = Path(__file__).parents[1] / "build" / "bench"

SPARE_FILES = 200
"""Descriptors that a server needs beside those of its watchers."""


class Missing(Exception):
    """Something that a benchmark needs is not on this machine; says how to get it."""


def describe() -> dict[str, Any]:
    """When and where this runs."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.platform()}, {os.cpu_count()} cores",
        "processor": _processor(),
        "python": platform.python_version(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def cores() -> tuple[int, int]:
    """The server's core and the load client's: two different ones, or -1 twice where that cannot be had."""
    if hasattr(os, "sched_getaffinity") and len(allowed := sorted(os.sched_getaffinity(0))) > 1:
        return allowed[-1], allowed[0]
    return -1, -1


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in children.read_text().split()]
    return found


def pin(pid: int, core: int) -> None:
    """Keep a process, its threads and its children to one core; -1: leave them alone."""
    if core < 0:
        return
    for member in family(pid):
        for thread in Path(f"/proc/{member}/task").iterdir():
            with contextlib.suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread.name), {core})


@contextlib.contextmanager
def pinned_here(core: int) -> Iterator[None]:
    """Keep this thread to ``core`` meanwhile."""
    if core < 0:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def resident_kb(pid: int) -> int:
    """Resident memory of a process and its children, in kB."""
    total = 0
    for member in family(pid):
        status = Path(f"/proc/{member}/status").read_text("utf-8")
        total += int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")))
    return total


def processor_seconds(pid: int) -> float:
    """What a process and its children have used of the processor, in seconds."""
    return _scheduled(pid)[0]


def waiting_seconds(pid: int) -> float:
    """How long a process and its children could have run, and waited for a core that somebody else had."""
    return _scheduled(pid)[1]


def _scheduled(pid: int) -> tuple[float, float]:
    """Seconds run and seconds waited, by the scheduler's books."""
    run, waited = 0, 0
    for member in family(pid):
        for thread in Path(f"/proc/{member}/task").glob("*/schedstat"):
            fields = thread.read_text().split()
            run, waited = run + int(fields[0]), waited + int(fields[1])
    return run / 1e9, waited / 1e9


def most_files() -> int:
    """How many files a process may have open, the soft limit raised to the hard one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return 1_000_000 if most == resource.RLIM_INFINITY else most


def watchers_allowed(wanted: int) -> int:
    """``wanted``, or as many as there may be open files."""
    allowed = min(wanted, most_files() - SPARE_FILES)
    if allowed < wanted:
        print(f"  {allowed:,} watchers in the place of {wanted:,}: `ulimit -Hn` is {most_files():,}")
    return allowed


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def compiled(name: str) -> Path:
    """The program made from ``native/NAME.c``; raises Missing."""
    source, program = NATIVE / f"{name}.c", BUILD / name
    if program.exists() and program.stat().st_mtime > source.stat().st_mtime:
        return program
    if platform.system() != "Linux":
        raise Missing("the load clients need Linux (epoll)")
    compiler = shutil.which("cc")
    if compiler is None:
        raise Missing("there is no C compiler: apt-get install gcc libc6-dev")
    BUILD.mkdir(parents=True, exist_ok=True)
    fresh = program.with_suffix(f".{os.getpid()}")
    subprocess.run([compiler, "-std=gnu11", "-O2", "-o", fresh, source], check=True)
    fresh.replace(program)
    return program
