"""``declared rehearse``: a night to practise on, with TEST on everything, and how the desk did."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import click

from app.bundles.reading import Bundle
from app.commands.counting import Count
from app.commands.rehearse import Ends, Newcomer
from app.commands.robots import Robot
from app.commands.shared import say
from app.domain.election import Election
from app.exercise.evidence import evidence_of
from app.exercise.folder import ExerciseFolder
from app.exercise.planning import Wishes, moved, planned
from app.exercise.running import Exercise
from app.exercise.telling import MISHAPS, as_csv, as_json, lines
from app.process.failures import CommandFailed
from app.serving.server import Server
from app.settings import Settings
from app.store import audit, loading, people, staff, tokens
from app.store.engine import Store

TAKEN = "exercise"
"""The name of a page of the desk: here no election can have it."""

ROBOTS_LEDGER = "robots.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """One run of the command."""

    folder: ExerciseFolder
    people: Sequence[Newcomer]
    settings: Settings
    slips: float
    ends: Ends
    report: Path | None
    robots: dict[str, str] = field(default_factory=dict)
    """Their passwords, by name."""

    def run(self) -> None:
        """Serve until Ctrl-C, SIGTERM or its end, and tell how the desk did. Raises CommandFailed."""
        exercise = Exercise.of(self.folder)
        with Store.open(self.folder.database_url) as store:
            _refuse_real(store, self.folder)
            token = self._prepare(store, exercise)
            _say_plan(exercise)
            server = Server(
                self.settings, on_ready=lambda url: self._begin(server, store, exercise, url, token), exercise=exercise
            )
            server.run()
            if not server.started:
                raise CommandFailed("The server did not start.")
            self._tell(store, exercise)

    def _prepare(self, store: Store, exercise: Exercise) -> str:
        """The people who are not there yet, new passwords for the robots, and a token for the count."""
        with store.reading() as connection:
            known = {account.name for account in staff.staff(connection)}
        for person in self.people:
            if person.name in known and person.name not in self.robots:
                continue
            password = secrets.token_urlsafe(9)
            _give_account(store, person, password, is_known=person.name in known)
            if person.name in self.robots:
                self.robots[person.name] = password
            else:
                say(f"  {person.name} ({person.role.value}) signs in with {password}")
        with store.writing() as connection:
            by = audit.at_the_command_line()
            return people.give_token(connection, "count", tokens.Scope.DECLARE, by=by, slug=exercise.election.slug)

    def _begin(self, server: Server, store: Store, exercise: Exercise, url: str, token: str) -> None:
        exercise.go_on()
        say("")
        say(f"  What readers see  {url}elections/{exercise.election.slug}")
        say(f"  The desk          {url}desk")
        say(f"  The sheets        {url}desk/exercise")
        say(f"  How it goes       {url}desk/exercise/report")
        say("")
        say("Ctrl-C ends it and tells how the desk did.")

        def stop() -> None:
            server.should_exit = True

        until = _next_time(self.ends.at, exercise.election) if self.ends.at else None
        Count(
            exercise,
            store,
            url,
            token,
            say,
            is_over=lambda: server.should_exit,
            stop=stop,
            until_done=self.ends.when_done,
            until=until,
        ).begin()
        for number, (name, password) in enumerate(self.robots.items()):
            random = Random(f"{self.folder.wishes().seed} {number}")  # noqa: S311  # slips, and no secret
            ledger = self.folder.path / ROBOTS_LEDGER
            Robot(name, password, self.slips, random, ledger, lambda: server.should_exit).begin(url)

    def _tell(self, store: Store, exercise: Exercise) -> None:
        with store.reading() as connection:
            evidence = evidence_of(connection, exercise.election.slug)
            names = [account.name for account in staff.staff(connection)]
        report = exercise.report(evidence, names)
        for line in lines(exercise.election, report):
            click.echo(line)
        if self.report is not None:
            form = as_csv if self.report.suffix.lower() == ".csv" else as_json
            self.report.write_text(form(exercise.election, report), encoding="utf-8")
            say(f"{self.report} has the report.")
        say(f"It goes on with: declared rehearse --into {self.folder.path}")


def begin_exercise(folder: ExerciseFolder, bundle: Bundle, source: Path, wishes: Wishes) -> None:
    """A folder with an exercise of ``bundle``: its database, and its files. Raises CommandFailed and StoreError."""
    plan = planned(bundle.election, bundle.night or (), wishes)
    if not plan.sheets:
        raise CommandFailed(f"{source} has no ward with a poll: there is nothing to key.")
    if bundle.election.slug == TAKEN:
        raise CommandFailed(f"The election is called “{TAKEN}”, as the desk’s page is: give it another slug.")
    folder.make(source)
    election, by = moved(bundle.election, plan, datetime.now(UTC)), audit.at_the_command_line()
    with Store.open(folder.database_url) as store:
        store.migrate()
        with store.writing() as connection:
            loading.save_election(connection, election, bundle.digest)
            audit.record(connection, audit.Kind.EXERCISE_BEGUN, by, slug=election.slug, details={"seed": wishes.seed})
    folder.begin(wishes, str(source.resolve()))


def _refuse_real(store: Store, folder: ExerciseFolder) -> None:
    with store.reading() as connection:
        if not audit.is_of_exercise(connection):
            raise CommandFailed(f"{folder.database_url} was not made for an exercise: nothing is tried in it.")


def _give_account(store: Store, person: Newcomer, password: str, *, is_known: bool) -> None:
    hashed, by = staff.hashed_password(password), audit.at_the_command_line()
    with store.writing() as connection:
        if is_known:
            people.change_password(connection, person.name, hashed, by=by, now=datetime.now(UTC))
        else:
            people.add_account(connection, person.name, person.role, hashed, by=by)


def _say_plan(exercise: Exercise) -> None:
    plan = exercise.plan
    planted = sum(sheet.mishap is not None for sheet in plan.sheets)
    minutes = plan.sheets[-1].due / 60
    say(f"{len(plan.sheets)} sheets in about {minutes:.0f} minutes; something is wrong with {planted} of them.")
    for mishap in plan.unplanted:
        say(f"There is no place here for: {MISHAPS[mishap]}.")


def _next_time(written: str, election: Election) -> float:
    """When it is next that time of day where the election is, in seconds since the epoch."""
    now = datetime.now(election.zone)
    hour, _, minute = written.partition(":")
    at = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    return (at if at > now else at + timedelta(days=1)).timestamp()
