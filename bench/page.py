"""What a country's night does to an open dashboard in Chromium: what moves, what blocks, what it loads and keeps.

175 councils, declared ward by ward as fast as eight clients get them in; on a laptop, and on a phone whose processor is
six times slower. Server and browsers share the machine, so that times are those of a busy one; shifts, bytes and the
heap are not.
"""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench.goals import Goal, as_json, ratio
from bench.options import Options
from bench.processes import Asking
from bench.real import CONFIRMED, accepted, national_server, posts
from tests.country import country, country_night
from tests.shifting import AT_ONCE, IN_A_NIGHT, OBSERVED, SHIFTS

CHROMIUM = Path(os.environ.get("DECLARED_TEST_CHROMIUM") or "/usr/bin/chromium")
READERS = {"laptop": (1, {"width": 1440, "height": 900}), "phone": (6, {"width": 390, "height": 844})}
"""How many times slower than this machine's theirs is, and their windows."""

FIRST_LOAD, LONGEST_TASK, HEAP = 102, {"laptop": 50, "phone": 100}, 3
"""kB of the first load; milliseconds of the longest task (Chromium tells of those above 50); the heap, by its first."""

QUICK = 20
"""Declarations of the quick run."""

CLIENTS = 8
PATIENCE = 600_000
"""Milliseconds."""

TASKS = """() => {
    window.tasks = [];
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((it) => it.duration)))
        .observe({type: "longtask"});
}"""
LOADED = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, it) => sum + it.encodedBodySize, 0)"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def run(options: Options) -> dict[str, Any]:
    election = country()
    bodies = [{**body, "confirm": CONFIRMED} for body in country_night(election)][: QUICK if options.quick else None]
    with national_server(election) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None,
            args=["--no-sandbox", "--enable-precise-memory-info"],
        )
        address = f"{server.url}/elections/{election.slug}"
        readers = {name: Reader(browser, address, slower, window) for name, (slower, window) in READERS.items()}
        requests = posts(server, election.slug, bodies)
        accepted(Asking(server.port, requests, connections=CLIENTS).result(), len(bodies))
        figures = {name: reader.figures(len(bodies)) for name, reader in readers.items()}
        browser.close()
    for name, told in figures.items():
        print(f"  {name}: " + ", ".join(f"{key} {value:,.3g}" for key, value in told.items()))
    return {"declarations": len(bodies), **figures, "goals": as_json(_goals(figures))}


class Reader:
    """Somebody with the dashboard open, in a browser of their own."""

    def __init__(self, browser: Browser, address: str, slower: int, window: dict[str, int]) -> None:
        self._page: Page = browser.new_context(viewport=window, bypass_csp=True).new_page()  # type: ignore[arg-type]
        self._page.add_init_script(OBSERVED)
        self._tools = self._page.context.new_cdp_session(self._page)
        self._tools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        self._page.goto(address)
        self._page.wait_for_function("document.querySelector('[data-live-pill]').textContent === 'Live'")
        self._loaded: float = self._page.evaluate(LOADED)
        self._painted: float | None = self._page.evaluate(PAINTED)
        self._heap = self._kept()
        self._page.evaluate(TASKS)

    def figures(self, declared: int) -> dict[str, float]:
        """Once it shows that so many wards are in."""
        self._page.wait_for_function(f"document.querySelector('#progress-line').value >= {declared}", timeout=PATIENCE)
        shifts: list[float] = self._page.evaluate(SHIFTS)
        tasks: list[float] = self._page.evaluate("window.tasks")
        heap = self._kept()
        return {
            "shift_in_all": sum(shifts),
            "shift_at_once": max(shifts, default=0),
            "long_tasks": len(tasks),
            "longest_task_ms": max(tasks, default=0),
            "first_load_kb": self._loaded / 1000,
            "first_paint_ms": self._painted or 0,
            "heap_mb": heap / 1e6,
            "heap_to_first": ratio(heap, self._heap) or 0,
        }

    def _kept(self) -> float:
        """Bytes of the heap, once what nobody holds is collected."""
        self._tools.send("HeapProfiler.collectGarbage")
        used: float = self._tools.send("Runtime.getHeapUsage")["usedSize"]
        return used


def _goals(figures: dict[str, dict[str, float]]) -> list[Goal]:
    return [
        goal
        for name, told in figures.items()
        for goal in (
            Goal(f"{name}: layout shift of a country's night", told["shift_in_all"], IN_A_NIGHT),
            Goal(f"{name}: the largest shift at once", told["shift_at_once"], AT_ONCE),
            Goal(f"{name}: the longest task", told["longest_task_ms"], LONGEST_TASK[name], "ms"),
            Goal(f"{name}: first load, compressed", told["first_load_kb"], FIRST_LOAD, "kB"),
            Goal(f"{name}: its heap after the night, by the first", told["heap_to_first"], HEAP, "x"),
        )
    ]
