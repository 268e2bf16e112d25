"""The page of what has happened since an entry: for who comes back, and for who takes over."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from jinja2 import Environment
from markupsafe import Markup

from app.domain.contest import Beaten, ContestResult
from app.domain.declarations import Entry
from app.domain.election import Convention, Election
from app.domain.news import News
from app.domain.night import Night
from app.pages.addresses import contest_url, council_url, over_time_url, since_url
from app.pages.drawn import DRAWN
from app.pages.environment import rendering
from app.pages.flips.items import decision_items
from app.pages.frame import PageFrame
from app.process.turns import Steps
from app.wording.contest import contest_status, named
from app.wording.figures import clock
from app.wording.moments import revised_told, seats_since, since_told


def since_page(
    environment: Environment,
    night: Night,
    convention: Convention,
    news: News,
    since: datetime | None,
    fragments: Mapping[str, str],
    frame: PageFrame,
) -> Steps[str]:
    """The page; ``since`` is when the entry was announced that is counted from, None before the first.

    ``fragments`` are those of the dashboard.
    """
    election = night.election
    yield
    values = {
        "frame": frame,
        "election": election,
        "convention": convention,
        "conventions": [(it, since_url(election, it, news.since)) for it in election.conventions.values()],
        "told": since_told(election, news, since),
        "seats": seats_since(election, news.seats),
        "sections": [
            ("Changes of control", decision_items(night, convention, news.flips)),
            ("No longer so", decision_items(night, convention, news.undone)),
            ("Held", decision_items(night, convention, news.holds)),
        ],
        "contests": [
            ("Put off", list(_contests(election, convention, news.put_off))),
            ("Recounts", list(_contests(election, convention, news.recounts))),
        ],
        "leaders": list(_leaders(election, convention, news.leaders)),
        "revisions": list(_revisions(night, convention, news.revisions)),
        "then": over_time_url(election, convention, at=news.since),
        "drawn": Markup(fragments[DRAWN]),
    }
    return (yield from rendering(environment, "over_time/since.html", values))


def _contests(
    election: Election, convention: Convention, results: Sequence[ContestResult]
) -> Iterator[tuple[str, str, str]]:
    """Which, where that is told, and what is said of it."""
    for it in results:
        where = f"{it.contest.name}, {election.council(it.contest.council_id).name}"
        yield where, contest_url(election, it.contest.ballot_id, convention), contest_status(election, it)


def _leaders(election: Election, convention: Convention, leaders: Sequence[Beaten]) -> Iterator[tuple[str, str, str]]:
    """Who, where that is told, and where it was."""
    for it in leaders:
        where = f"{it.contest.name}, {election.council(it.contest.council_id).name}"
        yield (
            named(election.among_all, it.contest, it.candidate),
            contest_url(election, it.contest.ballot_id, convention),
            where,
        )


def _revisions(night: Night, convention: Convention, entries: Sequence[Entry]) -> list[tuple[str, str, str]]:
    """When, what, and where that is told: the newest first."""
    election = night.election
    return [
        (
            clock(election, entry.at),
            revised_told(night.election_at(entry.seq), entry),
            council_url(election, entry.council_id, convention) if entry.council_id else "",
        )
        for entry in reversed(entries)
    ]
