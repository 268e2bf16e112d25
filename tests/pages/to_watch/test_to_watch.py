"""The page of councils to watch, and the same for programs."""

import re
from typing import Any

import html5lib

from app.api.to_watch import to_watch_view
from app.domain.election import Baseline
from app.domain.night import Night
from app.domain.to_watch import WatchOrder
from app.pages.environment import make_environment
from app.pages.frame import PageFrame
from app.pages.to_watch.view import to_watch_page
from app.process.turns import at_once
from tests.builders import (
    CON,
    CONVENTIONS,
    LAB,
    LD,
    POLLS_CLOSED,
    a_ballot,
    a_contest,
    a_council,
    a_ward,
    an_election,
    an_entry,
)
from tests.pages.whole import overview_fragments

ENVIRONMENT = make_environment()
BBC, PA = CONVENTIONS["bbc"], CONVENTIONS["pa"]

NEAR = [a_contest(name, council_id="near", parties=(LAB, CON, LD)) for name in ("north", "south")]
FAR = [a_contest(name, council_id="far", parties=(LAB, CON)) for name in ("east", "west", "hill")]
ELECTION = an_election(
    a_council(
        *NEAR,
        council_id="near",
        continuing={LAB: 1},
        region="South East",
        expected_at=POLLS_CLOSED,
        baselines={"eve": Baseline("eve", LAB, {LAB: 3})},
    ),
    a_council(*FAR, council_id="far", region="North"),
)


def a_night(*declared: Any) -> Night:
    log = [an_entry(seq, it) for seq, it in enumerate(declared, 1)]
    return Night.before_first(ELECTION).fold(log)


def page_of(
    night: Night, convention: Any = BBC, region: str = "", order: WatchOrder = WatchOrder.CERTAIN, **frame: Any
) -> str:
    shown = PageFrame(night.election, **({"live_url": "/live/test-2023/overview?since=0&epoch=e"} | frame))
    fragments = overview_fragments(ENVIRONMENT, night, convention)
    page = at_once(to_watch_page(ENVIRONMENT, night, convention, fragments, shown, region=region, order=order))
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_nearest_comes_first_with_what_each_needs_and_defends() -> None:
    page = page_of(a_night())
    assert page.index('id="next-near"') < page.index('id="next-far"')
    text = text_of(page)
    assert "2 councils are undecided. A single ward could decide 1 of them." in text
    assert "0 of 2 wards, due 22:00 BST" in text
    assert "LAB needs one of North and South ." in text
    assert "No overall control otherwise. LAB held it before." in text
    assert "LAB had a majority of 3, and keeps control if it ends no more than 1 seat down." in text


def test_a_ward_that_is_named_leads_to_its_page_under_the_convention_that_was_chosen() -> None:
    address = f"/elections/test-2023/contests/{a_ballot('north', 'near')}"
    assert f'href="{address}"' in page_of(a_night())
    assert f'href="{address}?convention=pa"' in page_of(a_night(), PA)


def test_what_is_copied_is_all_that_stands_of_a_council() -> None:
    (copied,) = re.findall(r'data-copy="(Far[^"]*)"', page_of(a_night()))
    assert copied == (
        "Far: 0 of 3 wards. At least 2 more of the 3 wards to come until it is certain. LAB needs 2 of East, West and "
        "Hill. CON needs 2 of East, West and Hill. No overall control is not possible any more. CON held it before."
    )


def test_a_region_has_its_own_councils_and_one_that_there_is_not_asks_for_nothing() -> None:
    page = page_of(a_night(), region="North")
    assert 'id="next-far"' in page
    assert 'id="next-near"' not in page
    assert "<option selected>North</option>" in page
    assert 'href="/elections/test-2023/next?convention=pa&amp;region=North"' in page
    assert "next-near" in page_of(a_night(), region="Atlantis")


def test_the_nearest_to_changing_hands_come_first_where_that_is_asked_for() -> None:
    page = page_of(a_night(), region="North", order=WatchOrder.HANDS)
    assert 'href="/elections/test-2023/next?region=North"' in page
    assert '<a href="/elections/test-2023/next?region=North&amp;order=hands" aria-current="true">' in page
    assert '<input type="hidden" name="order" value="hands">' in page
    asked = to_watch_view(a_night(), BBC, epoch="e", order="hands")["councils"]
    assert [(it["council_id"], it["seats_to_change"]) for it in asked] == [("near", 2), ("far", None)]


def test_how_early_it_was_certain_stands_there_once_the_last_ward_is_in_and_leads_to_that_moment() -> None:
    won = [a_ward(ward, LAB) for ward in FAR]
    assert "How early" not in page_of(a_night(*won[:2]))
    page = page_of(a_night(*won))
    assert "Far was certain 1 minute before the last ward, Hill , with 1 seat still out." in text_of(page)
    assert 'href="/elections/test-2023/councils/far?at=2"' in page
    assert 'id="next-far"' not in page


def test_when_nothing_is_undecided_the_page_says_so() -> None:
    page = page_of(a_night(*(a_ward(ward, LAB) for ward in (*NEAR, *FAR))))
    assert "No council is undecided." in page
    assert "to-watch-item" not in page


def test_programs_get_the_same_with_ballots_and_numbers() -> None:
    view = to_watch_view(a_night(), BBC, epoch="e")
    assert (view["seq"], view["epoch"], view["convention"], view["region"]) == (0, "e", "bbc", None)
    near, far = view["councils"]
    north, south = (ward.ballot_id for ward in NEAR)
    assert (near["council_id"], near["at_least"], near["deciding"]) == ("near", 1, [north, south])
    assert (near["seats_to_come"], near["contests_to_come"], near["source"]) == (2, 2, "wards")
    assert near["parties"][0] == {
        "party_id": LAB,
        "name": "Labour Party",
        "short": "LAB",
        "colour": "#E4003B",
        "needs": 1,
        "can_take": 2,
        "contests": [
            {"ballot_id": north, "can_take": 1, "needs_at_least": 0},
            {"ballot_id": south, "can_take": 1, "needs_at_least": 0},
        ],
    }
    assert near["defence"] == {
        "basis": "eve",
        "seats": {LAB: 2},
        "no_poll": {},
        "control": LAB,
        "majority_over_others": 3,
        "can_lose": 1,
        "largest": [LAB],
        "short_by": 0,
    }
    assert (far["noc_possible"], far["defence"], far["before"]) == (False, None, {"control": CON, "basis": "eve"})
    assert near["text"].startswith("North or South could decide it. LAB needs one of North and South.")


def test_programs_get_leads_and_a_region_too() -> None:
    night = a_night(*(a_ward(ward, LAB) for ward in FAR))
    view = to_watch_view(night, BBC, epoch="e", region="North")
    assert (view["councils"], view["region"]) == ([], "North")
    (lead,) = view["leads"]
    assert (lead["council_id"], lead["control"], lead["minutes"], lead["seats_to_come"]) == ("far", LAB, 1, 1)
    assert (lead["certain"]["seq"], lead["last"]["seq"], lead["last"]["ballot_id"]) == (2, 3, FAR[2].ballot_id)
    assert to_watch_view(night, BBC, epoch="e", region="South East")["leads"] == []
    assert to_watch_view(night, BBC, epoch="e", region="Atlantis")["region"] is None
