"""The list of elections, and what a reader sees when something went wrong."""

from collections.abc import Sequence
from http import HTTPStatus

from jinja2 import Environment

from app.domain.night import Night
from app.pages.environment import render
from app.pages.frame import PageFrame

HEADLINES = {
    404: "There is nothing at this address",
    422: "That cannot be shown",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not available just now",
}


def elections_page(environment: Environment, nights: Sequence[Night], frame: PageFrame) -> str:
    """Every election with how far it is, the newest polling day first."""
    newest_first = sorted(nights, key=lambda night: (night.election.polling_date, night.election.name), reverse=True)
    return render(environment, "elections/index.html", {"frame": frame, "nights": newest_first})


def error_page(environment: Environment, status: int, detail: str, frame: PageFrame) -> str:
    """What went wrong and what to do; ``detail`` is a sentence for readers."""
    headline = HEADLINES.get(status, HTTPStatus(status).phrase)
    return render(environment, "error.html", {"frame": frame, "status": status, "headline": headline, "detail": detail})
