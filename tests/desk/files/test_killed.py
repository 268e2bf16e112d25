"""A real council's results from a spreadsheet, into a server that is killed while it takes them."""

import contextlib
import html
import json
import re
from threading import Thread

import httpx2

from app.process.folders import ELECTIONS
from app.store import keyed
from app.store.engine import Store
from tests.desks import password_of
from tests.running import Server, declared, until
from tests.spreadsheets import as_xlsx
from tests.strictness import strict_client

KENT = ELECTIONS / "kent-2023"
URL = "/desk/kent-2023/councils/medway/files"


def the_night_of_medway(election):
    """Its results as a spreadsheet, a row a candidate."""
    rows = [["Division", "Name of candidate", "Description", "Votes"]]
    for line in (KENT / "night.jsonl").read_text("utf-8").splitlines():
        body = json.loads(line)
        contest = election.contests.get(body.get("ballot_id", ""))
        if contest is not None and contest.council_id == "medway":
            for candidacy in contest.candidacies:
                party = election.party(candidacy.party_id).name
                rows.append([contest.name, candidacy.name, party, body["votes"][candidacy.candidacy_id]])
    return as_xlsx({"Results": rows})


@contextlib.contextmanager
def a_keyer(server):
    headers = {"Origin": server.url, "Accept": "text/html"}
    with strict_client(server.url, headers=headers) as client:
        client.post("/desk/login", data={"name": "ann", "password": password_of("ann")})
        yield client


def handed_in(client, content):
    """The fields of the preview's form."""
    page = client.post(URL, files={"file": ("medway.xlsx", content)})
    assert page.status_code == 200, page.text
    fields = {}
    for tag in re.findall(r"<input [^>]*>", page.text.partition(f"{URL}/key")[2]):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if found["type"] == "hidden" or " checked" in tag:
            fields.setdefault(found["name"], []).append(html.unescape(found["value"]))
    return fields


def test_every_ward_is_there_once_after_a_kill_and_the_same_file_again(tmp_path, kent_election):
    url, content = f"sqlite:///{tmp_path / 'night.db'}", the_night_of_medway(kent_election)
    server = Server(url)
    declared("user", "add", "ann", "--role", "keyer", "--password-stdin", database=url, stdin=password_of("ann"))
    with Store.open(url) as store:

        def waiting():
            with store.reading() as connection:
                return [it.subject.identity for it in keyed.waiting(connection, "kent-2023")]

        with server, a_keyer(server) as client:
            fields = handed_in(client, content)

            def send():
                with contextlib.suppress(httpx2.HTTPError):
                    client.post(f"{URL}/key", data=fields)

            sending = Thread(target=send)
            sending.start()
            until(lambda: len(waiting()) > 2, "some wards keyed")
            server.kill()
            sending.join()
            before = waiting()
        with server, a_keyer(server) as client:
            again = handed_in(client, content)
            answer = client.post(f"{URL}/key", data={**again, "ward": fields["ward"]})
        assert answer.status_code == 200
        assert sorted(waiting()) == sorted(fields["ward"])
        assert set(before) <= set(waiting())
