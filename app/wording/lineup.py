"""That a form was made out for others than there are, and what became of what was typed into it."""

from collections.abc import Iterable, Iterator

from app.domain.election import Election
from app.domain.lineup import Lineup, Nominee
from app.wording.figures import plural_seats

CANDIDATES_CHANGED = "The candidates changed: look again."


def changed_briefly(election: Election, was: Lineup, now: Lineup) -> str:
    """In one line; where nobody knows yet what is otherwise, it is taken to be who stands."""
    is_about_seats = was.seats != now.seats and was.nominees == now.nominees
    return f"The {election.words.seats} changed: look again." if is_about_seats else CANDIDATES_CHANGED


def lineup_changed(election: Election, was: Lineup, now: Lineup, left: Iterable[tuple[Nominee, str]]) -> Iterator[str]:
    """What is otherwise ``now``, and whatever of what was typed has no place: each in a sentence."""
    if was.seats is not None and was.seats != now.seats:
        is_or_are, seats = "is" if now.seats == 1 else "are", plural_seats(election, now.seats or 0)
        yield f"There {is_or_are} {seats} now; the form was made out for {was.seats}."
    for nominee, typed in left:
        yield f"Typed for {_named(election, nominee)}, {_why_left(election, nominee, now)}: {typed}"
    come = [it for it in now.nominees.values() if it not in was.nominees.values()] if was.nominees else []
    if come:
        yield f"New here: {', '.join(_named(election, it) for it in come)}."


def _why_left(election: Election, nominee: Nominee, now: Lineup) -> str:
    if nominee in now.nominees.values():
        return "of whom there are several"
    parties = [it.party_id for it in now.nominees.values() if it.name == nominee.name]
    return f"who stands for {_short(election, parties[0])} now" if parties else "who does not stand any more"


def _named(election: Election, nominee: Nominee) -> str:
    return f"{nominee.name} ({_short(election, nominee.party_id)})"


def _short(election: Election, party_id: str) -> str:
    return election.short(party_id) if party_id in election.parties else party_id
