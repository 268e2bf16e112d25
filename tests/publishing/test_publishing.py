"""Publishing: a whole night as files, equal to what the server shows, whole at every moment, kept up after a kill."""

import io
import json
import os
import re
import signal
import sqlite3
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import obstore
import pytest
from obstore.store import MemoryStore, S3Store
from PIL import Image

from app.domain.errors import UnreadableEntry
from app.drawing.drawer import Drawer
from app.pages.environment import make_environment
from app.pages.static_page import with_static_links
from app.projection.projection import Projection
from app.publishing import owing
from app.publishing.owing import How
from app.publishing.publisher import Publisher
from app.publishing.targets import IN_THE_MAKING, Bucket, CannotPublish, File, Folder, target_of
from app.store import loading, log
from app.store.engine import Store
from tests import running
from tests.builders import a_contest, a_council, an_election
from tests.nodes.conftest import running as running_other
from tests.programs import free_port
from tests.running import KENT, PATIENCE, Server, a_part_of_kent, declare, declared, load, until
from tests.store.logs import damage, declare_many, declare_wards
from tests.strictness import read_strictly

COUNCILS = ("medway", "maidstone")
NIGHT = [
    body
    for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()
    if (body := json.loads(line))["ballot_id"].split(".")[1] in COUNCILS
]
ADDRESS = "https://results.example.org"
HOME = "elections/kent-2023"
SMALL = "test-2023"


class Following:
    """``declared publish --follow`` in a process of its own."""

    def __init__(self, database: str, folder: Path, **more: str) -> None:
        options = [f"--{name}={value}" for name, value in more.items()]
        given = ("publish", "kent-2023", "--to", folder, "--follow", "--public-url", ADDRESS, *options)
        self.process = running.start(*given, env={**os.environ, "DECLARED_DATABASE_URL": database})
        self.said: list[str] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with self.process.stderr as errors:
            for line in errors:
                self.said.append(line)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        code = self.process.wait(60)
        self._thread.join()
        return code


