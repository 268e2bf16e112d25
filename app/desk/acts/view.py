"""What editors do beside declaring: withdraw, tell a status, write a note. Each with its consequences beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment

from app.desk.board.view import desk_url
from app.desk.entry.consequences import Consequences
from app.desk.entry.view import Field, Figure, Filled, Review
from app.domain.errors import Finding
from app.domain.night import Night
from app.pages.environment import render


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things that can be done; what it would do, or why it cannot be done."""

    value: str
    label: str
    consequences: Consequences | None = None
    refused: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """A form of one line of words and perhaps a choice: ``words`` is the field's name, ``label`` what it asks for."""

    heading: str
    intro: str
    words: str
    label: str
    submit: str
    back: str
    required: bool = True
    choices: tuple[Choice, ...] = ()
    figures: tuple[Figure, ...] = ()
    """What stands, where that is taken back."""
    grave: bool = False


def act_page(
    environment: Environment,
    night: Night,
    act: Act,
    *,
    filled: Filled,
    review: Review | None,
    conflict: str = "",
    **desk: Any,
) -> str:
    """The page of an act; ``conflict`` says what another editor did meanwhile."""
    values = {
        "election": night.election,
        "desk_url": desk_url(night.election),
        "act": act,
        "field": words_field(act, filled),
        "filled": filled,
        "review": review,
        "conflict": conflict,
        **desk,
    }
    return render(environment, "desk/acts/act.html", values)


def words_field(act: Act, filled: Filled) -> Field:
    """The field of its words."""
    return filled.field(act.words)


def general(findings: Sequence[Finding], *names: str) -> list[Finding]:
    """The findings that are about none of the fields ``names``."""
    return [finding for finding in findings if finding.field not in names]
