"""The dashboard: fragments about the whole night, a row per council, and the page that holds the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment
from markupsafe import Markup

from app.addresses import NIGHT_STORY, SCOREBOARD
from app.domain.council import Comparison, CouncilState, SeatSource
from app.domain.declarations import Entry
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.highlights import next_awaited
from app.domain.night import Night
from app.live.lists import Copy, Listed
from app.pages.addresses import chosen
from app.pages.components.badge import badge_of
from app.pages.components.seating import seat_bar
from app.pages.contest.view import is_listed
from app.pages.drawn import DRAWN, dashboard_drawn
from app.pages.environment import render, rendering
from app.pages.flips.items import decision_items, newest_flips
from app.pages.frame import PageFrame
from app.pages.overview.asked import asked_scoreboard, parties_to_ask_for
from app.pages.overview.board import (
    SORTS,
    VIEWS,
    BoardQuery,
    ordered,
    regions,
    row_facts,
    stage_of,
    states,
)
from app.pages.overview.by_elections import by_elections_of, is_asked_for, standing_apart
from app.pages.overview.losses import losses
from app.pages.overview.newest import latest_results, ticker_items
from app.pages.overview.scoreboard import parties_of
from app.pages.overview.tiles import tile_map
from app.pages.overview.wall import NEXT, next_decided
from app.pages.overview.watching import Watched, watchable, watched
from app.pages.story.view import night_story_part
from app.process.turns import Steps
from app.wording import sentences
from app.wording.as_at import final_day
from app.wording.flips import all_changes, no_change
from app.wording.night import (
    by_elections,
    compared_with,
    counted,
    name_of,
    others_told,
    safe_beforehand,
    turnout_and_share,
)

SCOREBOARD_FRAGMENTS = ("scoreboard", "others", "other-parties", "scoreboard-notes", "control-changes")
"""Those of them that the scoreboard is made of."""

NIGHT_FRAGMENTS = (
    "progress",
    "progress-line",
    "strip",
    "flips",
    "flips-all",
    *SCOREBOARD_FRAGMENTS,
    "ticker",
    "latest",
)
"""The fragments about the whole night: element ids, and the names of their templates."""

LISTS = frozenset(NIGHT_FRAGMENTS) - {"progress-line", "flips-all", "others"}
"""Those of them of whose items only what changed is pushed."""


def night_fragments(
    environment: Environment, night: Night, convention: Convention, since: Night | None = None
) -> dict[str, Copy]:
    """The fragments about the whole night.

    Those that are what they were at the night ``since`` are left out: a ticker of forty lines is the dearest fragment
    of all, and few declarations add to it.
    """
    changed = [name for name in NIGHT_FRAGMENTS if since is None or not _is_unchanged(name, night, since, convention)]
    only, parties = night.only_state, parties_of(night, convention)
    values = {
        "election": night.election,
        "night": night,
        "convention": convention,
        "only": only,
        "control": sentences.control_briefly(night.election, only) if only is not None else None,
        "progress": night.shown_progress,
        "final": final_day(night.election, night.councils.values()),
        "apart": by_elections(night, convention),
        "awaited": next_awaited(night),
        "parties": parties,
        "others": others_told(night.election, parties.others_seats, len(parties.others)),
        "losses": losses(night, convention) if "control-changes" in changed else [],
        "counted": counted(night, convention),
        "is_beforehand": safe_beforehand(night) is not None,
        "votes": turnout_and_share(night),
        "all_changes": all_changes(night.decisions[convention.key]),
        "flips": decision_items(night, convention, newest_flips(night, convention)) if "flips" in changed else [],
        "lines": ticker_items(night, convention) if "ticker" in changed else [],
        "results": latest_results(night) if "latest" in changed else [],
    }
    drawn = {name: render(environment, f"overview/_{name}.html", values) for name in changed}
    fragments: dict[str, Copy] = {it: Listed.read(html) if it in LISTS else html for it, html in drawn.items()}
    return {**fragments, DRAWN: dashboard_drawn(night.election)}


def _is_unchanged(name: str, night: Night, since: Night, convention: Convention) -> bool:
    match name:
        case "ticker":
            return night.tickers[convention.key] is since.tickers[convention.key]
        case "flips":
            return _are_flips_unchanged(night, since, convention)
        case "flips-all" | "control-changes":
            return night.decisions[convention.key] is since.decisions.get(convention.key)
        case "latest":
            return night.latest is since.latest
    return False


def _are_flips_unchanged(night: Night, since: Night, convention: Convention) -> bool:
    if night.decisions[convention.key] is not since.decisions.get(convention.key):
        return False
    shown = [it.council_id for it in newest_flips(night, convention)]
    return all(night.councils.get(council_id) is since.councils.get(council_id) for council_id in shown)


def council_row(environment: Environment, night: Night, council_id: str, convention: Convention) -> tuple[str, str]:
    """One council's row on the board: its element id and its HTML."""
    election, state = night.election, night.councils[council_id]
    comparison = state.comparisons[convention.key]
    element = f"row-{council_id}"
    if state.council.stands_apart:
        return element, by_elections_of(environment, night, state, convention, element)
    values = {
        "election": election,
        "convention": convention,
        "state": state,
        "facts": row_facts(state, convention),
        "badge": badge_of(election, state, convention.key),
        "bar": seat_bar(election, state),
        "why": sentences.why_briefly(election, state),
        "changes": changes(election, comparison),
        "comparison": comparison,
        "count": how_far(election, state),
        "final": final_day(election, [state]),
        "corrected": (revision := last_revision(election, state)),
        "revised": sentences.revised(revision) if revision is not None else None,
    }
    return element, render(environment, "overview/_row.html", values)


