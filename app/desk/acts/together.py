"""What somebody keyed who is not to be trusted any more, taken back together: out of the queue, and out of the log."""

import asyncio
import secrets
from collections.abc import Sequence
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.declaring.door import Posting
from app.declaring.second_check import NothingToCheck
from app.declaring.together import Together
from app.desk.acts.together_view import (
    AllOf,
    asked_of,
    kept_entries,
    kept_keyings,
    standing_of,
    together_page,
    withdrawn,
)
from app.desk.addresses import desk_url
from app.desk.entry.review import own_form
from app.desk.entry.typed import LONGEST_LINE, Form, text
from app.desk.parts import AtDesk, CheckersDesk, EditorsDesk, page
from app.domain.declarations import Entry
from app.domain.errors import Refused
from app.domain.second_check import AwaitsAnother, Keying
from app.domain.superseding import Superseded
from app.web.errors import Problem
from app.web.incoming import is_post
from app.web.signing_in.access import DeskRouter
from app.wording.refusals import refusal

WHY = f"Say why, in {LONGEST_LINE} characters at most: readers see the reason of a withdrawal."

desk_together = DeskRouter()


@desk_together.get("/{slug}/keyed-by/{name}")
async def all_of(at: CheckersDesk, name: str, done: str = "") -> Response:
    """What somebody keyed, and what taking it back would do; for checkers what waits for them to confirm."""
    return page(_shown(at, name, done=done))


@desk_together.post("/{slug}/keyed-by/{name}/take-out")
async def take_out(request: Request, at: EditorsDesk, name: str) -> Response:
    """Nothing of it waits any more."""
    form = await own_form(request, at)
    is_post(request, "desk")
    if not _reason(form):
        return page(_shown(at, name, form, wrong=WHY), 422)
    taking = Together(at.second_check).take_out(at.election.slug, name, _reason(form), at.signed.actor)
    number = await asyncio.wrap_future(taking)
    return RedirectResponse(f"{_address(at, name)}?done=out-{number}", 303)


@desk_together.post("/{slug}/keyed-by/{name}/withdraw")
async def withdraw_all(request: Request, at: EditorsDesk, name: str) -> Response:
    """Withdraw what was chosen of it, as one of two or alone; ``action`` ``review`` only looks at what that does."""
    form = await own_form(request, at)
    chosen = [entry for entry in standing_of(at.night, name) if str(entry.seq) in form.get("seq", ())]
    if text(form, "action") == "review":
        return page(_shown(at, name, form))
    is_post(request, "desk")
    if not _reason(form) or not chosen:
        return page(_shown(at, name, form, wrong=WHY if chosen else "Choose what is to be withdrawn."), 422)
    is_alone = at.persons == 1 or text(form, "action") != "key"
    return await _made(at, name, form, [(entry, _reason(form)) for entry in chosen], is_alone=is_alone)


@desk_together.post("/{slug}/keyed-by/{name}/confirm")
async def confirm_all(request: Request, at: CheckersDesk, name: str) -> Response:
    """Confirm the withdrawals that somebody else has asked for."""
    form = await own_form(request, at)
    is_post(request, "desk")
    entries = standing_of(at.night, name)
    asked = _to_confirm(at, entries)
    chosen = [(entry, str(asked[entry.seq].body["reason"])) for entry in entries if entry.seq in asked]
    if not chosen:
        raise Problem(409, "Nothing of that waits for you any more.")
    return await _made(at, name, form, chosen, is_alone=False)


async def _made(at: AtDesk, name: str, form: Form, chosen: Sequence[tuple[Entry, str]], *, is_alone: bool) -> Response:
    postings = [_posting(at, form, entry, reason) for entry, reason in chosen]
    try:
        last = await asyncio.wrap_future(Together(at.second_check).withdraw(postings, is_alone=is_alone))
    except (Refused, Superseded, AwaitsAnother, NothingToCheck) as error:
        return page(_shown(at, name, form, wrong=refusal(error)), 422)
    if last:
        await at.parts.newsroom.shown(at.election.slug, last)
    done = f"withdrawn-{len(postings)}" if last else f"asked-{len(postings)}"
    return RedirectResponse(f"{_address(at, name)}?done={done}", 303)


def _posting(at: AtDesk, form: Form, entry: Entry, reason: str) -> Posting:
    key = text(form, "key")[:64]
    return Posting(
        at.election.slug,
        {"kind": "withdrawal", "replaces": entry.seq, "reason": reason},
        at.signed.name,
        confirm=frozenset(form.get("confirm", ())),
        key=f"desk:{key}:{entry.seq}" if key else None,
        address=at.signed.address,
    )


def _reason(form: Form) -> str:
    """Empty for one that is too long as well."""
    reason = text(form, "reason")
    return reason if len(reason) <= LONGEST_LINE else ""


def _address(at: AtDesk, name: str) -> str:
    return f"{desk_url(at.election)}/keyed-by/{quote(name)}"


def _to_confirm(at: AtDesk, entries: Sequence[Entry]) -> dict[int, Keying]:
    """Withdrawals that wait for another than who has asked for them."""
    asked = asked_of(at.waiting, entries)
    return {seq: keying for seq, keying in asked.items() if not keying.is_by(at.signed.name)}


def _shown(at: AtDesk, name: str, form: Form | None = None, *, wrong: str = "", done: str = "") -> str:
    election, thresholds = at.election, at.parts.declaring.thresholds
    entries, form = standing_of(at.night, name), form or {}
    asked = asked_of(at.waiting, entries)
    free = [entry for entry in entries if entry.seq not in asked] if at.signed.may_edit else []
    picked = {entry.seq for entry in free if "seq" not in form or str(entry.seq) in form["seq"]}
    confirming = [entry for entry in entries if entry.seq in _to_confirm(at, entries)]
    by = sorted({asked[entry.seq].person for entry in confirming})
    shown = AllOf(
        person=name,
        waiting=kept_keyings(election, at.waiting, name) if at.signed.may_edit else (),
        standing=kept_entries(election, free, picked),
        would=withdrawn(at.night, [entry for entry in free if entry.seq in picked], thresholds, at.now),
        asked=kept_entries(election, confirming, [entry.seq for entry in confirming]),
        asked_would=withdrawn(at.night, confirming, thresholds, at.now),
        asked_by=" and ".join(by),
        reason=text(form, "reason"),
        key=text(form, "key") or secrets.token_urlsafe(16),
        done=done,
        wrong=wrong,
        confirmed=frozenset(form.get("confirm", ())),
    )
    return together_page(at.parts.environment, election, shown, at.frame("staff"), persons=at.persons)
