"""``declared hook``: which addresses are told what of the night, and what became of it."""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import click

from app.commands.people import list_option, show
from app.commands.shared import database_option, failing_clearly, opened, say
from app.domain.alerts import AlertKind
from app.hooks.again import message_again
from app.hooks.bodies import body_of
from app.hooks.reaching import Answered, Reaching, address_of, check_url
from app.hooks.telling import AlertTelling, SentFrom, signed, trial
from app.process.failures import CommandFailed
from app.process.networks import networks_in
from app.process.origins import origin
from app.store import audit, hooks, log
from app.store.audit import at_the_command_line
from app.store.errors import HookRefused
from app.store.hooks import Hook, HookForm, HookWanted
from app.store.tokens import told
from app.wording.figures import listed

SECONDS = 10.0
"""That an address has to answer a message which a command sends."""

networks_option = click.option(
    "--hook-networks",
    "networks",
    envvar="DECLARED_HOOK_NETWORKS",
    show_envvar=True,
    default="",
    metavar="NETWORKS",
    help="Networks of our own that hooks may reach, as the server has them: 10.0.0.0/8.  [default: none]",
)

hook_argument = click.argument("hook_id", metavar="ID", type=click.IntRange(min=1, max=2**31 - 1))


@click.group()
def hook() -> None:
    """Webhooks: addresses that are told of the night."""


@hook.command("add")
@click.argument("url")
@click.option(
    "--on",
    "on",
    required=True,
    envvar="DECLARED_ON",
    show_envvar=True,
    metavar="KINDS",
    help=f"Of what it is told, with commas between: {', '.join(AlertKind)}.",
)
@click.option(
    "--election",
    "slug",
    envvar="DECLARED_ELECTION",
    show_envvar=True,
    metavar="SLUG",
    help="Of which election alone.  [default: every one]",
)
@click.option(
    "--as",
    "form",
    type=click.Choice([form.value for form in HookForm]),
    default=HookForm.JSON.value,
    show_default=True,
    envvar="DECLARED_AS",
    show_envvar=True,
    help="Whose body messages have: our own, or what one of these shows.",
)
@click.option(
    "--rehearsals",
    is_flag=True,
    envvar="DECLARED_REHEARSALS",
    show_envvar=True,
    help="Tell it of rehearsals too; what it is told of these says TEST.",
)
@networks_option
@database_option
def hook_add(
    url: str, on: str, slug: str | None, form: str, networks: str, database_url: str, *, rehearsals: bool
) -> None:
    """Tell URL of what is declared from now on; prints the secret that messages are signed with, alone, on stdout."""
    with failing_clearly():
        wanted = HookWanted(check_url(url), _kinds(on), HookForm(form), slug, rehearsals)
        _check_reachable(wanted, networks)
    with opened(database_url) as store, store.writing() as connection:
        added = hooks.add(connection, wanted, by=at_the_command_line(), now=datetime.now(UTC))
    click.echo(added.secret)
    kinds = listed([kind.value for kind in AlertKind if kind in wanted.kinds])
    say(f"Hook {added.hook_id}: {wanted.host} is told of {kinds} from now on. The secret is not shown again.")


@hook.command("list")
@list_option
@database_option
def hook_list(form: str, database_url: str) -> None:
    """Show every hook, of its address the host alone, how far behind it is, and what came of the last message."""
    with opened(database_url) as store, store.reading() as connection:
        heads = log.heads(connection)
        rows = [_row(it, heads) for it in hooks.hooks(connection)]
    show(rows, form, none="No hook was added yet: `declared hook add URL --on flip` adds one.")


@hook.command("remove")
@hook_argument
@database_option
def hook_remove(hook_id: int, database_url: str) -> None:
    """Tell the hook ID nothing more, and forget it with its deliveries."""
    with opened(database_url) as store, store.writing() as connection:
        gone = hooks.remove(connection, hook_id, by=at_the_command_line())
    say(f"Hook {hook_id} ({gone.wanted.host}) is told nothing more.")


@hook.command("resume")
@hook_argument
@database_option
def hook_resume(hook_id: int, database_url: str) -> None:
    """Try the hook ID again at once, stopped or not, from where it was: nothing was left out."""
    with opened(database_url) as store, store.writing() as connection:
        found = hooks.resume(connection, hook_id, by=at_the_command_line())
    say(f"Hook {hook_id} ({found.wanted.host}) is tried again.")


@hook.command("test")
@hook_argument
@networks_option
@database_option
def hook_test(hook_id: int, networks: str, database_url: str) -> None:
    """Send the hook ID a message that says TEST, from here and now; exit code 1 where it is not taken."""
    with opened(database_url) as store:
        with store.reading() as connection:
            found = hooks.numbered(connection, hook_id)
        _send(found, trial(datetime.now(UTC), secrets.token_urlsafe(9)), networks)