class Reader:
    """Somebody who reads the files over and over while they are written, and minds everything that is not whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._done = threading.Event()
        self.faults: list[str] = []
        self.read = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        names = [
            f"{HOME}/index.html",
            f"{HOME}/published.json",
            f"{HOME}/councils/medway/index.html",
            f"{HOME}/councils/medway/card.png",
            "api/v1/elections/kent-2023.json",
            "api/v1/elections/kent-2023/feed.atom",
        ]
        known: dict[str, bytes] = {}
        while not self._done.wait(0.005):
            for name in names:
                try:
                    content = (self._folder / name).read_bytes()
                except FileNotFoundError:
                    continue
                self.read += 1
                # What was whole is whole: to read the JSON of it again and again would keep a core busy.
                if content != known.get(name) and not is_whole(name, content):
                    self.faults.append(f"{name}: {len(content)} bytes ending in {content[-40:]!r}")
                known[name] = content

    def stop(self) -> None:
        self._done.set()
        self._thread.join()


def is_whole(name: str, content: bytes) -> bool:
    if name.endswith(".html"):
        return content.endswith(b"</html>")
    if name.endswith(".atom"):
        return content.endswith(b"</feed>")
    if name.endswith(".png"):
        return content.endswith(b"IEND\xaeB`\x82")
    return bool(json.loads(content))


# What differs between a page of the server and the same page as a file (docs/publishing.md)

ONLY_LIVE = [
    r'<script [^>]*src="[^"]*/(?:js/(?:live|as_at|announce|flips|share|overview/asked)|vendor/[^"]*)\.js"></script>\n',
    r'<p class="as-at".*?</p>\n',
    r'<p class="pill[^>]*data-live-pill.*?</p>\n',
    r'<button class="tool needs-js[^"]*" type="button" data-live-pause.*?</button>\n',
    r'<button class="tool needs-js[^"]*" type="button" data-announce-toggle.*?</button>\n',
    r'<div id="announcer"[^>]*></div>\n',
    r'<div id="live"[^>]*></div>\n',
    r'<div id="asked"[^>]*>\s*</div>\n',
    r'<div class="masthead-find.*?/js/finder\.js"></script>\n',
    r"<button [^>]*data-finder-key>.*?</button>\n",
    r' <a href="[^"]*/embed\?election=[^"]*">Widgets</a>',
    r'<p class="small no-print"><a href="[^"]*/embed\?[^"]*">Embed this ward</a></p>\n',
    r'<link rel="alternate" type="application/json\+oembed"[^>]*>\n',
    r'<script [^>]*src="[^"]*/js/(?:title|alerts|overview/watch|story/story|overview/since)\.js"></script>\n',
    r' data-story="[^"]*"',
    r"[?&](?:amp;)?at=\d+(?=\")",
    r'<p id="since"[^>]*></p>\n',
    r'<details class="[^"]*" id="alerts".*?</details>\n?',
    r'<section id="watching".*?</section>\n',
    r' <a class="no-print" href="[^"]*watch=[^"]*">Watch</a>',
    r'<details class="[^"]*" id="share".*?</details>\n',
    r'<li><a href="[^"]*/(?:rankings|parties)[^"]*">(?:Rankings|Parties)</a></li>\n',
    r'<a href="[^"]*view=wall[^"]*" data-keeps-query>Wall</a>\n',
]
ONLY_STATIC = [
    r", whole night(?=</h2>)",
    r'<script [^>]*src="[^"]*/js/published\.js"></script>\n',
    r'<p class="pill" data-published-pill.*?</p>\n',
    r'<div id="published"[^>]*></div>\n?',
    r' data-whole="[^"]*"',
    r'<link rel="stylesheet" href="[^"]*/css/tiles/tiles\.css">\n',
    r'<script [^>]*src="[^"]*/js/overview/tiles\.js"></script>\n',
    r'<div class="(?:overview-tiles|widget-map)" hidden.*?</ul>\n</div>\n?',
]


def normalised(page: str) -> str:
    for pattern in (*ONLY_LIVE, *ONLY_STATIC):
        page = re.sub(pattern, "", page, flags=re.DOTALL)
    page = page.replace('class="filters no-print needs-js"', 'class="filters no-print"')
    # The list of elections is the server's alone.
    page = page.replace('class="wordmark" href="/"', 'class="wordmark" href="/elections/kent-2023"')
    return re.sub(r"\n+", "\n", with_static_links(page, KENT_LIKE, "/elections/kent-2023", site=ADDRESS))


KENT_LIKE = an_election(slug="kent-2023")
"""An election with Kent's conventions: links depend on nothing else."""


@pytest.fixture(scope="module")
def night(tmp_path_factory) -> Iterator[tuple[Server, Path, Reader, list[str]]]:
    """The night of two councils, published while it happens; the publisher is killed on the way and started again."""
    bundle = a_part_of_kent(tmp_path_factory.mktemp("bundle"), *COUNCILS)
    folder = tmp_path_factory.mktemp("published")
    database = f"sqlite:///{tmp_path_factory.mktemp('publishing') / 'night.db'}"
    with Server(database, bundle=bundle, public_url=ADDRESS) as server, server.client() as client:
        following = Following(database, folder)
        reader = Reader(folder)
        until((folder / HOME / "published.json").exists, "the first note")
        for seq, body in enumerate(NIGHT, start=1):
            declare(client, body)
            if seq == 10:
                until(lambda: told(folder)["seq"] > 0, "something of the night")
                following.end(signal.SIGKILL)
            if seq == 20:
                following = Following(database, folder)
                until(lambda again=following: any("following" in line for line in again.said), "the publisher is back")
        until(lambda: told(folder)["seq"] == len(NIGHT), "the end of the night")
        cards = [*(f"councils/{council_id}/card.png" for council_id in COUNCILS), "card.png"]
        for card in cards:
            for name, query in CARDS.items():
                wanted = client.get(f"/{HOME}/{card}{query}").content
                file = folder / name.format(HOME=HOME, card=card.removesuffix(".png"))
                until(lambda file=file, wanted=wanted: is_there(file, wanted), f"the last {file}")
        reader.stop()
        assert following.end(signal.SIGINT) == 0, following.said
        yield server, folder, reader, following.said


CARDS = {
    "{HOME}/{card}.png": "",
    "{HOME}/{card}-square.png": "?size=square",
    "c/pa/{HOME}/{card}.png": "?convention=pa",
    "c/pa/{HOME}/{card}-square.png": "?size=square&convention=pa",
}
"""The four files of a card, and what the server is asked for."""


