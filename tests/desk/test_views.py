"""What the desk's pages say: the night as work, what a declaration will do, and who waits for whom."""

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.desk.board.councils import Board, Boards
from app.desk.board.hours import desk_time
from app.desk.board.lines import Work, WorkLine, is_shown, late
from app.desk.board.needs import needs_of
from app.desk.board.refresh import board_json
from app.desk.board.shown import BoardShown
from app.desk.board.strip import strip_of
from app.desk.board.view import board_page
from app.desk.entry.consequences import Consequences, consequences
from app.desk.entry.form import FormAsked, FormStage, form_stage_of
from app.desk.entry.told import told_figures, who
from app.desk.frame import DeskFrame
from app.desk.presence.view import AtWork
from app.desk.queue.order import Order, beside_of, free_for, in_order, order_called
from app.desk.queue.view import latest_rows, waiting_rows
from app.domain.declarations import Correction, NoteDeclaration, StatusDeclaration, StatusValue, Withdrawal
from app.domain.night import Night
from app.domain.second_check import Disputed, Keyed, Keying, Waiting
from app.domain.subject import Subject
from app.pages.environment import make_environment
from app.process.turns import at_once
from app.store.claims import Claim
from app.store.presence import Present
from app.store.staff import Role
from app.web.signing_in.access import Signed
from tests.builders import (
    CON,
    LAB,
    a_ballot,
    a_contest,
    a_council,
    a_tally,
    a_ward,
    an_election,
    an_entry,
    votes_for,
)

WARDS = tuple(a_contest(name) for name in ("north", "south", "east"))
NORTH, SOUTH, EAST = WARDS
DUE = datetime(2023, 5, 5, 5, 30, tzinfo=UTC)
ELECTION = an_election(a_council(*WARDS, expected_at=DUE))
NIGHT = Night.before_first(ELECTION)
AT = datetime(2023, 5, 5, 2, 12, tzinfo=UTC)


def a_keying(person: str = "ann", ballots: int | None = None) -> Keying:
    body = {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes_for(NORTH, LAB, CON)}
    return Keying(person, body | ({"ballots": ballots} if ballots else {}), frozenset(), AT)


def keyed(*people: str) -> Keyed:
    first, *others = (a_keying(name, 3000 + place) for place, name in enumerate(people))
    subject = Subject("ward", NORTH.ballot_id)
    return Disputed(subject, first, others[0]) if others else Waiting(subject, first)


def board_of(night: Night, waiting: Collection[Keyed], *, now: datetime, drafts: Collection[Subject] = ()) -> Board:
    return at_once(Boards().board(night, waiting, now=now, drafts=drafts))


def shown_of(night: Night, waiting: Collection[Keyed]) -> BoardShown:
    board = board_of(night, waiting, now=AT)
    needs = needs_of(board, night.election, AtWork(), clock=AT)
    return BoardShown(board, needs, strip_of(night, [], AtWork(), clock=AT, now=AT))


def told_of(shown: BoardShown, before: BoardShown | None, **options) -> dict:
    made = board_json(make_environment(), ELECTION, shown, before, **{"more": {}, **options})
    return json.loads(at_once(made))


def losing(person: str) -> Keyed:
    body = {"kind": "ward", "ballot_id": NORTH.ballot_id, "votes": votes_for(NORTH, CON, LAB)}
    return Waiting(Subject("ward", NORTH.ballot_id), replace(a_keying(person), body=body))


def lines_of(board: Board) -> list[WorkLine]:
    return [line for group in board.groups for line in group.all_lines]


def works(board: Board) -> dict[str, str]:
    return {line.name: line.work.value for line in lines_of(board) if not line.is_tally}


def done(night: Night, declaration, **fields) -> tuple[Night, Consequences]:
    after, change = night.apply(an_entry(night.seq + 1, declaration, ELECTION, **fields))
    return after, consequences(after, change)


