"""Which program writes: files of another one may differ, so everything is made again and compared."""

import hashlib
import re
import sys
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path

from app.process.folders import STATIC, TEMPLATES

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = {PACKAGE: "*.py", TEMPLATES: "*", STATIC: "*"}


@cache
def program() -> str:
    """A digest of the code, templates and assets, and of the releases of Python and of what the code is made with."""
    digest = hashlib.sha256(sys.version.encode())
    for needed in sorted(requires("declared") or ()):
        name = re.split(r"[^\w.-]", needed, maxsplit=1)[0]
        if "extra ==" not in needed:
            digest.update(f"{name} {version(name)}\n".encode())
    for folder, pattern in SOURCES.items():
        for path in sorted(it for it in folder.rglob(pattern) if it.is_file()):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
