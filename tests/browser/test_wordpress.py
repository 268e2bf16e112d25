"""A widget in an article of WordPress: it clips the frame away, and shows it once that has told its height.

What stands there is what WordPress 6.1 makes of oEmbed's answer, and what its script does with what a frame says.
"""

from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.counts import count
from tests.elsewhere import Elsewhere
from tests.running import Server

MEDWAY = "/embed/v1/kent-2023/council/medway"

CLIPPED = "position: absolute; clip: rect(1px, 1px, 1px, 1px);"

SHOWS_IT = """<script>
const frame = document.querySelector("iframe");
const secret = frame.dataset.secret;
window.said = [];
addEventListener("message", ({ data, source }) => {
  if (data?.secret !== secret || source !== frame.contentWindow) return;
  said.push(data);
  document.querySelector("blockquote").style.display = "none";
  frame.removeAttribute("style");
  if (data.message === "height") frame.height = Math.min(Math.max(parseInt(data.value, 10), 200), 1000);
});
document.addEventListener("DOMContentLoaded", () => frame.contentWindow.postMessage({ message: "ready", secret }, "*"));
</script>"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as site:
        yield site


def article(elsewhere: Elsewhere, widget: str, *, style: str = CLIPPED) -> str:
    """The address of an article with a widget in it."""
    secret = token_hex(5)
    quotation = f'<blockquote class="wp-embedded-content" data-secret="{secret}"><a href="#">A line</a></blockquote>'
    frame = (
        '<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted" title="Medway" '
        f'style="{style}" src="{widget}#?secret={secret}" data-secret="{secret}" width="600" height="420" '
        'frameborder="0"></iframe>'
    )
    return elsewhere.article(f"/{secret}", f"{quotation}{frame}{SHOWS_IT}")


def is_shown(page: Page) -> None:
    expect(page.locator("iframe")).not_to_have_attribute("style", CLIPPED)
    expect(page.get_by_text("A line")).to_be_hidden()
    height = page.evaluate("Number(document.querySelector('iframe').height)")
    assert height == page.frames[1].evaluate("Math.ceil(document.body.getBoundingClientRect().height)")


@pytest.mark.slow
def test_a_frame_that_is_clipped_away_is_shown_however_often(
    quiet: Server, elsewhere: Elsewhere, browser: Browser
) -> None:
    for _ in range(count("DECLARED_TORTURE_CLIPPED")):
        page = browser.new_page()
        page.goto(article(elsewhere, quiet.url + MEDWAY))
        is_shown(page)
        page.close()


# What has been seen of frames that are clipped away: no height when all is loaded, and an observer that never runs.
WITHOUT_A_HEIGHT = """if (self !== top) {
  self.ResizeObserver = class { observe() {} };
  const measure = Element.prototype.getBoundingClientRect;
  const knows = () => performance.now() > 1500;
  Element.prototype.getBoundingClientRect = function () { return knows() ? measure.call(this) : new DOMRect(); };
}"""


def test_one_whose_height_comes_late_is_shown_too(
    quiet: Server, elsewhere: Elsewhere, context_of: Callable[..., BrowserContext]
) -> None:
    page = context_of().new_page()
    page.add_init_script(WITHOUT_A_HEIGHT)
    page.goto(article(elsewhere, quiet.url + MEDWAY))
    is_shown(page)


def test_one_that_had_no_size_when_it_was_loaded_is_shown_too(
    quiet: Server, elsewhere: Elsewhere, context_of: Callable[..., BrowserContext]
) -> None:
    page = context_of().new_page()
    page.goto(article(elsewhere, quiet.url + MEDWAY, style="display: none"))
    page.frames[1].wait_for_load_state("load")
    assert page.evaluate("said") == []
    page.evaluate(f"frame.setAttribute('style', '{CLIPPED}')")
    is_shown(page)


def test_its_links_are_for_the_article_to_follow_and_say_nothing_of_a_new_tab(
    quiet: Server, elsewhere: Elsewhere, context_of: Callable[..., BrowserContext]
) -> None:
    page = context_of().new_page()
    page.goto(article(elsewhere, quiet.url + MEDWAY))
    is_shown(page)
    page.frame_locator("iframe").get_by_role("link", name="Medway", exact=True).click()
    page.wait_for_function("() => said.some(data => data.message === 'link')")
    assert page.evaluate("said.find(data => data.message === 'link').value") == (
        f"{quiet.url}/elections/kent-2023/councils/medway"
    )
