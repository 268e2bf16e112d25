"""The night so far: three to six sentences, each of which stands by itself and says as of when it is."""

from collections.abc import Iterator, Sequence

from app.domain.decisions import Decision
from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.figures import Reckoning
from app.domain.highlights import (
    firsts,
    most_gained,
    newest_entry,
    seat_changes,
    standing_flips,
)
from app.domain.night import Night
from app.wording.figures import listed, plural, signed
from app.wording.progress import beside, but_vacant
from app.wording.story.change import first_told
from app.wording.story.houses import House
from app.wording.story.night_parts import (
    after_told,
    gained_and_lost,
    is_begun,
    is_complete,
    leaders_told,
    most_told,
    newest_time,
    next_told,
    offices_told,
    with_council,
)
from app.wording.story.other_nights import before_the_count, of_by_elections, of_one_body
from app.wording.story.text import Part, Sentence, all_of, of_council, parted, told
from app.wording.story.wards import closest_told

MOST_SENTENCES = 6

MOST_FIRSTS = 3
"""Told by name."""

MOST_FLIPS = 8
"""Changes of control that are told by name; of more it is told how many each party gained and lost."""


def night_story(night: Night, convention: Convention, house: House) -> tuple[Sentence, ...]:
    """What changed hands, gains and losses, who is out, firsts, closest, what is next; before the count what is up."""
    if night.only_state is not None:
        sentences = of_one_body(night, night.only_state, convention, house)
    elif not night.progress.councils_total:
        sentences = of_by_elections(night, house)
    elif is_begun(night):
        sentences = _of_councils(night, convention, house)
    else:
        sentences = before_the_count(night, convention, house)
    return (*list(sentences)[: MOST_SENTENCES - 1], *next_told(night, house))


def _of_councils(night: Night, convention: Convention, house: House) -> Iterator[Sentence]:
    election, councils = night.election, night.added_up()
    flips = standing_flips(night, convention.key)
    yield _changed_hands(night, flips, house)
    yield _most_seats(night, convention, house)
    yield from offices_told(night, convention, house)
    yield from leaders_told(night, house)
    yield from _firsts(night, flips, house)
    yield from closest_told(election, councils, house, named=with_council(election), after=after_told(night))


def _when(night: Night, house: House) -> list[Part]:
    """``By 13:17 BST, with 2 of 13 councils and 150 of 277 wards declared, ``; empty before the first entry."""
    entry, done, words = newest_entry(night), night.shown_progress, night.election.words
    if entry is None:
        return []
    if is_complete(night):
        off = f", and {house.contests(night.election, done.contests_put_off)} put off" if done.contests_put_off else ""
        every = f"every {words.seat} in{but_vacant(done.seats_vacant, house.number)}"
        return ["by ", newest_time(night, house), f", with {every}{off}, "]
    bodies = (
        f"{done.councils_complete:,} of {done.councils_total:,} {words.bodies} and " if done.councils_total > 1 else ""
    )
    wards = f"{done.contests_in:,} of {done.contests_due:,} {words.contests} declared{beside(done)}"
    return ["by ", newest_time(night, house), f", with {bodies}{wards}, "]


def _changed_hands(night: Night, flips: Sequence[Decision], house: House) -> Sentence:
    """By name who took which from whom; of many how many each party gained and lost."""
    election, when = night.election, _when(night, house)
    if not flips:
        return told("flips", *when, f"no {election.words.body} had changed hands")
    told_of = f"{house.bodies(election, len(flips))} had changed hands: "
    if len(flips) > MOST_FLIPS:
        return told("flips", *when, told_of, gained_and_lost(election, [it.holders for it in flips], house))
    return told("flips", *when, told_of, _by_whom(night, flips, house))


