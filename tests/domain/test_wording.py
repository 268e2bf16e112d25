"""Badges and flash lines, as the wire writes them (rule 12)."""

import pytest

from app.domain.council import Before, Comparison
from app.wording.control import badge, basis_wording, flash_line
from app.wording.figures import plural
from tests.builders import CON, LAB, SHORTS, a_council


@pytest.mark.parametrize(
    ("now", "before", "council", "expected_badge", "expected_flash"),
    [
        (LAB, CON, "Medway", "LAB gain from CON", "LAB gain Medway from CON"),
        (LAB, "NOC", "Gravesham", "LAB gain from NOC", "LAB gain Gravesham from NOC"),
        ("NOC", CON, "Maidstone", "NOC gain from CON", "CON lose Maidstone to NOC"),
        (LAB, LAB, "Barnsley", "LAB hold", "LAB hold Barnsley"),
        ("NOC", "NOC", "Ashford", "NOC hold", "Ashford stays NOC"),
    ],
)
def test_every_change_of_control_has_its_badge_and_its_flash_line(
    now: str, before: str, council: str, expected_badge: str, expected_flash: str
) -> None:
    comparison = Comparison("bbc", now, Before(before, "eve"))
    assert badge(SHORTS, comparison) == expected_badge
    assert flash_line(SHORTS, a_council(name=council), comparison) == expected_flash


@pytest.mark.parametrize("comparison", [Comparison("bbc", LAB), Comparison("bbc", None, Before(CON, "eve"))])
def test_without_both_there_is_neither(comparison: Comparison) -> None:
    assert (badge(SHORTS, comparison), flash_line(SHORTS, a_council(), comparison)) == (None, None)


def test_a_basis_reads_as_words() -> None:
    assert basis_wording("eve") == "on the eve of poll"
    assert basis_wording("2021") == "on the basis “2021”"


def test_one_is_singular() -> None:
    assert [plural(number, "seat") for number in (0, 1, 2)] == ["0 seats", "1 seat", "2 seats"]
