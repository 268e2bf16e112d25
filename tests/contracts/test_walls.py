"""Which part of the code may import which. The table is the architecture; the rest reads the imports."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"

EVERYTHING = None

ROUTES = "routes"

MAY_IMPORT: dict[str, set[str] | None] = {
    "domain": set(),
    "wording": {"domain"},
    "process": set(),
    "live": {"process"},
    "drawing": set(),
    "addresses": set(),
    "connections": {"live", "addresses"},
    "api": {"domain", "wording", "process", "addresses"},
    "store": {"domain", "wording", "process"},
    "settings": {"domain", "process"},
    "declaring": {"domain", "wording", "process", "store"},
    "exercise": {"domain", "wording", "process", "store", "bundles"},
    "bundles": {"domain", "process", "api"},
    "imports": {"domain", "wording", "process", "bundles"},
    "pages": {"domain", "wording", "process", "addresses", "live"},
    "projection": {"domain", "wording", "live", "store", "api", "pages", "process"},
    "feeds": {"domain", "wording", "pages", "process", "projection", "addresses"},
    "hooks": {"domain", "wording", "process", "addresses", "store", "projection"},
    "web": {
        "hooks",
        "domain",
        "wording",
        "live",
        "connections",
        "store",
        "declaring",
        "exercise",
        "pages",
        "projection",
        "drawing",
        "settings",
        "process",
        "addresses",
    },
    "desk": {
        "domain",
        "wording",
        "store",
        "declaring",
        "exercise",
        "bundles",
        "pages",
        "projection",
        "process",
        "web",
        "addresses",
    },
    ROUTES: {
        "addresses",
        "domain",
        "wording",
        "store",
        "live",
        "declaring",
        "exercise",
        "bundles",
        "api",
        "pages",
        "projection",
        "feeds",
        "desk",
        "web",
        "drawing",
        "process",
    },
    "publishing": EVERYTHING,
    "main": EVERYTHING,
    "serving": EVERYTHING,
    "commands": EVERYTHING,
    "__main__": {"commands"},
}
"""Parts of ``app`` and the other parts that they may import. The routes of a room, whichever it is in, are a part of
their own: what a room shows knows no HTTP."""

KNOWN_BELOW = {"app.wording.errors": {"domain"}}
"""Modules that may be imported from below too, and by whom: they import nothing of the house themselves."""

STANDARD_LIBRARY_ONLY = {"domain", "wording", "live", "process", "addresses"}

KNOW_NO_HTTP = {
    "domain",
    "wording",
    "store",
    "pages",
    "projection",
    "declaring",
    "bundles",
    "imports",
    "api",
    "feeds",
    "live",
    "addresses",
}

HTTP = {"fastapi", "starlette", "uvicorn"}


def part_of(module: str) -> str:
    """The part a module belongs to: ``store`` for ``app.store.log``; the package ``app`` itself is ``""``."""
    names = module.split(".")
    if names[-1] == ROUTES or names[-1].endswith(f"_{ROUTES}"):
        return ROUTES
    return names[1] if len(names) > 1 else ""


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
            if part in KNOWN_BELOW.get(name, ()):
                continue
            if target not in ("", part) and allowed is not EVERYTHING and target not in allowed:
                found.append(f"{module}:{line} imports {name}, and {part or 'app'} may not import {target}")
        elif part in STANDARD_LIBRARY_ONLY and top not in sys.stdlib_module_names:
            found.append(f"{module}:{line} imports {name}, and {part} may import the standard library only")
        elif (part in KNOW_NO_HTTP or module.endswith(".view")) and top in HTTP:
            found.append(f"{module}:{line} imports {name}, and {module} knows no HTTP")
    return found


def test_no_part_imports_what_is_behind_a_wall():
    found = [
        breach
        for path in sorted(APP.rglob("*.py"))
        for breach in breaches(path.read_text(encoding="utf-8"), module_of(path))
    ]
    assert not found, "\n".join(found)


def test_what_is_known_below_knows_nothing_of_the_house():
    for module in KNOWN_BELOW:
        path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
        names = [name for _, name in imported(ast.parse(path.read_text(encoding="utf-8")), module)]
        assert not [name for name in names if name.startswith("app")]


def test_every_part_has_its_walls():
    parts = {part_of(module_of(path)) for path in APP.rglob("*.py")} - {"__init__"}
    assert parts <= MAY_IMPORT.keys(), "say in MAY_IMPORT what these may import"


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("app.domain.control", "import sqlmodel"),
        ("app.domain.control", "from app.store import log"),
        ("app.domain.control", "from ..store import log"),
        ("app.domain.checks", "from app.wording.figures import plural"),
        ("app.wording.ticker", "from app.pages import colours"),
        ("app.domain.__init__", "from ..store import log"),
        ("app.live.hub", "from app.domain.council import CouncilState"),
        ("app.live.hub", "def f():\n    import fastapi"),
        ("app.store.log", "from app import pages"),
        ("app.pages.filters", "import app.store.log"),
        ("app.desk.board.view", "from starlette.requests import Request"),
        ("app.pages.council.view", "from app.web.errors import Problem"),
        ("app.declaring.door", "from ..web import errors"),
        ("app.bundles.reading", "from app.declaring.door import declare"),
        ("app.api.routes", "from app.main import create_app"),
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
        ("app.domain.errors", "from app.wording.errors import unknown_party"),
        ("app.domain.__init__", "from .election import Council"),
        ("app.store.log", "import sqlmodel"),
        ("app.pages.filters", "from app.wording.control import badge"),
        ("app.declaring.door", "from app.store import log"),
        ("app.api.routes", "from app import declaring"),
        ("app.desk.board.routes", "from app.web.errors import Problem"),
        ("app.commands.cli", "from app.main import create_app"),
    ],
)
def test_what_is_allowed_passes(module: str, line: str):
    assert breaches(line, module) == []