# The board


def test_every_contest_says_what_it_waits_for() -> None:
    night = NIGHT.fold(
        [
            an_entry(1, StatusDeclaration(StatusValue.RECOUNT, ballot_id=SOUTH.ballot_id)),
            an_entry(2, a_ward(EAST, LAB, CON)),
        ]
    )
    board = board_of(night, [keyed("ann")], now=AT)
    assert works(board) == {"East": "declared", "North": "keyed", "South": "recount"}
    notes = {line.name: line.note for line in lines_of(board)}
    assert notes["North"] == "ann, 03:12"
    assert notes["East"].startswith("LAB 1, ")
    assert {key: number for key, number in board.counts.items() if number} == {
        "": 3,
        "keyed": 1,
        "recount": 1,
        "declared": 1,
    }


def test_a_dispute_names_the_two_and_counts_as_such() -> None:
    board = board_of(NIGHT, [keyed("ann", "bob")], now=AT)
    line = next(line for line in lines_of(board) if line.name == "North")
    assert (line.work, line.note) == (Work.DISPUTED, "ann and bob differ")
    assert (board.counts["disputed"], board.counts["keyed"]) == (1, 0)


@pytest.mark.parametrize(
    ("minutes", "tags", "told"),
    [(-60, (), ""), (-30, ("due",), ""), (0, ("due",), ""), (35, ("overdue",), "35 min overdue")],
)
def test_a_council_is_due_half_an_hour_before_its_time_and_overdue_once_after_it(minutes, tags, told) -> None:
    board = board_of(NIGHT, [], now=DUE + timedelta(minutes=minutes))
    (group,) = board.groups
    assert (group.tags, group.due) == (tags, told or "due about 06:30 BST")
    assert [board.counts[tag] for tag in ("due", "overdue")] == [tags.count("due"), tags.count("overdue")]
    assert {(line.tags, line.note) for line in group.lines} == {(("",), "")}


def test_a_ward_that_is_counted_at_a_time_of_its_own_is_overdue_by_itself() -> None:
    early = replace(NORTH, expected_at=DUE - timedelta(hours=2))
    night = Night.before_first(an_election(a_council(early, SOUTH, expected_at=DUE)))
    board = board_of(night, [], now=DUE - timedelta(hours=1))
    (group,) = board.groups
    assert (group.tags, group.due, board.counts["overdue"]) == ((), "1 h 00 min overdue", 1)
    assert {line.name: line.note for line in group.lines} == {"North": "1 h 00 min overdue", "South": ""}


def test_a_council_whose_results_all_wait_for_a_check_is_not_overdue() -> None:
    night = Night.before_first(an_election(a_council(NORTH, expected_at=DUE)))
    assert board_of(night, [keyed("ann")], now=DUE + timedelta(hours=1)).counts["overdue"] == 0


@pytest.mark.parametrize(
    ("late_by", "told"),
    [
        (timedelta(seconds=59), ""),
        (timedelta(minutes=1), "1 min overdue"),
        (timedelta(minutes=125), "2 h 05 min overdue"),
        (timedelta(hours=47), "47 h 00 min overdue"),
        (timedelta(days=2), ""),
    ],
)
def test_how_late_it_is_is_told_in_words(late_by: timedelta, told: str) -> None:
    assert late(DUE, DUE + late_by) == told
    assert late(None, DUE + late_by) == ""


def test_a_night_that_is_replayed_years_later_has_its_own_time() -> None:
    now = datetime(2026, 5, 5, tzinfo=UTC)
    assert desk_time(ELECTION, now, AT) == AT
    assert desk_time(ELECTION, now, None) == now
    assert desk_time(ELECTION, AT, DUE) == AT


def test_uncontested_wards_are_no_work() -> None:
    council = a_council(a_contest("north", seats_up=1, parties=(LAB,), cancelled="EQUAL_CANDIDATES"), SOUTH)
    board = board_of(Night.before_first(an_election(council)), [], now=AT)
    assert works(board) == {"North": "no-poll", "South": "awaited"}


