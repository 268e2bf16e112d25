"""A file that a browser sends, and its rows on their way through the forms that follow."""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from starlette.requests import Request

from app.bundles.spreadsheets import LARGEST, TOO_LARGE, NotASpreadsheet, Sheet
from app.web.errors import Problem
from app.web.receiving import received

AROUND = 16 * 1024
"""Bytes that a form may have beside its file."""
LARGEST_PACKED = 1024 * 1024
"""Characters of the rows in a form, and of the form."""
MOST_UNPACKED = 16 * 1024 * 1024
"""Bytes of the rows: what is packed in a form came from a browser, and may be anything."""

ROWS_LOST = "The rows of the file did not come back as they were. Hand the file in again."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: what it is called there, and what is in it."""

    name: str
    content: bytes


async def upload_of(request: Request, field: str) -> Upload:
    """The file in ``field`` of a form (RFC 7578); raises Problem: 413 and 408, and 422 where there is none."""
    media_type = request.headers.get("Content-Type", "")
    body = await received(request, "A spreadsheet", largest=LARGEST + AROUND)
    head = f"Content-Type: {media_type}\r\n\r\n".encode("latin-1", errors="replace")
    form = BytesParser(policy=HTTP).parsebytes(head + body)
    for part in form.walk():
        if part.get_param("name", header="content-disposition") == field and not part.is_multipart():
            return Upload(part.get_filename() or "", _content(part))
    raise Problem(422, "No file came with this form: choose one.")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def packed(sheets: Sequence[Sheet]) -> str:
    """``sheets`` in a field of a form; raises NotASpreadsheet where they are too large for one."""
    rows = json.dumps([[sheet.name, sheet.rows] for sheet in sheets])
    field = base64.b64encode(zlib.compress(rows.encode(), 9)).decode("ascii")
    if len(rows) > MOST_UNPACKED or len(field) > LARGEST_PACKED // 2:
        raise NotASpreadsheet(TOO_LARGE)
    return field


def unpacked(field: str) -> tuple[Sheet, ...]:
    """The sheets in a field; raises Problem, 422."""
    try:
        opened = zlib.decompressobj()
        rows = json.loads(opened.decompress(base64.b64decode(field, validate=True), MOST_UNPACKED))
        return tuple(Sheet(str(name), tuple(tuple(map(str, row)) for row in table)) for name, table in rows)
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError):
        raise Problem(422, ROWS_LOST) from None