def overview_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    *,
    query: Mapping[str, str],
) -> Steps[str]:
    """The dashboard around ``fragments``, which it contains as they are; ``query`` is that of the URL."""
    election, asked = night.election, BoardQuery.read(query).known_to(night.election)
    board = ordered(night, convention, asked)
    # Where they are all there is, there are no filters.
    apart = [(state, not board or is_asked_for(state, asked)) for state in standing_apart(night)]
    view = asked.view_of(len(board))
    yield
    values = {
        "frame": replace(frame, theme=asked.theme, body_class=_body_class(view, len(board))),
        "election": election,
        "convention": convention,
        "conventions": [(each, _address(asked, each)) for each in election.conventions.values()],
        "compared_with": compared_with(election, convention),
        "fragment": {name: Markup(fragments[name]) for name in (*NIGHT_FRAGMENTS, DRAWN)},
        "slots": [(state.council_id, shown, Markup(fragments[f"row-{state.council_id}"])) for state, shown in board],
        "shown": sum(shown for _, shown in board),
        "apart": [(it.council_id, shown, Markup(fragments[f"row-{it.council_id}"])) for it, shown in apart],
        "apart_shown": any(shown for _, shown in apart),
        "query": asked,
        "no_change": no_change(election),
        "watched": _watched(night, convention, asked),
        "watchable": watchable(night),
        "kept_query": _kept_query(election, convention, asked, frame),
        "only": election.only_council,
        "only_state": night.only_state,
        "has_scoreboard": bool(night.progress.councils_total),
        "listed": election.only_council is not None and is_listed(election.only_council),
        **_filters(night, convention, asked),
        "asked": (
            Markup(asked_scoreboard(environment, night, convention, asked, rehearsal=frame.rehearsal))
            if asked.narrows
            else ""
        ),
        "story": Markup(night_story_part(environment, night, convention, is_file=frame.static_page is not None)),
        "story_address": NIGHT_STORY.to(slug=election.slug) + chosen(election, convention),
        "asked_address": SCOREBOARD.to(slug=election.slug) + chosen(election, convention),
        "view": view,
        "views": [(key, words, _address(asked, convention, view=key)) for key, words in _views(election, frame)],
    }
    # A file cannot tell what its address asks for: it has every view.
    has_map = view in {"tiles", "wall"} or frame.static_page is not None
    shown = {state.council_id for state, is_shown in board if is_shown}
    is_mapped = has_map and board and election.only_council is None
    values["tiles"] = tile_map(night, convention, shown=shown) if is_mapped else None
    if view == "wall":
        of_wall = [state for state, is_shown in board if is_shown]
        values |= {"next": next_decided(night, convention, of_wall), "next_most": NEXT}
        return (yield from rendering(environment, "overview/wall.html", values))
    return (yield from rendering(environment, "overview/page.html", values))


