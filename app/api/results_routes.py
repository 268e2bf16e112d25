"""A file of results over HTTP: what would come of each of its wards, for whoever posts them then."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.addresses import API_RESULTS
from app.api.values import JsonObject, marked
from app.bundles.exporting import REHEARSAL
from app.bundles.spreadsheets import LARGEST, NotASpreadsheet
from app.desk.entry.typed import LONGEST_LINE
from app.desk.files.forecast import Forecast, FoundInFile, WardForecast
from app.desk.files.preview import Prospect
from app.desk.files.results import ResultRows, rows_of
from app.desk.files.ward_rows import SheetRow
from app.desk.parts import reading
from app.domain.election import Election
from app.domain.letters import printable
from app.domain.second_check import MACHINE
from app.projection.publication import Publication
from app.store import keyed
from app.store.tokens import Scope, Token
from app.web.errors import PROBLEM, PROBLEMS, Problem
from app.web.parts import parts_of
from app.web.receiving import received
from app.web.signing_in.access import token_of
from app.wording.files import unknown_columns

results = APIRouter(tags=["results"])

MEDIA_TYPE = "application/octet-stream"

OF_A_REHEARSAL = "This file was exported from a rehearsal: its rows say TEST, and nothing of it is declared here."

FILE_PROBLEMS: dict[int | str, dict[str, Any]] = {
    **PROBLEMS,
    **{
        status: {"description": description, "content": PROBLEM}
        for status, description in {
            400: "The file did not arrive whole.",
            401: "No token, or one that is not known, was revoked or has expired.",
            403: "The token is for another election.",
            408: "The file did not arrive in time.",
            413: "The file is larger than 2 MiB.",
        }.items()
    },
}

FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        "description": "A file as CSV, XLSX or ODS, whatever media type it is sent with.",
    },
    "security": [{"token": []}],
}


@results.post(API_RESULTS.path, responses=FILE_PROBLEMS, openapi_extra=FILE_BODY, response_class=JSONResponse)
async def look_at_results(
    slug: str,
    request: Request,
    council: Annotated[str, Query(description="The only council that the file is of.")] = "",
    source: Annotated[str, Query(description="Told as the source of what is declared, such as the file's name.")] = "",
) -> Response:
    """What would come of a file of results, ward by ward. Nothing is declared: post each `body` for that."""
    parts = parts_of(request)
    token = await token_of(request, slug)
    publication = parts.newsroom.publication(slug)
    rows = await _rows(request, publication.election, council)
    forecast = await _forecast(request, publication, token, printable(source)[-LONGEST_LINE:])
    seq, election = publication.seq, publication.election
    wards = await parts.turns.through(forecast.of(rows))
    told = {
        "slug": slug,
        "seq": seq,
        "wards": [_ward(election, ward) for ward in wards],
        "unplaced": [_found(FoundInFile(it.place, None, it.found, it.told)) for it in rows.unplaced],
    }
    return JSONResponse(marked(told, rehearsal=parts.settings.rehearsal))


async def _rows(request: Request, election: Election, council: str) -> ResultRows:
    councils = (election.council(council),) if council else tuple(election.councils.values())
    content = await received(request, "A file of results", largest=LARGEST)
    try:
        sheets = await asyncio.to_thread(request.app.state.spreadsheets.read, content)
    except NotASpreadsheet as error:
        raise Problem(422, str(error)) from None
    if not parts_of(request).settings.rehearsal and any(REHEARSAL in sheet.rows[0] for sheet in sheets if sheet.rows):
        raise Problem(422, OF_A_REHEARSAL)
    rows = await asyncio.to_thread(rows_of, election, councils, sheets)
    if rows.asked:
        raise Problem(422, unknown_columns(rows.asked))
    return rows


async def _forecast(request: Request, publication: Publication, token: Token, source: str) -> Forecast:
    slug, log = publication.election.slug, publication.log
    waiting = await reading(request, lambda connection: tuple(keyed.waiting(connection, slug)))
    return Forecast(
        publication.night,
        author=f"{MACHINE}{token.name}",
        source=source,
        now=datetime.now(UTC),
        thresholds=parts_of(request).declaring.thresholds,
        body_of=lambda seq: log[seq - 1].body,
        waiting={one.subject: one for one in waiting},
        is_for_a_check=token.scope == Scope.KEY,
    )


def _ward(election: Election, ward: WardForecast) -> JsonObject:
    council = election.council(ward.contest.council_id)
    return {
        "ballot_id": ward.contest.ballot_id,
        "ward": ward.contest.name,
        "council_id": council.council_id,
        "council": council.name,
        **_place(ward.place),
        "prospect": ward.prospect.value,
        "told": ward.told,
        "flip": ward.flip,
        "body": None if ward.prospect is Prospect.LEFT else ward.body,
        "errors": [_found(it) for it in ward.errors],
        "warnings": [_found(it) for it in ward.warnings],
    }


def _found(it: FoundInFile) -> JsonObject:
    return {**_place(it.place), "code": it.code, "found": it.found, "detail": it.told}


def _place(place: SheetRow) -> JsonObject:
    return {"sheet": place.sheet, "row": place.row}
