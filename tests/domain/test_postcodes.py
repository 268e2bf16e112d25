"""Postcodes: how they are written, and in which wards they are."""

import pytest

from app.domain.postcodes import Postcode, Postcodes, PostcodesRead, begun_postcodes, whole_postcode


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("CT1 2AB", "CT1 2AB"),
        ("ct12ab", "CT1 2AB"),
        (" C T1  2 ab ", "CT1 2AB"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("m11ae", "M1 1AE"),
        ("EC1A1BB", "EC1A 1BB"),
    ],
)
def test_a_postcode_is_read_in_any_case_and_with_spaces_anywhere(written: str, told: str) -> None:
    assert str(whole_postcode(written)) == told


@pytest.mark.parametrize("written", ["", "CT1", "CT1 2", "CT1 2A", "1CT 2AB", "CTT1 2AB", "CT1 AB2", "CT1 2ABC"])
def test_what_is_no_whole_postcode_is_none(written: str) -> None:
    assert whole_postcode(written) is None


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("ct1", ["CT1"]),
        ("CT1 2", ["CT1 2"]),
        ("CT12", ["CT12", "CT1 2"]),
        ("ct1 2a", ["CT1 2A"]),
        ("CT12AB", ["CT1 2AB"]),
        ("CT", []),
        ("hull", []),
        ("st 2", []),
        ("", []),
    ],
)
def test_what_is_typed_may_be_the_beginning_of_some(typed: str, ways: list[str]) -> None:
    assert [str(way) for way in begun_postcodes(typed)] == ways


def some_postcodes(*rows: str) -> Postcodes:
    """Each as ``CT1 2AB westgate``."""
    read = PostcodesRead()
    for row in rows:
        written, _, ward = row.rpartition(" ")
        postcode = whole_postcode(written)
        assert postcode is not None
        read.add(postcode, ward)
    return read.postcodes()


KENT = some_postcodes("CT1 2AB westgate", "CT1 2AD barton", "CT1 3AB barton", "CT12 6AA thanet", "CT1 2AB barton")


@pytest.mark.parametrize(
    ("typed", "told", "wards"),
    [
        ("ct1 3ab", "CT1 3AB", ["barton"]),
        ("CT1 2AB", "CT1 2AB", ["barton", "westgate"]),
        ("CT1 2", "CT1 2", ["barton", "westgate"]),
        ("CT1 3", "CT1 3", ["barton"]),
        ("CT1", "CT1", ["barton", "westgate"]),
        ("CT12", "CT12", ["thanet"]),
        ("CT13", "CT1 3", ["barton"]),
    ],
)
def test_a_postcode_or_its_beginning_is_in_all_wards_that_it_reaches(typed: str, told: str, wards: list[str]) -> None:
    assert KENT.find(typed) == (Postcode(*told.split()) if " " in told else Postcode(told, ""), tuple(wards))


@pytest.mark.parametrize("typed", ["CT1 9ZZ", "CT2", "TN1", "AB", "B 2AB", "westgate"])
def test_what_is_not_on_file_is_in_none(typed: str) -> None:
    assert KENT.find(typed) is None


def test_whatever_order_they_come_in_and_however_often_they_are_the_same() -> None:
    rows = ["CT1 2AB westgate", "CT1 2AD barton", "TN1 1AA park"]
    assert some_postcodes(*rows) == some_postcodes(*reversed(rows), *rows)
