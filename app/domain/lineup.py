"""Who stands, and for how many seats: what a form is made out for, and where its figures go when that has changed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.election import Election
from app.domain.errors import DomainError
from app.domain.subject import Subject


@dataclass(frozen=True, slots=True)
class Nominee:
    """Somebody on a ballot paper, as its readers tell people apart: of another party it is another one."""

    name: str
    party_id: str


@dataclass(frozen=True, slots=True)
class Lineup:
    """The ``seats`` that a result or a tally is about, and who stands for them by candidacy_id.

    Of a form that does not say, ``seats`` is None and ``nominees`` is empty.
    """

    seats: int | None = None
    nominees: Mapping[str, Nominee] = field(default_factory=dict)

    def differs_from(self, now: "Lineup") -> bool:
        """Whether there are others ``now``, or another number of seats."""
        has_others = bool(self.nominees) and self.nominees != now.nominees
        return has_others or self.seats not in (None, now.seats)

    def places_in(self, now: "Lineup") -> dict[str, str | None]:
        """The id that each of these has ``now``; None for who does not stand so any more, or has a namesake."""
        seen = Counter(self.nominees.values()) | Counter(now.nominees.values())
        ids = {nominee: candidacy_id for candidacy_id, nominee in now.nominees.items() if seen[nominee] == 1}
        return {
            candidacy_id: candidacy_id if now.nominees.get(candidacy_id) == nominee else ids.get(nominee)
            for candidacy_id, nominee in self.nominees.items()
        }


class LineupChanged(DomainError):
    """What was typed for one line-up while there was another by entry ``seq`` of the log: it is not taken."""

    def __init__(self, seq: int) -> None:
        super().__init__()
        self.seq = seq


def lineup_of(election: Election, subject: Subject) -> Lineup:
    """What a form about ``subject``, a ward or a tally, is made out for; raises UnknownBallot and UnknownCouncil."""
    if subject.ballot_id is None:
        return Lineup(subject.council_in(election).total_seats)
    contest = election.contest(subject.ballot_id)
    return Lineup(contest.seats_up, {it.candidacy_id: Nominee(it.name, it.party_id) for it in contest.candidacies})
