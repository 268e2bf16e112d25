"""For readers and spreadsheets: the Atom feed of the log, and everything declared as CSV and JSON."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import (
    API_DATA_PACKAGE,
    API_ELECTION,
    CONTESTS_CSV_EXPORT,
    COUNCILS_CSV_EXPORT,
    CSV_EXPORT,
    DC_CSV_EXPORT,
    FEED,
    JSON_EXPORT,
    LGA_CSV_EXPORT,
    NIST_EXPORT,
    OVERVIEW,
    PARTIES_CSV_EXPORT,
)
from app.api.citing import Cited
from app.bundles.data_package import data_package
from app.bundles.exporting import Export
from app.bundles.forms import CSV, FORMS, JSON, ExportOf
from app.domain.alerts import AlertKind
from app.domain.council import CouncilState
from app.domain.night import Night
from app.feeds.atom import atom
from app.feeds.entries import feed_entries
from app.process.strict_json import compact_json
from app.process.turns import Steps
from app.process.version import VERSION
from app.web.errors import PROBLEMS
from app.web.parts import Asked, AskedFor, own_address
from app.web.reads.pieced import Pieced
from app.web.reads.pieces import PerCouncil, Piece, Whole, deflated
from app.wording.alerts import FEED_HEADINGS

feeds = APIRouter(tags=["results"])

ATOM_TYPE = "application/atom+xml"

FeedKind = Literal["flip", "certain", "correction", "leader-out", "tie", "recount"]
"""Those of the kinds of alerts that are in the log (``domain.alerts.LOGGED``)."""


def as_file(media_type: str) -> dict[int | str, dict[str, Any]]:
    """What a route that answers with a file of that kind is documented with."""
    return {200: {"content": {media_type: {}}}, **PROBLEMS}


@feeds.head(CSV_EXPORT.path, include_in_schema=False)
@feeds.get(CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def csv_file(asked: AskedFor) -> Response:
    """Everything declared, a row a candidacy."""
    return await _file(asked, "csv")


@feeds.head(COUNCILS_CSV_EXPORT.path, include_in_schema=False)
@feeds.get(COUNCILS_CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def councils_file(asked: AskedFor) -> Response:
    """Every council, a row each: seats, control before and now, turnout and share, compared by `convention`."""
    return await _file(asked, "councils-csv")


@feeds.head(CONTESTS_CSV_EXPORT.path, include_in_schema=False)
@feeds.get(CONTESTS_CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def contests_file(asked: AskedFor) -> Response:
    """Every contest, a row each: who won it, margin, turnout and papers."""
    return await _file(asked, "contests-csv")


@feeds.head(PARTIES_CSV_EXPORT.path, include_in_schema=False)
@feeds.get(PARTIES_CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def parties_file(asked: AskedFor) -> Response:
    """Every party, a row each: what it is called, its colour, and the party it is reported under."""
    return await _file(asked, "parties-csv")


@feeds.head(DC_CSV_EXPORT.path, include_in_schema=False)
@feeds.get(DC_CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def democracy_club_file(asked: AskedFor) -> Response:
    """Results in Democracy Club's columns, a row a candidacy of every contest whose winners are known."""
    return await _file(asked, "dc-csv")


