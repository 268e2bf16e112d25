"""Who serves the elections: in turns with everybody else, and with the writer's fold ready before the first post."""

import asyncio
import gc
import shutil
import weakref
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app.declaring.door import Accepted, Declaring, Posting, Undone
from app.domain.declarations import NoteDeclaration
from app.domain.election import Convention, Election
from app.domain.night import Night
from app.domain.ticker import Change
from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import Turns
from app.projection.newsroom import Newsroom
from app.store import loading, log
from app.store.engine import Store
from app.store.folding import Folded, Handed, Made
from app.store.writer import Writer
from tests.builders import CON, LAB, a_contest, a_council, an_election, an_entry
from tests.live.fakes import on_loop, until

SLUG = "test-2023"
WARDS = [a_contest(f"ward-{number}", council_id=f"council-{number % 3}") for number in range(9)]
COUNCILS = [a_council(*WARDS[number::3], council_id=f"council-{number}") for number in range(3)]
ELECTION = an_election(*COUNCILS)
BBC = ELECTION.conventions["bbc"]
ENVIRONMENT = make_environment()


class Watched(Renderer):
    """Renders, and notes at which turn of the loop, and what was served then."""

    def __init__(self) -> None:
        super().__init__(ENVIRONMENT)
        self.newsroom: Newsroom | None = None
        self.turn = 0
        self.rendered: list[tuple[int, str]] = []

    async def count(self) -> None:
        while True:
            self.turn += 1
            await asyncio.sleep(0)

    def row(self, night: Night, council_id: str, convention: Convention) -> Mapping[str, str]:
        self._note()
        return super().row(night, council_id, convention)

    def contest(self, night: Night, ballot_id: str) -> Mapping[str, str]:
        self._note()
        return super().contest(night, ballot_id)

    def _note(self) -> None:
        assert self.newsroom is not None
        self.rendered.append((self.turn, self.newsroom.publication(SLUG).epoch))


class Room:
    """A newsroom, and a door to its log, as a server has them."""

    def __init__(self, store: Store, writer: Writer) -> None:
        self.store = store
        self.rendering = Watched()
        self.newsroom = Newsroom(store, hub=Hub(), rendering=self.rendering, poll_seconds=0.05, turns=Turns(0))
        self.rendering.newsroom = self.newsroom
        self.declaring = Declaring(writer, lambda *_: {}, followed=self.newsroom.followed, hand=self.newsroom.hand)

    async def post(self, ward: int, *, author: str = "ann") -> Accepted:
        return await asyncio.wrap_future(self.declaring.post(a_posting(ward, author=author)))

    async def shown(self, ward: int) -> int:
        """Post, and wait until it is shown as whoever has posted does."""
        seq = (await self.post(ward)).seq
        self.newsroom.wake()
        await self.newsroom.shown(SLUG, seq)
        return seq

    async def reload(self, election: Election) -> None:
        """Replace the catalogue in a log that begins anew, and return once that is served."""
        epoch = self.newsroom.publication(SLUG).epoch
        save(self.store, election)
        with self.store.writing() as connection:
            log.begin_epoch(connection, SLUG)
        await until(lambda: self.newsroom.publication(SLUG).epoch != epoch)


def a_posting(ward: int, *, author: str = "ann") -> Posting:
    contest = WARDS[ward]
    votes = {candidacy.candidacy_id: 900 - 10 * place for place, candidacy in enumerate(contest.candidacies)}
    return Posting(SLUG, {"kind": "ward", "ballot_id": contest.ballot_id, "votes": votes}, author, confirm=CONFIRMED)


CONFIRMED = frozenset(f"W{number:02}" for number in range(1, 30))


def save(store: Store, election: Election) -> None:
    with store.writing() as connection:
        loading.save_election(connection, election, election.name, reason="It was called otherwise")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the election, and nothing declared."""
    file = tmp_path_factory.mktemp("prepared") / "night.db"
    with Store.open(f"sqlite:///{file}") as opened:
        opened.migrate()
        save(opened, ELECTION)
    return file


@pytest.fixture
def store(prepared: Path, tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{shutil.copy(prepared, tmp_path)}") as opened:
        yield opened


@asynccontextmanager
async def a_room(store: Store) -> AsyncIterator[Room]:
    with Writer(store) as writer:
        room = Room(store, writer)
        await room.newsroom.start()
        counting = asyncio.create_task(room.rendering.count())
        try:
            yield room
        finally:
            counting.cancel()
            await room.newsroom.stop()


def folds(store: Store) -> list[str]:
    """Grows with every statement of a writer that reads entries in their order, as a fold needs them."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM entry" in statement and "ORDER BY entry.seq" in statement:
            found.append(statement)

    event.listen(store.write_engine, "before_cursor_execute", note)
    return found


# The writer's fold


