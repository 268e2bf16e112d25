"""The page on which an editor chooses a widget, without scripts: a form, the widget, and code for every system."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx2
import pytest

from tests.api.test_routes import NIGHT
from tests.running import Server, declare
from tests.strictness import strict_client

OURS = "https://results.example.org"
AT = "/embed/v1/kent-2023"
WARD = NIGHT[0]["ballot_id"]
FIRST = "local.medway.all-saints.2023-05-04"
CODES = ("script", "frame", "address", "placeholder", "loader", "amp", "newsletter")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    database = f"sqlite:///{tmp_path_factory.mktemp('customiser') / 'night.db'}"
    with Server(database, public_url=OURS) as running:
        with running.client() as client:
            for body in NIGHT[:22]:
                declare(client, body)
        yield running


@pytest.fixture
def reader(server: Server) -> Iterator[httpx2.Client]:
    with strict_client(server.url) as client:
        yield client


def asked(reader: httpx2.Client, **query: Any) -> str:
    answer = reader.get("/embed", params=query)
    assert answer.status_code == 200
    return answer.text


def code(page: str, key: str) -> str:
    found = re.search(rf'<textarea id="code-{key}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1])


def widget_of(page: str) -> str:
    """The address of the preview."""
    found = re.search(r'<iframe src="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


@pytest.mark.parametrize(
    ("query", "widget"),
    [
        ({}, f"{AT}/overview"),
        ({"widget": "whole"}, f"{AT}/overview?show=all"),
        ({"widget": "map", "theme": "dark"}, f"{AT}/overview?show=tiles&theme=dark"),
        ({"widget": "scoreboard", "convention": "pa"}, f"{AT}/scoreboard?convention=pa"),
        ({"widget": "ticker", "live": "poll"}, f"{AT}/ticker?live=poll"),
        ({"widget": "number"}, f"{AT}/number/contests-declared"),
        ({"widget": "number", "number": "seats", "party": "LAB"}, f"{AT}/number/seats?party=PP53"),
        ({"widget": "party", "party": "GRN"}, f"{AT}/parties/PP63"),
        ({"widget": "council", "council": "swale", "background": "#FFF1E5"}, f"{AT}/council/swale?background=fff1e5"),
        ({"widget": "line", "council": "medway", "accent": "990f3d"}, f"{AT}/council/medway/line?accent=990f3d"),
        ({"widget": "contest", "council": "medway", "contest": WARD}, f"{AT}/contest/{WARD}"),
        # What cannot be, of another election or made up, is the first there is.
        ({"widget": "nothing", "council": "x", "theme": "plaid", "convention": "x"}, f"{AT}/overview"),
        (
            {"widget": "contest", "council": "medway", "contest": "x"},
            f"{AT}/contest/local.medway.all-saints.2023-05-04",
        ),
        ({"widget": "number", "number": "seats", "party": "NOC"}, f"{AT}/number/seats?party=PP53"),
    ],
)
def test_what_is_chosen_is_shown_and_its_code_leads_there(
    reader: httpx2.Client, query: dict[str, str], widget: str
) -> None:
    page = asked(reader, **query)
    assert widget_of(page) == widget
    assert reader.get(widget).status_code == 200
    assert code(page, "address") == f"{OURS}{widget}"
    for key in ("script", "frame", "placeholder", "amp"):
        assert f'"{OURS}{widget}"' in unescape(code(page, key)), key
    told = reader.get("/oembed", params={"url": code(page, "address")})
    assert f'src="{OURS}{widget}"' in unescape(told.json()["html"])


def test_the_code_is_for_every_system_and_as_wide_as_is_asked(reader: httpx2.Client) -> None:
    page = asked(reader, widget="council", council="medway", width="320")
    script, frame, amp, newsletter = (code(page, key) for key in ("script", "frame", "amp", "newsletter"))
    line = f'<a href="{OURS}/elections/kent-2023/councils/medway">LAB gain Medway from CON</a>'
    assert f'style="max-width: 320px;">{line}</div>\n<script async src="{OURS}/embed.js"></script>' in script
    assert code(page, "placeholder") + "\n" + code(page, "loader") == script
    assert 'width="320"' in frame
    assert "resizable" in amp
    assert "<div overflow " in amp
    assert '<a href="https://results.example.org/elections/kent-2023/councils/medway"><img src="' in newsletter
    assert 'alt="Medway: LAB gain from CON.' in newsletter
    assert "(as at " in newsletter
    picture = re.search(r'<img src="([^"]+)"', newsletter)
    assert picture is not None
    answer = reader.get(unescape(picture[1]).removeprefix(OURS))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    for key in CODES:
        # What is copied is what stands there.
        assert page.count('data-copy-name="the code: ') == len(CODES)
        assert code(page, key) in [unescape(it) for it in re.findall(r'data-copy="([^"]*)"', page)]


def test_colours_that_cannot_be_read_are_moved_and_that_is_told(reader: httpx2.Client) -> None:
    page = asked(reader, background="fff1e5", accent="ffcc00")
    assert "Accent #ffcc00 on #fff1e5 has 1.2:1, too little to be read (4.5:1)." in page
    assert re.search(r"#[0-9a-f]{6} is used instead: 4\.[5-9]:1\.", page)
    assert "Accent #990f3d on #fff1e5: 6" in asked(reader, background="fff1e5", accent="990f3d")


def test_what_cannot_be_is_told_beside_its_field(reader: httpx2.Client) -> None:
    page = asked(reader, background="plaid", accent="990f3d", width="9" * 39)
    assert 'value="plaid"' in page
    assert "“plaid” is no colour; write six hexadecimal digits, such as fff1e5." in unescape(page)
    assert page.count('aria-invalid="true"') == 2
    assert widget_of(page) == f"{AT}/overview?accent=990f3d"
    assert reader.get("/embed?election=atlantis").status_code == 404


def test_pages_lead_to_it(reader: httpx2.Client) -> None:
    for path, widget in (
        ("", f"{AT}/overview"),
        ("/councils/medway?convention=pa", f"{AT}/council/medway?convention=pa"),
        ("/parties/LAB", f"{AT}/parties/PP53"),
        (f"/contests/{WARD}", f"{AT}/contest/{WARD}"),
    ):
        links = re.findall(r'href="(/embed\?[^"]+widget=[^"]+)"', reader.get(f"/elections/kent-2023{path}").text)
        assert [widget_of(reader.get(unescape(link)).text) for link in links] == [widget], path
