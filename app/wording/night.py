"""The whole night: what its scoreboard is compared with, and a council among the others."""

from collections.abc import Iterable

from app.domain.council import CouncilState
from app.domain.election import NO_OVERALL_CONTROL, Convention, Election
from app.domain.night import Night
from app.domain.scoreboard import Scoreboard
from app.domain.ticker import TickerLine
from app.wording.control import basis_wording
from app.wording.council import NO_OVERALL, change_missing, verdict
from app.wording.derived import share_of_all, turnout_of_all
from app.wording.figures import (
    plural,
    plural_bodies,
    plural_contests,
    plural_seats,
    sentence,
    signed,
    with_article,
)
from app.wording.flips import undone
from app.wording.progress import contests_declared, polls_declared


def compared_with(election: Election, convention: Convention) -> tuple[str, ...]:
    """What councils and seats are compared with, as sentences; where there is one body alone, its seats."""
    seats = f"{sentence(election.words.seats)}: change against those held {_either(convention.seats)}."
    only = election.only_council
    if only is not None:
        # Where holders are known, what is counted says against whom.
        return () if any(contest.holder for contest in only.contests) else (seats,)
    return f"{sentence(election.words.bodies)}: change against control {_either(convention.control)}.", seats


def _either(bases: Iterable[str]) -> str:
    return ", or else ".join(basis_wording(basis) for basis in bases)


def counted(night: Night, convention: Convention) -> str:
    """How much is in the changes: ``Changes so far: control of 9 of 13 councils, seats of the 7 that are complete``.

    Of one body alone which of its seats may have changed hands, or why there is no change.
    """
    only = night.only_state
    if only is not None:
        return _counted_alone(night.election, only, convention)
    scoreboard, total, words = night.scoreboards[convention.key], night.election.added_up, night.election.words
    beforehand = safe_beforehand(night)
    if not total or beforehand:
        return f"{sentence(beforehand)}." if total and beforehand else ""
    if night.progress.councils_complete == night.progress.councils_total:
        return _counted_at_the_end(night.election, scoreboard, total)
    if not scoreboard.compared_control:
        return f"No comparison yet: changes are counted once control of {with_article(words.body)} is certain."
    control = f"Changes so far: control of {scoreboard.compared_control} of {total} {words.bodies}"
    if not scoreboard.compared_seats:
        return f"{control}; of {words.seats} once {with_article(words.body)} is complete."
    complete = "one that is" if scoreboard.compared_seats == 1 else f"{scoreboard.compared_seats} that are"
    return f"{control}, {words.seats} of the {complete} complete."


def safe_beforehand(night: Night) -> str | None:
    """``8 councils are safe before a vote is counted, and 2 are NOC``.

    None once anything is declared, and where none is certain.
    """
    if night.latest or any(state.tally is not None for state in night.councils.values()):
        return None
    added = [it for it in night.councils.values() if not it.council.stands_apart and night.election.adds_up(it.council)]
    holders = [state.holder for state in added if state.holder is not None]
    nobodys = holders.count(NO_OVERALL_CONTROL)
    safe, none = len(holders) - nobodys, f"{nobodys:,} {'is' if nobodys == 1 else 'are'} NOC"
    if safe:
        told = f"{plural_bodies(night.election, safe)} {'is' if safe == 1 else 'are'} safe before a vote is counted"
        return f"{told}, and {none}" if nobodys else told
    noun = plural_bodies(night.election, nobodys)
    return f"{noun} {'is' if nobodys == 1 else 'are'} NOC before a vote is counted" if nobodys else None


def measured(convention: Convention) -> str:
    """``Changes: BBC, seats against the last time they were contested``."""
    label = convention.label.replace(": ", ", ", 1)
    return f"Changes: {label[0].lower() if label[1:2].islower() else label[0]}{label[1:]}"


