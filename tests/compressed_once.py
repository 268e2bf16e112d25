"""Static files compressed once for all servers of tests: it takes each that a browser goes to half a second."""

import hashlib
import os
import threading

import brotli

from app.web.reads import reading
from app.web.reads.reading import WELL, Effort
from tests.running import PROJECT

KEPT = PROJECT / "build" / "compressed"

_compressed = reading._compressed


def compressed_once(body: bytes, coding: str, effort: Effort) -> bytes:
    """What compressing yields, byte for byte; kept by what it was made of, so that it holds for later runs too."""
    if effort is not WELL or coding != "br":
        return _compressed(body, coding, effort)
    kept = KEPT / f"{hashlib.sha256(body).hexdigest()}-{brotli.__version__}-{effort.brotli}.br"
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        whole = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        whole.write_bytes(_compressed(body, coding, effort))
        whole.replace(kept)
    return kept.read_bytes()
