"""What may be posted: strict JSON, strict models, and findings that say what to do."""

import json

import pytest

from app.declaring.bodies import LARGEST_NUMBER, check_restated, read_body
from app.domain.errors import Refused
from app.process.strict_json import NotJson, strict_json

WARD = {"kind": "ward", "ballot_id": "local.x.north.2023-05-04", "votes": {"a": 1, "b": 2}}
TALLY = {"kind": "tally", "council_id": "x", "seats": {"PP52": 1}, "complete": False}
STATUS = {"kind": "status", "ballot_id": "local.x.north.2023-05-04", "status": "recount"}
NOTE = {"kind": "note", "text": "Polls have closed"}
WITHDRAWAL = {"kind": "withdrawal", "replaces": 1, "reason": "Too early"}
CORRECTION = {"kind": "correction", "replaces": 1, "reason": "A slip", "votes": {"a": 2, "b": 1}}


def read(body):
    """``body`` as it is read when it is posted, and what it confirms."""
    return read_body(json.dumps(body).encode())


def found(body):
    """Code and field of everything that is wrong with ``body``."""
    with pytest.raises(Refused) as refused:
        read(body)
    return [(finding.code, finding.field) for finding in refused.value.findings]


def restated(body, about="ward", **subject):
    """Code and field of everything that is wrong with a correction of what ``subject`` names."""
    with pytest.raises(Refused) as refused:
        check_restated(body, about, subject)
    return [(finding.code, finding.field) for finding in refused.value.findings]


@pytest.mark.parametrize("body", [WARD, TALLY, STATUS, NOTE, WITHDRAWAL, CORRECTION])
def test_every_kind_is_read(body):
    assert read(body) == (body, frozenset())


def test_what_is_confirmed_is_no_part_of_the_body():
    body, confirmed = read({**WARD, "confirm": ["W01", "W07"], "rejected": None})
    assert body == WARD, "and a null says nothing"
    assert confirmed == {"W01", "W07"}


# F03 and F14 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [-1, 1.5, 7.0, "7", True, LARGEST_NUMBER + 1])
def test_f03_votes_are_whole_numbers_from_0(number):
    assert found({**WARD, "votes": {"a": number, "b": 2}}) == [("F03", "votes.a")]


@pytest.mark.parametrize("number", [0, 1, None, LARGEST_NUMBER])
def test_f03_is_not_for_whole_numbers_from_0(number):
    assert read({**WARD, "votes": {"a": number, "b": 2}})


@pytest.mark.parametrize("field", ["ballots", "rejected"])
@pytest.mark.parametrize("number", [-1, 0.5, "12"])
def test_f03_is_for_papers_as_well(field, number):
    assert found({**WARD, field: number}) == [("F03", field)]


@pytest.mark.parametrize("body", [{**TALLY, "seats": {"PP52": -1}}, {**TALLY, "seats": {"PP52": 1.5}}])
def test_f03_is_for_the_seats_of_a_tally(body):
    assert found(body) == [("F03", "seats.PP52")]
    assert found({**TALLY, "vacant": -1}) == [("F03", "vacant")]


@pytest.mark.parametrize(("turnout", "refused"), [(-0.1, True), (0, False), (36, False), (100.0, False), (100.1, True)])
def test_f03_a_turnout_is_a_percentage_from_0_to_100(turnout, refused):
    body = {**WARD, "turnout": turnout}
    if refused:
        assert found(body) == [("F03", "turnout")]
    else:
        assert read(body)


def test_f03_says_what_is_wanted():
    with pytest.raises(Refused, match="has to be a whole number, 0 or more"):
        read({**WARD, "votes": {"a": -16_022}})
    with pytest.raises(Refused, match="has to be a percentage from 0 to 100"):
        read({**WARD, "turnout": 2478})


def test_all_that_is_wrong_is_told_at_once():
    assert found({**WARD, "votes": {"a": -1, "b": "x"}, "ballots": 1.5, "sauce": "brown"}) == [
        ("F03", "votes.a"),
        ("F03", "votes.b"),
        ("F03", "ballots"),
        ("unknown", "sauce"),
    ]
    total = {"total": 3}
    assert read({**WARD, **total})[0] == {**WARD, **total}
    assert found({"kind": "ward", "ballot_id": "x", "seats": {"PP52": 1}, **total}) == [("fields", "")], "of no votes"
    neither = {name: value for name, value in WARD.items() if name != "votes"}
    assert found({**neither, "sauce": "brown"}) == [("unknown", "sauce"), ("fields", "")]


@pytest.mark.parametrize("letter", ["\0", "\x07", "\x1b", "\x85\x9f"])
def test_a_text_has_no_control_characters(letter):
    assert found({"kind": "note", "text": f"Count{letter}ing"}) == [("fields", "text")]
    assert found({**WARD, "source": f"by phone{letter}"}) == [("fields", "source")]


