"""HTTP server with a limited number of connections and one thread per connection."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import socketserver
import sys
import threading
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from renderer.platform import PLATFORM

MAX_CONNECTIONS: Final = 128
"""Most simultaneous connections. A viewer has one or two, so this allows some sixty viewers."""
CLOSE_S: Final = 2.0
"""Seconds that `server_close` waits for the connections' threads."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_log = logging.getLogger(__name__)


class BoundedServer(ThreadingHTTPServer):
    """Serves on one address, with at most MAX_CONNECTIONS connections at a time.

    A further connection is not refused: the one that has been idle longest is closed instead. Idle
    connections can therefore not keep viewers out; a player whose connection is closed between
    two segments opens a new one.

    Args:
        bind: IPv4 or IPv6 address of this machine; 0.0.0.0 or :: for all of them.
        port: 0 for any free one.
        handler: of the requests. It calls `note_progress` whenever it has sent something.

    Raises:
        OSError, OverflowError: the address or port cannot be listened on.
    """

    daemon_threads = True
    request_queue_size = MAX_CONNECTIONS
    allow_reuse_address = PLATFORM.reuses_addresses

    def __init__(
        self,
        bind: Address,
        port: int,
        handler: type[BaseHTTPRequestHandler],
    ) -> None:
        self._connections: OrderedDict[socket.socket, None] = OrderedDict()
        self._changed = threading.Condition()
        self.address_family = socket.AF_INET6 if bind.version == 6 else socket.AF_INET
        super().__init__((str(bind), port), handler)

    def server_bind(self) -> None:
        """Bind without looking up the host's name, which can take seconds."""
        if self.address_family == socket.AF_INET6:
            # With ::, accept IPv4 as well.
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a new thread, and close the idlest one if there are too many."""
        with self._changed:
            if len(self._connections) >= MAX_CONNECTIONS:
                idlest, _ = self._connections.popitem(last=False)
                _disconnect(idlest)
            self._connections[request] = None
        super().process_request(request, client_address)

    def note_progress(self, request: socket.socket) -> None:
        """Mark a connection as the most recently active."""
        with self._changed:
            if request in self._connections:
                self._connections.move_to_end(request)

    def shutdown_request(self, request: Any) -> None:
        """Close a finished connection."""
        super().shutdown_request(request)
        with self._changed:
            self._connections.pop(request, None)
            self._changed.notify_all()

    def server_close(self) -> None:
        """Close the listening socket and all connections."""
        super().server_close()
        with self._changed:
            for request in self._connections:
                _disconnect(request)
            self._changed.wait_for(lambda: not self._connections, CLOSE_S)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log an exception, except for connections that break off."""
        del request, client_address  # Viewers' addresses are not logged.
        if not isinstance(sys.exception(), OSError):
            _log.exception("a request to the watch server failed")


def _disconnect(request: socket.socket) -> None:
    """Shut down both directions of a connection, which wakes its thread."""
    with contextlib.suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)
