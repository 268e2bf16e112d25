"""The night so far before a vote is counted, of one body alone, and of nothing but by-elections."""

from collections import Counter
from collections.abc import Iterator, Sequence

from app.domain.contest import ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.highlights import (
    in_state,
    newest_entry,
    results_of,
)
from app.domain.night import Night
from app.wording.figures import day
from app.wording.progress import beside
from app.wording.story.by_elections import by_elections_told
from app.wording.story.change import before_told, side_told
from app.wording.story.control import control_told
from app.wording.story.houses import House
from app.wording.story.night_parts import (
    gained_and_lost,
    is_begun,
    leaders_told,
    most_told,
    newest_time,
    offices_told,
    with_council,
)
from app.wording.story.text import Sentence, told
from app.wording.story.wards import after_so_many, closest_told, without_poll_told

MOST_BY_ELECTIONS = 4
"""Told one by one; more are counted."""


def of_one_body(night: Night, state: CouncilState, convention: Convention, house: House) -> Iterator[Sentence]:
    """Who controls it, or how far it is; whose seats changed hands, who is out, what was closest."""
    election = night.election
    yield from control_told(election, state, house)
    if state.is_certain:
        yield before_told(election, state, state.comparisons[convention.key], house)
    yield from offices_told(night, convention, house)
    held = Counter(group for result in state.contests.values() for group in (result.won_last_time or {}))
    if held and not is_begun(night):
        yield told("defended", side_told(election, held, "defended", house, counted=house.seats))
    gains = state.gains
    if gains is not None and gains.contests:
        net = {group: gains.net(group) for group in {**gains.gained, **gains.lost}}
        sides = most_told(election, net, house)
        yield told("seats", after_so_many(election, [state]), sides or f"no {election.words.seat} had changed hands")
    yield from leaders_told(night, house)
    yield from closest_told(election, [state], house)
    yield from without_poll_told(election, state, house)


def of_by_elections(night: Night, house: House) -> Iterator[Sentence]:
    """Each of a few, or how many of them changed hands."""
    election, done = night.election, night.progress_apart
    entry = newest_entry(night)
    number = f"{done.contests_in:,} of {done.contests_due:,} by-elections"
    if entry is None:
        were_up = house.counted(done.contests_total, "by-election was", "by-elections were")
        yield told("progress", f"{were_up} up on {day(election.polling_date)}")
    else:
        yield told("progress", "By ", newest_time(night, house), f" {number} had been declared{beside(done)}")
    declared = [result for result in results_of(night.councils.values()) if result.seats]
    if len(declared) <= MOST_BY_ELECTIONS:
        yield from by_elections_told(election, declared, house)
    else:
        yield from _by_elections_counted(election, declared, house)
        yield from closest_told(election, list(night.councils.values()), house, named=with_council(election))
    yield from leaders_told(night, house)


def _by_elections_counted(election: Election, declared: Sequence[ContestResult], house: House) -> Iterator[Sentence]:
    flips = [it.holders for it in declared if it.holders is not None and it.holders.now != it.holders.before]
    if not flips:
        yield told("flips", f"No {election.words.seat} was seen to change hands")
    else:
        told_of = f"{house.seats(election, len(flips))} changed hands: "
        yield told("flips", told_of, gained_and_lost(election, flips, house))
    won = Counter(group for result in declared for group in result.seats)
    yield told("seats", f"Won so far: {house.seats_of(election, dict(won.most_common()))}")


def before_the_count(night: Night, convention: Convention, house: House) -> Iterator[Sentence]:
    """What is up, who defends what, what is certain already, and what comes first."""
    election, councils = night.election, night.added_up()
    # As many as are counted wherever it is told how far the night is: single offices are among them.
    bodies = [state.council for state in night.councils.values() if not state.council.stands_apart]
    up = sum(council.seats_up for council in bodies)
    wards = sum(len(council.contests) for council in bodies)
    seats = f"{house.seats(election, up)}, in {house.contests(election, wards)}"
    verb = "was" if up == 1 else "were"
    yield told("up", f"In {house.bodies(election, len(bodies))} {seats}, {verb} up on {day(election.polling_date)}")
    yield from _defended(night, councils, convention, house)
    certain: Counter[str] = Counter(state.holder for state in councils if state.holder is not None)
    nobody = certain.pop(NO_OVERALL_CONTROL, 0)
    if certain:
        sure = side_told(election, certain, "could count on", house, counted=house.bodies)
        yield told("safe", f"Before a vote was counted, {sure}")
    if nobody:
        yield told("safe", f"Nobody could win {house.bodies(election, nobody)}, whatever was counted")
    unopposed = in_state(results_of(councils), ContestState.UNOPPOSED)
    if unopposed:
        yield told("unopposed", f"No poll was needed in {house.contests(election, len(unopposed))}")


def _defended(
    night: Night, councils: Sequence[CouncilState], convention: Convention, house: House
) -> Iterator[Sentence]:
    """Who controlled how many of them, by the house's bases."""
    befores = [before for state in councils if (before := state.comparisons[convention.key].before) is not None]
    held = Counter(before.control for before in befores)
    nobody = held.pop(NO_OVERALL_CONTROL, 0)
    none = f"{house.number(nobody)} had no overall control" if nobody else ""
    defended = side_told(night.election, held, "defended", house, counted=house.bodies) if held else ""
    if befores:
        yield told("defended", "; ".join(part for part in (defended, none) if part))
