"""Real results whose figures cannot be right, or are not all known, through the API to what readers see.

Figures are as they were published unless they are called reconstructed: made up so that everything reported holds.
"""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from app.commands.verifying import verify_database
from app.domain.election import Candidacy, Contest, Party
from tests.builders import CON, GRN, IND, LAB, PARTIES, a_council, an_election
from tests.desks import Desk, desk_on, prepared

BNP = "PP3960"

Standing = dict[str, tuple[str, str]]
"""Name and party by candidacy id."""


def a_ward_of(ward: str, standing: Standing, *, seats_up: int = 1, electorate: int | None = None) -> Contest:
    return Contest(
        ballot_id=f"local.testshire.{ward.lower().replace(' ', '-')}.2023-05-04",
        council_id="testshire",
        ward=ward,
        seats_up=seats_up,
        electorate=electorate,
        candidacies=tuple(Candidacy(one, name, party_id) for one, (name, party_id) in standing.items()),
    )


class Night:
    """A council of the wards given, posted to by a token that may declare."""

    def __init__(self, desk: Desk, *wards: Contest) -> None:
        self.desk = desk
        self.ballot_id = wards[0].ballot_id
        self.root = f"/api/v1/elections/{desk.election.slug}"

    def post(self, body: dict[str, Any], *, token: str = "declare", confirmed: bool = True) -> Any:
        """The answer; what is asked about is confirmed where nothing else stands in the way."""
        api = self.desk.client(Authorization=f"Bearer {self.desk.tokens[token]}", Accept="*/*")
        body = {"kind": "ward", "ballot_id": self.ballot_id, **body}
        answer = api.post(f"{self.root}/declarations", json=body)
        asked = [error["code"] for error in answer.json().get("errors", ())]
        if confirmed and asked and all(code.startswith("W") for code in asked):
            return api.post(f"{self.root}/declarations", json={**body, "confirm": asked})
        return answer

    def codes(self, body: dict[str, Any]) -> list[str]:
        return [error["code"] for error in self.post(body, confirmed=False).json()["errors"]]

    def contest(self, ballot_id: str = "") -> dict[str, Any]:
        contests = self.read(f"{self.root}/councils/testshire").json()["contests"]
        return next(one for one in contests if one["ballot_id"] == (ballot_id or self.ballot_id))

    def elected(self, ballot_id: str = "") -> list[str]:
        return [it["candidacy_id"] for it in self.contest(ballot_id)["candidates"] if it["elected"]]

    def read(self, address: str) -> Any:
        answer = self.desk.client().get(address)
        assert answer.status_code == 200, address
        return answer

    def told(self) -> dict[str, str]:
        """What readers see of it, by where."""
        slug = self.desk.election.slug
        return {
            "contest": self.read(f"/elections/{slug}/contests/{self.ballot_id}").text,
            "council": self.read(f"/elections/{slug}/councils/testshire").text,
            "feed": self.read(f"{self.root}/feed.atom").text,
            "json": json.dumps(self.contest(), ensure_ascii=False),
        }


Opened = Callable[..., Night]


@pytest.fixture
def a_night(tmp_path) -> Iterator[Opened]:
    with ExitStack() as opened:

        def night(*wards: Contest, safe: int = 20) -> Night:
            """The wards, in a council that ``safe`` other seats keep in one hand."""
            parties = {**PARTIES, BNP: Party(BNP, "British National Party", "BNP", "#00008B")}
            council = a_council(*wards, continuing={LAB: safe}, eve=LAB)
            ready = prepared(tmp_path, election=an_election(council, parties=parties))
            return Night(opened.enter_context(desk_on(ready, tmp_path)), *wards)

        yield night


# South Tyneside, Fellgate and Hedworth, 2 May 2024 --------------------------------------------------------------------

FELLGATE = a_ward_of(
    "Fellgate and Hedworth",
    {
        "98738": ("Nic Cook", GRN),
        "54051": ("Ian Jason Diamond", IND),
        "62630": ("Audrey Elizabeth Fay-Huntley", LAB),
        "110160": ("Tony Roberts", IND),
    },
    electorate=5620,
)
FELLGATE_VOTES = {"votes": {"98738": 171, "54051": 142, "62630": 733, "110160": 913}, "ballots": 1955}
ON_THE_NOTICE = "These are the figures on the notice of the result"


def test_fellgate_and_hedworth_2024_is_refused_and_passes_as_announced_and_says_so(a_night: Opened) -> None:
    night = a_night(FELLGATE)
    assert night.codes(FELLGATE_VOTES) == ["F05"]
    assert night.post({**FELLGATE_VOTES, "as_announced": ON_THE_NOTICE}).status_code == 201
    for where, told in night.told().items():
        assert "1,959 votes on 1,955 papers" in told, where
        assert ON_THE_NOTICE in told, where
    assert night.elected() == ["110160"]
    (row, *_) = csv.DictReader(night.read(f"{night.root}/export.csv").text.lstrip("\ufeff").splitlines())
    assert row["as_announced"] == ON_THE_NOTICE
    audit = night.desk.signed_in("editor").get("/desk/audit?kind=log").text
    assert ON_THE_NOTICE in audit
    log = night.read(f"{night.root}/declarations").json()["declarations"]
    assert log[0]["as_announced"] == ON_THE_NOTICE


