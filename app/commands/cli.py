"""The ``declared`` command: parse, call, print. What a command gives goes to stdout, all else to stderr."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

import click

from app.bundles.data_package import write_data_package
from app.bundles.forms import FORMS, ExportOf
from app.bundles.reading import read_bundle
from app.commands.beginning import new
from app.commands.checking import check
from app.commands.hooks import hook
from app.commands.importing import import_group
from app.commands.loading import load_bundle
from app.commands.people import token, user
from app.commands.photos import back_up_photos, photo_group, photos_option
from app.commands.rehearse import rehearse
from app.commands.restoring import epoch, restore
from app.commands.results import results
from app.commands.room import forget_telephones
from app.commands.shared import database_option, failing_clearly, opened, say
from app.process.descriptors import Descriptors
from app.process.origins import is_loopback, origin
from app.process.version import VERSION
from app.settings import Settings
from app.store import audit, catalogue, log
from app.store.backup import backup as back_up
from app.store.engine import Store
from app.store.errors import StoreError
from app.store.folding import folded

F = TypeVar("F", bound=Callable[..., Any])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="declared")
def main() -> None:
    """Declared: live election-night results.

    Load an election, serve it, post declarations; badges flip on every screen. Every option can be set in the
    environment as well, under the name that its help gives.
    """


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--reason",
    envvar="DECLARED_REASON",
    show_envvar=True,
    default="",
    metavar="TEXT",
    help="Why an election that is loaded already is changed.",
)
@database_option
def load(folder: Path, reason: str, database_url: str) -> None:
    """Read an election bundle, the folder DIR, into the database.

    An election that is loaded already is compared with it, and what changes is listed. Where that touches anything
    declared, or a council's seats, contests or candidates, it takes a --reason, which readers see.
    """
    with failing_clearly():
        bundle = read_bundle(folder, tell=say)
        with opened(database_url) as store:
            said = load_bundle(store, bundle, folder, " ".join(reason.split()))
    for line in said:
        say(line)


def _settings_options(command: F) -> F:
    """An option for every setting, named and described by it."""
    for setting in reversed(fields(Settings)):
        name = "--database" if setting.name == "database_url" else f"--{setting.name.replace('_', '-')}"
        options: dict[str, Any] = {
            "envvar": f"DECLARED_{setting.name.upper()}",
            "show_envvar": True,
            "default": setting.default,
            "show_default": True,
            "help": setting.metadata["description"],
        }
        least, most = setting.metadata["least"], setting.metadata["most"]
        if setting.type is bool:
            options["is_flag"] = True
        elif setting.type is int:
            options["type"] = click.IntRange(least, most)
        elif setting.type is float:
            options["type"] = Finite(least, most)
        elif setting.metadata["read"]:
            options["type"] = Read(setting.metadata["read"])
        elif setting.metadata["choices"]:
            options["type"] = click.Choice(setting.metadata["choices"])
        command = click.option(name, setting.name, **options)(command)
    return command


class Finite(click.FloatRange):
    """A number within its bounds. "nan" is within any, as it is neither below nor above."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


class Read(click.ParamType[str]):
    """A text that has to mean something: ``read`` makes that of it, or raises ValueError with what is wrong."""

    name = "text"

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return self._read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@main.command()
@_settings_options
def serve(**given: Any) -> None:
    """Serve pages, API and live sockets until Ctrl-C or SIGTERM."""
    from app.serving.server import serve as serve_alone
    from app.serving.workers import serve_together
    from app.store.starting import make_ready

    with failing_clearly():
        settings, descriptors = Settings(**given), Descriptors.raised()
        with Store.open(settings.database_url) as store:
            make_ready(store, patience=settings.start_patience)
            with store.reading() as connection:
                names = [listed.name for listed in catalogue.elections(connection)]
                is_of_exercise = audit.is_of_exercise(connection)
        if is_of_exercise and not settings.rehearsal:
            say("declared: This database is of an exercise: whatever is served of it says TEST.")
            settings = replace(settings, rehearsal=True)

        def tell(url: str) -> None:
            say(f"Declared {VERSION} at {url}")
            say(descriptors.said)
            say(f"Serving {', '.join(names)}" if names else "No election yet: `declared load DIR` reads one in.")

        if not settings.public_url and not is_loopback(settings.host):
            say(
                "declared: Other machines reach this server, and it has no address of its own: links, cards and sign-in"
                " follow the Host that a request names. Set --public-url to the address that readers use."
            )
        run_server = serve_alone if settings.workers == 1 else serve_together
        if not run_server(settings, on_ready=tell):
            sys.exit(1)


