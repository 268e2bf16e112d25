"""Who did what, for those who check: the log and the audit beside it, found, exported, and verified."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Annotated, NamedTuple

from fastapi import Depends, Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.desk.audit.export import audit_csv
from app.desk.audit.rows import ACTS, AuditedAct
from app.desk.audit.view import (
    ENTRIES,
    FAULTS_SHOWN,
    AuditLine,
    AuditSearch,
    Filtered,
    Verified,
    audit_line,
    audit_page,
    no_audit_page,
)
from app.desk.entry.typed import text
from app.desk.forms import form_of
from app.desk.parts import frame_of, reading, written
from app.domain.declarations import Entry, withdraws
from app.domain.election import Election
from app.domain.errors import UnknownElection
from app.domain.letters import legible
from app.domain.names import is_same_person
from app.domain.times import OF_OUR_AGE, read_time
from app.projection.publication import Publication
from app.store import audit, log
from app.store.audit import Audited, Kind
from app.store.errors import StoreError
from app.store.log import Logged
from app.web.errors import Problem
from app.web.parts import Digits, parts_of
from app.web.signing_in.access import DeskRouter, MayCheck, Signed

desk_audit = DeskRouter()

PAGE = 50
"""Entries and acts."""

Place = Annotated[int | None, Digits, Query(ge=1, le=2**31 - 1)]

MINUTE = timedelta(minutes=1)
"""What a time is typed to."""


def looked_for(  # noqa: PLR0913  # what a reader can look for, each by its name
    *,
    person: str = "",
    council: str = "",
    kind: str = "",
    since: Annotated[str, Query(alias="from")] = "",
    until: Annotated[str, Query(alias="to")] = "",
    source: str = "",
    alone: str = "",
    before: Place = None,
    row: Place = None,
) -> Filtered:
    """What the address asks for."""
    since, until, source = (legible(typed) for typed in (since.strip(), until.strip(), source))
    return Filtered(person, council, kind, since, until, source, bool(alone), before, row)


LookedFor = Annotated[Filtered, Depends(looked_for)]


@desk_audit.get("/audit")
async def read_audit(request: Request, signed: MayCheck, filtered: LookedFor) -> Response:
    """A page of it, newest first."""
    return await _audit(request, signed, filtered)


@desk_audit.get("/audit.csv")
async def export_audit(request: Request, signed: MayCheck, filtered: LookedFor) -> Response:
    """All of it that is looked for, for spreadsheets."""
    publication = _publication(request, request.query_params.get("election", ""))
    if publication is None:
        raise UnknownElection("")
    election, is_rehearsal = publication.election, parts_of(request).settings.rehearsal
    sought = _sought(election, filtered)

    def export(connection: Connection) -> str:
        found = _found(connection, election, filtered, sought, limit=None)
        alone = audit.declared_alone(connection, election.slug)
        return audit_csv(election, _merged(found), alone=alone, rehearsal=is_rehearsal)

    table = await reading(request, export)
    details = {"filter": filtered.query(election)[: audit.LONGEST]}
    # Whoever may read it may take it along, be the database read only.
    with suppress(StoreError):
        exported = Kind.AUDIT_EXPORTED
        await written(request, lambda it: audit.record(it, exported, signed.actor, slug=election.slug, details=details))
    test = "TEST-" if is_rehearsal else ""
    headers = {"Content-Disposition": f'attachment; filename="{test}{election.slug}-audit.csv"'}
    return Response(table, media_type="text/csv", headers=headers)


@desk_audit.post("/audit/verify")
async def verify(request: Request, signed: MayCheck) -> Response:
    """Both chains read again, and what was found."""
    publication = _publication(request, text(await form_of(request), "election"))
    if publication is None:
        raise UnknownElection("")
    slug = publication.election.slug

    def read(connection: Connection) -> tuple[Verified, Verified]:
        end, row = log.head(connection, slug), audit.head(connection)
        return (
            _verified("log", end.seq, end.hash, log.verify_chain(connection, slug)),
            _verified("audit", *row, audit.verify_chain(connection)),
        )

    return await _audit(request, signed, Filtered(), publication, await reading(request, read))


def _verified(what: str, length: int, last: str, faults: Iterator[str]) -> Verified:
    first = tuple(islice(faults, FAULTS_SHOWN))
    return Verified(what, length, last, len(first) + sum(1 for _ in faults), first)


async def _audit(
    request: Request,
    signed: Signed,
    filtered: Filtered,
    publication: Publication | None = None,
    verified: tuple[Verified, ...] = (),
) -> Response:
    parts = parts_of(request)
    publication = publication or _publication(request, request.query_params.get("election", ""))
    if publication is None:
        return HTMLResponse(no_audit_page(parts.environment, frame_of(parts, signed, "audit")))
    election, wrong = publication.election, ""
    try:
        sought = _sought(election, filtered)
    except Problem as problem:
        wrong, sought = problem.detail, Sought()
    found = await reading(request, lambda connection: _page(connection, election, filtered, sought))
    shown = audit_page(
        parts.environment,
        election,
        found,
        frame_of(parts, signed, "audit", election),
        filtered=filtered,
        verified=verified,
        wrong=wrong,
    )
    return HTMLResponse(await parts.turns.through(shown), 422 if wrong else 200)


# Finding it


class Sought(NamedTuple):
    """The bounds of what is looked for; ``until`` is exclusive."""

    since: datetime | None = None
    until: datetime | None = None


class Both(NamedTuple):
    """What there is of it in the log, and in the audit; newest first."""

    entries: list[Logged]
    acts: list[Audited]


def _sought(election: Election, filtered: Filtered) -> Sought:
    """The times as typed, in the election's own; 422 for what is none."""
    until = _time(election, filtered.until)
    if until is not None:
        # A time stands for its whole minute, and a day alone for all of it.
        until += timedelta(days=1) if len(filtered.until) <= len("2023-05-05") else MINUTE
    return Sought(_time(election, filtered.since), until)


