#!/bin/sh
# Finds a Chromium for the browser tests, and installs one if there is none.
#
# Best is the headless shell: the same engine, which draws no window of its own, in a third of the time.
# Prints its path on stdout, for DECLARED_TEST_CHROMIUM: an empty line means the browser that Playwright keeps for itself.
# Exits 1, saying on stderr what to install, if there is no browser and none could be installed.
# DECLARED_TEST_CHROMIUM=/path/to/browser chooses one.
set -eu
cd "$(dirname "$0")/.."

runs() {
    "$1" --version >/dev/null 2>&1
}

print_installed() {
    for candidate in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        path=$(command -v "$candidate" 2>/dev/null) || continue
        # Ubuntu's chromium-browser may be a stub that only asks for a snap: what does not run is not a browser.
        if runs "$path"; then
            echo "$path"
            return 0
        fi
    done
    return 1
}

print_shell() {
    command -v chromium-headless-shell 2>/dev/null && runs chromium-headless-shell
}

install() {
    # What a browser recommends is a desktop: printers, sound, a keyring. Letters alone are needed beside it.
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" fonts-liberation >&2
}

playwright_has_one() {
    .venv/bin/python - >/dev/null 2>&1 <<'PYTHON'
import os
import sys

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not os.path.exists(playwright.chromium.executable_path))
PYTHON
}

if [ -n "${DECLARED_TEST_CHROMIUM:-}" ]; then
    if runs "$DECLARED_TEST_CHROMIUM"; then
        echo "$DECLARED_TEST_CHROMIUM"
        exit 0
    fi
    echo "DECLARED_TEST_CHROMIUM=$DECLARED_TEST_CHROMIUM is not a browser that runs." >&2
    exit 1
fi

print_shell && exit 0
if playwright_has_one; then
    echo
    exit 0
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "No headless Chromium found: installing the package chromium-headless-shell…" >&2
    apt-get update -qq >&2 || true
    install chromium-headless-shell && print_shell && exit 0
    print_installed && exit 0
    install chromium && print_installed && exit 0
fi
print_installed && exit 0

echo "No Chromium found: asking Playwright to download its own…" >&2
if .venv/bin/playwright install chromium >&2 && playwright_has_one; then
    echo
    exit 0
fi

cat >&2 <<MESSAGE

The tests drive a real browser, and none was found or could be installed. Install one, and run make test again:
  Debian:   apt-get install chromium-headless-shell
  Fedora:   dnf install chromium
  macOS:    brew install --cask google-chrome
  any:      .venv/bin/playwright install --with-deps chromium
If one is installed elsewhere: DECLARED_TEST_CHROMIUM=/path/to/it make test
MESSAGE
exit 1
