"""What the kinds of contests, councils and parties ask of each other in a bundle; each fault says what to do."""

from collections import Counter
from collections.abc import Iterable, Sequence

from app.bundles.tables import Record, cut
from app.domain.election import Baseline, Candidacy, Contest, ControlSpell, Council, Cycle, Party


def check_holders(contests: Iterable[tuple[Record, Contest]]) -> None:
    """Who won a ward last time is known of each of its seats, or not at all: nothing is guessed."""
    for row, contest in contests:
        held = len(contest.holder)
        if row.is_sound and held not in (0, contest.seats_up):
            row.refuse(
                f"holder names {held} for {contest.seats_up} up",
                "name one party for each seat, with a space between them, or leave it empty where that is not known",
            )


def check_singles(councils: Iterable[tuple[Record, Council]], contests: Iterable[tuple[Record, Contest]]) -> None:
    """An office is one seat, and one contest."""
    numbers = Counter(contest.council_id for _, contest in contests)
    for row, council in councils:
        if council.cycle is not Cycle.SINGLE or not row.is_sound:
            continue
        number = numbers[council.council_id]
        if council.total_seats != 1:
            row.refuse(f"cycle single is an office of one seat, and total_seats is {council.total_seats}", "make it 1")
        elif number != 1:
            told = f"cycle single is an office that one contest fills, and contests.csv has {number} for it"
            row.refuse(told, "leave one there, or correct cycle")


def check_umbrellas(
    parties: Sequence[tuple[Record, Party]],
    controls: Iterable[tuple[Record, Baseline]],
    history: Iterable[tuple[Record, ControlSpell]],
) -> None:
    """A collection is nobody's, and never controlled anything."""
    umbrellas = {party.party_id for _, party in parties if party.umbrella}
    for row, party in parties:
        if party.umbrella and party.group not in (None, party.party_id):
            group = cut(str(party.group))
            told = f"umbrella is 1 and group is “{group}”, and a collection has no group"
            row.refuse(told, "leave one of the two empty")
    named = [
        *((row, baseline.control) for row, baseline in controls),
        *((row, spell.control) for row, spell in history),
    ]
    for row, control in named:
        if control in umbrellas:
            row.refuse(f"control “{cut(control)}” is an umbrella, which cannot control", "give NOC, or a party")


def check_positions(candidacies: Iterable[tuple[Record, Candidacy]]) -> None:
    """No two candidates have one place on a ballot paper."""
    first_line: dict[tuple[str, str], int] = {}
    for row, _ in candidacies:
        position = row.cells["position"]
        line = first_line.setdefault((row.cells["ballot_id"], position), row.line)
        if position and line != row.line:
            told = f"position {position} of this ballot paper is on line {line} already"
            row.refuse(told, "give one of the two another")


def in_order(candidacies: Iterable[tuple[Record, Candidacy]]) -> list[tuple[Record, Candidacy]]:
    """By their places on the ballot paper; those without one after the others, in the order of the file."""
    return sorted(candidacies, key=lambda candidacy: int(candidacy[0].cells["position"] or LAST_POSITION))


LAST_POSITION = 1_000
"""More candidates than ever stood on one ballot paper."""
