import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from app.domain.election import Words
from app.store import catalogue, migrating
from app.store.engine import Store
from app.store.errors import NewerDatabase, StoreUnavailable
from app.store.tables import METADATA
from tests.store import processes

EVERY_CONSTRAINT = """
    SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
"""
EVERY_STATEMENT = "SELECT tbl_name || ' ' || coalesce(sql, name) FROM sqlite_master"


def definitions(connection: Connection) -> set[str]:
    """What the database itself says of its tables and constraints, without regard to their order."""
    statement = EVERY_CONSTRAINT if connection.dialect.name == "postgresql" else EVERY_STATEMENT
    said = [row for row in connection.scalars(text(statement)) if not row.startswith("alembic_version")]
    if connection.dialect.name == "postgresql":
        return set(said)
    # A table that a revision made anew and renamed is quoted by SQLite, whatever its name.
    said = [re.sub(r'(CREATE TABLE) "(\w+)"', r"\1 \2", row) for row in said]
    return {line.strip().rstrip(",") for row in said for line in re.split(r"\n\s*", row)}


def test_the_migrated_schema_is_that_of_the_tables(store: Store):
    with store.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_the_migrated_constraints_are_those_of_the_tables(store: Store, empty_url: str):
    with store.reading() as connection:
        migrated = definitions(connection)
    with Store.open(empty_url) as other, other.writing() as connection:
        METADATA.create_all(connection)
        made = definitions(connection)
    assert migrated == made
    assert any("CHECK" in line for line in made)


def test_migrating_again_changes_nothing(store: Store, slug: str):
    with store.reading() as connection:
        before = definitions(connection)
    store.migrate()
    with store.reading() as connection:
        assert definitions(connection) == before
        assert connection.scalar(text("SELECT count(*) FROM election")) == 1
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_the_file_of_the_newest_revision_has_the_highest_number_and_begins_with_it():
    scripts = ScriptDirectory(str(Path(migrating.__file__).with_name("migrations")))
    files = sorted(Path(script.path).name for script in scripts.walk_revisions())
    assert files[-1].partition("_")[0] == scripts.get_current_head()


def test_what_a_command_does_not_use_is_not_loaded(tmp_path: Path):
    opened = "import app.commands.cli, sys; app.commands.cli.Store.open(sys.argv[1]).migrate(); print(*sys.modules)"
    url = f"sqlite:///{tmp_path / 'night.db'}"
    loaded = [
        subprocess.run([sys.executable, "-c", opened, url], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    ]
    assert ["alembic" in modules for modules in loaded] == [True, False]
    assert not {"psycopg", "fastapi", "uvicorn"} & set(loaded[1])


def test_several_processes_may_migrate_at_once(empty_url: str):
    started = [processes.start("migrate", empty_url) for _ in range(3)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    with Store.open(empty_url) as store, store.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
        assert connection.scalar(text("SELECT count(*) FROM election")) == 0


def test_a_newer_database_is_refused(store: Store):
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match=r"newer version \(schema 9999"):
        store.migrate()


def test_a_failed_migration_leaves_nothing(empty_url: str, monkeypatch: pytest.MonkeyPatch):
    from alembic import op

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the twelfth table")

    made = iter(range(11))
    create_table = op.create_table

    def create_some(*arguments: object, **options: object) -> None:
        next(made, None) is None and fail()
        create_table(*arguments, **options)

    monkeypatch.setattr(op, "create_table", create_some)
    with Store.open(empty_url) as store:
        with pytest.raises(RuntimeError):
            store.migrate()
        monkeypatch.undo()
        store.migrate()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with (
        pytest.raises(StoreUnavailable, match="there is no folder"),
        Store.open(f"sqlite:///{tmp_path}/no/x.db") as store,
    ):
        store.migrate()


BEFORE_ROLES = (
    "INSERT INTO election VALUES ('kent', 'local', 'Kent', '2023-05-04', 'Europe/London', 'bbc', 'digest')",
    "INSERT INTO party VALUES ('kent', 'PP52', 0, 'Conservatives', 'CON', '#0087DC', NULL)",
    "INSERT INTO council VALUES ('kent', 'dover', 0, 'Dover', '', '', '', 'all', 1, 0, NULL, '')",
    "INSERT INTO contest VALUES ('kent', 'town', 'dover', 0, 'Town', '', 1, NULL, NULL)",
    "INSERT INTO candidacy VALUES ('kent', 'town', '1', 0, 'Ann', 'PP52', '', 'Council Leader')",
    "INSERT INTO candidacy VALUES ('kent', 'town', '2', 1, 'Bea', 'PP52', '', 'Sits for Castle')",
)


def test_a_catalogue_of_before_is_read_as_its_bundle_would_be_today(empty_url: str):
    with Store.open(empty_url) as store:
        with store.writing() as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(migrating.__file__).with_name("migrations")))
            config.attributes["connection"] = connection
            command.upgrade(config, "0006")
            for statement in BEFORE_ROLES:
                connection.execute(text(statement))
        store.migrate()
        with store.reading() as connection:
            found = connection.execute(text("SELECT note, role, defends FROM candidacy ORDER BY position")).all()
            assert catalogue.load_election(connection, "kent").words == Words()
    assert [tuple(row) for row in found] == [("Council Leader", "Council Leader", 0), ("Sits for Castle", "", 0)]
