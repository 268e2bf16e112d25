"""Smaller widgets: the scoreboard, the ticker, a council's line, one contest, one number. The pages' own fragments."""

from collections.abc import Mapping
from dataclasses import replace

from jinja2 import Environment
from markupsafe import Markup

from app.domain.election import Convention
from app.domain.night import Night
from app.pages.addresses import element_id
from app.pages.contest.view import result_id, whole_fragments
from app.pages.drawn import DRAWN
from app.pages.embed.widget import SCORE_FRAGMENTS, Show, WidgetFrame
from app.pages.environment import render
from app.wording import sentences
from app.wording.night import compared_with, so_far
from app.wording.numbers import Number, heading_of, number_line, number_told

NUMBER = "number"
"""The element id of what a widget of a number shows."""

TICKER = "ticker"


def scoreboard_widget(
    environment: Environment, night: Night, convention: Convention, fragments: Mapping[str, str], frame: WidgetFrame
) -> str:
    """The parties, all of them, and how far the night is."""
    ids = (*SCORE_FRAGMENTS, DRAWN)
    values = {
        "frame": replace(frame, fragments=ids),
        "election": night.election,
        "fragment": {element: Markup(fragments[element]) for element in ids},
        "only_state": night.only_state,
        "has_scoreboard": bool(night.progress.councils_total),
        "compared_with": compared_with(night.election, convention),
    }
    return render(environment, "embed/scoreboard.html", values)


def ticker_widget(
    environment: Environment, night: Night, fragments: Mapping[str, str], frame: WidgetFrame, show: Show
) -> str:
    """The newest lines of the night; there are more of them than are seen, unless all are to be shown."""
    values = {
        "frame": replace(frame, fragments=(TICKER, DRAWN)),
        "election": night.election,
        "ticker": Markup(fragments[TICKER]),
        "drawn": Markup(fragments[DRAWN]),
        "is_whole": show is Show.ALL,
        "far": so_far(night),
    }
    return render(environment, "embed/ticker.html", values)


def line_widget(
    environment: Environment,
    night: Night,
    council_id: str,
    convention: Convention,
    fragments: Mapping[str, str],
    frame: WidgetFrame,
) -> str:
    """A council in a line or two: its name, its badge, and the verdict."""
    state, verdict = night.councils[council_id], element_id("verdict", council_id)
    values = {
        "frame": replace(frame, fragments=(verdict, DRAWN)),
        "election": night.election,
        "council": state.council,
        "line": sentences.council_line(night.election, state, state.comparisons[convention.key]),
        "verdict": Markup(fragments[verdict]),
        "drawn": Markup(fragments[DRAWN]),
    }
    return render(environment, "embed/line.html", values)


def contest_widget(
    environment: Environment, night: Night, ballot_id: str, fragments: Mapping[str, str], frame: WidgetFrame
) -> str:
    """A contest with all its candidates. What its council's channel does not have is made for it, which then asks."""
    election, element = night.election, result_id(ballot_id)
    contest = election.contest(ballot_id)
    council = election.council(contest.council_id)
    if element not in fragments:
        fragments, frame = {**fragments, **whole_fragments(environment, night, ballot_id)}, frame.asking()
    values = {
        "frame": replace(frame, fragments=(element, DRAWN)),
        "election": election,
        "council": council,
        "contest": contest,
        "line": sentences.contest_line(election, council, night.result(ballot_id)),
        "result": Markup(fragments[element]),
        "drawn": Markup(fragments[DRAWN]),
    }
    return render(environment, "embed/contest.html", values)


def number_widget(
    environment: Environment, night: Night, convention: Convention, frame: WidgetFrame, number: Number, group: str
) -> str:
    """One number, large. It is not pushed, and asks for itself."""
    told = number_told(night, convention, number, group)
    values = {
        "frame": replace(frame, fragments=(NUMBER,)),
        "election": night.election,
        "group": group,
        "heading": heading_of(night, group),
        "told": told,
        "line": number_line(night, told, group),
        "element": NUMBER,
    }
    return render(environment, "embed/number.html", values)
