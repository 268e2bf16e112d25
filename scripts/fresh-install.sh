#!/bin/sh
# Installs as `make setup` does, into an empty environment, under the worst that a fresh machine may bring:
#
# - the oldest Python that is supported, with the pip that its first release came with;
# - an index in which every package has been released anew since the lock was made.
#
# It needs Python 3.11. What it makes lies under build/ and goes when it is done.
set -eu
cd "$(dirname "$0")/.."

OLDEST_PYTHON=python3.11
OLDEST_PIP=22.3

PYTHON=$OLDEST_PYTHON
export PYTHON
scripts/find-python.sh >/dev/null

fresh=build/fresh
later=build/later
forget() { rm -rf "$fresh" "$later"; }
trap forget EXIT
trap 'exit 1' HUP INT TERM
forget

make VENV="$fresh" "$fresh/.created"
"$fresh/bin/python" -m pip install --disable-pip-version-check -qq "pip==$OLDEST_PIP"
"$fresh/bin/python" -m pip --version

mkdir -p "$later"
"$fresh/bin/python" - "$later" <<'PYTHON'
"""An empty wheel of a later version for every package of the lock."""
import re
import sys
from pathlib import Path
from zipfile import ZipFile

VERSION = "99999"
lock = Path("requirements.lock").read_text("utf-8")
for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE):
    stem = f"{re.sub('[-_.]+', '_', name)}-{VERSION}"
    with ZipFile(Path(sys.argv[1], f"{stem}-py3-none-any.whl"), "w") as wheel:
        info = f"{stem}.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {VERSION}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
PYTHON

PIP_FIND_LINKS="${PIP_FIND_LINKS:-} $PWD/$later" make VENV="$fresh" setup
"$fresh/bin/declared" --version
