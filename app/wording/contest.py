"""One contest: where it is, who is elected, and what was put right."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from app.domain.contest import PUT_OFF, CandidateResult, ContestResult, ContestState, Turnout
from app.domain.declarations import Entry, StatusDeclaration, SubjectRecord, WardDeclaration, Withdrawal
from app.domain.election import UNCONTESTED, Cancellation, Contest, Council, Election
from app.wording.announced import as_announced
from app.wording.control import holders_badge, holders_line
from app.wording.council import expected
from app.wording.figures import (
    clock,
    day,
    listed,
    ordinal,
    percentage,
    plural_seats,
    plural_votes,
    seats_line,
    sentence,
    signed,
    stopped,
    together,
)
from app.wording.names import places_of_namesakes

_AWAITED: Mapping[ContestState, str] = MappingProxyType(
    {
        ContestState.AWAITING: "Not declared yet",
        ContestState.COUNTING: "Counting",
        ContestState.RECOUNT: "Recount",
        ContestState.DELAYED: "Delayed, still to come tonight",
    }
)


def contest_status(election: Election, result: ContestResult) -> str:
    """Where a contest is, in words: never as 0 votes, never missing."""
    uncontested = result.contest.cancelled in UNCONTESTED
    if result.state is ContestState.UNOPPOSED or (uncontested and result.state is ContestState.DECLARED):
        return f"Elected unopposed, no poll{_left_vacant(election, result)}"
    if result.state is ContestState.DECLARED:
        return declared(election, result)
    if result.is_decided:
        return _not_held(election, result)
    if uncontested:
        return "Uncontested, no poll; who is elected has not been given yet"
    return _AWAITED[result.state]


def _not_held(election: Election, result: ContestResult) -> str:
    """A contest that fills no seat tonight: nobody stood, or the poll was put off."""
    contest = result.contest
    one = contest.seats_up == 1
    seats = f"the {election.words.seat}" if one else plural_seats(election, contest.seats_up)
    if result.state is ContestState.NO_CANDIDATES:
        return f"No candidates: {seats} {'stays' if one else 'stay'} vacant"
    return f"Poll {_put_off(result, result.state)}: {seats} {'is' if one else 'are'} vacant until a later poll"


def _put_off(result: ContestResult, how: ContestState) -> str:
    """``countermanded after the death of a candidate``, ``postponed``."""
    return f"{how.value} after the death of a candidate" if _after_a_death(result) else how.value


def _after_a_death(result: ContestResult) -> bool:
    return result.contest.cancelled is Cancellation.CANDIDATE_DEATH


def _left_vacant(election: Election, result: ContestResult) -> str:
    if not result.vacant:
        return ""
    return f"; {plural_seats(election, result.vacant)} {'stays' if result.vacant == 1 else 'stay'} vacant"


def declared(election: Election, result: ContestResult) -> str:
    """``Declared 03:02 BST``, and where more came later ``votes added 03:30 BST``, ``corrected 03:40 BST``.

    That of a later poll says what had become of the one of the day.
    """
    first, *later = _steps(result)
    parts = [f"Declared {clock(election, first.at)}"]
    parts += [f"votes added {clock(election, entry.at)}" for entry in later if not entry.is_revision]
    parts += [f"corrected {clock(election, entry.at)}" for entry in later[-1:] if entry.is_revision]
    told = ", ".join(parts)
    if result.put_off is None:
        return told
    return f"{told}, at a later poll; that of {day(election.polling_date)} was {_put_off(result, result.put_off)}"


def announcement(result: ContestResult) -> Entry | None:
    """The entry that the standing result goes back to, through all its corrections; None where nothing stands."""
    return next(iter(_steps(result)), None)


def _steps(result: ContestResult) -> tuple[Entry, ...]:
    """From its announcement on, the entries by which the standing result has become what it is: none where none is."""
    record, steps, entry = SubjectRecord(result.history), list[Entry](), result.entry
    while entry is not None:
        steps.append(entry)
        entry = record.completed_by(entry) if entry.replaces is None else record.entry(entry.replaces)
    since = [altered for altered in result.alterations if steps and altered.seq > steps[-1].seq]
    return tuple(sorted([*steps, *since], key=lambda entry: entry.seq))


def flags(result: ContestResult) -> tuple[str, ...]:
    """What is marked beside a result in a list: ``lot``, ``votes added``, ``as announced``, what it was revised to."""
    revisions = result.revisions
    marks = {
        "lot": result.has_lot,
        revised_briefly(revisions[-1], result) if revisions else "": bool(revisions),
        "votes added": any(not entry.is_revision for entry in _steps(result)[1:]),
        "as announced": result.is_as_announced,
    }
    return tuple(mark for mark, is_so in marks.items() if is_so)


def done(history: Collection[Entry], entry: Entry) -> str:
    """What ``entry``, one of those about the same, did: ``Declared``, ``Votes added``, ``Corrected``, ``Withdrawn``."""
    if entry.is_revision:
        return revised(entry)
    return "Votes added" if SubjectRecord(tuple(history)).completed_by(entry) is not None else "Declared"


def votes_told(votes: int | None) -> str:
    """``1,234``; ``not published`` where others' votes are."""
    return "not published" if votes is None else f"{votes:,}"