@on_loop
async def test_the_first_post_after_a_start_folds_nothing(store: Store):
    async with a_room(store) as room:
        for ward in range(4):
            await room.post(ward)
    read = folds(store)
    async with a_room(store) as room:
        assert (await room.post(4)).seq == 5
        assert (await room.post(5)).seq == 6
    assert not read


@on_loop
async def test_the_first_post_after_a_reload_folds_nothing(store: Store):
    async with a_room(store) as room:
        await room.post(0)
        await room.reload(replace(ELECTION, name="With another name"))
        read = folds(store)
        assert (await room.post(1)).seq == 3
    assert not read


@on_loop
async def test_what_others_have_declared_meanwhile_is_folded_once_and_not_by_the_next_post(store: Store):
    async with a_room(store) as room:
        await room.post(0)
        with Writer(store) as another:
            elsewhere = Declaring(another, lambda *_: {})
            last = [await asyncio.wrap_future(elsewhere.post(a_posting(ward))) for ward in (1, 2, 3)][-1]
        await room.newsroom.shown(SLUG, last.seq)
        read = folds(store)
        assert (await room.post(4)).seq == last.seq + 1
    assert not read


@on_loop
async def test_a_fold_that_is_not_on_the_line_of_the_log_is_made_afresh(store: Store):
    async with a_room(store) as room:
        await room.post(0)
        await room.newsroom.stop()
        with store.writing() as connection:
            log.begin_epoch(connection, SLUG)
        read = folds(store)
        assert (await room.post(1)).seq == 2
        assert len(read) == 1


@on_loop
async def test_a_rehearsal_leaves_nothing_behind(store: Store):
    async with a_room(store) as room:
        await room.post(0)
        with pytest.raises(Undone):
            await asyncio.wrap_future(room.declaring.rehearse(SLUG))
        assert (await room.post(1)).seq == 2
    with store.reading() as connection:
        assert [logged.entry.seq for logged in log.entries(connection, SLUG, after=0)] == [1, 2]
        assert not list(log.verify_chain(connection, SLUG))


# A reload


@on_loop
async def test_the_loop_is_given_to_others_between_any_two_things_that_a_reload_renders(store: Store):
    async with a_room(store) as room:
        publication = room.newsroom.publication(SLUG)
        for topic in (None, *ELECTION.councils):
            for convention in ELECTION.conventions.values():
                publication.channel(topic, convention)
        room.rendering.rendered.clear()
        await room.reload(replace(ELECTION, name="With another name"))
        turns = [turn for turn, _ in room.rendering.rendered]
        assert len(turns) == 2 * (len(COUNCILS) + len(WARDS))
        assert len(set(turns)) == len(turns)
        assert {epoch for _, epoch in room.rendering.rendered} == {publication.epoch}, "the old night was served"
        assert set(room.newsroom.publication(SLUG).open_channels) == set(publication.open_channels)


@on_loop
async def test_what_is_posted_during_a_reload_is_shown_when_it_is_answered(store: Store):
    async with a_room(store) as room:
        before = room.newsroom.publication(SLUG)
        for topic in (None, *ELECTION.councils):
            before.channel(topic, BBC)
        reloading = asyncio.create_task(room.reload(replace(ELECTION, name="With another name")))
        for ward in range(len(WARDS)):
            seq = await room.shown(ward)
            assert room.newsroom.publication(SLUG).seq >= seq
        await reloading
        after = room.newsroom.publication(SLUG)
        assert after is not before
        for council_id in ELECTION.councils:
            fresh = Renderer(ENVIRONMENT).council_head(after.night, council_id, BBC)
            assert fresh.items() <= after.channel(council_id, BBC).fragments.items()


@on_loop
async def test_entries_that_come_by_the_hundred_are_folded_in_turns(store: Store):
    async with a_room(store) as room:
        seen: list[int] = []
        publication = room.newsroom.publication(SLUG)

        async def look() -> None:
            while True:
                seen.append(publication.folded.seq)
                await asyncio.sleep(0)

        looking = asyncio.create_task(look())
        with Writer(store) as another:
            elsewhere = Declaring(another, lambda *_: {})
            posted = [elsewhere.post(a_posting(ward)) for ward in range(len(WARDS))]
            for future in posted:
                await asyncio.wrap_future(future)
        await room.newsroom.shown(SLUG, len(WARDS))
        looking.cancel()
        assert all(later - earlier <= 1 for earlier, later in pairwise(seen))
        assert seen[-1] == len(WARDS)


@on_loop
async def test_a_night_that_has_been_replaced_is_let_go_of_without_a_collection(store: Store):
    async with a_room(store) as room:
        room.newsroom.publication(SLUG).channel(None, BBC)
        gone, loop = asyncio.Event(), asyncio.get_running_loop()
        before = weakref.ref(room.newsroom.publication(SLUG), lambda _: loop.call_soon_threadsafe(gone.set))
        gc.disable()
        try:
            await room.reload(replace(ELECTION, name="With another name"))
            # Whoever looks at every night in turn may still have this one in hand.
            async with asyncio.timeout(30):
                await gone.wait()
            assert before() is None
        finally:
            gc.enable()


