"""``declared forget-telephones``: what the desk need not keep once the night is over."""

import click

from app.commands.shared import database_option, opened, say
from app.store import room
from app.store.audit import at_the_command_line
from app.wording.figures import plural


@click.command("forget-telephones")
@click.argument("slug")
@database_option
def forget_telephones(slug: str, database_url: str) -> None:
    """Delete every telephone number that the desk kept for the election SLUG. Older backups still have them."""
    with opened(database_url) as store, store.writing() as connection:
        number = room.forget_telephones(connection, slug, by=at_the_command_line())
    say(f"The telephone numbers of {plural(number, 'count')} are deleted; backups made before still have them.")
