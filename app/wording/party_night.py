"""What is said of a party's night: a few sentences, and what stands beside its councils and seats."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.domain.contest import ContestResult
from app.domain.council import CouncilState
from app.domain.election import Election
from app.domain.night import Night
from app.domain.party_night import PartyNight, PartySums
from app.domain.rankings import Ranked
from app.domain.scoreboard import Tally
from app.wording.figures import (
    NO_FIGURE,
    listed,
    moment,
    plural,
    plural_bodies,
    plural_contests,
    plural_seats,
    plural_votes,
    sentence,
    signed,
    stopped,
)
from app.wording.story.night_parts import MOST_OFFICES, is_begun


def party_sentences(night: Night, party: PartyNight) -> list[str]:
    """Two to five sentences: seats, councils, where it leads, what was close, who is out."""
    if not is_begun(night) and not party.sums.tally.seats:
        told, safe = f"{party_name(night.election, party.group)}: nothing is declared so far", party.sums.tally.councils
        is_safe = (
            f"; {plural_bodies(night.election, safe)} {'is' if safe == 1 else 'are'} safe before a vote is counted"
        )
        return [f"{told}{is_safe if safe else ''}."]
    parts = (_seats_told, _councils_told, _close_told, _out_told)
    return [told for part in parts for told in part(night, party)]


def party_name(election: Election, group: str) -> str:
    """The full name."""
    return election.party(group).name


def party_line(night: Night, party: PartyNight) -> str:
    """Short enough for a picture: ``4 councils, 4 gained, 0 lost; 264 seats``."""
    election, sums = night.election, party.sums
    seats = plural_seats(election, sums.tally.seats)
    if not _has_councils(night):
        return seats
    councils = plural_bodies(election, sums.tally.councils)
    hands = sums.hands
    return f"{councils}: {len(hands.gained)} gained, {len(hands.held)} held, {len(hands.lost)} lost; {seats}"


def card_lines(night: Night, party: PartyNight) -> list[str]:
    """The same below its name, with which they begin else."""
    first, *others = party_sentences(night, party)
    return [sentence(first.removeprefix(f"{party_name(night.election, party.group)}: ")), *others]


def told_alone(night: Night, group: str, told: str, at: datetime | None) -> str:
    """A sentence as it is copied, where nothing around it says of whom and of when it is."""
    begins = f"{party_name(night.election, group)}: "
    said = told if told.startswith(begins) else f"{begins}{told[:1].lower()}{told[1:]}"
    return said if at is None else f"{said.removesuffix('.')} (as at {moment(night.election, at)})."


def change_told(sums: PartySums) -> str:
    """``+79``; a dash where nothing can be compared."""
    return NO_FIGURE if sums.change is None else signed(sums.change)


def covers_told(sums: PartySums) -> str:
    """Of how many councils that is, where it is not of all: ``in 2 of 13``."""
    return "" if sums.change is None or sums.is_of_all else f"in {sums.covers.contests:,} of {sums.covers.of:,}"


def whole_night(night: Night) -> str:
    """What the sums of all are of: ``All councils``; of one body alone, or of by-elections, the election."""
    return f"All {night.election.words.bodies}" if not night.election.is_of_seats else night.election.name


def all_of(number: int) -> str:
    """``All 34``."""
    return f"All {number:,}"


def tally_told(night: Night, tally: Tally) -> str:
    """Beside its name in a list: ``4 councils, 264 seats``; nothing of who has none."""
    if not tally.seats and not tally.councils:
        return ""
    seats = plural_seats(night.election, tally.seats)
    return f"{plural_bodies(night.election, tally.councils)}, {seats}" if _has_councils(night) else seats


def leading_told(election: Election, state: CouncilState, group: str) -> str:
    """What it has where it leads, and what it still needs: ``17 of 39, needs 3 of 12 to come``."""
    seats = f"{state.seats.get(group, 0)} of {state.council.total_seats}"
    if group in state.needs:
        return f"{seats}, needs {state.needs[group]} of {state.seats_to_come} to come"
    to_come = f", {plural_seats(election, state.seats_to_come)} to come" if state.seats_to_come else ""
    return f"{seats}{to_come}"


def _seats_told(night: Night, party: PartyNight) -> Iterator[str]:
    election, sums = night.election, party.sums
    begins = f"{party_name(election, party.group)}: {_seats(election, sums.tally.seats)}"
    if not sums.covers.contests or night.only_state is not None:
        yield f"{begins}{_gains_told(night, party)}."
    elif sums.change is not None and sums.is_of_all:
        yield f"{begins}, {_change(sums.change)}."
    elif sums.change is None or (not sums.tally.seats and not sums.change):
        compared = "" if sums.change is not None or not sums.tally.seats else "; there is no comparison"
        yield f"{begins}{compared if _is_over(night) else ' so far'}."
    else:
        known, of = sums.covers
        which = "one" if known == 1 else f"{known:,}"
        of_them = f"{_seats(election, sums.tally.seats_compared)}, {_change(sums.change)}"
        yield f"{begins}; in the {which} of {_several(night, of)} that can be compared {of_them}."
    apart = party.apart
    if apart is not None and (apart.tally.seats or apart.change):
        change = f", {_change(apart.change)}" if apart.change is not None and apart.is_of_all else ""
        yield f"In by-elections beside them: {plural_seats(election, apart.tally.seats)}{change}."


def _is_over(night: Night) -> bool:
    """Whether nothing more is to come that could be compared."""
    done = night.progress if night.added_up() else night.progress_apart
    return done.councils_complete == done.councils_total


def _seats(election: Election, number: int) -> str:
    return plural_seats(election, number) if number else f"no {election.words.seats}"


def _several(night: Night, number: int) -> str:
    """``13 councils``, ``3 by-elections``: of what the sums of the night are."""
    return plural_bodies(night.election, number) if night.added_up() else plural(number, "by-election")


def _change(number: int) -> str:
    return f"a change of {signed(number)}" if number else "no change"


def _gains_told(night: Night, party: PartyNight) -> str:
    """Of one body alone, whose seats change hands: ``, 12 gained and 3 lost``."""
    only = night.only_state
    if only is None:
        return ""
    if only.gains is not None:
        gained, lost = only.gains.gained.get(party.group, 0), only.gains.lost.get(party.group, 0)
        return f", {f'{gained:,}' if gained else 'none'} gained and {f'{lost:,}' if lost else 'none'} lost"
    return f", {_change(party.sums.change)}" if party.sums.change is not None else ""


def _has_councils(night: Night) -> bool:
    """Whether councils are what changes hands."""
    return not night.election.is_of_seats


def _councils_told(night: Night, party: PartyNight) -> Iterator[str]:
    if not _has_councils(night):
        return
    election, sums = night.election, party.sums
    hands, words = sums.hands, election.words
    controls = sums.tally.councils
    told = f"It controls {plural_bodies(election, controls)}" if controls else f"It controls no {words.body}"
    parts = [
        f"{number:,} {what}" for number, what in ((len(hands.gained), "gained"), (len(hands.held), "held")) if number
    ]
    lost = f"; it lost {len(hands.lost):,}" if hands.lost else ""
    yield f"{told}{': ' + ', '.join(parts) if parts else ''}{lost}."
    yield from _offices_told(night, party)
    if party.leads:
        yield f"It leads, alone or level, in {plural_bodies(election, len(party.leads))} where control is undecided."
    if party.largest:
        where = plural_bodies(election, len(party.largest))
        yield f"It has most {words.seats}, alone or level, in {where} without overall control."


def _offices_told(night: Night, party: PartyNight) -> Iterator[str]:
    """``It gained Mayor of Testshire.``: an office is none of the councils that are counted."""
    for verb, flips in (("gained", party.gained), ("lost", party.lost)):
        names = [it.state.council.name for it in flips if not night.election.adds_up(it.state.council)]
        if len(names) > MOST_OFFICES:
            yield f"It {verb} {len(names):,} offices beside them."
        elif names:
            yield f"It {verb} {listed(names)}."


def _close_told(night: Night, party: PartyNight) -> Iterator[str]:
    for which, drawn, rows in (("win", party.drawn_wins, party.wins), ("loss", party.drawn_losses, party.losses)):
        if drawn:
            yield _by_lot(night, which, drawn)
        elif rows:
            yield _closest(night, which, [row for row in rows if row.figure == rows[0].figure])


def _by_lot(night: Night, which: str, drawn: Sequence[ContestResult]) -> str:
    """``Its closest win: by lot, after a tie at 825 votes, in Seasalter, Canterbury.``; of several how many."""
    if len(drawn) > 1:
        plural_which = f"{which}s" if which == "win" else f"{which}es"
        return f"Its closest {plural_which}: by lot, in {plural_contests(night.election, len(drawn))}."
    (result,) = drawn
    votes = next(it.votes or 0 for it in result.elected if it.by_lot)
    where = _where(night, result)
    return stopped(f"Its closest {which}: by lot, after a tie at {plural_votes(votes)}, in {where}")


def _where(night: Night, result: ContestResult) -> str:
    """``Kemsley, Swale``; where there is one body alone the contest."""
    name = result.contest.name
    return name if night.only_state is not None else f"{name}, {night.councils[result.contest.council_id].council.name}"


def _closest(night: Night, which: str, rows: Sequence[Ranked]) -> str:
    """``Its closest win: 1 vote, in Kemsley, Swale.``; of several that are as close, how many there are."""
    votes = plural_votes(int(rows[0].figure or 0))
    if len(rows) > 1:
        plural_which = f"{which}s" if which == "win" else f"{which}es"
        where = plural_contests(night.election, len(rows)) if night.added_up() else _several(night, len(rows))
        return f"Its closest {plural_which}: {votes} each, in {where}."
    (row,) = rows
    assert row.result is not None
    return stopped(f"Its closest {which}: {votes}, in {_where(night, row.result)}")


def _out_told(night: Night, party: PartyNight) -> Iterator[str]:
    roles = [role for row in party.out if (role := row.candidates[0].candidacy.role)]
    with_role, others = len(roles), len(party.out) - len(roles)
    sat = f"who sat for a {night.election.words.contest}"
    parts = [_roles_told(roles)] if roles else []
    if others:
        other = ("other " if others == 1 else "others ") if with_role else ""
        parts.append(f"{others:,} {other}{sat}")
    if parts:
        yield f"Not elected: {' and '.join(parts)}."


def _roles_told(roles: Sequence[str]) -> str:
    """``2 council leaders``; of several kinds of role how many have one."""
    only = roles[0] if len(set(roles)) == 1 else ""
    if only.endswith("leader"):
        return plural(len(roles), f"{only[:1].lower()}{only[1:]}")
    return f"{len(roles):,} with a role such as council leader"
