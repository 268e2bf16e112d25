"""Checking passwords: few at once, and so often a minute, without ever locking anybody out.

What counts is a failure; each goes out of mind a minute later. An account is tried by strangers as often as they like
to wait, but somebody who has signed in from an address before is counted apart there: nobody keeps an editor out by
guessing at his password from elsewhere. Each process counts for itself.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TypeVar

from app.domain.names import name_key
from app.store import sessions, staff
from app.store.engine import Store
from app.store.errors import StoreError
from app.web.failures import Failures

T = TypeVar("T")

PER_ACCOUNT = 5
PER_ADDRESS = 20
WINDOW = 60.0
"""Seconds."""

MOST_KEPT = 10_000
"""Accounts and addresses beyond which those are forgotten that are out of their minute."""

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
class Throttle:
    """How often each key failed in the last ``WINDOW`` seconds."""

    clock: Callable[[], float] = time.monotonic
    _failures: dict[str, deque[float]] = field(default_factory=dict)

    def take(self, key: str, most: int) -> float:
        """Counts a try of ``key``, for the time being as a failure; returns what ``give_back`` takes.

        Raises TooManyTries where there were ``most`` already.
        """
        now = self.clock()
        if len(self._failures) >= MOST_KEPT:
            self._failures = {known: times for known, times in self._failures.items() if times[-1] > now - WINDOW}
        times = self._failures.setdefault(key, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= most:
            raise TooManyTries(times[0] + WINDOW - now)
        times.append(now)
        return now

    def give_back(self, key: str, taken: float) -> None:
        """The try was none: it succeeded, or was not made."""
        times = self._failures.get(key)
        if times is not None:
            with suppress(ValueError):
                times.remove(taken)
            if not times:
                del self._failures[key]


@dataclass(slots=True)
class Logins:
    """The door of the desk, of one server."""

    throttle: Throttle = field(default_factory=Throttle)
    _executor: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="declared-passwords")
    )
    failures: Failures = field(default_factory=Failures)
    _waiting: int = 0

    async def sign_in(self, store: Store, name: str, password: str, *, address: str) -> staff.Staff | None:
        """Who that is, if the password is right; None for anything else, which takes the same time.

        Raises TooManyTries, and StoreUnavailable.
        """

        def is_known() -> bool:
            with store.reading() as connection:
                account = staff.named(connection, name)
                return account is not None and sessions.has_been_at(connection, account, address)

        def check() -> staff.Staff | None:
            with store.reading() as connection:
                return staff.check_password(connection, name, password)

        here = network(address)
        apart = f" at {here}" if await asyncio.to_thread(is_known) else ""
        taken = self._taken({f"at {here}": PER_ADDRESS, f"as {throttled(name)}{apart}": PER_ACCOUNT})
        try:
            account = await self.hash(check)
        except (StoreError, TooManyTries):
            self._give_back(taken)
            raise
        # Not so where the wait was broken off: hanging up early would be a way around the count.
        if account is not None:
            self._give_back(taken)
        return account

    async def hash(self, work: Callable[[], T]) -> T:
        """Runs ``work``, which hashes, with no more than one other; TooManyTries where too many wait."""
        if self._waiting >= MOST_WAITING:
            raise TooManyTries(5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Takes on no more."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _taken(self, keys: dict[str, int]) -> dict[str, float]:
        """A try counted under every key, or under none."""
        taken: dict[str, float] = {}
        try:
            for key, most in keys.items():
                taken[key] = self.throttle.take(key, most)
        except TooManyTries:
            self._give_back(taken)
            raise
        return taken

    def _give_back(self, taken: dict[str, float]) -> None:
        for key, at in taken.items():
            self.throttle.give_back(key, at)


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
