"""From the post to the pixel: how long after its post a declaration is painted in a real browser.

``declared serve`` with the night of Kent, 1,000 other watchers, and Chromium with the dashboard open. Server and
browser share the machine, and the browser paints sixty times a second at best. Baseline: the post's own answer, which
waits for the disk and the fold.
"""

import os
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import sync_playwright

from bench.goals import Goal, as_json
from bench.machine import waiting_seconds, watchers_allowed
from bench.options import Options
from bench.processes import Watchers
from bench.real import KENT_SLUG, kent_night, kent_server
from tests.running import Server, declare

GOAL_MS = 150
OVERVIEW = f"/live/{KENT_SLUG}/overview"
CHROMIUM = Path(os.environ.get("DECLARED_TEST_CHROMIUM") or "/usr/bin/chromium")

PAINTED = """() => {
    window.painted = {};
    const row = document.querySelector('#progress').parentElement;
    new MutationObserver(() => requestAnimationFrame(() => {
        const text = document.querySelector('#progress').textContent.replace(/\\s+/g, ' ');
        const wards = /(\\d+) of 277/.exec(text)?.[1];
        if (wards) window.painted[wards] ??= Date.now();
    })).observe(row, { subtree: true, childList: true, characterData: true, attributes: true });
}"""


def run(options: Options) -> dict[str, Any]:
    watchers = watchers_allowed(options.watchers_for(1_000))
    with kent_server() as server, Watchers(server.port, [OVERVIEW], watchers):
        waited = waiting_seconds(server.pid)
        answered, painted = _painted(server, kent_night()[: 20 if options.quick else 277])
        waited = waiting_seconds(server.pid) - waited
    figures = {
        "watchers": watchers,
        "declarations": len(painted),
        "answered_p50_ms": median(answered),
        "painted_p50_ms": median(painted),
        "painted_p99_ms": quantiles(painted, n=100)[98],
        "painted_to_answered": median(painted) / median(answered),
        "waited_for_core_seconds": waited,
    }
    print(f"  answered: p50 {figures['answered_p50_ms']:.0f} ms")
    print(f"  painted: p50 {figures['painted_p50_ms']:.0f} ms, p99 {figures['painted_p99_ms']:.0f} ms")
    print(f"  the server waited {waited:.2f} s for its core, which browser and others had")
    name = f"post to painted badge, {watchers:,} other watchers, 99th percentile"
    return {**figures, "goals": as_json([Goal(name, figures["painted_p99_ms"], GOAL_MS, "ms")])}


def _painted(server: Server, night: list[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """Milliseconds from each post to its answer, and until the browser has painted it; one after the other."""
    answered, painted = [], []
    with sync_playwright() as playwright, server.client() as client:
        named = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        page = browser.new_page(bypass_csp=True)
        page.goto(f"{server.url}/elections/{KENT_SLUG}")
        page.wait_for_function("document.querySelector('[data-live-pill]').textContent === 'Live'")
        page.evaluate(PAINTED)
        for number, body in enumerate(night, start=1):
            began = time.time()
            declare(client, body)
            answered.append(1000 * (time.time() - began))
            page.wait_for_function(f"window.painted[{number}] !== undefined")
            painted.append(page.evaluate(f"window.painted[{number}]") - 1000 * began)
        browser.close()
    return answered, painted
