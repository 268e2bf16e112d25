"""The form of a result as values: its fields, what was typed into them, and for whom it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.errors import Finding
from app.domain.second_check import Disputed, Keyed
from app.pages.addresses import element_id

TypedForm = Mapping[str, Sequence[str]]
"""The fields of a form by name, with their values as typed."""


class FormStage(StrEnum):
    """Where a subject is for the person who looks at it."""

    OPEN = "open"
    MINE = "mine"
    """This person keyed it; it waits for another."""
    CHECK = "check"
    """Another keyed it, and this person may check it."""
    THEIRS = "theirs"
    """Another keyed it, and this person may not."""
    DISPUTED = "disputed"
    """This person is one of the two who differ."""
    SEEN = "seen"
    """This person has seen what others keyed, or in how much theirs is otherwise: nothing they key is a check of it."""
    HELD = "held"
    """What somebody has declared of it is held back: nobody keys it meanwhile."""
    DECLARED = "declared"
    NO_POLL = "no-poll"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: what was typed, and whether the other person has it differently.

    ``error`` is what is wrong with it, ``asked`` what has to be confirmed.
    """

    name: str
    value: str = ""
    error: str = ""
    asked: str = ""
    differs: bool = False

    @property
    def element(self) -> str:
        return element_id("field", self.name)


@dataclass(frozen=True, slots=True)
class FormAsked:
    """How a person comes to the form."""

    person: str
    checks: bool
    edits: bool
    mode: str = ""
    """``seats`` where seats by party are wanted although candidates are known."""
    replaces: int | None = None
    """The entry that is to be corrected."""
    has_seen: bool = False
    """Whether they have seen what others keyed of it, or in how much theirs is otherwise."""
    held_by: str = ""
    """Who has declared what is held back of it; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The form as it is shown: its fields, with findings and differences at those they are about."""

    form: TypedForm = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    differing: frozenset[str] = frozenset()
    clears: bool = True
    """What differs from the other's is left empty: until it is keyed again."""

    def field(self, name: str) -> Field:
        found = [finding for finding in self.findings if finding.field == name]
        asked = " ".join(finding.detail for finding in found if finding.code.startswith("W"))
        error = " ".join(finding.detail for finding in found if not finding.code.startswith("W"))
        return Field(name, self.value(name), error, asked, name in self.differing)

    def value(self, name: str) -> str:
        """What was typed; nothing where the other person typed something else."""
        values = self.form.get(name, ())
        return "" if not values or (self.clears and name in self.differing) else values[-1]


def form_stage_of(keyed: Keyed | None, asked: FormAsked, *, is_declared: bool, has_poll: bool) -> FormStage:
    """Where a subject, or the correction of it that is asked for, is for who asks.

    An uncontested ward without nominations on file is given as seats.
    """
    if asked.replaces is None and (is_declared or not has_poll):
        return FormStage.DECLARED if is_declared else FormStage.NO_POLL
    if asked.held_by:
        return FormStage.HELD
    if asked.has_seen:
        return FormStage.SEEN
    if keyed is None:
        return FormStage.OPEN
    if keyed.of(asked.person) is not None:
        return FormStage.DISPUTED if isinstance(keyed, Disputed) else FormStage.MINE
    return FormStage.CHECK if asked.checks else FormStage.THEIRS
