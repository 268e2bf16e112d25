"""Where the files are that are not code: beside the package in the repository, inside it once it is installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_CARRIED = _PACKAGE / "carried"
_AROUND = _CARRIED if _CARRIED.is_dir() else _PACKAGE.parent

TEMPLATES = _AROUND / "templates"
STATIC = _AROUND / "static"
ELECTIONS = _AROUND / "elections"
