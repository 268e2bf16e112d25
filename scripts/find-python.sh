#!/bin/sh
# Prints the path of a Python that can run Declared: 3.11 or newer, and able to make virtual environments.
# PYTHON=/path/to/python chooses one. Says on stderr what to install if there is none.
set -eu

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

makes_environments() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

lacking=""
for candidate in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3 python}; do
    path=$(command -v "$candidate" 2>/dev/null) || continue
    new_enough "$path" || continue
    if makes_environments "$path"; then
        echo "$path"
        exit 0
    fi
    lacking=${lacking:-$path}
done

if [ -n "$lacking" ]; then
    version=$("$lacking" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    cat >&2 <<MESSAGE
$lacking is new enough, but cannot make virtual environments: its venv or ensurepip module is missing.
  Debian, Ubuntu:  apt-get install python$version-venv
MESSAGE
elif [ -n "${PYTHON:-}" ]; then
    echo "PYTHON=$PYTHON is not a Python 3.11 or newer." >&2
else
    cat >&2 <<MESSAGE
Declared needs Python 3.11 or newer, and none was found. Install one, and run make again:
  Debian, Ubuntu:  apt-get install python3 python3-venv
  Fedora:          dnf install python3
  macOS:           brew install python
MESSAGE
fi
exit 1
