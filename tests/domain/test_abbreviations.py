"""Names cut to a few letters, each of which says one of them alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wording.abbreviations import LONGEST, abbreviations
from tests.country import country


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Dartford", "Dart"),
        ("Tunbridge Wells", "TunW"),
        ("Tonbridge and Malling", "TonM"),
        ("North Kesteven", "NKes"),
        ("St Albans", "SAlb"),
        ("Bournemouth, Christchurch and Poole", "BCP"),
        ("King’s Lynn and West Norfolk", "KLWN"),
        ("Bath and North East Somerset", "BNES"),
        ("Ely", "Ely"),
        ("and", "and"),
    ],
)
def test_a_few_letters_of_a_name(name: str, short: str) -> None:
    assert abbreviations([name]) == {name: short}


def test_two_that_begin_alike_are_told_apart() -> None:
    assert abbreviations(["Rochdale", "Rochford", "Newcastle upon Tyne", "Newcastle-under-Lyme"]) == {
        "Rochdale": "Roch",
        "Rochford": "Rocf",
        "Newcastle upon Tyne": "NewT",
        "Newcastle-under-Lyme": "NewL",
    }


def test_no_two_of_a_country_are_called_alike_and_none_is_long() -> None:
    names = [council.name for council in country().councils.values() if not council.stands_apart]
    found = abbreviations(names)
    assert len({short.casefold() for short in found.values()}) == len(names)
    assert all(len(short) <= LONGEST for short in found.values())


@given(st.lists(st.text(min_size=1), unique=True))
def test_whatever_they_are_called_each_has_letters_of_its_own(names: list[str]) -> None:
    found = abbreviations(names)
    assert list(found) == names
    assert len({short.casefold() for short in found.values()}) == len(names)
