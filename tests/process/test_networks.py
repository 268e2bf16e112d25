"""Networks: which addresses are out in the world, however they are written, and which of our own are allowed."""

import pytest

from app.process.networks import is_ours, is_outside, networks_in, spelt_networks

OUTSIDE = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]

OURS = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:100.64.0.1",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2001:0:7f00:1::1",
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_in_the_world_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize("address", OURS)
def test_an_address_of_ones_own_is_not_however_it_is_written(address: str) -> None:
    assert not is_outside(address)


def test_networks_are_read_and_spelt_as_they_are_and_what_is_none_is_said() -> None:
    allowed = networks_in("10.0.0.0/8, fd00::/8 127.0.0.1")
    assert is_ours("10.200.0.1", allowed)
    assert is_ours("fd00::7", allowed)
    assert is_ours("127.0.0.1", allowed)
    assert not is_ours("127.0.0.2", allowed)
    assert not is_ours("192.168.0.1", allowed)
    assert spelt_networks("10.0.0.0/8,127.0.0.1") == "10.0.0.0/8 127.0.0.1/32"
    assert spelt_networks("") == ""
    for wrong in ("10.0.0.1/8", "internal", "10.0.0.0/33"):
        with pytest.raises(ValueError, match="is no network such as"):
            networks_in(wrong)
