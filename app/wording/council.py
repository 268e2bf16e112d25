"""What a council is, and where it stands."""

from datetime import datetime

from app.domain.contest import ContestState
from app.domain.control import Majority, NoOverallControl, Undecided
from app.domain.council import Comparison, CouncilState, SeatSource
from app.domain.declarations import Entry, StatusDeclaration, StatusValue, TallyDeclaration
from app.domain.election import NO_OVERALL_CONTROL, Council, Cycle, Election
from app.wording.control import flash_line
from app.wording.derived import since_when
from app.wording.figures import clock, listed, plural, plural_contests, plural_seats, seats_line, sentence, together
from app.wording.needs import needs_briefly
from app.wording.progress import progress_declared

NO_OVERALL = "No overall control"


def description(election: Election, council: Council) -> str:
    """For example ``Unitary authority, South East. All 59 seats up in 24 wards``."""
    body = election.words.body
    kinds = {"unitary": "unitary authority", "": body, body: body}
    kind = kinds.get(council.kind, f"{council.kind} {body}")
    kind = council.kind or "office" if council.is_single else kind
    where = f"{kind.capitalize()}, {council.region}" if council.region else kind.capitalize()
    return f"{where}. {seats_up(election, council)}"


def seats_up(election: Election, council: Council) -> str:
    """``All 59 seats up in 24 wards``, ``Elects by thirds: 18 of 55 seats up in 18 wards``."""
    if council.is_single:
        return "One person is elected."
    contests = plural_contests(election, len(council.contests))
    up = f"{election.words.seats} up in {contests}"
    if not council.is_known_whole and council.seats_up == council.total_seats:
        return f"By-elections alone: {plural_seats(election, council.seats_up)} up in {contests}."
    if council.seats_up == council.total_seats:
        one = council.total_seats == 1
        return f"The one {election.words.seat} is up in {contests}." if one else f"All {council.total_seats} {up}."
    if council.stands_apart:
        return f"By-elections alone: {council.seats_up} of {council.total_seats} {up}."
    share = "" if council.cycle is Cycle.ALL else f"Elects by {council.cycle.value}: "
    return f"{share}{council.seats_up} of {council.total_seats} {up}."


def history(election: Election, state: CouncilState) -> str | None:
    """``CON since 2003; before that NOC from 1998``.

    Once somebody else controls: ``First LAB majority since 1998 at least. Before tonight CON had held it since 2003``.
    """
    spells = state.council.history
    if not spells:
        return None
    *earlier, last = spells
    held = f"{election.short(last.control)} since {last.since[:4]}"
    first = since_when(election, state)
    if first is not None:
        none = last.control == NO_OVERALL_CONTROL
        had = "there had been no overall control" if none else f"{election.short(last.control)} had held it"
        held = f"{sentence(first)}. Before tonight {had} since {last.since[:4]}"
    before_that = ", ".join(f"{election.short(spell.control)} from {spell.since[:4]}" for spell in reversed(earlier))
    return f"{held}; before that {before_that}" if before_that else held


def boundary_change(election: Election, state: CouncilState, comparison: Comparison) -> str | None:
    """Said beside the change wherever boundaries have changed (rule 6)."""
    if not state.council.boundary_change:
        return None
    seats = election.words.seats
    if comparison.change_basis == "notional":
        return f"Boundaries have changed: the {seats} of last time are notional, as if held on the new ones."
    return f"Boundaries have changed since the last election: {seats} then and now are not like for like."


def expected(election: Election, at: datetime | None) -> str | None:
    """``about 06:30 BST``; None where nobody knows."""
    return f"about {clock(election, at)}" if at is not None else None


def listed_contests(election: Election, first: int, last: int, number: int, total: int) -> str:
    """Which of the contests a list shows: ``1 to 50 of 312 constituencies found, of 650``."""
    if not number:
        return f"No {election.words.contest} matches."
    of = (
        plural_contests(election, number)
        if number == total
        else f"{plural_contests(election, number)} found, of {total:,}"
    )
    return of if last - first + 1 == number else f"{first:,} to {last:,} of {of}"


