"""The API: posting declarations, reading the night as JSON, and the public log."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.addresses import API_COUNCIL, API_ELECTION, API_ELECTIONS, API_FLIPS, API_LOG, API_PARTY, API_TO_WATCH
from app.api.flips import flips_view
from app.api.party import party_view
from app.api.to_watch import to_watch_view
from app.api.values import (
    JsonObject,
    council_detail_view,
    council_view,
    election_end_view,
    election_head_view,
    entry_view,
    listed_election_view,
    marked,
)
from app.declaring.bodies import BODIES, read_body
from app.declaring.door import Posting
from app.declaring.second_check import SecondCheck
from app.domain.council import CouncilState
from app.domain.election import Convention, Election
from app.domain.party_night import party_night
from app.domain.second_check import MACHINE
from app.process.strict_json import compact_json
from app.process.turns import Steps, collected
from app.store.tokens import Scope
from app.web.errors import PROBLEM, PROBLEMS, Problem
from app.web.incoming import is_post
from app.web.parts import Asked, AskedFor, Digits, parts_of
from app.web.receiving import received
from app.web.signing_in.access import address_of, token_of

MEDIA_TYPE = "application/json"

api = APIRouter(tags=["results"])

POST_PROBLEMS: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "Waits for a second person to key the same: the post of a `key` token.",
        "content": {"application/json": {}},
    },
    **PROBLEMS,
    **{
        status: {"description": description, "content": PROBLEM}
        for status, description in {
            400: "The body is not strict JSON.",
            401: "No token, or one that is not known, was revoked or has expired.",
            403: "The token may not do this, or is for another election.",
            409: "Something else stands, `seq` is its sequence; or waits for a second check.",
            408: "The body did not arrive in time.",
            413: "The body is larger than 64 KiB.",
            415: "The body is not `application/json`.",
            503: "It is not known whether it was declared: post it again with the same key.",
        }.items()
    },
}

POST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "oneOf": [{"$ref": f"#/components/schemas/{model.__name__}"} for model in BODIES.values()],
                    "discriminator": {
                        "propertyName": "kind",
                        "mapping": {kind: f"#/components/schemas/{model.__name__}" for kind, model in BODIES.items()},
                    },
                }
            }
        },
    },
    "security": [{"token": []}],
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            "description": "The same key and body are answered again and add nothing.",
        }
    ],
}


@api.post(
    API_LOG.path,
    status_code=201,
    responses=POST_PROBLEMS,
    openapi_extra=POST_BODY,
    response_class=JSONResponse,
)
async def post_declaration(slug: str, request: Request) -> Response:
    """Declare, correct, withdraw, or tell a status or a note. 201 once it is durable and readable here."""
    parts = parts_of(request)
    is_post(request, "api")
    token = await token_of(request, slug)
    publication = parts.newsroom.publication(slug)
    body, confirm = read_body(await json_body(request))
    publication.check_shown(body)
    posting = Posting(
        slug,
        body,
        author=f"{MACHINE}{token.name}",
        confirm=confirm,
        key=idempotency_key(request),
        address=address_of(request),
    )
    if token.scope == Scope.KEY:
        outcome = await asyncio.wrap_future(SecondCheck(parts.declaring).key(posting, may_check=False))
        if outcome.status != 201:
            return Response(outcome.answer, outcome.status, media_type=MEDIA_TYPE)
        answer, seq = outcome.answer, outcome.read["seq"]
    else:
        accepted = await asyncio.wrap_future(parts.declaring.post(posting))
        answer, seq = accepted.answer, accepted.seq
    await parts.newsroom.shown(slug, seq)
    return Response(answer, 201, media_type=MEDIA_TYPE)


async def json_body(request: Request) -> bytes:
    """The body; 415 where it is not said to be JSON, else as ``received``."""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise Problem(415, "Post JSON, with “Content-Type: application/json”.")
    return await received(request, "A declaration")


def idempotency_key(request: Request) -> str | None:
    """The key that the post carries, if any."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        raise Problem(422, "An Idempotency-Key has 1 to 200 printable ASCII characters.")
    return key


