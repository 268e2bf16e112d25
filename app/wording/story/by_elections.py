"""By-elections one by one: who gained or held each, from whom, and by how much."""

from collections.abc import Iterable, Iterator

from app.domain.contest import ContestResult
from app.domain.election import Election
from app.domain.figures import margin
from app.wording.figures import day
from app.wording.story.change import side_told
from app.wording.story.houses import House
from app.wording.story.text import Part, Sentence, of_contest, of_result, told


def by_elections_told(election: Election, results: Iterable[ContestResult], house: House) -> Iterator[Sentence]:
    """``Labour gained Dale by-election from the Conservatives by 12 votes``, of each that is declared."""
    for result in results:
        if result.seats:
            one = result.contest.seats_up == 1
            yield told("by-election", *(_won(election, result, house) if one else _seats_won(election, result, house)))
        elif not result.is_decided:
            yield told("by-election", of_contest(result.contest), f" was up on {day(election.polling_date)}")


def _won(election: Election, result: ContestResult, house: House) -> list[Part]:
    """Of one seat; who won it, where nobody knows here who held it."""
    between = margin(result)
    by: list[Part] = [" by ", of_result(result, house.votes(between))] if between else []
    name = of_contest(result.contest)
    if result.holders is None:
        (now,) = result.seats
        return [house.party(election, now), " won ", name, *by]
    now, before = result.holders
    if now == before:
        return [house.party(election, now), " held ", name, *by]
    return [house.party(election, now), " gained ", name, f" from {house.party(election, before)}", *by]


def _seats_won(election: Election, result: ContestResult, house: House) -> list[Part]:
    """``the Liberal Democrats gained one of the two seats in Dale by-election from Labour; Labour held one``."""
    name, seats, changes = of_contest(result.contest), result.seats, result.gained
    gained = {group: number for group, number in (changes or {}).items() if number > 0}
    lost = {group: -number for group, number in (changes or {}).items() if number < 0}
    if not gained:
        verb = "won" if changes is None else "held"
        return [of_result(result, side_told(election, seats, verb, house, counted=house.seats)), " in ", name]
    held = {group: number - gained.get(group, 0) for group, number in seats.items() if number > gained.get(group, 0)}
    rest = f"; {side_told(election, held, 'held', house)}" if held else ""
    if len(gained) == 1 and list(gained.values()) == list(lost.values()):
        (now, number), (before,) = *gained.items(), lost
        which = _which(election, number, result.contest.seats_up, house)
        took = of_result(result, f"{house.party(election, now)} gained {which}")
        return [took, " in ", name, f" from {house.party(election, before)}{rest}"]
    moved = side_told(election, gained, "gained", house, counted=house.seats)
    from_whom = f"; {side_told(election, lost, 'lost', house)}" if lost else ""
    return ["in ", name, " ", of_result(result, moved), from_whom, rest]


def _which(election: Election, number: int, of: int, house: House) -> str:
    """``one of the two seats``, ``both seats``, ``all three seats``."""
    if number < of:
        return f"{house.number(number)} of the {house.seats(election, of)}"
    return f"both {election.words.seats}" if of == 2 else f"all {house.seats(election, of)}"
