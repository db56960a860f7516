"""Parse the addresses at which machines join a show."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from typing import Final

import psutil

from renderer.errors import DeskError

USUAL_PORT: Final = 7711
"""TCP port at which machines join a show; not registered with IANA."""
PAIRING_PORT: Final = 7712
"""TCP port at which a machine is paired."""


@dataclass(frozen=True, slots=True)
class HostPort:
    """A host, as a name or an IP address, and a TCP port; port 0 is any free one."""

    host: str
    port: int

    @property
    def endpoint(self) -> str:
        """Return it as ZeroMQ writes it."""
        return f"tcp://{self}"

    def reachable_here(self, port: int) -> str:
        """Return how this machine itself reaches a port that listens on this address."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return HostPort(host, port).endpoint

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


EVERYWHERE: Final = HostPort("0.0.0.0", USUAL_PORT)
"""Where machines join if nothing else is asked for: all addresses of this machine."""


def parse_host_port(word: str, usual_port: int = USUAL_PORT, *, numeric: bool = False) -> HostPort:
    """Parse `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`.

    Args:
        word: the address.
        usual_port: where it names none.
        numeric: whether the host must be an IP address, such as one of this machine.

    Raises:
        DeskError: it is no address.
    """
    host, separator, digits = word.strip().rpartition(":")
    if not separator or (":" in host and not host.endswith("]")):
        host, digits = word.strip(), str(usual_port)
    host = host.removeprefix("[").removesuffix("]")
    port = int(digits) if digits.isascii() and digits.isdigit() else -1
    if not (0 <= port <= 65535 and _is_host(host, numeric=numeric)):
        raise DeskError(
            f"the address {word[:80]!r}",
            "is no address of a machine",
            f"write it as 192.168.1.4, 192.168.1.4:{usual_port} or [fe80::1]:{usual_port}",
        )
    return HostPort(host, port)


def find_own_address() -> str:
    """Return an IPv4 address of this machine by which others may reach it; else loopback's."""
    for addresses in psutil.net_if_addrs().values():
        for one in addresses:
            if one.family is socket.AF_INET and not ipaddress.ip_address(one.address).is_loopback:
                return str(one.address)
    return "127.0.0.1"


def _is_host(host: str, *, numeric: bool) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        letters = host.replace("-", "").replace(".", "").replace("_", "")
        return not numeric and letters.isascii() and letters.isalnum()
    return True
