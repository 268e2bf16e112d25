"""This server's side of the lease: whether it is the one that sends."""

import asyncio
import secrets
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from sqlalchemy import Connection

from app.store import hook_lease
from app.store.engine import Store
from app.store.errors import LeaseLost, StoreError
from app.store.writer import Writer

T = TypeVar("T")


class Lease:
    """Held or not. Whoever holds it stops sending before anybody else may begin, even where it cannot count on."""

    def __init__(self, store: Store, writer: Writer, seconds: float) -> None:
        self.holder = secrets.token_urlsafe(12)
        self._store = store
        self._writer = writer
        self._seconds = seconds
        self._renewed: float | None = None
        """When it was last certain that it is held here; None: it is not."""
        self._seen = (-1, 0.0)
        """The count of whoever holds it, and since when it has been that."""

    @property
    def is_held(self) -> bool:
        return self._renewed is not None and monotonic() - self._renewed < self._seconds * 2 / 3

    async def keep(self) -> bool:
        """Take it where it is free, count on where it is held here; whether it is. Raises StoreError."""
        if self._renewed is not None and monotonic() - self._renewed < self._seconds / 4:
            return True
        if self._renewed is not None:
            return await self._renew()
        count, is_left = await asyncio.to_thread(self._look)
        if count != self._seen[0]:
            self._seen = (count, monotonic())
        if not is_left and monotonic() - self._seen[1] < self._seconds:
            return False
        # Whatever comes of it: where it cannot be written, it is tried again only after as long.
        self._seen = (count, monotonic())
        begun = monotonic()
        is_taken = await self.write(lambda connection: hook_lease.take_lease(connection, self.holder, count))
        self._renewed = begun if is_taken else None
        return is_taken

    async def leave(self) -> None:
        """Have another server take it at once, where it is held here."""
        if self._renewed is not None:
            self._renewed = None
            await self.write(lambda connection: hook_lease.leave_lease(connection, self.holder))

    async def write(self, job: Callable[[Connection], T]) -> T:
        """What ``job`` returns, once it is committed; LeaseLost is noted."""
        try:
            return await asyncio.wrap_future(self._writer.submit(job))
        except LeaseLost:
            self._renewed = None
            raise

    async def _renew(self) -> bool:
        begun = monotonic()
        try:
            await self.write(lambda connection: hook_lease.renew_lease(connection, self.holder))
        except LeaseLost:
            return False
        except StoreError:
            if not self.is_held:
                self._renewed = None
            raise
        self._renewed = begun
        return True

    def _look(self) -> tuple[int, bool]:
        with self._store.reading() as connection:
            return hook_lease.beat(connection), hook_lease.is_left(connection)
