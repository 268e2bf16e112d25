"""Every sentence of every surface, over whole nights and what is rare, keeps to the rules of how a night is told."""

from collections.abc import Callable, Iterator

import pytest

from app.domain.election import Convention, Election
from app.projection.publication import Publication
from tests.wording import nights
from tests.wording.rules import broken
from tests.wording.told import Teller

FEW = 10


@pytest.mark.parametrize(
    "night", [*nights.RARE, nights.kent, nights.whole_country, nights.a_parliament], ids=lambda night: night.__name__
)
def test_every_sentence_keeps_to_the_rules(night: Callable[[], Iterator[Publication]]) -> None:
    wrong = [
        f"{what} in {told}"
        for publication in night()
        for convention in _conventions(publication.election)
        for told in Teller(publication, convention).everything()
        for what in broken(told)
    ]
    assert wrong == []


def _conventions(election: Election) -> list[Convention]:
    """Of a night of many councils the usual one."""
    few = len(election.councils) < FEW
    return [it for it in election.conventions.values() if few or it.key == election.convention]
