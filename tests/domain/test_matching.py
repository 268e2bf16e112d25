"""Names, parties and wards as returning officers write them: who is meant, and where nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.election import Candidacy
from app.domain.matching import (
    NobodyFits,
    OneFits,
    SeveralFit,
    agreement,
    contests_called,
    groups_called,
    match_candidate,
    surname_and_forenames,
)
from tests.builders import CON, GRN, IND, LAB, LD, a_contest, a_council, an_election


def a_ward_of(**people):
    """A contest of these people by candidacy_id, each a name and a party, and its election."""
    candidacies = tuple(Candidacy(it, name, party) for it, (name, party) in people.items())
    contest = a_contest("north", candidacies=candidacies)
    return an_election(a_council(contest)), contest


def meant(name, party="", **people):
    """The candidacy_id of who is meant; a set of several, None for nobody."""
    match = match_candidate(*a_ward_of(**people), name, party)
    match match:
        case OneFits(candidacy):
            return candidacy.candidacy_id
        case SeveralFit(candidacies):
            return {it.candidacy_id for it in candidacies}
        case NobodyFits():
            return None


@pytest.mark.parametrize(
    "written",
    [
        "SMITH, John",
        "Smith, J.",
        "John SMITH",
        "SMITH John",
        "John Smith",
        "Smith John",
        "J Smith",
        "Smith J",
        "Mr John Smith OBE",
        "Cllr. J. Smith",
        "john  smith",
        "Smith",
        "Smith, John Alan",
        "Jonathan Smith (commonly known as John Smith)",
    ],
)
def test_a_name_is_known_however_it_is_written(written):
    assert meant(written, a=("John Alan Smith", LAB), b=("Jane Jones", CON)) == "a"


@pytest.mark.parametrize(
    ("registered", "written"),
    [
        ("Zoë O’Brien-Müller", "O'BRIEN MULLER, Zoe"),
        ("Søren Łukasz", "Soren Lukasz"),
        ("van der Berg, J.", "Jan van der Berg"),
        ("McCafferty, J.", "Joan McCAFFERTY"),
        ("Gordon-Young, D.", "David GORDON-YOUNG"),
        ("Lord, P.", "Peter Lord"),
        ('Robert "Bob" Hill', "Bob Hill"),
        ("William Frost (Commonly known as: Bill Frost)", "FROST, Bill"),
    ],
)
def test_accents_apostrophes_and_particles_do_not_hide_anybody(registered, written):
    assert meant(written, a=(registered, LAB), b=("Jane Jones", CON)) == "a"


@pytest.mark.parametrize("written", ["Peter Smith", "Smithson, John", "John", "Alan", "", "--", "Smith, K."])
def test_another_name_is_nobody(written):
    assert meant(written, a=("John Alan Smith", LAB), b=("Jane Jones", CON)) is None


def test_two_whom_an_initial_fits_are_told_apart_by_their_party_alone():
    people = {"a": ("John Smith", LAB), "b": ("Jane Smith", CON)}
    assert meant("Smith, J.", **people) == {"a", "b"}
    assert meant("Smith, J.", "Tory", **people) == "b"
    assert meant("Smith, John", **people) == "a"


def test_an_initial_is_not_taken_for_the_one_who_is_written_so():
    assert meant("J Smith", a=("J Smith", LAB), b=("John Smith", CON)) == {"a", "b"}


def test_the_whole_name_goes_before_part_of_it():
    assert meant("John Smith", a=("John Smith", LAB), b=("John Alan Smith", LAB)) == "a"


def test_namesakes_of_one_party_stay_ambiguous():
    assert meant("John Smith", "Labour", a=("John Smith", LAB), b=("John Smith", LAB)) == {"a", "b"}


def test_who_has_the_name_and_another_party_is_told_and_not_taken():
    election, contest = a_ward_of(a=("John Smith", LAB), b=("Jane Jones", CON))
    match = match_candidate(election, contest, "John Smith", "Conservative")
    assert isinstance(match, NobodyFits)
    assert [it.candidacy_id for it in match.others] == ["a"]


def test_a_party_that_nobody_knows_speaks_against_nobody():
    people = {"a": ("John Smith", LAB), "b": ("Jane Smith", CON)}
    assert meant("John Smith", "Heritage of Nowhere", **people) == "a"
    assert meant("Smith", "Heritage of Nowhere", **people) == {"a", "b"}


def test_a_party_alone_means_its_only_candidate():
    people = {"a": ("John Smith", LAB), "b": ("Jane Jones", CON), "c": ("Ann Jones", CON)}
    assert meant("", "Labour", **people) == "a"
    assert meant("", "Conservatives", **people) == {"b", "c"}
    assert meant("", "Green", **people) is None


def test_a_party_in_brackets_is_a_party():
    people = {"a": ("John Smith", LAB), "b": ("John Smith", CON)}
    assert meant("John Smith (Labour Party)", **people) == "a"
    assert meant("John Smith (Jack)", a=("John Jack Smith", LAB)) is None


@pytest.mark.parametrize(
    ("written", "party"),
    [
        ("LAB", LAB),
        ("Labour", LAB),
        ("The Labour Party Candidate", LAB),
        ("Labour & Co-operative", LAB),
        ("Labour and Co-operative Party", LAB),
        ("Conservative and Unionist Party", CON),
        ("Local Conservatives", CON),
        ("Lib Dems", LD),
        ("Liberal Democrat", LD),
        ("green party", GRN),
        ("No description", IND),
        ("Independents", IND),
    ],
)
def test_a_party_is_known_by_its_names_and_by_what_people_call_it(written, party):
    assert groups_called(an_election(a_council(a_contest())), written) == {party}


@pytest.mark.parametrize("written", ["", "the", "Party", "Reform UK", "Labourers", "–"])
def test_a_party_that_does_not_stand_here_is_none(written):
    assert groups_called(an_election(a_council(a_contest())), written) == frozenset()


def test_a_description_on_the_ballot_paper_is_its_candidates_party():
    candidacies = (Candidacy("a", "John Smith", LAB, "Putting Northford First"), Candidacy("b", "John Smith", CON))
    contest = a_contest("north", candidacies=candidacies)
    election = an_election(a_council(contest))
    assert match_candidate(election, contest, "John Smith (Putting Northford first)") == SeveralFit(candidacies)
    assert match_candidate(election, contest, "", "Labour") == OneFits(candidacies[0])


@pytest.mark.parametrize("written", ["St. Mary's & Brook", "Saint Marys and Brook Ward", "ST MARY’S AND BROOK", "E05"])
def test_a_ward_is_known_however_it_is_written(written):
    ward = a_contest("mary", name="St Mary's and Brook", gss="E05")
    assert contests_called((ward, a_contest("north")), written) == (ward,)


def test_a_by_election_in_the_same_ward_is_told_apart_by_the_word():
    ordinary, by_election = a_contest("north"), a_contest("north", by=True)
    council = a_council(ordinary, by_election)
    assert contests_called(council.contests, "North by-election") == (by_election,)
    assert set(contests_called(council.contests, "North")) == {ordinary, by_election}


def test_a_ward_that_is_not_there_is_none():
    assert contests_called((a_contest("north"),), "South") == ()
    assert contests_called((a_contest("north"),), " ") == ()


names = st.lists(st.sampled_from(["Ann", "Bob", "Cy", "Dee", "J.", "K."]), min_size=1, max_size=3)


@given(names, st.sampled_from(["Smith", "O’Neill", "van der Berg", "Lord"]))
def test_a_name_agrees_with_itself_turned_around(given_names, surname):
    first = " ".join(given_names)
    assert agreement(f"{first} {surname}", f"{surname.upper()}, {first}") > 0
    assert agreement(f"{surname}, {first}", f"{first} {surname}") > 0


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Gordon-Young, D.", ("Gordon-Young", "D.")),
        ("Hazel Louise Brown", ("Brown", "Hazel Louise")),
        ("Ann VAN DER BERG", ("VAN DER BERG", "Ann")),
        ("SMITH John", ("SMITH", "John")),
        ("ANN SMITH", ("SMITH", "ANN")),
        ("Madonna", ("Madonna", "")),
        (", Ann", ("Ann", ",")),
    ],
)
def test_a_name_is_parted_as_it_is_written(name, parts):
    assert surname_and_forenames(name) == parts