def test_a_tally_is_work_only_while_somebody_has_keyed_one() -> None:
    tally = Waiting(Subject("tally", "testshire"), replace(a_keying(), body={"kind": "tally", "seats": {LAB: 1}}))
    assert board_of(NIGHT, [tally], now=AT).counts["keyed"] == 1
    night = NIGHT.fold([an_entry(1, a_tally({LAB: 1}))])
    board = board_of(night, [], now=AT)
    assert board.counts[""] == 3
    assert board.groups[0].tally.note.startswith("1 seat, ")


def test_a_draft_about_what_the_catalogue_has_no_more_is_no_work() -> None:
    gone = (Subject("ward", "gone"), Subject("tally", "gone"))
    assert board_of(NIGHT, (), now=AT, drafts=gone) == board_of(NIGHT, (), now=AT)


def test_the_board_is_narrowed_by_state_and_by_the_beginnings_of_words() -> None:
    board = board_of(NIGHT, [keyed("ann")], now=AT, drafts=[Subject("ward", SOUTH.ballot_id)])
    shown = {
        (state, words): {line.name for line in lines_of(board) if not line.is_tally and is_shown(line, state, words)}
        for state, words in [("", ""), ("keyed", ""), ("draft", ""), ("", "no te"), ("", "orth"), ("declared", "no")]
    }
    assert shown == {
        ("", ""): {"North", "South", "East"},
        ("keyed", ""): {"North"},
        ("draft", ""): {"South"},
        ("", "no te"): {"North"},
        ("", "orth"): set(),
        ("declared", "no"): set(),
    }


def test_a_council_is_made_once_for_everybody_who_looks_in_the_same_minute() -> None:
    other = a_council(a_contest("west", council_id="elsewhere"), council_id="elsewhere")
    night = Night.before_first(an_election(*ELECTION.councils.values(), other))
    boards = Boards()

    def board(now: datetime, *waiting: Keyed, of: Night = night, drafts: Collection[Subject] = ()) -> Board:
        return at_once(boards.board(of, waiting, now=now, drafts=drafts))

    def same(one: Board, another: Board) -> dict[str, bool]:
        groups = {group.council_id: group for group in another.groups}
        return {group.council_id: group is groups[group.council_id] for group in one.groups}

    first = board(AT, keyed("ann"))
    assert same(first, board(AT + timedelta(seconds=30), keyed("ann"))) == {"testshire": True, "elsewhere": True}
    assert same(first, board(AT)) == {"testshire": False, "elsewhere": True}, "what waits has changed"
    second = board(AT)
    declared = night.fold([an_entry(1, a_ward(NORTH, LAB, CON))])
    assert same(second, board(AT, of=declared)) == {"testshire": False, "elsewhere": True}
    late = DUE + timedelta(minutes=1)
    assert same(board(late), board(late + timedelta(minutes=1))) == {"testshire": False, "elsewhere": True}, "later yet"
    assert board(AT) is board(AT)
    own = board(AT, drafts=[Subject("ward", SOUTH.ballot_id)])
    assert own.counts["draft"] == 1
    assert board(AT).counts["draft"] == 0, "of nobody else"


def test_the_numbers_behind_the_board_are_those_on_it() -> None:
    shown = shown_of(NIGHT, [keyed("ann")])
    told = told_of(shown, None, more={"queue": 1})
    board = shown.board
    assert (told["counts"], told["queue"], told["zone"], told["all"]) == (
        dict(board.counts),
        1,
        "Europe/London",
        True,
    )
    assert [line[0] for line in told["lines"]] == [line.element for group in board.groups for line in group.all_lines]
    assert next(line for line in told["lines"] if line[1] == "North")[4:7] == ["keyed", "To check", "ann, 03:12"]
    (group,) = board.groups
    assert [it[:2] for it in told["councils"]] == [["Testshire", f"/desk/test-2023?open=testshire#{group.element}"]]


