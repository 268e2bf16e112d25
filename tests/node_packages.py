"""Programs for node that tests run for real: the packages of ``tests/node``, installed as its lock file says."""

import fcntl
import json
import shutil
import subprocess
from hashlib import sha256
from typing import Any

from tests.programs import program
from tests.running import PROJECT

SOURCES = PROJECT / "tests" / "node"
LOCKED = ("package.json", "package-lock.json", ".npmrc")


def run_with_packages(script: str, *arguments: str) -> str:
    """What a script of ``tests/node`` prints; CalledProcessError, with what it said, where it fails."""
    digest = sha256(b"".join((SOURCES / name).read_bytes() for name in LOCKED)).hexdigest()[:12]
    folder = PROJECT / "build" / f"node-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    # Processes of tests run side by side; one of them installs, once for this lock file.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in SOURCES.iterdir():
            shutil.copy(path, folder)
        if not (folder / "node_modules" / ".package-lock.json").exists():
            install = [program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
            subprocess.run(install, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    command = [program("node", "nodejs"), "--no-warnings", script, *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def json_of(script: str, *arguments: str) -> Any:
    """The same of a script that prints JSON."""
    return json.loads(run_with_packages(script, *arguments))
