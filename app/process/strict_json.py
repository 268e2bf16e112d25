"""JSON without what makes it ambiguous: what a declaration is written in, posted or recorded."""

import json
from collections import Counter
from enum import Enum
from typing import Any, NoReturn

MOST_DIGITS = 18
"""Of a whole number: more than those of any figure, and few enough for every reader of JSON."""


class JsonFault(Enum):
    """What is wrong with a text that should be strict JSON, as whoever wrote it is told after “The body”."""

    NOT_UTF8 = "is not UTF-8"
    SYNTAX = "is not JSON: {}"
    TWICE = "has “{}” twice in one object"
    CONSTANT = "has {}, which is not JSON"
    INFINITE = "has {}, which is too large a number"
    ENDLESS = "has a number of {} digits"
    DEEP = "is nested too deeply"
    HALF = "has half of a surrogate pair in a string"


class NotJson(Exception):
    """A text that is not one strict JSON value: what is wrong with it, and with which part of it."""

    def __init__(self, fault: JsonFault, part: object = "") -> None:
        super().__init__(f"The body {fault.value.format(part)}.")
        self.fault = fault
        self.part = part


def strict_json(raw: bytes) -> Any:
    """``raw`` as JSON (RFC 8259) with no name twice, nothing beyond every reader's numbers, and whole characters.

    Raises NotJson.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_not_endless,
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a surrogate pair cannot be stored or sent on
    except UnicodeDecodeError:
        raise NotJson(JsonFault.NOT_UTF8) from None
    except UnicodeEncodeError:
        raise NotJson(JsonFault.HALF) from None
    except RecursionError:
        raise NotJson(JsonFault.DEEP) from None
    except json.JSONDecodeError as error:
        told = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise NotJson(JsonFault.SYNTAX, told) from None
    return value


def compact_json(value: object) -> str:
    """``value`` as JSON for programs: no spaces, every letter as it is. ValueError for what JSON has no word for."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        times = Counter(name for name, _ in pairs)
        raise NotJson(JsonFault.TWICE, next(name for name, _ in pairs if times[name] > 1))
    return value


def _no_constant(text: str) -> NoReturn:
    raise NotJson(JsonFault.CONSTANT, text)


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise NotJson(JsonFault.INFINITE, text)
    return number


def _not_endless(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise NotJson(JsonFault.ENDLESS, len(text))
    return int(text)
