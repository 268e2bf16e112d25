"""The bodies that may be posted: strict JSON, strict models, and findings that say what to do.

The models say what a body looks like; what it may say is for ``domain/checks.py``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from app.domain.declarations import StatusValue
from app.domain.errors import Finding, Refused
from app.domain.letters import is_control
from app.domain.times import OF_OUR_AGE, read_time
from app.process.strict_json import strict_json
from app.wording import bodies as told

LARGEST_NUMBER = 100_000_000
"""More than the voters of any election: a number above it is a slip of the keyboard."""

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]


def _readable(text: str) -> str:
    if any(map(is_control, text)):
        raise ValueError(told.CONTROL_CHARACTERS)
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_readable)]
Remark = Annotated[str, StringConstraints(max_length=500), AfterValidator(_readable)]
Sequence_ = Annotated[int, Field(ge=1, le=2**53)]
Percentage = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


def _iso_time(text: str) -> str:
    if read_time(text, years=OF_OUR_AGE) is None:
        raise ValueError(told.NO_TIME)
    return text


Time = Annotated[str, StringConstraints(max_length=40), AfterValidator(_iso_time)]


class Body(BaseModel):
    """What every kind may carry. ``confirm`` names the warnings that the poster has seen."""

    model_config = ConfigDict(extra="forbid", strict=True)

    at: Time | None = None
    confirm: Annotated[list[Annotated[str, StringConstraints(pattern=r"^W[0-9]{2}$")]], Field(max_length=100)] = []

    @classmethod
    def between(cls, given: Mapping[str, Any]) -> Iterator[str]:  # noqa: ARG003  # of some kinds there is nothing to say
        """What is wrong between fields, whatever is wrong in each."""
        yield from ()


class WardBody(Body):
    """The result of one contest: votes of every candidacy, seats by party, or who is elected alone.

    Votes that are `null` were not published. `as_announced` says why figures that cannot be right are taken.
    """

    kind: Literal["ward"]
    ballot_id: Identifier
    votes: Annotated[dict[Identifier, Number | None], Field(max_length=500)] | None = None
    seats: Annotated[dict[Identifier, Number], Field(max_length=100)] | None = None
    elected: Annotated[list[Identifier], Field(max_length=100)] | None = None
    ballots: Number | None = None
    rejected: Number | None = None
    valid: Number | None = None
    total: Number | None = None
    turnout: Percentage | None = None
    source: Remark | None = None
    as_announced: Line | None = None

    @classmethod
    def between(cls, given: Mapping[str, Any]) -> Iterator[str]:
        has_votes, has_seats = (given.get(name) is not None for name in ("votes", "seats"))
        if has_votes == has_seats and (has_votes or not given.get("elected")):
            yield told.VOTES_OR_SEATS
        if given.get("total") is not None and given.get("votes") is None:
            yield told.TOTAL_OF_VOTES


class TallyBody(Body):
    """Seats of a whole council, the continuing ones included."""

    kind: Literal["tally"]
    council_id: Identifier
    seats: Annotated[dict[Identifier, Number], Field(max_length=100)]
    complete: bool
    vacant: Number | None = None
    source: Remark | None = None


PUTS_OFF = frozenset(status.value for status in StatusValue if status.puts_off_the_poll)


class StatusBody(Body):
    """Where a count is."""

    kind: Literal["status"]
    ballot_id: Identifier | None = None
    council_id: Identifier | None = None
    status: Literal["counting", "recount", "delayed", "countermanded", "postponed"]
    note: Remark | None = None

    @classmethod
    def between(cls, given: Mapping[str, Any]) -> Iterator[str]:
        if (given.get("ballot_id") is None) == (given.get("council_id") is None):
            yield told.BALLOT_OR_COUNCIL
        elif given.get("status") in PUTS_OFF and given.get("ballot_id") is None:
            yield told.put_off_for_one(given["status"])


class NoteBody(Body):
    """A line for the ticker."""

    kind: Literal["note"]
    council_id: Identifier | None = None
    text: Line


class WithdrawalBody(Body):
    """Cancels an entry, or all that was declared after one; ``since`` 0 is all there is."""

    kind: Literal["withdrawal"]
    replaces: Sequence_ | None = None
    since: Annotated[int, Field(ge=0, le=2**53)] | None = None
    reason: Line

    @classmethod
    def between(cls, given: Mapping[str, Any]) -> Iterator[str]:
        if (given.get("replaces") is None) == (given.get("since") is None):
            yield told.REPLACES_OR_SINCE


class CorrectionBody(Body):
    """Supersedes an entry: its other fields are those of what it replaces, restated; its id may be omitted."""

    model_config = ConfigDict(extra="allow", strict=True)

    kind: Literal["correction"]
    replaces: Sequence_
    reason: Line


BODIES: Mapping[str, type[Body]] = {
    "ward": WardBody,
    "tally": TallyBody,
    "correction": CorrectionBody,
    "withdrawal": WithdrawalBody,
    "status": StatusBody,
    "note": NoteBody,
}


def read_body(raw: bytes) -> tuple[dict[str, Any], frozenset[str]]:
    """A posted body without ``confirm``, and what is confirmed. Raises NotJson or Refused."""
    value = strict_json(raw)
    if not isinstance(value, dict):
        raise Refused([Finding("object", "", told.NOT_AN_OBJECT)])
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in BODIES:
        raise Refused([Finding("kind", "kind", told.no_kind(BODIES))])
    _checked(value, BODIES[kind])
    confirm = value.pop("confirm", [])
    stored = {name: _kept(name, field) for name, field in value.items() if field is not None}
    return stored, frozenset(confirm)


def _kept(name: str, field: Any) -> Any:
    """As it was checked: a line has no space around it."""
    return field.strip() if name in _LINES and isinstance(field, str) else field


def check_restated(body: Mapping[str, Any], about: str, subject: Mapping[str, str | None]) -> None:
    """Refuses a correction whose fields are not those of the kind ``about``; ``subject`` holds the ids it may omit."""
    ids = {name: identifier for name, identifier in subject.items() if identifier is not None}
    restated = {name: field for name, field in body.items() if name not in {"replaces", "reason"}}
    _checked({**ids, **restated, "kind": about}, BODIES[about])
    for name, identifier in subject.items():
        if body.get(name, identifier) != identifier:
            raise Refused([Finding("F14", name, told.moved(body["replaces"], identifier))])


def refuse_unreplaceable(about: str, seq: int) -> None:
    """Refuses to correct or withdraw the entry ``seq`` where it is about nothing that stands."""
    if about in told.UNREPLACEABLE:
        raise Refused([Finding("fields", "replaces", f"Entry {seq} {told.UNREPLACEABLE[about]}")])


def _checked(value: Mapping[str, Any], model: type[Body]) -> None:
    findings = [Finding("fields", "", detail) for detail in model.between(value)]
    try:
        model.model_validate(value)
    except ValidationError as error:
        findings = [*(_finding(fault) for fault in error.errors(include_url=False)), *findings]
    if findings:
        raise Refused(findings)


_LINES = frozenset({"reason", "text", "as_announced"})
_NUMBERS = frozenset({"votes", "seats", "ballots", "rejected", "valid", "total", "vacant", "turnout"})
_CODE_BY_TYPE = {"missing": "missing", "extra_forbidden": "unknown", "value_error": "fields"}


def _finding(fault: Mapping[str, Any]) -> Finding:
    """A pydantic fault in our words. Numbers that are not whole and at least 0 have a code of their own, F03."""
    path: Sequence[Any] = [part for part in fault["loc"] if part != "[key]"]
    field = ".".join(str(part) for part in path)
    if path and path[0] in _NUMBERS and fault["type"] not in _CODE_BY_TYPE:
        return Finding("F03", field, told.not_a_number(field, is_percentage=path[0] == "turnout"))
    details = {
        "missing": told.missing(field),
        "extra_forbidden": told.unknown(field),
        "value_error": str(fault["msg"]).removeprefix("Value error, ") + ".",
    }
    detail = details.get(fault["type"], told.invalid(field, fault["msg"]))
    return Finding(_CODE_BY_TYPE.get(fault["type"], "invalid"), field, detail)
