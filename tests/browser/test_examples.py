"""The examples of the documentation, opened on somebody else's site: each follows a night by itself."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.test_desk import NIGHT
from tests.elsewhere import Elsewhere
from tests.engines import ENGINES, Visitor
from tests.running import PROJECT, Server, declare

CHART = (PROJECT / "docs" / "examples" / "chart.html").read_text("utf-8")


@pytest.fixture
def night(tmp_path) -> Iterator[Server]:
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as server, server.client() as client:
        for body in NIGHT[:3]:
            declare(client, body)
        yield server


@pytest.fixture
def address(night: Server) -> Iterator[str]:
    """Of the chart, under another origin."""
    with Elsewhere() as elsewhere:
        path = f"/chart.html?server={night.url}&election=kent-2023"
        elsewhere.articles[path] = CHART
        yield elsewhere.url + path


def seats(server: Server, party: str) -> int:
    with server.client() as client:
        rows = client.get("/api/v1/elections/kent-2023").json()["scoreboard"]
    return next(row["seats"] for row in rows if row["party_id"] == party)


def test_a_chart_elsewhere_follows_what_is_declared_and_goes_on_after_a_restart(
    night: Server, address: str, context_of: Callable[..., BrowserContext]
) -> None:
    page = context_of().new_page()
    page.goto(address)
    chart = page.locator("#chart")
    expect(chart).to_contain_text("CON")
    with night.client() as client:
        for body in NIGHT[3:6]:
            seq = declare(client, body)["seq"]
    expect(page.locator("#note")).to_contain_text(f"As at entry {seq}")
    row = page.locator("#chart text").all_text_contents()
    assert row[row.index("CON") + 1] == str(seats(night, "PP52"))
    night.stop()
    night.start()
    with night.client() as client:
        seq = declare(client, NIGHT[6])["seq"]
    expect(page.locator("#note")).to_contain_text(f"As at entry {seq}")


READ = """async ([address, etag]) => {
  const answer = await fetch(address, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
  return [answer.status, answer.headers.get("ETag"), (await answer.text()).slice(0, 19), answer.redirected];
}"""


def test_a_page_elsewhere_reads_a_file_and_asks_again_only_for_what_is_new(
    night: Server, address: str, context_of: Callable[..., BrowserContext]
) -> None:
    page, file = context_of().new_page(), f"{night.url}/api/v1/elections/kent-2023/councils.csv"
    page.goto(address)
    status, etag, text, redirected = page.evaluate(READ, [file, None])
    # A browser takes the byte order mark away: the first column is called what it is.
    assert (status, text, redirected) == (200, "council_id,council,", False)
    assert page.evaluate(READ, [file, etag])[:2] == [304, etag]


@pytest.fixture(params=ENGINES)
def visitor(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    with ENGINES[request.param]() as somebody:
        yield somebody


def test_it_does_so_in_other_engines(night: Server, address: str, visitor: Visitor) -> None:
    visitor.goes_to(address)
    visitor.waits_for("#note", "Live")
    with night.client() as client:
        seq = declare(client, NIGHT[3])["seq"]
    visitor.waits_for("#note", f"As at entry {seq}")
    assert "CON" in visitor.sees("document.getElementById('chart').textContent")