def verdict(election: Election, state: CouncilState) -> str:
    """The headline: ``LAB majority of 7``, ``No overall control``, ``Undecided``."""
    if state.council.is_single:
        return elected_to(election, state) or ("Nobody is elected" if state.is_complete else "No result yet")
    if not state.council.is_known_whole:
        return plural(state.contests_total, "by-election")
    match state.control:
        case Majority(party_id=party_id):
            over = state.majority_over_others
            name = election.party(party_id).name
            return f"{name} majority of {over}" if over is not None else f"{name} majority"
        case NoOverallControl():
            return NO_OVERALL
        case Undecided():
            return "Control is undecided" if sum(state.tonight.values()) else "No result yet"


def elected_to(election: Election, state: CouncilState) -> str | None:
    """Who has a single office: ``Ada Byron (LAB) elected``, ``LAB elected`` where no name was given; None so far."""
    elected = [candidate for result in state.contests.values() for candidate in result.elected]
    if elected:
        return f"{elected[0].candidacy.name} ({election.short(elected[0].group)}) elected"
    return next((f"{election.short(group)} elected" for group in state.seats), None)


def control_briefly(election: Election, state: CouncilState) -> str:
    """Beside the word control: the verdict, and ``Undecided`` as long as there is none."""
    return verdict(election, state) if state.is_certain else "Undecided"


def largest(election: Election, state: CouncilState) -> str | None:
    """Who is largest where nobody controls: ``CON is the largest party with 19 seats``; None before any seat."""
    groups = state.largest
    if not groups:
        return None
    seats = plural_seats(election, state.seats[groups[0]])
    names = [election.short(group) for group in groups]
    if len(names) > 1:
        return f"{listed(names)} are level as the largest with {seats} each"
    return f"{names[0]} is the largest party with {seats}"


def majority_line(state: CouncilState) -> str:
    """``30 are a majority``."""
    return f"{state.majority} {'is' if state.majority == 1 else 'are'} a majority"


def out_of_reach(state: CouncilState) -> str | None:
    """What the dash in the column of needs means, where a party has one."""
    if state.is_certain or all(group in state.needs for group in state.seats):
        return None
    return f"Needs –: cannot reach {state.majority} any more."


def no_longer_possible(state: CouncilState) -> str | None:
    """Why there is no overall control while seats are still to come."""
    if not isinstance(state.control, NoOverallControl) or state.is_complete:
        return None
    return f"Nobody can reach {state.majority} any more."


def vacancies(election: Election, state: CouncilState) -> str | None:
    """``1 seat is vacant``: vacant seats count in the total and for nobody."""
    if not state.vacant or not state.council.is_known_whole:
        return None
    return f"{plural_seats(election, state.vacant)} {'is' if state.vacant == 1 else 'are'} vacant"


def by_phone(tally: TallyDeclaration) -> str:
    """``Tally by phone``; with ``, incomplete`` while more is to come."""
    return "Tally by phone" if tally.complete else "Tally by phone, incomplete"


def source(election: Election, state: CouncilState) -> str:
    """Where the seats come from: the wards, or a tally by phone with its time."""
    seats, contests = sentence(election.words.seats), election.words.contests
    if state.count.source is SeatSource.WARDS or state.tally is None:
        return f"{seats} counted from the {contests}: {progress_declared(election, state)}."
    return f"{seats} from {_tally(election, state.tally)}. By {contests}, {progress_declared(election, state)}."


def disagreement(election: Election, state: CouncilState) -> str | None:
    """Said where the standing tally cannot be squared with the wards."""
    if not state.tally_disagrees or state.tally is None or not isinstance(state.tally.content, TallyDeclaration):
        return None
    told = f"{_tally(election, state.tally)} ({seats_line(election, election.grouped(state.tally.content.seats))})"
    by_contests = state.count.source is SeatSource.WARDS
    stands = f"the {election.words.contests} stand" if by_contests else "the tally stands, it accounts for more"
    return f"The count by {election.words.contests} does not agree with {told}: {stands}, and it is being checked."


