"""The database as a server finds it when it starts: perhaps not there yet, perhaps not whole."""

import logging
import time

from app.store.engine import Store
from app.store.errors import StoreUnavailable

PAUSE = 0.5
"""Seconds between two tries."""

SAID_EVERY = 60.0
"""Seconds between two lines about the wait."""

_logger = logging.getLogger(__name__)


def make_ready(store: Store, *, patience: float) -> None:
    """Brings the schema up to date and looks for damage, once the database is there: for ``patience`` seconds at most.

    Raises StoreUnavailable when that has run out, and at once for what no waiting mends; NewerDatabase.
    """
    began = time.monotonic()
    said_at: float | None = None
    while True:
        try:
            store.migrate()
            store.refuse_damaged()
        except StoreUnavailable as error:
            now = time.monotonic()
            if not error.is_away:
                raise
            if now - began >= patience:
                raise StoreUnavailable(f"{error} Given up after {now - began:.0f} s.") from error
            if said_at is None or now - said_at >= SAID_EVERY:
                said_at = now
                _logger.warning("%s Waiting for it; giving up in %.0f s.", error, patience - (now - began))
            time.sleep(min(PAUSE, patience))
        else:
            if said_at is not None:
                _logger.warning("The database is there, after %.0f s.", time.monotonic() - began)
            return