def test_a_token_that_may_only_key_takes_nothing_as_announced(a_night: Opened) -> None:
    answer = a_night(FELLGATE).post({**FELLGATE_VOTES, "as_announced": ON_THE_NOTICE}, token="key")
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("Figures are taken as they were announced by an editor")


@pytest.mark.parametrize("reason", ["", "   ", 7, "a" * 501])
def test_what_is_taken_as_announced_needs_its_reason_in_words(a_night: Opened, reason: object) -> None:
    answer = a_night(FELLGATE).post({**FELLGATE_VOTES, "as_announced": reason})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["as_announced"]


# Littletons, 1 May 2025 -----------------------------------------------------------------------------------------------

LITTLETONS = a_ward_of("Littletons", {"a": ("Adams", CON), "b": ("Baker", GRN)}, electorate=4000)


@pytest.mark.parametrize(
    ("papers", "code"), [({"valid": 1778}, "F05"), ({"ballots": 1790, "rejected": 12}, "W14"), ({"total": 1778}, "F15")]
)
def test_littletons_2025_with_the_lot_counted_in_says_what_happened(
    a_night: Opened, papers: dict[str, int], code: str
) -> None:
    """Two had 889 votes each; the papers are reconstructed."""
    night = a_night(LITTLETONS)
    answer = night.post({"votes": {"a": 890, "b": 889}, **papers}, confirmed=False)
    (error,) = answer.json()["errors"]
    assert error["code"] == code
    assert error["detail"].endswith(
        " Was a lot drawn between Adams and Baker, and counted as a vote? Then give both 889, and name every winner."
    )
    level = {"votes": {"a": 889, "b": 889}, **papers}
    assert night.codes(level) == ["F09"]
    assert night.post({**level, "elected": ["a"]}).status_code == 201
    assert "Tie at 889 votes settled by lot: drawn Adams (CON), not Baker (GRN)." in night.told()["contest"]


def test_one_vote_between_two_is_no_lot_where_nothing_else_is_wrong(a_night: Opened) -> None:
    night = a_night(LITTLETONS)
    answer = night.post({"votes": {"a": 890, "b": 889}, "valid": 1700}, confirmed=False)
    assert "lot" not in answer.json()["errors"][0]["detail"]
    assert night.post({"votes": {"a": 890, "b": 889}, "valid": 1779}, confirmed=False).status_code == 201


# West Northamptonshire, Talavera, 1 May 2025 --------------------------------------------------------------------------

TALAVERA = a_ward_of(
    "Talavera",
    {"a": ("Adams", LAB), "b": ("Baker", CON), "c": ("Clark", GRN), "d": ("Davis", IND)},
    seats_up=2,
    electorate=9000,
)
TALAVERA_VOTES = {"votes": {"a": 912, "b": 874, "c": 655, "d": None}}
"""Reconstructed: published are the others’ votes, and that the fourth was not elected."""


def test_talavera_2025_one_losers_votes_were_never_published(a_night: Opened) -> None:
    night = a_night(TALAVERA)
    assert night.codes(TALAVERA_VOTES) == ["F02"], "who knows whether they won"
    assert night.codes({**TALAVERA_VOTES, "elected": ["a", "d"]}) == ["F02"]
    named = {**TALAVERA_VOTES, "elected": ["a", "b"]}
    assert night.codes(named) == ["W16"]
    assert night.post(named).status_code == 201
    contest = night.contest()
    assert [(it["votes"], it["rank"], it["elected"]) for it in contest["candidates"]] == [
        (912, 1, True),
        (874, 2, True),
        (655, None, False),
        (None, None, False),
    ]
    assert contest["shares"] == []
    told = night.told()
    assert "Not published: the votes of Davis. So there is no share." in told["contest"]
    assert "not published" in told["council"]
    log = night.read(f"{night.root}/declarations").json()["declarations"]
    assert (log[0]["votes"]["d"], log[0]["confirm"]) == (None, ["W16"])


def test_where_the_papers_leave_too_few_votes_nobody_has_to_be_named(a_night: Opened) -> None:
    night = a_night(TALAVERA)
    assert night.codes({**TALAVERA_VOTES, "valid": 1300}) == ["W16"]
    assert night.post({**TALAVERA_VOTES, "valid": 1300}).status_code == 201
    assert night.elected() == ["a", "b"]


def test_the_votes_that_are_published_in_the_end_correct_it(a_night: Opened) -> None:
    night = a_night(TALAVERA)
    night.post({**TALAVERA_VOTES, "elected": ["a", "b"]})
    votes = {**TALAVERA_VOTES["votes"], "d": 301}
    assert (
        night.post({"kind": "correction", "replaces": 1, "reason": "Published now", "votes": votes}).status_code == 201
    )
    assert night.contest()["shares"] != []
    assert "not published" in night.told()["contest"], "as it was before the correction"


