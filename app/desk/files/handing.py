"""The rows of a file on their way through the forms that follow."""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence

from app.bundles.spreadsheet_worker import TOLD_TOO_LARGE
from app.bundles.spreadsheets import NotASpreadsheet, Sheet
from app.web.errors import Problem

LARGEST_PACKED = 1024 * 1024
"""Characters of the rows in a form, and of the form."""
MOST_UNPACKED = 16 * 1024 * 1024
"""Bytes of the rows: what is packed in a form came from a browser, and may be anything."""

ROWS_LOST = "The rows of the file did not come back as they were. Hand the file in again."


def packed(sheets: Sequence[Sheet]) -> str:
    """``sheets`` in a field of a form; raises NotASpreadsheet where they are too large for one."""
    rows = json.dumps([[sheet.name, sheet.rows] for sheet in sheets])
    field = base64.b64encode(zlib.compress(rows.encode(), 9)).decode("ascii")
    if len(rows) > MOST_UNPACKED or len(field) > LARGEST_PACKED // 2:
        raise NotASpreadsheet(TOLD_TOO_LARGE)
    return field


def unpacked(field: str) -> tuple[Sheet, ...]:
    """The sheets in a field; raises Problem, 422."""
    try:
        opened = zlib.decompressobj()
        rows = json.loads(opened.decompress(base64.b64decode(field, validate=True), MOST_UNPACKED))
        return tuple(Sheet(str(name), tuple(tuple(map(str, row)) for row in table)) for name, table in rows)
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError):
        raise Problem(422, ROWS_LOST) from None
