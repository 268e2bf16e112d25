"""Addresses that whoever runs a server gives it: its own as readers see it, who may frame it, where it listens."""

import re
from contextlib import suppress
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address

_LABEL = r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_LABEL}(?:\.{_LABEL})*|\[(?P<six>[0-9a-f:.]+)\])(?::(?P<port>[0-9]{{1,5}}))?/?"
)
_USUAL_PORTS = {"http": 80, "https": 443}
_LONGEST_HOST = 253

_SOURCES = re.compile(r"[!-+\--:<-~ ]*")
"""Sources of Content-Security-Policy with spaces between: visible ASCII but ``,`` and ``;``, which end a list."""


def origin(text: str) -> str:
    """``scheme://host[:port]`` as browsers spell an origin (RFC 6454); empty for nothing.

    ValueError, with what to write instead, for whatever else it is: a path too, as every page links to ``/``.
    """
    if not text:
        return ""
    found = _ORIGIN.fullmatch(text.lower())
    if found is None or not _is_host(found["host"], found["six"]) or not _is_port(found["port"]):
        raise ValueError(
            f"“{text}” is not an address such as https://results.example.org: http or https, a host (in its xn-- form"
            " if it has other letters than a to z), perhaps a port, and nothing after it."
        )
    scheme, port = found["scheme"], found["port"]
    shown = "" if port is None or int(port) == _USUAL_PORTS[scheme] else f":{int(port)}"
    return f"{scheme}://{found['host']}{shown}"


def _is_host(host: str, six: str | None) -> bool:
    """Whether what is spelt like a host can be one: a name that ends in a number has to be an IPv4 address."""
    try:
        if six is not None:
            return bool(IPv6Address(six))
        if host.rpartition(".")[2].isdecimal():
            return bool(IPv4Address(host))
    except AddressValueError:
        return False
    return len(host) <= _LONGEST_HOST


def _is_port(port: str | None) -> bool:
    return port is None or 0 < int(port) <= 65535


def frame_sources(text: str) -> str:
    """``text``, where it is sources for ``frame-ancestors`` and nothing that would begin another directive.

    ValueError otherwise.
    """
    if not _SOURCES.fullmatch(text):
        raise ValueError(
            f"“{text}” are not origins with spaces between, such as https://example.org https://*.example.com."
        )
    return text


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at ``host``; not assumed of any name but ``localhost``."""
    if host.lower() == "localhost":
        return True
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return False