@main.command()
@click.argument("night", metavar="NIGHT.jsonl", type=click.Path(path_type=Path))
@click.option("--to", envvar="DECLARED_TO", show_envvar=True, required=True, metavar="URL", help="The server.")
@click.option("--token", envvar="DECLARED_TOKEN", show_envvar=True, required=True, help="A declaring token.")
@click.option(
    "--speed",
    envvar="DECLARED_SPEED",
    show_envvar=True,
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="How many times faster than the night was.",
)
@click.option("--max", "as_fast", is_flag=True, envvar="DECLARED_MAX", show_envvar=True, help="As fast as it goes.")
@click.option(
    "--before-polls-close",
    is_flag=True,
    envvar="DECLARED_BEFORE_POLLS_CLOSE",
    show_envvar=True,
    help="Confirm results that are timed before the polls close, in a rehearsal.",
)
def replay(night: Path, to: str, token: str, speed: float, *, as_fast: bool, before_polls_close: bool) -> None:
    """Post the recorded night NIGHT.jsonl through the API, with progress; can be stopped and run again."""
    from app.commands.replaying import as_recorded, at_once, replay_file

    with failing_clearly():
        replay_file(
            night,
            to=to,
            token=token,
            pace=at_once if as_fast else as_recorded(speed),
            stream=sys.stderr,
            before_polls_close=before_polls_close,
        )


