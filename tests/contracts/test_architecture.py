"""What docs/architecture.md shows is so, and what it and all other docs name is there."""

import re
from itertools import chain
from pathlib import Path

from scripts.draw_architecture import PICTURE, ROOT, drawn, floors, uses
from tests.contracts.test_walls import KNOWN_BELOW, part_of

TOLD = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_the_picture_is_that_of_the_imports():
    assert PICTURE.read_text("utf-8") == drawn(), "draw it again: .venv/bin/python scripts/draw_architecture.py"


def test_a_floor_knows_those_above_it_alone():
    places = {name: place for place, name in enumerate(floors())}
    upward = {(user, used) for user, used in uses() if user in places and places[used] > places[user]}
    assert upward == {(user, part_of(module)) for module, users in KNOWN_BELOW.items() for user in users}


def test_every_file_and_folder_that_is_named_is_there():
    folders = (path for folder in ("docs", "static", "templates") for path in (ROOT / folder).rglob("*.md"))
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in chain(ROOT.glob("*.md"), folders)
        for name in re.findall(r"`((?:app|templates|static|tests|docs|scripts)/[^`*]*)`", path.read_text("utf-8"))
    }
    assert ("docs/architecture.md", "app/addresses.py") in named
    assert [(path, name) for path, name in sorted(named) if not Path(ROOT, name).exists()] == []


def test_every_class_that_is_named_is_there():
    written = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    named = re.findall(r"`([A-Z][a-z]+[A-Za-z]*)`", TOLD)
    assert named
    assert [name for name in named if not re.search(rf"^class {name}\b", written, re.MULTILINE)] == []
