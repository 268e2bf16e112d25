"""Councils to watch in sentences: how near each is, who needs what and where, what is defended, how early it was."""

from collections.abc import Iterator, Sequence

from app.domain.council import SeatSource
from app.domain.election import Contest, Election
from app.domain.to_watch import Chance, Contender, CouncilToWatch, Defence, Lead
from app.wording.control import basis_wording
from app.wording.figures import duration, listed, plural, plural_bodies, plural_contests, plural_seats, seats_line
from app.wording.story.text import Part, Sentence, all_of, of_contest, of_council, told
from app.wording.why import IMPLIED

MOST_NAMED = 6
"""Contests that a sentence names; of more it says how many they are."""


def nearness_told(election: Election, watched: CouncilToWatch) -> Sentence:
    """``Watling or Luton could decide it``, ``At least 2 more of the 9 wards to come until it is certain``."""
    if watched.state.count.source is SeatSource.TALLY:
        words = election.words
        more = f"at least {plural(watched.at_least, f'more {words.contest}', f'more {words.contests}')}"
        return told("nearness", f"A tally by phone does not say which are to come: {more} until it is certain")
    if watched.deciding:
        return told("nearness", _deciding(election, watched.deciding, _to_come(watched)))
    to_come = plural_contests(election, _to_come(watched))
    if watched.at_least == _to_come(watched):
        return told("nearness", f"Not certain before the last of the {to_come} to come")
    return told("nearness", f"At least {watched.at_least:,} more of the {to_come} to come until it is certain")


def needs_told(election: Election, watched: CouncilToWatch, contender: Contender) -> Sentence:
    """``LAB needs one of Watling, Luton and River``, ``CON needs 4 of the 7 seats it can still win, in …``."""
    return told("needs", f"{election.short(contender.group)} needs ", _needs(election, watched, contender))


def nobody_told(watched: CouncilToWatch) -> Sentence:
    """What becomes of it where none of them takes what they need."""
    if watched.can_be_nobody:
        return told("nobody", "No overall control otherwise")
    return told("nobody", "No overall control is not possible any more")


def defence_told(election: Election, watched: CouncilToWatch) -> Iterator[Sentence]:
    """Before the count: ``Defended: CON 20, LAB 10.``, and what can be lost, or how far off the largest were."""
    defence = watched.defence
    if defence is None or watched.is_begun:
        return
    before = watched.comparison.before
    # Where control before is told on another basis, what stands beside it must not be taken for the same.
    is_implied = defence.basis == IMPLIED and (before is None or before.basis == IMPLIED)
    basis = "" if is_implied else f", {basis_wording(defence.basis)}"
    held = dict(sorted(defence.seats_up.items(), key=lambda it: -it[1]))
    yield told("defence", f"Defended: {seats_line(election, held)}{basis}")
    if defence.controls is None or defence.can_lose is None:
        yield told("defence", f"Nobody had a majority: {_short_of_it(election, defence)}")
    else:
        had = f"{election.short(defence.controls)} had a majority of {defence.majority:,}"
        yield told("defence", f"{had}, and {_keeps(election, defence, defence.controls, defence.can_lose)}")


def _keeps(election: Election, defence: Defence, controls: str, can_lose: int) -> str:
    """``keeps control if it ends no more than 3 seats down``, ``1 of its seats has no poll: it …``."""
    seat, off = election.words.seat, defence.no_poll.get(controls, 0)
    further = " further" if off else ""
    keeps = f"does not keep control if it ends a{further} {seat} down"
    if can_lose > 0:
        keeps = f"keeps control if it ends no more than {plural_seats(election, can_lose)}{further} down"
    elif can_lose < 0:
        keeps = f"has to gain {plural_seats(election, -can_lose)} to keep control"
    if not off:
        return keeps
    return f"{off:,} of its {election.words.seats} {'has' if off == 1 else 'have'} no poll: it {keeps}"


def _short_of_it(election: Election, defence: Defence) -> str:
    """``CON, the largest with 23, was 1 seat short``."""
    largest = listed([election.short(group) for group in defence.largest])
    short = f"{plural_seats(election, defence.short)} short"
    if len(defence.largest) == 1:
        return f"{largest}, the largest with {defence.most:,}, was {short}"
    return f"{largest}, with {defence.most:,} each, were {short}"


