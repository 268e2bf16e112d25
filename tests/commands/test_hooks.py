"""``declared hook``: what is added is told, its secret shown once, its address never; and who did it is kept."""

import json
import re

import pytest
from click.testing import CliRunner, Result

from app.commands.cli import main
from app.store import audit, hooks
from app.store.audit import Kind
from app.store.engine import Store
from app.store.hooks import HookForm
from tests.builders import LAB, a_contest, a_council, an_election, votes_for
from tests.receiving import Receiver
from tests.running import Server, declare, load, until

CONTEST = a_contest("north")
NIGHT = an_election(a_council(CONTEST))
HERE = ("--hook-networks", "127.0.0.0/8")


@pytest.fixture
def database(tmp_path) -> str:
    url = f"sqlite:///{tmp_path / 'night.db'}"
    load(url, NIGHT)
    return url


@pytest.fixture
def declared(database: str):
    def run(*arguments: str, code: int = 0) -> Result:
        done = CliRunner().invoke(main, ["hook", *arguments], env={"DECLARED_DATABASE_URL": database})
        assert done.exit_code == code, done.output
        return done

    return run


@pytest.fixture
def receiver():
    with Receiver() as listening:
        yield listening


def test_a_hook_is_added_and_its_secret_alone_is_on_stdout(declared, receiver, database) -> None:
    kinds = "flip, certain,overdue"
    added = declared("add", receiver.url, "--on", kinds, "--election", NIGHT.slug, "--as", "slack", *HERE)
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=\n", added.stdout)
    assert "Hook 1: 127.0.0.1 is told of flip, certain and overdue from now on." in added.stderr
    (row,) = json.loads(declared("list", "--format", "json").stdout)
    assert row == {
        **row,
        "id": 1,
        "host": "127.0.0.1",
        "on": "flip,certain,overdue",
        "as": "slack",
        "election": NIGHT.slug,
        "rehearsals": "no",
        "behind": 0,
        "state": "well",
        "last_answer": None,
    }
    shown = declared("list").stdout
    assert "/hook" not in shown
    assert "whsec" not in shown
    with Store.open(database) as store, store.reading() as connection:
        (found,) = hooks.hooks(connection)
        (row,) = audit.rows(connection)
    assert added.stdout.strip() == found.secret
    assert found.wanted.form is HookForm.SLACK
    assert (row.kind, row.subject, row.slug) == (Kind.HOOK_ADDED, "127.0.0.1", NIGHT.slug)
    assert "/hook" not in json.dumps(dict(row.details))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("https://127.0.0.1/", "--on", "flip"), "It is on a network of our own"),
        (("http://8.8.8.8/", "--on", "flip"), "Without https"),
        (("ftp://example.org/", "--on", "flip"), "That is no address"),
        (("https://8.8.8.8/", "--on", "flip,flop"), "“flop” is none of the kinds: flip, certain"),
        (("https://8.8.8.8/", "--on", ","), "Say of what it is told"),
        (("https://8.8.8.8/", "--on", "flip", "--election", "atlantis"), "atlantis"),
        (("https://8.8.8.8/", "--on", "flip", "--hook-networks", "here"), "“here” is no network"),
    ],
)
def test_what_could_never_be_told_is_not_added(declared, arguments, said) -> None:
    assert said in declared("add", *arguments, code=1).stderr
    assert "No hook was added yet" in declared("list").stderr


def test_a_name_that_is_not_known_yet_is_added_all_the_same(declared) -> None:
    assert "it is added all the same" in declared("add", "https://not-yet.invalid/", "--on", "flip").stderr


def test_a_message_that_says_test_is_sent_at_once_and_what_came_of_it_is_said(declared, receiver) -> None:
    secret = declared("add", receiver.url, "--on", "flip", *HERE).stdout.strip()
    assert "took it: HTTP 204" in declared("test", "1", *HERE).stderr
    (got,) = receiver.received
    assert (got.told["type"], got.told["test"]) == ("declared.test", True)
    assert got.is_signed_with(secret)
    receiver.answer = lambda _: 404
    assert "did not take it: HTTP 404: no, thank you" in declared("test", "1", *HERE, code=1).stderr
    assert "network of our own" in declared("test", "1", code=1).stderr
    assert "There is no hook 7" in declared("test", "7", code=1).stderr


def test_what_was_told_is_listed_and_can_be_told_again_under_its_id(declared, receiver, database) -> None:
    declared("add", receiver.url, "--on", "flip", *HERE)
    with Server(database, bundle=None, hook_networks="127.0.0.0/8") as server, server.client() as client:
        at = "2023-05-05T01:00:00+01:00"
        ward = {"kind": "ward", "ballot_id": CONTEST.ballot_id, "votes": votes_for(CONTEST, LAB), "at": at}
        declare(client, ward, slug=NIGHT.slug)
        receiver.wait_for(1)

        def rows() -> list:
            return json.loads(declared("deliveries", "1", "--format", "json").stdout)

        until(lambda: any(row["delivered"] for row in rows()), "it is noted")
        (row,) = rows()
    assert (row["attempts"], row["answer"], row["headline"]) == (1, "HTTP 204", "LAB gain Testshire from CON")
    declared("redeliver", "1", row["message"], *HERE)
    first, again = receiver.received
    assert first.message_id == again.message_id == row["message"]
    assert first.body == again.body
    assert "There is no such message" in declared("redeliver", "1", "other", *HERE, code=1).stderr


def test_one_that_is_removed_is_gone_and_one_that_is_resumed_is_tried(declared, receiver, database) -> None:
    declared("add", receiver.url, "--on", "flip", *HERE)
    assert "is tried again" in declared("resume", "1").stderr
    assert "No message was sent to it yet" in declared("deliveries", "1").stderr
    assert "is told nothing more" in declared("remove", "1").stderr
    assert "There is no hook 1" in declared("remove", "1", code=1).stderr
    with Store.open(database) as store, store.reading() as connection:
        kinds = [row.kind for row in audit.rows(connection)]
    assert kinds == [Kind.HOOK_ADDED, Kind.HOOK_RESUMED, Kind.HOOK_REMOVED]
