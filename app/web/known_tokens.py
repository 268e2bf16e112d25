"""API tokens that were looked up a moment ago: in a burst each post would otherwise ask the database who sends it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.store import tokens
from app.store.engine import Store

SECONDS = 1.0
"""How long a token is known: for so long another process's revocation may go unnoticed."""

MOST = 1000
"""Tokens that are known at once."""


@dataclass(slots=True)
class KnownTokens:
    """By their secrets, which stay in memory, and only for a second. What is not known is looked up every time."""

    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, tokens.Token]] = field(default_factory=dict)

    async def find(self, store: Store, secret: str) -> tokens.Token | None:
        """Whose ``secret`` this is; None where nobody's, or revoked."""
        now = self.clock()
        until, known = self._known.get(secret, (now, None))
        if now < until:
            return known
        found = await asyncio.to_thread(_look_up, store, secret)
        if found is None:
            self._known.pop(secret, None)
        else:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[secret] = (now + SECONDS, found)
        return found

    def forget(self) -> None:
        """Look each up anew: one was revoked here."""
        self._known.clear()


def _look_up(store: Store, secret: str) -> tokens.Token | None:
    with store.reading() as connection:
        return tokens.find_token(connection, secret)