def lead_told(election: Election, lead: Lead) -> Sentence:
    """``Medway was certain 27 minutes before the last ward, Watling, with 6 seats still out``."""
    early = f"certain {duration(lead.minutes)} before"
    out = lead.since.seats_to_come
    return told(
        "lead",
        of_council(lead.state),
        " was ",
        of_council(lead.state, lead.since.seq, early),
        f" the last {election.words.contest}, ",
        of_contest(lead.contest),
        f", with {plural_seats(election, out)} still out" if out else "",
    )


def watched_so_far(election: Election, watched: Sequence[CouncilToWatch]) -> str:
    """``12 councils are undecided. A single ward could decide 2 of them``."""
    if not watched:
        return f"No {election.words.body} is undecided."
    undecided = f"{plural_bodies(election, len(watched))} {'is' if len(watched) == 1 else 'are'} undecided."
    next_one = sum(bool(it.deciding) for it in watched)
    if not next_one:
        return undecided
    which = "it" if len(watched) == 1 else f"{next_one:,} of them"
    return f"{undecided} A single {election.words.contest} could decide {which}."


def _to_come(watched: CouncilToWatch) -> int:
    return sum(not it.is_decided for it in watched.state.contests.values())


def _deciding(election: Election, deciding: Sequence[Contest], to_come: int) -> Part:
    words = election.words
    if to_come == 1:
        return [f"The last {words.contest}, ", of_contest(deciding[0]), ", decides it"]
    if len(deciding) <= MOST_NAMED:
        return [_named(deciding, "or"), " could decide it"]
    if len(deciding) == to_come:
        return f"Any of the {plural_contests(election, to_come)} to come could decide it"
    return f"{len(deciding):,} of the {plural_contests(election, to_come)} to come could each decide it"


def _needs(election: Election, watched: CouncilToWatch, contender: Contender) -> Part:
    needs, can_take, places = contender.needs, contender.can_take, contender.places
    if not places:
        return _of_seats(needs, f"{plural_seats(election, can_take)} to come", is_all=needs == can_take)
    if all(it.contest.seats_up == 1 for it in places) and len(places) <= MOST_NAMED:
        return _of_contests(needs, [it.contest for it in places])
    seats = _of_seats(needs, f"{plural_seats(election, can_take)} it can still win", is_all=needs == can_take)
    return [seats, _where(election, places, _to_come(watched)), _not_without(contender)]


def _named(contests: Sequence[Contest], last: str = "and") -> Part:
    """``A, B and C``; where a name has an “and” of its own ``A and B; C; and D``."""
    names = [of_contest(it) for it in contests]
    if not any(" and " in it.text or "," in it.text for it in names):
        return all_of(names, last=f" {last} ")
    semicolons: list[Part] = [[name, "; "] for name in names[:-2]]
    return [semicolons, all_of(names[-2:], last=f"; {last} ")]


def _of_contests(needs: int, contests: Sequence[Contest]) -> Part:
    """``one of A, B and C``, ``both A and B``, ``all of A, B and C``: each is one seat."""
    if needs < len(contests):
        return [f"{'one' if needs == 1 else needs} of ", _named(contests)]
    return [{1: "", 2: "both "}.get(needs, "all of "), _named(contests)]


def _of_seats(needs: int, seats: str, *, is_all: bool) -> str:
    """``3 of the 9 seats to come``, ``the 1 seat it can still win``, ``both of the``, ``all of the``."""
    which = {1: "the", 2: "both of the"}.get(needs, "all of the") if is_all else f"{needs:,} of the"
    return f"{which} {seats}"


def _where(election: Election, places: Sequence[Chance], to_come: int) -> Part:
    if len(places) <= MOST_NAMED:
        return [", in ", _named([it.contest for it in places])]
    if len(places) == to_come:
        return ""
    return f", in {len(places):,} of the {plural_contests(election, to_come)} to come"


def _not_without(contender: Contender) -> Part:
    """``, with at least 2 in Watling``: what it cannot make up for elsewhere; of all that it can win that is clear."""
    bound = [it for it in contender.places if it.needed]
    if contender.needs == contender.can_take or len(contender.places) == 1 or not 0 < len(bound) <= MOST_NAMED:
        return ""
    return [", with at least ", all_of([[f"{it.needed} in ", of_contest(it.contest)] for it in bound])]
