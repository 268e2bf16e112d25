"""Every page that a test is answered, read as strictly as HTML can be, whatever the test asked it for."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import httpx2
from html5lib.html5parser import ParseError

from app.addresses import COUNCIL_STORY, NIGHT_STORY, SCOREBOARD

PARTS = (SCOREBOARD, NIGHT_STORY, COUNCIL_STORY)
"""Addresses of parts of pages."""

OF_A_PROXY = b"<hr><center>nginx"
"""In what a proxy before us says by itself, which is not ours to mend."""
HTML = "{http://www.w3.org/1999/xhtml}"
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")
"""Attributes that name elements of the page by their ids."""
UNLABELLED = {"hidden", "submit", "button", "reset"}
"""Types of input that need no label."""


class StrictReader:
    """What clients of tests call with each answer; AssertionError with all that is wrong about a page."""

    def __init__(self) -> None:
        self._sound: set[bytes] = set()
        """Digests of what was read already."""

    def __call__(self, answer: httpx2.Response) -> None:
        if not answer.headers.get("Content-Type", "").startswith("text/html") or OF_A_PROXY in answer.read():
            return
        faults = [*policy_faults(answer.headers.get("Content-Security-Policy", ""))]
        asked = answer.request
        is_of_a_part = any(each.parsed(asked.url.path) for each in PARTS)
        is_part = "HX-Request" in asked.headers or "part" in asked.url.params or is_of_a_part
        faults += self.faults(answer.read(), is_part=is_part)
        assert not faults, f"{answer.request.url} ({answer.status_code}): {faults}"

    def file(self, path: Path) -> str:
        """A published page, which has the policy of whichever server it is put on."""
        page = path.read_bytes()
        faults = self.faults(page)
        assert not faults, f"{path}: {faults}"
        return page.decode()

    def faults(self, body: bytes, *, is_part: bool = False) -> list[str]:
        """What is wrong with a page, or with what of one is asked for by itself; a sound one is read once."""
        digest = sha256(body).digest()
        if not body or digest in self._sound:
            return []
        faults = fragment_faults(body.decode()) if is_part else page_faults(body.decode())
        if not faults:
            self._sound.add(digest)
        return faults


def policy_faults(policy: str) -> Iterator[str]:
    if "default-src 'none'" not in policy or "unsafe" in policy:
        yield f"its content policy is “{policy}”"


def page_faults(html: str) -> list[str]:
    """What is wrong with a whole page."""
    try:
        tree = html5lib.HTMLParser(strict=True).parse(html)
    except ParseError as error:
        return [f"no HTML: {error}"]
    faults = [*_element_faults(tree)]
    if (headings := sum(1 for _ in tree.iter(f"{HTML}h1"))) != 1:
        faults.append(f"{headings} h1")
    if not tree.get("lang"):
        faults.append("no lang")
    if not "".join(tree.find(f"{HTML}head/{HTML}title").itertext()).strip():
        faults.append("no title")
    return faults


def fragment_faults(html: str) -> list[str]:
    """What is wrong with a part of a page, which may refer to other parts."""
    container = "tbody" if html.lstrip().startswith("<tr") else "div"
    try:
        tree = html5lib.HTMLParser(strict=True).parseFragment(html, container=container)
    except ParseError as error:
        return [f"no HTML: {error}"]
    return [fault for fault in _element_faults(tree) if not fault.startswith("refers")]


def _element_faults(tree: Element) -> Iterator[str]:
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    ids = Counter(element.get("id") for element in elements if element.get("id") is not None)
    yield from (f"twice: #{name}" for name, times in ids.items() if times > 1)
    for element in elements:
        yield from (f"refers to nothing: {name}" for name in _referred(element) - ids.keys())
        yield from _in_line(element)
    yield from _unnamed(tree, elements)


def _referred(element: Element) -> set[str]:
    names = {name for attribute in REFERENCES for name in element.get(attribute, "").split()}
    link = element.get("href", "")
    return names | ({link[1:]} if link.startswith("#") and len(link) > 1 else set())


def _in_line(element: Element) -> Iterator[str]:
    """What the content policy would not let through."""
    if element.tag == f"{HTML}style" or any(name == "style" or name.startswith("on") for name in element.attrib):
        yield f"styled or scripted in line: {element.tag.removeprefix(HTML)}"
    is_data = "json" in element.get("type", "")
    if element.tag == f"{HTML}script" and not element.get("src") and not is_data:
        yield "a script in line"


def _unnamed(tree: Element, elements: list[Element]) -> Iterator[str]:
    """What nobody is told of who hears the page."""
    labels = list(tree.iter(f"{HTML}label"))
    labelled = {label.get("for") for label in labels}
    wrapped = {id(inner) for label in labels for inner in label.iter()}
    for element in elements:
        name = element.tag.removeprefix(HTML)
        is_named = element.get("aria-label") or element.get("aria-labelledby") or _words(element)
        if name in {"input", "select", "textarea"} and element.get("type") not in UNLABELLED:
            is_labelled = id(element) in wrapped or element.get("id", "") in labelled
            is_named = element.get("aria-label") or element.get("aria-labelledby") or is_labelled
        elif name == "img":
            is_named = element.get("alt") is not None
        elif name not in {"button", "a"}:
            continue
        if not is_named:
            yield f"nothing says what it is: {name} {element.attrib}"


def _words(element: Element) -> str:
    words = "".join(element.itertext()).strip()
    return words or "".join(inner.get("alt", "") for inner in element.iter(f"{HTML}img"))


read_strictly = StrictReader()
"""That of every client: a page that comes again is not read again."""


def files_client(address: str) -> httpx2.Client:
    """A client of a web server with published files, which have whatever policy that gives them."""

    def read(answer: httpx2.Response) -> None:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            faults = read_strictly.faults(answer.read())
            assert not faults, f"{answer.request.url} ({answer.status_code}): {faults}"

    return httpx2.Client(base_url=address, event_hooks={"response": [read]})


def strict_client(url: str = "", **options: Any) -> httpx2.Client:
    """A client that reads strictly whatever page it is answered; the tests have no other."""
    hooks = {"response": [read_strictly]}
    return httpx2.Client(base_url=url, timeout=30, trust_env=False, event_hooks=hooks, **options)
