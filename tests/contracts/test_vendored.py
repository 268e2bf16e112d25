"""Vendored files are what SOURCES.md says they are, all of them and no others."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
SOURCES = VENDOR / "SOURCES.md"

ROW = re.compile(
    r"^\| (?P<package>\S+) \| (?P<version>\S+) \| `[^`]+` "
    r"\| `(?P<file>[^`]+)` \| (?P<licence>[^|]+) \| `(?P<sha256>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)


def listed() -> dict[str, re.Match[str]]:
    return {row["file"]: row for row in ROW.finditer(SOURCES.read_text(encoding="utf-8"))}


def present() -> set[str]:
    return {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - {SOURCES.name}


def test_every_vendored_file_is_listed_and_every_listed_file_is_there():
    assert listed().keys() == present()


def test_no_vendored_file_was_changed():
    hashes = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in present()}
    assert hashes == {name: row["sha256"] for name, row in listed().items()}


def test_a_vendored_file_carries_its_version_in_its_name():
    unversioned = [
        name
        for name, row in listed().items()
        if row["version"] not in name and not Path(name).name.startswith("LICENSE")
    ]
    assert not unversioned


def test_every_vendored_package_brings_its_licence():
    packages = {row["package"] for row in listed().values()}
    with_licence = {row["package"] for name, row in listed().items() if Path(name).name.startswith("LICENSE")}
    assert packages == with_licence
