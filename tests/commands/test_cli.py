"""The commands, as processes of their own: what they print, where, and how they end."""

import csv
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import select

from app.commands.cli import main
from app.store.engine import Store
from app.store.tables import STAFF
from tests.running import DECLARED, KENT, PROJECT, Server, declare, declared
from tests.strictness import strict_client

NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def database(tmp_path) -> str:
    return f"sqlite:///{tmp_path / 'night.db'}"


@pytest.fixture
def loaded(database) -> str:
    declared("load", KENT, database=database)
    return database


def test_loading_says_what_was_read_and_loading_again_changes_nothing(database) -> None:
    first = declared("load", KENT, database=database)
    assert "13 councils, 277 contests, 1,573 candidacies" in first.stderr
    assert "loaded" in first.stderr
    assert "unchanged" in declared("load", KENT, database=database).stderr


def test_postcodes_are_loaded_with_their_bundle_and_go_with_it(database, tmp_path) -> None:
    bundle, changed = tmp_path / "bundle", "The postcodes are others than before"
    shutil.copytree(KENT, bundle)
    assert changed not in declared("load", bundle, database=database).stderr
    ballot_id = (KENT / "contests.csv").read_text("utf-8").splitlines()[1].partition(",")[0]
    (bundle / "postcodes.csv").write_text(f"postcode,ballot_id\nME4 4AA,{ballot_id}\n")
    first, again = [declared("load", bundle, database=database).stderr for _ in range(2)]
    assert (changed in first, changed in again) == (True, False)
    assert "unchanged" in first
    assert "postcodes.csv" in again
    (bundle / "postcodes.csv").unlink()
    assert changed in declared("load", bundle, database=database).stderr


def test_a_bad_bundle_is_refused_with_file_line_and_reason_and_nothing_is_loaded(database, tmp_path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    for file in KENT.iterdir():
        (bundle / file.name).write_bytes(file.read_bytes())
    lines = (bundle / "councils.csv").read_text("utf-8").splitlines()
    lines[3] = lines[3].replace(",42,", ",4x,")
    (bundle / "councils.csv").write_text("\n".join(lines), "utf-8")
    refused = declared("load", bundle, database=database, check=False)
    assert refused.returncode == 1
    assert "councils.csv:4: " in refused.stderr
    assert "4x" in refused.stderr
    assert declared("export", "kent-2023", "--output", tmp_path, database=database, check=False).returncode == 1


def test_a_token_is_printed_alone_on_stdout_and_only_its_hash_is_kept(loaded, tmp_path) -> None:
    made = declared("token", "add", "desk", "--scope", "declare", database=loaded)
    token = made.stdout.removesuffix("\n")
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,}", token)
    for file in tmp_path.glob("night.db*"):
        assert token.encode() not in file.read_bytes()


def test_an_account_takes_its_password_from_standard_input(loaded) -> None:
    declared("user", "add", "ada", "--role", "editor", "--password-stdin", database=loaded, stdin="correct horse\n")
    again = declared(
        "user", "add", "ada", "--role", "keyer", "--password-stdin", database=loaded, stdin="other words\n", check=False
    )
    assert again.returncode == 1
    assert "already" in again.stderr
    with Store.open(loaded) as store, store.reading() as connection:
        # RFC 9106's cost for where memory is short: no test in this process sees it.
        kept = connection.scalar(select(STAFF.c.password_hash))
        assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_failures_are_one_clear_line_and_exit_1_and_misuse_is_exit_2(database, tmp_path) -> None:
    for arguments in (
        ["load", tmp_path / "nowhere"],
        ["verify"],
        ["export", "nothing", "--output", tmp_path],
        ["replay", tmp_path / "no.jsonl", "--to", "http://127.0.0.1:1", "--token", "x"],
    ):
        failed = declared(*arguments, database=database, check=False)
        assert failed.returncode == 1, arguments
        assert "Traceback" not in failed.stderr
        assert failed.stderr.startswith("declared: ")
    assert declared("load", database=database, check=False).returncode == 2
    assert declared("serve", "--port", "x", database=database, check=False).returncode == 2
    assert declared("serve", database="mysql://x", check=False).returncode == 1


@pytest.mark.parametrize(
    "command",
    [
        "load",
        "serve",
        "replay",
        "demo",
        "user add",
        "token add",
        "verify",
        "export",
        "backup",
        "restore",
        "epoch new",
    ],
)
def test_every_command_explains_itself(command) -> None:
    told = declared(*command.split(), "--help").stdout
    assert "Usage:" in told
    assert len(told.splitlines()) > 4


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join([*path, name]), command


@pytest.mark.parametrize(("name", "command"), list(commands(main)), ids=[name for name, _ in commands(main)])
def test_every_option_has_a_variable_that_the_help_names(name, command) -> None:
    for option in command.params:
        if isinstance(option, click.Option):
            assert str(option.envvar).startswith("DECLARED_"), option.name
            assert option.show_envvar, option.name
            assert option.help, option.name