def _time(election: Election, typed: str) -> datetime | None:
    if not typed:
        return None
    at = read_time(typed, years=OF_OUR_AGE, zone=election.zone)
    if at is None:
        raise Problem(422, f"“{typed[:40]}” is not a time, such as 2023-05-05T02:00.")
    return at


def _wanted(
    connection: Connection, election: Election, filtered: Filtered, sought: Sought
) -> tuple[log.EntriesWanted, audit.ActsWanted]:
    """The same for the log, and for the audit."""
    person = _meant(_people(connection, election), filtered.person)
    alone = audit.declared_alone(connection, election.slug) if filtered.alone else None
    entry_kind = filtered.kind if filtered.kind in ENTRIES else ""
    act_kind = filtered.kind if filtered.kind in ACTS else ""
    if filtered.alone and act_kind in {"", Kind.DECLARED_ALONE}:
        act_kind = Kind.DECLARED_ALONE
    of_log = log.EntriesWanted(person, filtered.council_id, entry_kind, *sought, filtered.source, alone)
    subjects = _subjects(election, filtered.council_id)
    return of_log, audit.ActsWanted(election.slug, person, act_kind, *sought, filtered.source, subjects)


def _subjects(election: Election, council_id: str) -> frozenset[str] | None:
    """What the audit may be about where it is about a council: itself and its contests."""
    if not council_id:
        return None
    ballots = (it.ballot_id for it in election.contests.values() if it.council_id == council_id)
    return frozenset((council_id, *ballots))


def _people(connection: Connection, election: Election) -> list[str]:
    """Everybody who did anything here."""
    names = {*log.people(connection, election.slug), *audit.people(connection)}
    return sorted(names, key=str.casefold)


def _meant(people: list[str], typed: str) -> str:
    """Whom somebody means who types a name, as that is written here."""
    alike = [name for name in people if is_same_person(name, typed)]
    return typed if typed in alike or not alike else alike[0]


def _found(
    connection: Connection, election: Election, filtered: Filtered, sought: Sought, *, limit: int | None
) -> Both:
    entries, acts = _wanted(connection, election, filtered, sought)
    logged: list[Logged] = []
    audited: list[Audited] = []
    if filtered.wants_entries:
        logged = log.search(connection, election.slug, entries, before=filtered.before, limit=limit)
    if _may_be_act(filtered):
        audited = audit.search(connection, acts, before=filtered.row, limit=limit)
    return Both(logged, audited)


def _may_be_act(filtered: Filtered) -> bool:
    """Whether anything in the audit can be what is looked for: of what was declared alone, one kind only."""
    alone = {"", "desk", Kind.DECLARED_ALONE}
    return filtered.wants_acts and (not filtered.alone or filtered.kind in alone)


def _merged(found: Both) -> Iterator[Logged | Audited]:
    """Both by when they were written, each in its own order: a clock may have been put back."""
    return merge(found.entries, found.acts, key=_written_at, reverse=True)


def _written_at(one: Logged | Audited) -> datetime:
    return one.recorded_at if isinstance(one, Logged) else one.at


def _page(connection: Connection, election: Election, filtered: Filtered, sought: Sought) -> AuditSearch:
    # One more than is shown tells whether there are older ones.
    found = _found(connection, election, filtered, sought, limit=PAGE + 1)
    replaced = log.replaced(connection, election.slug, [logged.entry.seq for logged in found.entries])
    withdrawals = [it.entry for it in log.search(connection, election.slug, log.EntriesWanted(kind="withdrawal"))]
    alone = audit.declared_alone(connection, election.slug)
    shown = [_line(election, one, replaced, withdrawals, alone) for one in islice(_merged(found), PAGE)]
    entries, acts = _wanted(connection, election, filtered, sought)
    return AuditSearch(
        lines=shown,
        people=_people(connection, election),
        entries=log.count(connection, election.slug, entries) if filtered.wants_entries else 0,
        acts=audit.count(connection, acts) if _may_be_act(filtered) else 0,
        older=len(found.entries) + len(found.acts) > PAGE,
    )


def _line(
    election: Election,
    one: Logged | Audited,
    replaced: Mapping[int, int],
    withdrawals: Sequence[Entry],
    alone: set[int],
) -> AuditLine | AuditedAct:
    """``withdrawals`` are newest first: what an entry is withdrawn by is the first of them that came after it."""
    if isinstance(one, Audited):
        return AuditedAct(one.seq, one.at, one.kind, one.who, one.source, one.subject, one.details, one.hash)
    seq = one.entry.seq
    return audit_line(
        election,
        one.entry,
        recorded_at=one.recorded_at,
        hash_=one.hash,
        replaced_by=replaced.get(one.entry.seq),
        withdrawn_by=next((it.seq for it in reversed(withdrawals) if it.seq > seq and withdraws(it, seq)), None),
        is_alone=one.entry.seq in alone,
    )


def _publication(request: Request, slug: str) -> Publication | None:
    """The election asked for, or the newest; UnknownElection, and None where none is loaded."""
    newsroom = parts_of(request).newsroom
    if slug:
        return newsroom.publication(slug)
    return max(newsroom.publications, key=lambda it: it.election.polling_date, default=None)
