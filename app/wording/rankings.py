"""What is said of rankings: their names, what each covers, and the cells of their rows."""

from collections.abc import Sequence

from app.domain.contest import CandidateResult, ContestState
from app.domain.council import most_seats_first
from app.domain.election import Election
from app.domain.rankings import Ranked, Ranking, RankingTable
from app.wording.contest import named
from app.wording.figures import (
    NO_FIGURE,
    listed,
    plural_bodies,
    plural_contests,
    seats_line,
    sentence,
    signed,
)


def ranking_name(election: Election, ranking: Ranking) -> str:
    """``Closest wards``, ``Highest turnout``."""
    return {
        Ranking.CLOSEST: f"Closest {election.words.contests}",
        Ranking.SAFEST: "Largest margins",
        Ranking.HIGHEST_TURNOUT: "Highest turnout",
        Ranking.LOWEST_TURNOUT: "Lowest turnout",
        Ranking.GAINS: "Biggest gains",
        Ranking.OUT: "Who is out",
        Ranking.ELECTED: "All elected",
    }[ranking]


def ranking_explained(election: Election, ranking: Ranking) -> str:
    """What its figure is, in a sentence."""
    words = election.words
    margin = "Votes of the last elected less those of the best of the others"
    turnout = "Ballot papers by electors, or where papers are not given the percentage as it was announced"
    return {
        Ranking.CLOSEST: f"{margin}, the fewest first.",
        Ranking.SAFEST: f"{margin}, the most first.",
        Ranking.HIGHEST_TURNOUT: f"{turnout}, the highest first.",
        Ranking.LOWEST_TURNOUT: f"{turnout}, the lowest first.",
        Ranking.GAINS: f"{sentence(words.seats)} that a party gained in {words.bodies} that are complete.",
        Ranking.OUT: f"Leaders and others with a role, then who sat for a {words.contest} and was beaten there.",
        Ranking.ELECTED: f"By {words.body} and {words.contest}, in the order of the votes.",
    }[ranking]


def ranking_covers(election: Election, ranking: Ranking, table: RankingTable) -> str:
    """``Covers 148 of 150 declared wards.``, and how many a lot decided, which have no margin."""
    known, of = table.covers
    if not of:
        return f"No {election.words.body} is asked for." if ranking is Ranking.GAINS else "Nothing is declared so far."
    if ranking is Ranking.GAINS:
        which = plural_bodies(election, of)
        return f"Covers {known:,} of {which}: complete, and with something to compare with."
    kind = "filled" if ranking is Ranking.ELECTED else "declared"
    words = election.words
    covers = f"Covers {known:,} of {of:,} {kind} {words.contest if of == 1 else words.contests}."
    if not table.drawn:
        return covers
    has = "has no margin: a lot decided it" if table.drawn == 1 else "have no margin: lots decided them"
    return f"{covers} {plural_contests(election, table.drawn)} {has}."


def ranking_shown(rows: int, of: int) -> str:
    """``All 12 rows.``, ``The first 51 of 3,566 rows, and none cut off among equals.``; empty where there is none."""
    if not of:
        return ""
    if rows == of:
        return f"All {of:,} rows." if of > 1 else "1 row."
    return f"The first {rows:,} of {of:,} rows, and none cut off among equals."


def place_told(row: Ranked) -> str:
    """``3``, ``3=`` of who shares it; a dash where there are no places."""
    return NO_FIGURE if row.place is None else f"{row.place:,}{'=' if row.joint else ''}"


def figure_told(row: Ranked, ranking: Ranking) -> str:
    """``12``, ``34.24%``, ``34.2% as announced``, ``+6``; a dash where there is none."""
    if row.figure is None:
        return NO_FIGURE
    if row.result is not None and row.result.turnout is not None and ranking not in {Ranking.CLOSEST, Ranking.SAFEST}:
        return f"{row.figure:.2f}%" if row.result.turnout.counted else f"{row.figure:g}% as announced"
    return signed(int(row.figure)) if ranking is Ranking.GAINS else f"{int(row.figure):,}"


def people_told(election: Election, row: Ranked, people: Sequence[CandidateResult]) -> str:
    """``Naushabah Khan (LAB)``, those who are level together; empty of nobody."""
    among_all = election.among_all
    return "" if row.result is None else listed([named(among_all, row.result.contest, it) for it in people])


def seats_told(election: Election, row: Ranked) -> str:
    """Who won there: ``LAB 2, CON 1``."""
    seats = most_seats_first(row.result.seats) if row.result is not None else {}
    return seats_line(election.among_all, seats) if seats else NO_FIGURE


def out_told(election: Election, row: Ranked) -> str:
    """``Council leader, lost seat``; of who defended none ``Council leader, not elected``."""
    (candidate,) = row.candidates
    lost = f"lost {election.words.seat}" if candidate.loses_seat else "not elected"
    role = candidate.candidacy.role
    return sentence(f"{role}, {lost}" if role else lost)


def votes_told_of(row: Ranked) -> str:
    """``1,204``, ``825 and a lot``, ``Unopposed``; a dash where votes are not known."""
    (candidate,) = row.candidates
    if row.result is not None and row.result.state is ContestState.UNOPPOSED:
        return "Unopposed"
    if candidate.votes is None:
        return NO_FIGURE
    return f"{candidate.votes:,}{' and a lot' if candidate.by_lot else ''}"


def nothing_ranked(ranking: Ranking, *, is_narrowed: bool) -> str:
    """What stands where there is no row."""
    if is_narrowed:
        return "Nothing here fits what is asked for."
    return "Nobody so far." if ranking in {Ranking.OUT, Ranking.ELECTED} else "Nothing so far."
