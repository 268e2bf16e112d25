"""Which councils come first on the board, and how many there are: those of the night before what stands apart."""

from datetime import UTC, datetime, timedelta

from app.desk.board.councils import Boards
from app.desk.board.needs import needs_of
from app.desk.board.strip import strip_of
from app.desk.presence.view import AtWork
from app.desk.queue.order import beside_of
from app.domain.declarations import StatusDeclaration, StatusValue
from app.domain.election import Council, Cycle, Election
from app.domain.night import Night
from app.domain.second_check import Keying, Waiting
from app.domain.subject import Subject
from app.process.turns import at_once
from tests.builders import CON, LAB, a_contest, a_council, a_ward, an_election, an_entry, votes_for

AT = datetime(2023, 5, 5, 2, 12, tzinfo=UTC)


def only(name: str, **fields: object) -> Council:
    """A council with one ward, of one seat unless it is said."""
    seats_up = fields.pop("seats_up", 1)
    return a_council(a_contest(f"{name}-ward", council_id=name, seats_up=seats_up), council_id=name, **fields)


FULL = only("zetland", seats_up=3)
BY_ELECTION = only("blaby", total_seats=30, cycle=Cycle.BY, eve=None, expected_at=AT)
OFFICE = only("bedford-mayor", cycle=Cycle.SINGLE, eve=None, expected_at=AT - timedelta(hours=1))


def order_of(election: Election) -> list[str]:
    board = at_once(Boards().board(Night.before_first(election), [], now=AT))
    return [group.council_id for group in board.groups]


def strip_progress(night: Night) -> tuple[str, ...]:
    return strip_of(night, [], AtWork(), clock=AT, now=AT).progress


def test_what_decides_no_control_stands_behind_what_does() -> None:
    assert order_of(an_election(BY_ELECTION, OFFICE, FULL)) == ["zetland", "bedford-mayor", "blaby"]


def test_where_offices_are_all_there_is_they_come_before_by_elections() -> None:
    assert order_of(an_election(BY_ELECTION, OFFICE)) == ["bedford-mayor", "blaby"]
    later = only("york-mayor", cycle=Cycle.SINGLE, eve=None, expected_at=AT + timedelta(hours=1))
    earlier_by = only("ash", total_seats=9, cycle=Cycle.BY, eve=None, expected_at=AT - timedelta(hours=2))
    assert order_of(an_election(earlier_by, later)) == ["york-mayor", "ash"]


def test_a_mayor_among_councils_is_no_nearer_to_the_queue_than_a_council() -> None:
    night = Night.before_first(an_election(OFFICE, FULL))
    near = {}
    for council in (OFFICE, FULL):
        (contest,) = council.contests
        body = {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes_for(contest, LAB, CON)}
        waiting = Waiting(Subject("ward", contest.ballot_id), Keying("ann", body, frozenset(), AT))
        near[council.council_id] = beside_of(night, waiting, AtWork()).nearness
    assert near["bedford-mayor"] > near["zetland"]


def test_the_strip_counts_the_councils_of_the_night_as_readers_are_told() -> None:
    declared = an_entry(1, a_ward(BY_ELECTION.contests[0], LAB, CON), council_id="blaby")
    night = Night.before_first(an_election(BY_ELECTION, FULL)).fold([declared])
    assert strip_progress(night) == (
        "0 of 1 ward declared",
        "0 of 1 councils certain",
        "0 complete",
        "1 of 1 by-election declared",
    )


def test_of_by_elections_alone_the_strip_tells_no_councils() -> None:
    assert strip_progress(Night.before_first(an_election(BY_ELECTION))) == ("0 of 1 by-election declared",)


def test_the_status_of_a_whole_council_is_on_its_line_under_its_filter_and_a_recount_needs_a_person() -> None:
    election = an_election(FULL)
    for status, needs in ((StatusValue.DELAYED, []), (StatusValue.RECOUNT, [("recount", "Zetland")])):
        told = an_entry(1, StatusDeclaration(status, council_id="zetland", note="Fire alarm"), election)
        board = at_once(Boards().board(Night.before_first(election).fold([told]), [], now=AT))
        (group,) = board.groups
        assert group.status.startswith(f"{status.value.capitalize()}, ")
        assert group.status.endswith("BST: Fire alarm")
        assert board.counts[status.value] == 1
        rows = needs_of(board, election, AtWork(), clock=AT).rows
        assert [(need.kind, need.name) for need in rows] == needs
