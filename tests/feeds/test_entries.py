"""The feed: every entry says what it did, a correction or withdrawal what it changed."""

from dataclasses import replace
from itertools import count

import pytest

from app.domain.declarations import Correction, NoteDeclaration, StatusDeclaration, StatusValue, Withdrawal
from app.domain.election import Candidacy, Party
from app.domain.errors import UnknownCouncil
from app.domain.rankings import Ranking, RankingQuery, ranking_table
from app.feeds.entries import FEED_LENGTH, feed_entries
from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import at_once
from app.projection.publication import Publication
from app.wording.rankings import people_told, seats_told
from tests.builders import CON, IND, LAB, PARTIES, a_contest, a_council, a_tally, a_ward, an_election, an_entry

NORTH = a_contest("north", seats_up=2, parties=(LAB, CON, IND))
SOUTH = a_contest("south")
ELSEWHERE = a_contest("east", council_id="elsewhere")


def a_publication(*declarations, election=None):
    councils = [a_council(NORTH, SOUTH), a_council(ELSEWHERE, council_id="elsewhere")]
    hub = Hub(beat_seconds=10, stuck_seconds=10)
    made = Publication(election or an_election(*councils), "e1", hub=hub, rendering=Renderer(make_environment()))
    numbers = count(1)
    entries = []
    for declaration in declarations:
        seq = next(numbers)
        about = next((entry for entry in entries if entry.seq == getattr(declaration, "replaces", None)), None)
        known = {"ballot_id": about.ballot_id, "council_id": about.council_id} if about else {}
        entries.append(an_entry(seq, declaration, **known))
    made.begin((entry, {}) for entry in entries)
    return made


def newest(*declarations):
    return next(feed_entries(a_publication(*declarations)))


def votes(lab_1: int, lab_2: int, con_1: int, con_2: int) -> dict[str, int]:
    given = {"LAB-1": lab_1, "LAB-2": lab_2, "CON-1": con_1, "CON-2": con_2, "IND-1": 3, "IND-2": 2}
    return {f"north-{who}": number for who, number in given.items()}


FIRST = a_ward(NORTH, votes=votes(500, 400, 450, 300))


def test_a_ward_tells_who_won_it():
    entry = newest(FIRST)
    assert (entry.title, entry.kind) == ("North (Testshire): LAB 1, CON 1", "ward")
    assert entry.sentences[0].startswith("North (Testshire): LAB 1, CON 1. Elected: LAB 1 of north (LAB), 500;")


def test_a_short_name_that_several_parties_of_the_night_have_is_told_of_none_of_them():
    """Each stands in a council of its own, whose own pages have the short name."""
    firsts = {f"local:{it}": Party(f"local:{it}", f"{it.title()} First", "FIRST", "#000") for it in ("kent", "wye")}
    wards, councils = [], []
    for party_id in firsts:
        place = party_id.removeprefix("local:")
        ward = a_contest("one", council_id=place, parties=(LAB,))
        wards.append(replace(ward, candidacies=(*ward.candidacies, Candidacy(party_id, "Ann", party_id))))
        councils.append(a_council(wards[-1], council_id=place, eve=party_id))
    election = an_election(*councils, parties={**PARTIES, **firsts})
    won = [a_ward(wards[0], LAB), a_ward(wards[1], votes={"local:wye": 9, "one-LAB-1": 8})]
    made = a_publication(*won, election=election)
    wye, kent = feed_entries(made)
    assert kent.title == "LAB gain Kent from Kent First"
    assert wye.sentences[0].startswith("One (Wye): Wye First 1. Elected: Ann (Wye First), 9")
    row = next(iter(at_once(ranking_table(made.night, Ranking.CLOSEST, "bbc", RankingQuery())).rows))
    assert people_told(election, row, row.candidates) == "Ann (Wye First)"
    assert (seats_told(election, row), election.short("local:wye")) == ("Wye First 1", "FIRST")


def test_a_flip_is_the_title_of_its_entry():
    entry = newest(a_ward(NORTH, LAB, LAB))
    assert entry.title == "LAB gain Testshire from CON"
    assert entry.sentences[0].startswith("North (Testshire): LAB 2. Elected: ")
    assert (entry.council_id, entry.ballot_id) == ("testshire", None), "it is about the council, not the ward"


