"""The project speaks of itself alone: it installs from whatever index its reader uses, and from any folder."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Put together here, so that this file doesn't hold what it looks for.
HOSTS = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com"]
OPTIONS = ["index" + "-url", "extra" + "-index", "find" + "-links"]
PLACES = [r"(?<![\w.])/wo" + r"rk\b", r"\.\./sha" + r"red\b", "/opt/py" + "pi", "/opt/wh" + "eels"]

UNWANTED = re.compile("|".join([*map(re.escape, HOSTS), *map(re.escape, OPTIONS), *PLACES]), re.IGNORECASE)


# What tools leave beside the project's files, where no version control says which those are.
LEFT_BEHIND = {".venv", "build", "dist", "htmlcov", "test-results", "__pycache__", ".hypothesis"}


def files_of_the_project() -> list[Path]:
    """Every file under version control and every new one that isn't ignored; in an unpacked archive all there are."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return [
            path
            for path in ROOT.rglob("*")
            if path.is_file()
            and not any(part in LEFT_BEHIND or part.endswith("_cache") for part in path.relative_to(ROOT).parts[:-1])
        ]
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def text_of(path: Path) -> str:
    """What a text file says; nothing for a binary one."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def test_no_file_names_a_package_index_or_somebodys_folder():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in files_of_the_project()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if (match := UNWANTED.search(line))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line", [f"see https://{HOSTS[0]}/project/x", "--" + OPTIONS[0], "/wo" + "rk/main/app", "cd /wo" + "rk"]
)
def test_an_unwanted_line_is_seen(line: str):
    assert UNWANTED.search(line)


@pytest.mark.parametrize("line", ["https://example.org/", "a/work", "static/work.css", "/workers/3", "the network"])
def test_an_ordinary_line_is_not(line: str):
    assert not UNWANTED.search(line)
