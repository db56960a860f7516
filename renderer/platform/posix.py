"""Implement the parts of the platform interface that Linux and macOS share."""

from __future__ import annotations

import sys

assert sys.platform != "win32"  # Type checkers skip the rest on other systems.

import fcntl
import os
import select
import signal
import socket
import stat
import subprocess
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from renderer.platform.interface import Platform


class Posix(Platform):
    """POSIX systems, where handles are file descriptors and signals end processes."""

    def spawn(
        self,
        command: Sequence[str],
        handles: Collection[int],
        environment: Mapping[str, str],
        *,
        detached: bool,
    ) -> subprocess.Popen[bytes]:
        """See Platform."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=handles,
            env=environment,
            start_new_session=detached,
        )

    def export_connection(self, connection: Connection) -> int:
        """See Platform."""
        return connection.fileno()

    def import_connection(self, handle: int, *, readable: bool, writable: bool) -> Connection:
        """See Platform."""
        os.set_inheritable(handle, False)
        return Connection(handle, readable, writable)

    def export_file(self, descriptor: int) -> int:
        """See Platform."""
        return descriptor

    def import_file(self, handle: int) -> int:
        """See Platform."""
        os.set_inheritable(handle, False)
        return handle

    def handle_stop_signals(self, on_terminate: Callable[[], None]) -> None:
        """See Platform."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda _number, _frame: on_terminate())

    def describe_exit(self, status: int) -> str:
        """See Platform."""
        if status < 0:
            return f"was killed ({signal.Signals(-status).name})"
        return f"ended without a word (exit status {status})"

    def tcp_connections(self) -> list[int]:
        """See Platform."""
        found = []
        for path in Path("/dev/fd").iterdir():
            descriptor = int(path.name)
            # The listing's own descriptor is already closed.
            with suppress(OSError):
                if stat.S_ISSOCK(os.fstat(descriptor).st_mode) and _is_tcp(descriptor):
                    found.append(descriptor)
        return found

    def wait_for_hangup(self, connections: Collection[int], timeout: float) -> bool:
        """See Platform."""
        poller = select.poll()
        for descriptor in connections:
            poller.register(descriptor, select.POLLHUP | getattr(select, "POLLRDHUP", 0))
        return bool(poller.poll(1000 * timeout))

    def control_device(self, descriptor: int, request: int, buffer: bytearray) -> None:
        """See Platform."""
        fcntl.ioctl(descriptor, request, buffer)

    def make_private(self, folder: Path) -> bool:
        """See Platform."""
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            return False
        if status.st_mode & 0o077:
            folder.chmod(0o700)
        return True


def _is_tcp(descriptor: int) -> bool:
    connection = socket.socket(fileno=descriptor)
    try:
        return connection.family in (socket.AF_INET, socket.AF_INET6)
    finally:
        connection.detach()
