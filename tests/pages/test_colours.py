"""Party colours: every label can be read, every coloured text too, in both themes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.colours import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    colours_of,
    contrast,
    party_class,
    party_stylesheet,
    party_stylesheet_url,
)
from app.process.folders import STATIC
from tests.builders import an_election

CONVENTIONAL = {
    "#0087DC": "#111111",  # CON
    "#E4003B": "#ffffff",  # LAB
    "#FAA61A": "#111111",  # LD
    "#02A95B": "#111111",  # GRN
    "#12B6CF": "#111111",  # REF
    "#70147A": "#ffffff",  # UKIP
    "#DCDCDC": "#111111",  # IND
    "#FDF38E": "#111111",  # SNP
    "#005B54": "#ffffff",  # PC
    "#6B7280": "#ffffff",  # NOC
}

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#e4003b", "#e4003b") == 1


@pytest.mark.parametrize(("fill", "label"), CONVENTIONAL.items())
def test_the_label_of_a_conventional_colour(fill: str, label: str):
    assert colours_of(fill).label == label
    assert contrast(fill, label) >= 4.5


@given(COLOURS)
def test_any_colour_can_be_read(fill: str):
    colours = colours_of(fill)
    assert contrast(colours.fill, colours.label) >= 4.5
    assert all(contrast(colours.text_on_light, ground) >= 4.5 for ground in LIGHT_GROUNDS)
    assert all(contrast(colours.text_on_dark, ground) >= 4.5 for ground in DARK_GROUNDS)


@given(COLOURS)
def test_a_fill_that_does_not_stand_out_has_an_edge_that_does(fill: str):
    colours = colours_of(fill)
    for edge, grounds in ((colours.edge_on_light, LIGHT_GROUNDS), (colours.edge_on_dark, DARK_GROUNDS)):
        stands_out = all(contrast(fill, ground) >= 3 for ground in grounds)
        assert (edge is None) == stands_out
        assert stands_out or all(contrast(edge or fill, ground) >= 3 for ground in grounds)


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert colours_of("#005B54").text_on_light == "#005b54"


def test_the_grounds_are_those_of_the_tokens():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    screen = tokens[: tokens.index("@media print")]
    grounds = [tuple(found) for found in re.findall(r"--ground: (#\w{6});\s+--ground-raised: (#\w{6});", screen)]
    assert grounds == [LIGHT_GROUNDS, DARK_GROUNDS, DARK_GROUNDS]


def test_the_accent_can_be_read_in_both_themes():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    for name in ("accent", "warn", "ink", "ink-2"):
        light, *dark = re.findall(rf"--{name}: (#\w{{6}});", tokens[: tokens.index("@media print")])
        assert all(contrast(light, ground) >= 4.5 for ground in LIGHT_GROUNDS), name
        assert all(contrast(colour, ground) >= 4.5 for colour in dark for ground in DARK_GROUNDS), name


@given(st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=6))
def test_no_two_parties_share_a_class(party_ids: list[str]):
    classes = [party_class(party_id) for party_id in party_ids]
    assert len(set(classes)) == len(party_ids)
    assert all(re.fullmatch(r"party-[A-Za-z0-9_-]+", name) for name in classes)


def test_the_stylesheet_has_a_rule_for_every_party_and_for_noc():
    election = an_election()
    sheet = party_stylesheet(election)
    for party_id in [*election.parties, "NOC"]:
        assert f".{party_class(party_id)}{{" in sheet


def test_the_address_of_the_stylesheet_changes_with_it():
    election = an_election()
    parties = dict(list(election.parties.items())[:-1])
    address = party_stylesheet_url(election)
    assert address.startswith("/elections/test-2023/parties.css?v=")
    assert address == party_stylesheet_url(an_election())
    assert address != party_stylesheet_url(an_election(parties=parties))