@api.get(API_ELECTIONS.path)
async def list_elections(request: Request) -> Mapping[str, Any]:
    """The elections, with where each stands."""
    parts = parts_of(request)
    publications = parts.newsroom.publications
    listed = {"elections": [listed_election_view(it.election, seq=it.seq, epoch=it.epoch) for it in publications]}
    return marked(listed, rehearsal=parts.settings.rehearsal)


@api.get(API_ELECTION.path, responses=PROBLEMS)
async def read_election(asked: AskedFor) -> Response:
    """Every council and the scoreboard, compared by `convention` (default: the election's own)."""
    publication, convention, night = asked.publication, asked.convention, asked.night
    council = partial(_council_text, night.election, convention)
    what = ("council", convention.key, asked.is_past)
    councils = asked.parts.kept.councils(publication, what, night.election, council)
    view = election_head_view(night, epoch=publication.epoch, convention=convention)
    beginning = compact_json(_marked(asked, view))[:-1]
    end = compact_json(election_end_view(night, convention))[1:]
    texts = await asked.parts.turns.through(councils.of(night))
    text = f'{beginning},"councils":[{",".join(texts)}],{end}'
    return Response(text, media_type=MEDIA_TYPE)


@api.get(API_FLIPS.path, responses=PROBLEMS)
async def read_flips(asked: AskedFor) -> Response:
    """Every change of control of the night, newest first, with what undid it; and what was held."""
    view = flips_view(asked.night, epoch=asked.publication.epoch, convention=asked.convention)
    return JSONResponse(_marked(asked, view))


@api.get(API_TO_WATCH.path, responses=PROBLEMS)
async def read_to_watch(asked: AskedFor, region: str = "", order: str = "") -> Response:
    """Councils whose control is undecided, the nearest first, with what each party needs; how early others were."""
    view = to_watch_view(asked.night, asked.convention, epoch=asked.publication.epoch, region=region, order=order)
    return JSONResponse(_marked(asked, view))


@api.get(API_PARTY.path, responses=PROBLEMS)
async def read_party(asked: AskedFor, party: str) -> Response:
    """A party's night, by id or short name: seats, councils, where it leads, what was close, who is out."""
    night, convention = asked.night, asked.convention
    steps = party_night(night, night.election.group_named(party), convention.key)
    found = await asked.parts.turns.through(steps)
    return JSONResponse(_marked(asked, party_view(night, found, convention, epoch=asked.publication.epoch)))


@api.get(API_COUNCIL.path, responses=PROBLEMS)
async def read_council(asked: AskedFor, council_id: str) -> Response:
    """One council with its contests and results."""
    night = asked.night
    night.election.council(council_id)
    view = council_detail_view(night.election, night.councils[council_id], asked.convention)
    return JSONResponse(_marked(asked, view))


@api.get(API_LOG.path, responses=PROBLEMS)
async def read_log(
    asked: AskedFor,
    after: Annotated[int, Digits, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Digits, Query(ge=1, le=1000)] = 100,
) -> Response:
    """The public log, oldest first: entries after sequence `after`, and the sequence to go on `next` from."""
    log = asked.log
    lines = (entry_view(line.body, line.entry, line.flash) for line in log[after : after + limit])
    texts = await asked.parts.turns.through(collected(compact_json(line) for line in lines))
    beginning = compact_json(_marked(asked, {"declarations": []}))[:-2]
    next_one = after + limit if after + limit < len(log) else None
    return Response(f'{beginning}{",".join(texts)}],"next":{compact_json(next_one)}}}', media_type=MEDIA_TYPE)


def _council_text(election: Election, convention: Convention, state: CouncilState) -> Steps[str]:
    yield
    return compact_json(council_view(election, state, convention))


def _marked(asked: Asked, view: JsonObject) -> JsonObject:
    return marked(view, rehearsal=asked.parts.settings.rehearsal, past=asked.moment)
