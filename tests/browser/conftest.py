"""A real browser: Chromium, driven by Playwright. Never skipped: without one these tests fail."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect, sync_playwright

from tests.counts import IS_LONG_RUN
from tests.logged import server_after
from tests.running import KENT, Server
from tests.strictness import read_strictly

SYSTEM_CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
"""The same engine without a window, and with one that nobody sees: the first takes a third of the other's time."""
PATIENCE = 60_000
"""Milliseconds that anything on a page may take: a busy machine is no fault of ours."""

expect.set_options(timeout=PATIENCE)

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
"""What is declared in Kent, in order."""
BEFORE_THE_FLIP = 21
"""Declarations after which Medway is one ward away from its flip, the first of the night."""

REDIRECTIONS = range(300, 400)

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

KEEPING = {"service_workers": "allow"}
"""The browser of somebody at the desk who keeps its pages for when there is no network.

Every day that is left to those whom it is about: to keep them takes each new browser a second of a core.
"""

SCHEMES = ("light", "dark")

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""Axe's rules that colours can break."""

AT_REST = """async () => {
    const ends = (it) => it.playState === "running" && it.effect.getComputedTiming().iterations === 1;
    await Promise.allSettled(document.getAnimations().filter(ends).map((it) => it.finished));
}"""
"""Once everything has come to rest that moves once; a pill may go on breathing."""

MOVES_TOO_LONG = """() => document.getAnimations().some((it) => it.effect.getComputedTiming().endTime > 5000)"""
"""Whether something moves by itself for longer than WCAG 2.2.2 lets it without a way to stop it; axe cannot tell."""


def assert_accessible(page: Page, *, part: str | None = None, scheme: str | None = None) -> None:
    """Axe finds nothing to mend once nothing moves: by every rule, and by those of colours in the other scheme.

    A look takes seconds of a core. Only the long run takes them all where ``part`` is what is new on a page that has a
    look of its own, and ``scheme`` the one in which it is looked at here: the other's at another size, or of its like.
    """
    assert not page.evaluate(MOVES_TOO_LONG), f"{page.url} moves for longer than five seconds"
    page.evaluate(AT_REST)
    schemes = SCHEMES if IS_LONG_RUN or scheme is None else (scheme,)
    for looked_at in schemes:
        page.emulate_media(color_scheme=looked_at)
        rules = {} if looked_at == schemes[0] else {"runOnly": OF_COLOURS}
        found = Axe().run(page, None if IS_LONG_RUN else part, {"resultTypes": ["violations"], **rules})
        assert found.violations_count == 0, f"{page.url} in {looked_at}\n{found.generate_report()}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module: Playwright keeps an event loop running, in which other tests could not run their own."""
    installed = next((str(path) for path in SYSTEM_CHROMIUMS if path.exists()), None)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=os.environ.get("DECLARED_TEST_CHROMIUM") or installed,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        )
        yield launched
        launched.close()


@pytest.fixture
def context_of(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts, each a person of their own, and closes them; every page of ours is read strictly."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def read(request: Request) -> None:
        # A page that was left at once has no body any more.
        with contextlib.suppress(Error):
            faults.extend(f"{request.url}: {fault}" for fault in faults_of(request))

    def make(**options: Any) -> BrowserContext:
        others = KEEPING if IS_LONG_RUN else {"service_workers": "block"}
        opened.append(browser.new_context(**{"viewport": WIDE, **others, **options}))
        opened[-1].set_default_timeout(PATIENCE)
        opened[-1].on("requestfinished", read)
        return opened[-1]

    yield make
    for context in opened:
        context.close()
    assert not faults


def faults_of(request: Request) -> list[str]:
    """What is wrong with a page that a browser went to, if it is one of ours: these have a content policy."""
    answer = request.response() if request.is_navigation_request() else None
    if answer is None or "content-security-policy" not in answer.headers or answer.status in REDIRECTIONS:
        return []
    return read_strictly.faults(answer.body()) if answer.headers["content-type"].startswith("text/html") else []


@pytest.fixture
def page(context_of: Callable[..., BrowserContext]) -> Page:
    """A page in a context of its own; what goes wrong on it fails the test."""
    return context_of().new_page()


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """The Kent night before its first declaration."""
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as running:
        yield running


@pytest.fixture
def night(tmp_path) -> Iterator[Server]:
    """Medway is one ward away from its flip."""
    with server_after(BEFORE_THE_FLIP, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def quiet(tmp_path_factory) -> Iterator[Server]:
    """A server that is only read from."""
    with server_after(40, tmp_path_factory.mktemp("quiet")) as running:
        yield running
