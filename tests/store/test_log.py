import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from app.domain.declarations import Correction, NoteDeclaration, StatusDeclaration, TallyDeclaration, Withdrawal
from app.domain.errors import UnknownElection
from app.store import log
from app.store.engine import Store
from app.store.tables import ENTRY
from tests.store import processes
from tests.store.logs import BALLOT_ID, RECORDED_AT, a_body, authors, declare, declare_many, faults, sequences


def entries(store: Store, slug: str, **options) -> list[log.Logged]:
    with store.reading() as connection:
        return log.entries(connection, slug, **{"after": 0, **options})


def test_sequences_count_from_one(store: Store, slug: str):
    declare_many(store, slug, 3)
    assert sequences(store, slug) == [1, 2, 3]
    with store.reading() as connection:
        assert log.head(connection, slug).seq == 3
        assert log.heads(connection) == {slug: log.head(connection, slug)}


def test_what_stood_before_is_returned(store: Store, slug: str):
    with store.writing() as connection:
        before = log.head(connection, slug)
        assert log.take_sequence(connection, slug) == before
        assert log.take_sequence(connection, slug).seq == 1


def test_a_declaration_comes_back_as_it_was_posted(store: Store, slug: str):
    body = a_body(elected=["north-LAB-1"], turnout=38.25, source="Łukasz, by “phone”")
    with store.writing() as connection:
        declare(connection, slug, body=body, at="2023-05-05T02:20:01.5+01:00")
    [logged] = entries(store, slug)
    assert logged.body == body
    assert logged.about == "ward"
    assert logged.recorded_at == RECORDED_AT
    assert logged.entry.at == datetime.fromisoformat("2023-05-05T02:20:01.500+01:00")
    assert logged.entry.at.utcoffset() == timedelta(hours=1)
    assert (logged.entry.council_id, logged.entry.ballot_id) == ("testshire", BALLOT_ID)
    assert logged.entry.author == "Results desk"
    assert logged.entry.declaration.votes == body["votes"]
    assert logged.entry.declaration.elected == ("north-LAB-1",)


def test_a_time_is_kept_letter_by_letter(store: Store, slug: str):
    with store.writing() as connection:
        declare(connection, slug, at="2023-05-05T01:20Z")
        assert connection.scalar(select(ENTRY.c.at)) == "2023-05-05T01:20Z"


def test_every_kind_comes_back(store: Store, slug: str):
    bodies = [
        {"kind": "tally", "council_id": "testshire", "seats": {"PP53": 1}, "complete": True, "vacant": 0},
        {"kind": "status", "ballot_id": BALLOT_ID, "status": "recount", "note": "the second"},
        {"kind": "note", "text": "Good evening"},
        {"kind": "correction", "replaces": 1, "reason": "misheard", "seats": {"PP52": 1}, "complete": True},
        {"kind": "withdrawal", "replaces": 4, "reason": "wrong council"},
    ]
    with store.writing() as connection:
        for body in bodies[:3]:
            declare(connection, slug, body=body, council_id=body.get("council_id"))
        declare(connection, slug, body=bodies[3], about="tally")
        declare(connection, slug, body=bodies[4], about="tally")
    read = entries(store, slug)
    assert [logged.body for logged in read] == bodies
    assert [type(logged.entry.declaration) for logged in read] == [
        TallyDeclaration,
        StatusDeclaration,
        NoteDeclaration,
        Correction,
        Withdrawal,
    ]
    assert [logged.about for logged in read] == ["tally", "status", "note", "tally", "tally"]
    assert read[3].entry.declaration.content == TallyDeclaration("testshire", {"PP52": 1}, complete=True)


def test_entries_after_a_sequence(store: Store, slug: str):
    declare_many(store, slug, 5)
    assert [logged.entry.seq for logged in entries(store, slug, after=2)] == [3, 4, 5]
    assert [logged.entry.seq for logged in entries(store, slug, after=1, limit=2)] == [2, 3]
    assert entries(store, slug, after=5) == []
    assert entries(store, "nowhere") == []


def test_one_entry(store: Store, slug: str):
    declare_many(store, slug, 2)
    with store.reading() as connection:
        assert log.entry(connection, slug, 2) == log.entries(connection, slug, after=1)[0]
        assert log.entry(connection, slug, 3) is None


