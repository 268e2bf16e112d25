"""A council's fragments and its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from app.addresses import COUNCIL_STORY
from app.domain.control import Undecided
from app.domain.council import Comparison, CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Contest, Convention, Election, Party
from app.domain.night import Night
from app.pages.addresses import chosen, council_url, element_id
from app.pages.components.badge import badge_of
from app.pages.components.seating import hemicycle, seat_bar
from app.pages.contest.view import anchor_id, by_ward, is_listed, result_id, row_id
from app.pages.council.listing import ContestQuery, listing, on_page
from app.pages.council.log import council_log
from app.pages.drawn import DRAWN, council_drawn
from app.pages.environment import render
from app.pages.frame import PageFrame
from app.pages.story.view import council_story_part
from app.wording import sentences
from app.wording.as_at import final_day
from app.wording.control import flash_line

MOST_AT_A_GLANCE = 10
"""Contests of the largest council whose page needs no index of them: what fits a screen is its own."""

HEAD = ("verdict", "chamber", "seats", "log")
"""The fragments about the council itself, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the council's fact box."""

    label: str
    text: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A line of the table of seats; ``change`` and ``needs`` are None where there is nothing to say."""

    party: Party
    seats: int
    won: int
    continuing: int
    change: int | None
    needs: int | None


def council_head_fragments(
    environment: Environment, night: Night, council_id: str, convention: Convention
) -> dict[str, str]:
    """Those about the council itself, which every declaration of it may change."""
    election, state = night.election, night.councils[council_id]
    values = {
        "election": election,
        "state": state,
        "council": state.council,
        "comparison": state.comparisons[convention.key],
        "convention": convention,
        **_head(election, state, state.comparisons[convention.key]),
        "lines": council_log(night, council_id),
    }
    elements = {kind: element_id(kind, council_id) for kind in HEAD}
    drawn = {
        element: render(environment, f"council/_{kind}.html", {**values, "id": element})
        for kind, element in elements.items()
    }
    return {**drawn, DRAWN: council_drawn(election, state.council)}


def _head(election: Election, state: CouncilState, comparison: Comparison) -> dict[str, Any]:
    """What they say."""
    return {
        "badge": badge_of(election, state, comparison.convention, at_length=True),
        "verdict": sentences.verdict(election, state),
        "why": sentences.why(election, state, comparison),
        "facts": facts(election, state, comparison),
        "line": sentences.council_line(election, state, comparison),
        "flash": flash_line(election, state.council, comparison),
        "hemicycle": hemicycle(election, state),
        "bar": seat_bar(election, state),
        "rows": seat_rows(election, state, comparison),
        "change_heading": sentences.change_heading(election, comparison),
        "out_of_reach": sentences.out_of_reach(state),
        "change_missing": sentences.change_missing(election, state, comparison),
        "boundary_change": sentences.boundary_change(election, state, comparison),
        "final": final_day(election, [state]),
        "undecided": isinstance(state.control, Undecided),
    }


def council_page(
    environment: Environment,
    night: Night,
    council_id: str,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: PageFrame,
    *,
    query: Mapping[str, str],
) -> str:
    """The page of one council. ``fragments`` are those of its channel; they stand in it byte for byte.

    ``query`` is that of the URL, by which a long list of contests is narrowed. A file, which has none, shows all of it.
    """
    election, state = night.election, night.councils[council_id]
    listed, is_file = is_listed(state.council), frame.static_page is not None
    values = {
        "frame": frame,
        "election": election,
        "council": state.council,
        "conventions": [(each, council_url(election, council_id, each)) for each in election.conventions.values()],
        "convention": convention,
        "description": sentences.description(election, state.council),
        "line": sentences.council_line(election, state, state.comparisons[convention.key]),
        "zone": sentences.zone_name(election),
        "head": {kind: Markup(fragments[element_id(kind, council_id)]) for kind in HEAD},
        "drawn": Markup(fragments[DRAWN]),
        "wards": [] if listed else [_ward(contest, fragments) for contest in by_ward(state.council.contests)],
        "story": Markup(
            council_story_part(environment, night, council_id, convention, is_file=frame.static_page is not None)
        ),
        "story_address": COUNCIL_STORY.to(slug=election.slug, council_id=council_id) + chosen(election, convention),
        "is_indexed": len(state.council.contests) > MOST_AT_A_GLANCE,
        "listing": listing(election, state, convention, ContestQuery.read(query), fragments, whole=is_file)
        if listed
        else None,
    }
    return render(environment, "council/page.html", values)


def contests_on_page(night: Night, council_id: str, query: Mapping[str, str]) -> Iterable[str]:
    """The contests of which :func:`council_page` shows something, by their ballot ids; raises UnknownCouncil."""
    council = night.election.council(council_id)
    if not is_listed(council):
        return council.contests_by_id
    return on_page(night.election, night.councils[council_id], ContestQuery.read(query))


def _ward(contest: Contest, fragments: Mapping[str, str]) -> dict[str, Any]:
    return {
        "contest": contest,
        "anchor": anchor_id(contest.ballot_id),
        "row": Markup(fragments[row_id(contest.ballot_id)]),
        "result": Markup(fragments[result_id(contest.ballot_id)]),
    }


# What the fragments show


def facts(election: Election, state: CouncilState, comparison: Comparison) -> tuple[Fact, ...]:
    """The fact box beside the badge: only the lines there is something to say in."""
    due = sentences.expected(election, state.next_expected_at)
    lines = (
        Fact("Largest", sentences.largest(election, state) or "" if state.holder == NO_OVERALL_CONTROL else ""),
        Fact("To come", sentences.no_longer_possible(state) or ""),
        Fact("Now", sentences.council_status(election, state) or ""),
        Fact("Expected", sentences.sentence(due or "")),
        Fact("Before", comparison.before.note if comparison.before else ""),
        Fact("History", sentences.history(election, state) or ""),
        Fact("Turnout", sentences.turnout_of_all(election, state.votes) or ""),
        Fact("Share", sentences.share_of_all(election, state.votes) or ""),
        Fact("Vacant", sentences.vacancies(election, state) or ""),
        Fact("Count", sentences.source(election, state) if state.council.has_chamber else ""),
        Fact("Check", sentences.disagreement(election, state) or "", warns=True),
        Fact("Note", state.council.note),
    )
    return tuple(fact for fact in lines if fact.text)


def seat_rows(election: Election, state: CouncilState, comparison: Comparison) -> tuple[SeatRow, ...]:
    """Every group that has seats, had some, or can still win control."""
    groups = dict.fromkeys([*state.seats, *state.needs, *(comparison.change or {})])
    return tuple(_seat_row(election, state, comparison, group) for group in groups)


def _seat_row(election: Election, state: CouncilState, comparison: Comparison, group: str) -> SeatRow:
    seats = state.seats.get(group, 0)
    continuing = min(seats, state.council.continuing.get(group, 0))
    return SeatRow(
        party=election.party(group),
        seats=seats,
        won=seats - continuing,
        continuing=continuing,
        change=None if comparison.change is None else comparison.change.get(group, 0),
        needs=state.needs.get(group),
    )