def _by_whom(night: Night, flips: Sequence[Decision], house: House) -> Part:
    """``Labour gained Medway and Dover from the Conservatives, Thanet from no overall control; …``."""
    clauses: dict[tuple[str, str], dict[str, list[Part]]] = {}
    for flip in flips:
        now, before = (house.party(night.election, it) for it in flip.holders)
        to_nobody = flip.holders.now == NO_OVERALL_CONTROL
        mover, other = ((before, "lost"), f" to {now}") if to_nobody else ((now, "gained"), f" from {before}")
        name = of_council(night.councils[flip.council_id], flip.seq)
        clauses.setdefault(mover, {}).setdefault(other, []).append(name)
    told_of: list[Part] = []
    for (party, verb), places in clauses.items():
        each: list[Part] = [[all_of(names), other] for other, names in places.items()]
        told_of += ["; ", f"{party} {verb} ", all_of(each, last=", and ")]
    return told_of[1:]


def _most_seats(night: Night, convention: Convention, house: House) -> Sentence:
    """Who gained and lost most; as long as no council is complete, who has won most."""
    election, scoreboard, words = night.election, night.scoreboards[convention.key], night.election.words
    if not scoreboard.compared_seats:
        return told("seats", *_most_won(night, convention, house), _apart(night, convention, house))
    changes = seat_changes(night, convention.key)
    done, which = scoreboard.compared_seats, f"in the {words.body} that was complete and can be compared, "
    if done > 1:
        which = f"in the {house.bodies(election, done)} that were complete and can be compared, "
    if done == election.added_up > 1:
        which = f"over all {house.bodies(election, done)}, "
    moved = most_told(election, changes, house) or f"no party gained or lost {words.seats}"
    return told("seats", which, moved, _apart(night, convention, house))


def _apart(night: Night, convention: Convention, house: House) -> str:
    """``; in 68 by-elections beside them, Liberal Democrats +4, Conservatives −3``; empty where no seat moved there."""
    board, of = night.scoreboards_apart[convention.key], night.progress_apart.contests_total
    changes = {group: row.seats_change for group, row in board.rows.items() if row.seats_change}
    if not changes:
        return ""
    ordered = sorted(changes.items(), key=lambda it: -it[1])
    moved = ", ".join(f"{house.listed_party(night.election, group)} {signed(number)}" for group, number in ordered)
    covered = "" if board.compared_seats == of else f"{board.compared_seats:,} of "
    return f"; in {covered}{plural(of, 'by-election')} beside them, {moved}"


def _most_won(night: Night, convention: Convention, house: House) -> list[Part]:
    election, rows = night.election, night.scoreboards[convention.key].rows
    won = {group: it.seats for group, it in rows.items() if it.seats and group not in election.umbrellas}
    best = most_gained(won)
    if best is None:
        return [*_when(night, house), f"no {election.words.seat} had been filled"]
    filled, each = sum(it.seats for it in rows.values()), " each" if len(best.groups) > 1 else ""
    parties = listed([house.party(election, group) for group in best.groups])
    of = f"the {house.seats(election, filled)} filled"
    if best.number == filled == 1:
        return [after_told(night), f"{parties} had won the one {election.words.seat} filled"]
    if best.number == filled:
        return [after_told(night), f"{parties} had won all of {of}"]
    won_of = f"{house.number(best.number)}{each} of {of}"
    return [after_told(night), f"{parties} had won most, {won_of}"]


def _firsts(night: Night, flips: Sequence[Decision], house: House) -> Iterator[Sentence]:
    """What had not been for longest, as far as is on file: all that go back as far."""
    states = firsts(night, flips)
    if not states:
        return
    years = [first.year for state in states if (first := state.first_since) is not None]
    named = [state for state, year in zip(states, years, strict=True) if len(states) <= MOST_FIRSTS or year == years[0]]
    if len(named) > MOST_FIRSTS:
        went = f"in {house.bodies(night.election, len(named))} control went where it had not been since {years[0]}"
        kinds = {first.reckoning for state in named if (first := state.first_since) is not None}
        yield told("firsts", went if kinds == {Reckoning.SINCE} else f"{went} at least")
        return
    clauses: list[Part] = [
        [of_council(state), f", {first_told(night.election, state, first, house)}"]
        for state in named
        if (first := state.first_since) is not None
    ]
    lead = "Firsts: " if len(named) == len(states) else "Longest ago: "
    yield told("firsts", lead, parted(clauses, "; "))