def test_a_port_that_is_taken_is_told_in_one_line(loaded) -> None:
    with Server(loaded, bundle=None) as server:
        for command in (["serve"], ["demo"], ["serve", "--host", "nowhere.invalid"]):
            failed = declared(*command, "--port", str(server.port), database=loaded, check=False)
            assert failed.returncode == 1
            assert failed.stderr.splitlines()[-1].startswith("declared: Nothing can listen at ")
            assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    ("options", "warned"),
    [
        (["--host", "0.0.0.0"], True),
        (["--host", "0.0.0.0", "--public-url", "https://results.example.org"], False),
        (["--host", "127.0.0.1"], False),
    ],
)
def test_who_listens_beyond_this_machine_without_an_own_address_is_warned_in_a_line(database, options, warned) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = declared("serve", "--port", port, *options, database=database, check=False).stderr.splitlines()
    assert ["--public-url" in line for line in told] == ([True, False] if warned else [False])


@pytest.mark.parametrize("command", [["serve"], ["publish", "kent-2023", "--to", "site"]])
def test_a_public_url_that_is_no_address_is_refused_before_anything_is_done(database, tmp_path, command) -> None:
    refused = declared(*command, "--public-url", "https://me@results.example.org", database=database, check=False)
    assert refused.returncode == 2
    assert "'--public-url'" in refused.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_everything_declared_is_exported(loaded, tmp_path) -> None:
    with Server(loaded, bundle=None) as server, server.client() as client:
        for body in NIGHT[:3]:
            declare(client, body)
    written = declared("export", "kent-2023", "--format", "csv", "--output", tmp_path, database=loaded).stdout.strip()
    with Path(written).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    votes = {row["candidacy_id"]: int(row["votes"]) for row in rows if row["votes"]}
    assert votes == {key: value for body in NIGHT[:3] for key, value in body["votes"].items()}
    written = declared("export", "kent-2023", "--format", "councils-csv", "--output", tmp_path, database=loaded).stdout
    with Path(written.strip()).open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 13
    written = declared("export", "kent-2023", "--format", "json", "--output", tmp_path, database=loaded).stdout.strip()
    with Path(written).open(encoding="utf-8") as file:
        assert json.load(file)["seq"] == 3
    written = declared("export", "kent-2023", "--format", "dc-csv", "--output", tmp_path, database=loaded).stdout
    with Path(written.strip()).open(encoding="utf-8", newline="") as file:
        assert {row["ballot_paper_id"] for row in csv.DictReader(file)} == {body["ballot_id"] for body in NIGHT[:3]}


def test_a_backup_of_a_live_database_serves_the_same_night_under_another_epoch(loaded, tmp_path) -> None:
    copy = tmp_path / "copy.db"
    with Server(loaded, bundle=None) as server, server.client() as client:
        for body in NIGHT[:3]:
            declare(client, body)
        declared("backup", copy, database=loaded)
        before = client.get("/api/v1/elections/kent-2023").json()
    assert declared("backup", copy, database=loaded, check=False).returncode == 1, "a backup is never written over"
    with Server(f"sqlite:///{copy}", bundle=None) as restored, restored.client() as client:
        after = client.get("/api/v1/elections/kent-2023").json()
    assert after["epoch"] != before["epoch"]
    assert {**after, "epoch": ""} == {**before, "epoch": ""}


def test_verifying_finds_what_was_changed_behind_the_logs_back(loaded, tmp_path) -> None:
    with Server(loaded, bundle=None) as server, server.client() as client:
        for body in NIGHT[:5]:
            declare(client, body)
        assert declared("verify", "--url", server.url, database=loaded).returncode == 0
    connection = sqlite3.connect(tmp_path / "night.db")
    connection.execute("UPDATE entry SET body = replace(body, '1617', '1618') WHERE seq = 1")
    connection.commit()
    connection.close()
    found = declared("verify", database=loaded, check=False)
    assert found.returncode == 1
    assert "Entry 1 of “kent-2023” was altered" in found.stderr


def test_verifying_finds_a_server_that_shows_something_else(loaded, tmp_path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with Server(loaded, bundle=None) as server, Server(other) as elsewhere:
        with server.client() as client:
            declare(client, NIGHT[0])
        found = declared("verify", "--url", elsewhere.url, database=loaded, check=False)
    assert found.returncode == 1
    assert "the log says" in found.stderr


def test_the_demo_prints_where_to_look_replays_the_night_and_stops_cleanly(tmp_path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    demo = subprocess.Popen(
        [*DECLARED, "demo", "--port", "0", "--speed", "60"],
        cwd=PROJECT,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    told = ""
    assert demo.stderr is not None
    with demo.stderr as errors:
        deadline = time.monotonic() + 120
        for line in errors:
            told += line
            if "LAB gain Medway from CON" in line or time.monotonic() > deadline:
                break
        address = re.search(r"(http://127\.0\.0\.1:\d+)/elections/kent-2023\n", told)
        assert address is not None, told
        assert re.search(r"/desk\s+\(sign in as editor with \S{8,}\)", told)
        with strict_client(address[1]) as client:
            assert client.get("/elections/kent-2023").status_code == 200
        demo.send_signal(signal.SIGINT)
        told += errors.read()
    assert demo.wait(30) == 0, told
    assert "Traceback" not in told
    assert list(tmp_path.glob("declared-demo-*")) == [], "its database goes with it"
