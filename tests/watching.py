"""A watcher of our own: a websocket client that applies messages as a page does."""

import json
import re
import threading
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

PARTIAL = re.compile(
    r'<hx-partial hx-target="#([\w-]+)" hx-swap="(outerMorph|delete)"(?: data-list="([\w-]+)")?>(.*?)</hx-partial>',
    re.DOTALL,
)
ITEM = re.compile(r'(?=<[a-z]+ id="[^">]*"[^>]* data-order=")')


def apply(page: dict[str, str], content: str) -> None:
    """Do to ``page``, element id -> HTML, what a browser does with the content of a message."""
    for element, swap, container, html in PARTIAL.findall(content):
        if swap == "delete":
            _take_out(page, element)
        elif container:
            opening, items, closing = _list(page[container])
            items[element] = html
            page[container] = "".join((opening, *sorted(items.values(), key=_place), closing))
        else:
            page[element] = html


def _take_out(page: dict[str, str], item: str) -> None:
    for element, whole in page.items():
        opening, items, closing = _list(whole)
        if item in items:
            page[element] = "".join((opening, *(html for name, html in items.items() if name != item), closing))


def _list(whole: str) -> tuple[str, dict[str, str], str]:
    """The tags of a list, and its items by their ids."""
    rest, end, closing = whole.rpartition("</")
    opening, *items = ITEM.split(rest)
    return opening, {html.split('"', 2)[1]: html for html in items}, end + closing


def _place(html: str) -> tuple[int, str]:
    order = re.search(r'data-order="(-?\d+)"', html)
    assert order is not None
    return -int(order[1]), html.split('"', 2)[1]


class Watcher:
    """Listens to a channel from where it stands, and comes back by itself as long as it is not closed."""

    def __init__(self, url: str, path: str) -> None:
        self.fragments: dict[str, str] = {}
        self.messages: list[dict[str, Any]] = []
        self.seq: int | None = None
        self.epoch: str | None = None
        self.connections = 0
        self.inflates = False
        self.fault: str | None = None
        self._address = f"ws://{urlsplit(url).netloc}{path}"
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait_until(self, true: Callable[["Watcher"], bool], seconds: float = 90) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.fault or true(self), seconds), f"still at {self.seq}"
        assert self.fault is None, self.fault

    def wait_for(self, seq: int) -> None:
        """Until everything up to ``seq`` has been told."""
        self.wait_until(lambda it: it.seq is not None and it.seq >= seq)

    def close(self) -> None:
        self._closed = True
        self._thread.join(10)

    def _run(self) -> None:
        while not self._closed:
            since = "" if self.seq is None else f"?since={self.seq}&epoch={self.epoch}"
            try:
                with connect(self._address + since, max_size=None, proxy=None) as socket:
                    self.connections += 1
                    self.inflates = bool(socket.protocol.extensions)
                    self._listen(socket)
            except (OSError, WebSocketException):  # whatever ended it, a watcher comes back
                threading.Event().wait(0.1)
            except AssertionError as fault:
                with self._changed:
                    self.fault = str(fault)
                    self._changed.notify_all()
                return

    def _listen(self, socket: Any) -> None:
        while not self._closed:
            try:
                text = socket.recv(timeout=0.2)
            except TimeoutError:
                continue
            with self._changed:
                self._take(json.loads(text))
                self._changed.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        self.messages.append(message)
        known = self.seq is not None and message["epoch"] == self.epoch
        if message["kind"] == "update":
            assert known, "an update goes on from something"
            assert message["seq"] > self.seq, "nothing is told twice"
        if message["kind"] != "beat":
            apply(self.fragments, message["content"])
        self.seq, self.epoch = message["seq"], message["epoch"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
