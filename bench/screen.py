"""From the post to the pixel: how long after its post a declaration is painted in a real browser.

Baseline: the post's own answer, which waits for the disk and the fold. A handful of other watchers is connected.
"""

import json
import os
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import sync_playwright
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.running import KENT, Server, declare

GOAL_MS = 100
WATCHERS = 8

PAINTED = """() => {
    window.painted = {};
    const row = document.querySelector('#progress').parentElement;
    new MutationObserver(() => requestAnimationFrame(() => {
        const text = document.querySelector('#progress').textContent.replace(/\\s+/g, ' ');
        const wards = /(\\d+) of 277/.exec(text)?.[1];
        if (wards) window.painted[wards] ??= Date.now();
    })).observe(row, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


def run(*, quick: bool) -> dict[str, object]:
    """Posts one declaration at a time and waits until the browser has painted it."""
    night = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
    night = night[: 30 if quick else 200]
    chromium = os.environ.get("DECLARED_TEST_CHROMIUM") or "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder, Server(f"sqlite:///{Path(folder) / 'night.db'}") as server:
        for _ in range(WATCHERS):
            threading.Thread(target=_watch, args=(server.port,), daemon=True).start()
        with sync_playwright() as playwright, server.client() as client:
            named = chromium if Path(chromium).exists() else None
            browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
            page = browser.new_page(bypass_csp=True)
            page.goto(f"{server.url}/elections/kent-2023")
            page.wait_for_function("document.querySelector('[data-live-pill]').textContent === 'Live'")
            page.evaluate(PAINTED)
            answered, painted = [], []
            for number, body in enumerate(night, start=1):
                began = time.time()
                declare(client, body)
                answered.append(1000 * (time.time() - began))
                page.wait_for_function(f"window.painted[{number}] !== undefined")
                painted.append(page.evaluate(f"window.painted[{number}]") - 1000 * began)
            browser.close()
    figures = {
        "answered_p50_ms": median(answered),
        "painted_p50_ms": median(painted),
        "painted_p99_ms": quantiles(painted, n=100)[98],
        "painted_to_answered": median(painted) / median(answered),
        "goal_ms": GOAL_MS,
    }
    print(f"  answered: p50 {figures['answered_p50_ms']:.0f} ms")
    print(
        f"  painted: p50 {figures['painted_p50_ms']:.0f} ms, p99 {figures['painted_p99_ms']:.0f} ms (goal: {GOAL_MS})"
    )
    return figures


def _watch(port: int) -> None:
    address = f"ws://127.0.0.1:{port}/live/kent-2023/overview"
    with suppress(ConnectionClosed), connect(address, proxy=None, compression=None) as socket:
        for _ in socket:
            pass
