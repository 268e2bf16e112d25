"""Share cards: what they say, that it fits, and that the sentence for them says it too."""

import io
import itertools
import json
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from resvg_py import svg_to_bytes

from app.bundles.reading import read_bundle
from app.domain.declarations import Entry, declaration_from
from app.domain.election import Council, Cycle, Party
from app.domain.night import Night
from app.live.hub import Hub
from app.pages.cards.typesetting import font_files, text_width
from app.pages.cards.view import DESCENT, MEASURES, Card, CardLook, CardSize, council_card, night_card
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import at_once
from app.projection.publication import Publication
from tests.builders import CON, LAB, LD, PARTIES, a_contest, a_council, a_ward, an_election, an_entry
from tests.names import LONG_NAMES
from tests.running import KENT

ENVIRONMENT = make_environment()
SVG = "{http://www.w3.org/2000/svg}"
GROUND = (0xFC, 0xFC, 0xFA)


@pytest.fixture(scope="module")
def kent() -> Publication:
    """The whole night of Kent, as a server publishes it."""
    election = read_bundle(KENT).election
    hub = Hub(beat_seconds=10, stuck_seconds=10)
    publication = Publication(election, "epoch-1", hub=hub, rendering=Renderer(ENVIRONMENT))
    lines = []
    for seq, text in enumerate((KENT / "night.jsonl").read_text("utf-8").splitlines(), start=1):
        body = json.loads(text)
        ballot_id = body["ballot_id"]
        council_id = election.contest(ballot_id).council_id
        declaration = declaration_from(body, about="ward", council_id=council_id, ballot_id=ballot_id)
        at = datetime.fromisoformat(body["at"])
        lines.append((Entry(seq, at, declaration, council_id=council_id, ballot_id=ballot_id), body))
    publication.begin(lines)
    return publication


def of_council(publication: Publication, council_id: str, seq: int, **look) -> Card:
    election = publication.election
    state = at_once(publication.at(seq)).councils[council_id]
    return council_card(ENVIRONMENT, election, state, election.chosen_convention(None), CardLook(**look))


def of_night(publication: Publication, seq: int, **look) -> Card:
    night, at = at_once(publication.at(seq)), publication.time_of(seq)
    return night_card(ENVIRONMENT, night, at, publication.election.chosen_convention(None), CardLook(**look))


def texts_of(card: Card) -> list[str]:
    return [text.text for text in ET.fromstring(card.svg).iter(f"{SVG}text")]


def picture_of(card: Card) -> Image.Image:
    png = svg_to_bytes(svg_string=card.svg, skip_system_fonts=True, font_files=[str(file) for file in font_files()])
    return Image.open(io.BytesIO(png)).convert("RGB")


def extents(card: Card) -> list[tuple[str, float, float, float, float]]:
    """Every text with its left, top, right and bottom edge, as measured."""
    found = []
    for text in ET.fromstring(card.svg).iter(f"{SVG}text"):
        if "x" not in text.attrib:  # The mark across a rehearsal's picture.
            continue
        size, weight = int(text.get("font-size")), int(text.get("font-weight"))
        width = text_width(text.text, size, weight)
        left = float(text.get("x")) - {"start": 0, "middle": width / 2, "end": width}[text.get("text-anchor", "start")]
        y = float(text.get("y"))
        tail = 0.02 if text.text.isdecimal() else DESCENT
        found.append((text.text, left, y - 0.72 * size, left + width, y + tail * size))
    return found


def boxes(card: Card) -> list[tuple[float, float, float, float]]:
    """Every rectangle with its left and top edge, width and height."""
    parts = [rect for rect in ET.fromstring(card.svg).iter(f"{SVG}rect") if "x" in rect.attrib]
    return [tuple(float(rect.get(name)) for name in ("x", "y", "width", "height")) for rect in parts]


