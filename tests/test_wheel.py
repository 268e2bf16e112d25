"""A wheel is enough: installed elsewhere, it serves pages with everything they need, and replays its night."""

import contextlib
import re
import signal
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx2
import pytest

from tests import running
from tests.running import PROJECT, Server, declared
from tests.strictness import strict_client

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Path:
    """An environment with a wheel of the project in it. Of ours it sees the libraries, and not the repository."""
    wheels, environment = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("elsewhere")
    build = ["wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", wheels, PROJECT]
    subprocess.run([*PIP, *build], check=True, timeout=120)
    venv.create(environment)
    python = environment / "bin" / "python"
    (wheel,) = wheels.glob("declared-*.whl")
    subprocess.run([*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True, timeout=120)
    # A folder that such a file names is searched for modules; the files like it in that folder, ours too, are not read.
    (packages(environment) / "libraries.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    asked = [python, "-P", "-c", "import app; print(app.__file__)"]
    told = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    assert Path(told).is_relative_to(packages(environment)), "the repository's modules must not be what is tried"
    return environment


@pytest.fixture
def installed(elsewhere, tmp_path, monkeypatch) -> Path:
    """Commands and servers of this test are those of the wheel, run in an empty folder."""
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    monkeypatch.setattr(running, "PROJECT", nowhere)
    monkeypatch.setattr(running, "start", partial(running.start_anew, program=[str(elsewhere / "bin" / "declared")]))
    return packages(elsewhere)


def packages(environment: Path) -> Path:
    (found,) = environment.glob("lib/python*/site-packages")
    return found


def assert_shown_with_everything(client: httpx2.Client, path: str) -> None:
    """The page, and every static file that it names: styles, scripts, icon."""
    page = client.get(path)
    assert page.status_code == 200
    assert "Medway" in page.text
    named = set(re.findall(r'"(/static/[^"]+)"', page.text))
    assert {Path(name).suffix for name in named} >= {".css", ".js", ".svg"}
    for name in named:
        assert client.get(name).content, name


def test_it_loads_the_night_it_carries_and_serves_pages_styles_and_cards(installed, tmp_path) -> None:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    assert "Usage: declared" in declared("--help").stdout
    told = declared("load", installed / "app" / "carried" / "elections" / "kent-2023", database=database).stderr
    assert "13 councils, 277 contests, 1,573 candidacies" in told
    with Server(database, bundle=None) as server, server.client() as client:
        assert_shown_with_everything(client, "/elections/kent-2023")
        assert client.get("/desk/login").status_code == 200
        assert client.get("/embed/v1/kent-2023/council/medway").status_code == 200
        assert client.get("/elections/kent-2023/councils/medway/card.png").content.startswith(b"\x89PNG")


def test_it_makes_a_folder_to_begin_with_and_checks_it_as_a_page(installed, tmp_path) -> None:
    declared("new", "mine-2028", "--into", tmp_path / "mine")
    declared("check", tmp_path / "mine", "--html", tmp_path / "mine.html")
    assert "--accent" in (tmp_path / "mine.html").read_text("utf-8")


def test_its_demo_replays_the_night(installed, tmp_path) -> None:
    with demo() as (process, lines):
        told = ""
        for line in lines:
            told += line
            if "LAB gain Medway from CON" in line:
                break
        address = re.search(r"(http://127\.0\.0\.1:\d+)/elections/kent-2023\n", told)
        assert address is not None, told
        with strict_client(address[1]) as client:
            assert_shown_with_everything(client, "/elections/kent-2023")
        process.send_signal(signal.SIGINT)
        told += "".join(lines)
        assert process.wait(30) == 0, told


@contextlib.contextmanager
def demo() -> Iterator[tuple["subprocess.Popen[str]", Iterator[str]]]:
    """``declared demo`` on a free port, and what it says."""
    with running.start("demo", "--port", "0", "--speed", "60") as process:
        try:
            yield process, iter(process.stderr)
        finally:
            process.kill()