def votes_missing(result: ContestResult) -> str | None:
    """What is not known of the votes of a result whose winners are."""
    if result.state is not ContestState.DECLARED or not result.elected:
        return None
    if not result.has_votes:
        return "Who is elected was announced without votes."
    missing = result.declaration.unpublished if result.declaration else ()
    unpublished = [result.contest.candidacies_by_id[candidacy_id].name for candidacy_id in missing]
    if not unpublished:
        return None
    return f"{together([f'Not published: the votes of {listed(unpublished)}', 'So there is no share'])}."


def status_note(election: Election, result: ContestResult) -> str | None:
    """The note of the standing status with its time, where it is what the contest stands at."""
    status = result.status
    told = {ContestState.COUNTING, ContestState.RECOUNT, ContestState.DELAYED, *PUT_OFF}
    if status is None or result.state not in told or not isinstance(status.content, StatusDeclaration):
        return None
    note = status.content.note.rstrip(". ")
    return f"{note} ({clock(election, status.at)})" if note else clock(election, status.at)


def contest_facts(election: Election, council: Council, result: ContestResult) -> tuple[str, ...]:
    """What stands beside the status: note, seats, and while nothing is declared the time it is expected."""
    contest = result.contest
    due = None if result.is_decided else expected(election, contest.expected_at or council.expected_at)
    parts = (
        status_note(election, result),
        plural_seats(election, contest.seats_up),
        holder_line(election, result),
        f"due {due}" if due else None,
    )
    return tuple(part for part in parts if part)


def contest_description(election: Election, council: Council, contest: Contest) -> str:
    """What is elected: ``2 seats on Medway council.``, ``3 seats on Fife council, by single transferable vote.``."""
    if council.is_single:
        return "One person is elected."
    ends_so = council.name.lower().endswith(election.words.body)
    where = council.name if ends_so else f"{council.name} {election.words.body}"
    how = ", by single transferable vote" if contest.is_stv else ""
    return f"{plural_seats(election, contest.seats_up)} on {where}{how}."


def holder_line(election: Election, result: ContestResult) -> str | None:
    """``won last time by CON``, of several seats by all who did: ``LAB 2, CON 1``; None where that is not known."""
    held = result.won_last_time
    if held is None:
        return None
    told = seats_line(election, held) if len(held) > 1 else election.short(next(iter(held)))
    return f"won last time by {told}"


def contest_badge(election: Election, result: ContestResult) -> str | None:
    """``REF gain from CON``, ``LD hold`` of one seat; None where there are several, or nobody knows who held it."""
    return holders_badge(election, result.holders)


def gains(election: Election, result: ContestResult) -> str | None:
    """``LAB +1, CON −1``: several seats against last time; None where that is not known, ``no change`` without one."""
    if result.gained is None or result.contest.seats_up == 1:
        return None
    changes = sorted(result.gained.items(), key=lambda change: -change[1])
    return ", ".join(f"{election.short(group)} {signed(number)}" for group, number in changes) or "no change"


def contest_summary(election: Election, result: ContestResult) -> str:
    """One contest in a few words: ``LAB 2, IND 1``, ``REF gain from CON``, ``Counting``, ``No candidates``."""
    if result.seats:
        return contest_badge(election, result) or seats_line(election, result.seats)
    return "Not yet" if result.state is ContestState.AWAITING else sentence(result.state.value.replace("-", " "))


def contest_won(election: Election, result: ContestResult) -> str:
    """Who has won, by name where one seat has no known holder: ``Priya Shah (GRN)``; else as in brief."""
    if result.holders is None and result.contest.seats_up == 1 and len(result.elected) == 1:
        return named(election, result.contest, result.elected[0])
    return contest_summary(election, result)


def turnout_line(turnout: Turnout | None) -> str | None:
    """``Turnout 22.4%``, with ``as announced`` where it is not papers / electorate; None while it is unknown."""
    if turnout is None:
        return None
    return f"Turnout {percentage(turnout.percentage)}{'' if turnout.counted else ' as announced'}"


def lot(election: Election, result: ContestResult) -> str | None:
    """How a tie across the last seat was settled (rule 7)."""
    drawn = [candidate for candidate in result.elected if candidate.by_lot]
    lost = [candidate for candidate in result.candidates if candidate.by_lot and not candidate.elected]
    if not drawn:
        return None
    names, others = (listed([named(election, result.contest, it) for it in group]) for group in (drawn, lost))
    return f"Tie at {plural_votes(drawn[0].votes or 0)} settled by lot: drawn {names}, not {others}."


