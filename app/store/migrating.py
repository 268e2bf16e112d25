"""The schema brought up to date by the revisions in ``migrations/versions``.

A revision is written by hand: the test that compares the migrated schema with ``tables`` says what it still lacks. It
must run in the one transaction of ``upgrade``, and change tables on SQLite with ``op.batch_alter_table``.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.store.errors import NewerDatabase


def upgrade(connection: Connection, name: str) -> None:
    """Runs what revisions are missing, inside the caller's transaction, which must exclude others from doing the same.

    Raises NewerDatabase where the database, called ``name``, has a revision that is not among ours.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
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
