"""Parse where a show's watch page is served: `ADDRESS` or `ADDRESS:PORT` of this machine."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass

from renderer.errors import OutputError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class WatchAddress:
    """An address to listen on.

    Attributes:
        bind: IP address of this machine, or an unspecified one for all that it has.
        port: 0 for any free one.
    """

    bind: str = LOOPBACK
    port: int = 0

    def make_token(self) -> str:
        """Return a new token for the page's address; empty where only this machine can watch."""
        is_private = ipaddress.ip_address(self.bind).is_loopback
        return "" if is_private else secrets.token_urlsafe(16)


def parse_watch_address(word: str) -> WatchAddress:
    """Parse an address, as `0.0.0.0`, `192.168.1.4:8080` or `[::]:8080`.

    Raises:
        OutputError: it is none.
    """
    host, separator, digits = word.rpartition(":")
    if not separator or (":" in host and not host.startswith("[")):
        host, digits = word, "0"
    host = host.removeprefix("[").removesuffix("]")
    try:
        ipaddress.ip_address(host)
        port = int(digits) if digits.isascii() and digits.isdigit() else -1
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise OutputError(
            f"the watch page's address {word!r}",
            "is no address of this machine in numbers",
            "write it as 0.0.0.0, 192.168.1.4:8080 or [::]:8080",
        )
    return WatchAddress(host, port)
