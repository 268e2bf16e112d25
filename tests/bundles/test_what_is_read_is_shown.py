"""Whatever a bundle may hold can be stored, read back and shown: on pages, widgets, cards, feeds and the desk."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from app.bundles.reading import read_bundle
from app.bundles.tables import BundleError
from app.desk.board.councils import Boards
from app.desk.board.needs import needs_of
from app.desk.board.refresh import board_json
from app.desk.board.shown import BoardShown
from app.desk.board.strip import strip_of
from app.desk.presence.view import AtWork
from app.domain.election import Election
from app.live.hub import Hub
from app.pages.cards.view import CardLook, CardSize, council_card, night_card
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import at_once
from app.projection.publication import Publication
from app.publishing.data import Texts
from app.publishing.ground import Ground
from app.publishing.parts import all_parts
from app.publishing.site import files_of
from app.store import catalogue, loading
from app.store.engine import Store
from tests.bundles.test_reading import GOOD

CELLS = [
    (file, line, column)
    for file, content in GOOD.items()
    if file.endswith(".csv")
    for line, cells in enumerate(csv.reader(io.StringIO(content)))
    if line
    for column in range(len(cells))
]
HEAD_VALUES = [line for line in GOOD["election.toml"].splitlines() if " = " in line]

TIMES = st.one_of(
    st.datetimes(timezones=st.timezones()).map(datetime.isoformat),
    st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    st.dates().map(str),
    st.sampled_from(
        [
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-12:00",
            "2023-05-05T16:00:00.000001+00:00:01",
            "2023-05-05T16+01",
            "20230505T160000Z",
            "2023-W18-5T16:00+01:00",
            "0001-01-01",
            "9999-12-31",
        ]
    ),
)
VALUES = st.one_of(
    TIMES,
    st.text(max_size=40),
    st.integers(0, 10**7).map(str),
    st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True),
    st.sampled_from(["", "NOC", "IND", "0", "1", "<script>", "{{ 1 // 0 }}", "%s", "\\", "'", "é" * 200, "W" * 200]),
    st.sampled_from(
        sorted({cell for content in GOOD.values() for row in csv.reader(io.StringIO(content)) for cell in row})
    ),
)
TOML = st.one_of(
    VALUES.map(lambda value: '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.dates().map(str),
    st.sampled_from(
        ["[]", '["eve"]', '["last", "notional", "nowhere"]', "0001-01-01", "9999-12-31", '"UTC"', '"Pacific/Apia"']
    ),
)


@st.composite
def bundles(draw: st.DrawFn) -> dict[str, str]:
    """A good bundle of which some values are others."""
    texts = dict(GOOD)
    for file, line, column in draw(st.lists(st.sampled_from(CELLS), max_size=4)):
        rows = list(csv.reader(io.StringIO(texts[file], newline="")))
        rows[line][column] = draw(VALUES)
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        texts[file] = out.getvalue()
    for old in draw(st.lists(st.sampled_from(HEAD_VALUES), max_size=2)):
        texts["election.toml"] = texts["election.toml"].replace(old, f"{old.partition(' = ')[0]} = {draw(TOML)}", 1)
    return texts


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_environment()


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('store') / 'night.db'}") as store:
        store.migrate()
        yield store


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("bundle")


def show(election: Election, environment: Environment) -> None:
    """Everything that is made of it before its first declaration."""
    hub = Hub(beat_seconds=10, stuck_seconds=10)
    publication = Publication(election, "e", hub=hub, rendering=Renderer(environment))
    ground, texts = Ground(publication, environment, "https://results.example.org", rehearsal=False), Texts()
    for part in all_parts(election):
        for _ in files_of(ground, part, texts, is_alone=True):
            pass
    night, look = publication.night, CardLook(CardSize.WIDE, rehearsal=False)
    for convention in election.conventions.values():
        night_card(environment, night, None, convention, look)
        for state in night.councils.values():
            council_card(environment, election, state, convention, look)
    for now in (datetime(2023, 5, 5, 3, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)):
        board = at_once(Boards().board(night, (), now=now.astimezone(election.zone)))
        strip = strip_of(night, (), AtWork(), clock=now, now=now)
        shown = BoardShown(board, needs_of(board, election, AtWork(), clock=now), strip)
        at_once(board_json(environment, election, shown, None, with_pieces=True, more={}))


@given(texts=bundles())
def test_what_is_read_is_stored_read_back_and_shown(
    texts: dict[str, str], folder: Path, store: Store, environment: Environment
) -> None:
    for file, text in texts.items():
        (folder / file).write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        bundle = read_bundle(folder)
    except BundleError:
        return
    with store.writing() as connection:
        loading.save_election(connection, bundle.election, bundle.digest, reason="Read again")
    with store.reading() as connection:
        kept = catalogue.load_election(connection, bundle.election.slug)
    assert kept == bundle.election
    show(kept, environment)
