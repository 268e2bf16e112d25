"""What a client has already, and in which coding it takes what it has not (RFC 9110): read here, and nowhere else."""

import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Scope

LONGEST_KNOWN = 2048
"""Bytes of an If-None-Match that are worth reading: room for some thirty of our own tags."""

LONGEST_ACCEPTED = 256
"""Bytes of an Accept-Encoding that are worth reading; a longer one is answered uncompressed."""

LISTS = (b"if-none-match", b"accept-encoding")
"""Headers that are one list, however many lines they come in (5.3)."""

OPAQUE_TAG = re.compile(rb'"[!#-~\x80-\xff]*"')
"""What of an entity tag is compared where a weak one is as good as a strong one (8.8.3)."""

QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?")
"""A weight (12.4.2)."""


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """By name. Of two the first, as the app behind reads them: what it makes for a Host is not kept for another."""
    lines = scope["headers"]
    headers = dict(reversed(lines))
    if len(headers) < len(lines):
        for name in headers.keys() & LISTS:
            headers[name] = b", ".join(value for other, value in lines if other == name)
    return headers


def is_known(etag: bytes, if_none_match: bytes) -> bool:
    """Whether a client has what our own, strong ``etag`` names: in a list, weak or not, or whatever it is (13.1.2)."""
    if if_none_match == etag:
        return True
    if len(if_none_match) > LONGEST_KNOWN:
        return False
    return if_none_match.strip() == b"*" or etag in OPAQUE_TAG.findall(if_none_match)


def unchanged(scope: Scope, headers: Mapping[str, str]) -> Response | None:
    """304 with ``headers``, to a client that has what their ``ETag`` names; None where it has not."""
    known = is_known(headers["ETag"].encode(), headers_of(scope).get(b"if-none-match", b""))
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers) if known else None


def best_coding(accepted: bytes, among: tuple[str, ...] = ("br", "gzip")) -> str:
    """The first of these codings that an Accept-Encoding takes: identity for who says too much about it."""
    return _best(accepted, among) if len(accepted) <= LONGEST_ACCEPTED else "identity"


@lru_cache(maxsize=256)
def _best(accepted: bytes, among: tuple[str, ...]) -> str:
    """A coding with ``q=0`` is refused by the client."""
    weights: dict[str, float] = {}
    for part in accepted.decode("latin-1").split(","):
        name, _, parameter = part.strip().partition(";")
        quality = parameter.strip().removeprefix("q=") or "1"
        weights[name.strip().lower()] = float(quality) if QUALITY.fullmatch(quality) else 0.0
    return next((coding for coding in among if weights.get(coding, 0) > 0), "identity")
