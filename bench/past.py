"""What a page of the past costs that nobody has asked for: any of 6,000 entries of a national night.

Processor time for the fold, the fragments, the page and its links: where the night was followed, as a server does, and
where it has just been read from its log. Baseline: the dashboard as it stands, opened by its first reader.
"""

import gc
import time
from collections.abc import Callable, Iterator
from random import Random
from statistics import median
from typing import Any

from app.domain.election import Election
from app.domain.night import Night
from app.pages.contest.view import contest_page
from app.pages.council.view import council_page
from app.pages.environment import load, make_environment
from app.pages.frame import PageFrame
from app.pages.overview.view import overview_page
from app.pages.past import Moments, Past, with_moment
from app.pages.rendering import Renderer
from app.process.turns import Steps
from app.projection.publication import Publication, Published
from bench.goals import Goal, as_json, ratio
from bench.national import national_election, national_night
from bench.options import Options

GOAL_MS = 50
STEP_MS = 20
PAGES = 60
"""Entries that are asked for, at random."""

ENVIRONMENT = make_environment()
load(ENVIRONMENT)

Page = Callable[[Publication, Night, str], Steps[str]]
"""A page of a night; of a contest, or its council, or of neither of them."""


def run(options: Options) -> dict[str, Any]:
    election = national_election(*((5, 10) if options.quick else (300, 20)))
    pages: dict[str, Page] = {"dashboard": _dashboard, "council": _council, "contest": _contest}
    followed, read = _followed(election), _read(election)
    figures = {name: _measured(followed, page) for name, page in pages.items()}
    figures["dashboard, log just read"] = _measured(read, _dashboard)
    opened = median(_opened(_read(election)) for _ in range(min(options.repetitions, 3)))
    for name, told in figures.items():
        print(f"  {name}: median {told['median_ms']:.1f} ms, most {told['most_ms']:.1f} ms", end="")
        print(f", longest step {told['step_ms']:.1f} ms")
    print(f"  the dashboard as it stands, opened first: {opened:.1f} ms")
    goals = [Goal(f"a {name} of the past", figures[name]["most_ms"], GOAL_MS, "ms") for name in pages]
    against = ratio(figures["dashboard"]["median_ms"], opened)
    goals.append(Goal("a dashboard of the past, against the newest opened first", against, 1, "x"))
    goals.append(Goal("the longest step of any", max(told["step_ms"] for told in figures.values()), STEP_MS, "ms"))
    return {**figures, "opened_ms": opened, "nights_kept": len(followed.history), "goals": as_json(goals)}


def _publication(election: Election) -> Publication:
    return Publication(election, "bench", rendering=Renderer(ENVIRONMENT))


def _followed(election: Election) -> Publication:
    """After a night that was declared while somebody had the dashboard open."""
    publication = _publication(election)
    publication.channel(None, election.chosen_convention(None))
    for entry in national_night(election):
        published = Published()
        publication.fold([(entry, {})], published)
        for _ in publication.publish(published):
            pass
    return _set_apart(publication)


def _read(election: Election) -> Publication:
    publication = _publication(election)
    publication.begin((entry, {}) for entry in national_night(election))
    return _set_apart(publication)


def _set_apart(publication: Publication) -> Publication:
    # As a server does with what lasts.
    gc.collect()
    gc.freeze()
    return publication


def _measured(publication: Publication, page: Page) -> dict[str, float]:
    """Milliseconds of processor time for a page, and for the longest of its steps."""
    random = Random(57)  # the same entries every time
    costs, longest = [], 0.0
    for _ in range(PAGES):
        seq = random.randrange(publication.seq)
        ballot_id = random.choice(list(publication.election.contests))
        steps, cost = _of_the_past(publication, seq, ballot_id, page), 0.0
        for step in _timed(steps):
            cost, longest = cost + step, max(longest, step)
        costs.append(cost)
    return {"median_ms": median(costs), "most_ms": max(costs), "step_ms": longest}


def _timed(steps: Steps[str]) -> Iterator[float]:
    """Milliseconds of each step."""
    while True:
        began = time.process_time()
        is_last = next(steps, steps) is steps
        yield 1000 * (time.process_time() - began)
        if is_last:
            return


def _of_the_past(publication: Publication, seq: int, ballot_id: str, page: Page) -> Steps[str]:
    night = yield from publication.at(seq)
    html = yield from page(publication, night, ballot_id)
    return with_moment(html, "/elections/national-2023", seq)


def _dashboard(publication: Publication, night: Night, _: str) -> Steps[str]:
    convention = night.election.chosen_convention(None)
    fragments = yield from publication.fragments_at(night, None, convention, night.councils)
    return (yield from overview_page(ENVIRONMENT, night, convention, fragments, _frame(night), query={}))


def _council(publication: Publication, night: Night, ballot_id: str) -> Steps[str]:
    convention, council_id = night.election.chosen_convention(None), night.election.contest(ballot_id).council_id
    contests = night.election.council(council_id).contests_by_id
    fragments = yield from publication.fragments_at(night, council_id, convention, contests)
    return council_page(ENVIRONMENT, night, council_id, convention, fragments, _frame(night), query={})


def _contest(publication: Publication, night: Night, ballot_id: str) -> Steps[str]:
    convention, council_id = night.election.chosen_convention(None), night.election.contest(ballot_id).council_id
    fragments = yield from publication.fragments_at(night, council_id, convention, [ballot_id])
    return contest_page(ENVIRONMENT, night, ballot_id, convention, fragments, _frame(night))


def _frame(night: Night) -> PageFrame:
    moments = Moments.of(night, f"/elections/{night.election.slug}", night.election.chosen_convention(None))
    past = Past(night.seq, "As it stood", "", "", "https://results.example.org/", moments)
    return PageFrame(night.election, canonical_url=past.now, past=past)


def _opened(publication: Publication) -> float:
    """Milliseconds for the dashboard of a server that nobody has asked for it."""
    night, began = publication.night, time.process_time()
    convention = night.election.chosen_convention(None)
    fragments = publication.channel(None, convention).fragments
    for _ in overview_page(ENVIRONMENT, night, convention, fragments, PageFrame(night.election), query={}):
        pass
    return 1000 * (time.process_time() - began)
