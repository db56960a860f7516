"""Whose packets are listened to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from renderer.errors import CaptureError


class AllowList:
    """The addresses that a tracker may send from: those named, and always this machine itself.

    Args:
        addresses: IPv4 addresses (`192.168.1.20`) or networks (`192.168.1.0/24`).

    Raises:
        CaptureError: one of them is neither.
    """

    def __init__(self, addresses: Iterable[str] = ()) -> None:
        self._networks = [ipaddress.IPv4Network("127.0.0.0/8")]
        for address in addresses:
            try:
                self._networks.append(ipaddress.IPv4Network(address))
            except ValueError as error:
                raise CaptureError(
                    f"Tracker address {address}",
                    "is no IPv4 address or network",
                    "write it like 192.168.1.20 or 192.168.1.0/24",
                ) from error

    def __contains__(self, address: str) -> bool:
        return any(ipaddress.IPv4Address(address) in network for network in self._networks)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The single machines that were named, as opposed to whole networks."""
        return tuple(str(n.network_address) for n in self._networks if n.num_addresses == 1)
