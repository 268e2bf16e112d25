"""``docs/webhooks.md`` is how it is: its example, its schema, and both ways to check a signature."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import pytest

from app.domain.alerts import AlertKind
from app.hooks.bodies import body_of
from app.hooks.telling import signed, trial
from app.store.hooks import HookForm
from tests.hooks.test_telling import HOOK, SECRET, told

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text("utf-8")
EXAMPLE, SCHEMA = map(json.loads, re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))
PYTHON, SHELL = (re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)[1] for language in ("python", "sh"))


def test_every_kind_is_told_and_none_that_there_is_not():
    assert re.findall(r"^\| `([a-z-]+)` \| ", TEXT, re.MULTILINE) == [kind.value for kind in AlertKind]


@pytest.mark.parametrize("message", [told(), told(public_url=""), trial(datetime.now(UTC), "1")])
def test_what_is_sent_is_as_the_schema_and_the_example_say(message):
    body = json.loads(body_of(message, HookForm.JSON))
    validator = jsonschema_rs.validator_for(SCHEMA)
    validator.validate(EXAMPLE)
    validator.validate(body)
    assert (body.keys(), body["data"].keys()) == (EXAMPLE.keys(), EXAMPLE["data"].keys())
    assert body["data"].keys() == set(SCHEMA["properties"]["data"]["required"])


def test_the_python_that_checks_a_signature_does():
    body = body_of(told(), HookForm.JSON)
    written: dict = {}
    exec(PYTHON, written)  # it is ours, and what readers will run
    is_from_declared = written["is_from_declared"]
    headers = signed(HOOK, told().message_id, body, datetime.now(UTC))
    assert is_from_declared(SECRET, headers, body)
    assert not is_from_declared(SECRET, headers, body + b" ")
    assert not is_from_declared("whsec_AAAA", headers, body)
    assert not is_from_declared(SECRET, signed(HOOK, "1", body, datetime(2026, 1, 1, tzinfo=UTC)), body)


def test_the_shell_that_checks_a_signature_does(tmp_path):
    body = body_of(told(), HookForm.JSON)
    (tmp_path / "body").write_bytes(body)
    headers = signed(HOOK, told().message_id, body, datetime.now(UTC))
    given = {name.upper().replace("-", "_"): value for name, value in headers.items() if name.startswith("webhook-")}

    def checked(secret: str) -> str:
        environment = {"PATH": os.environ["PATH"], "SECRET": secret, **given}
        command = ["sh", "-c", SHELL]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=False
        ).stdout

    assert checked(SECRET) == "from Declared\n"
    assert checked("whsec_AAAA") == "not from Declared\n"
