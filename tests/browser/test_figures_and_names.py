"""On a country's night, and on Kent's, at every width: no number breaks or touches another, and no word breaks.

What is measured is where letters stand, not boxes: the rectangles of every number and word, without what is scrolled
out of a part of the page that scrolls by itself.
"""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from app.bundles.reading import read_bundle
from tests.country import SLUG
from tests.counts import IS_LONG_RUN
from tests.logged import write_country, write_night
from tests.running import KENT, Server, load

WIDTHS = (1920, 1440, 1280, 1024, 768, 390, 320)
OF_A_COUNTRY = (1440, 1024, 320)
"""Of its pages, a dozen times as long as Kent's: at the others they are drawn in the long run alone."""
COUNTRY = f"/elections/{SLUG}"
KENTS = "/elections/kent-2023"
BOURNEMOUTH = f"{COUNTRY}/councils/bournemouth-christchurch-and-poole"
WATLING = "local.medway.watling.2023-05-04"

Contexts = Callable[..., BrowserContext]

FAULTS = r"""() => {
    const faults = [];
    const numbers = [];
    const clips = new Map();

    // What can be seen of an element's letters: within every ancestor that cuts off what does not fit.
    function clipOf(element) {
        if (!element || element === document.body) {
            const right = document.documentElement.clientWidth;
            return { left: 0, top: -Infinity, right, bottom: Infinity, cuts: false };
        }
        if (clips.has(element)) return clips.get(element);
        let clip = clipOf(element.parentElement);
        if (getComputedStyle(element).overflowX !== 'visible' && !(element instanceof SVGElement)) {
            const box = element.getBoundingClientRect();
            clip = {
                left: Math.max(clip.left, box.left), top: Math.max(clip.top, box.top),
                right: Math.min(clip.right, box.right), bottom: Math.min(clip.bottom, box.bottom), cuts: true,
            };
        }
        clips.set(element, clip);
        return clip;
    }

    const range = document.createRange();
    function rectsOf(node, start, end, clip) {
        range.setStart(node, start);
        range.setEnd(node, end);
        return [...range.getClientRects()].filter(rect => rect.width > 0
            && rect.right > clip.left && rect.left < clip.right
            && rect.bottom - 3 > clip.top && rect.top + 3 < clip.bottom);
    }

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const around = node.parentElement;
        const isUnseen = around.closest('.visually-hidden, .skip-link, select, textarea, script, caption');
        if (!node.data.trim() || isUnseen) continue;
        if (!around.checkVisibility({ visibilityProperty: true })) continue;
        const clip = clipOf(around);
        const lines = rectsOf(node, 0, node.data.length, clip);
        const beyond = !clip.cuts && lines.some(rect => rect.right > clip.right + 1);
        if (beyond) faults.push(`“${node.data.trim()}” is beyond the page`);
        // What stands on one line breaks nowhere.
        for (const { 0: word, index } of lines.length > 1 ? node.data.matchAll(/[^\s\-–/·]+/gu) : []) {
            const tops = new Set(rectsOf(node, index, index + word.length, clip).map(rect => Math.round(rect.top / 4)));
            if (tops.size > 1) faults.push(`“${word}” of “${node.data.trim().slice(0, 60)}” is broken`);
        }
        for (const match of node.data.matchAll(/[+−]?\d[\d,.]*%?/gu)) {
            const [rect] = lines.length ? rectsOf(node, match.index, match.index + match[0].length, clip) : [];
            if (rect) numbers.push({ node, text: match[0], rect });
        }
    }
    numbers.sort((one, other) => one.rect.top - other.rect.top);
    numbers.forEach((one, place) => {
        for (let next = place + 1; next < numbers.length && numbers[next].rect.top < one.rect.bottom - 6; next++) {
            const other = numbers[next];
            const gap = Math.max(one.rect.left, other.rect.left) - Math.min(one.rect.right, other.rect.right);
            if (other.node !== one.node && gap < 2) {
                const where = one.node.parentElement.closest('[id]')?.id;
                faults.push(`${one.text} touches ${other.text} in ${where}`);
            }
        }
    });
    const width = document.documentElement.scrollWidth;
    if (width > innerWidth) faults.push(`the page is ${width} wide`);
    return faults;
}"""


@pytest.fixture(scope="module")
def country(tmp_path_factory) -> Iterator[Server]:
    """Half of its wards are in."""
    database = f"sqlite:///{tmp_path_factory.mktemp('country') / 'night.db'}"
    write_country(database, declared=0.5)
    with Server(database, bundle=None) as server:
        yield server


@pytest.fixture(scope="module")
def kent(tmp_path_factory) -> Iterator[Server]:
    """Most of its wards are in."""
    database = f"sqlite:///{tmp_path_factory.mktemp('kent') / 'night.db'}"
    election = read_bundle(KENT).election
    load(database, election)
    night = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
    write_night(database, election, night[:200])
    with Server(database, bundle=None) as server:
        yield server


def faults_at(page: Page, width: int) -> list[str]:
    """What is wrong with all that the page shows at that width, behind its tabs as well."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = []
    for tab in page.locator(".tabs input").all() or [None]:
        if tab is not None and not tab.is_checked():
            tab.evaluate("tab => tab.click()")
        found += page.evaluate(FAULTS)
    return [f"{width}: {fault}" for fault in dict.fromkeys(found)]


def assert_whole(context_of: Contexts, url: str, *, widths: tuple[int, ...] = WIDTHS) -> None:
    page = context_of().new_page()
    answer = page.goto(url)
    assert answer is not None
    assert answer.ok
    page.evaluate("document.fonts.ready.then(() => null)")
    assert [fault for width in widths for fault in faults_at(page, width)] == []


@pytest.mark.parametrize("path", [f"{COUNTRY}?view=rows", f"{COUNTRY}?view=dense", f"{COUNTRY}/flips", BOURNEMOUTH])
def test_the_country_holds_at_every_width(country: Server, context_of: Contexts, path: str) -> None:
    assert_whole(context_of, country.url + path, widths=WIDTHS if IS_LONG_RUN else OF_A_COUNTRY)


@pytest.mark.parametrize(
    "path",
    [KENTS, f"{KENTS}?view=dense", f"{KENTS}/flips", f"{KENTS}/councils/medway", f"{KENTS}/contests/{WATLING}"],
)
def test_kent_holds_at_every_width(kent: Server, context_of: Contexts, path: str) -> None:
    assert_whole(context_of, kent.url + path)
