# ruff: noqa: INP001  # a script, run by its name or as a module of the tests
"""Draws docs/images/architecture.svg: the floors of ``app`` in their order, and which knows which, from the imports.

.venv/bin/python scripts/draw_architecture.py
"""

import ast
import re
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import app  # noqa: E402
from tests.contracts.test_walls import APP, ROUTES, imported, module_of, part_of  # noqa: E402

PICTURE = ROOT / "docs" / "images" / "architecture.svg"

SIDE, NAMES, WORDS, TOP = 26, 108, 680, 118
"""Of a square, of the column of names and that of what they are, and of the heads above: in pixels."""

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1a1a1a }
.name { font-weight: 600 }
.what { fill: #555 }
.floor { fill: #f2f2f0 }
.self { fill: #d5d5d0 }
.dot { fill: #1d5fa8 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f0f0 }
.what { fill: #b5b5b5 }
.floor { fill: #2a2a2a }
.self { fill: #4a4a4a }
.dot { fill: #7db4f0 }
}
"""


def floors() -> dict[str, str]:
    """What the map in ``app/__init__.py`` says of each floor, in its order; the routes stand behind what they show."""
    told = dict(re.findall(r"^- ``(\w+)`` +(.+)$", app.__doc__ or "", re.MULTILINE))
    found: dict[str, str] = {}
    for name, what in told.items():
        found[name] = what.replace("`", "")
        if name == "desk":
            found[ROUTES] = "the HTTP of every room: parse, call, render"
    return found


def uses() -> set[tuple[str, str]]:
    """Which floor imports from which other."""
    found = set()
    for path in APP.rglob("*.py"):
        module = module_of(path)
        user = part_of(module.removesuffix(".__init__"))
        names = (name for _, name in imported(ast.parse(path.read_text("utf-8")), module))
        found |= {(user, part_of(name)) for name in names if name.startswith("app.") and part_of(name) != user}
    return found


def drawn() -> str:
    """The picture as SVG: a row a floor, and in it a dot below each floor that it imports from."""
    named, left = floors(), NAMES + WORDS
    places = {name: place for place, name in enumerate(named)}
    parts = []
    for name, place in places.items():
        y, x = TOP + place * SIDE, left + place * SIDE
        parts += [
            f'<rect class="floor" x="0" y="{y}" width="{x + SIDE}" height="{SIDE - 2}"/>',
            f'<rect class="self" x="{x}" y="{y}" width="{SIDE - 2}" height="{SIDE - 2}"/>',
            f'<text class="name" x="8" y="{y + 16}">{name}</text>',
            f'<text class="what" x="{NAMES}" y="{y + 16}">{escape(named[name])}</text>',
            f'<text transform="translate({x + 16} {TOP - 8}) rotate(-60)">{name}</text>',
        ]
    for user, used in sorted(uses()):
        if user in places and used in places:
            x, y = left + places[used] * SIDE + SIDE // 2 - 1, TOP + places[user] * SIDE + SIDE // 2 - 1
            parts.append(
                f'<circle class="dot" cx="{x}" cy="{y}" r="6"><title>{user} imports from {used}</title></circle>'
            )
    width, height = left + len(places) * SIDE + 40, TOP + len(places) * SIDE
    title = "Each floor of the program, and below which others it has dots: those that it imports from"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(), "utf-8")
