"""Receipts as pages. Dashboards and council pages open them in place: a script takes the part, which needs none."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import Night
from app.domain.receipts import CouncilReceipt, Counted, PartyReceipt, council_receipt, night_receipt, party_receipt
from app.pages.addresses import contest_url, council_url, element_id, why_url
from app.pages.components.badge import badge_of
from app.pages.drawn import DRAWN
from app.pages.environment import render
from app.pages.frame import PageFrame
from app.pages.overview.scoreboard import scoreboard_rows
from app.pages.past import at_moment
from app.wording import receipts as told
from app.wording.council import source
from app.wording.figures import percentage
from app.wording.night import name_of

RECEIPT = "receipt"
"""The element id of one: a page holds one."""

TimeOf = Callable[[int], datetime | None]
"""When an entry was announced."""


def council_why_page(
    environment: Environment,
    night: Night,
    council_id: str,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    time_of: TimeOf,
) -> str:
    """Why a council's badge and change are what they are. ``fragments`` are those of its channel."""
    election, receipt = night.election, council_receipt(night, council_id, convention)
    state = receipt.state
    values = {
        "receipt": receipt,
        "state": state,
        "seq": state.last.seq if state.last is not None else 0,
        "elements": [element_id("row", council_id), element_id("verdict", council_id)],
        "name": state.council.name,
        "back": (state.council.name, council_url(election, council_id, convention)),
        "asked": told.council_asked(election, receipt),
        "badge": badge_of(election, state, convention.key),
        "reasons": told.council_reasons(election, receipt),
        "since": told.since_told(election, receipt.since, time_of(receipt.since)),
        "since_address": _at(council_url(election, council_id, convention), receipt.since, frame),
        "change": told.change_told(election, receipt, time_of(receipt.change_since or 0)),
        "differ": told.houses_differ(election, receipt),
        "houses": told.houses_say(election, state),
        "source": source(election, state) if state.council.has_chamber else "",
        "counted": [_counted(election, receipt, it, frame, time_of) for it in receipt.counted],
        "conventions": [
            (each, why_url(election, each, council_id=council_id)) for each in election.conventions.values()
        ],
    }
    return _page(environment, "council", election, convention, fragments, frame, values)


def _counted(
    election: Election, receipt: CouncilReceipt, counted: Counted, frame: PageFrame, time_of: TimeOf
) -> dict[str, Any]:
    """A thing that is counted: where it leads, and the entry that it stands at."""
    convention = receipt.convention
    address = contest_url(election, counted.ballot_id, convention) if counted.ballot_id else ""
    moment = address or council_url(election, receipt.state.council_id, convention)
    return {
        "name": told.counted_name(receipt.state, counted),
        "address": address,
        "seats": told.counted_told(election, counted),
        "seq": counted.seq,
        "at": time_of(counted.seq),
        "entry": _at(moment, counted.seq, frame),
    }


def party_why_page(
    environment: Environment,
    night: Night,
    group: str,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    time_of: TimeOf,
) -> str:
    """Why a party, or NOC, has its row of the scoreboard. ``fragments`` are those of the dashboard."""
    election, receipt = night.election, party_receipt(night, group, convention)
    values = {
        "receipt": receipt,
        "change": receipt.changes[convention.key],
        "seq": night.seq,
        "elements": [element_id("score", group), element_id("other", group)],
        "name": name_of(election, group),
        "group": group,
        "is_noc": group == NO_OVERALL_CONTROL,
        "is_alone": election.only_council is not None,
        "back": ("The figures of the night", why_url(election, convention)),
        "asked": told.party_asked(election, receipt),
        "reasons": told.party_reasons(night, receipt, time_of(receipt.since)),
        "houses": told.party_houses(election, receipt),
        "parts": [_part(night, receipt, it, convention) for it in receipt.parts],
        "contests": [
            (election.contest(it).name, contest_url(election, it, convention), won, net)
            for it, (won, net) in receipt.contests.items()
        ],
        "conventions": [(each, why_url(election, each, group=group)) for each in election.conventions.values()],
    }
    return _page(environment, "party", election, convention, fragments, frame, values)


def _part(night: Night, receipt: PartyReceipt, council_id: str, convention: Convention) -> dict[str, Any]:
    """What a council adds to a party's row."""
    election, state = night.election, night.councils[council_id]
    comparison = state.comparisons[convention.key]
    return {
        "name": state.council.name,
        "address": why_url(election, convention, council_id=council_id),
        "is_its_own": state.holder == receipt.group,
        "before": told.before_briefly(election, state, convention.key),
        "now": told.now_briefly(election, state),
        "part": receipt.parts[council_id],
        "has_control_compared": comparison.holders is not None,
        "has_seats_compared": comparison.change is not None,
    }


def night_why_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    time_of: TimeOf,
) -> str:
    """Why the night is as far as it is, and whose receipts there are. ``fragments`` are those of the dashboard."""
    election, receipt = night.election, night_receipt(night)
    values = {
        "receipt": receipt,
        "seq": night.seq,
        "elements": ["progress", "progress-bodies", "progress-certain", "progress-contests", "progress-seats"],
        "name": election.name,
        "back": None,
        "asked": told.night_asked(night),
        "reasons": told.night_reasons(night, receipt, time_of(receipt.since)),
        "rows": [
            {"group": row.group, "called": row.called, "address": why_url(election, convention, group=row.group)}
            for row in scoreboard_rows(night, convention)
        ]
        if night.added_up() and frame.static_page is None  # Files have no receipts of parties.
        else [],
        "parts": [
            {
                "name": election.council(council_id).name,
                "address": why_url(election, convention, council_id=council_id),
                "progress": progress,
                "turnout": percentage(votes.turnout.percentage) if votes.turnout is not None else "",
            }
            for council_id, (progress, votes) in receipt.parts.items()
        ],
        "conventions": [(each, why_url(election, each)) for each in election.conventions.values()],
    }
    return _page(environment, "night", election, convention, fragments, frame, values)


def _page(
    environment: Environment,
    kind: str,
    election: Election,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    values: Mapping[str, Any],
) -> str:
    around = {
        "id": RECEIPT,
        "kind": kind,
        "frame": frame,
        "election": election,
        "convention": convention,
        "drawn": Markup(fragments[DRAWN]),
    }
    return render(environment, "receipts/page.html", {**around, **values})


def _at(address: str, seq: int, frame: PageFrame) -> str:
    """How that stood at an entry; empty before the first. A file has no past: there it leads to how things stand."""
    if not seq:
        return ""
    return at_moment(address, seq) if frame.static_page is None else address