def test_what_a_browser_has_is_not_sent_to_it_again() -> None:
    before, now = shown_of(NIGHT, [keyed("ann")]), shown_of(NIGHT.fold([an_entry(1, a_ward(EAST, LAB, CON))]), [])
    told = told_of(now, before, page=before, with_pieces=True)
    assert ([line[1] for line in told["lines"]], told["all"], told["redrawn"]) == (["East", "North"], False, False)
    assert "councils" not in told
    gone = [element for element, html in told["pieces"].items() if html is None]
    assert gone == [f"need-{before.board.groups[0].lines[1].element}-keyed"]
    assert told_of(now, now, page=now, with_pieces=True)["pieces"] == {}
    anew = told_of(now, now, with_pieces=True)
    assert (anew["redrawn"], len(anew["pieces"]), anew["lines"]) == (True, len(now.pieces), [])


def test_after_a_change_of_the_catalogue_all_is_told_anew() -> None:
    before = shown_of(Night.before_first(an_election(a_council(NORTH))), [])
    assert told_of(shown_of(NIGHT, []), before)["all"]


def test_the_version_of_the_board_tells_whether_anything_of_it_is_otherwise() -> None:
    versions = [shown_of(NIGHT, waiting).version for waiting in ([], [keyed("ann")], [keyed("ann", "bob")], [])]
    assert len(set(versions)) == 3
    assert versions[0] == versions[3]


def test_what_needs_a_person_comes_first_what_is_disputed_before_all() -> None:
    recount = an_entry(1, StatusDeclaration(StatusValue.RECOUNT, ballot_id=SOUTH.ballot_id))
    waiting = replace(keyed("ann"), subject=Subject("ward", EAST.ballot_id))
    board = board_of(NIGHT.fold([recount]), [waiting, keyed("ann", "bob")], now=DUE + timedelta(minutes=35))
    needs = needs_of(board, ELECTION, AtWork(), clock=AT + timedelta(minutes=14))
    assert [(it.kind, it.name, it.told) for it in needs.rows] == [
        ("disputed", "North", "ann and bob, 14 min"),
        ("keyed", "East", "ann, 14 min"),
        ("recount", "South", ""),
        ("overdue", "Testshire", "35 min overdue"),
    ]
    assert (needs.oldest, needs.more) == ("14 min", {})


def test_who_checks_it_and_who_has_it_open_stands_beside_what_waits() -> None:
    subject = Subject("ward", NORTH.ballot_id)
    here = [Present(name, Role.CHECKER, subject, AT) for name in ("ann", "bob", "cid")]
    at_work = AtWork(tuple(here), (Claim(subject, "bob", AT + timedelta(minutes=2)),))
    (need,) = needs_of(board_of(NIGHT, [keyed("ann")], now=AT), ELECTION, at_work, clock=AT).rows
    assert need.claim is not None
    assert (need.claim.person, need.others) == ("bob", ("cid",)), "ann keyed it, and may look at it"


def test_of_very_many_that_are_overdue_the_first_are_named_and_the_others_counted() -> None:
    wards = [a_contest("only", council_id=f"c{number:02}") for number in range(12)]
    councils = [a_council(ward, council_id=ward.council_id, expected_at=DUE) for ward in wards]
    board = board_of(Night.before_first(an_election(*councils)), [], now=DUE + timedelta(minutes=5))
    needs = needs_of(board, ELECTION, AtWork(), clock=AT)
    assert (len(needs.rows), needs.more, needs.oldest) == (8, {"overdue": 4}, "")


def test_what_could_decide_a_council_is_said_whatever_was_keyed() -> None:
    night = NIGHT.fold([an_entry(1, a_ward(SOUTH, LAB, CON))])
    told = {board_of(night, [waiting], now=AT).groups[0].lines[1].decides for waiting in (keyed("ann"), losing("ann"))}
    assert told == {True}, "Labour needs one more"


