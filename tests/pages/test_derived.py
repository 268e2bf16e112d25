"""What is said of derived figures: margin, turnout and share of several contests, since when."""

import pytest

from app.domain.election import Cancellation, ControlSpell, Words
from app.domain.night import Night
from app.wording.derived import margin_at_length, margin_line, share_of_all, since_when, turnout_of_all
from tests.builders import CON, GRN, LAB, LD, a_contest, a_council, a_ward, an_election, an_entry

NORTH, SOUTH = a_contest("north"), a_contest("south")


def a_night(*contests, log=(), words=None, **council):
    election = an_election(a_council(*contests, **council), words=words or Words())
    return Night.before_first(election).fold(an_entry(seq, it, election) for seq, it in enumerate(log, start=1))


def votes_of(contest, *votes):
    return dict(zip(contest.candidacies_by_id, votes, strict=True))


def test_a_margin_is_told_in_short_and_at_length():
    night = a_night(NORTH, log=[a_ward(NORTH, votes=votes_of(NORTH, 600, 599))])
    result = night.result(NORTH.ballot_id)
    assert margin_line(result) == "Margin 1 vote"
    assert margin_at_length(result) == "1 vote, the last elected over the next"


def test_a_lot_is_no_margin_of_nothing():
    tied = a_ward(NORTH, votes=votes_of(NORTH, 600, 600), elected=("north-CON-1",))
    result = a_night(NORTH, log=[tied]).result(NORTH.ballot_id)
    assert (margin_line(result), margin_at_length(result)) == ("No margin: settled by lot", "None, by lot")


def test_nothing_is_said_of_a_margin_that_is_not_known():
    result = a_night(NORTH).result(NORTH.ballot_id)
    assert (margin_line(result), margin_at_length(result)) == (None, None)


def test_turnout_and_share_say_of_how_many_contests_they_are():
    first = a_ward(NORTH, votes=votes_of(NORTH, 600, 400), ballots=1000)
    night = a_night(NORTH, SOUTH, log=[first])
    assert turnout_of_all(night.election, night.votes) == "20.0% in 1 of 2 wards"
    assert share_of_all(night.election, night.votes) == "LAB 60.0%, CON 40.0%, by top vote in 1 of 2 wards"
    night = a_night(NORTH, SOUTH, log=[first, a_ward(SOUTH, votes=votes_of(SOUTH, 400, 600), ballots=1000)])
    assert turnout_of_all(night.election, night.votes) == "20.0% in all 2 wards"


def test_what_is_counted_has_the_words_of_the_election():
    contest = a_contest("north")
    words = Words(contest="constituency", contests="constituencies")
    night = a_night(contest, words=words, log=[a_ward(contest, votes=votes_of(contest, 600, 400), ballots=1000)])
    assert turnout_of_all(night.election, night.votes) == "20.0% in the constituency"


def test_parties_of_less_than_a_hundredth_are_told_together():
    contest = a_contest("north", parties=[LAB, LD, GRN])
    night = a_night(contest, log=[a_ward(contest, votes=votes_of(contest, 990, 6, 4))])
    assert share_of_all(night.election, night.votes) == "LAB 99.0%, others 1.0%, by top vote in the ward"


def test_of_figures_that_are_not_known_nothing_is_said():
    unopposed = a_contest("west", parties=[GRN], cancelled=Cancellation.EQUAL_CANDIDATES)
    night = a_night(unopposed)
    assert (turnout_of_all(night.election, night.votes), share_of_all(night.election, night.votes)) == (None, None)


HISTORY = (ControlSpell("1998-04-01", "NOC"), ControlSpell("2003-05-01", LAB), ControlSpell("2007-05-03", CON))


@pytest.mark.parametrize(
    ("winners", "created", "told"),
    [
        ((LAB, LAB), None, "first LAB majority since 2007"),
        ((GRN, GRN), None, "first GRN majority since 1998 at least"),
        ((GRN, GRN), 1998, "first ever GRN majority"),
        ((LAB, CON), 1998, "no overall control for the first time since 2003"),
        ((CON, CON), 1998, None),
    ],
)
def test_since_when_is_said_as_far_as_the_history_knows(winners, created, told):
    contests = [a_contest(ward, parties=[LAB, CON, GRN]) for ward in ("north", "south")]
    log = [a_ward(contest, winner) for contest, winner in zip(contests, winners, strict=True)]
    night = a_night(*contests, history=HISTORY, created=created, log=log)
    assert since_when(night.election, night.councils["testshire"]) == told


def test_a_body_of_one_seat_has_no_majority():
    night = a_night(NORTH, history=HISTORY, log=[a_ward(NORTH, LAB)])
    assert since_when(night.election, night.councils["testshire"]) == "LAB for the first time since 2007"


def test_no_overall_control_may_be_the_first_ever():
    history = (ControlSpell("1998-04-01", CON),)
    night = a_night(NORTH, SOUTH, history=history, created=1998, log=[a_ward(NORTH, LAB), a_ward(SOUTH, CON)])
    assert since_when(night.election, night.councils["testshire"]) == "no overall control for the first time ever"
