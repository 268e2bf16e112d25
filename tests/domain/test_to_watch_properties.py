"""What is said of a council to watch, against every outcome there is: small councils, played out to all their ends."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.election import Contest
from app.domain.night import Night
from app.domain.to_watch import CouncilToWatch, to_watch
from tests.builders import CON, CONVENTIONS, LAB, LD, a_candidacy, a_contest, a_council, an_election

PARTIES = (LAB, CON, LD)
Seats = Mapping[str, int]


@dataclass(frozen=True)
class Played:
    """A council before its first ward, and all that can become of it."""

    wards: tuple[Contest, ...]
    continuing: Seats
    total: int

    @property
    def line(self) -> int:
        return self.total // 2 + 1

    def results(self, ward: Contest) -> list[Counter[str]]:
        """Every way in which the ward's seats can be filled."""
        stand = [candidacy.party_id for candidacy in ward.candidacies]
        elected = itertools.combinations(sorted(stand), min(ward.seats_up, len(stand)))
        return [Counter(one) for one in set(elected)]

    def after(self, declared: Mapping[int, Counter[str]]) -> Counter[str]:
        return sum(declared.values(), Counter(self.continuing))

    def is_certain(self, declared: Mapping[int, Counter[str]]) -> bool:
        """Rule 3: somebody is at the line, or nobody gets there by winning all that is left."""
        seats = self.after(declared)
        left = [ward for place, ward in enumerate(self.wards) if place not in declared]
        if any(seats[party] >= self.line for party in PARTIES):
            return True
        return all(seats[party] + sum(most(ward, party) for ward in left) < self.line for party in PARTIES)

    def some_results(self, places: tuple[int, ...]) -> Iterator[dict[int, Counter[str]]]:
        for results in itertools.product(*(self.results(self.wards[place]) for place in places)):
            yield dict(zip(places, results, strict=True))

    def can_be_certain_after(self, *places: int) -> bool:
        return any(self.is_certain(declared) for declared in self.some_results(places))

    def ends(self) -> list[dict[int, Counter[str]]]:
        return list(self.some_results(tuple(range(len(self.wards)))))

    def controls(self, end: Mapping[int, Counter[str]], party: str) -> bool:
        return self.after(end)[party] >= self.line


def most(ward: Contest, party: str) -> int:
    return min(ward.seats_up, sum(candidacy.party_id == party for candidacy in ward.candidacies))


@some.composite
def councils(draw: some.DrawFn) -> Played:
    wards = []
    for name in "abcd"[: draw(some.integers(1, 4))]:
        standing = {party: draw(some.integers(0, 2)) for party in PARTIES} | {LAB: draw(some.integers(1, 2))}
        candidacies = tuple(
            a_candidacy(name, party, number) for party, stand in standing.items() for number in range(stand)
        )
        wards.append(a_contest(name, seats_up=draw(some.integers(1, 2)), candidacies=candidacies))
    continuing = {party: draw(some.integers(0, 4)) for party in PARTIES}
    vacant = draw(some.integers(0, 1))
    total = sum(continuing.values()) + sum(ward.seats_up for ward in wards) + vacant
    return Played(tuple(wards), continuing, total)


def watched(played: Played) -> CouncilToWatch | None:
    council = a_council(*played.wards, continuing=played.continuing, total_seats=played.total)
    found = to_watch(Night.before_first(an_election(council)), CONVENTIONS["bbc"])
    return found[0] if found else None


@settings(max_examples=150)
@given(played=councils())
def test_all_that_is_said_of_a_council_is_so_in_every_outcome(played: Played) -> None:
    council, ends = watched(played), played.ends()
    assert (council is None) == played.is_certain({})
    if council is None:
        return
    assert {it.group for it in council.contenders} == {
        party for party in PARTIES if any(played.controls(end, party) for end in ends)
    }
    assert council.can_be_nobody == any(not any(played.controls(end, it) for it in PARTIES) for end in ends)
    for contender in council.contenders:
        party = contender.group
        taken = [(sum(won[party] for won in end.values()), played.controls(end, party)) for end in ends]
        assert all(controls == (seats >= contender.needs) for seats, controls in taken)
        assert contender.can_take == max(seats for seats, _ in taken)
        standing = [number for number, ward in enumerate(played.wards) if most(ward, party)]
        assert [place.contest for place in contender.places] == [played.wards[number] for number in standing]
        for number, place in zip(standing, contender.places, strict=True):
            won = [(end[number][party], played.controls(end, party)) for end in ends]
            assert place.most == max(seats for seats, _ in won)
            # Where too few others stand it may have to take more than it needs.
            assert min(seats for seats, controls in won if controls) == max(place.needed, min(won)[0])


@settings(max_examples=150)
@given(played=councils())
def test_which_wards_can_decide_and_that_no_fewer_can_is_so_in_every_outcome(played: Played) -> None:
    council, numbers = watched(played), range(len(played.wards))
    if council is None:
        return
    fewest = next(
        size
        for size in range(1, len(played.wards) + 1)
        if any(played.can_be_certain_after(*places) for places in itertools.combinations(numbers, size))
    )
    assert council.at_least <= fewest
    assert (council.at_least == 1) == (fewest == 1)
    alone = [played.wards[number] for number in numbers if played.can_be_certain_after(number)]
    assert list(council.deciding) == alone