def joint_places(result: ContestResult) -> tuple[str, ...]:
    """Ties that nothing hangs on, left as they are: ``Joint 3rd on 825 votes: A and B``."""
    if result.contest.is_stv:
        return ()  # Their places among first preferences decide nothing.
    ranks: dict[int, list[CandidateResult]] = {}
    for candidate in result.candidates:
        if candidate.joint and candidate.rank is not None:
            ranks.setdefault(candidate.rank, []).append(candidate)
    return tuple(_joint(rank, tied) for rank, tied in ranks.items())


def _joint(rank: int, tied: Sequence[CandidateResult]) -> str:
    names = listed([candidate.candidacy.name for candidate in tied])
    return f"Joint {ordinal(rank)} on {plural_votes(tied[0].votes or 0)}: {stopped(names)}"


def named(election: Election, contest: Contest, candidate: CandidateResult) -> str:
    """``Naushabah Khan (LAB)``; of namesakes in a party ``John Smith (LAB, 3rd on the ballot paper)``."""
    place = places_of_namesakes(election, contest).get(candidate.candidacy.candidacy_id)
    return f"{candidate.candidacy.name} ({', '.join(filter(None, (election.short(candidate.group), place)))})"


def candidate_note(election: Election, candidate: CandidateResult) -> str:
    """What is told beside a name: ``Council leader, loses seat``, ``Loses seat``; mostly nothing."""
    known = candidate.candidacy.note or candidate.candidacy.role
    if not candidate.loses_seat:
        return known
    loses = f"loses {election.words.seat}"
    return f"{known}, {loses}" if known else sentence(loses)


def contest_line(election: Election, council: Council, result: ContestResult) -> str:
    """A line to copy: ward, council, seats, who is elected, turnout."""
    return together([contest_news(election, council, result), contest_details(election, result)])


def contest_news(election: Election, council: Council, result: ContestResult) -> str:
    """The first of it: ``REF gain Cliftonville from CON (Thanet): REF 2``; how far it is before it is declared."""
    where = f"{result.contest.name} ({council.name})"
    if not result.seats:
        return f"{where}: {contest_status(election, result)}"
    if result.holders is not None:
        where = f"{holders_line(election, result.contest.name, result.holders)} ({council.name})"
    return f"{where}: {seats_line(election, result.seats)}"


def contest_details(election: Election, result: ContestResult) -> str:
    """The rest: who is elected, and the turnout; empty before it is declared."""
    if not result.seats:
        return ""
    elected = "; ".join(_with_votes(election, result.contest, candidate) for candidate in result.elected)
    turned_out = turnout_line(result.turnout)
    parts: Iterable[str | None] = (
        f"Change: {changed}" if (changed := gains(election, result)) else None,
        f"Elected: {elected}" if elected else None,
        "Votes are first preferences" if result.contest.is_stv and result.shares else None,
        "Unopposed, no poll" if result.state is ContestState.UNOPPOSED else None,
        turned_out,
        as_announced(result),
    )
    return together(parts)


def _with_votes(election: Election, contest: Contest, candidate: CandidateResult) -> str:
    votes = f", {candidate.votes:,}" if candidate.votes is not None else ""
    lot_drawn = ", by lot" if candidate.by_lot else ""
    return f"{named(election, contest, candidate)}{votes}{lot_drawn}"


def revision(election: Election, entry: Entry) -> str:
    """``Corrected 05:40 BST: two bundles were swapped``; ``Withdrawn …``."""
    return f"{revised(entry)} {clock(election, entry.at)}: {entry.reason}"


def revised(entry: Entry) -> str:
    """What an entry did to what was told before."""
    return "Withdrawn" if isinstance(entry.declaration, Withdrawal) else "Corrected"


def revised_briefly(newest: Entry, result: ContestResult) -> str:
    """What a contest stands at whose result was revised, ``newest`` being the last time, in a word."""
    if newest.kind != "withdrawal":
        return "corrected"
    return "redeclared" if result.entry else "withdrawn"


def papers(declaration: WardDeclaration) -> str | None:
    """``2,478 ballot papers, 12 of them rejected``; None where they were not given."""
    if declaration.papers is None:
        parts = ((declaration.valid, "counted"), (declaration.rejected, "rejected"))
        return next((f"{number:,} ballot papers {part}" for number, part in parts if number is not None), None)
    told = f"{declaration.papers:,} ballot paper{'' if declaration.papers == 1 else 's'}"
    return told if declaration.rejected is None else f"{told}, {declaration.rejected:,} of them rejected"
