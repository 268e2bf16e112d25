"""The bodies of requests, read as they come: never beyond what is allowed, and not for ever."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from app.web.errors import Problem
from app.web.parts import parts_of

LARGEST = 64 * 1024
"""Bytes. The largest form, of some fifty fields, and the largest declaration fit many times over."""


async def received(request: Request, what: str, *, largest: int = LARGEST, patience: float | None = None) -> bytes:
    """The body; raises Problem: 413 where ``what`` it is to be is too large, 408 and 400 where it does not arrive.

    Whoever sends half of one would keep a connection for nothing. ``patience`` is for how many seconds it is waited
    for, where that is not what is set.
    """
    patience = parts_of(request).settings.body_seconds if patience is None else patience
    body = bytearray()
    try:
        async with asyncio.timeout(patience):
            async for chunk in request.stream():
                body += chunk
                if len(body) > largest:
                    raise Problem(413, f"{what} has at most {largest:,} bytes.")
    except TimeoutError:
        late = f"{what} has to arrive within {patience:g} seconds. Send it again."
        raise Problem(408, late, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        # Nobody reads this; but it is nothing to fill the log with.
        raise Problem(400, f"{what} has to arrive whole.") from None
    return bytes(body)