# Birmingham, Kingstanding, 4 May 2006 ---------------------------------------------------------------------------------

KINGSTANDING = a_ward_of(
    "Kingstanding",
    {
        "ebanks": ("Sharon Ebanks", BNP),
        "hopkins": ("Zoe Hopkins", LAB),
        "grundy": ("Catharine Grundy", LAB),
        "first": ("First of the others", CON),
        "second": ("Second of the others", CON),
        "third": ("Third of the others", GRN),
    },
    seats_up=2,
)
"""4,981 papers with 12,329 votes, later 9,265: Ebanks had 2,310 and then 1,329. The others’ are reconstructed."""

VOTES_DECLARED = {"ebanks": 2310, "hopkins": 2150, "grundy": 2088, "first": 2000, "second": 1900, "third": 1881}
TRUE_VOTES = {"ebanks": 1329, "hopkins": 1607, "grundy": 1540, "first": 1200, "second": 1100, "third": 1000}
DECLARED, TRUE = ({"votes": votes, "ballots": 4981} for votes in (VOTES_DECLARED, TRUE_VOTES))


def test_kingstanding_2006_whoever_was_declared_sat_until_the_court_ruled(a_night: Opened) -> None:
    night = a_night(KINGSTANDING)
    assert night.codes(DECLARED) == ["F05"]
    declared = {**DECLARED, "elected": ["ebanks", "hopkins"], "as_announced": "Declared so by the returning officer"}
    assert night.post(declared).status_code == 201
    stands = "Many papers were counted twice; in law those who were declared stay elected"
    correction = {
        "kind": "correction",
        "replaces": 1,
        "reason": "Counted again",
        **TRUE,
        "elected": ["ebanks", "hopkins"],
    }
    assert night.codes(correction) == ["F08"]
    assert night.post({**correction, "as_announced": stands}).status_code == 201
    assert night.elected() == ["hopkins", "ebanks"]
    assert night.contest()["seats"] == {BNP: 1, LAB: 1}
    told = night.told()
    for where in ("contest", "council", "feed", "json"):
        assert "Sharon Ebanks elected with 1,329 votes, Catharine Grundy not elected with 1,540" in told[where], where
        assert stands in told[where], where
    ruled = {"kind": "correction", "replaces": 2, "reason": "The court has ruled", **TRUE}
    assert night.post(ruled).status_code == 201
    assert night.elected() == ["hopkins", "grundy"]
    assert night.contest()["as_announced"] is None


# Nelson 2023 and Crowland 2007 ----------------------------------------------------------------------------------------

NELSON = a_ward_of("Marsden West", {"m1": ("Grey", CON), "m2": ("Wood", LAB)}, electorate=2000)
CROWLAND = a_ward_of(
    "Crowland",
    {
        f"c{place}": (name, CON if place < 3 else LAB)
        for place, name in enumerate(["Astley", "Barr", "Harris", "Quill", "Rowe", "Syme"])
    },
    seats_up=3,
    electorate=4000,
)
CROWLAND_VOTES = {"c0": 900, "c1": 850, "c2": 801, "c3": 500, "c4": 490, "c5": 480}


def test_nelson_2023_and_crowland_2007_are_corrected_and_those_declared_stay(a_night: Opened) -> None:
    night = a_night(NELSON, CROWLAND, safe=1)
    papers = {"ballots": 423, "rejected": 4}
    assert night.post({"votes": {"m1": 177, "m2": 242}, **papers}).status_code == 201
    assert night.post({"ballot_id": CROWLAND.ballot_id, "votes": CROWLAND_VOTES}).status_code == 201
    swapped = {
        "kind": "correction",
        "replaces": 1,
        "reason": "Figures were read out beside the wrong names",
        "votes": {"m1": 242, "m2": 177},
        "elected": ["m2"],
        **papers,
    }
    found = {
        "kind": "correction",
        "replaces": 2,
        "reason": "A missing box was counted by order of the court",
        "ballot_id": CROWLAND.ballot_id,
        "votes": {"c0": 1000, "c1": 950, "c2": 880, "c3": 887, "c4": 490, "c5": 480},
        "elected": ["c0", "c1", "c2"],
    }
    stays = "In law the person declared stays elected"
    for correction, loser in ((swapped, "Grey, who is not, has 242"), (found, "Quill, who is not, has 887")):
        answer = night.post(correction, confirmed=False)
        assert [error["code"] for error in answer.json()["errors"]] == ["F08"]
        assert loser in answer.json()["errors"][0]["detail"]
        assert night.post({**correction, "as_announced": stays}).status_code == 201
    assert night.elected() == ["m2"]
    assert night.elected(CROWLAND.ballot_id) == ["c0", "c1", "c2"]
    assert "As announced; Wood elected with 177 votes, Grey not elected with 242. " + stays in night.told()["contest"]
    assert "Harris elected with 880 votes, Quill not elected with 887. " + stays in night.told()["council"]
    assert [faults for _, _, faults in verify_database(night.desk.store)] == [[]]
