"""The server's side of the rules that a browser has as well."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from app.desk.board.lines import Work, WorkLine, is_shown
from app.desk.entry.typed import read_result
from app.domain.contest import tied_across_last_seat, winners
from app.domain.election import Candidacy
from app.domain.night import Night
from app.domain.second_check import count
from app.pages.embed.widget import Choice
from app.pages.overview.board import BoardQuery, RowFacts, Stage
from tests.builders import LAB, a_contest, a_council, an_election
from tests.shared_cases import cases

POLLING_NIGHT = datetime(2023, 5, 5, 3, 20, tzinfo=UTC)

NUMBERS, WINNERS, FILTERS, CHOICES, DESK = map(cases, ("numbers", "winners", "filters", "choices", "desk_board"))


@pytest.mark.parametrize(("typed", "number"), NUMBERS.items())
def test_a_figure_is_read_as_it_is_typed(typed: str, number: int | None) -> None:
    assert count(typed.strip()) == number


def drawn_in_the_form(case: dict) -> Sequence[str] | None:
    """Everybody who is elected, as the desk's form says it once a lot was drawn."""
    candidacies = tuple(Candidacy(str(number), f"Candidate {number}", LAB) for number in range(len(case["votes"])))
    form = {f"votes.{number}": [written] for number, written in enumerate(case["votes"])}
    form["drawn"] = [str(number) for number in case.get("drawn", [])]
    contest = a_contest(candidacies=candidacies, seats_up=case["seats"])
    typed = read_result(an_election(a_council(contest)), contest, form, now=POLLING_NIGHT)
    return typed.body.get("elected")


@pytest.mark.parametrize("case", WINNERS, ids=lambda case: case["told"])
def test_winners_and_ties_follow_from_the_votes_as_typed(case: dict) -> None:
    counts = {index: count(written) for index, written in enumerate(case["votes"])}
    votes = {str(index): number for index, number in counts.items() if number is not None}
    if len(votes) < len(counts):
        # Of a result that is not whole nothing is derived.
        assert (case["elected"], case["tied"]) == ([], [])
        return
    tied = tied_across_last_seat(votes, case["seats"])
    # Who was drawn is named by the form; until then nobody who is tied is elected.
    elected = drawn_in_the_form(case) or winners(votes, case["seats"])
    if elected is None:
        elected = {name for name in votes if votes[name] > votes[min(tied)]}
    assert sorted(map(int, elected)) == case["elected"]
    assert sorted(map(int, tied)) == case["tied"]


def facts_of(row: dict) -> RowFacts:
    """A council that waits for its first ward, but for what is said."""
    usual = dict.fromkeys(("gained", "lost", "region"), "") | dict.fromkeys(
        ("updated", "expected", "line", "happened"), 0
    )
    return RowFacts(**{**usual, **row, "stage": Stage(row["stage"]), "parties": tuple(row.get("parties", ()))})


def in_order(rows: list[RowFacts], query: BoardQuery) -> list[str]:
    return [row.name for row in sorted(rows, key=query.key(rows)) if query.shows(row)]


@pytest.mark.parametrize("case", FILTERS["cases"], ids=lambda case: case["told"])
def test_the_board_shows_what_is_asked_for_in_the_order_asked_for(case: dict) -> None:
    assert in_order([facts_of(row) for row in FILTERS["rows"]], BoardQuery.read(case["query"])) == case["shown"]


@pytest.mark.parametrize("case", FILTERS["nights"], ids=lambda case: case["told"])
def test_the_board_of_a_night_has_first_what_happened_then_what_is_about_to(case: dict) -> None:
    assert in_order([facts_of(row) for row in case["rows"]], BoardQuery()) == case["shown"]


@pytest.mark.parametrize("case", CHOICES["cases"], ids=lambda case: case["told"])
def test_a_widget_shows_the_councils_that_are_chosen_in_their_order(case: dict) -> None:
    councils = [
        a_council(a_contest(one, council_id=one), council_id=one, region=region)
        for one, region in CHOICES["councils"].items()
    ]
    choice = Choice.read(case["query"].get("region", ""), case["query"].get("councils", ""))
    night = Night.before_first(an_election(*councils))
    assert [state.council_id for state in choice.of(night.councils.values())] == case["shown"]


@pytest.mark.parametrize("case", DESK["cases"], ids=lambda case: case["told"])
def test_the_desks_board_is_narrowed_by_state_and_words(case: dict) -> None:
    lines = [
        WorkLine(
            "",
            line["name"],
            line["council"],
            "",
            Work.COUNTING,
            "",
            tuple(line["tags"]),
            aliases=line.get("aliases", ""),
        )
        for line in DESK["lines"]
    ]
    exact, forgiven = (
        [line.name for line in lines if is_shown(line, case["state"], case["q"].strip(), forgiving=forgiving)]
        for forgiving in (False, True)
    )
    assert (exact or forgiven) == case["shown"]
