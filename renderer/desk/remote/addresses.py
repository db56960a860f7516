"""Tell at which addresses the crew's phones reach this machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Final

import psutil

_EVERY: Final = {"0.0.0.0": 4, "::": 6, "": 4}
"""Addresses that stand for all of this machine's, with the version of those that they cover."""


def reachable_hosts(bind: str) -> list[str]:
    """Return the hosts to write into an address for the crew, the likeliest first.

    Args:
        bind: that is listened on.

    Returns:
        `bind` itself unless it stands for all addresses; those that are up in its place, private
        networks first; the loopback if no network is up. IPv6 is in brackets.
    """
    if bind not in _EVERY:
        return [_host(bind)]
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        address.address.partition("%")[0]
        for name, addresses in psutil.net_if_addrs().items()
        if name in up
        for address in addresses
    ]
    return [_host(one) for one in order_hosts(found, _EVERY[bind])] or [
        "127.0.0.1" if _EVERY[bind] == 4 else "[::1]"
    ]


def order_hosts(found: Sequence[str], version: int) -> list[str]:
    """Return the addresses of an IP version that another machine can reach, private ones first."""
    known = []
    for text in dict.fromkeys(found):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue  # A hardware address.
        is_usable = not (address.is_loopback or address.is_link_local or address.is_unspecified)
        if address.version == version and is_usable:
            known.append(address)
    return [str(one) for one in sorted(known, key=lambda one: not one.is_private)]


def _host(address: str) -> str:
    return f"[{address}]" if ":" in address else address