def is_there(file: Path, content: bytes) -> bool:
    return file.exists() and file.read_bytes() == content


def told(folder: Path) -> dict:
    return json.loads((folder / HOME / "published.json").read_text("utf-8"))


def test_nobody_ever_reads_half_a_file(night) -> None:
    _, folder, reader, _ = night
    assert not reader.faults
    assert reader.read > 200
    left = list(folder.rglob(f"*{IN_THE_MAKING}"))
    assert len(left) <= 1, "only what the kill has cut off"


def test_the_files_are_what_the_server_shows(night) -> None:
    server, folder, _, _ = night
    with server.client() as client:
        pages = [
            "",
            *(f"/councils/{council_id}{part}" for council_id in COUNCILS for part in ("", "/why")),
            *(f"/contests/{body['ballot_id']}" for body in NIGHT[::2]),
        ]
        for page in pages:
            for prefix, query in (("", ""), ("c/pa/", "?convention=pa")):
                served = client.get(f"/{HOME}{page}{query}").text
                written = read_strictly.file(folder / f"{prefix}{HOME}{page}/index.html")
                assert normalised(written) == normalised(served), f"{page}{query}"


def test_widgets_are_what_the_server_shows_and_know_that_they_are_files(night) -> None:
    server, folder, _, _ = night
    with server.client() as client:
        for name in ("overview", "council/medway", "council/maidstone"):
            place = f"embed/v1/kent-2023/{name}"
            for prefix, query in (("", {}), ("c/pa/", {"convention": "pa"})):
                served = client.get(f"/{place}", params=query).text
                written = read_strictly.file(folder / f"{prefix}{place}/index.html")
                assert " data-file" in written
                assert 'id="live"' not in written
                alike = written.replace(" data-file", "", 1).replace(ADDRESS, "")
                assert normalised(alike) == normalised(served.replace(ADDRESS, "")), f"{name}{query}"
        for name in ("embed.js", "favicon.ico", "robots.txt"):
            assert (folder / name).read_bytes() == client.get(f"/{name}").content


def test_json_feeds_and_exports_are_the_same_bytes(night) -> None:
    server, folder, _, _ = night
    with server.client() as client:
        api = "api/v1/elections/kent-2023"
        for name in (f"{api}/export.csv", f"{api}/export.dc.csv", f"{api}/export.json", f"{api}/feed.atom"):
            assert (folder / name).read_bytes() == client.get(f"/{name}").content, name
        for prefix, query in (("", ""), ("c/pa/", "?convention=pa")):
            name = f"{api}/councils.csv"
            assert (folder / f"{prefix}{name}").read_bytes() == client.get(f"/{name}{query}").content, query
        for name in (api, f"{api}/why", *(f"{api}/councils/{it}" for it in ("medway", "medway/why", "maidstone"))):
            for prefix, query in (("", ""), ("c/pa/", "?convention=pa")):
                assert (folder / f"{prefix}{name}.json").read_bytes() == client.get(f"/{name}{query}").content, name
        log = client.get(f"/{api}/declarations?limit=1000").content
        assert (folder / f"{api}/declarations.json").read_bytes() == log


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "data-note", "action"} and value and not value.startswith(("#", ADDRESS)):
                self.found.add(value)


def leading_nowhere(folder: Path, found: Iterable[str]) -> list[str]:
    """As a web server finds files: the path itself, with ``.json``, or ``index.html`` in a folder of that name."""
    missing = []
    for link in sorted(found):
        path = urlsplit(link).path.lstrip("/")
        ways = [folder / path, folder / f"{path}.json", folder / path / "index.html"]
        if not any(way.is_file() for way in ways):
            missing.append(link)
    return missing