def assert_is_set_well(card: Card, size: CardSize) -> None:
    """Nothing beyond the margins, nothing across anything else; the tails of letters count."""
    measures, set_ = MEASURES[size], extents(card)
    for text, left, top, right, bottom in set_:
        assert left >= measures.margin - 0.5, text
        assert right <= measures.width - measures.margin + 0.5, text
        assert top >= 0, text
        assert bottom <= measures.height - 20, text
    for one, other in itertools.combinations(set_, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
        assert apart, f"“{one[0]}” runs into “{other[0]}”"
    for x, y, width, height in boxes(card):
        for text, left, top, right, bottom in set_:
            apart = right <= x or x + width <= left or bottom <= y or y + height <= top
            inside = x <= left and right <= x + width and y <= top and bottom <= y + height
            assert apart or inside, f"“{text}” runs over an edge at {x:.0f}, {y:.0f}"


# What they say


def test_a_gain_says_who_from_whom_and_why(kent):
    card = of_council(kent, "medway", kent.seq)
    texts = texts_of(card)
    assert {"Medway", "LAB gain from CON", "LAB 33 of 59 seats, majority line 30, a majority of 7"} <= set(texts)
    assert {"33", "+13", "22", "−11", "4", "+2", "30 for a majority", "59 seats"} <= set(texts)
    assert {"As at 06:49 BST, 5 May 2023", "Kent council elections 2023", "Declared"} <= set(texts)
    assert "Change since the last election; new boundaries" in texts


def test_a_card_of_the_flip_shows_the_night_as_it_stood_then(kent):
    texts = texts_of(of_council(kent, "medway", 22))
    assert {
        "LAB gain from CON",
        "LAB 30 of 59 seats, majority line 30, 6 seats to come",
        "6 of 59 seats to come",
    } <= set(texts)
    assert "As at 06:22 BST, 5 May 2023" in texts
    assert "Change is shown once every seat is in" in texts


def test_an_undecided_council_says_how_far_it_is_and_what_is_needed(kent):
    texts = texts_of(of_council(kent, "medway", 12))
    assert {"12 of 24 wards declared", "LAB needs 13, CON 20 of 29 to come; majority line 30"} <= set(texts)
    assert {"needs 13", "needs 20"} <= set(texts)


def test_before_the_first_declaration_nothing_reads_as_a_result(kent):
    card = of_council(kent, "medway", 0)
    assert {"0 of 24 wards declared", "Before its first declaration"} <= set(texts_of(card))
    assert "gain" not in card.svg


def test_conventions_differ_and_each_names_its_basis(kent):
    state = kent.night.councils["maidstone"]
    said = {
        key: texts_of(council_card(ENVIRONMENT, kent.election, state, convention, CardLook()))
        for key, convention in kent.election.conventions.items()
    }
    assert "NOC gain from CON" in said["bbc"]
    assert "NOC hold" in said["pa"]
    assert "55 seats; lighter: not up tonight" in said["pa"]
    assert "Change since the eve of poll" in said["pa"]


def test_the_night_says_how_far_it_is_and_who_has_what(kent):
    texts = texts_of(of_night(kent, kent.seq))
    assert "277 of 277 wards declared; control certain in 13 of 13 councils" in texts
    assert {"Labour Party", "4", "+4", "175", "+50", "No overall control", "7", "Others"} <= set(texts)
    assert "Changes: BBC, seats against the last time they were contested" in texts


def test_others_are_the_sum_of_those_there_is_no_room_for(kent):
    wide, square = (texts_of(of_night(kent, kent.seq, size=size)) for size in CardSize)
    rows = kent.night.scoreboards["bbc"].rows
    others = sum(
        tally.seats for group, tally in rows.items() if kent.election.short(group) not in {"LAB", "CON", "LD", "GRN"}
    )
    assert wide[wide.index("Others") + 3] == str(others)
    assert "Swale Independents" in square


# The sentence that stands for it


def test_the_sentence_says_what_the_picture_says(kent):
    assert of_council(kent, "medway", kent.seq).alt == (
        "Medway: LAB gain from CON. LAB 33 (+13), CON 22 (−11), IND 4 (+2) of 59 seats; 30 are a majority. "
        "Change since the last election; new boundaries. As at 06:49 BST, 5 May 2023, Kent council elections 2023."
    )
    assert of_council(kent, "medway", 12).alt == (
        "Medway: 12 of 24 wards declared, control is undecided. LAB 17, CON 10, IND 3 of 59 seats, 29 to come; "
        "30 are a majority. LAB needs 13 of the 29 seats to come, CON 20. "
        "As at 04:33 BST, 5 May 2023, Kent council elections 2023."
    )
    assert of_night(kent, kent.seq).alt.startswith(
        "Kent council elections 2023: 277 of 277 wards declared; control certain in 13 of 13 councils. "
        "LAB 4 councils (+4), 175 seats (+50); CON 2 councils (−4), 203 seats (−97);"
    )


@pytest.mark.parametrize("size", CardSize)
def test_a_rehearsal_cannot_be_taken_for_a_result(kent, size):
    for card in (
        of_council(kent, "medway", kent.seq, size=size, rehearsal=True),
        of_night(kent, kent.seq, size=size, rehearsal=True),
    ):
        assert {"TEST", "TEST. This is a rehearsal: nothing here is a result."} <= set(texts_of(card))
        assert card.alt.startswith("TEST, a rehearsal. ")
        assert_is_set_well(card, size)


# That it fits


@pytest.mark.parametrize("size", CardSize)
def test_every_council_of_kent_is_set_well_at_every_stage(kent, size):
    for council_id in kent.election.councils:
        for seq in (0, 12, 22, 100, 200, kent.seq):
            assert_is_set_well(of_council(kent, council_id, seq, size=size), size)
    for seq in (0, 1, 50, 150, kent.seq):
        assert_is_set_well(of_night(kent, seq, size=size), size)


def a_crowded_night(name: str, shorts: list[str], seats: list[int], *, declared: bool) -> Night:
    """A council called ``name``, in which every party of ``shorts`` wins a ward of so many seats."""
    parties = dict(PARTIES)
    for number, short in enumerate(shorts):
        parties[f"local:{number}"] = Party(f"local:{number}", f"{name} Party", short, "#123456")
    wards = [
        a_contest(f"ward-{number}", parties=[LAB, CON], seats_up=up, each=1, candidacies=())
        for number, up in enumerate(seats)
    ]
    election = replace(an_election(a_council(*wards, name=name), parties=parties), name=f"{name} elections 2027")
    log = [
        an_entry(seq, a_ward(ward, seats={f"local:{(seq - 1) % len(shorts)}": ward.seats_up}))
        for seq, ward in enumerate(wards, start=1)
    ]
    return Night.before_first(election).fold(log if declared else log[:1])


SHORT = st.text("ABCDEFGHIJKLMNOPQRSTUVWŴÎÔ&-", min_size=2, max_size=12)
SHORTS = st.lists(SHORT, min_size=1, max_size=14, unique=True)
SIZES = st.sampled_from(CardSize)
TWO_LINES = ("Causeway Coast and Glens Borough Council", "Bournemouth, Christchurch and Poole with Kingston upon Hull")
AB = ["LAB", "CON"]
NAMES = st.sampled_from([*LONG_NAMES, *TWO_LINES])
SEATS = st.lists(st.integers(1, 130), min_size=1, max_size=14)


@given(name=NAMES, shorts=SHORTS, seats=SEATS, declared=st.booleans(), size=SIZES, rehearsal=st.booleans())
@example(name=TWO_LINES[0], shorts=AB, seats=[9, 30], declared=True, size=CardSize.WIDE, rehearsal=False)
@example(name=TWO_LINES[1], shorts=AB, seats=[9, 30], declared=True, size=CardSize.WIDE, rehearsal=True)
def test_the_longest_names_and_the_most_parties_are_set_well(name, shorts, seats, declared, size, rehearsal):
    night = a_crowded_night(name, shorts, seats, declared=declared)
    convention = night.election.chosen_convention(None)
    (state,) = night.councils.values()
    look = CardLook(size, rehearsal)
    assert_is_set_well(council_card(ENVIRONMENT, night.election, state, convention, look), size)
    assert_is_set_well(night_card(ENVIRONMENT, night, None, convention, look), size)


@pytest.mark.parametrize("size", CardSize)
@pytest.mark.parametrize(
    "name", ["Bournemouth, Christchurch and Poole", "King's Lynn and West Norfolk", LONG_NAMES[6] * 3]
)
def test_nothing_is_drawn_in_the_margins(name, size):
    night = a_crowded_night(
        name, ["LAB", "CON", "Residents", "TUSC", "ASHI", "LD", "GRN", "MRLP"], [9, 30, 2, 1], declared=True
    )
    (state,) = night.councils.values()
    convention = night.election.chosen_convention(None)
    measures = MEASURES[size]
    for card in (
        council_card(ENVIRONMENT, night.election, state, convention, CardLook(size)),
        night_card(ENVIRONMENT, night, None, convention, CardLook(size)),
    ):
        picture = picture_of(card)
        assert picture.size == (measures.width, measures.height)
        left, top, right, bottom = ImageChops.difference(picture, Image.new("RGB", picture.size, GROUND)).getbbox()
        assert left >= measures.margin - 1
        assert right <= measures.width - measures.margin + 1
        assert top >= 40
        assert bottom <= measures.height - 20


def test_markup_in_a_name_is_text(kent):
    state = at_once(kent.at(22)).councils["medway"]
    state = replace(state, council=replace(state.council, name="<b>A&B</b> \x00council"))
    card = council_card(ENVIRONMENT, kent.election, state, kent.election.chosen_convention(None), CardLook())
    assert "<b>A&B</b> council" in texts_of(card)


def test_of_by_elections_alone_the_card_has_seats_and_nobody_has_a_council():
    ward = a_contest("dale", council_id="apart", by=True, holder=(CON,))
    apart = a_council(ward, council_id="apart", cycle=Cycle.BY, total_seats=30, eve=None)
    night = Night.before_first(an_election(apart))
    before = night_card(ENVIRONMENT, night, None, night.election.conventions["pa"], CardLook())
    assert before.alt == "Test elections 2023: 0 of 1 by-election declared. Before the first declaration."
    night, _ = night.apply(an_entry(1, a_ward(ward, LAB)))
    card = night_card(ENVIRONMENT, night, None, night.election.conventions["pa"], CardLook())
    assert "declared. LAB 1 seat (+1); CON 0 seats (−1). " in card.alt
    assert "Councils" not in texts_of(card)


def test_a_change_stands_beside_seats_of_the_same_councils_or_not_at_all(kent):
    mid, end = of_night(kent, 100).alt, of_night(kent, kent.seq).alt
    assert "LAB 1 council (+1), 90 seats; CON 0 councils (−1), 86 seats; " in mid
    assert "LAB 4 councils (+4), 175 seats (+50); CON 2 councils (−4), 203 seats (−97); NOC 7 councils" in end
    assert "; LD 51 seats (+15); " in end


def test_of_how_many_councils_the_changes_of_seats_are_is_said_until_it_is_all(kent):
    said = "; change of seats in 2 of 13"
    mid, end = of_night(kent, 150), of_night(kent, kent.seq)
    assert any(text.endswith(said) for text in texts_of(mid))
    assert f"{said}. " in mid.alt
    assert "change of seats" not in end.alt


def test_what_is_certain_before_a_vote_is_counted_says_so():
    safe = a_council(a_contest("a", council_id="safe"), council_id="safe", continuing={LAB: 9})
    nobody = a_council(a_contest("b", council_id="nobody"), council_id="nobody", continuing={LAB: 4, CON: 4, LD: 4})

    def told(*councils: Council) -> str:
        night = Night.before_first(an_election(*councils, a_council(council_id="open")))
        return night_card(ENVIRONMENT, night, None, night.election.conventions["pa"], CardLook()).alt

    assert "; 1 council is safe before a vote is counted. " in told(safe)
    assert "; 1 council is safe before a vote is counted, and 1 is NOC. " in told(safe, nobody)
    assert "; 1 council is NOC before a vote is counted. " in told(nobody)
