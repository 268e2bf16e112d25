"""``declared user`` and ``declared token``: who may sign in at the desk, and which machines may post."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Connection

from app.commands.shared import database_option, opened, say
from app.domain.election import shared_zone
from app.store import catalogue, people, sessions, staff, tokens
from app.store.audit import at_the_command_line
from app.store.tokens import told
from app.wording.figures import listed

password_option = click.option(
    "--password-stdin",
    is_flag=True,
    envvar="DECLARED_PASSWORD_STDIN",
    show_envvar=True,
    help=f"Read the password from standard input, one line: {staff.PASSWORD_RULE}.",
)

list_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="DECLARED_FORMAT",
    show_envvar=True,
    help="text: columns for people; json: for programs.",
)


@click.group()
def user() -> None:
    """Staff accounts of the desk."""


@user.command("add")
@click.argument("name")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in staff.Role]),
    envvar="DECLARED_ROLE",
    show_envvar=True,
    help="keyer: keys results; checker: checks them too; editor: everything; reporter: for some councils alone.",
)
@password_option
@database_option
def user_add(name: str, role: str, database_url: str, *, password_stdin: bool) -> None:
    """Make an account; asks for its password."""
    password = _password(from_stdin=password_stdin)
    with opened(database_url) as store:
        kept = staff.hashed_password(password)
        with store.writing() as connection:
            people.add_account(connection, name, staff.Role(role), kept, by=at_the_command_line())
    say(f"{name} may sign in as {role}.")


@user.command("list")
@list_option
@database_option
def user_list(form: str, database_url: str) -> None:
    """Show every account: its role, since when, whether it may sign in, and how often it is signed in now."""
    with opened(database_url) as store, store.reading() as connection:
        listed = staff.staff(connection)
        open_ones = sessions.sessions(connection, now=datetime.now(UTC))
    show(
        [
            {
                "name": person.name,
                "role": person.role.value,
                "made": person.created_at,
                "disabled": person.disabled_at,
                "sessions": sum(1 for session in open_ones if session.staff_name == person.name),
                "last seen": max((it.last_seen_at for it in open_ones if it.staff_name == person.name), default=None),
            }
            for person in sorted(listed, key=lambda it: it.name.casefold())
        ],
        form,
        none="No account was made yet: `declared user add NAME --role editor` makes one.",
    )


@user.command("reset")
@click.argument("name")
@password_option
@database_option
def user_reset(name: str, database_url: str, *, password_stdin: bool) -> None:
    """Give an account another password, which it asks for; whoever is signed in with the old one no longer is."""
    password = _password(from_stdin=password_stdin)
    with opened(database_url) as store:
        kept = staff.hashed_password(password)
        with store.writing() as connection:
            name = staff.named(connection, name) or name
            ended = people.change_password(connection, name, kept, by=at_the_command_line(), now=datetime.now(UTC))
    say(f"{name} has another password; {_sessions(ended)} ended.")


@user.command("councils")
@click.argument("name")
@click.argument("slug")
@click.argument("council_ids", metavar="[COUNCIL]...", nargs=-1)
@database_option
def user_councils(name: str, slug: str, database_url: str, *, council_ids: Sequence[str]) -> None:
    """Have a reporter report from these councils of the election SLUG, by their ids, and from no others of it.

    Without any it is none: nothing of that election is shown to them.
    """
    with opened(database_url) as store, store.writing() as connection:
        name = staff.named(connection, name) or name
        election = catalogue.load_election(connection, slug)
        names = [election.council(council_id).name for council_id in council_ids]
        people.give_councils(connection, name, slug, set(council_ids), by=at_the_command_line())
    say(f"{name} reports from {listed(names)}." if names else f"{name} reports from no council of “{slug}”.")


@user.command("disable")
@click.argument("name")
@database_option
def user_disable(name: str, database_url: str) -> None:
    """Sign a person out, and let them in no more. Nothing of what they did is lost."""
    with opened(database_url) as store, store.writing() as connection:
        name = staff.named(connection, name) or name
        ended = people.disable_account(connection, name, by=at_the_command_line(), now=datetime.now(UTC))
    say(f"{name} may not sign in any more; {_sessions(ended)} ended.")


@user.command("enable")
@click.argument("name")
@database_option
def user_enable(name: str, database_url: str) -> None:
    """Let a disabled account in again, with the password that it had."""
    with opened(database_url) as store, store.writing() as connection:
        name = staff.named(connection, name) or name
        people.enable_account(connection, name, by=at_the_command_line())
    say(f"{name} may sign in again.")


@click.group()
def token() -> None:
    """API tokens."""


@token.command("add")
@click.argument("name")
@click.option(
    "--scope",
    required=True,
    type=click.Choice([scope.value for scope in tokens.Scope]),
    envvar="DECLARED_SCOPE",
    show_envvar=True,
    help="declare: straight into the log; key: into the second-check queue.",
)
@click.option(
    "--election",
    "slug",
    envvar="DECLARED_ELECTION",
    show_envvar=True,
    metavar="SLUG",
    help="The one election that it is for.  [default: every one]",
)
@click.option(
    "--expires",
    envvar="DECLARED_EXPIRES",
    show_envvar=True,
    metavar="WHEN",
    help="When it ends, as 2026-05-08T12:00 in the election’s time, or in how long: 12h, 7d.  [default: never]",
)
@database_option
def token_add(name: str, scope: str, slug: str | None, expires: str | None, database_url: str) -> None:
    """Make a token and print it, alone, on stdout. It is shown this once; only its hash is kept."""
    with opened(database_url) as store, store.writing() as connection:
        ends = _expiry(connection, expires, slug) if expires is not None else None
        by = at_the_command_line()
        secret = people.give_token(connection, name, scope, by=by, slug=slug, expires_at=ends)
    click.echo(secret)
    for_one = f" in {slug}" if slug is not None else ""
    until = f" until {told(ends)}" if ends is not None else ""
    say(f"{name} may {scope}{for_one} with this token{until}. It is not shown again.")


@token.command("list")
@list_option
@database_option
def token_list(form: str, database_url: str) -> None:
    """Show every token that was made, but for the tokens themselves, of which only hashes are kept."""
    with opened(database_url) as store, store.reading() as connection:
        listed = tokens.tokens(connection)
    show(
        [
            {
                "id": it.token_id,
                "name": it.name,
                "scope": it.scope.value,
                "election": it.slug,
                "made": it.created_at,
                "expires": it.expires_at,
                "last used": it.last_used_at,
                "revoked": it.revoked_at,
            }
            for it in listed
        ],
        form,
        none="No token was made yet: `declared token add NAME --scope declare` makes one.",
    )


@token.command("revoke")
@click.argument("name", required=False)
@click.option(
    "--id",
    "token_id",
    type=click.IntRange(min=1, max=2**31 - 1),
    envvar="DECLARED_ID",
    show_envvar=True,
    help="The one with this id, as `declared token list` shows it.",
)
@database_option
def token_revoke(name: str | None, token_id: int | None, database_url: str) -> None:
    """Make the token NAME, or the one with that id, worth nothing. Running servers know it within a second."""
    if (name is None) == (token_id is None):
        raise click.UsageError("Say which token: by its NAME, or by --id.")
    with opened(database_url) as store, store.writing() as connection:
        if name is not None:
            found = tokens.named_token(connection, name)
        else:
            found = tokens.numbered_token(connection, token_id or 0)
        people.take_token(connection, found, by=at_the_command_line())
    say(f"The token “{found.name}” (id {found.token_id}) is revoked; running servers know it within a second.")


def _expiry(connection: Connection, typed: str, slug: str | None) -> datetime:
    zone = shared_zone(catalogue.timezones(connection, slug))
    return tokens.expiry(typed, now=datetime.now(UTC), zone=zone)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    asked = f"Password ({staff.PASSWORD_RULE})"
    password: str = click.prompt(asked, hide_input=True, confirmation_prompt=True, err=True)
    return password


def _sessions(number: int) -> str:
    return "1 session" if number == 1 else f"{number} sessions"


def show(rows: Sequence[Mapping[str, Any]], form: str, *, none: str) -> None:
    """On stdout, as columns or as a JSON list; the keys of every row are the same. ``none`` is said where none are."""
    if form == "json":
        keyed = [{name.replace(" ", "_"): value for name, value in row.items()} for row in rows]
        return click.echo(json.dumps(keyed, ensure_ascii=False, indent=2, default=datetime.isoformat))
    if not rows:
        return say(none)
    lines = [[name.upper() for name in rows[0]], *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip())
    return None


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return told(value.astimezone()) if isinstance(value, datetime) else str(value)