def test_no_link_of_a_published_page_leads_nowhere(night) -> None:
    _, folder, _, _ = night
    links = Links()
    for page in (f"{HOME}/index.html", f"c/pa/{HOME}/index.html", f"{HOME}/councils/medway/index.html", "404.html"):
        links.feed(read_strictly.file(folder / page))
    for widget in ("overview", "council/medway"):
        links.feed(read_strictly.file(folder / f"c/pa/embed/v1/kent-2023/{widget}/index.html"))
    links.feed(read_strictly.file(folder / f"{HOME}/contests/{NIGHT[0]['ballot_id']}/index.html"))
    links.feed(read_strictly.file(folder / f"{HOME}/councils/medway/why/index.html"))
    assert not leading_nowhere(folder, links.found)
    assert any(link.startswith("/c/pa/elections/kent-2023") for link in links.found)
    assert not [link for link in links.found if "convention=" in link]


def test_no_link_leads_nowhere_either_where_the_site_has_several_elections(store, drawer, tmp_path) -> None:
    with store.writing() as connection:
        loading.save_election(connection, an_election(slug="another-2023"), "digest")
    folder, links = tmp_path / "site", Links()
    a_publisher(store, Folder(folder), drawer).once()
    pages = [*folder.rglob("*.html")]
    for page in pages:
        links.feed(read_strictly.file(page))
    assert len(pages) > 10
    assert not leading_nowhere(folder, links.found)


@pytest.mark.parametrize("prefix", ["", "c/pa/"])
def test_a_page_names_itself_and_its_picture_where_its_convention_is(night, prefix: str) -> None:
    _, folder, _, _ = night
    council = f"{HOME}/councils/maidstone"
    contest = f"{HOME}/contests/{next(body['ballot_id'] for body in NIGHT if '.maidstone.' in body['ballot_id'])}"
    for place, subject in ((HOME, HOME), (council, council), (contest, council)):
        page = read_strictly.file(folder / f"{prefix}{place}/index.html")
        for tag in (
            f'<link rel="canonical" href="{ADDRESS}/{prefix}{place}">',
            f'"og:url" content="{ADDRESS}/{prefix}{place}"',
        ):
            assert tag in page
        [picture] = re.findall(r'<meta property="og:image" content="([^"]+)">', page)
        assert picture.partition("?")[0] == f"{ADDRESS}/{prefix}{subject}/card.png"
        assert (folder / f"{prefix}{subject}/card.png").is_file()
        assert "convention=" not in page


def test_assets_are_at_addresses_that_change_with_them(night) -> None:
    _, folder, _, _ = night
    (version,) = (folder / "static").iterdir()
    assert re.fullmatch(r"v-[0-9a-f]{12}", version.name)
    assert (version / "css" / "declared.css").is_file()


def test_the_log_of_the_command_says_what_happened_and_that_it_ended(night) -> None:
    *_, said = night
    assert any("following the log" in line for line in said)
    assert any(re.search(r"entry \d+, \d+ files written", line) for line in said)
    assert said[-1] == f"kent-2023: stopped at entry {len(NIGHT)}. What is published stays.\n"
    assert "Traceback" not in "".join(said)


# Targets, and a publisher in this process


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    """A small election: two councils of a ward each."""
    election = an_election(a_council(), a_council(council_id="elsewhere"))
    database = f"sqlite:///{tmp_path / 'night.db'}"
    load(database, election)
    with Store.open(database) as opened:
        yield opened


class Counted(Bucket):
    """A bucket that notes what is put there."""

    def __init__(self, memory: MemoryStore) -> None:
        super().__init__(memory)
        self.put: list[str] = []
        self.is_out_of_reach = False

    def write(self, file: File):
        if self.is_out_of_reach:
            raise CannotPublish("The bucket could not be used: it is out of reach.")
        self.put.append(file.path)
        return super().write(file)


def a_publisher(store: Store, target, drawer: Drawer, said: list[str] | None = None) -> Publisher:
    say = (said if said is not None else []).append
    how = How(address=ADDRESS, poll_seconds=0.05)
    return Publisher(store, SMALL, target, environment=make_environment(), drawer=drawer, how=how, say=say)


