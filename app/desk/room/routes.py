"""The room's table: who covers which count and when it is expected; its file, its sheets, the end of its numbers."""

from collections.abc import Mapping

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.desk.forms import form_of
from app.desk.parts import AtDesk, Desk, EditorsDesk, page, reading, written
from app.desk.room.importing import imported
from app.desk.room.sheet import sheets, sheets_page
from app.desk.room.typed import Settled, TypedRow, settle
from app.desk.room.view import TableSaid, room_csv, room_page, room_url, table_rows
from app.domain.election import Council
from app.store import log, room, staff
from app.store.room import NOTHING, Covered, RowKey
from app.web.signing_in.access import DeskRouter
from app.wording.figures import plural

desk_room = DeskRouter()

LARGEST_TABLE = 1024 * 1024
"""Bytes; that of four hundred councils is a quarter of it."""
MOST_FIELDS = 20_000

SAID = {"saved": "Saved.", "none": "Nothing was changed.", "deleted": "The telephone numbers are deleted."}


@desk_room.get("/{slug}/room")
async def table(request: Request, at: Desk, council: str = "", done: str = "") -> Response:
    """Who covers which count; of one ``council`` with every contest of it."""
    kept = await _kept(request, at)
    return page(await _table(request, at, kept, council=_council(at, council), told=TableSaid(SAID.get(done, ""))))


@desk_room.post("/{slug}/room")
async def save_table(request: Request, at: EditorsDesk, council: str = "") -> Response:
    """Keep what was changed. What somebody else has changed meanwhile is shown, and asked about."""
    form = await form_of(request, largest=LARGEST_TABLE, most_fields=MOST_FIELDS)
    one = _council(at, council)

    def save(connection: Connection) -> tuple[Settled, Mapping[RowKey, Covered]]:
        log.lock(connection, at.election.slug)
        before = room.covered(connection, at.election.slug)
        settled = settle(at.election, form, before, now=at.now)
        for key, now in settled.changes.items():
            room.keep(connection, at.election.slug, key, now, before=before.get(key, NOTHING), by=at.signed.actor)
        return settled, room.covered(connection, at.election.slug)

    settled, kept = await written(request, save)
    if not settled.open:
        done = "saved" if settled.changes else "none"
        narrowed = f"&council={one.council_id}" if one else ""
        return RedirectResponse(f"{room_url(at.election)}?done={done}{narrowed}", 303)
    told = TableSaid(f"{plural(len(settled.changes), 'row')} saved." if settled.changes else "", _needs(settled))
    shown = await _table(request, at, kept, settled.open, council=one, told=told)
    return page(shown, 409 if settled.overtaken else 422)


@desk_room.post("/{slug}/room/import")
async def import_table(request: Request, at: EditorsDesk) -> Response:
    """What a file would change, in the fields of the table: it is kept once it is saved."""
    form = await form_of(request, largest=LARGEST_TABLE)
    kept = await _kept(request, at)
    read = imported(at.election, form.get("file", [""])[-1], kept, now=at.now)
    done = f"{plural(len(read.rows), 'row')} of the file would change something: look, then save." if read.rows else ""
    nothing = () if read.rows or read.wrong else ("Nothing in the file changes anything.",)
    told = TableSaid(done, (*nothing, *read.wrong))
    return page(await _table(request, at, kept, read.rows, told=told), 422 if read.wrong else 200)


@desk_room.get("/{slug}/room.csv")
async def export_table(request: Request, at: EditorsDesk) -> Response:
    """The table as a file, which can be taken in again."""
    made = room_csv(at.election, await _kept(request, at), rehearsal=at.parts.settings.rehearsal)
    headers = {"Content-Disposition": f'attachment; filename="{at.election.slug}-room.csv"'}
    return Response(made, media_type="text/csv", headers=headers)


@desk_room.post("/{slug}/room/telephones/delete")
async def delete_telephones(request: Request, at: EditorsDesk) -> Response:
    """The night is over: nobody's number is kept any longer."""
    await written(request, lambda it: room.forget_telephones(it, at.election.slug, by=at.signed.actor))
    return RedirectResponse(f"{room_url(at.election)}?done=deleted", 303)


@desk_room.get("/{slug}/room/sheet")
async def sheet(request: Request, at: Desk, council: str = "") -> Response:
    """Sheets to phone from, to print: of every council, or of one."""
    one = _council(at, council)
    wanted = [one] if one else at.election.councils.values()
    states = [at.night.councils[it.council_id] for it in wanted]
    kept = await _kept(request, at)
    made = await at.parts.turns.through(sheets(at.election, states, kept, at.moved))
    shown = sheets_page(at.parts.environment, at.election, made, at.frame("room"))
    return page(await at.parts.turns.through(shown))


async def _kept(request: Request, at: AtDesk) -> Mapping[RowKey, Covered]:
    return await reading(request, lambda connection: room.covered(connection, at.election.slug))


async def _table(
    request: Request,
    at: AtDesk,
    kept: Mapping[RowKey, Covered],
    typed: Mapping[RowKey, TypedRow] | None = None,
    *,
    council: Council | None = None,
    told: TableSaid,
) -> str:
    accounts = await reading(request, staff.staff)
    people = [account.name for account in accounts if account.disabled_at is None]
    rows = table_rows(at.election, kept, typed, council=council)
    shown = room_page(
        at.parts.environment, at.election, rows, at.frame("room"), people=people, council=council, told=told
    )
    return await at.parts.turns.through(shown)


def _council(at: AtDesk, council_id: str) -> Council | None:
    """The council that is asked for; UnknownCouncil. None where none is."""
    return at.election.council(council_id) if council_id else None


def _needs(settled: Settled) -> tuple[str, ...]:
    """What is said of the rows that were not saved."""
    found = []
    if settled.wrong:
        found.append(f"{plural(len(settled.wrong), 'row')} cannot be used as typed: see below.")
    if settled.overtaken:
        rows = plural(len(settled.overtaken), "row")
        found.append(
            f"{rows} somebody else has changed meanwhile. Theirs stands; save again to put yours in its place."
        )
    return tuple(found)
