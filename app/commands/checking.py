"""``declared check``: everything that can be said of a bundle, at once, as text and as a page that stands alone."""

import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from markupsafe import Markup

from app.bundles.survey import BundleSurvey, CouncilSums, survey_of
from app.commands.shared import failing_clearly, say
from app.pages.environment import make_environment, render
from app.process.folders import STATIC
from app.wording.figures import NO_FIGURE, plural
from app.wording.sentences import sentence

MOST_FAULTS = 1_000
"""That are told one by one: after so many it is a file of something else."""

STYLES = ("tokens.css", "base.css", "survey/survey.css")

NAME_WIDTH = 32


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="DECLARED_HTML",
    show_envvar=True,
    metavar="FILE",
    help="Write the same as one page that needs no server, to be sent, printed and kept.",
)
def check(folder: Path, page: Path | None) -> None:
    """Look at the election bundle DIR, and say everything at once: errors, what to look at, what is missing, sums.

    No database is needed, and nothing is loaded. Ends with 1 where there is an error, so that it could not be loaded.
    """
    with failing_clearly():
        survey = survey_of(folder, tell=say)
        click.echo("\n".join(text_of(survey)))
        if page is not None:
            page.write_text(html_of(survey), encoding="utf-8")
            say(f"{page} says the same.")
    if not survey.can_be_loaded:
        sys.exit(1)


@dataclass(frozen=True, slots=True)
class SurveySection:
    """A list of the survey: its heading, what it is about, and its lines, of ``count`` there are."""

    key: str
    heading: str
    about: str
    lines: Sequence[str]
    count: int


def sections(survey: BundleSurvey) -> list[SurveySection]:
    """The lists, in the order in which one goes through them."""
    shown, count = [str(fault) for fault in survey.faults[:MOST_FAULTS]], len(survey.faults)
    if count > MOST_FAULTS:
        shown.append(f"… and {count - MOST_FAULTS:,} more")
    about = {
        "errors": "It cannot be loaded until these are put right.",
        "look": "None of it is refused, and most is a slip that would be on every screen.",
        "missing": "It may be left out; this is what nobody will be told without it.",
    }
    return [
        SurveySection("errors", "Errors", about["errors"], shown, count),
        SurveySection("look", "Look at these", about["look"], survey.remarks, len(survey.remarks)),
        SurveySection("missing", "Missing", about["missing"], survey.gaps, len(survey.gaps)),
    ]


def verdict(survey: BundleSurvey) -> str:
    """Whether it can be loaded, and by which command."""
    if not survey.can_be_loaded:
        return f"It cannot be loaded: {plural(len(survey.faults), 'error')}."
    asks = f" Look at {plural(len(survey.remarks), 'line')} first." if survey.remarks else ""
    return f"It can be loaded: declared load {shlex.quote(str(survey.folder))}.{asks}"


def title(survey: BundleSurvey) -> str:
    """What the bundle calls itself, as far as that can be read."""
    head = survey.head
    return f"{head.name} ({head.slug})" if head is not None and head.name else survey.folder.name


def text_of(survey: BundleSurvey) -> Iterator[str]:
    """The survey as lines of text."""
    yield f"{title(survey)}, in {survey.folder}"
    for file, rows in survey.counts.items():
        yield f"  {file:<16} {rows:>7,}"
    for section in sections(survey):
        yield f"{section.heading} ({section.count:,}):" if section.count else f"{section.heading}: nothing."
        yield from (f"  {line}" for line in section.lines)
    yield from _table(survey)
    yield verdict(survey)


def _table(survey: BundleSurvey) -> Iterator[str]:
    if not survey.councils:
        return
    heads = _heads(survey)
    widths = [max(len(head), 6) for head in heads]

    def row(name: str, cells: Sequence[str]) -> str:
        padded = [f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)]
        return "  ".join(["", f"{name[:NAME_WIDTH]:<{NAME_WIDTH}}", *padded])

    yield f"{sentence(survey.words.bodies)} ({len(survey.councils):,}):"
    yield row("", heads)
    for council in survey.councils:
        yield row(council.name, _cells(survey, council)) + ("" if council.adds_up else "  does not add up")
    yield row("All", _totals(survey))


def _heads(survey: BundleSurvey) -> list[str]:
    return ["total", "stay", "up", "vacant", survey.words.contests, "no poll", "stand", *survey.bases, "errors"]


def _figures(survey: BundleSurvey, council: CouncilSums) -> list[int | None]:
    return [
        *(council.total, council.continuing, council.up, council.vacant),
        *(council.contests, council.without_poll, council.candidacies),
        *(council.bases.get(basis) for basis in survey.bases),
        council.faults,
    ]


def _cells(survey: BundleSurvey, council: CouncilSums) -> list[str]:
    figures = _figures(survey, council)
    return [NO_FIGURE if figure is None else f"{figure:,}".replace("-", "−") for figure in figures]


def _totals(survey: BundleSurvey) -> list[str]:
    columns = zip(*(_figures(survey, council) for council in survey.councils), strict=True)
    return [f"{sum(figure or 0 for figure in column):,}" for column in columns]


def html_of(survey: BundleSurvey) -> str:
    """The survey as one page, its styles within it."""
    # Ours, and no text of the bundle: it stands as it is.
    styles = Markup("\n".join((STATIC / "css" / file).read_text("utf-8") for file in STYLES))  # noqa: S704
    values = {
        "survey": survey,
        "title": title(survey),
        "verdict": verdict(survey),
        "sections": sections(survey),
        "faults": survey.faults[:MOST_FAULTS],
        "words": survey.words,
        "heads": _heads(survey),
        "totals": _totals(survey),
        "styles": styles,
        "rows": [(council, _cells(survey, council)) for council in survey.councils],
    }
    return f"{render(make_environment(), 'survey/page.html', values)}\n"
