"""Checking passwords: few at once, and so often a minute, without ever locking anybody out.

What counts is a failure; each goes out of mind a minute later. An account is tried by strangers as often as they like
to wait, but somebody who has signed in from an address before is counted apart there: nobody keeps an editor out by
guessing at his password from elsewhere. The count is in the database, so that all processes share it.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import TypeVar

from app.domain.names import name_key
from app.store import attempts, sessions, staff
from app.store.engine import Store
from app.store.errors import StoreError
from app.web.signing_in.failures import Failures

T = TypeVar("T")

PER_ACCOUNT = 5
PER_ADDRESS = 20

AT_ONCE = 2
"""Passwords hashed at the same time: each takes 64 MiB and a processor."""

MOST_WAITING = 50
"""Hashes in line, some seconds' work, beyond which no more is taken on."""


class TooManyTries(Exception):
    """Nothing was looked at; ``seconds`` from now it will be."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Try again in {seconds:.0f} seconds.")
        self.seconds = seconds


@dataclass(slots=True)
class Logins:
    """The door of the desk, of one server."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _executor: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="declared-passwords")
    )
    failures: Failures = field(default_factory=Failures)
    _waiting: int = 0

    async def sign_in(self, store: Store, name: str, password: str, *, address: str) -> staff.Staff | None:
        """Who that is, if the password is right; None for anything else, which takes the same time.

        Raises TooManyTries, and StoreUnavailable.
        """

        def check() -> staff.Staff | None:
            with store.reading() as connection:
                return staff.check_password(connection, name, password)

        def give_back() -> None:
            with store.writing() as connection:
                attempts.give_back(connection, taken)

        with self._in_line():
            taken = await asyncio.to_thread(self._taken, store, name, address)
            try:
                account = await self._hashed(check)
            except StoreError:
                await asyncio.to_thread(give_back)
                raise
            # Not so where the wait was broken off: hanging up early would be a way around the count.
            if account is not None:
                await asyncio.to_thread(give_back)
            return account

    async def hash(self, work: Callable[[], T]) -> T:
        """Runs ``work``, which hashes, with no more than one other; TooManyTries where too many wait."""
        with self._in_line():
            return await self._hashed(work)

    def close(self) -> None:
        """Takes on no more."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        if self._waiting >= MOST_WAITING:
            raise TooManyTries(5)
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    async def _hashed(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def _taken(self, store: Store, name: str, address: str) -> list[int]:
        """The ids of a try that counts for the account and for the address; TooManyTries where it has to wait."""
        here, now = network(address), self.clock()
        with store.reading() as connection:
            account = staff.named(connection, name)
            is_known = account is not None and sessions.has_been_at(connection, account, address)
            apart = f" at {here}" if is_known else ""
            limits = {f"at {here}": PER_ADDRESS, f"as {throttled(name)}{apart}": PER_ACCOUNT}
            wait = attempts.seconds_to_wait(connection, limits, now=now)
        taken: list[int] = []
        if not wait:
            # Whoever has to wait writes nothing, however often he asks.
            with store.writing() as connection:
                wait, taken = attempts.take(connection, limits, now=now)
        if wait:
            raise TooManyTries(wait)
        return taken


def throttled(name: str) -> str:
    """What the tries of an account are counted under, however its name is typed."""
    return name_key(name[: staff.LONGEST_TYPED])[: staff.LONGEST_NAME]


def network(address: str) -> str:
    """What one person can have many addresses of: of IPv6 the first half, of IPv4 the address itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
