"""What was read of a pasted result, beside the names: nothing of it is in the form yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from jinja2 import Environment

from app.desk.addresses import desk_url, entry_url
from app.desk.entry.form import TypedForm
from app.desk.entry.typed import text
from app.desk.frame import DeskFrame
from app.domain.election import Contest, Election
from app.domain.subject import Subject
from app.domain.written import WrittenResult
from app.pages.environment import render
from app.wording import written
from app.wording.names import named_with_party


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A candidate, or another figure, with what was read and the line that it was read from; both may be empty."""

    name: str
    value: str = ""
    line: str = ""
    replaces: str = ""
    """What was typed in its field, where that is something else."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What was read: ``rows`` of the candidates, ``figures`` beside, what to look at, and every line that was not."""

    brief: str
    rows: tuple[ReadRow, ...]
    figures: tuple[ReadRow, ...]
    electorate: ReadRow | None
    """It is no field of the form."""
    doubts: tuple[str, ...]
    unread: tuple[ReadRow, ...]

    @property
    def is_empty(self) -> bool:
        return not self.figures and not any(row.value for row in self.rows)


def preview_of(
    election: Election, contest: Contest, result: WrittenResult, typed: TypedForm = MappingProxyType({})
) -> Preview:
    """``result`` in words, in the order of the ballot paper, beside what is ``typed`` already."""
    replaced = _replaced(result, typed)
    names, lines = named_with_party(election, contest), result.lines
    doubts = (written.electorate(contest, result), written.sum_of_votes(contest, result))
    return Preview(
        brief=written.read_in_brief(contest, result),
        rows=tuple(
            ReadRow(
                name,
                f"{result.votes[one]:,}" if one in result.votes else "",
                lines.get(one, ""),
                replaced.get(f"votes.{one}", ""),
            )
            for one, name in names.items()
        ),
        figures=tuple(
            ReadRow(label, _told(result.figures[name]), lines[name], replaced.get(name, ""))
            for name, label in written.FIGURES.items()
            if name in result.figures
        ),
        electorate=ReadRow("Electorate", f"{result.electorate:,}", lines["electorate"]) if result.electorate else None,
        doubts=tuple(filter(None, doubts)),
        unread=tuple(ReadRow(it.line, written.unread(election, contest, it)) for it in result.unread),
    )


def fields_of(result: WrittenResult) -> Mapping[str, str]:
    """What is put into the form, by its fields."""
    votes = {f"votes.{one}": f"{number:,}" for one, number in result.votes.items()}
    return votes | {name: _told(figure) for name, figure in result.figures.items()}


def _replaced(result: WrittenResult, typed: TypedForm) -> Mapping[str, str]:
    """What was typed and is another figure than the one that was read, by field."""
    told = {name: (text(typed, name), read) for name, read in fields_of(result).items()}
    return {name: was for name, (was, read) in told.items() if was and _bare(was) != _bare(read)}


def _bare(figure: str) -> str:
    return figure.replace(",", "").replace(" ", "").removesuffix("%")


def preview_panel(environment: Environment, preview: Preview) -> str:
    """What was read, by itself: the browser shows it over the form."""
    return environment.get_template("desk/paste/_preview.html").render(preview=preview).strip()


def paste_page(
    environment: Environment,
    election: Election,
    contest: Contest,
    frame: DeskFrame,
    *,
    pasted: str,
    preview: Preview | None,
) -> str:
    """The page to paste a text on, and to see what was read of it."""
    values: dict[str, Any] = {
        "frame": frame,
        "contest": contest,
        "council": election.council(contest.council_id),
        "desk_url": desk_url(election),
        "url": entry_url(election, Subject("ward", contest.ballot_id)),
        "text": pasted,
        "preview": preview,
    }
    return render(environment, "desk/paste/paste.html", values)


def _told(figure: str) -> str:
    return f"{int(figure):,}" if figure.isdecimal() else figure
