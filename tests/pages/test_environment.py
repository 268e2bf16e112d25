"""The environment: filters, static addresses, and every template can be read."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from app.pages.assets import DESK_STYLESHEET, IMMUTABLE, REVALIDATE, STYLESHEET, Assets
from app.pages.environment import assets_of, make_environment
from app.process.folders import STATIC, TEMPLATES
from tests.builders import an_election

ENVIRONMENT = make_environment()


def shown(template: str, **values: object) -> str:
    return ENVIRONMENT.from_string(template).render(values)


def room(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize(
    "template", sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
)
def test_every_template_can_be_read(template: str):
    ENVIRONMENT.get_template(template)


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=room)
def test_no_template_has_what_the_policy_forbids(template: Path):
    text = template.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|\shx-on|javascript:", text)
    # The survey of a bundle is a file by itself, which nobody serves: it has its styles with it.
    assert "<style" not in text or template.parent.name == "survey"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "| safe" not in text


def test_what_is_not_there_is_an_error():
    with pytest.raises(UndefinedError):
        shown("{{ nobody }}")


def test_names_are_escaped():
    assert shown("{{ name }}", name="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("value", "expected"), [(4, "+4"), (-7, "−7"), (0, "0"), (None, "–"), (1234, "+1,234"), (-1234, "−1,234")]
)
def test_signed_figures(value: int | None, expected: str):
    assert shown("{{ value | signed }}", value=value) == expected


@pytest.mark.parametrize(("value", "expected"), [(12345, "12,345"), (0, "0"), (None, "–")])
def test_figures(value: int | None, expected: str):
    assert shown("{{ value | number }}", value=value) == expected


@pytest.mark.parametrize(("value", "expected"), [(34.25, "34.2%"), (None, "–")])
def test_percentages(value: float | None, expected: str):
    assert shown("{{ value | percentage }}", value=value) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2023, 5, 5, 5, 22, 49, tzinfo=UTC), '<time datetime="2023-05-05T06:22:49+01:00">06:22 BST</time>'),
        (datetime(2023, 1, 5, 5, 22, tzinfo=UTC), '<time datetime="2023-01-05T05:22:00+00:00">05:22 GMT</time>'),
    ],
)
def test_times_are_in_the_zone_of_the_election_with_its_name(at: datetime, expected: str):
    assert shown("{{ at | time(election) }}", at=at, election=an_election()) == expected


def test_days():
    assert shown("{{ day | day }}", day=an_election().polling_date) == "Thursday 4 May 2023"


@pytest.mark.parametrize(("number", "expected"), [(1, "1 seat"), (2, "2 seats")])
def test_plurals(number: int, expected: str):
    assert shown("{{ number | plural('seat') }}", number=number) == expected


# Static files


@pytest.fixture
def static(tmp_path: Path) -> Path:
    (tmp_path / "css" / "components").mkdir(parents=True)
    for name in ("fonts", "tokens", "base", "components/b", "components/a"):
        (tmp_path / "css" / f"{name}.css").write_text(f"/* {name} */")
    return tmp_path


def test_an_address_changes_with_any_file(static: Path):
    before = Assets(static).url("css/base.css")
    assert re.fullmatch(r"/static/v-[0-9a-f]{12}/css/base\.css", before)
    (static / "css" / "tokens.css").write_text("/* other */")
    assert Assets(static).url("css/base.css") != before


def test_a_page_links_to_no_file_that_is_not_there(static: Path):
    with pytest.raises(FileNotFoundError):
        Assets(static).url("css/nothing.css")


@pytest.mark.parametrize("name", ["", "css", "css\0", "a" * 5000, "../secret", "/etc/hostname", "css/../css/base.css"])
def test_only_the_files_there_are_have_content(static: Path, name: str):
    (static.parent / "secret").write_text("secret")
    assert Assets(static).content("css/base.css") == b"/* base */"
    with pytest.raises(FileNotFoundError):
        Assets(static).content(name)


def test_in_development_a_file_is_read_as_it_is_now(static: Path):
    assets = Assets(static, dev=True)
    assert assets.content("css/base.css") == b"/* base */"
    (static / "css" / "base.css").write_text("/* other */")
    (static / "css" / "new.css").write_text("/* new */")
    assert (assets.content("css/base.css"), assets.content("css/new.css")) == (b"/* other */", b"/* new */")


def test_the_stylesheet_is_every_file_in_order(static: Path):
    assets = Assets(static)
    assert assets.stylesheets() == [assets.url(STYLESHEET)]
    assert assets.stylesheet().split("\n") == [
        "/* fonts */",
        "/* tokens */",
        "/* base */",
        "/* components/a */",
        "/* components/b */",
    ]


def test_what_only_the_readers_of_sources_need_is_not_sent(static: Path):
    (static / "css" / "tokens.css").write_text("/* The\n   paper. */\nbody {\n  color: red;\n}\n")
    (static / "js").mkdir()
    script = '  // Why.\nconst HOME = "https://example.org/"; // Said here.\n'
    (static / "js" / "own.js").write_text(script)
    assert b"body {\ncolor: red;\n}" in Assets(static).content(STYLESHEET)
    assert b"paper" not in Assets(static).content(STYLESHEET)
    assert Assets(static).content("js/own.js") == b'const HOME = "https://example.org/"; // Said here.\n'
    assert Assets(static, dev=True).content("js/own.js").decode() == script


def test_the_desks_stylesheet_is_laid_upon_the_public_one_and_has_its_room_alone(static: Path):
    (static / "css" / "desk").mkdir()
    (static / "css" / "desk" / "board.css").write_text("/* board */")
    assert Assets(static).stylesheet_files(DESK_STYLESHEET) == ["css/desk/board.css"]
    assert "css/desk/board.css" not in Assets(static).stylesheet_files()


def test_in_development_every_stylesheet_is_a_file_of_its_own(static: Path):
    assert Assets(static, dev=True).stylesheets() == [
        "/static/css/fonts.css",
        "/static/css/tokens.css",
        "/static/css/base.css",
        "/static/css/components/a.css",
        "/static/css/components/b.css",
    ]


def test_only_the_current_version_may_be_kept(static: Path):
    assets = Assets(static)
    assert assets.cache_control(assets.version) == IMMUTABLE
    assert assets.cache_control("v-000000000000") == REVALIDATE
    assert assets.cache_control(None) == REVALIDATE
    assert Assets(static, dev=True).cache_control(assets.version) == REVALIDATE


def test_the_environment_links_to_the_files_of_the_house():
    assets = assets_of(ENVIRONMENT)
    assert assets.directory == STATIC
    assert shown("{{ asset('js/live.js') }}") == f"/static/{assets.version}/js/live.js"


@pytest.mark.parametrize("path", sorted((STATIC / "css").glob("*/*.css")), ids=room)
def test_components_have_no_addresses_and_no_colours_of_their_own(path: Path):
    """Relative addresses would not survive being put together; colours are tokens."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert "url(" not in text
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", text)


SCRIPTS = sorted((STATIC / "js").rglob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=room)
def test_a_script_makes_no_code(path: Path):
    assert not re.search(r"insertAdjacentHTML|document\.write|\beval\(|new Function", path.read_text())


@pytest.mark.parametrize("path", SCRIPTS, ids=room)
def test_a_script_makes_no_markup(path: Path):
    """Some put in place what the server has rendered, escaped, and nothing that they made up themselves."""
    assigned = re.findall(r"innerHTML\s*=(?!=)\s*([^;]+);", path.read_text())
    rendered = {
        "js": {"html"},
        "embed": {"html", "as_at"},
        "overview": {"detail.html", "now.innerHTML"},
        "desk": {"told.html", 'told.html ?? ""', "html", "fresh.innerHTML"},
    }
    assert set(assigned) <= rendered.get(path.parent.name, set())
