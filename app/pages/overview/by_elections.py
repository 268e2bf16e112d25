"""By-elections in councils where nothing else is up: they stand apart from the board, a line each."""

from dataclasses import dataclass

from jinja2 import Environment

from app.domain.council import CouncilState
from app.domain.election import Contest, Convention, Election
from app.domain.night import Night
from app.pages.components.badge import Badge, contest_badge_of
from app.pages.contest.view import by_ward
from app.pages.environment import render
from app.pages.overview.board import BoardQuery, RowFacts, by_election_facts
from app.wording import sentences
from app.wording.as_at import final_day


@dataclass(frozen=True, slots=True)
class ByElectionLine:
    """One by-election: its badge where its holder is known, else what came of it, and who is elected."""

    contest: Contest
    facts: RowFacts
    badge: Badge | None
    summary: str
    elected: str


def standing_apart(night: Night) -> list[CouncilState]:
    """The councils that are no councils of the night, by name."""
    apart = (state for state in night.councils.values() if state.council.stands_apart)
    return sorted(apart, key=lambda state: (state.council.name, state.council_id))


def is_asked_for(state: CouncilState, query: BoardQuery) -> bool:
    """Whether ``query`` shows any by-election of such a council."""
    return any(query.shows(by_election_facts(state, result)) for result in state.contests.values())


def by_elections_of(
    environment: Environment, night: Night, state: CouncilState, convention: Convention, element: str
) -> str:
    """The fragment ``element`` of such a council: a line for each of its by-elections."""
    election = night.election
    values = {
        "election": election,
        "convention": convention,
        "state": state,
        "id": element,
        "final": final_day(election, [state]),
        "lines": [_line(election, state, contest) for contest in by_ward(state.council.contests)],
    }
    return render(environment, "overview/_by_elections.html", values)


def _line(election: Election, state: CouncilState, contest: Contest) -> ByElectionLine:
    result, among_all = state.contests[contest.ballot_id], election.among_all
    return ByElectionLine(
        contest=contest,
        facts=by_election_facts(state, result),
        badge=contest_badge_of(among_all, result),
        summary=sentences.contest_summary(among_all, result),
        elected=sentences.listed([sentences.named(among_all, result.contest, it) for it in result.elected]),
    )