@hook.command("deliveries")
@hook_argument
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    envvar="DECLARED_LIMIT",
    show_envvar=True,
    help="How many, the newest first.",
)
@list_option
@database_option
def hook_deliveries(hook_id: int, limit: int, form: str, database_url: str) -> None:
    """Show what became of the messages of the hook ID in the last thirty days."""
    with opened(database_url) as store, store.reading() as connection:
        hooks.numbered(connection, hook_id)
        found = hooks.deliveries(connection, hook_id, limit=limit)
    rows = [
        {
            "message": it.message.message_id,
            "first": it.first_at,
            "attempts": it.attempts,
            "delivered": it.delivered_at,
            "answer": it.told,
            "headline": it.message.headline,
        }
        for it in found
    ]
    show(rows, form, none="No message was sent to it yet.")


@hook.command("redeliver")
@hook_argument
@click.argument("message_id", metavar="MESSAGE")
@click.option(
    "--public-url",
    envvar="DECLARED_PUBLIC_URL",
    show_envvar=True,
    default="",
    metavar="URL",
    help="Our own address, as the server has it.  [default: none]",
)
@click.option(
    "--rehearsal",
    is_flag=True,
    envvar="DECLARED_REHEARSAL",
    show_envvar=True,
    help="Mark it as a TEST, as the server does.",
)
@networks_option
@database_option
def hook_redeliver(
    hook_id: int, message_id: str, public_url: str, networks: str, database_url: str, *, rehearsal: bool
) -> None:
    """Send the hook ID a MESSAGE again, by its id, from here and now, made of the log as it was the first time."""
    with opened(database_url) as store:
        with failing_clearly(), store.reading() as connection:
            found = hooks.numbered(connection, hook_id)
            is_test = rehearsal or audit.is_of_exercise(connection)
            message = message_again(connection, found, message_id, SentFrom(_origin(public_url), is_test))
        _send(found, message, networks)


def _send(hook: Hook, message: AlertTelling, networks: str) -> None:
    body = body_of(message, hook.wanted.form)
    headers = signed(hook, message.message_id, body, datetime.now(UTC))

    async def send() -> Answered:
        reaching = Reaching(_networks(networks), SECONDS)
        try:
            return await reaching.send(hook.wanted.url, body, headers)
        finally:
            await reaching.close()

    with failing_clearly():
        answered = asyncio.run(send())
        if not answered.is_taken:
            raise CommandFailed(f"Hook {hook.hook_id} ({hook.wanted.host}) did not take it: {answered.told}")
    say(f"Hook {hook.hook_id} ({hook.wanted.host}) took it: {answered.told}")


def _check_reachable(wanted: HookWanted, networks: str) -> None:
    """HookRefused where it is known already that it would never be sent to."""
    try:
        asyncio.run(address_of(wanted.url, _networks(networks)))
    except (OSError, UnicodeError):
        say(f"{wanted.host} is no name that is known here just now; it is added all the same.")


def _kinds(on: str) -> frozenset[AlertKind]:
    known = {kind.value: kind for kind in AlertKind}
    asked = [part.strip() for part in on.split(",") if part.strip()]
    unknown = [part for part in asked if part not in known]
    if unknown or not asked:
        what = f"“{unknown[0]}” is none of the kinds" if unknown else "Say of what it is told"
        raise HookRefused(f"{what}: {', '.join(known)}.")
    return frozenset(known[part] for part in asked)


def _networks(text: str) -> Any:
    try:
        return networks_in(text)
    except ValueError as error:
        raise CommandFailed(str(error)) from None


def _origin(text: str) -> str:
    try:
        return origin(text)
    except ValueError as error:
        raise CommandFailed(str(error)) from None


def _row(hook: Hook, heads: Mapping[str, log.Head]) -> dict[str, Any]:
    wanted = hook.wanted
    return {
        "id": hook.hook_id,
        "host": wanted.host,
        "on": ",".join(kind for kind in AlertKind if kind in wanted.kinds),
        "as": wanted.form.value,
        "election": wanted.slug,
        "rehearsals": "yes" if wanted.rehearsals else "no",
        "made": hook.created_at,
        "behind": sum(_behind(hook, slug, head) for slug, head in heads.items()),
        "state": _state(hook),
        "last answer": hook.told or None,
    }


def _behind(hook: Hook, slug: str, head: log.Head) -> int:
    """Entries of the log of ``slug`` that it was not told yet."""
    if hook.wanted.slug not in (None, slug):
        return 0
    place = hook.places.get(slug)
    return max(0, head.seq - place.seq) if place is not None else head.seq


def _state(hook: Hook) -> str:
    if hook.stopped_at is not None:
        return f"stopped {told(hook.stopped_at.astimezone())}"
    if hook.failing_since is None:
        return "well"
    tries = "1 attempt" if hook.attempts == 1 else f"{hook.attempts} attempts"
    return f"failing since {told(hook.failing_since.astimezone())}, {tries}"
