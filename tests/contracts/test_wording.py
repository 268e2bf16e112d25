"""What is said is said in one place, and whatever has to be said has its words."""

import ast
import inspect
import re
from pathlib import Path

from app.domain import against_other_wards, announced, checks, papers, soft_checks, superseding
from app.wording import findings

CHECKS = (checks, papers, announced, soft_checks, against_other_wards, superseding)


def told_in(tree: ast.Module) -> list[str]:
    """The texts of a module that read as words, but for docstrings, patterns and what is raised to who mends it."""
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and "ValueError" in ast.unparse(node)]
    descriptions = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    patterns = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
    ]
    silent = {id(inner) for node in (*raised, *descriptions, *patterns) if node is not None for inner in ast.walk(node)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in silent)
    return [node.value for node in constants if isinstance(node.value, str) and re.search(r"[a-z]+ [a-z]+", node.value)]


def test_the_domain_makes_no_prose():
    modules = sorted(Path(checks.__file__).parent.rglob("*.py"))
    assert {path.name: told_in(ast.parse(path.read_text("utf-8"))) for path in modules} == {
        path.name: [] for path in modules
    }
    assert told_in(ast.parse("def f(n):\n    return f'{n} seats are vacant'")) == [" seats are vacant"]


def test_everything_that_a_check_finds_has_its_sentence_and_every_sentence_is_found():
    texts = (Path(module.__file__).read_text("utf-8") for module in CHECKS)
    calls = (node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    found = {ast.literal_eval(call.args[2]) for call in calls if ast.unparse(call.func) == "found"}
    sentences = {
        name
        for name, function in inspect.getmembers(findings, inspect.isfunction)
        if function.__module__ == findings.__name__ and not name.startswith("_")
    }
    assert found == sentences - {"told"}
