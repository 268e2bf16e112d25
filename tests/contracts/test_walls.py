"""Which part of the code may import which. The table is the architecture; the rest reads the imports."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"

EVERYTHING = None

MAY_IMPORT: dict[str, set[str] | None] = {
    "domain": set(),
    "live": set(),
    "store": {"domain"},
    "turns": set(),
    "lasting": set(),
    "pages": {"domain", "live", "folders", "turns"},
    "bodies": {"domain"},
    "declaring": {"domain", "store", "bodies"},
    "keying": {"domain", "store", "declaring"},
    "bundles": {"domain", "store", "turns"},
    "newsroom": {"domain", "live", "store", "pages", "declaring", "lasting", "logs", "turns"},
    "web": {
        "domain",
        "live",
        "store",
        "pages",
        "bodies",
        "declaring",
        "keying",
        "bundles",
        "newsroom",
        "drawing",
        "settings",
        "turns",
        "version",
        "logs",
    },
    "replaying": {"bundles", "failures"},
    "verifying": {"domain", "store", "bundles", "failures"},
    "drawing": set(),
    "drawing_worker": set(),
    "failures": set(),
    "folders": set(),
    "origins": set(),
    "logs": set(),
    "descriptors": set(),
    "publishing": EVERYTHING,
    "version": set(),
    "settings": EVERYTHING,
    "main": EVERYTHING,
    "serving": EVERYTHING,
    "workers": EVERYTHING,
    "demo": EVERYTHING,
    "cli": EVERYTHING,
    "command_line": EVERYTHING,
    "people_commands": EVERYTHING,
    "restoring_commands": EVERYTHING,
    "__main__": {"cli"},
}
"""Parts of ``app`` and the other parts that they may import."""

STANDARD_LIBRARY_ONLY = {"domain", "lasting", "live", "turns"}


def part_of(module: str) -> str:
    """The part a module belongs to: ``store`` for ``app.store.log``; the package ``app`` itself is ``""``."""
    return module.split(".")[1] if "." in module else ""


def module_of(path: Path, root: Path = ROOT) -> str:
    """The dotted name of a source file; a package's is that of its ``__init__``."""
    return ".".join(path.relative_to(root).with_suffix("").parts)


def imported(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Line and absolute name of everything a module imports, wherever in it the import stands.

    ``from app import store`` counts as ``app.store``, and relative imports are resolved.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            if source == "app":
                yield from ((node.lineno, f"app.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, source


def breaches(source: str, module: str) -> list[str]:
    """What a module imports although its part may not, a line each."""
    part = part_of(module.removesuffix(".__init__"))
    allowed = MAY_IMPORT.get(part, set())
    found = []
    for line, name in imported(ast.parse(source), module):
        top = name.split(".")[0]
        if top == "app":
            target = part_of(name)
            if target not in ("", part) and allowed is not EVERYTHING and target not in allowed:
                found.append(f"{module}:{line} imports {name}, and {part or 'app'} may not import {target}")
        elif part in STANDARD_LIBRARY_ONLY and top not in sys.stdlib_module_names:
            found.append(f"{module}:{line} imports {name}, and {part} may import the standard library only")
    return found


def test_no_part_imports_what_is_behind_a_wall():
    found = [
        breach
        for path in sorted(APP.rglob("*.py"))
        for breach in breaches(path.read_text(encoding="utf-8"), module_of(path))
    ]
    assert not found, "\n".join(found)


def test_every_part_has_its_walls():
    parts = {part_of(module_of(path)) for path in APP.rglob("*.py")} - {"__init__"}
    assert parts <= MAY_IMPORT.keys(), "say in MAY_IMPORT what these may import"


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("app.domain.control", "import sqlmodel"),
        ("app.domain.control", "from app.store import log"),
        ("app.domain.control", "from ..store import log"),
        ("app.domain.__init__", "from ..store import log"),
        ("app.live.hub", "from app.domain.council import CouncilState"),
        ("app.live.hub", "def f():\n    import fastapi"),
        ("app.store.log", "from app import pages"),
        ("app.pages.filters", "import app.store.log"),
        ("app.declaring", "from .web import api"),
        ("app.bundles.reading", "from app.declaring import declare"),
        ("app.web.api", "from app.main import create_app"),
        ("app.__init__", "from app.domain import control"),
    ],
)
def test_a_breach_is_seen(module: str, line: str):
    assert len(breaches(line, module)) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("app.domain.control", "from dataclasses import dataclass"),
        ("app.domain.control", "from app.domain.election import Council"),
        ("app.domain.control", "from .election import Council"),
        ("app.domain.__init__", "from .election import Council"),
        ("app.store.log", "import sqlmodel"),
        ("app.pages.filters", "from app.domain.wording import badge"),
        ("app.declaring", "from app.store import log"),
        ("app.web.api", "from app import declaring"),
        ("app.cli", "from app.main import create_app"),
    ],
)
def test_what_is_allowed_passes(module: str, line: str):
    assert breaches(line, module) == []