def _tally(election: Election, entry: Entry) -> str:
    content = entry.content
    complete = isinstance(content, TallyDeclaration) and content.complete
    whose = f", {content.source}" if isinstance(content, TallyDeclaration) and content.source else ""
    return f"{'a' if complete else 'an incomplete'} tally by phone, {clock(election, entry.at)}{whose}"


def change_heading(election: Election, comparison: Comparison) -> str:
    """What the column of changes is measured against: ``Change since the eve of poll``."""
    against = {
        "eve": "since the eve of poll",
        "last": "since the last election",
        "notional": f"on notional {election.words.seats}",
    }
    basis = comparison.change_basis
    return "Change" if basis is None else f"Change {against.get(basis, f'on the basis “{basis}”')}"


def change_missing(election: Election, state: CouncilState, comparison: Comparison) -> str | None:
    """Why no change is shown."""
    if comparison.change is not None:
        return None
    if state.is_complete:
        return f"No comparison: the {election.words.seats} before are not known on this basis."
    return f"Change is shown once every {election.words.seat} is in."


def council_status(election: Election, state: CouncilState) -> str | None:
    """What is known of the count as a whole: ``Recount, 05:40 BST: two wards``; None once every seat is in."""
    if state.status is None or state.is_complete or not isinstance(state.status.content, StatusDeclaration):
        return None
    status, note = state.status.content.status, state.status.content.note
    told = f"{status.value.capitalize()}, {clock(election, state.status.at)}"
    return f"{told}: {note}" if note else told


def held_up(election: Election, state: CouncilState) -> str | None:
    """What holds the count up, briefly: ``Recount``, ``Recount in 2 wards``, ``Delayed in 1 ward``; None where nothing.

    What was said of the whole council comes first.
    """
    content = state.status.content if state.status is not None else None
    if isinstance(content, StatusDeclaration) and content.status is not StatusValue.COUNTING:
        return content.status.value.capitalize()
    for how in (ContestState.RECOUNT, ContestState.DELAYED):
        number = sum(result.state is how for result in state.contests.values())
        if number:
            return f"{how.value.capitalize()} in {plural_contests(election, number)}"
    return None


def council_line(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """A line to copy: flash, seats, majority, progress."""
    return together([council_news(election, state, comparison), council_seats(election, state, comparison)])


def council_news(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """The first of it: ``LAB gain Medway from CON``; till control is certain ``Medway: 5 of 24 wards declared``."""
    name, flash = state.council.name, flash_line(election, state.council, comparison)
    if not state.council.has_chamber:
        told = verdict(election, state) if state.council.is_single else progress_declared(election, state)
        return f"{flash or name}: {told}"
    if not state.is_certain:
        return f"{name}: {progress_declared(election, state)}"
    return flash or f"{name}: {verdict(election, state)}"


def council_seats(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """The rest: ``LAB 33, CON 22, IND 4 of 59 seats, a majority of 7``; empty where no seats are added up."""
    if not state.council.has_chamber:
        return ""
    seats, total = seats_line(election, state.seats), plural_seats(election, state.council.total_seats)
    held = f"{seats} of {total}" if seats else f"none of {total} in"
    if not state.is_certain:
        return together([sentence(held), needs_briefly(election, state)])
    over, flash = state.majority_over_others, flash_line(election, state.council, comparison)
    tail = f", a majority of {over}" if over is not None and flash else ""
    to_come = f", {plural_seats(election, state.seats_to_come)} to come" if state.seats_to_come else ""
    return f"{held}{tail}{to_come}"


def control_changed(election: Election, was: str | None, now: str | None) -> str:
    """What a correction did to control: ``Control goes back from LAB to undecided``."""
    before, after = ("undecided" if holder is None else election.short(holder) for holder in (was, now))
    return f"Control goes {'back ' if now is None else ''}from {before} to {after}."
