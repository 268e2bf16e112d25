"""``declared results``: a file of results, looked at by a running server and then posted to it ward by ward.

First everything is read and checked there, in the order of the file, and shown; nothing is declared while a row cannot
be used or a question is open, unless it is said to declare the rest. What stands already with the same figures is left
alone, so that the same file can be run as often as one likes.
"""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import click

from app.addresses import CSV_EXPORT
from app.bundles.exporting import as_csv
from app.commands.file_posting import FilePosting, waited_for
from app.commands.replaying import TargetServer, address, answered, client_of, slug_beside
from app.commands.shared import failing_clearly, say
from app.domain.contest import DECIDED
from app.process.failures import CommandFailed
from app.wording.figures import plural

TEMPLATE_COLUMNS = (
    *("council", "ward", "ballot_id", "candidacy_id", "candidate", "party", "votes", "elected"),
    *("ballots", "rejected", "turnout", "declared_at"),
)
TO_BE_FILLED_IN = ("votes", "elected", "ballots", "rejected", "turnout", "declared_at")


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to", envvar="DECLARED_TO", show_envvar=True, required=True, metavar="URL", help="The server.")
@click.option("--token", envvar="DECLARED_TOKEN", show_envvar=True, required=True, help="A declaring token.")
@click.option(
    "--council",
    envvar="DECLARED_COUNCIL",
    show_envvar=True,
    default="",
    metavar="ID",
    help="The only council that the file is of.",
)
@click.option(
    "--confirm",
    envvar="DECLARED_CONFIRM",
    show_envvar=True,
    default="",
    metavar="W07,…",
    help="Declare in spite of these warnings. On a terminal each is asked about.",
)
@click.option("--check", is_flag=True, envvar="DECLARED_CHECK", show_envvar=True, help="Only look: declare nothing.")
@click.option(
    "--partly",
    is_flag=True,
    envvar="DECLARED_PARTLY",
    show_envvar=True,
    help="Declare what is right and confirmed, though something else of the file is not.",
)
@click.option(
    "--template",
    is_flag=True,
    envvar="DECLARED_TEMPLATE",
    show_envvar=True,
    help="Write FILE, with a row for every candidate whose result is to come, to be filled in.",
)
def results(file: Path, to: str, token: str, council: str, **how: Any) -> None:
    """Declare the results in FILE (CSV, XLSX or ODS) on a running server, after all of them have been checked.

    Says line by line what would be declared, what is asked about and what is wrong. Nothing is declared while anything
    is wrong, unless --partly says so. Run again it declares nothing twice. Ends with 1 where something was left.
    """
    with failing_clearly():
        root, named = address(to)
        with client_of(root, token) as client:
            target = TargetServer(client, root)
            slug = named or slug_beside(file) or waited_for(target.only_election())
            if how["template"]:
                _write_template(target, slug, file, council)
                return
            posting = FilePosting(target, slug, file, council, codes_of(how["confirm"]), is_partly=how["partly"])
            is_done = posting.run(is_check=how["check"])
    if not is_done:
        sys.exit(1)


def codes_of(written: str) -> frozenset[str]:
    """The codes in ``W07,W13`` or ``W07 W13``; raises UsageError for anything that is none."""
    codes = written.replace(",", " ").upper().split()
    wrong = [code for code in codes if not (len(code) == 3 and code[0] == "W" and code[1:].isdecimal())]
    if wrong:
        raise click.UsageError(f"“{wrong[0]}” is no warning: write codes such as W07,W13.")
    return frozenset(codes)


# a file to be filled in


def _write_template(target: TargetServer, slug: str, file: Path, council: str) -> None:
    """Write ``file``: everybody who stands where the result is to come. Raises CommandFailed."""
    if file.suffix.lower() != ".csv":
        raise CommandFailed(f"--template writes a CSV file: give a name that ends in .csv, not {file.name}.")
    response = waited_for(target.ask("GET", CSV_EXPORT.to(slug=slug)))
    if response.status_code != 200:
        raise CommandFailed(f"{slug}: {answered(response)}")
    standing = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    rows = [
        row | dict.fromkeys(TO_BE_FILLED_IN, "")
        for row in standing
        if row["candidacy_id"] and row["state"] not in DECIDED and council in {"", row["council_id"]}
    ]
    if not rows:
        raise CommandFailed(f"No result is to come{f' of {council}' if council else ''}: there is nothing to fill in.")
    try:
        with file.open("x", encoding="utf-8", newline="") as written:
            written.write(as_csv(TEMPLATE_COLUMNS, rows, rehearsal=False))
    except FileExistsError:
        raise CommandFailed(f"{file} is there already: give another name, or move it away.") from None
    say(f"{file} has {plural(len(rows), 'row')} to be filled in.")
