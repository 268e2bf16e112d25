"""What programs ask for at the root of every site: the icon, and what is not for crawlers."""

from io import BytesIO
from urllib.robotparser import RobotFileParser

import pytest
from PIL import Image, ImageChops
from resvg_py import svg_to_bytes

from app.pages.assets import Assets
from app.process.folders import STATIC

ASSETS = Assets(STATIC)


@pytest.mark.parametrize("side", [16, 32, 48])
def test_the_icon_is_that_of_the_pages(side: int) -> None:
    with Image.open(BytesIO(ASSETS.content("favicon.ico"))) as icon:
        icon.size = (side, side)
        kept = icon.convert("RGBA")
    drawn = svg_to_bytes(svg_string=ASSETS.content("icon.svg").decode(), width=side, height=side)
    with Image.open(BytesIO(bytes(drawn))) as picture:
        # Another version of what draws may round an edge otherwise.
        difference = ImageChops.difference(kept.convert("RGB"), picture.convert("RGB"))
    assert kept.size == (side, side)
    assert max(high for _, high in difference.getextrema()) < 64


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        ("/elections/kent-2023", True),
        ("/elections/kent-2023/card.png?seq=1", True),
        ("/embed/v1/kent-2023/overview", True),
        ("/oembed?url=x", True),
        ("/desk/login", False),
        ("/find?q=me13", False),
        ("/live/kent-2023/events", False),
    ],
)
def test_crawlers_are_kept_from_what_is_not_for_them(path: str, is_open: bool) -> None:
    robots = RobotFileParser()
    robots.parse(ASSETS.content("robots.txt").decode().splitlines())
    assert robots.can_fetch("Twitterbot", path) == is_open