def test_an_entry_without_a_flip_is_about_its_ward_and_so_is_a_correction():
    correction = Correction(1, "typing", a_ward(NORTH, LAB, LAB))
    assert [entry.ballot_id for entry in feed_entries(a_publication(FIRST, correction))] == [NORTH.ballot_id] * 2


def test_a_correction_says_which_seat_went_from_whom_to_whom_and_why():
    entry = newest(FIRST, Correction(1, "two bundles were swapped", a_ward(NORTH, votes=votes(500, 460, 450, 300))))
    assert entry.title == "Correction to North (Testshire): LAB gain a seat from CON"
    assert entry.sentences[0] == "Reason: two bundles were swapped"
    assert "Elected: LAB 1 of north (LAB), 500; LAB 2 of north (LAB), 460" in entry.sentences[1]
    assert entry.sentences[2:] == ("Control goes from undecided to LAB.", "LAB gain Testshire from CON")


@pytest.mark.parametrize(
    ("corrected", "told"),
    [
        (votes(300, 200, 450, 460), "CON gain a seat from LAB"),
        (votes(501, 400, 450, 300), "figures only, the winners stand"),
        (votes(400, 500, 450, 300), "LAB 2 of north elected, not LAB 1 of north"),
    ],
)
def test_a_correction_says_as_little_as_it_changed(corrected, told):
    entry = newest(FIRST, Correction(1, "typing", a_ward(NORTH, votes=corrected)))
    assert entry.title == f"Correction to North (Testshire): {told}"


def test_a_withdrawal_says_what_no_longer_counts():
    entry = newest(a_ward(NORTH, LAB, LAB), Withdrawal(1, "read out too early"))
    assert entry.title == "Withdrawn: North (Testshire) is undeclared again, LAB 2 no longer counted"
    assert entry.sentences == ("Reason: read out too early", "Control goes back from LAB to undecided.")


def test_tallies_statuses_and_notes_are_told():
    publication = a_publication(
        a_tally({LAB: 2, CON: 1}, complete=True, source="the council’s officer"),
        StatusDeclaration(StatusValue.RECOUNT, ballot_id=SOUTH.ballot_id, note="two votes apart"),
        NoteDeclaration("The count begins"),
        NoteDeclaration("Late", council_id="elsewhere"),
        Correction(4, "wrong", NoteDeclaration("Later", council_id="elsewhere")),
        Withdrawal(3, "not yet"),
    )
    told = list(feed_entries(publication))
    assert [entry.title for entry in reversed(told)] == [
        "LAB gain Testshire from CON",
        "South (Testshire): recount",
        "The count begins",
        "Elsewhere: Late",
        "Corrected, Elsewhere: wrong",
        "Withdrawn, the night: not yet",
    ]
    assert told[-1].sentences == ("Testshire, tally by phone: LAB 2, CON 1", "Source: the council’s officer")
    assert told[-2].sentences == ("two votes apart",)


def test_a_correction_of_a_tally_says_how_many_seats_moved():
    entry = newest(a_tally({LAB: 2, CON: 1}), Correction(1, "misheard", a_tally({LAB: 0, CON: 2, IND: 1})))
    assert entry.title == "Correction to Testshire: CON +1, IND +1, LAB −2"


def test_only_what_is_about_a_council():
    publication = a_publication(FIRST, a_ward(ELSEWHERE, LAB), NoteDeclaration("All quiet"))
    assert [entry.seq for entry in feed_entries(publication, council_id="elsewhere")] == [2]
    with pytest.raises(UnknownCouncil):
        feed_entries(publication, council_id="atlantis")


def test_only_flips_those_that_vanish_included():
    publication = a_publication(
        FIRST, a_ward(ELSEWHERE, CON), a_ward(SOUTH, LAB), Withdrawal(3, "too early"), NoteDeclaration("Well")
    )
    flips = feed_entries(publication, flips=True)
    assert [(entry.seq, entry.title) for entry in flips] == [
        (4, "Withdrawn: South (Testshire) is undeclared again, LAB 1 no longer counted"),
        (3, "LAB gain Testshire from CON"),
    ], "entry 2 is a hold"


def test_the_feed_holds_the_newest_hundred():
    publication = a_publication(*(NoteDeclaration(f"{number}") for number in range(FEED_LENGTH + 5)))
    entries = list(feed_entries(publication))
    assert len(entries) == FEED_LENGTH
    assert (entries[0].seq, entries[-1].seq) == (FEED_LENGTH + 5, 6)
