"""Recorded nights: ``night.jsonl``, one declaration a line as it would be posted, each with the time it was made."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from app.bundles.tables import LIKE_A_MOMENT, NO_MOMENT, BundleError, Fault, cut, moment_from
from app.domain.declarations import KIND_OF
from app.process.strict_json import JsonFault, NotJson, strict_json

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. The largest night of all, every ward of the United Kingdom at once, is a tenth of this."""

LONGEST_LINE = 64 * 1024
"""Bytes: a declaration that is longer would not be taken over HTTP either."""

_MARKS_OF_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

KINDS = frozenset(KIND_OF.values()) - {"passed_over", "catalogue"}


@dataclass(frozen=True, slots=True)
class RecordedLine:
    """One declaration of a recorded night: where it stands in the file (from 1), when it was made, what is posted."""

    line: int
    at: datetime
    body: Mapping[str, Any]


def read_night(path: Path) -> tuple[RecordedLine, ...]:
    """The declarations in the file ``path``, in the order of the file.

    Raises BundleError, with every line that cannot be posted, or when the file cannot be read.
    """
    faults: list[Fault] = []
    text = read_text(path, faults)
    lines = night_lines(path.name, text or "", faults)
    if faults:
        raise BundleError(faults)
    return lines


def read_text(path: Path, faults: list[Fault], remarks: list[str] | None = None) -> str | None:
    """The text of a file, without its byte order mark; None, and a fault, where it cannot be read.

    In UTF-8. Where there are ``remarks`` to leave one in, what spreadsheets save otherwise (Windows-1252, UTF-16 with
    its mark) is read as well.
    """
    data = read_bytes(path, faults)
    if data is None:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = Fault(path.name, line, f"is not UTF-8 (byte 0x{data[error.start]:02X})", "save it as UTF-8")
    encoding, name = ("utf-16", "UTF-16") if data.startswith(_MARKS_OF_UTF_16) else ("cp1252", "Windows-1252")
    text = data.decode(encoding, errors="replace")
    # No text at all: a spreadsheet or a picture under a name that ends in .csv.
    if remarks is None or "\0" in text or "\N{REPLACEMENT CHARACTER}" in text:
        faults.append(fault)
        return None
    remarks.append(f"{path.name} is not UTF-8; it was read as {name}: look at the letters with accents.")
    return text


def read_bytes(path: Path, faults: list[Fault]) -> bytes | None:
    """What a file holds; None, and a fault, where it is none, is too large or cannot be read."""
    try:
        # A directory or a pipe under the name of a file would be an error of its own, or a wait without end.
        if path.exists() and not path.is_file():
            told = "is not a file", "put the file itself there"
        elif path.stat().st_size > LARGEST_FILE:
            told = f"is larger than {LARGEST_FILE // 1024**2} MB", "take out what is not of this election"
        else:
            return path.read_bytes()
    except FileNotFoundError:
        told = "is missing", "put it there"
    except OSError as error:
        told = f"cannot be read ({error.strerror})", "see that you may read it, and that its disk is whole"
    faults.append(Fault(path.name, None, *told))
    return None


def night_lines(file: str, text: str, faults: list[Fault]) -> tuple[RecordedLine, ...]:
    """The declarations in ``text``; a line that is not one leaves a fault. Empty lines are skipped."""
    found = []
    # Not splitlines(): that would also split at characters which JSON allows inside a string, such as U+2028.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(_recorded(number, line))
        except _NotADeclaration as error:
            faults.append(Fault(file, number, error.reason, error.remedy))
    return tuple(found)


class _NotADeclaration(ValueError):
    """Why a line cannot be posted, and what to do about that."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def _recorded(number: int, line: str) -> RecordedLine:
    body = _object_in(line)
    if not isinstance(body.get("kind"), str) or body["kind"] not in KINDS:
        told = f"kind {_shown(body, 'kind')} is none of {', '.join(sorted(KINDS))}"
        raise _NotADeclaration(told, "write one of those")
    moment = moment_from(body["at"]) if isinstance(body.get("at"), str) else None
    if moment is None:
        raise _NotADeclaration(f"at {_shown(body, 'at')} {NO_MOMENT}", LIKE_A_MOMENT)
    return RecordedLine(number, moment, body)


def _object_in(line: str) -> Mapping[str, Any]:
    written = line.encode("utf-8", "replace")
    if len(written) > LONGEST_LINE:
        raise _NotADeclaration(f"is longer than {LONGEST_LINE:,} bytes", "write one declaration on each line")
    try:
        body = strict_json(written)
    except NotJson as error:
        raise _NotADeclaration(*_told(error)) from None
    if not isinstance(body, dict):
        raise _NotADeclaration("is not a JSON object", "write one declaration on each line, from { to }")
    return body


def _told(error: NotJson) -> tuple[str, str]:
    """What is wrong with a line that is not strict JSON, and what to do about that."""
    match error.fault:
        case JsonFault.SYNTAX:
            where = str(error.part).replace("line 1, ", "")
            return f"is not JSON ({where})", "look at the quotes, commas and brackets there"
        case JsonFault.TWICE:
            return f"has the key “{cut(str(error.part))}” twice", "take one of the two out"
        case JsonFault.CONSTANT:
            return f"holds {error.part}, which is not JSON", "write a number"
        case JsonFault.HALF:
            return "holds half a character", "add the other half of an escape such as \\ud83d"
    return "is not JSON that can be read", "look for a number or brackets without end"


def _shown(body: Mapping[str, Any], key: str) -> str:
    return f"“{cut(str(body[key]))}”" if key in body else "is missing and"
