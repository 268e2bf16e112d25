"""Networks: which addresses are out in the world, and which of our own may be reached all the same."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as NAT64 writes them (RFC 6052)."""
_OLD = IPv6Network("::/96")
"""The same as they once were written (RFC 4291, 2.5.5.1)."""


def networks_in(text: str) -> tuple[Network, ...]:
    """``10.0.0.0/8 fd00::/8``; ValueError, with what is wrong, for anything else."""
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ip_network(part))
        except ValueError as error:
            raise ValueError(f"“{part}” is no network such as 10.0.0.0/8 or fd00::/8: {error}.") from None
    return tuple(found)


def spelt_networks(text: str) -> str:
    """The same as a setting has it."""
    return " ".join(map(str, networks_in(text)))


def is_ours(address: str, networks: Sequence[Network]) -> bool:
    """Whether ``address`` is in one of these networks."""
    return any(ip_address(address) in network for network in networks)


def is_outside(address: str) -> bool:
    """Whether ``address`` is out in the world, however it is written.

    This host, private and local networks, those of carriers, groups and what is reserved are not; nor is an IPv6
    address that stands for such an IPv4 one.
    """
    return all(map(_is_outside, _meant(ip_address(address))))


def _is_outside(address: IPv4Address | IPv6Address) -> bool:
    is_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (is_local or address.is_multicast or address.is_reserved)


def _meant(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """``address``, and the IPv4 address that it stands for."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _TRANSLATED or address in _OLD:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    if address not in _TRANSLATED:
        # Reserved it is, as is whatever begins so; what it stands for says where it leads.
        yield address
