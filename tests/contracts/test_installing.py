"""What is installed is what the locks list: nothing is resolved or built from source, here or in the image."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ["Makefile", "Dockerfile"]


def commands_of(recipe: str) -> list[str]:
    """Every call of pip but that for the locking tool, each on one line."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / recipe).read_text("utf-8"))
    calls = [call for call in re.split(r"\n|&&", text) if re.search(r"\bpip\b.* (install|check)\b", call)]
    return [call for call in calls if "uv==" not in call]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_lock_is_installed_as_it_stands_then_the_project_then_all_is_checked(recipe):
    lock, project, check = commands_of(recipe)
    assert {"--no-deps", "--only-binary", "--require-hashes"} <= set(lock.split())
    assert re.search(r"-r requirements\S*\.lock", lock)
    assert {"--no-deps", "--no-build-isolation"} <= set(project.split())
    assert check.split()[-1] == "check"
