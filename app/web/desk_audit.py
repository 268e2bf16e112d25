"""The log as who did what, for those who check: found, exported, and verified."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Annotated

from fastapi import Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.bundles.audit import audit_csv
from app.domain.election import Election
from app.domain.errors import UnknownElection
from app.pages.desk_audit import (
    FAULTS_SHOWN,
    AuditLine,
    Filtered,
    Verified,
    audit_line,
    audit_page,
    no_audit_page,
)
from app.pages.publication import Publication
from app.store import log
from app.web.access import DeskRouter, MayCheck, Signed
from app.web.desk_frame import desk_values, field, form_of, reading
from app.web.parts import parts_of

desk_audit = DeskRouter()

PAGE = 50
"""Entries."""

Sequence_ = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@desk_audit.get("/audit")
async def read_audit(
    request: Request,
    signed: MayCheck,
    person: str = "",
    council: str = "",
    kind: str = "",
    before: Sequence_ = None,
) -> Response:
    """A page of it, newest first."""
    return await _audit(request, signed, Filtered(person, council, kind, before))


@desk_audit.get("/audit.csv")
async def export_audit(
    request: Request, _signed: MayCheck, person: str = "", council: str = "", kind: str = ""
) -> Response:
    """All of it that is looked for, for spreadsheets."""
    publication = _publication(request, request.query_params.get("election", ""))
    if publication is None:
        raise UnknownElection("")
    election, is_rehearsal = publication.election, parts_of(request).settings.rehearsal

    def export(connection: Connection) -> str:
        logged = log.search(connection, election.slug, log.Wanted(person, council, kind))
        return audit_csv(election, logged, rehearsal=is_rehearsal)

    headers = {"Content-Disposition": f'attachment; filename="{election.slug}-audit.csv"'}
    return Response(await reading(request, export), media_type="text/csv", headers=headers)


@desk_audit.post("/audit/verify")
async def verify(request: Request, signed: MayCheck) -> Response:
    """The whole chain read again, and what was found."""
    publication = _publication(request, field(await form_of(request), "election"))
    if publication is None:
        raise UnknownElection("")
    slug = publication.election.slug

    def read(connection: Connection) -> Verified:
        end, faults = log.head(connection, slug), log.verify_chain(connection, slug)
        first = tuple(islice(faults, FAULTS_SHOWN))
        return Verified(end.seq, end.hash, len(first) + sum(1 for _ in faults), first)

    return await _audit(request, signed, Filtered(), publication, await reading(request, read))


async def _audit(
    request: Request,
    signed: Signed,
    filtered: Filtered,
    publication: Publication | None = None,
    verified: Verified | None = None,
) -> Response:
    parts, desk = parts_of(request), desk_values(request, signed, "audit")
    publication = publication or _publication(request, request.query_params.get("election", ""))
    if publication is None:
        return HTMLResponse(no_audit_page(parts.environment, **desk))
    election = publication.election
    wanted = log.Wanted(filtered.person, filtered.council_id, filtered.kind)

    def look(connection: Connection) -> tuple[list[log.Logged], dict[int, int], int, list[str]]:
        # One more than is shown tells whether there are older ones.
        found = log.search(connection, election.slug, wanted, before=filtered.before, limit=PAGE + 1)
        replaced = log.replaced(connection, election.slug, [logged.entry.seq for logged in found])
        return found, replaced, log.count(connection, election.slug, wanted), log.people(connection, election.slug)

    found, replaced, total, people = await reading(request, look)
    page = audit_page(
        parts.environment,
        election,
        _lines(election, found[:PAGE], replaced),
        filtered=filtered,
        people=people,
        total=total,
        older=len(found) > PAGE,
        verified=verified,
        **desk,
    )
    return HTMLResponse(page)


def _lines(election: Election, found: Sequence[log.Logged], replaced: Mapping[int, int]) -> list[AuditLine]:
    return [
        audit_line(
            election,
            logged.entry,
            recorded_at=logged.recorded_at,
            hash_=logged.hash,
            replaced_by=replaced.get(logged.entry.seq),
        )
        for logged in found
    ]


def _publication(request: Request, slug: str) -> Publication | None:
    """The election asked for, or the newest; UnknownElection, and None where none is loaded."""
    newsroom = parts_of(request).newsroom
    if slug:
        return newsroom.publication(slug)
    return max(newsroom.publications, key=lambda it: it.election.polling_date, default=None)
