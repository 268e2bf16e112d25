"""What is known of before, told beside the fields: who holds a ward or sits there, what a party had. Never guessed."""

from collections.abc import Collection, Mapping

from app.domain.contest import ContestResult
from app.domain.declarations import Entry
from app.domain.election import Contest, Council, Election
from app.wording.contest import done, holder_line, revised
from app.wording.figures import clock, sentence
from app.wording.names import places_of_namesakes


def before_ward(election: Election, result: ContestResult) -> str:
    """``Won last time by LAB 2, CON 1.``, and what was declared tonight and does not stand; empty where neither is."""
    held = holder_line(election, result)
    parts = [sentence(held)] if held else []
    if result.entry is None and result.history:
        parts += [_told(election, result.history, entry) for entry in result.history]
    return "".join(f"{part}. " for part in parts).strip()


def _told(election: Election, history: Collection[Entry], entry: Entry) -> str:
    what = revised(entry) if entry.is_revision else done(history, entry)
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{what} {clock(election, entry.at)}{reason}"


def beside_candidates(election: Election, contest: Contest) -> Mapping[str, str]:
    """By candidacy, what tells it from a namesake's, and that somebody sits for the ward now."""
    places = places_of_namesakes(election, contest)
    told = {
        it.candidacy_id: [places.get(it.candidacy_id), "sits here now" if it.defends else None]
        for it in contest.candidacies
    }
    return {one: ", ".join(filter(None, parts)) for one, parts in told.items()}


def beside_parties(election: Election, council: Council, contest: Contest | None = None) -> Mapping[str, str]:
    """By reporting group, the seats that it had: of the ward, else of the council on the election's own basis."""
    if contest is not None:
        seats: Mapping[str, int] = election.grouped({party: contest.holder.count(party) for party in contest.holder})
    else:
        bases = election.chosen_convention(None).seats
        known = (council.baselines[basis].seats for basis in bases if basis in council.baselines)
        seats = next((it for it in known if it), {})
    return {group: f"had {number}" for group, number in seats.items() if number}
