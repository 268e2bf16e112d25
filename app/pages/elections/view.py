"""The list of elections, and what a reader sees when something went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from jinja2 import Environment

from app.domain.election import Election
from app.domain.night import Night
from app.pages.environment import render
from app.pages.frame import PageFrame
from app.pages.overview.scoreboard import ScoreboardRow, scoreboard_rows
from app.wording.night import by_elections, safe_beforehand, so_far

HEADLINES = {
    404: "There is nothing at this address",
    422: "That cannot be shown",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not available just now",
}


MOST_PARTIES = 6
"""Named with their seats on the list of elections; the others are counted."""


@dataclass(frozen=True, slots=True)
class ElectionScore:
    """An election in brief, as at the time of its newest entry (None: before the first).

    ``beforehand`` says what is safe before a vote is counted, and is empty from then on. ``councils`` are the parties
    that control some, and NOC; ``seats`` those with the most, and the others are counted. ``apart`` tells of
    by-elections beside them.
    """

    election: Election
    at: datetime | None
    so_far: str
    beforehand: str
    councils: tuple[ScoreboardRow, ...]
    seats: tuple[ScoreboardRow, ...]
    others: int
    seats_of_others: int
    apart: str | None


def election_score(night: Night, at: datetime | None) -> ElectionScore:
    """That of ``night`` under its usual convention."""
    convention = night.election.chosen_convention(None)
    rows = scoreboard_rows(night, convention) if night.progress.councils_total else []
    seated = sorted((row for row in rows if row.seats), key=lambda row: -row.seats)
    others = seated[MOST_PARTIES:]
    return ElectionScore(
        election=night.election,
        at=at,
        so_far=so_far(night),
        beforehand=safe_beforehand(night) or "",
        councils=tuple(row for row in rows if row.councils) if night.only_state is None else (),
        seats=tuple(seated[:MOST_PARTIES]),
        others=len(others),
        seats_of_others=sum(row.seats for row in others),
        apart=by_elections(night, convention) if at is not None else None,
    )


def elections_page(environment: Environment, scores: Sequence[ElectionScore], frame: PageFrame) -> str:
    """The score of every election, the newest polling day first."""
    newest_first = sorted(scores, key=lambda it: (it.election.polling_date, it.election.name), reverse=True)
    return render(environment, "elections/index.html", {"frame": frame, "scores": newest_first})


def error_page(
    environment: Environment, status: int, detail: str, frame: PageFrame, *, meant: Sequence[tuple[str, str]] = ()
) -> str:
    """What went wrong and what to do; ``detail`` is a sentence for readers.

    ``meant`` are names and addresses of what may have been asked for.
    """
    headline = "Several are called so" if meant else HEADLINES.get(status, HTTPStatus(status).phrase)
    values = {"frame": frame, "status": status, "headline": headline, "detail": detail, "meant": meant}
    return render(environment, "error.html", values)
