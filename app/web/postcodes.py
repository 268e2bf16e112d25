"""The postcodes of every election, as the database had them a minute ago at most."""

import asyncio
import contextlib
import time
from dataclasses import dataclass, field

from app.domain.postcodes import Postcodes
from app.store.engine import Store
from app.store.errors import StoreUnavailable
from app.store.postcodes import load_postcodes

AGAIN_SECONDS = 60.0
"""After which they are read again, when somebody looks for something: no log tells that there are others."""


@dataclass(slots=True)
class KnownPostcodes:
    """In memory, so that what readers look for never goes to the database."""

    store: Store
    _known: dict[str, Postcodes] = field(default_factory=dict)
    """By the slug of an election that is served."""
    _due: dict[str, float] = field(default_factory=dict)
    """When they are to be read again."""
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, slug: str) -> Postcodes:
        """Those of an election; while the database cannot be read, what was known before."""
        if self._is_due(slug):
            async with self._reading:
                # Whoever waited for somebody else's reading has what came of it.
                if self._is_due(slug):
                    self._due[slug] = time.monotonic() + AGAIN_SECONDS
                    with contextlib.suppress(StoreUnavailable):
                        self._known[slug] = await asyncio.to_thread(self._read, slug)
        return self._known.get(slug, Postcodes())

    def _is_due(self, slug: str) -> bool:
        return time.monotonic() >= self._due.get(slug, 0.0)

    def _read(self, slug: str) -> Postcodes:
        with self.store.reading() as connection:
            return load_postcodes(connection, slug)
