"""What is shown while a night is published: channels first, then the night, and nothing is missed in between."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.domain.catalogue import alterations
from app.domain.declarations import CatalogueChange, NoteDeclaration
from app.domain.errors import UnknownCouncil
from app.live.hub import Hub
from app.pages.environment import make_environment
from app.pages.rendering import Renderer
from app.process.turns import Turns, at_once
from app.projection.publication import Publication, Published
from tests.builders import CON, LAB, a_contest, a_council, a_ward, an_election, an_entry
from tests.live.fakes import on_loop

NORTH, SOUTH = a_contest("north"), a_contest("south")
ELSEWHERE = a_contest("east", council_id="elsewhere")
ELECTION = an_election(a_council(NORTH, SOUTH), a_council(ELSEWHERE, council_id="elsewhere"))
BBC = ELECTION.conventions["bbc"]
RENDERER = Renderer(make_environment())


def a_publication(epoch: str = "e1", hub: Hub | None = None) -> Publication:
    return Publication(ELECTION, epoch, hub=hub or Hub(), rendering=RENDERER)


def folded(publication: Publication, *declarations: object) -> Published:
    published = Published()
    entries = [an_entry(publication.folded.seq + number, it) for number, it in enumerate(declarations, start=1)]
    publication.fold([(entry, {}) for entry in entries], published)
    return published


def publishing(publication: Publication, *declarations: object) -> Iterator[None]:
    return publication.publish(folded(publication, *declarations))


def as_made_afresh(publication: Publication, council_id: str | None) -> dict[str, str]:
    other = a_publication()
    other.begin([(line.entry, line.body) for line in publication.log])
    return other.channel(council_id, BBC).fragments


def test_nothing_is_shown_of_an_entry_before_every_channel_has_it():
    publication = a_publication()
    channels = [publication.channel(topic, BBC) for topic in ("testshire", None)]
    seen = [
        (publication.seq, len(publication.log), [it.seq for it in channels])
        for _ in publishing(publication, a_ward(NORTH, LAB))
    ]
    assert seen == [(0, 0, [1, 0]), (0, 0, [1, 1])]
    assert (publication.seq, len(publication.log)) == (1, 1)


@pytest.mark.parametrize("topic", ["testshire", None])
def test_a_channel_that_opens_while_others_are_told_is_told_too(topic: str | None):
    publication = a_publication()
    publication.channel("testshire", ELECTION.conventions["pa"])
    publication.channel(None, ELECTION.conventions["pa"])
    work = publishing(publication, a_ward(NORTH, LAB))
    next(work)
    next(work)
    late = publication.channel(topic, BBC)
    assert late.seq == 0, "it opens with what is shown"
    at_once(work)
    assert late.fragments == as_made_afresh(publication, topic)


@pytest.mark.parametrize("topic", ["testshire", None])
@on_loop
async def test_a_channel_is_opened_with_what_was_declared_meanwhile(topic: str | None):
    publication = a_publication()
    opening = publication.opening(Turns(0), topic, BBC)
    while not publication.seq:
        await asyncio.sleep(0)
        at_once(publishing(publication, a_ward(NORTH, LAB), a_ward(ELSEWHERE, CON)))
    assert not opening.done()
    assert (await opening).fragments == as_made_afresh(publication, topic)


@on_loop
async def test_who_asks_for_a_channel_that_is_being_opened_waits_for_that_one():
    publication = a_publication()
    turns = Turns(0)
    asked = [publication.opening(turns, None, BBC) for _ in range(200)]
    assert len(set(asked)) == 1
    assert publication.opening(turns, "elsewhere", BBC) is not asked[0]
    assert await asked[0] is publication.channel(None, BBC)


@on_loop
async def test_a_council_that_there_is_not_is_no_channel():
    publication = a_publication()
    with pytest.raises(UnknownCouncil):
        publication.channel("atlantis", BBC)
    with pytest.raises(UnknownCouncil):
        publication.opening(Turns(0), "atlantis", BBC)


def test_what_failed_midway_is_owed_and_told_the_next_time():
    publication = a_publication()
    channels = {topic: publication.channel(topic, BBC) for topic in ("testshire", "elsewhere", None)}
    owed = folded(publication, a_ward(NORTH, LAB), a_ward(ELSEWHERE, CON))
    publication.publish(owed).send(None)
    published = [(an_entry(1, a_ward(NORTH, LAB)), {}), (an_entry(3, NoteDeclaration("A recount")), {})]
    publication.fold(published, owed)
    at_once(publication.publish(owed))
    assert [line.entry.seq for line in publication.log] == [1, 2, 3]
    for topic, channel in channels.items():
        assert channel.fragments == as_made_afresh(publication, topic)


def test_another_publication_takes_over_what_is_opened_until_the_last_moment():
    hub = Hub()
    before, after = a_publication("e1", hub), a_publication("e2", hub)
    before.channel("testshire", BBC)
    at_once(after.prepare(before))
    before.channel(None, BBC)
    work = after.take_over(before)
    next(work)
    before.channel("elsewhere", BBC)
    at_once(work)
    assert set(after.open_channels) == set(before.open_channels)
    for topic in ("testshire", None, "elsewhere"):
        # What is told to the hub from here on is taken by the new one.
        hub.update(after.name(topic, BBC.key), 1, {"news": "<p>It goes on</p>"})
        assert after.channel(topic, BBC).fragments["news"] == "<p>It goes on</p>"


@on_loop
async def test_a_channel_that_opens_too_late_is_not_put_in_the_way_of_the_next():
    hub = Hub()
    before, after = a_publication("e1", hub), a_publication("e2", hub)
    opening = before.opening(Turns(0), None, BBC)
    await asyncio.sleep(0)
    at_once(after.take_over(before))
    assert (await opening).epoch == "e1"
    assert not hub.watchers()
    assert after.channel(None, BBC).epoch == "e2"


def test_a_channel_is_as_current_where_there_is_no_hub():
    publication = Publication(ELECTION, "e1", rendering=RENDERER)
    channels = [publication.channel(topic, BBC) for topic in ("testshire", None)]
    at_once(publication.publish(folded(publication, a_ward(NORTH, LAB))))
    assert [it.seq for it in channels] == [1, 1]
    assert channels[0].fragments == as_made_afresh(publication, "testshire")


@pytest.mark.parametrize("council_id", ["testshire", "elsewhere", None])
def test_a_party_that_is_called_otherwise_is_so_in_every_channel(council_id: str | None):
    publication = a_publication()
    channel = publication.channel(council_id, BBC)
    at_once(publishing(publication, a_ward(NORTH, LAB)))
    renamed = replace(ELECTION, parties={**ELECTION.parties, LAB: replace(ELECTION.parties[LAB], short="LABOUR")})
    at_once(publishing(publication, CatalogueChange("Misspelt", alterations(ELECTION, renamed), renamed)))
    assert not publication.unshown
    assert (publication.channel(council_id, BBC) is channel, channel.seq) == (True, 2)
    assert channel.fragments == as_made_afresh(publication, council_id)
    last = publication.night.councils["elsewhere"].last
    assert last is not None
    assert last.seq == 2