def test_a_line_is_kept_as_it_is_checked():
    assert read({"kind": "note", "text": "  Counting has begun \n"})[0]["text"] == "Counting has begun"
    assert read({"kind": "withdrawal", "replaces": 1, "reason": " A slip "})[0]["reason"] == "A slip"


@pytest.mark.parametrize(
    ("about", "body", "subject", "field"),
    [
        ("ward", {**CORRECTION, "ballot_id": "local.x.south"}, {"ballot_id": "local.x.north"}, "ballot_id"),
        (
            "tally",
            {**TALLY, "kind": "correction", "replaces": 1, "reason": "A slip"},
            {"council_id": "y"},
            "council_id",
        ),
        (
            "status",
            {**CORRECTION, "votes": None, "status": "recount", "ballot_id": "local.x.south"},
            {"ballot_id": "local.x.north"},
            "ballot_id",
        ),
        (
            "note",
            {"kind": "correction", "replaces": 1, "reason": "A slip", "text": "So it is", "council_id": "medway"},
            {"council_id": None},
            "council_id",
        ),
    ],
)
def test_f14_a_correction_cannot_be_moved_to_another_contest_or_council(about, body, subject, field):
    body = {name: value for name, value in body.items() if value is not None}
    assert restated(body, about, **subject) == [("F14", field)]


@pytest.mark.parametrize("given", [{}, {"ballot_id": "local.x.north"}])
def test_f14_is_not_for_the_id_restated_nor_for_one_left_out(given):
    check_restated({**CORRECTION, **given}, "ward", {"ballot_id": "local.x.north"})


def test_a_correction_restates_what_it_replaces():
    assert restated({**CORRECTION, "votes": {"a": -1}}, ballot_id="local.x.north") == [("F03", "votes.a")]
    without = {name: value for name, value in CORRECTION.items() if name != "votes"}
    assert restated(without, ballot_id="local.x.north") == [("fields", "")]
    assert restated({**CORRECTION, "complete": True}, ballot_id="local.x.north") == [("unknown", "complete")]


def test_a_note_about_the_whole_night_has_no_id_to_restate():
    body = {"kind": "correction", "replaces": 1, "reason": "A slip", "text": "Polls have closed"}
    check_restated(body, "note", {"council_id": None})


# The other fields -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [[], "ward", 7, None, {}, {"kind": "wards"}, {"kind": 7}])
def test_what_is_no_declaration_is_told_so(body):
    assert found(body) in ([("object", "")], [("kind", "kind")])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"kind": "ward", "ballot_id": "x", "votes": {"a": 1}, "seats": {"PP52": 1}}, "fields"),
        ({"kind": "ward", "ballot_id": "x"}, "fields"),
        ({"kind": "ward", "votes": {"a": 1}}, "missing"),
        ({"kind": "status", "status": "recount"}, "fields"),
        ({**STATUS, "council_id": "x"}, "fields"),
        ({"kind": "status", "council_id": "x", "status": "countermanded"}, "fields"),
        ({**STATUS, "status": "lost"}, "invalid"),
        ({**NOTE, "text": "  "}, "invalid"),
        ({**WITHDRAWAL, "replaces": 0}, "invalid"),
        ({**WITHDRAWAL, "reason": ""}, "invalid"),
        ({**WARD, "at": "yesterday"}, "fields"),
        ({**WARD, "at": "2023-05-05T02:00:00"}, "fields"),
        ({**WARD, "at": "1923-05-05T02:00:00Z"}, "fields"),
        ({**WARD, "confirm": ["F01"]}, "invalid"),
        ({**WARD, "elected": "a"}, "invalid"),
    ],
)
def test_a_field_that_cannot_be_read_has_a_code_that_says_why(body, expected):
    assert [code for code, _ in found(body)] == [expected]


def test_a_time_has_its_offset():
    assert read({**WARD, "at": "2023-05-05T02:20:01+01:00"})


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"{", "JSON"),
        (b"\xff", "not UTF-8"),
        (b'{"a": 1, "a": 2}', "“a” twice"),
        (b'{"a": NaN}', "NaN, which is not JSON"),
        (b'{"a": 1e999}', "too large a number"),
        (b'{"a": ' + b"9" * 19 + b"}", "a number of 19 digits"),
        (b'{"a": "\\ud800"}', "half of a surrogate pair"),
        (b"[" * 100_000, "JSON|deep"),
    ],
)
def test_json_is_strict(raw, told):
    with pytest.raises(NotJson, match=told):
        strict_json(raw)


def test_json_that_is_plain_is_read():
    body = {"votes": {"a": 1}, "turnout": 36.5, "note": "“Hello”"}
    assert strict_json(json.dumps(body, ensure_ascii=False).encode()) == body
