"""Who is at the desk just now and who checks what, as the pages tell it: who, and never what they type."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.subject import Subject
from app.store.claims import Claim
from app.store.presence import Present


@dataclass(frozen=True, slots=True)
class AtWork:
    """Everybody who was seen within the last minutes, and the claims that hold."""

    people: tuple[Present, ...] = ()
    claims: tuple[Claim, ...] = ()

    def others_on(self, subject: Subject, person: str) -> tuple[Present, ...]:
        """Who else has the form of a subject open."""
        return tuple(one for one in self.people if one.subject == subject and one.person != person)

    def claim_on(self, subject: Subject) -> Claim | None:
        return next((claim for claim in self.claims if claim.subject == subject), None)

    def in_other_hands(self, person: str) -> frozenset[Subject]:
        """What somebody else has claimed or has open."""
        open_ = {one.subject for one in self.people if one.subject is not None and one.person != person}
        return frozenset(open_ | {claim.subject for claim in self.claims if claim.person != person})

    def only(self, covers: Callable[[Subject], bool]) -> "AtWork":
        """The same for somebody who sees not all subjects: of who is elsewhere it is known that they are here."""
        people = tuple(
            one if one.subject is None or covers(one.subject) else one._replace(subject=None) for one in self.people
        )
        return AtWork(people, tuple(claim for claim in self.claims if covers(claim.subject)))
