"""The list of elections, and what a reader sees when something went wrong."""

from collections.abc import Sequence
from http import HTTPStatus

from jinja2 import Environment

from app.domain.night import Night
from app.pages.environment import render
from app.pages.patterns.view import patterns_page

HEADLINES = {
    404: "There is nothing at this address",
    422: "That cannot be shown",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not available just now",
}


def elections_page(
    environment: Environment, nights: Sequence[Night], *, canonical_url: str = "", notice: str = ""
) -> str:
    """Every election with how far it is, the newest polling day first."""
    newest_first = sorted(nights, key=lambda night: (night.election.polling_date, night.election.name), reverse=True)
    values = {
        "nights": newest_first,
        "election": None,
        "live_url": None,
        "canonical_url": canonical_url,
        "notice": notice,
    }
    return render(environment, "elections/index.html", values)


def error_page(environment: Environment, status: int, detail: str, *, notice: str = "") -> str:
    """What went wrong and what to do; ``detail`` is a sentence for readers."""
    values = {
        "status": status,
        "headline": HEADLINES.get(status, HTTPStatus(status).phrase),
        "detail": detail,
        "election": None,
        "live_url": None,
        "notice": notice,
    }
    return render(environment, "error.html", values)


__all__ = ["elections_page", "error_page", "patterns_page"]
