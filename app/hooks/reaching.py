"""One POST to an address that somebody gave us: to the world outside, and to nothing of our own unless it is allowed.

A name is resolved once, what it resolves to is judged, and the connection goes to that very address: a name that means
something else a moment later leads nowhere else. Nothing is followed, and of an answer little is read.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx2

from app.process.networks import Network, is_ours, is_outside
from app.store.errors import HookRefused

MOST_READ = 300
"""Bytes of an answer that are read, to tell why it was refused."""

LONGEST_PAUSE = 3600
"""Seconds that an answer may ask us to wait."""

LONGEST_URL = 2000


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a message, in a line; ``pause`` is how many seconds the answer asks us to wait."""

    is_taken: bool
    told: str
    pause: float = 0.0


def check_url(url: str) -> str:
    """``url``, where it is one that could be sent to; HookRefused with what is wrong."""
    try:
        parts, read = urlsplit(url), httpx2.URL(url)
        port = parts.port
    except (ValueError, httpx2.InvalidURL) as error:
        raise HookRefused(f"That is no address such as https://example.org/hook: {error}.") from None
    if parts.scheme not in {"https", "http"} or not read.host or port == 0 or len(url) > LONGEST_URL:
        raise HookRefused("That is no address such as https://example.org/hook.")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise HookRefused("An address with a name, a password or a # in it is not sent to.")
    return url


async def address_of(url: str, networks: Sequence[Network]) -> str:
    """The one address that ``url`` is reached at; HookRefused where that is not to be reached.

    Where a name means several, all of them have to be out in the world, or all in ``networks``. OSError where it means
    none.
    """
    parts = httpx2.URL(url)
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
    addresses = [str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found]
    if addresses and all(is_ours(address, networks) for address in addresses):
        return addresses[0]
    if not addresses or not all(is_outside(address) for address in addresses):
        raise HookRefused("It is on a network of our own, which hooks may not reach: --hook-networks allows one.")
    if parts.scheme != "https":
        raise HookRefused("Without https it would be read on its way: http is for allowed networks alone.")
    return addresses[0]


class Reaching:
    """Sends messages, each in ``seconds`` or not at all."""

    def __init__(self, networks: Sequence[Network], seconds: float) -> None:
        self._networks = networks
        self._seconds = seconds
        self._client: httpx2.AsyncClient | None = None

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """What came of it; nothing is raised that the other side has a part in."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._sent(url, body, headers)
        except HookRefused as error:
            return Answered(is_taken=False, told=f"not sent: {error}")
        except (TimeoutError, httpx2.TimeoutException):
            return Answered(is_taken=False, told=f"no answer in {self._seconds:g} s")
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            # What the system and TLS say of it; never the address, which may be a secret.
            return Answered(
                is_taken=False, told=f"cannot be reached ({str(error)[:MOST_READ] or type(error).__name__})"
            )

    def _opened(self) -> httpx2.AsyncClient:
        """Made for the first message: most servers send none, and a quarter of a start went into whom to trust."""
        if self._client is None:
            # None stays open: two names at one address would share a connection that was made for one of them.
            self._client = httpx2.AsyncClient(
                verify=ssl.create_default_context(),
                trust_env=False,
                follow_redirects=False,
                timeout=self._seconds,
                limits=httpx2.Limits(max_keepalive_connections=0),
            )
        return self._client

    async def _sent(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        named = httpx2.URL(url)
        pinned = named.copy_with(host=await address_of(url, self._networks))
        asked = {**headers, "Host": named.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        extensions = {"sni_hostname": named.raw_host.decode("ascii")}
        sending = self._opened().stream("POST", pinned, content=body, headers=asked, extensions=extensions)
        async with sending as answer:
            if answer.is_success:
                return Answered(is_taken=True, told=f"HTTP {answer.status_code}")
            said = await _beginning(answer)
        told = f"HTTP {answer.status_code}{f': {said}' if said else ''}"
        return Answered(is_taken=False, told=told, pause=_pause(answer.headers.get("Retry-After", "")))


async def _beginning(answer: httpx2.Response) -> str:
    """How an answer begins, in one line."""
    read = b""
    async for piece in answer.aiter_raw():
        read += piece
        if len(read) >= MOST_READ:
            break
    printable = (it if it.isprintable() else " " for it in read[:MOST_READ].decode("utf-8", "replace"))
    return " ".join("".join(printable).split())


def _pause(asked: str) -> float:
    """Seconds of a Retry-After; one that is a date is let pass."""
    try:
        return max(0.0, min(float(asked), LONGEST_PAUSE))
    except ValueError:
        return 0.0