def test_a_bucket_gets_every_file_with_its_headers_and_later_what_changed_alone(store, drawer) -> None:
    memory = MemoryStore()
    target = Counted(memory)
    publisher = a_publisher(store, target, drawer)
    publisher.once()
    assert len(target.put) == len(set(target.put)) > 60

    def headers(path: str) -> tuple[str, str]:
        attributes = obstore.get(memory, path).attributes
        return attributes["Content-Type"], attributes["Cache-Control"]

    assert headers(f"elections/{SMALL}/index.html")[0] == "text/html; charset=utf-8"
    assert "s-maxage=10" in headers(f"elections/{SMALL}/index.html")[1]
    assert headers(f"elections/{SMALL}/card.png")[0] == "image/png"
    assert headers("api/v1/elections/test-2023.json")[0] == "application/json"
    assert headers("api/v1/elections/test-2023/feed.atom")[0] == "application/atom+xml"
    sheet = next(path for path in target.put if path.endswith("declared.css"))
    assert headers(sheet) == ("text/css; charset=utf-8", "public, max-age=31536000, immutable")

    declare_wards(store, SMALL, a_contest())
    target.put.clear()
    publisher.once()
    changed = set(target.put)
    assert {
        f"elections/{SMALL}/index.html",
        f"elections/{SMALL}/councils/testshire/index.html",
        f"elections/{SMALL}/published.json",
        f"elections/{SMALL}/next/index.html",
        f"api/v1/elections/{SMALL}/next.json",
    } <= changed
    assert not [path for path in changed if "/councils/" in path and "testshire" not in path]
    assert not [path for path in changed if path.startswith("static/")]
    assert len(changed) < 72


@pytest.fixture(scope="module")
def s3(tmp_path_factory) -> Iterator[str]:
    """Moto's server, which speaks S3; its address."""
    port = free_port()
    command = [sys.executable, "-c", "from moto.server import main; main()", "-p", str(port)]
    with running_other(command, port, tmp_path_factory.mktemp("s3") / "moto.log"):
        yield f"http://127.0.0.1:{port}"


def make_bucket(s3: str, name: str) -> None:
    connection = HTTPConnection(urlsplit(s3).netloc)
    connection.request("PUT", f"/{name}", headers={"Content-Length": "0"})
    assert connection.getresponse().status == 200
    connection.close()


def test_the_command_puts_objects_into_a_bucket_without_tls_and_knows_them_again(store, s3, monkeypatch) -> None:
    for name, value in {"ENDPOINT": s3, "REGION": "eu-west-2", "ACCESS_KEY_ID": "a", "SECRET_ACCESS_KEY": "b"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    publish = ("publish", SMALL, "--to", "s3://results/of/2023", "--public-url", ADDRESS)
    refused = declared(*publish, database=str(store.url), check=False)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1), refused.stderr
    assert "The specified bucket does not exist (NoSuchBucket)" in refused.stderr
    make_bucket(s3, "results")
    declared(*publish, database=str(store.url))
    bucket = S3Store("results", prefix="of/2023", endpoint=s3, client_options={"allow_http": True})
    page = obstore.get(bucket, f"elections/{SMALL}/index.html")
    assert bytes(page.bytes()).endswith(b"</html>")
    assert page.attributes["Content-Type"] == "text/html; charset=utf-8"
    assert "s-maxage=10" in page.attributes["Cache-Control"]
    assert obstore.get(bucket, f"elections/{SMALL}/card.png").attributes["Content-Type"] == "image/png"
    was = {it["path"]: it["last_modified"] for batch in obstore.list(bucket) for it in batch}
    again = declared(*publish, database=str(store.url)).stderr
    assert ", 1 of them written in" in again, "the note of where the night is"
    obstore.delete(bucket, f"elections/{SMALL}/index.html")
    obstore.put(bucket, f"elections/{SMALL}/next/index.html", b"somebody else")
    again = declared(*publish, database=str(store.url)).stderr
    assert ", 3 of them written in" in again
    assert was.keys() == {it["path"] for batch in obstore.list(bucket) for it in batch}
    assert bytes(obstore.get(bucket, f"elections/{SMALL}/next/index.html").bytes()).endswith(b"</html>")


def test_what_somebody_took_away_or_changed_is_written_again(store, drawer, tmp_path) -> None:
    folder = tmp_path / "site"
    said: list[str] = []
    publisher = a_publisher(store, Folder(folder), drawer, said)
    publisher.once()
    page, other = (
        folder / "elections" / SMALL / "index.html",
        folder / "elections" / SMALL / "councils" / "elsewhere" / "index.html",
    )
    was = page.read_bytes(), other.read_bytes()
    page.unlink()
    other.write_text("something else")
    publisher._look()
    assert "2 files are missing or were changed" in said[-1]
    publisher.once()
    assert (page.read_bytes(), other.read_bytes()) == was


