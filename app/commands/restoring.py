"""``declared restore`` and ``declared epoch``: a database put back, by us or by other means."""

from pathlib import Path

import click

from app.commands.photos import photos_option, put_photos_back
from app.commands.shared import database_option, failing_clearly, opened, say
from app.store import audit, log
from app.store.engine import Store
from app.store.restoring import restore as put_back

RESTORE_PATIENCE = 30.0
"""Seconds that a restore waits for whoever is writing."""


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    envvar="DECLARED_REPLACE",
    show_envvar=True,
    help="Also where the database is not empty: a SQLite file is put aside, what PostgreSQL holds is gone.",
)
@photos_option
@database_option
def restore(file: Path, folder: str, database_url: str, *, replace: bool) -> None:
    """Put the backup FILE into the database, also while servers run on it; what they show begins anew.

    The photos of sheets in the folder FILE.photos are put beside those that there are.
    """
    with failing_clearly(), Store.open(database_url, lock_wait=RESTORE_PATIENCE) as store:
        put_photos_back(store, folder, file)
        restored = put_back(store, file, replace=replace, by=audit.at_the_command_line())
        say(f"{file} is restored into {store.name.removeprefix('The database ')}:")
    for slug, head in restored.heads.items():
        say(f"  {slug}: {head.seq:,} entries, the last is {head.seq}; epoch {head.epoch}")
    say(f"  {restored.people} people, {restored.tokens} tokens, as they were then: revoke again who was revoked since.")
    if restored.aside is not None:
        say(f"What was there is kept as {restored.aside}.")
    for sentence in (*restored.left_out, *restored.faults):
        say(f"Look at this: {sentence}")


@click.group()
def epoch() -> None:
    """In which counting the sequences of an election are."""


@epoch.command("new")
@click.argument("slug")
@database_option
def epoch_new(slug: str, database_url: str) -> None:
    """Count the election SLUG in a new epoch: servers fold it afresh, and open pages get all of it anew.

    For whoever has put a database back by other means than `declared restore`. The log stays as it is.
    """
    with opened(database_url) as store, store.writing() as connection:
        name = log.begin_epoch(connection, slug)
        by = audit.at_the_command_line()
        audit.record(connection, audit.Kind.EPOCH_CHANGED, by, slug=slug, details={"epoch": name})
    say(f"{slug} is counted in epoch {name} from now on.")
