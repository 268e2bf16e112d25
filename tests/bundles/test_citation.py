"""How a bundle says who publishes its night, under which licence, and where the figures are from."""

import shutil
from pathlib import Path

import pytest

from app.api.citing import Cited, cited_view
from app.bundles.reading import read_bundle
from app.bundles.tables import BundleError
from app.domain.election import Citation, CitedSource
from app.domain.night import Night
from tests.builders import a_council, an_election
from tests.mixed import write_bundle
from tests.nights.conftest import KENT

WHOLE = """
[citation]
publisher = "The Post"
publisher_url = "https://post.example"
licence = "CC-BY-4.0"
licence_url = "https://creativecommons.org/licenses/by/4.0/"
sources = [{ title = "One", url = "https://one.example" }, { title = "Two" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_bundle(tmp_path)


def read_with(folder: Path, more: str) -> Citation:
    with (folder / "election.toml").open("a", encoding="utf-8") as opened:
        opened.write(more)
    return read_bundle(folder).election.citation


def test_what_is_said_is_read_and_stands_in_the_data_package(folder: Path):
    citation = read_with(folder, WHOLE)
    sources = (CitedSource("One", "https://one.example"), CitedSource("Two"))
    licence = ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert citation == Citation("The Post", "https://post.example", *licence, sources)
    view = cited_view(an_election(citation=citation), (0, None), Cited("https://a.example/d"), rehearsal=False)
    assert view["licenses"] == [{"name": licence[0], "path": licence[1]}]
    assert view["contributors"] == [{"title": "The Post", "path": "https://post.example", "role": "publisher"}]
    assert view["sources"] == [{"title": "One", "path": "https://one.example"}, {"title": "Two"}]
    assert view["citation"].startswith("The Post, ")
    assert view["citation"].endswith("https://a.example/d")


def test_what_nobody_has_said_nobody_makes_up(folder: Path):
    assert read_with(folder, "") == Citation()
    view = cited_view(Night.before_first(an_election(a_council())).election, (0, None), Cited(), rehearsal=True)
    assert not {"licenses", "contributors", "sources", "id", "homepage", "created"} & view.keys()
    assert (next(iter(view)), view["title"][:5]) == ("rehearsal", "TEST:")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("[citation]\npublisher = 4\n", "citation.publisher is not a text"),
        ('[citation]\nlicence_url = "javascript:1"\n', "citation.licence_url “javascript:1” is no address"),
        ('[citation]\nsources = [{ url = "https://a.example" }, 3]\n', "citation.sources has one without a title"),
        ('[citation]\nsources = "One"\n', "citation is not a table of such keys"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(folder: Path, more: str, told: str):
    with pytest.raises(BundleError) as refused:
        read_with(folder, more)
    assert told in str(refused.value)
    assert str(refused.value).startswith("election.toml:")


def test_the_bundled_night_says_where_it_is_from(tmp_path):
    citation = read_bundle(shutil.copytree(KENT, tmp_path / "kent")).election.citation
    assert citation.sources[0].title.startswith("House of Commons Library")
