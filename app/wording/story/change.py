"""What is otherwise than before: the second paragraph of a council's story."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from app.domain.council import Comparison, CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.figures import FirstSince, Reckoning
from app.wording.control import basis_wording
from app.wording.council import boundary_change
from app.wording.figures import listed, signed
from app.wording.story.houses import House
from app.wording.story.text import Sentence, told

_COMPARED_WITH: Mapping[str, str] = {
    "eve": "the eve of poll",
    "last": "the last election",
    "notional": "the notional result on the new boundaries",
}


def change_told(election: Election, state: CouncilState, comparison: Comparison, house: House) -> Iterator[Sentence]:
    """Who had it before and for how long, for the first time since when, and what each party gained and lost."""
    if state.council.stands_apart:
        return
    yield before_told(election, state, comparison, house)
    if state.council.is_single and comparison.gain is not None:
        yield told("gain", f"{house.party(election, comparison.gain.now)} gained it")
    first = state.first_since
    if first is not None:
        it = "There" if first.control == NO_OVERALL_CONTROL else "It"
        yield told("first", f"{it} was {first_told(election, state, first, house)}")
    yield from _changes(election, state, comparison, house)
    boundaries = boundary_change(election, state, comparison)
    if boundaries is not None:
        yield told("boundaries", boundaries)


def before_told(election: Election, state: CouncilState, comparison: Comparison, house: House) -> Sentence:
    """``The Conservatives had held the council since 2003``; without a history, on which basis they held it."""
    before, body = comparison.before, "office" if state.council.is_single else election.words.body
    if before is None:
        return told("before", "There is nothing to compare it with: what there was before is not on file here")
    history = state.council.history
    known = history[-1].since[:4] if history and history[-1].control == before.control else ""
    since = f"since {known}" if known else basis_wording(before.basis)
    note = f" ({before.note})" if before.note else ""
    if before.control == NO_OVERALL_CONTROL:
        return told("before", f"There {'had been' if known else 'was'} no overall control {since}{note}")
    party = house.party(election, before.control)
    return told("before", f"{party} {'had held' if known else 'held'} the {body} {since}{note}")


def first_told(election: Election, state: CouncilState, first: FirstSince, house: House) -> str:
    """``the first majority for Labour since 1998 at least``, ``no overall control for the first time ever``."""
    since = {
        Reckoning.SINCE: f" since {first.year}",
        Reckoning.AT_LEAST: f" since {first.year} at least",
        Reckoning.EVER: " ever",
    }[first.reckoning]
    if first.control == NO_OVERALL_CONTROL:
        return f"no overall control for the first time{since}"
    if state.council.total_seats == 1:
        return f"{house.party(election, first.control)} for the first time{since}"
    return f"the first majority for {house.party(election, first.control)}{since}"


def _changes(election: Election, state: CouncilState, comparison: Comparison, house: House) -> Iterator[Sentence]:
    """Every party's, against the basis of the house."""
    change, words = comparison.change, election.words
    if state.council.is_single or not state.is_complete:
        return
    if change is None and comparison.before is None:
        return
    if change is None:
        yield told(
            "change", f"There is no comparison of {words.seats}: those held before are not on file on this basis"
        )
        return
    basis = comparison.change_basis or ""
    compared = f"Compared with {_COMPARED_WITH.get(basis, f'the basis “{basis}”')}"
    if not change:
        yield told("change", f"{compared}, no party gained or lost {words.seats}")
    elif house is House.PA:
        moved = sorted(change.items(), key=lambda it: -it[1])
        listing = ", ".join(f"{house.party(election, group)} {signed(number)}" for group, number in moved)
        yield told("change", f"{compared}: {listing}")
    else:
        yield told("change", f"{compared}, {_in_words(election, change, house)}")


def _in_words(election: Election, change: Mapping[str, int], house: House) -> str:
    """``Labour gained 13 seats and independents two; the Conservatives lost 11``."""
    gained = {group: number for group, number in change.items() if number > 0}
    lost = {group: -number for group, number in change.items() if number < 0}
    sides = [side_told(election, gained, "gained", house, counted=house.seats)] if gained else []
    sides += [side_told(election, lost, "lost", house, counted=None if gained else house.seats)] if lost else []
    return "; ".join(sides)


def side_told(
    election: Election,
    numbers: Mapping[str, int],
    verb: str,
    house: House,
    *,
    counted: Callable[[Election, int], str] | None = None,
) -> str:
    """``the Greens gained six seats, and Labour and the Liberal Democrats two each``: ``counted`` names what once."""
    levels = list[str]()
    for number, level in groupby(sorted(numbers.items(), key=lambda it: -it[1]), key=lambda it: it[1]):
        groups = [house.party(election, group) for group, _ in level]
        each = " each" if len(groups) > 1 else ""
        how_many = house.number(number) if levels or counted is None else counted(election, number)
        levels.append(f"{listed(groups)} {'' if levels else f'{verb} '}{how_many}{each}")
    if all(" and " not in level for level in levels):
        return listed(levels)
    return ", and ".join([", ".join(levels[:-1]), levels[-1]]) if len(levels) > 1 else levels[0]
