"""A council's results from a spreadsheet: handed in, looked at ward by ward, and keyed by whoever says so.

Nothing is kept on the way: the rows of the file go along in the forms. Each ward is keyed in a transaction of its own,
under a key made of what it says: a file that is sent twice, or again after whatever broke off, keys nothing twice.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from app.bundles.spreadsheets import LARGEST, NotASpreadsheet
from app.declaring.second_check import NotForACheck, OneIsEnough
from app.desk.entry.review import posting_of
from app.desk.entry.typed import LONGEST_LINE, text
from app.desk.files.columns import LABELS, Column
from app.desk.files.handing import LARGEST_PACKED, packed, unpacked
from app.desk.files.preview import Prospect, WardPreview, previews
from app.desk.files.results import ResultRows, rows_of
from app.desk.files.view import (
    HandedIn,
    WardOutcome,
    columns_page,
    outcome_page,
    preview_page,
    template_csv,
    upload_page,
)
from app.desk.forms import form_of
from app.desk.parts import AtDesk, Desk, page, reading
from app.desk.uploads import upload_of
from app.domain.election import Council
from app.domain.errors import Refused
from app.domain.letters import printable
from app.domain.second_check import AwaitsAnother
from app.domain.superseding import Superseded
from app.store import keyed
from app.store.log import canonical_json
from app.web.signing_in.access import DeskRouter
from app.wording.refusals import refusal

desk_files = DeskRouter()

NOT_TICKED = "Not ticked: it was left as it is."
TAKEN = {201: "Declared.", 202: "In the queue: another person keys it again."}


@desk_files.get("/{slug}/councils/{council_id}/files")
async def file_form(at: Desk, council_id: str) -> Response:
    """Where a spreadsheet of the council is handed in."""
    return page(upload_page(at.parts.environment, at.election, at.election.council(council_id), at.frame()))


@desk_files.get("/{slug}/councils/{council_id}/files/template.csv")
async def file_template(at: Desk, council_id: str) -> Response:
    """The wards that are to come, with their candidates, to be filled in."""
    at.election.council(council_id)
    table = template_csv(at.election, at.night.councils[council_id], rehearsal=at.parts.settings.rehearsal)
    headers = {"Content-Disposition": f'attachment; filename="{at.election.slug}-{council_id}.csv"'}
    return Response(table, media_type="text/csv", headers=headers)


@desk_files.post("/{slug}/councils/{council_id}/files")
async def hand_in(request: Request, at: Desk, council_id: str) -> Response:
    """A file, and what would come of it."""
    council = at.election.council(council_id)
    upload = await upload_of(request, "file", "A spreadsheet", largest=LARGEST)
    try:
        carried = packed(await asyncio.to_thread(request.app.state.spreadsheets.read, upload.content))
    except NotASpreadsheet as error:
        wrong = f"{upload.name or 'The file'} was not read. {error}"
        return page(upload_page(at.parts.environment, at.election, council, at.frame(), wrong=wrong), 422)
    return await _looked_at(at, council, HandedIn(carried, printable(upload.name)[-LONGEST_LINE:]))


@desk_files.post("/{slug}/councils/{council_id}/files/preview")
async def look_at(request: Request, at: Desk, council_id: str) -> Response:
    """The same file, once it was said which column is which."""
    form = await form_of(request, largest=LARGEST_PACKED)
    return await _looked_at(at, at.election.council(council_id), _handed(form))


@desk_files.post("/{slug}/councils/{council_id}/files/key")
async def key(request: Request, at: Desk, council_id: str) -> Response:
    """Key the wards that are ticked."""
    council = at.election.council(council_id)
    form = await form_of(request, largest=LARGEST_PACKED)
    handed, ticked = _handed(form), frozenset(form.get("ward", ()))
    confirmed = {
        name.removeprefix("confirm."): text(form, name).split() for name in form if name.startswith("confirm.")
    }
    rows = _rows(at, council, handed)
    wards = await at.parts.turns.through(previews(at, rows, handed.source, confirmed))
    outcomes = [await _outcome(request, at, ward, is_ticked=ward.subject.identity in ticked) for ward in wards]
    html = outcome_page(
        at.parts.environment, at.election, council, at.frame(), outcomes=outcomes, unplaced=rows.unplaced
    )
    return page(html)


async def _looked_at(at: AtDesk, council: Council, handed: HandedIn) -> Response:
    rows, environment = _rows(at, council, handed), at.parts.environment
    named = set((handed.columns or {}).values())
    lacks = handed.columns is not None and (Column.VOTES not in named or not named & set(LABELS) - {Column.VOTES})
    if rows.asked or lacks:
        first = rows.asked or _rows(at, council, replace(handed, columns=None)).asked
        wrong = "Say at least which column has the votes, and which the candidate or the party." if lacks else ""
        html = columns_page(environment, at.election, council, at.frame(), handed=handed, row=first, wrong=wrong)
        return page(html, 422 if lacks else 200)
    wards = await at.parts.turns.through(previews(at, rows, handed.source, {}))
    html = preview_page(
        environment, at.election, council, at.frame(), handed=handed, wards=wards, unplaced=rows.unplaced
    )
    return page(html)


def _rows(at: AtDesk, council: Council, handed: HandedIn) -> ResultRows:
    named = {place: Column(column) for place, column in handed.columns.items()} if handed.columns else None
    return rows_of(at.election, (council,), unpacked(handed.packed), named)


def _handed(form: Mapping[str, Sequence[str]]) -> HandedIn:
    columns = {
        int(place): text(form, f"column.{place}")
        for place in (name.removeprefix("column.") for name in form if name.startswith("column."))
        if place.isdecimal() and len(place) < 4 and text(form, f"column.{place}") in set(LABELS)
    }
    has_columns = any(name.startswith("column.") for name in form)
    source = printable(text(form, "source"))[-LONGEST_LINE:]
    return HandedIn(text(form, "packed"), source, columns if has_columns else None)


async def _outcome(request: Request, at: AtDesk, ward: WardPreview, *, is_ticked: bool) -> WardOutcome:
    """Keys a ward whole, or not at all; what is refused is kept as a draft."""
    if ward.prospect is Prospect.KEPT:
        return WardOutcome(ward.name, ward.url, is_taken=True, told=" ".join(ward.told))
    if ward.prospect is Prospect.LEFT:
        return await _left(at, ward, " ".join((*ward.told, *(finding.detail for finding in ward.findings))))
    if not is_ticked:
        return WardOutcome(ward.name, ward.url, is_taken=False, told=NOT_TICKED)
    try:
        status = await _keyed(request, at, ward)
    except Refused as error:
        return await _left(at, ward, " ".join(finding.detail for finding in error.findings))
    except (Superseded, AwaitsAnother, OneIsEnough, NotForACheck) as error:
        return await _left(at, ward, refusal(error))
    return WardOutcome(ward.name, ward.url, is_taken=True, told=TAKEN[status])


async def _keyed(request: Request, at: AtDesk, ward: WardPreview) -> int:
    """201 or 202; raises what the second check raises. A file is never the second of two: it may be the same file."""
    said = canonical_json({"person": at.signed.name, **ward.sent.body})
    posting = replace(posting_of(at, ward.sent), key=f"file:{sha256(said.encode()).hexdigest()}")
    awaits_check = at.persons == 2
    answer = await asyncio.wrap_future(at.second_check.key(posting, may_check=False, awaits_check=awaits_check))
    if answer.status == 202 and not await _waits(request, at, ward):
        # It was sent before, and taken back since: it is keyed anew.
        fresh = replace(posting, key=f"file:{secrets.token_urlsafe(16)}")
        answer = await asyncio.wrap_future(at.second_check.key(fresh, may_check=False, awaits_check=awaits_check))
    if answer.status == 201:
        await at.parts.newsroom.shown(at.election.slug, answer.read["seq"])
    return answer.status


async def _waits(request: Request, at: AtDesk, ward: WardPreview) -> bool:
    slug, subject = at.election.slug, ward.subject
    return await reading(request, lambda connection: keyed.find(connection, slug, subject)) is not None


async def _left(at: AtDesk, ward: WardPreview, why: str) -> WardOutcome:
    """Left for the form, which has its figures then: unless there is something of this person's in it already."""
    if ward.may_keep_draft and ward.subject not in at.drafts:
        form = {name: list(values) for name, values in ward.sent.form.items() if name != "confirm"}
        await asyncio.wrap_future(at.second_check.keep_draft(at.election.slug, ward.subject, at.signed.name, form))
        return WardOutcome(
            ward.name, ward.url, is_taken=False, told=f"{why} Its figures are in the form, as your draft."
        )
    return WardOutcome(ward.name, ward.url, is_taken=False, told=why)
