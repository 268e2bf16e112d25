"""What widgets run on: the oldest browsers that docs/embedding.md names have everything that their scripts use."""

from pathlib import Path

from tests.node_packages import run_with_packages
from tests.running import PROJECT

OLDEST = '{"chrome": 88, "edge": 88, "firefox": 85, "safari": 14.1, "safari_ios": 14.5}'
SCRIPTS = [PROJECT / "static" / "js" / name for name in ("embed/embed.js", "embed/widget.js", "overview/tiles.js")]


def too_new(*scripts: Path) -> list[str]:
    """What in these is newer than those browsers: ``FILE:LINE: NAME``."""
    return run_with_packages("too_new.js", OLDEST, *map(str, scripts)).splitlines()


def test_the_scripts_of_widgets_use_nothing_newer() -> None:
    assert too_new(*SCRIPTS) == []


def test_the_oldest_are_those_that_are_documented() -> None:
    told = (PROJECT / "docs" / "embedding.md").read_text("utf-8")
    assert "Chrome and Edge 88, Firefox 85, Safari 14.1" in told


def test_what_is_newer_is_found(tmp_path: Path) -> None:
    script = tmp_path / "newer.js"
    newer = ["AbortSignal.timeout", "lists.toSorted", "Object.groupBy", "structuredClone"]
    script.write_text("".join(f"{name}(lists);\n" for name in newer))
    assert too_new(script) == [f"{script}:{line}: {name}" for line, name in enumerate(newer, 1)]
