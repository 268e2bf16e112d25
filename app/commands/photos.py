"""``declared photos``, and what a backup and a restore do about the photos of sheets."""

from pathlib import Path

import click

from app.commands.shared import database_option, opened, say
from app.store import photos
from app.store.audit import at_the_command_line
from app.store.engine import Store
from app.store.photos import PhotoFiles
from app.wording.figures import plural

photos_option = click.option(
    "--photos",
    "folder",
    envvar="DECLARED_PHOTOS",
    show_envvar=True,
    default="",
    metavar="DIR",
    help="The folder of the photos, where that is not beside a SQLite file.",
)


@click.group("photos")
def photo_group() -> None:
    """Photos of the sheets that results were read from."""


@photo_group.command("forget")
@click.argument("slug")
@photos_option
@database_option
def forget(slug: str, folder: str, database_url: str) -> None:
    """Remove every photo of the election SLUG, and the files that belong to no photo any more."""
    with opened(database_url) as store:
        files = PhotoFiles.of(store.file, folder)
        with store.writing() as connection:
            number = photos.forget(connection, slug, by=at_the_command_line())
        if files is not None:
            with store.reading() as connection:
                photos.sweep(connection, files)
    say(f"{plural(number, 'photo')} of “{slug}” removed.")


def back_up_photos(store: Store, folder: str, backup: Path) -> None:
    """Copies every photo into the folder beside a backup that was made a moment ago; raises OSError.

    A row comes after its file, so that the backup's rows name none that is not there by now.
    """
    files = PhotoFiles.of(store.file, folder)
    if files is None or not files.folder.is_dir():
        return
    beside = PhotoFiles.of(backup, "")
    assert beside is not None  # a backup is a SQLite file
    number = files.copy_to(beside)
    say(f"{plural(number, 'photo')} beside it, in {beside.folder}.")


def put_photos_back(store: Store, folder: str, backup: Path) -> None:
    """Copies the photos beside a backup to where this database has its own; none that is there is touched."""
    beside, files = PhotoFiles.of(backup, ""), PhotoFiles.of(store.file, folder)
    if beside is None or not beside.folder.is_dir():
        return
    if files is None:
        say(f"Look at this: the photos in {beside.folder} were left there, as no folder is set for them (--photos).")
        return
    say(f"{plural(beside.copy_to(files), 'photo')} put into {files.folder}.")
