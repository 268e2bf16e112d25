"""For readers and spreadsheets: the Atom feed of the log, and everything declared as CSV and JSON."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.addresses import COUNCILS_CSV_EXPORT, CSV_EXPORT, DC_CSV_EXPORT, FEED, JSON_EXPORT
from app.bundles.councils_export import councils_csv_export
from app.bundles.exporting import Export, csv_export, dc_csv_export, json_export
from app.domain.alerts import AlertKind
from app.domain.council import CouncilState
from app.domain.night import Night
from app.feeds.atom import atom
from app.feeds.entries import feed_entries
from app.process.turns import Steps
from app.process.version import VERSION
from app.web.errors import PROBLEMS
from app.web.parts import Asked, AskedFor, own_address
from app.web.reads.pieced import Pieced
from app.web.reads.pieces import PerCouncil, Piece, Whole, deflated
from app.wording.alerts import FEED_HEADINGS

feeds = APIRouter(tags=["results"])

CSV = "text/csv; charset=utf-8"
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
    night = asked.night
    export = csv_export(night.election, rehearsal=asked.parts.settings.rehearsal)
    return await _file(asked, night, export, _Form(".csv", CSV))


@feeds.head(COUNCILS_CSV_EXPORT.path, include_in_schema=False)
@feeds.get(COUNCILS_CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def councils_file(asked: AskedFor) -> Response:
    """Every council, a row each: seats, control before and now, turnout and share, compared by `convention`."""
    night, convention = asked.night, asked.convention
    export = councils_csv_export(night.election, convention, rehearsal=asked.parts.settings.rehearsal)
    return await _file(asked, night, export, _Form("-councils.csv", CSV, convention.key, export.beginning))


@feeds.head(DC_CSV_EXPORT.path, include_in_schema=False)
@feeds.get(DC_CSV_EXPORT.path, response_class=Response, responses=as_file(CSV))
async def democracy_club_file(asked: AskedFor) -> Response:
    """Results in Democracy Club's columns, a row a candidacy of every contest whose winners are known."""
    night = asked.night
    export = dc_csv_export(night.election, rehearsal=asked.parts.settings.rehearsal)
    return await _file(asked, night, export, _Form("-results.csv", CSV))


@feeds.head(JSON_EXPORT.path, include_in_schema=False)
@feeds.get(JSON_EXPORT.path, response_class=Response, responses=as_file("application/json"))
async def json_file(asked: AskedFor) -> Response:
    """The whole election: parties, scoreboard and every council with its contests, compared by `convention`."""
    night, convention = asked.night, asked.convention
    rehearsal, epoch = asked.parts.settings.rehearsal, asked.publication.epoch
    export = json_export(night, epoch=epoch, convention=convention, rehearsal=rehearsal, past=asked.moment)
    return await _file(asked, night, export, _Form(".json", "application/json", convention.key))


class _Form(NamedTuple):
    """What a file is: the end of its name, its media type, and what else its rows depend on.

    That may be the key of a convention, and the heading, where its columns are those of the parties.
    """

    ending: str
    media_type: str
    convention: str = ""
    heading: str = ""


async def _file(asked: Asked, night: Night, export: Export, form: _Form) -> Response:
    """``export`` of ``night``; of the councils those are made that have changed since somebody asked for this."""
    publication, settings, kept = asked.publication, asked.parts.settings, asked.parts.kept
    # Of the past one is kept beside the newest: whoever asks for an earlier one makes nobody else wait for his.
    what = (form, asked.is_past)
    councils = kept.councils(publication, what, night.election, partial(_deflated, export.council))
    whole = await kept.newest(publication, what, lambda: _whole(export, councils, night), at=asked.at)
    variant = f"{form.convention}{form.ending}-{VERSION}-{settings.shown}{'-past' if asked.is_past else ''}"
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
    beginning = yield from deflated([export.beginning])
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
