"""The rules that stand in Python and in JavaScript: one file of cases each, which both have to meet.

``test_in_python.py`` runs them on the server's rule, ``tests/browser/test_shared_cases.py`` on the browser's module.
"""

import json
from pathlib import Path
from typing import Any


def cases(rule: str) -> Any:
    """What ``RULE.json`` holds."""
    return json.loads((Path(__file__).parent / f"{rule}.json").read_text("utf-8"))
