"""Finding councils, wards, candidates and parties by a few letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import finder as finding
from app.domain.election import Candidacy, Election
from app.domain.finder import Finder, finder_of, shared
from app.domain.name_index import Name, NameIndex
from app.domain.search import aliases_of, asked_words, matches
from app.process.turns import at_once
from tests.builders import CON, GRN, LAB, LD, a_contest, a_council, an_election


def a_candidate(name: str, party_id: str = LAB) -> Candidacy:
    return Candidacy(name.lower().replace(" ", "-"), name, party_id)


PLACES = {
    "Bournemouth, Christchurch and Poole": {"Poole Town": [a_candidate("Mary Poole")]},
    "Kingston upon Hull": {"St Andrew’s": [a_candidate("Zoë O’Brien", GRN), a_candidate("John Hull", CON)]},
    "Kensington and Chelsea": {"Norland": [a_candidate("John Smith", LD)], "Holland": []},
    "Canterbury": {"Westgate": [a_candidate("John Smith", LAB)], "West Bay": []},
    "Cardiff": {"Splott": [a_candidate("Canterbury Smith", CON)]},
}


def a_country() -> Election:
    councils = []
    for number, (name, wards) in enumerate(PLACES.items()):
        council_id = f"council-{number}"
        contests = [
            a_contest(f"ward-{place}", council_id=council_id, name=ward, candidacies=tuple(standing))
            for place, (ward, standing) in enumerate(wards.items())
        ]
        councils.append(a_council(*contests, council_id=council_id, name=name))
    return an_election(*councils)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return at_once(finder_of(a_country()))


def found(finder: Finder, typed: str, most: int = 20) -> list[str]:
    """The names of what is found, kind by kind."""
    it = finder.find(typed, most)
    return [
        *(council.name for council in it.councils.first),
        *(contest.name for contest in it.contests.first),
        *(f"{standing.candidacy.name} in {standing.contest.name}" for standing in it.standings.first),
        *it.groups.first,
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hull", ["Kingston upon Hull", "John Hull in St Andrew’s"]),
        ("KINGSTON UPON", ["Kingston upon Hull"]),
        ("BCP", ["Bournemouth, Christchurch and Poole"]),
        ("kensington & chelsea", ["Kensington and Chelsea"]),
        ("Caerdydd", ["Cardiff"]),
        ("saint andrews", ["St Andrew’s"]),
        ("westbay", ["West Bay"]),
        ("obrien", ["Zoë O’Brien in St Andrew’s"]),
        ("zoe", ["Zoë O’Brien in St Andrew’s"]),
        ("libdem", [LD]),
        ("labour", [LAB]),
    ],
)
def test_things_are_found_by_what_people_call_them(finder: Finder, typed: str, expected: list[str]) -> None:
    assert found(finder, typed) == expected


@pytest.mark.parametrize(
    ("typed", "council"), [("b.c.p.", "Bournemouth, Christchurch and Poole"), ("K&C", "Kensington and Chelsea")]
)
def test_a_council_goes_by_its_initials_before_all_that_begins_so(finder: Finder, typed: str, council: str) -> None:
    assert found(finder, typed)[0] == council


def test_a_council_is_found_by_what_its_bundle_calls_it_beside_its_name() -> None:
    finder = at_once(
        finder_of(an_election(a_council(name="Windsor and Maidenhead", aliases=("Royal Borough", "RBWM"))))
    )
    for typed in ("rbwm", "R.B.W.M.", "royal bor"):
        assert found(finder, typed) == ["Windsor and Maidenhead"], typed


def test_what_is_around_a_thing_tells_it_from_its_namesakes(finder: Finder) -> None:
    assert found(finder, "john smith") == ["John Smith in Norland", "John Smith in Westgate"]
    for around in ("canterbury", "westgate", "lab"):
        assert found(finder, f"{around} john smith") == ["John Smith in Westgate"], around
    assert found(finder, "west canterbury") == ["West Bay", "Westgate"]


def test_a_letter_stands_for_the_thing_itself_alone(finder: Finder) -> None:
    assert found(finder, "j smith") == ["John Smith in Norland", "John Smith in Westgate"]
    assert found(finder, "john s") == ["John Smith in Norland", "John Smith in Westgate"]
    assert found(finder, "smith w") == []


def test_what_is_around_a_thing_alone_does_not_find_it(finder: Finder) -> None:
    assert found(finder, "canterbury") == ["Canterbury", "Canterbury Smith in Splott"]


def test_one_wrong_letter_is_forgiven_where_nothing_is_found_otherwise(finder: Finder) -> None:
    for typed in ("cantrebury", "cantebury", "cannterbury", "xanterbury"):
        assert found(finder, typed) == ["Canterbury", "Canterbury Smith in Splott"], typed
    assert found(finder, "cntrbury") == []
    assert found(finder, "bcq") == []


def test_what_is_called_so_comes_first_and_then_what_begins_so(finder: Finder) -> None:
    contests = [
        a_contest(ward.lower().replace(" ", "-"), name=ward, parties=())
        for ward in ("New Deal", "Deal and Walmer", "Deal")
    ]
    deal = at_once(finder_of(an_election(a_council(*contests))))
    assert found(deal, "deal") == ["Deal", "Deal and Walmer", "New Deal"]


def test_as_many_are_shown_as_there_is_room_for_and_all_are_counted() -> None:
    wards = [a_contest(f"north-{number}", name=f"North {number}", parties=()) for number in range(30)]
    finder = at_once(finder_of(an_election(a_council(*wards, name="North Testshire", total_seats=90))))
    hits = finder.find("north", 20)
    assert (hits.councils.total, len(hits.councils.first)) == (1, 1)
    assert (hits.contests.total, len(hits.contests.first)) == (30, 19)


def test_a_kind_with_many_leaves_room_for_the_others() -> None:
    assert shared([3, 12, 40, 0], 20) == [3, 12, 5, 0]
    assert shared([9, 30, 40, 1], 20) == [9, 6, 4, 1]
    assert shared([1, 0, 0, 0], 20) == [1, 0, 0, 0]


@pytest.mark.parametrize("typed", ["", " ", "’", "…", "?!", "\ud800"])
def test_of_what_has_no_letters_nothing_is_found(finder: Finder, typed: str) -> None:
    assert found(finder, typed) == []


def test_what_is_typed_is_read_up_to_a_length_and_a_number_of_words(finder: Finder) -> None:
    assert found(finder, "hull" + " " * finding.LONGEST_TYPED + "xyz") == found(finder, "hull")
    assert found(finder, "hull " * finding.MOST_WORDS + "xyz") == []
    eight = " ".join("abcdefgh")
    assert finder.find(f"{eight} hull", 20) == finder.find(eight, 20)


LETTERS = st.text("abcé’& -", min_size=1, max_size=12)


@given(names=st.lists(LETTERS, min_size=1, max_size=6), typed=LETTERS, forgiving=st.booleans())
def test_the_index_finds_what_the_rule_of_the_desk_finds(names: list[str], typed: str, *, forgiving: bool) -> None:
    index = at_once(NameIndex.of([Name(name) for name in names]))
    for word in asked_words(typed):
        by_rule = {number for number, name in enumerate(names) if matches(name, [word], forgiving=forgiving)}
        assert index.begun_by(word, forgiving=forgiving) == by_rule


@given(
    names=st.lists(st.text("ab", min_size=5, max_size=7), min_size=60, max_size=80),
    word=st.text("ab", min_size=4, max_size=7),
)
def test_letter_by_letter_among_many_words_it_finds_the_same(names: list[str], word: str) -> None:
    index = at_once(NameIndex.of([Name(name) for name in names]))
    by_rule = {number for number, name in enumerate(names) if matches(name, [word], forgiving=True)}
    assert index.begun_by(word, forgiving=True) == by_rule


def test_where_very_many_words_begin_alike_every_letter_is_tried() -> None:
    names = [f"abc{number:02}" for number in range(60)]
    index = at_once(NameIndex.of([Name(name) for name in names]))
    for word in ("abcx", "abxc", "abbc"):
        by_rule = {number for number, name in enumerate(names) if matches(name, [word], forgiving=True)}
        assert index.begun_by(word, forgiving=True) == by_rule == {*range(60)}, word


def test_the_words_of_an_id_find_a_ward_but_those_of_its_council_do_not() -> None:
    contest = a_contest("upper", council_id="oldname", name="Higher Town", parties=())
    council = a_council(contest, council_id="oldname", name="Newshire")
    assert "oldname" in aliases_of(council, contest)
    finder = at_once(finder_of(an_election(council)))
    assert found(finder, "upper") == ["Higher Town"]
    assert found(finder, "oldname") == ["Newshire"]
