"""How many wards are declared: one whose poll was put off is told beside them, wherever that is said."""

import re

from app.domain.declarations import StatusDeclaration, StatusValue, WardDeclaration
from app.domain.election import Cancellation, Cycle
from app.domain.news import news_since
from app.domain.night import Night
from app.domain.receipts import council_receipt, night_receipt
from app.domain.series import declared_by, opening_scores, point_at, score_change
from app.pages.environment import make_environment
from app.pages.past import Moments
from app.wording.cards import night_line
from app.wording.council import council_line, source
from app.wording.derived import share_of_all, turnout_of_all
from app.wording.moments import moment_told, since_told
from app.wording.night import so_far
from app.wording.progress import polls_declared, progress, progress_declared
from app.wording.receipts import council_reasons, night_reasons
from app.wording.story.houses import House
from app.wording.story.night import night_story
from tests.builders import CON, CONVENTIONS, LAB, a_contest, a_council, a_ward, an_election, an_entry
from tests.pages.whole import overview_fragments
from tests.wording.odd_nights import beside_councils

BBC = CONVENTIONS["bbc"]
NORTH, SOUTH, EAST = (a_contest(name) for name in ("north", "south", "east"))
WEST = a_contest("west", cancelled=Cancellation.CANDIDATE_DEATH)
BY_ELECTION = a_contest("dale", council_id="dale", by=True, cancelled=Cancellation.POSTPONED)


class OfFive:
    """A council of four wards, one countermanded by the nominations and one on the night, and a by-election put off."""

    def __init__(self):
        put_off = StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=SOUTH.ballot_id)
        self.entries = [an_entry(1, a_ward(NORTH, LAB)), an_entry(2, put_off), an_entry(3, a_ward(EAST, CON))]
        council = a_council(NORTH, SOUTH, EAST, WEST, continuing={LAB: 2})
        self.election = an_election(council, a_council(BY_ELECTION, council_id="dale", total_seats=9, cycle=Cycle.BY))
        self.night = Night.before_first(self.election)
        self.changes = [opening_scores(self.night)]

    def after(self, number):
        for entry in self.entries[self.night.seq : number]:
            before, (self.night, _) = self.night, self.night.apply(entry)
            self.changes += [it for it in [score_change(before, self.night, entry)] if it is not None]
        return self.night

    @property
    def state(self):
        return self.night.councils["testshire"]


def test_what_was_put_off_is_not_told_as_declared():
    told = OfFive()
    assert so_far(told.night) == "0 of 1 councils, 0 of 3 wards declared, 1 put off"
    assert so_far(told.after(2)) == "0 of 1 councils, 1 of 2 wards declared, 2 put off"
    assert progress(told.election, told.state) == "1 of 2 wards"
    assert council_line(told.election, told.state, told.state.comparisons["bbc"]).startswith(
        "Testshire: 1 of 2 wards declared, 2 put off. "
    )
    assert so_far(told.after(3)) == "1 of 1 councils, 2 of 2 wards declared, 2 put off"
    assert source(told.election, told.state) == "Seats counted from the wards: 2 of 2 wards declared, 2 put off."
    assert night_line(told.night).startswith("2 of 2 wards declared, 2 put off; ")
    assert "; 2 put off are not counted." in night_reasons(told.night, night_receipt(told.night), None)[0]


def test_turnout_is_told_of_as_many_wards_as_are_told_to_be_declared():
    votes = WardDeclaration(NORTH.ballot_id, votes={"north-LAB-1": 600, "north-CON-1": 400}, ballots=1000)
    told = OfFive()
    told.entries[0] = an_entry(1, votes)
    night = told.after(2)
    assert night.votes.turnout_covers == (1, 4), "the numbers of the API stay"
    assert turnout_of_all(told.election, night.votes) == "20.0% in 1 of 2 wards"
    assert str(share_of_all(told.election, night.votes)).endswith("in 1 of 2 wards")
    whole = told.after(3)
    assert turnout_of_all(told.election, whole.votes) == "20.0% in 1 of 2 wards"


def test_every_sentence_of_a_night_counts_the_same_wards_and_councils():
    """A single office is one of them everywhere, or nowhere."""
    night = beside_councils()
    counts = {found for it in night_story(night, BBC, House.BBC) for found in re.findall(r"\d+ of \d+ wards", it.text)}
    assert counts == {"3 of 5 wards"}
    begun = Night.before_first(night.election)
    assert night_story(begun, BBC, House.BBC)[0].text.startswith("In three councils five seats, in five wards, were up")
    assert so_far(begun).startswith("0 of 3 councils, 0 of 5 wards declared")


def test_where_nothing_comes_to_a_result_that_alone_is_told():
    told = OfFive()
    dale = told.night.councils["dale"]
    assert progress(told.election, dale) == progress_declared(told.election, dale) == "1 by-election put off"
    assert polls_declared(told.night.progress_apart) == "1 by-election put off"


def test_the_numbers_of_the_api_stay_what_they_were():
    told = OfFive()
    done = told.after(2).progress
    assert (done.contests_declared, done.contests_total, done.contests_put_off) == (3, 4, 2)
    assert (done.contests_in, done.contests_due) == (told.state.contests_in, told.state.contests_due) == (1, 2)
    point = point_at(told.changes, 2)
    assert (point.contests_declared, point.contests_put_off, point.contests_in) == (3, 2, 1)


def test_since_an_entry_stories_moments_and_the_slider_count_the_same():
    told = OfFive()
    night = told.after(2)
    since = news_since(night, "bbc", 1, told.changes, told.entries)
    assert since_told(told.election, since, told.entries[0].at).endswith(": 1 poll put off")
    assert night_story(night, BBC, House.BBC)[0].text.startswith("By ")
    assert "1 of 2 wards declared, 2 put off" in night_story(night, BBC, House.BBC)[0].text
    moment = moment_told(night, BBC, House.BBC, point_at(told.changes, 2), told.entries[1].at)
    assert "with 1 of 2 wards declared, 2 put off" in moment
    assert "with all 2 wards declared, 2 put off" in moment_told(
        told.after(3), BBC, House.BBC, point_at(told.changes, 3), told.entries[2].at
    )
    slider = Moments.of(told.night, "/elections/test-2023", BBC)
    assert (slider.declared, slider.total) == (2, 2)
    assert [declared_by(told.changes, wards).seq for wards in (1, 2)] == [1, 3]


def test_where_seats_stay_vacant_nobody_is_told_that_every_seat_is_in():
    told = OfFive()
    rule = council_reasons(told.election, council_receipt(told.after(3), "testshire", BBC))[-1]
    assert rule == "Every seat is in but 2 that are vacant, and LAB has most, 3."
    fragments = overview_fragments(make_environment(), told.night, BBC)
    assert "Nothing more: every seat is in but 2 that are vacant" in fragments["progress"]