def test_a_recount_or_a_note_since_it_was_keyed_is_told_beside_it() -> None:
    waiting = replace(keyed("ann"), author=replace(a_keying(), after=0))
    recount = an_entry(1, StatusDeclaration(StatusValue.RECOUNT, ballot_id=NORTH.ballot_id))
    note = an_entry(2, NoteDeclaration("The hall is dark.", council_id="testshire"), ELECTION, council_id="testshire")
    board = board_of(NIGHT.fold([recount, note]), [waiting], now=AT)
    (need,) = needs_of(board, ELECTION, AtWork(), clock=AT).rows
    assert need.told == "ann, 0 min, recount and note since"
    assert board.counts["recount"] == 1, "whoever looks for recounts is looking for this"


def test_a_clock_that_is_not_the_real_one_is_explained() -> None:
    strip = strip_of(NIGHT, [], AtWork(), clock=AT, now=AT)
    assert (strip.clock, strip.over) == ("03:12 BST", "")
    later = datetime(2026, 5, 5, 12, tzinfo=UTC)
    over = strip_of(NIGHT, [], AtWork(), clock=later, now=AT).over
    assert over == "This night is over: times are compared with its last entry, at 03:12 BST."


@pytest.mark.parametrize("last", [None, datetime(2026, 5, 5, 11, 58, tzinfo=UTC)])
def test_a_night_of_long_ago_that_is_keyed_now_says_that_nothing_is_called_overdue(last: datetime | None) -> None:
    clock = datetime(2026, 5, 5, 12, tzinfo=UTC)
    now = desk_time(ELECTION, clock, last)
    strip = strip_of(NIGHT, [], AtWork(), clock=clock, now=now)
    assert strip.over == "The polls were on 4 May 2023: what was expected then is not called overdue."
    assert not late(DUE, now)


def test_the_strip_says_how_far_it_is_what_came_in_last_and_who_is_here() -> None:
    entry = an_entry(1, a_ward(NORTH, LAB, CON))
    people = (
        Present("ann", Role.KEYER, Subject("ward", SOUTH.ballot_id), AT),
        Present("bob", Role.CHECKER, Subject("tally", "testshire"), AT),
        Present("cid", Role.KEYER, Subject("ward", "gone"), AT),
        Present("eve", Role.EDITOR, None, AT),
    )
    strip = strip_of(NIGHT.fold([entry]), [entry], AtWork(people), clock=AT, now=AT)
    assert strip.progress == ("1 of 3 wards declared", "0 of 1 councils certain", "0 complete")
    assert [(one.at, one.what) for one in strip.latest] == [("23:01", "North (Testshire)")]
    assert [(one.name, one.what) for one in strip.people] == [
        ("ann", "South"),
        ("bob", "Tally of Testshire"),
        ("cid", ""),
        ("eve", ""),
    ]


def test_councils_come_in_the_order_in_which_there_is_work_in_them() -> None:
    early = a_council(a_contest("a", council_id="early"), council_id="early", expected_at=AT)
    ready = a_council(a_contest("b", council_id="ready"), council_id="ready", expected_at=AT - timedelta(hours=1))
    unknown = a_council(a_contest("c", council_id="anytime"), council_id="anytime")
    election = an_election(unknown, early, ready)
    declared = an_entry(1, a_ward(ready.contests[0], LAB, CON), council_id="ready")
    board = board_of(Night.before_first(election).fold([declared]), [], now=AT)
    assert [group.council_id for group in board.groups] == ["early", "anytime", "ready"]


# What a declaration will do


