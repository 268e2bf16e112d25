"""What a council is, and where it stands."""

from datetime import datetime

from app.domain.control import Majority, NoOverallControl, Undecided
from app.domain.council import Comparison, CouncilState, SeatSource
from app.domain.declarations import Entry, StatusDeclaration, TallyDeclaration
from app.domain.election import NO_OVERALL_CONTROL, Council, Cycle, Election
from app.wording.control import basis_wording, flash_line
from app.wording.derived import since_when
from app.wording.figures import clock, listed, plural, plural_contests, plural_seats, seats_line, sentence

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
    up = f"{election.words.seats} up in {plural_contests(election, len(council.contests))}"
    if council.seats_up == council.total_seats:
        return f"All {council.total_seats} {up}."
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


def progress(election: Election, state: CouncilState) -> str:
    """``18 of 24 wards``: from how many nothing more is to come."""
    return f"{state.contests_declared} of {plural_contests(election, state.contests_total)}"


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


def why(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """Why the badge says what it says.

    ``LAB 33 of 59, line 30, certain since 06:22 BST with 6 seats to come; before: CON on the eve of poll.``
    """
    if state.council.is_single:
        told = f"declared {clock(election, state.since.at)}; " if state.since is not None and state.since.at else ""
        return f"{sentence(told + before(election, comparison))}."
    if not state.council.is_known_whole:
        return f"Only by-elections are up; the other {election.words.seats} are not on file here."
    leading = " and ".join(f"{election.short(group)} {state.seats[group]}" for group in state.largest)
    total = state.council.total_seats
    leading = leading or seats_line(election, state.seats)
    filled = f"{leading} of {total}" if leading else f"None of {total} {election.words.seats} in"
    return f"{filled}, line {state.majority}, {certainty(election, state)}; {before(election, comparison)}."


def certainty(election: Election, state: CouncilState) -> str:
    """Since when control is certain and what was out then; while it is undecided, what is to come."""
    since = state.since
    if since is None:
        return f"{plural_seats(election, state.seats_to_come)} to come"
    if since.at is None:
        return f"certain before the first declaration with {plural_seats(election, since.seats_to_come)} to come"
    if since.seats_to_come == 0:
        return f"certain since {clock(election, since.at)} with every {election.words.seat} in"
    return f"certain since {clock(election, since.at)} with {plural_seats(election, since.seats_to_come)} to come"


def before(election: Election, comparison: Comparison) -> str:
    """``before: CON on the eve of poll``; ``before: no comparison`` where there is no baseline."""
    if comparison.before is None:
        return "before: no comparison"
    return f"before: {election.short(comparison.before.control)} {basis_wording(comparison.before.basis)}"


def needs(election: Election, state: CouncilState) -> tuple[str, ...]:
    """What each party that can still win has to take: ``LAB needs 3 of the 9 seats to come``."""
    return tuple(
        f"{election.short(group)} needs {_part(election, number, state.seats_to_come)}"
        for group, number in state.needs.items()
    )


def needs_line(election: Election, state: CouncilState) -> str:
    """The same in one line: ``LAB needs 3 of the 9 seats to come, CON 8``; empty where control is certain."""
    if state.council.is_single:
        return ""
    shorts = [election.short(group) for group in state.needs]
    if state.seats_to_come == 1 and len(shorts) > 1:
        return f"{listed(shorts)} each need the last {election.words.seat}"
    first = next(iter(needs(election, state)), "")
    others = [f"{election.short(group)} {number}" for group, number in state.needs.items()][1:]
    return ", ".join([first, *others])


def needs_briefly(election: Election, state: CouncilState, most: int = 2) -> str:
    """For a badge: ``LAB needs 3, CON 8 of 9 to come``; the parties nearest to the line, ``most`` of them."""
    nearest = [(election.short(group), number) for group, number in state.needs.items()][:most]
    if not nearest or state.seats_to_come == 1:
        return needs_line(election, state)
    first, *others = nearest
    told = ", ".join([f"{first[0]} needs {first[1]}", *(f"{short} {number}" for short, number in others)])
    return f"{told} of {state.seats_to_come} to come"


def _part(election: Election, number: int, to_come: int) -> str:
    """``3 of the 9 seats to come``, ``the last seat``."""
    words = election.words
    return f"the last {words.seat}" if to_come == 1 else f"{number} of the {to_come} {words.seats} to come"


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
        return f"{seats} counted from the {contests}: {progress(election, state)} declared."
    return f"{seats} from {_tally(election, state.tally)}. By {contests}, {progress(election, state)} declared."


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


def council_line(election: Election, state: CouncilState, comparison: Comparison) -> str:
    """A line to copy: flash, seats, majority, progress."""
    name = state.council.name
    if not state.council.has_chamber:
        told = verdict(election, state) if state.council.is_single else f"{progress(election, state)} declared"
        return f"{flash_line(election, state.council, comparison) or name}: {told}"
    seats = seats_line(election, state.seats)
    total = f"{state.council.total_seats} {election.words.seats}"
    held = f"{seats} of {total}" if seats else f"none of {total} in"
    if not state.is_certain:
        needed = needs_briefly(election, state)
        return ". ".join(
            [f"{name}: {progress(election, state)} declared", sentence(held), *([needed] if needed else [])]
        )
    over = state.majority_over_others
    tail = f", a majority of {over}" if over is not None else ""
    to_come = f", {plural_seats(election, state.seats_to_come)} to come" if state.seats_to_come else ""
    opening = flash_line(election, state.council, comparison) or f"{name}: {verdict(election, state)}"
    return f"{opening}. {held}{tail}{to_come}"


def control_changed(election: Election, was: str | None, now: str | None) -> str:
    """What a correction did to control: ``Control goes back from LAB to undecided``."""
    before, after = ("undecided" if holder is None else election.short(holder) for holder in (was, now))
    return f"Control goes {'back ' if now is None else ''}from {before} to {after}."
