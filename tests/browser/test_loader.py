"""The loader in pages of another origin, as they stand in the world: before and after its elements, twice, and late.

A stand-in for the widget posts the heights that a test wants; ``/embed/v1`` itself is tried at the end.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.running import PROJECT, Server

LOADER = (PROJECT / "static" / "js" / "embed" / "embed.js").read_text("utf-8")
SCRIPT = '<script async src="/embed.js"></script>'

WIDGET = """<!doctype html><title>Widget</title><p>Medway</p><script>
const query = new URLSearchParams(location.search);
const post = (data) => parent.postMessage(data, "*");
const height = query.get("height");
const tell = () => height && post({ sentinel: "amp", type: "embed-size", height: Number(height) });
addEventListener("message", ({ data }) => data.message === "ready" ? tell() : post(data.say));
tell();
</script>"""


@dataclass
class Site:
    """A web server of its own: the pages that a test puts there, the loader, and the stand-in at /widget."""

    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def has(self, body: str, *, head: str = "") -> str:
        """The address of a page with this body."""
        path = f"/page-{len(self.pages)}"
        self.pages[path] = f"<!doctype html><html lang=en><head><title>An article</title>{head}</head><body>{body}"
        return self.url + path


@pytest.fixture
def serve() -> Iterator[Callable[[], Site]]:
    """Starts sites, each on a port of its own, and so of an origin of its own."""
    running: list[ThreadingHTTPServer] = []

    def start() -> Site:
        site = Site()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.split("?")[0]
                site.asked.append(self.path)
                known = {"/embed.js": LOADER, "/widget": WIDGET, **site.pages}
                self.send_response(200 if path in known else 404)
                kind = "text/javascript" if path.endswith(".js") else "text/html"
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.end_headers()
                self.wfile.write(known.get(path, "").encode())

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        site.url = f"http://127.0.0.1:{server.server_port}"
        return site

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site(serve: Callable[[], Site]) -> Site:
    """Where the article is."""
    return serve()


@pytest.fixture
def widget(serve: Callable[[], Site]) -> str:
    """Where the widget is: another origin."""
    return f"{serve().url}/widget"


def placeholder(address: str) -> str:
    return (
        f'<div data-election-embed="{address}" title="Medway">'
        '<a href="https://results.example.org/medway">Medway: LAB gain from CON</a></div>'
    )


def be_high(page: Page, height: int, number: int = 0) -> None:
    expect(page.locator("iframe").nth(number)).to_have_css("height", f"{height}px")


def say(page: Page, data: object, number: int = 0) -> None:
    """Have the widget in a frame post ``data`` to the page."""
    script = "([number, say]) => document.querySelectorAll('iframe')[number].contentWindow.postMessage({ say }, '*')"
    page.evaluate(script, [number, data])


def size(height: object) -> dict[str, object]:
    return {"sentinel": "amp", "type": "embed-size", "height": height}


@pytest.mark.parametrize("order", ["script first", "script last", "script twice"])
@pytest.mark.parametrize("kind", ["element", "placeholder"])
def test_a_widget_is_framed_as_high_as_it_is(site: Site, widget: str, page: Page, order: str, kind: str) -> None:
    address = f"{widget}?height=431"
    host = placeholder(address) if kind == "placeholder" else f'<election-embed src="{address}"></election-embed>'
    script = SCRIPT.replace(" async", "")
    bodies = {"script first": script + host, "script last": host + script, "script twice": script + host + script}
    page.goto(site.has(bodies[order]))
    be_high(page, 431)
    frame = page.locator("iframe")
    expect(frame).to_have_count(1)
    expect(frame).to_have_attribute("loading", "lazy")
    expect(frame).to_have_attribute("title", "Medway" if kind == "placeholder" else "Election results")
    expect(frame).to_have_attribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox")
    expect(page.get_by_role("link")).to_have_count(0)


def test_without_javascript_the_line_and_its_link_stand_there(site: Site, widget: str, context_of) -> None:
    page = context_of(java_script_enabled=False).new_page()
    page.goto(site.has(placeholder(widget) + SCRIPT))
    expect(page.get_by_role("link", name="Medway: LAB gain from CON")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)


def test_the_line_stays_until_the_widget_answers(site: Site, widget: str, page: Page) -> None:
    page.goto(site.has(placeholder(widget) + SCRIPT))
    expect(page.frame_locator("iframe").get_by_text("Medway")).to_be_visible()
    expect(page.get_by_role("link", name="Medway: LAB gain from CON")).to_be_visible()
    say(page, size(250))
    be_high(page, 250)
    expect(page.get_by_role("link")).to_have_count(0)


def test_a_server_that_is_gone_leaves_the_line(site: Site, page: Page) -> None:
    page.goto(site.has(placeholder("http://127.0.0.1:9/embed/v1/kent-2023/overview") + SCRIPT))
    expect(page.locator("iframe")).to_be_attached()
    expect(page.get_by_role("link", name="Medway: LAB gain from CON")).to_be_visible()


def test_a_widget_that_shrinks_is_followed(site: Site, widget: str, page: Page) -> None:
    page.goto(site.has(placeholder(f"{widget}?height=800") + SCRIPT))
    be_high(page, 800)
    say(page, size(320))
    be_high(page, 320)


@pytest.mark.parametrize(("told", "height"), [(1, 60), (1_000_000, 20_000), (300.4, None)])
def test_heights_are_held_within_bounds(site: Site, widget: str, page: Page, told: float, height: int | None) -> None:
    page.goto(site.has(placeholder(f"{widget}?height=500") + SCRIPT))
    be_high(page, 500)
    say(page, size(told))
    if height is not None:
        be_high(page, height)
    else:
        expect(page.locator("iframe")).not_to_have_css("height", "500px")


NOT_HEIGHTS: list[object] = [
    size("100px; position: fixed"),
    size(-5),
    size(None),
    {"sentinel": "amp", "type": "embed-state", "height": 90},
    {"type": "embed-size", "height": 90},
    "pymxPYMxchildxPYMxheightxPYMx90",
    None,
    90,
]


def test_anything_else_is_left_alone(site: Site, widget: str, page: Page) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(site.has(placeholder(f"{widget}?height=500") + SCRIPT))
    be_high(page, 500)
    page.evaluate("() => { window.heard = 0; addEventListener('message', () => window.heard++); }")
    for data in NOT_HEIGHTS:
        say(page, data)
    page.wait_for_function(f"heard === {len(NOT_HEIGHTS)}")
    be_high(page, 500)
    assert faults == []


def test_a_height_is_of_the_frame_that_tells_it_and_of_no_other(site: Site, widget: str, page: Page) -> None:
    stranger = f'<iframe src="{widget}?height=77" height="333"></iframe>'
    page.goto(site.has(placeholder(f"{widget}?height=410") + placeholder(f"{widget}?height=520") + stranger + SCRIPT))
    be_high(page, 410)
    be_high(page, 520, 1)
    say(page, size(640), 1)
    be_high(page, 640, 1)
    say(page, size(88), 2)
    page.evaluate("data => postMessage(data, '*')", size(99))
    page.evaluate("() => new Promise(done => { addEventListener('message', done); postMessage('last', '*'); })")
    be_high(page, 410)
    be_high(page, 333, 2)


@pytest.mark.parametrize("markup", ['<election-embed src="{}"></election-embed>', '<p data-election-embed="{}"></p>'])
def test_what_comes_later_is_filled_too(site: Site, widget: str, page: Page, markup: str) -> None:
    page.goto(site.has(SCRIPT))
    page.wait_for_function("() => !!customElements.get('election-embed')")
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", markup.format(f"{widget}?height=222"))
    be_high(page, 222)


def test_an_address_that_changes_is_followed_in_the_same_frame(site: Site, widget: str, page: Page) -> None:
    page.goto(site.has(f'<election-embed src="{widget}?height=222"></election-embed>' + SCRIPT))
    be_high(page, 222)
    page.evaluate("src => document.querySelector('election-embed').setAttribute('src', src)", f"{widget}?height=245")
    be_high(page, 245)
    expect(page.locator("iframe")).to_have_count(1)


def test_an_element_in_a_shadow_is_filled(site: Site, widget: str, page: Page) -> None:
    script = """<div id="host"></div><script>
        const root = host.attachShadow({ mode: "open" });
        root.innerHTML = '<election-embed src="%s?height=222"></election-embed>';
    </script>"""
    page.goto(site.has(script % widget + SCRIPT))
    be_high(page, 222)


def test_where_there_are_no_custom_elements_they_are_filled_too(site: Site, widget: str, page: Page) -> None:
    page.add_init_script("Object.defineProperty(window, 'customElements', { value: undefined })")
    page.goto(site.has(f'{SCRIPT}<election-embed src="{widget}?height=222"></election-embed>'))
    be_high(page, 222)


def test_only_web_addresses_are_framed(site: Site, page: Page) -> None:
    page.goto(
        site.has(placeholder("javascript:parent.document.title='Taken'") + placeholder("data:text/html,x") + SCRIPT)
    )
    page.wait_for_function("() => !!customElements.get('election-embed')")
    expect(page.locator("iframe")).to_have_count(0)
    assert page.title() == "An article"


def test_what_is_far_below_is_not_asked_for_yet(serve: Callable[[], Site], site: Site, page: Page) -> None:
    other = serve()
    page.goto(site.has(f'<div style="height:20000px"></div>{placeholder(f"{other.url}/widget?height=222")}{SCRIPT}'))
    expect(page.locator("iframe")).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert other.asked == []
    page.locator("iframe").scroll_into_view_if_needed()
    be_high(page, 222)


def test_the_quotation_of_oembed_gives_way_to_its_frame(site: Site, widget: str, page: Page) -> None:
    quotation = '<blockquote class="declared-embed"><a href="https://results.example.org/">A line</a></blockquote>'
    page.goto(site.has(f'{quotation}<iframe src="{widget}?height=222" width="600" height="500"></iframe>{SCRIPT}'))
    expect(page.get_by_text("A line")).to_be_hidden()
    be_high(page, 222)
    say(page, size(310))
    be_high(page, 310)


def test_a_frame_that_spoke_before_the_loader_listened_is_asked_again(site: Site, widget: str, page: Page) -> None:
    frame = f'<iframe src="{widget}?height=222" width="600" height="500"></iframe>'
    quotation = '<blockquote class="declared-embed"><a href="https://results.example.org/">A line</a></blockquote>'
    heard = "<script>window.heard = 0; addEventListener('message', () => { heard += 1; });</script>"
    page.goto(site.has(heard + quotation + frame))
    page.wait_for_function("() => heard === 1")
    page.add_script_tag(url="/embed.js")
    be_high(page, 222)
    expect(page.get_by_text("A line")).to_be_hidden()


def test_a_strict_policy_of_the_page_is_kept(site: Site, widget: str, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if "Policy" in message.text else None)
    origin = widget.removesuffix("/widget")
    policy = f"default-src 'none'; script-src 'self'; frame-src {origin}; require-trusted-types-for 'script'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page.goto(site.has(placeholder(f"{widget}?height=222") + SCRIPT, head=head))
    be_high(page, 222)
    assert faults == []


def test_what_oembed_gives_is_a_widget_of_its_own_height(server: Server, site: Site, page: Page) -> None:
    with server.client() as client:
        told = client.get("/oembed", params={"url": f"{server.url}/elections/kent-2023/councils/medway"}).json()
    page.goto(site.has(told["html"]))
    expect(page.frame_locator("iframe").locator("h1")).to_be_visible()
    expect(page.locator("blockquote")).to_be_hidden()
    expect(page.locator("iframe")).not_to_have_css("height", f"{told['height']}px")


@pytest.mark.parametrize("path", ["council/medway", "overview"])
def test_the_widget_itself_tells_its_height(server: Server, site: Site, page: Page, path: str) -> None:
    address = f"{server.url}/embed/v1/kent-2023/{path}"
    page.goto(site.has(f'{placeholder(address)}<script async src="{server.url}/embed.js"></script>'))
    expect(page.get_by_role("link", name="Medway: LAB gain from CON")).to_have_count(0)
    inside: FrameLocator = page.frame_locator("iframe")
    expect(inside.locator("h1")).to_be_visible()
    assert page.evaluate("document.querySelector('iframe').clientHeight") != 320
    assert page.context.cookies() == []
