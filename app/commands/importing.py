"""``declared import``: bundles and nights made of files that others publish."""

import shlex
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from app.bundles.tables import SLUG
from app.commands.shared import failing_clearly, say
from app.wording.figures import listed, plural

if TYPE_CHECKING:
    from app.imports.last import LastTime
    from app.imports.making import ImportMade
    from app.imports.parties import PartyNames
    from app.imports.polls import PollSource

F = TypeVar("F", bound=Callable[..., Any])

NAMED = 5
"""Of what is left out for one reason; the others are counted."""

files_argument = click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))


def _slug(context: click.Context, parameter: click.Parameter, value: str) -> str:  # noqa: ARG001  # as click asks
    if not SLUG.pattern.fullmatch(value):
        raise click.BadParameter(f"“{value}” is not made of {SLUG.words}: {SLUG.remedy}.")
    return value


def import_options(command: F) -> F:
    """The options that all kinds of files have."""
    options = (
        click.option(
            "--slug",
            required=True,
            callback=_slug,
            envvar="DECLARED_SLUG",
            show_envvar=True,
            help="The election's name in addresses, such as local-2027.",
        ),
        click.option(
            "--into",
            "folder",
            type=click.Path(path_type=Path),
            metavar="DIR",
            envvar="DECLARED_INTO",
            show_envvar=True,
            help="The bundle's folder.  [default: one with the name of the slug, here]",
        ),
        click.option(
            "--last",
            type=click.Path(path_type=Path),
            metavar="BUNDLE",
            envvar="DECLARED_LAST",
            show_envvar=True,
            help="Last time's bundle, for all seats, who won each ward, who controlled, and the history.",
        ),
        click.option(
            "--title",
            default="",
            metavar="TEXT",
            envvar="DECLARED_TITLE",
            show_envvar=True,
            help="The election's name.",
        ),
        click.option(
            "--date",
            "day",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="DAY",
            envvar="DECLARED_DATE",
            show_envvar=True,
            help="The polling day, where a file has several or none: 2027-05-06.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group("import")
def import_group() -> None:
    """Make an election bundle of files that others publish; their results become a night to replay.

    What such files do not say is asked for in the folder DIR/asked. Fill that in and run the same command again: it
    never writes over what you filled in.
    """


@import_group.command("democracy-club")
@files_argument
@import_options
def import_democracy_club(files: tuple[Path, ...], **given: Any) -> None:
    """Import Democracy Club's export of candidates, with results where it has them."""
    from app.imports.democracy_club import read_democracy_club

    _import(lambda _: read_democracy_club(files), **given)


@import_group.command("moderngov")
@files_argument
@import_options
def import_moderngov(files: tuple[Path, ...], **given: Any) -> None:
    """Import ModernGov's election results: XML, a file an election, each named after its council: bradford.xml.

    A council's site answers it at /mgWebService.asmx/GetElectionResults?lElectionId=NUMBER. It does not say the polling
    day: give --date.
    """
    from app.imports.moderngov import read_moderngov

    if given["day"] is None:
        raise click.UsageError("ModernGov’s files do not say the polling day: give it with --date.")
    _import(lambda last: read_moderngov(files, given["day"].date(), _party_names(last)), **given)


@import_group.command("lga")
@files_argument
@import_options
def import_lga(files: tuple[Path, ...], **given: Any) -> None:
    """Import election results in the Local Government Association's schema, a CSV."""
    from app.imports.lga import read_lga

    _import(lambda last: read_lga(files, _party_names(last)), **given)


def _party_names(last: "LastTime | None") -> "PartyNames":
    from app.imports.parties import PartyNames

    return PartyNames(last.election.parties.values() if last else ())


def _import(
    read: "Callable[[LastTime | None], PollSource]",
    *,
    slug: str,
    folder: Path | None,
    last: Path | None,
    title: str,
    day: datetime | None,
) -> None:
    from app.imports.last import read_last
    from app.imports.making import Wanted, make

    with failing_clearly():
        last_time = read_last(last) if last else None
        source = read(last_time)
        wanted = Wanted(slug, folder or Path(slug), " ".join(title.split()), day.date() if day else None)
        made = make(source, wanted, last_time)
    for line in (*_what_was_made(made, wanted.folder), *_left_out(source), *_asked_for(made, wanted.folder)):
        say(line)


def _what_was_made(made: "ImportMade", folder: Path) -> Iterator[str]:
    election = made.bundle.election
    candidacies = sum(len(contest.candidacies) for contest in election.contests.values())
    numbers = [
        plural(len(election.councils), "council"),
        plural(len(election.contests), "contest"),
        plural(candidacies, "candidacy", "candidacies"),
        plural(len(made.night), "result"),
    ]
    yield f"{election.name} ({election.slug}): {listed(numbers)}, in {folder}."
    yield from made.remarks


def _left_out(source: "PollSource") -> Iterator[str]:
    for reason, identifiers in source.left_out.items():
        more = f" and {len(identifiers) - NAMED:,} more" if len(identifiers) > NAMED else ""
        yield f"Left out, {reason}: {', '.join(identifiers[:NAMED])}{more}."


def _asked_for(made: "ImportMade", folder: Path) -> Iterator[str]:
    from app.imports.asked import FOLDER
    from app.imports.missing import missing

    asked = list(missing(made.merged))
    if asked:
        yield f"Not known, and asked for in {folder / FOLDER}; fill in what you can and run this again:"
        yield from (f"  {file:<13} {what}" for file, what in asked)
    there = shlex.quote(str(folder))
    yield f"Next: declared load {there}"
    if made.night:
        yield f"      declared replay {shlex.quote(str(folder / 'night.jsonl'))} --to URL --token TOKEN --max"
