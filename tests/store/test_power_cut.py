"""The power goes: what was acknowledged is in the file, though what had not been synced is gone, or half there.

The statements are those that the real store makes, recorded while its writer runs. They are run again on a file system
of SQLite's that notes every write and sync, with a checkpoint now and then. A cut keeps what was synced, and of what
was written since any sectors, as a disk does; then the store opens what is left.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import apsw
import pytest
from sqlalchemy import event

from app.store import loading
from app.store.backup import backup
from app.store.engine import Store
from app.store.writer import Writer
from tests.builders import an_election
from tests.counts import count
from tests.promises import Reached, Trials
from tests.store.logs import declare, faults, sequences

CUTS = count("DECLARED_TORTURE_POWER_CUTS")
SLUG = "test-2023"
POSTS = 80
PATIENCE = 60
SETTINGS = ("journal_mode", "synchronous", "foreign_keys")
SECTOR = 512
"""Bytes that a disk writes whole or not at all."""
CHECKPOINT_PAGES = 60
"""Far fewer than SQLite waits for, so that cuts come amid checkpoints too."""


class Step(NamedTuple):
    """A write to a file, its cut to a ``size``, or its sync (neither); nameless: a commit of ``size`` entries."""

    name: str
    offset: int = 0
    data: bytes | None = None
    size: int | None = None


class NotedFile(apsw.VFSFile):
    """A file of which every step is noted."""

    def __init__(self, steps: list[Step], name: Any, flags: list[int]) -> None:
        self._steps = steps
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name).name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # SQLite's names
        super().xWrite(data, offset)
        self._steps.append(Step(self._name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        super().xTruncate(size)
        self._steps.append(Step(self._name, size=size))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._steps.append(Step(self._name))


class NotingFiles(apsw.VFS):
    """SQLite's own file system, which notes."""

    def __init__(self, steps: list[Step]) -> None:
        self._steps = steps
        super().__init__("noting", base="")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return NotedFile(self._steps, name, flags)


class Recorded(NamedTuple):
    """What a writer did on its connection: how that was set, and the statements in their order."""

    settings: dict[str, Any]
    statements: list[str]


@pytest.fixture
def recorded(prepared: Path, tmp_path: Path) -> Recorded:
    """Declarations of a real store's writer, one after the other."""
    statements: list[str] = []

    def listen(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(statements.append)

    copy = tmp_path / "recorded.db"
    copy.write_bytes(prepared.read_bytes())
    with Store.open(f"sqlite:///{copy}") as store:
        with store.write_engine.connect() as connection:
            settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SETTINGS}
        store.write_engine.dispose()
        event.listen(store.write_engine, "connect", listen, insert=True)
        with Writer(store) as writer:
            for number in range(POSTS):
                writer.submit(lambda connection, it=number: declare(connection, SLUG, author=f"p{it}")).result(PATIENCE)
    return Recorded(settings, statements)


def noted(file: Path, recorded: Recorded) -> list[Step]:
    """What this does to the files beside and at ``file``."""
    steps: list[Step] = []
    files = NotingFiles(steps)
    connection = apsw.Connection(str(file), vfs="noting")
    for name, value in {**recorded.settings, "wal_autocheckpoint": CHECKPOINT_PAGES}.items():
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    for statement in recorded.statements:
        connection.execute(statement).fetchall()
        if statement == "COMMIT":
            steps.append(Step("", size=connection.execute("SELECT seq FROM head").fetchone()[0]))
    end = len(steps)
    connection.close()
    files.unregister()
    return steps[:end]


def after_a_cut(steps: list[Step], before: dict[str, bytes], random: Random) -> dict[str, bytes]:
    """What a disk may hold after ``steps`` when it has power again, by the names of its files."""
    safe = {name: bytearray(content) for name, content in before.items()}
    since: dict[str, list[Step]] = {}
    for step in steps:
        if not step.name:
            continue
        if step.data is None and step.size is None:
            for done in since.pop(step.name, []):
                do(safe.setdefault(step.name, bytearray()), done)
        else:
            since.setdefault(step.name, []).append(step)
    for name, lost in since.items():
        for step in lost:
            for part in sectors(step):
                if random.random() < 0.5:
                    do(safe.setdefault(name, bytearray()), part)
    return {name: bytes(content) for name, content in safe.items()}


def sectors(step: Step) -> list[Step]:
    if step.data is None:
        return [step]
    starts = range(0, len(step.data), SECTOR)
    return [Step(step.name, step.offset + at, step.data[at : at + SECTOR]) for at in starts]


def do(content: bytearray, step: Step) -> None:
    if step.data is None:
        del content[step.size :]
        return
    end = step.offset + len(step.data)
    content.extend(bytes(max(end - len(content), 0)))
    content[step.offset : end] = step.data


def lost_in(folder: Path, files: dict[str, bytes], acknowledged: int) -> int:
    """How many of the first ``acknowledged`` entries the store does not find; whatever it finds has to be sound."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with Store.open(f"sqlite:///{folder / 'night.db'}") as store:
        store.refuse_damaged()
        found = sequences(store, SLUG)
        assert found == list(range(1, len(found) + 1))
        assert faults(store, SLUG) == []
    return max(acknowledged - len(found), 0)


@pytest.fixture
def prepared(sqlite_store: Store, tmp_path: Path) -> Path:
    """A file with an election and an empty log, and nothing beside it."""
    with sqlite_store.writing() as connection:
        loading.save_election(connection, an_election(), "digest")
    file = tmp_path / "night.db"
    backup(sqlite_store, file)
    # That it is written ahead is kept in the file: how it became so is no part of this.
    with Store.open(f"sqlite:///{file}") as store, store.writing():
        pass
    return file


def cut(prepared: Path, recorded: Recorded, numbers: Iterable[int], random: Random) -> tuple[int, int]:
    """How many entries were acknowledged before all the cuts, and how many of them were lost."""
    before = {prepared.name: prepared.read_bytes()}
    steps = noted(prepared, recorded)
    acknowledged = lost = 0
    for number in numbers:
        done = steps[: random.randrange(len(steps))]
        told = max((step.size or 0 for step in done if not step.name), default=0)
        acknowledged += told
        folder = prepared.parent / f"cut-{number}"
        lost += lost_in(folder, after_a_cut(done, before, random), told)
    return acknowledged, lost


@pytest.mark.promise("Nothing acknowledged is lost when the power goes", wanted="0 lost")
def test_nothing_acknowledged_is_lost_in_a_power_cut(
    prepared: Path, recorded: Recorded, trials: Trials, reached: Reached
) -> None:
    acknowledged, lost = cut(prepared, recorded, trials(CUTS), Random(2023))
    reached(f"{CUTS:,} modelled cuts under SQLite, {acknowledged:,} acknowledged: {lost} lost")
    assert acknowledged > 10 * CUTS
    assert lost == 0


def test_the_cuts_would_show_a_database_that_syncs_less(prepared: Path, recorded: Recorded) -> None:
    assert (recorded.settings["journal_mode"], recorded.settings["synchronous"]) == ("wal", 2)
    recorded.settings["synchronous"] = 1
    _, lost = cut(prepared, recorded, range(20), Random(2023))
    assert lost > 0