def _body_class(view: str, councils: int) -> str:
    """Below the map stands the board, in the view that so many councils have."""
    match view:
        case "wall":
            return view
        case "tiles":
            return f"overview {view} {BoardQuery().view_of(councils)}"
    return f"overview {view}"


def _watched(night: Night, convention: Convention, asked: BoardQuery) -> list[tuple[Watched, str]]:
    """What is watched, each with the address that watches it no more."""
    items = watched(night, convention, asked.watch, lambda election, state: how_far(election, state).standing)
    return [(item, _address(replace(asked, watch=item.others), convention)) for item in items]


def _kept_query(
    election: Election, convention: Convention, asked: BoardQuery, frame: PageFrame
) -> list[tuple[str, str]]:
    """What a form has to send with it to lead back to what is asked for."""
    kept = {} if convention.key == election.convention else {"convention": convention.key}
    moment = {"at": str(frame.past.seq)} if frame.past is not None else {}
    return list({**kept, **moment, **asked.asked()}.items())


def _views(election: Election, frame: PageFrame) -> list[tuple[str, str]]:
    """The views that the page links to: the wall where it is live, the others where there are several councils."""
    return [
        (key, words)
        for key, words in VIEWS.items()
        if (frame.live_url is not None if key == "wall" else election.only_council is None)
    ]


def _filters(night: Night, convention: Convention, asked: BoardQuery) -> dict[str, Any]:
    """What the filters of the board choose from."""
    election = night.election
    offered = parties_to_ask_for(night, convention, asked)
    choices = [*(it for it in election.groups if it in offered or it in election.groups_present), NO_OVERALL_CONTROL]
    return {
        "states": states(election),
        "sorts": SORTS,
        "choices": [(key, election.short(key), name_of(election, key), key in offered) for key in choices],
        "regions": regions(night.councils.values()),
    }


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """Seats that a reporting group gained or lost; ``is_by_name``: it is called by its whole name."""

    group: str
    short: str
    number: int
    is_by_name: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What a complete council's groups gained and lost, each time the most first."""

    gained: list[ChangeItem]
    lost: list[ChangeItem]

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost)


def changes(election: Election, comparison: Comparison) -> Changes:
    """The changes of a complete council; empty where there are none to show."""
    by_size = sorted((comparison.change or {}).items(), key=lambda change: (-abs(change[1]), change[0]))
    by_name = election.told_by_name
    items = [ChangeItem(group, election.short(group), number, group in by_name) for group, number in by_size]
    return Changes([item for item in items if item.number > 0], [item for item in items if item.number < 0])


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far a count is, in words, and beside them when its newest result came, or when the first is due."""

    standing: str
    told_at: datetime | None = None
    due_at: datetime | None = None


def how_far(election: Election, state: CouncilState) -> HowFar:
    """``Awaiting``, ``Recount in 2 wards``, ``22 of 24 wards``, ``By phone``, ``Declared``.

    Where something holds the count up, no time stands beside it: it would be taken for when that is over.
    """
    held_up = None if state.is_complete else sentences.held_up(election, state)
    if held_up is not None:
        return HowFar(held_up)
    announced = (sentences.announcement(result) for result in state.contests.values() if result.entry is not None)
    is_by_phone = state.count.source is SeatSource.TALLY
    told = [entry.at for entry in (*announced, state.tally if is_by_phone else None) if entry is not None]
    if state.is_complete:
        standing = "Declared"
    elif is_by_phone:
        standing = "By phone"
    else:
        # While control is undecided the badge says how many wards are in.
        standing = sentences.progress(election, state) if state.is_certain else stage_of(state).value.capitalize()
    return HowFar(standing, max(told, default=None), None if told else state.next_expected_at)


def last_revision(election: Election, state: CouncilState) -> Entry | None:
    """The newest correction or withdrawal about this council, which its row has to mention."""
    return next(reversed(state.record.since_rehearsal(election.polls_closed_at).revisions), None)


def _address(asked: BoardQuery, convention: Convention, **other: str) -> str:
    return "?" + urlencode({"convention": convention.key, **asked.asked(), **other})
