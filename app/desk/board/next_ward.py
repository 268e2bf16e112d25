"""What is keyed next: whoever is on the telephone with a count gets its wards one after the other."""

from collections.abc import Collection

from app.domain.council import CouncilState
from app.domain.election import Contest
from app.domain.subject import Subject
from app.pages.contest.view import by_ward


def next_ward(state: CouncilState, after: Subject, taken: Collection[Subject] = ()) -> Contest | None:
    """The ward of the council behind ``after`` that nobody has keyed yet; after the last one, the first.

    ``taken`` is what waits for a check already, or what somebody else has open. None where nothing is left.
    """
    wards = by_ward(state.council.contests)
    place = next((place for place, ward in enumerate(wards, 1) if ward.ballot_id == after.ballot_id), 0)
    for ward in (*wards[place:], *wards[:place]):
        subject = Subject("ward", ward.ballot_id)
        if subject != after and subject not in taken and not state.contests[ward.ballot_id].is_decided:
            return ward
    return None
