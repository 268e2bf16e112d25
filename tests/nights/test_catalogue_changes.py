"""A catalogue that is loaded again on a running night: seen like any entry, and nothing told before reads otherwise."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.running import Server, declared, until
from tests.watching import Watcher

SLUG = "mended-2023"
FILES = {
    "election.toml": """
        slug = "mended-2023"
        id = "local.2023-05-04"
        name = "Mended elections 2023"
        polling_date = "2023-05-04"
        timezone = "Europe/London"
        convention = "bbc"
        [conventions.bbc]
        label = "BBC"
        control = ["eve"]
        seats = ["last"]
        """,
    "parties.csv": """
        party_id,name,short,colour,group
        PP52,Conservative Party,CON,#0087DC,
        PP53,Labour Party,LAB,#E4003B,
        PP90,Liberal Democrats,LD,#FAA61A,
        """,
    "councils.csv": """
        council_id,name,gss,kind,region,cycle,total_seats,boundary_change,expected_at,note
        oldfield,Oldfield,,district,North,thirds,4,0,,
        elsewhere,Elsewhere,,district,North,all,1,0,,
        """,
    "controls.csv": """
        council_id,basis,control,note
        oldfield,eve,NOC,
        elsewhere,eve,PP52,
        """,
    "seats.csv": """
        council_id,basis,party_id,seats
        oldfield,continuing,PP53,1
        oldfield,continuing,PP90,1
        """,
    "contests.csv": """
        ballot_id,council_id,ward,gss,seats_up,electorate,cancelled
        local.oldfield.hollin.2023-05-04,oldfield,Hollin,,1,5000,
        local.oldfield.saddle.2023-05-04,oldfield,Saddle,,1,5000,
        local.elsewhere.all.2023-05-04,elsewhere,All,,1,5000,
        """,
    "candidacies.csv": """
        ballot_id,candidacy_id,name,party_id,description,note
        local.oldfield.hollin.2023-05-04,h1,Ash,PP53,,
        local.oldfield.hollin.2023-05-04,h2,Brook,PP90,,
        local.oldfield.hollin.2023-05-04,h3,Cole,PP52,,
        local.oldfield.saddle.2023-05-04,s1,Eve,PP53,,
        local.oldfield.saddle.2023-05-04,s2,Fox,PP90,,
        local.elsewhere.all.2023-05-04,e1,Gill,PP53,,
        local.elsewhere.all.2023-05-04,e2,Hart,PP52,,
        """,
    "history.csv": "council_id,since,control\n",
}
HOLLIN = "local.oldfield.hollin.2023-05-04"
SADDLE = "local.oldfield.saddle.2023-05-04"
WARD = {"kind": "ward", "ballot_id": HOLLIN, "votes": {"h1": 1501, "h2": 1402, "h3": 603}}
OTHER = {"kind": "ward", "ballot_id": SADDLE, "votes": {"s1": 901, "s2": 802}}
CONFIRMED = [f"W{number:02}" for number in range(1, 20)]


def bundle(folder: Path, **mended: tuple[str, str]) -> Path:
    """The bundle in ``folder``; of each file that is named (``contests_csv``) something is written otherwise."""
    folder.mkdir(exist_ok=True)
    for name, text in FILES.items():
        lines = "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"
        before, after = mended.get(name.replace(".", "_"), ("", ""))
        assert before in lines
        (folder / name).write_text(lines.replace(before, after) if before else lines, "utf-8")
    return folder


class Night:
    """A server with the election, and the client that declares."""

    def __init__(self, server: Server, client: httpx2.Client, folder: Path, database: str) -> None:
        self.server, self.folder, self.database = server, folder, database
        self.client = client

    def load(self, *more: str, check: bool = True, **mended: tuple[str, str]) -> Any:
        return declared("load", bundle(self.folder, **mended), *more, database=self.database, check=check)

    def post(self, body: dict[str, Any], status: int = 201) -> Any:
        answer = self.client.post(f"/api/v1/elections/{SLUG}/declarations", json={**body, "confirm": CONFIRMED})
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.text

    def log(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = json.loads(self.get(f"/api/v1/elections/{SLUG}/declarations"))["declarations"]
        return entries

    def shows(self, seq: int) -> None:
        until(lambda: json.loads(self.get(f"/api/v1/elections/{SLUG}"))["seq"] >= seq, f"entry {seq} is shown")


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    database = f"sqlite:///{tmp_path / 'night.db'}"
    declared("load", bundle(tmp_path / "bundle"), database=database)
    with Server(database, bundle=None) as server, server.client() as client:
        yield Night(server, client, tmp_path / "bundle", database)


def feed_of(night: Night) -> list[str]:
    return re.findall(r"<entry>.*?</entry>", night.get(f"/api/v1/elections/{SLUG}/feed.atom"), re.DOTALL)


def test_seats_that_are_mended_are_listed_need_a_reason_and_are_an_entry_of_their_own(night: Night) -> None:
    night.post(WARD)
    night.post(OTHER)
    log, feed, epoch = night.log(), feed_of(night), json.loads(night.get(f"/api/v1/elections/{SLUG}"))["epoch"]
    past = night.get(f"/elections/{SLUG}/councils/oldfield?at=2")
    mended = {
        "contests_csv": (f"{HOLLIN},oldfield,Hollin,,1", f"{HOLLIN},oldfield,Hollin,,2"),
        "councils_csv": ("thirds,4", "thirds,5"),
    }
    refused = night.load(check=False, **mended)
    assert refused.returncode == 1
    assert "Hollin (Oldfield): seats up 1 → 2" in refused.stderr
    assert "--reason" in refused.stderr
    assert night.log() == log
    with (
        Watcher(night.server.url, f"/live/{SLUG}/council/oldfield") as watcher,
        Watcher(night.server.url, f"/live/{SLUG}/overview") as overview,
        Watcher(night.server.url, f"/live/{SLUG}/council/elsewhere") as elsewhere,
    ):
        for each in (watcher, overview, elsewhere):
            each.wait_until(lambda it: bool(it.messages))
        assert "It is entry 3 of the log." in night.load("--reason", "Two seats, not one", **mended).stderr
        watcher.wait_for(3)
        overview.wait_for(3)
        assert "Two seats, not one" in watcher.fragments["log-oldfield"]
        chip = next(html for html in watcher.fragments.values() if 'href="#' in html and "Hollin" in html)
        assert "LD" in chip, "the second seat is filled"
        assert watcher.messages[-1]["kind"] == "update"
        assert {message["epoch"] for message in watcher.messages} == {epoch}
        assert [it["kind"] for it in elsewhere.messages if it["kind"] != "beat"] == ["snapshot"]
    after = night.log()
    assert after[:2] == log
    assert (after[2]["kind"], after[2]["reason"], after[2]["seq"]) == ("catalogue", "Two seats, not one", 3)
    assert {(it["field"], it["before"], it["after"]) for it in after[2]["changes"]} == {
        ("total_seats", 4, 5),
        ("seats_up", 1, 2),
    }
    assert feed_of(night)[1:] == feed, "what was told before reads as it did"
    assert "Two seats, not one" in feed_of(night)[0]
    assert night.get(f"/elections/{SLUG}/councils/oldfield?at=2") == past
    page = night.get(f"/elections/{SLUG}/councils/oldfield")
    assert "Corrected: Two seats, not one" in page
    verified = declared("verify", "--url", night.server.url, database=night.database)
    assert "3 entries" in verified.stdout + verified.stderr


def test_antrim_2020_an_id_that_means_another_person_of_another_party_is_refused_with_a_reason_too(
    night: Night,
) -> None:
    night.post(WARD)
    page = night.get(f"/elections/{SLUG}/contests/{HOLLIN}")
    late = {"candidacies_csv": (f"h3,Cole,PP52,,\n{SADDLE}", f"h3,Dunn,PP53,,\n{HOLLIN},h4,Cole,PP52,,\n{SADDLE}")}
    in_another_order = {
        "candidacies_csv": (f"h1,Ash,PP53,,\n{HOLLIN},h2,Brook,PP90", f"h1,Brook,PP90,,\n{HOLLIN},h2,Ash,PP53")
    }
    for changed, told in ((late, "h3 is Cole, and would be Dunn"), (in_another_order, "h1 is Ash, and would be Brook")):
        refused = night.load("--reason", "The order of the ballot paper", check=False, **changed)
        assert refused.returncode == 1
        assert told in refused.stderr
    assert len(night.log()) == 1
    assert night.get(f"/elections/{SLUG}/contests/{HOLLIN}") == page


def test_a_winner_s_party_that_is_mended_flips_the_badge_for_a_reason(night: Night) -> None:
    won = night.post({"kind": "ward", "ballot_id": "local.elsewhere.all.2023-05-04", "votes": {"e1": 700, "e2": 600}})
    assert won["flash"] == "LAB gain Elsewhere from CON"
    card = night.client.get(f"/elections/{SLUG}/councils/elsewhere/card.png?seq=1")
    wrong = {"candidacies_csv": ("e1,Gill,PP53", "e1,Gill,PP90")}
    assert night.load(check=False, **wrong).returncode == 1
    night.load("--reason", "Gill stood for the Liberal Democrats", **wrong)
    night.shows(2)
    flipped = night.log()
    assert [it["flash"] for it in flipped] == ["LAB gain Elsewhere from CON", "LD gain Elsewhere from CON"]
    told = night.get(f"/elections/{SLUG}")
    assert "LAB gain Elsewhere from CON" in told
    assert "Gill stood for the Liberal Democrats" in told
    first, newest = reversed(feed_of(night))
    assert "LAB gain Elsewhere from CON" in first
    assert "LD gain Elsewhere from CON" in newest
    refused = night.post({"kind": "withdrawal", "replaces": 2, "reason": "Not that"}, status=422)
    assert "load the files as they should be" in refused["errors"][0]["detail"]
    again = night.client.get(f"/elections/{SLUG}/councils/elsewhere/card.png?seq=1")
    assert (again.status_code, again.content) == (card.status_code, card.content)


def test_a_ward_that_comes_late_is_on_the_page_and_can_be_declared(night: Night) -> None:
    night.post(WARD)
    late = {
        "contests_csv": (f"{SADDLE},", f"local.oldfield.late.2023-05-04,oldfield,Late,,1,,\n{SADDLE},"),
        "candidacies_csv": (f"{SADDLE},s1", f"local.oldfield.late.2023-05-04,l1,Ivy,PP53,,\n{SADDLE},s1"),
        "councils_csv": ("thirds,4", "thirds,5"),
    }
    before = re.search(r'id="drawn" data-from="(\w+)"', night.get(f"/elections/{SLUG}/councils/oldfield"))
    night.load("--reason", "A ward was missing", **late)
    night.shows(2)
    page = night.get(f"/elections/{SLUG}/councils/oldfield")
    after = re.search(r'id="drawn" data-from="(\w+)"', page)
    assert before is not None
    assert after is not None
    assert before[1] != after[1], "pages that are open load themselves again"
    assert ">Late<" in page
    assert night.post({"kind": "ward", "ballot_id": "local.oldfield.late.2023-05-04", "votes": {"l1": 3}})["seq"] == 3


def test_other_squares_on_the_map_need_no_reason_and_are_shown(night: Night) -> None:
    night.post(WARD)
    before = re.search(r'id="drawn" data-from="(\w+)"', night.get(f"/elections/{SLUG}"))
    (night.folder / "shapes.csv").write_text("council_id,column,row\noldfield,1,1\nelsewhere,3,2\n", "utf-8")
    told = night.load().stderr
    assert "Oldfield: column and row on the map nothing → 1, 1" in told
    night.shows(2)
    after = re.search(r'id="drawn" data-from="(\w+)"', night.get(f"/elections/{SLUG}"))
    assert before is not None
    assert after is not None
    assert before[1] != after[1], "pages that are open load themselves again"
    council = night.get(f"/elections/{SLUG}/councils/oldfield")
    assert "None so far." in council, "nothing declared is told otherwise: there is no correction"
    declared("verify", "--url", night.server.url, database=night.database)


def test_before_the_first_entry_it_is_no_entry_and_is_shown_all_the_same(night: Night) -> None:
    epoch = json.loads(night.get(f"/api/v1/elections/{SLUG}"))["epoch"]
    night.load(councils_csv=("Oldfield,", "Newfield,"))
    until(lambda: "Newfield" in night.get(f"/elections/{SLUG}"), "the name is shown")
    told = json.loads(night.get(f"/api/v1/elections/{SLUG}"))
    assert (told["seq"], told["epoch"]) == (0, epoch)
    assert night.post(WARD)["seq"] == 1
    declared("verify", "--url", night.server.url, database=night.database)


def test_everything_after_an_entry_is_withdrawn_in_one(night: Night) -> None:
    night.post(WARD)
    night.post(OTHER)
    night.post({"kind": "note", "text": "A rehearsal", "council_id": "elsewhere"})
    won = night.post({"kind": "ward", "ballot_id": "local.elsewhere.all.2023-05-04", "votes": {"e1": 700, "e2": 600}})
    assert won["flipped"]
    gone = night.post({"kind": "withdrawal", "since": 1, "reason": "It was a rehearsal"})
    assert (gone["seq"], gone["flipped"]) == (5, True)
    told = json.loads(night.get(f"/api/v1/elections/{SLUG}"))
    assert [(it["council_id"], it["contests_declared"]) for it in told["councils"]] == [
        ("oldfield", 1),
        ("elsewhere", 0),
    ]
    assert "A rehearsal<" not in night.get(f"/elections/{SLUG}/councils/elsewhere")
    assert len(re.findall("It was a rehearsal", night.get(f"/elections/{SLUG}"))) >= 1
    nothing = night.post({"kind": "withdrawal", "since": 1, "reason": "Once more"}, status=422)
    assert nothing["errors"][0]["code"] == "unchanged"
    assert night.post({"kind": "withdrawal", "since": 99, "reason": "Ahead"}, status=404)
    both = night.post({"kind": "withdrawal", "since": 1, "replaces": 1, "reason": "Both"}, status=422)
    assert "either" in both["errors"][0]["detail"]
    for kind in ("withdrawal", "correction"):
        refused = night.post({"kind": kind, "replaces": 5, "reason": "Not that"}, status=422)
        assert "declare again what is to stand" in refused["errors"][0]["detail"]
    assert night.post(OTHER)["seq"] == 6
    declared("verify", "--url", night.server.url, database=night.database)
