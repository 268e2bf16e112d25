"""Sentences, and parts of them, that any night so far is made of."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from app.domain.contest import Beaten
from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Contest, Convention, Election
from app.domain.highlights import (
    Most,
    leaders_out,
    most_gained,
    most_lost,
    newest_entry,
    next_awaited,
    office_flips,
)
from app.domain.holders import Holders
from app.domain.night import Night
from app.wording.council import elected_to
from app.wording.derived import turnout_of_all
from app.wording.figures import listed
from app.wording.story.change import side_told
from app.wording.story.houses import House
from app.wording.story.text import Part, Sentence, Span, all_of, of_contest, of_council, of_result, parted, told
from app.wording.story.wards import MOST_NAMED, after_so_many, leader_out, named_aloud

MOST_OFFICES = 3
"""Told one by one."""


def is_begun(night: Night) -> bool:
    """Whether anything has been declared."""
    return bool(night.latest) or any(state.tally is not None for state in night.councils.values())


def is_complete(night: Night) -> bool:
    """Whether every seat is in."""
    return night.shown_progress.seats_to_come == 0


def after_told(night: Night) -> str:
    """``After 150 of 277 wards ``: as many as are told to be declared, those of single offices among them."""
    is_apart = not night.progress.councils_total
    states = (it for it in night.councils.values() if it.council.stands_apart is is_apart)
    return after_so_many(night.election, states) if is_begun(night) else ""


def newest_time(night: Night, house: House) -> Span:
    """When the newest entry was announced; asked for of a night that has begun alone."""
    entry = newest_entry(night)
    assert entry is not None
    return Span(house.clock(night.election, entry.at), entry.council_id or "", "", entry.seq)


def with_council(election: Election) -> Callable[[Contest], Part]:
    """``Kemsley in Swale``: a contest with its council."""

    def named(contest: Contest) -> Part:
        council = election.council(contest.council_id)
        return [of_contest(contest), " in ", Span(council.name, council.council_id)]

    return named


def _beaten(night: Night, out: Beaten, *, with_role: bool = True) -> Part:
    """``council leader D. Monk (CON) in North Downs East, Folkestone and Hythe``."""
    name = of_result(out.result, named_aloud(night.election, out.contest, out.candidate))
    role = f"{_role(out)} " if with_role else ""
    return [role, name, " in ", with_council(night.election)(out.contest)]


def _role(out: Beaten) -> str:
    role = out.candidate.candidacy.role
    return f"{role[:1].lower()}{role[1:]}"


def _many_roles(out: Sequence[Beaten]) -> tuple[str, str]:
    """What one and several of them are called: where all lead the same kind of thing by that name."""
    roles = {_role(it) for it in out}
    only = roles.pop() if len(roles) == 1 else ""
    if only.endswith("leader"):
        return only, f"{only}s"
    return "leader or other with a role", "leaders and others with a role"


def leaders_told(night: Night, house: House) -> Iterator[Sentence]:
    """Who has a role and is out: all by name, or how many and the latest."""
    election, out = night.election, leaders_out(night.councils.values())
    if len(out) > MOST_NAMED:
        latest = [it for it in out if it.seq == out[-1].seq]
        single, several = _many_roles(out)
        names = all_of([_beaten(night, it, with_role=not single.endswith("leader")) for it in latest])
        yield told(
            "leaders-out",
            f"{house.counted(len(out), single, several)} were not elected, the latest ",
            names,
        )
    elif len(out) > 1:
        yield told("leaders-out", "Not elected: ", parted([_beaten(night, one) for one in out], "; "))
    else:
        for one in out:
            where = night.councils[one.contest.council_id]
            yield leader_out(election, one, [", ", of_council(where)])


def offices_told(night: Night, convention: Convention, house: House) -> Iterator[Sentence]:
    """Who was elected mayor or the like and from whom that was gained, in each of a few; of more by party."""
    election, councils = night.election, night.councils.values()
    offices = [it for it in councils if it.holder is not None and not election.adds_up(it.council)]
    if len(offices) > MOST_OFFICES:
        parties = Counter(it.holder for it in offices if it.holder is not None)
        won = f"of {len(offices):,} offices, {side_told(election, parties, 'won', house)}"
        moved = [it.holders for it in office_flips(night, convention.key)]
        hands = (
            f"; {house.number(len(moved))} changed hands: {gained_and_lost(election, moved, house)}" if moved else ""
        )
        yield told("offices", won, hands)
    elif offices:
        each: list[Part] = [[of_council(it), ": ", _elected(election, it, convention, house)] for it in offices]
        yield told("offices", parted(each, "; "))


def _elected(election: Election, state: CouncilState, convention: Convention, house: House) -> str:
    """``Tim Tory (CON) was elected, a gain from Labour``."""
    who = (elected_to(election, state) or "").removesuffix(" elected")
    gain = state.comparisons[convention.key].gain
    return f"{who} was elected{f', a gain from {house.party(election, gain.before)}' if gain else ''}"


def gained_and_lost(election: Election, flips: Sequence[Holders], house: House) -> str:
    """``Labour gained 18 and the Greens two; nine went to no overall control; the Conservatives lost 29``."""
    gained, lost = Counter(it.now for it in flips), Counter(it.before for it in flips)
    to_nobody, from_nobody = gained.pop(NO_OVERALL_CONTROL, 0), lost.pop(NO_OVERALL_CONTROL, 0)
    nobody = house.either("no overall control", "NOC")
    parts = (
        side_told(election, gained, "gained", house) if gained else "",
        f"{house.number(to_nobody)} went to {nobody}" if to_nobody else "",
        side_told(election, lost, "lost", house) if lost else "",
        f"{house.number(from_nobody)} had been under {nobody}" if from_nobody else "",
    )
    return "; ".join(part for part in parts if part)


def most_told(election: Election, changes: Mapping[str, int], house: House) -> str:
    """``Labour gained most, 11 seats; the Conservatives lost most, 12 seats``; empty where nothing changed."""
    best, worst = most_gained(changes), most_lost(changes)
    sides = [_side(election, best, "gained", house)] if best else []
    sides += [_side(election, worst, "lost", house)] if worst else []
    return "; ".join(sides)


def _side(election: Election, side: Most, verb: str, house: House) -> str:
    """``Labour gained most, 11 seats``."""
    parties, each = listed([house.party(election, it) for it in side.groups]), " each" if len(side.groups) > 1 else ""
    return f"{parties} {verb} most, {house.seats(election, side.number)}{each}"


def next_told(night: Night, house: House) -> Iterator[Sentence]:
    """What is expected next, all of it; once all is in the turnout."""
    election, awaited = night.election, next_awaited(night)
    if is_complete(night):
        turnout = turnout_of_all(election, night.votes)
        if turnout is not None:
            yield told("turnout", f"Turnout was {turnout}")
        return
    if awaited is None and night.only_state is not None:
        return
    to_come = [state for state in night.councils.values() if not state.is_complete]
    after = after_told(night)
    if awaited is None or (awaited.is_late and len(awaited.states) < len(to_come)):
        yield told("next", after, *_to_come(night, to_come, house))
        return
    names, was = _named(election, awaited.states, house)
    about = f"about {house.clock(election, awaited.at)}"
    how = f", due {about}, {was} still to come" if awaited.is_late else f" {was} expected next, {about}"
    yield told("next", after, names, how)


def _to_come(night: Night, states: Sequence[CouncilState], house: House) -> Iterator[Part]:
    """``Gravesham, Maidstone and Medway were still to come; Gravesham was undecided``: what is open before all else."""
    is_open = [state for state in states if state.holder is None and not state.council.stands_apart]
    names, was = _named(night.election, sorted(states, key=lambda state: state not in is_open), house)
    yield from (names, f" {was} still to come")
    if 0 < len(is_open) < len(states):
        names, was = _named(night.election, is_open, house)
        yield from ("; ", names, f" {was} undecided")


def _named(election: Election, states: Sequence[CouncilState], house: House) -> tuple[Part, str]:
    """Councils by name, or how many where they are more than are named, and the verb."""
    several = len(states) > MOST_NAMED
    names = house.bodies(election, len(states)) if several else all_of([of_council(state) for state in states])
    return names, "was" if len(states) == 1 else "were"