@feeds.head(LGA_CSV_EXPORT.path, include_in_schema=False)
@feeds.get(LGA_CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def lga_file(asked: AskedFor) -> Response:
    """The same in the columns of the Local Government Association's schema."""
    return await _file(asked, "lga-csv")


@feeds.head(NIST_EXPORT.path, include_in_schema=False)
@feeds.get(NIST_EXPORT.path, response_class=Response, responses=as_file(JSON))
async def nist_file(asked: AskedFor) -> Response:
    """Results in NIST's Common Data Format (SP 1500-100, version 2)."""
    return await _file(asked, "nist-json")


@feeds.head(JSON_EXPORT.path, include_in_schema=False)
@feeds.get(JSON_EXPORT.path, response_class=Response, responses=as_file(JSON))
async def json_file(asked: AskedFor) -> Response:
    """The whole election: parties, scoreboard and every council with its contests, compared by `convention`."""
    return await _file(asked, "json")


@feeds.get(API_DATA_PACKAGE.path, responses=PROBLEMS)
async def read_data_package(request: Request, asked: AskedFor) -> Response:
    """What the tables are, column by column, as a Frictionless Data Package of this moment: its addresses stay."""
    own, of, slug = own_address(request), _export_of(asked), asked.night.election.slug
    chosen = {"convention": asked.chosen} if asked.chosen else {}
    query = urlencode({"at": of.night.seq, "epoch": of.epoch, **chosen})
    where = Cited(f"{own}{API_DATA_PACKAGE.to(slug=slug)}?{query}", f"{own}{OVERVIEW.to(slug=slug)}")
    view = data_package(of, lambda file: f"{own}{API_ELECTION.to(slug=slug)}/{file}?{query}", where=where)
    return Response(compact_json(view), media_type=JSON)


def _export_of(asked: Asked) -> ExportOf:
    night, publication = asked.night, asked.publication
    moment = (night.seq, publication.time_of(night.seq))
    rehearsal = asked.parts.settings.rehearsal
    return ExportOf(night, publication.epoch, asked.convention, moment, rehearsal=rehearsal, is_past=asked.is_past)


async def _file(asked: Asked, name: str) -> Response:
    """A file of what is asked for; of the councils those are made that have changed since somebody asked for this."""
    of, form = _export_of(asked), FORMS[name]
    night, publication, settings, kept = of.night, asked.publication, asked.parts.settings, asked.parts.kept
    export, convention = form.make(of), of.convention.key if form.is_compared else ""
    # Of the past one is kept beside the newest: whoever asks for an earlier one makes nobody else wait for his.
    what = (name, convention, asked.is_past)
    councils = kept.councils(publication, what, night.election, partial(_deflated, export.council))
    whole = await kept.newest(publication, what, lambda: _whole(export, councils, night), at=asked.at)
    variant = f"{convention}{form.ending}-{VERSION}-{settings.shown}{'-past' if asked.is_past else ''}"
    moment = f"-at-{night.seq}" if asked.is_past else ""
    test = "TEST-" if settings.rehearsal else ""
    return Pieced(
        whole,
        etag=f'"{publication.version(night.seq)}-{variant}"',
        media_type=form.media_type,
        headers={"Content-Disposition": f'attachment; filename="{test}{night.election.slug}{moment}{form.ending}"'},
    )


def _deflated(council: Callable[[CouncilState], Iterable[str]], state: CouncilState) -> Steps[Piece]:
    return deflated(council(state))


def _whole(export: Export, councils: PerCouncil[Piece], night: Night) -> Steps[Whole]:
    beginning = yield from deflated(chain((export.beginning,), export.opening()))
    of_councils = yield from councils.of(night)
    end = yield from deflated([export.end])
    return Whole((beginning, *of_councils, end))


@feeds.get(FEED.path, response_class=Response, responses=as_file(ATOM_TYPE))
async def atom_feed(
    request: Request,
    asked: AskedFor,
    council: str | None = None,
    party: Annotated[
        str | None, Query(description="Only what concerns this party: councils gained, held and lost, and people.")
    ] = None,
    flips: Annotated[bool, Query(description="Only entries with which a gain appeared or vanished.")] = False,  # noqa: FBT002  # a query has no positions
    kind: Annotated[FeedKind | None, Query(description="Only entries that give an alert of this kind.")] = None,
) -> Response:
    """The newest hundred entries of the public log; corrections and withdrawals are entries of their own."""
    of_kind = AlertKind(kind) if kind is not None else None
    election, epoch = asked.night.election, asked.publication.epoch
    group = election.group_named(party) if party else ""
    entries = feed_entries(asked.publication, council_id=council, group=group, flips=flips, kind=of_kind, at=asked.at)
    given = {"council": council, "party": group, "flips": "1" if flips else None, "kind": kind, "at": asked.at}
    query = urlencode({name: value for name, value in given.items() if value not in (None, "")})
    place = f"{election.slug}/feed.atom{f'?{query}' if query else ''}"
    rehearsal = asked.parts.settings.rehearsal
    heading = FEED_HEADINGS[of_kind]
    if group:
        name = election.party(group).name
        heading = name if of_kind is None else f"{name}, {heading}"
    xml = atom(election, epoch, entries, base=own_address(request), place=place, heading=heading, rehearsal=rehearsal)
    return Response(await asked.parts.turns.through(xml), media_type=ATOM_TYPE)
