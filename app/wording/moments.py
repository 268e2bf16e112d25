"""A moment of a night in a sentence, and what has come since one."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.declarations import Correction, Entry, Withdrawal
from app.domain.election import Convention, Election
from app.domain.highlights import office_flips, standing_flips
from app.domain.news import News
from app.domain.night import Night
from app.domain.series import Point
from app.wording.figures import (
    clock,
    listed,
    plural,
    plural_bodies,
    plural_contests,
    plural_seats,
    sentence,
    signed,
    stopped,
)
from app.wording.night import short_apart
from app.wording.progress import beside
from app.wording.story.change import side_told
from app.wording.story.houses import House

MOST_NAMED = 3
"""Parties that are named with their seats, unless others have as many as the last of them."""

MOST_LEVEL = 4
"""Of more who are level at the end none is named."""


def moment_told(night: Night, convention: Convention, house: House, point: Point, at: datetime | None) -> str:
    """``At 02:14 BST, with 204 of 277 wards declared, Labour had won 61 seats …; two councils had changed hands``.

    ``point`` is what the scoreboard said then, and ``at`` when the newest entry was announced; None before the first.
    """
    when = f"At {house.clock(night.election, at)}" if at is not None else "Before the first entry"
    seats = _seats_told(night.election, house, {group: score.seats for group, score in point.scores.items()})
    told = "; ".join(filter(None, [seats, _changed_told(night, convention, house)]))
    return stopped(", ".join(filter(None, [when, _declared_told(night), told])))


def _declared_told(night: Night) -> str:
    progress, words = night.shown_progress, night.election.words
    done, total = progress.contests_in, progress.contests_due
    if not total:
        return ""
    if done in (0, total):
        every = f"all {total:,} {words.contests}" if total > 1 else f"its one {words.contest}"
        return f"with {every if done else f'no {words.contest}'} declared{beside(progress)}"
    return f"with {done:,} of {total:,} {words.contests} declared{beside(progress)}"


def _seats_told(election: Election, house: House, seats: Mapping[str, int]) -> str:
    """``Labour had won 610 seats, the Conservatives 540 and the Greens 320``: nobody is left out among equals."""
    won = {group: number for group, number in seats.items() if number > 0 and group not in election.umbrellas}
    numbers = sorted(won.values(), reverse=True)
    if not numbers:
        return f"no {election.words.seat} had been filled"
    least = numbers[:MOST_NAMED][-1]
    named = {group: number for group, number in won.items() if number >= least}
    if len(named) > MOST_LEVEL:
        named = {group: number for group, number in won.items() if number > least}
    if not named:
        return f"{len(won):,} parties had won {house.seats(election, least)} each"
    return side_told(election, named, "had won", house, counted=house.seats)


def _changed_told(night: Night, convention: Convention, house: House) -> str:
    election, flips = night.election, len(standing_flips(night, convention.key))
    offices = len(office_flips(night, convention.key))
    if election.is_of_seats:
        return f"{house.seats(election, flips) if flips else f'no {election.words.seat}'} had changed hands"
    if not night.added_up() or (night.only_state is not None and not flips):
        return ""
    bodies = house.bodies(election, flips) if flips else f"no {election.words.body}"
    beside = f" and {house.counted(offices, 'office', 'offices')}" if offices else ""
    return f"{bodies}{beside} had changed hands"


def since_told(election: Election, news: News, at: datetime | None) -> str:
    """``Since 02:14 BST: 38 wards, 3 councils changed hands``; ``at`` is when the entry was announced that is meant."""
    since = f"Since {clock(election, at)}" if at is not None else "Since the beginning"
    wards = plural_contests(election, news.contests) if news.contests > 0 else ""
    flips = news.standing_flips
    counted = plural_seats(election, flips) if election.is_of_seats else plural_bodies(election, flips)
    undone = f"{len(news.undone):,} undone" if news.undone else ""
    revised = f"{len(news.revisions):,} corrected or withdrawn" if news.revisions else ""
    by_elections = plural(news.by_elections, "by-election") if news.by_elections > 0 else ""
    told = [wards, by_elections, f"{counted} changed hands" if flips else "", *_beside_results(news), undone, revised]
    return f"{since}: {', '.join(filter(None, told)) or ('no result' if news.entries else 'nothing new')}"


def _beside_results(news: News) -> list[str]:
    """``1 tally by phone``, ``2 polls put off``, ``1 recount``."""
    counted = (
        (news.tallies, "tally by phone", "tallies by phone"),
        (len(news.put_off), "poll put off", "polls put off"),
        (len(news.recounts), "recount", "recounts"),
    )
    return [plural(number, one, several) for number, one, several in counted if number]


def seats_since(election: Election, seats: Mapping[str, int]) -> str:
    """``LAB +37, CON +12``, the most first; empty where there are none."""
    ordered = sorted(seats.items(), key=lambda it: -it[1])
    return ", ".join(f"{short_apart(election, group)} {signed(number)}" for group, number in ordered)


def revised_told(election: Election, entry: Entry) -> str:
    """``Correction, Horsted, Medway: two bundles were swapped.``; ``election`` is as it was known then."""
    kind = {Correction: "Correction", Withdrawal: "Withdrawal"}.get(type(entry.declaration), "Catalogue")
    contest = election.contests.get(entry.ballot_id or "")
    council = election.councils.get(entry.council_id or "")
    told = ", ".join([kind, *(it.name for it in (contest, council) if it is not None)])
    return stopped(f"{told}: {entry.reason}" if entry.reason else told)


def chart_title(election: Election, *, of_councils: bool) -> str:
    """``Seats by party over the night``."""
    return f"{sentence(election.words.bodies if of_councils else election.words.seats)} by party over the night"


def chart_described(election: Election, latest: Mapping[str, int], *, of_councils: bool) -> str:
    """The newest figures of a chart as a sentence, by what each line is called."""
    what = f"{election.words.bodies} controlled" if of_councils else f"{election.words.seats} won"
    if not latest:
        return f"No {what} so far."
    return f"{sentence(what)} so far: {listed([f'{name} {number:,}' for name, number in latest.items()])}."
