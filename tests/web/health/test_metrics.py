"""The figures for operators: every one is documented, and each counts what it says."""

import asyncio
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from app.web.health.loop_lag import LoopLag
from app.web.health.metrics import route_of
from tests.desks import Desk, Prepared, desk_on, prepared
from tests.running import PROJECT, Server, until
from tests.store.logs import BALLOT_ID, a_body, declare
from tests.strictness import strict_client

ROW = re.compile(r"^\| `(?P<name>declared_\w+)` \|(?P<labels>[^|]*)\|", re.MULTILINE)
SAMPLE = re.compile(r"^(?P<name>\w+)(?:\{(?P<labels>[^}]*)\})? (?P<value>\S+)$", re.MULTILINE)
SUFFIXES = ("_bucket", "_count", "_sum")


@pytest.fixture(scope="module")
def database(tmp_path_factory) -> Prepared:
    return prepared(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def desk(database: Prepared, tmp_path) -> Iterator[Desk]:
    with desk_on(database, tmp_path) as made:
        yield made


def figures(client: Any) -> dict[str, float]:
    text = client.get("/metrics").text
    return {
        f"{it['name']}{{{it['labels'] or ''}}}": float(it["value"])
        for it in SAMPLE.finditer(text)
        if "_created" not in it["name"]
    }


def figure(client: Any, name: str, **labels: str) -> float:
    """The sum of the samples that have these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return sum(
        value
        for sample, value in figures(client).items()
        if sample.partition("{")[0] == name and all(label in sample for label in wanted)
    )


def test_every_figure_is_documented_with_its_labels_and_nothing_else(desk: Desk) -> None:
    client = desk.client()
    text = client.get("/metrics").text
    kinds = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    names = {name for name in kinds if not name.endswith("_created")}
    documented = {row["name"]: set(re.findall(r"`(\w+)`", row["labels"])) for row in ROW.finditer(_operating())}
    assert documented.keys() == names
    for sample in SAMPLE.finditer(text):
        name = sample["name"]
        family = next(
            (name.removesuffix(it) for it in SUFFIXES if kinds.get(name.removesuffix(it)) == "histogram"), name
        )
        labels = set(re.findall(r'(\w+)="', sample["labels"] or "")) - {"le"}
        if not name.endswith("_created"):
            assert labels == documented[family], name


def _operating() -> str:
    return (PROJECT / "docs" / "operating.md").read_text("utf-8")


def test_posts_count_by_what_became_of_them_through_the_api_and_at_the_desk(desk: Desk) -> None:
    slug = desk.election.slug
    address = f"/api/v1/elections/{slug}/declarations"
    machine = desk.client(Authorization=f"Bearer {desk.tokens['declare']}", Accept="*/*")
    machine.post(address, json={"kind": "note", "text": "Good evening"})
    machine.post(address, json={"kind": "note"})
    machine.post(address, json={}, headers={"Authorization": "Bearer nonsense"})
    assert figure(machine, "declared_posts_total", via="api", status="201") == 1
    assert figure(machine, "declared_posts_total", via="api", status="422") == 1
    assert figure(machine, "declared_posts_total", via="api", status="401") == 1

    editor, form = desk.signed_in("editor"), f"/desk/{slug}/note"
    assert editor.post(form, data={"text": "x", "action": "review", "key": "k1"}).status_code == 200
    assert figure(editor, "declared_posts_total", via="desk") == 0, "whoever only asks has posted nothing"
    assert editor.post(form, data={"text": "Good night", "key": "k1"}).status_code == 303
    assert editor.post(form, data={"text": "", "key": "k2"}).status_code == 422
    assert figure(editor, "declared_posts_total", via="desk", status="201") == 1
    assert figure(editor, "declared_posts_total", via="desk", status="422") == 1

    votes = {f"votes.{name}": str(number) for name, number in a_body()["votes"].items()}
    keyed = desk.signed_in("keyer").post(
        f"/desk/{slug}/contests/{BALLOT_ID}",
        data={**votes, "action": "key", "key": "k3", "confirm": "W07", "flip": "LAB gain Testshire from CON"},
    )
    assert keyed.status_code == 303
    assert figure(editor, "declared_posts_total", via="desk", status="202") == 1
    assert figure(editor, "declared_post_seconds_count") == 3, "what was taken: two entries and a keying"


def test_requests_count_by_what_they_are_for_also_those_answered_from_memory(desk: Desk) -> None:
    client = desk.client()
    page = f"/elections/{desk.election.slug}"
    etag = [client.get(page) for _ in range(3)][-1].headers["ETag"]
    assert client.get(page, headers={"If-None-Match": etag}).status_code == 304
    client.get("/elections/nothing")
    client.get("/wp-login.php")
    client.get("/desk")
    assert figure(client, "declared_http_requests_total", route="page", status="200") == 3
    assert figure(client, "declared_http_requests_total", route="page", status="304") == 1
    assert figure(client, "declared_http_requests_total", route="page", status="404") == 1
    assert figure(client, "declared_http_requests_total", route="other", status="404") == 1
    assert figure(client, "declared_http_requests_total", route="desk", status="303") == 1


def test_whatever_a_stranger_asks_for_the_kinds_are_few() -> None:
    strange = [f"/{'x' * number}" for number in range(1, 100)] + [f"/api/{number}" for number in range(100)]
    assert {route_of(path) for path in strange} == {"other", "api"}
    assert route_of("/elections/kent-2023/card.png") == "card"
    assert route_of("/") == "page"


def test_what_holds_the_loop_is_seen() -> None:
    seen: list[float] = []
    lag = LoopLag(seen.append)

    async def hold() -> None:
        lag.start()
        await asyncio.sleep(0.05)
        time.sleep(0.3)  # noqa: ASYNC251
        await asyncio.sleep(0.05)
        lag.stop()

    asyncio.run(hold())
    assert 0.25 < max(seen) == lag.worst
    assert len(seen) > 1


def test_a_server_tells_what_it_holds_and_what_it_lacks(tmp_path: Path) -> None:
    file = tmp_path / "night.db"
    with Server(f"sqlite:///{file}") as server, strict_client(server.url) as client:
        for path in ("/elections/kent-2023", "/elections/kent-2023/councils/medway/card.png"):
            for _ in range(2):
                client.get(path)
        told = figures(client)
        assert told['declared_log_behind{election="kent-2023"}'] == 0
        assert told['declared_log_uncertain_seconds{election="kent-2023"}'] < 5
        for cache in ("reads", "pictures"):
            assert told[f'declared_cache_entries{{cache="{cache}"}}'] >= 1
            assert told[f'declared_cache_bytes{{cache="{cache}"}}'] > 1000
        assert 10 < told["declared_open_descriptors{}"] < told["declared_open_descriptors_limit{}"]
        assert told["declared_resident_bytes{}"] > 20e6
        assert told["declared_processor_seconds_total{}"] > 0
        assert told["declared_loop_lag_seconds_count{}"] > 1
        with pytest.raises(InvalidStatus):
            connect(f"{server.url.replace('http', 'ws')}/live/nothing/overview", proxy=None)
        assert figure(client, "declared_live_total", event="refused") == 1

        file.rename(tmp_path / "elsewhere.db")
        until(lambda: figure(client, "declared_database_errors_total", use="reading") > 0, "an error is counted")
        until(lambda: figure(client, "declared_log_uncertain_seconds") > 0, "it is not known what the log holds")


def test_a_log_that_is_ahead_of_what_is_shown_is_told(desk: Desk) -> None:
    client, slug = desk.client(), desk.election.slug
    desk.runner.portal.call(desk.parts.newsroom._served[slug].task.cancel)
    with desk.store.writing() as connection:
        for text in ("one", "two"):
            declare(connection, slug, body={"kind": "note", "text": text}, council_id=None, ballot_id=None)
    until(lambda: figure(client, "declared_log_behind", election=slug) == 2, "the heads are looked up")