@main.command()
@click.option(
    "--speed",
    envvar="DECLARED_SPEED",
    show_envvar=True,
    type=click.FloatRange(min=0, min_open=True),
    default=1.0,
    show_default=True,
    help="Multiplies the pace; at 1 the night takes about six minutes.",
)
@click.option(
    "--port",
    envvar="DECLARED_PORT",
    show_envvar=True,
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
def demo(speed: float, port: int) -> None:
    """Load the bundled night of 4 May 2023 in Kent, serve it, and replay it so that badges flip before your eyes."""
    from app.commands.demo import Demo

    with failing_clearly():
        Demo(speed=speed, port=port).run()


main.add_command(new)
main.add_command(check)
main.add_command(import_group)
main.add_command(rehearse)
main.add_command(user)
main.add_command(token)
main.add_command(hook)
main.add_command(forget_telephones)
main.add_command(restore)
main.add_command(results)
main.add_command(photo_group)
main.add_command(epoch)


@main.command()
@click.option("--url", envvar="DECLARED_URL", show_envvar=True, help="A server to compare with the database.")
@database_option
def verify(url: str | None, database_url: str) -> None:
    """Check the chains of log and audit, fold afresh, compare with what a server shows; exit 1 on any difference."""
    from app.commands.verifying import passed_over, verify_audit, verify_database, verify_server

    with failing_clearly(), Store.open(database_url) as store:
        for told in passed_over(store):
            click.echo(told)
        sound = _report(verify_database(store), "is whole and adds up")
        sound = _report_audit(*verify_audit(store)) and sound
        if url is not None:
            sound = _report(verify_server(store, url), f"is what {url} shows") and sound
    if not sound:
        sys.exit(1)


def _report(found: Iterator[tuple[str, int, list[str]]], sound: str) -> bool:
    """Tell what was found; whether all of it was sound."""
    any_fault = False
    for slug, entries, faults in found:
        for fault in faults:
            say(f"declared: {fault}")
        if not faults:
            click.echo(f"{slug}: the log of {entries:,} entries {sound}.")
        any_fault = any_fault or bool(faults)
    return not any_fault


def _report_audit(rows: int, faults: list[str]) -> bool:
    for fault in faults:
        say(f"declared: {fault}")
    if not faults:
        click.echo(f"The audit of {rows:,} rows is whole.")
    return not faults


@main.command("pass-over")
@click.argument("slug")
@click.argument("seq", type=click.IntRange(min=1))
@click.option(
    "--reason",
    required=True,
    envvar="DECLARED_REASON",
    show_envvar=True,
    metavar="TEXT",
    help="Why; everybody reads it in the log.",
)
@database_option
def pass_over(slug: str, seq: int, reason: str, database_url: str) -> None:
    """Leave entry SEQ of the election SLUG out of the night: one that cannot be read, and stops it.

    Nothing is changed or removed: the entry stays in the log, and a record beside it says that it is passed over, by
    whom and why. Running servers go on by themselves. An entry that can be read is corrected or withdrawn instead.
    """
    from app.store import audit, passing

    said = " ".join(reason.split())
    if not said:
        raise click.UsageError("Give a --reason in words.")
    with opened(database_url) as store, store.writing() as connection:
        wrong = passing.pass_over(connection, slug, seq, by=audit.at_the_command_line(), reason=said)
    say(f"Entry {seq} of “{slug}” is passed over from now on ({wrong}).")


DATA_PACKAGE = "datapackage"
"""The form that is a folder of files."""

_HOLDS = "; ".join([*(f"{name}: {form.holds}" for name, form in FORMS.items()), f"{DATA_PACKAGE}: tables to cite"])


@main.command()
@click.argument("slug")
@click.option(
    "--format",
    "form",
    type=click.Choice([*FORMS, DATA_PACKAGE]),
    default="csv",
    show_default=True,
    envvar="DECLARED_FORMAT",
    show_envvar=True,
    help=f"{_HOLDS}.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    envvar="DECLARED_OUTPUT",
    show_envvar=True,
    help="The folder to write to.  [default: here]",
)
@click.option("--rehearsal", is_flag=True, envvar="DECLARED_REHEARSAL", show_envvar=True, help="Mark it as a TEST.")
@database_option
def export(slug: str, form: str, output: Path, database_url: str, *, rehearsal: bool) -> None:
    """Write everything declared of the election SLUG; prints the file's name."""
    with opened(database_url) as store, store.reading() as connection:
        night, epoch = folded(connection, slug), log.head(connection, slug).epoch
        newest = log.entry(connection, slug, night.seq)
        moment = (night.seq, newest.entry.at if newest is not None else None)
        rehearsal = rehearsal or audit.is_of_exercise(connection)
        of = ExportOf(night, epoch, night.election.chosen_convention(None), moment, rehearsal=rehearsal)
        if form == DATA_PACKAGE:
            file = write_data_package(of, output / f"{slug}-{DATA_PACKAGE}")
        else:
            output.mkdir(parents=True, exist_ok=True)
            file = output / f"{slug}{FORMS[form].ending}"
            file.write_text(FORMS[form].make(of).whole(night), encoding="utf-8", newline="")
    click.echo(str(file))


@main.command()
@click.argument("slug")
@click.option(
    "--to",
    envvar="DECLARED_PUBLISH_TO",
    show_envvar=True,
    required=True,
    metavar="DIR|URL",
    help="A folder, file://…, or a bucket such as s3://bucket/prefix.",
)
@click.option("--follow", is_flag=True, envvar="DECLARED_FOLLOW", show_envvar=True, help="Keep it current.")
@click.option(
    "--public-url",
    envvar="DECLARED_PUBLIC_URL",
    show_envvar=True,
    type=Read(origin),
    default="",
    help="The address it will be read at: shared pages name their pictures by it.",
)
@click.option(
    "--poll-seconds",
    type=click.FloatRange(min=0.05),
    envvar="DECLARED_POLL_SECONDS",
    show_envvar=True,
    default=0.5,
    show_default=True,
    help="Seconds between looks at the log.",
)
@click.option("--rehearsal", is_flag=True, envvar="DECLARED_REHEARSAL", show_envvar=True, help="Mark it as a TEST.")
@database_option
def publish(slug: str, to: str, database_url: str, *, follow: bool, **given: Any) -> None:
    """Write the election SLUG as files for a web server or a CDN, and with --follow what changes, until Ctrl-C."""
    from app.publishing.command import publish as publish_to

    how = {"address": given["public_url"], "rehearsal": given["rehearsal"], "poll_seconds": given["poll_seconds"]}
    with opened(database_url) as store:
        with store.reading() as connection:
            how["rehearsal"] = how["rehearsal"] or audit.is_of_exercise(connection)
        publish_to(store, slug, to, follow=follow, how=how, say=say)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@photos_option
@database_option
def backup(file: Path, folder: str, database_url: str) -> None:
    """Copy the live database, consistently, into FILE, and the photos of sheets into the folder FILE.photos."""
    with failing_clearly(), Store.open(database_url) as store:
        back_up(store, file)
        back_up_photos(store, folder, file)
        _note_backup(store, file)
    say(f"{file} holds a consistent copy; serve it with --database sqlite:///{file}, or `declared restore` it.")


def _note_backup(store: Store, file: Path) -> None:
    """Who copied everything there is; a database that cannot be written now can be copied all the same."""
    details = {"file": str(file.absolute())}
    try:
        with store.writing() as connection:
            audit.record(connection, audit.Kind.BACKED_UP, audit.at_the_command_line(), details=details)
    except StoreError as error:
        say(f"The copy is made, and the audit does not say so: {error}")
