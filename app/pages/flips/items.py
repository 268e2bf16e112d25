"""Decisions as they are shown, each an item of its own that needs no other: in the band, and on the page of all."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from app.domain.decisions import Decision
from app.domain.election import NO_OVERALL_CONTROL, Convention
from app.domain.night import Night
from app.pages.addresses import contest_url, council_url, element_id, why_url
from app.pages.components.badge import Badge, badge_of_holders
from app.pages.past import at_moment
from app.wording.derived import since_when
from app.wording.flips import certain_then, decision_line, decision_name, decision_seats, first_briefly, undone

NEWEST = 6
"""Changes of hands that the band holds, of which a narrow screen shows fewer."""

OF_AN_ENTRY = 1_000
"""How far the places of two entries are apart: one that mends the catalogue may decide hundreds of councils."""


@dataclass(frozen=True, slots=True)
class DecisionItem:
    """``line`` is what is copied, announced and notified; ``order`` places it among others, the greatest first.

    ``address`` leads to what it is about, ``as_it_stood`` to how that was then: empty before the first entry. ``why``
    leads to its receipt, of what is undone to that of its moment; a ward's seat has none.
    ``seats``, ``first`` and ``since`` are empty where there is nothing to say, ``undone`` where it still holds.
    """

    decision: Decision
    element_id: str
    order: int
    name: str
    address: str
    as_it_stood: str
    why: str
    badge: Badge
    line: str
    seats: str
    first: str
    since: str
    certain_then: str
    undone: str

    @property
    def parties(self) -> str:
        """Whom it concerns, for a watch list: party ids."""
        return " ".join(group for group in self.decision.holders if group != NO_OVERALL_CONTROL)


def decision_items(night: Night, convention: Convention, decisions: Iterable[Decision]) -> list[DecisionItem]:
    """``decisions`` of the night under ``convention``, newest first, each with its place."""
    return [
        _item(night, convention, decision, decision.seq * OF_AN_ENTRY + OF_AN_ENTRY - place)
        for _, of_an_entry in groupby(decisions, key=lambda it: it.seq)
        for place, decision in enumerate(of_an_entry, start=1)
    ]


def newest_flips(night: Night, convention: Convention) -> list[Decision]:
    """Those of the band, newest first, whether they still hold or not."""
    flips = (it for it in night.decisions[convention.key] if it.is_flip)
    return [decision for decision, _ in zip(flips, range(NEWEST), strict=False)]


def _item(night: Night, convention: Convention, decision: Decision, order: int) -> DecisionItem:
    then, council_id = night.election_at(decision.seq), decision.council_id
    # Of what holds the seats are those of now: the count has gone on since.
    state = night.councils[council_id] if decision.holds else decision.state
    about = council_id if decision.ballot_id is None else decision.ballot_id
    address = (
        council_url(night.election, council_id, convention)
        if decision.ballot_id is None
        else contest_url(night.election, decision.ballot_id, convention)
    )
    why = why_url(night.election, convention, council_id=council_id) if decision.ballot_id is None else ""
    return DecisionItem(
        decision=decision,
        element_id=element_id("flip", f"{decision.seq}-{about}"),
        order=order,
        name=decision_name(decision),
        address=address,
        as_it_stood=at_moment(address, decision.seq) if decision.seq else "",
        why=why if decision.holds or not why else at_moment(why, decision.seq),
        badge=badge_of_holders(then.among_all, decision.holders),
        line=decision_line(then, decision),
        seats=decision_seats(then, decision, state),
        first=first_briefly(decision),
        since=(since_when(then, decision.state) or "") if decision.ballot_id is None else "",
        certain_then=certain_then(then, decision, state),
        undone=undone(night.election, decision.undone_by) if decision.undone_by is not None else "",
    )
