"""What is made for all who ask: once for each sequence, in turns, and never of an older one than was asked for."""

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import replace

import pytest
from starlette.types import Message

from app.domain.council import CouncilState
from app.domain.election import Election
from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import Steps, Turns, at_once
from app.projection.publication import Publication, Published
from app.web.reads.kept import Kept
from app.web.reads.pieced import Pieced
from app.web.reads.pieces import Whole, deflated
from tests.builders import LAB, a_contest, a_council, a_ward, an_election, an_entry
from tests.live.fakes import on_loop

WARDS = [a_contest("north"), a_contest("south")]
ELECTION = an_election(a_council(*WARDS))
TEXT = "Testshire: LAB gain from CON\n" * 50


def a_publication() -> Publication:
    return Publication(ELECTION, "e1", hub=Hub(), rendering=Renderer(make_environment()))


def declare(publication: Publication, ward: int) -> None:
    owed = Published()
    publication.fold([(an_entry(publication.seq + 1, a_ward(WARDS[ward], LAB)), {})], owed)
    at_once(publication.publish(owed))


class Making:
    """What is asked for, of the night as it is shown when that is; and how often it was begun."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.begun: list[int] = []

    def __call__(self) -> Steps[int]:
        seq = self.publication.seq

        def steps() -> Steps[int]:
            self.begun.append(seq)
            for _ in range(20):
                yield
            return seq

        return steps()


@on_loop
async def test_two_hundred_who_ask_for_the_same_have_it_made_once():
    publication = a_publication()
    kept, making = Kept(Turns(0)), Making(publication)
    asked = [asyncio.create_task(kept.newest(publication, "csv", making)) for _ in range(200)]
    await asyncio.sleep(0)
    asked[0].cancel()
    assert await asyncio.gather(*asked[1:]) == [0] * 199
    assert await kept.newest(publication, "csv", making) == 0
    assert making.begun == [0]


@on_loop
async def test_who_asks_after_a_declaration_is_given_nothing_that_was_begun_before_it():
    publication = a_publication()
    kept, making = Kept(Turns(0)), Making(publication)
    early = asyncio.create_task(kept.newest(publication, "csv", making))
    await asyncio.sleep(0)
    declare(publication, 0)
    late = [asyncio.create_task(kept.newest(publication, "csv", making)) for _ in range(200)]
    assert (await early, await asyncio.gather(*late)) == (0, [1] * 200)
    assert making.begun == [0, 1]


@on_loop
async def test_what_went_wrong_is_tried_again():
    publication = a_publication()
    kept = Kept(Turns(0))

    def failing() -> Steps[int]:
        yield
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await kept.newest(publication, "csv", failing)
    assert await kept.newest(publication, "csv", Making(publication)) == 0


@on_loop
async def test_others_are_heard_between_any_two_steps_however_much_is_made_at_a_time():
    turns, turn, made = Turns(0), 0, []

    def work() -> Steps[None]:
        for _ in range(10):
            made.append(turn)
            yield

    async def count() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await asyncio.gather(*(turns.through(work()) for _ in range(5)))
    counting.cancel()
    assert len(made) == len(set(made)) == 50


async def answered(**headers: str) -> tuple[int, Mapping[str, str], bytes]:
    whole = Whole(tuple(at_once(deflated([text])) for text in TEXT.splitlines(keepends=True)))
    response = Pieced(whole, etag='"e1.7"', media_type="text/csv", headers={})
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("a read has no body")

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await response({"type": "http", "method": "GET", "headers": named}, receive, send)
    start, *bodies = sent
    told = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], told, b"".join(message.get("body", b"") for message in bodies)


@on_loop
async def test_pieces_go_out_compressed_or_as_they_are_and_say_so():
    status, headers, body = await answered(accept_encoding="gzip, br")
    assert (status, headers["content-encoding"], gzip.decompress(body).decode()) == (200, "gzip", TEXT)
    assert headers["content-length"] == str(len(body))
    for accepted in ("", "identity", "br", "gzip;q=0"):
        status, plain, body = await answered(accept_encoding=accepted)
        assert (status, body.decode(), plain["content-length"]) == (200, TEXT, str(len(TEXT)))
        assert "content-encoding" not in plain
    assert headers["vary"] == "Accept-Encoding"


@on_loop
async def test_who_has_them_already_is_told_so():
    status, headers, body = await answered(if_none_match='W/"e1.7"')
    assert (status, headers["etag"], body) == (304, '"e1.7"', b"")
    assert not {"content-type", "content-length"} & set(headers)


@pytest.mark.parametrize("is_another", [False, True])
def test_what_is_kept_of_councils_is_of_one_catalogue(is_another: bool):
    publication, kept = a_publication(), Kept(Turns(0))
    made: list[str] = []

    def texts(election: Election) -> list[str]:
        def make(state: CouncilState) -> Steps[str]:
            made.append(state.council_id)
            yield
            return election.name

        return at_once(kept.councils(publication, "text", election, make).of(publication.night))

    renamed = replace(ELECTION, name="Mended elections") if is_another else ELECTION
    assert texts(ELECTION) == ["Test elections 2023"]
    assert texts(renamed) == [renamed.name]
    assert len(made) == 1 + is_another