def test_a_flip_is_told_by_its_name_with_the_line_that_goes_out() -> None:
    night, first = done(NIGHT, a_ward(NORTH, LAB, CON))
    assert (first.headline, first.flip, first.publishes) == ("Testshire stays undecided.", None, ())
    _, second = done(night, a_ward(SOUTH, LAB, CON))
    assert second.headline == "This makes Testshire LAB gain from CON."
    assert second.flip == "LAB gain Testshire from CON"
    assert second.publishes == ("LAB gain Testshire from CON",)
    assert second.result.startswith("Elected: LAB 1 of south (LAB)")
    assert second.after.text == "LAB gain from CON"


def test_a_withdrawal_says_which_line_of_the_ticker_goes_with_it() -> None:
    night = NIGHT.fold([an_entry(1, a_ward(NORTH, LAB, CON)), an_entry(2, a_ward(SOUTH, LAB, CON))])
    withdrawal = {"ballot_id": SOUTH.ballot_id, "council_id": "testshire"}
    _, told = done(night, Withdrawal(2, "Too early."), **withdrawal)
    assert told.headline == "Testshire goes back to undecided."
    assert told.flip == "Testshire back to undecided"
    assert told.withdraws == ("The line of 23:02 BST, “LAB gain Testshire from CON”, is withdrawn.",)
    crowded = replace(night, tickers=dict.fromkeys(night.tickers, ()))
    _, told = done(crowded, Withdrawal(2, "Too early."), **withdrawal)
    assert told.withdraws == ("The line of 23:02 BST, “LAB gain Testshire from CON”, is withdrawn.",)


def test_a_withdrawal_of_everything_says_how_much_and_which_councils_go_back() -> None:
    wards = [a_contest("only", council_id=council_id) for council_id in ("ash", "elm", "oak")]
    councils = [a_council(ward, council_id=ward.council_id, name=ward.council_id.title()) for ward in wards]
    night = Night.before_first(an_election(*councils))
    night = night.fold([an_entry(seq, a_ward(ward, LAB, CON)) for seq, ward in enumerate(wards, 1)])
    night, _ = done(night, StatusDeclaration(StatusValue.DELAYED, council_id="oak"))
    _, told = done(night, Withdrawal(None, "A rehearsal.", since=1))
    assert told.headline == "2 results of 2 councils and 1 status count no longer."
    assert told.flip == "Control changes in Elm and Oak"
    assert told.lines == ("Elm goes back to undecided.", "Oak goes back to undecided.")
    assert told.publishes[-1] == "Withdrawn, all since entry 1: A rehearsal."
    assert len(told.withdraws) == 3
    _, told = done(night, Withdrawal(None, "A rehearsal.", since=2))
    assert told.flip == "Oak back to undecided"


def test_of_very_many_councils_in_which_control_changes_the_first_are_named() -> None:
    wards = [a_contest("only", council_id=f"c{number}") for number in range(7)]
    night = Night.before_first(an_election(*(a_council(ward, council_id=ward.council_id) for ward in wards)))
    night = night.fold([an_entry(seq, a_ward(ward, LAB, CON)) for seq, ward in enumerate(wards, 1)])
    _, told = done(night, Withdrawal(None, "A rehearsal.", since=0))
    assert told.flip == "Control changes in C0, C1, C2, C3, C4 and 2 more"


def test_a_correction_that_hands_the_council_on_says_from_whom() -> None:
    night = NIGHT.fold([an_entry(seq, a_ward(ward, LAB, CON)) for seq, ward in ((1, NORTH), (2, SOUTH))])
    night = night.fold([an_entry(3, a_ward(EAST, CON, LAB))])
    correction = Correction(2, "Exchanged.", a_ward(SOUTH, CON, LAB))
    _, told = done(night, correction, ballot_id=SOUTH.ballot_id, council_id="testshire")
    assert told.headline == "This makes Testshire CON hold, in the place of LAB gain from CON."
    _, told = done(night, StatusDeclaration(StatusValue.DELAYED, council_id="testshire"))
    assert told.headline == "Testshire stays LAB gain from CON."


