"""Serve a show's metrics as a process of its own, which reads the bus as a desk does."""

from __future__ import annotations

import ipaddress
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, MetricsHandler

from renderer.errors import OutputError
from renderer.output.web.bounded_server import BoundedServer
from renderer.processes.child import Child
from renderer.protocol.status import Status
from renderer.show.metrics.families import StatusCollector
from renderer.transport.bus import DeskLink

LOOPBACK: Final = "127.0.0.1"
"""Only this machine may ask: the text says how a show is, and there is no TLS and no token."""
_READ_S: Final = 0.1
"""Interval in seconds at which the bus is read: that of the show's health."""


class _NewestStatus:
    """The newest status of a show; read by the threads that answer requests."""

    def __init__(self) -> None:
        self._found: tuple[Status, float] | None = None

    def keep(self, status: Status) -> None:
        """Keep a status, with the time at which it arrived."""
        self._found = (status, time.monotonic())

    def read(self) -> tuple[Status, float] | None:
        """Return the status and its age in seconds; None before the first."""
        found = self._found
        return None if found is None else (found[0], time.monotonic() - found[1])


def run(child: Child, port: int, folder: Path) -> None:
    """Serve the metrics until the show ends or closes the process.

    Args:
        child: this process; reports the metrics' address when it is ready.
        port: of this machine to listen on; 0 for any free one.
        folder: of the session.

    Raises:
        DeskError: the session has no bus.
        OutputError: the port cannot be listened on.
    """
    newest = _NewestStatus()
    registry = CollectorRegistry()
    registry.register(StatusCollector(newest.read))
    with closing(DeskLink(folder)) as link:
        try:
            server = BoundedServer(
                ipaddress.ip_address(LOOPBACK), port, MetricsHandler.factory(registry)
            )
        except (OSError, OverflowError) as fault:
            raise OutputError(
                f"The metrics' port {port}",
                "cannot be listened on",
                "choose another --metrics, or end the program that uses it",
            ) from fault
        thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
        thread.start()
        try:
            child.ready(f"http://{LOOPBACK}:{server.server_port}/metrics")
            while not child.stopping.wait(_READ_S):
                if (status := link.latest_status()) is not None:
                    newest.keep(status)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
