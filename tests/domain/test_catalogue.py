"""Two catalogues of one election compared, and a night that goes on under another (rule 13)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue import alterations, exchanged, needing_reason
from app.domain.declarations import Alteration, CatalogueChange, Correction, Entry, NoteDeclaration
from app.domain.election import Cancellation, Candidacy, Citation, ControlSpell, Council, Cycle, Election, Square
from app.domain.night import Night
from tests.builders import CON, GRN, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry

HOLLIN = a_contest("hollin", parties=(LAB, CON, GRN, LD))
SADDLE = a_contest("saddle", parties=(LAB, CON))
FARAWAY = a_contest("faraway", council_id="elsewhere")
ELECTION = an_election(a_council(HOLLIN, SADDLE), a_council(FARAWAY, council_id="elsewhere"))
AT = datetime(2023, 5, 5, 2, tzinfo=UTC)


def ids(contest: Any) -> list[str]:
    return [candidacy.candidacy_id for candidacy in contest.candidacies]


def with_council(**fields: Any) -> Election:
    """The election with its first council altered."""
    council: Council = replace(ELECTION.council("testshire"), **fields)
    return replace(ELECTION, councils={**ELECTION.councils, "testshire": council})


def told(new: Election) -> list[tuple[str | None, str | None, str, Any, Any]]:
    return [(it.council_id, it.ballot_id, it.field, it.before, it.after) for it in alterations(ELECTION, new)]


def after(night: Night, new: Election, reason: str = "It was wrong") -> Night:
    change = CatalogueChange(reason, alterations(night.election, new), new)
    return night.apply(Entry(night.seq + 1, AT, change))[0]


LATE = Candidacy("late", "Late Nomination", GRN)


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (ELECTION, []),
        (replace(ELECTION, name="Other"), [(None, None, "name", ELECTION.name, "Other")]),
        (
            replace(ELECTION, parties={**ELECTION.parties, LAB: replace(ELECTION.party(LAB), short="LABOUR")}),
            [(None, None, f"parties/{LAB}/short", "LAB", "LABOUR")],
        ),
        (
            replace(ELECTION, words=replace(ELECTION.words, contest="division")),
            [(None, None, "words/contest", "ward", "division")],
        ),
        (
            replace(ELECTION, polls_close=time(21, 30)),
            [(None, None, "polls_close", "22:00", "21:30")],
        ),
        (
            replace(ELECTION, citation=Citation(licence="CC-BY-4.0")),
            [(None, None, "citation/licence", "", "CC-BY-4.0")],
        ),
        (
            with_council(continuing={LAB: 3}),
            [("testshire", None, "continuing", {}, {LAB: 3})],
        ),
        (
            with_council(history=(ControlSpell("2019-05-02", LAB),)),
            [("testshire", None, "history", [], [{"since": "2019-05-02", "control": LAB}])],
        ),
        (
            with_council(contests=(HOLLIN, replace(SADDLE, cancelled=Cancellation.CANDIDATE_DEATH))),
            [("testshire", SADDLE.ballot_id, "cancelled", None, "CANDIDATE_DEATH")],
        ),
        (
            with_council(expected_at=AT),
            [("testshire", None, "expected_at", None, AT.isoformat())],
        ),
        (
            with_council(square=Square(3, 4)),
            [("testshire", None, "square", None, [3, 4])],
        ),
        (
            with_council(contests=(replace(HOLLIN, candidacies=(*HOLLIN.candidacies, LATE)), SADDLE)),
            [("testshire", HOLLIN.ballot_id, "candidacies/late", None, {"name": "Late Nomination", "party_id": GRN})],
        ),
        (
            with_council(contests=(replace(HOLLIN, candidacies=HOLLIN.candidacies[::-1]), SADDLE)),
            [("testshire", HOLLIN.ballot_id, "candidacies", ids(HOLLIN), ids(HOLLIN)[::-1])],
        ),
        (
            with_council(contests=(HOLLIN,)),
            [("testshire", SADDLE.ballot_id, "contest", {"name": "Saddle", "seats_up": 1}, None)],
        ),
        (
            replace(ELECTION, councils={"testshire": ELECTION.council("testshire")}),
            [("elsewhere", None, "council", {"name": "Elsewhere", "seats_up": 1, "total_seats": 1}, None)],
        ),
    ],
)
def test_what_is_otherwise_is_told_field_by_field(new: Election, found: list[Any]) -> None:
    assert told(new) == found


def test_what_is_to_come_and_the_map_need_no_reason_and_what_was_declared_does() -> None:
    begun = Night.before_first(ELECTION)
    declared, _ = begun.apply(an_entry(1, a_ward(HOLLIN, LAB), council_id="testshire", ballot_id=HOLLIN.ballot_id))
    of_council = {
        name: Alteration(council_id, None, name, None, None)
        for council_id, name in (
            *(("testshire", "note"), ("elsewhere", "region")),
            *(("testshire", "expected_at"), ("testshire", "square")),
        )
    }
    seats = Alteration("elsewhere", FARAWAY.ballot_id, "seats_up", 1, 2)
    who = Alteration("elsewhere", FARAWAY.ballot_id, "candidacies/1/name", "Ash", "Ashe")
    party = Alteration(None, None, "parties/PP53/short", "LAB", "LABOUR")
    cited = Alteration(None, None, "citation/licence", "", "CC-BY-4.0")
    everything = (*of_council.values(), seats, who, party, cited)
    assert needing_reason(begun, everything) == (seats, who)
    assert needing_reason(declared, everything) == (of_council["note"], seats, who, party)


def test_only_another_person_of_another_party_is_an_exchange() -> None:
    first, second, *others = HOLLIN.candidacies

    def mended(**fields: Any) -> Election:
        return with_council(contests=(replace(HOLLIN, candidacies=(replace(first, **fields), second, *others)), SADDLE))

    about = [HOLLIN.ballot_id, "local.gone.2023-05-04"]
    assert exchanged(ELECTION, mended(name="Ashe"), about) == ()
    assert exchanged(ELECTION, mended(party_id=GRN), about) == ()
    ((was, now),) = exchanged(ELECTION, mended(name="Brook", party_id=GRN), about)
    assert (was, now.name, now.party_id) == (first, "Brook", GRN)
    assert exchanged(ELECTION, mended(name="Brook", party_id=GRN), [SADDLE.ballot_id]) == ()
    assert exchanged(ELECTION, mended(name=second.name), about) == ()
    swapped = (replace(first, name=second.name), replace(second, name=first.name), *others)
    pairs = exchanged(ELECTION, with_council(contests=(replace(HOLLIN, candidacies=swapped), SADDLE)), about)
    assert [(was.name, now.name) for was, now in pairs] == [(first.name, second.name), (second.name, first.name)]


def test_a_council_that_stands_apart_from_now_on_is_added_up_there() -> None:
    night = Night.before_first(ELECTION).fold([an_entry(1, a_ward(HOLLIN, LAB))])
    apart = after(night, with_council(cycle=Cycle.BY))
    seats = [of.scoreboards["bbc"].rows[LAB].seats for of in (night, apart)]
    assert seats == [1, 0]
    assert (night.progress.contests_total, apart.progress.contests_total) == (3, 1)
    assert apart.scoreboards_apart["bbc"].rows[LAB].seats == 1


def test_other_conventions_compare_every_council_anew_and_keep_what_was_told() -> None:
    night = Night.before_first(ELECTION)
    note = an_entry(1, NoteDeclaration("Good evening"))
    night, _ = night.apply(note)
    bbc = ELECTION.conventions["bbc"]
    other = replace(ELECTION, conventions={"bbc": replace(bbc, seats=("eve",)), "house": replace(bbc, key="house")})
    later = after(night, other)
    assert set(later.scoreboards) == set(later.tickers) == {"bbc", "house"}
    assert [line.entry for line in later.tickers["bbc"]][-1] == note
    assert later.scoreboards == Night.before_first(other).scoreboards
    assert (later.election_at(1), later.election_at(2)) == (ELECTION, other)


def test_what_a_party_is_called_is_told_anew_of_every_council() -> None:
    night = Night.before_first(ELECTION)
    renamed = replace(ELECTION, parties={**ELECTION.parties, LAB: replace(ELECTION.party(LAB), short="LABOUR")})
    later = after(night, renamed)
    assert all(state.last is not None and state.last.reason == "It was wrong" for state in later.councils.values())
    assert all(state is not night.councils[it] for it, state in later.councils.items())


def test_a_correction_is_told_of_the_councils_that_it_touches_alone() -> None:
    night = Night.before_first(ELECTION)
    renamed = after(
        night, replace(ELECTION, parties={**ELECTION.parties, LAB: replace(ELECTION.party(LAB), short="L")})
    )
    assert [list(state.record.revisions) for state in renamed.councils.values()] == [[], []]
    noted = after(night, with_council(note="New boundaries"))
    assert [len(state.record.revisions) for state in noted.councils.values()] == [1, 0]


def test_a_contest_has_the_changes_of_the_catalogue_that_are_about_it_among_its_revisions() -> None:
    begun = Night.before_first(ELECTION).fold([an_entry(1, a_ward(HOLLIN, LAB))])
    night = after(begun, with_council(contests=(replace(HOLLIN, electorate=5001), SADDLE)))
    corrected = an_entry(3, Correction(1, "A slip", a_ward(HOLLIN, CON)))
    state = night.fold([corrected]).councils["testshire"]
    assert [entry.seq for entry in state.contests[HOLLIN.ballot_id].revisions] == [2, 3]
    assert state.contests[SADDLE.ballot_id].revisions == ()


def test_what_only_calls_things_otherwise_says_nothing_of_the_councils_that_it_is_told_of() -> None:
    night = Night.before_first(ELECTION)
    new = replace(with_council(note="New boundaries"), name="Other")
    entry = Entry(1, AT, CatalogueChange("It was wrong", alterations(ELECTION, new), new))
    _, change = night.apply(entry)
    assert {move.council_id: move.is_about(entry) for move in change.moves} == {"testshire": True, "elsewhere": False}
    _, change = night.apply(result := an_entry(1, a_ward(HOLLIN, LAB)))
    assert [move.is_about(result) for move in change.moves] == [True]


# Of values alone: any catalogue after any other

votes = st.lists(st.integers(0, 900), min_size=4, max_size=4)
seats = st.integers(1, 3)
names = st.sampled_from(["Ash", "Brook", "Cole"])
parties = st.sampled_from([LAB, CON, GRN])


@st.composite
def catalogues(draw: st.DrawFn) -> Election:
    hollin = replace(
        HOLLIN,
        seats_up=draw(seats),
        candidacies=tuple(replace(it, name=draw(names), party_id=draw(parties)) for it in HOLLIN.candidacies),
    )
    contests = (hollin, SADDLE) if draw(st.booleans()) else (hollin,)
    councils = [a_council(*contests, total_seats=draw(st.integers(4, 9)))]
    if draw(st.booleans()):
        councils.append(a_council(FARAWAY, council_id="elsewhere"))
    return an_election(*councils)


@given(first=catalogues(), second=catalogues(), ward=votes)
def test_a_change_leaves_what_was_told_and_leads_to_what_a_fresh_fold_gives(
    first: Election, second: Election, ward: list[int]
):
    result = an_entry(1, replace(a_ward(HOLLIN, LAB), votes=dict(zip(ids(HOLLIN), ward, strict=True)), elected=None))
    before = Night.before_first(first).fold([result])
    change = CatalogueChange("It was wrong", alterations(first, second), second)
    after, did = before.apply(Entry(2, result.at, change))
    fresh = Night.before_first(second).fold([result])
    assert before == Night.before_first(first).fold([result])
    assert after.election_at(1) == first
    assert list(after.councils) == list(second.councils)
    for council_id, state in after.councils.items():
        assert state.seats == fresh.councils[council_id].seats
        assert state.holder == fresh.councils[council_id].holder
        assert sum(state.seats.values()) + state.seats_to_come + state.vacant == state.council.total_seats
    assert after.progress == fresh.progress
    assert {key: _rows(it) for key, it in after.scoreboards.items()} == {
        key: _rows(it) for key, it in fresh.scoreboards.items()
    }
    touched = {move.council_id for move in did.moves}
    assert touched == {it.council_id for it in change.alterations if it.council_id is not None}


def _rows(scoreboard: Any) -> Mapping[str, Any]:
    return {group: tally for group, tally in scoreboard.rows.items() if tally != type(tally)()}