def _counted_at_the_end(election: Election, scoreboard: Scoreboard, total: int) -> str:
    """Once every council is complete: nothing is still to come, but some may have nothing to be compared with."""
    control, seats = scoreboard.compared_control, scoreboard.compared_seats
    if control == seats == total:
        return f"Changes: every {election.words.body} is in them."
    if control == seats == 0:
        return "No comparison: what there was before is not known here."
    of_control = f"control of {control or 'none'} of {plural_bodies(election, total)}"
    return f"Changes: {of_control}, {election.words.seats} of {seats or 'none'}."


def _counted_alone(election: Election, only: CouncilState, convention: Convention) -> str:
    """``Gains and losses in 325 of 650 constituencies, against who won them last time``; or why there is no change."""
    if only.gains is None:
        return change_missing(election, only, only.comparisons[convention.key]) or ""
    known = f"{only.gains.contests:,} of {plural_contests(election, only.contests_total)}"
    return f"Gains and losses in {known}, against who won them last time."


def all_bodies(election: Election) -> str:
    """What a link to the dashboard says: ``All councils``; where there is one alone, the name of the election."""
    return election.name if election.only_council is not None else f"All {election.words.bodies}"


def turnout_and_share(night: Night) -> tuple[str, ...]:
    """Of all contests, as far as they are known: ``Turnout 33.1% in 120 of 277 wards.``, ``Share of the vote: …``."""
    turnout, share = (told(night.election, night.votes) for told in (turnout_of_all, share_of_all))
    return (*((f"Turnout {turnout}.",) if turnout else ()), *((f"Share of the vote: {share}.",) if share else ()))


def how_far(night: Night) -> str:
    """``Kent council elections 2023: 5 of 13 councils, 120 of 277 wards declared``; of one body alone its verdict."""
    return f"{night.election.name}: {so_far(night)}"


def so_far(night: Night) -> str:
    """The same without the name: ``5 of 13 councils, 120 of 277 wards declared``."""
    done, words, only = night.progress, night.election.words, night.only_state
    if not done.councils_total:
        return polls_declared(night.progress_apart)
    contests = contests_declared(night.election, done)
    if only is not None:
        return f"{verdict(night.election, only)}, {contests}"
    return f"{done.councils_complete} of {done.councils_total} {words.bodies}, {contests}"


def by_elections(night: Night, convention: Convention) -> str | None:
    """``And 68 by-elections: LD +4, CON −3``: those that stand apart from the councils of the night; None without."""
    done, scoreboard = night.progress_apart, night.scoreboards_apart[convention.key]
    if not done.contests_total:
        return None
    if not scoreboard.compared_seats:
        told = polls_declared(done)
        return f"And {told}." if night.progress.councils_total else f"{told}."
    changes = sorted(
        ((group, tally.seats_change) for group, tally in scoreboard.rows.items() if tally.seats_change),
        key=lambda change: (-change[1], change[0]),
    )
    moved = ", ".join(f"{short_apart(night.election, group)} {signed(number)}" for group, number in changes)
    covers = scoreboard.compared_seats
    of_them = "" if covers == done.contests_total else f" (in {covers} of them)"
    told = f"{plural(done.contests_total, 'by-election')}: {moved or 'no change'}{of_them}."
    return f"And {told}" if night.progress.councils_total else told


def name_of(election: Election, group: str) -> str:
    """The full name of a reporting group, or of NOC."""
    return NO_OVERALL if group == NO_OVERALL_CONTROL else election.party(group).name


def short_apart(election: Election, control: str) -> str:
    """``IND``, or NOC, among all parties of the night; its name where others have that, too: ``Manchester First``."""
    return election.among_all.short(control)


def others_told(election: Election, seats: int, parties: int) -> str:
    """``Others: 500 seats (64 parties)``."""
    return f"Others: {plural_seats(election, seats)} ({plural(parties, 'party', 'parties')})"


def withdrawn(election: Election, line: TickerLine) -> str | None:
    """``Corrected 06:40 BST: two bundles were swapped``; without a reason, the entry after which it held no more."""
    return undone(election, line.withdrawn_by) if line.withdrawn_by is not None else None
