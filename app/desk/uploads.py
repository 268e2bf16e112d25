"""A file that a browser sends in a form."""

import asyncio
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

from starlette.requests import Request

from app.web.errors import Problem
from app.web.receiving import received

AROUND = 16 * 1024
"""Bytes that a form may have beside its file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: what it is called there, and what is in it."""

    name: str
    content: bytes


async def upload_of(request: Request, field: str, what: str, *, largest: int, patience: float | None = None) -> Upload:
    """The file in ``field`` of a form (RFC 7578), ``what`` it is to be, of ``largest`` bytes.

    Raises Problem: 413, 408 as ``received`` does, and 422 where there is none.
    """
    media_type = request.headers.get("Content-Type", "")
    body = await received(request, what, largest=largest + AROUND, patience=patience)
    head = f"Content-Type: {media_type}\r\n\r\n".encode("latin-1", errors="replace")
    form = await asyncio.to_thread(BytesParser(policy=HTTP).parsebytes, head + body)
    for part in form.walk():
        if part.get_param("name", header="content-disposition") == field and not part.is_multipart():
            return Upload(part.get_filename() or "", _content(part))
    raise Problem(422, "No file came with this form: choose one.")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
