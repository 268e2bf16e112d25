"""The examples in ``docs/api.md`` are what a real server answers on the bundled night."""

import json
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.running import KENT, Server, declare, post

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
NIGHT = [json.loads(line) for line in (KENT / "night.jsonl").read_text("utf-8").splitlines()]
LEFT_OUT = "…"

EXAMPLE = re.compile(
    r"^`GET (?P<path>[^`]+)` after entry (?P<seq>\d+)(?: answers (?P<status>\d+))?[.:,][^`]*?\n\n"
    r"```json\n(?P<body>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)
POSTED = re.compile(
    r"^`POST (?P<path>[^`]+)` of the night’s line (?P<line>\d+) with `\"confirm\": (?P<confirm>[^`]+)` answers 201:\n\n"
    r"```json\n(?P<body>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)


def differences(shown: Any, answered: Any, where: str = "") -> list[str]:
    """Where an answer is not as shown; ``…`` stands for any value, further members or further items."""
    if shown == LEFT_OUT:
        return []
    if isinstance(shown, dict) and isinstance(answered, dict):
        missing = [f"{where}.{key} is not there" for key in shown if key not in answered and key != LEFT_OUT]
        more = [] if LEFT_OUT in shown else [f"{where}.{key} is not shown" for key in answered if key not in shown]
        inside = [
            told
            for key in shown
            if key in answered
            for told in differences(shown[key], answered[key], f"{where}.{key}")
        ]
        return missing + more + inside
    if isinstance(shown, list) and isinstance(answered, list):
        items = [item for item in shown if item != LEFT_OUT]
        if len(items) > len(answered) or (LEFT_OUT not in shown and len(items) != len(answered)):
            return [f"{where} has {len(answered)} items"]
        return [
            told
            for number, item in enumerate(items)
            for told in differences(item, answered[number], f"{where}[{number}]")
        ]
    return [] if shown == answered else [f"{where} is {answered!r}, not {shown!r}"]


def test_every_example_is_what_a_server_answers(tmp_path) -> None:
    examples = sorted(EXAMPLE.finditer(DOCUMENT), key=lambda example: int(example["seq"]))
    (posted,) = POSTED.finditer(DOCUMENT)
    assert len(examples) + 1 == DOCUMENT.count("```json"), "an example is not in the form that is tried"
    with Server(f"sqlite:///{tmp_path / 'night.db'}") as server, server.client() as client:
        declared = 0
        for example in examples:
            while declared < int(example["seq"]):
                declared += 1
                if declared == int(posted["line"]):
                    assert not _posted(client, posted)
                else:
                    declare(client, NIGHT[declared - 1])
            answer = client.get(example["path"])
            assert answer.status_code == int(example["status"] or 200)
            assert not differences(json.loads(example["body"]), answer.json()), example["path"]
        assert declared >= int(posted["line"])


def _posted(client: httpx2.Client, example: re.Match[str]) -> list[str]:
    body = {**NIGHT[int(example["line"]) - 1], "confirm": json.loads(example["confirm"])}
    assert example["path"] == "/api/v1/elections/kent-2023/declarations"
    answer = post(client, body)
    assert answer.status_code == 201, answer.text
    return differences(json.loads(example["body"]), answer.json())


@pytest.mark.parametrize(
    ("shown", "answered"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, LEFT_OUT: LEFT_OUT}, {"b": 1}),
        ([1], [1, 2]),
        ([1, 3, LEFT_OUT], [1, 2, 3]),
        ([1, 2], [1]),
    ],
)
def test_a_difference_is_seen(shown: Any, answered: Any) -> None:
    assert differences(shown, answered)


def test_what_is_left_out_is_no_difference() -> None:
    assert not differences({"a": LEFT_OUT, LEFT_OUT: LEFT_OUT}, {"a": {"x": 1}, "b": 2})
    assert not differences([1, LEFT_OUT], [1, 2, 3])