def test_a_contest_countermanded_says_that_its_seat_is_vacant() -> None:
    _, told = done(NIGHT, StatusDeclaration(StatusValue.COUNTERMANDED, ballot_id=NORTH.ballot_id))
    assert "1 seat is vacant." in told.lines


def test_a_correction_says_who_is_no_longer_elected_and_who_is_instead() -> None:
    night, first = done(NIGHT, a_ward(NORTH, LAB, CON))
    assert not [line for line in first.lines if "elected" in line]
    _, told = done(night, Correction(1, "Swapped.", a_ward(NORTH, CON, LAB)))
    assert told.lines[0] == "No longer elected: LAB 1 of north (LAB); instead: CON 1 of north (CON)."
    _, told = done(night, Withdrawal(1, "Too early."), ballot_id=NORTH.ballot_id)
    assert told.lines[0] == "No longer elected: LAB 1 of north (LAB)."


def test_houses_that_see_it_otherwise_are_named() -> None:
    from app.domain.election import Baseline

    council = a_council(NORTH, baselines={"bbc": Baseline("bbc", CON), "eve": Baseline("eve", LAB)})
    night = Night.before_first(an_election(council))
    after, change = night.apply(an_entry(1, a_ward(NORTH, LAB, CON)))
    told = consequences(after, change)
    assert told.after.text == "LAB gain from CON"
    assert "By PA: LAB hold." in told.lines


# Whose turn it is

ANN, BOB, EVE = (
    FormAsked("ann", checks=False, edits=False),
    FormAsked("bob", checks=True, edits=False),
    FormAsked("eve", checks=True, edits=True),
)


@pytest.mark.parametrize(
    ("people", "asked", "stage"),
    [
        ((), ANN, FormStage.OPEN),
        (("ann",), ANN, FormStage.MINE),
        (("ann",), BOB, FormStage.CHECK),
        (("bob",), ANN, FormStage.THEIRS),
        (("ann", "bob"), ANN, FormStage.DISPUTED),
        (("ann", "bob"), BOB, FormStage.DISPUTED),
        (("ann", "bob"), EVE, FormStage.CHECK),
    ],
)
def test_whose_turn_it_is(people: tuple[str, ...], asked: FormAsked, stage: FormStage) -> None:
    waiting = keyed(*people) if people else None
    assert form_stage_of(waiting, asked, is_declared=False, has_poll=True) is stage
    assert form_stage_of(waiting, asked, is_declared=True, has_poll=True) is FormStage.DECLARED
    assert form_stage_of(waiting, asked, is_declared=False, has_poll=False) is FormStage.NO_POLL


def test_what_could_decide_is_checked_before_what_waits_longer_unless_it_is_asked_for_otherwise() -> None:
    other = a_council(a_contest("west", council_id="ash", seats_up=1), council_id="ash", name="Ash")
    night = Night.before_first(an_election(a_council(*WARDS), other))
    west = replace(keyed("ann"), subject=Subject("ward", other.contests[0].ballot_id))
    old = replace(keyed("ann"), author=replace(a_keying(), at=AT - timedelta(hours=1)))
    disputed = replace(keyed("ann", "bob"), subject=Subject("ward", SOUTH.ballot_id))
    waiting = [old, west, disputed]
    beside = {one.subject: beside_of(night, one, AtWork()) for one in waiting}
    names = {old.subject: "north", west.subject: "west", disputed.subject: "south"}
    told = {str(order): [names[one.subject] for one in in_order(night, waiting, beside, order)] for order in Order}
    assert told == {
        "impact": ["south", "west", "north"],
        "council": ["south", "west", "north"],
        "age": ["south", "north", "west"],
    }
    assert order_called("nothing") is Order.IMPACT


