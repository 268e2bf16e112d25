"""Each rule finds the sentence that it is there for: what once was told, and was wrong."""

import pytest

from app.domain.declarations import Declaration, StatusDeclaration, StatusValue
from app.domain.election import Cancellation
from app.domain.night import Night
from tests.builders import CON, GRN, LAB, LD, a_candidacy, a_contest, a_council, a_ward, an_election, an_entry
from tests.wording.rules import RULES_OF_FACTS, RULES_OF_TEXTS, broken
from tests.wording.told import Told

WRONG_TEXTS = {
    "one_stop_ends_a_sentence": ["Joint 3rd: Currie, E..", "Three votes in it.; due 06:47", "Recount;, again", "So.?"],
    "after_a_stop_comes_a_capital": ["Recount: Thirds. in two wards"],
    "one_space_parts_words": ["LAB  8", "59 seats , new boundaries", " LAB", "LAB ", "( 3 not up)", "a\nb"],
    "nothing_stands_for_nothing": ["Largest: None", "Declared null", "Medway ()", "{seats} to come", "is True"],
    "thousands_have_commas": ["3567 wards", "3,567 of 3567", "18 of 2047 wards", "2010 votes", "12345"],
    "one_is_one_and_two_are_several": ["1 seats", "All 1 seats up", "0 ward", "1 are a majority", "1 seat are vacant"],
    "equals_are_listed_and_have_it_each": [
        "CON and LD largest with 17",
        "CON, LAB and 2 others need 7 of 12 to come",
        "CON 3 and LAB 3 of 12, line 7",
        "CON and LAB and GRN level",
    ],
    "a_part_is_not_more_than_the_whole": ["18 of 17 wards", "1,001 of 1,000 seats"],
    "what_was_then_is_told_as_it_was": ["LAB 33 of 59, line 30, certain since 06:22 BST with 6 seats to come"],
    "before_the_first_declaration_nothing_is_called_certain": ["Certain before the first declaration"],
}

RIGHT_TEXTS = [
    "Elected: Currie, E. (CON), 900; Smith, J. R. (LAB), 825",
    "St. Peter’s declared",
    "None of 59 seats in",
    "3,567 of 3,567 wards, 11 Aug 2023 14:07 BST, CON since 1995",
    "1 seat is vacant, 1 of 59 seats, 11 wards are in, 21 to come",
    "CON and LD largest with 17 each",
    "LD, LAB and 2 others need 20 each of 39 to come",
    "LAB and CON each need the last seat",
    "As at 02:41 BST",
]


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in WRONG_TEXTS.items() for text in texts])
def test_a_rule_of_texts_finds_what_it_is_there_for(rule: str, text: str) -> None:
    found = {one.__name__: list(one(text)) for one in RULES_OF_TEXTS}
    assert found[rule]


def test_every_rule_of_texts_is_tried_and_lets_pass_what_is_right() -> None:
    assert set(WRONG_TEXTS) == {rule.__name__ for rule in RULES_OF_TEXTS}
    night = Night.before_first(an_election())
    assert [broken(Told("page", text, night)) for text in RIGHT_TEXTS] == [[]] * len(RIGHT_TEXTS)


WARDS = [a_contest(f"w{place}", seats_up=3, parties=(LAB, CON, LD, GRN)) for place in range(4)]
NEW = (
    a_candidacy("new", CON, name="Ann Archer", note="Student, first time candidate"),
    a_candidacy("new", LAB, name="Bob Butt", role="Group leader"),
    a_candidacy("new", LD, name="Cat Cole", defends=True),
)
UP = a_contest("new", candidacies=NEW)
QUIET = a_contest("quiet", parties=(LAB,), cancelled=Cancellation.EQUAL_CANDIDATES)
OTHER = a_contest("other", council_id="other")


def night(*declarations: Declaration) -> Night:
    """A council of fourteen seats, and another that has not begun."""
    made = Night.before_first(an_election(a_council(*WARDS, UP, QUIET), a_council(OTHER, council_id="other")))
    for seq, declaration in enumerate(declarations, 1):
        made, _ = made.apply(an_entry(seq, declaration))
    return made


