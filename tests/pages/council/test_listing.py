"""A council with many contests: its page lists, finds and pages them; each is whole on its own page alone."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from jinja2 import Environment

from app.domain.declarations import Correction, StatusDeclaration, StatusValue, WardDeclaration
from app.domain.holders import Outcome
from app.domain.night import Night
from app.pages.contest.view import MOST_WHOLE, contest_fragments, contest_page, row_id
from app.pages.council.listing import PER_PAGE
from app.pages.council.view import contests_on_page, council_page
from app.pages.drawn import DRAWN
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.past import Moments, Past
from app.pages.rendering import Renderer
from app.pages.static_page import StaticPage
from app.projection.publication import Publication
from app.web.parts import Asked
from tests.builders import CON, LAB, a_contest, a_council, an_election, an_entry
from tests.pages.whole import council_fragments
from tests.parliament import COMMONS, SLUG, declarations, parliament
from tests.strictness import page_faults

ASHFIELD = "parl.ashfield.2029-05-03"
HALF = 325


@pytest.fixture(scope="module")
def environment() -> Environment:
    return make_environment()


@pytest.fixture(scope="module")
def night() -> Night:
    """Half of the constituencies are declared, and one of the others is counted again."""
    election = parliament()
    bodies = list(declarations(election))
    declared = [WardDeclaration(body["ballot_id"], votes=body["votes"]) for body in bodies[:HALF]]
    entries = [*declared, StatusDeclaration(StatusValue.RECOUNT, ballot_id=bodies[HALF]["ballot_id"])]
    return Night.before_first(election).fold(
        an_entry(seq, entry, council_id=COMMONS) for seq, entry in enumerate(entries, start=1)
    )


@pytest.fixture(scope="module")
def fragments(environment, night: Night) -> dict[str, str]:
    return council_fragments(environment, night, COMMONS, night.election.chosen_convention(None))


@pytest.fixture
def page(environment, night, fragments):
    """Makes the page of the parliament, for the query of an address."""

    def make(query: Mapping[str, str], frame: PageFrame | None = None) -> str:
        convention, frame = night.election.chosen_convention(None), frame or PageFrame(night.election, "/live/x")
        return council_page(environment, night, COMMONS, convention, fragments, frame, query=query)

    return make


def listed(html: str) -> list[str]:
    """The names of the contests on a page, in its order."""
    return re.findall(r'class="listed [^>]*>\s*<th scope="row"><a href="[^"]*">([^<]*)<', html)


def count_of(html: str) -> str:
    return re.search(r'class="contests-count muted">([^<]*)<', html)[1]


def test_a_page_of_many_contests_has_fifty_lines_and_says_of_how_many(page) -> None:
    html = page({})
    assert len(listed(html)) == PER_PAGE
    assert count_of(html) == "1 to 50 of 650 constituencies"
    assert listed(html)[:3] == ["Aberafan", "Aberafan North", "Aberafan South"]
    assert page_faults(html) == []
    assert len(html) < 60_000


def test_a_contest_is_found_by_the_beginnings_of_its_words(page) -> None:
    fields = ["Ashfield", "Ashfield East", "Ashfield North", "Ashfield South"]
    assert listed(page({"q": "ashfi"})) == fields
    assert listed(page({"q": "ash"})) == [*fields, *listed(page({"q": "ashford"}))]
    assert listed(page({"q": " north  ASHFI "})) == ["Ashfield North"]
    html = page({"q": "shfield"})
    assert listed(html) == []
    assert count_of(html) == "No constituency matches."


def test_a_candidate_is_found_and_named_below_the_contest(page, night: Night) -> None:
    candidacy = night.election.contest(ASHFIELD).candidacies[0]
    html = page({"q": candidacy.name})
    assert "Ashfield" in listed(html)
    found = re.findall(r'class="listed-found"><td[^>]*>([^<]*)<', html)
    assert len(found) == len(listed(html))
    assert all(candidacy.name in told for told in found)


@pytest.mark.parametrize(
    ("state", "number"), [("declared", HALF), ("awaiting", 650 - HALF), ("recount", 1), ("nonsense", 650)]
)
def test_contests_are_narrowed_by_their_state(page, state: str, number: int) -> None:
    assert f"{number} constituenc" in count_of(page({"state": state}))


def test_contests_are_narrowed_by_who_has_won_them(page, night: Night) -> None:
    seats = night.councils[COMMONS].seats[LAB]
    html = page({"party": LAB})
    assert f"of {seats} constituencies found, of 650" in count_of(html)
    assert set(re.findall(r'listed-won"><span class="party"><span class="swatch party-(\w+)"', html)) == {LAB}


def test_contests_are_narrowed_to_those_that_changed_hands(page, night: Night) -> None:
    gained = [it.contest.ward for it in night.councils[COMMONS].contests.values() if it.outcome is Outcome.GAIN]
    html = page({"state": "gain"})
    assert f"of {len(gained)} constituencies found, of 650" in count_of(html)
    assert set(listed(html)) <= set(gained)
    assert html.count('class="ward-hands ward-gain">gain from ') == PER_PAGE


def test_what_is_asked_for_stays_when_the_page_is_turned(page) -> None:
    html = page({"state": "awaiting", "q": "n", "page": "2"})
    links = re.findall(r'<a rel="(prev|next)" href="([^"]*)"', html)
    address = f"/elections/{SLUG}/councils/{COMMONS}?q=n&amp;state=awaiting"
    assert dict(links)["prev"] == address
    assert re.search(r'aria-current="page"><span class="visually-hidden">Page </span>2<', html)


@pytest.mark.parametrize("given", ["0", "-3", "nonsense", "", "1.5", "\u0662", "9" * 5000])
def test_a_page_that_there_is_not_is_the_first(page, given: str) -> None:
    assert count_of(page({"page": given})).startswith("1 to 50 ")


def test_behind_the_last_page_is_the_last(page) -> None:
    for given in ("14", "999999"):
        assert count_of(page({"page": "13"})) == count_of(page({"page": given})) == "601 to 650 of 650 constituencies"


def test_every_contest_is_on_one_page_alone(page, night: Night) -> None:
    names = [name for number in range(1, 14) for name in listed(page({"page": str(number)}))]
    assert sorted(names) == sorted(contest.ward for contest in night.election.contests.values())


def test_a_file_has_every_line_and_nothing_to_ask_for(page, night: Night) -> None:
    static = StaticPage("As at 01:00", "/note.json", "epoch", 1, ())
    html = page({}, PageFrame(night.election, static_page=static))
    assert len(listed(html)) == 650
    assert "contest-filters" not in html
    assert "Pages of constituencies" not in html


def test_a_channel_of_many_contests_has_a_line_of_each_and_no_message_is_much_larger(night, fragments) -> None:
    lines = {row_id(ballot_id) for ballot_id in night.election.contests}
    heads = fragments.keys() - lines - {DRAWN}
    assert {element.split("-")[0] for element in heads} == {"verdict", "chamber", "seats", "log"}
    assert max(len(fragments[line]) for line in lines) < 1_000
    assert sum(len(fragments[head]) for head in heads) < 12_000


def test_the_page_of_one_of_many_contests_shows_it_whole_and_follows_its_line(environment, night, fragments) -> None:
    declared = next(it for it in night.councils[COMMONS].contests.values() if it.is_decided)
    ballot_id, convention = declared.contest.ballot_id, night.election.chosen_convention(None)
    html = contest_page(environment, night, ballot_id, convention, fragments, PageFrame(night.election, "/live/x"))
    assert all(candidate.candidacy.name in html for candidate in declared.candidates)
    assert f'data-follows="{row_id(ballot_id)}"' in html
    parts = re.search(r'data-parts="([^"]*)"', html)[1].split()
    assert all(html.count(f'id="{part}"') == 1 for part in parts)
    assert page_faults(html) == []


def test_a_line_tells_of_every_entry_about_its_contest_also_where_it_looks_the_same(environment, night: Night) -> None:
    declared = next(it for it in night.councils[COMMONS].contests.values() if it.is_decided)
    ballot_id, declaration = declared.contest.ballot_id, declared.declaration
    assert declaration is not None
    *_, loser = declared.candidates
    lines, after = [], night
    for seq, votes in enumerate((loser.votes - 1, loser.votes - 2), start=night.seq + 1):
        figures = {**declaration.votes, loser.candidacy.candidacy_id: votes}
        content = replace(declaration, votes=figures)
        correction = Correction(after.result(ballot_id).entry.seq, "A bundle was counted twice", content)
        entry = an_entry(seq, correction, council_id=COMMONS, ballot_id=ballot_id)
        after, _ = after.apply(entry)
        lines.append(contest_fragments(environment, after, ballot_id)[row_id(ballot_id)])
    assert len(set(lines)) == 2


@pytest.mark.parametrize(("contests", "is_listed"), [(MOST_WHOLE, False), (MOST_WHOLE + 1, True)])
def test_up_to_a_hundred_contests_are_shown_whole(environment, contests: int, is_listed: bool) -> None:
    wards = [a_contest(f"ward-{number}", parties=(LAB, CON)) for number in range(contests)]
    night = Night.before_first(an_election(a_council(*wards)))
    convention = night.election.chosen_convention(None)
    parts = council_fragments(environment, night, "testshire", convention)
    frame = PageFrame(night.election, "/live/x")
    html = council_page(environment, night, "testshire", convention, parts, frame, query={"q": "ward"})
    assert ('id="contest-filters"' in html) == is_listed
    assert ('class="candidates"' in html) != is_listed
    # Nobody knows who held these.
    assert ">Gains<" not in html


def test_a_page_goes_on_from_the_last_entry_that_all_of_it_shows(environment) -> None:
    publication = Publication(an_election(), "epoch", rendering=Renderer(environment))
    convention = publication.election.chosen_convention(None)
    # An entry is being published: the channel has it, the night is not shown yet.
    publication.channel("testshire", convention).update(3, {"verdict-testshire": '<p id="verdict-testshire"></p>'})
    shown = asyncio.run(Asked(None, publication, convention).shown("testshire", parts=lambda _: ()))
    assert "since=0&" in shown.live_url


def test_of_the_past_no_other_lines_are_wanted_than_the_page_shows(page, night: Night) -> None:
    for query in ({}, {"page": "3"}, {"page": "99"}, {"q": "ash"}, {"state": "recount"}, {"q": "nowhere"}):
        html = page(query)
        wanted = list(contests_on_page(night, COMMONS, query))
        shown = [row for row in re.findall(r'<tr id="([^"]+)"', html) if row.startswith("row-")]
        assert [row_id(ballot_id) for ballot_id in wanted] == shown
    moments = Moments.of(night, "/elections/test-2023", night.election.chosen_convention(None))
    filters = page({"q": "ash"}, PageFrame(night.election, past=Past(7, "", "", "", "", moments)))
    assert '<input type="hidden" name="at" value="7">' in filters