def test_what_somebody_else_has_open_is_nobodys_next_but_its_author_may_look_at_it() -> None:
    waiting, subject = [keyed("ann")], Subject("ward", NORTH.ballot_id)
    free = [
        free_for("bob", waiting, AtWork((Present(name, Role.CHECKER, subject, AT),))) for name in ("ann", "bob", "cid")
    ]
    assert free == [[subject], [subject], []]


def test_the_queue_says_who_waits_for_whom_and_never_a_figure() -> None:
    (row,) = waiting_rows(NIGHT, [keyed("ann")], BOB, AT + timedelta(minutes=14))
    assert (row.told, row.since, row.wants) == (
        "Keyed by ann; waits for another person.",
        "03:12 BST, 14 min ago",
        "Check",
    )
    (disputed,) = waiting_rows(NIGHT, [keyed("ann", "bob")], ANN, AT)
    assert disputed.told == "ann and bob differ on 1 field; waits for one of them to key it again, or for an editor."
    assert disputed.wants == "Key again"
    wants = {
        asked.person: waiting_rows(NIGHT, [keyed(*people)], asked, AT)[0].wants
        for people, asked in [(("bob",), ANN), (("ann", "bob"), EVE), (("bob",), BOB)]
    }
    assert wants == {"ann": None, "eve": "Settle", "bob": None}
    assert "3000" not in repr((row, disputed))


def test_only_the_author_and_editors_take_back() -> None:
    may = [waiting_rows(NIGHT, [keyed("ann")], asked, AT)[0].may_take_back for asked in (ANN, BOB, EVE)]
    assert may == [True, False, True]


def test_who_declared_alone_is_marked_where_it_takes_two() -> None:
    alone = an_entry(1, a_ward(NORTH, LAB, CON), author="eve")
    checked = an_entry(2, a_ward(SOUTH, LAB, CON), author="ann", checker="bob")
    machine = an_entry(3, a_ward(EAST, LAB, CON), author="token:wire")
    told = [who(entry, persons=2) for entry in (alone, checked, machine)]
    assert told == ["eve, alone", "ann, checked by bob", "token:wire"]
    assert who(alone, persons=1) == "eve"
    rows = latest_rows(ELECTION, [alone, checked, machine], persons=2)
    assert [(row.seq, row.is_alone) for row in rows] == [(3, False), (2, False), (1, True)]


def test_two_versions_stand_side_by_side_figure_by_figure() -> None:
    one, other = a_ward(NORTH, LAB, CON), a_ward(NORTH, CON, LAB, ballots=3000)
    rows = told_figures(ELECTION, NORTH, one, other)
    differing = [row.label for row in rows if row.differs]
    assert differing == ["LAB 1 of north (LAB)", "CON 1 of north (CON)", "Ballot papers"]
    assert next(row for row in rows if row.label == "Ballot papers").other == "3,000"


def test_the_page_shows_what_was_asked_for() -> None:
    environment = make_environment()
    frame = DeskFrame(Signed("eve", Role.EDITOR, 1), (ELECTION,), ELECTION, "work")
    asked = {"q": "north", "state": "x"}
    html = at_once(board_page(environment, NIGHT, shown_of(NIGHT, []), frame, asked=asked))
    assert html.count('class="work-line"') == 1
    assert a_ballot("north") in html


def test_the_contests_of_a_folded_council_are_not_sent() -> None:
    wards = [a_contest("only", council_id=council_id) for council_id in ("ash", "elm")]
    night = Night.before_first(an_election(*(a_council(ward, council_id=ward.council_id) for ward in wards)))
    frame = DeskFrame(Signed("eve", Role.EDITOR, 1), (night.election,), night.election, "work")

    def wards_shown(**asked: str) -> int:
        page = at_once(board_page(make_environment(), night, shown_of(night, []), frame, asked=asked))
        return page.count('class="work-line"')

    assert [wards_shown(), wards_shown(open="elm"), wards_shown(state="due"), wards_shown(q="only")] == [0, 1, 0, 2]