def test_a_database_that_went_back_is_published_anew(store, drawer, tmp_path) -> None:
    assert store.file is not None
    with closing(sqlite3.connect(store.file)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "older.db"),))
    folder, said = tmp_path / "site", []
    publisher = a_publisher(store, Folder(folder), drawer, said)
    declare_many(store, SMALL, 2)
    publisher.once()
    note = folder / "elections" / SMALL / "published.json"
    was = json.loads(note.read_text("utf-8"))
    for beside in ("-wal", "-shm"):
        Path(f"{store.file}{beside}").unlink()
    (tmp_path / "older.db").replace(store.file)
    publisher.once()
    now = json.loads(note.read_text("utf-8"))
    assert (was["seq"], now["seq"]) == (2, 0)
    assert was["epoch"] != now["epoch"]
    assert any("has gone back behind entry 2" in line for line in said)


def test_a_log_is_published_as_far_as_it_can_be_read(store, drawer, tmp_path) -> None:
    note = tmp_path / "site" / "elections" / SMALL / "published.json"
    publisher = a_publisher(store, Folder(tmp_path / "site"), drawer)
    declare_many(store, SMALL, 2)
    with store.writing() as connection:
        damage(connection, 2, body="{")
    publisher.begin()
    assert json.loads(note.read_text("utf-8"))["seq"] == 1
    with store.writing() as connection:
        epoch = log.begin_epoch(connection, SMALL)
    publisher.once()
    now = json.loads(note.read_text("utf-8"))
    assert (now["seq"], now["epoch"]) == (1, epoch)
    with pytest.raises(UnreadableEntry, match="Entry 2"):
        publisher.once()


def test_a_second_run_finds_what_is_there_and_leaves_it_alone(store, drawer, tmp_path) -> None:
    a_publisher(store, Folder(tmp_path / "site"), drawer).once()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*") if path.is_file()}
    a_publisher(store, Folder(tmp_path / "site"), drawer).once()
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "site").rglob("*") if path.is_file()}
    rewritten = {path.name for path in before if before[path] != after[path]}
    assert before.keys() == after.keys()
    assert rewritten <= {"published.json"}


@pytest.fixture(params=["folder", "bucket"])
def target(request, tmp_path):
    return Folder(tmp_path / "site") if request.param == "folder" else Bucket(MemoryStore())


def test_a_restart_over_a_night_that_is_as_it_was_does_not_even_read_it(store, drawer, target, monkeypatch) -> None:
    declare_wards(store, SMALL, a_contest())
    a_publisher(store, target, drawer).once()
    with monkeypatch.context() as patched:
        patched.setattr(Projection, "read", None)
        said: list[str] = []
        assert a_publisher(store, target, drawer, said).once() == 1, "the note of where the night is"
    assert re.fullmatch(rf"{SMALL}: \d+ files, 1 of them written in \d.\d s, at entry 1.", said[0])
    assert json.loads(target.read(f"elections/{SMALL}/published.json"))["seq"] == 1


def test_a_restart_makes_what_has_changed_since_and_draws_no_other_picture(store, drawer, monkeypatch) -> None:
    target = Counted(MemoryStore())
    a_publisher(store, target, drawer).once()
    declare_wards(store, SMALL, a_contest())
    target.put.clear()
    drawn: list[str] = []
    monkeypatch.setattr(drawer, "draw", lambda svg: drawn.append(svg) or b"a picture")
    a_publisher(store, target, drawer).once()
    assert f"elections/{SMALL}/councils/testshire/index.html" in target.put
    assert not [path for path in target.put if "elsewhere" in path]
    assert len(drawn) == 8, "of the night and of the council, wide and square, under both conventions"


def test_a_restart_writes_again_what_somebody_took_away_or_changed_meanwhile(store, drawer, target) -> None:
    a_publisher(store, target, drawer).once()
    council = f"elections/{SMALL}/councils/elsewhere"
    was = target.read(f"{council}/index.html"), target.read(f"{council}/card.png")
    target.write(File(f"{council}/index.html", b"somebody else's", "text/html", ""))
    target.write(File(f"{council}/card.png", b"another", "image/png", ""))
    assert a_publisher(store, target, drawer).once() == 3, "both, and the note"
    assert (target.read(f"{council}/index.html"), target.read(f"{council}/card.png")) == was