# What the writer of this process hands over


def reads(store: Store) -> list[str]:
    """Grows with every entry, or more of them, that is read for whoever shows the night."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM entry" in statement:
            found.append(statement)

    event.listen(store.read_engine, "before_cursor_execute", note)
    return found


NOTE = {"kind": "note", "text": "A long night"}
UNLIKELY = {**a_posting(1).body, "turnout": 99.5}
"""Which has to be confirmed."""


@on_loop
async def test_what_is_made_here_is_shown_without_being_read_or_folded_again(store: Store):
    async with a_room(store) as room:
        made: list[Made] = []

        def hand(slug: str, it: Made) -> None:
            made.append(it)
            room.newsroom.hand(slug, it)

        room.declaring.hand = hand
        read = reads(store)
        for ward in range(4):
            await room.shown(ward)
        publication = room.newsroom.publication(SLUG)
        assert publication.night is made[-1].after.night
        assert publication.seq == 4
    assert not read


@on_loop
async def test_what_is_made_here_is_shown_as_it_is_after_a_restart(store: Store):
    bodies = [
        a_posting(0).body,
        {**a_posting(1).body, "turnout": 34.5, "source": "the hall’s “Ann”"},
        {**a_posting(0).body, "kind": "correction", "replaces": 1, "reason": "Misread", "source": "the hall"},
        {"kind": "withdrawal", "replaces": 2, "reason": "Another ward"},
        {"kind": "status", "council_id": "council-2", "status": "recount"},
        {"kind": "tally", "council_id": "council-1", "seats": {LAB: 1, CON: 1}, "complete": False},
        {"text": "Before the last", "at": "2023-05-05T02:20:01Z", "kind": "note"},
        UNLIKELY,
        NOTE,
    ]
    async with a_room(store) as room:
        for body in bodies:
            posting = Posting(SLUG, body, "ann", confirm=CONFIRMED)
            seq = (await asyncio.wrap_future(room.declaring.post(posting))).seq
            room.newsroom.wake()
            await room.newsroom.shown(SLUG, seq)
        here = room.newsroom.publication(SLUG)
    async with a_room(store) as room:
        read = room.newsroom.publication(SLUG)
        assert any(line.entry.confirmed for line in read.log)
        # As text, for the order counts and so does the offset of a time.
        assert [*map(repr, here.log)] == [*map(repr, read.log)]
        assert repr(here.night) == repr(read.night)


@on_loop
async def test_what_another_process_has_declared_in_between_is_read(store: Store):
    async with a_room(store) as room:
        with Writer(store) as another:
            elsewhere = Declaring(another, lambda *_: {})
            for ward in range(0, 8, 2):
                await room.post(ward)
                await asyncio.wrap_future(elsewhere.post(a_posting(ward + 1, author="ben")))
        await room.shown(8)
        log_shown = room.newsroom.publication(SLUG).log
    assert [line.entry.author for line in log_shown] == ["ann", "ben"] * 4 + ["ann"]


@on_loop
async def test_what_was_undone_is_never_shown(store: Store):
    async with a_room(store) as room:

        def undone(connection: Connection) -> None:
            room.declaring.post_within(connection, Posting(SLUG, NOTE, "nobody"))
            raise Undone

        for ward in range(3):
            with pytest.raises(Undone):
                await asyncio.wrap_future(room.declaring.writer.submit(undone))
            await room.shown(ward)
        assert [line.entry.author for line in room.newsroom.publication(SLUG).log] == ["ann"] * 3


def test_only_what_leads_from_one_place_of_the_log_to_another_is_taken():
    before = Night.before_first(ELECTION)

    def made(seq: int, previous: str, fresh: str, epoch: str = "e") -> Made:
        entry = an_entry(seq, NoteDeclaration("A long night"))
        places = (Folded(before, log.Head(at, name, epoch)) for at, name in ((seq - 1, previous), (seq, fresh)))
        return Made(entry, {}, "note", entry.at, fresh, *places, Change(entry))

    handed = Handed()
    line = [made(1, "0", "a"), made(2, "a", "b"), made(2, "a", "undone"), made(3, "b", "c"), made(5, "another's", "d")]
    for it in line:
        handed.add(it)
    assert handed.between(log.Head(0, "0", "e"), log.Head(3, "c", "e")) == [line[0], line[1], line[3]]
    assert handed.between(log.Head(1, "a", "e"), log.Head(2, "b", "e")) == [line[1]]
    assert handed.between(log.Head(3, "c", "e"), log.Head(3, "c", "e")) == []
    assert handed.between(log.Head(3, "c", "e"), log.Head(5, "d", "e")) == [], "the fourth is another's"
    assert handed.between(log.Head(0, "0", "f"), log.Head(3, "c", "f")) == [], "another epoch"
    assert handed.between(log.Head(2, "gone", "e"), log.Head(3, "c", "e")) == [], "the log has gone back"
