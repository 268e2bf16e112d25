"""The options of ``declared rehearse``."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from app.bundles.reading import read_bundle
from app.commands.shared import failing_clearly, say
from app.exercise.folder import ExerciseFolder
from app.exercise.planning import Wishes
from app.exercise.running import Exercise
from app.process.failures import CommandFailed
from app.process.folders import ELECTIONS
from app.settings import Settings
from app.store.staff import Role

DEFAULT_PEOPLE = "keyer:keyer,checker:checker,editor:editor"

ROBOTS_DO = (Role.KEYER, Role.CHECKER, Role.EDITOR, Role.KEYER, Role.CHECKER)
"""What the first, the second … robot is; then from the beginning."""

ROLES = (Role.KEYER, Role.CHECKER, Role.EDITOR)
"""Who is handed sheets. Reporters are at the counts, which are made up here."""

MOST_ROBOTS = 20


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who gets an account."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Ends:
    """When an exercise ends by itself: at a time of day, once all is done, or not at all."""

    at: str = ""
    when_done: bool = False


F = TypeVar("F", bound=Callable[..., Any])


class People(click.ParamType[tuple[Newcomer, ...]]):
    """``Ann:keyer,Bob:checker``."""

    name = "people"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Newcomer, ...]:
        found = []
        for part in str(value).split(","):
            name, _, role = part.strip().rpartition(":")
            if not name.strip() or role.strip() not in ROLES:
                roles = ", ".join(ROLES)
                self.fail(f"“{part.strip()}” is nobody: write NAME:ROLE, the role one of {roles}.", param, ctx)
            found.append(Newcomer(name.strip(), Role(role.strip())))
        if len({one.name.casefold() for one in found}) != len(found):
            self.fail("Somebody is named twice.", param, ctx)
        return tuple(found)


class Until(click.ParamType[Ends]):
    """``23:30``, or ``done``."""

    name = "until"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Ends:
        if value == "done":
            return Ends(when_done=True)
        if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", str(value)):
            self.fail(f"“{value}” is neither a time of day such as 23:30 nor done.", param, ctx)
        return Ends(at=str(value))


def _folder_option(name: str, words: str) -> Callable[[F], F]:
    path, variable = click.Path(file_okay=False, path_type=Path), f"DECLARED_{name.removeprefix('--').upper()}"
    return click.option(name, type=path, metavar="DIR", envvar=variable, show_envvar=True, help=words)


@click.command()
@click.argument("bundle", required=False, type=click.Path(path_type=Path))
@_folder_option("--into", "The exercise’s own folder; one that is begun goes on.  [default: a new one]")
@click.option(
    "--people",
    type=People(),
    envvar="DECLARED_PEOPLE",
    show_envvar=True,
    help=f"Who takes part, as NAME:ROLE,NAME:ROLE.  [default: {DEFAULT_PEOPLE}]",
)
@click.option(
    "--speed",
    type=click.FloatRange(min=0.1, max=100_000),
    envvar="DECLARED_SPEED",
    show_envvar=True,
    default=12.0,
    show_default=True,
    help="How many times faster than the night was.",
)
@click.option(
    "--wards",
    type=click.IntRange(min=0),
    envvar="DECLARED_WARDS",
    show_envvar=True,
    default=0,
    show_default=True,
    help="How many wards to draw from the night; 0: all.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    envvar="DECLARED_SEED",
    show_envvar=True,
    help="Which mishaps, and where; the same seed gives the same night.  [default: any]",
)
@click.option(
    "--robots",
    type=click.IntRange(0, MOST_ROBOTS),
    envvar="DECLARED_ROBOTS",
    show_envvar=True,
    default=0,
    show_default=True,
    help="Robots that take part as well.",
)
@click.option(
    "--slips",
    type=click.FloatRange(0, 100),
    envvar="DECLARED_SLIPS",
    show_envvar=True,
    default=5.0,
    show_default=True,
    help="In how many per cent of their sheets robots make a slip.",
)
@click.option(
    "--until",
    type=Until(),
    envvar="DECLARED_UNTIL",
    show_envvar=True,
    help="End at a time of day such as 23:30, or with done once everything is declared.  [default: Ctrl-C]",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    envvar="DECLARED_REPORT",
    show_envvar=True,
    help="Write the report there too: .json or .csv.",
)
@_folder_option("--sheets", "Write the sheets there too, to print.")
@click.option(
    "--host", envvar="DECLARED_HOST", show_envvar=True, default="127.0.0.1", show_default=True, help="Where to listen."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    envvar="DECLARED_PORT",
    show_envvar=True,
    default=8000,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
def rehearse(bundle: Path | None, **given: Any) -> None:
    """Practise a night: BUNDLE is a folder, or the name of a bundled one such as kent-2023.

    Sheets come in as from the counts, some of them wrong. The desk keys them on a server of its own, where everything
    says TEST. At the end it is told how fast and how right the desk was, by person.
    """
    from app.commands.papers import write_papers
    from app.commands.rehearsing import Rehearsal

    report: Path | None = given["report"]
    if report is not None and report.suffix.lower() not in {".json", ".csv"}:
        raise click.UsageError("--report: name a file that ends in .json or .csv.")
    with failing_clearly():
        goes_on = given["into"] is not None and ExerciseFolder(given["into"]).is_begun
        folder = _folder(bundle, given)
        robots = [Newcomer(f"Robot {it + 1}", ROBOTS_DO[it % len(ROBOTS_DO)]) for it in range(given["robots"])]
        if given["sheets"] is not None:
            write_papers(Exercise.of(folder), given["sheets"])
            say(f"{given['sheets']} has the sheets.")
        Rehearsal(
            folder=folder,
            people=[*_people(given["people"], goes_on=goes_on), *robots],
            settings=Settings(database_url=folder.database_url, host=given["host"], port=given["port"], rehearsal=True),
            slips=given["slips"] / 100,
            ends=given["until"] or Ends(),
            report=report,
            robots=dict.fromkeys((robot.name for robot in robots), ""),
        ).run()


def _people(named: tuple[Newcomer, ...] | None, *, goes_on: bool) -> tuple[Newcomer, ...]:
    """Who gets an account: at first somebody who can correct and read the report, whoever else is named."""
    if goes_on:
        return named or ()
    people: tuple[Newcomer, ...] = named or People().convert(DEFAULT_PEOPLE, None, None)
    has_editor = any(person.role is Role.EDITOR for person in people)
    return people if has_editor else (*people, Newcomer("editor", Role.EDITOR))


def _folder(bundle: Path | None, given: dict[str, Any]) -> ExerciseFolder:
    """The folder of an exercise, begun now or before. Raises BundleError and CommandFailed."""
    from app.commands.rehearsing import begin_exercise

    into: Path | None = given["into"]
    source = bundle if bundle is None or bundle.exists() or not (ELECTIONS / bundle).is_dir() else ELECTIONS / bundle
    if into is not None and ExerciseFolder(into).is_begun:
        if source is not None:
            ExerciseFolder(into).refuse_other(str(source.resolve()))
        say(f"Going on with the exercise in {into}.")
        return ExerciseFolder(into)
    if source is None:
        raise CommandFailed("Name a bundle to begin with, such as kent-2023, or with --into an exercise to go on with.")
    read = read_bundle(source)
    seed = given["seed"] if given["seed"] is not None else secrets.randbelow(1_000_000)
    folder = ExerciseFolder(into or Path(f"exercise-{read.election.slug}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"))
    say(f"Preparing {source.name} in {folder.path}, seed {seed} …")
    begin_exercise(folder, read, source, Wishes(seed=seed, speed=given["speed"], wards=given["wards"]))
    return folder