def test_an_unknown_election_has_no_log(store: Store):
    for asked in (log.head, log.take_sequence, lambda *arguments: list(log.verify_chain(*arguments))):
        with pytest.raises(UnknownElection), store.writing() as connection:
            asked(connection, "nowhere")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"at": "2023-05-05T02:20:01"}, "without an offset"),
        ({"at": "at about three"}, "isoformat"),
        ({"recorded_at": RECORDED_AT.replace(tzinfo=None)}, "without an offset"),
        ({"body": a_body(turnout=float("nan"))}, "JSON compliant"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(store: Store, slug: str, wrong, told: str):
    with pytest.raises(ValueError, match=told), store.writing() as connection:
        declare(connection, slug, **wrong)
    assert sequences(store, slug) == []


def test_a_sequence_must_be_taken(store: Store, slug: str):
    with pytest.raises(ValueError, match="was not taken"), store.writing() as connection:
        log.append(
            connection,
            slug,
            seq=1,
            at="2023-05-05T02:20:01+01:00",
            recorded_at=RECORDED_AT,
            kind="ward",
            about="ward",
            council_id=None,
            ballot_id=BALLOT_ID,
            replaces=None,
            body=a_body(),
            author="",
            previous_hash=log.genesis_hash(slug),
        )
    assert sequences(store, slug) == []


def test_the_hash_is_what_the_documentation_says(store: Store, slug: str):
    body = a_body(source="é")
    with store.writing() as connection:
        declare(connection, slug, body=body)
    [logged] = entries(store, slug)
    text_of_body = json.dumps(body, sort_keys=True, separators=(",", ":"))
    assert r"\u00e9" in text_of_body
    rest = {
        "slug": slug,
        "seq": 1,
        "at": "2023-05-05T02:20:01+01:00",
        "recorded_at": "2023-05-05T01:20:02.500000+00:00",
        "kind": "ward",
        "about": "ward",
        "council_id": "testshire",
        "ballot_id": BALLOT_ID,
        "replaces": None,
        "body": text_of_body,
        "author": "Results desk",
        "checker": None,
    }
    with store.reading() as connection:
        opening = connection.scalar(text("SELECT content FROM catalogue_version WHERE since_seq = 0"))
    opened_with = sha256(opening.encode()).hexdigest()
    genesis = sha256(f"declared log of {slug} opened with {opened_with}".encode()).hexdigest()
    entry = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    assert logged.hash == sha256((genesis + entry).encode()).hexdigest()


def test_a_whole_log_has_no_faults(store: Store, slug: str):
    declare_many(store, slug, 5)
    assert faults(store, slug) == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        (
            ["UPDATE entry SET body = replace(body, '1000', '1001') WHERE seq = 3"],
            ["Entry 3 of “test-2023” was altered"],
        ),
        (["UPDATE entry SET author = 'Somebody' WHERE seq = 5"], ["Entry 5 of “test-2023” was altered"]),
        (["UPDATE entry SET checker = 'Somebody' WHERE seq = 3"], ["Entry 3 of “test-2023” was altered"]),
        (["UPDATE entry SET recorded_at = at WHERE seq = 1"], ["Entry 1 of “test-2023” was altered"]),
        (["UPDATE entry SET ballot_id = NULL WHERE seq = 2"], ["Entry 2 of “test-2023” was altered"]),
        (["DELETE FROM entry WHERE seq = 1"], ["Entry 1 of “test-2023” is missing"]),
        (["DELETE FROM entry WHERE seq IN (2, 3, 4)"], ["Entries 2 to 4 of “test-2023” are missing"]),
        (["DELETE FROM entry WHERE seq = 5"], ["The head of “test-2023” is at sequence 5, its log ends at 4"]),
        (["DELETE FROM entry"], ["The head of “test-2023” is at sequence 5, its log ends at 0"]),
        (["UPDATE head SET seq = 4"], ["The head of “test-2023” is at sequence 4, its log ends at 5"]),
        (
            ["UPDATE head SET hash = (SELECT hash FROM entry WHERE seq = 4)"],
            ["The head of “test-2023” does not have the hash of its last entry, 5"],
        ),
        (
            ["DELETE FROM entry WHERE seq = 5", "UPDATE head SET seq = 4"],
            ["The head of “test-2023” does not have the hash of its last entry, 4"],
        ),
        (
            ["UPDATE entry SET seq = 99 WHERE seq = 2", "UPDATE entry SET seq = 2 WHERE seq = 3"],
            ["not chained", "Entry 2 of “test-2023” was altered", "Entry 3 of “test-2023” is missing", "", "", ""],
        ),
        (
            ["UPDATE entry SET hash = prev_hash, prev_hash = hash WHERE seq = 3"],
            [
                "Entry 3 of “test-2023” is not chained",
                "Entry 3 of “test-2023” was altered",
                "Entry 4 of “test-2023” is not",
            ],
        ),
    ],
)
def test_tampering_is_found(store: Store, slug: str, tampering: list[str], found: list[str]):
    with store.writing() as connection:
        for number in range(5):
            declare(connection, slug, author=str(number))
    with store.writing() as connection:
        for statement in tampering:
            connection.execute(text(statement))
    told = faults(store, slug)
    assert len(told) == len(found), told
    assert all(expected in fault for expected, fault in zip(found, told, strict=True)), told


def test_an_entry_that_was_rewritten_with_a_fitting_hash_is_found(store: Store, slug: str):
    declare_many(store, slug, 3)
    with store.writing() as connection:
        row = dict(connection.execute(select(ENTRY).where(ENTRY.c.seq == 2)).mappings().one())
        row["author"] = "Somebody"
        forged = {**row, "hash": log.entry_hash(row)}
        connection.execute(ENTRY.update().where(ENTRY.c.seq == 2).values(forged))
    assert faults(store, slug) == ["Entry 3 of “test-2023” is not chained on the one before it."]


def test_writers_in_two_processes_and_eight_threads_lose_nothing_and_double_nothing(url: str, store: Store, slug: str):
    each = 15
    racing = [processes.start("race", url, slug, name, each) for name in ("a", "b")]
    for process in racing:
        process.communicate(timeout=120)
        assert process.returncode == 0
    declared = authors(store, slug)
    expected = {f"{name}-{thread}-{number}" for name in ("a", "b") for thread in range(4) for number in range(each)}
    assert len(declared) == len(expected)
    assert set(declared) == expected
    assert sequences(store, slug) == list(range(1, len(expected) + 1))
    assert faults(store, slug) == []


def test_recorded_at_is_read_as_it_was(store: Store, slug: str):
    now = datetime.now(UTC)
    with store.writing() as connection:
        declare(connection, slug, recorded_at=now)
    assert entries(store, slug)[0].recorded_at == now
