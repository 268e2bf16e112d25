"""A council signed off: somebody types the returning officer's totals, and they are compared with what we add up."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.declaring.bodies import LARGEST_NUMBER
from app.desk.addresses import desk_url
from app.desk.entry.form import Filled
from app.desk.entry.typed import UNREADABLE, text
from app.desk.forms import form_of
from app.desk.parts import AtDesk, CheckersDesk, page, written
from app.desk.signing_off.view import labels, sign_off_page
from app.domain.errors import Finding
from app.domain.second_check import count
from app.domain.signing_off import Compared, Totals, compared, last_keyed_by, totals_of
from app.store import audit, signed_off
from app.store.audit import Actor, Kind
from app.store.signed_off import SignedOff
from app.web.signing_in.access import DeskRouter

desk_signing_off = DeskRouter()


@desk_signing_off.get("/{slug}/councils/{council_id}/sign-off")
async def sign_off_form(at: CheckersDesk, council_id: str) -> Response:
    """The form."""
    at.election.council(council_id)
    return page(_shown(at, council_id, Filled()))


@desk_signing_off.post("/{slug}/councils/{council_id}/sign-off")
async def sign_off(request: Request, at: CheckersDesk, council_id: str) -> Response:
    """Signed off where every figure is the same and nothing is to come; else what differs."""
    at.election.council(council_id)
    state = at.night.councils[council_id]
    form = await form_of(request)
    theirs, findings = _totals(at, form)
    if findings:
        return page(_shown(at, council_id, Filled(form, tuple(findings))), 422)
    lines = compared(theirs, totals_of(state))
    if not all(line.agrees for line in lines) or state.contests_declared < state.contests_total:
        return page(_shown(at, council_id, Filled(form), lines), 422)
    is_alone = at.persons == 2 and at.signed.name in last_keyed_by(state)
    signed = SignedOff(council_id, at.night.seq, at.signed.name, datetime.now(UTC), is_alone)
    figures = {line.name: line.theirs for line in lines}

    def job(connection: Connection) -> None:
        signed_off.sign(connection, at.election.slug, signed, figures)
        details = {"alone": is_alone, "figures": figures, "since": signed.since_seq}
        actor = Actor(at.signed.name, at.signed.address)
        audit.record(connection, Kind.SIGNED_OFF, actor, subject=council_id, slug=at.election.slug, details=details)

    await written(request, job)
    return RedirectResponse(f"{desk_url(at.election)}/councils/{council_id}/sign-off", 303)


def _shown(at: AtDesk, council_id: str, filled: Filled, lines: tuple[Compared, ...] = ()) -> str:
    frame = at.frame()
    return sign_off_page(
        at.parts.environment,
        at.election,
        at.night.councils[council_id],
        frame,
        filled=filled,
        lines=lines,
        mark=frame.signed_off.get(council_id),
    )


def _totals(at: AtDesk, form: Mapping[str, Sequence[str]]) -> tuple[Totals, list[Finding]]:
    """What was typed. A party that is left empty has no seats; the number of contests is asked for."""
    findings: list[Finding] = []
    figures: dict[str, int] = {}
    seats = [name for name in form if name.startswith("seats.") and name.removeprefix("seats.") in at.election.parties]
    for name in (*labels(at.election), *seats):
        typed = text(form, name)
        number = count(typed) if typed else None
        if number is not None and number <= LARGEST_NUMBER:
            figures[name] = number
        elif typed:
            findings.append(Finding(UNREADABLE, name, f"“{typed}” is not a whole number: write 1234 or 1,234."))
    if "contests" not in figures and not findings:
        findings.append(Finding(UNREADABLE, "contests", f"How many {at.election.words.contests} do the totals cover?"))
    given = {name.removeprefix("seats."): figures[name] for name in seats if name in figures}
    totals = Totals(figures.get("contests"), at.election.grouped(given), figures.get("votes"), figures.get("papers"))
    return totals, findings