@pytest.mark.parametrize("noted", [b"", b"{", b'{"format": 1}', b'{"format": 1, "head": [0], "files": {"a": [1]}}'])
def test_a_note_of_what_was_written_that_makes_no_sense_costs_time_alone(store, drawer, target, noted) -> None:
    a_publisher(store, target, drawer).once()
    written = f"elections/{SMALL}/written.json"
    kept = json.loads(target.read(written))
    target.write(File(written, noted, "application/json", ""))
    a_publisher(store, target, drawer).once()
    again = json.loads(target.read(written))
    assert (again["head"], again["files"].keys()) == (kept["head"], kept["files"].keys())


def test_another_program_makes_everything_again_and_writes_what_differs(store, drawer, tmp_path, monkeypatch) -> None:
    target = Folder(tmp_path / "site")
    a_publisher(store, target, drawer).once()
    monkeypatch.setattr(owing, "program", lambda: "another")
    read: list[bool] = []
    monkeypatch.setattr(
        Projection, "read", lambda *args, was=Projection.read, **more: read.append(True) or was(*args, **more)
    )
    assert a_publisher(store, target, drawer).once() == 1
    assert a_publisher(store, target, drawer).once() == 1
    assert read == [True], "and the second time it was as it was"


def test_sites_of_several_databases_are_listed_together(store, drawer, tmp_path) -> None:
    target, other = Folder(tmp_path / "site"), f"sqlite:///{tmp_path / 'other.db'}"
    load(other, an_election(slug="another-2023"))
    a_publisher(store, target, drawer).once()
    with Store.open(other) as opened:
        how = How(address=ADDRESS)
        again = Publisher(
            opened, "another-2023", target, environment=make_environment(), drawer=drawer, how=how, say=lambda _: None
        )
        again.once()
    listed = json.loads(target.read("api/v1/elections.json"))["elections"]
    assert [it["slug"] for it in listed] == ["another-2023", SMALL]


def test_a_place_that_is_out_of_reach_for_a_while_is_caught_up_with(store, drawer) -> None:
    said: list[str] = []
    target = Counted(MemoryStore())
    publisher = a_publisher(store, target, drawer, said)
    publisher.once()
    stop = threading.Event()
    thread = threading.Thread(target=publisher.follow, args=(stop,))
    target.is_out_of_reach = True
    thread.start()
    try:
        declare_wards(store, SMALL, a_contest())
        until(lambda: any("out of reach" in line for line in said), "the fault is told")
        target.put.clear()
        target.is_out_of_reach = False
        until(lambda: f"elections/{SMALL}/councils/testshire/card.png" in target.put, "the card is written")
        assert f"elections/{SMALL}/index.html" in target.put
    finally:
        stop.set()
        publisher.woken.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_night_is_done_when_every_council_is_complete_and_nobody_follows_it(store, drawer, tmp_path) -> None:
    def is_done() -> bool:
        return json.loads((tmp_path / "elections" / SMALL / "published.json").read_text("utf-8")).get("done", False)

    publisher = a_publisher(store, Folder(tmp_path), drawer)
    declare_wards(store, SMALL, a_contest())
    publisher.once()
    assert not is_done(), "elsewhere is to come"
    declare_wards(store, SMALL, a_contest(council_id="elsewhere"))
    publisher.once()
    assert is_done()
    publisher.begin()
    assert not is_done(), "whoever follows it may bring a correction"
    stop = threading.Event()
    stop.set()
    publisher.follow(stop)
    assert is_done()


def test_an_object_is_known_again_by_its_md5() -> None:
    bucket = Bucket(MemoryStore())
    file = File("a.txt", b"hello", "text/plain", "no-cache")
    assert bucket.is_same(file, (5, '"5d41402abc4b2a76b9719d911017c592"'))
    assert not bucket.is_same(file, (5, '"0"'))
    assert not bucket.is_same(file, (5, None))


