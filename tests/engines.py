"""Firefox and WebKit, as far as tests use them: Playwright drives neither as a system has them.

Firefox speaks WebDriver BiDi (a W3C working draft) over a socket, WebKitGTK the WebDriver of 2018 over HTTP; both take
the same actions. A click and a key are those of a person: the browser decides what they hit.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx2
from websockets.sync.client import ClientConnection, connect

from tests.programs import free_port, program

PATIENCE = 60.0
"""Seconds that anything may take: a busy machine is no fault of ours."""

KEYS = {"Enter": "\ue006", "Tab": "\ue004", "Control": "\ue009", "Shift": "\ue008", "ArrowDown": "\ue015"}

Action = dict[str, Any]


class Driver(Protocol):
    """What either browser can be told."""

    def open(self, url: str) -> None: ...

    def evaluate(self, expression: str) -> Any: ...

    def act(self, actions: Sequence[Action]) -> None: ...


class Visitor:
    """Somebody with a browser: one window, a mouse, a keyboard."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def goes_to(self, url: str) -> None:
        self._driver.open(url)

    def sees(self, expression: str) -> Any:
        """The value of an expression of JavaScript, on the page as it is now."""
        return json.loads(self._driver.evaluate(f"JSON.stringify({expression}) ?? 'null'"))

    def text(self, selector: str) -> str:
        """What an element says, its spaces made one; empty where there is none."""
        found: str = self.sees(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")
        return " ".join(found.split())

    def waits(self, holds: Callable[[], Any], what: str) -> None:
        until = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < until, f"not in {PATIENCE:.0f} s: {what}"
            time.sleep(0.05)

    def waits_for(self, selector: str, words: str) -> None:
        self.waits(lambda: words in self.text(selector), f"{words!r} in {selector}")

    def clicks(self, selector: str) -> None:
        """With the mouse, in the middle of what is seen of it."""
        place = self.sees(
            f"(e => {{ e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect();"
            f" return [r.x + r.width / 2, r.y + r.height / 2] }})(document.querySelector({json.dumps(selector)}))"
        )
        x, y = (round(at) for at in place)
        move = {"type": "pointerMove", "x": x, "y": y, "duration": 0}
        pressed = [{"type": f"pointer{way}", "button": 0} for way in ("Down", "Up")]
        self._driver.act([{"type": "pointer", "id": "mouse", "actions": [move, *pressed]}])

    def presses(self, *keys: str) -> None:
        """Keys held together: ``presses("Control", "Enter")``."""
        held = [KEYS.get(key, key) for key in keys]
        ways = [("keyDown", held), ("keyUp", held[::-1])]
        self._act_keys({"type": way, "value": key} for way, which in ways for key in which)

    def types(self, text: str) -> None:
        self._act_keys({"type": way, "value": letter} for letter in text for way in ("keyDown", "keyUp"))

    def _act_keys(self, actions: Iterator[Action]) -> None:
        self._driver.act([{"type": "key", "id": "keyboard", "actions": list(actions)}])


class _Firefox:
    """Over WebDriver BiDi."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._asked = 0
        self._ask("session.new", capabilities={})
        # Not the tab it begins with, whose address field has the focus: there an Enter presses no button of a page.
        self._context = self._ask("browsingContext.create", type="tab")["context"]

    def _ask(self, method: str, **params: Any) -> Any:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv(timeout=PATIENCE))
            if told.get("id") == self._asked:
                assert told["type"] == "success", told
                return told["result"]

    def open(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        target = {"context": self._context}
        told = self._ask("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert told["type"] == "success", told
        return told["result"]["value"]

    def act(self, actions: Sequence[Action]) -> None:
        self._ask("input.performActions", context=self._context, actions=list(actions))


class _WebKit:
    """Over WebDriver."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client
        (browser,) = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))[:1]
        options = {"binary": str(browser), "args": ["--automation"]}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self._session = f"/session/{self._told(client.post('/session', json=asked))['sessionId']}"

    @staticmethod
    def _told(response: httpx2.Response) -> Any:
        assert response.status_code == 200, response.text
        return response.json()["value"]

    def _post(self, command: str, **body: Any) -> Any:
        return self._told(self._client.post(f"{self._session}/{command}", json=body))

    def open(self, url: str) -> None:
        self._post("url", url=url)

    def evaluate(self, expression: str) -> Any:
        return self._post("execute/sync", script=f"return {expression}", args=[])

    def act(self, actions: Sequence[Action]) -> None:
        self._post("actions", actions=list(actions))

    def close(self) -> None:
        self._told(self._client.delete(self._session))


@contextmanager
def _process(command: Sequence[str], **options: Any) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(command, text=True, **options) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def firefox() -> Iterator[Visitor]:
    """A Firefox with a profile of its own."""
    with ExitStack() as stack:
        profile = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        # A computer with a mouse: where there is no screen, Firefox finds none.
        (Path(profile) / "user.js").write_text('user_pref("ui.primaryPointerCapabilities", 6);\n')
        said = Path(profile) / "said"
        command = [program("firefox-esr"), "--headless", "--no-remote", "--profile", profile]
        output = stack.enter_context(said.open("w"))
        options = {"stdout": output, "stderr": output, "env": {**os.environ, "HOME": profile}}
        process = stack.enter_context(_process([*command, "--remote-debugging-port", "0"], **options))
        until = time.monotonic() + PATIENCE
        while not (found := re.search(r"BiDi listening on (ws://\S+)", said.read_text())):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.05)
        socket = stack.enter_context(connect(f"{found[1]}/session", max_size=None))
        yield Visitor(_Firefox(socket))


@contextmanager
def webkit() -> Iterator[Visitor]:
    """A WebKitGTK on a screen of its own that nobody sees."""
    with ExitStack() as stack:
        screen = [program("Xvfb", "xvfb"), "-displayfd", "1", "-screen", "0", "1440x1000x24", "-nolisten", "tcp"]
        shown = stack.enter_context(_process(screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
        assert shown.stdout is not None
        environment = {**os.environ, "DISPLAY": f":{shown.stdout.readline().strip()}"}
        port = str(free_port())
        driver = [program("WebKitWebDriver", "webkit2gtk-driver"), "--host=127.0.0.1", f"--port={port}"]
        stack.enter_context(_process(driver, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        client = stack.enter_context(httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE))
        _until_it_answers(client)
        session = _WebKit(client)
        stack.callback(session.close)
        yield Visitor(session)


def _until_it_answers(client: httpx2.Client) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            client.get("/status")
        except httpx2.TransportError:
            assert time.monotonic() < until, "WebKitWebDriver does not answer"
            time.sleep(0.05)
        else:
            return


ENGINES = {"firefox": firefox, **({"webkit": webkit} if sys.platform == "linux" else {})}
"""By name. WebKit is to be had as a program that can be driven on Linux alone."""
