"""Listen on one UDP port over IPv4 and IPv6.

Each IP version binds only the loopback address, unless other machines of that version are allowed
to send.
"""

from __future__ import annotations

import errno
import logging
import selectors
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from renderer.capture.network.allow import AllowList
from renderer.errors import CaptureError

_HIGHEST_PORT: Final = 65535
_DATAGRAM: Final = 65536
_RECEIVE_BUFFER: Final = 1 << 20
"""Bytes: one second of a suit that sends one datagram per bone at 60 Hz."""

_TRIES: Final = 16
"""Number of system-chosen ports to try for one that is free on both IP versions."""

_FAMILIES: Final = (
    (4, socket.AF_INET, "127.0.0.1", "0.0.0.0"),
    (6, socket.AF_INET6, "::1", "::"),
)

_TAKEN: Final = (errno.EADDRINUSE, errno.EACCES)

_log: Final = logging.getLogger(__name__)

Datagram = tuple[bytes, str, int]
"""The content, the sender's address and the sender's port."""


class ListeningSockets:
    """Listens on a UDP port from its creation until `close`. Not thread-safe.

    Args:
        name: display name of the listener.
        port: UDP port; 0 lets the system choose one, which the attribute `port` returns.
        allowed: the allowed senders.

    Attributes:
        addresses: the bound addresses.
        sockets: that are bound to them, for a caller's own selector.

    Raises:
        CaptureError: the port cannot be bound.
    """

    def __init__(self, name: str, port: int, allowed: AllowList) -> None:
        if not 0 <= port <= _HIGHEST_PORT:
            raise CaptureError(name, f"{port} is not a port", f"take one from 1 to {_HIGHEST_PORT}")
        self.sockets: Final = tuple(_bind_all(name, port, allowed))
        self.port: Final[int] = self.sockets[0].getsockname()[1]
        self.addresses: Final = tuple(str(each.getsockname()[0]) for each in self.sockets)
        self._selector = selectors.DefaultSelector()
        for each in self.sockets:
            self._selector.register(each, selectors.EVENT_READ, each)
        for version, _, _, everywhere in _FAMILIES:
            if everywhere in self.addresses:
                senders = ", ".join(allowed.remote(version))
                _log.warning(
                    "%s listens on every IPv%d network of this machine, port %d, for %s",
                    *(name, version, self.port, senders),
                )

    def receive(self, wait_s: float) -> Iterator[Datagram]:
        """Wait up to `wait_s` seconds and yield at most one available datagram per socket."""
        for key, _ in self._selector.select(wait_s):
            # An ICMP error for an earlier send is reported here; the socket is still usable.
            with suppress(BlockingIOError, ConnectionError):
                data, sender = key.data.recvfrom(_DATAGRAM)
                yield data, sender[0], sender[1]

    def send(self, data: bytes, host: str, port: int) -> None:
        """Send a datagram to a numeric address; ignore errors."""
        with suppress(OSError):
            family, _, _, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
            )[0]
            for each in self.sockets:
                if each.family == family:
                    each.sendto(data, address)

    def close(self) -> None:
        """Stop listening; may be called twice."""
        self._selector.close()
        for each in self.sockets:
            each.close()


def _bind_all(name: str, port: int, allowed: AllowList) -> list[socket.socket]:
    """Return a bound socket for each available IP version, IPv4 first."""
    fault: OSError | None = None
    for _ in range(1 if port else _TRIES):
        opened: list[socket.socket] = []
        try:
            for version, family, here, everywhere in _FAMILIES:
                chosen = opened[0].getsockname()[1] if opened else port
                address = everywhere if allowed.remote(version) else here
                try:
                    opened.append(_bind(family, address, chosen))
                except OSError as error:
                    # Missing IPv6 is acceptable; a port that is in use is not.
                    if version == 4 or address == everywhere or error.errno in _TAKEN:
                        raise
        except OSError as error:
            fault = error
            for each in opened:
                each.close()
        else:
            return opened
    assert fault is not None
    raise CaptureError(
        name,
        f"port {port} cannot be listened on ({fault.strerror or fault})",
        "end the other program that uses it, or take another port",
    ) from fault


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    out = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            out.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        out.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        out.setblocking(False)
        out.bind((address, port))
    except OSError:
        out.close()
        raise
    return out
