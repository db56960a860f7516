"""Restrict the addresses from which packets are accepted."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

from renderer.errors import CaptureError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOOPBACK: Final[tuple[Network, ...]] = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_MAPPED: Final = IPv6Network("::ffff:0:0/96")
"""IPv4-mapped IPv6 addresses (RFC 4291, section 2.5.5.2)."""


class AllowList:
    """The addresses that a tracker may send from: the given ones, and always this machine.

    Args:
        addresses: IPv4 or IPv6 addresses (`192.168.1.20`, `fe80::1%eth0`) or networks
            (`192.168.1.0/24`, `fd00::/8`).

    Attributes:
        hosts: the given addresses of single machines, as written.

    Raises:
        CaptureError: one of them is neither an address nor a network.
    """

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        named = [(text, _network(text)) for text in addresses]
        self._networks = (*_LOOPBACK, *(network for _, network in named))
        self.hosts: Final = tuple(
            text.partition("/")[0] for text, network in named if network.num_addresses == 1
        )

    def __contains__(self, address: str) -> bool:
        try:
            found = parse_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    def remote(self, version: int) -> tuple[str, ...]:
        """Return the allowed networks of IP version 4 or 6, without loopback."""
        return tuple(
            str(network.network_address if network.num_addresses == 1 else network)
            for network in self._networks
            if network.version == version and not network.is_loopback
        )


def parse_address(text: str) -> Address:
    """Parse an address without its zone; an IPv4-mapped IPv6 address becomes IPv4.

    Raises:
        ValueError: the text is not an address.
    """
    address = ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped


def _network(text: str) -> Network:
    host, slash, length = text.partition("/")
    try:
        # Accept host bits: 192.168.1.20/24 means 192.168.1.0/24.
        network = ip_network(host.partition("%")[0] + slash + length, strict=False)
    except ValueError as error:
        raise CaptureError(
            f"Tracker address {text}",
            "is neither an IP address nor a network",
            "write it like 192.168.1.20, 192.168.1.0/24, fe80::1 or fd00::/8",
        ) from error
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        start = IPv4Address(int(network.network_address) & 0xFFFFFFFF)
        return IPv4Network((start, network.prefixlen - _MAPPED.prefixlen))
    return network
