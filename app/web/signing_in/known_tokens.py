"""API tokens that were looked up a moment ago, and when each was last used.

In a burst each post would otherwise ask the database who sends it, and tell it that he did.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.store import people, tokens
from app.store.engine import Store
from app.store.errors import StoreError
from app.store.tokens import Token, TokenUse
from app.store.writer import Writer

SECONDS = 1.0
"""How long a token is known: for so long another process's revocation may go unnoticed."""

MOST = 1000
"""Tokens that are known at once."""

USES_SECONDS = 60.0
"""How often it is written which tokens were used."""


@dataclass(slots=True)
class KnownTokens:
    """By their secrets, which stay in memory, and only for a second. What is not known is looked up every time.

    That a token has expired is seen at each use, known or not: ``Token.ended`` says it of any moment.
    """

    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Token]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._known)

    async def find(self, store: Store, secret: str) -> Token | None:
        """Whose ``secret`` this is, or was; None where nobody's."""
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


class TokenUses:
    """When tokens were last used: remembered on the event loop, and written for all of them together."""

    def __init__(self, writer: Writer, *, seconds: float = USES_SECONDS) -> None:
        self._writer = writer
        self._seconds = seconds
        self._used: dict[int, TokenUse] = {}
        self._pause: asyncio.TimerHandle | None = None

    def note(self, token: Token, source: str) -> None:
        """``token`` is being used, from the address ``source``. Nobody waits until that is written."""
        self._used[token.token_id] = TokenUse(datetime.now(UTC), source)
        if self._pause is None:
            self._write()

    def close(self) -> None:
        """Hand over what has not been yet: the writer is to be closed after this."""
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        self._submit()

    def _write(self) -> None:
        """Now, and not again before the pause is over."""
        self._pause = None
        if self._used:
            self._submit()
            self._pause = asyncio.get_running_loop().call_later(self._seconds, self._write)

    def _submit(self) -> None:
        used, self._used = self._used, {}
        # Where it cannot be written nobody is refused, and the next use is written again.
        with suppress(StoreError):
            if used:
                self._writer.submit(lambda connection: people.note_tokens_used(connection, used))


def _look_up(store: Store, secret: str) -> Token | None:
    with store.reading() as connection:
        return tokens.find_token(connection, secret)
