"""``declared new``: a folder to begin an election with, which is one that loads."""

import shlex
import shutil
from pathlib import Path

import click

from app.bundles.head import HEAD, TAKEN_SLUGS
from app.bundles.tables import SLUG
from app.commands.shared import failing_clearly, say
from app.process.failures import CommandFailed
from app.process.folders import ELECTIONS

EXAMPLE = ELECTIONS / "example-2027"


@click.command()
@click.argument("slug")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=None,
    metavar="DIR",
    envvar="DECLARED_INTO",
    show_envvar=True,
    help="The folder to make.  [default: SLUG, here]",
)
def new(slug: str, into: Path | None) -> None:
    """Make a folder for the election SLUG: a small example that loads, every column explained, to be overwritten."""
    if not SLUG.pattern.fullmatch(slug):
        raise click.UsageError(f"“{slug}” cannot stand in addresses: {SLUG.remedy}.")
    if slug in TAKEN_SLUGS:
        raise click.UsageError(f"“{slug}” is the name of a page of the desk: take {slug}-election, or another.")
    folder = into if into is not None else Path(slug)
    with failing_clearly():
        begin(folder, slug)
    say(f"{folder} holds an example that loads. Read {folder / 'README.md'}, and put your own election in its place.")
    say(f"What is wrong or missing says:  declared check {shlex.quote(str(folder))}")


def begin(folder: Path, slug: str) -> None:
    """Copy the example into ``folder``, called ``slug``; raises CommandFailed where there is anything already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandFailed(f"{folder} is there already: give another folder with --into, or move that away.")
    shutil.copytree(EXAMPLE, folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    head = folder / HEAD
    head.write_text(head.read_text("utf-8").replace(f'"{EXAMPLE.name}"', f'"{slug}"', 1), encoding="utf-8")
