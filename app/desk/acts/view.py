"""What editors do beside declaring: withdraw, tell a status, write a note. Each with its consequences beside it."""

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment

from app.desk.addresses import desk_url
from app.desk.entry.consequences import Consequences
from app.desk.entry.form import Field, Filled
from app.desk.entry.told import ToldFigure
from app.desk.entry.view import Review
from app.desk.frame import DeskFrame
from app.domain.election import Election
from app.pages.environment import render


@dataclass(frozen=True, slots=True)
class PossibleAct:
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
    choices: tuple[PossibleAct, ...] = ()
    figures: tuple[ToldFigure, ...] = ()
    """What stands, where that is taken back."""
    grave: bool = False
    after: str = ""
    """Where everything that came after what is taken back is taken back as well; empty where nothing came."""
    of_result: bool = False
    """Whether it changes a result or a tally: what an editor does alone of those is marked."""
    to_check: str = ""
    """What the button says that has a second person confirm it, or confirms it as one; empty where one is enough."""
    asked_by: str = ""
    """Who has asked for it, where that waits."""
    given: str = ""
    """The reason that they gave, for another to confirm."""
    may_alone: bool = True
    together: str = ""
    """Where all of the kind that waits is confirmed together; empty where it is the only one."""


def places_of(act: Act) -> Mapping[str, str]:
    """The element of an act's form that has its words, by the field."""
    return {act.words: Field(act.words).element}


def act_page(
    environment: Environment, act: Act, frame: DeskFrame, *, filled: Filled, review: Review | None, conflict: str
) -> str:
    """The page of an act; ``conflict`` says what another editor did meanwhile."""
    values = {
        "frame": frame,
        "act": act,
        "field": filled.field(act.words),
        "filled": filled,
        "review": review,
        "places": places_of(act),
        "conflict": conflict,
    }
    return render(environment, "desk/acts/act.html", values)


def withdrawal_url(election: Election, seq: int) -> str:
    """Where the entry ``seq`` is taken back."""
    return f"{desk_url(election)}/entries/{seq}/withdraw"