ALL_IN = (*(a_ward(ward, LAB, CON, LD) for ward in WARDS), a_ward(UP, LAB, CON, LD))
BEGUN = night(a_ward(WARDS[0], LAB), a_ward(WARDS[1], CON), a_ward(UP, LAB, CON, LD))
DONE = night(*ALL_IN)


def of_council(text: str, at: Night, surface: str = "row") -> Told:
    return Told(surface, text, at, "testshire", at.councils["testshire"])


def of_contest(text: str, at: Night, ballot_id: str = UP.ballot_id) -> Told:
    return Told("contest", text, at, ballot_id, None, at.result(ballot_id))


WRONG_OF_FACTS = {
    "seats_add_up": [of_council("LAB 4, CON 3 of 14 seats", BEGUN), of_council("LAB 9, CON 6 of 14 seats", BEGUN)],
    "who_needs_as_many_is_not_left_out": [of_council("LD needs 8, GRN 8 of 7 to come", night())],
    "nothing_is_to_come_where_all_is_in": [
        of_council("certain since 23:03 BST with 6 seats to come", DONE),
        of_council("LAB needs 3", DONE),
        of_council("due 06:47 BST", DONE),
    ],
    "what_is_safe_before_a_vote_is_counted_says_so": [
        Told("card wide", "0 of 6 wards declared; control certain in 1 of 2 councils", night())
    ],
    "behind_awaiting_stands_no_time_but_a_due_one": [
        of_council("Awaiting 06:47 BST", night(StatusDeclaration(StatusValue.COUNTING, council_id="testshire"))),
        of_council("Delayed in 1 ward 06:47 BST", BEGUN),
    ],
    "late_times_carry_their_date": [
        Told("page", text, BEGUN, late_clocks=frozenset({"14:07"}))
        for text in ("Corrected 14:07 BST: a bundle", "Declared Fri 14:07 BST", "14:07")
    ],
    "without_a_poll_there_are_no_votes": [of_contest("LAB 1 of quiet, 0 votes", BEGUN, QUIET.ballot_id)],
    "only_who_defends_loses_a_seat": [
        of_contest("Ann Archer Student, first time candidate, loses seat", BEGUN),
        of_contest("Bob Butt loses seat", BEGUN),
    ],
    "only_who_has_a_role_is_told_by_it": [of_contest("Council leader not elected: Ann Archer (CON), New", BEGUN)],
    "no_two_parties_of_a_council_are_called_alike": [
        of_council("IND 4, LAB 3, IND 2 of 14 seats", BEGUN),
        of_council("IND needs 3, IND 8 of 9 to come", BEGUN),
    ],
    "names_stand_with_their_own_party": [of_contest("Elected: Ann Archer (LAB)", BEGUN)],
    "seats_and_their_change_are_of_the_same_councils": [
        Told("card wide", "Test elections 2023: LAB 1 council (+1), 5 seats (+3); CON 4 seats (0)", BEGUN)
    ],
}

RIGHT_OF_FACTS = [
    of_council("LAB 5, CON 3, 6 to come of 14 seats", BEGUN),
    of_council("LAB 4, CON and LD 5 each of 6 to come", BEGUN),
    of_council("LAB passed the line of 8 at 06:22 BST with 6 seats still out, and finished on 13 of 14.", DONE),
    of_council("Awaiting due 06:47 BST", night()),
    Told("page", "14:07 BST, 11 August 2023; 11 Aug 2023 14:07 BST", BEGUN, late_clocks=frozenset({"14:07"})),
    of_contest("Cat Cole loses seat", BEGUN),
    of_contest("Elected: Bob Butt (LAB)", BEGUN),
]


@pytest.mark.parametrize(
    ("rule", "told"), [(rule, told) for rule, all_told in WRONG_OF_FACTS.items() for told in all_told], ids=str
)
def test_a_rule_of_facts_finds_what_it_is_there_for(rule: str, told: Told) -> None:
    found = {one.__name__: list(one(told)) for one in RULES_OF_FACTS}
    assert found[rule]


def test_every_rule_of_facts_is_tried_and_lets_pass_what_is_right() -> None:
    assert set(WRONG_OF_FACTS) == {rule.__name__ for rule in RULES_OF_FACTS}
    assert [broken(told) for told in RIGHT_OF_FACTS] == [[]] * len(RIGHT_OF_FACTS)
