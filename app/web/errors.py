"""What each domain error means over HTTP: one table, and one shape, ``application/problem+json``."""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from app.declaring.second_check import CannotBeKeyed, NotForACheck, NothingToCheck
from app.domain.errors import (
    Finding,
    Harmed,
    KeyReused,
    NotKnown,
    Refused,
    SeveralGroups,
    UnknownConvention,
    UnknownParty,
)
from app.domain.letters import legible
from app.domain.second_check import AwaitsAnother
from app.domain.superseding import Superseded
from app.pages.environment import CannotBeShown
from app.process.strict_json import NotJson
from app.store.errors import QueueFull, ReadOnly, StaffRefused, StoreUnavailable, UnreadableAnswer
from app.wording.refusals import refusal

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": PROBLEM}
    for status, description in {
        404: "Nothing is known by that name.",
        422: "A value cannot be used; `errors` says which and why.",
    }.items()
}


class Problem(Exception):
    """An answer that says what is wrong, and what to do."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[Finding] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        self.status = status
        self.detail = legible(detail)
        super().__init__(self.detail)
        self.errors = errors
        self.headers = dict(headers or {})
        self.members = members

    def body(self) -> dict[str, Any]:
        """RFC 9457, with the findings as ``errors``."""
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "errors": [{"field": it.field, "code": it.code, "detail": it.detail} for it in self.errors],
            **self.members,
        }

    def response(self) -> Response:
        text = json.dumps(self.body(), ensure_ascii=False)
        return Response(text, self.status, self.headers, media_type="application/problem+json")


PROBLEM_SCHEMA: Mapping[str, Any] = {
    "title": "Problem",
    "description": "What is wrong (RFC 9457): `detail` in a sentence, `errors` by field and code.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "minLength": 1},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
        "seq": {"type": "integer", "description": "With 409: the sequence of what stands."},
        "parties": {
            "type": "array",
            "description": "With 404: those that are called by the short name asked for.",
            "items": {
                "type": "object",
                "required": ["party_id", "name"],
                "properties": {name: {"type": "string"} for name in ("party_id", "name")},
            },
        },
    },
}
"""The shape of a problem, as JSON Schema has it."""


def problem_of(error: Exception) -> Problem | None:
    """The problem that ``error`` is to whoever asked; None for errors that are ours."""
    if isinstance(error, Problem):
        return error
    for kind, problem in TABLE:
        if isinstance(error, kind):
            return problem(error)
    return None


# Where the database is, and what it said, is for whoever runs the server, who was told; a commit may have been made and
# its answer lost, so nobody is told that nothing was declared.
OUT_OF_REACH = (
    "The database cannot be used just now, and it is not known whether this was declared. "
    "Post it again with the same Idempotency-Key: it is declared once."
)
MAY_ONLY_BE_READ = (
    "Nothing was declared, and nothing can be here: this server has a database that may only be read. "
    "Post to the one that declares."
)

# What is wrong is for whoever runs the server, who was told; nothing is written where it could not be shown.
CANNOT_BE_SHOWN = (
    "This cannot be shown or changed here just now; what is in the log is safe, and nothing was declared. "
    "It was noted and has to be put right here: try again later."
)


TABLE: tuple[tuple[type[Exception], Callable[[Any], Problem]], ...] = (
    (NotJson, lambda error: Problem(400, str(error))),
    (Harmed, lambda _error: Problem(503, CANNOT_BE_SHOWN, headers={"Retry-After": "30"})),
    (CannotBeShown, lambda _error: Problem(503, CANNOT_BE_SHOWN, headers={"Retry-After": "30"})),
    (SeveralGroups, lambda error: Problem(404, str(error), parties=_named(error.names))),
    (NotKnown, lambda error: Problem(404, str(error))),
    (AwaitsAnother, lambda error: Problem(409, str(error))),
    (NothingToCheck, lambda error: Problem(409, str(error))),
    (CannotBeKeyed, lambda error: Problem(403, str(error))),
    (NotForACheck, lambda error: Problem(403, str(error))),
    (Superseded, lambda error: Problem(409, refusal(error), seq=error.standing_seq)),
    (Refused, lambda error: Problem(422, str(error), errors=error.findings)),
    (UnknownConvention, lambda error: _unusable("convention", error)),
    (UnknownParty, lambda error: _unusable("party_id", error)),
    (UnreadableAnswer, lambda error: Problem(409, str(error))),
    (KeyReused, lambda error: _unusable("Idempotency-Key", error)),
    (StaffRefused, lambda error: Problem(422, str(error))),
    (
        QueueFull,
        lambda error: Problem(503, f"{error} Nothing was declared.", headers={"Retry-After": "1"}),
    ),
    (ReadOnly, lambda _error: Problem(503, MAY_ONLY_BE_READ, headers={"Retry-After": "30"})),
    (StoreUnavailable, lambda _error: Problem(503, OUT_OF_REACH, headers={"Retry-After": "5"})),
)
"""Each kind of error with what it is over HTTP; the first that fits counts."""


def _named(parties: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"party_id": party_id, "name": name} for party_id, name in parties.items()]


def _unusable(field: str, error: Exception) -> Problem:
    return Problem(422, str(error), errors=[Finding("unusable", field, str(error))])
