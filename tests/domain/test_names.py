"""When two names are one."""

import pytest

from app.domain.names import is_same_person, looks_like, mixes_scripts


@pytest.mark.parametrize("other", ["zoë", "ZOË", "Zoe\u0308", " Zoë", "Zoë\u00a0", "\uff3aoë"], ids=ascii)
def test_a_name_is_the_same_however_it_is_typed(other: str):
    assert is_same_person("Zoë", other)


@pytest.mark.parametrize("other", ["Zoe", "Zoë B", "Zo\u200bë", ""], ids=ascii)
def test_another_name_is_another_person(other: str):
    assert not is_same_person("Zoë", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ian", "lan"),
        ("Desk 10", "Desk lo"),
        ("\u0441\u043e\u0440", "cop"),
        ("\u039d\u039f\u03a1\u0391", "NOPA"),
        ("Ian", "IAN"),
    ],
    ids=ascii,
)
def test_names_whose_letters_look_the_same_look_alike(one: str, other: str):
    assert looks_like(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ann", "Anna"), ("Ali", "All"), ("\u0410\u043d\u043d\u0430", "Anna")], ids=ascii
)
def test_names_that_can_be_told_apart_do_not(one: str, other: str):
    assert not looks_like(one, other)


@pytest.mark.parametrize(
    ("name", "mixes"),
    [
        ("Ann O’Neil", False),
        ("\u0410\u043d\u043d\u0430 Smith", False),
        ("\u0410nna Smith", True),
        ("Ann-\u03a3mith", True),
        ("Ann 2", False),
        ("\u674e\u660e", False),
    ],
    ids=ascii,
)
def test_a_word_is_of_one_alphabet(name: str, mixes: bool):
    assert mixes_scripts(name) is mixes
