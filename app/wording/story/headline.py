"""The headline of a council's story."""

from app.domain.contest import ContestResult
from app.domain.control import Undecided
from app.domain.council import Comparison, CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Election
from app.domain.holders import Holders, Outcome
from app.wording.control import flash_line, holders_line
from app.wording.council import verdict
from app.wording.figures import seats_line, sentence
from app.wording.progress import progress_declared
from app.wording.story.houses import House, called
from app.wording.story.text import Part, Sentence, headed, of_contest, of_council


def headline(election: Election, state: CouncilState, comparison: Comparison, house: House) -> Sentence:
    """``Labour gains control of Medway from Conservatives``; on the wire the slug ``LAB gain Medway from CON``."""
    if not state.council.is_known_whole or state.council.stands_apart:
        return headed(*_by_elections(election, state, house))
    if state.council.is_single or isinstance(state.control, Undecided):
        return headed(of_council(state), ": ", _no_control(election, state, comparison, house))
    if house is House.PA and (flash := flash_line(election, state.council, comparison)):
        before, _, after = flash.partition(state.council.name)
        return headed(before, of_council(state), after)
    return headed(*_control(election, state, comparison.holders, house))


def _control(election: Election, state: CouncilState, holders: Holders | None, house: House) -> list[Part]:
    now, name = state.holder or "", of_council(state)
    if holders is None:
        if now == NO_OVERALL_CONTROL:
            return [name, ": no overall control"]
        return [name, ": ", f"majority for {house.party(election, now)}"]
    if now == NO_OVERALL_CONTROL:
        if holders.outcome is Outcome.HOLD:
            return [name, " stays under no overall control"]
        verb = house.verb(election, holders.before, "loses", "lose")
        return [f"{_bare(election, holders.before)} {verb} control of ", name]
    if holders.outcome is Outcome.HOLD:
        return [f"{_bare(election, now)} {house.verb(election, now, 'holds', 'hold')} ", name]
    gains = f"{_bare(election, now)} {house.verb(election, now, 'gains', 'gain')} control of "
    of_nobody = holders.before == NO_OVERALL_CONTROL
    return [gains, name, "" if of_nobody else f" from {_of(election, holders.before)}"]


def _no_control(election: Election, state: CouncilState, comparison: Comparison, house: House) -> str:
    """Of a single office who is elected and from whom it is gained; of a council that is undecided how far it is."""
    if state.council.is_single:
        if state.holder is None:
            return "nobody elected" if state.is_complete else "no result yet"
        if house is House.PA:
            return "; ".join(filter(None, (verdict(election, state), flash_line(election, state.council, comparison))))
        gain = comparison.gain
        return f"{verdict(election, state)}{f', a gain from {_of(election, gain.before)}' if gain else ''}"
    if not state.contests_declared and state.tally is None:
        return "no result yet"
    return f"control undecided with {progress_declared(election, state)}"


def _by_elections(election: Election, state: CouncilState, house: House) -> list[Part]:
    """Of one, who gains or holds it; of several how many are declared."""
    results = list(state.contests.values())
    if len(results) > 1 or not results or not results[0].seats:
        return [of_council(state), f": {progress_declared(election, state)}"]
    return [*_won(election, results[0], house), " (", of_council(state), ")"]


def _won(election: Election, result: ContestResult, house: House) -> list[Part]:
    line = holders_line(election, "\n", result.holders) if house is House.PA else None
    if line is not None:
        before, _, after = line.partition("\n")
        return [before, of_contest(result.contest), after]
    if result.holders is None:
        return [of_contest(result.contest), f": {seats_line(election, result.seats)}"]
    now, before = result.holders
    if now == before:
        return [f"{_bare(election, now)} {house.verb(election, now, 'holds', 'hold')} ", of_contest(result.contest)]
    gains = f"{_bare(election, now)} {house.verb(election, now, 'gains', 'gain')} "
    return [gains, of_contest(result.contest), f" from {_of(election, before)}"]


def _bare(election: Election, group: str) -> str:
    """As headlines call a party: ``Conservatives``."""
    return sentence(_of(election, group))


def _of(election: Election, group: str) -> str:
    return called(election, group).name.removeprefix("the ")
