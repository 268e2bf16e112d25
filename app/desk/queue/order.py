"""In which order what waits is checked, and what stands beside each of it: nothing of what was keyed plays a part."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.desk.presence.view import AtWork
from app.domain.nearness import can_decide, decides_control, seats_to_certainty
from app.domain.night import Night
from app.domain.second_check import Disputed, Keyed
from app.domain.subject import Subject
from app.store.claims import Claim

FAR = 10**6
"""Seats until a council is certain that is so already, that nobody can say it of, or whose control is not open."""


class Order(StrEnum):
    """What comes first of that which waits; what is disputed comes before everything."""

    IMPACT = "impact"
    """What could decide a council, then what is of a council that is nearest to being certain."""
    COUNCIL = "council"
    AGE = "age"


LABELS: Mapping[Order, str] = {Order.IMPACT: "By impact", Order.COUNCIL: "By place", Order.AGE: "By age"}


def order_called(name: str) -> Order:
    """By impact, unless another is asked for."""
    return Order(name) if name in set(Order) else Order.IMPACT


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of something that waits, beside who keyed it. ``others`` have its form open."""

    decides: bool
    nearness: int
    claim: Claim | None
    others: tuple[str, ...]


def beside_of(night: Night, keyed: Keyed, at_work: AtWork) -> Beside:
    """What stands beside ``keyed``."""
    election, subject = night.election, keyed.subject
    state = night.councils[subject.council_in(election).council_id]
    result = state.contests.get(subject.ballot_id or "")
    claim = at_work.claim_on(subject)
    nearest = seats_to_certainty(election, state) if decides_control(election, state) else None
    return Beside(
        decides=bool(state.needs) if result is None else can_decide(election, state, result),
        nearness=FAR if nearest is None else nearest,
        claim=claim,
        others=tuple(
            one.person for one in at_work.people if one.subject == subject and (not claim or one.person != claim.person)
        ),
    )


def in_order(night: Night, waiting: Collection[Keyed], beside: Mapping[Subject, Beside], order: Order) -> list[Keyed]:
    """What waits, in the order in which it is checked."""

    def place(keyed: Keyed) -> tuple[object, ...]:
        of, at, council = beside[keyed.subject], keyed.author.at, keyed.subject.council_in(night.election)
        within: Mapping[Order, tuple[object, ...]] = {
            Order.IMPACT: (not of.decides, of.nearness, at),
            Order.COUNCIL: (council.name, at),
            Order.AGE: (at,),
        }
        return (not isinstance(keyed, Disputed), *within[order])

    return sorted(waiting, key=place)


def free_for(person: str, waiting: Collection[Keyed], at_work: AtWork) -> list[Subject]:
    """Of ``waiting``, what nobody else is at; who keyed it may still look at it."""
    return [
        one.subject
        for one in waiting
        if not any(
            other.subject == one.subject and other.person not in {person, one.author.person} for other in at_work.people
        )
    ]
