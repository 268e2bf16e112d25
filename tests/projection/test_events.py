"""What an entry did is told once it is shown: whoever goes on from a state by the events has the next state."""

from dataclasses import replace
from typing import Any

from app.api.values import election_view
from app.domain.catalogue import alterations
from app.domain.declarations import CatalogueChange, Correction
from app.live.hub import Hub
from app.process.turns import Turns, at_once
from app.projection.events import NightEvents
from app.projection.publication import Published
from tests.builders import CON, GRN, LAB, a_ward, an_entry
from tests.live.fakes import on_loop, watcher
from tests.projection.test_publication import BBC, ELECTION, ELSEWHERE, NORTH, SOUTH, a_publication


class Told:
    """A night whose events are told, and somebody who listens to them since entry ``since``."""

    def __init__(self, *, epoch: str = "e1", rehearsal: bool = False) -> None:
        self.hub = Hub()
        self.publication = a_publication(epoch, self.hub)
        self.events = NightEvents(self.publication, hub=self.hub, rehearsal=rehearsal)

    def declare(self, *declarations: Any) -> None:
        published = Published()
        entries = [
            an_entry(self.publication.seq + number, it, ELECTION) for number, it in enumerate(declarations, start=1)
        ]
        self.publication.fold([(entry, {"kind": entry.kind}) for entry in entries], published)
        at_once(self.publication.publish(published))
        at_once(self.events.tell())

    async def listener(self, since: int | None = None) -> Any:
        if not self.events.is_open(BBC):
            await self.events.opening(Turns(0), BBC)
        return watcher(self.hub, self.events.name(BBC), since=since, epoch=self.publication.epoch)

    @property
    def state(self) -> dict[str, Any]:
        return election_view(self.publication.night, epoch=self.publication.epoch, convention=BBC)


def kinds(listener: Any) -> list[tuple[int, str]]:
    return [(event["seq"], event["event"]) for event in listener.transport.messages()]


def gone_on(state: dict[str, Any], listener: Any) -> dict[str, Any]:
    """``state`` with every event put into it, as docs/api.md says."""
    councils = {council["council_id"]: council for council in state["councils"]}
    rows = {row["party_id"]: row for row in state["scoreboard"]}
    for event in listener.transport.messages():
        if event["event"] == "council":
            councils[event["council"]["council_id"]] = event["council"]
        for row in event.get("scoreboard", ()):
            rows[row["party_id"]] = row
    return {"councils": councils, "rows": rows}


@on_loop
async def test_who_puts_the_events_into_a_state_has_the_state_that_follows() -> None:
    told = Told()
    told.declare(a_ward(NORTH, CON))
    before, listener = told.state, await told.listener(since=1)
    told.declare(a_ward(SOUTH, CON))
    told.declare(Correction(1, "Misread", a_ward(NORTH, LAB)), a_ward(ELSEWHERE, LAB))
    after = gone_on(told.state, await told.listener(since=4))
    assert gone_on(before, listener) == after
    assert kinds(listener)[:3] == [(2, "entry"), (2, "council"), (2, "scoreboard")]
    assert [seq for seq, kind in kinds(listener) if kind == "entry"] == [2, 3, 4]


@on_loop
async def test_what_was_told_before_anybody_asked_is_told_again_to_who_comes_back() -> None:
    told, other = Told(), Told()
    listener = await other.listener(since=0)
    for night in (told, other):
        night.declare(a_ward(NORTH, CON))
        night.declare(a_ward(SOUTH, LAB))
    back = await told.listener(since=0)
    assert back.transport.messages() == listener.transport.messages()


@on_loop
async def test_another_catalogue_is_told_by_a_reset_that_says_where_to_read() -> None:
    told = Told()
    listener = await told.listener(since=0)
    told.declare(_renamed())
    entry, reset = listener.transport.messages()
    assert (entry["event"], reset["event"], reset["seq"]) == ("entry", "reset", 1)
    assert reset["state"] == "/api/v1/elections/test-2023?convention=bbc&at=1&epoch=e1"


@on_loop
async def test_another_log_takes_over_by_a_reset() -> None:
    told = Told()
    listener = await told.listener(since=0)
    anew = NightEvents(a_publication("e2", told.hub), hub=told.hub)
    anew.take_over(told.events)
    (reset,) = listener.transport.messages()
    assert (reset["event"], reset["epoch"]) == ("reset", "e2")
    assert anew.is_open(BBC)
    assert not told.events.is_open(BBC)


@on_loop
async def test_in_a_rehearsal_every_event_says_so() -> None:
    told = Told(rehearsal=True)
    listener = await told.listener()
    told.declare(a_ward(NORTH, GRN))
    assert {event["rehearsal"] for event in listener.transport.messages()} == {True}


def _renamed() -> CatalogueChange:
    renamed = replace(ELECTION, parties={**ELECTION.parties, LAB: replace(ELECTION.parties[LAB], short="LABOUR")})
    return CatalogueChange("Misspelt", alterations(ELECTION, renamed), renamed)
