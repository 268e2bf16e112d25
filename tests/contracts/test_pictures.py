"""The pictures of pages in the guides: each is taken by the script, small, and shown somewhere."""

from scripts.take_pictures import IMAGES, LARGEST, PICTURES, ROOT


def test_every_picture_is_one_that_the_script_takes_and_is_small() -> None:
    assert {path.stem: path.stat().st_size < LARGEST for path in IMAGES.glob("*.png")} == dict.fromkeys(PICTURES, True)


def test_every_picture_is_shown() -> None:
    guides = "".join(path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    assert [name for name in PICTURES if f"images/{name}.png)" not in guides] == []
