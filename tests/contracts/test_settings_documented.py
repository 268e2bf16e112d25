"""``docs/settings.md`` has every setting as it is, and none that there is not."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import Settings

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text("utf-8")

ROW = re.compile(
    r'^\| <a id="(?P<anchor>[\w-]+)"></a>`(?P<option>--[\w-]+)` \| `(?P<variable>\w+)` \| (?P<default>[^|]+) \| '
    r"(?P<description>.+) \|$",
    re.MULTILINE,
)
ROWS = {row["variable"]: row.groupdict() for row in ROW.finditer(TEXT)}


def default_as_told(default):
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`" if default != "" else "empty"


def test_every_setting_is_documented_once_in_its_order_and_nothing_else():
    assert [row["variable"] for row in ROW.finditer(TEXT)] == [
        f"DECLARED_{setting.name.upper()}" for setting in fields(Settings)
    ]


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_a_setting_is_documented_as_it_is(setting):
    dashed = setting.name.replace("_", "-")
    assert ROWS[f"DECLARED_{setting.name.upper()}"] == {
        "anchor": dashed,
        "option": "--database" if setting.name == "database_url" else f"--{dashed}",
        "variable": f"DECLARED_{setting.name.upper()}",
        "default": default_as_told(setting.default),
        "description": setting.metadata["description"],
    }
