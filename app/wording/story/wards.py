"""What happened in a council's wards: the third paragraph of its story."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from app.domain.contest import PUT_OFF, Beaten, CandidateResult, ContestResult, ContestState
from app.domain.council import CouncilState
from app.domain.declarations import Entry
from app.domain.election import Contest, Election
from app.domain.figures import between
from app.domain.highlights import closest, corrected, in_state, lots, results_of, withdrawn
from app.wording.announced import impossible_figures
from app.wording.contest import named as with_party
from app.wording.derived import turnout_of_all
from app.wording.figures import listed, plural, plural_contests
from app.wording.story.houses import House
from app.wording.story.text import Part, Sentence, Span, all_of, of_contest, of_result, parted, told

MOST_BEATEN = 2
"""Contests of which it is told who beat whom, and people told of on each side."""

MOST_NAMED = 6
"""Wards or people who are named; of more they are counted, for nobody is left out among equals."""


def wards_told(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """Who is out, the closest, ties, turnout, and what had no poll."""
    results = list(state.contests.values())
    with_role = [it for it in state.beaten if it.candidate.candidacy.role]
    for one in with_role:
        yield leader_out(election, one)
    others = [it for it in state.beaten if not it.candidate.candidacy.role]
    yield from _others_out(election, others, house, are_others=any(it.candidate.loses_seat for it in with_role))
    yield from _closest(election, state, house)
    yield from _as_announced(election, [it for it in results if it.is_as_announced], house)
    yield from _corrected(election, corrected(results), house)
    yield from _withdrawn(election, withdrawn(results), house)
    yield from _turnout(election, state)
    yield from without_poll_told(election, state, house)


def _closest(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """Every lot by itself, and what was closest by votes: of by-elections alone their own sentences have that."""
    drawn = lots(state.contests.values())
    for part in _drawn(election, drawn, house):
        yield told("lot", part)
    by_votes = _by_votes(election, [state], house, but_lots=bool(drawn))
    if by_votes and not state.council.stands_apart:
        yield told("closest", by_votes)


def leader_out(election: Election, out: Beaten, where: Part = "") -> Sentence:
    """``Council leader Monk, D. (CON) lost their seat in North Downs East``; only who defends one loses a seat."""
    candidate = out.candidate
    name = of_result(out.result, named_aloud(election, out.contest, candidate))
    lost = f" lost their {election.words.seat} in " if candidate.loses_seat else " was not elected in "
    role = candidate.candidacy.role
    return told("leader-out", f"{role} " if role else "", name, lost, of_contest(out.contest), where)


def closest_told(
    election: Election,
    states: Sequence[CouncilState],
    house: House,
    *,
    named: Callable[[Contest], Part] = of_contest,
    after: str | None = None,
) -> Iterator[Sentence]:
    """What was closest, in one sentence: a tie that a lot decided comes before any margin, and then what votes decided.

    ``The closest ward was Horsted, decided by 12 votes: A. Lee (LAB) beat B. Ray (CON)``; of many lots how many.
    ``after`` how many that is, if not of all of ``states``.
    """
    drawn = lots(results_of(states))
    parts = _drawn(election, drawn, house, named=named, most=1)
    by_votes = _by_votes(election, states, house, named=named, but_lots=bool(drawn), after=after)
    if by_votes:
        parts.append(by_votes)
    if parts:
        yield told("closest" if by_votes else "lot", parted(parts, "; "))


def _by_votes(
    election: Election,
    states: Sequence[CouncilState],
    house: House,
    *,
    named: Callable[[Contest], Part] = of_contest,
    but_lots: bool,
    after: str | None = None,
) -> list[Part]:
    """All with the smallest margin, as they are ``named``; of a few who beat whom. Empty where none is known."""
    found, words = closest(states), election.words
    if found is None:
        return []
    after, votes = after_so_many(election, states) if after is None else after, " by votes" if but_lots else ""
    names: list[Part] = [named(result.contest) for result in found.results]
    by = of_result(found.results[-1], house.votes(found.margin))
    who = _who_beat_whom(election, found.results)
    if len(names) > MOST_NAMED:
        number = house.contests(election, len(names))
        return [after, f"the closest{votes} were {number}, decided by ", by, " each"]
    if found.of == 1 and not but_lots:
        return [names[0], " was decided by ", by, who]
    was, each = (f"{words.contest}{votes} was", "") if len(names) == 1 else (f"{words.contests}{votes} were", " each")
    return [after, f"the closest {was} ", all_of(names), ", decided by ", by, each, who]


def _who_beat_whom(election: Election, results: Sequence[ContestResult]) -> str:
    """``: A. Lee (LAB) beat B. Ray (CON)``; empty of more than a few contests, or people."""
    sides = [between(result) for result in results]
    if len(results) > MOST_BEATEN or any(len(side) > MOST_BEATEN for both in sides for side in both):
        return ""
    told_of = [
        " beat ".join(listed([named_aloud(election, result.contest, it) for it in side]) for side in both)
        for result, both in zip(results, sides, strict=True)
    ]
    return f": {'; '.join(told_of)}"


def after_so_many(election: Election, states: Iterable[CouncilState]) -> str:
    """``After 150 of 277 wards ``: what is told then is true for ever; empty once all is in, and before anything is."""
    of = [(state.contests_in, state.contests_due, state.council.stands_apart) for state in states]
    declared, total = sum(some for some, _, _ in of), sum(every for _, every, _ in of)
    by_elections = bool(of) and all(apart for *_, apart in of)
    wards = plural(total, "by-election") if by_elections else plural_contests(election, total)
    return f"after {declared:,} of {wards} " if 0 < declared < total else ""


def _others_out(election: Election, out: Sequence[Beaten], house: House, *, are_others: bool) -> Iterator[Sentence]:
    """Who else sat for a ward and was beaten there; of many how many of each party.

    ``are_others``: somebody with a role who was beaten as they were is told of before.
    """
    if not out:
        return
    if len(out) == 1:
        yield leader_out(election, out[0])
        return
    if len(out) <= MOST_NAMED:
        people = [_in_ward(election, it) for it in out]
        yield told("out", all_of(people), f" lost their {election.words.seats}")
        return
    parties = Counter(it.candidate.group for it in out).most_common()
    each = listed([f"{house.listed_party(election, group)} {number}" for group, number in parties])
    who = f"{house.number(len(out))} {'others ' if are_others else ''}who sat for their {election.words.contests}"
    yield told("out", f"{who} were beaten there: {each}")


def _in_ward(election: Election, out: Beaten) -> Part:
    name = of_result(out.result, named_aloud(election, out.contest, out.candidate))
    return [name, " in ", of_contest(out.contest)]


def named_aloud(election: Election, contest: Contest, candidate: CandidateResult) -> str:
    """``D. Monk (CON)`` of who stands in the file as ``Monk, D.``."""
    return re.sub(r"^([^,(]+), ((?:[A-Z]\. ?)+) \(", r"\2 \1 (", with_party(election, contest, candidate))


def _drawn(
    election: Election,
    drawn: Sequence[ContestResult],
    house: House,
    *,
    named: Callable[[Contest], Part] = of_contest,
    most: int = MOST_NAMED,
) -> list[Part]:
    """Who was drawn, in each of up to ``most`` wards; of more how many there were."""
    if len(drawn) > most:
        return [f"lots decided the last {election.words.seat} of {house.contests(election, len(drawn))}"]
    return [_drawn_in(election, result, house, named) for result in drawn]


def _drawn_in(election: Election, result: ContestResult, house: House, named: Callable[[Contest], Part]) -> Part:
    """``the last seat in Dale was settled by lot after a tie at 9 votes: A. Lee (LAB) was drawn, not B. Ray (CON)``."""
    won = [it for it in result.elected if it.by_lot]
    lost = [it for it in result.candidates if it.by_lot and not it.elected]
    names, others = (listed([named_aloud(election, result.contest, it) for it in side]) for side in (won, lost))
    words, one = election.words, len(won) == 1
    last = "" if len(won) == result.contest.seats_up else "last "
    tie = of_result(result, f"a tie at {house.votes(won[0].votes or 0)}")
    settled = f" {'was' if one else 'were'} settled by lot after "
    who = f": {names} {'was' if one else 'were'} drawn, not {others}"
    return [f"the {last}{words.seat if one else words.seats} in ", named(result.contest), settled, tie, who]


def _as_announced(election: Election, results: Sequence[ContestResult], house: House) -> Iterator[Sentence]:
    """What stands although its figures cannot be right: which figures, and why it was taken (rule 14)."""
    if len(results) > MOST_NAMED:
        number = house.contests(election, len(results))
        yield told("as-announced", f"The results of {number} stand as announced, though their figures cannot be right")
        return
    for result in results:
        stands = of_result(result, f" stands as announced, {impossible_figures(result)}")
        reason = result.declaration.as_announced if result.declaration is not None else ""
        yield told("as-announced", "The result of ", of_contest(result.contest), stands, f": {reason}")


def _corrected(election: Election, results: Sequence[ContestResult], house: House) -> Iterator[Sentence]:
    """What was told otherwise before."""
    if len(results) > MOST_NAMED:
        yield told("correction", f"The results of {house.contests(election, len(results))} were corrected")
        return
    for result in results:
        if result.entry is not None:
            at = of_result(result, house.clock(election, result.entry.at))
            reason = f": {result.entry.reason}" if result.entry.reason else ""
            yield told("correction", "The result of ", of_contest(result.contest), " was corrected at ", at, reason)


def _withdrawn(election: Election, results: Sequence[tuple[ContestResult, Entry]], house: House) -> Iterator[Sentence]:
    """What was told and does not stand: of a contest that has another result by now, since when that stands."""
    if len(results) > MOST_NAMED:
        yield told("withdrawal", f"The results of {house.contests(election, len(results))} were withdrawn")
        return
    for result, entry in results:
        place = result.contest
        at = Span(house.clock(election, entry.at), place.council_id, place.ballot_id, entry.seq)
        reason = f": {entry.reason}" if entry.reason else ""
        was: Part = " was "
        if result.entry is not None:
            was = [
                " was declared anew at ",
                of_result(result, house.clock(election, result.entry.at)),
                " after one was ",
            ]
        yield told("withdrawal", "The result of ", of_contest(place), was, "withdrawn at ", at, reason)


def _turnout(election: Election, state: CouncilState) -> Iterator[Sentence]:
    turnout = turnout_of_all(election, state.votes)
    if turnout is not None:
        yield told("turnout", f"Turnout was {turnout}")


def without_poll_told(election: Election, state: CouncilState, house: House) -> Iterator[Sentence]:
    """Uncontested wards, those whose poll was put off or for which nobody stood, by-elections, and empty seats."""
    results = list(state.contests.values())
    by_elections = [it for it in results if it.contest.by_election]
    kinds = (
        ("unopposed", "No poll was needed in ", in_state(results, ContestState.UNOPPOSED)),
        ("no-candidates", "Nobody stood in ", in_state(results, ContestState.NO_CANDIDATES)),
        ("put-off", "The poll was put off in ", in_state(results, *PUT_OFF)),
        ("stv", "Single transferable vote was used in ", [it for it in results if it.contest.is_stv]),
        ("by-elections", "By-elections were held in ", [] if state.council.stands_apart else by_elections),
    )
    for about, what, found in kinds:
        if found:
            yield told(about, what, *_named_or_counted(election, found, house))
    if state.vacant and state.council.is_known_whole:
        yield told(
            "vacant", f"{house.seats(election, state.vacant)} {'was' if state.vacant == 1 else 'were'} left vacant"
        )


def _named_or_counted(election: Election, results: Sequence[ContestResult], house: House) -> list[Part]:
    if len(results) > MOST_NAMED:
        return [house.contests(election, len(results))]
    return [all_of([of_contest(result.contest) for result in results])]
