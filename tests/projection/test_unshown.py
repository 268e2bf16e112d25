"""A council that a template cannot stand: its page is not shown, and every other is."""

import shutil
from pathlib import Path

import pytest
from jinja2 import Environment

from app.domain.errors import UnknownCouncil
from app.live.hub import Hub
from app.pages.environment import TEMPLATES, CannotBeShown, make_environment
from app.pages.rendering import Renderer
from app.process.turns import at_once
from app.projection.publication import Publication, Published
from tests.builders import CONVENTIONS, LAB, a_contest, a_council, a_ward, an_election, an_entry

NORTH, EAST = a_contest("north"), a_contest("east", council_id="elsewhere")
BBC = CONVENTIONS["bbc"]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A template that divides by nought for Testshire, while that is switched on."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    seats = templates / "council" / "_seats.html"
    fault = '{% if fault.is_on and council.council_id == "testshire" %}{{ 1 // 0 }}{% endif %}'
    first, _, rest = seats.read_text("utf-8").partition("<table")
    seats.write_text(f"{first}{fault}<table{rest}", "utf-8")
    environment = make_environment(templates)
    environment.globals["fault"] = {"is_on": False}
    return environment


@pytest.fixture
def hub() -> Hub:
    return Hub(beat_seconds=10, stuck_seconds=10)


@pytest.fixture
def publication(environment: Environment, hub: Hub) -> Publication:
    election = an_election(a_council(NORTH), a_council(EAST, council_id="elsewhere"))
    return Publication(election, "e", hub=hub, rendering=Renderer(environment))


def switch(environment: Environment, *, on: bool) -> None:
    environment.globals["fault"]["is_on"] = on


def declare(publication: Publication, *contests) -> None:
    owed = Published()
    for contest in contests:
        entry = an_entry(publication.folded.seq + 1, a_ward(contest, LAB))
        publication.fold([(entry, {})], owed)
    at_once(publication.publish(owed))


def test_a_council_that_cannot_be_shown_closes_its_own_channel_and_no_other(publication, hub, environment) -> None:
    for council_id in ("testshire", "elsewhere", None):
        publication.channel(council_id, BBC)
    switch(environment, on=True)
    declare(publication, NORTH, EAST)
    assert sorted(hub.watchers()) == ["test-2023/council/elsewhere/bbc", "test-2023/overview/bbc"]
    assert publication.channel("elsewhere", BBC).seq == publication.channel(None, BBC).seq == 2
    assert "testshire of “test-2023” (bbc) cannot be shown: ZeroDivisionError" in "".join(publication.unshown.values())
    with pytest.raises(CannotBeShown):
        publication.channel("testshire", BBC)
    switch(environment, on=False)
    assert publication.channel("testshire", BBC).seq == 1
    assert publication.unshown == {}


def test_nothing_is_declared_into_what_cannot_be_shown_but_what_may_mend_it(publication, environment) -> None:
    switch(environment, on=True)
    with pytest.raises(CannotBeShown):
        publication.channel("testshire", BBC)
    for body in ({"kind": "ward", "ballot_id": NORTH.ballot_id}, {"kind": "tally", "council_id": "testshire"}):
        with pytest.raises(CannotBeShown):
            publication.check_shown(body)
    for body in (
        {"kind": "ward", "ballot_id": EAST.ballot_id},
        {"kind": "withdrawal", "replaces": 1},
        {"kind": "note", "text": "Good evening."},
    ):
        publication.check_shown(body)


def test_what_is_not_there_is_not_what_cannot_be_shown(publication) -> None:
    with pytest.raises(UnknownCouncil):
        publication.channel("atlantis", BBC)
    assert publication.unshown == {}


def test_a_catalogue_that_cannot_be_shown_in_part_takes_the_place_of_the_last_for_the_rest(
    publication, hub, environment
) -> None:
    for council_id in ("testshire", "elsewhere"):
        publication.channel(council_id, BBC)
    switch(environment, on=True)
    fresh = Publication(publication.election, "f", hub=hub, rendering=Renderer(environment))
    at_once(fresh.take_over(publication))
    assert sorted(hub.watchers()) == ["test-2023/council/elsewhere/bbc"]
    assert [topic[0] for topic in fresh.unshown] == ["testshire"]
