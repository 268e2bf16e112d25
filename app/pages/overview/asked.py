"""What a reader asks of the board: the parties to choose from, and what the councils that are asked for add up to."""

from jinja2 import Environment

from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.night import Night
from app.domain.scoreboard import scoreboard_of
from app.pages.environment import render
from app.pages.overview.board import BoardQuery, row_facts
from app.pages.overview.scoreboard import parties_of, with_a_row
from app.wording.asked import asked_for, change_covers
from app.wording.night import others_told


def parties_to_ask_for(night: Night, convention: Convention, asked: BoardQuery) -> list[str]:
    """The groups that have a row of their own, lead somewhere, or are ``asked`` for; then NOC.

    Whoever comes to lead later is in the form as well, and ``js/overview/filters.js`` offers it then.
    """
    leading = {group for state in night.added_up() for group in (state.holder, *state.largest)}
    found = {*with_a_row(night, convention), *leading, asked.party, asked.gained, asked.lost}
    present = night.election.groups_present | {asked.party, asked.gained, asked.lost}
    return [*(it for it in night.election.groups if it in found and it in present), NO_OVERALL_CONTROL]


def asked_scoreboard(
    environment: Environment, night: Night, convention: Convention, asked: BoardQuery, *, rehearsal: bool = False
) -> str:
    """The scoreboard of the councils that are asked for, with what it covers; of a ``rehearsal`` it says so itself."""
    election = night.election
    chosen = [state for state in night.added_up() if asked.shows(row_facts(state, convention))]
    parties = parties_of(night, convention, chosen)
    values = {
        "election": election,
        "convention": convention,
        "rehearsal": rehearsal,
        "heading": asked_for(election, asked.asked(), sum(it.is_complete for it in chosen), len(chosen)),
        "parties": parties,
        "others": others_told(election, parties.others_seats, len(parties.others)),
        "covers": change_covers(election, scoreboard_of(chosen, convention.key), len(chosen)),
    }
    return render(environment, "overview/asked.html", values)
