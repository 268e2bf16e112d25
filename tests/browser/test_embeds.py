"""Widgets in somebody else's articles: framed, sandboxed, with scripts and without."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, Route, expect

from tests.browser.conftest import BEFORE_THE_FLIP, NIGHT, PHONE, assert_accessible
from tests.elsewhere import Elsewhere
from tests.running import Server, declare

MEDWAY = "/embed/v1/kent-2023/council/medway"
SWALE = "/embed/v1/kent-2023/council/swale"
OVERVIEW = "/embed/v1/kent-2023/overview"
NARROW, WIDE = 280, 700

Contexts = Callable[..., BrowserContext]


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as site:
        yield site


class Watch:
    """What a page asks for, and what goes wrong on it."""

    def __init__(self, page: Page, *allowed: str) -> None:
        self.asked: list[str] = []
        self.faults: list[str] = []
        self._allowed = allowed
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url.replace("ws://", "http://")))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.faults.append(message.text))

    def asks_nobody_else(self) -> None:
        assert [url for url in self.asked if not url.startswith(self._allowed)] == []


def flip(server: Server) -> None:
    with server.client() as client:
        declare(client, NIGHT[BEFORE_THE_FLIP])


def framed(address: str, attributes: str = "", *, style: str = "width:400px;height:600px") -> str:
    """The code that an editor pastes."""
    return f'<iframe title="Medway" {attributes} style="{style};border:0" src="{address}"></iframe>'


def frame_of(page: Page) -> Frame:
    [frame] = [frame for frame in page.frames if frame.parent_frame is not None]
    return frame


SANDBOXES = {
    "plain": "",
    "sandboxed": 'sandbox="allow-scripts"',
    "wordpress": 'sandbox="allow-scripts" security="restricted"',
}


@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_a_flip_arrives_in_an_article(night: Server, elsewhere: Elsewhere, context_of: Contexts, sandbox: str) -> None:
    context = context_of()
    page = context.new_page()
    watch = Watch(page, night.url, elsewhere.url)
    quote = f'<blockquote><a href="{night.url}/elections/kent-2023/councils/medway">Medway</a></blockquote>'
    secret = "#?secret=a1B2" if sandbox == "wordpress" else ""
    frame = framed(night.url + MEDWAY + secret, SANDBOXES[sandbox])
    page.goto(elsewhere.article("/article", quote + frame))
    widget = page.frame_locator("iframe")
    expect(widget.locator("[data-pill]")).to_have_text("Live")
    expect(widget.locator(".verdict-badge")).not_to_contain_text("LAB gain")
    flip(night)
    expect(widget.locator(".verdict-badge")).to_contain_text("LAB gain from CON")
    expect(widget.locator("[data-said]")).to_have_text("Medway: LAB gain from CON")
    expect(widget.locator("[data-at]")).to_contain_text("As at ")
    assert context.storage_state() == {"cookies": [], "origins": []}
    if sandbox != "plain":
        assert frame_of(page).evaluate("origin") == "null"
    watch.asks_nobody_else()
    assert watch.faults == []


def test_without_scripts_it_stands_there_all_the_same(
    quiet: Server, elsewhere: Elsewhere, context_of: Contexts
) -> None:
    page = context_of(java_script_enabled=False).new_page()
    watch = Watch(page, quiet.url, elsewhere.url)
    page.goto(elsewhere.article("/plain", framed(quiet.url + MEDWAY, "sandbox")))
    widget = page.frame_locator("iframe")
    expect(widget.locator(".verdict-badge")).to_contain_text("LAB gain from CON")
    expect(widget.locator("[data-at]")).to_have_text("Final, 5 May 2023")
    expect(widget.locator("noscript")).to_have_count(0)
    page.goto(elsewhere.article("/plain", framed(quiet.url + SWALE, "sandbox")))
    expect(widget.locator("noscript")).to_be_visible()
    assert widget.locator("noscript").text_content() == "Reload for newer results"
    expect(widget.locator("[data-pause]")).to_be_hidden()
    watch.asks_nobody_else()


def test_the_height_is_told_in_every_way_and_follows_both_ways(
    night: Server, elsewhere: Elsewhere, context_of: Contexts
) -> None:
    page = context_of().new_page()
    listen = """<script>
    window.told = [];
    addEventListener("message", ({data, source}) => {
      if (source !== document.querySelector("iframe").contentWindow) return;
      told.push(data);
      if (data.sentinel === "amp") document.querySelector("iframe").style.height = `${data.height}px`;
    });
    </script>"""
    address = f"{night.url}{MEDWAY}?childId=w1#?secret=s3"
    frame = framed(address, SANDBOXES["sandboxed"], style=f"width:{NARROW}px")
    page.goto(elsewhere.article("/height", listen + frame))
    page.wait_for_function("told.some(data => data.sentinel === 'amp')")
    page.wait_for_function("document.querySelector('iframe').clientHeight > 200")
    narrow = page.evaluate("document.querySelector('iframe').clientHeight")
    page.evaluate(f"document.querySelector('iframe').style.width = '{WIDE - 100}px'")
    page.wait_for_function(f"document.querySelector('iframe').clientHeight < {narrow}")
    page.evaluate(f"document.querySelector('iframe').style.width = '{NARROW}px'")
    page.wait_for_function(f"document.querySelector('iframe').clientHeight === {narrow}")
    told = page.evaluate("told")
    assert {"sentinel": "amp", "type": "embed-size", "height": narrow} in told
    assert f"pymxPYMxw1xPYMxheightxPYMx{narrow}" in told
    assert {"message": "height", "value": narrow, "secret": "s3"} in told
    inside = frame_of(page).evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert inside[0] <= inside[1]


def test_a_server_that_is_gone_is_told_of_and_a_server_that_comes_back_is_found(
    night: Server, context_of: Contexts
) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(f"{night.url}{MEDWAY}?live=ws")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    night.kill()
    page.clock.run_for(17_000)
    expect(page.locator("[data-pill]")).to_have_text("Not updating")
    expect(page.locator("[data-at]")).to_contain_text("As at ")
    expect(page.locator(".verdict")).to_be_visible()
    night.start()
    flip(night)
    page.clock.resume()
    expect(page.locator("[data-pill]")).to_have_text("Live")
    expect(page.locator(".verdict-badge")).to_contain_text("LAB gain from CON")


@pytest.mark.parametrize("sandbox", ["plain", "sandboxed"])
def test_asking_takes_the_place_of_sockets_that_never_open(
    night: Server, elsewhere: Elsewhere, context_of: Contexts, sandbox: str
) -> None:
    page = context_of().new_page()
    page.clock.install()
    # What a browser sees of a server that has no room: a socket that never opens.
    page.add_init_script(
        "window.tried = 0; window.WebSocket = class { static OPEN = 1; close() {}"
        " constructor() { window.tried += 1; setTimeout(() => this.onclose(), 0); } };"
    )
    frame = framed(night.url + MEDWAY, SANDBOXES[sandbox])
    page.goto(elsewhere.article(f"/poll-{sandbox}", frame))
    widget = page.frame_locator("iframe")
    expect(widget.locator(".verdict")).to_be_visible()
    page.clock.run_for(10_000)
    expect(widget.locator("[data-pill]")).to_have_text("Live")
    assert frame_of(page).evaluate("window.tried") == 3
    flip(night)
    page.clock.run_for(31_000)
    expect(widget.locator(".verdict-badge")).to_contain_text("LAB gain from CON")


def test_asking_alone_opens_no_socket_and_stops_while_nobody_looks(night: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.clock.install()
    watch = Watch(page, night.url)
    page.goto(f"{night.url}{MEDWAY}?live=poll")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    flip(night)
    page.clock.run_for(31_000)
    expect(page.locator(".verdict-badge")).to_contain_text("LAB gain from CON")
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    before = len(watch.asked)
    page.clock.run_for(120_000)
    assert len(watch.asked) == before
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    assert len(watch.asked) > before
    assert not [url for url in watch.asked if "/live/" in url]


def test_a_server_that_is_gone_is_told_of_though_asking_has_begun(night: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(night.url + MEDWAY)
    expect(page.locator("[data-pill]")).to_have_text("Live")
    night.kill()
    with page.expect_request(lambda request: request.resource_type == "fetch"):
        for _ in range(9):
            page.clock.run_for(1_000)
            page.wait_for_timeout(50)
    page.clock.run_for(6_000)
    expect(page.locator("[data-pill]")).to_have_text("Not updating", timeout=5_000)


@pytest.mark.parametrize("answer", ["none", "503"])
def test_one_that_asks_says_so_when_it_is_not_answered(quiet: Server, context_of: Contexts, answer: str) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(f"{quiet.url}{SWALE}?live=poll")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    page.route("**/*", lambda route: route.abort() if answer == "none" else route.fulfill(status=503))
    with page.expect_event("requestfailed" if answer == "none" else "response"):
        page.clock.run_for(30_500)
    page.clock.run_for(1_000)
    expect(page.locator("[data-pill]")).to_have_text("Not updating", timeout=5_000)
    page.unroute_all()
    page.clock.run_for(30_500)
    expect(page.locator("[data-pill]")).to_have_text("Live")


def test_an_answer_that_a_cache_has_kept_for_an_hour_is_not_live(quiet: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.clock.install(time="2023-05-05T06:00:00Z")

    def kept(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "Age": "3600"})

    page.route("**/council/swale*", kept)
    page.goto(f"{quiet.url}{SWALE}?live=poll")
    expect(page.locator("[data-pill]")).to_have_text("Not updating")
    expect(page.locator("[data-at]")).to_have_text("As at 06:00 BST")
    page.unroute_all()
    page.clock.run_for(30_500)
    expect(page.locator("[data-pill]")).to_have_text("Live")
    expect(page.locator("[data-at]")).to_have_text("As at 07:00 BST")


def test_a_cache_does_not_take_back_what_a_socket_has_told(night: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(night.url + MEDWAY)
    old = page.request.get(night.url + MEDWAY).body()
    flip(night)
    expect(page.locator(".verdict-badge")).to_contain_text("LAB gain from CON")
    page.route("**/council/medway*", lambda route: route.fulfill(body=old, content_type="text/html"))
    night.kill()
    with page.expect_event("response", lambda response: response.request.resource_type == "fetch"):
        for _ in range(9):
            page.clock.run_for(1_000)
            page.wait_for_timeout(50)
    page.wait_for_timeout(200)
    expect(page.locator(".verdict-badge")).to_contain_text("LAB gain from CON")


def test_one_that_was_never_answered_never_says_that_it_is_live(quiet: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(f"{quiet.url}{MEDWAY}?live=off")
    page.route("**/council/medway*", lambda route: route.fulfill(status=503))
    page.evaluate("document.documentElement.dataset.live = 'poll'")
    page.add_script_tag(url=page.locator("script[src]").get_attribute("src"))
    page.evaluate("document.dispatchEvent(new Event('DOMContentLoaded'))")
    for _ in range(13):
        page.clock.run_for(1_000)
        assert page.locator("[data-pill]").text_content() == ""
    page.clock.run_for(2_000)
    expect(page.locator("[data-pill]")).to_have_text("Not updating", timeout=5_000)


def test_whoever_comes_back_often_does_not_ask_more_often(quiet: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.clock.install()
    page.goto(f"{quiet.url}{SWALE}?live=poll")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    watch = Watch(page)
    events = """() => {
        document.dispatchEvent(new Event("visibilitychange"));
        dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
        dispatchEvent(new Event("online"));
    }"""
    for _ in range(3):
        with page.expect_event("requestfinished"):
            page.evaluate(events)
        page.wait_for_timeout(200)
    assert len(watch.asked) == 3, "once a time"
    for _ in range(61):
        page.clock.run_for(1_000)
        page.wait_for_timeout(20)
    assert 2 <= len(watch.asked) - 3 <= 3, "one chain, of a question every 20 to 30 s"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2023-05-05T03:41:00Z", "As at 04:41 BST"),
        ("2023-05-06T13:00:00Z", "As at 14:00 BST, 6 May 2023"),
        ("2024-01-12T04:41:00Z", "As at 04:41 GMT, 12 January 2024"),
    ],
)
def test_a_time_that_is_not_of_the_night_has_its_date(quiet: Server, context_of: Contexts, now: str, said: str) -> None:
    page = context_of(timezone_id="America/New_York").new_page()
    page.clock.install(time=now)
    page.goto(quiet.url + SWALE)
    expect(page.locator("[data-pill]")).to_have_text("Live")
    expect(page.locator("[data-at]")).to_have_text(said)


@pytest.mark.parametrize("width", [NARROW, 400, 575, 576, WIDE])
def test_whatever_stands_below_it_it_is_as_high(quiet: Server, context_of: Contexts, width: int) -> None:
    page = context_of(viewport={"width": width, "height": 900}).new_page()
    page.goto(quiet.url + SWALE)
    expect(page.locator("[data-pill]")).to_have_text("Live")
    measure = """([at, state, words]) => {
        document.querySelector("[data-at]").textContent = at;
        const pill = document.querySelector("[data-pill]");
        pill.dataset.state = state;
        pill.textContent = words;
        return [document.body.getBoundingClientRect().height, document.documentElement.scrollWidth];
    }"""
    measured = {
        tuple(page.evaluate(measure, [at, *pill]))
        for at in ("As at 04:41 BST", "As at 14:41 BST, 23 September 2023")
        for pill in (("live", "Live"), ("stale", "Not updating"), ("reconnecting", ""))
    }
    [(_, wide)] = measured
    assert wide <= width


def test_one_that_is_not_to_update_says_as_at_when_and_asks_for_nothing(quiet: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    watch = Watch(page, quiet.url)
    page.clock.install()
    page.goto(f"{quiet.url}{MEDWAY}?live=off")
    expect(page.locator("[data-at]")).to_have_text("Final, 5 May 2023")
    expect(page.locator("[data-pill]")).to_be_hidden()
    before = len(watch.asked)
    page.clock.run_for(120_000)
    assert len(watch.asked) == before


def test_what_is_finished_is_final_and_not_live_until_it_is_taken_back(night: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.goto(night.url + MEDWAY)
    expect(page.locator("[data-pill]")).to_have_text("Live")
    with night.client() as client:
        for body in NIGHT[BEFORE_THE_FLIP:24]:
            last = declare(client, body)
        expect(page.locator("[data-at]")).to_have_text("Final, 5 May 2023")
        expect(page.locator("[data-pill]")).to_have_attribute("data-state", "final")
        expect(page.locator("[data-pill]")).to_be_empty()
        page.reload()
        expect(page.locator("[data-at]")).to_have_text("Final, 5 May 2023")
        declare(client, {"kind": "withdrawal", "replaces": last["seq"], "reason": "Read out too early."})
    expect(page.locator("[data-pill]")).to_have_text("Live")
    expect(page.locator("[data-at]")).to_contain_text("As at ")


def test_a_link_says_where_it_leads_also_where_nothing_lets_it_open(
    quiet: Server, elsewhere: Elsewhere, context_of: Contexts
) -> None:
    context = context_of()
    page = context.new_page()
    page.goto(elsewhere.article("/closed", framed(quiet.url + MEDWAY, SANDBOXES["sandboxed"])))
    address = f"{quiet.url}/elections/kent-2023/councils/medway"
    link = page.frame_locator("iframe").get_by_role("link", name="Medway (opens in a new tab)", exact=True)
    link.click()
    expect(page.frame_locator("iframe").locator(".widget-closed")).to_contain_text(f"It leads to {address}")
    sandbox = 'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"'
    page.goto(elsewhere.article("/open", framed(quiet.url + MEDWAY, sandbox)))
    with context.expect_page() as opened:
        link.click()
    opened.value.wait_for_url(address)


def test_pausing_keeps_what_stands_and_going_on_brings_what_was_missed(night: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    page.goto(f"{night.url}{OVERVIEW}?councils=medway,swale")
    expect(page.locator("[data-pill]")).to_have_text("Live")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("[data-pill]")).to_have_text("Paused")
    flip(night)
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#row-medway .council-badge")).to_contain_text("LAB gain from CON")


SHOWN_WHOLE = (
    *(f"council/{name}" for name in ("medway", "maidstone", "tunbridge-wells", "folkestone-and-hythe")),
    *("overview?councils=medway", "overview?councils=medway,maidstone,swale", "parties/CON"),
)
"""Medway is final, Maidstone has most parties, Folkestone and Hythe the longest name."""


def test_a_frame_of_the_height_that_is_told_shows_it_whole(quiet: Server, context_of: Contexts) -> None:
    page = context_of().new_page()
    for path in SHOWN_WHOLE:
        address = f"{quiet.url}/embed/v1/kent-2023/{path}"
        page.goto(f"{address}{'&' if '?' in path else '?'}live=off")
        for width in (NARROW, 320, 360, 480, 600, WIDE):
            page.set_viewport_size({"width": width, "height": 500})
            needed = page.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
            asked = {"url": address, **({"maxwidth": str(width)} if width <= 600 else {})}
            told = page.request.get(f"{quiet.url}/oembed", params=asked).json()["height"]
            assert needed <= told, f"{path} at {width}"
            assert told - needed < 260 or "parties" in path, f"{path} at {width} is {needed} high"


@pytest.mark.parametrize("width", [NARROW, WIDE, 1100])
@pytest.mark.parametrize("path", [MEDWAY, OVERVIEW])
def test_nothing_moves_while_it_loads(quiet: Server, context_of: Contexts, path: str, width: int) -> None:
    page = context_of(viewport={"width": width, "height": 900}).new_page()
    page.add_init_script(
        "window.shifts = []; const told = it => [it.value, ...it.sources.map(({ node, previousRect, currentRect }) =>"
        " [node?.outerHTML ?? node?.textContent, JSON.stringify(previousRect), JSON.stringify(currentRect)])];"
        "new PerformanceObserver(list => shifts.push(...list.getEntries().map(told)))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    page.goto(quiet.url + path)
    expect(page.locator("[data-pill]")).to_have_attribute("data-state", re.compile("live|final"))
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("shifts") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [NARROW, WIDE, 1100])
def test_the_foot_stands_in_however_many_pieces_it_arrives(quiet: Server, context_of: Contexts, width: int) -> None:
    page = context_of(viewport={"width": width, "height": 900}).new_page()
    page.goto(quiet.url + SWALE)
    expect(page.locator("[data-pill]")).to_have_text("Live")
    places = """() => [...document.querySelectorAll(".widget-foot > :not(noscript)")]
        .map(it => it.getBoundingClientRect()).map(({ x, y }) => [x, y])"""
    whole = page.evaluate(places)
    assert len(whole) == 4
    for came in (3, 2, 1):
        page.evaluate("[...document.querySelectorAll('.widget-foot > :not(noscript)')].at(-1).remove()")
        assert page.evaluate(places) == whole[:came]


def test_a_row_that_has_not_arrived_whole_is_not_shown(quiet: Server, context_of: Contexts) -> None:
    page = context_of(viewport={"width": NARROW, "height": 900}).new_page()
    page.goto(f"{quiet.url}{OVERVIEW}?show=all")
    expect(page.locator("#row-swale")).to_be_visible()
    page.evaluate("document.querySelector('#row-swale').lastElementChild.remove()")
    expect(page.locator("#row-swale")).to_be_hidden()
    expect(page.locator("#row-medway")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "scheme"),
    [
        (MEDWAY, None),
        (OVERVIEW, None),
        (f"{OVERVIEW}?councils=medway,swale&theme=dark", "light"),
        (f"{OVERVIEW}?region=nowhere", "dark"),
    ],
)
def test_everybody_can_read_it(quiet: Server, context_of: Contexts, path: str, scheme: str | None) -> None:
    page = context_of(viewport=PHONE).new_page()
    page.goto(quiet.url + path)
    assert_accessible(page, scheme=scheme)


def test_a_first_load_is_small(quiet: Server, context_of: Contexts) -> None:
    """Everything that a reader's browser fetches for it, as it comes over the wire."""
    for path in (MEDWAY, OVERVIEW):
        page = context_of().new_page()
        page.goto(quiet.url + path)
        expect(page.locator("[data-pill]")).to_have_attribute("data-state", re.compile("live|final"))
        script = "performance.getEntries().filter(it => it.transferSize).map(it => [it.name, it.encodedBodySize])"
        fetched = page.evaluate(script)
        assert len(fetched) >= 4
        assert sum(size for _, size in fetched) <= 40 * 1024, fetched