def test_places_are_told_apart(tmp_path) -> None:
    assert isinstance(target_of(str(tmp_path)), Folder)
    assert isinstance(target_of(f"file://{tmp_path}/a%20b"), Folder)
    assert isinstance(target_of("memory:///"), Bucket)
    with pytest.raises(CannotPublish, match="no place to publish to"):
        target_of("nonsense://x")


def test_a_rehearsal_is_marked_everywhere(store, drawer, tmp_path) -> None:
    how = How(address=ADDRESS, rehearsal=True)
    environment = make_environment()
    Publisher(
        store, SMALL, Folder(tmp_path), environment=environment, drawer=drawer, how=how, say=lambda _: None
    ).once()
    for name in (f"elections/{SMALL}/index.html", f"elections/{SMALL}/councils/testshire/index.html", "404.html"):
        assert "This is a rehearsal" in read_strictly.file(tmp_path / name)
    assert (tmp_path / "api/v1/elections/test-2023/export.csv").read_text("utf-8-sig").startswith("rehearsal,")
    top = (
        Image.open(io.BytesIO((tmp_path / "elections" / SMALL / "card.png").read_bytes()))
        .convert("RGB")
        .getpixel((5, 5))
    )
    assert top == (0x9A, 0x34, 0x12)


# The command


def test_the_command_ends_with_one_clear_line(store, tmp_path) -> None:
    (tmp_path / "a-file").write_text("in the way")
    for arguments, code in (
        (("publish", "atlantis", "--to", tmp_path / "site"), 1),
        (("publish", SMALL, "--to", "nonsense://x"), 1),
        (("publish", SMALL, "--to", tmp_path / "a-file"), 1),
        (("publish", SMALL, "--to", tmp_path / "a-file", "--follow"), 1),
        (("publish", SMALL), 2),
    ):
        done = declared(*arguments, database=str(store.url), check=False)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        if code == 1:
            assert len(done.stderr.splitlines()) == 1
            assert done.stderr.startswith("declared: ")


def test_without_an_address_of_its_own_a_page_names_no_picture(store, drawer, tmp_path) -> None:
    environment = make_environment()
    Publisher(
        store, SMALL, Folder(tmp_path), environment=environment, drawer=drawer, how=How(), say=lambda _: None
    ).once()
    page = read_strictly.file(tmp_path / "elections" / SMALL / "index.html")
    assert "og:image" not in page
    assert 'rel="canonical"' not in page


# Links


@pytest.mark.parametrize(
    ("link", "static"),
    [
        ("/elections/kent-2023/councils/medway?convention=pa", "/c/pa/elections/kent-2023/councils/medway"),
        ("/elections/kent-2023?convention=bbc", "/elections/kent-2023"),
        ("?convention=pa&amp;state=flipped", "/c/pa/elections/kent-2023?state=flipped"),
        ("?convention=pa#row-medway", "/c/pa/elections/kent-2023#row-medway"),
        ("/elections/kent-2023/parties.css?v=1", "/elections/kent-2023/parties.css?v=1"),
        ("?convention=other", "?convention=other"),
        ("https://example.org/?convention=pa", "https://example.org/?convention=pa"),
        (f"{ADDRESS}/elections/kent-2023?convention=pa", f"{ADDRESS}/c/pa/elections/kent-2023"),
        (
            f"{ADDRESS}.example/elections/kent-2023?convention=pa",
            f"{ADDRESS}.example/elections/kent-2023?convention=pa",
        ),
    ],
)
def test_a_convention_has_a_path_of_its_own(link: str, static: str) -> None:
    html = with_static_links(f'<a class="x" href="{link}">', KENT_LIKE, "/elections/kent-2023", site=ADDRESS)
    assert html == f'<a class="x" href="{static}">'


def test_a_server_finds_the_files_at_the_same_addresses(night) -> None:
    """The rules of docs/publishing.md for a plain web server, tried with the paths alone."""
    _, folder, _, _ = night
    for path in (HOME, f"{HOME}/councils/medway", f"{HOME}/contests/{NIGHT[0]['ballot_id']}"):
        assert (folder / path / "index.html").is_file()
    assert httpx2.URL(f"{ADDRESS}/{HOME}/card.png?seq=1&epoch=x").path == f"/{HOME}/card.png"
    assert (folder / HOME / "card.png").is_file()
