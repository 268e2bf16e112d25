"""What all commands share: the database's option, whom they tell what, and how they fail."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.bundles.tables import BundleError
from app.domain.errors import DomainError
from app.process.failures import CommandFailed
from app.store.engine import Store
from app.store.errors import StoreError

FAILURES = (CommandFailed, BundleError, StoreError, DomainError, OSError)

DEFAULT_DATABASE = "sqlite:///declared.db"

database_option = click.option(
    "--database",
    "database_url",
    envvar="DECLARED_DATABASE_URL",
    show_envvar=True,
    default=DEFAULT_DATABASE,
    show_default=True,
    metavar="URL",
    help="sqlite:///FILE or postgresql://…",
)


def say(text: str) -> None:
    """To whoever runs the command; never part of what it gives."""
    click.echo(text, err=True)


@contextmanager
def failing_clearly() -> Iterator[None]:
    """One clear line on stderr and exit code 1, for everything that is nobody's programming error."""
    try:
        yield
    except FAILURES as error:
        say(f"declared: {error}")
        sys.exit(1)


@contextmanager
def opened(database_url: str) -> Iterator[Store]:
    """The database, with its schema up to date."""
    with failing_clearly(), Store.open(database_url) as store:
        store.migrate()
        yield store
