"""The schema brought up to date by the revisions in ``migrations/versions``.

A revision is written by hand: the test that compares the migrated schema with ``tables`` says what it still lacks. It
must run in the one transaction of ``upgrade``, and change tables on SQLite with ``op.batch_alter_table``. The name of
its file begins with its number, the newest with the highest.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from app.store.errors import NewerDatabase

_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(connection: Connection, name: str) -> bool:
    """Runs what revisions are missing, if any, and says whether there were some.

    It happens inside the caller's transaction, which must exclude others from doing the same. Raises NewerDatabase
    where the database, called ``name``, has a revision that is not among ours.
    """
    if is_newest(connection):
        return False
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise NewerDatabase(
            f"{name} was made by a newer version (schema {', '.join(sorted(unknown))}; "
            f"this one knows up to {scripts.get_current_head()})."
        )
    command.upgrade(config, "head")
    return True


def is_newest(connection: Connection) -> bool:
    """Whether no revision is missing, told by the names of their files alone: without Alembic."""
    newest = max(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    return inspect(connection).has_table("alembic_version") and [newest] == list(
        connection.scalars(text("SELECT version_num FROM alembic_version"))
    )
